//! Findings, flows, anomalies and what was not examined.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Item, ItemKind, State};
use super::normal::normal;
use super::side::Side;
use super::signals::{self, Moment};
use super::weight::{Found, Weight, change, item, key};
use crate::model::{Confidence, CoverageKind, Severity, TargetKind};
use crate::report::{Anomaly, Finding, Flow, Site, Unanalysed, points};

/// Compares findings; returns how many both have.
pub(super) fn findings(old: &Side<'_>, new: &Side<'_>, out: &mut Found) -> u64 {
    let mut before: BTreeMap<String, &Finding> = BTreeMap::new();
    for finding in &old.report.findings {
        before.entry(name(old, finding)).or_insert(finding);
    }
    let files: BTreeSet<&str> = old.report.files.iter().map(|f| f.path.as_str()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut same = 0;
    for finding in &new.report.findings {
        let name = name(new, finding);
        let Some(known) = before.get(&name) else {
            if seen.insert(name) {
                out.gain(weight(finding, &files), of_finding(finding));
            }
            continue;
        };
        same += u64::from(seen.insert(name));
        let worse = worth(finding) > worth(known);
        let earlier = Moment::of(finding.reach) < Moment::of(known.reach);
        if worse || earlier {
            let mut change = change(ItemKind::Finding, &finding.id, &finding.message);
            change.key.clone_from(&finding.key);
            change.from = state(known);
            change.to = state(finding);
            change.sites = first(&finding.evidence);
            let weight = match worse {
                true => weight(finding, &files),
                // It was judged before; only its moment is new.
                false => {
                    let moment = Moment::of(finding.reach);
                    let points = signals::FINDING_EARLIER.points(moment);
                    Weight::points_of(signals::FINDING_EARLIER, points.min(worth(finding)))
                }
            };
            out.change(weight, change);
        }
    }
    for (name, finding) in before {
        if !seen.contains(&name) {
            out.lost.push(of_finding(finding));
        }
    }
    same
}

/// What tells findings apart: id and message, each word as a target is compared.
fn name(side: &Side<'_>, finding: &Finding) -> String {
    let words = finding.message.split_whitespace().map(|word| {
        let kind = match word.contains("://") {
            true => TargetKind::Url,
            false => TargetKind::Path,
        };
        normal(word, Some(kind), side.own)
    });
    let words: Vec<String> = words.collect();
    format!("{} {}", finding.id, words.join(" "))
}

fn worth(finding: &Finding) -> u8 {
    match finding.waived {
        Some(_) => 0,
        None => points(finding.severity, finding.confidence),
    }
}

fn weight(finding: &Finding, before: &BTreeSet<&str>) -> Weight {
    let mut weight = Weight::points_of(signals::FINDING, worth(finding));
    let moment = Moment::of(finding.reach);
    let mut files = finding.evidence.iter().map(|site| site.file.as_str());
    if moment < Moment::Call || finding.waived.is_some() {
        return weight;
    }
    if files.clone().all(super::files::is_aside) {
        return Weight::points_of(signals::FINDING, worth(finding).min(ASIDE));
    }
    // What nothing but its being dormant lowered.
    let is_lowered_once = finding.mitigations.len() == 1;
    if moment == Moment::Dormant
        && finding.severity >= Severity::Medium
        && is_lowered_once
        && files.all(|file| !before.contains(file))
    {
        weight.add(signals::FINDING_DORMANT, Moment::Dormant);
    }
    weight
}

/// What a finding in tests or examples that nothing leads to counts at most.
const ASIDE: u8 = 12;

fn state(finding: &Finding) -> State {
    State {
        reach: Some(finding.reach),
        value: Some(finding.severity.as_str().to_owned()),
        entries: None,
    }
}

fn of_finding(finding: &Finding) -> Item {
    Item {
        key: finding.key.clone(),
        reach: finding.reach,
        sites: first(&finding.evidence),
        ..item(ItemKind::Finding, &finding.id, &finding.message)
    }
}

fn first(sites: &[Site]) -> Vec<Site> {
    sites.iter().take(super::MOST_SITES).cloned().collect()
}

/// Compares flows.
pub(super) fn flows(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    fn by_name<'r>(side: &Side<'r>) -> BTreeMap<[String; 5], &'r Flow> {
        let flows = side.report.flows.iter();
        flows.map(|flow| (flow_name(side, flow), flow)).collect()
    }
    let (before, after) = (by_name(old), by_name(new));
    for (name, flow) in &after {
        let moment = Moment::of(flow.reach);
        match before.get(name) {
            None => out.gain(Weight::of(signals::FLOW, moment), of_flow(name, flow)),
            Some(known) if moment < Moment::of(known.reach) => {
                let mut change = change(ItemKind::Flow, &flow.id, &flow_target(flow));
                change.key = flow_key(name);
                change.from.reach = Some(known.reach);
                change.to.reach = Some(flow.reach);
                change.sites = flow_sites(flow);
                out.change(Weight::of(signals::FLOW, moment), change);
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    out.lost
        .extend(gone.map(|(name, flow)| of_flow(name, flow)));
}

fn flow_name(side: &Side<'_>, flow: &Flow) -> [String; 5] {
    let text = |target: &Option<String>| {
        let target = target.as_deref().unwrap_or("");
        let kind = match target.contains("://") {
            true => TargetKind::Url,
            false => TargetKind::Path,
        };
        normal(target, Some(kind), side.own)
    };
    [
        flow.id.clone(),
        flow.source.id.clone(),
        text(&flow.source.target),
        flow.sink.id.clone(),
        text(&flow.sink.target),
    ]
}

fn flow_key(name: &[String; 5]) -> String {
    let [id, rest @ ..] = name;
    key(ItemKind::Flow, id, &rest.join("\n"), "")
}

fn flow_target(flow: &Flow) -> String {
    let from = flow.source.target.as_deref().unwrap_or(&flow.source.id);
    let to = flow.sink.target.as_deref().unwrap_or(&flow.sink.id);
    format!("{from} -> {to}")
}

fn flow_sites(flow: &Flow) -> Vec<Site> {
    let ends = flow.steps.first().into_iter().chain(flow.steps.last());
    let mut sites: Vec<Site> = ends.map(|step| step.site.clone()).collect();
    sites.dedup();
    sites
}

fn of_flow(name: &[String; 5], flow: &Flow) -> Item {
    Item {
        key: flow_key(name),
        origin: flow.sink.origin,
        reach: flow.reach,
        sites: flow_sites(flow),
        ..item(ItemKind::Flow, &flow.id, &flow_target(flow))
    }
}

/// Compares anomalies; one more of an id that the old version had too says little.
pub(super) fn anomalies(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    fn places<'r>(side: &Side<'r>) -> BTreeSet<(&'r str, &'r str)> {
        let all = side.report.anomalies.iter();
        all.map(|one| (one.id.as_str(), place(one))).collect()
    }
    let (before, after) = (places(old), places(new));
    let ids: BTreeSet<&str> = before.iter().map(|&(id, _)| id).collect();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for anomaly in &new.report.anomalies {
        let name = (anomaly.id.as_str(), place(anomaly));
        if before.contains(&name) || !told.insert(name) {
            continue;
        }
        let mut points = points(anomaly.level, Confidence::Medium);
        if ids.contains(anomaly.id.as_str()) {
            points = points.min(ASIDE);
        }
        let item = item(ItemKind::Anomaly, &anomaly.id, name.1);
        out.gain(Weight::points_of(signals::ANOMALY, points), item);
    }
    for &(id, place) in before.difference(&after) {
        out.lost.push(item(ItemKind::Anomaly, id, place));
    }
}

fn place(anomaly: &Anomaly) -> &str {
    anomaly.path.as_deref().unwrap_or(&anomaly.detail)
}

/// Reason and place of something that was not examined.
type Missing<'r> = BTreeMap<(&'r str, &'r str), &'r Unanalysed>;

/// Compares what was not examined. The same failure of a file that moved is nothing new.
pub(super) fn coverage(old: &Side<'_>, new: &Side<'_>, out: &mut Found) {
    fn missing<'r>(side: &Side<'r>) -> Missing<'r> {
        let all = side.report.coverage.unanalysed.iter();
        all.filter(|one| one.kind == CoverageKind::NotExamined)
            .map(|one| {
                let place = one.path.as_deref().unwrap_or(&one.detail);
                ((one.reason.as_str(), place), one)
            })
            .collect()
    }
    let (before, after) = (missing(old), missing(new));
    let mut gone: BTreeMap<(&str, Moment), Vec<&str>> = BTreeMap::new();
    for (name, one) in before.iter().filter(|(name, _)| !after.contains_key(name)) {
        let moment = Moment::of(one.reach);
        gone.entry((name.0, moment)).or_default().push(name.1);
    }
    for (&(reason, place), one) in &after {
        let moment = moment_of(one);
        let known = before.get(&(reason, place));
        if known.is_some_and(|known| moment_of(known) <= moment) {
            continue;
        }
        let mut moved = gone.range_mut((reason, Moment::Install)..=(reason, moment));
        if known.is_none() && moved.any(|(_, places)| places.pop().is_some()) {
            continue;
        }
        let mut item = item(ItemKind::Coverage, reason, place);
        item.reach = one.reach;
        out.gain(Weight::of(signals::UNEXAMINED, moment), item);
    }
    for ((reason, _), places) in gone {
        let items = places
            .iter()
            .map(|place| item(ItemKind::Coverage, reason, place));
        out.lost.extend(items);
    }
}

/// What is missing from the package as a whole may be anything.
fn moment_of(one: &Unanalysed) -> Moment {
    match one.path {
        None if one.is_reachable_code() => Moment::Load,
        _ => Moment::of(one.reach),
    }
}
