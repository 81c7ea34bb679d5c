//! An archive or a manifest that two readers read differently.

use std::collections::BTreeMap;

use super::{Context, Declaration, Example, Finding};
use crate::archive::{Anomaly, AnomalyId};
use crate::model::{Confidence, FileId, Reach, Severity, Span};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "ambiguous-package",
    title: "Two readers would see different packages",
    severity: Severity::High,
    summary: "The archive or its package.json is built so that readers disagree about it: what one tool shows is not what another one installs. The usual packing programs do not produce any of this.",
    advice: "Look at the anomalies of the report. Compare what `tarsight ls` lists, which is what npm installs, with what you reviewed.",
    benign_when: "The archive was packed by an unusual or broken program, and what npm installs is what the publisher meant.",
    references: &["CWE-436", "T1036"],
    examples: &[
        Example {
            name: "two files are one where case does not count",
            severity: Some(Severity::Medium),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                ("index.js", "exports.a = 1;"),
                ("Index.js", "exports.a = 2;"),
            ],
        },
        Example {
            name: "a key that is not what other readers take it for",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","__proto__":{"main":"x.js"}}"#,
            )],
        },
        Example {
            name: "a byte order mark harms nobody",
            severity: None,
            files: &[(
                "package.json",
                "\u{FEFF}{\"name\":\"a\",\"version\":\"1.0.0\"}",
            )],
        },
    ],
    detect,
};

/// Ids that the message names.
const MOST_NAMED: usize = 4;

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let all = context.archive.anomalies.iter();
    let odd: Vec<&Anomaly> = all
        .chain(&context.manifest.anomalies)
        .filter(|one| one.id.level() > Severity::Low)
        // It has a finding of its own.
        .filter(|one| one.id != AnomalyId::ManifestBinShadow)
        .collect();
    let Some(severity) = odd.iter().map(|one| one.id.level()).max() else {
        return;
    };
    let mut first: BTreeMap<&str, &Anomaly> = BTreeMap::new();
    for one in odd {
        first.entry(one.id.as_str()).or_insert(one);
    }
    let named: Vec<String> = first
        .values()
        .take(MOST_NAMED)
        .map(|one| name(one))
        .collect();
    let more = match first.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!("; and {more} more kinds"),
    };
    let evidence = first
        .values()
        .filter_map(|one| context.archive.find(one.path.as_deref()?))
        .chain(context.archive.find("package.json"))
        .next()
        .unwrap_or(FileId(0));
    found.push(Finding {
        what: &FINDING,
        severity,
        confidence: Confidence::Medium,
        message: format!("Readers disagree: {}{more}", named.join("; ")),
        reach: Reach::DORMANT,
        evidence: vec![Place {
            file: evidence,
            span: Span::new(0, 0),
        }],
        mitigations: Vec::new(),
        parts: first.keys().map(|id| (*id).to_owned()).collect(),
    });
}

fn name(one: &Anomaly) -> String {
    match &one.path {
        Some(path) => format!("{} at {path} ({})", one.id.as_str(), one.detail),
        None => format!("{} ({})", one.id.as_str(), one.detail),
    }
}
