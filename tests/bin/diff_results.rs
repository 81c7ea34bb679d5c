//! Compares the real pairs of a folder and writes what came of it as Markdown.
//!
//! The folder holds tarballs named as npm packs them, or reports saved of them. The list of pairs is a TSV of name, old
//! and new version. `corpus/diff/notes.tsv` says of each pair that stands out whether a reviewer
//! would want to know; only ids go into the output, nothing that a package says.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tarsight::diff::ItemKind;
use tarsight::report::RiskLevel;
use tarsight::{Diff, Engine, Report};
use tarsight_tests::root;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [list, folder] = arguments.as_slice() else {
        eprintln!("usage: diff-results PAIRS.tsv FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(list), Path::new(folder)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// A pair: name, old and new version.
type Pair = [String; 3];

fn run(list: &Path, folder: &Path) -> Result<String, String> {
    let engine = Engine::new();
    let notes = notes(&root().join("corpus/diff/notes.tsv"))?;
    let mut rows = Vec::new();
    for pair in table(list)?.into_iter().skip(1) {
        let [name, old, new] = &pair;
        let file = name.trim_start_matches('@').replace('/', "-");
        let read = |version: &str| report(&engine, &folder.join(format!("{file}-{version}")));
        let diff = tarsight::diff(&read(old)?, &read(new)?);
        rows.push((pair.clone(), diff));
    }
    Ok(text(&rows, &notes))
}

/// The report on `PATH.tgz`; the one that was saved as `PATH.json` if there is one.
fn report(engine: &Engine, path: &Path) -> Result<Report, String> {
    let with = |extension: &str| PathBuf::from(format!("{}.{extension}", path.display()));
    let (saved, tarball) = (with("json"), with("tgz"));
    let told = |path: &Path, error: &dyn Display| format!("{}: {error}", path.display());
    if let Ok(text) = fs::read(&saved) {
        return Report::from_json(&text).map_err(|error| told(&saved, &error));
    }
    let bytes = fs::read(&tarball).map_err(|error| told(&tarball, &error))?;
    engine.scan(&bytes).map_err(|error| told(&tarball, &error))
}

fn table(path: &Path) -> Result<Vec<Pair>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<String> = line.split('\t').take(3).map(str::to_owned).collect();
        Pair::try_from(cells).map_err(|_| format!("{}: {line:?} has no 3 cells", path.display()))
    })
    .collect()
}

fn notes(path: &Path) -> Result<BTreeMap<Pair, String>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let pairs = table(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let notes = lines.map(|line| line.split('\t').nth(3).unwrap_or("").to_owned());
    Ok(pairs.into_iter().zip(notes).collect())
}

fn text(rows: &[(Pair, Diff)], notes: &BTreeMap<Pair, String>) -> String {
    let count = |level: RiskLevel| {
        let same = rows.iter().filter(|(_, diff)| diff.risk.level == level);
        same.count()
    };
    let mut text = format!(
        "# Real pairs\n\nTwo versions each of {} real packages, none of them hostile. Made by\n\n```\ncargo run --release -p tarsight-tests --bin diff-results -- PAIRS.tsv FOLDER > corpus/diff/RESULTS.md\n```\n\n| level | pairs |\n|---|---|\n",
        rows.len()
    );
    for level in [
        RiskLevel::None,
        RiskLevel::Low,
        RiskLevel::Medium,
        RiskLevel::High,
        RiskLevel::Critical,
    ] {
        text.push_str(&format!("| {} | {} |\n", level.as_str(), count(level)));
    }
    text.push_str("\n## What stands out\n\nThe signals of `medium` and above, and whether a reviewer would want to know (`notes.tsv`).\n\n| package | from | to | level | signals | note |\n|---|---|---|---|---|---|\n");
    for (pair, diff) in rows
        .iter()
        .filter(|(_, d)| d.risk.level >= RiskLevel::Medium)
    {
        let [name, old, new] = pair;
        let note = notes.get(pair).map_or("", String::as_str);
        text.push_str(&format!(
            "| {name} | {old} | {new} | {} {} | {} | {note} |\n",
            diff.risk.level.as_str(),
            diff.risk.score,
            signals(diff).join(", ")
        ));
    }
    text.push_str("\n## All\n\n| package | from | to | level | gained | lost | changed | same behaviours |\n|---|---|---|---|---|---|---|---|\n");
    for ([name, old, new], diff) in rows {
        let of = |items: &[tarsight::diff::Item]| {
            let told = items.iter().filter(|item| item.kind != ItemKind::File);
            told.count()
        };
        text.push_str(&format!(
            "| {name} | {old} | {new} | {} {} | {} | {} | {} | {} |\n",
            diff.risk.level.as_str(),
            diff.risk.score,
            of(&diff.gained),
            of(&diff.lost),
            diff.changed.len(),
            diff.same.behaviours
        ));
    }
    text
}

/// Signal and id of what alone would make the change medium, each once.
fn signals(diff: &Diff) -> Vec<String> {
    let gained = diff
        .gained
        .iter()
        .map(|one| (one.level, &one.signals, &one.id));
    let changed = diff
        .changed
        .iter()
        .map(|one| (one.level, &one.signals, &one.id));
    let mut told: Vec<String> = Vec::new();
    for (_, signals, id) in gained
        .chain(changed)
        .filter(|(level, _, _)| *level >= RiskLevel::Medium)
    {
        let signal = signals.first().map_or("", String::as_str);
        let one = match signal == id {
            true => signal.to_owned(),
            false => format!("{signal} ({id})"),
        };
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told
}
