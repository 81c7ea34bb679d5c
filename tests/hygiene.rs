//! Rules about the repository's own text.
//!
//! Words that may not appear are put together here from pieces, or this file would break its
//! own rules.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use tarsight_tests::root;

/// The engine's modules from left to right; imports run only leftwards. Names in one row are
/// equals.
const ORDER: [&[&str]; 19] = [
    &["model", "limits", "error", "budget"],
    &["archive"],
    &["manifest"],
    &["source"],
    &["binary", "document"],
    &["parse"],
    &["api"],
    &["tool"],
    &["value"],
    &["shell"],
    &["gyp"],
    &["facts"],
    &["graph"],
    &["flow"],
    &["behaviours"],
    &["findings"],
    &["report"],
    &["diff"],
    &["engine"],
];

/// Lines of code of one file, tests not counted.
const LINES: usize = 600;

/// Where no text of ours is.
const SKIPPED: [&str; 8] = [
    ".git",
    ".venv",
    "artifacts",
    "benches/packages",
    "coverage",
    "fuzz/corpus",
    "node_modules",
    "target",
];

struct Source {
    path: String,
    text: String,
}

fn sources(under: &str, keep: impl Fn(&str) -> bool) -> Vec<Source> {
    let root = root();
    let mut open = vec![root.join(under)];
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap().flatten() {
            let file = entry.path();
            let path = inside(&root, &file);
            if skipped(&path) {
                continue;
            }
            if file.is_dir() {
                open.push(file);
            } else if keep(&path)
                && let Ok(text) = fs::read_to_string(&file)
            {
                found.push(Source { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "nothing found under {under}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn inside(root: &Path, file: &Path) -> String {
    let inside: PathBuf = file.strip_prefix(root).unwrap().iter().collect();
    inside.to_string_lossy().replace('\\', "/")
}

fn skipped(path: &str) -> bool {
    SKIPPED.contains(&path)
        || path
            .rsplit('/')
            .next()
            .is_some_and(|name| SKIPPED.contains(&name) || name.starts_with("target-"))
}

fn rust(under: &str) -> Vec<Source> {
    sources(under, |path| path.ends_with(".rs"))
}

/// The text before the unit tests, which stand at the end of a file.
fn code(text: &str) -> &str {
    let tests = Regex::new(r"\n#\[cfg\(test\)\]\n(?:pub\(crate\) )?mod \w+ \{\n").unwrap();
    tests
        .find(text)
        .map_or(text, |tests| &text[..tests.start()])
}

/// The engine's files that are not compiled for tests only.
fn engine() -> Vec<Source> {
    let module = Regex::new(r"\n#\[cfg\(test\)\]\n(?:pub\(crate\) )?mod (\w+);").unwrap();
    let mut sources = rust("crates/tarsight/src");
    let mut tests = Vec::new();
    for source in &sources {
        let file = source.path.trim_end_matches(".rs");
        let folder = ["/mod", "/lib"]
            .iter()
            .find_map(|name| file.strip_suffix(name))
            .unwrap_or(file);
        for found in module.captures_iter(&source.text) {
            tests.push(format!("{folder}/{}", &found[1]));
        }
    }
    sources.retain(|source| {
        !tests.iter().any(|test| {
            let rest = source.path.strip_prefix(test.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        })
    });
    sources
}

fn without_comments(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn complain(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let others = |s: &Source| !s.path.starts_with("crates/tarsight/src");
    let mut sources = engine();
    sources.extend(rust("").into_iter().filter(others));
    let wrong: Vec<String> = sources
        .iter()
        .filter(|s| code(&s.text).lines().count() > LINES)
        .map(|s| format!("{} has {} lines", s.path, code(&s.text).lines().count()))
        .collect();
    complain(&wrong, "split what is longer than 600 lines");
}

#[test]
fn unit_tests_stand_last() {
    let wrong: Vec<String> = rust("")
        .iter()
        .filter(|s| {
            let tests = &s.text[code(&s.text).len()..];
            !tests.is_empty() && tests.find("\n}\n") != Some(tests.len().wrapping_sub(3))
        })
        .map(|s| s.path.clone())
        .collect();
    complain(&wrong, "nothing may follow `mod tests`");
}

#[test]
fn imports_of_the_engine_run_leftwards() {
    let mut wrong = Vec::new();
    for source in engine() {
        let inside = source.path.trim_start_matches("crates/tarsight/src/");
        let module = inside.split('/').next().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let Some(own) = rank(module) else {
            wrong.push(format!("{}: {module} is not in the order", source.path));
            continue;
        };
        for used in roots(&without_comments(code(&source.text)), depth(inside)) {
            match rank(&used) {
                Some(other) if other < own || (other == own && (other == 0 || used == module)) => {}
                Some(_) => wrong.push(format!("{} uses {used}", source.path)),
                None => wrong.push(format!(
                    "{} uses crate::{used}; name the module instead",
                    source.path
                )),
            }
        }
    }
    complain(&wrong, "imports run only leftwards");
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|row| row.contains(&module))
}

/// How many `super` lead from the file to the crate's root.
fn depth(inside: &str) -> usize {
    inside.split('/').count() - usize::from(inside.ends_with("/mod.rs"))
}

/// The names that follow `crate::`, or as many `super::` as lead to the root.
fn roots(text: &str, depth: usize) -> Vec<String> {
    let start = Regex::new(r"\bcrate::|\b(?:super::)+").unwrap();
    let mut names = Vec::new();
    for found in start.find_iter(text) {
        let supers = found.as_str().matches("super").count();
        if supers != 0 && supers != depth {
            continue;
        }
        let rest = &text[found.end()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(list_heads(list)),
            None => names.push(ident(rest)),
        }
    }
    names.retain(|name| !name.is_empty() && name != "super");
    // What lib.rs re-exports, under the module that it comes from.
    for name in &mut names {
        let home = match name.as_str() {
            "Error" => "error",
            "Limits" | "UnknownLimit" => "limits",
            "Report" | "Entries" => "report",
            "Diff" => "diff",
            "Engine" | "Document" | "schema" => "engine",
            _ => continue,
        };
        *name = home.to_owned();
    }
    names
}

fn ident(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The first name of each item of a `{…}` list.
fn list_heads(text: &str) -> Vec<String> {
    let (mut open, mut head, mut heads) = (0, true, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' if open == 0 => break,
            '}' => open -= 1,
            ',' if open == 0 => head = true,
            c if head && (c.is_alphabetic() || c == '_') => {
                heads.push(ident(&text[at..]));
                head = false;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn imports_are_found_in_every_form() {
    let text =
        "use crate::{a::{B, c}, d};\nuse super::super::e::F;\nfn x() { crate::g::h(); super::i() }";
    assert_eq!(roots(text, 2), ["a", "d", "e", "g"]);
    assert_eq!(
        (depth("a/mod.rs"), depth("a/b.rs"), depth("a.rs")),
        (1, 2, 1)
    );
}

#[test]
fn no_registry_and_no_machine_is_named() {
    let word = |parts: &[&str]| parts.concat();
    let words = [
        word(&["npm", "js.org"]),
        word(&["npm", "js.com"]),
        word(&["yarn", "pkg.com"]),
        word(&["crates", ".io"]),
        word(&["pypi", ".org"]),
        word(&["python", "hosted.org"]),
        word(&["debian", ".org"]),
        word(&["/wo", "rk/"]),
        word(&["/tmp", "/w/"]),
        word(&["/ro", "ot/.cargo"]),
    ];
    let mut wrong = Vec::new();
    for source in sources("", |path| !path.ends_with("Cargo.lock")) {
        for (number, line) in source.text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                wrong.push(format!("{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    complain(&wrong, "these words may not appear");
}

#[test]
fn the_engine_is_safe_and_touches_nothing() {
    let banned = Regex::new(
        r"\bunsafe\b\s*(\{|fn|impl|trait|extern)|\bstd::(fs|env|process)\b|\bstd::net::.*\b(Tcp|Udp|ToSocket)|\bprint(ln)?!|\bSystemTime\b",
    )
    .unwrap();
    let mut wrong = Vec::new();
    for source in engine() {
        for (number, line) in code(&source.text).lines().enumerate() {
            if !line.trim_start().starts_with("//") && banned.is_match(line) {
                wrong.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    let root = fs::read_to_string(root().join("crates/tarsight/src/lib.rs")).unwrap();
    assert!(root.contains("#![forbid(unsafe_code)]"));
    complain(
        &wrong,
        "the engine has no unsafe code and no way to the outside",
    );
}

#[test]
fn nothing_is_left_open() {
    let banned = Regex::new(&format!(
        r"\b({}|{})!|#\[{}\b",
        ["to", "do"].concat(),
        ["unimple", "mented"].concat(),
        ["ig", "nore"].concat(),
    ))
    .unwrap();
    let mut wrong = Vec::new();
    for source in rust("") {
        for (number, line) in source.text.lines().enumerate() {
            // Some tests ask a program that not everybody has; `.ci/run` runs them.
            let asked = [r#" = "needs npm"]"#, r#" = "needs node"]"#]
                .iter()
                .any(|end| line.trim_end().ends_with(end));
            if banned.is_match(line) && !asked {
                wrong.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    complain(&wrong, "finish it or leave it out");
}

#[test]
fn every_host_in_the_corpus_is_reserved() {
    let host = Regex::new(
        r#"(?:\b(?:https?|wss?|ftp|git|ssh)://(?:[^\s/'"`@]*@)?|\bhost(?:name)?["']?\s*:\s*["'`])([\w.-]+)"#,
    )
    .unwrap();
    let reserved = |name: &str| {
        let name = name.to_lowercase();
        // Addresses of the own link, such as a cloud's metadata service, belong to nobody.
        ["192.0.2.", "169.254."]
            .iter()
            .any(|start| name.starts_with(start))
            || [".invalid", ".example"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    for source in sources("corpus", |_| true) {
        for found in host.captures_iter(&source.text) {
            count += 1;
            if !reserved(&found[1]) {
                wrong.push(format!("{}: {}", source.path, &found[1]));
            }
        }
    }
    assert!(count > 20, "the pattern finds only {count} hosts");
    complain(
        &wrong,
        "hosts end in .invalid or .example, or are in 192.0.2.0/24",
    );
}

#[test]
fn the_readme_lists_every_limit() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for name in tarsight::Limits::NAMES {
        assert!(
            readme.contains(&format!("| `{name}` |")),
            "{name} is missing"
        );
    }
}
