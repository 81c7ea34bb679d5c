//! Files whose content is not what their name says.

use super::kind::Kind;

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// An image, a font, a sound, a film, a document, an archive.
    Media,
    /// Text that is read or parsed.
    Text,
}

const CLAIMS: &[(&str, Claim)] = &[
    ("bmp", Claim::Media),
    ("eot", Claim::Media),
    ("gif", Claim::Media),
    ("ico", Claim::Media),
    ("jpeg", Claim::Media),
    ("jpg", Claim::Media),
    ("mp3", Claim::Media),
    ("mp4", Claim::Media),
    ("otf", Claim::Media),
    ("pdf", Claim::Media),
    ("png", Claim::Media),
    ("ttf", Claim::Media),
    ("wav", Claim::Media),
    ("webm", Claim::Media),
    ("webp", Claim::Media),
    ("woff", Claim::Media),
    ("woff2", Claim::Media),
    ("cjs", Claim::Text),
    ("css", Claim::Text),
    ("csv", Claim::Text),
    ("html", Claim::Text),
    ("js", Claim::Text),
    ("json", Claim::Text),
    ("jsx", Claim::Text),
    ("map", Claim::Text),
    ("md", Claim::Text),
    ("mjs", Claim::Text),
    ("mts", Claim::Text),
    ("svg", Claim::Text),
    ("toml", Claim::Text),
    ("ts", Claim::Text),
    ("tsx", Claim::Text),
    ("txt", Claim::Text),
    ("xml", Claim::Text),
    ("yaml", Claim::Text),
    ("yml", Claim::Text),
];

/// Names without an extension that are text.
const NAMES: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "README",
    "CHANGELOG",
    "NOTICE",
    "AUTHORS",
];

/// What a file is instead of what its name says; `None` if they agree, or nobody can say.
#[must_use]
pub(crate) fn disguise(path: &str, kind: Kind, bytes: &[u8]) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let extension = lower
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension);
    let listed = CLAIMS.iter().find(|(known, _)| *known == extension);
    let claim = match listed {
        Some((_, claim)) => *claim,
        None if NAMES.contains(&name) => Claim::Text,
        None => return None,
    };
    if kind.is_native() {
        return Some(format!("{name} is a {} program", kind.as_str()));
    }
    let script = matches!(
        kind,
        Kind::Shell | Kind::PowerShell | Kind::Script | Kind::JavaScript | Kind::TypeScript
    );
    if claim == Claim::Media && script && bytes.starts_with(b"#!") {
        return Some(format!("{name} is a script: {}", kind.as_str()));
    }
    if claim == Claim::Media && kind == Kind::Text && looks_like_code(bytes) {
        return Some(format!("{name} is text that looks like code"));
    }
    None
}

/// Whether text reads as JavaScript: words of calls and of functions near its start.
fn looks_like_code(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 4096;
    const SIGNS: [&str; 9] = [
        "require(",
        "eval(",
        "function(",
        "function (",
        "=>",
        "module.exports",
        "process.env",
        "const ",
        "import ",
    ];
    let sample = String::from_utf8_lossy(bytes.get(..SAMPLE).unwrap_or(bytes));
    SIGNS.iter().filter(|sign| sample.contains(**sign)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::super::kind_of;
    use super::*;

    fn of(path: &str, bytes: &[u8]) -> bool {
        disguise(path, kind_of(path, bytes), bytes).is_some()
    }

    #[test]
    fn names_that_lie_and_names_that_do_not() {
        for (path, bytes, lies) in [
            ("a.png", &b"\x7fELF\x02"[..], true),
            ("LICENSE", b"\x7fELF\x02", true),
            ("a.js", b"\x7fELF\x02", true),
            ("a.node", b"\x7fELF\x02", false),
            ("bin/tool", b"\x7fELF\x02", false),
            ("a.txt", b"\0asm\x01\0\0\0", true),
            ("a.woff2", b"const a = require('x'); eval(a)", true),
            ("a.ico", b"#!/bin/sh\necho", true),
            ("a.png", b"\x89PNG\r\n\x1a\n", false),
            ("a.jpg", b"version https://git-lfs.example/spec/v1", false),
            ("a.js", b"const a = require('x')", false),
        ] {
            assert_eq!(of(path, bytes), lies, "{path}");
        }
    }
}
