//! Compiled code that the package brings: what it imports, and what starts or loads it.

use rustc_hash::FxHashMap;

use crate::api::{self, AimKind};
use crate::binary;
use crate::flow::{self, Package, Use};
use crate::graph::Target;
use crate::manifest::script_place;
use crate::model::{FileId, Reach, Span, SurfaceKind, Trigger};
use crate::source::Kind;
use crate::value::{Place, normalize};

/// What, target, how to read it, when, where.
pub(super) type Found = (&'static api::Behaviour, String, AimKind, Reach, Place);

/// How the flow writes the package's own folder.
const OWN: &str = "<package>/";

/// Everything about compiled files, in the order of files, uses and surfaces.
pub(super) fn behaviours(package: &Package<'_>, kinds: &[Kind], uses: &[Use]) -> Vec<Found> {
    let native = |file: FileId| kinds.get(file.index()).is_some_and(|kind| kind.is_native());
    let mut found = Vec::new();
    if kinds.iter().any(|kind| kind.is_native()) {
        imported(package, kinds, &mut found);
        loaded(package, &native, &mut found);
        started(package, kinds, uses, &mut found);
        named(package, &native, &mut found);
        in_lines(package, kinds, &mut found);
    }
    found
}

fn whole(file: FileId) -> Place {
    Place {
        file,
        span: Span::new(0, 0),
    }
}

/// What each file asks of the system. Equal files are read once.
fn imported(package: &Package<'_>, kinds: &[Kind], found: &mut Vec<Found>) {
    let library = api::behaviour("native.library");
    let mut known: FxHashMap<&[u8], binary::Imports> = FxHashMap::default();
    for (at, &kind) in (0..).zip(kinds) {
        if !kind.is_native() {
            continue;
        }
        let file = FileId(at);
        let bytes = package.archive.bytes(file);
        let imports = known
            .entry(bytes)
            .or_insert_with(|| binary::imports(kind, bytes).unwrap_or_default());
        let reach = package.graph.reach(file);
        if kind == Kind::Wasm
            && let Some(what) = api::behaviour("native.command")
        {
            let commands = binary::commands(bytes).into_iter();
            let told = commands.map(|text| (what, text, AimKind::Command, reach, whole(file)));
            found.extend(told);
        }
        for name in &imports.libraries {
            let what = library.map(|what| (what, name.clone(), AimKind::Other, reach, whole(file)));
            found.extend(what);
        }
        for &(id, name) in &imports.calls {
            let what = api::behaviour(id);
            let name = name.to_owned();
            found.extend(what.map(|what| (what, name, AimKind::Other, reach, whole(file))));
        }
    }
}

/// Modules that code asks for and that are compiled.
fn loaded(package: &Package<'_>, native: &impl Fn(FileId) -> bool, found: &mut Vec<Found>) {
    let Some(what) = api::behaviour("process.native") else {
        return;
    };
    for edge in package.graph.edges() {
        if let Target::File(to) = edge.to
            && native(to)
        {
            let trigger = if edge.on_load {
                Trigger::Load
            } else {
                Trigger::Call
            };
            let reach = package.graph.reach(edge.from).at_most(trigger);
            let target = format!("{OWN}{}", package.archive.path(to));
            let home = package.graph.layers().home(edge.from);
            found.push((what, target, AimKind::Path, reach, whole(home)));
        }
    }
}

/// Programs that code starts.
fn started(package: &Package<'_>, kinds: &[Kind], uses: &[Use], found: &mut Vec<Found>) {
    let Some(what) = api::behaviour("native.run") else {
        return;
    };
    for one in uses {
        for file in flow::started(package, kinds, one) {
            let target = format!("{OWN}{}", package.archive.path(file));
            found.push((what, target, AimKind::Path, one.reach, one.place()));
        }
    }
}

/// Programs that lines for a shell start, in the package's own folder.
fn in_lines(package: &Package<'_>, kinds: &[Kind], found: &mut Vec<Found>) {
    let Some(what) = api::behaviour("native.run") else {
        return;
    };
    for (meaning, reach) in package.commands() {
        for act in meaning.acts.iter().filter(|act| act.id == "process.exec") {
            let command = act.target.as_deref().unwrap_or("");
            let program = command.split_whitespace().next().unwrap_or("");
            let path = program.strip_prefix(OWN).unwrap_or(program);
            if !path.contains('/') || path.starts_with(['/', '~', '<']) {
                continue;
            }
            if let Some(file) = flow::compiled_at(package, kinds, &normalize(path)) {
                let target = format!("{OWN}{}", package.archive.path(file));
                let reach = package.reach_of_command(act.at.file, reach);
                found.push((what, target, AimKind::Path, reach, act.at));
            }
        }
    }
}

/// Programs that hooks and tools name.
fn named(package: &Package<'_>, native: &impl Fn(FileId) -> bool, found: &mut Vec<Found>) {
    let Some(what) = api::behaviour("native.run") else {
        return;
    };
    for surface in package.graph.surfaces() {
        let Some(hook) = surface.hook.as_deref() else {
            continue;
        };
        for &entry in surface.entries.iter().filter(|&&entry| native(entry)) {
            let place = match surface.kind {
                SurfaceKind::Install | SurfaceKind::Prepare => {
                    let (file, span) = script_place(package.archive, hook);
                    Place { file, span }
                }
                _ => whole(entry),
            };
            let target = format!("{OWN}{}", package.archive.path(entry));
            let reach = Reach::of(surface.kind, surface.trigger);
            found.push((what, target, AimKind::Path, reach, place));
        }
    }
}
