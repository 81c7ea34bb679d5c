//! What the command and the bindings share: packages from paths, and calls that a host can leave.
//!
//! The engine opens no file and starts nothing; whoever calls it does. So that they all do it in
//! one way, it stands here.
#![forbid(unsafe_code)]

mod call;
mod error;
mod limits;
mod source;
mod walk;
mod workers;

pub use call::{deadline, leavable};
pub use error::Error;
pub use limits::limits;
pub use source::{Side, Source, diff, entries, read_limited, scan, scan_or_load};
