//! A report as Markdown, for a comment on a pull request.

use std::fmt::Write as _;

use tarsight::model::SurfaceKind;
use tarsight::report::{Finding, Report, Surface};

use super::behaviours::{rows, targets};
use super::findings::{is_behind, open};
use super::headline::{reason, title};
use super::markdown::{code, frame, joined};
use super::next::steps;
use super::page::{SHORT, clean, reach};
use super::report::{examined, is_plain};
use super::runs::who;
use super::story::said;
use crate::args::Common;

/// Findings that are told without `--verbose`.
const FINDINGS: usize = 5;
/// Kinds of behaviours that are listed without `--verbose`.
const BEHAVIOURS: usize = 30;
/// Targets of one of them.
const TARGETS: usize = 4;
/// Places that were not examined, or anomalies, that are listed.
const PLACES: usize = 5;

/// A report as Markdown. Text of a package stands in code spans only, where nothing of it is
/// obeyed.
pub(crate) fn markdown(report: &Report, common: &Common) -> String {
    let mut parts = vec![format!(
        "**{}**: risk **{}**, {} of 100. {}\n",
        code(&title(report)),
        report.risk.level.as_str(),
        report.risk.score,
        reason(report)
    )];
    if common.quiet {
        return parts.concat();
    }
    runs(&mut parts, report);
    findings(&mut parts, report, common.verbose);
    behaviours(&mut parts, report, common.verbose);
    for anomaly in report.anomalies.iter().take(PLACES) {
        let path = anomaly.path.as_deref().map(code).unwrap_or_default();
        let level = anomaly.level.as_str();
        parts.push(format!(
            "- **{level}** anomaly {} {path} {}\n",
            clean(&anomaly.id),
            code(&anomaly.detail)
        ));
    }
    let mut end = format!("\nExamined: {}.\n", examined(report));
    let missing = report.coverage.unanalysed.iter();
    for place in missing
        .filter(|place| place.is_reachable_code())
        .take(PLACES)
    {
        let path = place.path.as_deref().unwrap_or("(archive)");
        let _ = writeln!(
            end,
            "- not examined: {} ({})",
            code(path),
            place.reason.as_str()
        );
    }
    if !is_plain(report) {
        let next: Vec<String> = steps(report).iter().map(|step| quoted(step)).collect();
        let _ = write!(end, "\n**Next.** {}\n", next.join(" "));
    }
    joined(&parts, &end)
}

/// A step names files of the package and holds words of ours.
fn quoted(step: &str) -> String {
    let escaped = step.chars().map(|c| match c {
        '<' => "&lt;".to_owned(),
        '[' | ']' | '*' | '_' | '@' | '#' | '!' | '\\' => format!("\\{c}"),
        c => c.to_string(),
    });
    escaped.collect()
}

fn runs(parts: &mut Vec<String>, report: &Report) {
    let by_itself = |surface: &&Surface| {
        let kind = surface.kind;
        matches!(
            kind,
            SurfaceKind::Install | SurfaceKind::Prepare | SurfaceKind::Tool
        )
    };
    let surfaces: Vec<&Surface> = report.surfaces.iter().filter(by_itself).collect();
    if surfaces.is_empty() {
        parts.push("\nNothing of it runs by itself.\n".to_owned());
        return;
    }
    parts.push("\n### What runs by itself\n\n".to_owned());
    for surface in surfaces {
        let mut line = format!("- {}", surface.kind.as_str());
        for part in [&surface.name, &surface.hook, &surface.command]
            .into_iter()
            .flatten()
        {
            let _ = write!(line, " {}", code(part));
        }
        if let Some(managers) = &surface.managers {
            let _ = write!(line, ": {}", who(managers));
        }
        parts.push(line + "\n");
    }
}

fn findings(parts: &mut Vec<String>, report: &Report, verbose: bool) {
    let open = open(report);
    if open.is_empty() {
        return;
    }
    parts.push(format!("\n### Findings ({})\n\n", open.len()));
    let shown = if verbose { open.len() } else { FINDINGS };
    let mut told: Vec<&str> = Vec::new();
    for finding in open.iter().take(shown) {
        if told.contains(&finding.id.as_str()) {
            let severity = finding.severity.as_str();
            let site = finding.evidence.first();
            let place = site.map(|site| format!(" at {}", code(&site.place())));
            let place = place.unwrap_or_default();
            parts.push(format!(
                "- **{severity}** likewise: {}{place}\n",
                code(&finding.message)
            ));
        } else {
            parts.push(one(finding, report));
        }
        told.push(&finding.id);
    }
    if open.len() > shown {
        parts.push(format!("- and {} more\n", open.len() - shown));
    }
}

fn one(finding: &Finding, report: &Report) -> String {
    let mut part = format!(
        "- **{}** {} (`{}`, {})\n  {}\n",
        finding.severity.as_str(),
        clean(&finding.title),
        clean(&finding.id),
        reach(finding.reach),
        code(&finding.message)
    );
    match report.flows.iter().find(|flow| is_behind(flow, finding)) {
        Some(flow) => {
            for (at, step) in flow.steps.iter().enumerate() {
                let place = code(&step.site.place());
                let _ = writeln!(part, "  {}. {} at {place}", at + 1, code(&said(step)));
            }
        }
        None => frame(&mut part, finding.evidence.first()),
    }
    if !finding.benign_when.is_empty() {
        let _ = writeln!(part, "\n  Harmless if: {}", clean(&finding.benign_when));
    }
    part
}

fn behaviours(parts: &mut Vec<String>, report: &Report, verbose: bool) {
    let whole = report.behaviour_count;
    let whole = whole.unwrap_or(report.behaviours.len() as u64);
    if whole == 0 {
        return;
    }
    parts.push(format!(
        "\n<details><summary>What it does ({whole})</summary>\n\n"
    ));
    let (lines, most) = match verbose {
        true => (usize::MAX, usize::MAX),
        false => (BEHAVIOURS, TARGETS),
    };
    let mut rows = rows(report);
    rows.sort_by_key(|row| row.moment);
    for row in rows.iter().take(lines) {
        let (known, open) = targets(&row.list);
        let mut names: Vec<String> = known.iter().take(most).map(|one| code(one)).collect();
        if known.len() > names.len() {
            names.push(format!("and {} more", known.len() - names.len()));
        }
        if names.is_empty() {
            names.extend(open.map(str::to_owned));
        }
        let when = SHORT.get(row.moment).copied().unwrap_or_default();
        let id = clean(row.id);
        parts.push(format!("- {when}: {id} {}\n", names.join(", ")));
    }
    if rows.len() > lines {
        parts.push(format!("- and {} more kinds\n", rows.len() - lines));
    }
    parts.push("\n</details>\n".to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::markdown::MOST;
    use crate::render::report::tests::sample;

    fn verbose() -> Common {
        Common {
            verbose: true,
            ..Common::default()
        }
    }

    #[test]
    fn a_report_reads_well() {
        insta::assert_snapshot!("report", markdown(&sample(), &Common::default()));
    }

    #[test]
    fn a_comment_is_never_too_long() {
        let mut report = sample();
        let mut one = report.findings[0].clone();
        one.message = "x".repeat(500);
        report.findings = vec![one; 1_000];
        let text = markdown(&report, &verbose());
        assert!(text.len() <= MOST, "{}", text.len());
        assert!(text.contains("did not fit") && text.contains("**Next.**"));
        let harmless = markdown(&Report::default(), &verbose());
        assert!(harmless.contains("risk **none**"), "{harmless}");
    }

    #[test]
    fn words_of_a_package_in_a_step_are_not_obeyed() {
        assert_eq!(
            quoted("read a_[x](y).js <b>"),
            "read a\\_\\[x\\](y).js &lt;b>"
        );
    }
}
