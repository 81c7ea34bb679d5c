//! What the package needs, and where that comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Item, ItemKind};
use super::side::Side;
use super::signals::{self, Moment, Signal};
use super::weight::{Found, Weight, change, item};
use crate::report::{Dependency, Manifest};

/// Lists that are installed with the package.
const INSTALLED: &[&str] = &["dependencies", "optionalDependencies", "bundleDependencies"];

/// Compares dependencies.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    let (before, after) = (by_name(&old.report.manifest), by_name(&new.report.manifest));
    // Parts of one release ask for each other's version.
    let is_own = |known: &Dependency, dependency: &Dependency| {
        let version = |side: &Side<'_>, spec: &str| side.own.version == Some(spec);
        version(old, &known.spec) && version(new, &dependency.spec)
    };
    let family = Family::of(old);
    for (&name, dependency) in &after {
        let known = before.get(name).copied();
        let stayed = known.filter(|known| !is_own(known, dependency));
        if let Some(signal) = stayed.and_then(|known| kept(known, dependency, &family)) {
            let mut change = change(ItemKind::Dependency, &dependency.kind, name);
            change.from.value = known.map(shown);
            change.to.value = Some(shown(dependency));
            out.change(Weight::of(signal, Moment::Load), change);
        } else if known.is_none() {
            let signal = added(dependency, &family);
            out.gain(Weight::of(signal, Moment::Load), of_dependency(dependency));
        }
    }
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    out.lost.extend(gone.map(|(_, one)| of_dependency(one)));
}

/// The dependency of each name that says most: an installed one before the others.
fn by_name(manifest: &Manifest) -> BTreeMap<&str, &Dependency> {
    let mut named: BTreeMap<&str, &Dependency> = BTreeMap::new();
    for dependency in &manifest.dependencies {
        let known = named.entry(&dependency.name).or_insert(dependency);
        if rank(dependency) < rank(known) {
            *known = dependency;
        }
    }
    named
}

fn rank(dependency: &Dependency) -> usize {
    let at = INSTALLED.iter().position(|kind| *kind == dependency.kind);
    at.unwrap_or(INSTALLED.len())
}

fn is_installed(dependency: &Dependency) -> bool {
    rank(dependency) < INSTALLED.len()
}

/// The names that belong together with the package.
struct Family<'r> {
    name: &'r str,
    scope: Option<&'r str>,
    /// Folders of bundled packages of the old version.
    bundled: BTreeSet<&'r str>,
}

impl<'r> Family<'r> {
    fn of(old: &Side<'r>) -> Self {
        let name = old.report.subject.name.as_deref().unwrap_or("");
        let files = old.report.files.iter();
        let bundled = files.filter_map(|file| {
            let inside = file.path.strip_prefix("node_modules/")?;
            inside.strip_suffix("/package.json")
        });
        Self {
            name,
            scope: scope(name),
            bundled: bundled.collect(),
        }
    }

    /// Whether the old version brought this package along.
    fn bundled(&self, name: &str) -> bool {
        self.bundled.contains(name)
    }

    /// The same scope, the scope that is named like the package, or types.
    fn has(&self, name: &str) -> bool {
        let scope = scope(name);
        let own = scope.is_some() && (scope == self.scope || scope == Some(self.name));
        let below = !self.name.is_empty()
            && name
                .strip_prefix(self.name)
                .is_some_and(|rest| rest.starts_with('-'));
        own || below || scope == Some("types")
    }
}

fn scope(name: &str) -> Option<&str> {
    name.strip_prefix('@')?
        .split_once('/')
        .map(|(scope, _)| scope)
}

/// What a new dependency means.
fn added(dependency: &Dependency, family: &Family<'_>) -> &'static Signal {
    if !is_installed(dependency) {
        return signals::DEPENDENCY_ASIDE;
    }
    match dependency.source.as_str() {
        "git" => signals::DEPENDENCY_GIT,
        "url" => signals::DEPENDENCY_URL,
        "file" => signals::DEPENDENCY_FILE,
        "alias" if !dependency.imported => signals::DEPENDENCY_ALIAS,
        _ if dependency.imported || family.bundled(&dependency.name) => signals::DEPENDENCY_USED,
        _ if family.has(&dependency.name) => signals::DEPENDENCY_SIBLING,
        _ => signals::DEPENDENCY_UNUSED,
    }
}

/// What is different about a dependency that was there before.
fn kept(
    known: &Dependency,
    dependency: &Dependency,
    family: &Family<'_>,
) -> Option<&'static Signal> {
    let source = |one: &Dependency| match one.source.as_str() {
        "git" | "url" | "file" | "alias" => one.source.clone(),
        _ => String::new(),
    };
    if source(known) != source(dependency) && !source(dependency).is_empty() {
        return Some(added(dependency, family));
    }
    if is_installed(dependency) && !is_installed(known) {
        // Somebody listed it before, so it is no stranger.
        return Some(signals::DEPENDENCY_USED);
    }
    let differs = known.spec != dependency.spec && is_installed(dependency);
    differs.then(
        || match (dependency.source.as_str(), known.source.as_str()) {
            // Another repository or address is a new dependency; another commit is another range.
            ("git" | "url" | "alias", _) if place(&known.spec) != place(&dependency.spec) => {
                added(dependency, family)
            }
            _ => signals::DEPENDENCY_RANGE,
        },
    )
}

/// An address without the commit, tag or version behind it.
fn place(spec: &str) -> &str {
    let spec = spec.split('#').next().unwrap_or(spec);
    let at = spec.rfind('@').filter(|&at| at > "npm:".len());
    match spec.starts_with("npm:") {
        true => at.and_then(|at| spec.get(..at)).unwrap_or(spec),
        false => spec,
    }
}

fn shown(dependency: &Dependency) -> String {
    format!("{} ({})", dependency.spec, dependency.kind)
}

fn of_dependency(dependency: &Dependency) -> Item {
    let mut item = item(ItemKind::Dependency, &dependency.kind, &dependency.name);
    let spec = crate::report::clean_target(&dependency.spec);
    if let Some(target) = item.target.as_mut().filter(|_| !spec.is_empty()) {
        *target = format!("{target}@{spec}");
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, spec: &str, source: &str, imported: bool) -> Dependency {
        Dependency {
            name: name.to_owned(),
            spec: spec.to_owned(),
            kind: "dependencies".to_owned(),
            source: source.to_owned(),
            imported,
        }
    }

    const FAMILY: Family<'_> = Family {
        name: "left",
        scope: None,
        bundled: BTreeSet::new(),
    };

    #[test]
    fn what_a_new_dependency_means() {
        for (name, source, imported, expected) in [
            ("x", "registry", true, signals::DEPENDENCY_USED),
            ("x", "registry", false, signals::DEPENDENCY_UNUSED),
            ("@left/x", "registry", false, signals::DEPENDENCY_SIBLING),
            ("left-x", "registry", false, signals::DEPENDENCY_SIBLING),
            ("leftx", "registry", false, signals::DEPENDENCY_UNUSED),
            ("@types/x", "registry", false, signals::DEPENDENCY_SIBLING),
            ("@types/x", "git", false, signals::DEPENDENCY_GIT),
            ("x", "url", true, signals::DEPENDENCY_URL),
            ("x", "alias", false, signals::DEPENDENCY_ALIAS),
            ("x", "alias", true, signals::DEPENDENCY_USED),
        ] {
            let signal = added(&dependency(name, "1", source, imported), &FAMILY);
            assert_eq!(signal.id, expected.id, "{name} from {source}, {imported}");
        }
    }

    #[test]
    fn another_range_is_little_and_another_place_is_new() {
        let of = |from: (&str, &str), to: (&str, &str)| {
            let (from, to) = (
                dependency("x", from.0, from.1, true),
                dependency("x", to.0, to.1, true),
            );
            kept(&from, &to, &FAMILY).map(|signal| signal.id)
        };
        let (range, git) = (Some("dependency-range"), Some("dependency-git"));
        assert_eq!(of(("^1", "registry"), ("^1", "registry")), None);
        assert_eq!(of(("^1", "registry"), ("^2", "registry")), range);
        assert_eq!(of(("^1", "registry"), ("a/b#1", "git")), git);
        assert_eq!(of(("a/b#1", "git"), ("a/b#2", "git")), range);
        assert_eq!(of(("a/b#1", "git"), ("c/b#1", "git")), git);
        let used = Some("dependency-used");
        assert_eq!(of(("npm:a@1", "alias"), ("npm:a@2", "alias")), range);
        assert_eq!(of(("npm:@s/a@1", "alias"), ("npm:@s/b@1", "alias")), used);
    }
}
