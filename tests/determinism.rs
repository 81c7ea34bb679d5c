//! The same bytes give the same report: again, with other thread counts, from other threads.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::thread;

use tarsight::Engine;
use tarsight_tests::{cases, tgz};

fn engine(jobs: usize) -> Engine {
    Engine::builder().jobs(jobs).build().unwrap()
}

fn json(engine: &Engine, bytes: &[u8]) -> String {
    engine.scan(bytes).unwrap().to_json()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (one, eight) = (engine(1), engine(8));
    for case in cases() {
        let bytes = tgz(&case.files);
        let first = json(&one, &bytes);
        for (other, how) in [
            (&one, "again"),
            (&eight, "8 jobs"),
            (&eight, "8 jobs again"),
        ] {
            assert!(json(other, &bytes) == first, "{}: {how} differs", case.name);
        }
    }
}

#[test]
fn one_engine_serves_many_threads() {
    let engine = engine(2);
    let packed: Vec<Vec<u8>> = cases().iter().map(|case| tgz(&case.files)).collect();
    let alone: Vec<String> = packed.iter().map(|bytes| json(&engine, bytes)).collect();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (bytes, alone) in packed.iter().zip(&alone) {
                    assert!(json(&engine, bytes) == *alone, "a shared engine differs");
                }
            });
        }
    });
}

#[test]
fn a_folder_and_its_tarball_agree() {
    let engine = engine(2);
    for case in cases() {
        let packed: serde_json::Value =
            serde_json::from_str(&json(&engine, &tgz(&case.files))).unwrap();
        let tree = engine.scan_tree(case.files.clone()).unwrap().to_json();
        let tree: serde_json::Value = serde_json::from_str(&tree).unwrap();
        for key in [
            "risk",
            "surfaces",
            "files",
            "behaviours",
            "flows",
            "findings",
        ] {
            assert_eq!(packed[key], tree[key], "{}: {key}", case.name);
        }
    }
}
