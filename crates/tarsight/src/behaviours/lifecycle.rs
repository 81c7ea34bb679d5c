//! Commands of the manifest that package managers run by themselves.

use crate::api;
use crate::archive::Archive;
use crate::graph::Surface;
use crate::model::{FileId, Reach, Span, SurfaceKind, Trigger};
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
            Some((what, command.clone(), reach, place(archive, hook)?))
        })
        .collect()
}

/// Where package.json has the script; the file of the command if it has none.
fn place(archive: &Archive, hook: &str) -> Option<Place> {
    let (file, text) = match archive.find("package.json") {
        Some(file) => (file, std::str::from_utf8(archive.bytes(file)).unwrap_or("")),
        None => (FileId(0), ""),
    };
    let span = script_span(text, hook).unwrap_or_default();
    if span.is_empty()
        && let Some(gyp) = archive.find("binding.gyp")
    {
        let span = Span::new(0, 0);
        return Some(Place { file: gyp, span });
    }
    Some(Place { file, span })
}

/// The range of `"hook": "command"` inside `"scripts"`.
fn script_span(text: &str, hook: &str) -> Option<Span> {
    let scripts = text.find("\"scripts\"")?;
    let key = format!("\"{hook}\"");
    let start = scripts + text.get(scripts..)?.find(&key)?;
    let value = start + key.len() + text.get(start + key.len()..)?.find('"')?;
    let mut end = value + 1;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(end) {
        end += 1;
        match byte {
            b'\\' => end += 1,
            b'"' => break,
            _ => {}
        }
    }
    let end = end.min(text.len());
    Some(Span::new(
        u32::try_from(start).ok()?,
        u32::try_from(end).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_found_with_its_command() {
        let text = r#"{"install":"no","scripts":{"install":"echo \"x\" y","test":"t"}}"#;
        let span = script_span(text, "install").expect("the hook is there");
        assert_eq!(span.text(text), r#""install":"echo \"x\" y""#);
        assert_eq!(script_span(text, "preinstall"), None);
    }
}
