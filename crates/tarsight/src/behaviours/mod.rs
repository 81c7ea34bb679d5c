//! What the package does, without judgement.
//!
//! Most behaviours come from rows of the API tables. What a table cannot say is a file of
//! this folder.

mod bundled;
mod hidden;
mod hiding;
mod lifecycle;
mod opaque;
mod tools;

use std::collections::BTreeMap;

use crate::api::{self, AimKind};
use crate::flow::{Foreign, Package, Use};
use crate::model::{Failures, OriginSet, Reach};
use crate::source::Kind;
use crate::tool::Door;
use crate::value::{Key, Place};

/// Something that the package does.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    /// What.
    pub(crate) what: &'static api::Behaviour,
    /// To what; `None` if it is not resolved or there is nothing to name.
    pub(crate) target: Option<String>,
    /// How to read the target.
    pub(crate) kind: Option<AimKind>,
    /// Where the target comes from.
    pub(crate) origin: OriginSet,
    /// When it happens.
    pub(crate) reach: Reach,
    /// Conditions that lead to it.
    pub(crate) guards: Vec<Key>,
    /// The bundled package that it belongs to.
    pub(crate) package: Option<String>,
    /// Where, sorted.
    pub(crate) sites: Vec<Place>,
}

/// Everything that tells one behaviour from another.
type Identity = (
    &'static str,
    Option<String>,
    Option<AimKind>,
    OriginSet,
    Reach,
    Vec<Key>,
    Option<String>,
);

/// The behaviours of a package: those of its code, the commands of its manifest, what its files
/// make other tools do, and what its compiled files import.
pub(crate) fn behaviours(
    package: &Package<'_>,
    doors: &[Door],
    kinds: &[Kind],
    uses: &[Use],
    foreign: &[Foreign],
    failures: &mut Failures,
) -> Vec<Behaviour> {
    let archive = package.archive;
    let layers = package.graph.layers();
    let bundled = bundled::Bundled::new(archive);
    let mut found: BTreeMap<Identity, (&'static api::Behaviour, Vec<Place>)> = BTreeMap::new();
    let mut add = |what: &'static api::Behaviour, identity: Identity, place: Place| {
        found
            .entry(identity)
            .or_insert_with(|| (what, Vec::new()))
            .1
            .push(place);
    };
    for one in uses {
        let owner = bundled.owner(archive.path(layers.home(one.file)));
        for effect in &one.effects {
            let targets: Vec<(Option<String>, Option<AimKind>, OriginSet)> =
                if effect.targets.is_empty() {
                    vec![(None, None, OriginSet::EMPTY)]
                } else {
                    effect
                        .targets
                        .iter()
                        .map(|target| {
                            let kind = target.text.is_some().then_some(target.kind);
                            let text = target.text.as_deref().map(str::to_owned);
                            (text, kind, target.origins)
                        })
                        .collect()
                };
            for (target, kind, origin) in targets {
                let identity = (
                    effect.behaviour.id,
                    target,
                    kind,
                    origin,
                    one.reach,
                    one.guards.to_vec(),
                    owner.clone(),
                );
                add(effect.behaviour, identity, one.place());
            }
        }
    }
    for (meaning, reach) in package.commands() {
        for act in &meaning.acts {
            let Some(what) = api::behaviour(act.id) else {
                continue;
            };
            let owner = bundled.owner(archive.path(layers.home(act.at.file)));
            let kind = act.target.is_some().then_some(act.kind);
            let target = act.target.clone();
            let reach = package.reach_of_command(act.at.file, reach);
            let identity = (what.id, target, kind, act.origin, reach, Vec::new(), owner);
            add(what, identity, act.at);
        }
    }
    for (what, target, reach, place) in lifecycle::commands(archive, package.graph.surfaces()) {
        let origin = OriginSet::of(crate::model::Origin::Literal);
        let kind = Some(AimKind::Command);
        let identity = (what.id, Some(target), kind, origin, reach, Vec::new(), None);
        add(what, identity, place);
    }
    for one in foreign {
        let Some(what) = api::behaviour("evasion.foreign-body") else {
            break;
        };
        let owner = bundled.owner(archive.path(layers.home(one.file)));
        let target = Some(one.acts.join(", "));
        let origin = OriginSet::of(crate::model::Origin::Literal);
        let identity = (
            what.id,
            target,
            Some(AimKind::Other),
            origin,
            one.reach,
            Vec::new(),
            owner,
        );
        for place in one.places() {
            add(what, identity.clone(), place);
        }
    }
    let mut more: Vec<opaque::Found> = failures.part("tools", || tools::acts(doors).collect());
    more.extend(failures.part("opaque", || opaque::behaviours(package, kinds, uses)));
    more.extend(failures.part("hidden", || hidden::behaviours(package, uses)));
    more.extend(failures.part("hiding", || hiding::behaviours(package, kinds, uses)));
    for (what, target, kind, reach, place) in more {
        let origin = OriginSet::of(crate::model::Origin::Literal);
        let package = bundled.owner(archive.path(layers.home(place.file)));
        let identity = (
            what.id,
            Some(target),
            Some(kind),
            origin,
            reach,
            Vec::new(),
            package,
        );
        add(what, identity, place);
    }
    found
        .into_iter()
        .map(|(identity, (what, mut sites))| {
            let (_, target, kind, origin, reach, guards, package) = identity;
            sites.sort_unstable();
            sites.dedup();
            Behaviour {
                what,
                target,
                kind,
                origin,
                reach,
                guards,
                package,
                sites,
            }
        })
        .collect()
}
