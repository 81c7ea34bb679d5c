//! Versions.

use crate::text::tarsight_str;

/// The number of this interface. It changes when a function, a number or a struct changes in a
/// way that a program built before would notice.
pub const TARSIGHT_ABI_VERSION: u32 = 1;

/// The version of the library, as `0.1.0`. Lives for ever.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn tarsight_version() -> tarsight_str {
    tarsight_str::of(env!("CARGO_PKG_VERSION"))
}

/// TARSIGHT_ABI_VERSION of the library. A program that finds another number than the header it
/// was built with should stop.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn tarsight_abi_version() -> u32 {
    TARSIGHT_ABI_VERSION
}
