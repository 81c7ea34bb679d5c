//! Every package of the corpus, against its label.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use tarsight::Engine;
use tarsight_tests::{Case, cases, tgz};

#[test]
fn every_report_says_what_its_label_demands() {
    let engine = Engine::new();
    let cases = cases();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    let mut table = String::new();
    let mut failed = 0;
    for case in &cases {
        let failures = run(&engine, case);
        failed += usize::from(!failures.is_empty());
        for failure in failures {
            writeln!(table, "{:<32} {failure}", case.name).unwrap();
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
    for case in cases() {
        let used = case.must.iter().map(|m| &m.id).chain(&case.must_not);
        for id in used {
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
