//! The scan beside the floor, on one thread, over real packages, and where the scan's time goes.
//!
//! Floor and scan take turns, so that a slow moment of the machine meets both; the numbers are
//! medians of the rounds. Times are what the process spent on a processor, so that what
//! else runs counts as little as possible.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tarsight::{Engine, ScanOptions, Stage, Watch};
use tarsight_benches::{Floor, Package, median, on_large_stack, packages, spent_time};

/// What the command uses, for the floor and for the scan.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    print!(
        "{:<24} {:>6} {:>8} {:>9} {:>9} {:>6} ",
        "package", "files", "MB", "floor ms", "scan ms", "ratio"
    );
    println!(
        "{}",
        Stage::ALL.map(|s| format!(" {:>7}", s.as_str())).concat()
    );
    let mut floor = Floor::default();
    let mut total = Row::default();
    for package in packages {
        if !wanted.is_empty() && !wanted.iter().any(|part| package.name.contains(part)) {
            continue;
        }
        let (mut floors, mut scans) = (Vec::new(), Vec::new());
        let mut row = Row::default();
        for _ in 0..rounds {
            let start = spent_time();
            let counts = floor.run(&package.bytes);
            floors.push((spent_time() - start).as_secs_f64());
            let clock = Clock::start();
            let report = engine.scan_with(&package.bytes, &clock.options());
            let (whole, shares) = clock.stop();
            scans.push(whole.as_secs_f64());
            for (sum, share) in row.shares.iter_mut().zip(shares) {
                *sum += share.as_secs_f64();
            }
            (row.files, row.bytes) = (counts.files, counts.bytes);
            if let Err(error) = report {
                println!("{}: {error}", package.name);
                return ExitCode::FAILURE;
            }
        }
        row.floor = median(&floors);
        row.scan = median(&scans);
        row.print(&package.name);
        total.add(&row);
    }
    println!();
    total.print("total");
    ExitCode::SUCCESS
}

/// Adds up the time of each stage.
struct Clock {
    start: Duration,
    spent: Arc<Mutex<Spent>>,
}

struct Spent {
    since: Duration,
    stage: Stage,
    shares: [Duration; Stage::ALL.len()],
}

impl Spent {
    fn enter(&mut self, stage: Stage) {
        let now = spent_time();
        let at = Stage::ALL.iter().position(|&one| one == self.stage);
        if let Some(share) = at.and_then(|at| self.shares.get_mut(at)) {
            *share += now - self.since;
        }
        (self.since, self.stage) = (now, stage);
    }
}

impl Clock {
    fn start() -> Self {
        let start = spent_time();
        let spent = Spent {
            since: start,
            stage: Stage::Archive,
            shares: Default::default(),
        };
        Self {
            start,
            spent: Arc::new(Mutex::new(spent)),
        }
    }

    fn options(&self) -> ScanOptions {
        let spent = Arc::clone(&self.spent);
        let mut options = ScanOptions::default();
        options.watch = Some(Watch::new(move |stage| {
            let mut spent = spent.lock().unwrap_or_else(PoisonError::into_inner);
            spent.enter(stage);
        }));
        options
    }

    fn stop(self) -> (Duration, [Duration; Stage::ALL.len()]) {
        let whole = spent_time() - self.start;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.enter(Stage::Report);
        (whole, spent.shares)
    }
}

/// Numbers of one package, or of all together. Times in seconds.
#[derive(Default)]
struct Row {
    files: usize,
    bytes: usize,
    floor: f64,
    scan: f64,
    shares: [f64; Stage::ALL.len()],
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.floor += other.floor;
        self.scan += other.scan;
        // Shares are of all rounds: weigh them by the package's median.
        let whole: f64 = other.shares.iter().sum();
        for (sum, share) in self.shares.iter_mut().zip(other.shares) {
            *sum += share / whole * other.scan;
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "megabytes for people")]
    fn print(&self, name: &str) {
        let whole: f64 = self.shares.iter().sum();
        let shares = self.shares.map(|share| share / whole * 100.0);
        println!(
            "{name:<24} {:>6} {:>8.2} {:>9.2} {:>9.2} {:>6.2} {}",
            self.files,
            self.bytes as f64 / 1e6,
            self.floor * 1e3,
            self.scan * 1e3,
            self.scan / self.floor,
            shares.map(|share| format!(" {share:>5.1} %")).concat()
        );
    }
}
