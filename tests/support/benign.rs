//! What real packages, none of them hostile, cost: the level of each, and how often each finding
//! and each pair of findings fires on them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use tarsight::Report;
use tarsight::model::{Severity, SurfaceKind};
use tarsight::report::RiskLevel;

use crate::{root, table};

/// What came of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether something runs when it is installed.
    pub has_hook: bool,
    /// The level of its report.
    pub level: RiskLevel,
    /// Findings with the highest severity of each, and when its code runs at the earliest.
    pub findings: BTreeMap<String, (Severity, When)>,
}

/// When the code of a finding runs at the earliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// On install.
    Install,
    /// On import.
    Import,
    /// When somebody calls it, runs a command or uses a tool; or never.
    Other,
}

const LEVELS: [RiskLevel; 5] = [
    RiskLevel::None,
    RiskLevel::Low,
    RiskLevel::Medium,
    RiskLevel::High,
    RiskLevel::Critical,
];

impl Outcome {
    /// Of a report on a package.
    #[must_use]
    pub fn new(name: &str, version: &str, has_hook: bool, report: &Report) -> Self {
        let mut findings: BTreeMap<String, (Severity, When)> = BTreeMap::new();
        for finding in &report.findings {
            let when = if finding.reach.get(SurfaceKind::Install).is_some() {
                When::Install
            } else if finding.reach.loads_on(SurfaceKind::Import) {
                When::Import
            } else {
                When::Other
            };
            let found = findings
                .entry(finding.id.clone())
                .or_insert((finding.severity, when));
            *found = (found.0.max(finding.severity), found.1.min(when));
        }
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            has_hook,
            level: report.risk.level,
            findings,
        }
    }

    /// A line of `corpus/benign/levels.tsv`.
    #[must_use]
    pub fn line(&self) -> String {
        let hook = if self.has_hook { "hook" } else { "-" };
        let told = self.findings.iter();
        let told: Vec<String> = told
            .map(|(id, (severity, _))| format!("{id}={}", severity.as_str()))
            .collect();
        let told = if told.is_empty() {
            "-".to_owned()
        } else {
            told.join(",")
        };
        format!(
            "{}\t{}\t{hook}\t{}\t{told}",
            self.name,
            self.version,
            self.level.as_str()
        )
    }

    /// Whether the results have to say why: loud, or a hook that asks for a reviewer.
    #[must_use]
    pub fn wants_note(&self) -> bool {
        self.level >= RiskLevel::High || self.has_hook && self.level == RiskLevel::Medium
    }
}

/// The folder of the tarballs, if `TARSIGHT_BENIGN` names one.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    std::env::var_os("TARSIGHT_BENIGN").map(PathBuf::from)
}

/// A line of `corpus/benign/levels.tsv`: name, version, hook, level.
///
/// # Panics
///
/// If the table is broken.
#[must_use]
pub fn levels() -> Vec<(String, String, bool, RiskLevel)> {
    let rows = rows(&root().join("corpus/benign/levels.tsv"));
    rows.into_iter()
        .map(|row| {
            let [name, version, hook, level, _] = row.as_slice() else {
                panic!("levels.tsv: {row:?} has no 5 cells");
            };
            let level = LEVELS.into_iter().find(|one| one.as_str() == level);
            let level = level.unwrap_or_else(|| panic!("levels.tsv: {row:?} has no level"));
            (name.clone(), version.clone(), hook == "hook", level)
        })
        .collect()
}

/// Why packages stand out, by name: `corpus/benign/notes.tsv`.
///
/// # Panics
///
/// If the table is broken.
#[must_use]
pub fn notes() -> BTreeMap<String, String> {
    let rows = rows(&root().join("corpus/benign/notes.tsv"));
    rows.into_iter()
        .map(|row| match row.as_slice() {
            [name, note] => (name.clone(), note.clone()),
            _ => panic!("notes.tsv: {row:?} has no 2 cells"),
        })
        .collect()
}

/// The rows of a table, comments and the heading left out.
///
/// # Panics
///
/// If it cannot be read.
#[must_use]
pub fn rows(path: &Path) -> Vec<Vec<String>> {
    let rows = table::rows(path).unwrap_or_else(|e| panic!("{e}"));
    rows.into_iter().skip(1).collect()
}

/// The price of each finding, and of each pair, as `findings/prices.tsv` holds it: packages in
/// which it fires, by when its code runs, and in which it alone is `high` or above.
#[must_use]
pub fn prices(outcomes: &[Outcome]) -> String {
    let mut fired: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    let mut pairs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for outcome in outcomes {
        let ids: Vec<&String> = outcome.findings.keys().collect();
        for (at, id) in ids.iter().enumerate() {
            for other in &ids[at + 1..] {
                let pair = ((*id).clone(), (*other).clone());
                *pairs.entry(pair).or_default() += 1;
            }
        }
        let loud = |severity: Severity| severity >= Severity::High;
        let all_loud = outcome.findings.values().filter(|(one, _)| loud(*one));
        let is_single = all_loud.count() == 1;
        for (id, &(severity, when)) in &outcome.findings {
            let counts = fired.entry(id.clone()).or_default();
            counts[when as usize] += 1;
            counts[3] += usize::from(is_single && loud(severity));
        }
    }
    let mut text = format!(
        "# How often findings fire on real packages that are not hostile. Made by the program `benign`.\n# packages: {}\nid\tinstall\timport\tother\talone-high\n",
        outcomes.len()
    );
    for (id, [install, import, other, alone]) in fired {
        let _ = writeln!(text, "{id}\t{install}\t{import}\t{other}\t{alone}");
    }
    text.push_str("# pairs\n");
    for ((a, b), count) in pairs {
        let _ = writeln!(text, "{a}+{b}\t{count}");
    }
    text
}

/// `corpus/benign/levels.tsv`.
#[must_use]
pub fn levels_text(outcomes: &[Outcome]) -> String {
    let mut text = "# The level of each real package. Made by the program `benign`.\nname\tversion\thook\tlevel\tfindings\n".to_owned();
    for outcome in outcomes {
        let _ = writeln!(text, "{}", outcome.line());
    }
    text
}

/// `corpus/benign/RESULTS.md`.
#[must_use]
pub fn results(outcomes: &[Outcome], notes: &BTreeMap<String, String>) -> String {
    let count = |has_hook: bool, level: RiskLevel| {
        let same = outcomes.iter();
        same.filter(|one| one.has_hook == has_hook && one.level == level)
            .count()
    };
    let mut text = format!(
        "# Real packages\n\n{} popular packages, none of them hostile. Made by\n\n```\ncargo run --release -p tarsight-tests --bin benign -- LIST.tsv FOLDER\n```\n\nThe list names packages and versions, the folder holds their tarballs. `levels.tsv` has every\npackage; what a package says is not quoted.\n\n| level | without a hook | with an install hook |\n|---|---|---|\n",
        outcomes.len()
    );
    for level in LEVELS {
        let (without, with) = (count(false, level), count(true, level));
        let _ = writeln!(text, "| {} | {without} | {with} |", level.as_str());
    }
    let told = |one: &Outcome, least: Severity| {
        let ids: BTreeSet<String> = one
            .findings
            .iter()
            .filter(|(_, (severity, _))| *severity >= least)
            .map(|(id, (severity, _))| format!("{id} ({})", severity.as_str()))
            .collect();
        ids.into_iter().collect::<Vec<_>>().join(", ")
    };
    text.push_str("\n## What stands out, and why\n\nEvery `high` and `critical`, and every `medium` that has an install hook.\n\n| package | version | level | findings | note |\n|---|---|---|---|---|\n");
    for one in outcomes.iter().filter(|one| one.wants_note()) {
        let note = notes.get(&one.name).map_or("", String::as_str);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {note} |",
            one.name,
            one.version,
            one.level.as_str(),
            told(one, Severity::Medium)
        );
    }
    text.push_str(
        "\n## Medium without a hook\n\n| package | version | findings |\n|---|---|---|\n",
    );
    for one in outcomes {
        if one.level == RiskLevel::Medium && !one.has_hook {
            let told = told(one, Severity::Medium);
            let _ = writeln!(text, "| {} | {} | {told} |", one.name, one.version);
        }
    }
    text
}
