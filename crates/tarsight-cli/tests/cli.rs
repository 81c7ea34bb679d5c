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

/// A package in a folder of its own.
fn package(name: &str, version: &str, code: &str) -> PathBuf {
    let folder = fresh(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let manifest = format!(r#"{{"name":"left","version":"{version}","main":"a.js"}}"#);
    fs::write(folder.join("package.json"), manifest).expect("a file");
    fs::write(folder.join("a.js"), code).expect("a file");
    folder
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().expect("our paths are UTF-8")
}

const QUIET: &str = "exports.red = (s) => s;\n";
const LOUD: &str = "exports.red = (s) => s;\nfetch('https://collect.invalid/');\n";

#[test]
fn a_diff_tells_what_is_new_and_fails_on_it() {
    let (old, new) = (
        package("diff-old", "1.0.0", QUIET),
        package("diff-new", "1.0.1", LOUD),
    );
    let (old, new) = (text(&old), text(&new));
    let output = run(&["diff", old, new]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stdout(&output);
    assert!(shown.starts_with("left 1.0.0 -> 1.0.1\n"), "{shown}");
    assert!(shown.contains("https://collect.invalid/"), "{shown}");
    let low = run(&["diff", old, new, "--fail-on", "critical"]);
    assert_eq!(low.status.code(), Some(0));
    let markdown = stdout(&run(&["diff", old, new, "--format", "markdown"]));
    assert!(markdown.contains("### Gained"), "{markdown}");
    let same = run(&["diff", new, new, "--format", "ndjson"]);
    assert_eq!(same.status.code(), Some(0));
    let same = json(&stdout(&same));
    assert_eq!(same["gained"], serde_json::json!([]));
    assert_eq!(same["risk"]["level"], "none");
}

#[test]
fn saved_reports_are_compared_like_their_packages() {
    let (old, new) = (
        package("saved-old", "1.0.0", QUIET),
        package("saved-new", "1.0.1", LOUD),
    );
    let saved = |folder: &std::path::Path, name: &str| {
        let report = fresh(name);
        let scan = [
            "scan",
            "--fail-on",
            "none",
            "--format",
            "json",
            "-o",
            text(&report),
        ];
        assert_eq!(
            run(&[&scan[..], &[text(folder)]].concat()).status.code(),
            Some(0)
        );
        report
    };
    let (a, b) = (saved(&old, "old.txt"), saved(&new, "new.txt"));
    let diff = |old: &std::path::Path, new: &std::path::Path| {
        let output = run(&["diff", text(old), text(new), "--format", "json"]);
        assert_eq!(output.status.code(), Some(1));
        let mut diff = json(&stdout(&output));
        assert_eq!(diff["old"]["path"], text(old));
        diff["old"]["path"] = serde_json::Value::Null;
        diff["new"]["path"] = serde_json::Value::Null;
        diff
    };
    let both = diff(&old, &new);
    assert_eq!(diff(&a, &b), both);
    assert_eq!(diff(&a, &new), both);
}

#[test]
fn a_side_that_cannot_be_read_is_an_error() {
    let there = package("side", "1.0.0", QUIET);
    let newer = fresh("newer.json");
    fs::write(&newer, r#"{"schema":"tarsight.report/2"}"#).expect("a file");
    for (bad, code) in [("no/such.tgz", "not-found"), (text(&newer), "not-a-report")] {
        for sides in [[bad, text(&there)], [text(&there), bad]] {
            let output = run(&["diff", sides[0], sides[1], "--format", "json"]);
            assert_eq!(output.status.code(), Some(2));
            let error = json(&stdout(&output));
            assert_eq!(error["schema"], "tarsight.error/1");
            assert_eq!(error["error"]["code"], code);
            assert_eq!(error["subject"]["path"], bad);
        }
    }
    assert_eq!(run(&["diff", "-", "-"]).status.code(), Some(2));
    let scanned = run(&["scan", text(&newer)]);
    assert_eq!(scanned.status.code(), Some(2), "a report is no package");
}

#[test]
fn code_that_was_not_examined_is_never_nothing_new() {
    let (old, new) = (
        package("whole", "1.0.0", QUIET),
        package("broken", "1.0.1", "%%% ]] ("),
    );
    let output = run(&["diff", text(&old), text(&new), "--fail-on", "incomplete"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stdout(&output);
    assert!(shown.contains("not everything was examined"), "{shown}");
    assert!(shown.contains("syntax-error"), "{shown}");
}
