//! Scans real packages that are not hostile and writes what came of it: the level of each, what
//! stands out and why, and the price of every finding.
//!
//! The list is a TSV of name, version, integrity and whether there is an install hook; the folder
//! holds tarballs named as npm packs them. Nothing that a package says goes into the output.
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tarsight::Engine;
use tarsight::report::RiskLevel;
use tarsight_tests::benign::{self, Outcome};
use tarsight_tests::{root, table};

fn main() -> ExitCode {
    table::on_table_and_folder("benign", run)
}

fn run(list: &Path, folder: &Path) -> Result<String, String> {
    let engine = Engine::new();
    let mut outcomes = Vec::new();
    for row in table::rows(list)?.into_iter().skip(1) {
        let [name, version, _, hook, ..] = row.as_slice() else {
            return Err(format!("{}: {row:?} has no 4 cells", list.display()));
        };
        let bytes = table::tarball(folder, name, version)?;
        let report = engine.scan(&bytes);
        let report = report.map_err(|error| format!("{name} {version}: {error}"))?;
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
    let loud = outcomes.iter().filter(|one| one.level >= RiskLevel::High);
    Ok(format!("{} packages are high or critical\n", loud.count()))
}
