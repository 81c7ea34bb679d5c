//! What a file is, by content first and by name second.

use super::text::unmarked_utf16;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// What a file is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub(crate) enum Kind {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Kind {
            /// Every kind.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the wire.
            #[must_use]
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// JavaScript, module or script.
    JavaScript = "javascript";
    /// JavaScript with JSX by its name.
    Jsx = "jsx";
    /// TypeScript.
    TypeScript = "typescript";
    /// TypeScript with JSX.
    Tsx = "tsx";
    /// TypeScript declarations, which never run.
    Declaration = "declaration";
    /// JSON, source maps included.
    Json = "json";
    /// A script for sh or one of its kin.
    Shell = "shell";
    /// A script for the Windows command line.
    Batch = "batch";
    /// A script for PowerShell.
    PowerShell = "powershell";
    /// A script for any other interpreter.
    Script = "script";
    /// Build instructions for node-gyp.
    Gyp = "gyp";
    /// An ELF binary.
    Elf = "elf";
    /// A Windows binary.
    Pe = "pe";
    /// A macOS binary.
    MachO = "mach-o";
    /// WebAssembly.
    Wasm = "wasm";
    /// A compressed file or an archive.
    Archive = "archive";
    /// An image.
    Image = "image";
    /// A font.
    Font = "font";
    /// HTML, and what frameworks mix into it.
    Html = "html";
    /// Style sheets.
    Css = "css";
    /// YAML or TOML.
    Config = "config";
    /// Markdown.
    Markdown = "markdown";
    /// Any other text.
    Text = "text";
    /// Any other bytes.
    Binary = "binary";
    /// No byte.
    Empty = "empty";
}

impl Kind {
    /// Whether it is compiled code that is not read.
    #[must_use]
    pub(crate) fn is_native(self) -> bool {
        matches!(self, Self::Elf | Self::Pe | Self::MachO | Self::Wasm)
    }
}

/// Whether the parser reads it.
#[must_use]
pub(crate) fn is_code(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::JavaScript | Kind::Jsx | Kind::TypeScript | Kind::Tsx
    )
}

/// Beginnings with which no JavaScript can begin: they decide whatever the name is.
const FIRM: &[(&[u8], Kind)] = &[
    (b"\x7fELF", Kind::Elf),
    (b"\0asm", Kind::Wasm),
    (b"\xfe\xed\xfa\xce", Kind::MachO),
    (b"\xfe\xed\xfa\xcf", Kind::MachO),
    (b"\xce\xfa\xed\xfe", Kind::MachO),
    (b"\xcf\xfa\xed\xfe", Kind::MachO),
    (b"\xca\xfe\xba\xbe", Kind::MachO),
    (b"\xca\xfe\xba\xbf", Kind::MachO),
    (b"\x89PNG\r\n\x1a\n", Kind::Image),
    (b"\xff\xd8\xff", Kind::Image),
    (b"\0\0\x01\0", Kind::Image),
    (b"\x1f\x8b", Kind::Archive),
    (b"\x28\xb5\x2f\xfd", Kind::Archive),
    (b"\xfd7zXZ\0", Kind::Archive),
    (b"PK\x03\x04", Kind::Archive),
    (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
    (b"\0\x01\0\0\0", Kind::Font),
    // Video streams share `.ts` with TypeScript.
    (b"G@\0", Kind::Binary),
    (b"G@\x11", Kind::Binary),
];

/// Beginnings that are text as well, `GIF89a=1` for one: code by its name stays code.
const SOFT: &[(&[u8], Kind)] = &[
    (b"GIF87a", Kind::Image),
    (b"GIF89a", Kind::Image),
    (b"RIFF", Kind::Image),
    (b"BM", Kind::Image),
    (b"II*\0", Kind::Image),
    (b"MM\0*", Kind::Image),
    (b"BZh", Kind::Archive),
    (b"wOFF", Kind::Font),
    (b"wOF2", Kind::Font),
    (b"OTTO", Kind::Font),
];

/// Extensions of what the parser reads.
const CODE: &[(&str, Kind)] = &[
    ("js", Kind::JavaScript),
    ("mjs", Kind::JavaScript),
    ("cjs", Kind::JavaScript),
    ("es", Kind::JavaScript),
    ("es6", Kind::JavaScript),
    ("jsm", Kind::JavaScript),
    ("jsx", Kind::Jsx),
    ("ts", Kind::TypeScript),
    ("mts", Kind::TypeScript),
    ("cts", Kind::TypeScript),
    ("tsx", Kind::Tsx),
];

/// Extensions of other text.
const TEXT: &[(&str, Kind)] = &[
    ("json", Kind::Json),
    ("json5", Kind::Json),
    ("jsonc", Kind::Json),
    ("map", Kind::Json),
    ("webmanifest", Kind::Json),
    ("sh", Kind::Shell),
    ("bash", Kind::Shell),
    ("zsh", Kind::Shell),
    ("bat", Kind::Batch),
    ("cmd", Kind::Batch),
    ("ps1", Kind::PowerShell),
    ("psm1", Kind::PowerShell),
    ("py", Kind::Script),
    ("rb", Kind::Script),
    ("pl", Kind::Script),
    ("php", Kind::Script),
    ("lua", Kind::Script),
    ("vbs", Kind::Script),
    ("applescript", Kind::Script),
    ("gyp", Kind::Gyp),
    ("gypi", Kind::Gyp),
    ("html", Kind::Html),
    ("htm", Kind::Html),
    ("vue", Kind::Html),
    ("svelte", Kind::Html),
    ("astro", Kind::Html),
    ("svg", Kind::Image),
    ("css", Kind::Css),
    ("scss", Kind::Css),
    ("sass", Kind::Css),
    ("less", Kind::Css),
    ("yml", Kind::Config),
    ("yaml", Kind::Config),
    ("toml", Kind::Config),
    ("md", Kind::Markdown),
    ("markdown", Kind::Markdown),
    ("mdx", Kind::Markdown),
];

/// Interpreters as a first line names them.
const INTERPRETERS: &[(&str, Kind)] = &[
    ("node", Kind::JavaScript),
    ("nodejs", Kind::JavaScript),
    ("iojs", Kind::JavaScript),
    ("bun", Kind::TypeScript),
    ("deno", Kind::TypeScript),
    ("tsx", Kind::TypeScript),
    ("ts-node", Kind::TypeScript),
    ("sh", Kind::Shell),
    ("bash", Kind::Shell),
    ("zsh", Kind::Shell),
    ("dash", Kind::Shell),
    ("ash", Kind::Shell),
    ("ksh", Kind::Shell),
    ("pwsh", Kind::PowerShell),
];

/// What the file at `path` is.
#[must_use]
pub(crate) fn kind_of(path: &str, bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if let Some(kind) = magic(FIRM, bytes) {
        return match is_java(bytes) {
            true => Kind::Binary,
            false => kind,
        };
    }
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let portable = is_pe(bytes);
    if let Some(kind) = listed(CODE, extension)
        && !(portable && cannot_be_code(bytes))
    {
        return if is_declaration(&name) {
            Kind::Declaration
        } else {
            kind
        };
    }
    if portable {
        return Kind::Pe;
    }
    if let Some(kind) = interpreter(bytes) {
        return kind;
    }
    let text = is_text(bytes);
    if !text && let Some(kind) = magic(SOFT, bytes) {
        return kind;
    }
    match listed(TEXT, extension) {
        Some(kind) if text => kind,
        _ if text => Kind::Text,
        _ => Kind::Binary,
    }
}

fn magic(table: &[(&[u8], Kind)], bytes: &[u8]) -> Option<Kind> {
    table
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|&(_, kind)| kind)
}

fn listed(table: &[(&str, Kind)], name: &str) -> Option<Kind> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, kind)| kind)
}

/// `.d.ts`, `.d.mts`, `.d.cts`, and `.d.css.ts` for a file of another kind.
fn is_declaration(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    if !matches!(parts.next(), Some("ts" | "mts" | "cts")) {
        return false;
    }
    // A name must stand before the `d`.
    let found = parts.next() == Some("d") || parts.next() == Some("d");
    found && parts.next().is_some()
}

/// Classes of Java start as Mach-O of several processors does; their version stands where the
/// number of processors would, and begins at 45.
fn is_java(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xca\xfe\xba\xbe") && bytes.get(7).is_some_and(|&version| version >= 43)
}

/// Whether the second header is where the first one says.
fn is_pe(bytes: &[u8]) -> bool {
    let Some(offset) = bytes.get(0x3c..0x40).filter(|_| bytes.starts_with(b"MZ")) else {
        return false;
    };
    let offset = offset
        .iter()
        .rev()
        .fold(0_usize, |value, &byte| (value << 8) | usize::from(byte));
    bytes
        .get(offset..)
        .is_some_and(|rest| rest.starts_with(b"PE\0\0"))
}

/// Whether what follows `MZ` ends a JavaScript name in a way that no JavaScript goes on.
///
/// Compilers write 0x90 or zero there. A file that could be both stays code, to be read.
fn cannot_be_code(bytes: &[u8]) -> bool {
    matches!(bytes.get(2), Some(0..=8 | 0x80..=0xBF))
}

/// What a first line `#!` says runs the file.
fn interpreter(bytes: &[u8]) -> Option<Kind> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line = bytes.strip_prefix(b"#!")?;
    let line = line.get(..256).unwrap_or(line);
    let line = line.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_ascii_whitespace().map(program);
    let mut word = words.next()?;
    if word == "env" {
        // Options and variables come before the program.
        word = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    }
    let version = |c: char| c.is_ascii_digit() || c == '.';
    let word = word.trim_end_matches(version);
    Some(listed(INTERPRETERS, word).unwrap_or(Kind::Script))
}

fn program(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Bytes that are looked at to tell text from bytes.
const SAMPLE: usize = 8192;

/// No NUL outside UTF-16, and nearly all of it valid.
fn is_text(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let marked = sample.starts_with(b"\xFF\xFE") || sample.starts_with(b"\xFE\xFF");
    if marked || unmarked_utf16(sample).is_some() {
        return true;
    }
    if memchr::memchr(0, sample).is_some() {
        return false;
    }
    let invalid: usize = sample
        .utf8_chunks()
        .map(|chunk| chunk.invalid().len())
        .sum();
    // Latin-1 text has some; a character cut at the end of the sample counts too.
    invalid <= 4 + sample.len() / 20
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pe(third: u8) -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes[..3].copy_from_slice(&[b'M', b'Z', third]);
        bytes[0x3c] = 0x40;
        bytes[0x40..0x44].copy_from_slice(b"PE\0\0");
        bytes
    }

    #[test]
    fn by_name() {
        for (path, kind) in [
            ("a.js", Kind::JavaScript),
            ("a/B.MJS", Kind::JavaScript),
            ("a.min.cjs", Kind::JavaScript),
            ("a.es6", Kind::JavaScript),
            ("a.jsx", Kind::Jsx),
            ("a.ts", Kind::TypeScript),
            ("a.tsx", Kind::Tsx),
            ("a.d.ts", Kind::Declaration),
            ("a.d.mts", Kind::Declaration),
            ("a.d.css.ts", Kind::Declaration),
            ("d.ts", Kind::TypeScript),
            ("a.d.js", Kind::JavaScript),
            ("package.json", Kind::Json),
            ("a.js.map", Kind::Json),
            ("x.sh", Kind::Shell),
            ("binding.gyp", Kind::Gyp),
            ("README.md", Kind::Markdown),
            ("LICENSE", Kind::Text),
            ("js", Kind::Text),
        ] {
            assert_eq!(kind_of(path, b"some text"), kind, "{path}");
        }
        assert_eq!(kind_of("a.js", b""), Kind::Empty);
    }

    #[test]
    fn by_content() {
        for (path, bytes, kind) in [
            ("a.js", &b"\x7fELF\x02"[..], Kind::Elf),
            ("a.txt", b"\0asm\x01\0\0\0", Kind::Wasm),
            ("a", b"\xcf\xfa\xed\xfe", Kind::MachO),
            ("a.js", b"\x1f\x8b\x08", Kind::Archive),
            ("a.md", b"\x89PNG\r\n\x1a\n", Kind::Image),
            ("a.gif", b"GIF89a\0\x01", Kind::Image),
            ("a.json", b"\0\x02\x03\x80", Kind::Binary),
            ("a.node", b"\0\x02\x03\x80", Kind::Binary),
            ("a.bin", b"caf\xe9", Kind::Text),
            ("video.ts", b"G@\x11\x10", Kind::Binary),
            ("a.txt", b"\xff\xfea\0", Kind::Text),
        ] {
            assert_eq!(kind_of(path, bytes), kind, "{path} {bytes:?}");
        }
        assert_eq!(kind_of("x.dll", &pe(0x90)), Kind::Pe);
        assert_eq!(kind_of("x.js", &pe(0x90)), Kind::Pe);
    }

    #[test]
    fn what_can_be_code_stays_code() {
        assert_eq!(kind_of("a.js", b"GIF89a=1;run()"), Kind::JavaScript);
        assert_eq!(kind_of("a.js", b"MZ=1;run()"), Kind::JavaScript);
        assert_eq!(kind_of("a.js", &pe(b'=')), Kind::JavaScript);
        assert_eq!(kind_of("a.js", b"#!/bin/sh\nrun()"), Kind::JavaScript);
        assert_eq!(
            kind_of("a.js", b"/*\0\xff\xff\xff\xff\xff\xff*/run()"),
            Kind::JavaScript
        );
    }

    #[test]
    fn by_first_line() {
        for (line, kind) in [
            ("#!/usr/bin/env node\n", Kind::JavaScript),
            (
                "\u{FEFF}#! /usr/bin/env -S node --no-warnings\n",
                Kind::JavaScript,
            ),
            ("#!/usr/bin/env -S A=1 node18\r\n", Kind::JavaScript),
            ("#!/usr/local/bin/node", Kind::JavaScript),
            ("#!/usr/bin/env bun\n", Kind::TypeScript),
            ("#!/bin/sh\n", Kind::Shell),
            ("#!/usr/bin/env bash", Kind::Shell),
            ("#!/usr/bin/python3.12\n", Kind::Script),
            ("#!/usr/bin/env\n", Kind::Text),
            ("#!\n", Kind::Text),
        ] {
            assert_eq!(kind_of("bin/tool", line.as_bytes()), kind, "{line}");
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
        assert!(is_code(Kind::Tsx) && !is_code(Kind::Declaration));
        assert!(Kind::Wasm.is_native());
    }
}
