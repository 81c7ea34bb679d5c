//! `tarsight completions`: what a shell completes.

use std::io;

use clap::CommandFactory as _;

use crate::args::{Args, CompletionsArgs};
use crate::output;
use crate::status::Status;

/// Prints the script of a shell.
pub(crate) fn run(args: &CompletionsArgs) -> io::Result<Status> {
    let mut command = Args::command();
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tarsight", &mut text);
    output::write_all(args.common.output.as_deref(), &text)?;
    Ok(Status::Done)
}
