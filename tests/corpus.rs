//! Every package of the corpus, against its label.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use serde_json::Value;
use tarsight::Engine;
use tarsight_tests::{Case, behaviour_cases, cases, pairs, root, techniques, tgz};

/// Rooms of `corpus/behaviours`, and how many cases each has at least.
const ROOMS: [(&str, usize); 6] = [
    ("doors", 171),
    ("evasion", 76),
    ("foreign", 25),
    ("hiding", 14),
    ("separators", 20),
    ("whole", 409),
];

#[test]
fn every_report_says_what_its_label_demands() {
    let cases = cases();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    check(&cases);
}

#[test]
fn every_behaviour_case_is_reported_as_labelled() {
    let cases = behaviour_cases();
    for (room, least) in ROOMS {
        let count = cases.iter().filter(|case| case.room == room).count();
        assert!(count >= least, "{room}: only {count} cases were found");
    }
    check(&cases);
}

fn check(cases: &[Case]) {
    let engine = Engine::new();
    // Some cases only, while one writes them: those whose room and name hold this text.
    let only = std::env::var("CASES").unwrap_or_default();
    let mut table = String::new();
    let mut failed = 0;
    for case in cases {
        let name = format!("{}/{}", case.room, case.name);
        if !name.contains(&only) {
            continue;
        }
        let failures = run(&engine, case);
        failed += usize::from(!failures.is_empty());
        for failure in failures {
            writeln!(table, "{name:<40} {failure}").unwrap();
        }
    }
    assert!(
        table.is_empty(),
        "{failed} of {} cases fail:\n\n{table}",
        cases.len()
    );
}

fn run(engine: &Engine, case: &Case) -> Vec<String> {
    match engine.scan(&tgz(&case.files)) {
        Ok(report) => {
            let report: Value = serde_json::from_str(&report.to_json()).unwrap();
            let mut failures = case.failures(&report);
            failures.extend(unlisted(&report));
            failures
        }
        Err(error) => vec![format!("no report: {error}")],
    }
}

/// Ids of a report that `tarsight rules` does not list.
fn unlisted(report: &Value) -> Vec<String> {
    static KNOWN: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| tarsight::rules().into_iter().map(|rule| rule.id).collect());
    let all = |list: &str| report[list].as_array().into_iter().flatten();
    let flows = all("flows").flat_map(|flow| [flow, &flow["source"], &flow["sink"]]);
    let others = ["behaviours", "findings", "anomalies"];
    let ids = others.into_iter().flat_map(all).chain(flows);
    let ids = ids.filter_map(|one| one["id"].as_str());
    let unlisted: BTreeSet<&str> = ids.filter(|id| !KNOWN.contains(*id)).collect();
    unlisted
        .into_iter()
        .map(|id| format!("{id} is in the report and no rule"))
        .collect()
}

#[test]
fn every_id_in_a_label_is_a_rule() {
    let known: BTreeSet<String> = tarsight::rules().iter().map(|r| r.id.to_string()).collect();
    for case in cases().iter().chain(&behaviour_cases()) {
        for id in case.ids() {
            assert!(known.contains(id), "{}: there is no rule {id}", case.name);
        }
    }
}

#[test]
fn every_shape_has_a_case_and_every_package_a_shape() {
    let known = techniques();
    let cases = cases();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for case in &cases {
        assert!(!case.techniques.is_empty(), "{} has no shape", case.name);
        let sides: BTreeSet<bool> = known
            .iter()
            .filter(|row| case.techniques.contains(&row.id))
            .map(|row| row.is_hostile)
            .collect();
        assert_eq!(sides.len(), 1, "{} is on both sides", case.name);
    }
    let others = behaviour_cases();
    used.extend(cases.iter().flat_map(|case| case.techniques.clone()));
    used.extend(others.iter().flat_map(|case| case.techniques.clone()));
    used.extend(pairs().iter().flat_map(|pair| pair.techniques.clone()));
    let ids: BTreeSet<String> = known.iter().map(|row| row.id.clone()).collect();
    assert_eq!(used, ids, "a shape without a case, or a case of no shape");
    for (letter, count) in [('T', 56), ('N', 25)] {
        for number in 1..=count {
            let id = format!("{letter}{number:02}");
            assert!(ids.contains(&id), "{id} is not in techniques.tsv");
        }
    }
}

#[test]
fn every_name_of_a_shape_is_an_id_or_says_why_not() {
    let text = std::fs::read_to_string(root().join("corpus/ids.tsv")).unwrap();
    let known: BTreeSet<String> = tarsight::rules().iter().map(|r| r.id.to_string()).collect();
    let mut names = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (name, ids) = (cells[0], cells[1]);
        assert!(names.insert(name), "{name} is there twice");
        if ids == "-" {
            assert!(
                cells.get(2).is_some_and(|why| !why.is_empty()),
                "{name} does not say why"
            );
            continue;
        }
        for id in ids.split(',') {
            assert!(known.contains(id), "{name}: there is no rule {id}");
        }
    }
    assert!(names.len() >= 159, "only {} names", names.len());
}

#[test]
fn both_sides_are_in_the_corpus() {
    let cases = cases();
    let hostile = cases.iter().filter(|case| case.risk.least > 0).count();
    assert!(hostile >= 56, "{hostile} hostile cases");
    assert!(
        cases.len() - hostile >= 50,
        "{} benign cases",
        cases.len() - hostile
    );
}

#[test]
fn twins_name_each_other_and_stand_on_two_sides() {
    let cases = behaviour_cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let Some(name) = &case.twin else {
            continue;
        };
        let twin = cases
            .iter()
            .find(|other| other.room == case.room && other.name == *name);
        let apart = twin.is_some_and(|twin| {
            twin.twin.as_ref() == Some(&case.name)
                && (twin.risk.most < case.risk.least || case.risk.most < twin.risk.least)
        });
        if !apart {
            wrong.push(format!("{}/{} and {name}", case.room, case.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "twins name each other, and the levels of one lie above those of the other: {wrong:?}"
    );
}
