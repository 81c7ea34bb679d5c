//! Finds rows by path without allocating: a path is compared as the chain of its pieces.

use std::cmp::Ordering;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::row::{Api, Gives};
use super::table::{APIS, LIKES};

/// Rounds of replacing a prefix, and steps up to a parent type. Tables need three.
const ROUNDS: usize = 6;

/// A path in pieces.
#[derive(Clone, Copy)]
struct Chain<'a>([&'a str; 4]);

impl<'a> Chain<'a> {
    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0.iter().flat_map(|part| part.bytes())
    }

    fn row(&self) -> Option<&'static Api> {
        let found = match self.0 {
            // Whole paths are the usual case.
            [path, "", "", ""] => APIS.binary_search_by(|api| api.path.cmp(path)),
            _ => APIS.binary_search_by(|api| compare(api.path, self)),
        };
        found.ok().and_then(|index| APIS.get(index))
    }

    /// What follows `prefix`, if that ends at the end of a name.
    fn after(&self, prefix: &str) -> Option<Self> {
        let mut prefix = prefix;
        let mut parts = self.0;
        for part in &mut parts {
            let len = part.len().min(prefix.len());
            if part.as_bytes().get(..len) != prefix.as_bytes().get(..len) {
                return None;
            }
            *part = part.get(len..)?;
            prefix = prefix.get(len..)?;
        }
        let rest = Self(parts);
        let ends = matches!(rest.bytes().next(), None | Some(b'.' | b'#' | b'='));
        (prefix.is_empty() && ends).then_some(rest)
    }

    /// With another piece in front, or nothing and then without the dot.
    fn behind(self, head: &'static str) -> Option<Self> {
        let mut parts = [head, "", "", ""];
        let pieces = self.0.into_iter().filter(|part| !part.is_empty());
        for (index, part) in pieces.enumerate() {
            *parts.get_mut(index + 1)? = part;
        }
        if head.is_empty() {
            let first = parts.get_mut(1)?;
            *first = first.strip_prefix('.')?;
        }
        Some(Self(parts))
    }

    /// Without the first `.default`: what CommonJS exports is the default of the module.
    fn without_default(self) -> Option<Self> {
        let mut parts = self.0;
        for index in 0..3 {
            let part = *parts.get(index)?;
            let mut from = 0;
            while let Some(found) = part.get(from..).and_then(|text| text.find(".default")) {
                let start = from + found;
                let end = start + ".default".len();
                let rest = part.get(end..)?;
                if start > 0 && (rest.is_empty() || rest.starts_with(['.', '#', '='])) {
                    if parts.last().is_some_and(|last| !last.is_empty()) {
                        return None;
                    }
                    parts.copy_within(index + 1..3, index + 2);
                    *parts.get_mut(index)? = part.get(..start)?;
                    *parts.get_mut(index + 1)? = rest;
                    return Some(Self(parts));
                }
                from = end;
            }
        }
        None
    }
}

fn compare(path: &str, chain: &Chain<'_>) -> Ordering {
    let mut rest = path.as_bytes();
    for part in chain.0 {
        let part = part.as_bytes();
        let len = part.len().min(rest.len());
        let (start, end) = rest.split_at(len);
        match start.cmp(part) {
            Ordering::Equal => rest = end,
            other => return other,
        }
    }
    if rest.is_empty() {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}

/// The row of a chain; what stands for another path is followed.
fn resolve(chain: Chain<'_>) -> Option<&'static Api> {
    let mut chain = chain;
    for _ in 0..ROUNDS {
        if let Some(row) = chain.row() {
            return Some(row);
        }
        chain = match chain.without_default() {
            Some(shorter) => shorter,
            None => LIKES
                .iter()
                .find_map(|(prefix, to)| chain.after(prefix)?.behind(to))?,
        };
    }
    None
}

/// Rows by whole path, and the names that a path may begin with if it stands for another.
struct Index {
    rows: FxHashMap<&'static str, &'static Api>,
    roots: FxHashSet<&'static str>,
    /// The names that any path begins with.
    starts: FxHashSet<&'static str>,
}

impl Index {
    fn get() -> &'static Self {
        static INDEX: OnceLock<Index> = OnceLock::new();
        INDEX.get_or_init(|| Self {
            rows: APIS.iter().map(|row| (row.path, row)).collect(),
            roots: LIKES
                .iter()
                .map(|(prefix, _)| *prefix)
                .chain(
                    APIS.iter()
                        .filter(|row| row.path.contains('#'))
                        .map(|row| row.path),
                )
                .filter_map(|path| path.split(['.', '#', '=']).next())
                .collect(),
            starts: LIKES
                .iter()
                .map(|(prefix, _)| *prefix)
                .chain(APIS.iter().map(|row| row.path))
                .filter_map(|path| path.split(['.', '#', '=']).next())
                .collect(),
        })
    }
}

/// The row of a canonical path, as something that is called, constructed or read.
///
/// `node:`-less builtins (`fs.promises.readFile`), globals (`fetch`; also behind `globalThis.`
/// and its kin), packages (`axios.post`), methods of instances (`http.ClientRequest#write`).
#[must_use]
pub(crate) fn lookup(path: &str) -> Option<&'static Api> {
    let index = Index::get();
    if let Some(row) = index.rows.get(path) {
        return Some(row);
    }
    let root = path.split(['.', '#', '=']).next().unwrap_or(path);
    if !index.roots.contains(root) && !path.contains(".default") {
        return None;
    }
    match path.split_once('#') {
        Some((of, name)) => method(of, name),
        None => resolve(Chain([path, "", "", ""])),
    }
}

/// Whether a row may be found for a path that begins with this name.
#[must_use]
pub(crate) fn begins(name: &str) -> bool {
    let root = name.split(['.', '#', '=']).next().unwrap_or(name);
    Index::get().starts.contains(root)
}

/// The row of an assignment to a path, or to a property of it.
#[must_use]
pub(crate) fn assignment(path: &str) -> Option<&'static Api> {
    match path.split_once('#') {
        Some((of, name)) => inherited(of, name, "="),
        None => resolve(Chain([path, "=", "", ""])),
    }
}

/// The row of a method or property of instances of a type, or of a type that it is based on.
#[must_use]
pub(crate) fn method(of: &str, name: &str) -> Option<&'static Api> {
    inherited(of, name, "")
}

fn inherited(of: &str, name: &str, end: &str) -> Option<&'static Api> {
    let mut of = of;
    for _ in 0..ROUNDS {
        if let Some(row) = Chain([of, "#", name, end]).row() {
            return Some(row);
        }
        let base = Chain([of, "#", "", ""]).row()?;
        of = base.gives.iter().find_map(|gives| match gives {
            Gives::Type(parent) => Some(*parent),
            _ => None,
        })?;
    }
    None
}
