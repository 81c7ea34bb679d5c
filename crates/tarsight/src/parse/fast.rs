//! The same bounds as [`super::scan`], many times faster and never lower, for JavaScript that
//! reads only one way.
//!
//! Bytes are sorted 64 at a time into those that change the reading (brackets, quotes, slashes,
//! `;`, `,`), those that only count, and the rest. Only the first are looked at one by one; what
//! stands between them is counted by bits and given back only where the exact scan would too.
//! Where a text leaves that path (a doubtful regular expression, brackets that do not match,
//! escapes, decorators) there is no answer, and the exact scan decides.

mod block;
mod look;
#[cfg(test)]
mod tests;

use super::ambiguity::Attempt;
use super::pieces::{line_end, plain_tokens, regex_end, start, string_end};
use super::scan::Scan;
use block::{Block, SIZE};
use look::{Back, Next};

/// Brackets that may be open at once.
const LEVELS: usize = 256;

/// Units that may be pending in a bracket before anything is given back.
const PENDING: u32 = 64;

/// The same for all brackets together.
const PATIENCE: u32 = 2000;

/// An open bracket.
#[derive(Clone, Copy)]
struct Level {
    /// Depth inside, with nothing pending.
    base: u32,
    /// Depth that a `,` goes back to: what may belong to the statement is never given back there.
    comma: u32,
    /// The opening byte; `$` for `${`, 0 for the file.
    open: u8,
    /// A statement follows the closing parenthesis.
    head: bool,
}

/// A parenthesis at which the parser tries something.
struct Try {
    /// How many brackets are open in it.
    levels: usize,
    start: usize,
    /// How often what stands around it is read.
    outer: Weight,
}

/// How often a text is read again.
#[derive(Clone, Copy)]
struct Weight {
    added: u32,
    times: u32,
}

impl Weight {
    fn get(self) -> u64 {
        u64::from(self.times).saturating_mul(1 + u64::from(self.added))
    }
}

/// Upper bounds for a script or module, types in it included; `None` if it has to be read exactly.
pub(super) fn bounds(text: &[u8]) -> Option<Scan> {
    Pass::new(text).run()
}

struct Pass<'t> {
    text: &'t [u8],
    levels: [Level; LEVELS],
    /// Index of the innermost.
    top: usize,
    /// Depth at this point.
    depth: u32,
    most: u32,
    back: Back,
    /// Where a `:` after a key may stand.
    colon: usize,
    tries: Vec<Try>,
    /// `levels` of the innermost try; 0 if there is none.
    trying: usize,
    weight: Weight,
    again: u64,
    /// The next `infer` that may come with a constraint, which multiplies.
    infer: usize,
}

impl<'t> Pass<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            levels: [Level {
                base: 0,
                comma: 0,
                open: 0,
                head: false,
            }; LEVELS],
            top: 0,
            depth: 0,
            most: 0,
            back: Back::default(),
            colon: 0,
            tries: Vec::new(),
            trying: 0,
            weight: Weight { added: 0, times: 1 },
            again: 0,
            infer: look::infer(text, 0),
        }
    }

    fn run(mut self) -> Option<Scan> {
        let text = self.text;
        let mut at = start(text);
        self.back.comment = at;
        while at < text.len() {
            let from = at & !(SIZE - 1);
            let mut block = Block::at(text, from);
            self.key(self.colon, &mut block, from);
            // What is not yet passed or counted.
            let mut live = u64::MAX << (at - from);
            loop {
                let ends = if self.is_pending() { block.ends } else { 0 };
                let events = (block.events | ends) & live;
                if events == 0 {
                    self.count(&block, live);
                    // The bit that a sticky last byte gives to the next block.
                    self.depth += u32::from((block.sticky & live) >> 63 != 0);
                    at = from + SIZE;
                    break;
                }
                let bit = events.trailing_zeros();
                let place = from + bit as usize;
                let before = live & ((1 << bit) - 1);
                live &= u64::MAX.wrapping_shl(bit) << 1;
                let next = match *text.get(place)? {
                    b'(' => {
                        self.count(&block, before);
                        self.parenthesis(place)?;
                        continue;
                    }
                    open @ (b'[' | b'{') => {
                        self.count(&block, before);
                        self.open(open, false)?;
                        continue;
                    }
                    b')' => {
                        self.close(b'(', place)?;
                        self.after_value(place + 1);
                        continue;
                    }
                    b']' => {
                        self.close(b'[', place)?;
                        self.after_value(place + 1);
                        continue;
                    }
                    b';' => {
                        self.count(&block, before);
                        self.end_statement(place + 1);
                        continue;
                    }
                    b',' => {
                        self.comma(&block, before);
                        if self.level().open == b'{' {
                            self.key(look::colon(text, place + 1), &mut block, from);
                        }
                        continue;
                    }
                    b'}' if self.level().open == b'$' => {
                        self.close(b'$', place)?;
                        self.template(place + 1)?
                    }
                    b'}' => {
                        self.close(b'{', place)?;
                        self.end_statement(place + 1);
                        continue;
                    }
                    b'"' | b'\'' => {
                        self.count(&block, before);
                        let end = string_end(text, place)?;
                        self.skip(place, end)?;
                        self.back.value = end;
                        self.after_value(end);
                        self.key(end, &mut block, from);
                        end
                    }
                    b'`' => {
                        self.count(&block, before);
                        self.template(place + 1)?
                    }
                    b'/' => {
                        self.count(&block, before);
                        self.slash(place)?
                    }
                    b'-' => {
                        // `-->` is a comment where a line begins, in a script.
                        self.count(&block, before);
                        if self.back.line_begins(text, place - 1) {
                            return None;
                        }
                        self.raise(2);
                        continue;
                    }
                    // An escape outside of strings, a decorator, `<!--`.
                    _ => return None,
                };
                if next >= from + SIZE {
                    at = next;
                    break;
                }
                live &= u64::MAX << (next - from);
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Option<Scan> {
        self.skip(self.text.len(), usize::MAX)?;
        self.most = self.most.max(self.depth);
        while let Some(one) = self.tries.pop() {
            self.charge(&one, self.text.len());
        }
        Some(Scan {
            // A closing bracket may have come before a block was counted.
            nesting: self.most.saturating_add(2 * SIZE as u32),
            again: self.again,
        })
    }

    #[inline]
    fn level(&mut self) -> &mut Level {
        &mut self.levels[self.top % LEVELS]
    }

    /// Whether so much is pending here that it is worth finding out what can be given back.
    #[inline]
    fn is_pending(&mut self) -> bool {
        let depth = self.depth;
        depth > PATIENCE || depth - self.level().base > PENDING
    }

    /// Takes what counts among these bytes into account.
    #[inline]
    fn count(&mut self, block: &Block, bits: u64) {
        let others = block.others & bits;
        if others != 0 {
            self.depth += others.count_ones();
            if block.sticky & bits != 0 {
                self.level().comma = self.depth;
            }
        }
    }

    /// The `:` here, if it is one, belongs to a key and not to a label.
    #[inline]
    fn key(&mut self, colon: usize, block: &mut Block, from: usize) {
        self.colon = colon;
        if let Some(bit) = colon.checked_sub(from)
            && bit < SIZE
            && self.text.get(colon) == Some(&b':')
        {
            block.sticky &= !(1 << bit);
        }
    }

    /// Something that a `,` does not end.
    #[inline]
    fn raise(&mut self, by: u32) {
        self.depth = self.depth.saturating_add(by);
        self.level().comma = self.depth;
    }

    #[inline]
    fn open(&mut self, open: u8, head: bool) -> Option<()> {
        self.top += 1;
        if self.top == LEVELS {
            return None;
        }
        self.depth += 1;
        *self.level() = Level {
            base: self.depth,
            comma: self.depth,
            open,
            head,
        };
        Some(())
    }

    #[inline]
    fn close(&mut self, open: u8, place: usize) -> Option<()> {
        let level = *self.level();
        if level.open != open {
            return None;
        }
        if self.top == self.trying {
            self.end_try(place);
        }
        self.most = self.most.max(self.depth);
        self.depth = level.base - 1;
        self.back.head = level.head;
        self.top -= 1;
        Some(())
    }

    #[inline]
    fn comma(&mut self, block: &Block, bits: u64) {
        if block.sticky & bits != 0 {
            self.count(block, bits);
        } else {
            self.most = self.most.max(self.depth);
            self.depth = self.level().comma;
        }
    }

    /// After `;` and `}`: a word that cannot carry on ends what is pending.
    #[inline]
    fn end_statement(&mut self, at: usize) {
        if !self.is_pending() {
            self.raise(1);
            return;
        }
        match look::next(self.text, at) {
            Next::Statement => {
                self.most = self.most.max(self.depth);
                let level = self.level();
                level.comma = level.base;
                self.depth = level.base;
            }
            Next::Word => self.raise(1),
            Next::Other => {}
        }
    }

    /// A word after a value is one more level, as the exact scan sees it.
    #[inline]
    fn after_value(&mut self, at: usize) {
        if !self.is_pending() || look::word_follows(self.text, at) {
            self.raise(1);
        }
    }

    #[inline]
    fn parenthesis(&mut self, place: usize) -> Option<()> {
        let (head, attempt) = self.back.parenthesis(self.text, place);
        self.open(b'(', head)?;
        if attempt != Attempt::None {
            self.tries.push(Try {
                levels: self.top,
                start: place,
                outer: self.weight,
            });
            self.trying = self.top;
            self.weight.added = self.weight.added.saturating_add(1);
            if attempt == Attempt::Pattern {
                self.weight.times = self.weight.times.saturating_mul(2);
            }
        }
        Some(())
    }

    fn end_try(&mut self, place: usize) {
        if let Some(one) = self.tries.pop() {
            self.charge(&one, place);
        }
        self.trying = self.tries.last().map_or(0, |one| one.levels);
    }

    fn charge(&mut self, one: &Try, end: usize) {
        let more = self.weight.get().saturating_sub(one.outer.get());
        let length = end.saturating_sub(one.start) as u64;
        self.again = self.again.saturating_add(length.saturating_mul(more));
        self.weight = one.outer;
    }

    /// Reads on in a template's text; gives where code goes on.
    fn template(&mut self, mut at: usize) -> Option<usize> {
        loop {
            let rest = self.text.get(at..)?;
            let start = at;
            at += memchr::memchr3(b'`', b'\\', b'$', rest)?;
            self.skip(start, at)?;
            match (self.text.get(at), self.text.get(at + 1)) {
                (Some(b'\\'), _) => at += 2,
                (Some(b'`'), _) => {
                    self.back.value = at + 1;
                    self.after_value(at + 1);
                    return Some(at + 1);
                }
                (_, Some(b'{')) => {
                    self.open(b'$', false)?;
                    return Some(at + 2);
                }
                _ => at += 1,
            }
        }
    }

    /// A comment, a regular expression, a division; gives where code goes on.
    fn slash(&mut self, place: usize) -> Option<usize> {
        let text = self.text;
        match text.get(place + 1) {
            Some(b'/') => return self.comment(place, line_end(text, place)),
            Some(b'*') => {
                let end = look::comment_end(text, place + 2);
                return self.comment(place, end);
            }
            _ => {}
        }
        let certain = self.back.operand_comes(text, place);
        let regex = match certain {
            Some(false) => None,
            _ => regex_end(text, place),
        };
        let Some(end) = regex else {
            self.depth += 1;
            return Some(place + 1);
        };
        if certain.is_none() {
            // Both ways to read see the same, or the exact scan follows both.
            let tokens = plain_tokens(text, place, end)?;
            self.raise(tokens.saturating_add(2));
            self.back.unsure = end;
            return Some(end);
        }
        self.skip(place, end)?;
        self.back.value = end;
        self.after_value(end);
        Some(end)
    }

    fn comment(&mut self, place: usize, end: usize) -> Option<usize> {
        self.skip(place, end)?;
        self.raise(1);
        self.back.comment(self.text, place, end);
        Some(end)
    }

    /// A piece that is no code; `None` if `infer` stood in code before it.
    #[inline]
    fn skip(&mut self, start: usize, end: usize) -> Option<()> {
        if self.infer < end {
            if self.infer < start {
                return None;
            }
            self.infer = look::infer(self.text, end);
        }
        Some(())
    }
}
