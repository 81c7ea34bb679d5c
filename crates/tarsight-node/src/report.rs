//! What the engine says, as JSON text.

use std::sync::Arc;

use napi_derive::napi;
use tarsight::{Diff, Report};

use crate::{Failure, guarded, told};
use napi::bindgen_prelude::Either;

/// What a package does.
#[napi]
pub struct NativeReport {
    pub(crate) report: Arc<Report>,
}

#[napi]
impl NativeReport {
    /// Reads a report that was saved as JSON.
    #[napi]
    pub fn from_json(json: &[u8]) -> Either<NativeReport, Failure> {
        told(guarded(|| Ok(Report::from_json(json)?.into())))
    }

    /// The whole report.
    #[napi]
    pub fn json(&self) -> Either<String, Failure> {
        told(guarded(|| Ok(self.report.to_json())))
    }
}

impl From<Report> for NativeReport {
    fn from(report: Report) -> Self {
        Self {
            report: Arc::new(report),
        }
    }
}

/// What one version does that the version before it did not.
#[napi]
pub struct NativeDiff {
    diff: Diff,
}

#[napi]
impl NativeDiff {
    /// The whole diff.
    #[napi]
    pub fn json(&self) -> Either<String, Failure> {
        told(guarded(|| Ok(self.diff.to_json())))
    }
}

impl From<Diff> for NativeDiff {
    fn from(diff: Diff) -> Self {
        Self { diff }
    }
}
