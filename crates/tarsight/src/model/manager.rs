//! What package managers do with a surface by themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a package manager does with a surface of a dependency by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It runs at once.
    Runs,
    /// It waits until the user has approved it.
    Blocked,
    /// It is not run for a dependency.
    Never,
}

impl Outcome {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Blocked => "blocked",
            Self::Never => "never",
        }
    }
}

/// What each package manager does with its own defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Managers {
    /// npm 11.
    pub npm11: Outcome,
    /// npm 12.
    pub npm12: Outcome,
    /// pnpm 11 and later.
    pub pnpm: Outcome,
    /// Yarn 1.
    pub yarn_classic: Outcome,
    /// Yarn 4.
    pub yarn_berry: Outcome,
    /// Bun, for packages outside its own list of trusted ones.
    pub bun: Outcome,
    /// Deno.
    pub deno: Outcome,
}

impl Managers {
    /// Each manager as people call it, with its outcome.
    #[must_use]
    pub fn list(&self) -> [(&'static str, Outcome); 7] {
        [
            ("npm 11", self.npm11),
            ("npm 12", self.npm12),
            ("pnpm", self.pnpm),
            ("Yarn 1", self.yarn_classic),
            ("Yarn 4", self.yarn_berry),
            ("Bun", self.bun),
            ("Deno", self.deno),
        ]
    }
}
