//! The document: what one version does that the version before it did not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{OriginSet, Reach, TargetKind};
use crate::report::{EngineInfo, Risk, RiskLevel, Site, Stats, Subject, Unanalysed};

/// The `schema` of [`Diff`].
pub const DIFF_SCHEMA: &str = "tarsight.diff/1";

/// What is new, gone and changed between two versions of a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "tarsight.diff/1")]
pub struct Diff {
    /// `tarsight.diff/1`.
    #[schemars(extend("const" = DIFF_SCHEMA))]
    pub schema: String,
    /// The engine that wrote it.
    pub engine: EngineInfo,
    /// The version before.
    pub old: Subject,
    /// The version after.
    pub new: Subject,
    /// Of the change, not of the package.
    pub risk: Risk,
    /// What the reader should know before trusting the comparison.
    pub warnings: Vec<Warning>,
    /// What only the new version has, the strongest first.
    pub gained: Vec<Item>,
    /// How many there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gained_count: Option<u64>,
    /// What only the old version has.
    pub lost: Vec<Item>,
    /// How many there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_count: Option<u64>,
    /// What both have, in another way; the strongest first.
    pub changed: Vec<Change>,
    /// How many there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_count: Option<u64>,
    /// How much stayed as it was.
    pub same: Same,
    /// Whether both versions were looked at in full.
    pub coverage: DiffCoverage,
    /// Counts of the work for both versions; only there if the caller asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats: Option<Stats>,
}

/// Of which list of a report an item is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ItemKind {
    /// A judgement.
    Finding,
    /// A path from a source to a sink.
    Flow,
    /// A way that code gets to run.
    Surface,
    /// Something that the package does.
    Behaviour,
    /// A machine that it talks to.
    Host,
    /// A package that it needs.
    Dependency,
    /// A file that is unlike the others.
    File,
    /// A place where two readers could disagree.
    Anomaly,
    /// Something else in package.json.
    Manifest,
    /// Code that was not examined.
    Coverage,
}

impl ItemKind {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Flow => "flow",
            Self::Surface => "surface",
            Self::Behaviour => "behaviour",
            Self::Host => "host",
            Self::Dependency => "dependency",
            Self::File => "file",
            Self::Anomaly => "anomaly",
            Self::Manifest => "manifest",
            Self::Coverage => "coverage",
        }
    }
}

/// Something that only one of the versions has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Of which list it is.
    #[schemars(with = "String")]
    pub kind: ItemKind,
    /// The id in that list: of a behaviour, a finding, an anomaly; the kind of a surface or a
    /// dependency; the class of a file.
    pub id: String,
    /// Fingerprint of kind, id, normalised target and bundled package; `risk.because` names it.
    pub key: String,
    /// To what, as the report says it; null if there is nothing to name.
    pub target: Option<String>,
    /// What the target is; null if not resolved.
    #[schemars(with = "Option<String>")]
    pub target_kind: Option<TargetKind>,
    /// Where the target comes from, sorted.
    pub origin: OriginSet,
    /// The surfaces that lead to it; empty means dormant or not about code.
    pub reach: Reach,
    /// The bundled package that it belongs to, as `name@version`.
    pub package: Option<String>,
    /// Where, sorted by file and offset.
    pub sites: Vec<Site>,
    /// What it alone would make of the change.
    pub level: RiskLevel,
    /// Ids of the signals that it carries, the strongest first.
    pub signals: Vec<String>,
    /// The strongest signal in a sentence.
    pub why: String,
}

/// Something that both versions have, in another way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Of which list it is.
    #[schemars(with = "String")]
    pub kind: ItemKind,
    /// The id in that list.
    pub id: String,
    /// Fingerprint, as in [`Item`].
    pub key: String,
    /// To what, as the new report says it.
    pub target: Option<String>,
    /// How the old version has it: only what differs.
    pub from: State,
    /// How the new version has it: only what differs.
    pub to: State,
    /// Where in the new version.
    pub sites: Vec<Site>,
    /// What it alone would make of the change.
    pub level: RiskLevel,
    /// Ids of the signals that it carries, the strongest first.
    pub signals: Vec<String>,
    /// The strongest signal in a sentence.
    pub why: String,
}

/// One side of a [`Change`]; what does not differ is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The surfaces that lead to it; empty means dormant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// What it says: a command, a range, a severity, a size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The files that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<String>>,
}

/// How much stayed as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Same {
    /// Behaviours that both versions have with the same reach.
    pub behaviours: u64,
    /// Files with the same bytes, wherever they stand.
    pub files: u64,
    /// Findings that both versions have.
    pub findings: u64,
}

/// Whether both versions were looked at in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffCoverage {
    /// Whether nothing of either version was left out.
    pub complete: bool,
    /// Whether nothing of the old version was left out; if not, what is gained may be old.
    pub old: bool,
    /// Whether nothing of the new version was left out; if not, there may be more that is new.
    pub new: bool,
    /// What of the new version was not examined.
    pub unanalysed: Vec<Unanalysed>,
}

/// What the reader should know before trusting the comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What kind: `different-names`, `different-engines`, `different-limits`, `older-report`,
    /// `incomplete-old`, `incomplete-new`.
    pub id: String,
    /// In words.
    pub message: String,
}

impl Default for Diff {
    /// The diff of nothing and nothing.
    fn default() -> Self {
        Self {
            schema: DIFF_SCHEMA.to_owned(),
            engine: EngineInfo::default(),
            old: Subject::default(),
            new: Subject::default(),
            risk: Risk::default(),
            warnings: Vec::new(),
            gained: Vec::new(),
            gained_count: None,
            lost: Vec::new(),
            lost_count: None,
            changed: Vec::new(),
            changed_count: None,
            same: Same::default(),
            coverage: DiffCoverage::default(),
            stats: None,
        }
    }
}

impl Diff {
    /// Whether nothing was gained, lost or changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.changed.is_empty()
    }
}

crate::report::json::documents!(Diff);
