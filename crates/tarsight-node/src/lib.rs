//! tarsight for Node: the addon that `index.js` presents.
//!
//! Nothing is decided here: arguments become Rust values, the engine does the work, and what it
//! says goes back as JSON text. What failed goes back as a value, and `index.js` throws it: there
//! an error can have a class and a code.

#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing to a test"))]
#![allow(unreachable_pub, reason = "napi exports what is `pub`")]
#![allow(clippy::needless_pass_by_value, reason = "napi gives values")]

mod engine;
mod given;
mod report;

use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::Either;
use napi_derive::napi;
use tarsight_host::Error;

/// Why a call failed.
#[napi(object)]
pub struct Failure {
    /// A stable word for programs.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}

/// The version of the engine.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Runs a body; no panic of it reaches Node.
fn guarded<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(Error::Bug))
}

/// What JavaScript gets of an outcome.
fn told<T>(outcome: Result<T, Error>) -> Either<T, Failure> {
    match outcome {
        Ok(value) => Either::A(value),
        Err(error) => Either::B(Failure {
            code: error.code().to_owned(),
            message: error.to_string(),
        }),
    }
}
