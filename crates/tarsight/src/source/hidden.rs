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

/// Invisible characters in a row that code has no use for.
const LEAST_RUN: usize = 8;

/// What hides in code: many invisible characters in a row, or any that turn the direction of
/// reading. A single joiner or mark says nothing.
#[must_use]
pub(crate) fn hidden_run(text: &str) -> Option<(String, Span)> {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut run = (0usize, 0usize);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match u32::from(c) {
            0x202A..=0x202E | 0x2066..=0x2069 => {
                let what = "a character that changes the direction of reading".to_owned();
                return Some((what, Span::new(narrow(at), narrow(end))));
            }
            0x200B..=0x200D
            | 0x2060..=0x2064
            | 0x180E
            | 0xFE00..=0xFE0F
            | 0x3164
            | 0xFFA0
            | 0xE0000..=0xE007F
            | 0xE0100..=0xE01EF => {
                run = match run {
                    (0, _) => (1, at),
                    (count, start) => (count + 1, start),
                };
            }
            _ if run.0 >= LEAST_RUN => break,
            _ => run.0 = 0,
        }
    }
    let (count, start) = run;
    (count >= LEAST_RUN).then(|| {
        let rest = text.get(start..).unwrap_or("");
        let bytes: usize = rest.chars().take(count).map(char::len_utf8).sum();
        let place = Span::new(narrow(start), narrow(start + bytes));
        (format!("{count} invisible characters in a row"), place)
    })
}

/// Letters of other scripts that look like Latin ones (Unicode's confusables, single letters).
const LOOKALIKES: &str = "\
    \u{430}\u{435}\u{43E}\u{440}\u{441}\u{443}\u{445}\u{456}\u{458}\u{455}\u{4BB}\u{501}\u{51B}\u{51D}\
    \u{410}\u{412}\u{415}\u{41A}\u{41C}\u{41D}\u{41E}\u{420}\u{421}\u{422}\u{425}\u{406}\u{408}\u{405}\
    \u{3BF}\u{3BD}\u{391}\u{392}\u{395}\u{396}\u{397}\u{399}\u{39A}\u{39C}\u{39D}\u{39F}\u{3A1}\u{3A4}\u{3A5}\u{3A7}\
    \u{131}\u{251}\u{261}";

/// Whether a letter looks like a Latin one and is none.
#[must_use]
pub(crate) fn is_lookalike(c: char) -> bool {
    !c.is_ascii() && LOOKALIKES.contains(c)
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
    #[test]
    fn runs_of_code() {
        assert_eq!(hidden_run("a\u{200D}b \u{FE0F}"), None);
        let (what, span) = hidden_run(&format!("ab{}c", "\u{E0101}".repeat(9))).expect("a run");
        assert!(what.starts_with("9 "), "{what}");
        assert_eq!((span.start, span.end), (2, 38));
        assert!(hidden_run("if (a /*\u{202E}*/) {}").is_some());
        assert!(is_lookalike('\u{430}') && !is_lookalike('a') && !is_lookalike('\u{44F}'));
    }
}
