//! Text of a package, made safe to show.
//!
//! What a package says reaches terminals and reviewers' eyes. Characters that move the cursor,
//! turn the direction of writing or cannot be seen are spelled out.

use sha2::{Digest, Sha256};

/// Characters of an excerpt.
pub const EXCERPT_CHARACTERS: usize = 160;
/// Characters of a target, its hash included.
pub const TARGET_CHARACTERS: usize = 512;

/// Ranges of characters that move, turn or hide text, besides Unicode's control characters.
const HIDDEN: &[(char, char)] = &[
    ('\u{AD}', '\u{AD}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFF9}', '\u{FFFB}'),
    ('\u{E0000}', '\u{E007F}'),
];

fn is_hidden(c: char) -> bool {
    c.is_control() || HIDDEN.iter().any(|&(from, to)| (from..=to).contains(&c))
}

/// Writes control, bidirectional and invisible characters as `\u{202E}` and cuts the outcome
/// at `max` characters; the last of them is then `…`.
///
/// ```
/// assert_eq!(tarsight::report::clean_text("a\u{202E}b", 80), r"a\u{202E}b");
/// assert_eq!(tarsight::report::clean_text("abcdef", 4), "abc…");
/// ```
#[must_use]
pub fn clean_text(text: &str, max: usize) -> String {
    cut(text.chars(), max, "…")
}

/// [`clean_text`] for an excerpt: runs of blanks and line ends are one blank, 160 characters.
#[must_use]
pub fn clean_excerpt(text: &str) -> String {
    let mut blank = false;
    let one_line = text.trim_ascii().chars().filter_map(|c| {
        let was_blank = blank;
        blank = c.is_ascii_whitespace();
        match (blank, was_blank) {
            (true, true) => None,
            (true, false) => Some(' '),
            (false, _) => Some(c),
        }
    });
    cut(one_line, EXCERPT_CHARACTERS, "…")
}

/// [`clean_text`] for a target: 512 characters, and a longer one ends in `…#` and the first
/// 16 hexadecimal digits of its SHA-256, so that two long targets stay two.
#[must_use]
pub fn clean_target(text: &str) -> String {
    // The longest escape of one byte has 6 characters: most targets need no hash.
    if text.len() <= TARGET_CHARACTERS / 6 {
        return clean_text(text, TARGET_CHARACTERS);
    }
    let tail = format!("…#{}", short_hash(&[text]));
    cut(text.chars(), TARGET_CHARACTERS, &tail)
}

/// The first 16 hexadecimal digits of the SHA-256 of the parts.
///
/// Each part goes in with its length, so that no two lists of parts are the same bytes.
pub(super) fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Escapes `text` and keeps at most `max` characters, the last of them `tail` if any was lost.
fn cut(text: impl Iterator<Item = char>, max: usize, tail: &str) -> String {
    let room = max.saturating_sub(tail.chars().count());
    let mut out = String::new();
    let mut count = 0;
    // Byte length of the longest prefix that leaves room for the tail.
    let mut fits = 0;
    for c in text {
        if is_hidden(c) {
            let escape = format!("\\u{{{:X}}}", u32::from(c));
            count += escape.len();
            out.push_str(&escape);
        } else {
            count += 1;
            out.push(c);
        }
        if count <= room {
            fits = out.len();
        }
        if count > max {
            out.truncate(fits);
            out.extend(tail.chars().take(max));
            return out;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_moves_the_cursor_or_the_eye_is_spelled_out() {
        assert_eq!(
            clean_text("\u{1b}[2J\u{202E}evil\u{9b}\t\u{feff}", 80),
            r"\u{1B}[2J\u{202E}evil\u{9B}\u{9}\u{FEFF}"
        );
        assert_eq!(clean_text("grün 日本", 80), "grün 日本");
    }

    #[test]
    fn an_escape_is_never_cut_in_half() {
        assert_eq!(clean_text("ab\u{202E}cd", 9), "ab…");
        assert_eq!(clean_text("\u{202E}", 8), r"\u{202E}");
        assert_eq!(clean_text("\u{202E}", 7), "…");
    }

    #[test]
    fn an_excerpt_is_one_line() {
        assert_eq!(
            clean_excerpt("  get(\n\t\turl,\r\n  cb)\n"),
            "get( url, cb)"
        );
        assert_eq!(clean_excerpt(&"x".repeat(161)).chars().count(), 160);
    }

    #[test]
    fn long_targets_that_differ_late_stay_apart() {
        let one = clean_target(&format!("{}1", "a".repeat(600)));
        let two = clean_target(&format!("{}2", "a".repeat(600)));
        assert_ne!(one, two);
        assert_eq!(one.chars().count(), TARGET_CHARACTERS);
        let (_, hash) = one.split_once("…#").expect("the hash is there");
        assert_eq!(hash.len(), 16);
        let whole = "b".repeat(TARGET_CHARACTERS);
        assert_eq!(clean_target(&whole), whole);
    }

    proptest! {
        #[test]
        fn the_outcome_is_short_and_holds_nothing_hidden(text in any::<String>(), max in 0_usize..40) {
            let clean = clean_text(&text, max);
            prop_assert!(clean.chars().count() <= max);
            prop_assert!(!clean.chars().any(is_hidden));
        }
    }
}
