//! The tables that `build.rs` wrote, most specific rows first.

use super::Target;

/// Where a path pattern starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Anywhere.
    Any,
    /// Below a home folder.
    Home,
    /// Below the root.
    Root,
}

/// A path pattern.
#[derive(Debug)]
pub(super) struct PathRow {
    pub(super) target: Target,
    pub(super) anchor: Anchor,
    pub(super) parts: &'static [&'static str],
}

/// What a variable is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Secret,
    Gate,
    Steer,
}

/// A pattern for names of variables.
#[derive(Debug)]
pub(super) struct VariableRow {
    pub(super) target: Target,
    pub(super) group: Group,
}

/// A host and the start of a path.
#[derive(Debug)]
pub(super) struct HostRow {
    pub(super) target: Target,
    pub(super) host: &'static str,
    pub(super) path: &'static str,
}

/// A shape of a token.
#[derive(Debug)]
pub(super) struct TokenRow {
    pub(super) target: Target,
    pub(super) markers: &'static [&'static str],
    #[cfg_attr(not(test), expect(dead_code, reason = "what the tests match"))]
    pub(super) example: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/targets.rs"));
