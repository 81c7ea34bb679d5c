#![no_main]

#[path = "../../crates/tarsight-capi/tests/sequence/mod.rs"]
mod sequence;

libfuzzer_sys::fuzz_target!(|data: &[u8]| sequence::run(data));
