//! A write to a file that runs later, or that steers a coding agent.

use std::collections::BTreeMap;

use super::{Context, Declaration, Example, Finding, judge, only_called_by_tools, runs_on_install};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Severity, SurfaceKind, Trigger};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "persistence-write",
    title: "Writes to a file that runs later or steers an agent",
    severity: Severity::Critical,
    summary: "The package writes to a shell start file, a git hook, a service or start-up folder, a workflow, an editor task or the configuration of a coding agent: places from which code runs after the package is gone.",
    advice: "If you did not ask this package to set that up, do not install it. If it already ran, open the file that the message names on your machine and take out what was added.",
    benign_when: "A command that the user runs to set this very thing up says what it writes, and asks.",
    references: &["CWE-506", "T1053", "T1543", "T1546", "T1546.004"],
    examples: &[
        Example {
            name: "an install script adds to the shell's start file",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), path = require("path");
fs.appendFileSync(path.join(os.homedir(), ".bashrc"), "echo hello\n");"#,
                ),
            ],
        },
        Example {
            name: "a function writes settings into the folder that its caller names",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
exports.prepare = (root) => fs.writeFileSync(path.join(root, ".yarnrc.yml"), "nodeLinker: pnp\n");"#,
                ),
            ],
        },
        Example {
            name: "an install script adds to the shell's start file",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"echo 'alias x=y' | tee -a \"$HOME/.zshrc\""}}"#,
            )],
        },
        Example {
            name: "a switch for starting with the system",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os");
const file = os.homedir() + "/.config/autostart/tool.desktop";
exports.enable = (command) => fs.writeFileSync(file, "[Desktop Entry]\nExec=" + command);
exports.disable = () => fs.rmSync(file);"#,
                ),
            ],
        },
        Example {
            name: "a command sets up the hooks of the repository where it runs",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs");
fs.writeFileSync(".husky/pre-commit", "npm test\n");
fs.writeFileSync(".husky/pre-push", "npm test\n");"#,
                ),
            ],
        },
        Example {
            name: "an install script writes into its own folder",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"require("fs").writeFileSync(require("path").join(__dirname, "built.json"), "{}");"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut all: Vec<Finding> = Vec::new();
    for behaviour in context.behaviours {
        if behaviour.what.id == "fs.write"
            && let Some(path) = &behaviour.target
            && !path.starts_with("<tmp>")
        {
            let finding = of_path(behaviour, path);
            let finding = finding.map(|finding| by_script(context, finding));
            let finding = finding.map(|finding| by_question(context, finding));
            let finding = finding.map(|finding| by_completion(context, finding));
            all.extend(finding.map(|finding| by_undo(context, path, finding)));
        }
    }
    found.extend(together(all));
}

/// Places of one kind that are written at once are one finding: all hooks of a repository.
fn together(all: Vec<Finding>) -> Vec<Finding> {
    /// Paths that a message names.
    const NAMED: usize = 3;
    let mut groups: BTreeMap<_, Vec<Finding>> = BTreeMap::new();
    for finding in all {
        let class = finding.parts.get(1).cloned().unwrap_or_default();
        let key = (class, finding.severity, format!("{:?}", finding.reach));
        groups.entry(key).or_default().push(finding);
    }
    let mut merged = Vec::new();
    for ((class, ..), group) in groups {
        let mut group = group.into_iter();
        let Some(mut first) = group.next() else {
            continue;
        };
        first.parts.truncate(1);
        for other in group {
            first.parts.extend(other.parts.into_iter().take(1));
            first.evidence.extend(other.evidence);
        }
        first.parts.sort_unstable();
        first.parts.dedup();
        first.evidence.sort_unstable();
        first.evidence.dedup();
        let more = first.parts.len().saturating_sub(NAMED);
        if first.parts.len() > 1 {
            let names = first.parts.get(..NAMED).unwrap_or(&first.parts).join(", ");
            let rest = match more {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            first.message = format!("writes to {names}{rest} ({class})");
        }
        merged.push(first);
    }
    merged
}

/// Whether a path lies in the folder where somebody works.
fn is_in_project(path: &str) -> bool {
    let is_relative = !path.starts_with(['/', '~', '<']) && !path.contains(':');
    (path.starts_with("<cwd>") || is_relative) && !path.split('/').any(|part| part == "..")
}

/// What somebody has to call, in a package that asks its user questions, may be agreed to.
fn by_question(context: &Context<'_>, mut finding: Finding) -> Finding {
    let asks = context.behaviours.iter().any(|one| {
        let question = one.target.as_deref().unwrap_or("");
        one.what.id == "process.input" && question.contains('?') && !one.reach.is_dormant()
    });
    if asks && !judge::is_unasked(finding.reach) {
        let note = "the package asks its user questions".to_owned();
        finding.lower(Severity::Medium, "asks-first", note);
    }
    finding
}

/// What somebody has to call, and is about completing commands, tells the shell of those.
fn by_completion(context: &Context<'_>, mut finding: Finding) -> Finding {
    const WORDS: [&[u8]; 4] = [b"compdef", b"complete -", b"COMP_", b"ArgumentCompleter"];
    let completes = |place: &Place| {
        let text = context.archive.bytes(place.file);
        let says = |word: &&[u8]| memchr::memmem::find(text, word).is_some();
        context.archive.path(place.file).contains("completion") || WORDS.iter().any(says)
    };
    let is_shell = finding.parts.get(1).map(String::as_str) == Some("persistence.shell-start");
    if is_shell && !judge::is_unasked(finding.reach) && finding.evidence.iter().all(completes) {
        let note = "the code around it is about completing commands in the shell".to_owned();
        finding.lower(Severity::Medium, "shell-completion", note);
    }
    finding
}

/// What somebody has to call, and another call takes out again, is a switch.
fn by_undo(context: &Context<'_>, path: &str, mut finding: Finding) -> Finding {
    let takes_out = |target: &str| {
        let rest = target.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_registry = path.ends_with("/registry-run");
    let undone = context.behaviours.iter().any(|one| {
        let target = one.target.as_deref().unwrap_or("");
        match one.what.id {
            "fs.delete" => takes_out(target),
            "process.exec" | "process.spawn" => is_registry && cleans_registry(target),
            _ => false,
        }
    });
    let is_asked = !judge::is_unasked(finding.reach) && !finding.reach.is_dormant();
    if undone && is_asked {
        let note = "another function of the package takes it out again".to_owned();
        finding.lower(Severity::Low, "undoable", note);
    }
    finding
}

/// Whether a command takes a program out of those that Windows starts.
fn cleans_registry(command: &str) -> bool {
    let command = command.to_ascii_lowercase();
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("");
    program.trim_end_matches(".exe").ends_with("reg")
        && words.next() == Some("delete")
        && command.contains("currentversion\\run")
}

/// A shell script that nothing starts is a recipe for somebody's machine.
fn by_script(context: &Context<'_>, mut finding: Finding) -> Finding {
    let mut files = finding.evidence.iter().map(|place| place.file);
    if finding.reach.is_dormant() && files.all(|file| judge::is_script(context, file)) {
        let note = "nothing of the package starts this script".to_owned();
        finding.lower(Severity::Low, "dormant", note);
    }
    finding
}

fn of_path(behaviour: &Behaviour, path: &str) -> Option<Finding> {
    // Files of its own are delivered, not planted.
    if path.starts_with("<package>") {
        return None;
    }
    let place = targets::persistence_path(path)?;
    let reach = behaviour.reach;
    let mut finding = Finding {
        what: &FINDING,
        severity: FINDING.severity,
        confidence: Confidence::High,
        message: format!("writes to {path} ({})", place.id),
        reach,
        evidence: behaviour.sites.clone(),
        mitigations: Vec::new(),
        // The class only groups: what is written makes it this finding.
        parts: vec![path.to_owned(), place.id.to_owned()],
    };
    if only_called_by_tools(reach) {
        let note = "a recipe or a workflow that waits for its tool".to_owned();
        finding.lower(Severity::Low, "waits-for-tool", note);
    }
    if !runs_on_install(reach) {
        let by_import = reach.get(SurfaceKind::Import);
        // Tools set up workflows and agents when asked; nobody asks for these.
        let is_hidden = place.id.starts_with("persistence.");
        // What a command may reach, its user asked for.
        let is_asked = reach.get(SurfaceKind::Bin).is_some();
        let (at_most, note) = if by_import == Some(Trigger::Load)
            || (by_import.is_some() && is_hidden && !is_asked && !is_in_project(path))
        {
            (Severity::High, "it does not run on install")
        } else {
            (
                Severity::Medium,
                "somebody has to run a command or call a function",
            )
        };
        finding.lower(at_most, "not-on-install", note.to_owned());
    }
    let root = path.split('/').next().unwrap_or("");
    let is_open = matches!(root, "<param>" | "<?>");
    if is_open && !reach.loads_on(SurfaceKind::Install) {
        let note = match root {
            "<param>" => "the caller says in which folder",
            _ => "the folder is not resolved",
        };
        finding.lower(Severity::Medium, "folder-not-fixed", note.to_owned());
    }
    Some(finding)
}
