//! The scan beside the floor, on one thread, over real packages.
//!
//! Floor and scan take turns, so that a slow moment of the machine meets both; the numbers are
//! medians of the rounds.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use std::process::ExitCode;
use std::time::Instant;

use tarsight::Engine;
use tarsight_benches::{Floor, Package, median, on_large_stack, packages};

/// Rounds for each package; `TARSIGHT_BENCH_ROUNDS` changes it.
const ROUNDS: usize = 7;

fn main() -> ExitCode {
    let packages = match packages() {
        Ok(packages) => packages,
        Err(message) => {
            println!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let rounds = std::env::var("TARSIGHT_BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(ROUNDS);
    // Cargo gives `--bench` and then whatever the user wrote: parts of package names.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    on_large_stack(move || run(&packages, &wanted, rounds))
}

fn run(packages: &[Package], wanted: &[String], rounds: usize) -> ExitCode {
    let engine = match Engine::builder().jobs(1).build() {
        Ok(engine) => engine,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!(
        "{:<28} {:>6} {:>9} {:>10} {:>10} {:>7}",
        "package", "files", "MB", "floor ms", "scan ms", "ratio"
    );
    let mut floor = Floor::default();
    let (mut floors, mut scans) = (0.0, 0.0);
    for package in packages {
        if !wanted.is_empty() && !wanted.iter().any(|part| package.name.contains(part)) {
            continue;
        }
        let (mut a, mut b) = (Vec::new(), Vec::new());
        let mut counts = floor.run(&package.bytes);
        for _ in 0..rounds {
            let start = Instant::now();
            counts = floor.run(&package.bytes);
            a.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let report = engine.scan(&package.bytes);
            b.push(start.elapsed().as_secs_f64());
            if let Err(error) = report {
                println!("{}: {error}", package.name);
                return ExitCode::FAILURE;
            }
        }
        let (a, b) = (median(&a), median(&b));
        floors += a;
        scans += b;
        line(&package.name, counts.files, counts.bytes, a, b);
    }
    println!();
    line("total", 0, 0, floors, scans);
    ExitCode::SUCCESS
}

#[allow(clippy::cast_precision_loss, reason = "megabytes for people")]
fn line(name: &str, files: usize, bytes: usize, floor: f64, scan: f64) {
    println!(
        "{name:<28} {files:>6} {:>9.2} {:>10.2} {:>10.2} {:>7.2}",
        bytes as f64 / 1e6,
        floor * 1e3,
        scan * 1e3,
        scan / floor
    );
}
