//! What brackets open, give back and cost.

use super::{Before, Mode, Reading};
use crate::parse::ambiguity::{Attempt, parenthesis};
use crate::parse::nesting::Level;
use crate::parse::words::{Byte, Word};

/// Bodies take more memory than the parameters that other attempts read.
const TAIL: u64 = 4;

impl Reading {
    pub(super) fn open_paren(&mut self, text: &[u8], mode: Mode) {
        let last = if self.before == Before::Word {
            self.last_word(text)
        } else {
            Word::Operand
        };
        let member = self.before == Before::Word && self.before_word == Before::Dot;
        let head =
            self.before == Before::Word && !member && matches!(last, Word::Head | Word::Unsure);
        let call = !self.newline && self.after_operand(text) && self.before != Before::Unsure;
        let mut attempt = Attempt::None;
        if !(call || self.before == Before::Word && last == Word::Head) {
            attempt = parenthesis(text, self.at);
            // `<T>(` is tried whatever stands inside.
            if mode == Mode::TypeScript
                && self.before == Before::Unsure
                && attempt != Attempt::Pattern
            {
                attempt = match attempt {
                    Attempt::Arrow => Attempt::GenericArrow,
                    _ => Attempt::Generic,
                };
            }
        }
        self.open(b'(', attempt, head);
    }

    pub(super) fn open(&mut self, byte: u8, attempt: Attempt, head: bool) {
        let outer = self.level;
        let angles = u32::try_from(self.angles.len()).unwrap_or(u32::MAX);
        let open_angles = angles.saturating_sub(outer.angles);
        let base = outer.depth().saturating_add(1);
        self.nesting = self.nesting.max(base);
        self.levels.push(outer);
        self.level = Level {
            base,
            open: byte,
            head,
            start: u32::try_from(self.at).unwrap_or(u32::MAX),
            again: outer
                .again
                .saturating_add(outer.tails)
                .saturating_add(match attempt {
                    Attempt::None => 0,
                    Attempt::Arrow | Attempt::Pattern => 1,
                    Attempt::Generic => 2,
                    Attempt::GenericArrow => 3,
                }),
            times: outer
                .times
                .saturating_mul(1 + open_angles)
                .saturating_mul(1 << outer.constraints.min(31))
                .saturating_mul(1 + u32::from(attempt == Attempt::Pattern)),
            attempt: attempt != Attempt::None,
            angles,
            ..Level::FILE
        };
        self.token(self.at + 1, Before::Operator);
        if byte == b'{' {
            self.before = Before::Semicolon;
        }
    }

    /// Closes the innermost bracket; `false` if it is of another kind.
    pub(super) fn close(&mut self, text: &[u8], class: Byte, mode: Mode) -> bool {
        let (open, before) = match class {
            Byte::CloseParen if self.level.head => (b'(', Before::Head),
            Byte::CloseParen => (b'(', Before::Paren),
            Byte::CloseBracket => (b'[', Before::Value),
            _ => (b'{', Before::Brace),
        };
        let template = class == Byte::CloseBrace && self.level.open == b'$';
        if self.level.open != open && !template {
            self.token(self.at + 1, Before::Unsure);
            return false;
        }
        self.see();
        self.close_angles(self.at, self.level.angles as usize);
        self.close_tails(self.at);
        self.leave(self.at);
        let (attempt, start) = (self.level.attempt, self.level.start);
        if let Some(level) = self.levels.pop() {
            self.level = level;
        }
        if mode == Mode::TypeScript && attempt && self.level.ternary {
            // `a ? (b) : c => …`: the attempt takes the body along.
            let after = text.get(self.at + 1..).unwrap_or_default();
            if after
                .iter()
                .find(|b| !b.is_ascii_whitespace())
                .is_none_or(|b| matches!(b, b':' | b'/'))
            {
                self.level.tails = self.level.tails.saturating_add(1);
                self.level.tail_starts += u64::from(start);
            }
        }
        if before == Before::Brace && self.level.heritage {
            // A class ends here, unless more of its heritage follows.
            let after = text.get(self.at + 1..).unwrap_or_default();
            self.level.heritage = !matches!(after.first(), Some(b';' | b')' | b'}' | b']'));
        }
        self.token(self.at + 1, before);
        self.in_template = template;
        true
    }

    /// Charges what a bracket's inside costs beyond what its outside does.
    pub(super) fn leave(&mut self, end: usize) {
        let outer = self.levels.last().map_or(1, weight);
        let more = weight(&self.level).saturating_sub(outer);
        let length = (end as u64).saturating_sub(u64::from(self.level.start));
        self.again = self.again.saturating_add(length.saturating_mul(more));
    }

    /// Charges the open `<` from this index on, and forgets them.
    pub(super) fn close_angles(&mut self, end: usize, from: impl TryInto<usize>) {
        let from = from.try_into().unwrap_or(0);
        let times = weight(&self.level);
        for start in self.angles.drain(from.min(self.angles.len())..) {
            let length = (end as u64).saturating_sub(u64::from(start));
            self.again = self.again.saturating_add(length.saturating_mul(times));
        }
    }

    /// Charges the attempts that went on after their `)`.
    pub(super) fn close_tails(&mut self, end: usize) {
        if self.level.tails == 0 {
            return;
        }
        let length =
            (u64::from(self.level.tails) * end as u64).saturating_sub(self.level.tail_starts);
        self.again = self.again.saturating_add(
            length
                .saturating_mul(TAIL)
                .saturating_mul(weight(&self.level)),
        );
        self.level.tails = 0;
        self.level.tail_starts = 0;
    }
}

fn weight(level: &Level) -> u64 {
    u64::from(level.times).saturating_mul(1 + u64::from(level.again))
}
