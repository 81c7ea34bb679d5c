//! What a script does: behaviours, flows, files that it leads to, code in other languages.

use crate::api::AimKind;
use crate::model::{FileId, OriginSet, Reason};
use crate::value::Place;

/// What a script does.
#[derive(Debug, Default)]
pub(crate) struct Meaning {
    /// What it does, in order.
    pub(crate) acts: Vec<Act>,
    /// What goes from where to where.
    pub(crate) moves: Vec<Move>,
    /// Files of the package that it runs.
    pub(crate) leads: Vec<Lead>,
    /// JavaScript that it hands to Node.
    pub(crate) code: Vec<Code>,
    /// What of it was not read.
    pub(crate) unread: Vec<Unread>,
    /// Whether what some command prints is thrown away.
    pub(crate) silent: bool,
}

/// Something that a script does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// The behaviour's id.
    pub(crate) id: &'static str,
    /// To what; `None` if nothing of it is known.
    pub(crate) target: Option<String>,
    /// How to read that.
    pub(crate) kind: AimKind,
    /// Where the target comes from.
    pub(crate) origin: OriginSet,
    /// Where.
    pub(crate) at: Place,
}

/// Something goes from a source to a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    /// As flows are called: `credential-to-network`, ….
    pub(crate) id: &'static str,
    /// Where it starts.
    pub(crate) from: Point,
    /// Where it ends.
    pub(crate) to: Point,
}

/// One end of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// Behaviour or target class.
    pub(crate) id: &'static str,
    /// What exactly, if known.
    pub(crate) target: Option<String>,
    /// Where that comes from.
    pub(crate) origin: OriginSet,
    /// Where.
    pub(crate) at: Place,
}

/// A file of the package gets to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lead {
    /// Which.
    pub(crate) to: FileId,
    /// The place that names it.
    pub(crate) at: Place,
    /// Whether Node runs it, whatever its name.
    pub(crate) is_code: bool,
}

/// JavaScript on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// The text.
    pub(crate) text: String,
    /// Where.
    pub(crate) at: Place,
}

/// A part that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Why.
    pub(crate) reason: Reason,
    /// What makes it concrete.
    pub(crate) detail: String,
    /// Where.
    pub(crate) at: Place,
}
