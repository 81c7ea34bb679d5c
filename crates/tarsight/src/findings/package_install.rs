//! Another package is installed while this one is.

use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::behaviours::Behaviour;
use crate::manifest::Manifest;
use crate::model::{Confidence, Origin, Severity, SurfaceKind};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "package-install",
    title: "Installs another package by itself",
    severity: Severity::High,
    summary: "An install hook, or code that runs on import, makes a package manager install something that the manifest does not name. Lock files and reviews of the dependencies don't see it.",
    advice: "Ask why it is no dependency. Look at that package as if it were part of this one.",
    benign_when: "An installer fetches the build of its own for this platform, at its own version.",
    references: &["CWE-506", "CWE-829", "T1195.002", "T1059"],
    examples: &[
        Example {
            name: "an install script installs a command for the whole machine",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"npm install -g other@latest"}}"#,
            )],
        },
        Example {
            name: "a module installs another one in silence on import",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").execSync("npm i socket-thing --no-save --silent", { stdio: "ignore" });"#,
                ),
            ],
        },
        Example {
            name: "an installer fetches its own platform's build",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"tool","version":"1.2.0","scripts":{"postinstall":"node i.js"},"optionalDependencies":{"@tool/linux-x64":"1.2.0"}}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").execSync("npm install --no-save @tool/linux-x64@1.2.0");"#,
                ),
            ],
        },
        Example {
            name: "a module installs the build for another platform, of its own scope",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"tool","version":"1.2.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").execSync("npm install --no-save @tool/wasm@1.2.0");"#,
                ),
            ],
        },
        Example {
            name: "a command installs what its user names",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").execSync("npm install " + process.argv[2]);"#,
                ),
            ],
        },
        Example {
            name: "an install script installs the dependencies of a folder",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"cd app && npm install"}}"#,
            )],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let reach = behaviour.reach;
        let unasked = reach.loads_on(SurfaceKind::Install) || reach.loads_on(SurfaceKind::Import);
        if behaviour.what.id != "module.install" || !unasked {
            continue;
        }
        found.extend(of(context.manifest, behaviour));
    }
    // Of several things that one place may install, those with a name say more.
    let named: Vec<Place> = found
        .iter()
        .filter(|one| one.what.id == FINDING.id && !one.parts.iter().any(|part| is_unnamed(part)))
        .flat_map(|one| one.evidence.clone())
        .collect();
    found.retain(|one| {
        let is_vague = one.what.id == FINDING.id && one.parts.iter().any(|part| is_unnamed(part));
        !is_vague || one.evidence.iter().any(|place| !named.contains(place))
    });
}

/// Whether nothing of a package's name is known, whatever its version.
fn is_unnamed(target: &str) -> bool {
    target.starts_with("<?>@") || target.starts_with("<param>@")
}

fn of(manifest: &Manifest, behaviour: &Behaviour) -> Option<Finding> {
    let target = behaviour.target.as_deref()?;
    let name = name_of(target)?;
    let message = format!("installs {target}");
    let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
    if behaviour.origin.has(Origin::Parameter) || behaviour.origin.has(Origin::Unknown) {
        finding.confidence = Confidence::Medium;
    }
    let own = manifest.name.as_deref().unwrap_or("");
    let is_named = manifest
        .dependencies
        .iter()
        .any(|one| one.name == name && one.kind.as_str() != "devDependencies");
    if is_named || is_build_of(manifest, own, name) {
        let note = format!("the manifest lists {name}, so that npm installs it anyway");
        finding.lower(Severity::Low, "declared-dependency", note);
    }
    if name == own {
        let note = format!("{name} is the package itself");
        finding.lower(Severity::Medium, "declared-dependency", note);
    }
    if is_kin(own, name) {
        let note = format!("{name} is below the package's own name or in its own scope");
        finding.lower(Severity::Medium, "own-family", note);
    }
    if !runs_on_install(behaviour.reach) && behaviour.origin.has(Origin::Parameter) {
        let note = "the caller says what is installed".to_owned();
        finding.lower(Severity::Low, "callers-package", note);
    }
    Some(finding)
}

/// Whether a name that hangs on the machine is one of the package's own builds: in its scope, and
/// the optional dependencies that begin like it are of that scope alone.
fn is_build_of(manifest: &Manifest, own: &str, name: &str) -> bool {
    let Some((known, _)) = name.split_once('<') else {
        return false;
    };
    let mut optional = manifest
        .dependencies
        .iter()
        .filter(|one| one.kind.as_str() == "optionalDependencies");
    is_kin(own, name) && optional.any(|one| one.name.starts_with(known))
}

/// Whether a package is in the scope of another or in a scope of its name.
fn is_kin(own: &str, other: &str) -> bool {
    let scope = |name: &str| {
        let (scope, _) = name.strip_prefix('@')?.split_once('/')?;
        Some(scope.to_owned())
    };
    let theirs = scope(other);
    theirs.is_some() && (theirs == scope(own) || theirs.as_deref() == Some(own))
}

/// The package's name without version; `None` for a folder or what is not resolved at all.
fn name_of(target: &str) -> Option<&str> {
    let target = target.trim();
    let is_path = target.starts_with(['.', '/', '~']) || target.starts_with("<package>");
    if target.is_empty() || is_path || target == "<?>" || target == "<param>" {
        return None;
    }
    let from = usize::from(target.starts_with('@'));
    let end = target.get(from..)?.find('@').map(|at| at + from);
    target.get(..end.unwrap_or(target.len()))
}
