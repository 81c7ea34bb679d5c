//! Results as text for people.
//!
//! Whatever comes out of a package goes through [`page::clean`]: a terminal obeys control
//! characters.

mod behaviours;
mod diff;
mod findings;
mod markdown;
mod page;
mod report;
mod tables;

pub(crate) use diff::diff;
pub(crate) use markdown::markdown;
pub(crate) use report::report;
pub(crate) use tables::{entries, rules};
