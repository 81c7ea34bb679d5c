//! What the package does, without judgement.
//!
//! Most behaviours come from rows of the API tables. What a table cannot say is a file of
//! this folder.

mod bundled;
mod lifecycle;

use std::collections::BTreeMap;

use crate::api::{self, AimKind};
use crate::archive::Archive;
use crate::flow::Use;
use crate::graph::Surface;
use crate::model::{OriginSet, Reach};
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

/// The behaviours of a package: those of its code, and the commands of its manifest.
pub(crate) fn behaviours(archive: &Archive, surfaces: &[Surface], uses: &[Use]) -> Vec<Behaviour> {
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
        let package = bundled.owner(archive.path(one.file));
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
                            (target.text.clone(), kind, target.origins)
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
                    package.clone(),
                );
                add(effect.behaviour, identity, one.place());
            }
        }
    }
    for (what, target, reach, place) in lifecycle::commands(archive, surfaces) {
        let origin = OriginSet::of(crate::model::Origin::Literal);
        let kind = Some(AimKind::Command);
        let identity = (what.id, Some(target), kind, origin, reach, Vec::new(), None);
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
