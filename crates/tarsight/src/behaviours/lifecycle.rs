//! Commands of the manifest that package managers run by themselves.

use crate::api;
use crate::archive::Archive;
use crate::graph::Surface;
use crate::manifest::script_place;
use crate::model::{Reach, Span, SurfaceKind, Trigger};
use crate::value::Place;

/// Each command with its reach and where it stands.
pub(super) fn commands(
    archive: &Archive,
    surfaces: &[Surface],
) -> Vec<(&'static api::Behaviour, String, Reach, Place)> {
    let Some(what) = api::behaviour("process.exec") else {
        return Vec::new();
    };
    surfaces
        .iter()
        .filter(|surface| matches!(surface.kind, SurfaceKind::Install | SurfaceKind::Prepare))
        .filter_map(|surface| {
            let command = surface.command.as_ref()?;
            let hook = surface.hook.as_deref()?;
            let reach = Reach::of(surface.kind, Trigger::Load);
            Some((what, command.clone(), reach, place(archive, hook)))
        })
        .collect()
}

/// Where package.json has the script; the file of the command if it has none.
fn place(archive: &Archive, hook: &str) -> Place {
    let (file, span) = script_place(archive, hook);
    match archive.find("binding.gyp") {
        Some(gyp) if span.is_empty() => Place {
            file: gyp,
            span: Span::new(0, 0),
        },
        _ => Place { file, span },
    }
}
