//! The check of who is at the other end is switched off for the whole process.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "tls-check-disabled",
    title: "Switches off the check of certificates",
    severity: Severity::High,
    summary: "While it is installed or imported, the package tells Node to accept any certificate, for every connection of the process. Anybody on the way can then answer in the name of any host.",
    advice: "Don't install it unless the author can say why. A host that needs this has no certificate that anybody would vouch for.",
    benign_when: "A tool for tests against a local server sets it in its own process.",
    references: &["CWE-295", "T1553", "T1557"],
    examples: &[
        Example {
            name: "an install script accepts any certificate",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; fetch("https://files.invalid/x");"#,
                ),
            ],
        },
        Example {
            name: "a command with an option for it",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"if (process.argv.includes("--insecure")) process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";"#,
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

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let is_it = behaviour.what.id == "environment.write"
            && behaviour.target.as_deref() == Some("NODE_TLS_REJECT_UNAUTHORIZED");
        if !is_it || !judge::is_unasked(behaviour.reach) {
            continue;
        }
        let message = "accepts any certificate from now on".to_owned();
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
