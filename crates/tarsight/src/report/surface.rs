//! What runs when, and what package.json says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Managers, SurfaceKind};

/// A way that code of the package gets to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Surface {
    /// Which way.
    pub kind: SurfaceKind,
    /// The hook, for `install` and `prepare`: `postinstall`, …; for `tool` what makes the tool
    /// act: `folderOpen`, `SessionStart`, a key of its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The command that the hook or the tool runs, or the file that it loads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The subpath of an `import`, the command's name of a `bin`, the tool of a `tool`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The conditions that lead to an `import`, in manifest order; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// Paths of the files that it names directly.
    pub entries: Vec<String>,
    /// Packages whose code a hook loads: what they do is in their own reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// What each package manager does with a hook by itself; absent where it is no hook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managers: Option<Managers>,
}

impl Surface {
    /// A surface of a kind with nothing on it.
    #[must_use]
    pub fn of(kind: SurfaceKind) -> Self {
        Self {
            kind,
            hook: None,
            command: None,
            name: None,
            conditions: Vec::new(),
            entries: Vec::new(),
            uses: Vec::new(),
            managers: None,
        }
    }
}

/// The part of package.json that a reviewer asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Name → command of every script, sorted by name.
    pub scripts: BTreeMap<String, String>,
    /// Address of the repository; null if missing.
    pub repository: Option<String>,
    /// Address of the home page; null if missing.
    pub homepage: Option<String>,
    /// The dependencies of every kind, sorted by name.
    pub dependencies: Vec<Dependency>,
    /// How many dependencies there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependency_count: Option<u64>,
}

/// A dependency as package.json names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// Name under which the code imports it.
    pub name: String,
    /// What package.json asks for: a range, an address, a path.
    pub spec: String,
    /// The list it stands in: `dependencies`, `devDependencies`, `peerDependencies`,
    /// `optionalDependencies`, `bundleDependencies`.
    pub kind: String,
    /// Where npm gets it from: `registry`, `git`, `url`, `file`, `alias`.
    pub source: String,
    /// Whether any file of the package imports it.
    pub imported: bool,
}

/// A file that npm would write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Path inside the package.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// What it holds, by content: `javascript`, `json`, `shell`, `native`, …
    pub kind: String,
    /// The surfaces that lead to it; empty means dormant.
    pub reach: crate::model::Reach,
    /// Digest of what the file does; equal in two files that do the same.
    pub behaviours: String,
    /// How many lines it has; absent if it holds no code that is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
    /// Bytes of its longest line; absent if it holds no code that is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_line: Option<u64>,
}
