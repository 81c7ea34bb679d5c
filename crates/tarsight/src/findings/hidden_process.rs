//! A process is started so that nobody sees it, without anybody asking.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "hidden-process",
    title: "Starts a process that nobody sees",
    severity: Severity::High,
    summary: "While it is installed or imported, the package starts a process that lives on by itself and throws its output away. Installers show what they do and wait for it.",
    advice: "Look at what the process runs; if that cannot be explained, do not install it. If it already ran, look for it among the processes of the machine and stop it.",
    benign_when: "It starts its own background service, such as a daemon that caches builds, and its documentation says so.",
    references: &["CWE-506", "T1106", "T1564.003"],
    examples: &[
        Example {
            name: "an import starts a hidden Node",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore", windowsHide: true }).unref();"#,
                ),
            ],
        },
        Example {
            name: "an install script leaves a script running in the background",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"nohup node w.js > /dev/null 2>&1 &"}}"#,
                ),
                ("w.js", "setInterval(() => {}, 1000);"),
            ],
        },
        Example {
            name: "an installer starts a build in sight",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"install":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawnSync("make", ["all"], { stdio: "inherit" });"#,
                ),
            ],
        },
        Example {
            name: "a command looks for updates in the background",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawn(process.execPath, [__dirname + "/check.js"], { detached: true, stdio: "ignore" }).unref();"#,
                ),
                ("check.js", "console.log(1);"),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let target = behaviour.target.as_deref().unwrap_or("a program");
        let hides = match behaviour.what.id {
            "process.hidden" => true,
            "process.exec" | "process.spawn" => {
                runs_on_install(behaviour.reach) && lives_on(target)
            }
            _ => false,
        };
        if !hides || !judge::is_unasked(behaviour.reach) {
            continue;
        }
        let message = format!("starts {target} out of sight");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        if !runs_on_install(behaviour.reach) {
            finding.confidence = Confidence::Medium;
        }
        if runs_own_file(target) {
            let note = "what it runs is a file of the package, and is judged itself".to_owned();
            finding.lower(Severity::Medium, "own-file", note);
        }
        found.push(finding);
    }
}

/// Whether a line for a shell takes its command out of sight.
fn lives_on(line: &str) -> bool {
    let plain = line.trim();
    let starts = plain
        .split(['|', ';', '&'])
        .map(str::trim_start)
        .any(|command| command.starts_with("nohup ") || command.starts_with("setsid "));
    starts && (plain.contains("/dev/null") || plain.ends_with('&'))
}

/// Whether the child is a file that the package brings.
fn runs_own_file(command: &str) -> bool {
    let mut words = command.split_whitespace();
    // Options of the parent are handed on: `process.execArgv`.
    while let Some(word) = words.next() {
        match word {
            "-r" | "--require" | "--import" | "--loader" => drop(words.next()),
            "node" | "<?>" => {}
            word if word.starts_with("--") => {}
            word => return word.starts_with("<package>/"),
        }
    }
    false
}
