//! From a path in the archive to the path that npm writes.

use super::AnomalyId;

/// Where npm writes an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) fate: Fate,
    /// What is odd about the path, at most one of each kind.
    pub(super) odd: Vec<AnomalyId>,
}

/// What becomes of an entry for its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is written at this path inside the package.
    Written(String),
    /// It is left out.
    Dropped,
    /// The system refuses it, after npm has made these folders.
    Fails(String),
    /// npm fails, and with it the whole install.
    Refused,
}

impl Name {
    /// The path inside the package, if npm writes the entry.
    pub(super) fn path(self) -> Option<String> {
        match self.fate {
            Fate::Written(path) => Some(path),
            Fate::Dropped | Fate::Fails(_) | Fate::Refused => None,
        }
    }
}

const MAX_DEPTH: usize = 1024;
/// What Linux takes in one component.
const MAX_COMPONENT: usize = 255;
/// Longer than Linux and macOS take.
const MAX_PATH: usize = 4096;

/// Follows node-tar on Linux: `strip` first components go, then roots, then `.` and empty ones.
pub(super) fn resolve(raw: &str, strip: bool) -> Name {
    let mut odd = Vec::new();
    let fate = fate(raw, strip, &mut odd);
    Name { fate, odd }
}

fn fate(raw: &str, strip: bool, odd: &mut Vec<AnomalyId>) -> Fate {
    let mut rest = raw;
    if strip {
        rest = raw.split_once('/').map_or("", |(_, rest)| rest);
    }
    if rest.contains(unprintable) {
        odd.push(AnomalyId::UnprintablePath);
    }
    if rest.split('/').count() > MAX_DEPTH {
        odd.push(AnomalyId::TooDeep);
        return Fate::Dropped;
    }
    let relative = strip_roots(rest);
    if relative.len() != rest.len() {
        odd.push(AnomalyId::AbsolutePath);
    }
    if relative.contains('\\') {
        odd.push(AnomalyId::Backslash);
    }
    if relative.split(['/', '\\']).any(|part| part == "..") {
        odd.push(AnomalyId::PathEscapes);
        return Fate::Dropped;
    }
    let path = joined(relative);
    if path.is_empty() {
        odd.push(AnomalyId::RootEntry);
        return Fate::Dropped;
    }
    if path.len() != relative.len() {
        odd.push(AnomalyId::NonCanonicalPath);
    }
    if path.split('/').any(is_windows_name) {
        odd.push(AnomalyId::WindowsName);
    }
    if path.contains('\0') {
        return Fate::Refused;
    }
    let is_long = |part: &str| part.len() > MAX_COMPONENT;
    if path.len() > MAX_PATH || path.split('/').any(is_long) {
        odd.push(AnomalyId::LongPath);
        let made = path.split('/').take_while(|part| !is_long(part)).count();
        let all = path.split('/').count();
        return Fate::Fails(first(&path, made.min(all - 1)).to_owned());
    }
    Fate::Written(path)
}

/// Without empty and `.` components.
fn joined(relative: &str) -> String {
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
    path
}

/// The first `count` components.
fn first(path: &str, count: usize) -> &str {
    let ends = path.match_indices('/').map(|(at, _)| at);
    match count.checked_sub(1) {
        None => "",
        Some(last) => {
            let end = ends.chain([path.len()]).nth(last);
            end.and_then(|end| path.get(..end)).unwrap_or(path)
        }
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

/// A link target as node-tar compares it with the paths of entries: `..` resolved as far as
/// that goes, then folded.
pub(super) fn reserved(target: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in strip_roots(target).split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    super::collide::folded(&parts.join("/"))
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

/// Whether Windows takes the component for another name, or not at all: a device, a trailing dot
/// or space, a character that has a meaning there.
fn is_windows_name(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    if part.ends_with(['.', ' ']) || part.contains(['<', '>', ':', '"', '|', '?', '*']) {
        return true;
    }
    let stem = part.split('.').next().unwrap_or("").trim_end();
    let port = |name: &str| {
        let number = stem.get(3..).unwrap_or("");
        let is_port = number.len() == 1 && number.bytes().all(|b| matches!(b, b'1'..=b'9'));
        is_port && stem.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(name))
    };
    DEVICES.iter().any(|name| stem.eq_ignore_ascii_case(name)) || port("com") || port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str) -> (Option<String>, Vec<AnomalyId>) {
        let mut name = resolve(raw, true);
        let odd = std::mem::take(&mut name.odd);
        (name.path(), odd)
    }

    #[test]
    fn one_component_goes() {
        assert_eq!(at("package/a/b.js"), (Some("a/b.js".into()), vec![]));
        assert_eq!(at("other/package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(at("file.js"), (None, vec![AnomalyId::RootEntry]));
        assert_eq!(at("./package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(at("/package/x"), (Some("package/x".into()), vec![]));
        assert_eq!(resolve("a/b", false).path().as_deref(), Some("a/b"));
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
        assert_eq!(at("p/cd:/x").1, [AnomalyId::WindowsName]);
    }

    #[test]
    fn parents_are_dropped() {
        for raw in ["p/../x", "p/a/../../x", "p/a\\..\\x", "p/..", "p/c:../x"] {
            let (path, odd) = at(raw);
            assert_eq!(path, None, "{raw}");
            assert!(odd.contains(&AnomalyId::PathEscapes), "{raw}");
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
        assert_eq!(resolve("p/a\0", true).fate, Fate::Refused);
        assert_eq!(at(&"a/".repeat(1026)), (None, vec![AnomalyId::TooDeep]));
    }

    #[test]
    fn what_the_system_refuses_leaves_folders() {
        let long = "x".repeat(256);
        for (raw, made) in [
            (format!("p/{long}"), ""),
            (format!("p/a/b/{long}"), "a/b"),
            (format!("p/a/{long}/b"), "a"),
            (format!("p/{}", ["y"; 2100].join("/")), ""),
        ] {
            let name = resolve(&raw, true);
            if name.odd == [AnomalyId::TooDeep] {
                assert_eq!(name.fate, Fate::Dropped);
                continue;
            }
            assert_eq!(name.fate, Fate::Fails(made.to_owned()), "{raw}");
            assert_eq!(name.odd, [AnomalyId::LongPath]);
        }
    }

    #[test]
    fn names_that_windows_reads_differently() {
        for part in [
            "a.", "a ", "con", "Aux.js", "com1.txt", "a:b", "a?b", "LPT9",
        ] {
            assert!(is_windows_name(part), "{part}");
        }
        for part in ["a.b", "console", "com10", "com", "lpt0", ".a", "nul-1"] {
            assert!(!is_windows_name(part), "{part}");
        }
    }

    #[test]
    fn targets_as_they_are_reserved() {
        assert_eq!(reserved("a/./b/../c/"), "A/C");
        assert_eq!(reserved("../x"), "../X");
        assert_eq!(reserved("/a/.."), "");
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
