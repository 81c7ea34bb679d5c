//! Helpers that the workspace tests, the command's tests and the fuzz targets share.
//!
//! They panic on a broken repository: that is a failed test, and the message says which file.
#![forbid(unsafe_code)]

pub mod benign;
mod bundle;
mod case;
mod diff_case;
mod expect;
mod flow_case;
pub mod fuzz;
mod label;
pub mod model;
mod pack;
pub mod score;
pub mod table;
mod technique;
mod variant;

pub use case::{Case, Exemption, Risk, behaviour_cases, cases};
pub use diff_case::{Pair, pairs};
pub use expect::{Expected, Must, Place};
pub use flow_case::{FlowCase, flow_cases};
pub use pack::{File, folder, package, tar, tgz};
pub use technique::{Technique, techniques};
pub use variant::{Variant, each as each_variant};

use std::path::PathBuf;

/// The workspace folder.
#[must_use]
pub fn root() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    tests.parent().map(PathBuf::from).unwrap_or(tests)
}
