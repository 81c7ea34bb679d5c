//! What stands before and after a place.

use crate::parse::ambiguity::{Attempt, parenthesis};
use crate::parse::words::{BYTES, Byte, Word, carries_on, is_odd, word, word_end};

/// What is known of the bytes just passed.
#[derive(Default)]
pub(super) struct Back {
    /// End of the last string, template or regular expression.
    pub(super) value: usize,
    /// End of the last comment.
    pub(super) comment: usize,
    /// Where the comments begin that end there, one after the other.
    comment_start: usize,
    /// End of the last doubtful regular expression.
    pub(super) unsure: usize,
    /// The last closing bracket is followed by a statement.
    pub(super) head: bool,
}

impl Back {
    /// A comment has been passed.
    pub(super) fn comment(&mut self, text: &[u8], start: usize, end: usize) {
        if before_space(text, start).0 > self.comment {
            self.comment_start = start;
        }
        self.comment = end;
    }

    /// Whether only white space and comments may stand before this place in its line.
    pub(super) fn line_begins(&self, text: &[u8], place: usize) -> bool {
        let (end, newline) = before_space(text, place);
        newline || end <= self.comment
    }

    /// Whether a statement follows the `)` of this `(`, and what the parser tries here.
    #[inline]
    pub(super) fn parenthesis(&self, text: &[u8], place: usize) -> (bool, Attempt) {
        let mut end = place;
        while end > 0 && text.get(end - 1) == Some(&b' ') {
            end -= 1;
        }
        if end <= self.comment || end == self.unsure {
            return (true, parenthesis(text, place));
        }
        if end == self.value {
            return (false, Attempt::None);
        }
        match end.checked_sub(1).and_then(|at| text.get(at)) {
            Some(b')') if self.head => (false, parenthesis(text, place)),
            Some(b')' | b']') => (false, Attempt::None),
            Some(&byte) if is_word(byte) => {
                let start = word_start(text, end);
                if start < self.comment {
                    return (true, parenthesis(text, place));
                }
                let dots = text.get(start.saturating_sub(2)..start);
                if matches!(dots, Some([b'.'] | [_, b'.'])) && dots != Some(b"..") {
                    return (false, Attempt::None);
                }
                match word(text.get(start..end).unwrap_or_default()) {
                    Word::Operand => (false, Attempt::None),
                    Word::Head => (true, Attempt::None),
                    Word::Unsure => (true, parenthesis(text, place)),
                    Word::Keyword | Word::Nest => (false, parenthesis(text, place)),
                }
            }
            Some(&byte) if !is_space(byte) => (false, parenthesis(text, place)),
            _ => (true, parenthesis(text, place)),
        }
    }

    /// Whether an operand comes at this `/`, as the exact scan sees it; `None` if in doubt.
    pub(super) fn operand_comes(&self, text: &[u8], place: usize) -> Option<bool> {
        let (mut end, mut newline) = before_space(text, place);
        if end <= self.comment {
            end = before_space(text, self.comment_start).0;
            newline = true;
        }
        if end == 0 {
            return Some(true);
        }
        if end == self.unsure {
            return None;
        }
        let regex = if end == self.value {
            false
        } else {
            match *text.get(end - 1)? {
                b')' if self.head => return None,
                b')' | b']' => false,
                b'>' if end > 1 && text.get(end - 2) == Some(&b'=') => true,
                b'}' | b'.' | b'>' | b'"' | b'\'' | b'`' => return None,
                sign @ (b'+' | b'-') if end > 1 && text.get(end - 2) == Some(&sign) => return None,
                byte if is_word(byte) => self.operand_after_word(text, end)?,
                _ => true,
            }
        };
        (regex || !newline).then_some(regex)
    }

    fn operand_after_word(&self, text: &[u8], end: usize) -> Option<bool> {
        let start = word_start(text, end);
        let (before, _) = before_space(text, start);
        if before > self.comment && text.get(before - 1) == Some(&b'.') {
            let spread = before > 1 && text.get(before - 2) == Some(&b'.');
            return (!spread).then_some(false);
        }
        match word(text.get(start..end).unwrap_or_default()) {
            Word::Operand => Some(false),
            // A comment may hide a `.`.
            Word::Keyword | Word::Nest if before == 0 || before > self.comment => Some(true),
            _ => None,
        }
    }
}

fn is_word(byte: u8) -> bool {
    matches!(BYTES[usize::from(byte)], Byte::Word | Byte::Odd)
}

fn is_space(byte: u8) -> bool {
    matches!(BYTES[usize::from(byte)], Byte::Space | Byte::Newline)
}

/// The start of the word that ends here.
fn word_start(text: &[u8], mut at: usize) -> usize {
    while at > 0 && text.get(at - 1).is_some_and(|&b| is_word(b)) {
        at -= 1;
    }
    at
}

/// Where the white space before a place begins, and whether a line ends in it.
fn before_space(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut newline = false;
    while let Some(&byte) = at.checked_sub(1).and_then(|before| text.get(before)) {
        match BYTES[usize::from(byte)] {
            Byte::Space => {}
            Byte::Newline => newline = true,
            _ => break,
        }
        at -= 1;
    }
    (at, newline)
}

fn after_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|&b| is_space(b)) {
        at += 1;
    }
    at
}

/// Whether a word may come next, behind white space and comments.
#[inline]
pub(super) fn word_follows(text: &[u8], at: usize) -> bool {
    text.get(after_space(text, at))
        .is_some_and(|&b| b == b'/' || is_word(b))
}

/// What stands after a `;` or a `}`.
pub(super) enum Next {
    /// A word that cannot carry on what stands before.
    Statement,
    /// Another word, or a comment.
    Word,
    /// Anything else.
    Other,
}

#[inline]
pub(super) fn next(text: &[u8], at: usize) -> Next {
    let start = after_space(text, at);
    let Some(&first) = text.get(start) else {
        return Next::Other;
    };
    if !is_word(first) {
        return if first == b'/' {
            Next::Word
        } else {
            Next::Other
        };
    }
    let word = text.get(start..word_end(text, start)).unwrap_or_default();
    let may_carry = matches!(first, b'a' | b'c' | b'e' | b'f' | b'i' | b'o' | b's' | b'w');
    if is_odd(word) || may_carry && carries_on(word) {
        Next::Word
    } else {
        Next::Statement
    }
}

/// The next `infer A extends`, or what may be one; the end of all if there is none.
pub(super) fn infer(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    memchr::memmem::find_iter(rest, b"infer")
        .map(|at| from + at)
        .find(|&at| may_constrain(text, at + 5))
        .unwrap_or(usize::MAX)
}

fn may_constrain(text: &[u8], at: usize) -> bool {
    let plain = |at: usize| {
        text.get(at)
            .is_some_and(|&b| BYTES[usize::from(b)] == Byte::Word && b.is_ascii())
    };
    if plain(at) {
        return false;
    }
    let name = after_space(text, at);
    let mut end = name;
    while plain(end) {
        end += 1;
    }
    let after = after_space(text, end);
    match text.get(after) {
        Some(b'/' | b'e') => true,
        Some(byte) => !byte.is_ascii() || *byte == b'\\',
        None => false,
    }
}

/// Where the `:` of a key that comes next would stand.
#[inline]
pub(super) fn colon(text: &[u8], at: usize) -> usize {
    let mut at = after_space(text, at);
    while text
        .get(at)
        .is_some_and(|&b| BYTES[usize::from(b)] == Byte::Word)
    {
        at += 1;
    }
    at
}

/// One past the comment whose text starts here.
pub(super) fn comment_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    memchr::memchr_iter(b'/', rest)
        .find(|&slash| slash > 0 && rest.get(slash - 1) == Some(&b'*'))
        .map_or(text.len(), |slash| start + slash + 1)
}
