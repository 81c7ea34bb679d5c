//! The files of an archive and the list of ids as text.

use tarsight::model::{Capability, Severity};
use tarsight::{Entries, Rule};

use super::page::{Page, bytes, clean, count};
use super::report::{anomalies, unanalysed};
use crate::args::Common;

/// The files of an archive: size, kind, path.
pub(crate) fn entries(list: &Entries, common: &Common) -> String {
    let mut page = Page::of(common);
    let rows: Vec<Vec<String>> = list
        .entries
        .iter()
        .map(|entry| {
            vec![
                entry.size.to_string(),
                clean(&entry.kind),
                clean(&entry.path),
            ]
        })
        .collect();
    table(&mut page, &rows, Some(0));
    if common.quiet {
        return page.finish();
    }
    let total = list.entries.iter().map(|entry| entry.size).sum();
    let files = count(list.entries.len() as u64, "file", "files");
    let line = page.dim(&format!("{files}, {}", bytes(total)));
    page.line(0, &line);
    let whole = list.anomaly_count.unwrap_or(list.anomalies.len() as u64);
    anomalies(&mut page, &list.anomalies, whole, common.verbose);
    if !list.coverage.complete {
        page.heading("Not read to its end");
        for place in &list.coverage.unanalysed {
            unanalysed(&mut page, place);
        }
    }
    page.finish()
}

/// Every id: what it is, its class, its severity, what it means.
pub(crate) fn rules(rules: &[Rule], color: bool) -> String {
    let mut page = Page::new(color);
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|rule| {
            vec![
                rule.id.clone(),
                rule.kind.as_str().to_owned(),
                rule.capability.map_or("-", Capability::as_str).to_owned(),
                rule.severity.map_or("-", Severity::as_str).to_owned(),
                rule.title.clone(),
            ]
        })
        .collect();
    table(&mut page, &rows, None);
    page.finish()
}

/// Columns as wide as their widest cell; the column `right` is set to the right.
fn table(page: &mut Page, rows: &[Vec<String>], right: Option<usize>) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, &width))| {
                if right == Some(column) {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            })
            .collect();
        page.line(0, &cells.join("  "));
    }
}

#[cfg(test)]
mod tests {
    use tarsight::report::{FileEntry, Subject};

    use super::*;
    use crate::args::Color;
    use crate::render::report::tests::sample;

    #[test]
    fn files_are_listed_with_what_is_odd() {
        let mut list = Entries::of(Subject::default());
        for (path, size, kind) in [
            ("index.js", 812, "javascript"),
            ("package\u{202E}.json", 10_512, "json"),
        ] {
            let entry = FileEntry {
                path: path.to_owned(),
                size,
                kind: kind.to_owned(),
                ..FileEntry::default()
            };
            list.entries.push(entry);
        }
        list.anomalies = sample().anomalies;
        list.coverage.complete = true;
        let common = Common {
            color: Color::Never,
            ..Common::default()
        };
        insta::assert_snapshot!(entries(&list, &common), @r"
          812  javascript  index.js
        10512  json        package\u{202E}.json
        2 files, 11.3 kB

        Anomalies (1)
          high  archive.duplicate-entry  lib/index.js  2 entries have this path; the last one wins
        ");
    }

    #[test]
    fn rules_are_a_table() {
        let text = rules(&tarsight::rules(), false);
        let line = text.lines().find(|line| line.starts_with("wasm"));
        let cells: Vec<&str> = line.expect("it is listed").split_whitespace().collect();
        assert_eq!(cells.get(..4), Some(&["wasm", "reason", "-", "-"][..]));
    }
}
