//! Code that is written so that nobody reads it.

use std::collections::BTreeSet;

use crate::api::{self, AimKind};
use crate::flow::{Package, Use, encoded, read_by};
use crate::model::{FileId, Reach, Span};
use crate::source::{ENCODED, Kind, conceals, is_code, line_shape};
use crate::value::Place;

/// What, target, how to read it, when, where.
type Found = (&'static api::Behaviour, String, AimKind, Reach, Place);

/// Bytes of a line that is a giant, functions in it, and the longest line of code by hand.
const GIANT: u64 = 50_000;
const LEAST_FUNCTIONS: u32 = 20;
const BY_HAND: u64 = 400;
/// Folders of what a build made, and parts of the names that builds give.
const FOLDERS: [&str; 24] = [
    "assets",
    "browser",
    "build",
    "built",
    "bundle",
    "bundles",
    "bundled",
    "chunks",
    "cjs",
    "compiled",
    "dist",
    "docs",
    "es",
    "esm",
    "iife",
    "min",
    "node_modules",
    "out",
    "public",
    "release",
    "static",
    "umd",
    "vendor",
    "wasm",
];
const NAMES: [&str; 10] = [
    "browser", "bundle", "bundled", "chunk", "esm", "global", "iife", "min", "prod", "umd",
];

/// What the files of code show of it.
pub(super) fn behaviours(package: &Package<'_>, kinds: &[Kind], uses: &[Use]) -> Vec<Found> {
    let mut found = Vec::new();
    for at in 0..package.facts.len() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        for one in package
            .facts_of(file)
            .iter()
            .flat_map(|facts| &facts.hiding)
        {
            let place = Place {
                file,
                span: one.span,
            };
            if let Some(what) = api::behaviour(one.id) {
                let detail = one.detail.to_string();
                let reach = package.graph.reach(file);
                found.push((what, detail, AimKind::Other, reach, place));
            }
        }
    }
    found.extend(giants(package, kinds));
    found.extend(encoded_code(package));
    found.extend(in_comments(package));
    found.extend(in_texts(package, kinds, uses));
    found
}

/// Code that files carry in an encoding, and that nobody is seen to decode.
fn encoded_code(package: &Package<'_>) -> Vec<Found> {
    let Some(what) = api::behaviour("obfuscation.encoded-code") else {
        return Vec::new();
    };
    let layers = package.graph.layers();
    let told = encoded(package).into_iter().map(|(file, place)| {
        let bytes = layers.get(file).map_or(0, |layer| layer.text.len());
        let reach = package.graph.reach(place.file);
        (
            what,
            format!("{bytes} bytes of code"),
            AimKind::Other,
            reach,
            place,
        )
    });
    told.collect()
}

/// Texts that run as code and stand in comments of their file, and nowhere else in it.
fn in_comments(package: &Package<'_>) -> Vec<Found> {
    const LEAST: usize = 24;
    // Each place costs a look back, each layer a look at its file.
    const MOST_PLACES: usize = 8;
    const MOST_LAYERS: usize = 64;
    const MOST_BYTES: usize = 4 << 20;
    let Some(what) = api::behaviour("obfuscation.code-in-comment") else {
        return Vec::new();
    };
    let layers = package.graph.layers();
    let first = u32::try_from(package.archive.entries.len()).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    let run = (first..)
        .zip(layers.iter())
        .filter(|(_, layer)| layer.kind != ENCODED);
    for (at, layer) in run.take(MOST_LAYERS) {
        let code = layer.text.trim().as_bytes();
        let text = package.archive.bytes(layers.home(layer.file));
        if code.len() < LEAST || text.len() > MOST_BYTES {
            continue;
        }
        let places = memchr::memmem::find_iter(text, code);
        let places: Vec<usize> = places.take(MOST_PLACES + 1).collect();
        let is_told = (1..=MOST_PLACES).contains(&places.len());
        if is_told && places.iter().all(|&at| is_in_comment(text, at)) {
            let place = Place {
                file: layer.file,
                span: layer.span,
            };
            let detail = format!("{} bytes of code", code.len());
            let reach = package.graph.reach(FileId(at));
            found.push((what, detail, AimKind::Other, reach, place));
        }
    }
    found
}

/// Orders to an agent in texts that code reads: what a tool says of itself may stand in a file.
fn in_texts(package: &Package<'_>, kinds: &[Kind], uses: &[Use]) -> Vec<Found> {
    const MOST_BYTES: usize = 1 << 16;
    const MOST_TOLD: usize = 600;
    // Who reads a file costs a look at all uses.
    const MOST_ASKED: usize = 64;
    let Some(what) = api::behaviour("agent.concealment") else {
        return Vec::new();
    };
    let archive = package.archive;
    let mut asked = 0;
    let mut found = Vec::new();
    for (file, &kind) in (0..).map(FileId).zip(kinds) {
        let bytes = archive.bytes(file);
        let is_text = matches!(
            kind,
            Kind::Config | Kind::Json | Kind::Markdown | Kind::Text
        ) && bytes.len() <= MOST_BYTES;
        let Some(text) = is_text.then(|| std::str::from_utf8(bytes).ok()).flatten() else {
            continue;
        };
        let mut start = 0;
        for paragraph in text.split_inclusive("\n\n") {
            let at = start;
            start += paragraph.len();
            let said = paragraph.replace('\n', " ");
            if !conceals(&said) {
                continue;
            }
            if asked >= MOST_ASKED {
                return found;
            }
            asked += 1;
            let reach = read_by(archive.path(file), uses);
            if reach.is_dormant() {
                break;
            }
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let place = Place {
                file,
                span: Span::new(narrow(at), narrow(start)),
            };
            let quoted: String = said.chars().take(MOST_TOLD).collect();
            found.push((what, quoted.trim().to_owned(), AimKind::Other, reach, place));
        }
    }
    found
}

/// Whether a place in a file of code is in a comment, as far as the text before it tells.
fn is_in_comment(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let line = before.get(line..).unwrap_or_default();
    if line.trim_ascii_start().starts_with(b"//") {
        return true;
    }
    let last = |sign: &[u8]| memchr::memmem::rfind(before, sign);
    last(b"/*").is_some_and(|opens| {
        // In a pattern of paths it follows a star or a name.
        let follows = opens.checked_sub(1).and_then(|at| before.get(at));
        let is_path = follows.is_some_and(|&byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'"' | b'\'' | b'`' | b'.' | b'/')
        });
        !is_path && last(b"*/").is_none_or(|closes| closes < opens)
    })
}

/// Files of one giant line of code beside files that were written by hand, outside of the
/// folders and names that builds use.
fn giants(package: &Package<'_>, kinds: &[Kind]) -> Vec<Found> {
    let archive = package.archive;
    let Some(what) = api::behaviour("obfuscation.giant-line") else {
        return Vec::new();
    };
    let mut by_hand: BTreeSet<&str> = BTreeSet::new();
    let mut giants: Vec<(FileId, u64)> = Vec::new();
    for (at, &kind) in (0u32..).zip(kinds) {
        let file = FileId(at);
        if !is_code(kind) {
            continue;
        }
        let bytes = archive.bytes(file);
        let (_, longest) = line_shape(bytes);
        if longest <= BY_HAND {
            by_hand.insert(folder(archive.path(file)));
        } else if longest >= GIANT && longest * 2 >= bytes.len() as u64 {
            giants.push((file, longest));
        }
    }
    let is_odd = |&(file, _): &(FileId, u64)| {
        let path = archive.path(file);
        let functions = package.facts_of(file).map_or(0, |facts| facts.counts.0);
        functions >= LEAST_FUNCTIONS && !is_built(path) && by_hand.contains(folder(path))
    };
    let odd = giants.into_iter().filter(is_odd);
    odd.map(|(file, longest)| {
        let place = Place {
            file,
            span: Span::new(0, 0),
        };
        let detail = format!("a line of {longest} bytes");
        (
            what,
            detail,
            AimKind::Other,
            package.graph.reach(file),
            place,
        )
    })
    .collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_built(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folders = folder.split('/').map(str::to_ascii_lowercase);
    let mut parts = name.split(['.', '-', '_']).map(str::to_ascii_lowercase);
    folders.any(|one| FOLDERS.contains(&one.as_str()))
        || parts.any(|one| NAMES.contains(&one.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_comments() {
        let inside = |text: &str| {
            text.find("CODE")
                .map(|at| is_in_comment(text.as_bytes(), at))
        };
        for text in [
            "f() {/*\n CODE */}",
            "// CODE",
            "  // x CODE",
            "/* a */ /* CODE */",
        ] {
            assert_eq!(inside(text), Some(true), "{text}");
        }
        for text in [
            "/* a */ CODE",
            "'src/**/*.js'; CODE",
            "x = 'CODE' // y",
            "// a\nCODE",
        ] {
            assert_eq!(inside(text), Some(false), "{text}");
        }
    }

    #[test]
    fn folders_and_names_of_builds() {
        for (path, built) in [
            ("dist/a.js", true),
            ("a.min.js", true),
            ("lib/react.umd.js", true),
            ("index.js", false),
            ("src/minify.js", false),
        ] {
            assert_eq!(is_built(path), built, "{path}");
        }
    }
}
