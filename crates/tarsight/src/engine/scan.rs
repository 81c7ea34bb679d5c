//! The way from an archive to a report.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::files::{self, Facts, Files};
use super::program::run_program;
use super::{ScanOptions, Stage, wire};
use crate::archive::{Anomaly, AnomalyId, Archive};
use crate::behaviours::behaviours;
use crate::budget::Budget;
use crate::facts::ModuleFacts;
use crate::findings::{self, Context};
use crate::flow::{
    Package, Use, add_encoded, builds, encoded, flows, foreign, harmless, reach_compiled, uses,
};
use crate::graph::ModuleGraph;
use crate::limits::{Limit, Limits};
use crate::manifest::{self, Manifest};
use crate::model::{Failures, FileId, Reach, Reason, Unanalysed};
use crate::parse::{Lanes, NotRead};
use crate::report::{self, Report};
use crate::source::{Kind, disguise};
use crate::tool::{self, Door};

/// How often code that is found inside values is looked at for more code.
const ROUNDS: usize = 5;

/// Analyses an archive and writes its report; subject and options are the caller's.
pub(super) fn scan(
    lanes: &Lanes,
    budget: &mut Budget<'_>,
    options: &ScanOptions,
    archive: &Archive,
    report: &mut Report,
) {
    let mut failures = Failures::default();
    if let Err(failure) = analyse(lanes, budget, options, archive, &mut failures, report) {
        let one = Unanalysed {
            path: None,
            reason: failure.reason,
            detail: failure.detail,
        };
        let one = report::Unanalysed::new(&one, Reach::DORMANT);
        report.coverage.unanalysed.push(one);
    }
    let failed = failures.all().iter();
    let failed = failed.map(|one| report::Unanalysed::new(one, Reach::DORMANT));
    report.coverage.unanalysed.extend(failed);
}

/// All of it; the error is a bug that left nothing to go on with.
fn analyse(
    lanes: &Lanes,
    budget: &mut Budget<'_>,
    options: &ScanOptions,
    archive: &Archive,
    failures: &mut Failures,
    report: &mut Report,
) -> Result<(), NotRead> {
    let limits = budget.limits();
    let read = OnceLock::new();
    // On workers, here and below, since their stacks are known.
    let graph = lanes.run(|| {
        let (manifest, doors) = read.get_or_init(|| {
            let manifest = failures.part("package.json", || {
                options.enter(Stage::Graph);
                manifest::read(archive)
            });
            let doors = failures.part("files of tools", || tool::doors(archive, &manifest));
            (manifest, doors)
        });
        ModuleGraph::new(archive, manifest, doors)
    })?;
    let (manifest, doors) = read.get_or_init(Default::default);
    options.enter(Stage::Source);
    let mut known = files::classify(lanes, archive, &|| options.is_over());
    let (mut graph, order) = lanes.run(|| {
        let graph = with_scripts(graph, &mut known.0, failures);
        let order = graph.order();
        (graph, order)
    })?;
    let mut files = files::analyse(lanes, archive, budget, &order, known, options);
    report.subject.name.clone_from(&manifest.name);
    report.subject.version.clone_from(&manifest.version);
    if let Some(stats) = &mut report.stats {
        stats.parsed_files = files.parsed_files;
        stats.parsed_bytes = files.parsed_bytes;
        stats.steps = files.steps;
    }
    let mut facts = std::mem::take(&mut files.facts);
    graph.open_paths(|file| facts.get(file.index()).is_some_and(Option::is_some));
    let told = lanes.run(|| {
        failures.part("a run of the package", || {
            let mut told = facts.clone();
            let kinds = &files.kinds;
            let steps = run_program(archive, &mut graph, kinds, &mut told, limits, options);
            Some((told, steps))
        })
    })?;
    if let Some((told, steps)) = told {
        facts = told;
        if let Some(stats) = &mut report.stats {
            stats.steps += steps;
        }
    }
    // The facts of each round: the graph keeps what it learned, and lives as long as all of them.
    let rounds: [OnceLock<Facts>; ROUNDS] = [const { OnceLock::new() }; ROUNDS];
    let mut unread = Vec::new();
    let mut linked = 0;
    for (round, slot) in rounds.iter().enumerate() {
        let layers = graph.layers();
        let all = files::with_layers(lanes, archive, budget, layers, facts, &mut unread, options);
        facts = all.clone();
        let all: &[_] = slot.get_or_init(|| all);
        let seen = Seen {
            manifest,
            doors,
            files: &files,
            unread: &unread,
            is_last: round + 1 == ROUNDS,
        };
        let judged = lanes.run(|| {
            options.enter(Stage::Graph);
            link(&mut graph, all, linked);
            let package = Package::new(archive, all, graph, limits);
            judge(&seen, package, limits, options, failures, report)
        });
        match judged? {
            Some(grown) => graph = grown,
            None => break,
        }
        linked = all.len();
    }
    Ok(())
}

/// Adds what the files from a number on import.
fn link(graph: &mut ModuleGraph<'_>, facts: &[Option<Arc<ModuleFacts>>], from: usize) {
    for (at, facts) in facts.iter().enumerate().skip(from) {
        if let Some(facts) = facts {
            graph.add_file(file_id(at), facts);
        }
    }
    graph.recompute();
}

/// Reads the files that are scripts for a shell; and what a command gives to Node is code.
fn with_scripts<'a>(
    mut graph: ModuleGraph<'a>,
    kinds: &mut [Kind],
    failures: &mut Failures,
) -> ModuleGraph<'a> {
    for (at, kind) in kinds.iter().enumerate() {
        if matches!(kind, Kind::Shell | Kind::Batch | Kind::PowerShell) {
            failures.part("a script for a shell", || graph.run_file(file_id(at)));
        }
    }
    failures.part("binding.gyp", || graph.run_builds());
    graph.recompute();
    for file in graph.given_to_node() {
        if let Some(kind @ Kind::Text) = kinds.get_mut(file.index()) {
            *kind = Kind::JavaScript;
        }
    }
    graph
}

/// What is known of the package before its files are looked at together.
pub(super) struct Seen<'a> {
    pub(super) manifest: &'a Manifest,
    doors: &'a [Door],
    pub(super) files: &'a Files,
    /// Layers that could not be read.
    unread: &'a [(FileId, Unanalysed)],
    /// Whether code that is found now stays unread.
    is_last: bool,
}

/// Follows values across files, and writes down what they do; unless that finds more code, or
/// that code runs more often than was known: then it gives the graph back, for another round.
fn judge<'a>(
    seen: &Seen<'_>,
    mut package: Package<'a>,
    limits: &Limits,
    options: &ScanOptions,
    failures: &mut Failures,
    report: &mut Report,
) -> Option<ModuleGraph<'a>> {
    let archive = package.archive;
    let kinds = &seen.files.kinds;
    let growth = package.graph.growth();
    let uses = failures.part("what code does", || {
        options.enter(Stage::Flow);
        uses(&mut package)
    });
    // What runs is known now; what is left may be run by anybody.
    if package.graph.growth() == growth {
        failures.part("encoded code", || add_encoded(&mut package, kinds, &uses));
    }
    if package.graph.growth() != growth && !seen.is_last {
        return Some(package.graph);
    }
    reach_compiled(&mut package, kinds, &uses);
    // One more, so that the report can tell that there were more.
    let most = limits.most(Limit::Flows).saturating_add(1);
    let flows = failures.part("flows", || flows(&mut package, &uses, most));
    let foreign = failures.part("foreign bodies", || {
        options.enter(Stage::Report);
        foreign(&mut package, &uses)
    });
    let mut doors = seen.doors.to_vec();
    doors.append(&mut package.planted);
    let behaviours = behaviours(&package, &doors, kinds, &uses, &foreign, failures);
    let unanalysed = failures.part("coverage", || {
        coverage(seen, &doors, &package, &uses, options)
    });
    let disguised = failures.part("disguised files", || disguised(&package, kinds));
    let builds = failures.part("builds", || builds(&package, &uses));
    let context = Context {
        archive,
        manifest: seen.manifest,
        surfaces: package.graph.surfaces(),
        doors: &doors,
        disguised: &disguised,
        behaviours: &behaviours,
        flows: &flows,
        foreign: &foreign,
        harmless: &harmless(&package),
        encoded: &encoded(&package),
        unanalysed: &unanalysed,
        builds: &builds,
        home: findings::provenance::Home::of(seen.manifest),
    };
    let findings = findings::findings(&context, failures);
    wire::write(
        seen, &package, &context, &findings, options, failures, report,
    );
    report.coverage.files = counts(seen.files, package.facts, &unanalysed);
    report.coverage.unanalysed = unanalysed
        .iter()
        .map(|(one, reach)| report::Unanalysed::new(one, *reach))
        .collect();
    None
}

pub(super) fn file_id(at: usize) -> FileId {
    FileId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// Files that are not what their name says, with their reach.
fn disguised(package: &Package<'_>, kinds: &[Kind]) -> Vec<(Anomaly, Reach)> {
    let archive = package.archive;
    let files = (0..).zip(kinds).map(|(at, &kind)| (FileId(at), kind));
    files
        .filter_map(|(file, kind)| {
            let path = archive.path(file);
            let detail = disguise(path, kind, archive.bytes(file))?;
            let anomaly = Anomaly::at(AnomalyId::DisguisedFile, path, detail);
            Some((anomaly, package.graph.reach(file)))
        })
        .collect()
}

/// Everything that was not looked at, with the reach of its file.
fn coverage(
    seen: &Seen<'_>,
    doors: &[Door],
    package: &Package<'_>,
    uses: &[Use],
    options: &ScanOptions,
) -> Vec<(Unanalysed, Reach)> {
    let (archive, files) = (package.archive, seen.files);
    let mut all: Vec<(Unanalysed, Reach)> = Vec::new();
    let reach_of = |path: Option<&str>| {
        path.and_then(|path| archive.find(path))
            .map_or(Reach::DORMANT, |file| package.graph.reach(file))
    };
    for one in archive.unanalysed.iter().chain(&files.unanalysed) {
        all.push((one.clone(), reach_of(one.path.as_deref())));
    }
    for (file, one) in seen.unread {
        all.push((one.clone(), package.graph.reach(*file)));
    }
    let layers = package.graph.layers();
    for door in doors {
        if let Some(detail) = &door.unread {
            let path = archive.path(layers.home(door.file));
            let one = Unanalysed::file(path, Reason::UnreadDocument, detail);
            all.push((one, package.graph.reach(door.file)));
        }
    }
    for (at, layer) in (files.kinds.len()..).zip(layers.iter()) {
        if at >= package.facts.len() {
            let path = archive.path(layers.home(layer.file));
            let detail = format!("{}: code in code in code, {ROUNDS} times over", layer.kind);
            let one = Unanalysed::file(path, Reason::BudgetExhausted, detail);
            all.push((one, package.graph.reach(file_id(at))));
        }
    }
    for (at, kind) in files.kinds.iter().enumerate() {
        let file = file_id(at);
        let reach = package.graph.reach(file);
        let reason = match kind {
            Kind::Wasm => Reason::Wasm,
            kind if kind.is_native() => Reason::NativeCode,
            Kind::Script if !reach.is_dormant() => Reason::ForeignLanguage,
            _ => continue,
        };
        let detail = kind.as_str();
        let one = Unanalysed::file(archive.path(file), reason, detail);
        all.push((one, reach));
    }
    for (meaning, reach) in package.commands() {
        for one in &meaning.unread {
            let path = archive.path(layers.home(one.at.file));
            let one = Unanalysed::file(path, one.reason, one.detail.as_str());
            all.push((one, reach));
        }
    }
    for one in uses {
        let targets = one.effects.iter().flat_map(|effect| &effect.targets);
        let mut values = targets.filter_map(|target| target.value);
        if values.any(|value| package.terms.was_too_many(value)) {
            let path = archive.path(layers.home(one.file));
            let over = package.limits.over(Limit::ValueSet);
            let detail = format!("{}: too many things to tell apart: {over}", one.row.path);
            let one_of = Unanalysed::file(path, Reason::UnresolvedValue, detail);
            all.push((one_of, one.reach));
        }
    }
    if package.out_of_steps() {
        let over = package.limits.over(Limit::PackageSteps);
        let one = Unanalysed {
            path: None,
            reason: Reason::UnresolvedValue,
            detail: format!("values across files stayed unresolved: {over}"),
        };
        all.push((one, Reach::DORMANT));
    }
    if options.is_over() {
        let one = Unanalysed {
            path: None,
            reason: Reason::Cancelled,
            detail: "the scan was ended before it was done".to_owned(),
        };
        all.push((one, Reach::DORMANT));
    }
    all.sort();
    all.dedup();
    all
}

fn counts(
    files: &Files,
    facts: &[Option<Arc<ModuleFacts>>],
    unanalysed: &[(Unanalysed, Reach)],
) -> report::FileCounts {
    let failed: BTreeSet<&str> = unanalysed
        .iter()
        .filter(|(one, _)| one.reason.kind() == crate::model::CoverageKind::NotExamined)
        .filter_map(|(one, _)| one.path.as_deref())
        .collect();
    let total = files.kinds.len() as u64;
    let own = facts.iter().take(files.kinds.len());
    let analysed = own.flatten().count() as u64;
    let unanalysed = failed.len() as u64;
    report::FileCounts {
        total,
        analysed,
        inert: total.saturating_sub(analysed + unanalysed),
        unanalysed,
    }
}
