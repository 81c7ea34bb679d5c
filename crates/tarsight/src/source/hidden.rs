//! Characters that no reader sees: text in tags, reversed text, invisible marks.

use crate::model::Span;

/// Invisible characters that a text may hold without a purpose: joiners and marks come with
/// copied text. Real texts have fewer outside of scripts that need them.
const MOST_INVISIBLE: usize = 12;

/// What is hidden in a text, and where: the text that tag characters spell, or the kind and
/// number of the characters. `None` if there is nothing that a human would miss.
#[must_use]
pub(crate) fn hidden_text(text: &str) -> Option<(String, Span)> {
    let mut tags = String::new();
    let mut bidi = 0usize;
    let mut invisible = 0usize;
    let mut first: Option<usize> = None;
    let mut end = 0;
    let mut before = ' ';
    let mut flag = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            before = c;
            flag = false;
            continue;
        }
        let code = u32::from(c);
        // A black flag starts the flag of a region, which is spelt in tags.
        flag = c == '\u{1F3F4}' || (flag && (0xE0020..=0xE007F).contains(&code));
        let hides = match code {
            0xE0020..=0xE007E if !flag => {
                tags.extend(char::from_u32(code - 0xE0000));
                true
            }
            0x202A..=0x202E | 0x2066..=0x2069 => {
                bidi += 1;
                true
            }
            0x200B | 0x2060..=0x2064 | 0x180E | 0xE0100..=0xE01EF | 0xFFF9..=0xFFFB => {
                invisible += 1;
                true
            }
            // Joiners belong between letters of some scripts and between pictures.
            0x200C | 0x200D | 0xFE00..=0xFE0E if before.is_ascii() || is_invisible(before) => {
                invisible += 1;
                true
            }
            0xFEFF if at > 0 => {
                invisible += 1;
                true
            }
            _ => false,
        };
        if hides {
            first.get_or_insert(at);
            end = at + c.len_utf8();
        }
        before = c;
    }
    let what = if !tags.is_empty() {
        tags
    } else if bidi > 0 {
        format!("{bidi} characters that change the direction of reading")
    } else if invisible > MOST_INVISIBLE {
        format!("{invisible} invisible characters")
    } else {
        return None;
    };
    let span = Span::new(u32::try_from(first?).ok()?, u32::try_from(end).ok()?);
    Some((what, span))
}

fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0x200B..=0x200D | 0x2060..=0x2064 | 0xFE00..=0xFE0F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<String> {
        hidden_text(text).map(|(what, _)| what)
    }

    #[test]
    fn what_hides_and_what_does_not() {
        assert_eq!(what("plain \u{e9} text"), None);
        assert_eq!(
            what("family \u{1F468}\u{200D}\u{1F469} and \u{2764}\u{FE0F}"),
            None
        );
        assert_eq!(what("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F} a flag"), None);
        assert_eq!(what("a\u{E0068}\u{E0069}b").as_deref(), Some("hi"));
        assert!(what("a \u{202E}b").is_some_and(|what| what.contains("direction")));
        assert_eq!(what("copied\u{200B} text"), None);
        assert!(what(&"\u{200B}\u{200C}".repeat(10)).is_some());
        let (_, span) = hidden_text("ab\u{E0068}\u{E0069}c").expect("it hides");
        assert_eq!((span.start, span.end), (2, 10));
    }
}
