//! Every row of the API tables, as a package would use it: its behaviour and its target must
//! come out, whichever way the name is bound.

mod binding;
mod instance;
mod snippet;

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, ScanOptions};
use crate::Limits;
use crate::api::{self, Api};
use snippet::Snippet;

/// Rows that cannot pass in every form, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("import", IMPORT),
    ("module._load", IMPORT),
    ("process.getBuiltinModule", IMPORT),
    ("require", IMPORT),
];
const IMPORT: &str = "of a constant it is an import, not a behaviour";

/// Snippets of one package; more of them would make one scan slower than several.
const FILES: usize = 400;

#[test]
fn every_row_is_found_however_it_is_bound() {
    let rows: Vec<&'static Api> = api::all()
        .iter()
        .filter(|row| !row.effects.is_empty())
        .collect();
    let mut snippets = Vec::new();
    let mut failures = Vec::new();
    for &row in &rows {
        let of_row = snippet::of(row);
        if of_row.is_empty() && !is_exception(row.path) {
            failures.push(format!("{:45} has no snippet", row.path));
        }
        snippets.extend(of_row);
    }
    let mut failed: BTreeSet<&'static str> = BTreeSet::new();
    for batch in snippets.chunks(FILES) {
        let found = scan(batch);
        for (at, snippet) in batch.iter().enumerate() {
            let here = found.get(&name(at, snippet));
            if let Some(failure) = judge(snippet, here) {
                failed.insert(snippet.row);
                if !is_exception(snippet.row) {
                    failures.push(failure);
                }
            }
        }
    }
    for (path, reason) in EXCEPTIONS {
        let is_row = rows.iter().any(|row| row.path == *path);
        assert!(
            is_row && failed.contains(path),
            "{path} passes now: {reason}"
        );
    }
    assert!(
        failures.is_empty(),
        "{} of {} snippets of {} rows fail:\n{}",
        failures.len(),
        snippets.len(),
        rows.len(),
        failures.join("\n")
    );
}

fn is_exception(path: &str) -> bool {
    EXCEPTIONS.iter().any(|(row, _)| *row == path)
}

fn name(at: usize, snippet: &Snippet) -> String {
    let extension = if snippet.is_module { "mjs" } else { "cjs" };
    format!("f{at}.{extension}")
}

/// The behaviours of each file: id and target.
fn scan(batch: &[Snippet]) -> BTreeMap<String, Vec<(String, String)>> {
    let mut files: Vec<(String, Vec<u8>)> = batch
        .iter()
        .enumerate()
        .map(|(at, snippet)| (name(at, snippet), snippet.code.clone().into_bytes()))
        .collect();
    let exports: Vec<String> = files
        .iter()
        .map(|(name, _)| format!("\"./{name}\":\"./{name}\""))
        .collect();
    let manifest = format!(
        r#"{{"name":"a","version":"1.0.0","exports":{{{}}}}}"#,
        exports.join(",")
    );
    files.push(("package.json".to_owned(), manifest.into_bytes()));
    let options = ScanOptions {
        limits: Some(Limits {
            sites: 100_000,
            behaviours: 100_000,
            ..Limits::default()
        }),
        ..ScanOptions::default()
    };
    let report = Engine::new()
        .scan_tree_with(files, &options)
        .expect("a package is scanned");
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for behaviour in report.behaviours {
        let target = behaviour.target.unwrap_or_default();
        let files: BTreeSet<String> = behaviour.sites.into_iter().map(|site| site.file).collect();
        for file in files {
            let entry = (behaviour.id.clone(), target.clone());
            found.entry(file).or_default().push(entry);
        }
    }
    found
}

/// What is wrong; `None` if the snippet shows all that it should.
fn judge(snippet: &Snippet, here: Option<&Vec<(String, String)>>) -> Option<String> {
    let here = here.map_or(&[][..], Vec::as_slice);
    let missing: Vec<String> = snippet
        .expected
        .iter()
        .filter(|(id, target)| {
            !here
                .iter()
                .any(|(found, at)| found == id && target.as_ref().is_none_or(|target| at == target))
        })
        .map(|(id, target)| format!("{id} {}", target.as_deref().unwrap_or("")))
        .collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{:45} {:12} wants {missing:?}, has {here:?}: {}",
            snippet.row,
            snippet.form,
            snippet.code.replace('\n', " ")
        )
    })
}
