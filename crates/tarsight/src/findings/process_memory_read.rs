//! The memory of another process is read.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "process-memory-read",
    title: "Reads the memory of another process",
    severity: Severity::Critical,
    summary: "The package reads `/proc/PID/mem`, `/proc/PID/maps` or `/proc/PID/environ` of a process that is not its own. On build machines the process that runs the jobs keeps all secrets there.",
    advice: "If it ran on a build machine, revoke every secret that its jobs could use.",
    benign_when: "It is a debugger or a profiler, and the user names the process.",
    references: &["CWE-506", "T1003.007", "T1057"],
    examples: &[
        Example {
            name: "an install script looks through the memory of all processes",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs");
for (const pid of fs.readdirSync("/proc")) {
  try { fs.openSync(`/proc/${pid}/mem`, "r"); } catch {}
}"#,
                ),
            ],
        },
        Example {
            name: "its own memory map",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.maps = () => require("fs").readFileSync("/proc/self/maps", "utf8");"#,
                ),
            ],
        },
        Example {
            name: "the status of a process that the caller names",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.status = (pid) => require("fs").readFileSync(`/proc/${pid}/status`, "utf8");"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::Medium,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let Some(target) = behaviour.target.as_deref() else {
            continue;
        };
        let message = match behaviour.what.id {
            "fs.read" if is_memory(target) => format!("reads {target}"),
            "process.exec" | "process.spawn" if dumps(target) => format!("runs {target}"),
            _ => continue,
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// Whether a path is the memory or the environment of a process that is not this one.
fn is_memory(path: &str) -> bool {
    let Some((pid, file)) = path
        .strip_prefix("/proc/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    !matches!(pid, "self" | "thread-self" | "sys" | "net" | "1")
        && matches!(file, "mem" | "environ")
}

/// Whether a command writes down the memory of a process.
fn dumps(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let program = words
        .next()
        .and_then(|word| word.rsplit(['/', '\\']).next());
    match program.map(|name| name.trim_end_matches(".exe")) {
        Some("gcore" | "procdump") => true,
        Some("rundll32") => command.contains("comsvcs") && command.contains("MiniDump"),
        Some("cat" | "dd" | "strings" | "xxd" | "grep") => words
            .map(|word| word.trim_start_matches("if="))
            .any(is_memory),
        _ => false,
    }
}
