//! Runs what loading the package runs, across its files, where that tells more than each file
//! alone.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::files::Facts;
use super::{ScanOptions, Stage};
use crate::archive::Archive;
use crate::facts::{ImportKind, ModuleFacts, collect_again};
use crate::graph::{ModuleGraph, Target};
use crate::limits::Limits;
use crate::manifest::MANIFEST;
use crate::model::{FileId, Span, SurfaceKind};
use crate::parse::{Dialect, Lane, Workspace, lane_of, may_parse, parse_file};
use crate::source::{Kind, decode};
use crate::value::{Around, Known, Loads, Program, Source, Term};

/// Files that run together, their longest and all their bytes: what loads first comes first.
const MOST_FILES: usize = 96;
const MOST_BYTES: usize = 256 << 10;
const MOST_TOGETHER: usize = 384 << 10;
/// Small packages may take the steps of so many bytes more.
const AT_LEAST_AS: u64 = 128 << 10;
/// Largest file of data that code reads.
const MOST_DATA: usize = 256 << 10;

/// Runs the package and puts new facts in the place of those of which more is known now; gives
/// the steps that it took.
pub(super) fn run_program(
    archive: &Archive,
    graph: &mut ModuleGraph<'_>,
    kinds: &[Kind],
    facts: &mut Facts,
    limits: &Limits,
    options: &ScanOptions,
) -> u64 {
    let (starts, files) = chosen(archive, graph, facts);
    let acts = |file: &FileId| {
        let facts = facts.get(file.index()).and_then(Option::as_ref);
        facts.is_some_and(|facts| may_act(facts, archive.bytes(*file)))
    };
    if !files.iter().any(acts) {
        return 0;
    }
    options.enter(Stage::Parse);
    let mut texts = Vec::new();
    for file in files {
        let text = decode(archive.bytes(file)).text.into_owned();
        texts.push((file, archive.path(file), text));
    }
    let read: Vec<(FileId, Workspace, &str)> = texts
        .iter()
        .filter_map(|(file, path, text)| Some((*file, parsed(path, text, limits)?, text.as_str())))
        .collect();
    let sources: Vec<Source<'_>> = read
        .iter()
        .map(|(file, workspace, text)| Source {
            file: *file,
            ir: &workspace.ir,
            text,
        })
        .collect();
    let units: FxHashMap<FileId, usize> = (0..)
        .zip(&sources)
        .map(|(at, source)| (source.file, at))
        .collect();
    let paths = sources
        .iter()
        .map(|source| format!("<package>/{}", archive.path(source.file)));
    let around = Inside {
        archive,
        kinds,
        graph: RefCell::new(graph),
        files: sources.iter().map(|source| source.file).collect(),
        paths: paths.collect(),
        known: RefCell::default(),
        alike: RefCell::default(),
        units: &units,
    };
    options.enter(Stage::Facts);
    let starts = starts.map(|starts| -> Vec<usize> {
        let known = starts.iter().filter_map(|file| units.get(file).copied());
        known.collect()
    });
    let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
    let steps = limits.of_file(bytes as u64 + AT_LEAST_AS).run;
    let beside = beside(archive);
    let Some(mut program) = Program::run(&sources, &around, &starts, &beside, steps, limits) else {
        return 0;
    };
    for (at, source) in sources.iter().enumerate() {
        let Some(Some(known)) = facts.get(source.file.index()).cloned() else {
            continue;
        };
        let is_new = |function| {
            let functions = &known.functions;
            let at = functions.binary_search_by_key(&function, |one| one.id);
            at.is_ok_and(|at| !functions[at].on_load)
        };
        // A file that does nothing outside may still make what others need.
        let gives = known.uses.is_empty() && program.makes_wallet(at);
        if !gives && !program.tells(at, source.ir, &|span| known_of(&known, span), &is_new) {
            continue;
        }
        let new = collect_again(source.ir, source.text, limits, &mut program, at, &known);
        if let Some(slot) = facts.get_mut(source.file.index()) {
            *slot = Some(Arc::new(new));
        }
    }
    program.steps
}

/// Whether a file does something outside, or names what could lead there.
fn may_act(facts: &ModuleFacts, text: &[u8]) -> bool {
    const NAMES: [&[u8]; 8] = [
        b"Buffer",
        b"Reflect.",
        b"atob",
        b"constructor",
        b"fromCharCode",
        b"import(",
        b"process",
        b"require",
    ];
    let names = |name: &&[u8]| memchr::memmem::find(text, name).is_some();
    !facts.uses.is_empty() || NAMES.iter().any(names)
}

/// What is known of a place in a file. It is open if nothing is, or a part was lost or hangs on a
/// caller.
fn known_of(facts: &ModuleFacts, span: Span) -> Known {
    let terms = &facts.terms;
    let is_open = |value| terms.is_lost(value) || terms.hangs_on_caller(value);
    let mut known = Known {
        is_open: true,
        vague: 0,
    };
    let uses = facts.uses.iter().filter(|one| one.span == span);
    for (at, one) in uses.enumerate() {
        let open = is_open(one.callee) || one.args.iter().copied().any(is_open);
        let vague = one.args.iter().filter(|&&arg| terms.is_vague(arg)).count();
        known = Known {
            is_open: open || (at > 0 && known.is_open),
            vague: vague.max(known.vague),
        };
    }
    known
}

/// The files that surfaces of each kind start, and all that they load by name.
fn chosen(
    archive: &Archive,
    graph: &mut ModuleGraph<'_>,
    facts: &Facts,
) -> ([Vec<FileId>; 3], Vec<FileId>) {
    let mut starts = [const { Vec::new() }; 3];
    for surface in graph.surfaces().iter().filter(|one| !one.is_by_path()) {
        // What runs unasked comes first where not all fits.
        let list = match surface.kind {
            SurfaceKind::Install | SurfaceKind::Prepare => 0,
            SurfaceKind::Import => 1,
            SurfaceKind::Bin | SurfaceKind::Tool => 2,
        };
        starts[list].extend(surface.entries.iter().copied());
    }
    let mut open: Vec<FileId> = starts.iter().flatten().copied().collect();
    let mut files: Vec<FileId> = Vec::new();
    let mut bytes = 0;
    let mut at = 0;
    while let Some(&file) = open.get(at) {
        at += 1;
        let size = archive.bytes(file).len();
        let Some(Some(facts)) = facts.get(file.index()) else {
            continue;
        };
        let fits = size <= MOST_BYTES && bytes + size <= MOST_TOGETHER;
        if files.contains(&file) || !fits {
            continue;
        }
        bytes += size;
        files.push(file);
        if files.len() >= MOST_FILES {
            break;
        }
        for import in &facts.imports {
            if let Term::String(specifier) = facts.terms.get(import.specifier)
                && specifier.starts_with(['.', '#', '/'])
                && let Target::File(to) = graph.resolve(file, specifier, import.kind)
            {
                open.push(to);
            }
        }
    }
    (starts, files)
}

/// The words of package.json, and the names of files: for everybody to read.
fn beside(archive: &Archive) -> String {
    let manifest = archive.find(MANIFEST).map(|file| archive.bytes(file));
    let manifest = manifest.filter(|bytes| bytes.len() <= MOST_DATA);
    let manifest = manifest.map_or(String::new(), |bytes| decode(bytes).text.into_owned());
    let is_word = |word: &&str| word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let words = manifest.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut text = String::new();
    for word in words.filter(is_word) {
        text.push_str(word);
        text.push('\n');
    }
    for entry in &archive.entries {
        if text.len() > MOST_TOGETHER {
            break;
        }
        text.push_str(&entry.path);
        text.push('\n');
    }
    text
}

/// A file's lowering, if it needs no deeper stack than this one.
fn parsed(path: &str, text: &str, limits: &Limits) -> Option<Workspace> {
    let lane = lane_of(path, text, limits);
    if lane != Lane::Normal {
        return None;
    }
    let mut workspace = Workspace::new();
    let Workspace { allocator, ir } = &mut workspace;
    let allocator = &*allocator;
    let allow = |dialect: Dialect| {
        let used = allocator.used_bytes();
        may_parse(dialect, path, text, used, &lane, limits)
    };
    parse_file(ir, allocator, text, path, &allow).ok()?;
    workspace.allocator.reset();
    Some(workspace)
}

/// The package around the files that run.
struct Inside<'r, 'a> {
    archive: &'r Archive,
    kinds: &'r [Kind],
    graph: RefCell<&'r mut ModuleGraph<'a>>,
    files: Vec<FileId>,
    paths: Vec<String>,
    /// What specifiers in files were found to mean.
    known: RefCell<FxHashMap<(usize, String), Target>>,
    /// Files that names known in part may stand for.
    alike: RefCell<FxHashMap<(String, String), Vec<String>>>,
    units: &'r FxHashMap<FileId, usize>,
}

impl Inside<'_, '_> {
    fn kind(&self, file: FileId) -> Option<Kind> {
        self.kinds.get(file.index()).copied()
    }
}

impl Around for Inside<'_, '_> {
    fn loads(&self, unit: usize, specifier: &str) -> Option<Loads> {
        let from = *self.files.get(unit)?;
        let key = (unit, specifier.to_owned());
        let known = self.known.borrow().get(&key).cloned();
        let specifier = match specifier.strip_prefix("<package>/") {
            Some(rest) => format!("{}{rest}", up(self.archive.path(from))),
            None => specifier.to_owned(),
        };
        let target = known.unwrap_or_else(|| {
            let mut graph = self.graph.borrow_mut();
            let target = graph.resolve(from, &specifier, ImportKind::Require);
            self.known.borrow_mut().insert(key, target.clone());
            target
        });
        let Target::File(to) = target else {
            return None;
        };
        if let Some(&unit) = self.units.get(&to) {
            return Some(Loads::File(unit));
        }
        let bytes = self.archive.bytes(to);
        let is_json = self.kind(to) == Some(Kind::Json) && bytes.len() <= MOST_DATA;
        is_json.then(|| Loads::Json(decode(bytes).text.into_owned()))
    }

    fn path(&self, unit: usize) -> &str {
        self.paths.get(unit).map_or("", String::as_str)
    }

    fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.archive.find(path.strip_prefix("<package>/")?)?;
        let bytes = self.archive.bytes(file);
        (bytes.len() <= MOST_DATA).then(|| bytes.to_vec())
    }

    fn like(&self, start: &str, end: &str) -> Vec<String> {
        /// Files that one name may stand for.
        const MOST: usize = 4;
        const LEAST_START: usize = 2;
        const MOST_ASKED: usize = 64;
        let Some(start) = start.strip_prefix("<package>/") else {
            return Vec::new();
        };
        if start.len() < LEAST_START || end.len() < LEAST_START {
            return Vec::new();
        }
        let key = (start.to_owned(), end.to_owned());
        if let Some(known) = self.alike.borrow().get(&key) {
            return known.clone();
        }
        // Each costs a look at every file.
        if self.alike.borrow().len() >= MOST_ASKED {
            return Vec::new();
        }
        let entries = self.archive.entries.iter();
        let mut found: Vec<(usize, &str)> = entries
            .filter(|entry| entry.range.len() <= MOST_DATA)
            .filter_map(|entry| {
                let middle = entry.path.strip_prefix(start)?.strip_suffix(end)?;
                let is_name = !middle.is_empty() && !middle.contains('/');
                is_name.then_some((entry.range.len(), &*entry.path))
            })
            .collect();
        found.sort_by(|a, b| b.cmp(a));
        found.truncate(MOST);
        let paths = found.into_iter();
        let paths: Vec<String> = paths.map(|(_, path)| format!("<package>/{path}")).collect();
        self.alike.borrow_mut().insert(key, paths.clone());
        paths
    }
}

/// The way from a file's folder up to the package.
fn up(path: &str) -> String {
    match path.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;

    /// The targets of what a package of one file runs.
    fn run(code: &str) -> Vec<String> {
        let manifest = r#"{"name":"a","version":"1.0.0","main":"i.js"}"#;
        let files = [("package.json", manifest), ("i.js", code)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let report = Engine::new().scan_tree(files).expect("a package");
        let all = report.behaviours.iter();
        all.filter_map(|one| one.target.clone()).collect()
    }

    #[test]
    fn listeners_that_call_each_other_without_end_end() {
        let code = r#"const { EventEmitter } = require("events");
const a = new EventEmitter();
a.on("x", (n) => { a.on("x", () => a.emit("x", n)); a.emit("x", n + "x"); });
setInterval(() => a.emit("x", "1"), 1);
require("child_process").exec(["i", "d"].join(""));"#;
        assert!(run(code).contains(&"id".to_owned()));
    }

    #[test]
    fn a_timer_finds_what_others_left_for_it() {
        let code = r#"const rows = [];
setInterval(() => { if (rows.length) fetch(rows[0].at.join(".")); }, 1);
process.on("exit", () => rows.push({ at: ["https://a", "other", "invalid/x"] }));"#;
        assert!(run(code).contains(&"https://a.other.invalid/x".to_owned()));
    }
}
