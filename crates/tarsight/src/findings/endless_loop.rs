//! Code that runs on install or import never ends.

use super::judge;
use super::{Context, Declaration, Example, Finding};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "endless-loop",
    title: "Keeps the program from ever going on",
    severity: Severity::High,
    summary: "Code that runs as soon as the package is installed or imported holds a loop that nothing ends. Every program that uses the package hangs.",
    advice: "Stay with the version before (`npm install NAME@VERSION`), and ask the author what happened.",
    benign_when: "The loop is left by an exception that tarsight does not see.",
    references: &["CWE-506", "CWE-835", "T1499.004"],
    examples: &[
        Example {
            name: "a loop to infinity on import",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"for (let i = 6; i < Infinity; i++) { if (i % 3) console.log("noise"); }"#,
                ),
            ],
        },
        Example {
            name: "a loop in a function that is called on load",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"function end() { while (true) { process.stdout.write("x"); } } end();"#,
                ),
            ],
        },
        Example {
            name: "loops that something leaves or that wait",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"let n = 0; for (;;) { if (n++ > 3) break; }
(function () { while (true) { if (n++ > 9) return; } })();
(async () => { while (true) { await new Promise((r) => setTimeout(r, 1000)); } })();
function* all() { let i = 0; while (true) yield i++; }
all();"#,
                ),
            ],
        },
        Example {
            name: "a loop in a function that somebody calls",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.serve = (queue) => { for (;;) queue.step(); };"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        if behaviour.what.id == "process.hang" && judge::is_unasked(behaviour.reach) {
            let message = "a loop that nothing ends runs on load".to_owned();
            found.push(Finding::of_behaviour(&FINDING, behaviour, message));
        }
    }
}
