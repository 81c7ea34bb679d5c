//! One header block, decoded as node-tar decodes it.
//!
//! Other decoders are stricter with numbers and looser with names; each such difference hides
//! or shows an entry, so nothing here is left to a general tar library.

use super::pax::{Extension, Size, cut_at_nul};
use super::tree::shown;

/// Why a block whose bytes do not add up is no header.
pub(super) const WRONG_CHECKSUM: &str = "a wrong checksum";

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// A folder whose body is kept and skipped.
    DumpFolder,
    Link,
    /// Devices, pipes.
    Special,
    /// Known or unknown types that node-tar skips with their body.
    Skipped,
    Pax,
    OldPax,
    GlobalPax,
    LongPath,
    LongLink,
}

impl Kind {
    /// Whether it says something about another entry.
    pub(super) fn is_meta(self) -> bool {
        matches!(
            self,
            Self::Pax | Self::OldPax | Self::GlobalPax | Self::LongPath | Self::LongLink
        )
    }

    fn of(code: u8) -> Self {
        match code {
            0 | b'0' | b'7' => Self::File,
            b'1' | b'2' => Self::Link,
            b'3' | b'4' | b'6' => Self::Special,
            b'5' => Self::Folder,
            b'D' => Self::DumpFolder,
            b'x' => Self::Pax,
            b'X' => Self::OldPax,
            b'g' => Self::GlobalPax,
            b'L' | b'N' => Self::LongPath,
            b'K' => Self::LongLink,
            _ => Self::Skipped,
        }
    }
}

/// A valid header.
#[derive(Debug)]
pub(super) struct Header {
    /// The whole path, extensions and prefix applied.
    pub(super) path: String,
    /// Whether invalid UTF-8 was replaced in the path.
    pub(super) lossy: bool,
    pub(super) kind: Kind,
    /// The type as it stands in the block.
    pub(super) code: u8,
    pub(super) size: Size,
    /// The size as the block alone gives it.
    pub(super) own_size: u64,
    pub(super) executable: bool,
}

/// What a block is.
#[derive(Debug)]
pub(super) enum Block {
    /// All zero, checksum field aside.
    Null,
    /// Not a header that node-tar takes. `had_null` says that it leaves a null block before it
    /// standing.
    Bad {
        why: &'static str,
        had_null: bool,
    },
    /// An entry that is no link but has a target.
    LinkNameOnFile {
        path: String,
        target: String,
    },
    Entry(Header),
}

/// Decodes `block`, which has 512 bytes.
pub(super) fn decode(block: &[u8], local: &Extension, global: &Extension) -> Block {
    let Some(raw) = numbers(block, local, global) else {
        return Block::Bad {
            why: "a number that is not valid base-256",
            had_null: true,
        };
    };
    let sum = 256 + block.iter().map(|&b| i64::from(b)).sum::<i64>()
        - field(block, 148, 8)
            .iter()
            .map(|&b| i64::from(b))
            .sum::<i64>();
    if raw.checksum.is_none() && sum == 256 {
        return Block::Null;
    }
    let bad = |why| Block::Bad {
        why,
        had_null: false,
    };
    if raw.checksum != Some(sum) {
        return bad(WRONG_CHECKSUM);
    }
    let code = field(block, 156, 1).first().copied().unwrap_or(0);
    let (own, lossy) = path(block);
    let mut kind = Kind::of(code);
    // Extensions describe files, never the extended headers between them and their file.
    let applies = !kind.is_meta() && kind != Kind::Skipped;
    let extended = applies.then_some(local.path.as_deref()).flatten();
    let base = extended.unwrap_or(&own);
    if matches!(code, 0 | b'0') && base.ends_with('/') {
        kind = Kind::Folder;
    }
    let prefix = prefix(block);
    if prefix.is_none() && base.is_empty() {
        return bad("no path");
    }
    let target = string(field(block, 157, 100)).0;
    if kind == Kind::Link {
        if target.is_empty() {
            return bad("a link without a target");
        }
    } else if !target.is_empty() && !matches!(kind, Kind::Pax | Kind::GlobalPax) {
        return Block::LinkNameOnFile {
            path: shown(base),
            target,
        };
    }
    // The extension's path replaces the prefix too. It can be long and outlives many extended
    // headers, so only the entry it is for may copy it.
    let extended = local.path.as_deref().filter(|_| !kind.is_meta());
    let path = match (extended, prefix) {
        (Some(path), _) => path.to_owned(),
        (None, Some(prefix)) => format!("{prefix}/{own}"),
        (None, None) => own,
    };
    let own_size = raw.size.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let extended_size = if applies {
        local.size.or(global.size)
    } else {
        None
    };
    Block::Entry(Header {
        lossy: lossy && extended.is_none(),
        path,
        kind,
        code,
        size: if kind == Kind::Folder {
            Size::of(0)
        } else {
            extended_size.unwrap_or(Size::of(own_size))
        },
        own_size,
        executable: raw.mode.is_some_and(|mode| mode & 0o111 != 0),
    })
}

struct Numbers {
    mode: Option<i64>,
    size: Option<i64>,
    checksum: Option<i64>,
}

/// The numbers that count; `None` if any number that node-tar would decode is invalid.
fn numbers(block: &[u8], local: &Extension, global: &Extension) -> Option<Numbers> {
    let normal = matches!(
        Kind::of(field(block, 156, 1).first().copied().unwrap_or(0)),
        Kind::File | Kind::Folder | Kind::DumpFolder | Kind::Link | Kind::Special
    );
    let given = |has: fn(&Extension) -> bool| normal && (has(local) || has(global));
    let mode = number(field(block, 100, 8))?;
    if !given(|e| e.uid) {
        number(field(block, 108, 8))?;
    }
    if !given(|e| e.gid) {
        number(field(block, 116, 8))?;
    }
    let size = match number(field(block, 124, 12)) {
        Some(size) => size,
        None if given(|e| e.size.is_some()) => None,
        None => return None,
    };
    if !given(|e| e.mtime) {
        number(field(block, 136, 12))?;
    }
    // Four bytes more than the field has: that is how node-tar reads it.
    let checksum = number(field(block, 148, 12))?;
    if is_ustar(block) {
        number(field(block, 329, 8))?;
        number(field(block, 337, 8))?;
        if field(block, 475, 1) == [0] {
            if !(local.atime || global.atime) {
                number(field(block, 476, 12))?;
            }
            if !(local.ctime || global.ctime) {
                number(field(block, 488, 12))?;
            }
        }
    }
    Some(Numbers {
        mode,
        size,
        checksum,
    })
}

fn field(block: &[u8], start: usize, len: usize) -> &[u8] {
    block.get(start..start + len).unwrap_or(&[])
}

fn is_ustar(block: &[u8]) -> bool {
    field(block, 257, 8) == b"ustar\x0000"
}

fn path(block: &[u8]) -> (String, bool) {
    string(field(block, 0, 100))
}

fn prefix(block: &[u8]) -> Option<String> {
    if !is_ustar(block) {
        return None;
    }
    // A byte at 475 says that the prefix is long; otherwise two times may stand behind it.
    if field(block, 475, 1) == [0] {
        let prefix = string(field(block, 345, 130)).0;
        (!prefix.is_empty()).then_some(prefix)
    } else {
        Some(string(field(block, 345, 155)).0)
    }
}

/// Text up to the NUL, and whether invalid UTF-8 was replaced.
fn string(bytes: &[u8]) -> (String, bool) {
    let text = String::from_utf8_lossy(bytes);
    let cut = cut_at_nul(&text).into_owned();
    let lossy = matches!(text, std::borrow::Cow::Owned(_)) && cut.contains('\u{FFFD}');
    (cut, lossy)
}

/// `None` is an invalid number, `Some(None)` no number at all.
#[expect(clippy::option_option, reason = "absent and invalid differ")]
fn number(bytes: &[u8]) -> Option<Option<i64>> {
    const SAFE: i128 = (1 << 53) - 1;
    let value = match bytes.first() {
        Some(0x80) => bytes
            .iter()
            .skip(1)
            .fold(0_i128, |value, &byte| (value << 8) | i128::from(byte)),
        Some(0xff) => bytes
            .iter()
            .fold(-1_i128, |value, &byte| (value << 8) | i128::from(byte)),
        Some(0x81..) => return None,
        _ => return Some(octal(bytes)),
    };
    (value.abs() <= SAFE).then(|| i64::try_from(value).ok())
}

/// As `parseInt(text, 8)`: white space, a sign, as many octal digits as there are.
fn octal(bytes: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches(super::pax::is_js_space);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|c: char| !matches!(c, '0'..='7'))
        .unwrap_or(digits.len());
    let value = i64::from_str_radix(digits.get(..end)?, 8).ok()?;
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::build;

    fn plain(block: &[u8]) -> Block {
        decode(block, &Extension::default(), &Extension::default())
    }

    #[test]
    fn a_block_of_another_library_is_read() {
        let mut header = tar::Header::new_ustar();
        header.set_path("package/index.js").expect("short");
        header.set_size(0o1234);
        header.set_mode(0o755);
        header.set_cksum();
        let Block::Entry(header) = plain(header.as_bytes()) else {
            panic!("a valid header");
        };
        assert_eq!(header.path, "package/index.js");
        assert_eq!((header.size.bytes, header.executable), (0o1234, true));
        assert_eq!(header.kind, Kind::File);
    }

    #[test]
    fn numbers_as_in_javascript() {
        assert_eq!(number(b"0000755\0"), Some(Some(0o755)));
        assert_eq!(number(b"  17 zz\0"), Some(Some(0o17)));
        assert_eq!(number(b"-7\0\0\0\0\0\0"), Some(Some(-7)));
        assert_eq!(number(b"\0\0\0\0"), Some(None));
        assert_eq!(number(b"999"), Some(None));
        assert_eq!(number(&[0x80, 0, 1, 2]), Some(Some(258)));
        assert_eq!(number(&[0xff; 8]), Some(Some(-1)));
        assert_eq!(number(&[0x81, 0, 0, 0]), None);
        assert_eq!(number(&[0x80, 1, 0, 0, 0, 0, 0, 0, 0]), None);
    }

    #[test]
    fn null_and_bad_blocks() {
        assert!(matches!(plain(&[0; 512]), Block::Null));
        let mut block = build::header("package/a", b'0', 1);
        block[0] ^= 1;
        assert!(matches!(
            plain(&block),
            Block::Bad {
                had_null: false,
                ..
            }
        ));
        let mut block = build::header("package/a", b'0', 1);
        block[108] = 0x81;
        build::sign(&mut block);
        assert!(matches!(plain(&block), Block::Bad { had_null: true, .. }));
        let known = Extension {
            uid: true,
            ..Extension::default()
        };
        assert!(matches!(
            decode(&block, &known, &Extension::default()),
            Block::Entry(_)
        ));
        assert!(matches!(
            plain(&build::header("", b'0', 1)),
            Block::Bad { .. }
        ));
    }

    #[test]
    fn link_names() {
        let mut block = build::header("package/a", b'0', 512);
        block[157] = b'x';
        build::sign(&mut block);
        assert!(matches!(plain(&block), Block::LinkNameOnFile { .. }));
        block[156] = b'x';
        build::sign(&mut block);
        assert!(matches!(plain(&block), Block::Entry(_)));
        assert!(matches!(
            plain(&build::header("package/a", b'2', 0)),
            Block::Bad { .. }
        ));
    }

    #[test]
    fn a_prefix_goes_before_the_name() {
        let mut block = build::header("b.js", b'0', 0);
        block[345..352].copy_from_slice(b"package");
        build::sign(&mut block);
        let Block::Entry(header) = plain(&block) else {
            panic!("a valid header");
        };
        assert_eq!(header.path, "package/b.js");
    }

    #[test]
    fn a_trailing_slash_makes_a_folder() {
        let Block::Entry(header) = plain(&build::header("package/a/", b'0', 5)) else {
            panic!("a valid header");
        };
        assert_eq!(
            (header.kind, header.size.bytes, header.own_size),
            (Kind::Folder, 0, 5)
        );
    }
}
