//! From byte offsets to lines and columns.

use memchr::{memchr_iter, memchr2_iter};

/// A place as editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
}

/// Line starts and column checkpoints of one text, built in one pass over it.
///
/// A lookup costs a binary search and less than [`STEP`] bytes, however long a line is.
#[derive(Clone, Debug)]
pub(crate) struct LineIndex<'t> {
    bytes: &'t [u8],
    /// Where each line starts.
    starts: Vec<u32>,
    /// UTF-16 units before each multiple of [`STEP`]; empty for plain ASCII.
    units: Vec<u32>,
}

const STEP: usize = 4096;

/// How many lines there are, and the bytes of the longest one.
#[must_use]
pub(crate) fn line_shape(bytes: &[u8]) -> (u64, u64) {
    let (mut lines, mut longest, mut start) = (0, 0, 0);
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if end > start || end < bytes.len() {
            lines += 1;
        }
        longest = longest.max(end - start);
        start = end + 1;
    }
    (lines, longest as u64)
}

impl<'t> LineIndex<'t> {
    /// Indexes `text`, which has less than 4 GiB.
    #[must_use]
    pub(crate) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            let pair = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
            if !pair {
                starts.push(narrow(at + 1));
            }
        }
        let mut units = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            units.reserve_exact(bytes.len() / STEP + 1);
            for block in bytes.chunks(STEP) {
                units.push(sum);
                sum += count(block);
            }
            // An offset at the very end can be a block of its own.
            units.push(sum);
        }
        Self {
            bytes,
            starts,
            units,
        }
    }

    /// The place of a byte; one past the end is the end.
    #[must_use]
    pub(crate) fn position(&self, offset: u32) -> Position {
        let offset = offset.min(narrow(self.bytes.len()));
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        Position {
            line: narrow(line),
            column: self.units_before(offset) - self.units_before(start) + 1,
        }
    }

    fn units_before(&self, offset: u32) -> u32 {
        let at = offset as usize;
        let Some(&sum) = self.units.get(at / STEP) else {
            return offset;
        };
        let block = at / STEP * STEP;
        sum + count(self.bytes.get(block..at).unwrap_or(&[]))
    }
}

/// UTF-16 units of the characters that start in `bytes`: two for those of four bytes.
fn count(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .map(|&byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0))
        .sum()
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &str, offset: usize) -> Position {
        let mut place = Position { line: 1, column: 1 };
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if at >= offset {
                break;
            }
            let pair = c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n');
            if matches!(c, '\n' | '\r') && !pair {
                place = Position {
                    line: place.line + 1,
                    column: 1,
                };
            } else {
                place.column += c.len_utf16() as u32;
            }
        }
        place
    }

    #[test]
    fn terminators_of_editors() {
        let index = LineIndex::new("a\nb\r\nc\rd\u{2028}e");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(5), Position { line: 3, column: 1 });
        assert_eq!(index.position(11), Position { line: 4, column: 3 });
        assert_eq!(index.position(99), Position { line: 4, column: 4 });
        assert_eq!(
            LineIndex::new("").position(0),
            Position { line: 1, column: 1 }
        );
    }

    #[test]
    fn one_long_line_is_quick() {
        let text = "äb😀".repeat(1 << 20);
        let index = LineIndex::new(&text);
        let mut sum = 0;
        for offset in (0..narrow(text.len())).step_by(7 * 37) {
            sum += u64::from(index.position(offset).column);
        }
        assert!(sum > 0);
        let last = index.position(narrow(text.len()));
        assert_eq!(
            last,
            Position {
                line: 1,
                column: (4 << 20) + 1
            }
        );
    }

    proptest! {
        #[test]
        fn agrees_with_counting(text in "[a\\n\\rä😀\u{2028}]{0,60}", repeat in 1_usize..200) {
            let text = text.repeat(repeat);
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices().step_by(repeat) {
                prop_assert_eq!(index.position(narrow(offset)), naive(&text, offset));
            }
            prop_assert_eq!(index.position(narrow(text.len())), naive(&text, text.len()));
        }
    }
}
