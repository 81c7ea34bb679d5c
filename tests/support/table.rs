//! Tables of tab-separated cells, the tarballs that they name, and commands that take both.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the programs of this crate print through it"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The rows of a table, comments left out.
///
/// # Errors
/// If it cannot be read: a line that says which and why.
pub fn rows(path: &Path) -> Result<Vec<Vec<String>>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    Ok(rows
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect())
}

/// Where a folder has the tarball of a package, without the `.tgz`: named as npm packs it.
#[must_use]
pub fn stem(folder: &Path, name: &str, version: &str) -> PathBuf {
    let file = name.trim_start_matches('@').replace('/', "-");
    folder.join(format!("{file}-{version}"))
}

/// The bytes of a package's tarball in a folder.
///
/// # Errors
/// If it cannot be read: a line that says which and why.
pub fn tarball(folder: &Path, name: &str, version: &str) -> Result<Vec<u8>, String> {
    let path = PathBuf::from(format!("{}.tgz", stem(folder, name, version).display()));
    fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Runs a program that takes a table and a folder, and prints what it gives.
pub fn on_table_and_folder(
    name: &str,
    run: impl Fn(&Path, &Path) -> Result<String, String>,
) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, folder] = arguments.as_slice() else {
        eprintln!("usage: {name} TABLE.tsv FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(table), Path::new(folder)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
