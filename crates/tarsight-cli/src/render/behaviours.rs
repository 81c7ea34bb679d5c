//! Behaviours by moment and id, and the hosts they talk to.

use std::collections::BTreeMap;

use tarsight::model::{Capability, Origin, OriginSet, TargetKind};
use tarsight::report::{Behaviour, Report};

use super::page::{MOMENTS, Page, clean, count, moment, reach};

/// Targets of one id that are shown without `--verbose`.
const TARGETS: usize = 3;
/// Ids of one moment that are shown without `--verbose`.
const IDS: usize = 12;
/// Hosts that are shown without `--verbose`.
const HOSTS: usize = 10;

/// The order in which a reviewer wants to know.
const WEIGHT: [Capability; 16] = [
    Capability::Credential,
    Capability::Propagation,
    Capability::Destructive,
    Capability::Persistence,
    Capability::Wallet,
    Capability::AiAgent,
    Capability::Ci,
    Capability::Evasion,
    Capability::DynamicCode,
    Capability::Obfuscation,
    Capability::Process,
    Capability::Network,
    Capability::NativeCode,
    Capability::Filesystem,
    Capability::Environment,
    Capability::Manifest,
];

/// The part about behaviours.
pub(crate) fn behaviours(page: &mut Page, report: &Report, verbose: bool) {
    if report.behaviours.is_empty() {
        return;
    }
    let whole = report.behaviour_count;
    let whole = whole.unwrap_or(report.behaviours.len() as u64);
    page.heading(&format!(
        "What it does ({})",
        count(whole, "behaviour", "behaviours")
    ));
    let mut groups: BTreeMap<(usize, usize, &str), Vec<&Behaviour>> = BTreeMap::new();
    for behaviour in &report.behaviours {
        let weight = WEIGHT.iter().position(|&c| c == behaviour.capability);
        let key = (
            moment(behaviour.reach),
            weight.unwrap_or(WEIGHT.len()),
            behaviour.id.as_str(),
        );
        groups.entry(key).or_default().push(behaviour);
    }
    for (at, title) in MOMENTS.iter().enumerate() {
        let here: Vec<(&str, &Vec<&Behaviour>)> = groups
            .range((at, 0, "")..(at + 1, 0, ""))
            .map(|((_, _, id), list)| (*id, list))
            .collect();
        if here.is_empty() {
            continue;
        }
        page.line(1, &title_case(title));
        let shown = if verbose { here.len() } else { IDS };
        for (id, list) in here.iter().take(shown) {
            one_id(page, id, list, verbose);
        }
        page.more(2, here.len().saturating_sub(shown) as u64, "kinds ");
    }
}

fn one_id(page: &mut Page, id: &str, list: &[&Behaviour], verbose: bool) {
    let capability = list
        .first()
        .map_or("", |behaviour| behaviour.capability.as_str());
    let title = format!("{} ({capability})", clean(id));
    let title = page.bold(&title);
    page.line(2, &title);
    // Targets that are known say more than those that are not.
    let (known, unknown): (Vec<&Behaviour>, Vec<&Behaviour>) = list
        .iter()
        .partition(|behaviour| behaviour.target.is_some());
    let list = known.into_iter().chain(unknown);
    let list = if verbose {
        list.map(|behaviour| (behaviour, behaviour.site_count))
            .collect()
    } else {
        merged(list)
    };
    let shown = if verbose { list.len() } else { TARGETS };
    for (behaviour, sites) in list.iter().take(shown) {
        let line = one_target(page, behaviour, *sites, verbose);
        page.line(3, &line);
    }
    page.more(3, list.len().saturating_sub(shown) as u64, "");
}

/// Behaviours that differ only in reach count as one within a moment: the first, and the number
/// of all places.
fn merged<'a>(list: impl Iterator<Item = &'a Behaviour>) -> Vec<(&'a Behaviour, u64)> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut merged: Vec<(&Behaviour, u64)> = Vec::new();
    for behaviour in list {
        let (origin, guards) = (behaviour.origin, &behaviour.guards);
        let key = format!(
            "{:?} {origin:?} {guards:?} {:?}",
            behaviour.target, behaviour.package
        );
        let at = *known.entry(key).or_insert(merged.len());
        match merged.get_mut(at) {
            Some((_, sites)) => *sites += behaviour.site_count,
            None => merged.push((behaviour, behaviour.site_count)),
        }
    }
    merged
}

fn one_target(page: &Page, behaviour: &Behaviour, sites: u64, verbose: bool) -> String {
    let mut line = match &behaviour.target {
        Some(target) => clean(target),
        None => page.dim("not resolved"),
    };
    if let Some(origins) = origins(behaviour.origin) {
        line.push_str(&format!(" (from {origins})"));
    }
    if let Some(site) = behaviour.sites.first() {
        let place = clean(&site.place());
        line.push_str(&format!("  {}", page.dim(&place)));
    }
    let others = sites.saturating_sub(1);
    if others > 0 {
        let others = format!(" and {}", count(others, "more place", "more places"));
        line.push_str(&page.dim(&others));
    }
    if !behaviour.guards.is_empty() {
        line.push_str(&format!("  if {}", clean(&behaviour.guards.join(", "))));
    }
    if let Some(package) = &behaviour.package {
        line.push_str(&format!("  in {}", clean(package)));
    }
    if verbose {
        line.push_str(&format!("  [{}]", reach(behaviour.reach)));
    }
    line
}

/// Where a target comes from; what is simply written in the code needs no word.
fn origins(origin: OriginSet) -> Option<String> {
    let names: Vec<&str> = origin.iter().map(origin_name).collect();
    (!names.is_empty() && origin != OriginSet::of(Origin::Literal)).then(|| names.join(", "))
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Literal => "literal",
        Origin::Parameter => "parameter",
        Origin::Environment => "environment",
        Origin::File => "file",
        Origin::Host => "host",
        Origin::Remote => "remote",
        Origin::Decoded => "decoded",
        Origin::Unknown => "unknown",
    }
}

/// The part about hosts.
pub(crate) fn hosts(page: &mut Page, report: &Report, verbose: bool) {
    let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
    for behaviour in &report.behaviours {
        let talks = behaviour.capability == Capability::Network;
        if let Some(host) = host(behaviour).filter(|_| talks) {
            let at = moment(behaviour.reach);
            let first = hosts.entry(host).or_insert(at);
            *first = at.min(*first);
        }
    }
    if hosts.is_empty() {
        return;
    }
    page.heading(&format!("Hosts it contacts ({})", hosts.len()));
    let mut hosts: Vec<(usize, &str)> = hosts.into_iter().map(|(host, at)| (at, host)).collect();
    hosts.sort_unstable();
    let shown = if verbose { hosts.len() } else { HOSTS };
    for &(at, host) in hosts.iter().take(shown) {
        let moment = MOMENTS.get(at).copied().unwrap_or_default();
        page.line(1, &format!("{}  {moment}", clean(host)));
    }
    page.more(1, hosts.len().saturating_sub(shown) as u64, "");
}

/// The host in a target, without user name and port-less: what stands between `//` and `/`.
fn host(behaviour: &Behaviour) -> Option<&str> {
    let target = behaviour.target.as_deref()?;
    let host = match behaviour.target_kind? {
        TargetKind::Host => target,
        TargetKind::Url => {
            let (_, rest) = target.split_once("://")?;
            let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
            let authority = rest.get(..end)?;
            authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host)
        }
        _ => return None,
    };
    (!host.is_empty()).then_some(host)
}

fn title_case(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    #[test]
    fn every_capability_has_a_weight_of_its_own() {
        let names: std::collections::BTreeSet<&str> = WEIGHT.iter().map(|c| c.as_str()).collect();
        assert_eq!(names.len(), WEIGHT.len());
    }

    #[test]
    fn the_host_is_what_would_be_contacted() {
        let mut behaviour = sample().behaviours.remove(0);
        let mut of = |target: &str, kind| {
            behaviour.target = Some(target.to_owned());
            behaviour.target_kind = Some(kind);
            host(&behaviour).map(str::to_owned)
        };
        let a = Some("a.example".to_owned());
        assert_eq!(of("https://good.example@a.example/b@c", TargetKind::Url), a);
        assert_eq!(of("wss://a.example?x=/", TargetKind::Url), a);
        assert_eq!(of("a.example", TargetKind::Host), a);
        assert_eq!(of("/a.example", TargetKind::Path), None);
        assert_eq!(of("file:///etc", TargetKind::Url), None);
    }

    #[test]
    fn what_differs_only_in_reach_is_told_once() {
        let mut report = sample();
        let mut again = report.behaviours[4].clone();
        again.reach.add(
            tarsight::model::SurfaceKind::Bin,
            tarsight::model::Trigger::Call,
        );
        let target = again.target.clone().expect("the sample names one");
        report.behaviours.push(again);
        let mut page = Page::new(false);
        behaviours(&mut page, &report, false);
        assert_eq!(page.finish().matches(&target).count(), 1);
    }

    #[test]
    fn long_lists_are_cut_unless_asked_for() {
        let mut report = sample();
        let one = report.behaviours[1].clone();
        for n in 0..9 {
            let mut another = one.clone();
            another.target = Some(format!("NAME_{n}"));
            report.behaviours.push(another);
        }
        let text = |verbose| {
            let mut page = Page::new(false);
            behaviours(&mut page, &report, verbose);
            page.finish()
        };
        assert!(
            text(false).contains("and 7 more (--verbose)"),
            "{}",
            text(false)
        );
        assert!(text(true).contains("NAME_8") && !text(true).contains("--verbose"));
    }
}
