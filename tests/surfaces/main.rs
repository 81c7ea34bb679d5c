//! Library, command, C, Node and Python give the same bytes.
//!
//! Each is built and installed into an empty folder as for a user, which takes builds of their
//! own and asks npm and Python; so it runs when it is asked for by its name:
//!
//!     cargo test -p tarsight-tests surfaces
//!
//! `TARSIGHT_PROFILE=release` builds what a user gets, in a third of an hour.
#![allow(clippy::print_stdout, reason = "a test prints what it does")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tarsight::{Engine, ScanOptions};
use tarsight_tests::{File, behaviour_cases, cases, pairs, root, tgz};

/// Fewer packages would be a test that lost its corpus.
const LEAST: usize = 60;
/// Pairs of versions that are compared.
const PAIRS: usize = 30;
/// What fails on every surface, and must have one code.
const WRONG: [(&str, &[u8]); 3] = [
    ("empty", b""),
    ("noise", b"this is no archive"),
    ("zstd", b"\x28\xb5\x2f\xfd and more of it"),
];

fn main() {
    let name = "surfaces";
    let filters: Vec<String> = std::env::args().skip(1).collect();
    if filters.iter().any(|argument| argument == "--list") {
        println!("{name}: test");
        return;
    }
    let mut filters = filters.iter().filter(|argument| !argument.starts_with('-'));
    if !filters.any(|filter| name.contains(filter.as_str())) {
        println!("test {name} ... runs when it is named: cargo test -p tarsight-tests {name}");
        return;
    }
    let work = Work::new();
    let differences = compare(&work);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    println!(
        "test {name} ... ok: {} packages, {} pairs, {} files each of library, command, C, Node and Python",
        work.packages.len(),
        work.pairs.len(),
        2 * work.packages.len() + work.pairs.len()
    );
}

struct Work {
    folder: PathBuf,
    /// Tarballs and what is none.
    packages: Vec<PathBuf>,
    /// Two tarballs each.
    pairs: Vec<[PathBuf; 2]>,
}

impl Work {
    fn new() -> Self {
        let folder =
            std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
        let folder = folder.join("surfaces");
        let script = root().join("tests/surfaces/prepare.sh");
        let status = Command::new(&script).arg(&folder).status();
        let status = status.unwrap_or_else(|e| panic!("{}: {e}", script.display()));
        assert!(status.success(), "the surfaces could not be built");
        let tarballs = folder.join("packages");
        fs::create_dir(&tarballs).expect("an empty folder");
        let pack = |name: String, files: &[File]| {
            let path = tarballs.join(name);
            fs::write(&path, tgz(files)).expect("writable");
            path
        };
        let all = cases().into_iter().chain(behaviour_cases());
        let mut packages: Vec<PathBuf> = all
            .map(|case| pack(format!("{}-{}.tgz", case.room, case.name), &case.files))
            .collect();
        assert!(packages.len() >= LEAST, "only {} packages", packages.len());
        for (name, bytes) in WRONG {
            let path = tarballs.join(name);
            fs::write(&path, bytes).expect("writable");
            packages.push(path);
        }
        let pairs = pairs().into_iter().take(PAIRS).map(|pair| {
            let old = pack(format!("{}-old.tgz", pair.name), &pair.old);
            [old, pack(format!("{}-new.tgz", pair.name), &pair.new)]
        });
        let pairs = pairs.collect();
        Self {
            folder,
            packages,
            pairs,
        }
    }

    /// What is written: the Nth package by path or as bytes, the Nth pair.
    fn names(&self) -> Vec<String> {
        let packages =
            (0..self.packages.len()).flat_map(|n| [format!("{n}.path"), format!("{n}.bytes")]);
        packages
            .chain((0..self.pairs.len()).map(|n| format!("{n}.diff")))
            .collect()
    }

    /// The package or the pair behind a name.
    fn what(&self, name: &str) -> String {
        let (number, kind) = name.split_once('.').unwrap_or((name, ""));
        let number: usize = number.parse().unwrap_or_default();
        let paths = match kind {
            "diff" => self.pairs[number].to_vec(),
            _ => vec![self.packages[number].clone()],
        };
        format!("{kind} {paths:?}")
    }
}

fn compare(work: &Work) -> Vec<String> {
    let folder = work.folder.join("out/library");
    fs::create_dir_all(&folder).expect("writable");
    library(work, &folder);
    let mut differences = Vec::new();
    let at = |path: &str| work.folder.join(path);
    for (surface, program) in [
        ("command", vec![at("tarsight")]),
        ("c", vec![at("c/dump")]),
        ("node", vec!["node".into(), at("node/dump.mjs")]),
        (
            "python",
            vec![at("python/bin/python"), at("python/dump.py")],
        ),
    ] {
        println!("-- {surface}");
        let out = work.folder.join("out").join(surface);
        fs::create_dir_all(&out).expect("writable");
        match surface {
            "command" => command(work, &program[0], &out),
            _ => driver(work, &program, &out),
        }
        let before = differences.len();
        for name in work.names() {
            // A path of standard input is none of bytes.
            if surface == "command" && name.ends_with(".bytes") {
                continue;
            }
            let read = |path: PathBuf| {
                fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
            };
            let (expected, found) = (read(folder.join(&name)), read(out.join(&name)));
            if let Some(at) = first_difference(&expected, &found) {
                differences.push(format!(
                    "{surface}: {} differs at byte {at}",
                    work.what(&name)
                ));
            }
        }
        // What is alike needs no second look, and a gigabyte of disk.
        if differences.len() == before {
            fs::remove_dir_all(&out).expect("our own folder");
        }
    }
    differences
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    (one != other).then_some(same)
}

fn library(work: &Work, out: &Path) {
    let engine = Engine::new();
    let scan = |path: &Path, options: &ScanOptions| {
        let bytes = fs::read(path).expect("readable");
        engine.scan_with(&bytes, options)
    };
    let named = |path: &Path| {
        let mut options = ScanOptions::default();
        options.path = Some(path.to_string_lossy().into_owned());
        options
    };
    for (n, path) in work.packages.iter().enumerate() {
        for (kind, options) in [("path", named(path)), ("bytes", ScanOptions::default())] {
            let text = match scan(path, &options) {
                Ok(report) => report.to_json(),
                Err(error) => error.code().to_owned(),
            };
            fs::write(out.join(format!("{n}.{kind}")), text).expect("writable");
        }
    }
    for (n, [old, new]) in work.pairs.iter().enumerate() {
        let report = |path: &PathBuf| scan(path, &named(path)).expect("a package");
        let diff = tarsight::diff(&report(old), &report(new));
        fs::write(out.join(format!("{n}.diff")), diff.to_json()).expect("writable");
    }
}

fn command(work: &Work, program: &Path, out: &Path) {
    let run = |arguments: &[&Path]| {
        let mut command = Command::new(program);
        let [verb, paths @ ..] = arguments else {
            panic!("no command");
        };
        command
            .arg(verb)
            .args(["--format", "json", "--fail-on", "none"]);
        output(command.args(paths))
    };
    for (n, path) in work.packages.iter().enumerate() {
        let text = run(&[Path::new("scan"), path]);
        fs::write(out.join(format!("{n}.path")), document(&text)).expect("writable");
    }
    for (n, [old, new]) in work.pairs.iter().enumerate() {
        let text = run(&[Path::new("diff"), old, new]);
        fs::write(out.join(format!("{n}.diff")), document(&text)).expect("writable");
    }
}

/// What the command printed without the last line end; of an error document the code.
fn document(output: &Output) -> Vec<u8> {
    let text = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
    if output.status.success() {
        return text.to_vec();
    }
    let error: Value = serde_json::from_slice(text).expect("an error document");
    let code = error["error"]["code"].as_str().expect("it has a code");
    code.as_bytes().to_vec()
}

fn driver(work: &Work, program: &[PathBuf], out: &Path) {
    let [first, rest @ ..] = program else {
        panic!("no program");
    };
    let mut command = Command::new(first);
    command.args(rest).arg(out).args(&work.packages);
    for [old, new] in &work.pairs {
        command.arg("--diff").args([old, new]);
    }
    let output = output(&mut command);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program:?}: {told}");
}

fn output(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|e| panic!("{}: {e}", command.get_program().display()))
}
