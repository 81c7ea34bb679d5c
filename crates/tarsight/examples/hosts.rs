//! Lists the addresses that a package contacts, and when:
//! `cargo run --example hosts -- package.tgz`.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::collections::BTreeSet;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of a .tgz")?;
    let report = tarsight::Engine::new().scan(&std::fs::read(path)?)?;
    let mut lines = BTreeSet::new();
    for behaviour in &report.behaviours {
        if !behaviour.id.starts_with("network.") {
            continue;
        }
        let target = behaviour.target.as_deref().unwrap_or("not resolved");
        let when: Vec<String> = behaviour
            .reach
            .iter()
            .map(|(surface, trigger)| format!("{} {trigger:?}", surface.as_str()).to_lowercase())
            .collect();
        lines.insert(format!("{target}  [{}]", when.join(", ")));
    }
    for line in lines {
        println!("{line}");
    }
    Ok(())
}
