//! Paths that are one path on another system.
//!
//! Linux tells names apart by their bytes. macOS and Windows do not look at case, macOS not at
//! how accents are encoded, and Windows has a second separator and ignores what ends a name.

use unicode_normalization::UnicodeNormalization;

use super::tree::{Key, Notes, shown};
use super::{Anomaly, AnomalyId, Entry};

/// As node-tar folds paths that may be one: decomposed, without case.
pub(super) fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_uppercase();
    }
    decomposed(path).to_lowercase().to_uppercase()
}

fn decomposed(path: &str) -> String {
    if path.is_ascii() {
        return path.to_owned();
    }
    path.nfd().collect()
}

/// The path that Windows makes of it, folded.
fn on_windows(path: &str) -> String {
    let mut folded = folded(path).replace('\\', "/");
    if folded.contains("./") || folded.contains(" /") || folded.ends_with(['.', ' ']) {
        let parts = folded
            .split('/')
            .map(|part| part.trim_end_matches(['.', ' ']));
        folded = parts.collect::<Vec<_>>().join("/");
    }
    folded
}

/// How one kind of system folds paths, and what two that fall together are called.
type View = (AnomalyId, fn(&str) -> String);

/// Each view folds at least as much as the one before.
const VIEWS: [View; 3] = [
    (AnomalyId::UnicodeCollision, decomposed),
    (AnomalyId::CaseCollision, folded),
    (AnomalyId::WindowsCollision, on_windows),
];

/// Tells of paths that other systems take for one, or of which one lies in the other.
pub(super) fn collisions(entries: &[Entry], notes: &mut Notes) {
    let mut before: Option<fn(&str) -> String> = None;
    for (id, fold) in VIEWS {
        let mut all: Vec<(Key, &str)> = entries
            .iter()
            .map(|entry| (Key(fold(&entry.path)), entry.path.as_str()))
            .collect();
        all.sort_unstable();
        for pair in all.windows(2) {
            let [(first, a), (second, b)] = pair else {
                continue;
            };
            if first != second && !second.is_below(first) {
                continue;
            }
            // A weaker view has told it.
            let told = before.is_some_and(|weaker| {
                let (a, b) = (Key(weaker(a)), Key(weaker(b)));
                a == b || b.is_below(&a)
            });
            if !told {
                let detail = format!("and {}", shown(a));
                notes.push(Anomaly::at(id, *b, detail));
            }
        }
        before = Some(fold);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::budget::Budget;

    fn of(paths: &[&str]) -> Vec<(AnomalyId, Option<String>)> {
        let entries: Vec<Entry> = paths
            .iter()
            .map(|path| Entry {
                path: (*path).to_owned(),
                range: 0..0,
                executable: false,
            })
            .collect();
        let mut notes = Notes::new(&Budget::new(&Limits::default()), Vec::new());
        collisions(&entries, &mut notes);
        let list = notes.list.into_iter();
        list.map(|one| (one.id, one.path)).collect()
    }

    #[test]
    fn each_system_has_its_own() {
        for (paths, id) in [
            (["README.md", "Readme.md"], AnomalyId::CaseCollision),
            (["LIB/a.js", "lib/A.js"], AnomalyId::CaseCollision),
            (["Stra\u{df}e", "strasse"], AnomalyId::CaseCollision),
            (["Caf\u{e9}", "cafe\u{301}"], AnomalyId::CaseCollision),
            (["caf\u{e9}", "cafe\u{301}"], AnomalyId::UnicodeCollision),
            (["a.js", "a.js. ."], AnomalyId::WindowsCollision),
            (["lib/a.js", "lib\\A.js"], AnomalyId::WindowsCollision),
        ] {
            let found = of(&paths);
            assert_eq!(found.len(), 1, "{paths:?}: {found:?}");
            assert_eq!(found[0].0, id, "{paths:?}");
        }
    }

    #[test]
    fn a_file_can_be_the_folder_of_another() {
        assert_eq!(
            of(&["LIB", "lib/a.js"]),
            [(AnomalyId::CaseCollision, Some("lib/a.js".to_owned()))]
        );
        assert_eq!(of(&["lib/a.js", "lib/b.js", "Lib/c.js", "libs"]), []);
    }
}
