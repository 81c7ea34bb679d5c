//! Findings with their evidence and the flows behind them.

use tarsight::report::{Finding, Flow, Report, Site};

use super::frame::{frame, place};
use super::page::{Page, SHORT, clean, count, moment, reach, width};
use super::story::story;

/// Findings that are told with their lines of code without `--verbose`.
const FRAMED: usize = 2;
/// Of more findings than this only the strongest is told with its lines: the rest has to fit.
const CROWD: usize = 5;
/// Findings that are named without `--verbose`.
const FINDINGS: usize = 6;
/// Places of one finding that are shown without `--verbose`.
const PLACES: usize = 1;
/// Flows without a finding that are shown without `--verbose`.
const FLOWS: usize = 3;

/// Findings that nobody has waived, the strongest first.
pub(crate) fn open(report: &Report) -> Vec<&Finding> {
    let findings = report.findings.iter();
    findings
        .filter(|finding| finding.waived.is_none())
        .collect()
}

/// The part about findings.
pub(crate) fn findings(page: &mut Page, report: &Report, verbose: bool) {
    let open = open(report);
    let waived = report.findings.len() - open.len();
    if !open.is_empty() {
        let cut = report.finding_count.unwrap_or(0);
        let whole = cut.max(report.findings.len() as u64) - waived as u64;
        page.heading(&format!("Findings ({whole})"));
        // Those of one kind at one place differ in a target: one stands for them.
        let (single, folded) = match verbose {
            true => (open.clone(), 0),
            false => at_places_of_their_own(&open),
        };
        let shown = if verbose { single.len() } else { FINDINGS };
        let framed = if single.len() > CROWD { 1 } else { FRAMED };
        let mut told: Vec<&str> = Vec::new();
        for (at, finding) in single.iter().take(shown).enumerate() {
            let again = told.contains(&finding.id.as_str());
            if verbose || (at < framed && !again) {
                one(page, finding, &report.flows, verbose);
            } else {
                in_short(page, finding, again);
            }
            told.push(&finding.id);
        }
        let told = single.len().min(shown) as u64;
        let rest = whole.saturating_sub(told);
        let all_same = folded as u64 == rest && rest > 0;
        page.more(1, rest, if all_same { "at the same places " } else { "" });
    }
    if waived > 0 {
        page.heading(&format!("Waived ({waived})"));
        for finding in &report.findings {
            if let Some(why) = &finding.waived {
                page.prose(1, &format!("{}  {}", clean(&finding.id), clean(why)));
            }
        }
    }
}

/// Findings without those that are of the kind and weight of an earlier one and begin where that
/// does; and how many are left out.
fn at_places_of_their_own<'a>(open: &[&'a Finding]) -> (Vec<&'a Finding>, usize) {
    let mut single: Vec<&Finding> = Vec::new();
    for &finding in open {
        let is_same = |known: &&Finding| {
            known.id == finding.id
                && known.severity == finding.severity
                && known.evidence.last().map(place) == finding.evidence.last().map(place)
                && !finding.evidence.is_empty()
        };
        if !single.iter().any(is_same) {
            single.push(finding);
        }
    }
    let folded = open.len() - single.len();
    (single, folded)
}

/// The part about flows that no finding tells of; only with `verbose`.
pub(crate) fn flows(page: &mut Page, report: &Report, verbose: bool) {
    let told = |flow: &&Flow| {
        let mut findings = report.findings.iter();
        findings.any(|finding| is_behind(flow, finding))
    };
    let others: Vec<&Flow> = report.flows.iter().filter(|flow| !told(flow)).collect();
    if others.is_empty() {
        return;
    }
    page.heading(&format!(
        "What goes where without a finding ({})",
        others.len()
    ));
    let shown = if verbose { others.len() } else { FLOWS };
    for flow in others.iter().take(shown) {
        let (source, sink) = (&flow.source, &flow.sink);
        let from = source.target.as_deref().unwrap_or(&source.id);
        let to = sink.target.as_deref().unwrap_or("not resolved");
        let line = format!(
            "{} → {} {}  [{}]",
            clean(from),
            clean(&sink.id),
            clean(to),
            reach(flow.reach)
        );
        page.prose(1, &line);
    }
    page.more(1, others.len().saturating_sub(shown) as u64, "");
}

fn one(page: &mut Page, finding: &Finding, flows: &[Flow], verbose: bool) {
    let severity = page.level(finding.severity.into(), finding.severity.as_str());
    let title = page.bold(&clean(&finding.title));
    let when = SHORT.get(moment(finding.reach)).copied();
    let id = format!(
        "({}, {} confidence, {})",
        clean(&finding.id),
        finding.confidence.as_str(),
        match verbose {
            true => reach(finding.reach),
            false => when.unwrap_or_default().to_owned(),
        }
    );
    let columns = width(finding.severity.as_str()) + 2 + width(&clean(&finding.title));
    page.tailed(1, &format!("{severity}  {title}"), columns, &id);
    page.prose(2, &clean(&finding.message));
    let flow = flows.iter().find(|flow| is_behind(flow, finding));
    if let Some(flow) = flow {
        story(page, 2, flow, verbose);
    }
    places(page, finding, flow, verbose);
    for mitigation in &finding.mitigations {
        let site = mitigation.site.as_ref();
        let place = site.map(|site| format!("  {}", place(site)));
        let text = clean(&mitigation.note) + &place.unwrap_or_default();
        page.labelled(2, "But: ", &text);
    }
    if !finding.benign_when.is_empty() {
        page.labelled(2, "Harmless if: ", &clean(&finding.benign_when));
    }
    if verbose && !finding.advice.is_empty() {
        page.labelled(2, "What to do: ", &clean(&finding.advice));
    }
    if verbose && !finding.references.is_empty() {
        let references = page.dim(&clean(&finding.references.join(", ")));
        page.line(2, &references);
    }
}

/// A finding without its code: a weaker one, or one more of the same kind.
fn in_short(page: &mut Page, finding: &Finding, again: bool) {
    let severity = finding.severity.as_str();
    let word = page.level(finding.severity.into(), severity);
    let what = if again { "likewise" } else { &finding.title };
    let site = finding.evidence.first();
    let place = site.map(place).unwrap_or_default();
    let text = format!("{}: {}  {place}", clean(what), clean(&finding.message));
    // The level may be coloured, the rest is wrapped.
    let label = format!("{word}  ");
    page.hanging(1, &label, severity.len() + 2, &text);
}

/// Whether a flow is the one that a finding tells of: its last step is among the evidence.
pub(crate) fn is_behind(flow: &Flow, finding: &Finding) -> bool {
    let Some(sink) = flow.steps.last() else {
        return false;
    };
    flow.steps.len() > 1
        && finding
            .evidence
            .iter()
            .any(|site| site.same_place(&sink.site))
}

/// The places of a finding that the steps of its flow do not show already.
fn places(page: &mut Page, finding: &Finding, flow: Option<&Flow>, verbose: bool) {
    let steps = flow.map_or(&[][..], |flow| &flow.steps);
    let is_new = |site: &&Site| !steps.iter().any(|step| step.site.same_place(site));
    let new: Vec<&Site> = finding.evidence.iter().filter(is_new).collect();
    let limit = if verbose { new.len() } else { PLACES };
    for site in new.iter().take(limit) {
        let place = page.dim(&format!("--> {}", place(site)));
        page.line(2, &place);
        frame(page, 4, site);
    }
    let listed = finding.evidence.len() as u64;
    let cut = finding.evidence_count.unwrap_or(0).saturating_sub(listed);
    let left_out = new.len().saturating_sub(limit) as u64 + cut;
    if left_out > 0 {
        let more = count(left_out, "more place", "more places");
        page.line(2, &format!("and {more}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    #[test]
    fn a_flow_belongs_to_the_finding_that_shows_its_end() {
        let report = sample();
        assert!(is_behind(&report.flows[0], &report.findings[0]));
        assert!(!is_behind(&report.flows[0], &report.findings[1]));
    }

    #[test]
    fn a_flow_that_no_finding_tells_of_is_shown_by_itself() {
        let mut report = sample();
        let text = |report: &Report| {
            let mut page = Page::new(false);
            flows(&mut page, report, false);
            page.finish()
        };
        assert_eq!(text(&report), "");
        report.findings.remove(1);
        let line = "decoded.base64 → code.eval not resolved  [import]";
        assert!(text(&report).contains(line), "{}", text(&report));
    }

    #[test]
    fn a_place_is_shown_once_and_what_was_cut_is_counted() {
        let report = sample();
        let text = |finding: &Finding, flow| {
            let mut page = Page::new(false);
            places(&mut page, finding, flow, false);
            page.finish()
        };
        let flow = Some(&report.flows[0]);
        assert_eq!(text(&report.findings[0], flow), "");
        let alone = text(&report.findings[0], None);
        assert!(alone.contains("--> install.js:4:15"), "{alone}");
        assert!(alone.contains("and 1 more place\n"), "{alone}");
        assert!(text(&report.findings[1], Some(&report.flows[1])).contains("and 30 more places"));
    }

    #[test]
    fn one_more_of_a_kind_takes_a_line() {
        let mut report = sample();
        // One at the same place is left out.
        let mut again = report.findings[0].clone();
        report.findings.insert(1, again.clone());
        again.evidence.truncate(1);
        report.findings.insert(1, again);
        let mut page = Page::new(false);
        findings(&mut page, &report, false);
        let text = page.finish();
        assert!(
            text.contains("  critical  likewise: The npm token"),
            "{text}"
        );
        assert_eq!(text.matches("Harmless if: The host").count(), 1, "{text}");
    }
}
