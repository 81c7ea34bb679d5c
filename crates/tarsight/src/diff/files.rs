//! Files that are unlike what was there before: by kind, place, shape and what they do.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Item, ItemKind, State};
use super::normal::{file_name, stem};
use super::side::Side;
use super::signals::{self, Moment, Signal};
use super::weight::{Found, Weight, change, item};
use crate::model::Capability;
use crate::report::{File, Report};

/// Kinds whose code the engine reads.
const SCRIPTS: &[&str] = &["javascript", "jsx", "typescript", "tsx"];
/// Compiled code, but for WebAssembly.
const NATIVE: &[&str] = &["elf", "pe", "mach-o"];
/// Scripts in other languages.
const FOREIGN: &[&str] = &["shell", "batch", "powershell", "script"];
/// What a compiler of addons takes.
const NATIVE_SOURCES: &[&str] = &[".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".rs"];

/// Folders and parts of names where nothing is meant to run in the hands of users.
const ASIDE: &[&str] = &[
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "doc",
    "docs",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "spec",
    "specs",
    "test",
    "tests",
    "testing",
    "website",
];

/// Hidden folders of tools that everybody knows.
const KNOWN_HIDDEN: &[&str] = &[
    ".bin",
    ".changeset",
    ".circleci",
    ".claude",
    ".cursor",
    ".devcontainer",
    ".gemini",
    ".git",
    ".githooks",
    ".github",
    ".gitlab",
    ".husky",
    ".idea",
    ".nyc_output",
    ".pnpm",
    ".storybook",
    ".vitepress",
    ".vscode",
    ".vuepress",
    ".well-known",
    ".yarn",
];

/// Longest line, in bytes, of code that people read.
const READABLE: u64 = 2_000;
/// A line that nobody reads.
const LONG: u64 = 10_000;
/// A packed file.
const PACKED: u64 = 100_000;

/// Whether a path is that of a test, an example or a document.
pub(super) fn is_aside(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or("");
    let mut words = name.split(['.', '-', '_']);
    let is_config = name.contains(".config.");
    is_config || words.any(|word| ASIDE.contains(&word)) || parts.any(|part| ASIDE.contains(&part))
}

/// Whether there is anything to compile.
pub(super) fn has_native_sources(report: &Report) -> bool {
    let files = report.files.iter();
    let mut paths = files.map(|file| file.path.as_str());
    paths.any(|path| NATIVE_SOURCES.iter().any(|end| path.ends_with(end)))
}

/// Compares files; returns how many have the same bytes.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, out: &mut Found) -> u64 {
    let files = |side: &Side<'_>| -> BTreeMap<String, File> {
        let all = side.report.files.iter();
        all.map(|file| (file.path.clone(), file.clone())).collect()
    };
    let (before, after) = (files(old), files(new));
    let known: BTreeSet<&str> = before.values().map(|file| file.sha256.as_str()).collect();
    let kinds: BTreeSet<&str> = before.values().map(|file| file.kind.as_str()).collect();
    let names: BTreeSet<&str> = before.keys().map(|path| name_stem(path)).collect();
    let hashless: BTreeMap<String, &File> = before
        .values()
        .map(|file| (file_name(&file.path), file))
        .collect();
    let payloads = payloads(new);
    let mut same = 0;
    for (path, file) in &after {
        if known.contains(file.sha256.as_str()) {
            same += 1;
            continue;
        }
        let known = before.get(path);
        let known = known.or_else(|| hashless.get(&file_name(path)).copied());
        match known.filter(|known| known.kind == file.kind) {
            Some(known) => reshaped(known, file, out),
            None => {
                let mut weight = class(file, &kinds);
                // The next build of a binary that was there under another version or hash.
                if kinds.contains(file.kind.as_str()) && names.contains(name_stem(path)) {
                    weight = Weight::of(signals::CODE_FILE, Moment::Load);
                }
                if payloads.contains(path.as_str()) {
                    weight.add(signals::PAYLOAD_SHAPE, Moment::Load);
                }
                if let Some(id) = weight.strongest() {
                    out.gain(weight, of_file(file, id));
                }
            }
        }
    }
    let still: BTreeSet<&str> = after.values().map(|file| file.sha256.as_str()).collect();
    for (path, file) in &before {
        if !after.contains_key(path) && !still.contains(file.sha256.as_str()) {
            out.lost.push(of_file(file, "file"));
        }
    }
    same
}

fn name_stem(path: &str) -> &str {
    stem(path.rsplit('/').next().unwrap_or(path))
}

fn of_file(file: &File, id: &str) -> Item {
    Item {
        reach: file.reach,
        ..item(ItemKind::File, id, &file.path)
    }
}

/// What is special about a file that was not there before.
fn class(file: &File, kinds: &BTreeSet<&str>) -> Weight {
    let kind = file.kind.as_str();
    let mut weight = Weight::default();
    let mut add = |signal: &'static Signal| weight.add(signal, Moment::Load);
    let is_script = SCRIPTS.contains(&kind);
    let is_native = NATIVE.contains(&kind);
    if is_native {
        let is_first = !NATIVE.iter().any(|native| kinds.contains(native));
        add(match is_first {
            true => signals::NATIVE_FIRST,
            false => signals::NATIVE_NEW,
        });
    }
    if kind == "wasm" && !kinds.contains("wasm") {
        add(signals::WASM_FIRST);
    }
    if belies(file) {
        add(signals::BELIES);
    }
    let runs = is_script || is_native || FOREIGN.contains(&kind);
    if runs && in_hidden_folder(&file.path) {
        add(signals::HIDDEN_FOLDER);
    }
    if is_script && file.longest_line.is_some_and(|line| line >= PACKED) {
        let is_packed_by_name = stem(&file.path).len() + ".min.js".len() <= file.path.len();
        let is_known = is_packed_by_name || is_aside(&file.path) || !file.reach.is_dormant();
        add(match is_known {
            true => signals::PACKED,
            false => signals::PACKED_DORMANT,
        });
    }
    if FOREIGN.contains(&kind) {
        add(signals::SCRIPT_FILE);
    }
    if kind == "binary" {
        add(signals::OPAQUE_FILE);
    }
    if is_script {
        add(signals::CODE_FILE);
    }
    weight
}

/// Extensions whose files are never of these kinds.
const BELIED: &[(&[&str], &[&str])] = &[
    (
        &[
            "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "bmp", "woff", "woff2", "ttf",
            "otf", "eot", "css", "md", "txt", "json", "map", "lock", "log",
        ],
        &[
            "elf",
            "pe",
            "mach-o",
            "wasm",
            "archive",
            "javascript",
            "shell",
            "batch",
            "powershell",
            "script",
        ],
    ),
    (
        &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts"],
        &["elf", "pe", "mach-o", "wasm", "archive", "image", "font"],
    ),
    (&["node"], &["archive", "javascript", "shell", "script"]),
];

/// Whether a file is not what its name says.
fn belies(file: &File) -> bool {
    let Some((_, extension)) = file.path.rsplit_once('.') else {
        return false;
    };
    let extension = extension.to_ascii_lowercase();
    BELIED.iter().any(|(extensions, kinds)| {
        extensions.contains(&extension.as_str()) && kinds.contains(&file.kind.as_str())
    })
}

fn in_hidden_folder(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').any(|part| {
        part.len() > 1 && part.starts_with('.') && part != ".." && !KNOWN_HIDDEN.contains(&part)
    })
}

/// A file that is there still, with other bytes.
fn reshaped(known: &File, file: &File, out: &mut Found) {
    let signal = if has_injected_line(known, file) {
        signals::LINE_INJECTED
    } else if file.size > known.size.saturating_mul(3) && file.size > known.size + 50_000 {
        signals::SIZE_JUMP
    } else {
        return;
    };
    let shape = |file: &File| State {
        value: Some(match file.longest_line {
            Some(line) => format!("{} bytes, longest line {line}", file.size),
            None => format!("{} bytes", file.size),
        }),
        ..State::default()
    };
    let mut change = change(ItemKind::File, signal.id, &file.path);
    (change.from, change.to) = (shape(known), shape(file));
    let is_aside = file.reach.is_dormant() && is_aside(&file.path);
    let weight = match is_aside {
        true => Weight::points_of(signal, 0),
        false => Weight::of(signal, Moment::Load),
    };
    out.change(weight, change);
}

/// Whether one line is nearly all that a readable file gained. Minifying makes lines fewer.
fn has_injected_line(known: &File, file: &File) -> bool {
    let shape = |file: &File| Some((file.lines?, file.longest_line?));
    let (Some((lines, longest)), Some((lines_now, longest_now))) = (shape(known), shape(file))
    else {
        return false;
    };
    SCRIPTS.contains(&file.kind.as_str())
        && lines >= 10
        && longest <= READABLE
        && longest_now >= LONG
        && lines_now >= lines - lines / 10
        && lines_now <= lines + lines / 10 + 5
}

/// New files that nothing leads to, outside of tests, which reach out and act.
fn payloads<'r>(side: &Side<'r>) -> BTreeSet<&'r str> {
    let mut kinds: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for (key, entry) in &side.behaviours {
        if !entry.reach.is_dormant() || !super::judge::is_sensitive(key, entry) {
            continue;
        }
        let reaches_out = entry.first.capability == Capability::Network;
        for site in entry.sites.iter().filter(|site| !is_aside(&site.file)) {
            let known = kinds.entry(&site.file).or_default();
            known.0 |= reaches_out;
            known.1 |= !reaches_out;
        }
    }
    let both = kinds
        .into_iter()
        .filter(|&(_, known)| known == (true, true));
    both.map(|(file, _)| file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Reach, SurfaceKind, Trigger};

    fn file(path: &str, kind: &str) -> File {
        File {
            path: path.to_owned(),
            size: 100,
            sha256: String::new(),
            kind: kind.to_owned(),
            reach: Reach::of(SurfaceKind::Import, Trigger::Load),
            behaviours: String::new(),
            lines: None,
            longest_line: None,
        }
    }

    fn shaped(lines: u64, longest_line: u64) -> File {
        File {
            lines: Some(lines),
            longest_line: Some(longest_line),
            ..file("a.js", "javascript")
        }
    }

    #[test]
    fn a_line_is_injected_only_where_the_rest_stays_readable() {
        let before = shaped(100, 90);
        assert!(has_injected_line(&before, &shaped(101, 20_000)));
        assert!(!has_injected_line(&before, &shaped(101, 900)));
        assert!(!has_injected_line(&before, &shaped(1, 20_000)));
        assert!(!has_injected_line(&before, &shaped(900, 20_000)));
        assert!(!has_injected_line(
            &shaped(100, 30_000),
            &shaped(101, 40_000)
        ));
    }

    #[test]
    fn names_that_lie() {
        for (path, kind, expected) in [
            ("logo.png", "elf", true),
            ("logo.png", "image", false),
            ("font.woff2", "javascript", true),
            ("lib/a.js", "archive", true),
            ("lib/a.js", "javascript", false),
            ("build/a.node", "elf", false),
            ("README", "elf", false),
        ] {
            assert_eq!(belies(&file(path, kind)), expected, "{path} {kind}");
        }
    }

    #[test]
    fn tests_and_hidden_folders_are_known_by_their_paths() {
        for (path, aside, hidden) in [
            ("test/a.js", true, false),
            ("lib/a.test.js", true, false),
            ("lib/latest.js", false, false),
            ("vitest.config.js", true, false),
            (".cache/a.js", false, true),
            ("lib/.x/a.js", false, true),
            (".github/a.js", false, false),
            (".eslintrc.js", false, false),
        ] {
            assert_eq!(is_aside(path), aside, "{path}");
            assert_eq!(in_hidden_folder(path), hidden, "{path}");
        }
    }

    #[test]
    fn the_first_binary_weighs_more_than_the_next() {
        let kinds = |list: &[&'static str]| list.iter().copied().collect::<BTreeSet<_>>();
        let elf = file("a.node", "elf");
        let strongest = |before| class(&elf, &kinds(before)).strongest();
        assert_eq!(strongest(&["javascript"]), Some("native-first"));
        assert_eq!(strongest(&["pe"]), Some("native-new"));
    }
}
