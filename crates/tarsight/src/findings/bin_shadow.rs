//! A command under the name of a tool that everybody has.

use super::{Context, Declaration, Example, Finding};
use crate::archive::AnomalyId;
use crate::model::{Confidence, FileId, Reach, Severity, Span, SurfaceKind, Trigger};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "bin-shadow",
    title: "A command takes the name of a well-known tool",
    severity: Severity::Medium,
    summary: "The package puts a command on the path whose name belongs to a system tool, a runtime or a package manager. Scripts of every project that has the package find it first.",
    advice: "Read the command. Ask why it needs that name.",
    benign_when: "The package is another build of that very tool.",
    references: &["CWE-427", "T1574.007", "T1036.005"],
    examples: &[
        Example {
            name: "another git",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":{"git":"g.js"}}"#,
                ),
                ("g.js", "console.log('git');"),
            ],
        },
        Example {
            name: "a command of its own name",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":{"a":"g.js"}}"#,
                ),
                ("g.js", "console.log('a');"),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let file = context.archive.find("package.json").unwrap_or(FileId(0));
    for anomaly in &context.manifest.anomalies {
        if anomaly.id == AnomalyId::ManifestBinShadow {
            found.push(Finding {
                what: &FINDING,
                severity: FINDING.severity,
                confidence: Confidence::High,
                message: anomaly.detail.clone(),
                reach: Reach::of(SurfaceKind::Bin, Trigger::Load),
                evidence: vec![Place {
                    file,
                    span: Span::new(0, 0),
                }],
                mitigations: Vec::new(),
                parts: vec![anomaly.detail.clone()],
            });
        }
    }
}
