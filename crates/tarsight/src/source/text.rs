//! Bytes as the text that a runtime or an editor sees.

use std::borrow::Cow;

/// How a text is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, valid or not.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// A file's text, and how to get from places in it back to the file.
#[derive(Clone, Debug)]
pub(crate) struct Text<'a> {
    /// The text, without byte order mark; borrowed if it is valid UTF-8.
    pub text: Cow<'a, str>,
    /// How the file stores it.
    pub encoding: Encoding,
    /// Whether anything invalid became U+FFFD.
    pub lossy: bool,
    /// Bytes of the byte order mark that was cut.
    pub bom: usize,
    bytes: &'a [u8],
    /// Pairs of places, in the text and in the file, at least every [`STEP`] bytes; empty if
    /// the two differ by the mark only.
    marks: Vec<(u32, u32)>,
}

/// How far apart marks may be, in bytes of the text.
const STEP: usize = 4096;
/// Bytes that are looked at for UTF-16 without a mark.
const SAMPLE: usize = 1024;

/// Decodes a file. Nothing is undecodable: runtimes replace what is invalid, so this does too.
#[must_use]
pub(crate) fn decode(bytes: &[u8]) -> Text<'_> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => utf8(bytes, 3),
        [0xFF, 0xFE, ..] => utf16(bytes, Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => utf16(bytes, Encoding::Utf16Be, 2),
        _ => match unmarked_utf16(bytes) {
            Some(encoding) => utf16(bytes, encoding, 0),
            None => utf8(bytes, 0),
        },
    }
}

/// Text that is mostly ASCII has a NUL in every other byte of UTF-16.
///
/// Node reads such a file as UTF-8, and a NUL may stand in a string, a comment or a regular
/// expression. So nothing counts that could open one of these: code stays what Node sees.
pub(super) fn unmarked_utf16(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let nuls = |from: usize| {
        let half = sample.iter().skip(from).step_by(2);
        half.filter(|&&byte| byte == 0).count()
    };
    let most = sample.len() / 2 * 7 / 10;
    let (even, odd) = (nuls(0), nuls(1));
    match sample {
        [b'"' | b'\'' | b'`' | b'/', 0, ..] => None,
        [0, 1..=255, _, _, ..] if even > most && odd * 8 < even => Some(Encoding::Utf16Be),
        [1..=255, 0, _, _, ..] if odd > most && even * 8 < odd => Some(Encoding::Utf16Le),
        _ => None,
    }
}

fn utf8(bytes: &[u8], bom: usize) -> Text<'_> {
    let body = bytes.get(bom..).unwrap_or(&[]);
    if let Ok(text) = std::str::from_utf8(body) {
        return Text {
            text: Cow::Borrowed(text),
            encoding: Encoding::Utf8,
            lossy: false,
            bom,
            bytes,
            marks: Vec::new(),
        };
    }
    let mut out = Builder::new(body.len());
    let mut at = bom;
    for chunk in body.utf8_chunks() {
        let mut valid = chunk.valid();
        while !valid.is_empty() {
            let (part, rest) = valid.split_at(valid.floor_char_boundary(STEP));
            out.push(part, at);
            at += part.len();
            valid = rest;
        }
        if !chunk.invalid().is_empty() {
            out.push("\u{FFFD}", at);
            at += chunk.invalid().len();
        }
    }
    Text {
        text: Cow::Owned(out.text),
        encoding: Encoding::Utf8,
        lossy: true,
        bom,
        bytes,
        marks: out.marks,
    }
}

fn utf16(bytes: &[u8], encoding: Encoding, bom: usize) -> Text<'_> {
    let body = bytes.get(bom..).unwrap_or(&[]);
    let (units, rest) = body.as_chunks::<2>();
    let mut out = Builder::new(body.len());
    let mut lossy = !rest.is_empty();
    let mut at = bom;
    let units = units.iter().map(|unit| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(*unit),
        _ => u16::from_le_bytes(*unit),
    });
    for unit in char::decode_utf16(units) {
        lossy |= unit.is_err();
        let c = unit.unwrap_or('\u{FFFD}');
        out.push(c.encode_utf8(&mut [0; 4]), at);
        at += c.len_utf16() * 2;
    }
    if !rest.is_empty() {
        out.push("\u{FFFD}", at);
    }
    Text {
        text: Cow::Owned(out.text),
        encoding,
        lossy,
        bom,
        bytes,
        marks: out.marks,
    }
}

/// Collects text, and a mark whenever the last one is far behind.
struct Builder {
    text: String,
    marks: Vec<(u32, u32)>,
}

impl Builder {
    fn new(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
            marks: Vec::new(),
        }
    }

    fn push(&mut self, part: &str, file: usize) {
        let here = self.text.len();
        let due = self
            .marks
            .last()
            .is_none_or(|&(last, _)| here + part.len() >= last as usize + STEP);
        if due {
            self.marks.push((narrow(here), narrow(file)));
        }
        self.text.push_str(part);
    }
}

impl Text<'_> {
    /// The byte of the file at which the character at `offset` of the text stands.
    #[must_use]
    pub(crate) fn file_offset(&self, offset: u32) -> u32 {
        let next = self.marks.partition_point(|&(text, _)| text <= offset);
        let Some(&(text, file)) = next.checked_sub(1).and_then(|at| self.marks.get(at)) else {
            return offset.saturating_add(narrow(self.bom));
        };
        let wanted = (offset - text) as usize;
        let rest = self.bytes.get(file as usize..).unwrap_or(&[]);
        let passed = match self.encoding {
            Encoding::Utf8 => passed_utf8(rest, wanted),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let start = text as usize;
                let end = self.text.floor_char_boundary(start + wanted);
                let part = self.text.get(start..end).unwrap_or("");
                part.chars().map(|c| c.len_utf16() * 2).sum()
            }
        };
        narrow((file as usize + passed).min(self.bytes.len()))
    }
}

/// Bytes of the file that gave the first `wanted` bytes of text.
fn passed_utf8(bytes: &[u8], wanted: usize) -> usize {
    let (mut text, mut file) = (0, 0);
    // Marks are near, so a little more than their distance is enough to look at.
    let window = bytes.get(..2 * STEP).unwrap_or(bytes);
    for chunk in window.utf8_chunks() {
        let valid = chunk.valid().len();
        if text + valid >= wanted {
            return file + (wanted - text);
        }
        text += valid + '\u{FFFD}'.len_utf8();
        file += valid;
        if text > wanted {
            return file;
        }
        file += chunk.invalid().len();
    }
    file
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn valid_utf8_is_not_copied() {
        let text = decode("aä😀".as_bytes());
        assert!(matches!(text.text, Cow::Borrowed("aä😀")));
        assert_eq!((text.bom, text.lossy, text.file_offset(3)), (0, false, 3));
        let text = decode(b"\xEF\xBB\xBFx");
        assert!(matches!(text.text, Cow::Borrowed("x")));
        assert_eq!((text.bom, text.file_offset(1)), (3, 4));
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let units: Vec<u16> = "var ä = '😀'; x()".encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        for (bytes, encoding, bom) in [
            (le.clone(), Encoding::Utf16Le, 0),
            (be.clone(), Encoding::Utf16Be, 0),
            ([&[0xFF, 0xFE][..], &le].concat(), Encoding::Utf16Le, 2),
            ([&[0xFE, 0xFF][..], &be].concat(), Encoding::Utf16Be, 2),
        ] {
            let text = decode(&bytes);
            assert_eq!(text.text, "var ä = '😀'; x()");
            assert_eq!(
                (text.encoding, text.bom, text.lossy),
                (encoding, bom, false)
            );
            let at = text.text.find('x').expect("there") as u32;
            assert_eq!(text.file_offset(at) as usize, bytes.len() - 6);
        }
        let odd = decode(b"\xFF\xFEa\0b");
        assert_eq!((odd.text.as_ref(), odd.lossy), ("a\u{FFFD}", true));
    }

    #[test]
    fn nuls_in_a_string_do_not_hide_code() {
        let padding = "a\0".repeat(2000);
        for start in ["\"\0", "/*", "'\0", "`\0", "/\0"] {
            let code = format!("{start}{padding}*/\"; run()");
            assert_eq!(decode(code.as_bytes()).text, code);
        }
    }

    #[test]
    fn invalid_bytes_are_replaced_as_node_does() {
        let text = decode(b"a\xFF\xFEb\xE2\x82c");
        assert_eq!(text.text, "a\u{FFFD}\u{FFFD}b\u{FFFD}c");
        assert!(text.lossy);
        assert_eq!(text.file_offset(7), 3);
        assert_eq!(text.file_offset(11), 6);
    }

    /// Where each character of the text stands in the file, by decoding prefixes.
    fn naive(bytes: &[u8]) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        let (mut text, mut file) = (0, 0);
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                out.push((text, file));
                text += c.len_utf8() as u32;
                file += c.len_utf8() as u32;
            }
            if !chunk.invalid().is_empty() {
                out.push((text, file));
                text += 3;
                file += chunk.invalid().len() as u32;
            }
        }
        out
    }

    proptest! {
        #[test]
        fn places_lead_back(part in prop::collection::vec(prop_oneof![Just(b'a'), Just(0xC3), Just(0xA4), Just(0xF0), Just(0x9F), any::<u8>()], 1..40), repeat in 1_usize..900) {
            let bytes = [&b"x"[..], &part.repeat(repeat)].concat();
            let text = decode(&bytes);
            prop_assume!(text.encoding == Encoding::Utf8);
            prop_assert_eq!(text.text.as_ref(), String::from_utf8_lossy(&bytes));
            for (at, file) in naive(&bytes).into_iter().step_by(repeat) {
                prop_assert_eq!(text.file_offset(at), file);
            }
            prop_assert_eq!(text.file_offset(text.text.len() as u32) as usize, bytes.len());
        }

        #[test]
        fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64), mark in 0_usize..4) {
            let bytes = [[&b""[..], b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"][mark], &bytes].concat();
            let text = decode(&bytes);
            let mut last = 0;
            for (at, _) in text.text.char_indices() {
                let file = text.file_offset(at as u32);
                prop_assert!(file >= last && file as usize <= bytes.len());
                last = file;
            }
        }
    }
}
