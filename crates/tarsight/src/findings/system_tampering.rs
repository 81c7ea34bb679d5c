//! Commands that change how the machine guards itself or what it starts.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "system-tampering",
    title: "Changes how the machine guards itself",
    severity: Severity::High,
    summary: "While it is installed or imported, the package runs a command that tells the virus scanner to look away, empties the firewall, loads a part of the kernel, makes the machine run somebody's build jobs, restarts a process whenever it ends, asks for the password of the system, or turns the machine off.",
    advice: "Don't install it. If it ran, undo what the command did.",
    benign_when: "A tool for administrators does what its user asks for.",
    references: &["CWE-506", "T1489", "T1529", "T1543", "T1547.006", "T1562"],
    examples: &[
        Example {
            name: "an install script registers a runner for somebody's jobs",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"./config.sh --url https://forge.invalid/o/r --unattended --token ABC --name x"}}"#,
            )],
        },
        Example {
            name: "an install script takes a folder out of a scanner's view",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"powershell -Command \"Add-MpPreference -ExclusionPath C:\\tmp\""}}"#,
            )],
        },
        Example {
            name: "an install script looks at the firewall",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"iptables -L || true"}}"#,
            )],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

/// A program, words that all stand behind it, and what that does; letter case aside.
const COMMANDS: [(&str, &[&str], &str); 24] = [
    (
        "osascript",
        &["hidden", "answer"],
        "asks for a password in a window of the system",
    ),
    (
        "zenity",
        &["--password"],
        "asks for a password in a window of the system",
    ),
    (
        "kdialog",
        &["--password"],
        "asks for a password in a window of the system",
    ),
    ("dscl", &["-authonly"], "tries passwords"),
    (
        "config.sh",
        &["--url", "--token"],
        "makes the machine a runner of somebody's jobs",
    ),
    (
        "config.cmd",
        &["--url", "--token"],
        "makes the machine a runner of somebody's jobs",
    ),
    (
        "add-mppreference",
        &["-exclusionpath"],
        "takes files out of a scanner's view",
    ),
    (
        "set-mppreference",
        &["-disablerealtimemonitoring"],
        "switches a scanner off",
    ),
    (
        "set-mppreference",
        &["-exclusionpath"],
        "takes files out of a scanner's view",
    ),
    (
        "netsh",
        &["advfirewall", "off"],
        "switches the firewall off",
    ),
    ("iptables", &["-f"], "empties the firewall"),
    ("ufw", &["disable"], "switches the firewall off"),
    ("setenforce", &["0"], "switches a guard of the kernel off"),
    ("insmod", &[], "loads a part of the kernel"),
    ("modprobe", &[], "loads a part of the kernel"),
    ("pm2", &["start"], "keeps a process alive"),
    ("forever", &["start"], "keeps a process alive"),
    ("shutdown", &[], "turns the machine off"),
    ("halt", &[], "turns the machine off"),
    ("poweroff", &[], "turns the machine off"),
    (
        "spctl",
        &["--master-disable"],
        "switches a guard of macOS off",
    ),
    ("wevtutil", &["cl"], "empties the log"),
    ("vssadmin", &["delete", "shadows"], "deletes backups"),
    ("taskkill", &["msmpeng"], "ends a scanner"),
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let runs = matches!(behaviour.what.id, "process.exec" | "process.spawn");
        if !runs || !judge::is_unasked(behaviour.reach) {
            continue;
        }
        let command = behaviour.target.as_deref().unwrap_or("");
        let Some(what) = tampers(command) else {
            continue;
        };
        let message = format!("{what}: {command}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

fn tampers(command: &str) -> Option<&'static str> {
    let line = command.to_ascii_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '|' | '&'))
        .filter(|word| !word.is_empty())
        .collect();
    let first = words.iter().position(|word| {
        !matches!(
            *word,
            "sudo" | "powershell" | "powershell.exe" | "-command" | "-c" | "cmd" | "/c"
        )
    })?;
    let program = words.get(first)?.rsplit(['/', '\\']).next()?;
    let program = program.trim_end_matches(".exe");
    let rest = words.get(first + 1..).unwrap_or(&[]);
    COMMANDS
        .iter()
        .find(|(name, needs, _)| {
            program == *name
                && needs
                    .iter()
                    .all(|need| rest.iter().any(|word| word.contains(need)))
        })
        .map(|(_, _, what)| *what)
}
