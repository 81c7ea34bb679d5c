//! Seeds and past crashes of the fuzz targets, replayed without a fuzzer.

use std::fs;

use tarsight_tests::fuzz::TARGETS;
use tarsight_tests::root;

#[test]
fn no_known_input_breaks_a_target() {
    for (name, target) in TARGETS {
        let mut count = 0;
        for kind in ["seeds", "regressions"] {
            let path = root().join("fuzz").join(kind).join(name);
            let Ok(entries) = fs::read_dir(&path) else {
                continue;
            };
            for entry in entries.flatten() {
                println!("{}", entry.path().display());
                target(&fs::read(entry.path()).unwrap());
                count += 1;
            }
        }
        assert!(count > 0, "fuzz/seeds/{name} is empty");
    }
}
