//! What each binding costs over the call of the Rust library, up to the handle and up to the JSON.
//!
//! The bindings are those that `cargo test -p tarsight-tests surfaces` installed. All take turns
//! on one thread, so that a slow moment of the machine meets each; times are what a process spent
//! on a processor; a row is the median over the rounds.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use tarsight::Engine;
use tarsight_benches::{median, spent_time};

/// Rounds; `TARSIGHT_BENCH_ROUNDS` changes it.
const ROUNDS: usize = 9;

/// Microseconds for one call, up to the handle and up to the JSON.
type Times = [f64; 2];

struct Input {
    name: &'static str,
    path: PathBuf,
    /// Calls in one round.
    calls: u32,
}

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let installed = target.join("surfaces");
    if !installed.join("python").exists() {
        println!(
            "run `TARSIGHT_PROFILE=release cargo test -p tarsight-tests surfaces` first: it installs the bindings"
        );
        return ExitCode::FAILURE;
    }
    let rounds = std::env::var("TARSIGHT_BENCH_ROUNDS");
    let rounds = rounds.ok().and_then(|rounds| rounds.parse().ok());
    match run(
        &root.join("benches/overhead"),
        &installed,
        rounds.unwrap_or(ROUNDS),
    ) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(sources: &Path, installed: &Path, rounds: usize) -> Result<(), String> {
    let bindings = bindings(sources, installed)?;
    for input in inputs(installed)? {
        println!("\n{}, {rounds} rounds of {} calls", input.name, input.calls);
        let mut rust = Vec::new();
        let mut others: Vec<Vec<Times>> = vec![Vec::new(); bindings.len()];
        for _ in 0..rounds {
            rust.push(library(&input)?);
            for ((_, program), times) in bindings.iter().zip(&mut others) {
                times.push(measured(program, &input)?);
            }
        }
        println!(
            "{:<12} {:>11} {:>10} {:>8} {:>11} {:>10} {:>8}",
            "", "handle µs", "more µs", "more %", "JSON µs", "more µs", "more %"
        );
        row("Rust", &rust, &rust);
        for ((name, _), times) in bindings.iter().zip(&others) {
            row(name, times, &rust);
        }
    }
    Ok(())
}

fn row(name: &str, times: &[Times], rust: &[Times]) {
    print!("{name:<12}");
    for kind in 0..2 {
        let of = |times: &[Times]| median(&times.iter().map(|one| one[kind]).collect::<Vec<_>>());
        let (own, base) = (of(times), of(rust));
        let more = own - base;
        print!(" {own:>11.1} {more:>10.1} {:>8.2}", more / base * 100.0);
    }
    println!();
}

/// The programs that measure a binding, by name.
fn bindings(sources: &Path, installed: &Path) -> Result<Vec<(&'static str, Vec<PathBuf>)>, String> {
    let c = installed.join("c");
    let compiled = Command::new("cc")
        .args(["-O2", "-std=c99", "-o"])
        .args([&c.join("overhead"), &sources.join("overhead.c")])
        .arg(format!("-I{}", c.join("include").display()))
        .arg(format!("-L{}", c.join("lib").display()))
        .arg(format!("-Wl,-rpath,{}", c.join("lib").display()))
        .arg("-ltarsight")
        .status();
    if !compiled.is_ok_and(|status| status.success()) {
        return Err("overhead.c does not compile".to_owned());
    }
    // It finds the package beside itself.
    let script = installed.join("node/overhead.mjs");
    fs::copy(sources.join("overhead.mjs"), &script).map_err(|e| e.to_string())?;
    let python = installed.join("python/bin/python");
    Ok(vec![
        ("C", vec![c.join("overhead")]),
        (
            "Node, sync",
            vec!["node".into(), script.clone(), "sync".into()],
        ),
        ("Node", vec!["node".into(), script, "async".into()]),
        ("Python", vec![python, sources.join("overhead.py")]),
    ])
}

/// A package with about 1 MB of code, and one with next to nothing, to see what is fixed.
fn inputs(folder: &Path) -> Result<[Input; 2], String> {
    let large: String = (0..6_000)
        .map(|n| {
            format!(
                "exports.read{n} = function (name, options) {{\n  const limit = options.limit || {n};\n  return name.split('-').slice(0, limit).map((part) => part.trim() + '{n}').join(':');\n}};\n"
            )
        })
        .collect();
    let inputs: [(_, &str, _, _); 2] = [
        ("1 MB of code", "large.tar", large, 10),
        (
            "one line",
            "small.tar",
            "exports.a = 1;\n".to_owned(),
            3_000,
        ),
    ];
    let write = |(name, file, code, calls): (_, _, String, _)| {
        let path = folder.join(file);
        match fs::write(&path, archive(&code)) {
            Ok(()) => Ok(Input { name, path, calls }),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    };
    let [large, small] = inputs.map(write);
    Ok([large?, small?])
}

fn archive(code: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let manifest = r#"{"name":"a","version":"1.0.0","main":"index.js"}"#;
    for (name, text) in [("package.json", manifest), ("index.js", code)] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        // A vector takes all.
        let _ = builder.append_data(&mut header, format!("package/{name}"), text.as_bytes());
    }
    builder.into_inner().unwrap_or_default()
}

fn library(input: &Input) -> Result<Times, String> {
    let engine = Engine::builder().jobs(1).build();
    let engine = engine.map_err(|e| e.to_string())?;
    let bytes = fs::read(&input.path).map_err(|e| e.to_string())?;
    let scan = || engine.scan(&bytes).map_err(|e| e.to_string());
    drop(scan()?.to_json());
    let start = spent_time();
    for _ in 0..input.calls {
        drop(scan()?);
    }
    let handle = spent_time() - start;
    let start = spent_time();
    for _ in 0..input.calls {
        drop(std::hint::black_box(scan()?.to_json()));
    }
    let json = spent_time() - start;
    let calls = f64::from(input.calls);
    Ok([handle, json].map(|time| time.as_secs_f64() * 1e6 / calls))
}

/// What a program prints: two numbers.
fn measured(program: &[PathBuf], input: &Input) -> Result<Times, String> {
    let [first, rest @ ..] = program else {
        return Err("no program".to_owned());
    };
    let mut command = Command::new(first);
    command.args(rest).arg(&input.path);
    command.arg(input.calls.to_string());
    let output = command.output().map_err(|e| format!("{program:?}: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(handle)), Some(Ok(json))) => Ok([handle, json]),
        _ => Err(format!("{program:?} said {text:?}")),
    }
}
