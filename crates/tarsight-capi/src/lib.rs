//! tarsight for C. `include/tarsight.h` is made from this file and those beside it.
//!
//! Nothing is decided here: each function checks its pointers, calls the engine and hands the
//! outcome over. The conventions stand at the head of the header (`cbindgen.toml`).
#![allow(unsafe_code, reason = "a C interface takes pointers")]
#![allow(non_camel_case_types, reason = "the names are those of the header")]
#![deny(missing_docs, unsafe_op_in_unsafe_fn)]

mod boundary;
mod cancel;
mod diff;
mod engine;
mod error;
mod options;
mod report;
mod text;
mod version;
mod words;

pub use cancel::*;
pub use diff::*;
pub use engine::*;
pub use error::*;
pub use options::*;
pub use report::*;
pub use text::*;
pub use version::*;
pub use words::*;
