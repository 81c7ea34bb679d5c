//! What an operator opens and ends.

use super::{Before, Mode, Reading};
use crate::parse::words::Byte;

impl Reading {
    pub(super) fn operator(&mut self, text: &[u8], byte: u8, class: Byte, mode: Mode) {
        let last = self.at.checked_sub(1).and_then(|at| text.get(at)).copied();
        let next = text.get(self.at + 1).copied();
        let mut before = Before::Operator;
        match class {
            Byte::Semicolon => {
                self.see();
                self.close_angles(self.at, self.level.angles);
                self.close_tails(self.at);
                self.level.constraints = 0;
                // What follows decides whether `if` and `do` are still open.
                self.level.end_expression();
                before = Before::Semicolon;
            }
            Byte::Comma => {
                self.see();
                if self.angles.len() <= self.level.angles as usize {
                    self.close_tails(self.at);
                    self.level.constraints = 0;
                    self.level.end_expression();
                    // No statement stands in these, so nothing outlives the comma but `<`.
                    if mode == Mode::Script && matches!(self.level.open, b'(' | b'[') {
                        self.level.statement = 0;
                    }
                }
                before = Before::Comma;
            }
            Byte::Colon => {
                let label = self.before == Before::Unsure
                    || self.before == Before::Word
                        && !matches!(
                            self.before_word,
                            Before::Comma | Before::Operator | Before::Dot
                        );
                if label {
                    self.level.statement += 1;
                } else {
                    self.level.expression += 1;
                }
                before = Before::Colon;
            }
            Byte::Question => match next {
                Some(b'.') => self.level.binary += 1,
                _ => {
                    self.level.expression += 1;
                    self.level.ternary = true;
                    if self.angles.len() <= self.level.angles as usize {
                        self.level.constraints = 0;
                    }
                }
            },
            Byte::Equals => {
                let compares = next == Some(b'=') || matches!(last, Some(b'=' | b'!'));
                if compares {
                    self.level.binary += 1;
                } else {
                    self.level.expression += 1;
                }
            }
            Byte::Dot => {
                if text.get(self.at..self.at + 3) == Some(b"...") {
                    self.at += 2;
                } else {
                    before = Before::Dot;
                    // `namespace a.b.c` nests.
                    self.level.expression += u32::from(mode != Mode::Script);
                }
            }
            Byte::Prefix => {
                if next == Some(b'=') {
                    self.level.binary += 1;
                } else {
                    self.level.expression += 1;
                }
                // `a!` is an operand in TypeScript.
                if mode == Mode::TypeScript {
                    before = Before::Unsure;
                }
            }
            Byte::Sign => {
                if self.after_operand(text) {
                    self.level.binary += 1;
                } else {
                    self.level.expression += 1;
                }
                if last == Some(byte) || next == Some(byte) {
                    // `a++` is an operand, `++` before one is not.
                    before = Before::Unsure;
                }
            }
            Byte::Star => {
                if last == Some(b'*') || next == Some(b'*') || !self.after_operand(text) {
                    self.level.expression += 1;
                } else {
                    self.level.binary += 1;
                }
            }
            Byte::Less => {
                if mode != Mode::Script {
                    // Commas do not end what a type argument list is part of.
                    self.level.statement = self
                        .level
                        .statement
                        .saturating_add(self.level.expression)
                        .saturating_add(1);
                    self.level.expression = 0;
                    if mode == Mode::TypeScript {
                        self.angles.push(u32::try_from(self.at).unwrap_or(u32::MAX));
                    }
                } else {
                    self.level.binary += 1;
                }
            }
            Byte::Greater => {
                self.level.binary += 1;
                if mode != Mode::Script && last != Some(b'=') {
                    if self.angles.len() > self.level.angles as usize {
                        self.close_angles(self.at, self.angles.len() - 1);
                    }
                    before = Before::Unsure;
                }
            }
            Byte::At => self.level.base += 1,
            _ => self.level.binary += 1,
        }
        self.token(self.at + 1, before);
    }
}
