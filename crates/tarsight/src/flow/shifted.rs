//! Code in files of data whose letters are shifted in the alphabet.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Words of code, without those that prose has as well.
const WORDS: [&str; 7] = [
    "addEventListener",
    "document.",
    "function",
    "navigator.",
    "process.",
    "require(",
    "window.",
];
const LETTERS: u8 = 26;
/// Longest file that is looked at, and words that stand there for the same shift.
const MOST_BYTES: usize = 1 << 18;
const LEAST_WORDS: usize = 2;

/// The words under each shift but none: pattern `shift - 1` times their number, and the word.
static SHIFTED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let shifts = 1..LETTERS;
    let all = shifts.flat_map(|by| WORDS.map(|word| shift(word.as_bytes(), by)));
    AhoCorasick::new(all).ok()
});

/// The code that a file holds with its letters shifted, if it does.
pub(super) fn unshifted(bytes: &[u8]) -> Option<String> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let mut seen = [[false; WORDS.len()]; LETTERS as usize];
    for found in SHIFTED.as_ref()?.find_iter(bytes) {
        let at = found.pattern().as_usize();
        let (by, word) = (at / WORDS.len(), at % WORDS.len());
        if let Some(seen) = seen.get_mut(by).and_then(|row| row.get_mut(word)) {
            *seen = true;
        }
    }
    let words = |row: &[bool; WORDS.len()]| row.iter().filter(|&&seen| seen).count();
    let by = seen.iter().position(|row| words(row) >= LEAST_WORDS)?;
    let by = u8::try_from(by).ok()? + 1;
    String::from_utf8(shift(bytes, LETTERS - by)).ok()
}

fn shift(text: &[u8], by: u8) -> Vec<u8> {
    let letter = |byte: u8, first: u8| (byte - first + by) % LETTERS + first;
    text.iter()
        .map(|&byte| match byte {
            b'a'..=b'z' => letter(byte, b'a'),
            b'A'..=b'Z' => letter(byte, b'A'),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_shift_is_undone_and_plain_text_is_left() {
        let code = "document.addEventListener('submit', function (e) { send(e); });";
        for by in 1..LETTERS {
            let hidden = shift(code.as_bytes(), by);
            assert_eq!(unshifted(&hidden).as_deref(), Some(code), "{by}");
        }
        assert_eq!(unshifted(code.as_bytes()), None);
        assert_eq!(unshifted(b"A text about the shape of a document."), None);
    }
}
