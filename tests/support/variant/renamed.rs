//! Packages with other hosts, other names of files and other names in the code.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{is_javascript, minified, text};
use crate::File;

/// Names of files that say something to Node, to npm or to a tool.
const KEPT: [&str; 7] = [
    "index",
    "setup.py",
    "conftest.py",
    "package.json",
    "binding.gyp",
    "README.md",
    "LICENSE",
];
/// Hosts whose first name says whose they are.
const KNOWN: [&str; 2] = ["registry", "github"];

/// The package, every name drawn anew from `seed`.
pub(super) fn files(files: &[File], seed: &str) -> Vec<File> {
    let mut draw = Draw::new(seed);
    let hosts = hosts(files, &mut draw);
    let stems = stems(files, &mut draw);
    let word = draw.word();
    let of = |(path, bytes): &File| {
        let path = new_path(path, &stems);
        let Some(text) = text(bytes) else {
            return (path, bytes.clone());
        };
        let mut text = text.to_owned();
        for (old, new) in &hosts {
            text = text.replace(old, new);
        }
        for (old, new) in &stems {
            text = with_stem(&text, old, new);
        }
        let named = is_javascript(&path)
            .then(|| minified::with_names(&path, &text, &format!("{word}_")))
            .flatten();
        (path, named.unwrap_or(text).into_bytes())
    };
    let mut all: Vec<File> = files.iter().map(of).collect();
    all.sort();
    all
}

/// Domains that nobody owns, and what they become; the longest first.
fn hosts(files: &[File], draw: &mut Draw) -> Vec<(String, String)> {
    let domain =
        Regex::new(r"([A-Za-z0-9-]+)\.(invalid|example)\b").unwrap_or_else(|e| panic!("{e}"));
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for text in files.iter().filter_map(|(_, bytes)| text(bytes)) {
        for one in domain.captures_iter(text) {
            found.insert((one[1].to_owned(), one[2].to_owned()));
        }
    }
    // A domain that bears the name of the package or of a variable is told by it.
    let names: String = files
        .iter()
        .filter_map(|(_, bytes)| text(bytes))
        .collect::<Vec<_>>()
        .join("\n")
        .to_ascii_lowercase();
    let is_name = |label: &str| {
        let label = label.to_ascii_lowercase();
        let all = names.matches(&label).count();
        let hosts =
            [".invalid", ".example"].map(|end| names.matches(&format!("{label}{end}")).count());
        all > hosts.iter().sum::<usize>()
    };
    found.retain(|(label, _)| !KNOWN.contains(&label.as_str()) && !is_name(label));
    let mut hosts: Vec<(String, String)> = found
        .into_iter()
        .map(|(label, end)| (format!("{label}.{end}"), format!("{}.{end}", draw.word())))
        .collect();
    hosts.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    hosts
}

/// Names of files without their endings, and what they become; the longest first.
fn stems(files: &[File], draw: &mut Draw) -> Vec<(String, String)> {
    let paths: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let mut stems: BTreeMap<String, String> = BTreeMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_tools = path.split('/').any(|part| part.starts_with('.'))
            || KEPT.contains(&name)
            || KEPT.contains(&stem)
            || name.contains(".config.")
            || name.ends_with(".md");
        let is_code = is_javascript(name)
            || [".sh", ".ts", ".json", ".bat"]
                .iter()
                .any(|end| name.ends_with(end));
        if !is_tools && is_code && stem.len() > 2 {
            stems.entry(stem.to_owned()).or_insert_with(|| draw.word());
        }
    }
    let mut stems: Vec<(String, String)> = stems.into_iter().collect();
    stems.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    stems
}

fn new_path(path: &str, stems: &[(String, String)]) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return path.to_owned();
    };
    let is_tools = path.split('/').any(|part| part.starts_with('.'));
    match stems.iter().find(|(old, _)| old == stem && !is_tools) {
        Some((_, new)) if folder.is_empty() => format!("{new}.{ending}"),
        Some((_, new)) => format!("{folder}/{new}.{ending}"),
        None => path.to_owned(),
    }
}

/// Each mention of a file in a text, with its new name: `stem.js` as a word, and `/stem` before
/// a quote, as modules are named.
fn with_stem(text: &str, old: &str, new: &str) -> String {
    let quoted = regex::escape(old);
    let file = Regex::new(&format!(
        r"(^|[^\w.-]){quoted}\.(js|cjs|mjs|sh|ts|json|bat)\b"
    ))
    .unwrap_or_else(|e| panic!("{e}"));
    let module =
        Regex::new(&format!(r#"(\./|/){quoted}(["'`])"#)).unwrap_or_else(|e| panic!("{e}"));
    let text = file.replace_all(text, format!("${{1}}{new}.${{2}}"));
    let text = module.replace_all(&text, format!("${{1}}{new}${{2}}"));
    text.into_owned()
}

/// Words in an order that hangs on the seed alone.
struct Draw(u64);

impl Draw {
    fn new(seed: &str) -> Self {
        // FNV-1a.
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
    }

    fn next(&mut self, most: u64) -> usize {
        // Xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most).unwrap_or(0)
    }

    /// Three syllables.
    fn word(&mut self) -> String {
        const FIRST: &[u8] = b"bdfgklmnprstvz";
        const SECOND: &[u8] = b"aeiou";
        let mut word = String::new();
        for _ in 0..3 {
            word.push(char::from(FIRST[self.next(14)]));
            word.push(char::from(SECOND[self.next(5)]));
        }
        word
    }
}
