//! The cases of the corpus: a package, and what a report on it must and must not say.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::expect::{Expected, Must};
use crate::{File, Variant, bundle, folder, label, root};

/// From harmless to hostile, as in the report.
pub(crate) const LEVELS: [&str; 5] = ["none", "low", "medium", "high", "critical"];

/// A package of the corpus and its label.
#[derive(Debug)]
pub struct Case {
    /// The room below `corpus/behaviours`; `packages` for `corpus/packages`.
    pub room: String,
    /// The folder's name, or the file's without `.case`.
    pub name: String,
    /// What a reader should know.
    pub about: String,
    /// The rows of `corpus/techniques.tsv` that it follows.
    pub techniques: Vec<String>,
    /// The allowed levels.
    pub risk: Risk,
    /// The case on the other side of the line, in the same room.
    pub twin: Option<String>,
    /// Findings that must be there.
    pub must: Vec<Must>,
    /// Ids that must not be there, in any list.
    pub must_not: Vec<String>,
    /// Items of the report's lists that must be there.
    pub expected: Vec<Expected>,
    /// Items of the report's lists that must not be there.
    pub refused: Vec<Expected>,
    /// Variants whose level is another, by name, with the reason.
    pub variants: Vec<Exemption>,
    /// The package.
    pub files: Vec<File>,
}

/// A variant whose level is rightly another than that of its case.
#[derive(Debug)]
pub struct Exemption {
    /// The variant.
    pub variant: Variant,
    /// The allowed levels.
    pub risk: Risk,
    /// Why it is another package.
    pub why: String,
}

/// The allowed levels, as indices into the list of levels.
#[derive(Clone, Copy, Debug)]
pub struct Risk {
    /// The lowest.
    pub least: usize,
    /// The highest.
    pub most: usize,
}

impl Risk {
    /// Whether a level is allowed.
    #[must_use]
    pub fn allows(self, level: &str) -> bool {
        let at = LEVELS.iter().position(|known| *known == level);
        at.is_some_and(|at| (self.least..=self.most).contains(&at))
    }
}

/// Every case under `corpus/packages`, by name.
///
/// # Panics
/// If a folder has no label, or the label does not say what it has to.
#[must_use]
pub fn cases() -> Vec<Case> {
    room("packages", &root().join("corpus/packages"))
}

/// Every case of every room under `corpus/behaviours`, by room and name.
///
/// # Panics
/// If a case has no label, or the label does not say what it has to.
#[must_use]
pub fn behaviour_cases() -> Vec<Case> {
    let path = root().join("corpus/behaviours");
    let mut rooms = names(&path);
    // Its cases are made from parts: see `flow_case`.
    rooms.retain(|name| name != "flow");
    rooms.sort();
    let cases = rooms.iter().map(|name| room(name, &path.join(name)));
    cases.flatten().collect()
}

fn room(room: &str, path: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = names(path)
        .iter()
        .map(|name| read(room, name, &path.join(name)))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let names = entries.flatten().map(|entry| entry.file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn read(room: &str, name: &str, path: &Path) -> Case {
    let stem = name.strip_suffix(".case").unwrap_or(name);
    let fail = |e: String| -> ! { panic!("case {room}/{name}: {e}") };
    let text = |path: &Path| {
        fs::read_to_string(path).unwrap_or_else(|e| fail(format!("{}: {e}", path.display())))
    };
    let (label, files) = if path.is_dir() {
        (text(&path.join("case.json")), folder(path))
    } else if stem == name {
        fail("a case is a folder or ends in .case".to_owned())
    } else {
        bundle::read(&text(path), stem).unwrap_or_else(|e| fail(e))
    };
    label::read(room, stem, &label, files).unwrap_or_else(|e| fail(e))
}

impl Case {
    /// The allowed levels of a variant.
    #[must_use]
    pub fn risk_of(&self, variant: Variant) -> Risk {
        let own = self.variants.iter().find(|one| one.variant == variant);
        own.map_or(self.risk, |one| one.risk)
    }

    /// What the report says that it must not, or does not say that it must.
    #[must_use]
    pub fn failures(&self, report: &Value) -> Vec<String> {
        let mut failures = Vec::new();
        let level = report["risk"]["level"].as_str().unwrap_or("missing");
        if !self.risk.allows(level) {
            failures.push(format!(
                "risk is {level}, expected {} to {}",
                LEVELS[self.risk.least], LEVELS[self.risk.most]
            ));
        }
        let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
        for must in &self.must {
            failures.extend(must.failure(findings));
        }
        for list in ["findings", "behaviours", "flows", "anomalies"] {
            for item in report[list].as_array().into_iter().flatten() {
                let id = item["id"].as_str().unwrap_or_default();
                if self.must_not.iter().any(|not| not == id) {
                    let said = ["message", "target", "detail"]
                        .iter()
                        .find_map(|key| item[*key].as_str());
                    failures.push(format!("{id} must not be there: {}", said.unwrap_or("")));
                }
            }
        }
        failures.extend(self.expected.iter().filter_map(|one| one.missing(report)));
        failures.extend(self.refused.iter().filter_map(|one| one.present(report)));
        failures
    }

    /// The findings of the label that a report does not have, wherever they are.
    #[must_use]
    pub fn missing(&self, report: &Value) -> Vec<&str> {
        let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
        let musts = self.must.iter().map(|must| must.id.as_str());
        musts
            .filter(|id| !findings.iter().any(|finding| finding["id"] == **id))
            .collect()
    }

    /// Every id that the label names.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let items = self.expected.iter().chain(&self.refused);
        let must = self.must.iter().map(|must| must.id.as_str());
        must.chain(self.must_not.iter().map(String::as_str))
            .chain(items.filter_map(Expected::id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_found_in_both_forms() {
        let packages = cases();
        assert!(packages.iter().all(|case| case.room == "packages"));
        let behaviours = behaviour_cases();
        assert!(behaviours.iter().any(|case| case.room == "doors"));
        for case in &behaviours {
            let names: Vec<&str> = case.files.iter().map(|(name, _)| name.as_str()).collect();
            assert!(names.contains(&"package.json"), "{}: {names:?}", case.name);
        }
    }
}
