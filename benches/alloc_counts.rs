//! How often a scan allocates, and how much: a number that no busy machine disturbs.
//!
//! Compares with `alloc_counts.json`; `TARSIGHT_BENCH_WRITE=1` writes that file anew.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(unsafe_code, reason = "an allocator cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tarsight::Engine;
use tarsight_benches::{on_large_stack, packages};

/// How far a count may be above the committed one.
const TOLERANCE: f64 = 0.05;

static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, counted.
struct Counting;

// SAFETY: every call goes to `System` with the arguments as given; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.dealloc(old, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(size: usize) {
    CALLS.fetch_add(1, Relaxed);
    BYTES.fetch_add(size as u64, Relaxed);
}

/// Package name → allocations and bytes.
type Table = BTreeMap<String, [u64; 2]>;

fn main() -> ExitCode {
    let measured = on_large_stack(measure);
    match measured.and_then(|table| judge(&table)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<Table, String> {
    let engine = Engine::builder()
        .jobs(1)
        .build()
        .map_err(|e| e.to_string())?;
    let mut table = Table::new();
    for package in packages()? {
        // The first scan also pays for tables that are built once.
        for _ in 0..2 {
            let before = [CALLS.load(Relaxed), BYTES.load(Relaxed)];
            let report = engine.scan(&package.bytes);
            let after = [CALLS.load(Relaxed), BYTES.load(Relaxed)];
            report.map_err(|e| format!("{}: {e}", package.name))?;
            table.insert(
                package.name.clone(),
                [after[0] - before[0], after[1] - before[1]],
            );
        }
    }
    Ok(table)
}

fn judge(table: &Table) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("alloc_counts.json");
    let known: Table = match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?,
        Err(_) => Table::new(),
    };
    println!(
        "{:<28} {:>12} {:>15} {:>8}",
        "package", "allocations", "bytes", "change"
    );
    let mut above = Vec::new();
    for (name, now) in table {
        let change = known.get(name).map(|old| change(*old, *now));
        let shown = change.map_or("new".to_owned(), |c| format!("{:+.1} %", c * 100.0));
        println!("{name:<28} {:>12} {:>15} {shown:>8}", now[0], now[1]);
        if change.is_some_and(|c| c > TOLERANCE) {
            above.push(name.as_str());
        }
    }
    if std::env::var_os("TARSIGHT_BENCH_WRITE").is_some() {
        let text = serde_json::to_string_pretty(table).map_err(|e| e.to_string())?;
        return fs::write(&path, text + "\n").map_err(|e| format!("{}: {e}", path.display()));
    }
    if above.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than {:.0} % above alloc_counts.json: {}; \
         find out why, or run again with TARSIGHT_BENCH_WRITE=1 to accept it",
        TOLERANCE * 100.0,
        above.join(", ")
    ))
}

/// The larger of the two relative changes.
#[allow(clippy::cast_precision_loss, reason = "a ratio for people")]
fn change(old: [u64; 2], now: [u64; 2]) -> f64 {
    let ratio = |at: usize| now[at] as f64 / old[at].max(1) as f64 - 1.0;
    ratio(0).max(ratio(1))
}
