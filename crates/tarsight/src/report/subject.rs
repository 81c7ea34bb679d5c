//! What was scanned, by which engine, with which options.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha1::Sha1;
use sha2::{Digest, Sha512};

use crate::Limits;

/// The engine that wrote a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// `tarsight`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Default for EngineInfo {
    fn default() -> Self {
        Self {
            name: "tarsight".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// What the caller asked for, as far as it can change the outcome.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The limits that differ from the defaults, by kebab-case name.
    #[schemars(with = "std::collections::BTreeMap<String, u64>")]
    pub limits: Map<String, Value>,
    /// Digest of the configuration; null if there was none.
    pub config: Option<String>,
}

impl Options {
    /// What differs from the defaults.
    #[must_use]
    pub fn of(limits: &Limits) -> Self {
        Self {
            limits: limits.changed(),
            config: None,
        }
    }
}

/// The package that was scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Path as given by the caller; null for bytes.
    pub path: Option<String>,
    /// The caller's own name for it.
    pub label: Option<String>,
    /// Name from package.json; null if missing.
    pub name: Option<String>,
    /// Version from package.json; null if missing.
    pub version: Option<String>,
    /// `sha512-` and the base64 of the SHA-512 of the tarball's bytes; null for a folder.
    pub integrity: Option<String>,
    /// The hexadecimal SHA-1 of the tarball's bytes; null for a folder.
    pub shasum: Option<String>,
    /// Bytes of the tarball as given; for a folder the sum of its files.
    pub size: u64,
    /// Bytes of all files that npm would write.
    pub unpacked_size: u64,
    /// Files that npm would write.
    pub file_count: u64,
}

impl Subject {
    /// The subject of a tarball's bytes: size, integrity and shasum; the rest is for the engine.
    #[must_use]
    pub fn of_tarball(bytes: &[u8]) -> Self {
        let sha1 = Sha1::digest(bytes);
        Self {
            integrity: Some(format!("sha512-{}", STANDARD.encode(Sha512::digest(bytes)))),
            shasum: Some(sha1.iter().map(|byte| format!("{byte:02x}")).collect()),
            size: bytes.len() as u64,
            ..Self::default()
        }
    }
}

/// Counts and times, for those who ask; never there by default, so that equal input gives
/// equal output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Files that were parsed, layers included; not those that a cache knew.
    pub parsed_files: u64,
    /// Bytes that were parsed, layers included.
    pub parsed_bytes: u64,
    /// Pieces of code found inside values.
    pub layers: u64,
    /// Evaluation steps.
    pub steps: u64,
    /// Microseconds from bytes to report; filled by the caller, who has a clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_micros: Option<u64>,
}

impl Stats {
    /// The work of both.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self {
            parsed_files: self.parsed_files + other.parsed_files,
            parsed_bytes: self.parsed_bytes + other.parsed_bytes,
            layers: self.layers + other.layers,
            steps: self.steps.saturating_add(other.steps),
            elapsed_micros: self
                .elapsed_micros
                .zip(other.elapsed_micros)
                .map(|(a, b)| a.saturating_add(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_as_npm_writes_them() {
        let subject = Subject::of_tarball(b"abc");
        assert_eq!(
            subject.integrity.as_deref(),
            Some(
                "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
            )
        );
        assert_eq!(
            subject.shasum.as_deref(),
            Some("a9993e364706816aba3e25717850c26c9cd0d89d")
        );
        assert_eq!(subject.size, 3);
    }

    #[test]
    fn only_changed_limits_are_written() {
        assert!(Options::of(&Limits::default()).limits.is_empty());
        let limits = Limits {
            parse_files: 7,
            ..Limits::default()
        };
        let options = Options::of(&limits);
        assert_eq!(options.limits.get("parse-files"), Some(&7.into()));
    }
}
