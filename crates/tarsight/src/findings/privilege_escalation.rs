//! The package takes the rights of root, or leaves a container.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::behaviours::Behaviour;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "privilege-escalation",
    title: "Takes rights that nobody gave it",
    severity: Severity::Critical,
    summary: "The package starts a container that holds the disk of its host, talks to the container service to the same end, or steps out of the container that it runs in (`nsenter`). Each gives the rights of root on the whole machine.",
    advice: "Don't install it. If it ran, look for accounts, services and rules of sudo that nobody knows.",
    benign_when: "A tool for containers does what its user asks for.",
    references: &["CWE-250", "CWE-506", "T1548", "T1610", "T1611"],
    examples: &[
        Example {
            name: "an install script mounts the root of the host",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"docker run --rm --privileged -v /:/host alpine id"}}"#,
            )],
        },
        Example {
            name: "code makes a container through the socket on import",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const r = require("http").request({ socketPath: "/var/run/docker.sock", method: "POST", path: "/containers/create" });
r.end(JSON.stringify({ HostConfig: { Privileged: true, Binds: ["/:/host"] } }));"#,
                ),
            ],
        },
        Example {
            name: "a command runs the project's own container",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"docker run --rm -v $PWD:/src builder make"}}"#,
            )],
        },
        Example {
            name: "a client of the container service",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.create = (o) => require("http").request({ socketPath: "/var/run/docker.sock", method: "POST", path: "/containers/create" }).end(JSON.stringify(o));"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::Low,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let Some(message) = message(behaviour) else {
            continue;
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

fn message(behaviour: &Behaviour) -> Option<String> {
    let target = behaviour.target.as_deref()?;
    match behaviour.what.id {
        "process.exec" | "process.spawn" => takes_root(target).then(|| format!("runs {target}")),
        "network.http" | "network.socket" => {
            let (_, path) = target.split_once(".sock/")?;
            let makes = path.contains("containers/create") || path.contains("/exec");
            (target.starts_with("unix:") && makes)
                .then(|| format!("makes a container through {target}"))
        }
        _ => None,
    }
}

/// Whether a command holds a container with the host's disk or namespaces, or enters them.
fn takes_root(command: &str) -> bool {
    let words: Vec<&str> = command
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '|' | '&'))
        .filter(|word| !word.is_empty())
        .collect();
    let runs = words.iter().position(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        matches!(name, "docker" | "podman" | "nerdctl" | "ctr")
    });
    if let Some(at) = runs {
        let rest = words.get(at + 1..).unwrap_or(&[]);
        let starts = rest.iter().any(|word| matches!(*word, "run" | "create"));
        let mounts = rest.iter().any(|word| {
            let spec = word.rsplit('=').next().unwrap_or(word);
            spec.starts_with("/:/") || spec.starts_with("/etc:/") || spec.starts_with("/root:/")
        });
        let mounts = mounts
            || rest
                .iter()
                .any(|word| word.contains("source=/,") || word.contains("src=/,"));
        let host = rest
            .iter()
            .any(|word| matches!(*word, "--pid=host" | "--userns=host" | "--cap-add=ALL"));
        let privileged = rest.iter().any(|word| word.starts_with("--privileged"));
        return starts && (mounts || (privileged && host));
    }
    let program = words
        .first()
        .map(|word| word.rsplit('/').next().unwrap_or(word));
    match program {
        Some("nsenter") => words
            .iter()
            .any(|word| matches!(*word, "1" | "-t1" | "--target=1")),
        Some("fodhelper" | "fodhelper.exe" | "computerdefaults.exe") => true,
        _ => false,
    }
}
