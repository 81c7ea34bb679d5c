//! Which package manager runs which hook of a dependency by itself, with its defaults of
//! November 2026.
//!
//! Measured with npm 11.19 and 12.2, pnpm 12.21, Yarn 4.18, Bun 1.4 and Deno 2.9; Yarn 1 by its
//! documentation. npm 12 asks for `allowScripts`, pnpm for `allowBuilds`, Yarn 4 for
//! `dependenciesMeta.*.built`, Bun for `trustedDependencies`, Deno for `allowScripts`.

use crate::model::{Managers, Outcome, SurfaceKind};

use Outcome::{Blocked, Never, Runs};

/// npm 11, npm 12, pnpm, Yarn 1, Yarn 4, Bun, Deno.
type Row = [Outcome; 7];

/// A hook of a registry's package.
const INSTALL: Row = [Runs, Blocked, Blocked, Runs, Blocked, Blocked, Blocked];

/// A hook of a dependency from git, which is built before it is used. npm 12 does not take such
/// dependencies unless `allow-git` says so; Deno has none.
const FROM_GIT: Row = [Runs, Blocked, Blocked, Runs, Blocked, Blocked, Never];

/// As [`FROM_GIT`], but npm does not run it.
const PACK: Row = [Never, Never, Blocked, Runs, Blocked, Never, Never];

/// Of a project, never of a dependency in a registry; npm runs it in the clone that it builds
/// for a dependency from git.
const OWN_INSTALL: Row = [Runs, Blocked, Never, Never, Never, Never, Never];

/// Hook → what each manager does.
const HOOKS: &[(&str, Row)] = &[
    ("preinstall", INSTALL),
    ("install", INSTALL),
    ("postinstall", INSTALL),
    ("dependencies", OWN_INSTALL),
    ("prepublish", FROM_GIT),
    ("preprepare", FROM_GIT),
    ("prepare", FROM_GIT),
    ("postprepare", FROM_GIT),
    ("prepack", PACK),
];

/// Read in the project that is installed, never in a dependency.
const OWN_SETTINGS: Row = [Never; 7];

/// npm builds a dependency from git in a clone, and obeys the settings there, which may name the
/// programs that it runs.
const SETTINGS_FROM_GIT: Row = [Runs, Blocked, Never, Never, Never, Never, Never];

/// Files of package managers, by the name of their surface → what each does with them.
const FILES: &[(&str, Row)] = &[
    ("bunfig", OWN_SETTINGS),
    ("npm-extension", OWN_SETTINGS),
    ("npmrc", SETTINGS_FROM_GIT),
    ("patches", OWN_SETTINGS),
    ("pnpm-workspace", OWN_SETTINGS),
    ("pnpmfile", OWN_SETTINGS),
    ("yarn", OWN_SETTINGS),
];

/// What each manager does with a surface; `None` if that is none of theirs.
#[must_use]
pub(crate) fn of_surface(
    kind: SurfaceKind,
    hook: Option<&str>,
    name: Option<&str>,
) -> Option<Managers> {
    match (kind, name) {
        (SurfaceKind::Tool, Some(name)) => of_file(name),
        _ => of_hook(kind, hook),
    }
}

/// What each manager does with a file of its kind in a dependency.
#[must_use]
pub(crate) fn of_file(name: &str) -> Option<Managers> {
    let row = FILES.iter().find(|(known, _)| *known == name)?;
    Some(managers(row.1))
}

/// Hooks that package managers run by themselves.
pub(crate) fn hooks() -> impl Iterator<Item = (&'static str, Managers)> {
    HOOKS.iter().map(|&(hook, row)| (hook, managers(row)))
}

/// What each manager does with a hook; `None` if it is no hook of theirs.
#[must_use]
pub(crate) fn of_hook(kind: SurfaceKind, hook: Option<&str>) -> Option<Managers> {
    if !matches!(kind, SurfaceKind::Install | SurfaceKind::Prepare) {
        return None;
    }
    let hook = hook?;
    let row = HOOKS.iter().find(|(known, _)| *known == hook)?;
    Some(managers(row.1))
}

fn managers([npm11, npm12, pnpm, yarn_classic, yarn_berry, bun, deno]: Row) -> Managers {
    Managers {
        npm11,
        npm12,
        pnpm,
        yarn_classic,
        yarn_berry,
        bun,
        deno,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::lifecycle::LIFECYCLE;

    #[test]
    fn every_hook_has_a_row_and_no_row_is_for_nothing() {
        let hooks: Vec<&str> = HOOKS.iter().map(|(hook, _)| *hook).collect();
        let lifecycle: Vec<&str> = LIFECYCLE.iter().map(|(hook, _)| *hook).collect();
        assert_eq!(hooks, lifecycle);
    }

    #[test]
    fn the_newer_managers_ask_first() {
        let row = of_hook(SurfaceKind::Install, Some("postinstall")).expect("a hook");
        assert_eq!((row.npm11, row.npm12), (Runs, Blocked));
        assert_eq!(
            row.list()
                .iter()
                .filter(|(_, outcome)| *outcome == Runs)
                .count(),
            2
        );
        assert_eq!(of_hook(SurfaceKind::Import, Some("postinstall")), None);
        assert_eq!(of_hook(SurfaceKind::Install, Some("test")), None);
    }
}
