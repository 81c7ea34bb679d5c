//! The tables know every place, name and address that attacks are known to ask for, and say
//! when they have changed.

use sha2::{Digest, Sha256};

use super::*;

const PLACES: &str = include_str!("known_places.txt");
const NAMES: &str = include_str!("known_names.txt");
const TOKENS: &str = include_str!("known_tokens.txt");

/// What the tables held when [`VERSION`] was set.
const DIGEST: &str = "5ac188403b2b9de5";

fn words(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().collect())
}

#[test]
fn every_known_place_is_listed() {
    let mut missing = Vec::new();
    for place in words(PLACES).flatten() {
        let path = place.replace("\\u{20}", " ");
        if secret_path(&path).or(persistence_path(&path)).is_none() {
            missing.push(path);
        }
    }
    assert!(missing.is_empty(), "no row for\n{}", missing.join("\n"));
}

#[test]
fn every_known_name_is_listed() {
    let mut missing = Vec::new();
    for line in words(NAMES) {
        let (kind, names) = line.split_first().expect("a kind and names");
        for &name in names {
            let found = match *kind {
                "variable" => secret_variable(name)
                    .or(gate_variable(name))
                    .or(steering_variable(name)),
                "host" => host_class(name, ""),
                "extension" => extension(name),
                other => panic!("{other} is no kind"),
            };
            if found.is_none() {
                missing.push(format!("{kind} {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "no row for\n{}", missing.join("\n"));
}

/// `ghp_{k*3}` is `ghp_kkk`; blanks are written as `_` after `BEGIN`.
fn filled(example: &str) -> String {
    let mut text = String::new();
    let mut rest = example;
    while let Some((before, after)) = rest.split_once('{') {
        let (fill, behind) = after.split_once('}').expect("a brace that is closed");
        let (what, count) = fill.split_once('*').expect("a text and a number");
        text.push_str(before);
        text.push_str(&what.repeat(count.parse().expect("a number")));
        rest = behind;
    }
    text.push_str(rest);
    match text.starts_with("-----BEGIN") {
        true => text.replace('_', " "),
        false => text,
    }
}

#[test]
fn every_known_shape_of_a_token_is_listed() {
    let mut missing = Vec::new();
    let mut count = 0;
    for line in words(TOKENS) {
        let (id, examples) = line.split_first().expect("an id and examples");
        for example in examples {
            count += 1;
            let text = format!("const t = '{}';", filled(example));
            if !token_shapes(&text).any(|row| row.id == *id) {
                missing.push(format!("{id} {example}"));
            }
        }
    }
    assert!(missing.is_empty(), "no row for\n{}", missing.join("\n"));
    assert!(count > 100, "only {count} examples");
}

#[test]
fn every_row_says_where_it_is_from() {
    for (_, row) in rows() {
        assert!(!row.title.is_empty() && row.source.len() > 3, "{row:?}");
    }
}

#[test]
fn the_version_changes_with_the_rows() {
    let mut hash = Sha256::new();
    for (table, row) in rows() {
        for part in [table, row.id, row.pattern, row.title, row.source] {
            hash.update(part);
            hash.update([0]);
        }
    }
    let digest: String = hash
        .finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        digest, DIGEST,
        "the rows changed: set VERSION to today, and DIGEST"
    );
}
