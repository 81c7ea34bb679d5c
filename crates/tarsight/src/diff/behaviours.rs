//! Behaviours and hosts: gained, lost, moved.

use std::collections::{BTreeMap, BTreeSet};

use super::builds::Builds;
use super::document::{Change, Item, ItemKind, State};
use super::judge;
use super::side::{Entry, Hidden, Key, Side};
use super::signals::{self, Moment};
use super::weight::{Found, Weight, change, item, key as fingerprint};
use crate::model::TargetKind;
use crate::report::Site;

/// What only the old version has, as far as nothing of the new one took its place.
type Lost<'a, 'r> = BTreeMap<Key<'r>, &'a Entry<'r>>;

/// Compares; returns how many behaviours stayed as they were.
pub(super) fn compare<'r>(
    old: &Side<'r>,
    new: &Side<'r>,
    builds: &Builds<'_>,
    out: &mut Found,
) -> u64 {
    let mut same = 0;
    let mut lost: Lost<'_, '_> = old
        .behaviours
        .iter()
        .filter(|(key, _)| !new.behaviours.contains_key(key))
        .map(|(key, entry)| (key.clone(), entry))
        .collect();
    let mut hosts: BTreeMap<&str, (Weight, &Entry<'_>)> = BTreeMap::new();
    for (key, entry) in &new.behaviours {
        let before = old.behaviours.get(key);
        if let Some(before) = before.or_else(|| elsewhere(&mut lost, key)) {
            if Moment::of(entry.reach) < Moment::of(before.reach) {
                out.change(judge::moved(key, entry), moved(key, before, entry));
            } else {
                same += 1;
            }
            continue;
        }
        if let Some(before) = blurred(&mut lost, key, entry) {
            let moment = Moment::of(entry.reach);
            let mut change = moved(key, before, entry);
            change.from.value.clone_from(&before.first.target);
            // No more than if it were new: or whatever else is new could lower the risk.
            let most = weigh(old, builds, key, entry).points();
            let points = signals::UNRESOLVED_NOW.points(moment).min(most);
            out.change(Weight::points_of(signals::UNRESOLVED_NOW, points), change);
            continue;
        }
        let weight = weigh(old, builds, key, entry);
        for host in &entry.hosts {
            if !old.habits.hosts.contains(host) {
                let (known, _) = hosts.entry(host).or_insert((Weight::default(), entry));
                known.join(weight.only_hosts());
            }
        }
        out.gain(weight, gained(key, entry));
    }
    for (host, (weight, entry)) in hosts {
        let mut item = item(ItemKind::Host, "host", host);
        item.target_kind = Some(TargetKind::Host);
        item.origin = entry.origin;
        item.reach = entry.reach;
        item.sites = sites(entry);
        out.gain(weight, item);
    }
    let gone: BTreeSet<&String> = old.habits.hosts.difference(&new.habits.hosts).collect();
    for host in gone {
        out.lost.push(item(ItemKind::Host, "host", host));
    }
    out.lost
        .extend(lost.into_iter().map(|(key, entry)| gained(&key, entry)));
    same
}

/// Points of what is worth asking whether only one build has it.
const LEAST_ALONE: u8 = 10;

fn weigh(old: &Side<'_>, builds: &Builds<'_>, key: &Key<'_>, entry: &Entry<'_>) -> Weight {
    let moment = Moment::of(entry.reach);
    // Without `exports`, tests can be asked for by their paths, but nobody does.
    let is_test = |site: &&Site| super::files::is_aside(&site.file);
    if moment >= Moment::Call && entry.sites.iter().all(is_test) {
        return Weight::of(signals::PLAIN, Moment::Dormant);
    }
    let mut weight = judge::gained(old, key, entry);
    // What is ordinary stays so in whatever build it stands.
    if judge::is_sensitive(key, entry) && weight.points() >= LEAST_ALONE {
        if builds.is_alone(&entry.sites) {
            weight.add(signals::ONE_BUILD, moment);
        }
        if builds.left_its_map(&entry.sites) {
            weight.add(signals::STALE_MAP, moment);
        }
    }
    weight
}

/// The same behaviour, which the old version had in another bundled package or outside of any,
/// and which is no longer there.
fn elsewhere<'a, 'r>(lost: &mut Lost<'a, 'r>, key: &Key<'r>) -> Option<&'a Entry<'r>> {
    fn name<'k>(key: &'k Key<'_>) -> (&'k str, Option<&'k str>, Hidden) {
        (key.id, key.target.as_deref(), key.hidden)
    }
    let start = Key {
        package: None,
        ..key.clone()
    };
    let (found, _) = lost.range(start..).next()?;
    let found = (name(found) == name(key)).then(|| found.clone())?;
    lost.remove(&found)
}

/// The same behaviour with a target that is gone: how code is written decides what is resolved.
fn blurred<'a, 'r>(
    lost: &mut Lost<'a, 'r>,
    key: &Key<'r>,
    entry: &Entry<'_>,
) -> Option<&'a Entry<'r>> {
    if key.target.is_some() || key.hidden != Hidden::No {
        return None;
    }
    let moment = Moment::of(entry.reach);
    let of_id = lost.range(key.clone()..);
    let mut of_id = of_id.take_while(|(other, _)| other.id == key.id);
    let found = of_id.find_map(|(other, before)| {
        let same = other.package == key.package && other.target.is_some();
        (same && Moment::of(before.reach) <= moment).then(|| other.clone())
    })?;
    lost.remove(&found)
}

fn gained(key: &Key<'_>, entry: &Entry<'_>) -> Item {
    let first = entry.first;
    Item {
        key: item_key(key),
        target: first.target.clone(),
        target_kind: first.target_kind,
        origin: entry.origin,
        reach: entry.reach,
        package: first.package.clone(),
        sites: sites(entry),
        ..item(ItemKind::Behaviour, key.id, "")
    }
}

fn moved(key: &Key<'_>, before: &Entry<'_>, entry: &Entry<'_>) -> Change {
    let differ = before.reach != entry.reach;
    Change {
        key: item_key(key),
        target: entry.first.target.clone(),
        from: State {
            reach: differ.then_some(before.reach),
            ..State::default()
        },
        to: State {
            reach: differ.then_some(entry.reach),
            ..State::default()
        },
        sites: sites(entry),
        ..change(ItemKind::Behaviour, key.id, "")
    }
}

fn item_key(key: &Key<'_>) -> String {
    let target = match (&key.target, key.hidden) {
        (Some(target), _) => target.as_str(),
        (None, Hidden::Decoded) => "<decoded>",
        (None, Hidden::Remote) => "<remote>",
        (None, Hidden::No) => "",
    };
    let package = key.package.unwrap_or("");
    fingerprint(ItemKind::Behaviour, key.id, target, package)
}

fn sites(entry: &Entry<'_>) -> Vec<Site> {
    let mut sites: Vec<&Site> = entry.sites.clone();
    sites.sort();
    sites.dedup();
    sites.into_iter().take(super::MOST_SITES).cloned().collect()
}
