//! What the corpus says of the engine, in numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::{Value, json};
use tarsight::Engine;

use crate::{
    Case, File, Pair, Technique, Variant, behaviour_cases, cases, each_variant, pairs, techniques,
    tgz,
};

/// One case, as it is or in other words, and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Room and name.
    pub name: String,
    /// How it was written anew; `None`: as it is.
    pub variant: Option<Variant>,
    /// The rows that it follows.
    pub techniques: Vec<String>,
    /// Whether it is an attack.
    pub is_hostile: bool,
    /// The level of the report.
    pub level: String,
    /// Whether that is what the label says.
    pub is_level_right: bool,
    /// Whether everything else that the label says is there too. Of a variant, where lines and
    /// names are others: whether all findings of the label are there.
    pub is_whole: bool,
    /// Time for the scan in milliseconds; of a pair, for both and the diff.
    pub millis: f64,
}

/// Scans every case and pair that follows a row of the table, and the packages in all their
/// variants.
#[must_use]
pub fn outcomes() -> Vec<Outcome> {
    let engine = Engine::new();
    let table = techniques();
    let packages = cases();
    let rooms = behaviour_cases();
    let mut outcomes: Vec<Outcome> = packages
        .iter()
        .chain(&rooms)
        .filter(|case| !case.techniques.is_empty())
        .map(|case| of_case(&engine, &table, case))
        .collect();
    outcomes.extend(each_variant(&packages, |case, variant, files| {
        of_variant(&engine, &table, case, variant, files)
    }));
    let pairs = pairs();
    let told = pairs.iter().filter(|pair| !pair.techniques.is_empty());
    outcomes.extend(told.map(|pair| of_pair(&engine, pair)));
    outcomes.sort_by(|a, b| (&a.name, a.variant).cmp(&(&b.name, b.variant)));
    outcomes
}

/// The report on packed files as JSON, and the time that it took.
fn scanned(engine: &Engine, files: &[File]) -> (Option<Value>, f64) {
    let bytes = tgz(files);
    let start = Instant::now();
    let report = engine.scan(&bytes);
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    let report = report.ok().map(|report| report.to_json());
    let report = report.and_then(|text| serde_json::from_str(&text).ok());
    (report, millis)
}

/// The level of a report or diff.
fn level_of(document: Option<&Value>) -> String {
    let level = document.and_then(|document| document["risk"]["level"].as_str());
    level.unwrap_or("no report").to_owned()
}

fn of_case(engine: &Engine, table: &[Technique], case: &Case) -> Outcome {
    let (report, millis) = scanned(engine, &case.files);
    let level = level_of(report.as_ref());
    Outcome {
        name: format!("{}/{}", case.room, case.name),
        variant: None,
        techniques: case.techniques.clone(),
        is_hostile: is_hostile(table, &case.techniques),
        is_level_right: case.risk.allows(&level),
        is_whole: report.is_some_and(|report| case.failures(&report).is_empty()),
        level,
        millis,
    }
}

fn of_variant(
    engine: &Engine,
    table: &[Technique],
    case: &Case,
    variant: Variant,
    files: &[File],
) -> Outcome {
    let (report, millis) = scanned(engine, files);
    let level = level_of(report.as_ref());
    Outcome {
        name: format!("{}/{}", case.room, case.name),
        variant: Some(variant),
        techniques: case.techniques.clone(),
        is_hostile: is_hostile(table, &case.techniques),
        is_level_right: case.risk_of(variant).allows(&level),
        // Where a variant is another package, its label has nothing but a level.
        is_whole: case.variants.iter().any(|one| one.variant == variant)
            || report.is_some_and(|report| case.missing(&report).is_empty()),
        level,
        millis,
    }
}

fn of_pair(engine: &Engine, pair: &Pair) -> Outcome {
    let start = Instant::now();
    let diff = engine.diff(&tgz(&pair.old), &tgz(&pair.new));
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    let diff = diff.ok().map(|diff| diff.to_json());
    let diff: Option<Value> = diff.and_then(|text| serde_json::from_str(&text).ok());
    let failures = diff.as_ref().map(|diff| pair.failures(diff));
    let is_level = |failure: &String| failure.starts_with("risk");
    Outcome {
        name: format!("diff/{}", pair.name),
        variant: None,
        techniques: pair.techniques.clone(),
        is_hostile: pair.is_loud,
        level: level_of(diff.as_ref()),
        is_level_right: failures
            .as_ref()
            .is_some_and(|all| !all.iter().any(is_level)),
        is_whole: failures.is_some_and(|all| all.is_empty()),
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
    fn of<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let mut count = Self::default();
        for outcome in outcomes {
            count.right += usize::from(outcome.is_level_right);
            count.whole += usize::from(outcome.is_whole);
            count.all += 1;
        }
        count
    }

    fn json(self) -> Value {
        json!({ "right": self.right, "whole": self.whole, "all": self.all })
    }
}

/// The outcomes of one side as they are, counted by what `of` says of a row; in the order of the
/// names. A case of several rows counts once for each name.
#[must_use]
pub fn counts(
    outcomes: &[Outcome],
    is_hostile: bool,
    of: impl Fn(&Technique) -> String,
) -> BTreeMap<String, Count> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in techniques() {
        if row.is_hostile == is_hostile {
            named.entry(of(&row)).or_default().insert(row.id);
        }
    }
    let count = |ids: &BTreeSet<String>| {
        let is_one = |one: &&Outcome| one.techniques.iter().any(|id| ids.contains(id));
        Count::of(side(outcomes, is_hostile, None).filter(is_one))
    };
    named
        .iter()
        .map(|(name, ids)| (name.clone(), count(ids)))
        .collect()
}

/// The outcomes of one side and one way to write the packages.
fn side(
    outcomes: &[Outcome],
    is_hostile: bool,
    variant: Option<Variant>,
) -> impl Iterator<Item = &Outcome> {
    let is_one = move |one: &&Outcome| one.is_hostile == is_hostile && one.variant == variant;
    outcomes.iter().filter(is_one)
}

/// All outcomes of one side, as they are or in other words.
#[must_use]
pub fn total(outcomes: &[Outcome], is_hostile: bool, variant: Option<Variant>) -> Count {
    Count::of(side(outcomes, is_hostile, variant))
}

/// Median and greatest time for a case as it is.
fn times(outcomes: &[Outcome]) -> (f64, f64) {
    let plain = outcomes.iter().filter(|one| one.variant.is_none());
    let mut times: Vec<f64> = plain.map(|one| one.millis).collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    (median, times.last().copied().unwrap_or_default())
}

/// The tables, one below the other.
#[must_use]
pub fn markdown(outcomes: &[Outcome]) -> String {
    let (median, most) = times(outcomes);
    let mut text = format!(
        "# Scoreboard\n\nA case takes {median:.1} ms, at most {most:.1} ms.\n\n\
         | packages | hostile: level | hostile: rest of the label | harmless: level |\n|---|---|---|---|\n"
    );
    let ways = std::iter::once(None).chain(Variant::ALL.map(Some));
    for variant in ways {
        let (hostile, benign) = (
            total(outcomes, true, variant),
            total(outcomes, false, variant),
        );
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            variant.map_or("as they are", Variant::as_str),
            share(hostile.right, hostile.all),
            share(hostile.whole, hostile.all),
            share(benign.right, benign.all),
        ));
    }
    text.push_str(
        "\nThe level is right if the label allows it. The rest of the label are findings with \
         their places, behaviours, flows and what must not be there; of a variant, the findings \
         alone.\n",
    );
    let shape = |row: &Technique| format!("{} {}", row.id, row.shape);
    let tables = [
        ("Recall by technique", true, counts(outcomes, true, shape)),
        (
            "Recall by way in",
            true,
            counts(outcomes, true, |row| row.way.clone()),
        ),
        (
            "Recall by family",
            true,
            counts(outcomes, true, |row| row.family.clone()),
        ),
        (
            "False alarms by class",
            false,
            counts(outcomes, false, |row| row.family.clone()),
        ),
        (
            "False alarms by look-alike",
            false,
            counts(outcomes, false, shape),
        ),
    ];
    for (title, is_hostile, counts) in tables {
        let head = match is_hostile {
            true => "| | level | rest of the label |\n|---|---|---|",
            false => "| | level too high | cases |\n|---|---|---|",
        };
        text.push_str(&format!("\n## {title}\n\n{head}\n"));
        for (name, count) in counts {
            let (first, second) = match is_hostile {
                true => (share(count.right, count.all), share(count.whole, count.all)),
                false => ((count.all - count.right).to_string(), count.all.to_string()),
            };
            text.push_str(&format!("| {name} | {first} | {second} |\n"));
        }
    }
    let wrong: Vec<&Outcome> = outcomes
        .iter()
        .filter(|one| !one.is_level_right || !one.is_whole)
        .collect();
    if !wrong.is_empty() {
        text.push_str(
            "\n## Not as labelled\n\n| case | written | techniques | level | |\n|---|---|---|---|---|\n",
        );
        for one in wrong {
            let ids = one.techniques.join(", ");
            let written = one.variant.map_or("as it is", Variant::as_str);
            let what = match one.is_level_right {
                true => "level right, rest not",
                false => "level wrong",
            };
            text.push_str(&format!(
                "| {} | {written} | {ids} | {} | {what} |\n",
                one.name, one.level
            ));
        }
    }
    text
}

/// How many of how many, and the percentage.
fn share(part: usize, all: usize) -> String {
    match all {
        0 => "none".to_owned(),
        _ => format!("{part} of {all} ({} %)", part * 100 / all),
    }
}

/// The same as one object.
#[must_use]
pub fn json(outcomes: &[Outcome]) -> Value {
    let by = |is_hostile: bool, of: fn(&Technique) -> String| -> Value {
        let counts = counts(outcomes, is_hostile, of).into_iter();
        counts.map(|(name, count)| (name, count.json())).collect()
    };
    let variants: Value = Variant::ALL
        .into_iter()
        .map(|variant| {
            let of = |is_hostile| total(outcomes, is_hostile, Some(variant)).json();
            let both = json!({ "hostile": of(true), "harmless": of(false) });
            (variant.as_str().to_owned(), both)
        })
        .collect();
    let (median, most) = times(outcomes);
    let cases: Vec<Value> = outcomes
        .iter()
        .map(|one| {
            json!({
                "name": one.name, "variant": one.variant.map(Variant::as_str),
                "techniques": one.techniques, "hostile": one.is_hostile,
                "level": one.level, "levelRight": one.is_level_right, "whole": one.is_whole,
                "millis": one.millis,
            })
        })
        .collect();
    json!({
        "hostile": total(outcomes, true, None).json(),
        "harmless": total(outcomes, false, None).json(),
        "variants": variants,
        "recall": {
            "technique": by(true, |row| row.id.clone()),
            "way": by(true, |row| row.way.clone()),
            "family": by(true, |row| row.family.clone()),
        },
        "quiet": {
            "class": by(false, |row| row.family.clone()),
            "lookAlike": by(false, |row| row.id.clone()),
        },
        "millis": { "median": median, "most": most },
        "cases": cases,
    })
}
