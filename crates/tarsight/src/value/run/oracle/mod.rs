//! The interpreter against what Node said: see `tests/oracle.rs` for how that is recorded.

mod generate;

use super::tests::outputs;

/// One line for each program: what Node's `show` gave.
const RECORDED: &str = include_str!("recorded.txt");
/// Programs that share one run.
const BATCH: usize = 100;

fn differences(programs: &[String], recorded: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (batch, wanted) in programs.chunks(BATCH).zip(recorded.chunks(BATCH)) {
        let mut text = generate::PRELUDE.to_owned();
        for program in batch {
            // One line each, so that what is not told shows as well.
            text.push_str(&format!(
                "out(show(function () {{ return ({program}); }}));\n"
            ));
        }
        let ours = outputs_by_line(&text, batch.len());
        for ((program, wanted), ours) in batch.iter().zip(wanted).zip(ours) {
            if ours.as_deref() != Some(*wanted) {
                let ours = ours.unwrap_or_else(|| "nothing".to_owned());
                found.push(format!("{program}\n  node: {wanted}\n  ours: {ours}"));
            }
        }
    }
    found
}

fn outputs_by_line(text: &str, count: usize) -> Vec<Option<String>> {
    let mut all = outputs(text);
    all.resize(count, None);
    all
}

#[test]
fn expressions_and_functions_give_what_node_gives() {
    let lines: Vec<&str> = RECORDED.lines().collect();
    let expressions: Vec<String> = (0..generate::EXPRESSIONS)
        .map(generate::expression)
        .collect();
    let functions: Vec<String> = (0..generate::FUNCTIONS).map(generate::function).collect();
    assert_eq!(lines.len(), expressions.len() + functions.len());
    let (first, second) = lines.split_at(expressions.len());
    let mut found = differences(&expressions, first);
    found.extend(differences(&functions, second));
    assert!(
        found.is_empty(),
        "{} differ:\n{}",
        found.len(),
        found[..found.len().min(20)].join("\n")
    );
}
