//! Every command line in the documents does what the documents say.
//!
//! A block of `sh` holds commands; one that does not end with 0 says so: `# exit 1`. A block of
//! `text` after it is what they print. `TARSIGHT_DOCS=write cargo test -p tarsight-cli --test docs`
//! writes those blocks anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tarsight_tests::root;

/// Commands that are not run here, each with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "cargo install --locked --path crates/tarsight-cli",
        "builds what this test runs",
    ),
    ("npm pack --ignore-scripts NAME@VERSION", "needs a network"),
];

/// A fenced block: its language, and its lines as a range of the document's.
struct Block {
    language: String,
    start: usize,
    end: usize,
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for (at, line) in lines.iter().enumerate() {
        match (&open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.trim().to_owned(), at + 1)),
            (Some((language, start)), Some("")) => {
                let (language, start) = (language.clone(), *start);
                blocks.push(Block {
                    language,
                    start,
                    end: at,
                });
                open = None;
            }
            _ => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Whole commands: a line that is indented, or closes a loop, belongs to the one before.
fn commands(lines: &[&str]) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for line in lines {
        match commands.last_mut() {
            Some(last) if line.starts_with(' ') || *line == "done" => {
                last.push('\n');
                last.push_str(line);
            }
            _ => commands.push((*line).to_owned()),
        }
    }
    commands.retain(|command| !command.is_empty());
    commands
}

/// What the commands print, run in a folder in which the corpus lies.
fn run(folder: &Path, commands: &[String]) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_tarsight"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let mut printed = String::new();
    for command in commands {
        if ELSEWHERE.iter().any(|(known, _)| known == command) {
            continue;
        }
        assert!(command.contains("tarsight "), "not run here: {command}");
        let code = command.rsplit_once("# exit ").map(|(_, code)| code);
        let code = code.map_or(0, |code| code.parse().unwrap());
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .current_dir(folder)
            .env("PATH", &path);
        let output = shell.env("NO_COLOR", "1").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{command}\n{error}");
        printed.push_str(&String::from_utf8(output.stdout).unwrap());
    }
    printed
}

/// The document with its `text` blocks as they have to be, and how many commands ran.
fn checked(folder: &Path, document: &str) -> (String, usize) {
    let lines: Vec<&str> = document.lines().collect();
    let blocks = blocks(&lines);
    let mut new: Vec<String> = Vec::new();
    let (mut copied, mut count) = (0, 0);
    for (at, block) in blocks.iter().enumerate() {
        if block.language != "sh" {
            let known = ["rust", "text", "js", "c", "python", "toml", "yaml", "json"];
            assert!(
                known.contains(&block.language.as_str()),
                "{:?}",
                block.language
            );
            continue;
        }
        let commands = commands(&lines[block.start..block.end]);
        count += commands.len();
        let printed = run(folder, &commands);
        let Some(shown) = blocks.get(at + 1).filter(|next| next.language == "text") else {
            continue;
        };
        new.extend(
            lines[copied..shown.start]
                .iter()
                .map(|line| (*line).to_owned()),
        );
        new.extend(printed.lines().map(str::to_owned));
        copied = shown.end;
    }
    new.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
    (new.join("\n") + "\n", count)
}

fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let mut documents: Vec<PathBuf> = docs.map(|entry| entry.unwrap().path()).collect();
    documents.push(root().join("README.md"));
    documents.sort();
    documents
}

#[test]
fn commands_of_the_documents_do_what_is_written() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("docs");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(root().join("corpus"), folder.join("corpus")).unwrap();
    let write = std::env::var_os("TARSIGHT_DOCS").is_some_and(|value| value == "write");
    let mut all = 0;
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let (new, count) = checked(&folder, &text);
        all += count;
        if write {
            fs::write(&path, new).unwrap();
        } else {
            let name = path.file_name().unwrap().to_string_lossy();
            assert!(
                new == text,
                "{name} shows something else (TARSIGHT_DOCS=write writes it anew):\n{new}"
            );
        }
    }
    assert!(all >= 25, "{all} commands");
}

#[test]
fn a_wrong_command_or_output_is_seen() {
    let folder = root();
    let right = "```sh\ntarsight explain wasm | head -1\n```\n\n```text\nwasm (reason)\n```\n";
    assert_eq!(checked(&folder, right), (right.to_owned(), 1));
    let wrong = right.replace("wasm (reason)", "something else");
    assert_eq!(checked(&folder, &wrong).0, right);
    let failing = "```sh\ntarsight explain nothing\n```\n";
    assert!(std::panic::catch_unwind(|| checked(&root(), failing)).is_err());
}

#[test]
fn links_between_documents_lead_somewhere() {
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap_or_default();
            if link.is_empty() || link.contains("://") {
                continue;
            }
            let target = path.parent().unwrap().join(link);
            assert!(target.exists(), "{}: {link}", path.display());
        }
    }
}
