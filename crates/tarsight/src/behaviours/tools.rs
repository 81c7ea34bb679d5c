//! What the package's files make other tools do.

use crate::api::{self, AimKind};
use crate::model::Reach;
use crate::tool::Door;
use crate::value::Place;

/// Each act with its reach and where it stands.
pub(super) fn acts(
    doors: &[Door],
) -> impl Iterator<Item = (&'static api::Behaviour, String, AimKind, Reach, Place)> {
    doors.iter().flat_map(|door| {
        door.acts.iter().filter_map(|act| {
            let what = api::behaviour(act.does)?;
            let reach = door.reach(act.trigger);
            let place = Place {
                file: door.file,
                span: act.span,
            };
            Some((what, act.target.trim().to_owned(), act.kind, reach, place))
        })
    })
}
