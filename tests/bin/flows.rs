//! Scans clients of services and writes which of their flows fall in which cell: whose the data
//! is, and whose the destination.
//!
//! The list is `corpus/benign/sdks.tsv`; the folder holds tarballs named as npm packs them. Nothing
//! that a package says goes into the output.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tarsight::{Engine, Report};
use tarsight_tests::{root, table};

fn main() -> ExitCode {
    table::on_table_and_folder("flows", run)
}

fn run(list: &Path, folder: &Path) -> Result<String, String> {
    let engine = Engine::new();
    let mut text = "name\tversion\tlevel\tflow\tfrom\tto\tcount\n".to_owned();
    let mut packages = 0;
    for row in table::rows(list)?.into_iter().skip(1) {
        let [name, version, ..] = row.as_slice() else {
            return Err(format!("{}: {row:?} has no 2 cells", list.display()));
        };
        let bytes = table::tarball(folder, name, version)?;
        let report = engine.scan(&bytes);
        let report = report.map_err(|error| format!("{name} {version}: {error}"))?;
        let level = report.risk.level.as_str();
        for (flow, count) in cells(&report) {
            writeln!(text, "{name}\t{version}\t{level}\t{flow}\t{count}")
                .map_err(|error| error.to_string())?;
        }
        packages += 1;
    }
    let path = "corpus/benign/flows.tsv";
    fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))?;
    Ok(format!("{packages} packages\n"))
}

/// Kinds of flows with their cells, and how many there are of each.
fn cells(report: &Report) -> BTreeMap<String, usize> {
    let mut cells = BTreeMap::new();
    for flow in &report.flows {
        let (from, to) = match &flow.cell {
            Some(cell) => (cell.from.as_str(), cell.to.as_str()),
            None => ("-", "-"),
        };
        *cells
            .entry(format!("{}\t{from}\t{to}", flow.id))
            .or_insert(0) += 1;
    }
    if cells.is_empty() {
        cells.insert("-\t-\t-".to_owned(), 0);
    }
    cells
}
