//! What the corpus says of the engine, in numbers.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};
use tarsight::Engine;

use crate::{Case, Technique, behaviour_cases, cases, pairs, techniques, tgz};

/// One case and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Room and name.
    pub name: String,
    /// The rows that it follows.
    pub techniques: Vec<String>,
    /// Whether it is an attack.
    pub is_hostile: bool,
    /// The level of the report.
    pub level: String,
    /// Whether that is what the label says.
    pub is_level_right: bool,
    /// Whether everything else that the label says is there too.
    pub is_whole: bool,
    /// Time for the scan in milliseconds; of a pair, for both and the diff.
    pub millis: f64,
}

/// Scans every case and pair that follows a row of the table.
#[must_use]
pub fn outcomes() -> Vec<Outcome> {
    let engine = Engine::new();
    let table = techniques();
    let mut outcomes: Vec<Outcome> = cases()
        .iter()
        .chain(&behaviour_cases())
        .filter(|case| !case.techniques.is_empty())
        .map(|case| of_case(&engine, &table, case))
        .collect();
    for pair in pairs().iter().filter(|pair| !pair.techniques.is_empty()) {
        let start = Instant::now();
        let diff = engine.diff(&tgz(&pair.old), &tgz(&pair.new));
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let diff = diff.map(|diff| serde_json::from_str::<Value>(&diff.to_json()));
        let (level, failures) = match diff {
            Ok(Ok(diff)) => {
                let level = diff["risk"]["level"].as_str().unwrap_or("missing");
                (level.to_owned(), pair.failures(&diff))
            }
            _ => ("no report".to_owned(), vec!["risk".to_owned()]),
        };
        outcomes.push(Outcome {
            name: format!("diff/{}", pair.name),
            techniques: pair.techniques.clone(),
            is_hostile: pair.is_loud,
            level,
            is_level_right: !failures.iter().any(|failure| failure.starts_with("risk")),
            is_whole: failures.is_empty(),
            millis,
        });
    }
    outcomes.sort_by(|a, b| a.name.cmp(&b.name));
    outcomes
}

fn of_case(engine: &Engine, table: &[Technique], case: &Case) -> Outcome {
    let bytes = tgz(&case.files);
    let start = Instant::now();
    let report = engine.scan(&bytes);
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    let report = report.map(|report| serde_json::from_str::<Value>(&report.to_json()));
    let (level, failures) = match report {
        Ok(Ok(report)) => {
            let level = report["risk"]["level"].as_str().unwrap_or("missing");
            (level.to_owned(), case.failures(&report))
        }
        _ => ("no report".to_owned(), vec!["risk".to_owned()]),
    };
    Outcome {
        name: format!("{}/{}", case.room, case.name),
        techniques: case.techniques.clone(),
        is_hostile: is_hostile(table, &case.techniques),
        level,
        is_level_right: !failures.iter().any(|failure| failure.starts_with("risk")),
        is_whole: failures.is_empty(),
        millis,
    }
}

fn is_hostile(table: &[Technique], ids: &[String]) -> bool {
    table
        .iter()
        .any(|row| row.is_hostile && ids.contains(&row.id))
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// With the right level.
    pub right: usize,
    /// With all that the label says.
    pub whole: usize,
    /// All.
    pub all: usize,
}

impl Count {
    fn add(&mut self, outcome: &Outcome) {
        self.right += usize::from(outcome.is_level_right);
        self.whole += usize::from(outcome.is_whole);
        self.all += 1;
    }

    fn json(self) -> Value {
        json!({ "right": self.right, "whole": self.whole, "all": self.all })
    }
}

/// The outcomes of one side, counted by what `of` says of a row; in the order of the names.
#[must_use]
pub fn counts(
    outcomes: &[Outcome],
    is_hostile: bool,
    of: impl Fn(&Technique) -> String,
) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for row in techniques()
        .iter()
        .filter(|row| row.is_hostile == is_hostile)
    {
        let count = counts.entry(of(row)).or_default();
        let same = outcomes
            .iter()
            .filter(|one| one.is_hostile == is_hostile && one.techniques.contains(&row.id));
        same.for_each(|one| count.add(one));
    }
    counts
}

/// All outcomes of one side.
#[must_use]
pub fn total(outcomes: &[Outcome], is_hostile: bool) -> Count {
    let mut count = Count::default();
    let side = outcomes.iter().filter(|one| one.is_hostile == is_hostile);
    side.for_each(|one| count.add(one));
    count
}

/// Median and greatest time for a case.
fn times(outcomes: &[Outcome]) -> (f64, f64) {
    let mut times: Vec<f64> = outcomes.iter().map(|one| one.millis).collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    (median, times.last().copied().unwrap_or_default())
}

/// The tables, one below the other.
#[must_use]
pub fn markdown(outcomes: &[Outcome]) -> String {
    let (hostile, benign) = (total(outcomes, true), total(outcomes, false));
    let (median, most) = times(outcomes);
    let mut text = format!(
        "# Scoreboard\n\n{} of {} hostile cases have the level that their label demands, {} everything else too; \
         {} of {} harmless ones have none above theirs. A case takes {median:.1} ms, at most {most:.1} ms.\n",
        hostile.right, hostile.all, hostile.whole, benign.right, benign.all
    );
    let shape = |row: &Technique| format!("{} {}", row.id, row.shape);
    let tables = [
        ("Recall by technique", counts(outcomes, true, shape)),
        (
            "Recall by way in",
            counts(outcomes, true, |row| row.way.clone()),
        ),
        (
            "Recall by family",
            counts(outcomes, true, |row| row.family.clone()),
        ),
        (
            "No false alarm by class",
            counts(outcomes, false, |row| row.family.clone()),
        ),
        (
            "No false alarm by look-alike",
            counts(outcomes, false, shape),
        ),
    ];
    for (title, counts) in tables {
        text.push_str(&format!(
            "\n## {title}\n\n| | level | all of the label | cases |\n|---|---|---|---|\n"
        ));
        for (name, count) in counts {
            text.push_str(&format!(
                "| {name} | {} | {} | {} |\n",
                count.right, count.whole, count.all
            ));
        }
    }
    let wrong: Vec<&Outcome> = outcomes.iter().filter(|one| !one.is_whole).collect();
    if !wrong.is_empty() {
        text.push_str("\n## Not as labelled\n\n| case | techniques | level |\n|---|---|---|\n");
        for one in wrong {
            let ids = one.techniques.join(", ");
            text.push_str(&format!("| {} | {ids} | {} |\n", one.name, one.level));
        }
    }
    text
}

/// The same as one object.
#[must_use]
pub fn json(outcomes: &[Outcome]) -> Value {
    let side = |is_hostile: bool, of: fn(&Technique) -> String| -> Value {
        let counts = counts(outcomes, is_hostile, of).into_iter();
        counts.map(|(name, count)| (name, count.json())).collect()
    };
    let (median, most) = times(outcomes);
    let cases: Vec<Value> = outcomes
        .iter()
        .map(|one| {
            json!({
                "name": one.name, "techniques": one.techniques, "hostile": one.is_hostile,
                "level": one.level, "levelRight": one.is_level_right, "whole": one.is_whole,
                "millis": one.millis,
            })
        })
        .collect();
    json!({
        "hostile": total(outcomes, true).json(),
        "harmless": total(outcomes, false).json(),
        "recall": {
            "technique": side(true, |row| row.id.clone()),
            "way": side(true, |row| row.way.clone()),
            "family": side(true, |row| row.family.clone()),
        },
        "quiet": {
            "class": side(false, |row| row.family.clone()),
            "lookAlike": side(false, |row| row.id.clone()),
        },
        "millis": { "median": median, "most": most },
        "cases": cases,
    })
}
