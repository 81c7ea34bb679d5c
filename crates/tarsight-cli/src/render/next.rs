//! What the reader does now.

use std::collections::BTreeSet;

use tarsight::model::{Capability, CoverageKind, Severity, SurfaceKind, Trigger};
use tarsight::report::{Behaviour, Finding, Report, RiskLevel, Surface, Unanalysed};

use super::hosts::host;

use super::findings::{is_behind, open};
use super::frame::place;
use super::page::{Page, clean, count};

/// Packages that an install script hands over to, as far as they are named.
const USES: usize = 3;
/// Hosts that an install script talks to, as far as they are named.
const HOSTS: usize = 4;

/// The part about what to do.
pub(crate) fn next(page: &mut Page, report: &Report) {
    page.heading("Next");
    for step in steps(report) {
        page.prose(1, &step);
    }
}

/// What to do, a sentence or two each.
pub(crate) fn steps(report: &Report) -> Vec<String> {
    let mut steps = Vec::new();
    let found = open(report);
    let surfaces = report.surfaces.iter();
    let installs = surfaces.filter(|surface| surface.kind == SurfaceKind::Install);
    let installs: Vec<&Surface> = installs.collect();
    let is_explained = found.iter().all(|one| {
        one.severity == Severity::Low && !one.mitigations.is_empty() && one.id != "unexamined-code"
    });
    if let Some(first) = found.first().filter(|_| is_explained) {
        let site = first.evidence.first().filter(|site| !site.file.is_empty());
        let read = site.map(|site| format!(": start at {}", place(site)));
        let allow = match installs.is_empty() {
            true => "",
            false => " Allow its install script if you need what it builds or fetches.",
        };
        steps.push(format!(
            "Each finding has a reason beside it, after `But:` (`--verbose` shows all). See whether that holds{}.{allow}",
            read.unwrap_or_default()
        ));
    } else if let Some(first) = found.first() {
        let verdict = match report.risk.level {
            RiskLevel::High | RiskLevel::Critical if !first.advice.contains("install it") => {
                "Don't install it before somebody has explained this. "
            }
            _ => "",
        };
        let flow = report.flows.iter().find(|flow| is_behind(flow, first));
        let start = flow.and_then(|flow| flow.steps.first());
        let site = start.map(|step| &step.site).or(first.evidence.first());
        let site = site.filter(|site| !site.file.is_empty());
        let read = site.map(|site| format!("Start reading at {}. ", place(site)));
        let read = read.unwrap_or_default();
        steps.push(
            format!("{verdict}{read}{}", clean(&first.advice))
                .trim_end()
                .to_owned(),
        );
        let also = afterwards(&found);
        if !also.is_empty() {
            steps.push(also.join(" "));
        }
    } else if let Some(first) = installs.first() {
        let mut step =
            "As far as it was read, its own install script does nothing that stands out. "
                .to_owned();
        let hosts = hosts_on_install(report);
        if !hosts.is_empty() {
            step.push_str(&format!("It talks to {}. ", hosts.join(", ")));
        }
        let uses: Vec<String> = first.uses.iter().take(USES).map(|one| clean(one)).collect();
        if !uses.is_empty() {
            let more = first.uses.len() - uses.len();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            step.push_str(&format!(
                "It hands over to {}{more}, so scan those as well. ",
                uses.join(", ")
            ));
        }
        step.push_str(match does_something(report) {
            true => "Allow it if you need what it builds or fetches.",
            false => "It was not seen to build or fetch anything: you can most likely refuse it.",
        });
        steps.push(step);
    }
    let missing = report
        .coverage
        .unanalysed
        .iter()
        .filter(|place| place.is_reachable_code());
    let missing: Vec<&Unanalysed> = missing.collect();
    // The advice of that finding says so already.
    let told = found
        .first()
        .is_some_and(|first| first.id == "unexamined-code");
    let first = missing.first().filter(|_| !told);
    if let Some(path) = first.and_then(|place| place.path.as_deref()) {
        let more = match missing.len() - 1 {
            0 => String::new(),
            more => format!(" and {}", count(more as u64, "other place", "other places")),
        };
        steps.push(format!(
            "Look into {}{more} yourself: it can run, and it was not examined.",
            clean(path)
        ));
    }
    let opaque = report
        .coverage
        .unanalysed
        .iter()
        .find(|place| place.kind == CoverageKind::Opaque && !place.reach.is_dormant());
    if let Some(path) = opaque.and_then(|place| place.path.as_deref()) {
        steps.push(format!(
            "Compiled code such as {} is named, not read: trust who built it, or build it yourself.",
            clean(path)
        ));
    }
    if let Some(first) = found.first() {
        steps.push(format!(
            "`tarsight explain {}` tells more.",
            clean(&first.id)
        ));
    }
    if steps.is_empty() && !report.coverage.complete {
        steps.push(
            "Part of the package was not read, as said above. Where a limit is named, raise it with `--limits` and scan again; otherwise look yourself before you trust it."
                .to_owned(),
        );
    }
    if steps.is_empty() {
        steps.push(
            "Nothing here asks for more. The next version is best read as a diff.".to_owned(),
        );
    }
    steps
}

/// What the other grave findings ask of whoever has run it already.
fn afterwards(found: &[&Finding]) -> Vec<String> {
    /// Sentences that are told.
    const MOST: usize = 2;
    let mut all = found.iter();
    let first = all.next();
    let mut told: Vec<&str> = first
        .iter()
        .flat_map(|one| if_it_ran(&one.advice))
        .collect();
    let mut also = Vec::new();
    let grave = all.filter(|one| one.severity >= Severity::High);
    for sentence in grave.flat_map(|one| if_it_ran(&one.advice)) {
        if !told.contains(&sentence) && also.len() < MOST {
            told.push(sentence);
            also.push(clean(sentence));
        }
    }
    also
}

/// The sentences of an advice that begin so.
fn if_it_ran(advice: &str) -> impl Iterator<Item = &str> {
    let sentences = advice.split_inclusive(". ");
    sentences
        .map(str::trim)
        .filter(|one| one.starts_with("If it ran") || one.starts_with("If it already ran"))
}

/// What happens by itself when the package is installed.
fn on_install(report: &Report) -> impl Iterator<Item = &Behaviour> {
    let behaviours = report.behaviours.iter();
    behaviours.filter(|one| one.reach.get(SurfaceKind::Install) == Some(Trigger::Load))
}

/// Whom it talks to then, as far as that is known.
fn hosts_on_install(report: &Report) -> Vec<String> {
    let network = on_install(report).filter(|one| one.capability == Capability::Network);
    let hosts: BTreeSet<&str> = network.filter_map(host).collect();
    hosts.into_iter().map(clean).take(HOSTS).collect()
}

/// Whether it starts more than itself then, talks to somebody, or leaves something behind.
fn does_something(report: &Report) -> bool {
    let mut hooks = report.surfaces.iter();
    let hands_over = hooks.any(|one| one.kind == SurfaceKind::Install && !one.uses.is_empty());
    let acts = |one: &Behaviour| {
        let target = one.target.as_deref().unwrap_or("");
        match one.capability {
            Capability::Network => true,
            Capability::Filesystem => {
                !matches!(&*one.id, "fs.read" | "fs.metadata" | "fs.list")
                    && !target.starts_with("<tmp>/")
            }
            // The hook's own command starts Node.
            Capability::Process => one.id != "process.info" && !target.starts_with("node "),
            _ => false,
        }
    };
    hands_over || on_install(report).any(acts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;
    use tarsight::model::{Reach, Trigger};

    #[test]
    fn a_bad_package_gets_a_place_to_start_and_an_advice() {
        let steps = steps(&sample());
        let first = "Start reading at install.js:4:15. Do not install it. If it was installed, revoke the token.";
        assert_eq!(steps[0], first);
        assert!(
            steps.iter().any(|step| step.contains("lib/native.node")),
            "{steps:?}"
        );
        assert_eq!(
            steps.last().map(String::as_str),
            Some("`tarsight explain credential-exfiltration` tells more.")
        );
    }

    #[test]
    fn what_was_not_examined_is_for_the_reader() {
        let mut report = sample();
        report.findings.clear();
        let here = Reach::of(SurfaceKind::Import, Trigger::Load);
        report
            .coverage
            .unanalysed
            .iter_mut()
            .for_each(|place| place.reach = here);
        let steps = steps(&report);
        assert!(steps[0].starts_with("As far as it was read"), "{steps:?}");
        assert!(
            steps[1].starts_with("Look into tools/old.js yourself"),
            "{steps:?}"
        );
        assert_eq!(super::steps(&Report::default()).len(), 1);
    }

    #[test]
    fn what_was_cut_by_a_limit_is_no_reason_to_be_at_ease() {
        let mut report = Report::default();
        report.coverage.complete = true;
        assert!(steps(&report)[0].starts_with("Nothing here asks"));
        report.coverage.complete = false;
        assert!(steps(&report)[0].contains("`--limits`"));
    }
}
