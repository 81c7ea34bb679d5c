//! The documents that tarsight writes, as plain data.
//!
//! New keys may come under the same schema number; readers ignore the ones they do not know.

mod behaviour;
mod clean;
mod coverage;
mod entries;
mod finding;
mod finish;
mod flow;
pub(crate) mod json;
mod risk;
mod site;
mod subject;
mod surface;

pub use behaviour::Behaviour;
pub use clean::{EXCERPT_CHARACTERS, TARGET_CHARACTERS, clean_excerpt, clean_target, clean_text};
pub use coverage::{Coverage, FileCounts, Unanalysed};
pub use entries::{
    ENTRIES_SCHEMA, ERROR_SCHEMA, Entries, EntriesCoverage, ErrorDetail, ErrorReport, ErrorSubject,
    FileEntry,
};
pub use finding::{Anomaly, Finding, Mitigation, finding_key};
pub use flow::{Cell, Flow, Sink, Source, Step, StepRole};
pub(crate) use risk::score;
pub use risk::{Risk, RiskLevel, points, risk};
pub use site::{Frame, Layer, Site};
pub use subject::{EngineInfo, Options, Stats, Subject};
pub use surface::{Dependency, File, Manifest, Surface};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The `schema` of [`Report`].
pub const REPORT_SCHEMA: &str = "tarsight.report/1";

/// What a package does, when, and what is to be thought of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "tarsight.report/1")]
pub struct Report {
    /// `tarsight.report/1`.
    #[schemars(extend("const" = REPORT_SCHEMA))]
    pub schema: String,
    /// The engine that wrote it.
    pub engine: EngineInfo,
    /// What the caller asked for.
    pub options: Options,
    /// The package.
    pub subject: Subject,
    /// The part of package.json that a reviewer asks for.
    pub manifest: Manifest,
    /// All findings in one number.
    pub risk: Risk,
    /// What runs when, in manifest order.
    pub surfaces: Vec<Surface>,
    /// The files that npm would write, sorted by path.
    pub files: Vec<File>,
    /// What the package does, sorted by id, target, file and offset.
    pub behaviours: Vec<Behaviour>,
    /// How many behaviours there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behaviour_count: Option<u64>,
    /// Paths from a source to a sink, sorted by id, target, file and offset.
    pub flows: Vec<Flow>,
    /// How many flows there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_count: Option<u64>,
    /// Judgements, the worst first, then sorted by key.
    pub findings: Vec<Finding>,
    /// How many findings there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding_count: Option<u64>,
    /// Places where two readers could disagree, sorted by id, path and detail.
    pub anomalies: Vec<Anomaly>,
    /// How many anomalies there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anomaly_count: Option<u64>,
    /// What was looked at, and what was not.
    pub coverage: Coverage,
    /// Counts and times; only there if the caller asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats: Option<Stats>,
}

impl Default for Report {
    /// The report on nothing: no file, no risk.
    fn default() -> Self {
        Self {
            schema: REPORT_SCHEMA.to_owned(),
            engine: EngineInfo::default(),
            options: Options::default(),
            subject: Subject::default(),
            manifest: Manifest::default(),
            risk: Risk::default(),
            surfaces: Vec::new(),
            files: Vec::new(),
            behaviours: Vec::new(),
            behaviour_count: None,
            flows: Vec::new(),
            flow_count: None,
            findings: Vec::new(),
            finding_count: None,
            anomalies: Vec::new(),
            anomaly_count: None,
            coverage: Coverage::default(),
            stats: None,
        }
    }
}

/// A report made by hand, with something in every list.
#[cfg(test)]
pub(crate) const SAMPLE: &str = include_str!("sample.json");

/// [`SAMPLE`] as data.
#[cfg(test)]
pub(crate) fn sample() -> Report {
    Report::from_json(SAMPLE.as_bytes()).expect("the sample is a report")
}
