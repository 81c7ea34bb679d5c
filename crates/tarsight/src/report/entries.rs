//! The two smaller documents: the files of an archive, and why there is no report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Anomaly, Subject, Unanalysed};
use crate::Error;

/// The `schema` of [`Entries`].
pub const ENTRIES_SCHEMA: &str = "tarsight.entries/1";
/// The `schema` of [`ErrorReport`].
pub const ERROR_SCHEMA: &str = "tarsight.error/1";

/// The files that npm would write, and where two readers could disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "tarsight.entries/1")]
pub struct Entries {
    /// `tarsight.entries/1`.
    #[schemars(extend("const" = ENTRIES_SCHEMA))]
    pub schema: String,
    /// The archive.
    pub subject: Subject,
    /// Exactly the files that npm would write, sorted by path.
    pub entries: Vec<FileEntry>,
    /// Places where two readers could disagree, sorted by id, path and detail.
    pub anomalies: Vec<Anomaly>,
    /// How many anomalies there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anomaly_count: Option<u64>,
    /// Whether the archive was read to its end.
    pub coverage: EntriesCoverage,
}

/// A file that npm would write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileEntry {
    /// Path after npm's strip of the first component.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// What it holds, by content: `javascript`, `json`, `shell`, `native`, …
    pub kind: String,
}

/// Whether the archive was read to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntriesCoverage {
    /// Whether it was.
    pub complete: bool,
    /// What was not read; absent if nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanalysed: Vec<Unanalysed>,
}

impl Entries {
    /// The document of an archive whose files are still to be listed.
    #[must_use]
    pub fn of(subject: Subject) -> Self {
        Self {
            schema: ENTRIES_SCHEMA.to_owned(),
            subject,
            entries: Vec::new(),
            anomalies: Vec::new(),
            anomaly_count: None,
            coverage: EntriesCoverage::default(),
        }
    }
}

/// Why there is no report on an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "tarsight.error/1")]
pub struct ErrorReport {
    /// `tarsight.error/1`.
    #[schemars(extend("const" = ERROR_SCHEMA))]
    pub schema: String,
    /// The input.
    pub subject: ErrorSubject,
    /// What is wrong with it.
    pub error: ErrorDetail,
}

/// The input that there is no report on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorSubject {
    /// Path as given by the caller; null for bytes.
    pub path: Option<String>,
}

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// A stable code, as [`Error::code`] gives it; `unreadable` for what cannot be opened.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}

impl ErrorReport {
    /// The document of an error that is not the engine's, such as a file that cannot be read.
    #[must_use]
    pub fn new(path: Option<&str>, code: &str, message: &str) -> Self {
        Self {
            schema: ERROR_SCHEMA.to_owned(),
            subject: ErrorSubject {
                path: path.map(str::to_owned),
            },
            error: ErrorDetail {
                code: code.to_owned(),
                message: message.to_owned(),
            },
        }
    }

    /// The document of an engine's error.
    #[must_use]
    pub fn of(path: Option<&str>, error: &Error) -> Self {
        Self::new(path, error.code(), &error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_written_in_the_contract_s_words() {
        let mut out = Vec::new();
        ErrorReport::of(Some("x.tgz"), &Error::Empty)
            .write_json_compact(&mut out)
            .expect("a vector takes all");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "{\"schema\":\"tarsight.error/1\",\"subject\":{\"path\":\"x.tgz\"},\"error\":{\"code\":\"empty\",\
             \"message\":\"the input is empty; give an npm tarball (.tgz or .tar)\"}}\n"
        );
    }

    #[test]
    fn entries_have_the_contract_s_keys() {
        let value = serde_json::to_value(Entries::of(Subject::default())).expect("plain data");
        let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
        assert_eq!(
            keys,
            ["schema", "subject", "entries", "anomalies", "coverage"]
        );
        assert_eq!(value["coverage"], serde_json::json!({ "complete": false }));
    }
}
