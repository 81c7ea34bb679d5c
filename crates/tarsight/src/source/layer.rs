//! Code found inside values: nested files that no archive lists.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::model::{FileId, Span};

/// The kind of what Node gets on its command line.
pub(crate) const NODE_EVAL: &str = "node -e";

/// The kind of what a file carries in an encoding, though nobody is seen to decode it.
pub(crate) const ENCODED: &str = "encoded";

/// Code found inside a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Layer {
    /// The file that holds the value; it may be a layer itself.
    pub file: FileId,
    /// Where the value stands there.
    pub span: Span,
    /// What makes it code: `node -e`, `eval`, `base64`.
    pub kind: &'static str,
    /// The code, JavaScript.
    pub text: String,
    /// Whether the value is this text for sure, and not one of several.
    pub is_sure: bool,
}

/// Modules that `node -e` gives to its code as globals.
const GLOBAL_MODULES: &[&str] = &[
    "buffer",
    "child_process",
    "cluster",
    "crypto",
    "dgram",
    "dns",
    "fs",
    "http",
    "http2",
    "https",
    "net",
    "os",
    "path",
    "readline",
    "tls",
    "url",
    "util",
    "vm",
    "worker_threads",
    "zlib",
];

impl Layer {
    /// The text as it is analysed: it begins with the layer's own. What Node gives to it without
    /// being asked is asked for behind it, so that no place moves.
    #[must_use]
    pub(crate) fn code(&self) -> Cow<'_, str> {
        if self.kind != NODE_EVAL {
            return Cow::Borrowed(&self.text);
        }
        let mut code = Cow::Borrowed(self.text.as_str());
        for name in GLOBAL_MODULES {
            if uses_global(&self.text, name) {
                let asked = format!("\n;var {name} = require({name:?});");
                code.to_mut().push_str(&asked);
            }
        }
        code
    }
}

/// Whether a text has `name.` and declares no such name.
fn uses_global(text: &str, name: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut used = false;
    for (at, _) in text.match_indices(name) {
        let before = text.get(..at).unwrap_or("");
        let after = text.get(at + name.len()..).unwrap_or("");
        if before.ends_with(is_name) || after.starts_with(is_name) {
            continue;
        }
        let (before, after) = (before.trim_end(), after.trim_start());
        let assigned = after.starts_with('=') && !after.starts_with("==");
        let picked = before.ends_with(['{', ',']) && after.starts_with(['}', ',']);
        if assigned || picked || after.starts_with("from") {
            return false;
        }
        used |= after.starts_with(['.', '[']) && !before.ends_with(['.', '"', '\'', '/']);
    }
    used
}

/// The layers of a package. Their ids follow those of the archive's files.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    first: u32,
    all: Vec<Layer>,
    /// Where each stands in `all`, by what it is.
    known: HashTable<usize>,
}

impl Layers {
    /// None yet, for a package of so many files.
    #[must_use]
    pub(crate) fn new(files: usize) -> Self {
        Self {
            first: u32::try_from(files).unwrap_or(u32::MAX),
            all: Vec::new(),
            known: HashTable::new(),
        }
    }

    /// The layer with this id; `None` for a file of the archive.
    #[must_use]
    pub(crate) fn get(&self, file: FileId) -> Option<&Layer> {
        self.all.get(file.0.checked_sub(self.first)? as usize)
    }

    /// Takes a layer in. Its id, and whether it is new.
    pub(crate) fn add(&mut self, layer: Layer) -> (FileId, bool) {
        let hash = FxBuildHasher.hash_one(&layer);
        let all = &self.all;
        let known = self.known.find(hash, |&at| all.get(at) == Some(&layer));
        let known = known.copied();
        let at = known.unwrap_or(all.len());
        if known.is_none() {
            let hash_of = |&at: &usize| all.get(at).map_or(0, |one| FxBuildHasher.hash_one(one));
            self.known.insert_unique(hash, at, hash_of);
            self.all.push(layer);
        }
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        (FileId(self.first.saturating_add(at)), known.is_none())
    }

    /// All of them, in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Layer> {
        self.all.iter()
    }

    /// The layers around a place in a file, outermost first; empty for a file of the archive.
    #[must_use]
    pub(crate) fn around(&self, file: FileId) -> Vec<&Layer> {
        let mut chain = Vec::new();
        let mut at = file;
        while let Some(layer) = self.get(at) {
            chain.push(layer);
            // A layer is found after what holds it.
            if layer.file >= at {
                break;
            }
            at = layer.file;
        }
        chain.reverse();
        chain
    }

    /// The file of the archive that holds a file or layer.
    #[must_use]
    pub(crate) fn home(&self, file: FileId) -> FileId {
        self.around(file).first().map_or(file, |outer| outer.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(file: u32, text: &str) -> Layer {
        Layer {
            file: FileId(file),
            span: Span::new(0, 1),
            kind: "eval",
            text: text.to_owned(),
            is_sure: true,
        }
    }

    #[test]
    fn layers_follow_the_files_and_know_what_is_around_them() {
        let mut layers = Layers::new(3);
        assert_eq!(layers.add(layer(1, "a")), (FileId(3), true));
        assert_eq!(layers.add(layer(3, "b")), (FileId(4), true));
        assert_eq!(layers.add(layer(1, "a")), (FileId(3), false));
        let texts: Vec<&str> = layers.around(FileId(4)).iter().map(|l| &*l.text).collect();
        assert_eq!(texts, ["a", "b"]);
        assert_eq!(layers.home(FileId(4)), FileId(1));
        assert_eq!(layers.home(FileId(2)), FileId(2));
        assert!(layers.around(FileId(2)).is_empty());
        assert_eq!(layers.iter().count(), 2);
    }

    #[test]
    fn modules_that_node_gives_are_asked_for_behind_the_code() {
        let code = |text: &str| {
            let layer = Layer {
                kind: NODE_EVAL,
                ..layer(0, text)
            };
            layer.code().into_owned()
        };
        assert_eq!(
            code("fs.rmSync('x')"),
            "fs.rmSync('x')\n;var fs = require(\"fs\");"
        );
        for own in [
            "const fs = require('fs'); fs.rmSync('x')",
            "const {fs} = x; fs.a()",
            "import fs from 'fs'; fs.a()",
            "x.fs.a()",
            "'fs.js'",
            "offs.a()",
        ] {
            assert_eq!(code(own), own);
        }
    }

    #[test]
    fn a_layer_that_claims_to_hold_itself_ends() {
        let mut layers = Layers::new(0);
        layers.add(layer(7, "a"));
        assert_eq!(layers.around(FileId(0)).len(), 1);
    }
}
