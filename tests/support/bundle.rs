//! A case in one file: its label, then the files of the package.
//!
//! ```text
//! { "about": "…", "risk": { "atMost": "low" } }
//! -- index.js --
//! module.exports = 1;
//! -- lib/tool.node (hex) --
//! 7f 45 4c 46
//! ```
//!
//! A line `-- PATH --` starts a file that goes on to the next such line. `(hex)` after the path:
//! the bytes in hexadecimal, space does not count, `#` starts a comment. `(escaped)`: text in
//! which `\u{202e}` stands for a character and `\xff` for a byte, so that nothing in the
//! corpus is invisible.

use crate::File;

/// The label and the files; a missing package.json becomes one with the case's name.
pub(crate) fn read(text: &str, name: &str) -> Result<(String, Vec<File>), String> {
    let mut parts: Vec<(&str, String)> = vec![("", String::new())];
    for line in text.split_inclusive('\n') {
        let marked = line
            .trim_end()
            .strip_prefix("-- ")
            .and_then(|rest| rest.strip_suffix(" --"));
        match (marked, parts.last_mut()) {
            (Some(path), _) => parts.push((path, String::new())),
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => {}
        }
    }
    let label = parts.remove(0).1;
    let mut files = parts
        .into_iter()
        .map(|(head, body)| {
            let (path, bytes) = match head.rsplit_once(" (") {
                None => (head, body.into_bytes()),
                Some((path, "hex)")) => (path, hex(&body)?),
                Some((path, "escaped)")) => (path, unescape(&body)?),
                Some((_, form)) => return Err(format!("{head}: there is no form ({form}")),
            };
            Ok((path.to_owned(), bytes))
        })
        .collect::<Result<Vec<File>, String>>()?;
    if !files.iter().any(|(path, _)| path == "package.json") {
        let json = format!("{{\"name\":\"{name}\",\"version\":\"1.0.0\"}}\n");
        files.push(("package.json".to_owned(), json.into_bytes()));
    }
    files.sort();
    if let Some(pair) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!("{} is there twice", pair[0].0));
    }
    Ok((label, files))
}

fn hex(body: &str) -> Result<Vec<u8>, String> {
    let lines = body
        .lines()
        .map(|line| line.split('#').next().unwrap_or(""));
    let digits: Vec<u32> = lines
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            c.to_digit(16)
                .ok_or(format!("{c:?} is no hexadecimal digit"))
        })
        .collect::<Result<_, _>>()?;
    if digits.len() % 2 == 1 {
        return Err("half a byte at the end".to_owned());
    }
    let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).map_err(|e| e.to_string());
    digits.chunks(2).map(byte).collect()
}

fn unescape(body: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("u{") {
            let (digits, after) = after.split_once('}').ok_or("a \\u{ without }")?;
            let code = u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32);
            let c = code.ok_or(format!("\\u{{{digits}}} is no character"))?;
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('x') {
            let digits = after.get(..2).ok_or("a \\x without two digits")?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|e| format!("\\x{digits}: {e}"))?);
            rest = &after[2..];
        } else if let Some(after) = rest.strip_prefix('\\') {
            bytes.push(b'\\');
            rest = after;
        } else {
            return Err(format!(
                "an unknown escape before {:?}",
                rest.chars().next()
            ));
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_and_files_stand_apart() {
        let text = "{ }\n-- b.js --\n1\n2\n-- a/c (hex) --\n7f 45 # ELF\n4c46\n-- d (escaped) --\na\\u{202e}\\xff\\\\\n";
        let (label, files) = read(text, "n").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(label, "{ }\n");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a/c", "b.js", "d", "package.json"]);
        assert_eq!(files[0].1, b"\x7fELF");
        assert_eq!(files[1].1, b"1\n2\n");
        assert_eq!(files[2].1, b"a\xe2\x80\xae\xff\\\n");
        assert!(String::from_utf8_lossy(&files[3].1).contains("\"n\""));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for text in [
            "{}\n-- a (zip) --\n",
            "{}\n-- a (hex) --\nf\n",
            "{}\n-- a (hex) --\nxy\n",
            "{}\n-- a (escaped) --\n\\q\n",
            "{}\n-- a --\n-- a --\n",
        ] {
            assert!(read(text, "n").is_err(), "{text}");
        }
    }
}
