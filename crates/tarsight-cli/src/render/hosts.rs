//! The hosts that a package talks to.

use std::collections::BTreeMap;

use tarsight::model::{Capability, CoverageKind, Origin, TargetKind};
use tarsight::report::{Behaviour, Report, Unanalysed};

use super::page::{SHORT, clean, moment};

/// Whom it talks to, the earliest moment first, and when if asked for; empty if nobody.
pub(super) fn whom(list: &[&Behaviour], most: usize, says_when: bool) -> String {
    let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: Vec<&Behaviour> = Vec::new();
    for &behaviour in list {
        if behaviour.capability != Capability::Network {
            continue;
        }
        let Some(host) = host(behaviour) else {
            open.push(behaviour);
            continue;
        };
        let at = moment(behaviour.reach);
        let first = hosts.entry(host).or_insert(at);
        *first = at.min(*first);
    }
    let mut hosts: Vec<(usize, &str)> = hosts.into_iter().map(|(host, at)| (at, host)).collect();
    hosts.sort_unstable();
    let mut parts: Vec<String> = hosts
        .iter()
        .take(most)
        .map(|&(at, host)| {
            let when = SHORT.get(at).copied().unwrap_or_default();
            match says_when {
                true => format!("{} ({when})", clean(host)),
                false => clean(host),
            }
        })
        .collect();
    if hosts.len() > most {
        parts.push(format!("{} more (--verbose)", hosts.len() - most));
    }
    let given = |one: &&Behaviour| one.origin.iter().all(|part| part == Origin::Parameter);
    if !open.is_empty() {
        parts.push(match open.iter().all(given) {
            true => "addresses that its caller gives".to_owned(),
            false => "addresses that are not resolved".to_owned(),
        });
    }
    parts.join(", ")
}

/// The host in a target, without user name and port-less: what stands between `//` and `/`.
pub(super) fn host(behaviour: &Behaviour) -> Option<&str> {
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
    // What is not known of it is no name.
    let host = host.split('<').next().unwrap_or_default();
    let host = host.trim_end_matches(':');
    let known = !host.is_empty() && !host.starts_with("undefined");
    known.then_some(host)
}

/// What may do more than was seen, because nobody read it.
pub(super) fn unseen(report: &Report) -> Option<&'static str> {
    let mut places = report.coverage.unanalysed.iter();
    let mut behaviours = report.behaviours.iter();
    let is_hidden =
        |one: &Behaviour| one.id.starts_with("evasion.unresolved-") && !one.reach.is_dormant();
    if places.clone().any(Unanalysed::is_reachable_code) {
        Some("part of the code was not examined")
    } else if behaviours.clone().any(is_hidden) {
        Some("it runs code that could not be computed")
    } else if places.any(|one| one.kind == CoverageKind::Opaque && !one.reach.is_dormant())
        || behaviours.any(|one| one.id == "code.wasm" && !one.reach.is_dormant())
    {
        Some("compiled code is not read")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

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
        assert_eq!(of("ws://a.example:<?><?>", TargetKind::Url), a);
        assert_eq!(of("<?>:443", TargetKind::Host), None);
        assert_eq!(of("undefined:1080", TargetKind::Host), None);
    }
}
