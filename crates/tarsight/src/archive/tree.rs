//! The files that npm writes, in the order in which it writes them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

use super::name::Fate;
use super::pax::Target;
use super::{Anomaly, AnomalyId, Archive, Entry, collide, name};
use crate::budget::{Budget, Over};
use crate::limits::Limit;
use crate::model::{Reason, Unanalysed};

/// A file as the archive gives it.
pub(super) struct Found {
    /// The whole path.
    pub(super) path: String,
    /// Whether invalid UTF-8 was replaced in the path.
    pub(super) lossy: bool,
    /// The target that an extended header gives, although it is no link.
    pub(super) link: Option<Target>,
    pub(super) range: Range<usize>,
    pub(super) executable: bool,
}

/// Anomalies up to a limit, and how many more there were.
pub(super) struct Notes {
    pub(super) list: Vec<Anomaly>,
    most: usize,
    more: usize,
}

impl Notes {
    pub(super) fn new(budget: &Budget<'_>, list: Vec<Anomaly>) -> Self {
        Self {
            list,
            most: budget.limits().most(Limit::Notes),
            more: 0,
        }
    }

    pub(super) fn push(&mut self, anomaly: Anomaly) {
        if self.list.len() < self.most {
            self.list.push(anomaly);
        } else {
            self.more += 1;
        }
    }
}

/// What npm has written so far.
pub(super) struct Tree<'a, 'l> {
    placed: BTreeMap<Key, Slot>,
    strip: bool,
    pub(super) budget: &'a mut Budget<'l>,
    pub(super) notes: Notes,
    root: Option<String>,
    ignores: BTreeSet<String>,
}

/// What stands at a path.
enum Slot {
    File {
        range: Range<usize>,
        executable: bool,
    },
    /// A folder that was made for a file which the system then refused.
    Folder,
}

impl<'a, 'l> Tree<'a, 'l> {
    pub(super) fn new(budget: &'a mut Budget<'l>, notes: Notes, strip: bool) -> Self {
        Self {
            placed: BTreeMap::new(),
            strip,
            budget,
            notes,
            root: None,
            ignores: BTreeSet::new(),
        }
    }

    /// The size of the file of this path.
    pub(super) fn size(&self, path: &str) -> Option<usize> {
        match self.placed.get(&Key(path.to_owned()))? {
            Slot::File { range, .. } => Some(range.len()),
            Slot::Folder => None,
        }
    }

    /// Whether an entry of so many bytes is read.
    pub(super) fn admit(&self, size: usize) -> Result<(), Over> {
        let limits = self.budget.limits();
        limits.admit(Limit::EntryBytes, size as u64)?;
        // Places in a file are counted in 32 bits.
        match u32::try_from(size) {
            Ok(_) => Ok(()),
            Err(_) => Err(Over {
                limit: Limit::EntryBytes,
                value: u64::from(u32::MAX),
            }),
        }
    }

    /// Adds a file of `buffer`, or says why npm would not.
    pub(super) fn add(&mut self, mut found: Found, buffer: &[u8]) -> Result<(), Over> {
        if self.strip && !self.ignore_rules(&mut found) {
            return Ok(());
        }
        let name = name::resolve(&found.path, self.strip);
        for id in name.odd {
            self.notes.push(Anomaly::at(
                id,
                shown(&found.path),
                "in the name of an entry",
            ));
        }
        let path = match name.fate {
            Fate::Dropped => return Ok(()),
            Fate::Refused => {
                let path = shown(&found.path);
                let refused = Anomaly::at(AnomalyId::Refused, path, "a NUL in the path");
                self.notes.push(refused);
                return Ok(());
            }
            Fate::Fails(folders) => return self.make(folders),
            Fate::Written(path) => path,
        };
        if found.lossy {
            let detail = "invalid bytes became U+FFFD";
            self.notes
                .push(Anomaly::at(AnomalyId::UnreadablePath, &path, detail));
        }
        if let Some(link) = &found.link
            && link.climbs > path.matches('/').count()
        {
            let detail = format!("dropped for its link target {}", link.shown);
            self.notes
                .push(Anomaly::at(AnomalyId::PathEscapes, &path, detail));
            return Ok(());
        }
        if let Some(link) = &found.link {
            // npm waits for both paths, and for the folders of each, and so for itself.
            let (own, other) = (Key(collide::folded(&path)), Key(link.reserved.clone()));
            if own.is_below(&other) || other.is_below(&own) {
                let detail = format!("it waits for ever for the link target {}", link.shown);
                self.notes
                    .push(Anomaly::at(AnomalyId::Refused, &path, detail));
            }
        }
        if self.strip {
            self.compare_root(&found.path);
        }
        self.tell_twice(&path, &found.range, buffer);
        self.place(path, found.range, found.executable)
    }

    /// `.gitignore` becomes `.npmignore`; `false` if the entry is dropped.
    fn ignore_rules(&mut self, found: &mut Found) -> bool {
        let base = found.path.rsplit('/').next().unwrap_or("");
        if base == ".npmignore" {
            self.ignores.insert(found.path.clone());
        } else if base == ".gitignore" {
            let keep = found.path.len() - base.len();
            let renamed = format!("{}.npmignore", found.path.get(..keep).unwrap_or(""));
            let dropped = self.ignores.contains(&renamed);
            let detail = if dropped {
                "dropped, since there is a .npmignore"
            } else {
                "written as .npmignore"
            };
            let path = name::resolve(&found.path, true).path();
            self.notes.push(Anomaly {
                id: AnomalyId::GitignoreRenamed,
                path,
                detail: detail.to_owned(),
            });
            found.path = renamed;
            return !dropped;
        }
        true
    }

    fn compare_root(&mut self, path: &str) {
        let root = path.split('/').next().unwrap_or("");
        match &self.root {
            None => self.root = Some(root.to_owned()),
            Some(first) if first != root => {
                let detail = format!("{} besides {}", shown(root), shown(first));
                // One is enough: the next root is compared with this one.
                self.notes
                    .push(Anomaly::whole(AnomalyId::OtherRoot, detail));
                self.root = Some(root.to_owned());
            }
            Some(_) => {}
        }
    }

    fn tell_twice(&mut self, path: &str, range: &Range<usize>, buffer: &[u8]) {
        let old = match self.placed.get(&Key(path.to_owned())) {
            Some(Slot::File { range, .. }) => range,
            Some(Slot::Folder) | None => return,
        };
        let same = buffer.get(old.clone()) == buffer.get(range.clone());
        let id = if same {
            AnomalyId::RepeatedEntry
        } else {
            AnomalyId::DuplicateEntry
        };
        let detail = format!("{} bytes, then {} bytes", old.len(), range.len());
        self.notes.push(Anomaly::at(id, path, detail));
    }

    fn place(&mut self, path: String, range: Range<usize>, executable: bool) -> Result<(), Over> {
        let key = Key(path);
        if let Some(other) = self.conflict(&key) {
            let detail = format!("dropped, since {} came first", shown(&other));
            self.notes
                .push(Anomaly::at(AnomalyId::FileFolderConflict, key.0, detail));
            return Ok(());
        }
        self.put(key, Slot::File { range, executable })
    }

    /// Makes folders, unless a file is in the way.
    fn make(&mut self, folders: String) -> Result<(), Over> {
        let key = Key(folders);
        if key.0.is_empty() || self.placed.contains_key(&key) || self.conflict(&key).is_some() {
            return Ok(());
        }
        self.put(key, Slot::Folder)
    }

    fn put(&mut self, key: Key, slot: Slot) -> Result<(), Over> {
        if !self.placed.contains_key(&key) {
            self.budget.take(Limit::Entries, 1)?;
        }
        self.placed.insert(key, slot);
        Ok(())
    }

    /// A file that is a folder of `key`, or below it.
    ///
    /// In the order of keys everything between a folder and its content is its content too, so
    /// looking at both neighbours is enough.
    fn conflict(&self, key: &Key) -> Option<String> {
        let mut before = self.placed.range((Bound::Unbounded, Bound::Excluded(key)));
        let after = self.placed.range((Bound::Excluded(key), Bound::Unbounded));
        before
            .next_back()
            .filter(|(other, slot)| matches!(slot, Slot::File { .. }) && key.is_below(other))
            .map(|(other, _)| other)
            .or_else(|| {
                after
                    .map(|(other, _)| other)
                    .next()
                    .filter(|other| other.is_below(key))
            })
            .map(|other| other.0.clone())
    }

    /// The archive over `buffer`, sorted.
    pub(super) fn finish(mut self, buffer: Vec<u8>, mut unanalysed: Vec<Unanalysed>) -> Archive {
        let mut entries = Vec::with_capacity(self.placed.len());
        for (Key(path), slot) in std::mem::take(&mut self.placed) {
            let Slot::File { range, executable } = slot else {
                continue;
            };
            if let Err(over) = self.admit(range.len()) {
                let detail = format!("{} bytes, over {over}", range.len());
                unanalysed.push(Unanalysed::file(path, Reason::ArchiveLimit, detail));
                continue;
            }
            entries.push(Entry {
                path,
                range,
                executable,
            });
        }
        let limits = self.budget.limits();
        let mut notes = self.notes;
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        collide::collisions(&entries, &mut notes);
        if notes.more > 0 {
            unanalysed.push(Unanalysed {
                path: None,
                reason: Reason::ReportLimit,
                detail: format!(
                    "{} more anomalies, over {}",
                    notes.more,
                    limits.over(Limit::Notes)
                ),
            });
        }
        notes.list.sort();
        notes.list.dedup();
        unanalysed.sort();
        Archive {
            buffer,
            entries,
            anomalies: notes.list,
            unanalysed,
        }
    }
}

/// A path cut to a length that a report can carry.
pub(super) fn shown(path: &str) -> String {
    path.chars().take(512).collect()
}

/// A path, ordered so that a folder's content follows it directly.
#[derive(PartialEq, Eq)]
pub(super) struct Key(pub(super) String);

const BLOCK: usize = 64;

impl Key {
    pub(super) fn is_below(&self, folder: &Self) -> bool {
        self.0
            .strip_prefix(folder.0.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.0.as_bytes(), other.0.as_bytes());
        // Long paths that begin alike are compared by the block first.
        let blocks = a.chunks(BLOCK).zip(b.chunks(BLOCK));
        let same = blocks.take_while(|(a, b)| a == b).count() * BLOCK;
        // A path holds no NUL, so the separator can take its place.
        let rank = |&byte: &u8| if byte == b'/' { 0 } else { byte };
        let a = a.iter().skip(same).map(rank);
        let b = b.iter().skip(same).map(rank);
        a.cmp(b)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::archive::build::limits;

    fn tree<'a, 'l>(budget: &'a mut Budget<'l>) -> Tree<'a, 'l> {
        let notes = Notes::new(budget, Vec::new());
        Tree::new(budget, notes, true)
    }

    fn run(paths: &[&str]) -> Archive {
        let limits = Limits::default();
        let mut budget = Budget::new(&limits);
        let mut tree = tree(&mut budget);
        for (at, path) in paths.iter().enumerate() {
            let found = Found {
                path: format!("package/{path}"),
                lossy: false,
                link: None,
                range: at..at + 1,
                executable: false,
            };
            assert!(tree.add(found, b"0123456789").is_ok());
        }
        tree.finish(vec![0; paths.len()], Vec::new())
    }

    fn files(archive: &Archive) -> Vec<(&str, usize)> {
        archive
            .entries
            .iter()
            .map(|entry| (entry.path.as_str(), entry.range.start))
            .collect()
    }

    fn ids(archive: &Archive) -> Vec<AnomalyId> {
        archive.anomalies.iter().map(|a| a.id).collect()
    }

    #[test]
    fn the_last_of_one_path_wins() {
        let archive = run(&["b", "a", "b"]);
        assert_eq!(files(&archive), [("a", 1), ("b", 2)]);
        assert_eq!(ids(&archive), [AnomalyId::DuplicateEntry]);
        let archive = run(&["b", "b"]);
        assert_eq!(files(&archive), [("b", 1)]);
    }

    #[test]
    fn what_came_first_wins_a_conflict() {
        let archive = run(&["a", "a-b", "a/b", "a"]);
        assert_eq!(files(&archive), [("a", 3), ("a-b", 1)]);
        assert!(ids(&archive).contains(&AnomalyId::FileFolderConflict));
        let archive = run(&["a/c", "a", "a/b", "a.js"]);
        assert_eq!(files(&archive), [("a.js", 3), ("a/b", 2), ("a/c", 0)]);
    }

    #[test]
    fn equal_entries_are_harmless() {
        let limits = Limits::default();
        let mut budget = Budget::new(&limits);
        let mut tree = tree(&mut budget);
        for (path, at) in [("p/a", 0), ("p/./a", 2), ("p/a", 1)] {
            let found = Found {
                path: path.to_owned(),
                lossy: false,
                link: None,
                range: at..at + 1,
                executable: false,
            };
            assert!(tree.add(found, b"xyx").is_ok());
        }
        let archive = tree.finish(Vec::new(), Vec::new());
        assert_eq!(
            ids(&archive),
            [
                AnomalyId::DuplicateEntry,
                AnomalyId::NonCanonicalPath,
                AnomalyId::RepeatedEntry
            ]
        );
    }

    #[test]
    fn a_refused_file_leaves_its_folders() {
        let long = "x".repeat(256);
        let below = format!("a/b/{long}");
        let archive = run(&[&below, "a", "a/b", "a/b/c"]);
        assert_eq!(files(&archive), [("a/b", 2)]);
        let archive = run(&["a", &below, "a/b"]);
        assert_eq!(files(&archive), [("a", 0)]);
    }

    #[test]
    fn npm_waits_for_ever_for_a_target_below_the_file() {
        let limits = Limits::default();
        for (target, refused) in [("A/x", true), ("a", false), ("ab/x", false)] {
            let mut budget = Budget::new(&limits);
            let mut tree = tree(&mut budget);
            let found = Found {
                path: "p/a".to_owned(),
                lossy: false,
                link: Some(Target::of(target)),
                range: 0..1,
                executable: false,
            };
            assert!(tree.add(found, b"x").is_ok());
            let archive = tree.finish(Vec::new(), Vec::new());
            let expected: &[_] = if refused { &[AnomalyId::Refused] } else { &[] };
            assert_eq!(ids(&archive), expected, "{target}");
        }
    }

    #[test]
    fn ignore_files() {
        let archive = run(&["x/.gitignore", "y/.npmignore", "y/.gitignore"]);
        assert_eq!(files(&archive), [("x/.npmignore", 0), ("y/.npmignore", 1)]);
        let archive = run(&[".gitignore", ".npmignore"]);
        assert_eq!(files(&archive), [(".npmignore", 1)]);
    }

    #[test]
    fn case_is_told() {
        let archive = run(&["Readme.md", "README.md"]);
        assert_eq!(files(&archive).len(), 2);
        assert_eq!(ids(&archive), [AnomalyId::CaseCollision]);
    }

    #[test]
    fn notes_are_capped() {
        let limits = limits(&[("notes", 2)]);
        let mut budget = Budget::new(&limits);
        let mut tree = tree(&mut budget);
        for _ in 0..5 {
            let found = Found {
                path: "package/a".into(),
                lossy: false,
                link: None,
                range: 0..0,
                executable: false,
            };
            assert!(tree.add(found, b"0123456789").is_ok());
        }
        let archive = tree.finish(Vec::new(), Vec::new());
        assert_eq!(archive.unanalysed.len(), 1);
        assert_eq!(archive.unanalysed[0].reason, Reason::ReportLimit);
    }
}
