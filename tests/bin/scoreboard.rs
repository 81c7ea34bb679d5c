//! Scans the corpus and prints what it says of the engine: recall by technique, way in and
//! family, false alarms by class, time for a case. `--json` prints the same as JSON.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::process::ExitCode;

use tarsight_tests::score;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcomes = match arguments.as_slice() {
        [] => score::outcomes(),
        [only] if only == "--json" => score::outcomes(),
        _ => {
            eprintln!("usage: scoreboard [--json]");
            return ExitCode::from(2);
        }
    };
    if arguments.is_empty() {
        print!("{}", score::markdown(&outcomes));
    } else {
        println!("{:#}", score::json(&outcomes));
    }
    ExitCode::SUCCESS
}
