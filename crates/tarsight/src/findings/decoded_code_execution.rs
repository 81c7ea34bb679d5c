//! Decoded text runs as code.

use super::{Context, Declaration, Example, Finding, judge, runs_by_itself};
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "decoded-code-execution",
    title: "Runs code that it decodes",
    severity: Severity::Critical,
    summary: "Text that the package carries encoded, compressed, encrypted or in a comment is taken out and reaches eval, Function, vm, a module compiler or a process. Code that need not hide is shipped as code.",
    advice: "Read what it decodes to before anything else; the report shows it where it can be computed without running it. If nobody can say why it is hidden, do not install it. If it already ran, treat the machine as taken over: revoke the tokens that were on it, and look for what was left behind.",
    benign_when: "A bundler inlined a worker or a WebAssembly loader as base64, in a package whose product that is.",
    references: &["CWE-506", "CWE-95", "T1027", "T1059.007", "T1140"],
    examples: &[
        Example {
            name: "base64 is evaluated on load",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"eval(Buffer.from("Y29uc29sZS5sb2coMSk=", "base64").toString());"#,
                ),
            ],
        },
        Example {
            name: "a comment runs",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"function layout() {/* console.log("measured by nobody"); */}
const text = layout.toString();
new Function(text.slice(text.indexOf("/*") + 2, text.lastIndexOf("*/")))();"#,
                ),
            ],
        },
        Example {
            name: "base64 is only shown",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"module.exports = Buffer.from("iVBORw0KGgo=", "base64");
new Function("return this")();"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        if behaviour.what.id != "obfuscation.code-in-comment" {
            continue;
        }
        let message = "a text that stands in a comment runs as code".to_owned();
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(COMMENT_AT_MOST, &mut finding);
        found.push(finding);
    }
    for flow in context.flows {
        if !matches!(flow.id, "decoded-to-code" | "decoded-to-process") {
            continue;
        }
        let message = match &flow.sink.target {
            Some(code) => format!("decoded text is run by {}: {}", flow.sink.id, short(code)),
            None => format!("decoded text is run by {}", flow.sink.id),
        };
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        if flow.sink.id == "code.worker" {
            let note = "the code runs in a worker, as inlined workers do".to_owned();
            finding.lower(Severity::Medium, "worker", note);
        }
        let runs_at = flow.steps.last().map(|step| step.place);
        if runs_at.is_some_and(|place| context.harmless.contains(&place)) {
            let note = "the code was decoded and read: it asks nothing of the outside".to_owned();
            finding.lower(Severity::Medium, "harmless-code", note);
        }
        if !runs_by_itself(flow.reach) {
            let is_lost = flow.sink.target.is_none() && !flow.sink.origin.has(Origin::Decoded);
            if is_lost || flow.source.origin.has(Origin::Unknown) {
                let note = "nothing that the package carries is known to get into the decoder";
                finding.lower(Severity::Medium, "unknown-input", note.to_owned());
            }
            let note = "it runs only in a function that somebody has to call".to_owned();
            finding.lower(Severity::High, "needs-a-call", note);
        }
        judge::by_timer(flow, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

const COMMENT_AT_MOST: judge::ByTrigger = judge::ByTrigger {
    import: Severity::Critical,
    asked: Severity::High,
};

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line,
    }
}
