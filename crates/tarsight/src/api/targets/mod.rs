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
#[cfg(test)]
pub(crate) use tokens::{extension, token_pattern, token_shapes};
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

/// The rows of all tables, table by table.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the tables are checked; findings over them come with the catalogue"
    )
)]
pub(crate) fn all() -> impl Iterator<Item = &'static Target> {
    let paths = table::SECRET_PATHS.iter().chain(&table::PERSISTENCE_PATHS);
    paths
        .map(|row| &row.target)
        .chain(table::VARIABLES.iter().map(|row| &row.target))
        .chain(table::HOSTS.iter().map(|row| &row.target))
        .chain(table::TOKENS.iter().map(|row| &row.target))
        .chain(&table::EXTENSIONS)
        .filter(|target| target.id != NONE)
}

/// The id of rows that take something out.
const NONE: &str = "none";

/// The target, unless its row takes it out.
fn some(target: &'static Target) -> Option<&'static Target> {
    (target.id != NONE).then_some(target)
}

#[cfg(test)]
mod tests;
