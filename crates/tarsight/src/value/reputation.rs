//! What the tables say about names: which lead outside, which give handles, which are data.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::api::{self, Gives, Handed, ModuleKind};

/// Names of the global object.
pub(super) const GLOBAL_OBJECTS: [&str; 7] = [
    "globalThis",
    "global",
    "window",
    "self",
    "frames",
    "top",
    "root",
];
/// The name of the page.
pub(super) const PAGE: &str = "document";
/// Elements that load or run something.
pub(super) const LOADERS: [&str; 9] = [
    "script", "iframe", "img", "image", "object", "embed", "link", "frame", "portal",
];

/// Names whose members or calls do something outside.
pub(super) fn global_names() -> &'static FxHashSet<&'static str> {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: FxHashSet<&'static str> = api::all()
            .iter()
            .filter(|row| {
                !row.effects.is_empty()
                    || !row.data.is_empty()
                    || makes_actor(row)
                    || hands_actor(row)
            })
            .filter_map(|row| row.path.split(['.', '#', '=']).next())
            .filter(|name| api::is_global(name))
            .collect();
        names.extend([
            "require",
            "module",
            "process",
            "eval",
            "Function",
            "Bun",
            "Deno",
            "Reflect",
            "URLSearchParams",
        ]);
        names
    })
}

/// Whether a row only makes something whose methods or properties act: `new Image()`.
fn makes_actor(row: &api::Api) -> bool {
    let mut made = row.gives.iter();
    !row.inert && made.any(is_actor)
}

/// Whether a row hands something such to a function: `addEventListener`.
fn hands_actor(row: &api::Api) -> bool {
    let mut handed = row.callbacks.iter();
    handed.any(|one| matches!(&one.handed, Handed::Gives(gives) if is_actor(gives)))
}

fn is_actor(gives: &Gives) -> bool {
    static ACTORS: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let actors = ACTORS.get_or_init(|| {
        let of_types = || {
            let rows = api::all().iter();
            rows.filter_map(|row| Some((row.path.split_once('#')?.0, row)))
        };
        let acting = of_types().filter(|(_, row)| !row.effects.is_empty());
        let mut actors: FxHashSet<&'static str> = acting.map(|(kind, _)| kind).collect();
        // Events have no effects, but say which element they are about.
        let holders = of_types().filter(|(_, row)| {
            let mut gives = row.gives.iter();
            row.read && gives.any(|one| matches!(one, Gives::Type(kind) if actors.contains(kind)))
        });
        let holders: Vec<&'static str> = holders.map(|(kind, _)| kind).collect();
        actors.extend(holders);
        actors
    });
    matches!(gives, Gives::Type(kind) if actors.contains(kind))
}

/// Whether calling something of that name may give a handle, a module or a function, by the
/// tables. Everything else of a module gives data.
pub(super) fn gives_handles(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names: FxHashSet<&'static str> = api::all()
            .iter()
            .filter(|row| {
                row.gives.iter().any(|gives| {
                    matches!(
                        gives,
                        Gives::Type(_) | Gives::Alias(_) | Gives::Module(_) | Gives::Same(_)
                    )
                })
            })
            .map(|row| row.path.rsplit(['.', '#']).next().unwrap_or(row.path))
            .collect();
        // Promises, and ways to call.
        names.extend([
            "then", "catch", "finally", "call", "apply", "bind", "require", "import", "eval",
            "Function", "resolve", "all", "default",
        ]);
        names
    });
    names.contains(name)
}

/// Whether a property of that name of a module is data, by the tables: nothing is called on it
/// that leads outside.
pub(super) fn is_data(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let is_handle = |row: &&'static api::Api| {
            !row.read
                || row
                    .gives
                    .iter()
                    .any(|gives| matches!(gives, Gives::Type(_) | Gives::Alias(_)))
        };
        let mut handles: FxHashSet<&str> = api::all().iter().filter(is_handle).map(last).collect();
        // What has rows below it, or is written to, is more than data as well.
        for row in api::all() {
            let path = row.path.trim_end_matches('=');
            let below = match path.len() == row.path.len() {
                true => path.rsplit_once('.').map_or("", |(above, _)| above),
                false => path,
            };
            handles.extend(below.split(['.', '#']));
        }
        api::all()
            .iter()
            .filter(|row| row.read)
            .map(last)
            .filter(|name| !handles.contains(name))
            .collect()
    });
    names.contains(name)
}

/// The last name of a row's path.
fn last(row: &'static api::Api) -> &'static str {
    let path = row.path.trim_end_matches('=');
    path.rsplit(['.', '#']).next().unwrap_or(path)
}

/// Whether a property of that name is somewhere listed as read for what it says: `env`,
/// `cookie`.
pub(super) fn is_read(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        api::all()
            .iter()
            .filter(|row| row.read && !row.effects.is_empty())
            .map(last)
            .collect()
    });
    names.contains(name)
}

/// Whether the properties of a property of that name are plain texts: `env`.
pub(super) fn is_keyed(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let keyed = api::all().iter().filter(|row| {
            let mut aims = row.effects.iter().filter_map(|effect| effect.aim);
            row.read && aims.any(|aim| aim.place == api::Place::Key)
        });
        keyed.map(last).collect()
    });
    names.contains(name)
}

/// Whether a property of that name is somewhere listed as written.
pub(super) fn is_written(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let written = api::all().iter().filter(|row| row.path.ends_with('='));
        written.map(last).collect()
    });
    names.contains(name)
}

/// Whether calling a property of that name of something outside could be what a row lists.
pub(super) fn is_called(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names: FxHashSet<&'static str> = api::all()
            .iter()
            .filter(|row| !row.inert && !row.read)
            .map(last)
            .collect();
        // Stand-ins for a row under another name.
        names.extend(api::stand_ins().filter_map(|path| path.rsplit(['.', '#']).next()));
        names.extend(WAYS);
        names
    });
    names.contains(name)
}

/// Whether calling a property of that name does something outside, by some row, or leads there.
pub(super) fn acts(name: &str) -> bool {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names: FxHashSet<&'static str> = api::all()
            .iter()
            .filter(|row| !row.read && !row.effects.is_empty())
            .map(last)
            .collect();
        names.extend(WAYS);
        names
    });
    names.contains(name)
}

/// Whether lists, texts, maps or sets have a method of that name.
pub(super) fn is_everywhere(name: &str) -> bool {
    EVERYWHERE.binary_search(&name).is_ok()
}

/// Methods of lists, texts, maps and sets, sorted.
const EVERYWHERE: [&str; 54] = [
    "add",
    "at",
    "charAt",
    "charCodeAt",
    "clear",
    "codePointAt",
    "concat",
    "delete",
    "endsWith",
    "entries",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "flat",
    "flatMap",
    "forEach",
    "get",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "map",
    "match",
    "padEnd",
    "padStart",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "repeat",
    "replace",
    "replaceAll",
    "reverse",
    "set",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "split",
    "startsWith",
    "substr",
    "substring",
    "test",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "trim",
    "unshift",
];

/// Ways to load, to make and to call.
const WAYS: [&str; 11] = [
    "_load",
    "apply",
    "bind",
    "call",
    "constructor",
    "createRequire",
    "default",
    "getBuiltinModule",
    "import",
    "require",
    "resolve",
];

/// Whether a specifier names no file of the package.
pub(super) fn is_external(specifier: &str) -> bool {
    !specifier.starts_with(['.', '/', '#'])
}

/// Whether anything that a module gives does something outside.
pub(super) fn module_acts(specifier: &str) -> bool {
    static QUIET: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let quiet = QUIET.get_or_init(|| {
        let acting: FxHashSet<&str> = api::all()
            .iter()
            .filter(|row| !row.effects.is_empty())
            .filter_map(|row| row.path.split(['.', '#', '=']).next())
            .collect();
        api::modules()
            .iter()
            .filter(|module| module.kind != ModuleKind::Package)
            .map(|module| module.path)
            .filter(|path| !acting.contains(path.split('.').next().unwrap_or(path)))
            .collect()
    });
    if specifier.starts_with(['.', '/', '#']) {
        return true;
    }
    match api::module(specifier) {
        Some(path) => !quiet.contains(path),
        None => false,
    }
}

/// What the page has that acts by itself.
pub(super) fn page_names() -> &'static FxHashSet<&'static str> {
    static NAMES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        api::all()
            .iter()
            .filter(|row| (!row.effects.is_empty() && !row.read) || hands_actor(row))
            .filter_map(|row| row.path.strip_prefix(PAGE)?.strip_prefix('.'))
            .collect()
    })
}
