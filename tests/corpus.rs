//! Every package of the corpus, against its label.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use tarsight::Engine;
use tarsight_tests::{Case, behaviour_cases, cases, tgz};

/// Rooms of `corpus/behaviours`, and how many cases each has at least.
const ROOMS: [(&str, usize); 3] = [("doors", 160), ("evasion", 58), ("separators", 18)];

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
            case.failures(&report)
        }
        Err(error) => vec![format!("no report: {error}")],
    }
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
fn both_sides_are_in_the_corpus() {
    let cases = cases();
    let hostile = cases.iter().filter(|c| !c.must.is_empty()).count();
    assert!(hostile >= 25, "{hostile} hostile cases");
    assert!(
        cases.len() - hostile >= 12,
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
