//! What npm made of each case, as committed in `corpus/archive/npm.json`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::npm::Outcome;

/// What npm made of one archive, on both routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// SHA-256 of the archive.
    pub(crate) archive: String,
    /// From a registry: the route that counts.
    pub(crate) registry: Outcome,
    /// As a file.
    pub(crate) file: Outcome,
}

/// The folder of the cases.
pub(crate) fn folder() -> PathBuf {
    tarsight_tests::root().join("corpus/archive")
}

/// The records by the file's name; none before the first recording.
pub(crate) fn load() -> BTreeMap<String, Record> {
    let Ok(text) = fs::read_to_string(folder().join("npm.json")) else {
        return BTreeMap::new();
    };
    let value: Value = serde_json::from_str(&text).expect("the records are JSON");
    let cases = value["cases"].as_object().expect("an object of cases");
    cases
        .iter()
        .map(|(name, value)| {
            let registry = outcome(&value["registry"]);
            let record = Record {
                archive: value["archive"].as_str().expect("a digest").to_owned(),
                file: match &value["file"] {
                    Value::Null => registry.clone(),
                    file => outcome(file),
                },
                registry,
            };
            (name.clone(), record)
        })
        .collect()
}

fn outcome(value: &Value) -> Outcome {
    if let Some(code) = value["refused"].as_str() {
        return Outcome::Refused(code.to_owned());
    }
    let files = value["files"].as_object().expect("files or a refusal");
    let digest = |value: &Value| value.as_str().expect("a digest").to_owned();
    let files = files.iter().map(|(path, sha)| (path.clone(), digest(sha)));
    Outcome::Installed(files.collect())
}

/// Writes the records, a case a line.
pub(crate) fn save(versions: &[String], records: &BTreeMap<String, Record>) {
    let mut text = format!("{{\n\"npm\": {},\n\"cases\": {{\n", json!(versions));
    for (at, (name, record)) in records.iter().enumerate() {
        let mut value = json!({ "archive": record.archive, "registry": written(&record.registry) });
        if record.file != record.registry {
            value["file"] = written(&record.file);
        }
        let comma = if at + 1 < records.len() { "," } else { "" };
        writeln!(text, "{}: {value}{comma}", json!(name)).expect("memory takes all");
    }
    text.push_str("}\n}\n");
    fs::write(folder().join("npm.json"), text).expect("the folder is writable");
}

fn written(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Installed(files) => json!({ "files": files }),
        Outcome::Refused(code) => json!({ "refused": code }),
    }
}
