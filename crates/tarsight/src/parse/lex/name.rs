//! What a word opens and ends.

use super::{After, Before, Mode, Reading};
use crate::parse::words::{BYTES, Byte, Word, carries_on, is_odd, word_end};

impl Reading {
    #[inline]
    pub(super) fn read_word(&mut self, text: &[u8], mode: Mode) -> After {
        let start = self.at;
        let mut end = start + 1;
        while text
            .get(end)
            .is_some_and(|&b| BYTES[usize::from(b)] == Byte::Word)
        {
            end += 1;
        }
        if text
            .get(end)
            .is_some_and(|&b| BYTES[usize::from(b)] == Byte::Odd)
        {
            end = word_end(text, end);
        }
        let name = text.get(start..end).unwrap_or_default();
        let mut after = After::Alive;
        match self.before {
            Before::Operator | Before::Dot | Before::Comma | Before::Colon => {}
            Before::Semicolon | Before::Brace => {
                if carries_on(name) {
                    self.level.expression += u32::from(mode != Mode::Script);
                } else if self.level.statement | self.level.expression | self.level.binary != 0 {
                    self.see();
                    self.level.end_statement();
                }
            }
            before => {
                if !self.adjacent(text, before, name) && mode != Mode::TypeScript {
                    after = After::Dead;
                }
            }
        }
        let types = matches!(name, [b'a'..=b'z', ..])
            && (2..=10).contains(&name.len())
            && self.type_word(text, name, end, mode);
        if types {
            return After::Types;
        }
        if is_odd(name) {
            if mode == Mode::Script && name.contains(&b'\\') {
                return After::Types;
            }
            // White space may stand between keywords here.
            let words = name
                .iter()
                .filter(|&&b| BYTES[usize::from(b)] == Byte::Odd)
                .count();
            self.level.statement = self
                .level
                .statement
                .saturating_add(u32::try_from(words).unwrap_or(u32::MAX));
        }
        self.before_word = self.before;
        self.earlier = self.word;
        self.word = (start, end);
        self.token(end, Before::Word);
        after
    }

    /// Notes the words that begin types; `true` if one does so in JavaScript.
    fn type_word(&mut self, text: &[u8], name: &[u8], end: usize, mode: Mode) -> bool {
        match name {
            b"extends" => {
                self.level.heritage = true;
                // `infer A extends` may be tried twice.
                let (from, to) = self.earlier;
                let earlier = text.get(from..to).unwrap_or_default();
                let last = text.get(self.word.0..self.word.1).unwrap_or_default();
                let after_infer = self.before_word == Before::Word
                    && (earlier == b"infer" || may_hold_infer(earlier, true));
                let infer =
                    self.before == Before::Word && (after_infer || may_hold_infer(last, false));
                self.level.constraints += u32::from(mode != Mode::Script && infer);
                false
            }
            b"as" | b"satisfies" | b"implements" => {
                let after_operand = !matches!(
                    self.before,
                    Before::Operator
                        | Before::Dot
                        | Before::Comma
                        | Before::Colon
                        | Before::Semicolon
                );
                mode == Mode::Script && after_operand && !plain_name_follows(text, end)
            }
            _ => false,
        }
    }

    /// A word that follows an operand, a keyword or a statement head; `false` if it cannot.
    fn adjacent(&mut self, text: &[u8], before: Before, name: &[u8]) -> bool {
        let last = match before {
            Before::Word => self.last_word(text),
            Before::Value | Before::Paren => Word::Operand,
            _ => Word::Nest,
        };
        if last == Word::Operand && !carries_on(name) {
            if !self.newline {
                self.level.expression += 1;
                return false;
            }
            // A line end between two operands ends the statement, or the parser stops.
            self.see();
            self.level.end_statement();
            return true;
        }
        if matches!(last, Word::Nest | Word::Head) || before == Before::Unsure {
            self.level.statement += 1;
        } else {
            self.level.expression += 1;
        }
        true
    }
}

/// Whether `as` is followed by a name that ends there, as in `import { a as b }`.
fn plain_name_follows(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default().trim_ascii_start();
    let end = rest
        .iter()
        .position(|b| {
            !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'"' | b'\'' | b'-'))
        })
        .unwrap_or(rest.len());
    end > 0
        && matches!(
            rest.get(end..)
                .unwrap_or_default()
                .trim_ascii_start()
                .first(),
            Some(b',' | b'}')
        )
}

/// Whether a word with white space or escapes in it may hold `infer` and what stands apart from it,
/// or end with it.
fn may_hold_infer(word: &[u8], at_end: bool) -> bool {
    is_odd(word)
        && (word.contains(&b'\\')
            || memchr::memmem::find_iter(word, b"infer").any(|at| {
                word.get(at + b"infer".len())
                    .map_or(at_end, |next| !next.is_ascii())
            }))
}
