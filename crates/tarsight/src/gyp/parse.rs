//! Python literals, as gyp reads them: dictionaries, lists, strings, numbers, comments, trailing
//! commas, strings side by side.

use crate::model::Span;

/// Deepest nesting that is read; real files stay below 20.
const MOST_LEVELS: u32 = 64;

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text, and where it stands with its quotes.
    Text(String, Span),
    /// Items in order.
    List(Vec<Value>),
    /// Keys and values in order.
    Map(Vec<(String, Value)>),
    /// A number, or a name such as `True`.
    Other(String),
}

/// Why a text was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Something is out of place here.
    Syntax(u32),
    /// Nested too deep.
    TooDeep,
}

/// Reads a text. What stands before the trouble is there all the same.
pub(crate) fn parse(text: &str) -> (Value, Option<Trouble>) {
    let mut reader = Reader {
        text,
        at: 0,
        level: 0,
        trouble: None,
    };
    let value = reader.value();
    reader.blanks();
    if reader.at < text.len() {
        reader.wrong();
    }
    (value, reader.trouble)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    level: u32,
    trouble: Option<Trouble>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn wrong(&mut self) {
        let at = u32::try_from(self.at).unwrap_or(u32::MAX);
        self.trouble.get_or_insert(Trouble::Syntax(at));
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let len = rest.len()
                - rest
                    .trim_start_matches([' ', '\t', '\r', '\n', '\\', '\u{feff}'])
                    .len();
            self.at += len;
            if self.peek() != Some(b'#') {
                return;
            }
            let len = memchr::memchr(b'\n', self.rest().as_bytes());
            self.at += len.unwrap_or(self.rest().len());
        }
    }

    fn value(&mut self) -> Value {
        self.blanks();
        match self.peek() {
            Some(b'{' | b'[' | b'(') if self.level >= MOST_LEVELS => {
                self.trouble.get_or_insert(Trouble::TooDeep);
                self.at = self.text.len();
                Value::List(Vec::new())
            }
            Some(b'{') => {
                self.level += 1;
                let map = self.map();
                self.level -= 1;
                map
            }
            Some(b'[' | b'(') => {
                self.level += 1;
                let list = self.list();
                self.level -= 1;
                list
            }
            _ => self.texts(),
        }
    }

    fn map(&mut self) -> Value {
        self.at += 1;
        let mut pairs = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    self.wrong();
                    break;
                }
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    let key = match self.value() {
                        Value::Text(text, _) | Value::Other(text) => text,
                        _ => String::new(),
                    };
                    self.blanks();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                        let value = self.value();
                        pairs.push((key, value));
                    } else {
                        self.wrong();
                    }
                    if self.at == before {
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                }
            }
        }
        Value::Map(pairs)
    }

    fn list(&mut self) -> Value {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    self.wrong();
                    break;
                }
                Some(b']' | b')') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    items.push(self.value());
                    if self.at == before {
                        self.wrong();
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                }
            }
        }
        Value::List(items)
    }

    /// Strings side by side are one; anything else is a name or a number.
    fn texts(&mut self) -> Value {
        let from = self.at;
        let mut text = String::new();
        let mut end = self.at;
        let mut found = false;
        loop {
            self.blanks();
            let raw = self.rest().starts_with(['r', 'u', 'b'])
                && self.rest().get(1..2).is_some_and(|c| c == "'" || c == "\"");
            let is_raw = raw && self.rest().starts_with('r');
            if raw {
                self.at += 1;
            }
            match self.peek() {
                Some(quote @ (b'\'' | b'"')) => {
                    self.string(quote, is_raw, &mut text);
                    found = true;
                    end = self.at;
                    self.blanks();
                    // `'a' + 'b'` is no literal, but what is meant is plain.
                    if self.peek() == Some(b'+') {
                        self.at += 1;
                    }
                }
                _ => break,
            }
        }
        if found {
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            return Value::Text(text, Span::new(number(from), number(end)));
        }
        let len = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')))
            .unwrap_or(self.rest().len());
        let name = self.rest().get(..len).unwrap_or("").to_owned();
        self.at += len;
        Value::Other(name)
    }

    fn string(&mut self, quote: u8, raw: bool, text: &mut String) {
        let triple = match quote {
            b'"' => "\"\"\"",
            _ => "'''",
        };
        let close = if self.rest().starts_with(triple) {
            triple
        } else {
            triple.get(..1).unwrap_or("'")
        };
        self.at += close.len();
        loop {
            let rest = self.rest();
            if rest.starts_with(close) {
                self.at += close.len();
                return;
            }
            let Some(c) = rest.chars().next() else {
                return self.wrong();
            };
            self.at += c.len_utf8();
            match c {
                '\n' if close.len() == 1 => return self.wrong(),
                '\\' if !raw => {
                    let next = self.rest().chars().next();
                    self.at += next.map_or(0, char::len_utf8);
                    match next {
                        Some('n') => text.push('\n'),
                        Some('t') => text.push('\t'),
                        Some('r') => text.push('\r'),
                        Some('\n') | None => {}
                        Some('x') => {
                            let code = self
                                .rest()
                                .get(..2)
                                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                            if let Some(code) = code {
                                text.push(char::from(code));
                                self.at += 2;
                            }
                        }
                        Some(c @ ('\\' | '\'' | '"')) => text.push(c),
                        Some(c) => {
                            text.push('\\');
                            text.push(c);
                        }
                    }
                }
                c => text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned(), Span::default())
    }

    /// Without places.
    fn bare(value: Value) -> Value {
        match value {
            Value::Text(text, _) => Value::Text(text, Span::default()),
            Value::List(items) => Value::List(items.into_iter().map(bare).collect()),
            Value::Map(pairs) => Value::Map(pairs.into_iter().map(|(k, v)| (k, bare(v))).collect()),
            other => other,
        }
    }

    #[test]
    fn literals_in_the_ways_people_write_them() {
        let (value, trouble) = parse(
            "# a\n{ 'a': [ 'x' \"y\", 1, ], # b\n  \"c\": { }, 'd': '\\n\\'\\d', 'e': True,\n}\n",
        );
        assert_eq!(trouble, None);
        let wanted = Value::Map(vec![
            (
                "a".to_owned(),
                Value::List(vec![text("xy"), Value::Other("1".to_owned())]),
            ),
            ("c".to_owned(), Value::Map(vec![])),
            ("d".to_owned(), text("\n'\\d")),
            ("e".to_owned(), Value::Other("True".to_owned())),
        ]);
        assert_eq!(bare(value), wanted);
        let (value, _) = parse("{'a': 'b'}");
        let Value::Map(pairs) = value else {
            panic!("no map")
        };
        assert_eq!(pairs[0].1, Value::Text("b".to_owned(), Span::new(6, 9)));
    }

    #[test]
    fn trouble_is_told_and_what_stands_before_is_kept() {
        let (value, trouble) = parse("{'a': ['b', 'c'");
        assert_eq!(trouble, Some(Trouble::Syntax(15)));
        let wanted = Value::Map(vec![(
            "a".to_owned(),
            Value::List(vec![text("b"), text("c")]),
        )]);
        assert_eq!(bare(value), wanted);
        assert_eq!(parse(&"[".repeat(100_000)).1, Some(Trouble::TooDeep));
        assert_eq!(parse(&"{'a':".repeat(100_000)).1, Some(Trouble::TooDeep));
        assert!(parse(&"'".repeat(100_000)).1.is_some());
        assert!(parse("").1.is_none());
        assert!(parse("import os").1.is_some());
        assert!(parse("\u{fffd}").1.is_some());
    }
}
