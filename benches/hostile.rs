//! What the inputs that break other analysers cost: time, memory, and what is said of them.
//!
//! Each runs in a process of its own, whose peak the system counts. Linux only.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use std::env;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::Instant;

use tarsight::Engine;
use tarsight::report::RiskLevel;

/// Seconds and megabytes that no input may take.
const MOST_SECONDS: f64 = 10.0;
const MOST_MEGABYTES: u64 = 1_000;

/// An input's name, and what makes it.
type Case = (&'static str, fn() -> Vec<u8>);

const CASES: [Case; 9] = [
    ("1,500 nested parentheses", || code(&nested(1_500))),
    ("200,000 nested parentheses", || code(&nested(200_000))),
    ("a chain of 500,000 `1+`", || {
        code(&format!("exports.a = {}1;\n", "1+".repeat(500_000)))
    }),
    ("16 KB of `(a=`", || code(&"(a=".repeat(5_400))),
    ("100 MB of `a=`", || code(&"a=".repeat(50_000_000))),
    ("8,000 calls of a table of 8,000", || {
        let all = |of: fn(usize) -> String| (0..8_000).map(of).collect::<String>();
        let table = all(|at| format!("a{at}: (x) => x + {at},"));
        let calls = all(|at| format!("t[k + {at}](v);"));
        code(&format!(
            "const t = {{{table}}}; exports.a = (k, v) => {{{calls}}};"
        ))
    }),
    ("a bomb: 10 GB out of 10 MB", bomb),
    ("100,000 nested lists in YAML", || {
        let list = "[".repeat(100_000);
        archive(&[(".github/workflows/a.yml", &list)])
    }),
    ("100,000 `$(` in an install script", || {
        let script = "$(".repeat(100_000);
        let manifest =
            format!(r#"{{"name":"p","version":"1.0.0","scripts":{{"install":"{script}"}}}}"#);
        archive(&[("package.json", &manifest)])
    }),
];

fn main() -> ExitCode {
    if let Some(at) = env::args().nth(1).and_then(|at| at.parse::<usize>().ok()) {
        return child(at);
    }
    println!("| input | bytes | seconds | peak MB | risk | not analysed |");
    println!("|---|---|---|---|---|---|");
    let mut holds = true;
    for at in 0..CASES.len() {
        let output =
            env::current_exe().and_then(|own| Command::new(own).arg(at.to_string()).output());
        match output {
            Ok(output) if output.status.success() => {
                print!("{}", String::from_utf8_lossy(&output.stdout));
            }
            other => {
                println!("case {at}: {other:?}");
                holds = false;
            }
        }
    }
    match holds {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Scans one input and prints its row; fails where a bound or the promise does not hold.
fn child(at: usize) -> ExitCode {
    let Some((name, input)) = CASES.get(at) else {
        return ExitCode::FAILURE;
    };
    let input = input();
    let before = peak();
    let start = Instant::now();
    let report = Engine::new().scan(&input);
    let seconds = start.elapsed().as_secs_f64();
    let (peak, size) = (peak(), input.len());
    let (risk, told, holds) = match &report {
        Ok(report) => {
            let told = report.coverage.unanalysed.iter();
            let told: Vec<String> = told
                .map(|one| format!("{}: {}", one.reason.as_str(), one.detail))
                .collect();
            let level = report.risk.level;
            let holds = level >= RiskLevel::Medium && !told.is_empty()
                // Small enough to be read after all.
                || report.coverage.complete;
            (level.as_str(), told.join("; "), holds)
        }
        Err(error) => ("error", error.to_string(), true),
    };
    println!(
        "| {name} | {size} | {seconds:.2} | {peak} ({before} of it the input) | {risk} | {told} |"
    );
    match holds && seconds < MOST_SECONDS && peak < MOST_MEGABYTES {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Megabytes that this process held at most.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(u64::MAX) / 1_000
}

fn nested(levels: usize) -> String {
    format!(
        "exports.a = {}1{};\n",
        "(".repeat(levels),
        ")".repeat(levels)
    )
}

fn code(text: &str) -> Vec<u8> {
    archive(&[("index.js", text)])
}

/// A plain tar, which begins with a package.json if the files have none.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let manifest = ("package.json", r#"{"name":"p","version":"1.0.0"}"#);
    let own = files.iter().any(|(path, _)| *path == manifest.0);
    for (path, text) in (!own).then_some(&manifest).into_iter().chain(files) {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        // A vector takes all.
        let _ = builder.append_data(&mut header, format!("package/{path}"), text.as_bytes());
    }
    builder.into_inner().unwrap_or_default()
}

/// A package.json, then one file of zeros: a hundred gzip streams of 100 MB each.
fn bomb() -> Vec<u8> {
    const PART: usize = 100 << 20;
    let mut header = tar::Header::new_ustar();
    header.set_size(8_000_000_000);
    header.set_mode(0o644);
    let _ = header.set_path("package/zeros.bin");
    header.set_cksum();
    // Without its end mark.
    let mut first = archive(&[]);
    first.truncate(1_024);
    first.extend_from_slice(header.as_bytes());
    let mut packed = gzip(&first);
    let part = gzip(&vec![0; PART]);
    for _ in 0..100 {
        packed.extend_from_slice(&part);
    }
    packed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let level = libdeflater::CompressionLvl::best();
    let mut compressor = libdeflater::Compressor::new(level);
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let size = compressor.gzip_compress(bytes, &mut out).unwrap_or(0);
    out.truncate(size);
    out
}
