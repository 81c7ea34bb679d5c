//! The labels of the corpus: what a report on a package must and must not say.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{File, folder, root};

/// From harmless to hostile, as in the report.
const LEVELS: [&str; 5] = ["none", "low", "medium", "high", "critical"];

/// A package of the corpus and its label.
#[derive(Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The allowed levels.
    pub risk: Risk,
    /// Findings that must be there.
    pub must: Vec<Must>,
    /// Ids of findings that must not be there.
    pub must_not: Vec<String>,
    /// The package.
    pub files: Vec<File>,
}

/// The allowed levels, as indices into the list of levels.
#[derive(Clone, Copy, Debug)]
pub struct Risk {
    least: usize,
    most: usize,
}

/// A finding that must be there.
#[derive(Debug)]
pub struct Must {
    /// Its id.
    pub id: String,
    /// Places that its evidence must touch: file, first line, last line.
    pub at: Vec<(String, u64, u64)>,
    /// Surface and trigger that it must have.
    pub reach: Vec<(String, String)>,
}

/// Every case under `corpus/packages`, by name.
///
/// # Panics
/// If a folder has no label, or the label does not say what it has to.
#[must_use]
pub fn cases() -> Vec<Case> {
    let path = root().join("corpus/packages");
    let entries = fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut cases: Vec<Case> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| read(&entry.path()))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn read(path: &Path) -> Case {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let text = fs::read_to_string(path.join("case.json"))
        .unwrap_or_else(|e| panic!("case {name}: no readable case.json: {e}"));
    label(&name, &text, folder(path)).unwrap_or_else(|e| panic!("case {name}: {e}"))
}

fn label(name: &str, text: &str, files: Vec<File>) -> Result<Case, String> {
    let label: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    known_keys(&label, &["about", "shape", "risk", "must", "mustNot"])?;
    string(&label, "about")?;
    let must = array(&label, "must")?
        .iter()
        .map(|must| finding(must, &files))
        .collect::<Result<_, _>>()?;
    Ok(Case {
        name: name.to_owned(),
        risk: risk(&label["risk"])?,
        must,
        must_not: strings(&label, "mustNot")?,
        files,
    })
}

fn risk(value: &Value) -> Result<Risk, String> {
    known_keys(value, &["is", "atLeast", "atMost"])?;
    let level = |key: &str| -> Result<Option<usize>, String> {
        if value[key].is_null() {
            return Ok(None);
        }
        let name = string(value, key)?;
        let found = LEVELS.iter().position(|level| *level == name);
        found.map(Some).ok_or(format!("there is no level {name}"))
    };
    let (is, least, most) = (level("is")?, level("atLeast")?, level("atMost")?);
    if is.is_none() && least.is_none() && most.is_none() {
        return Err("risk names no level".to_owned());
    }
    Ok(Risk {
        least: is.or(least).unwrap_or(0),
        most: is.or(most).unwrap_or(LEVELS.len() - 1),
    })
}

fn finding(value: &Value, files: &[File]) -> Result<Must, String> {
    known_keys(value, &["id", "at", "reach"])?;
    let at = strings(value, "at")?
        .iter()
        .map(|at| place(at, files))
        .collect::<Result<_, _>>()?;
    let reach = value["reach"].as_object().ok_or("reach is no object")?;
    let reach = reach
        .iter()
        .map(|(surface, trigger)| {
            let trigger = trigger.as_str().ok_or("a trigger is no string")?;
            Ok((surface.clone(), trigger.to_owned()))
        })
        .collect::<Result<_, String>>()?;
    Ok(Must {
        id: string(value, "id")?,
        at,
        reach,
    })
}

/// `FILE`, `FILE:LINE` or `FILE:FIRST-LAST`; file and lines must exist.
fn place(at: &str, files: &[File]) -> Result<(String, u64, u64), String> {
    let (file, lines) = at.split_once(':').unwrap_or((at, ""));
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let (_, bytes) = files
        .iter()
        .find(|(name, _)| name == file)
        .ok_or(format!("{at}: there is no file {file}"))?;
    let count = String::from_utf8_lossy(bytes).lines().count() as u64;
    if lines.is_empty() {
        return Ok((file.to_owned(), 1, count));
    }
    let number = |text: &str| text.parse::<u64>().map_err(|e| format!("{at}: {e}"));
    let (first, last) = (number(first)?, number(last)?);
    if first == 0 || first > last || last > count {
        return Err(format!("{at}: {file} has the lines 1 to {count}"));
    }
    Ok((file.to_owned(), first, last))
}

fn known_keys(value: &Value, known: &[&str]) -> Result<(), String> {
    let object = value.as_object().ok_or("not an object")?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key {key}")),
        None => Ok(()),
    }
}

fn string(value: &Value, key: &str) -> Result<String, String> {
    let text = value[key].as_str().ok_or(format!("{key} is no string"))?;
    Ok(text.to_owned())
}

fn array<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or(format!("{key} is no array"))
}

fn strings(value: &Value, key: &str) -> Result<Vec<String>, String> {
    array(value, key)?
        .iter()
        .map(|item| {
            let text = item.as_str().ok_or(format!("{key} holds no string"))?;
            Ok(text.to_owned())
        })
        .collect()
}

impl Case {
    /// What the report says that it must not, or does not say that it must.
    #[must_use]
    pub fn failures(&self, report: &Value) -> Vec<String> {
        let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
        let mut failures = Vec::new();
        let level = report["risk"]["level"].as_str().unwrap_or("missing");
        match LEVELS.iter().position(|known| *known == level) {
            Some(found) if (self.risk.least..=self.risk.most).contains(&found) => {}
            _ => failures.push(format!(
                "risk is {level}, expected {} to {}",
                LEVELS[self.risk.least], LEVELS[self.risk.most]
            )),
        }
        for must in &self.must {
            failures.extend(must.failure(findings));
        }
        for finding in findings {
            let id = finding["id"].as_str().unwrap_or_default();
            if self.must_not.iter().any(|not| not == id) {
                let message = finding["message"].as_str().unwrap_or_default();
                failures.push(format!("{id} must not fire: {message}"));
            }
        }
        failures
    }
}

impl Must {
    fn failure(&self, findings: &[Value]) -> Option<String> {
        let same: Vec<&Value> = findings.iter().filter(|f| f["id"] == *self.id).collect();
        if same.is_empty() {
            return Some(format!("{} is missing", self.id));
        }
        if same.iter().any(|finding| self.matches(finding)) {
            return None;
        }
        let seen: Vec<String> = same
            .iter()
            .map(|f| format!("{} at {}", f["reach"], sites(f)))
            .collect();
        let want: Vec<String> = self
            .at
            .iter()
            .map(|(file, first, last)| format!("{file}:{first}-{last}"))
            .collect();
        Some(format!(
            "{} is elsewhere: expected {:?} at {}, found {}",
            self.id,
            self.reach,
            want.join(" "),
            seen.join("; ")
        ))
    }

    fn matches(&self, finding: &Value) -> bool {
        let evidence = finding["evidence"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let reached = self
            .reach
            .iter()
            .all(|(surface, trigger)| finding["reach"][surface.as_str()] == trigger.as_str());
        reached
            && self.at.iter().all(|(file, first, last)| {
                evidence.iter().any(|site| {
                    let start = site["line"].as_u64().unwrap_or(0);
                    let end = site["endLine"].as_u64().unwrap_or(start);
                    site["file"] == file.as_str() && start <= *last && end >= *first
                })
            })
    }
}

fn sites(finding: &Value) -> String {
    let evidence = finding["evidence"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let sites: Vec<String> = evidence
        .iter()
        .map(|site| format!("{}:{}", site["file"].as_str().unwrap_or("?"), site["line"]))
        .collect();
    sites.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LABEL: &str = r#"{ "about": "x", "risk": { "atLeast": "high" },
        "must": [ { "id": "bad", "at": ["a.js:2-3"], "reach": { "install": "load" } } ],
        "mustNot": ["worse"] }"#;

    fn case() -> Case {
        label("x", LABEL, vec![("a.js".into(), b"1\n2\n3\n".to_vec())]).unwrap()
    }

    fn report(line: u64, trigger: &str, id: &str) -> Value {
        json!({ "risk": { "level": "critical" }, "findings": [{ "id": id, "message": "m",
            "reach": { "install": trigger },
            "evidence": [{ "file": "a.js", "line": line, "endLine": line }] }] })
    }

    #[test]
    fn a_report_as_labelled_has_no_failure() {
        assert_eq!(case().failures(&report(3, "load", "bad")), [""; 0]);
    }

    #[test]
    fn line_trigger_id_and_level_all_count() {
        for report in [
            report(1, "load", "bad"),
            report(2, "call", "bad"),
            report(2, "load", "other"),
            json!({ "risk": { "level": "medium" }, "findings": report(2, "load", "bad")["findings"] }),
        ] {
            assert_eq!(case().failures(&report).len(), 1, "{report}");
        }
        assert_eq!(case().failures(&report(2, "load", "worse")).len(), 2);
    }

    #[test]
    fn a_label_that_names_no_file_line_or_level_is_refused() {
        for (from, to) in [
            ("a.js:2-3", "b.js:2"),
            ("2-3", "2-9"),
            ("high", "bad"),
            ("must\"", "most\""),
        ] {
            let broken = LABEL.replace(from, to);
            assert!(label("x", &broken, case().files).is_err(), "{broken}");
        }
    }
}
