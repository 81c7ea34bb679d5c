//! Compares the real pairs of a folder and writes what came of it as Markdown.
//!
//! The folder holds tarballs named as npm packs them, or reports saved of them. The list of pairs is a TSV of name, old
//! and new version. `corpus/diff/notes.tsv` says of each pair that stands out whether a reviewer
//! would want to know; only ids go into the output, nothing that a package says.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tarsight::diff::ItemKind;
use tarsight::report::RiskLevel;
use tarsight::{Diff, Engine, Report};
use tarsight_tests::{root, table};

fn main() -> ExitCode {
    table::on_table_and_folder("diff-results", run)
}

/// A pair: name, old and new version.
type Pair = [String; 3];

fn run(list: &Path, folder: &Path) -> Result<String, String> {
    let engine = Engine::new();
    let notes = notes(&root().join("corpus/diff/notes.tsv"))?;
    let mut rows = Vec::new();
    for row in table::rows(list)?.iter().skip(1) {
        let pair = pair(list, row)?;
        let [name, old, new] = &pair;
        let read = |version: &str| report(&engine, &table::stem(folder, name, version));
        let diff = tarsight::diff(&read(old)?, &read(new)?);
        rows.push((pair, diff));
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

fn pair(path: &Path, row: &[String]) -> Result<Pair, String> {
    let cells: Vec<String> = row.iter().take(3).cloned().collect();
    Pair::try_from(cells).map_err(|_| format!("{}: {row:?} has no 3 cells", path.display()))
}

fn notes(path: &Path) -> Result<BTreeMap<Pair, String>, String> {
    let rows = table::rows(path)?;
    let notes = rows.iter().map(|row| {
        let note = row.get(3).cloned().unwrap_or_default();
        Ok((pair(path, row)?, note))
    });
    notes.collect()
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
