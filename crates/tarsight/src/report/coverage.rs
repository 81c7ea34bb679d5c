//! What was looked at, and what was not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{self, CoverageKind, Reach, Reason, SurfaceKind, Trigger};

/// What was looked at, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Whether nothing is `not-examined`.
    pub complete: bool,
    /// How many files were looked at.
    pub files: FileCounts,
    /// What was not looked at, sorted by reason, path and detail.
    pub unanalysed: Vec<Unanalysed>,
    /// How many there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanalysed_count: Option<u64>,
}

/// Counts of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileCounts {
    /// Files that npm would write.
    pub total: u64,
    /// Files whose code was analysed.
    pub analysed: u64,
    /// Files that hold no code.
    pub inert: u64,
    /// Files that hold code which was not analysed.
    pub unanalysed: u64,
}

/// Something that was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unanalysed {
    /// Path inside the package; null for the archive or the report as a whole.
    pub path: Option<String>,
    /// Why, as `tarsight rules` lists them.
    #[schemars(with = "String")]
    pub reason: Reason,
    /// Which way of not knowing: `not-examined`, `not-resolved` or `opaque`.
    #[schemars(with = "String")]
    pub kind: CoverageKind,
    /// The limit, the error or the site that makes it concrete.
    pub detail: String,
    /// The surfaces that lead to it; empty means dormant.
    pub reach: Reach,
}

impl Unanalysed {
    /// What a stage left out, with the reach of its file.
    #[must_use]
    pub fn new(unanalysed: &model::Unanalysed, reach: Reach) -> Self {
        Self {
            path: unanalysed.path.clone(),
            reason: unanalysed.reason,
            kind: unanalysed.reason.kind(),
            detail: unanalysed.detail.clone(),
            reach,
        }
    }

    /// Whether code that can run may be behind it.
    ///
    /// What is missing from the archive as a whole may be anything, so it counts as reachable;
    /// a list that was cut in the report was examined before.
    #[must_use]
    pub fn is_reachable_code(&self) -> bool {
        self.kind == CoverageKind::NotExamined
            && self.reason != Reason::ReportLimit
            && (self.path.is_none() || !self.reach.is_dormant())
            && !self.is_recipe()
    }
}

impl Unanalysed {
    /// A script that waits for somebody who calls it by hand, as `make` is called.
    fn is_recipe(&self) -> bool {
        self.reason == Reason::SyntaxError
            && self.reach == Reach::of(SurfaceKind::Tool, Trigger::Call)
    }
}

impl Coverage {
    /// Whether code that can run was not examined.
    #[must_use]
    pub fn misses_reachable_code(&self) -> bool {
        self.unanalysed.iter().any(Unanalysed::is_reachable_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unexamined_code_that_can_run_counts() {
        let here = Reach::of(SurfaceKind::Import, Trigger::Call);
        let of = |reason, reach| {
            Unanalysed::new(&model::Unanalysed::file("a.js", reason, ""), reach).is_reachable_code()
        };
        assert!(of(Reason::SyntaxError, here));
        assert!(!of(Reason::SyntaxError, Reach::DORMANT));
        let recipe = Reach::of(SurfaceKind::Tool, Trigger::Call);
        assert!(!of(Reason::SyntaxError, recipe));
        assert!(!of(Reason::NativeCode, here));
        assert!(!of(Reason::UnresolvedValue, here));
        let whole = |reason| {
            let missing = model::Unanalysed {
                path: None,
                reason,
                detail: String::new(),
            };
            Unanalysed::new(&missing, Reach::DORMANT).is_reachable_code()
        };
        assert!(whole(Reason::ArchiveTruncated));
        assert!(!whole(Reason::ReportLimit));
    }
}
