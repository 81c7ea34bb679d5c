//! The words that every stage shares: places, reach, origins, grades.
//!
//! Nothing here depends on any other folder.

mod capability;
mod caught;
mod coverage;
mod grade;
mod manager;
mod origin;
mod reach;
mod span;
mod target;

pub use capability::Capability;
pub(crate) use caught::{Failures, caught};
pub use coverage::{CoverageKind, Reason, Unanalysed};
pub use grade::{Confidence, Severity};
pub use manager::{Managers, Outcome};
pub use origin::{Origin, OriginSet};
pub use reach::{Reach, SurfaceKind, Trigger};
pub use span::{FileId, Span};
pub use target::TargetKind;
