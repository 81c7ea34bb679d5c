#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tarsight_tests::fuzz::gyp(data));
