//! JavaScript's regular expressions, as far as `regex` can do them.
//!
//! Text is matched by UTF-16 units: each becomes one `char`, surrogates in a private plane.
//! Look-around and back-references are not followed: such a pattern gives unknown.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use super::object::{Key, Kind, Prop, Val};
use super::text::Text;
use super::{Cx, Machine, Run, Stop};
use crate::parse::ir::Node;

/// Where surrogates go.
const SURROGATES: u32 = 0xf_0000;
/// Memory of one compiled pattern.
const MOST_COMPILED: usize = 1 << 20;
/// Longest pattern.
const MOST_PATTERN: usize = 1 << 14;

/// A pattern with its flags.
pub(super) struct Pattern {
    pub(super) source: Text,
    pub(super) flags: String,
    /// What it is compiled to, once somebody matches; `None` if it cannot be followed.
    compiled: OnceCell<Option<Regex>>,
}

/// A text as the patterns see it.
pub(super) struct Subject {
    pub(super) units: Rc<[u16]>,
    text: String,
    /// Byte offset of each unit and of the end; empty if they are the same.
    offsets: Vec<usize>,
}

/// Where the groups of a match stand, in units; the whole first.
pub(super) type Groups = Vec<Option<(usize, usize)>>;

impl Subject {
    pub(super) fn new(units: Rc<[u16]>) -> Self {
        let mut text = String::with_capacity(units.len());
        let is_ascii = units.iter().all(|&unit| unit < 0x80);
        let mut offsets = Vec::new();
        for &unit in units.iter() {
            if !is_ascii {
                offsets.push(text.len());
            }
            text.push(char_of(unit));
        }
        if !is_ascii {
            offsets.push(text.len());
        }
        Self {
            units,
            text,
            offsets,
        }
    }

    fn byte(&self, unit: usize) -> usize {
        if self.offsets.is_empty() {
            return unit;
        }
        self.offsets.get(unit).copied().unwrap_or(self.text.len())
    }

    fn unit(&self, byte: usize) -> usize {
        if self.offsets.is_empty() {
            return byte;
        }
        self.offsets.partition_point(|&offset| offset < byte)
    }
}

fn char_of(unit: u16) -> char {
    char::from_u32(u32::from(unit))
        .or_else(|| char::from_u32(SURROGATES + u32::from(unit) - 0xd800))
        .unwrap_or('\u{fffd}')
}

impl Pattern {
    pub(super) fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The first match at or after a unit; with the sticky flag, only right there.
    pub(super) fn exec(&self, subject: &Subject, from: usize) -> Run<Option<Groups>> {
        let regex = self.regex().ok_or(Stop::Opaque)?;
        if from > subject.units.len() {
            return Ok(None);
        }
        let Some(found) = regex.captures_at(&subject.text, subject.byte(from)) else {
            return Ok(None);
        };
        let groups: Groups = found
            .iter()
            .map(|group| {
                group.map(|group| (subject.unit(group.start()), subject.unit(group.end())))
            })
            .collect();
        let start = groups.first().copied().flatten().map_or(0, |whole| whole.0);
        if self.has('y') && start != from {
            return Ok(None);
        }
        Ok(Some(groups))
    }

    /// The names of its groups, the whole first.
    pub(super) fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.regex().into_iter().flat_map(Regex::capture_names)
    }

    fn regex(&self) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| {
            let pattern = translate(&self.source.units(), &self.flags)?;
            RegexBuilder::new(&pattern)
                .size_limit(MOST_COMPILED)
                .dfa_size_limit(MOST_COMPILED)
                .case_insensitive(self.has('i'))
                .multi_line(self.has('m'))
                .build()
                .ok()
        });
        compiled.as_ref()
    }

    fn new(source: &Text, flags: &str) -> Self {
        Self {
            source: source.clone(),
            flags: flags.to_owned(),
            compiled: OnceCell::new(),
        }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn regex_literal(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let source = Text::new(cx.unit.ir.string(&cx.unit.text, node));
        let flags: String = "dgimsuvy"
            .chars()
            .enumerate()
            .filter(|&(bit, _)| node.sub & (1 << bit) != 0)
            .map(|(_, flag)| flag)
            .collect();
        self.new_regex(&source, &flags)
    }

    pub(super) fn new_regex(&mut self, source: &Text, flags: &str) -> Run {
        let key = (source.units(), flags.to_owned());
        let pattern = match self.patterns.get(&key) {
            Some(pattern) => Rc::clone(pattern),
            None => {
                if source.len() > MOST_PATTERN {
                    return Err(Stop::End);
                }
                self.spend(100 + 20 * source.len() as u64)?;
                let pattern = Rc::new(Pattern::new(source, flags));
                self.patterns.insert(key, Rc::clone(&pattern));
                pattern
            }
        };
        let class = self.key("RegExp");
        let class = self.global(class);
        let made = self.made_by(&class, Kind::Regex(pattern))?;
        if let Val::Obj(id) = made {
            let key = self.key("lastIndex");
            self.define(id, key, Prop::hidden(Val::Num(0.0)));
        }
        Ok(made)
    }

    /// The pattern of a RegExp object.
    pub(super) fn pattern(&self, value: &Val) -> Option<Rc<Pattern>> {
        match value {
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::Regex(pattern) => Some(Rc::clone(pattern)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A text ready for matching; the last one is kept for loops over the same.
    pub(super) fn subject(&mut self, units: &Rc<[u16]>) -> Run<Rc<Subject>> {
        if let Some(last) = &self.subject
            && Rc::ptr_eq(&last.units, units)
        {
            return Ok(Rc::clone(last));
        }
        self.pay(units.len())?;
        let subject = Rc::new(Subject::new(Rc::clone(units)));
        self.subject = Some(Rc::clone(&subject));
        Ok(subject)
    }

    pub(super) fn matched(
        &mut self,
        pattern: &Pattern,
        subject: &Subject,
        from: usize,
    ) -> Run<Option<Groups>> {
        let length = subject.units.len().saturating_sub(from) as u64;
        let found = pattern.exec(subject, from)?;
        let read = match found
            .as_ref()
            .and_then(|groups| groups.first().copied().flatten())
        {
            Some((_, end)) => (end.saturating_sub(from)) as u64,
            None => length,
        };
        self.spend(8 + read * (1 + pattern.source.len() as u64 / 64) / 8)?;
        Ok(found)
    }

    /// The array that `exec` gives.
    pub(super) fn match_array(
        &mut self,
        pattern: &Pattern,
        subject: &Subject,
        groups: &Groups,
    ) -> Val {
        let part = |range: &Option<(usize, usize)>| match range {
            Some((start, end)) => Val::of_units(&subject.units[*start..*end]),
            None => Val::Undefined,
        };
        let items: Vec<Val> = groups.iter().map(part).collect();
        let named: Vec<(String, Val)> = pattern
            .names()
            .zip(&items)
            .filter_map(|(name, value)| Some((name?.to_owned(), value.clone())))
            .collect();
        let index = groups.first().copied().flatten().map_or(0, |whole| whole.0);
        let array = self.array(items);
        let groups = if named.is_empty() {
            Val::Undefined
        } else {
            let parts: Vec<(&str, Val)> = named
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            self.record(&parts)
        };
        if let Val::Obj(id) = array {
            let input = Val::of_units(&subject.units);
            for (name, value) in [
                ("index", Val::Num(index as f64)),
                ("input", input),
                ("groups", groups),
            ] {
                let key = self.key(name);
                self.at_mut(id).props.insert(key, Prop::plain(value));
            }
        }
        array
    }

    pub(super) fn last_index(&mut self, regex: &Val) -> Run<usize> {
        let key = self.key("lastIndex");
        let value = self.get(regex, key)?;
        // Never below zero.
        Ok(self.to_whole(&value)?.max(0.0) as usize)
    }

    pub(super) fn set_last_index(&mut self, regex: &Val, at: usize) {
        let key: Key = self.key("lastIndex");
        if let Val::Obj(id) = regex {
            self.define(*id, key, Prop::hidden(Val::Num(at as f64)));
        }
    }
}

/// A pattern in the words of `regex`; `None` if it has none.
fn translate(source: &[u16], flags: &str) -> Option<String> {
    Translator {
        units: source,
        at: 0,
        out: String::new(),
        dot_all: flags.contains('s'),
        unicode: flags.contains('u') || flags.contains('v'),
    }
    .whole()
}

struct Translator<'s> {
    units: &'s [u16],
    at: usize,
    out: String,
    dot_all: bool,
    unicode: bool,
}

const SPACE: &str = r"\t\n\x0b\x0c\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

impl Translator<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.units.get(self.at + ahead).map(|&unit| char_of(unit))
    }

    fn rest_starts(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(ahead, char)| self.peek(ahead) == Some(char))
    }

    fn literal(&mut self, char: char) {
        if char.is_ascii_alphanumeric() || char == '_' {
            self.out.push(char);
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(self.out, "\\u{{{:x}}}", u32::from(char));
        }
    }

    fn code(&mut self, code: u32) {
        if code > 0xffff && !self.unicode {
            return;
        }
        match u16::try_from(code) {
            Ok(unit) => self.literal(char_of(unit)),
            Err(_) => {
                // A pair of units, as the text has it.
                let code = code - 0x1_0000;
                self.out.push_str("(?:");
                // Both halves are below 0x400.
                self.literal(char_of(0xd800 + (code >> 10) as u16));
                self.literal(char_of(0xdc00 + (code & 0x3ff) as u16));
                self.out.push(')');
            }
        }
    }

    fn whole(mut self) -> Option<String> {
        while let Some(char) = self.peek(0) {
            self.at += 1;
            match char {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '.' if self.dot_all => self.out.push_str(r"(?s-u:.)".replace("-u", "").as_str()),
                '.' => self.out.push_str(r"[^\n\r\u{2028}\u{2029}]"),
                '{' if self.is_quantifier() => self.out.push('{'),
                '{' => self.out.push_str(r"\{"),
                ')' | '|' | '*' | '+' | '?' | '^' | '$' => self.out.push(char),
                '}' if self.out_is_quantifier() => self.out.push('}'),
                ',' => self.out.push(','),
                char => self.literal(char),
            }
        }
        Some(self.out)
    }

    fn is_quantifier(&self) -> bool {
        let mut ahead = 0;
        let mut digits = 0;
        while let Some(char) = self.peek(ahead) {
            match char {
                '0'..='9' => digits += 1,
                ',' if digits > 0 => {}
                '}' => return digits > 0,
                _ => return false,
            }
            ahead += 1;
        }
        false
    }

    fn out_is_quantifier(&self) -> bool {
        let tail = self
            .out
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == ',');
        tail.ends_with('{') && !tail.ends_with("\\{") && tail.len() < self.out.len()
    }

    fn group(&mut self) -> Option<()> {
        for refused in ["?=", "?!", "?<=", "?<!"] {
            if self.rest_starts(refused) {
                return None;
            }
        }
        if self.rest_starts("?:") {
            self.at += 2;
            self.out.push_str("(?:");
            return Some(());
        }
        if self.rest_starts("?<") {
            self.at += 2;
            self.out.push_str("(?P<");
            while let Some(char) = self.peek(0) {
                self.at += 1;
                self.out.push(char);
                if char == '>' {
                    return Some(());
                }
            }
            return None;
        }
        if self.rest_starts("?") {
            return None;
        }
        self.out.push('(');
        Some(())
    }

    fn hex(&mut self, len: usize) -> Option<u32> {
        let mut value = 0;
        for ahead in 0..len {
            value = value * 16 + self.peek(ahead)?.to_digit(16)?;
        }
        self.at += len;
        Some(value)
    }

    fn escape(&mut self, in_class: bool) -> Option<()> {
        let char = self.peek(0)?;
        self.at += 1;
        let wrap = |inner: &str| {
            if in_class {
                inner.to_owned()
            } else {
                format!("[{inner}]")
            }
        };
        match char {
            'd' => self.out.push_str(&wrap("0-9")),
            'D' => self.out.push_str("[^0-9]"),
            'w' => self.out.push_str(&wrap("A-Za-z0-9_")),
            'W' => self.out.push_str("[^A-Za-z0-9_]"),
            's' => self.out.push_str(&wrap(SPACE)),
            'S' => {
                let _ = write!(self.out, "[^{SPACE}]");
            }
            'b' if in_class => self.out.push_str(r"\x08"),
            'b' => self.out.push_str(r"(?-u:\b)"),
            // Not at a char's edge alone, which `regex` may refuse.
            'B' => return None,
            'n' | 'r' | 't' => {
                self.out.push('\\');
                self.out.push(char);
            }
            'f' => self.out.push_str(r"\x0c"),
            'v' => self.out.push_str(r"\x0b"),
            '0' if !self.peek(0).is_some_and(|c| c.is_ascii_digit()) => self.out.push_str(r"\x00"),
            '1'..='9' | '0' | 'k' => return None,
            'c' => {
                let letter = self.peek(0)?;
                self.at += 1;
                self.code(u32::from(letter) % 32);
            }
            'x' => match self.hex(2) {
                Some(code) => self.code(code),
                None => self.literal('x'),
            },
            'u' if self.unicode && self.peek(0) == Some('{') => {
                self.at += 1;
                let mut value = 0_u32;
                loop {
                    let char = self.peek(0)?;
                    self.at += 1;
                    if char == '}' {
                        break;
                    }
                    value = value.checked_mul(16)?.checked_add(char.to_digit(16)?)?;
                }
                if in_class && value > 0xffff {
                    return None;
                }
                self.code(value);
            }
            'u' => match self.hex(4) {
                Some(code) => self.code(code),
                None => self.literal('u'),
            },
            'p' | 'P' if self.unicode => {
                // Astral letters are two units here, so only the rest is right.
                let start = self.at;
                while self.peek(0)? != '}' {
                    self.at += 1;
                }
                self.at += 1;
                let name: String = self.units[start..self.at]
                    .iter()
                    .map(|&unit| char_of(unit))
                    .collect();
                let name = name.replace("Script=", "").replace("sc=", "");
                let _ = write!(self.out, "\\{char}{name}");
            }
            char => self.literal(char),
        }
        Some(())
    }

    fn class(&mut self) -> Option<()> {
        if self.rest_starts("^]") {
            self.at += 2;
            self.out.push_str(r"(?s:.)");
            return Some(());
        }
        if self.rest_starts("]") {
            self.at += 1;
            self.out.push_str(r"[^\x00-\u{10ffff}]");
            return Some(());
        }
        self.out.push('[');
        if self.rest_starts("^") {
            self.at += 1;
            self.out.push('^');
        }
        loop {
            let char = self.peek(0)?;
            self.at += 1;
            match char {
                ']' => {
                    self.out.push(']');
                    return Some(());
                }
                '\\' => self.escape(true)?,
                '-' => {
                    let is_range = !self.out.ends_with('[')
                        && !self.out.ends_with("[^")
                        && self.peek(0) != Some(']');
                    self.out.push_str(if is_range { "-" } else { r"\-" });
                }
                char => self.literal(char),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, flags: &str, text: &str) -> Option<(usize, usize)> {
        let pattern = Pattern::new(&Text::new(pattern), flags);
        assert!(pattern.regex().is_some(), "{}", pattern.source.lossy());
        let subject = Subject::new(Text::new(text).units());
        pattern
            .exec(&subject, 0)
            .ok()
            .flatten()
            .and_then(|groups| groups[0])
    }

    #[test]
    fn patterns_are_read_as_javascript_reads_them() {
        assert_eq!(find("a{2,3}", "", "xaaaa"), Some((1, 4)));
        assert_eq!(find("{a}", "", "x{a}"), Some((1, 4)));
        assert_eq!(find("[^]", "", "\n"), Some((0, 1)));
        assert_eq!(find("[\\w-]+", "", " a-b"), Some((1, 4)));
        assert_eq!(find("[a[&&b]+", "", "xx[&"), Some((2, 4)));
        assert_eq!(find("\\bB\\b", "i", "a b"), Some((2, 3)));
        assert_eq!(find("(((.+)+)+)+$", "", "ab\nc"), Some((3, 4)));
        assert_eq!(find("\\ud83d\\ude00", "", "é😀"), Some((1, 3)));
        assert_eq!(find(".", "", "😀"), Some((0, 1)));
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        for pattern in ["(?=a)", "(a)\\1", "(?<!a)b"] {
            assert!(Pattern::new(&Text::new(pattern), "").regex().is_none());
        }
    }
}
