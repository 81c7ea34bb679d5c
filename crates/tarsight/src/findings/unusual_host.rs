//! Talks, without anybody asking, to a place that installers and libraries don't talk to.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, host, runs_on_install};
use crate::api::targets;
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "unusual-host",
    title: "Talks by itself to a place that anybody could be behind",
    severity: Severity::High,
    summary: "While it is installed or imported, the package talks to a bare IP address, to a service that records whatever it gets, to a tunnel, to a messenger's webhook, to a place for pasted text, or to a hidden network. Nobody can tell who is there.",
    advice: "Ask the author what is sent there, and why not to a host of their own.",
    benign_when: "A company's own package talks to a fixed address inside its network.",
    references: &["CWE-506", "T1102", "T1567", "T1572"],
    examples: &[
        Example {
            name: "an install script asks an IP address instead of a name",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                ("i.js", r#"require("http").get("http://192.0.2.7:8000/x");"#),
            ],
        },
        Example {
            name: "an address inside the own network",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                ("i.js", r#"require("http").get("http://10.0.0.7/build");"#),
            ],
        },
        Example {
            name: "a function that talks to an address when it is called",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.ask = () => require("http").get("http://192.0.2.7:8000/x");"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Medium,
    asked: Severity::Low,
};

/// Classes of hosts, and what to call them.
const CLASSES: [(&str, &str); 8] = [
    ("host.oast", "a service that records whatever it gets"),
    ("host.tunnel", "a tunnel to somebody's own machine"),
    ("host.messenger-webhook", "a messenger's webhook"),
    ("host.paste", "a place for anybody's text"),
    ("host.dead-drop", "a search that finds commands"),
    ("host.anonymous", "a hidden network"),
    ("host.miner", "a pool of miners"),
    (
        "host.distributed",
        "a store that nobody can take things out of",
    ),
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let is_network = behaviour.what.id.starts_with("network.");
        if !is_network || !judge::is_unasked(behaviour.reach) {
            continue;
        }
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        let Some(what) = place(url) else { continue };
        let message = format!("talks to {url}, {what}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        if !runs_on_install(behaviour.reach) {
            finding.confidence = Confidence::Medium;
        }
        found.push(finding);
    }
}

fn place(url: &str) -> Option<&'static str> {
    let at = host::host(url)?;
    if let Some(class) = targets::host_class(&at, host::path(url)) {
        let mut known = CLASSES.iter();
        return known.find(|(id, _)| *id == class.id).map(|(_, what)| *what);
    }
    let address = targets::address(&at)?;
    let is_near = match address {
        std::net::IpAddr::V4(v4) => {
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
        }
        std::net::IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    };
    (!is_near).then_some("an IP address without a name")
}
