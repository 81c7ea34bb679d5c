//! The package as a whole: values followed across files, uses with their targets, and flows
//! from sources to sinks.
//!
//! Terms of single files are rebuilt in one table for the package. On the way, imports become
//! what the other file exports, `__dirname` the file's folder, and calls of another file's
//! functions what they return. Values only grow, so order does not matter.

mod after_write;
mod builds;
mod carried;
mod channels;
mod closing;
mod commands;
mod compiled;
mod decoders;
mod encoded;
mod exports;
mod fields;
mod find;
mod foreign;
mod layers;
mod lines;
mod package;
mod pickup;
mod piped;
mod planted;
mod reach;
mod render;
mod request;
mod separators;
mod shifted;
mod sites;
mod sources;
mod starts;
mod target;
mod unresolved;
mod uses;
mod waiting;
mod written;

pub(crate) use builds::{Built, builds};
pub(crate) use compiled::{compiled_at, reach_compiled, started};
pub(crate) use encoded::{add_encoded, encoded, read_by};
pub(crate) use find::flows;
pub(crate) use foreign::{Foreign, foreign};
pub(crate) use layers::harmless;
pub(crate) use package::Package;
pub(crate) use uses::{Use, uses};

use crate::model::{OriginSet, Reach};
use crate::value::{Key, Place, ValueId};

/// A path from a source to a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    /// Which kind: `credential-to-network`, `remote-to-code`, ….
    pub(crate) id: &'static str,
    /// Where it starts.
    pub(crate) source: End,
    /// Where it ends.
    pub(crate) sink: End,
    /// On which surfaces the sink runs.
    pub(crate) reach: Reach,
    /// From the source to the sink; at least these two.
    pub(crate) steps: Vec<Step>,
    /// What speaks for a download that runs.
    pub(crate) separators: Vec<Separator>,
    /// Whether it ends in a request whose answer nobody takes.
    pub(crate) is_unanswered: bool,
    /// Calls on the way that may or may not hand on what they get.
    pub(crate) guesses: u32,
    /// Whether what is called at its end is that only by the way that alternatives are mixed.
    pub(crate) is_mixed: bool,
    /// The value that it starts with, if it has one.
    pub(crate) from: Option<ValueId>,
}

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// Behaviour or target class, such as `network.http` or `credential.npm`.
    pub(crate) id: &'static str,
    /// What exactly, if known.
    pub(crate) target: Option<Key>,
    /// Where that comes from.
    pub(crate) origin: OriginSet,
}

/// What careful installers do, where the values show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Separator {
    /// The digest of what runs was compared with one that the package fixes.
    Checksum,
    /// The user of the terminal sees what the program prints, and it is waited for.
    Visible,
    /// It does not run where a variable of the environment is set.
    Unless(String),
}

/// One place that a value passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// `source`, `step` or `sink`.
    pub(crate) role: &'static str,
    /// What happens there.
    pub(crate) note: String,
    /// Where.
    pub(crate) place: Place,
}

#[cfg(test)]
mod tests;
