//! Every id that a report can hold, and what it means.

use std::collections::BTreeMap;

use serde::Serialize;

use super::flows;
use crate::api::{self, targets};
use crate::archive::AnomalyId;
use crate::diff::signals;
use crate::findings;
use crate::model::{Capability, Reason, Severity, SurfaceKind};

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
    /// When the patterns changed last; of targets only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What the id stands for; of targets only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<Pattern>,
}

/// One row of a table of targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pattern {
    /// What it is about: `path`, `written-path`, `variable`, `host`, `token` or `extension`.
    pub of: String,
    /// The pattern.
    pub pattern: String,
    /// What it is, in few words.
    pub title: String,
    /// Who says so.
    pub source: String,
}

impl Rule {
    fn of(kind: RuleKind, id: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            capability: None,
            severity: None,
            title: title.to_owned(),
            version: None,
            patterns: Vec::new(),
        }
    }
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
    /// A kind of places, variables, hosts, tokens or extensions that the tables know.
    Target,
    /// A way of a value from a source to where it does something.
    Flow,
    /// Where a flow begins, if that is no behaviour and no target.
    Source,
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
            Self::Target => "target",
            Self::Flow => "flow",
            Self::Source => "source",
        }
    }
}

/// Every id, sorted by kind and id.
#[must_use]
pub fn rules() -> Vec<Rule> {
    let behaviours = api::behaviours().iter().map(|one| Rule {
        capability: Some(one.capability),
        ..Rule::of(RuleKind::Behaviour, one.id, one.title)
    });
    let findings = findings::declarations().iter().map(|one| Rule {
        severity: Some(one.severity),
        ..Rule::of(RuleKind::Finding, one.id, one.title)
    });
    let anomalies = AnomalyId::ALL.iter().map(|one| {
        let title = first_sentence(one.explanation());
        Rule {
            severity: Some(one.level()),
            ..Rule::of(RuleKind::Anomaly, one.as_str(), title)
        }
    });
    let reasons = Reason::ALL.into_iter().map(|one| {
        let title = first_sentence(one.explanation());
        Rule::of(RuleKind::Reason, one.as_str(), title)
    });
    let signals = signals::ALL.iter().map(|one| Rule {
        severity: one.severity(),
        ..Rule::of(RuleKind::Signal, one.id, one.why.trim_end_matches('.'))
    });
    let surfaces = SurfaceKind::ALL.into_iter().map(|one| {
        let title = first_sentence(one.explanation());
        Rule::of(RuleKind::Surface, one.as_str(), title)
    });
    let mut rules: Vec<Rule> = behaviours
        .chain(findings)
        .chain(anomalies)
        .chain(reasons)
        .chain(signals)
        .chain(surfaces)
        .chain(target_rules())
        .chain(of_table(RuleKind::Flow, &flows::FLOWS))
        .chain(of_table(RuleKind::Source, &flows::SOURCES))
        .collect();
    rules.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    rules
}

/// One rule for each id of the tables of targets, with all its rows.
fn target_rules() -> impl Iterator<Item = Rule> {
    let mut rules: BTreeMap<&str, Rule> = BTreeMap::new();
    for (of, row) in targets::rows() {
        let rule = rules.entry(row.id).or_insert_with(|| Rule {
            version: Some(targets::VERSION.to_owned()),
            ..Rule::of(RuleKind::Target, row.id, row.title)
        });
        rule.patterns.push(Pattern {
            of: of.to_owned(),
            pattern: row.pattern.to_owned(),
            title: row.title.to_owned(),
            source: row.said_by().to_owned(),
        });
    }
    rules.into_values()
}

fn of_table(kind: RuleKind, table: &[(&str, &str)]) -> impl Iterator<Item = Rule> {
    let rules = table
        .iter()
        .map(move |(id, title)| Rule::of(kind, id, title));
    rules.collect::<Vec<_>>().into_iter()
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::explain;
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
        assert_eq!(count(RuleKind::Target), target_rules().count());
        assert_eq!(count(RuleKind::Flow), flows::FLOWS.len());
        assert_eq!(count(RuleKind::Source), flows::SOURCES.len());
        assert!(rules.iter().all(|rule| match rule.kind {
            RuleKind::Behaviour => rule.capability.is_some(),
            RuleKind::Finding | RuleKind::Anomaly => rule.severity.is_some(),
            RuleKind::Target => !rule.patterns.is_empty(),
            RuleKind::Reason | RuleKind::Signal | RuleKind::Surface => true,
            RuleKind::Flow | RuleKind::Source => rule.severity.is_none(),
        }));
    }

    #[test]
    fn targets_show_their_rows_and_sources() {
        let rules = rules();
        let npm = rules.iter().find(|rule| rule.id == "credential.npm");
        let npm = npm.expect("it is listed");
        assert_eq!(npm.version.as_deref(), Some(targets::VERSION));
        let of = |kind: &str| npm.patterns.iter().filter(|row| row.of == kind).count();
        assert!(
            of("path") > 3 && of("variable") > 3 && of("token") > 1,
            "{npm:?}"
        );
        let all: usize = rules.iter().map(|rule| rule.patterns.len()).sum();
        assert_eq!(all, targets::rows().count());
        assert!(rules.len() >= 150, "{}", rules.len());
        let mut sources = rules.iter().flat_map(|rule| &rule.patterns);
        assert!(sources.all(|row| !row.source.contains("THREATS")));
    }
}
