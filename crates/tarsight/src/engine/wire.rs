//! What was found, in the form of the report.

use std::collections::{BTreeMap, BTreeSet};

use super::ScanOptions;
use super::files::Files;
use super::hooks::{loaded_by_text, loaded_packages, started_packages};
use super::scan::{Seen, file_id};
use super::sites::Sites;
use crate::api::AimKind;
use crate::archive::Archive;
use crate::behaviours::Behaviour;
use crate::findings::{self, Context, Finding};
use crate::flow::{Flow, Package};
use crate::graph::Target;
use crate::manifest::{Manifest, managers};
use crate::model::{Failures, SurfaceKind, TargetKind};
use crate::report::{self, Report, clean_target, clean_text, finding_key};
use crate::source::{Kind, is_code, line_shape};
use crate::value::Place;

/// Longest note or message of a report.
const MOST_MESSAGE: usize = 1024;

/// Writes all lists but those of the coverage.
pub(super) fn write(
    seen: &Seen<'_>,
    package: &Package<'_>,
    context: &Context<'_>,
    findings: &[Finding],
    options: &ScanOptions,
    failures: &mut Failures,
    report: &mut Report,
) {
    let archive = package.archive;
    let (found, flows) = (context.behaviours, context.flows);
    let sites = failures.part("sites", || {
        let places = places(found, flows, findings);
        Sites::new(archive, package.graph.layers(), &places, options.frames)
    });
    report.manifest = failures.part("manifest", || manifest(seen.manifest, package));
    report.surfaces = failures.part("surfaces", || surfaces(archive, seen.manifest, package));
    report.files = failures.part("files", || files(archive, seen.files, package));
    report.behaviours = found.iter().map(|one| behaviour(one, &sites)).collect();
    let home = &context.home;
    report.flows = flows.iter().map(|one| flow(one, home, &sites)).collect();
    report.findings = findings.iter().map(|one| finding(one, &sites)).collect();
    let disguised = context.disguised.iter().map(|(anomaly, _)| anomaly);
    report.anomalies = archive
        .anomalies
        .iter()
        .chain(&seen.manifest.anomalies)
        .chain(disguised)
        .map(report::Anomaly::from)
        .collect();
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

fn manifest(manifest: &Manifest, package: &Package<'_>) -> report::Manifest {
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

fn surfaces(archive: &Archive, manifest: &Manifest, package: &Package<'_>) -> Vec<report::Surface> {
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
                .copied()
                .chain(loaded_by_text(archive, package, one))
                .map(|file| archive.path(file).to_owned())
                .collect(),
            uses: match one.hook.is_none() {
                true => Vec::new(),
                false => {
                    let mut all = started_packages(manifest, package, one.kind);
                    for name in loaded_packages(package, one.kind) {
                        if !all.contains(&name) {
                            all.push(name);
                        }
                    }
                    all
                }
            },
            managers: managers::of_surface(one.kind, one.hook.as_deref(), one.name.as_deref()),
        })
        .collect()
}

fn files(archive: &Archive, files: &Files, package: &Package<'_>) -> Vec<report::File> {
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
