//! The way from an archive to a report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::files::{self, Facts, Files};
use super::sites::Sites;
use super::{ScanOptions, Stage};
use crate::api::AimKind;
use crate::archive::{Anomaly, AnomalyId, Archive};
use crate::behaviours::{Behaviour, behaviours};
use crate::facts::ModuleFacts;
use crate::findings::{self, Context, Finding};
use crate::flow::{Flow, Package, builds, flows, foreign, uses};
use crate::graph::{ModuleGraph, Target};
use crate::limits::Limits;
use crate::manifest::{self, Manifest, managers};
use crate::model::{FileId, Reach, Reason, SurfaceKind, TargetKind, Unanalysed};
use crate::parse::{Lanes, NotRead};
use crate::report::{self, Report, clean_target, clean_text, finding_key};
use crate::source::{Kind, disguise, is_code, line_shape};
use crate::tool::{self, Door};
use crate::value::Place;

/// Longest note or message of a report.
const MOST_MESSAGE: usize = 1024;

/// How often code that is found inside values is looked at for more code.
const ROUNDS: usize = 5;

/// Analyses an archive and writes its report; subject and options are the caller's.
pub(super) fn scan(
    lanes: &Lanes,
    limits: &Limits,
    options: &ScanOptions,
    archive: &Archive,
    report: &mut Report,
) {
    options.enter(Stage::Graph);
    let manifest = manifest::read(archive);
    let doors = tool::doors(archive, &manifest);
    // On a worker, since its stack is known.
    let graph = match lanes.run(|| ModuleGraph::new(archive, &manifest, &doors)) {
        Ok(graph) => graph,
        Err(failure) => return give_up(&failure, report),
    };
    options.enter(Stage::Source);
    let mut known = files::classify(lanes, archive, &|| options.is_over());
    let mut graph = match lanes.run(|| with_scripts(graph, &mut known.0)) {
        Ok(graph) => graph,
        Err(failure) => return give_up(&failure, report),
    };
    let mut files = files::analyse(lanes, archive, limits, &graph.order(), known, options);
    options.enter(Stage::Graph);
    graph.open_paths(|file| files.facts.get(file.index()).is_some_and(Option::is_some));
    report.subject.name.clone_from(&manifest.name);
    report.subject.version.clone_from(&manifest.version);
    if let Some(stats) = &mut report.stats {
        stats.parsed_files = files.parsed_files;
        stats.parsed_bytes = files.parsed_bytes;
        stats.steps = files.steps;
    }
    // The facts of each round: the graph keeps what it learned, and lives as long as all of them.
    let rounds: [OnceLock<Facts>; ROUNDS] = [const { OnceLock::new() }; ROUNDS];
    let mut facts = std::mem::take(&mut files.facts);
    let mut unread = Vec::new();
    let mut linked = 0;
    let mut failure = None;
    for (round, slot) in rounds.iter().enumerate() {
        let layers = graph.layers();
        let all = files::with_layers(lanes, archive, limits, layers, facts, &mut unread, options);
        options.enter(Stage::Graph);
        facts = all.clone();
        let all: &[_] = slot.get_or_init(|| all);
        for (at, facts) in all.iter().enumerate().skip(linked) {
            if let Some(facts) = facts {
                graph.add_file(file_id(at), facts);
            }
        }
        linked = all.len();
        graph.recompute();
        let seen = Seen {
            manifest: &manifest,
            doors: &doors,
            files: &files,
            unread: &unread,
            is_last: round + 1 == ROUNDS,
        };
        let package = Package::new(archive, all, graph, limits.package_steps);
        match lanes.run(|| judge(&seen, package, limits, options, report)) {
            Ok(Some(grown)) => graph = grown,
            Ok(None) => break,
            Err(caught) => {
                failure = Some(caught);
                break;
            }
        }
    }
    if let Some(failure) = failure {
        give_up(&failure, report);
    }
}

/// Reads the files that are scripts for a shell; and what a command gives to Node is code.
fn with_scripts<'a>(mut graph: ModuleGraph<'a>, kinds: &mut [Kind]) -> ModuleGraph<'a> {
    for (at, kind) in kinds.iter().enumerate() {
        if matches!(kind, Kind::Shell | Kind::Batch | Kind::PowerShell) {
            graph.run_file(file_id(at));
        }
    }
    graph.run_build();
    graph.recompute();
    for file in graph.given_to_node() {
        if let Some(kind @ Kind::Text) = kinds.get_mut(file.index()) {
            *kind = Kind::JavaScript;
        }
    }
    graph
}

/// A bug of ours ended the analysis.
fn give_up(failure: &NotRead, report: &mut Report) {
    let one = Unanalysed {
        path: None,
        reason: failure.reason,
        detail: failure.detail.clone(),
    };
    let unanalysed = report::Unanalysed::new(&one, Reach::DORMANT);
    report.coverage.unanalysed.push(unanalysed);
}

/// What is known of the package before its files are looked at together.
struct Seen<'a> {
    manifest: &'a Manifest,
    doors: &'a [Door],
    files: &'a Files,
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
    report: &mut Report,
) -> Option<ModuleGraph<'a>> {
    let &Seen {
        manifest,
        doors,
        files,
        is_last,
        ..
    } = seen;
    let archive = package.archive;
    let growth = package.graph.growth();
    options.enter(Stage::Flow);
    let uses = uses(&mut package);
    if package.graph.growth() != growth && !is_last {
        return Some(package.graph);
    }
    let most = usize::try_from(limits.flows).unwrap_or(usize::MAX);
    let flows = flows(&mut package, &uses, most.saturating_add(1));
    options.enter(Stage::Report);
    let foreign = foreign(&mut package, &uses);
    let behaviours = behaviours(&package, doors, &files.kinds, &uses, &foreign);
    let unanalysed = coverage(seen, &package, options);
    let disguised = disguised(&package, &files.kinds);
    let builds = builds(&package, &uses);
    let context = Context {
        archive,
        manifest,
        surfaces: package.graph.surfaces(),
        doors,
        disguised: &disguised,
        behaviours: &behaviours,
        flows: &flows,
        foreign: &foreign,
        unanalysed: &unanalysed,
        builds: &builds,
        home: findings::provenance::Home::of(manifest),
    };
    let (findings, failed) = findings::findings(&context);
    let places = places(&behaviours, &flows, &findings);
    let sites = Sites::new(archive, package.graph.layers(), &places, options.frames);
    report.manifest = wire_manifest(manifest, &package);
    report.surfaces = wire_surfaces(archive, &package);
    report.files = wire_files(archive, files, &package);
    report.behaviours = behaviours
        .iter()
        .map(|one| behaviour(one, &sites))
        .collect();
    report.flows = flows
        .iter()
        .map(|one| flow(one, &context.home, &sites))
        .collect();
    report.findings = findings.iter().map(|one| finding(one, &sites)).collect();
    report.anomalies = archive
        .anomalies
        .iter()
        .chain(&manifest.anomalies)
        .chain(disguised.iter().map(|(anomaly, _)| anomaly))
        .map(report::Anomaly::from)
        .collect();
    report.coverage.files = counts(files, package.facts, &unanalysed);
    report.coverage.unanalysed = unanalysed
        .iter()
        .map(|(one, reach)| report::Unanalysed::new(one, *reach))
        .chain(
            failed
                .iter()
                .map(|one| report::Unanalysed::new(one, Reach::DORMANT)),
        )
        .collect();
    None
}

fn file_id(at: usize) -> FileId {
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
    package: &Package<'_>,
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
    for door in seen.doors {
        if let Some(detail) = &door.unread {
            let one = Unanalysed::file(archive.path(door.file), Reason::UnreadDocument, detail);
            all.push((one, package.graph.reach(door.file)));
        }
    }
    let layers = package.graph.layers();
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
    if package.out_of_steps() {
        let detail = "values across files stayed unresolved: package-steps ran out";
        let one = Unanalysed {
            path: None,
            reason: Reason::UnresolvedValue,
            detail: detail.to_owned(),
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

fn places(behaviours: &[Behaviour], flows: &[Flow], findings: &[Finding]) -> BTreeSet<Place> {
    let mut places: BTreeSet<Place> = BTreeSet::new();
    places.extend(behaviours.iter().flat_map(|one| &one.sites));
    places.extend(
        flows
            .iter()
            .flat_map(|one| &one.steps)
            .map(|step| step.place),
    );
    places.extend(findings.iter().flat_map(|one| &one.evidence));
    places
}

fn wire_manifest(manifest: &Manifest, package: &Package<'_>) -> report::Manifest {
    let mut imported: BTreeSet<&str> = BTreeSet::new();
    for edge in package.graph.edges() {
        if let Target::External(specifier) = &edge.to {
            imported.insert(crate::graph::package_name(specifier));
        }
    }
    report::Manifest {
        scripts: manifest.scripts.iter().cloned().collect::<BTreeMap<_, _>>(),
        repository: manifest.repository.clone(),
        homepage: manifest.homepage.clone(),
        dependencies: manifest
            .dependencies
            .iter()
            .map(|one| report::Dependency {
                name: one.name.clone(),
                spec: one.spec.clone(),
                kind: one.kind.as_str().to_owned(),
                source: one.source.as_str().to_owned(),
                imported: imported.contains(one.name.as_str()),
            })
            .collect(),
        dependency_count: None,
    }
}

/// Packages that files load when they run on a surface, or in functions there.
fn loaded_packages(package: &Package<'_>, kind: SurfaceKind) -> Vec<String> {
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

fn wire_surfaces(archive: &Archive, package: &Package<'_>) -> Vec<report::Surface> {
    let surfaces = package.graph.surfaces().iter();
    surfaces
        .map(|one| report::Surface {
            kind: one.kind,
            hook: one.hook.clone(),
            command: match one.kind {
                SurfaceKind::Tool => one.command.as_deref().map(clean_target),
                _ => one.command.clone(),
            },
            name: one.name.clone(),
            conditions: one.conditions.clone(),
            entries: one
                .entries
                .iter()
                .map(|&file| archive.path(file).to_owned())
                .collect(),
            uses: match one.entries.is_empty() || one.hook.is_none() {
                true => Vec::new(),
                false => loaded_packages(package, one.kind),
            },
            managers: managers::of_hook(one.kind, one.hook.as_deref()),
        })
        .collect()
}

fn wire_files(archive: &Archive, files: &Files, package: &Package<'_>) -> Vec<report::File> {
    archive
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let kind = files.kinds.get(at).copied().unwrap_or(Kind::Binary);
            let shape = is_code(kind).then(|| line_shape(archive.bytes(file_id(at))));
            report::File {
                path: entry.path.clone(),
                size: entry.range.len() as u64,
                sha256: files.digests.get(at).cloned().unwrap_or_default(),
                kind: kind.as_str().to_owned(),
                reach: package.graph.reach(file_id(at)),
                behaviours: String::new(),
                lines: shape.map(|(lines, _)| lines),
                longest_line: shape.map(|(_, longest)| longest),
            }
        })
        .collect()
}

fn behaviour(one: &Behaviour, sites: &Sites) -> report::Behaviour {
    report::Behaviour {
        id: one.what.id.to_owned(),
        capability: one.what.capability,
        target: one.target.as_deref().map(clean_target),
        target_kind: one.kind.map(target_kind),
        origin: one.origin,
        reach: one.reach,
        guards: one.guards.iter().map(|guard| clean_target(guard)).collect(),
        package: one.package.clone(),
        sites: one.sites.iter().map(|&place| sites.of(place)).collect(),
        site_count: one.sites.len() as u64,
    }
}

fn target_kind(kind: AimKind) -> TargetKind {
    match kind {
        AimKind::Path => TargetKind::Path,
        AimKind::Url => TargetKind::Url,
        AimKind::Host => TargetKind::Host,
        AimKind::Command | AimKind::Argv => TargetKind::Command,
        AimKind::Module => TargetKind::Module,
        AimKind::Variable => TargetKind::Variable,
        AimKind::Code => TargetKind::Code,
        AimKind::Other => TargetKind::Other,
    }
}

fn flow(one: &Flow, home: &findings::provenance::Home, sites: &Sites) -> report::Flow {
    report::Flow {
        id: one.id.to_owned(),
        source: report::Source {
            id: one.source.id.to_owned(),
            target: one.source.target.as_deref().map(clean_target),
            origin: one
                .source
                .origin
                .iter()
                .next()
                .unwrap_or(crate::model::Origin::Unknown),
        },
        sink: report::Sink {
            id: one.sink.id.to_owned(),
            target: one.sink.target.as_deref().map(clean_target),
            origin: one.sink.origin,
        },
        cell: findings::matrix::taker(home, one).map(|to| report::Cell {
            from: findings::matrix::giver(one).to_owned(),
            to: to.to_owned(),
        }),
        reach: one.reach,
        steps: one
            .steps
            .iter()
            .map(|step| report::Step {
                role: match step.role {
                    "source" => report::StepRole::Source,
                    "sink" => report::StepRole::Sink,
                    _ => report::StepRole::Step,
                },
                note: clean_text(&step.note, MOST_MESSAGE),
                site: sites.of(step.place),
            })
            .collect(),
        step_count: None,
    }
}

fn finding(one: &Finding, sites: &Sites) -> report::Finding {
    let parts: Vec<&str> = one.parts.iter().map(String::as_str).collect();
    report::Finding {
        id: one.what.id.to_owned(),
        key: finding_key(one.what.id, &parts),
        severity: one.severity,
        confidence: one.confidence,
        title: one.what.title.to_owned(),
        message: clean_text(&one.message, MOST_MESSAGE),
        reach: one.reach,
        evidence: one.evidence.iter().map(|&place| sites.of(place)).collect(),
        evidence_count: None,
        mitigations: one
            .mitigations
            .iter()
            .map(|mitigation| report::Mitigation {
                id: mitigation.id.to_owned(),
                note: clean_text(&mitigation.note, MOST_MESSAGE),
                site: None,
            })
            .collect(),
        advice: one.what.advice.to_owned(),
        benign_when: one.what.benign_when.to_owned(),
        references: one.what.references.iter().map(|&r| r.to_owned()).collect(),
        waived: None,
    }
}
