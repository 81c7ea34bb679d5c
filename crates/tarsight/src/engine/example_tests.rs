//! The examples of every finding, run.

use super::Engine;
use crate::findings::declarations;

#[test]
fn examples_fire_and_stay_quiet_as_they_say() {
    let engine = Engine::new();
    let mut wrong = Vec::new();
    for declaration in declarations() {
        assert!(
            declaration
                .examples
                .iter()
                .any(|one| one.severity.is_some()),
            "{} has no example that fires",
            declaration.id
        );
        for example in declaration.examples {
            let files = example
                .files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
            let report = engine.scan_tree(files).expect("an example is scanned");
            let found: Vec<_> = report
                .findings
                .iter()
                .filter(|finding| finding.id == declaration.id)
                .map(|finding| finding.severity)
                .collect();
            let is_right = match example.severity {
                Some(severity) => found.contains(&severity),
                None => found.is_empty(),
            };
            if !is_right {
                wrong.push(format!(
                    "{}, {}: wants {:?}, has {found:?}; flows {:?}",
                    declaration.id,
                    example.name,
                    example.severity,
                    report.flows.iter().map(|flow| &flow.id).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
