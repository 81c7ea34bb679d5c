//! Files that code writes with constant text, found by the commands that name them.

use rustc_hash::FxHashMap;

use super::layers::texts;
use super::package::Package;
use super::uses::{Use, arguments_at};
use crate::model::{FileId, Span};
use crate::value::{Key, ValueId};

/// A file that is written with constant text.
pub(super) struct Written {
    pub(super) path: Key,
    pub(super) text: Key,
    /// Where the call stands that writes it.
    pub(super) file: FileId,
    pub(super) span: Span,
}

impl Written {
    /// Whether it is code for Node, whatever runs it.
    pub(super) fn is_code(&self) -> bool {
        [".js", ".mjs", ".cjs"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }
}

/// All of them by their path.
pub(super) struct WrittenFiles {
    by_path: FxHashMap<Key, Vec<Written>>,
}

impl WrittenFiles {
    pub(super) fn of(package: &mut Package<'_>, uses: &[Use]) -> Self {
        let mut by_path: FxHashMap<Key, Vec<Written>> = FxHashMap::default();
        for one in uses {
            for effect in &one.effects {
                if effect.behaviour.id != "fs.write" {
                    continue;
                }
                let mut targets = effect.targets.iter();
                let Some(path) = targets.find_map(|target| target.text.clone()) else {
                    continue;
                };
                // Copies and moves have no data.
                let data = one.row.data.iter();
                let data: Vec<ValueId> = data
                    .flat_map(|&place| arguments_at(package, place, &one.args))
                    .collect();
                for text in data.into_iter().flat_map(|value| texts(package, value)) {
                    by_path.entry(path.clone()).or_default().push(Written {
                        path: path.clone(),
                        text,
                        file: one.file,
                        span: one.span,
                    });
                }
            }
        }
        Self { by_path }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// Those that a command names, as a whole or with one of its words. Whoever reads them again
    /// for each command pays for each byte, so that many commands cannot multiply a long file.
    pub(super) fn named(
        &self,
        package: &mut Package<'_>,
        command: &str,
        is_wanted: impl Fn(&Written) -> bool,
    ) -> Vec<&Written> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut paths: Vec<&str> = command.split([' ', '"', '\'']).collect();
        paths.push(command);
        paths.sort_unstable();
        paths.dedup();
        let mut found = Vec::new();
        for path in paths {
            let files = self.by_path.get(path).into_iter().flatten();
            for file in files.filter(|file| is_wanted(file)) {
                if !package.steps_for(file.text.len()) {
                    return found;
                }
                found.push(file);
            }
        }
        found
    }
}
