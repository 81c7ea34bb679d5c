//! Which part of a command a value can be: the program, or only what a program is told.

use super::package::Package;
use super::render::render_plain;
use super::sources::{Source, sources};
use super::target::{Target, tidy_path};
use super::uses::{Use, arguments_at};
use crate::api::{AimKind, Place as At};
use crate::source::kind_of;
use crate::value::ValueId;

/// Whether what a source gives is only told to programs that the code names in plain words, and
/// that run nothing of what they are told.
pub(super) fn is_only_told(
    package: &mut Package<'_>,
    one: &Use,
    effect: usize,
    given: ValueId,
) -> bool {
    let aim = one.row.effects.get(effect).and_then(|effect| effect.aim);
    let Some(aim) = aim else { return false };
    let values = arguments_at(package, aim.place, &one.args);
    let mut choices = Vec::new();
    for value in values {
        let value = package.close(value);
        choices.extend(package.terms.choices(value));
    }
    let is_in = |package: &mut Package<'_>, value: ValueId| {
        let mut found = sources(package, value).into_iter();
        found.any(|source: Source| source.value == given)
    };
    match (aim.kind, aim.place) {
        // What is in neither the program nor its arguments is in its environment or its input.
        (AimKind::Argv, At::Arg(at)) => {
            let told = one.args.get(usize::from(at) + 1).copied();
            let mut said = choices.iter().copied().chain(told);
            if !said.any(|value| is_in(package, value)) {
                return true;
            }
        }
        // Other commands that the same helper runs are not in question.
        _ => choices.retain(|&choice| is_in(package, choice)),
    }
    !choices.is_empty()
        && choices.into_iter().all(|choice| {
            let line = render_plain(package, choice);
            let line = line.trim();
            match aim.kind {
                AimKind::Argv => is_plain(line) || is_native(package, line),
                _ => !line.is_empty() && parts(line).all(is_plain),
            }
        })
}

/// Whether everything that is not known of the commands is told to programs that are known, and
/// that run nothing of what they are told: `git checkout <?>`.
pub(super) fn only_arguments(targets: &[Target]) -> bool {
    !targets.is_empty()
        && targets.iter().all(|target| {
            // An address is opened, by whatever the user has for it.
            if target.kind == AimKind::Url {
                return true;
            }
            let text = target.text.as_deref();
            text.is_some_and(|text| !text.trim().is_empty() && parts(text).all(is_plain))
        })
}

/// Whether a program is a native one that the package brings along.
fn is_native(package: &Package<'_>, program: &str) -> bool {
    let path = program.strip_prefix("<package>/").map(tidy_path);
    path.and_then(|path| {
        let file = package.archive.find(&path)?;
        Some(kind_of(&path, package.archive.bytes(file)).is_native())
    })
    .unwrap_or(false)
}

/// The simple commands of a line, as far as its operators tell.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(['&', '|', ';', '\n', '`', '(', '{'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn is_plain(part: &str) -> bool {
    let program = part.split_whitespace().next().unwrap_or("");
    let program = program.trim_matches(['"', '\'']);
    // An address is opened, by whatever the user has for it.
    if program.starts_with("https://") || program.starts_with("http://") {
        return true;
    }
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let name = name.trim_end_matches(".exe").to_ascii_lowercase();
    if name == "start" {
        let told = part.split_whitespace().skip(1);
        let mut told = told.map(|word| word.trim_matches(['"', '\'']));
        return told.all(|word| word.starts_with("https://") || word.starts_with("http://"));
    }
    let is_known = !name.is_empty() && !program.contains(['<', '$', '%', '=']);
    is_known && (!CARRIERS.contains(&name.as_str()) || asks_registry(&name, part))
}

/// Whether a package manager only asks or fetches: nothing is installed or run.
fn asks_registry(program: &str, part: &str) -> bool {
    const ASKS: [&str; 7] = ["info", "pack", "ping", "search", "show", "view", "whoami"];
    let command = part.split_whitespace().nth(1).unwrap_or("");
    matches!(program, "npm" | "pnpm") && ASKS.contains(&command)
}

/// Programs that look at what they are told, or keep it, and neither run nor unpack it.
const READERS: [&str; 6] = ["file", "git", "ls", "md5sum", "sha256sum", "shasum"];

/// Whether a file only goes to programs of a command that look at it.
pub(super) fn only_reads(command: &str, path: &str) -> bool {
    parts(command)
        .filter(|part| part.contains(path))
        .all(|part| {
            let program = part.split_whitespace().next().unwrap_or("");
            let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
            READERS.contains(&name.trim_end_matches(".exe"))
        })
}

/// Programs that run, load or install what they are told.
const CARRIERS: &[&str] = &[
    ".",
    "ash",
    "awk",
    "bash",
    "bun",
    "bunx",
    "cargo",
    "cmd",
    "command",
    "cscript",
    "csh",
    "dash",
    "deno",
    "docker",
    "doas",
    "electron",
    "env",
    "eval",
    "exec",
    "find",
    "fish",
    "gem",
    "go",
    "java",
    "ksh",
    "lua",
    "make",
    "mshta",
    "msiexec",
    "node",
    "nodejs",
    "nohup",
    "npm",
    "npx",
    "osascript",
    "parallel",
    "perl",
    "php",
    "pip",
    "pip3",
    "pipx",
    "pnpm",
    "podman",
    "powershell",
    "pwsh",
    "python",
    "python2",
    "python3",
    "regsvr32",
    "ruby",
    "rundll32",
    "setsid",
    "sh",
    "source",
    "ssh",
    "start",
    "su",
    "sudo",
    "time",
    "timeout",
    "ts-node",
    "tsx",
    "uv",
    "uvx",
    "watch",
    "wine",
    "wscript",
    "xargs",
    "yarn",
    "zsh",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OriginSet;

    fn only(text: &str) -> bool {
        only_arguments(&[Target {
            kind: AimKind::Command,
            text: Some(text.into()),
            origins: OriginSet::EMPTY,
            value: None,
        }])
    }

    #[test]
    fn known_programs_are_told_something() {
        assert!(only("git checkout <?>"));
        assert!(only("https://vendor.example/connect/<?>"));
        assert!(only("cd <package>/x && /usr/bin/open <?>"));
        assert!(only("npm view <?> versions"));
    }

    #[test]
    fn programs_that_are_not_known_or_pass_on_are_not_plain() {
        for text in [
            "<?>",
            "<?> --version",
            "sh -c <?>",
            "sudo <?>",
            "cd /tmp && <?>",
            "C:\\Windows\\PowerShell.exe -Command <?>",
            "npm install <?>",
            "echo $(<?>)",
            "$SHELL <?>",
            "A=1 <?>",
            "",
        ] {
            assert!(!only(text), "{text}");
        }
        assert!(!only_arguments(&[]));
    }
}
