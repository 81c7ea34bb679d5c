//! What real packages cost, as the committed tables say.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;

use tarsight::Engine;
use tarsight::report::RiskLevel;
use tarsight_tests::benign::{Outcome, folder, levels, notes, rows};
use tarsight_tests::{root, table};

#[test]
fn whatever_stands_out_is_explained_and_nothing_else() {
    let notes = notes();
    let mut wanted = BTreeSet::new();
    for (name, _, has_hook, level) in levels() {
        if level >= RiskLevel::High || has_hook && level == RiskLevel::Medium {
            assert!(
                notes.get(&name).is_some_and(|note| note.len() > 20),
                "{name} is {}: corpus/benign/notes.tsv has to say why",
                level.as_str()
            );
            wanted.insert(name);
        }
    }
    for name in notes.keys() {
        assert!(wanted.contains(name), "{name} stands out no more");
    }
}

#[test]
fn foreign_bodies_are_explained_and_nothing_else() {
    let names = |path: &str, has: &str| -> BTreeSet<String> {
        let rows = rows(&root().join(path));
        let rows = rows.into_iter().filter(|row| row.join("\t").contains(has));
        rows.map(|row| row[0].clone()).collect()
    };
    let found = names("corpus/benign/levels.tsv", "foreign-body=");
    assert_eq!(found, names("corpus/benign/foreign.tsv", "\t"));
    assert!(found.len() * 100 <= levels().len());
}

/// The table lists what clients of services do: none is loud, and each is there.
#[test]
fn flows_of_clients_are_listed_with_their_cells() {
    let rows_of = |path: &str| rows(&root().join(path));
    let flows = rows_of("corpus/benign/flows.tsv");
    for row in rows_of("corpus/benign/sdks.tsv") {
        let mut own = flows.iter().filter(|flow| flow[..2] == row[..2]).peekable();
        assert!(own.peek().is_some(), "{}: run the program `flows`", row[0]);
        for flow in own {
            assert!(matches!(&*flow[2], "none" | "low" | "medium"), "{flow:?}");
            assert_eq!(flow.len(), 7, "{flow:?}");
        }
    }
}

#[test]
fn at_most_three_packages_are_loud_and_no_hook_is() {
    let levels = levels();
    let loud = || {
        levels
            .iter()
            .filter(|(.., level)| *level >= RiskLevel::High)
    };
    assert!(levels.len() >= 1_500);
    assert!(loud().count() <= 3, "{:?}", loud().collect::<Vec<_>>());
    assert!(loud().all(|(_, _, has_hook, _)| !has_hook));
    let quiet = levels.iter().filter(|(_, _, has_hook, _)| !has_hook);
    let medium = quiet
        .clone()
        .filter(|(.., level)| *level == RiskLevel::Medium);
    assert!(medium.count() * 100 <= quiet.count() * 8);
}

/// A finding that alone calls more than one ordinary package in a thousand hostile is too loud.
#[test]
fn no_finding_is_high_alone_on_more_than_one_package_in_a_thousand() {
    let packages = levels().len();
    for row in rows(&root().join("crates/tarsight/src/findings/prices.tsv")) {
        let [id, .., alone] = row.as_slice() else {
            panic!("prices.tsv: {row:?}");
        };
        // Pairs have one number.
        if row.len() == 5 {
            let alone: usize = alone.parse().unwrap();
            assert!(alone * 1_000 <= packages, "{id}: {alone} of {packages}");
        }
    }
}

/// Runs where `TARSIGHT_BENIGN` names the folder of the tarballs.
#[test]
fn no_level_rises_without_the_table_saying_so() {
    let Some(folder) = folder() else {
        return;
    };
    let engine = Engine::new();
    let mut risen = Vec::new();
    for (name, version, has_hook, level) in levels() {
        let bytes = table::tarball(&folder, &name, &version).unwrap();
        let report = engine.scan(&bytes).unwrap();
        let now = Outcome::new(&name, &version, has_hook, &report);
        if now.level > level {
            risen.push(now.line());
        }
    }
    assert!(
        risen.is_empty(),
        "run the program `benign`:\n{}",
        risen.join("\n")
    );
}
