//! The last step of a report: sorted, judged, cut.

use std::cmp::Reverse;

use super::{Behaviour, Finding, Flow, Report, Site, Unanalysed, behaviour, risk};
use crate::budget::Over;
use crate::limits::{Limit, Limits};
use crate::model;
use crate::model::{CoverageKind, Reach, Reason};

impl Report {
    /// Brings the report into the form that the contract promises: lists sorted, risk and
    /// digests computed, then every list cut at its limit with the whole count beside it.
    ///
    /// Surfaces, the steps of a flow and layers keep their order, which means something.
    pub fn finish(&mut self, limits: &Limits) {
        self.sort();
        self.digest_files();
        self.risk = risk(&self.findings, &self.behaviours, &self.coverage);
        self.cut(limits);
        self.coverage.complete = !self
            .coverage
            .unanalysed
            .iter()
            .any(|place| place.kind == CoverageKind::NotExamined);
        let count = &mut self.coverage.unanalysed_count;
        // That this list was cut is told by its count alone, and not in the list.
        let _ = cut(&mut self.coverage.unanalysed, limits, Limit::Notes, count);
    }

    fn sort(&mut self) {
        self.manifest.dependencies.sort();
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        for behaviour in &mut self.behaviours {
            behaviour.guards.sort();
            behaviour.guards.dedup();
            behaviour.sites.sort();
            behaviour.sites.dedup();
            behaviour.site_count = behaviour.site_count.max(behaviour.sites.len() as u64);
        }
        self.behaviours.sort_by(|a, b| order(a).cmp(&order(b)));
        self.flows.sort_by(|a, b| flow_order(a).cmp(&flow_order(b)));
        for finding in &mut self.findings {
            finding.evidence.sort();
            finding.evidence.dedup();
            finding.mitigations.sort();
            finding.references.sort();
        }
        self.findings
            .sort_by(|a, b| finding_order(a).cmp(&finding_order(b)));
        self.anomalies.sort();
        self.anomalies.dedup();
        sort_unanalysed(&mut self.coverage.unanalysed);
    }

    /// Fills the digest of every file; needs all sites, so it comes before the cut.
    fn digest_files(&mut self) {
        let mut by_file: Vec<(&str, &Behaviour)> = self
            .behaviours
            .iter()
            .flat_map(|behaviour| {
                let files = behaviour.sites.iter().map(|site| site.file.as_str());
                files.map(move |file| (file, behaviour))
            })
            .collect();
        by_file.sort_by_key(|&(file, _)| file);
        for file in &mut self.files {
            let start = by_file.partition_point(|&(path, _)| path < file.path.as_str());
            let here = by_file.iter().skip(start);
            let here = here.take_while(|&&(path, _)| path == file.path);
            file.behaviours = behaviour::digest(here.map(|&(_, behaviour)| behaviour));
        }
    }

    fn cut(&mut self, limits: &Limits) {
        for flow in &mut self.flows {
            flow.fold();
        }
        for behaviour in &mut self.behaviours {
            behaviour.sites.truncate(limits.most(Limit::Sites));
        }
        for finding in &mut self.findings {
            let count = &mut finding.evidence_count;
            // As with the sites of behaviours, the count tells.
            let _ = cut(&mut finding.evidence, limits, Limit::Sites, count);
        }
        let of = Limit::Behaviours;
        let behaviours = cut(&mut self.behaviours, limits, of, &mut self.behaviour_count);
        let flows = cut(&mut self.flows, limits, Limit::Flows, &mut self.flow_count);
        let of = Limit::Findings;
        let findings = cut(&mut self.findings, limits, of, &mut self.finding_count);
        let count = &mut self.anomaly_count;
        let anomalies = cut(&mut self.anomalies, limits, Limit::Notes, count);
        let manifest = &mut self.manifest;
        let count = &mut manifest.dependency_count;
        let dependencies = cut(&mut manifest.dependencies, limits, Limit::Notes, count);
        let unanalysed = &mut self.coverage.unanalysed;
        for (list, over) in [
            ("behaviours", behaviours),
            ("flows", flows),
            ("findings", findings),
            ("anomalies", anomalies),
            ("dependencies", dependencies),
        ] {
            unanalysed.extend(over.map(|over| told(list, over)));
        }
        sort_unanalysed(unanalysed);
    }
}

/// A list that is not whole.
fn told(list: &str, over: Over) -> Unanalysed {
    let place = model::Unanalysed {
        path: None,
        reason: Reason::ReportLimit,
        detail: format!("the list of {list} was cut: {over}"),
    };
    Unanalysed::new(&place, Reach::DORMANT)
}

/// Cuts a list at a limit and keeps the whole count. Gives the limit if anything was lost.
fn cut<T>(
    list: &mut Vec<T>,
    limits: &Limits,
    limit: Limit,
    count: &mut Option<u64>,
) -> Option<Over> {
    let whole = (list.len() as u64).max(count.unwrap_or(0));
    list.truncate(limits.most(limit));
    *count = (whole > list.len() as u64).then_some(whole);
    count.map(|_| limits.over(limit))
}

/// Id, target, file, offset, then whatever else tells two apart.
fn order(b: &Behaviour) -> impl Ord {
    (
        (b.id.as_str(), b.target.as_deref()),
        b.sites
            .first()
            .map(|site| (site.file.as_str(), site.offset)),
        (b.origin, b.reach, &b.guards, b.package.as_deref()),
        (b.target_kind, &b.sites, b.site_count),
    )
}

fn flow_order(f: &Flow) -> impl Ord {
    let first: Option<&Site> = f.steps.first().map(|step| &step.site);
    (
        (f.id.as_str(), f.sink.target.as_deref()),
        first.map(|site| (site.file.as_str(), site.offset)),
        (&f.source, &f.sink, f.reach),
        f.steps
            .iter()
            .map(|step| (&step.site, step.role, step.note.as_str()))
            .collect::<Vec<_>>(),
    )
}

fn finding_order(f: &Finding) -> impl Ord {
    (
        (Reverse(f.severity), f.key.as_str(), f.id.as_str()),
        (Reverse(f.confidence), f.message.as_str(), &f.evidence),
    )
}

fn sort_unanalysed(list: &mut Vec<Unanalysed>) {
    list.sort_by(|a, b| {
        let name = |place: &Unanalysed| place.reason.as_str();
        name(a).cmp(name(b)).then_with(|| a.cmp(b))
    });
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{RiskLevel, sample};

    #[test]
    fn a_finished_report_does_not_change_any_more() {
        let mut report = sample();
        report.finish(&Limits::default());
        assert_eq!(report.to_json(), sample().to_json());
    }

    #[test]
    fn the_order_in_which_things_were_found_is_gone() {
        let mut report = sample();
        report.behaviours.reverse();
        report.findings.reverse();
        report.files.reverse();
        report.anomalies.reverse();
        report.coverage.unanalysed.reverse();
        for behaviour in &mut report.behaviours {
            behaviour.sites.reverse();
        }
        report.finish(&Limits::default());
        assert_eq!(report.to_json(), sample().to_json());
    }

    #[test]
    fn a_cut_list_says_how_long_it_was_and_the_risk_stays() {
        let mut report = sample();
        let limits = Limits {
            behaviours: 1,
            findings: 0,
            sites: 0,
            ..Limits::default()
        };
        report.finish(&limits);
        assert_eq!(report.behaviours.len(), 1);
        assert_eq!(
            report.behaviour_count,
            Some(sample().behaviours.len() as u64)
        );
        assert_eq!(report.finding_count, Some(sample().findings.len() as u64));
        assert_eq!(report.behaviours[0].sites.len(), 0);
        assert_eq!(
            report.behaviours[0].site_count,
            sample().behaviours[0].site_count
        );
        assert_eq!(report.risk, sample().risk);
        let cut = |place: &Unanalysed| place.reason == Reason::ReportLimit;
        assert_eq!(
            report.coverage.unanalysed.iter().filter(|p| cut(p)).count(),
            2
        );
        assert!(!report.coverage.complete);
    }

    #[test]
    fn a_cut_list_alone_is_no_unexamined_code() {
        let mut report = sample();
        report.findings.clear();
        report.coverage.unanalysed.clear();
        let limits = Limits {
            behaviours: 1,
            ..Limits::default()
        };
        report.finish(&limits);
        assert_eq!(report.risk.level, RiskLevel::Low);
    }

    #[test]
    fn a_file_s_digest_knows_what_it_does_and_not_where() {
        let mut report = sample();
        for site in report.behaviours.iter_mut().flat_map(|b| &mut b.sites) {
            site.line += 7;
            site.offset += 70;
        }
        report.finish(&Limits::default());
        assert_eq!(report.files, sample().files);
        report.behaviours[0].target = Some("https://other.example/".to_owned());
        report.finish(&Limits::default());
        assert_ne!(report.files, sample().files);
    }

    #[test]
    fn the_middle_of_a_long_way_is_one_step() {
        let mut flow = sample().flows.remove(0);
        let step = flow.steps.remove(0);
        let way = |count: u32| -> Vec<_> {
            let at = |at: u32| {
                let mut step = step.clone();
                step.note = at.to_string();
                step
            };
            (0..count).map(at).collect()
        };
        flow.steps = way(12);
        flow.fold();
        assert_eq!((&flow.steps, flow.step_count), (&way(12), None));
        flow.steps = way(40);
        flow.fold();
        let notes: Vec<&str> = flow.steps.iter().map(|step| step.note.as_str()).collect();
        assert_eq!((notes.len(), flow.step_count), (12, Some(40)));
        assert_eq!(&notes[5..8], ["5", "passes 29 more places", "35"]);
        assert_eq!(notes[11], "39");
    }
}
