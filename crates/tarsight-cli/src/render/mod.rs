//! Results as text for people.
//!
//! Whatever comes out of a package goes through [`page::clean`]: a terminal obeys control
//! characters.

mod behaviours;
mod findings;
mod page;
mod report;
mod tables;

pub(crate) use report::report;
pub(crate) use tables::{entries, rules};
