//! One file for each command.

mod completions;
mod diff;
mod explain;
mod ls;
mod man;
mod rules;
mod scan;
mod schema;

use std::io;

use crate::args::Command;
use crate::status::Status;

/// Runs a command.
pub(crate) fn run(command: &Command) -> io::Result<Status> {
    match command {
        Command::Scan(args) => scan::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Ls(args) => ls::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
