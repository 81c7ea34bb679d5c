//! What reading a text again and again costs the parser.
//!
//! At `(a=`, `(a,`, `({` and `([` the parser tries an arrow function, and reads the same bytes
//! again if it is none; it remembers where that failed, so the cost adds up over levels. In
//! TypeScript `a<` is tried as type arguments, `({` and `([` as parameters of a type,
//! `infer A extends` as a constraint, all without memory: there the cost multiplies.

#[cfg(test)]
use super::scan;
use super::words::{BYTES, Byte, is_odd, word_end};

/// Bytes that the parser reads again, summed over all attempts, as an upper bound; `u64::MAX` if
/// it cannot be told.
#[cfg(test)]
fn ambiguity_cost(text: &str, typescript: bool) -> u64 {
    scan::scan(text, typescript).again
}

/// The same for JSX, whose text cannot be told from code by its bytes: each attempt may go on to
/// the end of the file.
#[must_use]
pub(super) fn jsx_ambiguity_cost(text: &str, typescript: bool) -> u64 {
    let bytes = text.as_bytes();
    let length = bytes.len() as u64;
    let mut cost = 0u64;
    for at in memchr::memchr2_iter(b'(', b'<', bytes) {
        let open = if bytes.get(at) == Some(&b'(') {
            parenthesis(bytes, at) != Attempt::None
        } else {
            typescript
        };
        if !open {
            continue;
        }
        let end = if typescript {
            None
        } else {
            simple_end(bytes, at)
        };
        cost = cost.saturating_add(end.map_or(length, |end| end as u64) - at as u64);
    }
    cost
}

/// The end of parameters that are names only: what closes them is no text, or all of it is.
fn simple_end(text: &[u8], open: usize) -> Option<usize> {
    let rest = text.get(open + 1..)?;
    let end = rest.iter().position(|&b| {
        let plain = b.is_ascii_alphanumeric() || b.is_ascii_whitespace();
        !(plain || matches!(b, b'_' | b'$' | b',' | b'{' | b'}'))
    })?;
    (rest.get(end) == Some(&b')')).then_some(open + 1 + end)
}

/// Bytes that a short text may be read again beyond four times its length.
const MOST_MORE: u64 = 512 << 10;

/// The cost above which a text is not parsed.
#[must_use]
pub(super) fn ambiguity_limit(length: u64, typescript: bool, jsx: bool) -> u64 {
    // Nearly all real files stay below 3.2 times their length, some of a few ten thousand bytes
    // below 7.2 times (m3u8-parser, old bundles); what is read again takes memory, too. Types get
    // more beside it, since what multiplies may only look nested, and with JSX every attempt
    // counts to the end.
    let beside = match (typescript, jsx) {
        (false, _) => 16 << 10,
        (true, false) => 96 << 10,
        (true, true) => 256 << 10,
    };
    let more = length.saturating_mul(4).min(MOST_MORE);
    length.saturating_mul(4).saturating_add(more + beside)
}

/// What the parser tries at a parenthesis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Attempt {
    /// Nothing.
    None,
    /// Arrow parameters.
    Arrow,
    /// Arrow parameters after type parameters, and again without them.
    Generic,
    /// The same where what stands inside would be tried anyway.
    GenericArrow,
    /// Arrow parameters that start with a pattern.
    Pattern,
}

/// What the parser tries at the `(` at this place, if an operand can stand there.
pub(super) fn parenthesis(text: &[u8], at: usize) -> Attempt {
    let at = after_space(text, at + 1);
    let Some(&byte) = text.get(at) else {
        return Attempt::None;
    };
    match BYTES[usize::from(byte)] {
        Byte::Bracket | Byte::Brace => Attempt::Pattern,
        // A comment may stand before a pattern.
        Byte::Slash if matches!(text.get(at + 1), Some(b'/' | b'*')) => Attempt::Pattern,
        Byte::Dot | Byte::CloseParen => Attempt::Arrow,
        Byte::Word | Byte::Odd => {
            if byte.is_ascii_digit() {
                return Attempt::None;
            }
            let end = word_end(text, at);
            // An odd word can be anything, a pattern after white space too.
            let plain = !is_odd(text.get(at..end).unwrap_or_default());
            let after = after_space(text, end);
            match (text.get(after), text.get(after + 1)) {
                _ if !plain => Attempt::Pattern,
                (Some(b',' | b')'), _) => Attempt::Arrow,
                (Some(b'='), Some(b'=' | b'>')) => Attempt::None,
                (Some(b'='), _) => Attempt::Arrow,
                (Some(b'/'), Some(b'/' | b'*')) => Attempt::Arrow,
                _ => Attempt::None,
            }
        }
        _ => Attempt::None,
    }
}

fn after_space(text: &[u8], mut at: usize) -> usize {
    while text
        .get(at)
        .is_some_and(|&b| matches!(BYTES[usize::from(b)], Byte::Space | Byte::Newline))
    {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str, typescript: bool) -> bool {
        ambiguity_cost(text, typescript) > ambiguity_limit(text.len() as u64, typescript, false)
    }

    #[test]
    fn short_texts_may_be_read_again_more_often() {
        let nested = |levels: usize| {
            ("(a,".repeat(levels) + &"x".repeat(2_000) + &")".repeat(levels) + ";\n").repeat(10)
        };
        assert!(ambiguity_cost(&nested(7), false) > 6 * nested(7).len() as u64);
        assert!(!over(&nested(7), false));
        assert!(over(&nested(12), false));
        assert!(over(&nested(7).repeat(20), false));
    }

    #[test]
    fn ordinary_parentheses_cost_nothing() {
        assert_eq!(ambiguity_cost("f(a, b); (1 + g(c)); if (a) b()", false), 0);
        assert!(!over(
            &"(function (a, b) { return (a, b) })();\n".repeat(5000),
            false
        ));
        assert!(!over(
            &"for (let i: number = 0; i < n; i++) f<T>(i);\n".repeat(5000),
            true
        ));
    }

    #[test]
    fn nested_attempts_cost_their_distance() {
        for open in [
            "(a=",
            "(a,",
            "({a:",
            "([",
            "async(a=",
            "(/**/{a:",
            "var a\n(b=",
        ] {
            assert!(over(&open.repeat(4000), false), "{open}");
        }
    }

    #[test]
    fn attempts_without_memory_multiply() {
        for open in ["a<(b=", "x as({a=", "a<a<a<[", "[infer B extends "] {
            assert!(over(&open.repeat(60), true), "{open}");
        }
        assert!(over(&"x as({a=".repeat(60), false));
    }

    #[test]
    fn an_attempt_takes_its_body_along() {
        assert!(over(&"a?(b):c=>".repeat(4000), true));
        assert!(!over(&"a?(b):c;".repeat(4000), true));
    }

    #[test]
    fn jsx_counts_every_attempt_to_the_end() {
        assert_eq!(jsx_ambiguity_cost("<a>'(b=1", false), 4);
        assert_eq!(jsx_ambiguity_cost("<a>f(1)", false), 0);
        assert_eq!(jsx_ambiguity_cost("<a>({ b, c }) (", false), 9);
        assert_eq!(jsx_ambiguity_cost("({ b, c }) ", true), 11);
    }
}
