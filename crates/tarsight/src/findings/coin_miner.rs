//! A miner is started.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
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
    for behaviour in context.behaviours {
        let runs = matches!(
            behaviour.what.id,
            "process.exec" | "process.spawn" | "network.socket"
        );
        let target = behaviour.target.as_deref().unwrap_or("");
        if !runs || !SIGNS.iter().any(|sign| target.contains(sign)) {
            continue;
        }
        let message = format!("works for a pool: {target}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
