//! Text of a package, made safe to print.

use std::fmt::Write as _;

use crate::model::Span;

/// Characters of an excerpt.
pub(crate) const EXCERPT_CHARS: usize = 160;

/// The text of a span on one line, printable, cut at [`EXCERPT_CHARS`].
///
/// White space of any length becomes one space, so code over several lines stays readable.
#[must_use]
pub(crate) fn excerpt(text: &str, span: Span) -> String {
    printable(span.text(text), EXCERPT_CHARS)
}

/// `text` with control and direction characters written as `\u{202E}`, at most `most`
/// characters; a cut is marked by `…`.
#[must_use]
pub(crate) fn printable(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    // Where the text may be cut, so that the mark still fits.
    let mut fits = 0;
    let mut space = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            if std::mem::replace(&mut space, true) {
                continue;
            }
            out.push(' ');
            length += 1;
        } else {
            space = false;
            length += push(&mut out, c);
        }
        if length > most {
            out.truncate(fits);
            out.push('…');
            return out;
        }
        if length < most {
            fits = out.len();
        }
    }
    out
}

fn push(out: &mut String, c: char) -> usize {
    if !is_hidden(c) {
        out.push(c);
        return 1;
    }
    let before = out.len();
    // Writing to a string cannot fail.
    let _ = write!(out, "\\u{{{:X}}}", c as u32);
    out.len() - before
}

/// Characters that a terminal or an editor does not show as what they are.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E01EF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written() {
        assert_eq!(
            printable("a\u{202E}b\0\u{1b}[0m", 99),
            "a\\u{202E}b\\u{0}\\u{1B}[0m"
        );
        assert_eq!(printable("ä😀", 99), "ä😀");
    }

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(
            excerpt("xx get(\n\t  url) yy", Span::new(3, 15)),
            "get( url)"
        );
    }

    #[test]
    fn the_cut_is_exact() {
        assert_eq!(printable(&"x".repeat(160), 160), "x".repeat(160));
        let cut = printable(&"x".repeat(161), 160);
        assert_eq!(cut, format!("{}…", "x".repeat(159)));
        let cut = printable(&"\u{202E}".repeat(30), 20);
        assert_eq!(cut, "\\u{202E}\\u{202E}…");
    }
}
