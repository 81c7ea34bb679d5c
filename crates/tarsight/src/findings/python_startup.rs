//! A shipped path file runs code whenever Python starts.

use super::{Context, Declaration, Example, Finding};
use crate::model::{Confidence, Severity, Trigger};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "python-startup",
    title: "Ships a file that runs whenever Python starts",
    severity: Severity::High,
    summary: "A `.pth` file that comes with the package has a line that Python runs at every start, once the file lies among its packages.",
    advice: "Read the line. An npm package has no business there.",
    benign_when: "The package vendors a Python environment, whose own tools have such files.",
    references: &["CWE-506", "T1546.018"],
    examples: &[
        Example {
            name: "a line that runs code",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                ("setup.pth", "import os; exec(open('x.py').read())\n"),
            ],
        },
        Example {
            name: "paths only",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                ("setup.pth", "../lib\n"),
            ],
        },
    ],
    detect,
};

/// What makes a line more than the import of a package's own hook.
const ACTS: [&str; 10] = [
    "exec(",
    "eval(",
    "compile(",
    "subprocess",
    "os.system",
    "popen",
    "base64",
    "urllib",
    "socket",
    "open(",
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for door in context
        .doors
        .iter()
        .filter(|door| door.tool == "python-path")
    {
        for act in &door.acts {
            let mut finding = Finding {
                what: &FINDING,
                severity: FINDING.severity,
                confidence: Confidence::High,
                message: format!("{}: {}", door.path(context.archive), act.target),
                reach: door.reach(Trigger::Load),
                evidence: vec![Place {
                    file: door.file,
                    span: act.span,
                }],
                mitigations: Vec::new(),
                parts: vec![door.path(context.archive).to_owned()],
            };
            if !ACTS.iter().any(|sign| act.target.contains(sign)) {
                let note = "the line imports a module and does nothing else".to_owned();
                finding.lower(Severity::Low, "plain-import", note);
            }
            found.push(finding);
        }
    }
}
