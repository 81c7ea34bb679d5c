//! Matches path texts with patterns, component by component.

use super::table::{Anchor, PERSISTENCE_PATHS, PathRow, SECRET_PATHS};
use super::{Target, some};

/// What secret lies at a path, if one does.
///
/// The text may have `/` or `\`; `~` and `<env:HOME>` are the home folder, `<cwd>`, `<package>`,
/// `<tmp>` stand for themselves, `<?>` is unknown and may be a home folder at the start.
#[must_use]
pub(crate) fn secret_path(text: &str) -> Option<&'static Target> {
    find(text, &SECRET_PATHS)
}

/// What other program obeys or executes the file at a path, if one does.
#[must_use]
pub(crate) fn persistence_path(text: &str) -> Option<&'static Target> {
    find(text, &PERSISTENCE_PATHS)
}

fn find(text: &str, rows: &'static [PathRow]) -> Option<&'static Target> {
    let path = Path::of(text);
    let row = rows.iter().find(|row| match row.anchor {
        Anchor::Any => matches(row.parts, &path.parts, true),
        Anchor::Home => path
            .home
            .and_then(|start| path.parts.get(start..))
            .is_some_and(|parts| matches(row.parts, parts, false)),
        Anchor::Root => path
            .root
            .and_then(|start| path.parts.get(start..))
            .is_some_and(|parts| matches(row.parts, parts, false)),
    })?;
    some(&row.target)
}

/// A path text in components.
struct Path<'a> {
    parts: Vec<&'a str>,
    /// Where the part below the home folder starts, if it is below one.
    home: Option<usize>,
    /// Where the part below the root starts, if it is absolute.
    root: Option<usize>,
}

/// Folders that variables name, from the home folder.
const FOLDERS: [(&str, &[&str]); 8] = [
    ("HOME", &[]),
    ("USERPROFILE", &[]),
    ("HOMEDRIVE", &[]),
    ("APPDATA", &["AppData", "Roaming"]),
    ("LOCALAPPDATA", &["AppData", "Local"]),
    ("XDG_CONFIG_HOME", &[".config"]),
    ("XDG_DATA_HOME", &[".local", "share"]),
    ("XDG_CACHE_HOME", &[".cache"]),
];

impl<'a> Path<'a> {
    fn of(text: &'a str) -> Self {
        let mut words = text
            .split(['/', '\\'])
            .filter(|part| !part.is_empty() && *part != ".");
        let mut parts = Vec::new();
        let mut home = None;
        let mut root = text.starts_with(['/', '\\']).then_some(0);
        if let Some(first) = words.next() {
            if let Some(below) = folder(first) {
                parts.extend_from_slice(below);
                home = Some(0);
            } else if first == "~" || first == "<?>" {
                home = Some(0);
                root = (first == "<?>").then_some(0);
            } else if first.len() == 2 && first.ends_with(':') {
                root = Some(0);
            } else {
                parts.push(first);
            }
        }
        parts.extend(words);
        // `../../etc/passwd` is meant to arrive at the root.
        let ups = parts.iter().take_while(|part| **part == "..").count();
        if ups > 0 {
            root = Some(ups);
        }
        if let Some(start) = root {
            let at = |index: usize| parts.get(start + index).copied().unwrap_or("");
            if matches!(at(0), "home" | "Users" | "users") && !at(1).is_empty() {
                home = Some(start + 2);
            } else if at(0) == "root" {
                home = Some(start + 1);
            } else if at(0) == "var" && at(1) == "root" {
                home = Some(start + 2);
            }
        }
        Self { parts, home, root }
    }
}

/// The folder that a component like `<env:APPDATA>`, `%APPDATA%` or `$HOME` names.
fn folder(part: &str) -> Option<&'static [&'static str]> {
    let name = part
        .strip_prefix("<env:")
        .and_then(|rest| rest.split('>').next())
        .or_else(|| part.strip_prefix('%')?.split('%').next())
        .or_else(|| part.strip_prefix("${")?.strip_suffix('}'))
        .or_else(|| part.strip_prefix("$env:"))
        .or_else(|| part.strip_prefix('$'))?;
    FOLDERS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, below)| *below)
}

/// Whether components match a pattern; `floating` patterns may start anywhere.
fn matches(pattern: &[&str], parts: &[&str], floating: bool) -> bool {
    // Most patterns fail at the last component, so that is asked first.
    let open = pattern.last() == Some(&"**");
    let ends = || component(pattern.last()?, parts.last()?).then_some(());
    if !open && ends().is_none() {
        return false;
    }
    // Where to go on after the last `**`: the pattern behind it, and the next component.
    let mut retry = floating.then_some((0, 0));
    let (mut at, mut part) = (0, 0);
    loop {
        match (pattern.get(at), parts.get(part)) {
            (None, None) => return true,
            (Some(&"**"), _) => {
                at += 1;
                retry = Some((at, part));
                continue;
            }
            (Some(wanted), Some(given)) if component(wanted, given) => {
                at += 1;
                part += 1;
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after, next)) if next < parts.len() => {
                retry = Some((after, next + 1));
                (at, part) = (after, next + 1);
            }
            _ => return false,
        }
    }
}

/// Whether a component matches; `*` is any text.
fn component(wanted: &str, given: &str) -> bool {
    let Some((start, rest)) = wanted.split_once('*') else {
        return wanted.eq_ignore_ascii_case(given);
    };
    let Some(mut given) = strip(given, start) else {
        return false;
    };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            let from = given.len().checked_sub(piece.len());
            return from
                .and_then(|from| given.get(from..))
                .is_some_and(|end| end.eq_ignore_ascii_case(piece));
        }
        let found = (0..=given.len())
            .filter_map(|from| given.get(from..))
            .find_map(|tail| strip(tail, piece));
        match found {
            Some(tail) => given = tail,
            None => return false,
        }
    }
    true
}

/// `text` without `start`, letter case aside.
fn strip<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start)
        .then(|| text.get(start.len()..))?
}
