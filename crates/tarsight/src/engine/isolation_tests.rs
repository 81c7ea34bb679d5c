//! A bug in one part costs that part and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{ScanOptions, Stage, Watch};
use crate::model::Reason;
use crate::report::{Report, RiskLevel};
use crate::{Engine, Error};

/// A package with a command, a file that a tool reads, and two files of code.
fn files() -> Vec<(String, Vec<u8>)> {
    [
        (
            "package.json",
            r#"{"name":"a","version":"1.0.0","scripts":{"install":"curl https://a.invalid/x"}}"#,
        ),
        (".npmrc", "git=./a.sh\n"),
        (
            "index.js",
            "require('https').get('https://b.invalid/');\nrequire('./b');\n",
        ),
        ("b.js", "require('https').get('https://c.invalid/');\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .to_vec()
}

/// The report when a bug strikes as soon as this stage is entered, once.
fn with_bug_in(stage: Stage) -> Result<Report, Error> {
    let armed = Arc::new(AtomicBool::new(true));
    let watch = Watch::new(move |entered| {
        assert!(
            entered != stage || !armed.swap(false, Ordering::Relaxed),
            "a bug"
        );
    });
    let options = ScanOptions {
        watch: Some(watch),
        ..ScanOptions::default()
    };
    let engine = Engine::builder().jobs(1).build()?;
    engine.scan_tree_with(files(), &options)
}

/// What a report says of failures of ours.
fn failures(report: &Report) -> Vec<&str> {
    let unanalysed = report.coverage.unanalysed.iter();
    unanalysed
        .filter(|one| one.reason == Reason::InternalError)
        .map(|one| one.detail.as_str())
        .collect()
}

fn targets(report: &Report) -> Vec<&str> {
    let behaviours = report.behaviours.iter();
    behaviours
        .filter(|one| one.id == "network.http")
        .filter_map(|one| one.target.as_deref())
        .collect()
}

#[test]
fn a_bug_in_one_stage_costs_what_that_stage_gives() {
    let all = [
        "https://a.invalid/x",
        "https://b.invalid/",
        "https://c.invalid/",
    ];
    for (stage, told, left) in [
        // The file that is read first is lost, and nothing leads to the other one.
        (Stage::Guard, "a bug", &all[..1]),
        (Stage::Parse, "a bug", &all[..1]),
        (Stage::Facts, "a bug", &all[..1]),
        (Stage::Flow, "what code does: a bug", &all[..1]),
        (Stage::Report, "foreign bodies: a bug", &all[..]),
    ] {
        let report = with_bug_in(stage).expect("a report");
        assert_eq!(failures(&report), [told], "{stage:?}");
        let found = targets(&report);
        assert!(
            left.iter().all(|one| found.contains(one)),
            "{stage:?}: {found:?}"
        );
        assert!(!report.coverage.complete, "{stage:?}");
        assert!(report.risk.level >= RiskLevel::Medium, "{stage:?}");
        assert_eq!(report.files.len(), 4, "{stage:?}");
    }
    // Without package.json there are no hooks, and files are on their own.
    let report = with_bug_in(Stage::Graph).expect("a report");
    assert_eq!(failures(&report), ["package.json: a bug"]);
    assert_eq!(report.subject.name, None);
    assert_eq!(report.files.len(), 4);
}

#[test]
fn no_bug_is_no_failure() {
    let report = Engine::new().scan_tree(files()).expect("a report");
    assert_eq!(failures(&report), [""; 0]);
}
