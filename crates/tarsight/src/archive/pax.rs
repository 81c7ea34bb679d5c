//! What extended headers say about the entries after them.

use std::borrow::Cow;

use super::name;
use super::tree::shown;

/// The fields of extended headers that change how an entry is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Extension {
    pub(super) path: Option<String>,
    pub(super) link: Option<Target>,
    pub(super) size: Option<Size>,
    // Whether the field is given at all: node-tar then never decodes it from the block.
    pub(super) uid: bool,
    pub(super) gid: bool,
    pub(super) mtime: bool,
    pub(super) atime: bool,
    pub(super) ctime: bool,
    /// Another name that was given before the one that counts.
    pub(super) other_path: Option<String>,
    /// Whether both names are of PAX records.
    pub(super) pax_twice: bool,
    /// Whether the name that counts is of a PAX record.
    pub(super) by_pax: bool,
    /// A record that node-tar ignores or cuts.
    pub(super) malformed: Option<String>,
}

/// How long a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    /// Bytes.
    pub(super) bytes: u64,
    /// Blocks of 512 bytes that it takes; a fraction of a byte can take one more.
    pub(super) blocks: u64,
}

impl Size {
    pub(super) fn of(bytes: u64) -> Self {
        Self {
            bytes,
            blocks: bytes.div_ceil(512),
        }
    }
}

/// A link target, kept as what matters of it: a global one is asked for every file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// How many folders it climbs at most.
    pub(super) climbs: usize,
    /// As node-tar compares it with the paths of entries.
    pub(super) reserved: String,
    /// Its beginning.
    pub(super) shown: String,
}

impl Target {
    pub(super) fn of(target: &str) -> Self {
        Self {
            climbs: name::climbs(target),
            reserved: name::reserved(target),
            shown: shown(target),
        }
    }
}

impl Extension {
    /// Sets the path; what another reader may take stays in `other_path`.
    pub(super) fn set_path(&mut self, path: String, by_pax: bool) {
        if let Some(old) = self.path.replace(path)
            && Some(&old) != self.path.as_ref()
        {
            self.other_path = Some(old);
            self.pax_twice = by_pax && self.by_pax;
        }
        self.by_pax = by_pax;
    }

    /// Adds the records of a PAX header; the last one of a key counts.
    ///
    /// Line by line, so a value with a line break is lost, as in node-tar.
    pub(super) fn add_pax(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        for line in text.split('\n') {
            match record(line) {
                Some((key, value)) => self.add_record(key, value),
                None if line.is_empty() => {}
                None => self.note(line),
            }
        }
    }

    fn add_record(&mut self, key: &str, value: &str) {
        let cut = cut_at_nul(value);
        if cut.len() != value.len() {
            self.note(key);
        }
        match key {
            "path" => self.set_path(cut.into_owned(), true),
            "linkpath" => self.link = Some(Target::of(&cut)),
            "size" => match js_size(&cut) {
                Some(size) => self.size = Some(size),
                None => self.note(key),
            },
            "uid" => self.uid = true,
            "gid" => self.gid = true,
            "mtime" => self.mtime = true,
            "atime" => self.atime = true,
            "ctime" => self.ctime = true,
            _ => {}
        }
    }

    fn note(&mut self, record: &str) {
        self.malformed
            .get_or_insert_with(|| record.chars().take(80).collect());
    }
}

/// Key and value of one line, if its length is right.
fn record(line: &str) -> Option<(&str, &str)> {
    let digits = line.trim_start_matches(is_js_space).trim_start_matches('+');
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let length: usize = digits.get(..end)?.parse().ok()?;
    if length != line.len() + 1 {
        return None;
    }
    // node-tar skips as many characters as the plain number has, and one.
    let skip = length.to_string().len() + 1;
    let (start, _) = line.char_indices().nth(skip)?;
    let rest = line.get(start..)?;
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    (!key.is_empty()).then_some((key, value))
}

/// As `+text` for a size: decimal with fraction and exponent, or prefixed; none if negative.
fn js_size(text: &str) -> Option<Size> {
    let text = text.trim_matches(is_js_space);
    if text.is_empty() {
        return Some(Size::of(0));
    }
    for (prefix, radix) in [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let valid = digits.chars().all(|c| c.is_digit(radix)) && !digits.is_empty();
            let value = || u64::from_str_radix(digits, radix).unwrap_or(u64::MAX);
            return valid.then(|| Size::of(value()));
        }
    }
    if matches!(text, "Infinity" | "+Infinity") {
        return Some(Size::of(u64::MAX));
    }
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !text.chars().all(plain) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    // The casts saturate, and drop a fraction as the reader of the body does.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked"
    )]
    (value >= 0.0).then_some(Size {
        bytes: value as u64,
        blocks: (value / 512.0).ceil() as u64,
    })
}

/// What `trim` and `parseInt` skip in JavaScript.
pub(super) fn is_js_space(c: char) -> bool {
    c == '\u{FEFF}' || (c.is_whitespace() && c != '\u{85}')
}

/// As `text.replace(/\0.*/, '')`: from the first NUL to the end of its line.
pub(super) fn cut_at_nul(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.split_once('\0') else {
        return Cow::Borrowed(text);
    };
    match after.find(['\n', '\r', '\u{2028}', '\u{2029}']) {
        Some(line_end) => Cow::Owned(format!("{before}{}", &after[line_end..])),
        None => Cow::Borrowed(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Extension {
        let mut extension = Extension::default();
        extension.add_pax(body.as_bytes());
        extension
    }

    #[test]
    fn the_last_record_wins_and_the_other_is_kept() {
        let extension = of("17 path=pkg/good\n16 path=pkg/bad\n");
        assert_eq!(extension.path.as_deref(), Some("pkg/bad"));
        assert_eq!(extension.other_path.as_deref(), Some("pkg/good"));
        assert!(extension.pax_twice);
    }

    #[test]
    fn a_wrong_length_is_ignored() {
        let extension = of("17 path=pkg/bad\n");
        assert_eq!(extension.path, None);
        assert_eq!(extension.malformed.as_deref(), Some("17 path=pkg/bad"));
        assert!(of("").malformed.is_none());
    }

    #[test]
    fn sizes_as_in_javascript() {
        for (text, size) in [
            ("12", Some(12)),
            ("1e3", Some(1000)),
            ("0x10", Some(16)),
            ("10.9", Some(10)),
            (" ", Some(0)),
            ("-1", None),
            ("nan", None),
            ("inf", None),
            ("Infinity", Some(u64::MAX)),
        ] {
            assert_eq!(js_size(text).map(|s| s.bytes), size, "{text}");
        }
        for (text, blocks) in [("0", 0), ("0.5", 1), ("512", 1), ("512.5", 2), ("1e3", 2)] {
            assert_eq!(js_size(text).map(|s| s.blocks), Some(blocks), "{text}");
        }
    }

    #[test]
    fn a_nul_cuts_to_the_end_of_the_line() {
        assert_eq!(cut_at_nul("a\0b"), "a");
        assert_eq!(cut_at_nul("a\0b\nc"), "a\nc");
        assert_eq!(cut_at_nul("abc"), "abc");
    }

    #[test]
    fn a_multi_byte_value_counts_in_bytes() {
        assert_eq!(of("14 path=p/äö\n").path, None);
        assert_eq!(of("15 path=p/äö\n").path.as_deref(), Some("p/äö"));
    }
}
