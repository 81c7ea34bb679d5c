//! Results as text for people.
//!
//! Whatever comes out of a package goes through [`page::clean`]: a terminal obeys control
//! characters.

mod behaviours;
mod brief;
mod diff;
mod diff_markdown;
mod findings;
mod frame;
mod headline;
mod hosts;
mod markdown;
mod next;
mod page;
mod report;
mod report_markdown;
mod runs;
mod story;
mod tables;

pub(crate) use diff::diff;
pub(crate) use diff_markdown::markdown as diff_markdown;
pub(crate) use report::report;
pub(crate) use report_markdown::markdown;
pub(crate) use tables::{entries, rules};
