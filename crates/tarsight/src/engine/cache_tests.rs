//! Scans with and without a cache, and what a comparison costs.

use super::{Engine, FactCache, ScanOptions};
use crate::report::Stats;
use crate::{Limits, Report};

type Files = Vec<(String, Vec<u8>)>;

/// A package of many files, one of which is `last`.
fn package(version: &str, last: &str) -> Files {
    let manifest = format!(r#"{{"name":"a","version":"{version}","main":"f0.js"}}"#);
    let mut files = vec![("package.json".to_owned(), manifest.into_bytes())];
    for n in 0..200 {
        let text = match n {
            199 => last.to_owned(),
            _ => format!(
                "const os = require('os');\n{}exports.f{n} = () => os.arch() + './f{n}';\n",
                "exports.part = (a, b) => (a + b) * 2;\n".repeat(20)
            ),
        };
        files.push((format!("f{n}.js"), text.into_bytes()));
    }
    files
}

fn scan(files: Files, cache: Option<FactCache>, limits: Option<Limits>) -> Report {
    let options = ScanOptions {
        stats: true,
        cache,
        limits,
        ..ScanOptions::default()
    };
    let engine = Engine::new();
    let report = engine.scan_tree_with(files, &options);
    report.expect("a package")
}

fn without_stats(mut report: Report) -> String {
    report.stats = None;
    report.to_json()
}

fn work(stats: Option<Stats>) -> (u64, u64) {
    let stats = stats.expect("it was asked for");
    (stats.parsed_bytes, stats.steps)
}

#[test]
fn a_version_with_one_new_file_costs_little_more_than_one_scan() {
    let old = package("1.0.0", "exports.x = 1;\n");
    let new = package("1.0.1", "exports.x = require('os').hostname();\n");
    let cache = FactCache::new();
    let before = scan(old, Some(cache.clone()), None);
    let after = scan(new.clone(), Some(cache), None);
    let both = crate::diff(&before, &after);
    let (bytes, steps) = work(both.stats);
    let (bytes_alone, steps_alone) = work(scan(new, None, None).stats);
    assert!(bytes * 10 <= bytes_alone * 12, "{bytes} of {bytes_alone}");
    assert!(steps * 10 <= steps_alone * 12, "{steps} of {steps_alone}");
    assert!(steps_alone > 100, "there is something to save");
}

#[test]
fn a_report_is_the_same_with_a_cache() {
    let files = package("1.0.0", "export default 1;\n");
    let cache = FactCache::new();
    let alone = without_stats(scan(files.clone(), None, None));
    let first = scan(files.clone(), Some(cache.clone()), None);
    assert_eq!(without_stats(first), alone);
    let again = scan(files, Some(cache), None);
    let (bytes, _) = work(again.stats.clone());
    assert_eq!(bytes, 0, "nothing is parsed again");
    assert_eq!(without_stats(again), alone);
}

#[test]
fn other_limits_know_nothing_of_each_other() {
    let cache = FactCache::new();
    let files = package("1.0.0", "exports.x = 1;\n");
    let tight = Limits {
        parse_files: 3,
        file_steps: 1,
        ..Limits::default()
    };
    let alone = without_stats(scan(files.clone(), None, Some(tight.clone())));
    scan(files.clone(), Some(cache.clone()), None);
    let cached = scan(files, Some(cache), Some(tight));
    assert_eq!(without_stats(cached), alone);
}
