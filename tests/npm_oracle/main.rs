//! Whether `tarsight ls` lists what npm installs.
//!
//! The cases in `corpus/archive` are written by `cases/`, and what the real npm made of each
//! stands beside them in `npm.json`. The tests marked `needs npm` ask it again.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod blocks;
mod cases;
mod npm;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use npm::{Npm, Outcome, Route};
use recorded::Record;
use tarsight::{Engine, Entries};
use tarsight_tests::fuzz::{differential, sha256};
use tarsight_tests::{benign, table};

/// The anomaly that says that npm refuses the archive.
const REFUSED: &str = "archive.refused";

/// What tarsight makes of an archive, in npm's terms.
fn ours(engine: &Engine, bytes: &[u8]) -> Outcome {
    match engine.entries(bytes) {
        Ok(entries) if is_refused(&entries) => Outcome::Refused(REFUSED.to_owned()),
        Ok(entries) => Outcome::Installed(
            entries
                .entries
                .into_iter()
                .map(|entry| (entry.path, entry.sha256))
                .collect(),
        ),
        Err(error) => Outcome::Refused(error.code().to_owned()),
    }
}

fn is_refused(entries: &Entries) -> bool {
    entries.anomalies.iter().any(|one| one.id == REFUSED)
}

/// Why the two do not agree.
fn difference(ours: &Outcome, npm: &Outcome) -> Option<String> {
    match (ours, npm) {
        (Outcome::Refused(_), Outcome::Refused(_)) => None,
        (Outcome::Installed(ours), Outcome::Installed(npm)) => {
            let of = |files: &BTreeMap<String, String>| -> BTreeSet<(String, String)> {
                files.clone().into_iter().collect()
            };
            let (ours, npm) = (of(ours), of(npm));
            let only = |a: &BTreeSet<_>, b| a.difference(b).cloned().collect::<Vec<_>>();
            (ours != npm).then(|| {
                format!(
                    "only ours {:?}, only npm's {:?}",
                    only(&ours, &npm),
                    only(&npm, &ours)
                )
            })
        }
        _ => Some(format!("ours {ours:?}, npm's {npm:?}")),
    }
}

fn archives() -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(recorded::folder()).unwrap();
    let mut found = BTreeMap::new();
    for entry in entries.flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with(".tgz") || name.ends_with(".tar") {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn complain(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn npm_oracle_agrees_with_what_is_recorded() {
    let records = recorded::load();
    let archives = archives();
    assert!(archives.len() >= 150, "only {} cases", archives.len());
    let engine = Engine::new();
    let mut wrong = Vec::new();
    for (name, bytes) in &archives {
        let Some(record) = records.get(name) else {
            wrong.push(format!("{name}: npm was not asked; record it"));
            continue;
        };
        if record.archive != sha256(bytes) {
            wrong.push(format!("{name}: changed since npm was asked; record it"));
        }
        if let Some(why) = difference(&ours(&engine, bytes), &record.registry) {
            wrong.push(format!("{name}: {why}"));
        }
        if let (Outcome::Installed(_), Outcome::Refused(code)) = (&record.registry, &record.file) {
            let report = engine.scan(bytes).unwrap();
            if !report
                .anomalies
                .iter()
                .any(|one| one.id.starts_with("manifest."))
            {
                wrong.push(format!(
                    "{name}: {code} as a file, and no anomaly of the manifest"
                ));
            }
        }
    }
    complain(&wrong);
}

/// What the fuzz target compares, on archives that are known to be interesting.
#[test]
fn npm_oracle_has_a_model_that_agrees_with_the_engine() {
    for bytes in archives().values() {
        differential(&unpacked(bytes));
    }
    for seed in 0..4_000 {
        differential(&cases::mutant(seed));
    }
}

#[test]
fn npm_oracle_cases_are_what_the_writer_writes() {
    let written: BTreeMap<String, Vec<u8>> = cases::all()
        .into_iter()
        .map(|case| (format!("{}.{}", case.name, case.extension), case.bytes))
        .collect();
    assert_eq!(written.len(), cases::all().len(), "two cases have one name");
    if std::env::var_os("TARSIGHT_NPM_WRITE").is_some() {
        fs::create_dir_all(recorded::folder()).unwrap();
        let committed = archives();
        for (name, bytes) in &written {
            // Another release of the compressor is no reason for new files.
            if committed.get(name).map(|old| unpacked(old)) != Some(unpacked(bytes)) {
                fs::write(recorded::folder().join(name), bytes).unwrap();
            }
        }
    }
    let committed = archives();
    assert!(
        committed.keys().eq(written.keys()),
        "files without a case, or the other way"
    );
    let wrong: Vec<String> = written
        .iter()
        .filter(|(name, bytes)| unpacked(&committed[*name]) != unpacked(bytes))
        .map(|(name, _)| name.clone())
        .collect();
    complain(&wrong);
}

/// What a sound gzip member holds; anything else as it is.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut decoder = flate2::bufread::GzDecoder::new(bytes);
    let sound = std::io::Read::read_to_end(&mut decoder, &mut out).is_ok();
    // Members with fields of their own, or with stored data, are written by hand.
    if sound && decoder.into_inner().is_empty() && bytes[3] == 0 && bytes[10] & 6 != 0 {
        return out;
    }
    bytes.to_vec()
}

/// `TARSIGHT_NPM_SAMPLE=COUNT:SEED` asks about some cases only.
fn chosen(mut all: Vec<String>) -> Vec<String> {
    let Ok(sample) = std::env::var("TARSIGHT_NPM_SAMPLE") else {
        return all;
    };
    let (count, seed) = sample.split_once(':').expect("COUNT:SEED");
    all.sort_by_key(|name| sha256(format!("{seed} {name}").as_bytes()));
    all.truncate(count.parse().expect("COUNT:SEED"));
    all
}

fn record(npm: &Npm, name: &str, bytes: &[u8]) -> Record {
    let extension = name.rsplit('.').next().unwrap();
    Record {
        archive: sha256(bytes),
        registry: npm.install(bytes, extension, Route::Registry),
        file: npm.install(bytes, extension, Route::File),
    }
}

/// Asks every npm of `TARSIGHT_NPM`. With `TARSIGHT_NPM_WRITE` the answers are written down:
/// `all`, or `new` for cases without an answer.
#[test]
#[ignore = "needs npm"]
fn npm_oracle_records_again() {
    let archives = archives();
    let mut names = chosen(archives.keys().cloned().collect());
    let npms = npm::all();
    let write = std::env::var("TARSIGHT_NPM_WRITE").ok();
    let mut before = recorded::load();
    match write.as_deref() {
        Some("new") => {
            before.retain(|name, old| archives.get(name).is_some_and(|b| sha256(b) == old.archive));
            names.retain(|name| !before.contains_key(name));
        }
        Some(_) => before.clear(),
        None => {}
    }
    let queue = Mutex::new(names.iter());
    let fresh = Mutex::new(before.clone());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = { queue.lock().unwrap().next() } {
                    let mut known = before.get(name).cloned();
                    for npm in &npms {
                        let now = record(npm, name, &archives[name]);
                        let known = known.get_or_insert_with(|| now.clone());
                        if *known != now {
                            let version = &npm.version;
                            let line = format!("{name}: npm {version} says {now:?}, not {known:?}");
                            wrong.lock().unwrap().push(line);
                        }
                        fresh.lock().unwrap().insert(name.clone(), now);
                    }
                }
            });
        }
    });
    let versions: Vec<String> = npms.into_iter().map(|npm| npm.version).collect();
    println!("asked npm {versions:?} about {} cases", names.len());
    if write.is_some() {
        recorded::save(&versions, &fresh.into_inner().unwrap());
    }
    complain(&wrong.into_inner().unwrap());
}

/// Forty real packages of the folder that `TARSIGHT_BENIGN` names.
#[test]
#[ignore = "needs npm"]
fn npm_oracle_agrees_on_real_packages() {
    const COUNT: usize = 40;
    let Some(folder) = benign::folder() else {
        println!("TARSIGHT_BENIGN names no folder: no real package was compared");
        return;
    };
    let levels = benign::levels();
    let engine = Engine::new();
    let npm = &npm::all()[0];
    let (mut files, mut wrong) = (0, Vec::new());
    for (name, version, ..) in levels.iter().step_by(levels.len() / COUNT).take(COUNT) {
        let bytes = table::tarball(&folder, name, version).unwrap();
        let ours = ours(&engine, &bytes);
        if let Outcome::Installed(found) = &ours {
            files += found.len();
        }
        if let Some(why) = difference(&ours, &npm.install(&bytes, "tgz", Route::Registry)) {
            wrong.push(format!("{name} {version}: {why}"));
        }
    }
    println!("{COUNT} packages with {files} files, npm {}", npm.version);
    complain(&wrong);
}

/// Archives that nobody has seen before: `TARSIGHT_NPM_MUTANTS=COUNT:SEED`, by default 200.
#[test]
#[ignore = "needs npm"]
fn npm_oracle_judges_mutants() {
    let given = std::env::var("TARSIGHT_NPM_MUTANTS").unwrap_or_else(|_| "200:1000".to_owned());
    let (count, seed) = given.split_once(':').expect("COUNT:SEED");
    let (count, seed): (u64, u64) = (count.parse().unwrap(), seed.parse().unwrap());
    let engine = Engine::new();
    let npm = &npm::all()[0];
    let mut wrong = Vec::new();
    let mut refused = 0;
    let seeds: Vec<u64> = (seed..seed + count).collect();
    for seeds in seeds.chunks(500) {
        let archives: Vec<Vec<u8>> = seeds
            .iter()
            .map(|&seed| blocks::packed(&cases::mutant(seed)))
            .collect();
        for ((seed, bytes), npm) in seeds.iter().zip(&archives).zip(npm.extract(&archives)) {
            refused += usize::from(matches!(npm, Outcome::Refused(_)));
            if let Some(why) = difference(&ours(&engine, bytes), &npm) {
                wrong.push(format!("mutant {seed}: {why}"));
            }
        }
    }
    println!("{count} mutants from {seed}, npm refuses {refused}");
    complain(&wrong);
}
