//! Every pair of `corpus/diff`, against its label, and with something planted.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};
use tarsight::{Document, Engine, Report};
use tarsight_tests::{File, Pair, pairs, tgz};

fn scan(engine: &Engine, files: &[File]) -> Report {
    engine.scan_tree(files.to_vec()).unwrap()
}

fn diff(old: &Report, new: &Report) -> Value {
    serde_json::from_str(&tarsight::diff(old, new).to_json()).unwrap()
}

#[test]
fn every_diff_says_what_its_label_demands() {
    let engine = Engine::new();
    let schema = tarsight::schema(Document::Diff);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let pairs = pairs();
    let mut table = String::new();
    for pair in &pairs {
        let (old, new) = (scan(&engine, &pair.old), scan(&engine, &pair.new));
        let diff = diff(&old, &new);
        let invalid = validator.iter_errors(&diff).map(|error| error.to_string());
        for failure in pair.failures(&diff).into_iter().chain(invalid) {
            writeln!(table, "{:<30} {failure}", pair.name).unwrap();
        }
    }
    assert!(table.is_empty(), "{}:\n\n{table}", table.lines().count());
}

#[test]
fn both_sides_are_in_the_corpus() {
    let pairs = pairs();
    let loud = pairs.iter().filter(|pair| pair.is_loud).count();
    assert!(loud >= 40, "{loud} loud pairs");
    assert!(
        pairs.len() - loud >= 40,
        "{} quiet pairs",
        pairs.len() - loud
    );
    for point in 1..=12 {
        let prefix = format!("d{point:02}-");
        let has = pairs.iter().any(|pair| pair.name.starts_with(&prefix));
        assert!(has, "no pair for D{point}");
    }
}

#[test]
fn a_version_and_itself_have_nothing_between_them() {
    let engine = Engine::new();
    for pair in pairs() {
        let (old, new) = (scan(&engine, &pair.old), scan(&engine, &pair.new));
        for report in [old, new] {
            let diff = diff(&report, &report);
            let lists = [&diff["gained"], &diff["lost"], &diff["changed"]];
            assert!(
                lists.iter().all(|list| **list == json!([])),
                "{}: {diff:#}",
                pair.name
            );
        }
    }
}

#[test]
fn tarballs_saved_reports_and_shared_facts_agree() {
    let engine = Engine::new();
    for pair in pairs() {
        let (old, new) = (tgz(&pair.old), tgz(&pair.new));
        let shared = engine.diff(&old, &new).unwrap();
        let saved = |bytes: &[u8]| {
            let json = engine.scan(bytes).unwrap().to_json();
            Report::from_json(json.as_bytes()).unwrap()
        };
        let apart = tarsight::diff(&saved(&old), &saved(&new));
        assert_eq!(shared.to_json(), apart.to_json(), "{}", pair.name);
    }
}

/// What is planted: the files of the old and the new version, and what must be new besides what
/// the pair has anyway, as kind, id and target.
struct Plant {
    what: &'static str,
    old: fn(&mut [File]),
    new: fn(&mut [File]),
    expected: &'static [(&'static str, &'static str, &'static str)],
}

const CALLED: &str = "\nglobalThis.planted = () => fetch('https://planted.invalid/x');\n";
const LOAD: &str = "\nfetch('https://planted.invalid/x');\n";

const PLANTS: [Plant; 3] = [
    Plant {
        what: "a host",
        old: |_| {},
        new: |files| append(files, CALLED),
        expected: &[
            (
                "gained",
                "behaviour network.http",
                "https://planted.invalid/x",
            ),
            ("gained", "host host", "planted.invalid"),
        ],
    },
    Plant {
        what: "a hook",
        old: |_| {},
        new: hook,
        expected: &[
            ("gained", "behaviour process.exec", "planted-tool --now"),
            (
                "gained",
                "surface install",
                "preinstall: planted-tool --now",
            ),
        ],
    },
    Plant {
        what: "a move to load",
        old: |files| append(files, CALLED),
        new: |files| append(files, LOAD),
        expected: &[(
            "changed",
            "behaviour network.http",
            "https://planted.invalid/x",
        )],
    },
];

/// Appends to the file that `require` or `import` of the package leads to.
fn append(files: &mut [File], text: &str) {
    let manifest: Value = files
        .iter()
        .find(|(path, _)| path == "package.json")
        .map(|(_, bytes)| serde_json::from_slice(bytes).unwrap())
        .unwrap();
    let main = manifest["main"].as_str().unwrap();
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == main).unwrap();
    bytes.extend_from_slice(text.as_bytes());
}

fn hook(files: &mut [File]) {
    let (_, bytes) = files
        .iter_mut()
        .find(|(path, _)| path == "package.json")
        .unwrap();
    let mut manifest: Value = serde_json::from_slice(bytes).unwrap();
    manifest["scripts"]["preinstall"] = "planted-tool --now".into();
    *bytes = manifest.to_string().into_bytes();
}

/// List, kind with id, and target of everything that is new; that a file has other bytes under
/// another name is no news.
fn told(diff: &Value) -> BTreeSet<(String, String, String)> {
    let mut told = BTreeSet::new();
    for list in ["gained", "changed"] {
        for item in diff[list].as_array().unwrap() {
            if item["kind"] == "file" {
                continue;
            }
            let text = |key: &str| item[key].as_str().unwrap_or("-").to_owned();
            told.insert((
                list.to_owned(),
                format!("{} {}", text("kind"), text("id")),
                text("target"),
            ));
        }
    }
    told
}

#[test]
fn what_is_planted_in_a_quiet_pair_is_told_and_nothing_else() {
    let engine = Engine::new();
    let mut wrong = String::new();
    for pair in pairs().iter().filter(|pair| !pair.is_loud) {
        let before = told(&diff(&scan(&engine, &pair.old), &scan(&engine, &pair.new)));
        for plant in &PLANTS {
            let after = planted(&engine, pair, plant);
            let new: BTreeSet<(&str, &str, &str)> = after
                .difference(&before)
                .map(|(list, name, target)| (list.as_str(), name.as_str(), target.as_str()))
                // Planted code is foreign besides, where its place lets that be seen.
                .filter(|(_, name, _)| !name.ends_with("foreign-body"))
                .collect();
            let expected: BTreeSet<(&str, &str, &str)> = plant.expected.iter().copied().collect();
            if new != expected {
                writeln!(wrong, "{}: {}: {new:?}", pair.name, plant.what).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn planted(engine: &Engine, pair: &Pair, plant: &Plant) -> BTreeSet<(String, String, String)> {
    let (mut old, mut new) = (pair.old.clone(), pair.new.clone());
    (plant.old)(&mut old);
    (plant.new)(&mut new);
    told(&diff(&scan(engine, &old), &scan(engine, &new)))
}
