//! Where strings, lines and regular expressions end.

use super::words::{BYTES, Byte, Word, word};

/// Whether a byte reads alike inside a regular expression and outside.
fn is_plain(byte: u8) -> bool {
    !matches!(
        BYTES[usize::from(byte)],
        Byte::Quote
            | Byte::Backtick
            | Byte::Paren
            | Byte::Bracket
            | Byte::Brace
            | Byte::CloseParen
            | Byte::CloseBracket
            | Byte::CloseBrace
            | Byte::Comma
            | Byte::Semicolon
            | Byte::Less
            | Byte::Greater
            | Byte::At
    ) && byte.is_ascii()
        && byte != b'\\'
}

/// The end of the line at this place: a line or paragraph separator counts.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let line = rest.get(..end).unwrap_or_default();
    let odd = memchr::memchr_iter(0xe2, line).find(|&i| is_separator(line, i));
    at + odd.map_or(end, |i| i + 3)
}

pub(super) fn is_separator(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 3), Some([0xe2, 0x80, 0xa8 | 0xa9]))
}

/// One past the closing quote; `None` if the line ends first.
pub(super) fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let quote = *text.get(at)?;
    let mut at = at + 1;
    loop {
        if let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let eight = u64::from_le_bytes(*eight);
            let found = holds(eight, quote)
                | holds(eight, b'\\')
                | holds(eight, b'\n')
                | holds(eight, b'\r');
            if found == 0 {
                at += 8;
                continue;
            }
            at += found.trailing_zeros() as usize / 8;
        }
        match *text.get(at)? {
            b'\\' => {
                let crlf = text.get(at + 1..at + 3) == Some(b"\r\n");
                at += if crlf { 3 } else { 2 };
            }
            b'\n' | b'\r' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The top bit of each byte that is this one. Only the lowest can be relied on.
#[inline]
fn holds(eight: u64, byte: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let same = eight ^ (ONES * u64::from(byte));
    same.wrapping_sub(ONES) & !same & (ONES << 7)
}

/// One past the flags of the regular expression that would start here.
pub(super) fn regex_end(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    let mut class = false;
    loop {
        match *text.get(at)? {
            b'\\' => {
                at += 1;
                if matches!(text.get(at), Some(b'\n' | b'\r')) || is_separator(text, at) {
                    return None;
                }
            }
            b'\n' | b'\r' => return None,
            0xe2 if is_separator(text, at) => return None,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => break,
            _ => {}
        }
        at += 1;
    }
    at += 1;
    while text
        .get(at)
        .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'$' | b'_'))
    {
        at += 1;
    }
    Some(at)
}

/// Where code starts: after a byte order mark and a hashbang.
pub(super) fn start(text: &[u8]) -> usize {
    let mark = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    match text.get(mark..) {
        Some(rest) if rest.starts_with(b"#!") => line_end(text, mark),
        _ => mark,
    }
}

/// The tokens in what may be a regular expression or two divisions, if both readings see the
/// same brackets and go on alike after it.
pub(super) fn plain_tokens(text: &[u8], start: usize, end: usize) -> Option<u32> {
    let body = text.get(start + 1..end)?;
    let slash = memchr::memrchr(b'/', body)?;
    // Without flags, the second slash may begin a comment.
    if slash + 1 == body.len() && matches!(text.get(end), Some(b'/' | b'*')) {
        return None;
    }
    // Behind anything but an operand it may begin a regular expression itself.
    let inside = body.get(..slash)?.trim_ascii_end();
    let name = inside
        .iter()
        .rposition(|&b| BYTES[usize::from(b)] != Byte::Word);
    let name = inside.get(name.map_or(0, |at| at + 1)..)?;
    if name.is_empty() || word(name) != Word::Operand || !body.iter().all(|&b| is_plain(b)) {
        return None;
    }
    let tokens = body.iter().filter(|&&b| !b.is_ascii_alphanumeric()).count();
    Some(u32::try_from(tokens).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_may_begin_a_comment() {
        let tokens = |text: &str| {
            let end = regex_end(text.as_bytes(), 0).expect("it ends");
            plain_tokens(text.as_bytes(), 0, end)
        };
        assert_eq!(tokens("/a+b/g + 1"), Some(2));
        assert_eq!(tokens("/a/g/b"), Some(1));
        assert_eq!(tokens("/a/*]*/"), None);
        assert_eq!(tokens("/a//]"), None);
        assert_eq!(tokens("/+/]/"), None);
        assert_eq!(tokens("/typeof /]/"), None);
        assert_eq!(tokens("/(/ + 1"), None);
    }

    #[test]
    fn strings_end_at_their_quote() {
        for inside in [
            "",
            "a",
            "abcdefg",
            "abcdefgh",
            "a\\'b",
            "\\\r\nabcdefghij",
            "\"é\"x\u{80}",
        ] {
            for after in ["", ";", "; 'more', 'and more'"] {
                let text = format!("'{inside}'{after}");
                assert_eq!(
                    string_end(text.as_bytes(), 0),
                    Some(inside.len() + 2),
                    "{text:?}"
                );
            }
        }
        for open in ["'", "'a", "'abcdefghijk\n'", "'\r'", "'\\'", "'abcdefgh\\"] {
            assert_eq!(string_end(open.as_bytes(), 0), None, "{open:?}");
        }
    }
}
