//! Every id that a report can hold, and what it means.

use std::fmt::Write as _;

use serde::Serialize;

use crate::api;
use crate::archive::AnomalyId;
use crate::diff::signals::{self, Signal};
use crate::findings::{self, Declaration, Example};
use crate::model::{Capability, Reason, Severity, SurfaceKind};
use crate::report::RiskLevel;

/// An id that a report can hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The id on the wire.
    pub id: String,
    /// In which list of the report it stands.
    pub kind: RuleKind,
    /// Its coarse class; null for all but behaviours.
    pub capability: Option<Capability>,
    /// Its usual severity; null for behaviours and reasons.
    pub severity: Option<Severity>,
    /// What it means, in few words.
    pub title: String,
}

/// In which list of the report an id stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// What the package does.
    Behaviour,
    /// A judgement.
    Finding,
    /// Where two readers could disagree.
    Anomaly,
    /// Why something was not looked at.
    Reason,
    /// What makes a change from one version to the next risky.
    Signal,
    /// A way that code gets to run.
    Surface,
}

impl RuleKind {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Finding => "finding",
            Self::Anomaly => "anomaly",
            Self::Reason => "reason",
            Self::Signal => "signal",
            Self::Surface => "surface",
        }
    }
}

/// Every id, sorted by kind and id.
#[must_use]
pub fn rules() -> Vec<Rule> {
    let behaviours = api::behaviours().iter().map(|behaviour| Rule {
        id: behaviour.id.to_owned(),
        kind: RuleKind::Behaviour,
        capability: Some(behaviour.capability),
        severity: None,
        title: behaviour.title.to_owned(),
    });
    let findings = findings::declarations().iter().map(|finding| Rule {
        id: finding.id.to_owned(),
        kind: RuleKind::Finding,
        capability: None,
        severity: Some(finding.severity),
        title: finding.title.to_owned(),
    });
    let anomalies = AnomalyId::ALL.iter().map(|anomaly| Rule {
        id: anomaly.as_str().to_owned(),
        kind: RuleKind::Anomaly,
        capability: None,
        severity: Some(anomaly.level()),
        title: first_sentence(anomaly.explanation()).to_owned(),
    });
    let reasons = Reason::ALL.into_iter().map(|reason| Rule {
        id: reason.as_str().to_owned(),
        kind: RuleKind::Reason,
        capability: None,
        severity: None,
        title: first_sentence(reason.explanation()).to_owned(),
    });
    let signals = signals::ALL.iter().map(|signal| Rule {
        id: signal.id.to_owned(),
        kind: RuleKind::Signal,
        capability: None,
        severity: signal.severity(),
        title: signal.why.trim_end_matches('.').to_owned(),
    });
    let surfaces = SurfaceKind::ALL.into_iter().map(|surface| Rule {
        id: surface.as_str().to_owned(),
        kind: RuleKind::Surface,
        capability: None,
        severity: None,
        title: first_sentence(surface.explanation()).to_owned(),
    });
    let mut rules: Vec<Rule> = behaviours
        .chain(findings)
        .chain(anomalies)
        .chain(reasons)
        .chain(signals)
        .chain(surfaces)
        .collect();
    rules.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    rules
}

/// What an id means, as Markdown; `None` if there is no such id.
#[must_use]
pub fn explain(id: &str) -> Option<String> {
    if let Some(behaviour) = api::behaviour(id) {
        return Some(of_behaviour(behaviour));
    }
    if let Some(finding) = findings::declarations().iter().find(|one| one.id == id) {
        return Some(of_finding(finding));
    }
    if let Some(anomaly) = AnomalyId::ALL.iter().find(|one| one.as_str() == id) {
        let level = anomaly.level().as_str();
        let text = anomaly.explanation();
        return Some(format!("{id} (anomaly, {level})\n\n{text}\n"));
    }
    if let Some(signal) = signals::ALL.iter().find(|one| one.id == id) {
        return Some(of_signal(signal));
    }
    if let Some(reason) = Reason::ALL.into_iter().find(|one| one.as_str() == id) {
        return Some(format!("{id} (reason)\n\n{}\n", reason.explanation()));
    }
    super::surfaces::explain(id)
}

fn of_behaviour(behaviour: &api::Behaviour) -> String {
    format!(
        "{} (behaviour, {})\n\n{}. {}\n\n{}\n{}",
        behaviour.id,
        behaviour.capability.as_str(),
        behaviour.title,
        behaviour.summary,
        behaviour.why,
        references(behaviour.references)
    )
}

fn of_finding(finding: &Declaration) -> String {
    let mut text = format!(
        "{} (finding, {})\n\n{}. {}\n\nHarmless when: {}\n\nWhat to do: {}\n{}",
        finding.id,
        finding.severity.as_str(),
        finding.title,
        finding.summary,
        finding.benign_when,
        finding.advice,
        references(finding.references)
    );
    for example in finding.examples {
        text.push_str(&of_example(example));
    }
    text
}

/// What it means in a diff, and what it is worth by when the code runs.
fn of_signal(signal: &Signal) -> String {
    let mut text = format!("{} (signal)\n\n{}\n\n", signal.id, signal.why);
    for (moment, points) in signal.worth() {
        let level = RiskLevel::of(points).as_str();
        // Writing to a string does not fail.
        let _ = writeln!(text, "{moment}: {points} points, {level}");
    }
    text
}

fn references(ids: &[&str]) -> String {
    match ids {
        [] => String::new(),
        ids => format!("\nReferences: {}\n", ids.join(", ")),
    }
}

fn of_example(example: &Example) -> String {
    let severity = example.severity.map_or("quiet", Severity::as_str);
    let mut text = format!("\nExample ({severity}): {}\n", example.name);
    for (path, code) in example.files {
        let language = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        // A fence must be longer than any in the code.
        let fence = if code.contains("```") { "````" } else { "```" };
        // Writing to a string does not fail.
        let _ = write!(text, "\n{path}\n{fence}{language}\n{code}\n{fence}\n");
    }
    text
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_is_explained_and_named_once() {
        let rules = rules();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "an id is in two lists");
        for rule in rules {
            let text = explain(&rule.id).expect("a listed id is explained");
            let head = format!("{} ({}", rule.id, rule.kind.as_str());
            assert!(text.starts_with(&head), "{text}");
            assert!(!rule.title.is_empty() && text.ends_with('\n'), "{text}");
        }
        assert_eq!(explain("no-such-id"), None);
    }

    #[test]
    fn every_source_of_ids_is_listed() {
        let rules = rules();
        let count = |kind| rules.iter().filter(|rule| rule.kind == kind).count();
        assert_eq!(count(RuleKind::Behaviour), api::behaviours().len());
        assert_eq!(count(RuleKind::Finding), findings::declarations().len());
        assert_eq!(count(RuleKind::Anomaly), AnomalyId::ALL.len());
        assert_eq!(count(RuleKind::Reason), Reason::ALL.into_iter().count());
        assert_eq!(count(RuleKind::Signal), signals::ALL.len());
        assert_eq!(count(RuleKind::Surface), SurfaceKind::ALL.len());
        assert!(rules.iter().all(|rule| match rule.kind {
            RuleKind::Behaviour => rule.capability.is_some(),
            RuleKind::Finding | RuleKind::Anomaly => rule.severity.is_some(),
            RuleKind::Reason | RuleKind::Signal | RuleKind::Surface => true,
        }));
    }

    #[test]
    fn a_finding_is_explained_with_its_examples() {
        let text = explain("credential-exfiltration").expect("the finding is there");
        for part in [
            "Harmless when: ",
            "What to do: ",
            "CWE-200",
            "```js\n",
            "Example (quiet)",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        let text = explain("network.http").expect("the behaviour is there");
        assert!(
            text.contains("(behaviour, network)") && text.contains("CWE-829"),
            "{text}"
        );
        let text = explain("archive.link").expect("the anomaly is there");
        assert!(text.contains("npm drops links"), "{text}");
    }
}
