//! The labels of `corpus/diff`: two versions of a package, and what is new in the second one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::{File, folder, root};

/// From harmless to hostile, as in a report.
const LEVELS: [&str; 5] = ["none", "low", "medium", "high", "critical"];

/// Two versions and their label.
#[derive(Debug)]
pub struct Pair {
    /// The folder's name.
    pub name: String,
    /// Whether the second version brings what a reviewer must see.
    pub is_loud: bool,
    /// The rows of `corpus/techniques.tsv` that it follows.
    pub techniques: Vec<String>,
    /// The version before.
    pub old: Vec<File>,
    /// The version after.
    pub new: Vec<File>,
    /// The lowest and the highest allowed level, as indices into the list of levels.
    risk: (usize, usize),
    /// Items that must be gained.
    gained: Vec<Value>,
    /// Items that must be changed.
    changed: Vec<Value>,
}

/// Every pair under `corpus/diff`, by name.
///
/// # Panics
/// If a folder has no label, or the label does not say what it has to.
#[must_use]
pub fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (kind, is_loud) in [("loud", true), ("quiet", false)] {
        let path = root().join("corpus/diff").join(kind);
        let entries = fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for entry in entries.flatten() {
            pairs.push(read(&entry.path(), is_loud));
        }
    }
    pairs.sort_by(|a, b| a.name.cmp(&b.name));
    pairs
}

fn read(path: &Path, is_loud: bool) -> Pair {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let text = fs::read_to_string(path.join("case.json"))
        .unwrap_or_else(|e| panic!("pair {name}: no readable case.json: {e}"));
    let label: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("pair {name}: {e}"));
    let pair = pair(&name, &label, path, is_loud);
    pair.unwrap_or_else(|e| panic!("pair {name}: {e}"))
}

fn pair(name: &str, label: &Value, path: &Path, is_loud: bool) -> Result<Pair, String> {
    let known = [
        "about",
        "shape",
        "techniques",
        "base",
        "manifest",
        "remove",
        "risk",
        "gained",
        "changed",
    ];
    let object = label.as_object().ok_or("not an object")?;
    if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("unknown key {key}"));
    }
    label["about"].as_str().ok_or("about is no string")?;
    let base = label["base"].as_str().ok_or("base is no string")?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.extend(folder(&root().join("corpus/diff/bases").join(base)));
    files.extend(overlay(&path.join("before")));
    let old = files.clone().into_iter().collect();
    files.extend(overlay(&path.join("after")));
    for gone in strings(&label["remove"]) {
        files
            .remove(gone)
            .ok_or(format!("there is no file {gone} to remove"))?;
    }
    if let Some(text) = files
        .get_mut("package.json")
        .filter(|_| label.get("manifest").is_some())
    {
        let mut manifest: Value = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        merge(&mut manifest, &label["manifest"]);
        *text = format!("{manifest:#}\n").into_bytes();
    }
    let list = |key: &str| label[key].as_array().cloned().unwrap_or_default();
    Ok(Pair {
        name: name.to_owned(),
        is_loud,
        techniques: strings(&label["techniques"])
            .into_iter()
            .map(str::to_owned)
            .collect(),
        old,
        new: files.into_iter().collect(),
        risk: risk(&label["risk"])?,
        gained: list("gained"),
        changed: list("changed"),
    })
}

fn overlay(path: &Path) -> Vec<File> {
    if path.is_dir() {
        folder(path)
    } else {
        Vec::new()
    }
}

fn strings(value: &Value) -> Vec<&str> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

fn risk(value: &Value) -> Result<(usize, usize), String> {
    let level = |key: &str| -> Result<Option<usize>, String> {
        let Some(name) = value[key].as_str() else {
            return Ok(None);
        };
        let found = LEVELS.iter().position(|level| *level == name);
        found.map(Some).ok_or(format!("there is no level {name}"))
    };
    match (level("atLeast")?, level("atMost")?) {
        (None, None) => Err("risk names no level".to_owned()),
        (least, most) => Ok((least.unwrap_or(0), most.unwrap_or(LEVELS.len() - 1))),
    }
}

/// A JSON merge patch: objects are merged, null removes, all else replaces.
fn merge(into: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Some(object) = into.as_object_mut() else {
        return;
    };
    for (key, value) in patch {
        if value.is_null() {
            object.shift_remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

impl Pair {
    /// What the diff says that it must not, or does not say that it must.
    #[must_use]
    pub fn failures(&self, diff: &Value) -> Vec<String> {
        let mut failures = Vec::new();
        let level = diff["risk"]["level"].as_str().unwrap_or("missing");
        let found = LEVELS.iter().position(|known| *known == level);
        if !found.is_some_and(|found| (self.risk.0..=self.risk.1).contains(&found)) {
            failures.push(format!(
                "risk is {level}, expected {} to {}; {}",
                LEVELS[self.risk.0],
                LEVELS[self.risk.1],
                shown(diff)
            ));
        }
        for (list, wanted) in [("gained", &self.gained), ("changed", &self.changed)] {
            let items = diff[list].as_array().map_or(&[][..], Vec::as_slice);
            for want in wanted {
                if !items.iter().any(|item| is_meant(item, want)) {
                    failures.push(format!("{list} has no {want}; {}", shown(diff)));
                }
            }
        }
        failures
    }
}

/// Whether an item has all that a label asks for.
fn is_meant(item: &Value, want: &Value) -> bool {
    want.as_object().is_some_and(|want| {
        want.iter().all(|(key, value)| match (key.as_str(), value) {
            ("reach", Value::Object(reach)) => reach
                .iter()
                .all(|(surface, trigger)| item["reach"][surface] == *trigger),
            // A surface's target goes on with what it runs.
            ("target", Value::String(target)) => item["target"]
                .as_str()
                .is_some_and(|known| known == target || known.starts_with(&format!("{target}: "))),
            (key, value) => item[key] == *value,
        })
    })
}

/// What a diff says, in one line.
fn shown(diff: &Value) -> String {
    let mut parts = Vec::new();
    for list in ["gained", "changed"] {
        for item in diff[list].as_array().into_iter().flatten() {
            parts.push(format!(
                "{list} {} {} {} {} {}",
                item["kind"].as_str().unwrap_or_default(),
                item["id"].as_str().unwrap_or_default(),
                item["target"],
                item["level"].as_str().unwrap_or_default(),
                item["signals"]
            ));
        }
    }
    parts.truncate(12);
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_merges_and_removes() {
        let mut manifest = json!({ "a": 1, "b": { "c": 2, "d": 3 } });
        merge(
            &mut manifest,
            &json!({ "a": null, "b": { "c": 4 }, "e": { "f": 5 } }),
        );
        assert_eq!(
            manifest,
            json!({ "b": { "c": 4, "d": 3 }, "e": { "f": 5 } })
        );
    }

    #[test]
    fn an_item_is_meant_by_all_that_the_label_says() {
        let item = json!({ "kind": "surface", "target": "x: y", "reach": { "install": "load" } });
        assert!(is_meant(
            &item,
            &json!({ "kind": "surface", "target": "x" })
        ));
        assert!(is_meant(&item, &json!({ "reach": { "install": "load" } })));
        assert!(!is_meant(&item, &json!({ "reach": { "import": "load" } })));
        assert!(!is_meant(&item, &json!({ "target": "x: z" })));
    }

    #[test]
    fn a_level_and_every_item_count() {
        let pair = Pair {
            name: String::new(),
            techniques: Vec::new(),
            is_loud: true,
            old: Vec::new(),
            new: Vec::new(),
            risk: (3, 4),
            gained: vec![json!({ "kind": "host" })],
            changed: Vec::new(),
        };
        let diff = json!({ "risk": { "level": "high" }, "gained": [{ "kind": "host" }] });
        assert_eq!(pair.failures(&diff), [""; 0]);
        let diff = json!({ "risk": { "level": "low" }, "gained": [] });
        assert_eq!(pair.failures(&diff).len(), 2);
    }
}
