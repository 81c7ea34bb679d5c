//! Where package.json says something.

use super::MANIFEST;
use crate::archive::Archive;
use crate::model::{FileId, Span};

/// Where package.json has a script: the range of `"name": "command"`. Empty if it is not found.
#[must_use]
pub(crate) fn script_place(archive: &Archive, name: &str) -> (FileId, Span) {
    place(archive, "scripts", name)
}

/// Where package.json has a text in an object: the range of `"key": "text"`. Empty if it is not
/// found.
#[must_use]
pub(crate) fn place(archive: &Archive, list: &str, key: &str) -> (FileId, Span) {
    match archive.find(MANIFEST) {
        Some(file) => {
            let span = place_in(archive.bytes(file), list, key);
            (file, span)
        }
        None => (FileId(0), Span::default()),
    }
}

/// The same in the bytes of any package.json.
#[must_use]
pub(crate) fn place_in(bytes: &[u8], list: &str, key: &str) -> Span {
    let text = std::str::from_utf8(bytes).unwrap_or("");
    span(text, list, key).unwrap_or_default()
}

/// The range of `"key": "text"` behind `"list"`.
fn span(text: &str, list: &str, key: &str) -> Option<Span> {
    let list = text.find(&format!("\"{list}\""))?;
    let key = format!("\"{key}\"");
    let start = list + text.get(list..)?.find(&key)?;
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
        let found = span(text, "scripts", "install").expect("the hook is there");
        assert_eq!(found.text(text), r#""install":"echo \"x\" y""#);
        assert_eq!(span(text, "scripts", "preinstall"), None);
    }
}
