//! An upper bound on how deep the parser recurses, from the bytes alone.
//!
//! Each token that can hold another construct open counts one. Brackets give it back when they
//! close. Others (`=`, `=>`, `?`, `:`, unary operators, keywords, `else`, labels) give it back
//! where nothing of their kind can still be open: at `;`, at `,`, at a line end between two
//! operands, before a word that follows `}`. In doubt nothing is given back, so the bound can be
//! too high and never too low. A chain of binary operators nests only as deep as there are
//! precedences, whatever its length.

#[cfg(test)]
use super::scan;
use super::words::{BYTES, Byte};

/// Precedences of binary operators: how deep a chain of them can climb.
const PRECEDENCES: u32 = 12;

/// What is open in the innermost bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// Depth outside.
    pub(super) base: u32,
    /// Open statement parts: survive a `,`.
    pub(super) statement: u32,
    /// Open expression parts.
    pub(super) expression: u32,
    /// Binary operators since the last reset.
    pub(super) binary: u32,
    /// The opening byte; `$` for `${`, 0 for the file.
    pub(super) open: u8,
    /// A statement follows the closing parenthesis.
    pub(super) head: bool,
    /// A `?` is open.
    pub(super) ternary: bool,
    /// Where the bracket opened.
    pub(super) start: u32,
    /// How often the inside is read again, added: attempts that the parser remembers.
    pub(super) again: u32,
    /// How often the inside is read again, multiplied: attempts that it forgets.
    pub(super) times: u32,
    /// The bracket itself starts an attempt.
    pub(super) attempt: bool,
    /// Index in the list of open `<` where this bracket's begin.
    pub(super) angles: u32,
    /// Attempts that go on after their `)`: how many, and the sum of their starts.
    pub(super) tails: u32,
    pub(super) tail_starts: u64,
    /// Open `infer A extends`.
    pub(super) constraints: u32,
    /// `extends` was seen in this statement.
    pub(super) heritage: bool,
}

impl Level {
    pub(super) const FILE: Self = Self {
        base: 0,
        statement: 0,
        expression: 0,
        binary: 0,
        open: 0,
        head: false,
        ternary: false,
        start: 0,
        again: 0,
        times: 1,
        attempt: false,
        angles: 0,
        tails: 0,
        tail_starts: 0,
        constraints: 0,
        heritage: false,
    };

    /// Depth at this point.
    #[inline]
    pub(super) fn depth(&self) -> u32 {
        self.base
            .saturating_add(self.statement)
            .saturating_add(self.expression)
            .saturating_add(self.binary.min(PRECEDENCES))
    }

    /// An expression ends, the statement around it may go on.
    #[inline]
    pub(super) fn end_expression(&mut self) {
        self.expression = 0;
        self.binary = 0;
        self.ternary = false;
    }

    /// The statement ends too.
    #[inline]
    pub(super) fn end_statement(&mut self) {
        self.end_expression();
        self.statement = 0;
        self.heritage = false;
    }
}

/// How deep the parser can recurse on this text without JSX, in units of which
/// [`super::guard`] knows the stack. `u32::MAX` if it cannot be told.
#[cfg(test)]
fn nesting_bound(text: &str, typescript: bool) -> u32 {
    scan::scan(text, typescript).nesting
}

/// The same for JSX, whose text cannot be told from code by its bytes: nothing is given back.
#[must_use]
pub(super) fn jsx_nesting_bound(text: &str) -> u32 {
    let mut count = 0u32;
    let mut before = Byte::Space;
    for &byte in text.as_bytes() {
        let class = BYTES[usize::from(byte)];
        let counts = match class {
            Byte::Odd => true,
            Byte::Word => !matches!(before, Byte::Word | Byte::Odd),
            Byte::Space
            | Byte::Newline
            | Byte::Quote
            | Byte::CloseParen
            | Byte::CloseBracket
            | Byte::CloseBrace
            | Byte::Comma
            | Byte::Semicolon => false,
            _ => true,
        };
        count = count.saturating_add(u32::from(counts));
        before = class;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> u32 {
        nesting_bound(text, false)
    }

    #[test]
    fn statements_give_back_what_they_opened() {
        for line in [
            "a = b = c;\n",
            "var a = typeof b, c = !d\n",
            "foo()\n",
            "if (a) b; else c;\n",
            "if (a) { b } else { c }\n",
            "x = { 'a': 1, b: y ? z : w };\n",
            "const f = async (a) => { await a };\n",
            "s = `a ${b} c`;\n",
            "x = a / b / c; y = /[)/}]+'/g;\n",
            "for (let i = 0; i < n; i++) a++;\n",
            "class A extends B { get a() { return 1 } }\n",
        ] {
            let text = line.repeat(2000);
            assert!(bound(&text) < 40, "{line:?} {}", bound(&text));
        }
    }

    #[test]
    fn what_stays_open_adds_up() {
        for open in [
            "(",
            "[",
            "{",
            "`${",
            "a=",
            "a=>",
            "a?b:",
            "!",
            "typeof ",
            "typeof!",
            "- ",
            "new ",
            "if(a)",
            "if(a)b;else ",
            "if(a){}else ",
            "for(;;)",
            "do ",
            "a:",
            "a**",
            "@",
            "typeof\u{a0}",
            "(')',",
            "[/[/\\]]/,",
            "{//}\n",
            "{'\\\r\n}';",
            "x as A<",
            "[{}/x/*]*/+",
            "[{}/+/]/,",
            "[{}/typeof /]/,",
        ] {
            let text = open.repeat(1000);
            assert!(bound(&text) >= 999, "{open:?} {}", bound(&text));
        }
    }

    #[test]
    fn a_doubtful_slash_is_read_both_ways() {
        // A block and a regular expression that hides the closing brace, or an object divided.
        let text = "{{}/}'/;".repeat(500);
        assert!(bound(&text) >= 500, "{}", bound(&text));
        let text = "{var a\n/}/;".repeat(500);
        assert!(bound(&text) >= 500, "{}", bound(&text));
    }

    #[test]
    fn jsx_counts_every_token() {
        assert!(jsx_nesting_bound(&"<a>'".repeat(100)) >= 100);
        assert_eq!(jsx_nesting_bound("a, b;"), 2);
    }
}
