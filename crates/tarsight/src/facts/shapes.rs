//! What no API does, and only the shape of the code tells: a recipient that is added to other
//! people's mail, a proxy for other programs, a text that brings a page to load a script.

use std::sync::Arc;

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

use super::collect::Found;
use super::hiding::HidingFact;
use super::sites::Caller;
use super::{Answer, UseFact, UseKind};
use crate::model::Span;
use crate::parse::ir::{ListId, NodeId, Op};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Key, Place, Term, ValueId};

/// Steps for one value.
const STEPS: u64 = 400;
/// Sights of one kind that are kept of one file.
const MOST: usize = 8;

/// Methods that add to a list.
const ADDS: [&str; 4] = ["add", "concat", "push", "unshift"];
/// Lists of those who get a mail, in small letters.
const RECIPIENTS: [&str; 8] = [
    "bcc",
    "bccs",
    "cc",
    "ccs",
    "rcptto",
    "recipient",
    "recipients",
    "to",
];
/// Variables that lead a program's traffic through a proxy, in small letters.
const PROXIES: [&str; 6] = [
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "npm_config_http_proxy",
    "npm_config_https_proxy",
    "npm_config_proxy",
];
const UNVERIFIED: &str = "NODE_TLS_REJECT_UNAUTHORIZED";

/// Adds recipients and proxies, as uses of `shape`.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let has = |word: &str| memchr::memmem::find(evaluator.text.as_bytes(), word.as_bytes());
    let proxies = ["PROXY", "_proxy", UNVERIFIED];
    let has_proxy = proxies.iter().any(|word| has(word).is_some());
    if has("@").is_some() {
        recipients(evaluator, found);
    }
    if has_proxy {
        variables(evaluator, found);
    }
}

/// `envelope.to.push("somebody@…")`.
fn recipients(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let mut left = MOST;
    for &call in &ir.calls {
        let node = ir.node(call);
        let callee = ir.node(NodeId(node.a));
        let is_added = node.op == Op::Call
            && callee.op == Op::Member
            && ADDS.contains(&ir.name(evaluator.text, NameId(callee.b)))
            && is_list(evaluator, NodeId(callee.a));
        if !is_added || left == 0 {
            continue;
        }
        let args: Vec<NodeId> = ir.list(ListId(node.b)).collect();
        for arg in args {
            let value = constant(evaluator, arg);
            let text = value.and_then(|value| evaluator.terms.as_string(value));
            if let Some(value) = value
                && text.is_some_and(|text| is_address(&text))
            {
                left = left.saturating_sub(1);
                found.push(shape(evaluator, call, "recipient", value));
            }
        }
    }
}

/// Whether a node is a list of recipients, by its name.
fn is_list(evaluator: &Evaluator<'_>, list: NodeId) -> bool {
    let node = evaluator.ir.node(list);
    let name = match node.op {
        Op::Member => NameId(node.b),
        Op::Name => NameId(node.a),
        _ => return false,
    };
    let name = evaluator.ir.name(evaluator.text, name).to_ascii_lowercase();
    RECIPIENTS.contains(&&*name)
}

/// `name@host.zone`, alone or in angle brackets.
fn is_address(text: &str) -> bool {
    let inner = text
        .rsplit('<')
        .next()
        .unwrap_or(text)
        .trim_end_matches('>');
    let Some((name, host)) = inner.split_once('@') else {
        return false;
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let is_word = |text: &str| !text.is_empty() && text.chars().all(is_plain);
    is_word(name) && is_word(host) && host.contains('.')
}

/// `{ HTTPS_PROXY: "http://…" }` and the like, as others' environments get them.
fn variables(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let mut left = MOST;
    for (at, node) in (0u32..).map(NodeId).zip(&ir.nodes) {
        let (key, value) = match node.op {
            Op::Property => {
                let key = ir.node(NodeId(node.a));
                match key.op {
                    Op::String => (ir.string(evaluator.text, key), NodeId(node.b)),
                    _ => continue,
                }
            }
            Op::Assign => {
                let target = ir.node(NodeId(node.a));
                match target.op {
                    Op::Member => (ir.name(evaluator.text, NameId(target.b)), NodeId(node.b)),
                    _ => continue,
                }
            }
            _ => continue,
        };
        let is_proxy = PROXIES.contains(&&*key.to_ascii_lowercase());
        if left == 0 || !(is_proxy || key == UNVERIFIED) {
            continue;
        }
        let Some(value) = constant(evaluator, value) else {
            continue;
        };
        let text = evaluator.terms.as_text(value).unwrap_or_default();
        let name = match is_proxy {
            true if text.contains("://") => "proxy",
            // What is written to the environment itself is seen there.
            false if &*text == "0" && node.op == Op::Property => "unverified",
            _ => continue,
        };
        left -= 1;
        found.push(shape(evaluator, at, name, value));
    }
}

/// The constant that a node is, if it is one.
fn constant(evaluator: &mut Evaluator<'_>, node: NodeId) -> Option<ValueId> {
    let value = evaluator.within(STEPS, |evaluator| {
        let open = evaluator.eval(node);
        evaluator.close(open)
    })?;
    evaluator.terms.is_constant(value).then_some(value)
}

fn shape(evaluator: &mut Evaluator<'_>, node: NodeId, name: &str, value: ValueId) -> Found {
    let ir = evaluator.ir;
    let span = ir.node(node).span;
    let terms = &mut evaluator.terms;
    let shape = terms.global("shape");
    let callee = terms.member(shape, name);
    let call = terms.call(callee, &[value], Place::here(span));
    Found {
        node,
        caller: Caller::Any,
        fact: UseFact {
            kind: UseKind::Call,
            callee,
            args: Box::new([value]),
            value: call,
            span,
            function: ir.function_of(node),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    }
}

/// Texts that the code makes of the whole environment: `JSON.stringify({ env: process.env })`.
pub(super) fn environment_texts(evaluator: &mut Evaluator<'_>) -> Vec<HidingFact> {
    let has = |word: &str| memchr::memmem::find(evaluator.text.as_bytes(), word.as_bytes());
    let mut found = Vec::new();
    let is_written = has("stringify").is_some() && has("env").is_some();
    if has("JSON").is_none() && !is_written {
        return found;
    }
    let ir = evaluator.ir;
    let kept = kept_at_home(evaluator);
    for &call in &ir.calls {
        let node = ir.node(call);
        let callee = ir.node(NodeId(node.a));
        if kept.contains(&call) {
            continue;
        }
        let Some(arg) = ir.list(ListId(node.b)).next() else {
            continue;
        };
        let is_text = node.op == Op::Call
            && match callee.op {
                Op::Member => {
                    is_written && ir.name(evaluator.text, NameId(callee.b)) == "stringify"
                }
                Op::Index => makes_json(evaluator, NodeId(node.a)),
                _ => false,
            };
        if !is_text {
            continue;
        }
        let value = evaluator.within(STEPS, |evaluator| {
            let open = evaluator.eval(arg);
            evaluator.close(open)
        });
        if value.is_some_and(|value| evaluator.terms.holds_environment(value)) && found.len() < MOST
        {
            found.push(HidingFact {
                id: "environment.text",
                detail: Key::from("*"),
                span: node.span,
            });
        }
    }
    found
}

/// Whether a callee with a computed name is `JSON.stringify`.
fn makes_json(evaluator: &mut Evaluator<'_>, callee: NodeId) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(callee);
    let object = ir.node(NodeId(node.a));
    if object.op != Op::Name || ir.name(evaluator.text, NameId(object.a)) != "JSON" {
        return false;
    }
    let key = evaluator.within(STEPS, |evaluator| {
        let open = evaluator.eval(NodeId(node.b));
        evaluator.close(open)
    });
    let key = key.and_then(|key| evaluator.terms.as_string(key));
    key.as_deref() == Some("stringify")
}

/// Values that are shown, summed up, kept in a file, or put into a build in the place of
/// `process.env`.
fn kept_at_home(evaluator: &Evaluator<'_>) -> FxHashSet<NodeId> {
    const KEEPS: [&str; 10] = [
        "appendFileSync",
        "createHash",
        "debug",
        "error",
        "info",
        "log",
        "update",
        "warn",
        "writeFile",
        "writeFileSync",
    ];
    let ir = evaluator.ir;
    let mut kept = FxHashSet::default();
    for &call in &ir.calls {
        let node = ir.node(call);
        let callee = ir.node(NodeId(node.a));
        if callee.op == Op::Member && KEEPS.contains(&ir.name(evaluator.text, NameId(callee.b))) {
            kept.extend(ir.list(ListId(node.b)));
        }
    }
    for node in ir.nodes.iter().filter(|node| node.op == Op::Property) {
        let key = ir.node(NodeId(node.a));
        if key.op == Op::String && ir.string(evaluator.text, key) == "process.env" {
            kept.insert(NodeId(node.b));
        }
    }
    kept
}

/// A tag, or code, that loads a script from a host.
static LOADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?is)(?:<script(?-u:\b)[^>]{0,200}?(?-u:\b)src\s*=\s*|createElement\(\s*\\?["'`]script\\?["'`]\s*\).{0,200}?\.src\s*=\s*)\\?["'`]?((?:https?:)?//[a-z0-9.-]+\.[a-z0-9-]+)[/?\#:"'`\\]"#,
    )
    .ok()
});

/// Texts among the file's values that bring a page to load a script from a host.
pub(super) fn page_scripts(evaluator: &Evaluator<'_>) -> Vec<HidingFact> {
    let mut found: Vec<HidingFact> = Vec::new();
    for term in evaluator.terms.all() {
        let Term::String(text) = term else { continue };
        if found.len() >= MOST || memchr::memmem::find(text.as_bytes(), b"cript").is_none() {
            continue;
        }
        let Some(url) = LOADER
            .as_ref()
            .and_then(|regex| regex.captures(text)?.get(1))
        else {
            continue;
        };
        let url = Key::from(url.as_str());
        if found.iter().all(|known| known.detail != url) {
            let host = url.trim_start_matches(|c| c != '/').trim_start_matches('/');
            let at = memchr::memmem::find(evaluator.text.as_bytes(), host.as_bytes());
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let span = at.map_or(Span::new(0, 1), |at| {
                Span::new(narrow(at), narrow(at + host.len()))
            });
            found.push(HidingFact {
                id: "code.script-text",
                detail: url,
                span,
            });
        }
    }
    found.sort_by(|a, b| (a.span.start, &a.detail).cmp(&(b.span.start, &b.detail)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaders_and_others() {
        assert!(LOADER.is_some());
        let host = |text: &str| {
            let regex = LOADER.as_ref()?;
            Some(regex.captures(text)?.get(1)?.as_str().to_owned())
        };
        for text in [
            "</p><script async src=\"https://a.invalid/l/",
            "<SCRIPT type=module src='//a.invalid/x.js'></SCRIPT>",
            "var s=d.createElement(\"script\");s.async=1;s.src=\"https://a.invalid/h/",
            "s=createElement(\\\"script\\\");s.src=\\\"https://a.invalid/\\\"",
        ] {
            let found = host(text).unwrap_or_default();
            assert!(found.ends_with("//a.invalid"), "{text}: {found}");
        }
        for text in [
            "<script>run()</script>",
            "<script src=\"/own.js\">",
            "<img src=\"https://a.invalid/x.png\">",
            "<script src=\"https://a.inv",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_of_mail() {
        assert!(is_address("a.b@c.invalid"));
        assert!(is_address("Somebody <a@c.invalid>"));
        assert!(!is_address("@scope/name"));
        assert!(!is_address("a@b"));
    }
}
