//! Byte classes and the words that matter to the guards.

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Byte {
    /// Part of a name, keyword or number; almost all that is not ASCII counts as such.
    Word,
    /// Begins an escape, or a character that can be white space: such a word can be anything.
    Odd,
    Space,
    Newline,
    Quote,
    Backtick,
    Slash,
    Paren,
    Bracket,
    Brace,
    CloseParen,
    CloseBracket,
    CloseBrace,
    Comma,
    Semicolon,
    Colon,
    Question,
    Equals,
    Dot,
    /// `!`, `~`: can only stand before an operand.
    Prefix,
    /// `+`, `-`: before or between operands.
    Sign,
    Star,
    Less,
    Greater,
    At,
    /// Any other operator: between operands.
    Infix,
}

const fn classify(byte: u8) -> Byte {
    match byte {
        // NBSP and U+0085; U+1680 and U+180E; U+2000 to U+205F; U+3000; U+FEFF.
        b'\\' | 0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef => Byte::Odd,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'#' | 0x80.. => Byte::Word,
        b'\n' | b'\r' => Byte::Newline,
        b'"' | b'\'' => Byte::Quote,
        b'`' => Byte::Backtick,
        b'/' => Byte::Slash,
        b'(' => Byte::Paren,
        b'[' => Byte::Bracket,
        b'{' => Byte::Brace,
        b')' => Byte::CloseParen,
        b']' => Byte::CloseBracket,
        b'}' => Byte::CloseBrace,
        b',' => Byte::Comma,
        b';' => Byte::Semicolon,
        b':' => Byte::Colon,
        b'?' => Byte::Question,
        b'=' => Byte::Equals,
        b'.' => Byte::Dot,
        b'!' | b'~' => Byte::Prefix,
        b'+' | b'-' => Byte::Sign,
        b'*' => Byte::Star,
        b'<' => Byte::Less,
        b'>' => Byte::Greater,
        b'@' => Byte::At,
        b'&' | b'|' | b'^' | b'%' => Byte::Infix,
        _ => Byte::Space,
    }
}

/// The class of each byte.
pub(super) static BYTES: [Byte; 256] = {
    let mut table = [Byte::Space; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = classify(byte as u8);
        byte += 1;
    }
    table
};

/// The end of the word that starts at or before `at`.
#[inline]
pub(super) fn word_end(text: &[u8], mut at: usize) -> usize {
    while text
        .get(at)
        .is_some_and(|&b| matches!(BYTES[usize::from(b)], Byte::Word | Byte::Odd))
    {
        at += 1;
    }
    at
}

/// Whether a word may be another word, or several.
pub(super) fn is_odd(text: &[u8]) -> bool {
    text.iter().any(|&b| BYTES[usize::from(b)] == Byte::Odd)
}

/// What may stand after a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// A name or a number: an operand.
    Operand,
    /// A keyword that is never a name and wants an operand or statement next.
    Keyword,
    /// May be a name, may want an operand next; or it has escapes or letters beyond ASCII, which
    /// can spell any keyword and even hold white space.
    Unsure,
    /// Its parentheses are followed by a statement: `if`, `for`, `while`, `with`.
    Head,
    /// A statement nests in it without parentheses: `else`, `do`.
    Nest,
}

/// Classifies a word.
pub(super) fn word(text: &[u8]) -> Word {
    let [first, ..] = text else {
        return Word::Unsure;
    };
    if (2..=10).contains(&text.len()) && first.is_ascii_lowercase() {
        match text {
            b"if" | b"for" | b"while" | b"with" => return Word::Head,
            b"else" | b"do" => return Word::Nest,
            b"return" | b"typeof" | b"void" | b"delete" | b"new" | b"in" | b"instanceof"
            | b"case" | b"throw" | b"extends" | b"default" | b"var" | b"const" | b"export"
            | b"import" | b"class" | b"function" | b"enum" => return Word::Keyword,
            b"await" | b"yield" | b"async" | b"of" | b"let" | b"static" | b"get" | b"set"
            | b"keyof" | b"unique" | b"readonly" | b"infer" | b"abstract" | b"asserts" | b"is"
            | b"as" | b"satisfies" | b"declare" | b"accessor" | b"out" | b"type" | b"using"
            | b"implements" | b"override" | b"public" | b"private" | b"protected"
            | b"namespace" | b"module" | b"from" | b"interface" | b"defer" | b"source"
            | b"assert" | b"global" | b"require" => return Word::Unsure,
            _ => {}
        }
    }
    if is_odd(text) {
        Word::Unsure
    } else {
        Word::Operand
    }
}

/// Whether a word can carry on what stands before it, so that nothing has ended there.
pub(super) fn carries_on(text: &[u8]) -> bool {
    matches!(
        text,
        b"else"
            | b"while"
            | b"catch"
            | b"finally"
            | b"in"
            | b"instanceof"
            | b"of"
            | b"as"
            | b"satisfies"
            | b"is"
            | b"extends"
            | b"implements"
            | b"from"
            | b"with"
            | b"assert"
    ) || is_odd(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        assert_eq!(word(b"foo"), Word::Operand);
        assert_eq!(word(b"12"), Word::Operand);
        assert_eq!(word(b"typeof"), Word::Keyword);
        assert_eq!(word(b"else"), Word::Nest);
        assert_eq!(word(br"typ\u0065of"), Word::Unsure);
        assert_eq!(word("a\u{a0}typeof".as_bytes()), Word::Unsure);
        assert!(carries_on(b"else") && !carries_on(b"elses"));
    }
}
