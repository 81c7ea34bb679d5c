//! Items in the making: what they weigh, and the risk of all together.

use super::document::{Change, Item, ItemKind, State};
use super::signals::{Moment, Signal};
use crate::model::{OriginSet, Reach};
use crate::report::{Risk, RiskLevel, finding_key, score};

/// The signals of one item.
#[derive(Clone, Debug, Default)]
pub(super) struct Weight(Vec<(u8, &'static Signal)>);

impl Weight {
    /// One signal at a moment.
    pub(super) fn of(signal: &'static Signal, moment: Moment) -> Self {
        Self::points_of(signal, signal.points(moment))
    }

    /// One signal with points from elsewhere.
    pub(super) fn points_of(signal: &'static Signal, points: u8) -> Self {
        Self(vec![(points, signal)])
    }

    pub(super) fn add(&mut self, signal: &'static Signal, moment: Moment) {
        self.0.push((signal.points(moment), signal));
    }

    pub(super) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn points(&self) -> u8 {
        self.0.iter().map(|&(points, _)| points).max().unwrap_or(0)
    }

    /// The id of the strongest signal.
    pub(super) fn strongest(&self) -> Option<&'static str> {
        let strongest = self.0.iter().rev().max_by_key(|&&(points, _)| points);
        strongest.map(|&(_, signal)| signal.id)
    }

    /// Only what is about hosts.
    pub(super) fn only_hosts(&self) -> Self {
        let of_host = |signal: &Signal| signal.id.starts_with("host-");
        let signals = self.0.iter().filter(|(_, signal)| of_host(signal));
        Self(signals.copied().collect())
    }

    /// Level, ids and the strongest reason, with the moment of what can run.
    fn told(&self, kind: ItemKind, reach: Option<Reach>) -> (RiskLevel, Vec<String>, String) {
        let mut signals = self.0.clone();
        signals.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.id.cmp(b.1.id)));
        signals.dedup_by(|a, b| a.1 == b.1);
        let mut why = signals.first().map_or("", |&(_, one)| one.why).to_owned();
        let runs = matches!(
            kind,
            ItemKind::Behaviour | ItemKind::Host | ItemKind::Flow | ItemKind::Finding
        );
        if let Some(reach) = reach.filter(|_| runs) {
            let moment = Moment::of(reach).phrase();
            why.push_str(&format!(" It happens {moment}."));
        }
        (
            RiskLevel::of(self.points()),
            signals.iter().map(|&(_, one)| one.id.to_owned()).collect(),
            why,
        )
    }
}

/// Something with its points.
#[derive(Clone, Debug)]
pub(super) struct Weighed<T> {
    pub(super) weight: Weight,
    pub(super) what: T,
}

/// Everything that was found, still unsorted.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) gained: Vec<Weighed<Item>>,
    pub(super) lost: Vec<Item>,
    pub(super) changed: Vec<Weighed<Change>>,
}

impl Found {
    pub(super) fn gain(&mut self, weight: Weight, what: Item) {
        self.gained.push(Weighed { weight, what });
    }

    pub(super) fn change(&mut self, weight: Weight, what: Change) {
        self.changed.push(Weighed { weight, what });
    }

    /// The risk of all together: as in a report, the strongest counts, every other one adds an
    /// eighth, and no heap of small ones leaves the strongest one's level.
    pub(super) fn risk(&self) -> Risk {
        let gained = self.gained.iter().map(|one| (&one.weight, &one.what.key));
        let changed = self.changed.iter().map(|one| (&one.weight, &one.what.key));
        let mut counted: Vec<(u8, &String)> = gained
            .chain(changed)
            .map(|(weight, key)| (weight.points(), key))
            .filter(|&(points, _)| points > 0)
            .collect();
        counted.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        counted.dedup();
        let score = score(counted.iter().map(|&(points, _)| points));
        Risk {
            level: RiskLevel::of(score),
            score,
            because: counted
                .into_iter()
                .take(MOST_REASONS)
                .map(|(_, key)| key.clone())
                .collect(),
        }
    }

    /// The lists as the document has them.
    pub(super) fn finish(mut self) -> (Vec<Item>, Vec<Item>, Vec<Change>) {
        fn by_weight<T>(list: &mut [Weighed<T>], name: impl Fn(&T) -> Name<'_>) {
            list.sort_by(|a, b| {
                let points = b.weight.points().cmp(&a.weight.points());
                points.then_with(|| name(&a.what).cmp(&name(&b.what)))
            });
        }
        by_weight(&mut self.gained, item_name);
        by_weight(&mut self.changed, |change| {
            let target = change.target.as_deref();
            (change.kind, &change.id, target, &change.key)
        });
        self.lost.sort_by(|a, b| item_name(a).cmp(&item_name(b)));
        let gained = self.gained.into_iter().map(|Weighed { weight, what }| {
            let (level, signals, why) = weight.told(what.kind, Some(what.reach));
            Item {
                level,
                signals,
                why,
                ..what
            }
        });
        let changed = self.changed.into_iter().map(|Weighed { weight, what }| {
            let (level, signals, why) = weight.told(what.kind, what.to.reach);
            Change {
                level,
                signals,
                why,
                ..what
            }
        });
        (gained.collect(), self.lost, changed.collect())
    }
}

/// Keys that the risk names at most; the rest adds nothing that a reader would miss.
const MOST_REASONS: usize = 20;

type Name<'a> = (ItemKind, &'a String, Option<&'a str>, &'a String);

fn item_name(item: &Item) -> Name<'_> {
    (item.kind, &item.id, item.target.as_deref(), &item.key)
}

/// The fingerprint of an item.
pub(super) fn key(kind: ItemKind, id: &str, target: &str, package: &str) -> String {
    finding_key(kind.as_str(), &[id, target, package])
}

/// An item with nothing but a name.
pub(super) fn item(kind: ItemKind, id: &str, target: &str) -> Item {
    Item {
        kind,
        id: id.to_owned(),
        key: key(kind, id, target, ""),
        target: (!target.is_empty()).then(|| target.to_owned()),
        target_kind: None,
        origin: OriginSet::EMPTY,
        reach: Reach::DORMANT,
        package: None,
        sites: Vec::new(),
        level: RiskLevel::None,
        signals: Vec::new(),
        why: String::new(),
    }
}

/// A change with nothing but a name.
pub(super) fn change(kind: ItemKind, id: &str, target: &str) -> Change {
    Change {
        kind,
        id: id.to_owned(),
        key: key(kind, id, target, ""),
        target: (!target.is_empty()).then(|| target.to_owned()),
        from: State::default(),
        to: State::default(),
        sites: Vec::new(),
        level: RiskLevel::None,
        signals: Vec::new(),
        why: String::new(),
    }
}
