//! Finds tokens by their shape, and extensions by their id.
#![cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the tables are checked; findings over them come with the catalogue"
    )
)]

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::Target;
use super::table::{EXTENSIONS, TOKENS, TokenRow};

/// Each shape, compiled when its marker is first seen.
static SHAPES: [OnceLock<Option<Regex>>; TOKENS.len()] = [const { OnceLock::new() }; TOKENS.len()];

/// The shapes that some part of a text has.
pub(crate) fn token_shapes(text: &str) -> impl Iterator<Item = &'static Target> {
    marked(text)
        .into_iter()
        .filter(move |(shape, row)| {
            shape
                .get_or_init(|| Regex::new(row.target.pattern).ok())
                .as_ref()
                .is_some_and(|regex| regex.is_match(text))
        })
        .map(|(_, row)| &row.target)
}

/// The token that a regular expression in the package looks for: it has a marker of some length,
/// and a class or a group right after it.
#[must_use]
pub(crate) fn token_pattern(source: &str) -> Option<&'static Target> {
    TOKENS
        .iter()
        .find(|row| {
            let telling = |marker: &&&str| {
                marker.len() >= 4 && marker.bytes().any(|byte| !byte.is_ascii_alphanumeric())
            };
            row.markers.iter().filter(telling).any(|marker| {
                source.match_indices(marker).any(|(at, _)| {
                    let after = source.get(at + marker.len()..).unwrap_or("");
                    after.starts_with(['[', '\\', '(', '.'])
                })
            })
        })
        .map(|row| &row.target)
}

/// The extension of that id.
#[must_use]
pub(crate) fn extension(id: &str) -> Option<&'static Target> {
    let index = EXTENSIONS
        .binary_search_by(|target| target.pattern.cmp(id))
        .ok()?;
    EXTENSIONS.get(index)
}

/// The rows of which a marker is in the text, in table order.
fn marked(text: &str) -> Vec<(&'static OnceLock<Option<Regex>>, &'static TokenRow)> {
    static MARKERS: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let markers =
        MARKERS.get_or_init(|| AhoCorasick::new(TOKENS.iter().flat_map(|row| row.markers)).ok());
    let Some(markers) = markers else {
        return Vec::new();
    };
    let mut seen = vec![false; markers.patterns_len()];
    for found in markers.find_overlapping_iter(text) {
        if let Some(slot) = seen.get_mut(found.pattern().as_usize()) {
            *slot = true;
        }
    }
    let mut seen = seen.into_iter();
    SHAPES
        .iter()
        .zip(&TOKENS)
        .filter(|(_, row)| {
            seen.by_ref()
                .take(row.markers.len())
                .fold(false, |any, one| any | one)
        })
        .collect()
}
