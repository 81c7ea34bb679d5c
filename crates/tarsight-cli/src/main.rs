//! The `tarsight` command: arguments, input, rendering, exit codes. What packages do is the
//! engine's business.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod input;
mod output;
mod parallel;
mod render;
mod status;

use std::process::ExitCode;

use clap::Parser as _;

use crate::status::Status;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version go to standard output, wrong usage to standard error. A closed
            // pipe is nobody's concern here.
            let _ = error.print();
            let wrong = error.use_stderr();
            return if wrong { Status::Error } else { Status::Done }.into();
        }
    };
    match commands::run(&args.command) {
        Ok(status) => status.into(),
        Err(error) if output::is_closed_pipe(&error) => Status::Done.into(),
        Err(error) => {
            output::note(&format!("error: {error}"));
            Status::Error.into()
        }
    }
}
