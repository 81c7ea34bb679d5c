//! What a hook hands over to: files, and packages that it loads or whose programs it starts.

use std::collections::BTreeSet;

use crate::archive::Archive;
use crate::flow::Package;
use crate::graph::{Surface, Target};
use crate::manifest::Manifest;
use crate::model::{FileId, SurfaceKind};
use crate::report::clean_target;

/// Packages that files load when they run on a surface, or in functions there.
pub(super) fn loaded_packages(package: &Package<'_>, kind: SurfaceKind) -> Vec<String> {
    let edges = package.graph.edges().iter();
    let names: BTreeSet<&str> = edges
        .filter(|edge| package.graph.reach(edge.from).get(kind).is_some())
        .filter_map(|edge| match &edge.to {
            Target::External(specifier) => Some(crate::graph::package_name(specifier)),
            _ => None,
        })
        .collect();
    names.into_iter().map(clean_target).collect()
}

/// Files that a hook of nothing but `node -e "require('./a')"` loads.
pub(super) fn loaded_by_text(
    archive: &Archive,
    package: &Package<'_>,
    surface: &Surface,
) -> Vec<FileId> {
    if surface.hook.is_none() || !surface.entries.is_empty() {
        return Vec::new();
    }
    let layers = package.graph.layers();
    let is_text = |file: FileId| {
        layers.home(file) != file && archive.path(layers.home(file)) == "package.json"
    };
    let mut files: Vec<FileId> = package
        .graph
        .edges()
        .iter()
        .filter(|edge| is_text(edge.from))
        .filter(|edge| package.graph.reach(edge.from).get(surface.kind).is_some())
        .filter_map(|edge| match edge.to {
            Target::File(file) => Some(file),
            _ => None,
        })
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Programs of dependencies that commands on a surface start, by the name that both have.
pub(super) fn started_packages(
    manifest: &Manifest,
    package: &Package<'_>,
    kind: SurfaceKind,
) -> Vec<String> {
    let started: BTreeSet<&str> = package
        .commands()
        .filter(|(_, reach)| reach.get(kind).is_some())
        .flat_map(|(meaning, _)| &meaning.acts)
        .filter(|act| act.id == "process.exec")
        .filter_map(|act| act.target.as_deref()?.split_whitespace().next())
        .collect();
    let dependencies = manifest.dependencies.iter();
    let installed = dependencies
        .filter(|one| matches!(one.kind.as_str(), "dependencies" | "optionalDependencies"));
    installed
        .map(|one| one.name.as_str())
        .filter(|name| started.contains(name))
        .map(clean_target)
        .collect()
}
