//! Runs what a web request says.

use super::{Context, Declaration, Example, Finding, judge};
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "request-execution",
    title: "Runs what a web request says",
    severity: Severity::High,
    summary: "A header, a field or the query of a request becomes a command or code: whoever can reach the server that uses the package runs what they like there.",
    advice: "Find out who may send such requests, and what is asked of them first. In a package that says nothing of it, treat it as a back door.",
    benign_when: "Running what is sent is what the package is for, as in a remote console or a test server, and its documentation says so.",
    references: &["CWE-78", "CWE-94", "CWE-506", "T1505.003"],
    examples: &[
        Example {
            name: "a header is run as the body of a function",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"module.exports = (req, res, next) => {
  const model = req.headers["x-model"];
  if (!model) return next();
  res.end(String(require("vm").runInThisContext("(function (q) {" + Buffer.from(model, "base64") + "})")(req)));
};"#,
                ),
            ],
        },
        Example {
            name: "middleware with a command in a header",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { exec } = require("child_process");
module.exports = (req, res, next) => {
  const probe = req.headers["x-probe"];
  if (probe) return exec(probe, (error, out) => res.end(out));
  next();
};"#,
                ),
            ],
        },
        Example {
            name: "code from a field",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"module.exports = (req, res) => res.end(String(eval(req.body.formula)));"#,
                ),
            ],
        },
        Example {
            name: "a program with a file name from the query",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execFile } = require("child_process");
module.exports = (req, res) => execFile("git", ["show", req.query.file], (error, out) => res.end(out));"#,
                ),
            ],
        },
        Example {
            name: "a command that the caller gives",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.run = (options) => require("child_process").exec(options.command);"#,
                ),
            ],
        },
    ],
    detect,
};

/// Calls that may not hand on what they get, on a way to a module's name that is believed.
const MOST_TO_MODULE: u32 = 1;

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        if !matches!(flow.id, "request-to-process" | "request-to-code") {
            continue;
        }
        // A timer that gets a number is no code.
        if flow.sink.id == "code.timer-string" {
            continue;
        }
        let part = flow.source.target.as_deref().unwrap_or("a request");
        let message = format!("{part} of a request is run by {}", flow.sink.id);
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        // Code may do anything, whatever is written around it.
        let is_command = flow.id == "request-to-process";
        if is_command && flow.sink.target.as_deref().is_some_and(is_fixed) {
            let note = "the request only adds to a command or code that is fixed".to_owned();
            finding.lower(Severity::Low, "fixed-command", note);
        }
        // Of a module's name a part may be the request's, and the rest not.
        if flow.sink.id == "code.module-load" && flow.guesses > MOST_TO_MODULE {
            finding.confidence = Confidence::Low;
            let note =
                "it is not sure that the request gets there, and it may only be a part of the name";
            finding.lower(Severity::Medium, "long-way", note.to_owned());
        }
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

/// Whether a command says something before the request does, other than which shell runs it.
fn is_fixed(command: &str) -> bool {
    const SHELLS: [&str; 8] = [
        "bash",
        "dash",
        "node",
        "powershell",
        "pwsh",
        "python3",
        "sh",
        "zsh",
    ];
    let mut words = command.split_whitespace();
    let first = words.find(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        !(SHELLS.contains(&name) || word.starts_with('-'))
    });
    first.is_some_and(|word| !word.starts_with('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_no_command() {
        for command in ["<?>", "<?> --now", "/bin/sh -c <?>", "node -e <?>"] {
            assert!(!is_fixed(command), "{command}");
        }
        assert!(is_fixed("git log <?>"));
        assert!(is_fixed("bash -c git log <?>"));
    }
}
