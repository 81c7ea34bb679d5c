//! Encodings between strings and bytes.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// `Buffer.from(text, encoding)`; `None` for an encoding that Node does not know.
#[must_use]
pub(crate) fn to_bytes(text: &str, encoding: &str) -> Option<Vec<u8>> {
    Some(match encoding.to_ascii_lowercase().as_str() {
        "utf8" | "utf-8" => text.as_bytes().to_vec(),
        "base64" | "base64url" => from_base64(text),
        "hex" => from_hex(text),
        "ascii" | "latin1" | "binary" => text.encode_utf16().map(|unit| unit as u8).collect(),
        "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        _ => return None,
    })
}

/// `buffer.toString(encoding)`.
#[must_use]
pub(crate) fn to_text(bytes: &[u8], encoding: &str) -> Option<String> {
    Some(match encoding.to_ascii_lowercase().as_str() {
        "utf8" | "utf-8" => String::from_utf8_lossy(bytes).into_owned(),
        "base64" => base64::engine::general_purpose::STANDARD.encode(bytes),
        "base64url" => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes),
        "hex" => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        "ascii" => bytes.iter().map(|&byte| char::from(byte & 0x7f)).collect(),
        "latin1" | "binary" => bytes.iter().map(|&byte| char::from(byte)).collect(),
        "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => return None,
    })
}

/// Base64 as Node reads it: both alphabets, padding optional, other characters skipped.
#[must_use]
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    let digits: String = text
        .chars()
        .take_while(|&c| c != '=')
        .filter_map(|c| match c {
            '-' => Some('+'),
            '_' => Some('/'),
            c if STANDARD.as_str().contains(c) || URL_SAFE.as_str().contains(c) => Some(c),
            _ => None,
        })
        .collect();
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let whole = digits.len() - usize::from(digits.len() % 4 == 1);
    GeneralPurpose::new(&STANDARD, config)
        .decode(&digits[..whole])
        .unwrap_or_default()
}

/// Hex as Node reads it: up to the first pair that is none.
#[must_use]
pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks_exact(2)
        .map_while(|pair| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        })
        .collect()
}

/// `decodeURIComponent` (strict) and `unescape`; `None` where JavaScript would throw.
#[must_use]
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let pair = tail.get(..2)?;
            let decoded = from_hex(std::str::from_utf8(pair).ok()?);
            bytes.push(*decoded.first()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// `unescape`: `%XX` and `%uXXXX` are UTF-16 units; anything else stays.
#[must_use]
pub(crate) fn unescape(text: &str) -> Option<String> {
    let mut units = Vec::with_capacity(text.len());
    let source: Vec<u16> = text.encode_utf16().collect();
    let hex = |at: usize, len: usize| -> Option<u16> {
        let digits = String::from_utf16(source.get(at..at + len)?).ok()?;
        u16::from_str_radix(&digits, 16).ok()
    };
    let mut at = 0;
    while let Some(&unit) = source.get(at) {
        let is = |at: usize, c: char| {
            source
                .get(at)
                .is_some_and(|&unit| u32::from(unit) == u32::from(c))
        };
        if is(at, '%')
            && is(at + 1, 'u')
            && let Some(decoded) = hex(at + 2, 4)
        {
            units.push(decoded);
            at += 6;
        } else if is(at, '%')
            && let Some(decoded) = hex(at + 1, 2)
        {
            units.push(decoded);
            at += 3;
        } else {
            units.push(unit);
            at += 1;
        }
    }
    String::from_utf16(&units).ok()
}

/// `encodeURIComponent`.
#[must_use]
pub(crate) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_node_reads_it() {
        assert_eq!(from_base64("aGk="), b"hi");
        assert_eq!(from_base64("aG k\n"), b"hi");
        assert_eq!(from_base64("_-8"), [0xff, 0xef]);
        assert_eq!(from_base64("a"), b"");
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(percent_decode("%68i%C3%A9").as_deref(), Some("hié"));
        assert_eq!(percent_decode("%zz"), None);
        assert_eq!(unescape("%u0041%42%zz").as_deref(), Some("AB%zz"));
        assert_eq!(percent_encode("a b/é"), "a%20b%2F%C3%A9");
    }

    #[test]
    fn hex_stops_at_the_first_bad_pair() {
        assert_eq!(from_hex("6869zz70"), b"hi");
        assert_eq!(to_text(&from_hex("6869"), "utf8").as_deref(), Some("hi"));
    }
}
