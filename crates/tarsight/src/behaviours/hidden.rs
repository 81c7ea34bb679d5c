//! Processes that are started so that nobody sees them.

use crate::api::{self, AimKind};
use crate::flow::{Package, Use};
use crate::model::Reach;
use crate::value::{Place, Term, ValueId};

/// What, target, how to read it, when, where.
type Found = (&'static api::Behaviour, String, AimKind, Reach, Place);

/// Each start of a process that lives on and shows nothing: detached, and with its output thrown
/// away or its window hidden.
pub(super) fn behaviours(package: &Package<'_>, uses: &[Use]) -> Vec<Found> {
    let Some(what) = api::behaviour("process.hidden") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for one in uses {
        let Some(effect) = one
            .effects
            .iter()
            .find(|effect| is_start(effect.behaviour.id))
        else {
            continue;
        };
        if !one.args.iter().any(|&arg| hides(package, arg)) {
            continue;
        }
        let target = effect
            .targets
            .iter()
            .find_map(|target| target.text.as_deref());
        let target = target.unwrap_or("<?>").to_owned();
        found.push((what, target, AimKind::Command, one.reach, one.place()));
    }
    found
}

fn is_start(id: &str) -> bool {
    matches!(id, "process.exec" | "process.spawn" | "process.fork")
}

/// Whether options detach the child, and hide its output or its window.
fn hides(package: &Package<'_>, options: ValueId) -> bool {
    let Term::Object(properties, _) = package.terms.get(options) else {
        return false;
    };
    let of = |name: &str| {
        let mut all = properties.iter().rev();
        all.find(|(key, _)| &**key == name).map(|(_, value)| *value)
    };
    let is_true = |name: &str| {
        of(name).is_some_and(|value| matches!(package.terms.get(value), Term::Bool(true)))
    };
    is_true("detached")
        && (is_true("windowsHide") || of("stdio").is_some_and(|io| ignores(package, io)))
}

fn ignores(package: &Package<'_>, stdio: ValueId) -> bool {
    let is_ignored = |value: ValueId| {
        package
            .terms
            .as_string(value)
            .is_some_and(|text| &*text == "ignore")
    };
    match package.terms.get(stdio) {
        Term::Array(items, _) => items.get(1).is_some_and(|&output| is_ignored(output)),
        _ => is_ignored(stdio),
    }
}
