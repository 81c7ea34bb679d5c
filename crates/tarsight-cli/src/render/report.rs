//! A report as text: what matters first, readable in two minutes.

use tarsight::model::{CoverageKind, Outcome, SurfaceKind};
use tarsight::report::{Anomaly, Report, RiskLevel, Surface, Unanalysed};

use super::behaviours::{behaviours, hosts};
use super::findings::{findings, flows};
use super::page::{Page, bytes, clean, count, reach};
use crate::args::Common;

/// Surfaces, anomalies or places that are shown without `--verbose`, each.
const LINES: usize = 10;

/// A report as text; one line if asked to be quiet.
pub(crate) fn report(report: &Report, common: &Common) -> String {
    let mut page = Page::new(common.colored());
    if common.quiet {
        let line = format!("{}: {}", title(report), verdict(&page, report));
        page.line(0, &line);
        return page.finish();
    }
    header(&mut page, report);
    findings(&mut page, report, common.verbose);
    flows(&mut page, report, common.verbose);
    surfaces(&mut page, &report.surfaces, common.verbose);
    hosts(&mut page, report, common.verbose);
    behaviours(&mut page, report, common.verbose);
    let whole = report
        .anomaly_count
        .unwrap_or(report.anomalies.len() as u64);
    anomalies(&mut page, &report.anomalies, whole, common.verbose);
    coverage(&mut page, report, common.verbose);
    stats(&mut page, report);
    page.finish()
}

/// `name@version`, or whatever else the package is known by.
fn title(report: &Report) -> String {
    let subject = &report.subject;
    match (&subject.name, &subject.version) {
        (Some(name), Some(version)) => clean(&format!("{name}@{version}")),
        (Some(name), None) => clean(name),
        (None, _) => {
            let known = subject.label.as_ref().or(subject.path.as_ref());
            known.map_or("package without a name".to_owned(), |name| clean(name))
        }
    }
}

fn header(page: &mut Page, report: &Report) {
    let subject = &report.subject;
    let title = page.bold(&title(report));
    let known = subject.label.as_ref().or(subject.path.as_ref());
    let known = known.map(|name| page.dim(&clean(name))).unwrap_or_default();
    page.line(0, &format!("{title}  {known}"));
    let sizes = format!(
        "{}, {} packed, {} unpacked",
        count(subject.file_count, "file", "files"),
        bytes(subject.size),
        bytes(subject.unpacked_size)
    );
    page.line(1, &sizes);
    if let Some(integrity) = &subject.integrity {
        let integrity = page.dim(&clean(integrity));
        page.line(1, &integrity);
    }
    let verdict = verdict(page, report);
    page.line(0, "");
    page.line(0, &format!("Risk: {verdict}"));
}

/// Level, score and the reason for it.
fn verdict(page: &Page, report: &Report) -> String {
    let risk = &report.risk;
    let level = page.level(risk.level, risk.level.as_str());
    format!("{level}, {} of 100. {}", risk.score, reason(report))
}

fn reason(report: &Report) -> String {
    let mut titles: Vec<String> = Vec::new();
    for key in &report.risk.because {
        let finding = report.findings.iter().find(|finding| finding.key == *key);
        let title = finding.map(|finding| clean(&finding.title));
        if let Some(title) = title.filter(|title| !titles.contains(title)) {
            titles.push(title);
        }
    }
    let more = titles.len().saturating_sub(3);
    titles.truncate(3);
    let mut reason = titles.join("; ");
    if more > 0 {
        reason.push_str(&format!("; and {more} more"));
    }
    let unexamined = report.coverage.misses_reachable_code();
    match (reason.is_empty(), unexamined, report.risk.level) {
        (true, true, _) => "Code that can run was not examined.".to_owned(),
        (false, true, _) => format!("{reason}. Code that can run was not examined."),
        (false, false, _) => format!("{reason}."),
        (true, false, RiskLevel::None) => "Nothing beyond plain computation was found.".to_owned(),
        (true, false, _) => "Ordinary capabilities, no finding.".to_owned(),
    }
}

fn surfaces(page: &mut Page, surfaces: &[Surface], verbose: bool) {
    if surfaces.is_empty() {
        return;
    }
    page.heading("What runs when");
    // Hooks and tools run unasked; a long exports map must not hide them.
    let asked = |surface: &&Surface| matches!(surface.kind, SurfaceKind::Import | SurfaceKind::Bin);
    let (asked, unasked): (Vec<&Surface>, Vec<&Surface>) = surfaces.iter().partition(asked);
    let shown = if verbose { asked.len() } else { LINES };
    for surface in unasked.iter().chain(asked.iter().take(shown)) {
        page.line(1, &surface_line(surface));
    }
    page.more(1, asked.len().saturating_sub(shown) as u64, "");
}

/// Files of one surface that are named.
const MOST_ENTRIES: usize = 8;

fn surface_line(surface: &Surface) -> String {
    let mut line = format!("{:<8}", surface.kind.as_str());
    for part in [&surface.hook, &surface.name].into_iter().flatten() {
        line.push_str(&format!(" {}", clean(part)));
    }
    if !surface.conditions.is_empty() {
        line.push_str(&format!(" ({})", clean(&surface.conditions.join(", "))));
    }
    if let Some(command) = &surface.command {
        line.push_str(&format!(": {}", clean(command)));
    }
    if !surface.entries.is_empty() {
        let shown = surface
            .entries
            .get(..MOST_ENTRIES)
            .unwrap_or(&surface.entries);
        line.push_str(&format!("  -> {}", clean(&shown.join(", "))));
        if shown.len() < surface.entries.len() {
            line.push_str(&format!(
                " and {} more",
                surface.entries.len() - shown.len()
            ));
        }
    }
    if !surface.uses.is_empty() {
        let shown = surface.uses.get(..MOST_ENTRIES).unwrap_or(&surface.uses);
        line.push_str(&format!("  loads {}", clean(&shown.join(", "))));
        if shown.len() < surface.uses.len() {
            let more = surface.uses.len() - shown.len();
            line.push_str(&format!(" and {more} more"));
        }
    }
    if let Some(managers) = &surface.managers {
        let list = managers.list();
        let at_once = list.iter().filter(|(_, outcome)| *outcome == Outcome::Runs);
        let names: Vec<&str> = at_once.map(|(name, _)| *name).collect();
        if !names.is_empty() {
            line.push_str(&format!("  (unasked by {})", names.join(", ")));
        }
    }
    line
}

/// The part about anomalies, the strongest first.
pub(super) fn anomalies(page: &mut Page, list: &[Anomaly], whole: u64, verbose: bool) {
    if list.is_empty() {
        return;
    }
    page.heading(&format!("Anomalies ({whole})"));
    let mut list: Vec<&Anomaly> = list.iter().collect();
    list.sort_by_key(|anomaly| std::cmp::Reverse(anomaly.level));
    let shown = if verbose { list.len() } else { LINES };
    for anomaly in list.iter().take(shown) {
        let level = page.level(anomaly.level.into(), anomaly.level.as_str());
        let path = anomaly.path.as_deref().map(clean).unwrap_or_default();
        let (id, detail) = (clean(&anomaly.id), clean(&anomaly.detail));
        page.line(1, &format!("{level}  {id}  {path}  {detail}"));
    }
    page.more(1, list.len().saturating_sub(shown) as u64, "");
}

fn coverage(page: &mut Page, report: &Report, verbose: bool) {
    let coverage = &report.coverage;
    let files = coverage.files;
    page.heading(if coverage.complete {
        "Coverage: complete"
    } else {
        "Coverage: not complete"
    });
    let line = format!(
        "{} of {} analysed, {} without code, {} not analysed",
        files.analysed,
        count(files.total, "file", "files"),
        files.inert,
        files.unanalysed
    );
    page.line(1, &line);
    let mut list: Vec<&Unanalysed> = coverage.unanalysed.iter().collect();
    list.sort_by_key(|place| {
        (
            place.kind,
            !place.is_reachable_code(),
            place.reach.is_dormant(),
        )
    });
    let shown = if verbose { list.len() } else { LINES };
    for place in list.iter().take(shown) {
        unanalysed(page, place);
    }
    let whole = coverage.unanalysed_count.unwrap_or(list.len() as u64);
    page.more(1, whole.saturating_sub(shown as u64), "");
}

/// One place that was not looked at.
pub(super) fn unanalysed(page: &mut Page, place: &Unanalysed) {
    let kind = match place.kind {
        CoverageKind::NotExamined => "not examined",
        CoverageKind::NotResolved => "not resolved",
        CoverageKind::Opaque => "opaque",
    };
    let path = place.path.as_deref().map_or("(archive)".to_owned(), clean);
    let (reason, detail) = (place.reason.as_str(), clean(&place.detail));
    let line = format!(
        "{kind}  {path}  {reason}: {detail}  [{}]",
        reach(place.reach)
    );
    page.line(1, &line);
}

fn stats(page: &mut Page, report: &Report) {
    let Some(stats) = &report.stats else {
        return;
    };
    page.heading("Statistics");
    let files = count(stats.parsed_files, "file", "files");
    let layers = count(stats.layers, "layer", "layers");
    let steps = count(stats.steps, "step", "steps");
    let parsed = bytes(stats.parsed_bytes);
    page.line(1, &format!("parsed {files}, {parsed}; {layers}, {steps}"));
    if let Some(micros) = stats.elapsed_micros {
        page.line(
            1,
            &format!("took {}.{:03} ms", micros / 1_000, micros % 1_000),
        );
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::args::Color;

    /// The engine's own hand-made report.
    pub(crate) fn sample() -> Report {
        let json = include_bytes!("../../../tarsight/src/report/sample.json");
        Report::from_json(json).expect("the sample is a report")
    }

    fn plain() -> Common {
        Common {
            color: Color::Never,
            ..Common::default()
        }
    }

    #[test]
    fn a_report_reads_well() {
        insta::assert_snapshot!("report", report(&sample(), &plain()));
        let verbose = Common {
            verbose: true,
            ..plain()
        };
        insta::assert_snapshot!("verbose", report(&sample(), &verbose));
    }

    #[test]
    fn a_quiet_report_is_one_line() {
        let quiet = Common {
            quiet: true,
            ..plain()
        };
        assert_eq!(
            report(&sample(), &quiet),
            "left-tools@2.0.1: critical, 96 of 100. Sends a secret away; Runs decoded text.\n"
        );
    }

    #[test]
    fn a_package_without_anything_says_so() {
        let text = report(&Report::default(), &plain());
        assert!(text.contains("Nothing beyond plain computation"), "{text}");
        assert!(text.starts_with("package without a name\n"), "{text}");
    }

    #[test]
    fn no_text_of_a_package_reaches_the_terminal_as_it_is() {
        let evil = "\u{1b}]0;x\u{7}\u{202E}\n";
        let json = sample().to_json();
        let mut value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        poison(&mut value, evil);
        let json = value.to_string();
        let poisoned = Report::from_json(json.as_bytes()).expect("still a report");
        for verbose in [false, true] {
            let common = Common { verbose, ..plain() };
            let text = report(&poisoned, &common);
            let shown = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
            assert!(!text.contains(shown), "{text:?}");
            assert!(text.contains(r"\u{1B}]0;x\u{7}\u{202E}\u{A}"), "{text:?}");
            assert_eq!(
                text.lines().count(),
                report(&sample(), &common).lines().count()
            );
        }
    }

    /// Appends `evil` to every string that a package can choose.
    pub(crate) fn poison(value: &mut serde_json::Value, evil: &str) {
        let closed = [
            "schema",
            "level",
            "severity",
            "confidence",
            "capability",
            "targetKind",
            "role",
            "reason",
            "reach",
            "origin",
            "kind",
        ];
        match value {
            serde_json::Value::String(text) => text.push_str(evil),
            serde_json::Value::Array(list) => list.iter_mut().for_each(|v| poison(v, evil)),
            serde_json::Value::Object(map) => map
                .iter_mut()
                .filter(|(key, _)| !closed.contains(&key.as_str()))
                .for_each(|(_, v)| poison(v, evil)),
            _ => {}
        }
    }
}
