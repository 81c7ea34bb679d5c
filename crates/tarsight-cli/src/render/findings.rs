//! Findings with their evidence and the flows behind them.

use tarsight::report::{Finding, Flow, Report, Site};

use super::page::{Page, clean, count, reach};

/// Findings that are shown without `--verbose`.
const FINDINGS: usize = 10;
/// Places of one finding that are shown without `--verbose`.
const PLACES: usize = 3;
/// Flows without a finding that are shown without `--verbose`.
const FLOWS: usize = 5;

/// The part about findings.
pub(crate) fn findings(page: &mut Page, report: &Report, verbose: bool) {
    let (waived, open): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .partition(|finding| finding.waived.is_some());
    if !open.is_empty() {
        let cut = report.finding_count.unwrap_or(0);
        let whole = cut.max(report.findings.len() as u64) - waived.len() as u64;
        page.heading(&format!("Findings ({whole})"));
        let shown = if verbose { open.len() } else { FINDINGS };
        let mut told: Vec<&str> = Vec::new();
        for finding in open.iter().take(shown) {
            one(page, finding, &report.flows, verbose);
            if verbose || !told.contains(&finding.id.as_str()) {
                what_it_means(page, finding);
                told.push(&finding.id);
            }
        }
        page.more(1, open.len().saturating_sub(shown) as u64, "");
    }
    if !waived.is_empty() {
        page.heading(&format!("Waived ({})", waived.len()));
        for finding in waived {
            let why = finding.waived.as_deref().unwrap_or_default();
            page.line(1, &format!("{}  {}", clean(&finding.id), clean(why)));
        }
    }
}

/// The part about flows that no finding tells of.
pub(crate) fn flows(page: &mut Page, report: &Report, verbose: bool) {
    let told = |flow: &&Flow| {
        report
            .findings
            .iter()
            .any(|finding| is_behind(flow, finding))
    };
    let others: Vec<&Flow> = report.flows.iter().filter(|flow| !told(flow)).collect();
    if others.is_empty() {
        return;
    }
    page.heading(&format!("Flows without a finding ({})", others.len()));
    let shown = if verbose { others.len() } else { FLOWS };
    for flow in others.iter().take(shown) {
        let (source, sink) = (&flow.source, &flow.sink);
        let from = source.target.as_deref().unwrap_or(&source.id);
        let to = sink.target.as_deref().unwrap_or("not resolved");
        let line = format!(
            "{}: {} -> {} {}  [{}]",
            clean(&flow.id),
            clean(from),
            clean(&sink.id),
            clean(to),
            reach(flow.reach)
        );
        page.line(1, &line);
    }
    page.more(1, others.len().saturating_sub(shown) as u64, "");
}

fn one(page: &mut Page, finding: &Finding, flows: &[Flow], verbose: bool) {
    let severity = page.level(finding.severity.into(), finding.severity.as_str());
    let title = page.bold(&clean(&finding.title));
    let id = page.dim(&format!(
        "({}, {} confidence, {})",
        clean(&finding.id),
        finding.confidence.as_str(),
        reach(finding.reach)
    ));
    page.line(1, &format!("{severity}  {title}  {id}"));
    page.line(2, &clean(&finding.message));
    let flow = flows.iter().find(|flow| is_behind(flow, finding));
    if let Some(flow) = flow {
        steps(page, flow);
    }
    places(page, finding, flow, verbose);
    for mitigation in &finding.mitigations {
        let place = mitigation
            .site
            .as_ref()
            .map(Site::place)
            .unwrap_or_default();
        let line = format!(
            "But: {}  {}",
            clean(&mitigation.note),
            page.dim(&clean(&place))
        );
        page.line(2, &line);
    }
}

/// What every finding of this id means.
fn what_it_means(page: &mut Page, finding: &Finding) {
    for (title, text) in [
        ("Harmless if", &finding.benign_when),
        ("What to do", &finding.advice),
    ] {
        if !text.is_empty() {
            page.line(2, &format!("{title}: {}", clean(text)));
        }
    }
    if !finding.references.is_empty() {
        let references = page.dim(&clean(&finding.references.join(", ")));
        page.line(2, &references);
    }
}

/// Whether a flow is the one that a finding tells of: its last step is among the evidence.
fn is_behind(flow: &Flow, finding: &Finding) -> bool {
    let Some(sink) = flow.steps.last() else {
        return false;
    };
    flow.steps.len() > 1
        && finding
            .evidence
            .iter()
            .any(|site| site.same_place(&sink.site))
}

fn steps(page: &mut Page, flow: &Flow) {
    for (number, step) in flow.steps.iter().enumerate() {
        let line = format!(
            "{}. {}: {}  {}  {}",
            number + 1,
            step.role.as_str(),
            clean(&step.note),
            page.dim(&clean(&step.site.place())),
            clean(&step.site.excerpt)
        );
        page.line(2, &line);
    }
}

/// The places of a finding that the steps of its flow do not show already.
fn places(page: &mut Page, finding: &Finding, flow: Option<&Flow>, verbose: bool) {
    let steps = flow.map_or(&[][..], |flow| &flow.steps);
    let is_new = |site: &&Site| !steps.iter().any(|step| step.site.same_place(site));
    let new: Vec<&Site> = finding.evidence.iter().filter(is_new).collect();
    let limit = if verbose { new.len() } else { PLACES };
    for site in new.iter().take(limit) {
        let place = page.dim(&clean(&site.place()));
        let line = format!("at {place}{}  {}", layers(site), clean(&site.excerpt));
        page.line(2, &line);
    }
    let listed = finding.evidence.len() as u64;
    let cut = finding.evidence_count.unwrap_or(0).saturating_sub(listed);
    let left_out = new.len().saturating_sub(limit) as u64 + cut;
    if left_out > 0 {
        let more = count(left_out, "more place", "more places");
        page.line(2, &format!("and {more}"));
    }
}

/// What wraps the code of a site, and where it stands inside.
fn layers(site: &Site) -> String {
    if site.layers.is_empty() {
        return String::new();
    }
    let kinds: Vec<String> = site.layers.iter().map(|layer| clean(&layer.kind)).collect();
    format!(" in {}, line {}", kinds.join(" in "), site.line)
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
        let line = "decoded-to-code: decoded.base64 -> code.eval not resolved  [import]";
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
        assert!(text(&report.findings[0], None).contains("at install.js:9:1"));
        assert!(text(&report.findings[1], Some(&report.flows[1])).contains("and 30 more places"));
    }

    #[test]
    fn code_inside_a_layer_says_so() {
        let report = sample();
        let mut site = report.findings[2].evidence[0].clone();
        assert_eq!(layers(&site), " in base64, line 1");
        site.layers.clear();
        assert_eq!(layers(&site), "");
    }
}
