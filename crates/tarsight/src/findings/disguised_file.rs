//! A file that is not what its name says.

use super::{Context, Declaration, Example, Finding};
use crate::model::{Confidence, FileId, Severity, Span};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "disguised-file",
    title: "A program under the name of something else",
    severity: Severity::High,
    summary: "A file is machine code or a script, but its name says that it is an image, a font, a text or a document.",
    advice: "Search the package for the name of the file to see what reads or runs it. A program has no reason to look like a picture.",
    benign_when: "A test keeps a sample of a wrong name.",
    references: &["CWE-506", "T1036.008"],
    examples: &[
        Example {
            name: "machine code in a font",
            severity: Some(Severity::Medium),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                ("fonts/a.woff2", "\u{7f}ELF\u{2}\u{1}\u{1}"),
            ],
        },
        Example {
            name: "a text in a text",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                ("a.txt", "hello"),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (anomaly, reach) in context.disguised {
        let reach = *reach;
        let path = anomaly.path.as_deref().unwrap_or("");
        let file = context.archive.find(path).unwrap_or(FileId(0));
        let mut finding = Finding {
            what: &FINDING,
            severity: FINDING.severity,
            confidence: Confidence::High,
            message: anomaly.detail.clone(),
            reach,
            evidence: vec![Place {
                file,
                span: Span::new(0, 0),
            }],
            mitigations: Vec::new(),
            parts: vec![path.to_owned()],
        };
        let is_program = anomaly.detail.ends_with(" program");
        if !is_program {
            let note = "it is text, and code has to be read from it first".to_owned();
            finding.lower(Severity::Medium, "text", note);
        }
        if reach.is_dormant() {
            let note = "no surface of the package leads to this file".to_owned();
            finding.lower(Severity::Medium, "dormant", note);
        }
        found.push(finding);
    }
}
