//! The command over packages of the corpus: output, exit codes, standard input.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tarsight_tests::{folder, root, tgz};

fn package(name: &str) -> PathBuf {
    root().join("corpus/packages").join(name)
}

/// Writes a file into a folder of this test's own.
fn file(test: &str, name: &str, bytes: &[u8]) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tarsight"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes the pipe; that is no failure.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn scan(arguments: &[&str], paths: &[&PathBuf]) -> Output {
    let mut all: Vec<&OsStr> = vec![OsStr::new("scan")];
    all.extend(arguments.iter().map(OsStr::new));
    all.extend(paths.iter().map(|path| path.as_os_str()));
    run(all, b"")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn exit_codes_follow_the_risk() {
    let (bad, good) = (package("npmrc-exfiltration"), package("benign-dotenv"));
    for (arguments, path, code) in [
        (&[][..], &good, 0),
        (&[][..], &bad, 1),
        (&["--fail-on", "critical"][..], &bad, 1),
        (&["--fail-on", "none"][..], &bad, 0),
        (&["--fail-on", "medium"][..], &good, 0),
    ] {
        let output = scan(arguments, &[path]);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {path:?}");
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn incomplete_fails_only_where_it_is_asked_for() {
    let path = package("unexamined-syntax");
    assert_eq!(
        scan(&["--fail-on", "incomplete"], &[&path]).status.code(),
        Some(1)
    );
    assert_eq!(
        scan(&["--fail-on", "critical"], &[&path]).status.code(),
        Some(0)
    );
}

#[test]
fn one_broken_input_does_not_hide_the_other() {
    let broken = file("broken", "broken.tgz", b"this is no archive");
    let good = package("benign-dotenv");
    let output = scan(&["--format", "json"], &[&broken, &good]);
    assert_eq!(output.status.code(), Some(2));
    let both = json(&output);
    assert_eq!(both[0]["schema"], "tarsight.error/1");
    assert_eq!(both[0]["error"]["code"], "not-an-archive");
    assert_eq!(both[1]["schema"], "tarsight.report/1");
    assert_eq!(both[1]["subject"]["name"], "benign-dotenv");

    let lines = scan(&["--format", "ndjson"], &[&broken, &good]);
    assert_eq!(lines.status.code(), Some(2));
    let text = String::from_utf8(lines.stdout).unwrap();
    let schemas: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["schema"].clone())
        .collect();
    assert_eq!(schemas, ["tarsight.error/1", "tarsight.report/1"]);
}

#[test]
fn standard_input_equals_the_file() {
    let bytes = tgz(&folder(&package("npmrc-exfiltration")));
    let path = file("stdin", "p.tgz", &bytes);
    let mut from_file = json(&scan(&["--format", "json"], &[&path]));
    let mut from_input = json(&run(["scan", "--format", "json", "-"], &bytes));
    assert_eq!(from_file["subject"]["path"], path.to_str().unwrap());
    for report in [&mut from_file, &mut from_input] {
        report["subject"]["path"] = Value::Null;
    }
    assert_eq!(from_file, from_input);
}

#[test]
fn a_folder_is_judged_like_its_tarball() {
    for name in ["npmrc-exfiltration", "benign-dotenv"] {
        let path = file(
            "folder",
            &format!("{name}.tgz"),
            &tgz(&folder(&package(name))),
        );
        let packed = json(&scan(&["--format", "json"], &[&path]));
        let folder = json(&scan(&["--format", "json"], &[&package(name)]));
        assert_eq!(packed["risk"]["level"], folder["risk"]["level"], "{name}");
        assert_eq!(folder["subject"]["integrity"], Value::Null, "{name}");
    }
}

#[test]
fn the_text_names_finding_file_and_host() {
    let output = scan(&["--color", "never"], &[&package("npmrc-exfiltration")]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "critical",
        "credential-exfiltration",
        "lib/send.js",
        "collect.invalid",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colours although switched off");
}

#[test]
fn ls_lists_what_npm_would_write() {
    let packed = tgz(&folder(&package("npmrc-exfiltration")));
    let listed = run(["ls", "-"], &packed);
    let text = String::from_utf8(listed.stdout).unwrap();
    for path in ["package.json", "scripts/index.js", "lib/send.js"] {
        assert!(text.contains(path), "{path} is missing in:\n{text}");
    }
}
