//! Code that runs, and that nobody has looked at.

use super::{Context, Declaration, Example, Finding, only_called_by_tools};
use crate::model::{Confidence, CoverageKind, FileId, Severity, Span};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "unexamined-code",
    title: "Code that runs was not examined",
    severity: Severity::Medium,
    summary: "An install script, an entry point, a command or another way in leads to code that tarsight could not read: it does not parse, is nested too deep, is over a limit, or is in a language that is not read yet.",
    advice: "Read that file yourself before you install the package; where the report names a limit, raise it and scan again. If you can do neither, treat it as code that nobody has looked at.",
    benign_when: "It is a build input in another language, or a template that only looks like code.",
    references: &["CWE-1116"],
    examples: &[
        Example {
            name: "the entry point does not parse",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                ("i.js", "this is ( not JavaScript"),
            ],
        },
        Example {
            name: "a template that nothing leads to does not parse",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                ("i.js", "exports.a = 1;"),
                ("template.js", "const <%= name %> = 1;"),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (unanalysed, reach) in context.unanalysed {
        if unanalysed.reason.kind() != CoverageKind::NotExamined
            || reach.is_dormant()
            || only_called_by_tools(*reach)
        {
            continue;
        }
        let path = unanalysed.path.as_deref().unwrap_or("the archive");
        let file = context.archive.find(path).unwrap_or(FileId(0));
        found.push(Finding {
            what: &FINDING,
            severity: FINDING.severity,
            confidence: Confidence::High,
            message: format!("{path} was not examined: {}", unanalysed.detail),
            reach: *reach,
            evidence: vec![Place {
                file,
                span: Span::new(0, 0),
            }],
            mitigations: Vec::new(),
            parts: vec![path.to_owned(), unanalysed.reason.as_str().to_owned()],
        });
    }
}
