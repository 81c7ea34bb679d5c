//! Checks the target tables and writes them as static tables.

use std::cmp::Reverse;

use super::api::{emit, find};
use super::cells::pascal;
use super::table::{Errors, Table, expand};

/// The Rust source of all target tables.
pub(crate) fn generate(tables: &[Table<'_>]) -> Result<String, String> {
    let mut out = String::new();
    paths(&find(tables, "secret-paths.tsv")?, "SECRET_PATHS", &mut out)?;
    paths(
        &find(tables, "persistence-paths.tsv")?,
        "PERSISTENCE_PATHS",
        &mut out,
    )?;
    variables(&find(tables, "variables.tsv")?, &mut out)?;
    hosts(&find(tables, "hosts.tsv")?, &mut out)?;
    tokens(&find(tables, "tokens.tsv")?, &mut out)?;
    extensions(&find(tables, "extensions.tsv")?, &mut out)?;
    Ok(out)
}

/// Sorts by key, checks that patterns stand once, and writes.
fn finish(
    mut rows: Vec<(String, Reverse<usize>, String)>,
    name: &str,
    of: &str,
    mut errors: Errors,
    out: &mut String,
) -> Result<(), String> {
    rows.sort();
    for pair in rows.windows(2) {
        if pair[0].0 == pair[1].0 {
            errors.add(format!("{name}: `{}` is given twice", pair[0].0));
        }
    }
    rows.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    emit(out, name, of, rows.into_iter().map(|row| row.2));
    errors.done(())
}

fn target(id: &str, title: &str, pattern: &str, source: &str) -> String {
    format!("Target {{ id: {id:?}, title: {title:?}, pattern: {pattern:?}, source: {source:?} }}")
}

/// How many letters of a pattern are no wildcard.
fn weight(pattern: &str) -> Reverse<usize> {
    Reverse(pattern.bytes().filter(|byte| *byte != b'*').count())
}

fn paths(table: &Table<'_>, name: &str, out: &mut String) -> Result<(), String> {
    let mut rows = Vec::new();
    let mut errors = Errors::default();
    for row in table.rows(4)? {
        let cells = (|| {
            let pattern = row.need(0, "pattern")?;
            let patterns = expand(pattern).map_err(|error| row.error(&error))?;
            Ok((
                patterns,
                row.need(1, "id")?,
                row.need(2, "title")?,
                row.need(3, "source")?,
            ))
        })();
        let Some((patterns, id, title, source)) = errors.keep(cells) else {
            continue;
        };
        for pattern in patterns {
            let (anchor, rest) = if let Some(rest) = pattern.strip_prefix("~/") {
                ("Home", rest)
            } else if let Some(rest) = pattern.strip_prefix('/') {
                ("Root", rest)
            } else {
                ("Any", pattern.as_str())
            };
            let parts: Vec<&str> = rest.split('/').collect();
            if parts
                .iter()
                .any(|part| part.is_empty() || (part.contains("**") && *part != "**"))
            {
                errors.add(row.error(&format!(
                    "`{pattern}` has an empty component or `**` inside one"
                )));
            }
            if parts.first() == Some(&"**")
                || parts.iter().all(|part| part.trim_matches('*').is_empty())
            {
                errors.add(row.error(&format!("`{pattern}` must name something, and first")));
            }
            let body = format!(
                "PathRow {{ target: {}, anchor: Anchor::{anchor}, parts: &{parts:?} }}",
                target(id, title, &pattern, source)
            );
            rows.push((pattern.clone(), weight(&pattern), body));
        }
    }
    finish(rows, name, "PathRow", errors, out)
}

fn variables(table: &Table<'_>, out: &mut String) -> Result<(), String> {
    let mut rows = Vec::new();
    let mut errors = Errors::default();
    for row in table.rows(5)? {
        let cells = (|| {
            let pattern = row.need(0, "pattern")?;
            let patterns = expand(pattern).map_err(|error| row.error(&error))?;
            let texts = [
                row.need(2, "id")?,
                row.need(3, "title")?,
                row.need(4, "source")?,
            ];
            Ok((patterns, row.need(1, "group")?, texts))
        })();
        let Some((patterns, group, [id, title, source])) = errors.keep(cells) else {
            continue;
        };
        if !matches!(group, "secret" | "gate" | "steer") {
            errors.add(row.error(&format!(
                "the group `{group}` is none of secret, gate, steer"
            )));
        }
        for pattern in patterns {
            if pattern.trim_matches('*').is_empty() || pattern.trim_matches('*').contains('*') {
                errors.add(row.error(&format!("`{pattern}` may have `*` at its ends only")));
            }
            let body = format!(
                "VariableRow {{ target: {}, group: Group::{} }}",
                target(id, title, &pattern, source),
                pascal(group)
            );
            rows.push((pattern.clone(), weight(&pattern), body));
        }
    }
    finish(rows, "VARIABLES", "VariableRow", errors, out)
}

fn hosts(table: &Table<'_>, out: &mut String) -> Result<(), String> {
    let mut rows = Vec::new();
    let mut errors = Errors::default();
    for row in table.rows(5)? {
        let cells = (|| {
            let hosts = expand(row.need(0, "host")?).map_err(|error| row.error(&error))?;
            Ok((
                hosts,
                row.need(2, "id")?,
                row.need(3, "title")?,
                row.need(4, "source")?,
            ))
        })();
        let Some((hosts, id, title, source)) = errors.keep(cells) else {
            continue;
        };
        let path = row.get(1).unwrap_or("");
        if !(path.is_empty() || path.starts_with('/')) {
            errors.add(row.error(&format!("the path `{path}` has no slash at its start")));
        }
        for host in hosts {
            if host.contains(['*', '/']) || host.chars().any(|c| c.is_ascii_uppercase()) {
                errors.add(row.error(&format!(
                    "the host `{host}` is no lower-case name, address or label"
                )));
            }
            let body = format!(
                "HostRow {{ target: {}, host: {host:?}, path: {path:?} }}",
                target(id, title, &format!("{host}{path}"), source)
            );
            // A path says more than any host: rows with paths come first.
            let weight = Reverse(weight(path).0 * 1000 + host.len());
            rows.push((format!("{host}{path}"), weight, body));
        }
    }
    finish(rows, "HOSTS", "HostRow", errors, out)
}

fn tokens(table: &Table<'_>, out: &mut String) -> Result<(), String> {
    let mut rows = Vec::new();
    let mut errors = Errors::default();
    for row in table.rows(6)? {
        let cells = (|| {
            Ok((
                row.need(0, "shape")?,
                row.need(1, "markers")?,
                [row.need(2, "id")?, row.need(3, "title")?],
                [row.need(4, "example")?, row.need(5, "source")?],
            ))
        })();
        let Some((shape, markers, [id, title], [example, source])) = errors.keep(cells) else {
            continue;
        };
        let markers: Vec<&str> = markers.split(',').collect();
        let body = format!(
            "TokenRow {{ target: {}, markers: &{markers:?}, example: {example:?} }}",
            target(id, title, shape, source)
        );
        rows.push((shape.to_owned(), Reverse(shape.len()), body));
    }
    finish(rows, "TOKENS", "TokenRow", errors, out)
}

fn extensions(table: &Table<'_>, out: &mut String) -> Result<(), String> {
    let mut rows = Vec::new();
    let mut errors = Errors::default();
    for row in table.rows(4)? {
        let cells = (|| {
            Ok((
                row.need(0, "extension")?,
                row.need(1, "id")?,
                row.need(2, "title")?,
                row.need(3, "source")?,
            ))
        })();
        let Some((extension, id, title, source)) = errors.keep(cells) else {
            continue;
        };
        if extension.len() != 32 || !extension.bytes().all(|byte| (b'a'..=b'p').contains(&byte)) {
            errors.add(row.error(&format!("`{extension}` is not 32 letters from a to p")));
        }
        // All the same weight: sorted by the extension, for a binary search.
        rows.push((
            extension.to_owned(),
            Reverse(0),
            target(id, title, extension, source),
        ));
    }
    finish(rows, "EXTENSIONS", "Target", errors, out)
}
