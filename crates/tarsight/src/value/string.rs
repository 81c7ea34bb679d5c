//! Methods of strings whose receiver and arguments are constants.
//!
//! JavaScript counts in UTF-16 units. A result with a lone surrogate is left unfolded.

use super::build::MOST_TEXT;
use super::terms::{Term, Terms, ValueId};

/// Words of a text that is known in part: a command has few.
const MOST_WORDS: usize = 256;
/// Pieces of one text.
const MOST_PIECES: usize = 1 << 16;

/// `text[at]`.
pub(crate) fn char_at(terms: &mut Terms, text: &str, at: usize) -> ValueId {
    let unit = if text.is_ascii() {
        text.get(at..at + 1).map(str::to_owned)
    } else {
        text.encode_utf16()
            .nth(at)
            .and_then(|unit| String::from_utf16(&[unit]).ok())
    };
    match unit {
        Some(unit) => terms.string(&unit),
        None => terms.add(Term::Undefined),
    }
}

/// Whether `slice`, `substring` or `substr` of a longer text takes nothing behind this start of
/// it.
pub(crate) fn is_before(terms: &Terms, start: &str, name: &str, args: &[ValueId]) -> bool {
    let &[from, to] = args else { return false };
    let (Some(from), Some(to)) = (terms.as_number(from), terms.as_number(to)) else {
        return false;
    };
    let end = if name == "substr" {
        from + to
    } else {
        from.max(to)
    };
    from >= 0.0 && to >= 0.0 && end <= length(start) as f64
}

/// Folds `text.name(...args)`; `None` if it is not pure, not known or not constant.
pub(crate) fn method(
    terms: &mut Terms,
    text: &str,
    name: &str,
    args: &[ValueId],
) -> Option<ValueId> {
    let string = |at: usize, terms: &Terms| args.get(at).and_then(|&arg| terms.as_string(arg));
    let number = |at: usize, terms: &Terms| -> Option<Option<f64>> {
        match args.get(at) {
            None => Some(None),
            Some(&arg) => match terms.get(arg) {
                Term::Undefined => Some(None),
                _ => terms.as_number(arg).map(Some),
            },
        }
    };
    let result = match name {
        "toString" | "valueOf" | "normalize" | "toWellFormed" if args.is_empty() => text.to_owned(),
        "toLowerCase" | "toLocaleLowerCase" => text.to_lowercase(),
        "toUpperCase" | "toLocaleUpperCase" => text.to_uppercase(),
        "trim" => text.trim().to_owned(),
        "trimStart" | "trimLeft" => text.trim_start().to_owned(),
        "trimEnd" | "trimRight" => text.trim_end().to_owned(),
        "charAt" => {
            let at = index(number(0, terms)?.unwrap_or(0.0))?;
            slice(text, at, at.saturating_add(1))?
        }
        "at" => {
            let at = number(0, terms)?.unwrap_or(0.0);
            let len = length(text);
            let at = if at < 0.0 { at + len as f64 } else { at };
            let at = index(at)?;
            return Some(char_at(terms, text, at));
        }
        "charCodeAt" => {
            let at = index(number(0, terms)?.unwrap_or(0.0))?;
            let code = text.encode_utf16().nth(at).map_or(f64::NAN, f64::from);
            return Some(terms.number(code));
        }
        "codePointAt" => {
            let at = index(number(0, terms)?.unwrap_or(0.0))?;
            let rest = slice(text, at, usize::MAX)?;
            return Some(match rest.chars().next() {
                Some(c) => terms.number(f64::from(u32::from(c))),
                None => terms.add(Term::Undefined),
            });
        }
        "slice" => {
            let len = length(text);
            let from = relative(number(0, terms)?.unwrap_or(0.0), len);
            let to = number(1, terms)?.map_or(len, |to| relative(to, len));
            slice(text, from, to)?
        }
        "substring" => {
            let len = length(text);
            let clamp = |at: f64| if at > 0.0 { (at as usize).min(len) } else { 0 };
            let from = clamp(number(0, terms)?.unwrap_or(0.0));
            let to = number(1, terms)?.map_or(len, clamp);
            slice(text, from.min(to), from.max(to))?
        }
        "substr" => {
            let len = length(text);
            let from = relative(number(0, terms)?.unwrap_or(0.0), len);
            let count = number(1, terms)?.map_or(len, |count| count.max(0.0) as usize);
            slice(text, from, from.saturating_add(count))?
        }
        "concat" => {
            let mut whole = text.to_owned();
            for &arg in args {
                whole.push_str(&terms.as_text(arg)?);
            }
            whole
        }
        "repeat" => {
            let count = index(number(0, terms)?.unwrap_or(0.0))?;
            if count.saturating_mul(text.len()) > MOST_TEXT {
                return None;
            }
            text.repeat(count)
        }
        "padStart" | "padEnd" => {
            let width = index(number(0, terms)?.unwrap_or(0.0))?;
            let fill = string(1, terms).map_or_else(|| " ".to_owned(), |fill| fill.to_string());
            let missing = width.saturating_sub(length(text));
            if missing > MOST_TEXT || fill.is_empty() {
                return None;
            }
            let pad: String = fill.chars().cycle().take(missing).collect();
            match name {
                "padStart" => pad + text,
                _ => text.to_owned() + &pad,
            }
        }
        "replace" | "replaceAll" if matches!(terms.get(*args.first()?), Term::Regex(..)) => {
            let (pattern, is_global) = pattern(terms, args[0])?;
            let with = string(1, terms)?;
            if with.contains('$') {
                return None;
            }
            let count = usize::from(!is_global && name == "replace");
            pattern
                .replacen(text, count, regex::NoExpand(&with))
                .into_owned()
        }
        "replace" | "replaceAll" => {
            let pattern = string(0, terms)?;
            let with = string(1, terms)?;
            // `$` has a meaning in the replacement.
            if with.contains('$') {
                return None;
            }
            match name {
                "replace" => text.replacen(&*pattern, &with, 1),
                _ => text.replace(&*pattern, &with),
            }
        }
        "split" => return split(terms, text, args),
        "indexOf" | "lastIndexOf" => {
            if args.len() > 1 {
                return None;
            }
            let needle = string(0, terms)?;
            let at = match name {
                "indexOf" => text.find(&*needle),
                _ => text.rfind(&*needle),
            };
            let at = at
                .and_then(|at| text.get(..at))
                .map_or(-1.0, |before| length(before) as f64);
            return Some(terms.number(at));
        }
        "includes" | "startsWith" | "endsWith" => {
            if args.len() > 1 {
                return None;
            }
            let needle = string(0, terms)?;
            let found = match name {
                "includes" => text.contains(&*needle),
                "startsWith" => text.starts_with(&*needle),
                _ => text.ends_with(&*needle),
            };
            return Some(terms.add(Term::Bool(found)));
        }
        _ => return None,
    };
    (result.len() <= MOST_TEXT).then(|| terms.string(&result))
}

fn split(terms: &mut Terms, text: &str, args: &[ValueId]) -> Option<ValueId> {
    let pieces: Vec<String> = match args {
        [] => vec![text.to_owned()],
        [by] if matches!(terms.get(*by), Term::Regex(..)) => {
            let (by, _) = pattern(terms, *by)?;
            // Groups would be among the pieces.
            if by.captures_len() > 1 || by.is_match("") {
                return None;
            }
            by.split(text)
                .take(MOST_PIECES + 1)
                .map(str::to_owned)
                .collect()
        }
        [by] => {
            let by = terms.as_string(*by)?;
            if by.is_empty() {
                // By UTF-16 unit: the same as by character unless there are surrogates.
                if text.chars().any(|c| c.len_utf16() > 1) {
                    return None;
                }
                text.chars()
                    .take(MOST_PIECES + 1)
                    .map(String::from)
                    .collect()
            } else {
                text.split(&*by)
                    .take(MOST_PIECES + 1)
                    .map(str::to_owned)
                    .collect()
            }
        }
        _ => return None,
    };
    if pieces.len() > MOST_PIECES {
        return None;
    }
    let items: Vec<ValueId> = pieces.iter().map(|piece| terms.string(piece)).collect();
    Some(terms.add(Term::Array(items.into(), false)))
}

/// Folds `text.split(" ")` where parts of the text are not known: those count as one word each,
/// as whoever puts a command together means them.
pub(crate) fn split_parts(
    terms: &mut Terms,
    parts: &[ValueId],
    args: &[ValueId],
) -> Option<ValueId> {
    let &[separator] = args else { return None };
    if terms.as_string(separator).as_deref() != Some(" ") {
        return None;
    }
    let mut words: Vec<Vec<ValueId>> = vec![Vec::new()];
    for &part in parts {
        let text = terms.as_string(part);
        let Some(text) = text else {
            words.last_mut()?.push(part);
            continue;
        };
        for (at, word) in text.split(' ').enumerate() {
            if at > 0 {
                words.push(Vec::new());
            }
            if words.len() > MOST_WORDS {
                return None;
            }
            if !word.is_empty() {
                let word = terms.string(word);
                words.last_mut()?.push(word);
            }
        }
    }
    let words: Vec<ValueId> = words.iter().map(|word| terms.concat(word)).collect();
    Some(terms.add(Term::Array(words.into(), false)))
}

/// A regular expression that means the same here, and whether it is global.
fn pattern(terms: &Terms, id: ValueId) -> Option<(regex::Regex, bool)> {
    const MOST_BYTES: usize = 1 << 18;
    const MOST_PATTERN: usize = 256;
    let Term::Regex(pattern, flags) = terms.get(id) else {
        return None;
    };
    // What `regex` reads in another way than JavaScript is left alone.
    let differs = ["(?", "&&", "--", "~~", "\\p", "\\c", "\\k", "[^]", "[]"];
    let is_plain = pattern.is_ascii()
        && pattern.len() <= MOST_PATTERN
        && differs.iter().all(|one| !pattern.contains(one));
    if !is_plain {
        return None;
    }
    let built = regex::RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(MOST_BYTES)
        .build()
        .ok()?;
    Some((built, flags.contains('g')))
}

/// Length in UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// Units `from..to`; `None` if that cuts a surrogate pair.
fn slice(text: &str, from: usize, to: usize) -> Option<String> {
    if text.is_ascii() {
        let to = to.min(text.len());
        return Some(text.get(from.min(to)..to)?.to_owned());
    }
    let units: Vec<u16> = text
        .encode_utf16()
        .skip(from)
        .take(to.saturating_sub(from))
        .collect();
    String::from_utf16(&units).ok()
}

fn index(at: f64) -> Option<usize> {
    (0.0..4e9).contains(&at).then_some(at as usize)
}

/// An offset that counts from the end if it is negative.
pub(crate) fn relative(at: f64, len: usize) -> usize {
    if at.is_nan() {
        0
    } else if at < 0.0 {
        (len as f64 + at).max(0.0) as usize
    } else {
        (at as usize).min(len)
    }
}

/// `util.format("%s:%d", …)`, as far as texts and numbers go.
pub(super) fn formatted(terms: &mut Terms, args: &[ValueId]) -> Option<ValueId> {
    let (&first, rest) = args.split_first()?;
    let pattern = terms.as_string(first)?;
    let mut rest = rest.iter();
    let mut pieces: Vec<ValueId> = Vec::new();
    let mut text = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let mark = chars.peek().copied().filter(|_| c == '%');
        match mark {
            Some('%') => text.push('%'),
            Some('s' | 'd' | 'i' | 'f' | 'j' | 'o' | 'O') if rest.len() > 0 => {
                pieces.push(terms.string(&std::mem::take(&mut text)));
                pieces.extend(rest.next());
            }
            _ => {
                text.push(c);
                continue;
            }
        }
        chars.next();
    }
    pieces.push(terms.string(&text));
    for &more in rest {
        pieces.push(terms.string(" "));
        pieces.push(more);
    }
    Some(terms.concat(&pieces))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str, name: &str, args: &[f64]) -> Option<String> {
        let mut terms = Terms::default();
        let args: Vec<ValueId> = args.iter().map(|&arg| terms.number(arg)).collect();
        let id = method(&mut terms, text, name, &args)?;
        terms.as_text(id).map(|text| text.to_string())
    }

    #[test]
    fn offsets_count_as_in_javascript() {
        assert_eq!(
            fold("abcdef", "slice", &[-3.0, -1.0]).as_deref(),
            Some("de")
        );
        assert_eq!(
            fold("abcdef", "substring", &[4.0, 1.0]).as_deref(),
            Some("bcd")
        );
        assert_eq!(fold("abcdef", "substr", &[-2.0, 1.0]).as_deref(), Some("e"));
        assert_eq!(fold("aé", "charCodeAt", &[1.0]).as_deref(), Some("233"));
        assert_eq!(fold("a😀b", "slice", &[3.0]).as_deref(), Some("b"));
        assert_eq!(
            fold("a😀b", "slice", &[2.0]),
            None,
            "half a pair is not folded"
        );
        assert_eq!(fold("x", "repeat", &[1e9]), None);
    }
}
