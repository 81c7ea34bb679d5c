//! Turns the data tables of the engine into static Rust tables, and refuses bad rows.
//!
//! Each generator is a pure function of its tables' texts; only this file touches the disk.

#[path = "build/api.rs"]
mod api;
#[path = "build/cells.rs"]
mod cells;
#[path = "build/findings.rs"]
mod findings;
#[path = "build/table.rs"]
mod table;
#[path = "build/targets.rs"]
mod targets;

use std::path::Path;
use std::{env, fs};

use table::Table;

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let out = env::var("OUT_DIR").map_err(|_| "cargo sets no OUT_DIR".to_owned())?;
    let out = Path::new(&out);

    let texts = read("src/api/tables")?;
    write(out, "apis.rs", &api::generate(&tables(&texts))?)?;

    let texts = read("src/api/targets")?;
    write(out, "targets.rs", &targets::generate(&tables(&texts))?)?;

    let here = env::current_dir().map_err(|error| format!("no working folder: {error}"))?;
    let folder = here.join("src/findings");
    let texts = read_code("src/findings")?;
    let code = findings::generate(&folder.to_string_lossy(), &texts)?;
    write(out, "findings.rs", &code)
}

fn tables(texts: &[(String, String)]) -> Vec<Table<'_>> {
    texts
        .iter()
        .map(|(file, text)| Table { file, text })
        .collect()
}

/// The `.tsv` files under `folder` and one level below it, sorted by path.
fn read(folder: &str) -> Result<Vec<(String, String)>, String> {
    println!("cargo::rerun-if-changed={folder}");
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("{folder}: {error}"))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                folders.push(path);
            } else if name.ends_with(".tsv") {
                let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
                files.push((path, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn write(out: &Path, name: &str, text: &str) -> Result<(), String> {
    fs::write(out.join(name), text).map_err(|error| format!("{name}: {error}"))
}

/// Name and text of the `.rs` files of a folder, sorted by name.
fn read_code(folder: &str) -> Result<Vec<(String, String)>, String> {
    println!("cargo::rerun-if-changed={folder}");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))? {
        let entry = entry.map_err(|error| format!("{folder}: {error}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rs") {
            let text =
                fs::read_to_string(entry.path()).map_err(|error| format!("{name}: {error}"))?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}
