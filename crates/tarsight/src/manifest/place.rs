//! Where package.json says something.

use super::MANIFEST;
use crate::archive::Archive;
use crate::model::{FileId, Span};

/// Where package.json has a script: the range of `"name": "command"`. Empty if it is not found.
#[must_use]
pub(crate) fn script_place(archive: &Archive, name: &str) -> (FileId, Span) {
    match archive.find(MANIFEST) {
        Some(file) => {
            let text = std::str::from_utf8(archive.bytes(file)).unwrap_or("");
            (file, script_span(text, name).unwrap_or_default())
        }
        None => (FileId(0), Span::default()),
    }
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
