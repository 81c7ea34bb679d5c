//! A gate for many packages: one engine, a deadline for each, one line for each; ends with 1 if
//! any is `high` or worse: `cargo run --example gate -- *.tgz`.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tarsight::report::RiskLevel;

fn main() -> ExitCode {
    let engine = tarsight::Engine::new();
    let mut stopped = false;
    for path in std::env::args().skip(1) {
        let mut options = tarsight::ScanOptions::default();
        options.label = Some(path.clone());
        options.deadline = Some(Instant::now() + Duration::from_secs(60));
        let report = std::fs::read(&path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                let report = engine.scan_with(&bytes, &options);
                report.map_err(|error| error.to_string())
            });
        match report {
            Ok(report) => {
                stopped |= report.risk.level >= RiskLevel::High;
                let whole = if report.coverage.complete {
                    ""
                } else {
                    ", incomplete"
                };
                println!("{path}: {:?}{whole}", report.risk.level);
            }
            Err(error) => {
                stopped = true;
                println!("{path}: {error}");
            }
        }
    }
    if stopped {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
