//! A miner is started.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, host};
use crate::api::targets;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "coin-miner",
    title: "Mines coins on the machine",
    severity: Severity::High,
    summary: "The package starts a program with the options of a miner: a pool to work for, a wallet, a share of the processor.",
    advice: "Don't install it. If it ran, look for the program among the processes of the machine.",
    benign_when: "It is a wrapper for a miner, and its user starts it.",
    references: &["CWE-400", "CWE-506", "T1496"],
    examples: &[
        Example {
            name: "an install script works for a pool",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"./worker -o stratum+tcp://pool.invalid:3333 -u WALLET"}}"#,
            )],
        },
        Example {
            name: "a library speaks to a pool as soon as it is loaded",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const socket = require("net").connect(3333, "pool.invalid");
const say = (method, params) => socket.write(JSON.stringify({ id: 1, method, params }) + "\n");
say("mining.subscribe", []);
say("mining.authorize", ["WALLET", "x"]);"#,
                ),
            ],
        },
        Example {
            name: "a client for the pool that its caller names",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.connect = (port, host) => {
  const socket = require("net").connect(port, host);
  socket.write(JSON.stringify({ method: "mining.subscribe" }));
  socket.write(JSON.stringify({ method: "mining.authorize" }));
};"#,
                ),
            ],
        },
        Example {
            name: "a command tells a tool where to write",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node-gyp rebuild -o build -u x"}}"#,
            )],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

/// Options and schemes that only miners have, by their documentation.
const SIGNS: [&str; 9] = [
    "stratum+tcp://",
    "stratum+ssl://",
    "stratum1+tcp://",
    "stratum2+tcp://",
    "--donate-level",
    "--randomx-mode",
    "--cpu-max-threads-hint",
    "--nicehash",
    "--coin=monero",
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let speaks = context
        .behaviours
        .iter()
        .any(|one| one.what.id == "network.mining-pool");
    for behaviour in context.behaviours {
        let connects = matches!(behaviour.what.id, "network.socket" | "network.websocket");
        let runs = matches!(behaviour.what.id, "process.exec" | "process.spawn");
        let target = behaviour.target.as_deref().unwrap_or("");
        let message = if (runs || connects) && SIGNS.iter().any(|sign| target.contains(sign)) {
            format!("works for a pool: {target}")
        } else if speaks && connects && names_host(target) {
            format!("speaks as miners do to a pool, with {target}")
        } else {
            continue;
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// Whether a target says which host is connected to.
fn names_host(target: &str) -> bool {
    host::host(target).is_some_and(|at| at.contains('.') && targets::address(&at).is_none())
}
