//! Scans real packages that are not hostile and writes what came of it: the level of each, what
//! stands out and why, and the price of every finding.
//!
//! The list is a TSV of name, version, integrity and whether there is an install hook; the folder
//! holds tarballs named as npm packs them. Nothing that a package says goes into the output.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tarsight::Engine;
use tarsight_tests::benign::{self, Outcome};
use tarsight_tests::root;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [list, folder] = arguments.as_slice() else {
        eprintln!("usage: benign LIST.tsv FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(list), Path::new(folder)) {
        Ok(loud) => {
            println!("{loud} packages are high or critical");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(list: &Path, folder: &Path) -> Result<usize, String> {
    let engine = Engine::new();
    let mut outcomes = Vec::new();
    for row in benign::table(list) {
        let [name, version, _, hook, ..] = row.as_slice() else {
            return Err(format!("{}: {row:?} has no 4 cells", list.display()));
        };
        let file = name.trim_start_matches('@').replace('/', "-");
        let path = folder.join(format!("{file}-{version}.tgz"));
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let bytes = fs::read(&path).map_err(|error| told(&error))?;
        let report = engine.scan(&bytes).map_err(|error| told(&error))?;
        outcomes.push(Outcome::new(name, version, hook == "yes", &report));
    }
    let write = |path: &str, text: String| {
        fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))
    };
    let notes = benign::notes();
    write("corpus/benign/levels.tsv", benign::levels_text(&outcomes))?;
    write(
        "corpus/benign/RESULTS.md",
        benign::results(&outcomes, &notes),
    )?;
    write(
        "crates/tarsight/src/findings/prices.tsv",
        benign::prices(&outcomes),
    )?;
    let loud = outcomes.iter();
    Ok(loud
        .filter(|one| one.level >= tarsight::report::RiskLevel::High)
        .count())
}
