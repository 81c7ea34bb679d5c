//! Coarse classes of behaviour.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A coarse class of behaviour.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Talks to other machines.
    Network,
    /// Reads or changes files.
    Filesystem,
    /// Starts or steers processes.
    Process,
    /// Reads or changes environment variables and the machine's identity.
    Environment,
    /// Runs code that is not in the file as written.
    DynamicCode,
    /// Loads code that is not JavaScript.
    NativeCode,
    /// Touches secrets.
    Credential,
    /// Hides what it does.
    Obfuscation,
    /// Survives the process.
    Persistence,
    /// Spreads to other packages or repositories.
    Propagation,
    /// Destroys data or service.
    Destructive,
    /// Touches wallets or chains.
    Wallet,
    /// Touches continuous integration.
    Ci,
    /// Touches coding agents.
    AiAgent,
    /// Stands in package.json.
    Manifest,
    /// Avoids being watched.
    Evasion,
}

impl Capability {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Filesystem => "filesystem",
            Self::Process => "process",
            Self::Environment => "environment",
            Self::DynamicCode => "dynamic-code",
            Self::NativeCode => "native-code",
            Self::Credential => "credential",
            Self::Obfuscation => "obfuscation",
            Self::Persistence => "persistence",
            Self::Propagation => "propagation",
            Self::Destructive => "destructive",
            Self::Wallet => "wallet",
            Self::Ci => "ci",
            Self::AiAgent => "ai-agent",
            Self::Manifest => "manifest",
            Self::Evasion => "evasion",
        }
    }
}
