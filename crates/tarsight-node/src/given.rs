//! What JavaScript gives: packages, limits, and a way to cancel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use napi::bindgen_prelude::{ClassInstance, Either, Either3};
use napi_derive::napi;
use tarsight::{Limits, ScanOptions};
use tarsight_host::{Error, Side, Source};

use crate::report::NativeReport;

/// The largest whole number that JavaScript counts without gaps.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Bytes of a package, or where it is.
pub(crate) type Given<'a> = Either<&'a [u8], String>;

/// One side of a comparison.
pub(crate) type GivenSide<'a> = Either3<&'a [u8], String, ClassInstance<'a, NativeReport>>;

/// A limit by its name.
#[napi(object)]
pub struct GivenLimit {
    /// In kebab-case.
    pub name: String,
    /// NaN for what is no number.
    pub value: f64,
}

/// What a call is told besides its packages.
#[napi(object)]
pub struct GivenCall {
    /// Instead of the engine's.
    pub limits: Option<Vec<GivenLimit>>,
    /// In milliseconds.
    pub time_limit: Option<f64>,
}

/// Ends calls; `index.js` ties it to an `AbortSignal`.
#[napi]
#[derive(Default)]
pub struct NativeCancel(pub(crate) Arc<AtomicBool>);

#[napi]
impl NativeCancel {
    /// For one call.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the call at the next file.
    #[napi]
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A package that is read while JavaScript waits.
pub(crate) fn borrowed(given: Given<'_>) -> Source<&[u8]> {
    match given {
        Either::A(bytes) => Source::Bytes(bytes),
        Either::B(path) => Source::Path(path.into()),
    }
}

/// A package that is read while JavaScript goes on, and may write to its buffer.
pub(crate) fn owned(given: Given<'_>) -> Source {
    match given {
        Either::A(bytes) => Source::Bytes(bytes.to_vec()),
        Either::B(path) => Source::Path(path.into()),
    }
}

pub(crate) fn borrowed_side(given: GivenSide<'_>) -> Side<&[u8]> {
    match given {
        Either3::A(bytes) => Side::Source(borrowed(Either::A(bytes))),
        Either3::B(path) => Side::Source(borrowed(Either::B(path))),
        Either3::C(report) => Side::Report(Arc::clone(&report.report)),
    }
}

pub(crate) fn owned_side(given: GivenSide<'_>) -> Side {
    match given {
        Either3::A(bytes) => Side::Source(owned(Either::A(bytes))),
        Either3::B(path) => Side::Source(owned(Either::B(path))),
        Either3::C(report) => Side::Report(Arc::clone(&report.report)),
    }
}

pub(crate) fn limits(given: &[GivenLimit]) -> Result<Limits, Error> {
    tarsight_host::limits(given.iter().map(|limit| (&limit.name, whole(limit.value))))
}

pub(crate) fn options(label: Option<String>, call: &GivenCall) -> Result<ScanOptions, Error> {
    let mut options = ScanOptions::default();
    options.label = label;
    options.limits = call.limits.as_deref().map(limits).transpose()?;
    let seconds = call.time_limit.map(|limit| limit / 1_000.0);
    // More than the clock can tell is no limit.
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    options.deadline = limit.and_then(tarsight_host::deadline);
    Ok(options)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is whole and in range"
)]
fn whole(value: f64) -> Option<u64> {
    let whole = value.fract() == 0.0 && (0.0..=LARGEST).contains(&value);
    whole.then_some(value as u64)
}
