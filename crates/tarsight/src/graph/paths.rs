//! Paths inside the package: relative to its root, `/` between components, no `.` or `..`.

use crate::archive::{Archive, Entry};
use crate::model::FileId;

/// Longest specifier or path that is looked at. Real ones stay below 300 bytes.
pub(super) const MOST_BYTES: usize = 4096;

/// Most components of a path that goes through the resolver, which recurses over them.
pub(super) const MOST_COMPONENTS: usize = 64;

/// The folder of a file; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `relative` seen from `folder`. `None` if it leaves the package, or no file can have the name.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let long = relative.len().max(folder.len()) > MOST_BYTES;
    if long || relative.starts_with('/') || relative.contains('\0') {
        return None;
    }
    let mut path = folder.to_owned();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if path.is_empty() => return None,
            ".." => path.truncate(path.rfind('/').unwrap_or(0)),
            _ => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part);
            }
        }
    }
    Some(path)
}

/// The entries whose path starts with `prefix`, and the id of the first.
pub(super) fn under<'a>(archive: &'a Archive, prefix: &str) -> (u32, &'a [Entry]) {
    let start = archive
        .entries
        .partition_point(|entry| entry.path.as_str() < prefix);
    let rest = archive.entries.get(start..).unwrap_or(&[]);
    let len = rest.partition_point(|entry| entry.path.starts_with(prefix));
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    (start, rest.get(..len).unwrap_or(&[]))
}

/// The files whose path starts with `prefix`.
pub(super) fn files_under<'a>(
    archive: &'a Archive,
    prefix: &str,
) -> impl Iterator<Item = (FileId, &'a str)> {
    let (first, entries) = under(archive, prefix);
    (first..)
        .zip(entries)
        .map(|(id, entry)| (FileId(id), entry.path.as_str()))
}

/// The extension with its dot, of the last component; empty if none.
pub(super) fn extension(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match name.rfind('.') {
        None | Some(0) => "",
        Some(dot) => name.get(dot..).unwrap_or(""),
    }
}

/// Undoes what a URL may do to a path: query, fragment, `%41`, backslashes, line breaks.
/// `None` if nothing changes.
pub(super) fn unescape(specifier: &str) -> Option<String> {
    const ODD: &[char] = &['?', '#', '%', '\\', '\t', '\n', '\r'];
    if !specifier.contains(ODD) {
        return None;
    }
    let path = specifier.split(['?', '#']).next().unwrap_or("");
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'\t' | b'\n' | b'\r' => {}
            b'\\' => bytes.push(b'/'),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = (ahead.next().and_then(hex), ahead.next().and_then(hex));
                if let (Some(high), Some(low)) = digits {
                    bytes.push(high * 16 + low);
                    rest = ahead;
                } else {
                    bytes.push(byte);
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::archive;

    #[test]
    fn join_stays_inside() {
        assert_eq!(join("lib", "./a/../b.js").as_deref(), Some("lib/b.js"));
        assert_eq!(join("lib", "..").as_deref(), Some(""));
        assert_eq!(join("lib", "../../x"), None);
        assert_eq!(join("", "../lib/x"), None, "leaves and comes back");
        assert_eq!(join("", "/etc/x"), None);
        assert_eq!(join("", "a\0b"), None);
        assert_eq!(join("", &"a/".repeat(MOST_BYTES)), None);
        assert_eq!(join(&"a/".repeat(MOST_BYTES), "x"), None);
    }

    #[test]
    fn a_prefix_is_a_range() {
        let archive = archive(&[
            ("a.js", ""),
            ("lib/a.js", ""),
            ("lib/b.js", ""),
            ("lib2.js", ""),
        ]);
        let found: Vec<_> = files_under(&archive, "lib/").collect();
        assert_eq!(found, [(FileId(1), "lib/a.js"), (FileId(2), "lib/b.js")]);
        assert_eq!(files_under(&archive, "").count(), 4);
        assert_eq!(files_under(&archive, "z").count(), 0);
    }

    #[test]
    fn urls_are_unescaped() {
        assert_eq!(unescape("./a.js"), None);
        assert_eq!(unescape("./%68.js?x#y").as_deref(), Some("./h.js"));
        assert_eq!(unescape(".\\lib\\x%2").as_deref(), Some("./lib/x%2"));
        assert_eq!(unescape("./a\n.js").as_deref(), Some("./a.js"));
        assert_eq!(unescape("./%ff.js"), None, "no UTF-8");
    }

    #[test]
    fn extensions_have_their_dot() {
        assert_eq!(extension("a.b/c.d.ts"), ".ts");
        assert_eq!(extension("a.b/c"), "");
        assert_eq!(extension(".npmrc"), "");
    }
}
