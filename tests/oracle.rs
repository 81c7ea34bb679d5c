//! Records what Node makes of the programs that the interpreter is compared with.
//!
//! `cargo test -p tarsight-tests --test oracle -- --ignored` asks Node again and compares;
//! `TARSIGHT_NODE_WRITE=1` writes the file anew. The programs are our own, made from seeds, and
//! touch nothing.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

#[path = "../crates/tarsight/src/value/run/oracle/generate.rs"]
mod generate;

fn programs() -> String {
    let mut text = generate::PRELUDE.to_owned();
    let programs = (0..generate::EXPRESSIONS)
        .map(generate::expression)
        .chain((0..generate::FUNCTIONS).map(generate::function));
    for program in programs {
        let line = format!("console.log(show(function () {{ return ({program}); }}));");
        writeln!(text, "{line}").unwrap();
    }
    text
}

#[test]
#[ignore = "needs node"]
fn node_still_gives_what_is_recorded() {
    let mut node = Command::new("node")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin
        .take()
        .unwrap()
        .write_all(programs().as_bytes())
        .unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("../crates/tarsight/src/value/run/oracle/recorded.txt");
    if std::env::var_os("TARSIGHT_NODE_WRITE").is_some() {
        std::fs::write(&file, &output.stdout).unwrap();
    }
    let recorded = std::fs::read(file).unwrap();
    assert!(recorded == output.stdout, "node gives something else now");
}
