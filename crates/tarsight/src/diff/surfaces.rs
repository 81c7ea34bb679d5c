//! Ways that code gets to run.

use std::collections::BTreeMap;

use super::document::{Item, ItemKind, State};
use super::files::has_native_sources;
use super::normal::{normal, stem};
use super::side::Side;
use super::signals::{self, Moment, Signal};
use super::weight::{Found, Weight, change, item};
use crate::model::{Reach, SurfaceKind, TargetKind, Trigger};
use crate::report::{Dependency, Manifest, Surface};

/// Surfaces of tools that run what stands in them without asking, as soon as the folder is
/// opened or the tool starts in it.
const UNASKED: &[&str] = &[
    "claude-hooks",
    "claude-settings",
    "cursor",
    "devcontainer",
    "direnv",
    "gemini-settings",
    "git-config",
    "mcp",
    "npmrc",
    "pnpmfile",
    "vscode-mcp",
    "vscode-tasks",
    "yarn",
];

/// Files of a surface that are told at most.
const MOST_ENTRIES: usize = 10;

/// What tells one surface from another.
type Name<'r> = (SurfaceKind, &'r str, Vec<&'r str>);

/// Compares surfaces.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    let (before, after) = (by_name(old), by_name(new));
    for (name, surface) in &after {
        let Some(known) = before.get(name) else {
            let signal = added(old, &before, surface);
            let moment = Moment::of(reach(surface.kind));
            out.gain(Weight::of(signal, moment), of_surface(surface));
            continue;
        };
        if let Some((signal, from, to)) = changed(old, new, known, surface) {
            let moment = Moment::of(reach(surface.kind));
            let mut change = change(ItemKind::Surface, surface.kind.as_str(), &title(surface));
            (change.from, change.to) = (from, to);
            out.change(Weight::of(signal, moment), change);
        }
    }
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    out.lost
        .extend(gone.map(|(_, surface)| of_surface(surface)));
}

fn by_name<'r>(side: &Side<'r>) -> BTreeMap<Name<'r>, &'r Surface> {
    let mut named = BTreeMap::new();
    for surface in &side.report.surfaces {
        let name = surface.hook.as_deref().or(surface.name.as_deref());
        let conditions = surface.conditions.iter().map(String::as_str).collect();
        let name = (surface.kind, name.unwrap_or(""), conditions);
        named.entry(name).or_insert(surface);
    }
    named
}

/// What is loaded by itself on a surface.
fn reach(kind: SurfaceKind) -> Reach {
    Reach::of(kind, Trigger::Load)
}

/// `postinstall`, `. (import)`, `left`.
fn title(surface: &Surface) -> String {
    let name = surface.hook.as_deref().or(surface.name.as_deref());
    match surface.conditions.as_slice() {
        [] => name.unwrap_or("").to_owned(),
        conditions => format!("{} ({})", name.unwrap_or(""), conditions.join(", ")),
    }
}

fn of_surface(surface: &Surface) -> Item {
    let mut item = item(ItemKind::Surface, surface.kind.as_str(), &title(surface));
    item.reach = reach(surface.kind);
    let command = surface.command.as_deref();
    let shown = command
        .map(str::to_owned)
        .or_else(|| match surface.entries.as_slice() {
            [] => None,
            entries => Some(entries.join(", ")),
        });
    if let (Some(target), Some(shown)) = (&mut item.target, shown) {
        *target = format!("{target}: {}", crate::report::clean_target(&shown));
    }
    item
}

fn added(
    old: &Side<'_>,
    before: &BTreeMap<Name<'_>, &Surface>,
    surface: &Surface,
) -> &'static Signal {
    let is_gyp = |entry: &String| entry == super::side::GYP;
    match surface.kind {
        SurfaceKind::Install if surface.entries.iter().any(is_gyp) => {
            let known = |known: &&Surface| known.kind == SurfaceKind::Install;
            match has_native_sources(old.report) || before.values().any(known) {
                true => signals::GYP_BUILD,
                false => signals::GYP_ADDED,
            }
        }
        SurfaceKind::Install => signals::HOOK_ADDED,
        SurfaceKind::Prepare => signals::PREPARE_ADDED,
        SurfaceKind::Import => signals::IMPORT_ADDED,
        SurfaceKind::Bin => signals::BIN_ADDED,
        SurfaceKind::Tool => {
            let name = surface.name.as_deref().unwrap_or("");
            match UNASKED.contains(&name) {
                true => signals::TOOL_RUNS,
                false => signals::TOOL_ADDED,
            }
        }
    }
}

fn changed(
    old: &Side<'_>,
    new: &Side<'_>,
    known: &Surface,
    surface: &Surface,
) -> Option<(&'static Signal, State, State)> {
    let command = |side: &Side<'_>, surface: &Surface| {
        let command = surface.command.as_deref().unwrap_or("");
        normal(command, Some(TargetKind::Command), side.own)
    };
    let value = |surface: &Surface| State {
        value: surface.command.clone(),
        ..State::default()
    };
    // Only what the other one does not have, and of that what a reader can take in.
    let entries = |surface: &Surface, other: &Surface| State {
        entries: Some(
            surface
                .entries
                .iter()
                .filter(|entry| !other.entries.contains(entry))
                .take(MOST_ENTRIES)
                .cloned()
                .collect(),
        ),
        ..State::default()
    };
    if command(old, known) != command(new, surface) {
        let signal = match surface.kind {
            SurfaceKind::Install => signals::HOOK_CHANGED,
            _ => signals::PREPARE_ADDED,
        };
        return Some((signal, value(known), value(surface)));
    }
    // What a pattern leads to are files, which are told as such.
    let is_pattern = surface
        .name
        .as_deref()
        .is_some_and(|name| name.contains('*'));
    if is_pattern || stems(known) == stems(surface) || surface.kind == SurfaceKind::Prepare {
        return None;
    }
    let signal = match surface.kind {
        SurfaceKind::Install => signals::HOOK_CHANGED,
        SurfaceKind::Bin => signals::BIN_RETARGETED,
        SurfaceKind::Tool => signals::TOOL_ADDED,
        SurfaceKind::Import | SurfaceKind::Prepare => signals::IMPORT_RETARGETED,
    };
    Some((signal, entries(known, surface), entries(surface, known)))
}

/// The names of the files without their folders and extensions: a build may move.
fn stems(surface: &Surface) -> Vec<&str> {
    let names = surface
        .entries
        .iter()
        .filter_map(|path| path.rsplit('/').next());
    let mut stems: Vec<&str> = names.map(stem).collect();
    stems.sort_unstable();
    stems
}

/// Compares the rest of package.json.
pub(super) fn manifest(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    let (before, after) = (&old.report.manifest, &new.report.manifest);
    let mut gain = |signal: &'static Signal, target: &str| {
        let item = item(ItemKind::Manifest, signal.id, target);
        out.gain(Weight::of(signal, Moment::Load), item);
    };
    if before.scripts.len() > 1 && after.scripts.is_empty() {
        gain(signals::SCRIPTS_GONE, "scripts");
    }
    let is_for_development = |one: &&Dependency| one.kind == "devDependencies";
    let development = |manifest: &Manifest| {
        let list = manifest.dependencies.iter();
        list.filter(is_for_development).count()
    };
    if development(before) > 1 && development(after) == 0 {
        gain(signals::DEVELOPMENT_GONE, "devDependencies");
    }
    match (&before.repository, &after.repository) {
        (Some(_), None) => gain(signals::REPOSITORY_GONE, "repository"),
        (Some(from), Some(to)) if address(from) != address(to) => {
            let mut change = change(ItemKind::Manifest, "repository", to);
            change.from.value = Some(from.clone());
            change.to.value = Some(to.clone());
            let weight = Weight::of(signals::REPOSITORY_CHANGED, Moment::Load);
            out.change(weight, change);
        }
        _ => {}
    }
}

/// An address of a repository however it is written: host and path, in lower case.
fn address(repository: &str) -> String {
    let text = repository.to_ascii_lowercase();
    let text = text.trim_end_matches('/').trim_end_matches(".git");
    let text = text.rsplit("://").next().unwrap_or(text);
    let text = text.rsplit('@').next().unwrap_or(text);
    let path: Vec<&str> = text.split(['/', ':']).collect();
    // Owner and name say it; short forms have no host.
    path.get(path.len().saturating_sub(2)..)
        .unwrap_or(&[])
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_one_address() {
        for same in [
            "git+https://git.example/left/tools.git",
            "ssh://git@git.example/left/tools",
            "git@git.example:Left/Tools.git",
            "left/tools",
        ] {
            assert_eq!(address(same), "left/tools");
        }
        assert_ne!(address("left/tools"), address("right/tools"));
    }

    #[test]
    fn a_surface_is_named_with_its_conditions() {
        let mut surface = Surface::of(SurfaceKind::Import);
        surface.name = Some(".".to_owned());
        assert_eq!(title(&surface), ".");
        surface.conditions = vec!["node".to_owned(), "import".to_owned()];
        assert_eq!(title(&surface), ". (node, import)");
    }
}
