//! Judgements, and what they rest on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Site, clean::short_hash};
use crate::archive;
use crate::model::{Confidence, Reach, Severity};

/// A judgement over behaviours and flows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What kind, as `tarsight rules` lists them.
    pub id: String,
    /// Stable fingerprint from [`finding_key`]: equal in the next version if nothing that
    /// matters changed.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What kind, in words.
    pub title: String,
    /// What was seen, with the concrete secret, host or command.
    pub message: String,
    /// The surfaces that lead to it, each with its trigger; empty means dormant.
    pub reach: Reach,
    /// The places that show it, sorted by file and offset.
    pub evidence: Vec<Site>,
    /// How many places there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_count: Option<u64>,
    /// What lowered the severity, from computed values.
    pub mitigations: Vec<Mitigation>,
    /// What the reader can do.
    pub advice: String,
    /// When the same code is harmless.
    pub benign_when: String,
    /// CWE and ATT&CK identifiers, sorted.
    pub references: Vec<String>,
    /// Why the caller waived it; null if it counts.
    pub waived: Option<String>,
}

/// Something that lowered the severity of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mitigation {
    /// What kind: `checksum-verified`, …
    pub id: String,
    /// What was seen.
    pub note: String,
    /// Where; null if it stands in no file.
    pub site: Option<Site>,
}

/// A place where two readers of the archive or the manifest could disagree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Anomaly {
    /// What kind, as `tarsight rules` lists them.
    pub id: String,
    /// How strongly it hints at intent.
    pub level: Severity,
    /// Path inside the package, as far as there is one.
    pub path: Option<String>,
    /// What makes it concrete.
    pub detail: String,
}

impl From<&archive::Anomaly> for Anomaly {
    fn from(anomaly: &archive::Anomaly) -> Self {
        Self {
            id: anomaly.id.as_str().to_owned(),
            level: anomaly.id.level(),
            path: anomaly.path.clone(),
            detail: anomaly.detail.clone(),
        }
    }
}

/// The fingerprint of a finding: 16 hexadecimal digits of a SHA-256 over its id and what makes
/// it this one (normalised hosts, paths, commands, secrets).
///
/// Lines, file names and anything else that a harmless edit changes must stay out of `parts`.
/// Their order counts; sort them if it means nothing.
///
/// ```
/// use tarsight::report::finding_key;
/// let key = finding_key("remote-code", &["https://a.example/x"]);
/// assert_eq!(key.len(), 16);
/// assert_ne!(key, finding_key("remote-code", &["https://b.example/x"]));
/// ```
#[must_use]
pub fn finding_key(id: &str, parts: &[&str]) -> String {
    let all: Vec<&str> = std::iter::once(id).chain(parts.iter().copied()).collect();
    short_hash(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_what_they_are() {
        // Saved waivers and baselines hold these: a change here breaks them.
        assert_eq!(finding_key("a", &[]), "ae6121c88ba555f6");
        assert_eq!(
            finding_key(
                "credential-exfiltration",
                &["credential.npm", "https://c2.example"]
            ),
            "243b6065ee58793c"
        );
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(finding_key("a", &["bc"]), finding_key("a", &["b", "c"]));
        assert_ne!(finding_key("a", &["b"]), finding_key("ab", &[]));
        assert_ne!(finding_key("a", &["", "b"]), finding_key("a", &["b", ""]));
    }
}
