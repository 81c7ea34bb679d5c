//! Comments, regular expressions, division, templates.

use super::{Before, Mode, Reading, Stop};
use crate::parse::ambiguity::Attempt;
use crate::parse::pieces::{line_end, plain_tokens, regex_end};
use crate::parse::words::{BYTES, Byte, Word};

impl Reading {
    pub(super) fn slash(&mut self, text: &[u8], mode: Mode) -> Option<Stop> {
        match text.get(self.at + 1) {
            Some(b'/') => {
                self.at = line_end(text, self.at);
                return None;
            }
            Some(b'*') => {
                let body = text.get(self.at + 2..).unwrap_or_default();
                let Some(length) = memchr::memmem::find(body, b"*/") else {
                    self.at = text.len();
                    return None;
                };
                self.newline |=
                    memchr::memchr3(b'\n', b'\r', 0xe2, body.get(..length).unwrap_or_default())
                        .is_some();
                self.at += length + 4;
                return None;
            }
            _ => {}
        }
        let certain = match self.before {
            Before::Operator | Before::Comma | Before::Colon | Before::Semicolon => Some(true),
            Before::Dot | Before::Head | Before::Brace | Before::Unsure => None,
            Before::Word if self.before_word == Before::Dot => Some(false),
            Before::Word => match self.last_word(text) {
                Word::Keyword | Word::Nest => Some(true),
                Word::Operand => Some(false),
                Word::Unsure | Word::Head => None,
            },
            Before::Value | Before::Paren => Some(false),
        };
        // After a line end a statement may begin, and in TypeScript a type may end anywhere.
        let certain = certain.filter(|&regex| regex || !(self.newline || mode == Mode::TypeScript));
        if certain == Some(false) {
            self.operator(text, b'/', Byte::Infix, mode);
            return None;
        }
        let Some(end) = regex_end(text, self.at) else {
            self.operator(text, b'/', Byte::Infix, mode);
            return None;
        };
        if certain == Some(true) {
            self.token(end, Before::Value);
            return None;
        }
        if let Some(tokens) = plain_tokens(text, self.at, end) {
            // Both readings see the same brackets: go on as if dividing, without giving back.
            self.level.binary += 1;
            self.level.statement = self.level.statement.saturating_add(tokens);
            self.token(end, Before::Unsure);
            return None;
        }
        let mut other = self.clone();
        other.token(end, Before::Value);
        self.operator(text, b'/', Byte::Infix, mode);
        Some(Stop::Fork(Box::new(other)))
    }

    /// `<!--` and `-->` begin a comment in a script and are operators in a module.
    pub(super) fn comment_or(&mut self, text: &[u8], bytes: usize, mode: Mode) -> Stop {
        let mut other = self.clone();
        other.at = line_end(text, other.at);
        for _ in 0..bytes {
            let byte = text.get(self.at).copied().unwrap_or(b' ');
            self.operator(text, byte, BYTES[usize::from(byte)], mode);
        }
        Stop::Fork(Box::new(other))
    }

    /// Reads template text up to its end or the next `${`; `false` at the end of the text.
    pub(super) fn template(&mut self, text: &[u8]) -> bool {
        self.in_template = true;
        loop {
            let rest = text.get(self.at..).unwrap_or_default();
            let Some(skip) = memchr::memchr3(b'`', b'\\', b'$', rest) else {
                self.at = text.len();
                return false;
            };
            self.at += skip;
            match (rest.get(skip), rest.get(skip + 1)) {
                (Some(b'\\'), _) => self.at += 2,
                (Some(b'`'), _) => {
                    self.in_template = false;
                    self.token(self.at + 1, Before::Value);
                    return true;
                }
                (_, Some(b'{')) => {
                    self.in_template = false;
                    self.at += 1;
                    self.open(b'$', Attempt::None, false);
                    return true;
                }
                _ => self.at += 1,
            }
        }
    }
}
