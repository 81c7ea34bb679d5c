//! The package removes its own traces.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::behaviours::Behaviour;
use crate::manifest::MANIFEST;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "self-deletion",
    title: "Removes its own traces",
    severity: Severity::High,
    summary: "While it is installed or imported, the package deletes the very file that is running, or replaces its own manifest. Who looks later finds a package that never did anything.",
    advice: "Look at the tarball, not at the installed folder: `npm pack NAME@VERSION` fetches it without running anything.",
    benign_when: "An installer deletes archives that it has unpacked; those are not the code that runs.",
    references: &["CWE-506", "T1070.004"],
    examples: &[
        Example {
            name: "an install script deletes its script",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                ("i.js", r#"require("fs").unlinkSync(__filename);"#),
            ],
        },
        Example {
            name: "an install script puts another manifest in place of its own",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
fs.unlinkSync(path.join(__dirname, "package.json"));
fs.renameSync(path.join(__dirname, "package.md"), path.join(__dirname, "package.json"));"#,
                ),
            ],
        },
        Example {
            name: "an install script deletes the archive that it fetched",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"require("fs").unlinkSync(require("path").join(__dirname, "build.tgz"));"#,
                ),
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
        if !matches!(behaviour.what.id, "fs.delete" | "fs.move")
            || !judge::is_unasked(behaviour.reach)
        {
            continue;
        }
        let Some(path) = removed(context, behaviour) else {
            continue;
        };
        let message = format!("removes {path}, which is part of what runs");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// The file, if it is the one that the code stands in, or the manifest.
fn removed<'a>(context: &Context<'_>, behaviour: &'a Behaviour) -> Option<&'a str> {
    let target = behaviour.target.as_deref()?;
    let path = target.strip_prefix("<package>/").or_else(|| {
        // A hook runs in the folder of its package.
        let is_relative = !target.contains(['/', '<', '~']);
        (is_relative && runs_on_install(behaviour.reach)).then_some(target)
    })?;
    let is_own = |site: &crate::value::Place| context.archive.path(site.file) == path;
    (path == MANIFEST || behaviour.sites.iter().any(is_own)).then_some(target)
}
