//! From a path in the archive to the path that npm writes.

use super::AnomalyId;

/// Where npm writes an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Path inside the package; `None` if npm drops the entry.
    pub(super) path: Option<String>,
    /// What is odd about the path, at most one of each kind.
    pub(super) odd: Vec<AnomalyId>,
}

const MAX_DEPTH: usize = 1024;
const MAX_COMPONENT: usize = 255;
/// Longer than Linux and macOS take.
const MAX_PATH: usize = 4096;

/// Follows node-tar on Linux: `strip` first components go, then roots, then `.` and empty ones.
pub(super) fn resolve(raw: &str, strip: bool) -> Name {
    let mut odd = Vec::new();
    let mut rest = raw;
    if strip {
        rest = raw.split_once('/').map_or("", |(_, rest)| rest);
    }
    if rest.contains(unprintable) {
        odd.push(AnomalyId::UnprintablePath);
    }
    if rest.split('/').count() > MAX_DEPTH {
        odd.push(AnomalyId::TooDeep);
        return Name { path: None, odd };
    }
    let relative = strip_roots(rest);
    if relative.len() != rest.len() {
        odd.push(AnomalyId::AbsolutePath);
    }
    if relative.contains('\\') {
        odd.push(AnomalyId::Backslash);
    }
    if relative.split(['/', '\\']).any(|part| part == "..") {
        odd.push(AnomalyId::ParentPath);
        return Name { path: None, odd };
    }
    let mut path = String::with_capacity(relative.len());
    for part in relative
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
    {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(part);
    }
    if path.is_empty() {
        odd.push(AnomalyId::RootEntry);
        return Name { path: None, odd };
    }
    if path.len() != relative.len() {
        odd.push(AnomalyId::NonCanonicalPath);
    }
    let too_long = path.len() > MAX_PATH;
    if too_long || path.split('/').any(|part| part.len() > MAX_COMPONENT) {
        odd.push(AnomalyId::LongPath);
    }
    let kept = !too_long && !path.contains('\0');
    Name {
        path: kept.then_some(path),
        odd,
    }
}

/// How many folders a link target climbs at most. npm drops a file whose target climbs over
/// more folders than there are above the file.
pub(super) fn climbs(target: &str) -> usize {
    let (mut depth, mut lowest) = (0_i64, 0_i64);
    for part in strip_roots(target).split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        lowest = lowest.min(depth);
    }
    usize::try_from(-lowest).unwrap_or(0)
}

/// Without roots as Windows knows them, which are stripped on every system.
fn strip_roots(path: &str) -> &str {
    let mut rest = path;
    loop {
        let root = if rest.starts_with('/') && !rest.starts_with("//?/") {
            1
        } else {
            root_len(rest.as_bytes())
        };
        match rest.get(root..) {
            Some(shorter) if root > 0 => rest = shorter,
            _ => return rest,
        }
    }
}

/// How long the root is: a slash, a drive, or a server with its share.
fn root_len(path: &[u8]) -> usize {
    let separator = |at: usize| path.get(at).is_some_and(|b| matches!(b, b'/' | b'\\'));
    if !separator(0) {
        let drive = path.first().is_some_and(u8::is_ascii_alphabetic) && path.get(1) == Some(&b':');
        return if drive {
            2 + usize::from(separator(2))
        } else {
            0
        };
    }
    if !separator(1) {
        return 1;
    }
    let run = |from: usize, wanted: bool| {
        (from..path.len())
            .find(|&at| separator(at) != wanted)
            .unwrap_or(path.len())
    };
    let server = run(2, false);
    let gap = run(server, true);
    if server == 2 || server == path.len() || gap == path.len() {
        return 1;
    }
    let share = run(gap, false);
    (share + 1).min(path.len())
}

/// Control characters, and those that change the direction of text or have no width.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str) -> (Option<String>, Vec<AnomalyId>) {
        let name = resolve(raw, true);
        (name.path, name.odd)
    }

    #[test]
    fn one_component_goes() {
        assert_eq!(at("package/a/b.js"), (Some("a/b.js".into()), vec![]));
        assert_eq!(at("other/package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(at("file.js"), (None, vec![AnomalyId::RootEntry]));
        assert_eq!(at("./package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(at("/package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(resolve("a/b", false).path.as_deref(), Some("a/b"));
    }

    #[test]
    fn roots_are_stripped() {
        for raw in [
            "p//etc/x",
            "p////etc/x",
            "p/C:/etc/x",
            "p/c:etc/x",
            "p/\\etc/x",
            "p/\\\\server\\share\\etc/x",
            "p///?/C:/etc/x",
        ] {
            assert_eq!(
                at(raw),
                (Some("etc/x".into()), vec![AnomalyId::AbsolutePath]),
                "{raw}"
            );
        }
        assert_eq!(at("p/cd:/x").0.as_deref(), Some("cd:/x"));
    }

    #[test]
    fn parents_are_dropped() {
        for raw in ["p/../x", "p/a/../../x", "p/a\\..\\x", "p/..", "p/c:../x"] {
            let (path, odd) = at(raw);
            assert_eq!(path, None, "{raw}");
            assert!(odd.contains(&AnomalyId::ParentPath), "{raw}");
        }
        assert_eq!(at("p/..a/b..").0.as_deref(), Some("..a/b.."));
    }

    #[test]
    fn odd_but_kept() {
        assert_eq!(
            at("p/a/./b//c"),
            (Some("a/b/c".into()), vec![AnomalyId::NonCanonicalPath])
        );
        assert_eq!(
            at("p/a\\b.js"),
            (Some("a\\b.js".into()), vec![AnomalyId::Backslash])
        );
        assert_eq!(
            at("p/\u{202E}sj.a"),
            (
                Some("\u{202E}sj.a".into()),
                vec![AnomalyId::UnprintablePath]
            )
        );
        assert_eq!(at("p/a\0").0, None);
        assert_eq!(
            at(&format!("p/{}", "x".repeat(256))).1,
            [AnomalyId::LongPath]
        );
        assert_eq!(at(&"a/".repeat(1026)), (None, vec![AnomalyId::TooDeep]));
    }

    #[test]
    fn link_targets() {
        for (target, folders) in [
            ("../../x", 2),
            ("a/../..\\..", 2),
            ("a/../b", 0),
            ("/..", 1),
            ("/etc/x", 0),
            ("", 0),
        ] {
            assert_eq!(climbs(target), folders, "{target}");
        }
    }
}
