//! Flows over every channel of `corpus/behaviours/flow`: how many of those that are there are
//! found, and how many of those found are there.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeMap;

use serde_json::Value;
use tarsight::Engine;
use tarsight_tests::{FlowCase, flow_cases, tgz};

/// What is reached; asked are 95 and 90.
const LEAST_PRECISION: f64 = 97.8;
const LEAST_RECALL: f64 = 97.6;

#[derive(Default)]
struct Count {
    found: usize,
    missed: Vec<String>,
    invented: Vec<String>,
}

impl Count {
    fn recall(&self) -> f64 {
        share(self.found, self.missed.len())
    }

    fn precision(&self) -> f64 {
        share(self.found, self.invented.len())
    }
}

fn share(good: usize, bad: usize) -> f64 {
    100.0 * good as f64 / (good + bad).max(1) as f64
}

#[test]
fn values_are_followed_and_nothing_else() {
    let engine = Engine::new();
    // Some cases only, while one looks into them: those whose name holds this text.
    let only = std::env::var("CASES").unwrap_or_default();
    let mut whole = Count::default();
    let mut by_form: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    // Per channel: the forms in which it is missed, and those in which it is invented.
    let mut by_channel: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for case in flow_cases().iter().filter(|case| case.name.contains(&only)) {
        let arrives = arrives(&engine, case);
        let form = case.name.split('/').nth(2).unwrap_or("").to_owned();
        let row = by_form.entry(form).or_default();
        row.0 += usize::from(case.reaches == arrives);
        row.1 += 1;
        if case.reaches != arrives {
            let mut parts = case.name.split('/');
            let channel = [parts.next(), parts.next()].map(Option::unwrap_or_default);
            let forms = by_channel.entry(channel.join("/")).or_default();
            forms[usize::from(arrives)].push(parts.next().unwrap_or("").to_owned());
        }
        match (case.reaches, arrives) {
            (true, true) => whole.found += 1,
            (true, false) => whole.missed.push(label(case)),
            (false, true) => whole.invented.push(label(case)),
            (false, false) => {}
        }
    }
    for (form, (right, all)) in &by_form {
        println!("{form:<28} {right} of {all} right");
    }
    println!("\n{:<42} {:<44} invented", "channel", "missed");
    for (channel, [missed, invented]) in &by_channel {
        println!(
            "{channel:<42} {:<44} {}",
            missed.join(" "),
            invented.join(" ")
        );
    }
    println!(
        "precision {:.1} %, recall {:.1} %, over {} flows that are there",
        whole.precision(),
        whole.recall(),
        whole.found + whole.missed.len()
    );
    let least = if only.is_empty() { 600 } else { 1 };
    assert!(whole.found + whole.missed.len() >= least);
    let is_enough = whole.precision() >= LEAST_PRECISION && whole.recall() >= LEAST_RECALL;
    assert!(
        is_enough,
        "precision {:.1} %, recall {:.1} %\nmissed: {}\ninvented: {}",
        whole.precision(),
        whole.recall(),
        whole.missed.join(" "),
        whole.invented.join(" ")
    );
}

fn label(case: &FlowCase) -> String {
    format!("{}:{}", case.name, case.flow[2])
}

/// Whether the report has the flow, on the install hook.
fn arrives(engine: &Engine, case: &FlowCase) -> bool {
    let report = engine.scan(&tgz(&case.files)).unwrap();
    let report: Value = serde_json::from_str(&report.to_json()).unwrap();
    let [flow, source, sink] = case.flow;
    let flows = report["flows"].as_array().unwrap();
    flows.iter().any(|found| {
        found["id"] == flow
            && found["source"]["id"] == source
            && found["sink"]["id"] == sink
            && found["reach"]["install"] == "load"
    })
}
