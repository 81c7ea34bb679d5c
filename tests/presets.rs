//! Programs of `corpus/presets`, as they are written and as public tools rewrite them:
//! what they do has to be seen all the same.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use serde_json::Value;
use tarsight::Engine;

/// Behaviour and target.
type Act = (String, Option<String>);

/// What the tools make, by folder; `make.mjs` says how.
const FORMS: [&str; 6] = ["babel", "esbuild", "high", "low", "medium", "terser"];

fn folder() -> PathBuf {
    tarsight_tests::root().join("corpus/presets")
}

/// The programs' file names, in order.
fn programs() -> Vec<String> {
    let plain = std::fs::read_dir(folder().join("plain")).unwrap();
    let mut names: Vec<String> = plain
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a program does, how it hides it left out.
fn acts(file: &Path) -> BTreeSet<Act> {
    let files = [
        (
            "package.json".to_owned(),
            br#"{"name":"preset","version":"1.0.0"}"#.to_vec(),
        ),
        ("index.js".to_owned(), std::fs::read(file).unwrap()),
    ];
    let report = Engine::new().scan_tree(files).unwrap();
    let report: Value = serde_json::from_str(&report.to_json()).unwrap();
    let behaviours = report["behaviours"].as_array().unwrap();
    let acts = behaviours.iter().map(|one| {
        let target = one["target"].as_str().map(str::to_owned);
        (one["id"].as_str().unwrap().to_owned(), target)
    });
    // That a text is made of the environment counts where nobody sees it sent: here it is.
    let is_hiding = |id: &str| id.starts_with("obfuscation.") || id.starts_with("evasion.");
    acts.filter(|(id, _)| !is_hiding(id) && id != "environment.text")
        .collect()
}

/// What has to be seen of a program: a target that is known in part says nothing where the same
/// is done to one that is known.
fn wanted(plain: &BTreeSet<Act>) -> BTreeSet<Act> {
    let is_known = |target: &Option<String>| {
        target
            .as_ref()
            .is_some_and(|target| !target.contains(['<', '>']) || target.starts_with("<tmp>"))
    };
    let known: BTreeSet<&str> = plain
        .iter()
        .filter(|(_, target)| is_known(target))
        .map(|(id, _)| &**id)
        .collect();
    let wanted = plain
        .iter()
        .filter(|(id, target)| is_known(target) || !known.contains(&**id));
    wanted.cloned().collect()
}

/// What is not seen of the rewritten programs below a folder, and how many there are.
fn missing(folder: &Path) -> (Vec<String>, usize) {
    let pairs: Vec<(&str, String)> = FORMS
        .into_iter()
        .flat_map(|form| programs().into_iter().map(move |name| (form, name)))
        .collect();
    let count = pairs.len();
    let missing = pairs.into_par_iter().filter_map(|(form, name)| {
        let wanted = wanted(&acts(&self::folder().join("plain").join(&name)));
        assert!(!wanted.is_empty(), "{name} does nothing");
        let seen = acts(&folder.join(form).join(&name));
        let missing: Vec<&Act> = wanted.difference(&seen).collect();
        (!missing.is_empty()).then(|| format!("{form}/{name}: {missing:?}"))
    });
    (missing.collect(), count)
}

#[test]
fn rewritten_programs_do_what_the_plain_ones_do() {
    let (missing, count) = missing(&folder());
    assert_eq!(count, 72);
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
#[ignore = "needs npm"]
fn fresh_seeds_change_nothing() {
    let at = std::env::temp_dir().join(format!("presets-{}", std::process::id()));
    std::fs::create_dir_all(at.join("plain")).unwrap();
    for name in ["make.mjs", "package.json"] {
        std::fs::copy(folder().join(name), at.join(name)).unwrap();
    }
    for name in programs() {
        let plain = Path::new("plain").join(name);
        std::fs::copy(folder().join(&plain), at.join(&plain)).unwrap();
    }
    let run = |program: &str, args: &[&str]| {
        let status = Command::new(program).args(args).current_dir(&at).status();
        assert!(status.unwrap().success(), "{program} {args:?}");
    };
    run("npm", &["install", "--ignore-scripts", "--no-package-lock"]);
    let (mut all, mut lost) = (0, Vec::new());
    for _ in 0..5 {
        let seed = u32::from_ne_bytes(rand_bytes()) % 1_000_000;
        let name = format!("seed-{seed}");
        run("node", &["make.mjs", &seed.to_string(), &name]);
        let (missing, count) = missing(&at.join(&name));
        all += count;
        lost.extend(missing.into_iter().map(|one| format!("{name}/{one}")));
    }
    std::fs::remove_dir_all(&at).unwrap();
    assert!(lost.len() * 20 <= all, "{} of {all}: {lost:#?}", lost.len());
}

/// Bytes that differ from run to run.
fn rand_bytes() -> [u8; 4] {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    since.subsec_nanos().to_ne_bytes()
}
