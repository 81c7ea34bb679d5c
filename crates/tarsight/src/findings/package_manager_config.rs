//! A shipped setting makes a package manager run or load something, or trust somebody.

use super::host;
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding};
use crate::api::targets;
use crate::model::{Confidence, Severity, Trigger};
use crate::tool::{Act, Door, Leads};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "package-manager-config",
    title: "Ships settings that steer a package manager",
    severity: Severity::High,
    summary: "A setting of npm, pnpm, Yarn or Bun that comes with the package names a program to run or a file to load, sets another registry, switches a guard off, or carries a token. It works where the manager runs in that folder: a dependency from git, a template, a copied project. It works with `--ignore-scripts` too.",
    advice: "Remove the file, or read what it names. Revoke a token that was published.",
    benign_when: "A template brings the settings of a company's own registry, with a variable for the token.",
    references: &["CWE-506", "CWE-829", "T1195.001", "T1574"],
    examples: &[
        Example {
            name: "npm is told to run another git",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (".npmrc", "git=./bin/git\n"),
            ],
        },
        Example {
            name: "every Node process of a script loads a file",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (".npmrc", "node-options=--require ./x.js\n"),
                ("x.js", "exports.a = 1;"),
            ],
        },
        Example {
            name: "another registry",
            severity: Some(Severity::Medium),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (".npmrc", "registry=https://mirror.invalid/\n"),
            ],
        },
        Example {
            name: "settings of taste",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    ".npmrc",
                    "save-exact=true\nengine-strict=true\nignore-scripts=true\n",
                ),
            ],
        },
        Example {
            name: "Yarn as a project keeps it",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (".yarnrc.yml", "yarnPath: .yarn/releases/yarn-4.9.1.cjs\n"),
                (".yarn/releases/yarn-4.9.1.cjs", "exports.yarn = 1;"),
            ],
        },
    ],
    detect,
};

const TOOLS: [&str; 4] = ["bunfig", "npmrc", "pnpm-workspace", "yarn"];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for door in context
        .doors
        .iter()
        .filter(|door| TOOLS.contains(&door.tool))
    {
        for act in &door.acts {
            let Some((severity, message)) = judge(context, act) else {
                continue;
            };
            found.push(Finding {
                what: &FINDING,
                severity,
                confidence: Confidence::High,
                message: format!("{}: {message}", door.path(context.archive)),
                reach: door.reach(Trigger::Load),
                evidence: vec![place(door, act)],
                mitigations: Vec::new(),
                parts: vec![door.tool.to_owned(), act.event.clone()],
            });
        }
    }
}

fn place(door: &Door, act: &Act) -> Place {
    Place {
        file: door.file,
        span: act.span,
    }
}

fn judge(context: &Context<'_>, act: &Act) -> Option<(Severity, String)> {
    let (key, target) = (act.event.as_str(), act.target.as_str());
    match act.does {
        // Where these are kept is where Yarn itself puts them.
        "code.module-load" if key == "yarnPath" || key == "yarn-path" || key == "plugins" => {
            let usual = target.contains(".yarn/releases/") || target.contains(".yarn/plugins/");
            (!usual).then(|| (Severity::High, format!("{key} loads {target}")))
        }
        // The file is read as code of its own, and judged by what it does.
        "code.module-load" if matches!(key, "pnpmfile" | "globalPnpmfile" | "preload") => None,
        _ if act.leads != Leads::Nowhere => {
            Some((Severity::High, format!("{key} makes it run {target}")))
        }
        "environment.write" if target.contains("--require") || target.contains("--import") => {
            Some((
                Severity::High,
                format!("{key} makes every script load code: {target}"),
            ))
        }
        "tool.registry" => {
            let url = target.split_once('=').map_or(target, |(_, url)| url);
            match context.home.whose(url) {
                Some(Whose::Own | Whose::Registry | Whose::Local) | None => None,
                Some(Whose::Foreign) => {
                    let at = host::host(url).unwrap_or_default();
                    let bare = targets::address(&at).is_some() || url.starts_with("http://");
                    let severity = if bare {
                        Severity::High
                    } else {
                        Severity::Medium
                    };
                    Some((
                        severity,
                        format!("packages come from another place: {target}"),
                    ))
                }
            }
        }
        "tool.permission" => Some((
            Severity::Medium,
            format!("a guard is switched off: {target}"),
        )),
        "tool.setting" => Some((
            Severity::Medium,
            format!("settings come from elsewhere: {target}"),
        )),
        "credential.shipped" if target.ends_with("(literal)") => {
            Some((Severity::Medium, format!("a token is published: {key}")))
        }
        _ => None,
    }
}
