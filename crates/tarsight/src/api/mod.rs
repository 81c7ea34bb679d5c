//! What APIs do, where secrets lie, what hosts are: as tables.
//!
//! An API is a row, not code. The rows stand in `tables/`, each file with the meaning of its
//! columns at its head; `build.rs` checks them and writes sorted static tables, so a lookup is a
//! binary search that allocates nothing.
//!
//! # Rows
//!
//! One row per line, columns apart by tabs or two or more spaces, `#` starts a comment line, `-`
//! is an empty cell. `a.{b,c}` stands for `a.b` and `a.c`.
//!
//! | column | holds |
//! |---|---|
//! | path | `fs.promises.readFile`, `fetch`, `axios.post`; `TYPE#name` for instances; `PATH=` for an assignment |
//! | behaviours | ids of `behaviours.tsv`; `inert`: known to do nothing outside; `-`: only carries types |
//! | targets | `KIND:WHERE` for each behaviour, see [`AimKind`] and [`Place`] |
//! | data | the arguments whose content leaves |
//! | gives | what is known of the result, see [`Gives`] |
//! | callbacks | `WHERE:PARAMETER=WHAT`; `result` is what the column before says |
//! | flags | `runs` or `keeps` the functions that it gets; `read`: a property; `if=N:TEXT`: does it only if argument N is TEXT |
//!
//! The row `TYPE#` says what holds for every instance: `type=BASE` that it has BASE's methods,
//! `origin=…` that its content comes from there, `alias=PATH` that it is used as PATH is.
//!
//! Where a name stands for another, `likes.tsv` has the pair (`globalThis` for nothing,
//! `path.posix` for `path`). `modules.tsv` lists the specifiers, `behaviours.tsv` all ids that
//! rows may use.
//!
//! [`targets`] has the tables about targets: paths, variables, hosts, tokens.

mod builtins;
mod find;
mod row;
mod table;
pub(crate) mod targets;

pub(crate) use builtins::{builtin, builtins, exports};
#[cfg(test)]
pub(crate) use find::method;
pub(crate) use find::{assignment, begins, lookup};
pub(crate) use row::{
    Aim, AimKind, Api, Behaviour, Gives, Handed, Module, ModuleKind, Place, Runs,
};

use table::{APIS, BEHAVIOURS, GLOBALS, LIKES, MODULES};

/// Every row, sorted by path.
#[must_use]
pub(crate) fn all() -> &'static [Api] {
    &APIS
}

/// Whether a text is what rows call a service, whoever has an account there.
#[must_use]
pub(crate) fn is_service(text: &str) -> bool {
    let mut aims = APIS
        .iter()
        .flat_map(|row| row.effects)
        .filter_map(|effect| effect.aim);
    aims.any(|aim| matches!(aim.place, Place::Text(known) if known == text))
}

/// Paths that stand for another one.
pub(crate) fn stand_ins() -> impl Iterator<Item = &'static str> {
    LIKES.iter().map(|&(path, _)| path)
}

/// Every behaviour that rows use, sorted by id.
#[must_use]
pub(crate) fn behaviours() -> &'static [Behaviour] {
    &BEHAVIOURS
}

/// The behaviour of that id.
#[must_use]
pub(crate) fn behaviour(id: &str) -> Option<&'static Behaviour> {
    let index = BEHAVIOURS.binary_search_by(|row| row.id.cmp(id)).ok()?;
    BEHAVIOURS.get(index)
}

/// The canonical path of a specifier: `fs.promises` for `node:fs/promises`, the package's own
/// name if it has rows.
#[must_use]
pub(crate) fn module(specifier: &str) -> Option<&'static str> {
    entry(specifier).map(|module| module.path)
}

/// Every module that a specifier can name.
#[must_use]
pub(crate) fn modules() -> &'static [Module] {
    &MODULES
}

fn entry(specifier: &str) -> Option<&'static Module> {
    let (name, prefixed) = match specifier.strip_prefix("node:") {
        Some(name) => (name, true),
        None => (specifier, false),
    };
    let index = MODULES
        .binary_search_by(|module| module.specifier.cmp(name))
        .ok()?;
    MODULES.get(index).filter(|module| match module.kind {
        ModuleKind::Builtin => true,
        ModuleKind::Prefixed => prefixed,
        ModuleKind::Package => !prefixed,
    })
}

/// Whether rows about globals start with this name.
#[must_use]
pub(crate) fn is_global(name: &str) -> bool {
    GLOBALS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod build_tests;
#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod tests;
