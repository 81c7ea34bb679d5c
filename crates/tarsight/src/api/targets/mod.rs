//! What targets are: paths of secrets, names of variables, hosts, tokens, extensions.
//!
//! Each `.tsv` here says at its head what its columns and patterns mean, and every row says where
//! it is from. Ids are shared: `credential.npm` is a path, a variable or a token alike.

pub(crate) mod host;
mod hosts;
mod paths;
mod table;
mod tokens;
mod variables;

pub(crate) use hosts::address;
pub(crate) use hosts::host_class;
pub(crate) use paths::{persistence_path, secret_path};
pub(crate) use tokens::token_shapes;
#[cfg(test)]
pub(crate) use tokens::{extension, token_pattern};
pub(crate) use variables::secret_variable;
#[cfg(test)]
pub(crate) use variables::{gate_variable, steering_variable};

/// One row of a target table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What it is, `dotted.kebab`.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// The pattern that matched.
    pub pattern: &'static str,
    /// Who says so.
    pub source: &'static str,
}

impl Target {
    /// Who says so, for readers who do not have our own list of threats.
    pub(crate) fn said_by(&self) -> &'static str {
        match self.source.split_once("; ") {
            Some((own, others)) if own.starts_with("THREATS ") => others,
            None if self.source.starts_with("THREATS ") => "reports on attacks",
            _ => self.source,
        }
    }
}

/// When the rows changed last.
pub(crate) const VERSION: &str = "2026-11-28";

/// The rows of all tables, each with what its pattern is about: `path`, `written-path`,
/// `variable`, `host`, `token` or `extension`.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, &'static Target)> {
    fn named<'a>(
        table: &'static str,
        rows: impl Iterator<Item = &'a Target>,
    ) -> impl Iterator<Item = (&'static str, &'a Target)> {
        rows.map(move |row| (table, row))
    }
    let secrets = table::SECRET_PATHS.iter().map(|row| &row.target);
    let written = table::PERSISTENCE_PATHS.iter().map(|row| &row.target);
    let variables = table::VARIABLES.iter().map(|row| &row.target);
    let hosts = table::HOSTS.iter().map(|row| &row.target);
    let tokens = table::TOKENS.iter().map(|row| &row.target);
    named("path", secrets)
        .chain(named("written-path", written))
        .chain(named("variable", variables))
        .chain(named("host", hosts))
        .chain(named("token", tokens))
        .chain(named("extension", table::EXTENSIONS.iter()))
        .filter(|(_, target)| target.id != NONE)
}

/// The id of rows that take something out.
const NONE: &str = "none";

/// The target, unless its row takes it out.
fn some(target: &'static Target) -> Option<&'static Target> {
    (target.id != NONE).then_some(target)
}

#[cfg(test)]
mod known_tests;
#[cfg(test)]
mod tests;
