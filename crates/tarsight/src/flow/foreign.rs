//! Code that has no business with the module around it, and touches the outside when that is
//! loaded.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::package::Package;
use super::uses::Use;
use crate::facts::NEVER;
use crate::model::{FileId, Reach, Span, Trigger};
use crate::value::Place;

/// Code at the top level that neither takes from the module nor gives to it.
#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    /// Where it stands.
    pub(crate) file: FileId,
    pub(crate) spans: Vec<Span>,
    /// When it runs.
    pub(crate) reach: Reach,
    /// What it does, sorted.
    pub(crate) acts: Vec<&'static str>,
    /// The file that is all of it, if the module only loads that.
    pub(crate) loads: Option<FileId>,
    /// Another build of the same module, without it.
    pub(crate) twin: Option<FileId>,
}

impl Foreign {
    /// Its ranges.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let file = self.file;
        let spans = self.spans.iter();
        spans.map(move |&span| Place { file, span })
    }
}

/// Finds it, in the order of files and places.
pub(crate) fn foreign(package: &mut Package<'_>, uses: &[Use]) -> Vec<Foreign> {
    let mut by_file: BTreeMap<FileId, Vec<&Use>> = BTreeMap::new();
    for one in uses.iter().filter(|one| acts_on_load(one)) {
        by_file.entry(one.file).or_default().push(one);
    }
    let mut found = Vec::new();
    for at in 0..package.facts.len() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let Some(facts) = package.facts_of(file) else {
            continue;
        };
        for body in &facts.bodies {
            let own = by_file.get(&file).map_or(&[][..], Vec::as_slice);
            let inside = |one: &&&Use| {
                let spans = body.spans.iter();
                let mut spans = spans.filter(|span| span.start <= one.span.start);
                spans.any(|span| one.span.end <= span.end)
            };
            let mut acting: Vec<&Use> = own.iter().filter(inside).copied().collect();
            let mut loads = None;
            if let Some(specifier) = &body.asks
                && let Some(target) = package.target(file, specifier)
                && gives_nothing(package, target)
            {
                loads = Some(target);
                acting.extend(by_file.get(&target).into_iter().flatten());
            }
            if acting.is_empty() {
                continue;
            }
            let mut reach = Reach::DORMANT;
            let mut acts = Vec::new();
            for one in acting {
                reach.join(one.reach);
                acts.extend(strong(one));
            }
            acts.sort_unstable();
            acts.dedup();
            found.push(Foreign {
                file,
                spans: body.spans.to_vec(),
                reach,
                acts,
                loads,
                twin: None,
            });
        }
    }
    with_twins(package, &mut found);
    found
}

/// Whether a use touches the outside as soon as its file is loaded.
fn acts_on_load(one: &Use) -> bool {
    let loads = one
        .reach
        .iter()
        .any(|(_, trigger)| trigger == Trigger::Load);
    let may_run = one.guards.iter().all(|guard| &**guard != NEVER);
    loads && may_run && strong(one).next().is_some()
}

/// What a use does that matters: talks, runs, writes.
fn strong(one: &Use) -> impl Iterator<Item = &'static str> + '_ {
    let ids = one.effects.iter().map(|effect| effect.behaviour.id);
    ids.filter(|id| {
        id.starts_with("network.")
            || id.starts_with("evasion.unresolved")
            || matches!(
                *id,
                "process.exec"
                    | "process.spawn"
                    | "process.fork"
                    | "process.native"
                    | "code.eval"
                    | "code.function"
                    | "code.vm"
                    | "code.compile"
                    | "code.timer-string"
                    | "code.worker"
                    | "fs.write"
                    | "fs.delete"
            )
    })
}

/// Whether a file exports nothing.
fn gives_nothing(package: &Package<'_>, file: FileId) -> bool {
    package.facts_of(file).is_some_and(|facts| {
        let exports = &facts.exports;
        exports.named.is_empty() && exports.whole.is_none() && exports.stars.is_empty()
    })
}

/// Notes other builds of the same module that do without: files of the same name that export
/// the same, and have no such code.
fn with_twins(package: &Package<'_>, found: &mut [Foreign]) {
    if found.is_empty() {
        return;
    }
    let mut builds: BTreeMap<(String, Vec<&str>), Vec<FileId>> = BTreeMap::new();
    for at in 0..package.archive.entries.len().min(package.facts.len()) {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        if let Some(key) = build_key(package, file) {
            builds.entry(key).or_default().push(file);
        }
    }
    let tainted: Vec<FileId> = found.iter().map(|one| one.file).collect();
    for one in found {
        if let Some(map) = without_in_sources(package, one) {
            one.twin = Some(map);
            continue;
        }
        let twins = build_key(package, one.file).and_then(|key| builds.get(&key));
        let mut twins = twins.into_iter().flatten();
        one.twin = twins.find(|twin| !tainted.contains(twin)).copied();
    }
}

/// The source map of a module, if the sources that it holds are those of the module and lack
/// such code.
fn without_in_sources(package: &Package<'_>, one: &Foreign) -> Option<FileId> {
    const MOST_BYTES: usize = 1 << 23;
    /// Words of the module that its sources must hold, in tenths; of the code, at most.
    const OWN: usize = 6;
    const FOREIGN: usize = 3;
    let archive = package.archive;
    let map = archive.find(&format!("{}.map", archive.path(one.file)))?;
    let bytes = archive.bytes(map);
    if one.loads.is_some() || bytes.len() > MOST_BYTES {
        return None;
    }
    let json: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let sources = json.get("sourcesContent")?.as_array()?.iter();
    let sources: Vec<&str> = sources.filter_map(serde_json::Value::as_str).collect();
    let known: FxHashSet<&str> = sources.iter().flat_map(|text| words(text)).collect();
    let text = String::from_utf8_lossy(archive.bytes(one.file));
    let shared = |words: &FxHashSet<&str>, tenths: usize| {
        let shared = words.iter().filter(|word| known.contains(*word)).count();
        shared * 10 >= words.len() * tenths
    };
    let (mut own, mut foreign) = (FxHashSet::default(), FxHashSet::default());
    let mut at = 0;
    for span in &one.spans {
        let (start, end) = (span.start as usize, span.end as usize);
        own.extend(words(text.get(at..start)?));
        foreign.extend(words(text.get(start..end)?));
        at = end;
    }
    own.extend(words(text.get(at..)?));
    let foreign: FxHashSet<&str> = foreign.difference(&own).copied().collect();
    let is_it = !own.is_empty() && shared(&own, OWN);
    (is_it && foreign.len() >= 2 && !shared(&foreign, FOREIGN)).then_some(map)
}

/// The longer words of a text: a build may shorten names of variables, but not those of
/// properties, nor texts.
fn words(text: &str) -> impl Iterator<Item = &str> {
    const LEAST: usize = 4;
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    words.filter(|word| word.len() >= LEAST)
}

/// The name of a module without its build: its file's name up to the first dot, and what it
/// exports.
fn build_key<'a>(package: &Package<'a>, file: FileId) -> Option<(String, Vec<&'a str>)> {
    let facts = package.facts_of(file)?;
    let path = package.archive.path(file);
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name).to_owned();
    let names = facts.exports.named.iter().map(|(name, _)| &**name);
    let names: Vec<&str> = names.filter(|name| *name != "__esModule").collect();
    (!names.is_empty()).then_some((stem, names))
}
