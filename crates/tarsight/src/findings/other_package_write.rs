//! Files of another package are changed.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::behaviours::Behaviour;
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "other-package-write",
    title: "Changes the files of another package",
    severity: Severity::Critical,
    summary: "The package writes into the folder of another installed package or of the package manager. The change stays when this package is removed, and no lock file shows it.",
    advice: "If you did not ask for another package to be patched, do not install it. If it already ran, delete `node_modules` and install again without this package: then the other one is what its author published.",
    benign_when: "A tool for patching dependencies, with the patches of the project that uses it.",
    references: &["CWE-506", "T1554", "T1574"],
    examples: &[
        Example {
            name: "an install script replaces a file of a neighbour",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
fs.writeFileSync(path.join(__dirname, "..", "other", "index.js"), "module.exports = 1;");"#,
                ),
            ],
        },
        Example {
            name: "code adds to the main file of a package that it resolves",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("fs").appendFileSync(require.resolve("other/lib/x.js"), "console.log(1)");"#,
                ),
            ],
        },
        Example {
            name: "a cache below node_modules",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
fs.writeFileSync(path.join(process.cwd(), "node_modules", ".cache", "a.json"), "{}");"#,
                ),
            ],
        },
        Example {
            name: "its own folder, by way of the parent",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node lib/i.js"}}"#,
                ),
                (
                    "lib/i.js",
                    r#"const fs = require("fs"), path = require("path");
fs.writeFileSync(path.join(__dirname, "..", "built", "index.js"), "module.exports = 1;");"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Medium,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let own = context.manifest.name.as_deref().unwrap_or("");
    for behaviour in context.behaviours {
        if behaviour.what.id != "fs.write" {
            continue;
        }
        let Some((path, other)) = target(behaviour, own) else {
            continue;
        };
        let message = format!("writes to {path}, which belongs to {other}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// The path and the package that it belongs to, if that is another one.
fn target<'a>(behaviour: &'a Behaviour, own: &str) -> Option<(&'a str, String)> {
    let path = behaviour.target.as_deref()?;
    if behaviour.origin.has(Origin::Parameter) {
        return None;
    }
    let other = neighbour(path).or_else(|| in_modules(path))?;
    (other != own).then_some((path, other))
}

/// `<package>/../NAME/…`: beside the package's own folder.
fn neighbour(path: &str) -> Option<String> {
    let mut depth = 0_i32;
    let mut parts = path.strip_prefix("<package>/")?.split('/');
    for part in parts.by_ref() {
        depth += match part {
            ".." => -1,
            "." | "" => 0,
            // A file beside the package is no package.
            _ if depth < 0 => {
                let other = name(part, &mut parts)?;
                return parts.next().map(|_| other);
            }
            _ => 1,
        };
        if depth < -1 {
            return None;
        }
    }
    None
}

/// `…/node_modules/NAME/…`
fn in_modules(path: &str) -> Option<String> {
    let (before, rest) = path.rsplit_once("node_modules/")?;
    // What it brings in its own folder is its own.
    if before.starts_with("<package>/") && !before.contains("..") || before.starts_with("<tmp>") {
        return None;
    }
    let mut parts = rest.split('/');
    let first = parts.next()?;
    name(first, &mut parts)
}

fn name<'a>(first: &str, rest: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    // A folder that begins with a dot is nobody's.
    if first.is_empty() || first.starts_with('.') || first == "<?>" {
        return None;
    }
    if first.starts_with('@') {
        return Some(format!("{first}/{}", rest.next()?));
    }
    Some(first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_beside_the_own_folder() {
        let of = |path: &str| neighbour(path);
        assert_eq!(of("<package>/../other/lib/x.js").as_deref(), Some("other"));
        assert_eq!(of("<package>/lib/../../@s/o/x.js").as_deref(), Some("@s/o"));
        assert_eq!(of("<package>/lib/../built/x.js"), None);
        assert_eq!(of("<package>/../../package.json"), None);
        assert_eq!(of("<package>/../x.js"), None);
    }

    #[test]
    fn folders_of_modules_name_their_package() {
        assert_eq!(
            in_modules("<cwd>/node_modules/other/index.js").as_deref(),
            Some("other")
        );
        assert_eq!(in_modules("<cwd>/node_modules/.cache/x.json"), None);
        assert_eq!(in_modules("<package>/node_modules/own/x.js"), None);
    }
}
