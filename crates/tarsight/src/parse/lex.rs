//! One reading of the bytes: what is a string, a comment, a regular expression, a bracket.

mod bracket;
mod name;
mod operator;
mod slash;

use super::ambiguity::Attempt;
use super::nesting::Level;
use super::pieces::{start, string_end};
use super::scan::{Scan, raise};
use super::words::{BYTES, Byte, Word, word};

/// What the last token was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Before {
    /// An operator, a comma, an opening bracket or the start: an operand comes next.
    Operator,
    Dot,
    Word,
    /// A string, a template, a `]`, a regular expression.
    Value,
    /// A `)` that ends a value.
    Paren,
    /// A `)` after `if`, `for`, `while`, `with`.
    Head,
    Brace,
    Semicolon,
    Colon,
    Comma,
    /// Cannot be told.
    Unsure,
}

/// Why [`Reading::run`] came back.
pub(super) enum Stop {
    /// The given place is reached.
    Limit,
    /// The text is at its end.
    End,
    /// The parser cannot read on this way.
    Dead,
    /// A type begins where JavaScript has none.
    Types,
    /// There is another way to read on.
    Fork(Box<Reading>),
}

/// Which rules hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// JavaScript, up to the first place where a type may begin.
    Script,
    /// JavaScript with types in it, which the parser reads to say that they are out of place.
    Typed,
    /// TypeScript.
    TypeScript,
}

/// How a word leaves its reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Alive,
    /// No code reads like this.
    Dead,
    /// A type begins where JavaScript has none.
    Types,
}

/// A reading and its counters.
#[derive(Clone)]
pub(super) struct Reading {
    /// Next byte.
    pub(super) at: usize,
    level: Level,
    /// Levels outside.
    pub(super) levels: Vec<Level>,
    /// Places of the open `<`, in TypeScript.
    pub(super) angles: Vec<u32>,
    in_template: bool,
    before: Before,
    /// What stood before the last word.
    before_word: Before,
    word: (usize, usize),
    /// The word before the last word.
    earlier: (usize, usize),
    newline: bool,
    nesting: u32,
    again: u64,
}

impl Reading {
    pub(super) fn new(text: &[u8]) -> Self {
        let at = start(text);
        Self {
            at,
            level: Level::FILE,
            levels: Vec::new(),
            angles: Vec::new(),
            in_template: false,
            before: Before::Semicolon,
            before_word: Before::Semicolon,
            word: (0, 0),
            earlier: (0, 0),
            newline: true,
            nesting: 0,
            again: 0,
        }
    }

    /// Whether the same brackets are open in two readings that stand at the same place.
    pub(super) fn same_brackets(&self, other: &Self) -> bool {
        self.in_template == other.in_template
            && self.level.open == other.level.open
            && self
                .levels
                .iter()
                .zip(&other.levels)
                .all(|(a, b)| a.open == b.open)
    }

    /// Makes this reading stand for both.
    pub(super) fn join(&mut self, other: &Self) {
        raise(&mut self.level, &other.level);
        for (level, other) in self.levels.iter_mut().zip(&other.levels) {
            raise(level, other);
        }
        if other.angles.len() > self.angles.len() {
            self.angles.clone_from(&other.angles);
        }
        // The lists of open `<` differ: each level keeps at least its own.
        let len = u32::try_from(self.angles.len()).unwrap_or(u32::MAX);
        self.level.angles = self.level.angles.min(len);
        if self.before != other.before || self.word != other.word {
            self.before = Before::Unsure;
        }
        self.newline |= other.newline;
        self.nesting = self.nesting.max(other.nesting);
        self.again = self.again.max(other.again);
    }

    /// What this reading found.
    pub(super) fn finish(mut self, end: usize) -> Scan {
        self.see();
        loop {
            self.close_angles(end, 0);
            self.close_tails(end);
            self.leave(end);
            let Some(level) = self.levels.pop() else {
                break;
            };
            self.level = level;
        }
        Scan {
            nesting: self.nesting,
            again: self.again,
        }
    }

    /// Reads tokens until `limit`. A reading that is `alone` never dies: what the parser would
    /// refuse can only raise the bound.
    pub(super) fn run(&mut self, text: &[u8], mode: Mode, limit: usize, alone: bool) -> Stop {
        if self.in_template && !self.template(text) {
            return Stop::End;
        }
        while self.at < limit {
            let Some(&byte) = text.get(self.at) else {
                return Stop::End;
            };
            match BYTES[usize::from(byte)] {
                Byte::Space => self.at += 1,
                Byte::Newline => {
                    self.newline = true;
                    self.at += 1;
                }
                Byte::Word | Byte::Odd => match self.read_word(text, mode) {
                    After::Dead if !alone => return Stop::Dead,
                    After::Types => return Stop::Types,
                    _ => {}
                },
                Byte::Quote => {
                    // A string cannot follow an operand: so readings that take code for strings
                    // and strings for code die soon.
                    if !alone && !self.newline && self.after_operand(text) {
                        return Stop::Dead;
                    }
                    let Some(end) = string_end(text, self.at) else {
                        if !alone {
                            return Stop::Dead;
                        }
                        self.at += 1;
                        self.before = Before::Unsure;
                        continue;
                    };
                    self.token(end, Before::Value);
                }
                Byte::Backtick => {
                    self.at += 1;
                    if !self.template(text) {
                        return Stop::End;
                    }
                }
                Byte::Slash => {
                    if let Some(stop) = self.slash(text, mode) {
                        return stop;
                    }
                }
                Byte::Paren => self.open_paren(text, mode),
                Byte::Bracket => self.open(b'[', Attempt::None, false),
                Byte::Brace => self.open(b'{', Attempt::None, false),
                class @ (Byte::CloseParen | Byte::CloseBracket | Byte::CloseBrace) => {
                    if !self.close(text, class, mode) && !alone {
                        return Stop::Dead;
                    }
                    if self.in_template && !self.template(text) {
                        return Stop::End;
                    }
                }
                Byte::Less if text.get(self.at..).is_some_and(|t| t.starts_with(b"<!--")) => {
                    return self.comment_or(text, 1, mode);
                }
                Byte::Sign
                    if self.newline
                        && text.get(self.at..).is_some_and(|t| t.starts_with(b"-->")) =>
                {
                    return self.comment_or(text, 2, mode);
                }
                Byte::Less if mode == Mode::Script && self.level.heritage => return Stop::Types,
                // An index signature.
                Byte::Colon
                    if mode == Mode::Script && self.level.open == b'[' && !self.level.ternary =>
                {
                    return Stop::Types;
                }
                class => self.operator(text, byte, class, mode),
            }
        }
        if self.at >= text.len() {
            Stop::End
        } else {
            Stop::Limit
        }
    }

    #[inline]
    fn token(&mut self, end: usize, before: Before) {
        self.at = end;
        self.before = before;
        self.newline = false;
    }

    /// Takes the depth into account before counters go down.
    #[inline]
    fn see(&mut self) {
        self.nesting = self.nesting.max(self.level.depth());
    }

    fn last_word(&self, text: &[u8]) -> Word {
        word(text.get(self.word.0..self.word.1).unwrap_or_default())
    }

    /// Whether an operand ends here for certain.
    fn after_operand(&self, text: &[u8]) -> bool {
        match self.before {
            Before::Value | Before::Paren => true,
            Before::Word => {
                self.before_word == Before::Dot || self.last_word(text) == Word::Operand
            }
            _ => false,
        }
    }
}
