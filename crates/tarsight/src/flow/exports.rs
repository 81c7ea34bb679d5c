//! What a file of the package exports under a name.

use super::package::Package;
use crate::model::FileId;
use crate::value::{Key, ValueId};

/// Longest chain of `export * from` that is followed.
const MOST_STARS: u32 = 16;

impl Package<'_> {
    /// The value of an exported name; `None` if the file does not export it.
    pub(super) fn export(&mut self, file: FileId, name: &str, depth: u32) -> Option<ValueId> {
        let key = Key::from(name);
        if depth > MOST_STARS || !self.exporting.insert((file, Key::clone(&key))) {
            return None;
        }
        let value = self.find_export(file, name, depth);
        self.exporting.remove(&(file, key));
        value
    }

    fn find_export(&mut self, file: FileId, name: &str, depth: u32) -> Option<ValueId> {
        let facts = self.facts_of(file)?;
        let found = facts
            .exports
            .named
            .binary_search_by(|(known, _)| (**known).cmp(name));
        if let Ok(at) = found {
            return Some(self.translate(file, facts.exports.named[at].1));
        }
        for specifier in &facts.exports.stars {
            if name == "default" {
                break;
            }
            if let Some(target) = self.target(file, specifier)
                && let Some(value) = self.export(target, name, depth + 1)
            {
                return Some(value);
            }
        }
        None
    }
}
