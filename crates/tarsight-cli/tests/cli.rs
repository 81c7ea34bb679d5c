//! The real binary: usage, exit codes, errors, pipes.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn tarsight(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tarsight"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    tarsight(arguments).output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("results are UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("notes are UTF-8")
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A path that no other test uses.
fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("{name}-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn wrong_usage_exits_with_2_and_says_so_on_standard_error() {
    for wrong in [
        &[][..],
        &["scan"],
        &["scan", "x.tgz", "--format", "yaml"],
        &["scan", "-", "-"],
        &["schema", "nothing"],
        &["explain", "no-such-id"],
        &["frobnicate"],
    ] {
        let output = run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert_eq!(stdout(&output), "", "{wrong:?}");
        assert_ne!(stderr(&output), "", "{wrong:?}");
    }
}

#[test]
fn help_and_version_are_results() {
    for asked in ["--help", "--version"] {
        let output = run(&[asked]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("tarsight"));
    }
}

#[test]
fn a_missing_file_exits_with_2_and_is_a_json_line() {
    for format in ["json", "ndjson"] {
        let output = run(&["scan", "no/such.tgz", "--format", format]);
        assert_eq!(output.status.code(), Some(2));
        let text = stdout(&output);
        assert_eq!(text.lines().count(), 1);
        let error = json(&text);
        assert_eq!(error["schema"], "tarsight.error/1");
        assert_eq!(error["subject"]["path"], "no/such.tgz");
        assert_eq!(error["error"]["code"], "not-found");
        assert!(stderr(&output).contains("no/such.tgz"));
    }
    let text = run(&["scan", "no/such.tgz"]);
    assert_eq!(
        (text.status.code(), stdout(&text)),
        (Some(2), String::new())
    );
    let listed = run(&["ls", "no/such.tgz", "--format", "json"]);
    assert_eq!(listed.status.code(), Some(2));
    assert_eq!(json(&stdout(&listed))["schema"], "tarsight.error/1");
}

#[test]
fn errors_stand_where_their_arguments_stand() {
    let paths = ["no/1", "no/2", "no/3", "no/4", "no/5"];
    let arguments = [
        &["scan", "--jobs", "4", "--format"],
        &["ndjson"][..],
        &paths,
    ]
    .concat();
    let lines = stdout(&run(&arguments));
    let found: Vec<_> = lines
        .lines()
        .map(|line| json(line)["subject"]["path"].clone())
        .collect();
    assert_eq!(found, paths);
    let arguments = [&["scan", "--jobs", "4", "--format"], &["json"][..], &paths].concat();
    let array = json(&stdout(&run(&arguments)));
    assert_eq!(array.as_array().map(Vec::len), Some(paths.len()));
}

#[test]
fn standard_input_without_a_byte_is_no_archive() {
    let output = run(&["scan", "-", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let error = json(&stdout(&output));
    assert_eq!(error["subject"]["path"], "-");
    assert_eq!(error["error"]["code"], "empty");
}

#[test]
fn an_unknown_limit_lists_the_known_ones() {
    let output = run(&["scan", "x.tgz", "--limits", "nope=1"]);
    assert_eq!(output.status.code(), Some(2));
    for name in tarsight::Limits::NAMES {
        assert!(stderr(&output).contains(name), "{name}");
    }
}

#[test]
fn a_schema_is_json() {
    for document in ["report", "entry"] {
        let output = run(&["schema", document]);
        assert_eq!(output.status.code(), Some(0));
        let schema = json(&stdout(&output));
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}

#[test]
fn every_rule_is_explained() {
    let output = run(&["rules", "--format", "ndjson"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    let first = json(text.lines().next().expect("there are rules"));
    let id = first["id"].as_str().expect("ids are strings");
    let explained = run(&["explain", id]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(stdout(&explained).contains(id));
    let all = json(&stdout(&run(&["rules", "--format", "json"])));
    assert_eq!(all.as_array().map(Vec::len), Some(text.lines().count()));
}

#[test]
fn a_near_id_is_offered() {
    let output = run(&["explain", "sintax-error"]);
    assert!(stderr(&output).contains("did you mean syntax-error?"));
}

#[test]
fn results_go_to_a_file_if_asked() {
    let path = fresh("schema.json");
    let name = path.to_str().expect("a plain path");
    let output = run(&["schema", "report", "-o", name]);
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), String::new())
    );
    assert!(json(&fs::read_to_string(&path).expect("written"))["title"].is_string());
    fs::remove_file(&path).expect("removable");
    let output = run(&["schema", "report", "-o", "/no/such/folder/x"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("/no/such/folder/x"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [
        &["schema", "report"][..],
        &["rules"],
        &["--help"],
        &["scan", "no/1", "no/2", "--format", "ndjson"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = tarsight(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("the binary runs");
        assert!(
            !stderr(&output).contains("roken pipe"),
            "{}",
            stderr(&output)
        );
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
        assert!(output.status.code().is_some());
    }
}

#[test]
fn colours_are_for_those_who_ask() {
    let path = fresh("garbled");
    let mut file = fs::File::create(&path).expect("writable");
    file.write_all(b"\x1b[31mnot an archive").expect("writable");
    drop(file);
    let name = path.to_str().expect("a plain path");
    let output = run(&["scan", name]);
    assert!(!stdout(&output).contains('\x1b') && !stderr(&output).contains('\x1b'));
    fs::remove_file(&path).expect("removable");
}
