//! Random calls of the C interface, without a fuzzer: seeds, past crashes, and noise.
#![allow(unsafe_code, reason = "the calls are C's")]

mod sequence;

use std::fs;
use std::path::Path;

#[test]
fn seeds_and_past_crashes_break_nothing() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut count = 0;
    for kind in ["seeds", "regressions"] {
        let Ok(entries) = fs::read_dir(fuzz.join(kind).join("capi")) else {
            continue;
        };
        for entry in entries.flatten() {
            sequence::run(&fs::read(entry.path()).expect("readable"));
            count += 1;
        }
    }
    assert!(count > 0, "fuzz/seeds/capi is empty");
}

#[test]
fn noise_breaks_nothing() {
    // Any generator will do: what counts is that the sequences are always the same.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..60 {
        let data: Vec<u8> = (0..600)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()[3]
            })
            .collect();
        sequence::run(&data);
    }
}
