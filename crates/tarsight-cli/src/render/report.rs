//! A report as text: what matters first, readable in two minutes.

use tarsight::model::CoverageKind;
use tarsight::report::{Anomaly, Report, RiskLevel, Unanalysed};

use super::behaviours::behaviours;
use super::brief::in_brief;
use super::findings::{findings, flows, open};
use super::headline::{headline, in_a_line, level, reason, title};
use super::next::next;
use super::page::{Page, bytes, clean, count, reach};
use super::runs::{in_short, runs};
use crate::args::Common;

/// Anomalies or places that are shown without `--verbose`, each.
const LINES: usize = 5;

/// A report as text; one line if asked to be quiet.
pub(crate) fn report(report: &Report, common: &Common) -> String {
    let mut page = Page::of(common);
    on(&mut page, report, common);
    page.finish()
}

fn on(page: &mut Page, report: &Report, common: &Common) {
    if common.quiet {
        let line = format!(
            "{}: {}. {}",
            title(report),
            level(page, report),
            reason(report)
        );
        page.line(0, &line);
        return;
    }
    if is_plain(report) && !common.verbose {
        in_a_line(page, report);
        page.labelled(1, "Runs:     ", &in_short(report));
        let room = 2 * page.width().saturating_sub(16);
        page.labelled(1, "Does:     ", &in_brief(report, room));
        page.labelled(1, "Examined: ", &examined(report));
        stats(page, report);
        return;
    }
    headline(page, report, common.verbose);
    runs(page, report, common.verbose);
    findings(page, report, common.verbose);
    if common.verbose {
        flows(page, report, true);
    }
    behaviours(page, report, common.verbose);
    let whole = report.anomaly_count;
    let whole = whole.unwrap_or(report.anomalies.len() as u64);
    anomalies(page, &report.anomalies, whole, common.verbose);
    coverage(page, report, common.verbose);
    next(page, report);
    stats(page, report);
}

/// Whether a few lines are enough: nothing runs by itself, nothing was found, nothing is odd,
/// and all that can run was read.
pub(crate) fn is_plain(report: &Report) -> bool {
    let by_itself = report.surfaces.iter().any(|surface| {
        use tarsight::model::SurfaceKind::{Install, Tool};
        matches!(surface.kind, Install | Tool)
    });
    report.risk.level <= RiskLevel::Low
        && open(report).is_empty()
        && report.anomalies.is_empty()
        && report.coverage.complete
        && !by_itself
}

/// How much was read, in a sentence.
pub(crate) fn examined(report: &Report) -> String {
    let files = report.coverage.files;
    let mut text = match (files.analysed, files.inert) {
        (0, _) => "no file holds code".to_owned(),
        (code, 0) => format!("all {} of it", count(code, "file", "files")),
        (code, inert) => format!(
            "{} of {} hold code, all of it was read",
            code,
            count(code + inert, "file", "files")
        ),
    };
    let of = |kind| {
        let places = report.coverage.unanalysed.iter();
        places.filter(|place| place.kind == kind).count() as u64
    };
    for (kind, one, many) in [
        (
            CoverageKind::NotExamined,
            "place was not examined",
            "places were not examined",
        ),
        (CoverageKind::Opaque, "compiled file", "compiled files"),
        (
            CoverageKind::NotResolved,
            "value not resolved",
            "values not resolved",
        ),
    ] {
        let number = of(kind);
        if number > 0 {
            text.push_str(&format!("; {}", count(number, one, many)));
        }
    }
    text
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
        let label = format!("{level}  ");
        let columns = anomaly.level.as_str().len() + 2;
        page.hanging(1, &label, columns, &format!("{id}  {path}  {detail}"));
    }
    page.more(1, list.len().saturating_sub(shown) as u64, "");
}

/// The part about what was not looked at, and one line about what was.
fn coverage(page: &mut Page, report: &Report, verbose: bool) {
    let coverage = &report.coverage;
    let files = coverage.files;
    let mut list: Vec<&Unanalysed> = coverage.unanalysed.iter().collect();
    if !verbose {
        // What is not resolved stands with its behaviour.
        list.retain(|place| place.kind != CoverageKind::NotResolved);
    }
    let title = match (coverage.complete, list.is_empty()) {
        (true, true) if files.analysed == 0 => "Nothing to read: no file holds code",
        (true, true) => "Read: everything that can run",
        (true, false) => "Read: everything that can run, except what is compiled or foreign",
        (false, _) => "Not everything was read",
    };
    let total = count(files.total, "file", "files");
    let mut counts = format!("{} of {total} hold code that was read", files.analysed);
    if files.unanalysed > 0 {
        counts.push_str(&format!(", {} could not be", files.unanalysed));
    }
    page.line(0, "");
    let painted = page.bold(title);
    page.tailed(0, &painted, title.len(), &format!("({counts})"));
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
    let whole = list.len() as u64;
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
    page.prose(1, &line);
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
            "left-tools@2.0.1: critical, 96 of 100. Sends a secret away when the package is installed. \
             Also: Runs decoded text.\n"
        );
    }

    #[test]
    fn a_package_without_anything_says_so() {
        let text = report(&Report::default(), &plain());
        assert!(text.contains("Nothing beyond plain computation"), "{text}");
        assert!(text.starts_with("package without a name  none"), "{text}");
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
            for text in [
                report(&poisoned, &common),
                crate::render::markdown(&poisoned, &common),
            ] {
                let shown = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
                assert!(!text.contains(shown), "{text:?}");
                assert!(text.contains(r"\u{1B}]0;x\u{7}\u{202E}\u{A}"), "{text:?}");
            }
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
