//! What the target of a behaviour is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the target of a behaviour is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TargetKind {
    /// A whole address with its scheme.
    Url,
    /// A host name or an address, perhaps with a port.
    Host,
    /// A path of the file system.
    Path,
    /// A command line or the name of a program.
    Command,
    /// A module specifier.
    Module,
    /// The name of an environment variable.
    Variable,
    /// Source text.
    Code,
    /// Anything else, and kinds that a later engine names.
    #[serde(other)]
    Other,
}

impl TargetKind {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Host => "host",
            Self::Path => "path",
            Self::Command => "command",
            Self::Module => "module",
            Self::Variable => "variable",
            Self::Code => "code",
            Self::Other => "other",
        }
    }
}
