//! Paths from a source to a sink.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Site;
use crate::model::{Origin, OriginSet, Reach};

/// A path from a source to a sink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// What moves where: `credential-to-network`, …
    pub id: String,
    /// Where the data comes from.
    pub source: Source,
    /// Where it goes.
    pub sink: Sink,
    /// Whose the two ends are; absent where nothing leaves the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<Cell>,
    /// The surfaces that lead to the sink, each with its trigger.
    pub reach: Reach,
    /// The way from source to sink, in order; at most 12 steps, the middle of a longer way as one.
    pub steps: Vec<Step>,
    /// How many steps there are; absent if all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_count: Option<u64>,
}

/// Steps that a flow is told in.
const MOST_STEPS: usize = 12;

impl Flow {
    /// Makes one step of the middle of a long way.
    pub(super) fn fold(&mut self) {
        const FIRST: usize = MOST_STEPS / 2;
        let count = self.steps.len();
        let folded = (count + 1).saturating_sub(MOST_STEPS);
        let Some(middle) = self.steps.get(FIRST).filter(|_| folded > 1) else {
            return;
        };
        let middle = Step {
            role: StepRole::Step,
            note: format!("passes {folded} more places"),
            site: middle.site.clone(),
        };
        self.steps.splice(FIRST..FIRST + folded, [middle]);
        self.step_count = Some(count as u64);
    }
}

/// Whose the two ends of a flow are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Whose the data is: `callers`, `secret`, `environment`, `host`, `file`, `remote`, `constant`.
    pub from: String,
    /// Whose the destination is, from its value: `callers`, `own`, `registry`, `vendor`, `local`,
    /// `reserved`, `address`, a class of known hosts such as `paste`, `foreign`; `decoded`,
    /// `remote` or `unknown` where the value is not known.
    pub to: String,
}

/// Where data comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// What is read: `credential.npm`, …
    pub id: String,
    /// The path, variable or host that it is read from; null if not resolved.
    pub target: Option<String>,
    /// What kind of origin that is.
    pub origin: Origin,
}

/// Where data goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sink {
    /// What takes it: `network.http`, …
    pub id: String,
    /// The host, path or command that takes it; null if not resolved.
    pub target: Option<String>,
    /// Where that target comes from, sorted.
    pub origin: OriginSet,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The step's part in the flow.
    pub role: StepRole,
    /// What happens, in few words.
    pub note: String,
    /// Where.
    pub site: Site,
}

/// The part of a step in a flow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum StepRole {
    /// Data is read.
    Source,
    /// Data is handed on.
    Step,
    /// Data leaves or runs.
    Sink,
}

impl StepRole {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Step => "step",
            Self::Sink => "sink",
        }
    }
}
