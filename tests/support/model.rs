//! npm's extraction once more: short, slow and plain, to compare the engine's reader with.
//!
//! It follows the same program as the engine does, but shares no code and no idea with it: every
//! entry is written into a simulated file system, step by step.

use std::collections::BTreeMap;

/// What a simulated path is: a file with its bytes, or a folder.
type Disk = BTreeMap<String, Option<Vec<u8>>>;

#[derive(Clone, Default)]
struct Extended {
    path: Option<String>,
    link: Option<String>,
    size: Option<f64>,
    known: Vec<String>,
}

impl Extended {
    fn has(&self, key: &str) -> bool {
        self.known.iter().any(|known| known == key)
    }
}

/// The files that npm writes of a plain tar; `None` if it refuses the archive.
#[must_use]
pub fn extract(tar: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut disk = Disk::new();
    let (mut local, mut global) = (Extended::default(), Extended::default());
    let (mut ignores, mut null, mut valid, mut hung, mut left) =
        (Vec::new(), false, false, false, false);
    let mut at = 0;
    while at + 512 <= tar.len() {
        let block = &tar[at..at + 512];
        at += 512;
        let code = block[156];
        let normal = matches!(code, 0 | b'0'..=b'7' | b'D');
        let Some(fields) = numbers(block, normal, &local, &global) else {
            continue;
        };
        let sum = 256.0 + block.iter().map(|b| f64::from(*b)).sum::<f64>()
            - block[148..156].iter().map(|b| f64::from(*b)).sum::<f64>();
        if fields.sum.is_none() && sum == 256.0 {
            if null {
                return (valid && !left && !hung).then(|| files(disk));
            }
            null = true;
            continue;
        }
        null = false;
        let own = text(&block[..100]);
        let mut path = local.path.clone().filter(|_| normal).unwrap_or(own);
        let mut code = if code == 0 { b'0' } else { code };
        if code == b'0' && path.ends_with('/') {
            code = b'5';
        }
        if &block[257..265] == b"ustar\x0000" {
            let prefix = if block[475] == 0 {
                &block[345..475]
            } else {
                &block[345..500]
            };
            let prefix = text(prefix);
            if block[475] != 0 || !prefix.is_empty() {
                path = format!("{prefix}/{path}");
            }
        }
        let target = text(&block[157..257]);
        let is_link = matches!(code, b'1' | b'2');
        let wrong = if is_link {
            target.is_empty()
        } else {
            !target.is_empty() && !matches!(code, b'x' | b'g')
        };
        if fields.sum != Some(sum) || path.is_empty() || wrong {
            continue;
        }
        valid = true;
        let size = if code == b'5' { 0.0 } else { fields.size };
        let blocks = (size / 512.0).ceil();
        let room = ((tar.len() - at) as f64).max(0.0);
        let body_end = at + size.floor().min(room) as usize;
        let next = if blocks * 512.0 > room {
            None
        } else {
            Some(at + blocks as usize * 512)
        };
        let body = &tar[at..body_end];
        if matches!(code, b'x' | b'X' | b'g' | b'L' | b'N' | b'K') {
            let asked = global.size.or(local.size).unwrap_or(size);
            left = asked == 0.0 && blocks > 0.0;
            if asked == 0.0 {
                continue;
            }
            at = next?;
            let body = String::from_utf8_lossy(body).into_owned();
            match code {
                _ if asked > 1_048_576.0 => {}
                b'x' | b'X' => records(&body, &mut local),
                b'g' => records(&body, &mut global),
                b'K' => local.link = Some(cut(&body)),
                _ => local.path = Some(cut(&body)),
            }
            continue;
        }
        left = false;
        let ended = std::mem::take(&mut local);
        if matches!(code, b'0' | b'7') && !hung {
            let path = ended.path.unwrap_or(path);
            let link = global.link.clone().or(ended.link);
            hung = write(&mut disk, &mut ignores, path, link, body)?;
        }
        at = next?;
    }
    (valid && !left && !hung).then(|| files(disk))
}

fn files(disk: Disk) -> BTreeMap<String, Vec<u8>> {
    disk.into_iter()
        .filter_map(|(path, node)| Some((path, node?)))
        .collect()
}

/// Writes one file: `None` if npm fails, `Some(true)` if it never goes on.
fn write(
    disk: &mut Disk,
    ignores: &mut Vec<String>,
    mut path: String,
    link: Option<String>,
    body: &[u8],
) -> Option<bool> {
    let base = path.rsplit('/').next().unwrap_or("");
    if base == ".npmignore" {
        ignores.push(path.clone());
    } else if base == ".gitignore" {
        path = format!("{}.npmignore", &path[..path.len() - base.len()]);
        if ignores.contains(&path) {
            return Some(false);
        }
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let path = without_root(&parts.join("/"));
    let slashes = path.replace('\\', "/");
    if parts.len() > 1024 || slashes.split('/').any(|part| part == "..") {
        return Some(false);
    }
    let link = link
        .filter(|link| !link.is_empty())
        .map(|link| without_root(&link));
    let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    if let Some(link) = &link {
        let climbs = link.replace('\\', "/");
        let inside = normal(&format!("{folder}/{climbs}"));
        if climbs.split('/').any(|p| p == "..") && (inside == ".." || inside.starts_with("../")) {
            return Some(false);
        }
    }
    let place = normal(&path);
    if place == "." {
        return Some(false);
    }
    if let Some(link) = link {
        let (own, other) = (fold(&place), fold(&normal(&link)));
        if own.starts_with(&format!("{other}/")) || other.starts_with(&format!("{own}/")) {
            return Some(true);
        }
    }
    if place.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = place.split('/').collect();
    let name = parts.pop().unwrap_or("");
    let mut folder = String::new();
    if place.len() > 4096 {
        // Where exactly it fails hangs on where the package lies.
        return Some(false);
    }
    for part in parts {
        folder = format!("{folder}{part}");
        if part.len() > 255 || matches!(disk.get(&folder), Some(Some(_))) {
            return Some(false);
        }
        disk.insert(folder.clone(), None);
        folder.push('/');
    }
    let is_full = disk
        .keys()
        .any(|other| other.starts_with(&format!("{place}/")));
    if name.len() <= 255 && !is_full {
        disk.insert(place, Some(body.to_vec()));
    }
    Some(false)
}

fn fold(path: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    path.nfd().collect::<String>().to_lowercase().to_uppercase()
}

/// As `path.posix.normalize`, without a slash at the end.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

fn without_root(path: &str) -> String {
    let mut path = path.to_owned();
    loop {
        let bytes = path.as_bytes();
        let slash = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'/' | b'\\'));
        let root = if bytes.first() == Some(&b'/') && !path.starts_with("//?/") {
            1
        } else if slash(0) && slash(1) {
            share(bytes)
        } else if slash(0) {
            1
        } else if bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':')
        {
            2 + usize::from(slash(2))
        } else {
            0
        };
        if root == 0 {
            return path;
        }
        path.drain(..root);
    }
}

/// The length of `\\server\share\`, or 1 if that is not what it is.
fn share(bytes: &[u8]) -> usize {
    let is_slash = |b: &u8| matches!(b, b'/' | b'\\');
    let run = |from: usize, slash: bool| {
        bytes[from..]
            .iter()
            .take_while(|b| is_slash(b) == slash)
            .count()
    };
    let server = 2 + run(2, false);
    let gap = server + run(server, true);
    let end = gap + run(gap, false);
    if server == 2 || gap == server || end == gap {
        1
    } else {
        (end + 1).min(bytes.len())
    }
}

struct Fields {
    size: f64,
    sum: Option<f64>,
}

fn numbers(block: &[u8], normal: bool, local: &Extended, global: &Extended) -> Option<Fields> {
    let either = |key: &str| local.has(key) || global.has(key);
    let given = |key: &str| normal && either(key);
    number(&block[100..108])?;
    for (key, from, to) in [("uid", 108, 116), ("gid", 116, 124), ("mtime", 136, 148)] {
        if !given(key) {
            number(&block[from..to])?;
        }
    }
    let extended = local.size.or(global.size).filter(|_| normal);
    let size = match extended {
        Some(size) => size,
        None => number(&block[124..136])?.unwrap_or(0.0).max(0.0),
    };
    let sum = number(&block[148..160])?;
    if &block[257..265] == b"ustar\x0000" {
        number(&block[329..337])?;
        number(&block[337..345])?;
        for (key, from, to) in [("atime", 476, 488), ("ctime", 488, 500)] {
            if block[475] == 0 && !either(key) {
                number(&block[from..to])?;
            }
        }
    }
    Some(Fields { size, sum })
}

#[expect(clippy::option_option, reason = "absent and invalid differ")]
fn number(field: &[u8]) -> Option<Option<f64>> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    let of = |bytes: &[u8]| bytes.iter().fold(0.0, |n, b| n * 256.0 + f64::from(*b));
    let value = match field[0] {
        0x80 => of(&field[1..]),
        0xff => {
            let turned: Vec<u8> = field.iter().map(|b| !b).collect();
            -(of(&turned) + 1.0)
        }
        0x81.. => return None,
        _ => {
            let text = String::from_utf8_lossy(field).into_owned();
            let text = text.trim_start_matches(is_space);
            let (sign, rest) = match text.as_bytes().first() {
                Some(b'-') => (-1.0, &text[1..]),
                Some(b'+') => (1.0, &text[1..]),
                _ => (1.0, text),
            };
            let digits: Vec<u32> = rest.chars().map_while(|c| c.to_digit(8)).collect();
            let value = digits.iter().fold(0.0, |n, d| n * 8.0 + f64::from(*d));
            return Some((!digits.is_empty()).then_some(sign * value));
        }
    };
    (value.abs() <= SAFE).then_some(Some(value))
}

fn is_space(c: char) -> bool {
    c == '\u{FEFF}' || (c.is_whitespace() && c != '\u{85}')
}

fn text(field: &[u8]) -> String {
    cut(&String::from_utf8_lossy(field))
}

/// Without what stands from the first NUL to the end of its line.
fn cut(text: &str) -> String {
    let Some(nul) = text.find('\0') else {
        return text.to_owned();
    };
    let ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let line = text[nul..].find(ends).map_or("", |end| &text[nul + end..]);
    format!("{}{line}", &text[..nul])
}

fn records(body: &str, out: &mut Extended) {
    for line in body.strip_suffix('\n').unwrap_or(body).split('\n') {
        let start = line.trim_start_matches(is_space);
        let start = start.strip_prefix('+').unwrap_or(start);
        let digits: String = start.chars().take_while(char::is_ascii_digit).collect();
        let Ok(length) = digits.parse::<usize>() else {
            continue;
        };
        if length != line.len() + 1 {
            continue;
        }
        let rest: String = line.chars().skip(length.to_string().len() + 1).collect();
        let (key, value) = rest.split_once('=').unwrap_or((&rest, ""));
        let value = cut(value);
        match key {
            "" => {}
            "path" => out.path = Some(value),
            "linkpath" => out.link = Some(value),
            "size" => out.size = size(&value).or(out.size),
            _ => out.known.push(key.to_owned()),
        }
    }
}

/// As `+text` in JavaScript, if that is a number and not below zero.
fn size(text: &str) -> Option<f64> {
    let text = text.trim_matches(is_space);
    let radix = |digits: &str, radix: u32| {
        let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(radix)).collect();
        let digits = digits.filter(|digits| !digits.is_empty())?;
        Some(
            digits
                .iter()
                .fold(0.0, |n, d| n * f64::from(radix) + f64::from(*d)),
        )
    };
    let value = match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => radix(&text[2..], 16)?,
        Some("0o") => radix(&text[2..], 8)?,
        Some("0b") => radix(&text[2..], 2)?,
        _ if text.is_empty() => 0.0,
        _ if matches!(text, "Infinity" | "+Infinity") => f64::INFINITY,
        _ if text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.eE".contains(c)) =>
        {
            text.parse().ok()?
        }
        _ => return None,
    };
    (value >= 0.0).then_some(value)
}
