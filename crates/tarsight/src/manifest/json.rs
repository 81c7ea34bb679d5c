//! JSON as `JSON.parse` reads it, with every key that comes twice.
//!
//! A stricter reader could be blinded: half a surrogate pair, a huge number or deep nesting
//! make it refuse a manifest that npm takes. It needs no stack, whatever the nesting.

use serde_json::{Map, Number, Value};

/// A value, and what is odd about its text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) value: Value,
    /// Paths of keys that come twice, dotted.
    pub(super) duplicates: Vec<String>,
    /// Paths of keys with letters that are written as escapes, dotted.
    pub(super) escaped: Vec<String>,
    /// Paths of keys that are `__proto__`, dotted.
    pub(super) prototypes: Vec<String>,
    /// Whether values were left out: nested too deep, or too many.
    pub(super) cut: bool,
}

/// Levels that are kept; npm's own fields need five.
const MAX_DEPTH: usize = 100;
/// Values that are kept.
const MAX_VALUES: usize = 1_000_000;
/// Odd keys that are told, of each kind.
const MAX_ODD: usize = 100;

/// Parses `text`; the error says what is wrong at which byte.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    Parser {
        text,
        at: 0,
        open: Vec::new(),
        frames: Vec::new(),
        values: 0,
        out: Parsed::default(),
    }
    .run()
}

/// A container that is being filled.
enum Frame {
    Array(Vec<Value>),
    Object(Map<String, Value>, String),
}

/// What may come next.
enum Next {
    Value,
    /// The first key, or the end of the object.
    FirstKey,
    Key,
    /// The first element, or the end of the array.
    FirstValue,
    /// A comma, the end of a container, or the end of the text.
    After,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Whether each open container is an object, at any depth.
    open: Vec<bool>,
    /// The containers of the levels that are kept.
    frames: Vec<Frame>,
    values: usize,
    out: Parsed,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Parsed, String> {
        let mut next = Next::Value;
        loop {
            self.skip_space();
            let byte = self.peek();
            next = match (next, byte) {
                (Next::FirstValue, Some(b']')) | (Next::FirstKey, Some(b'}')) => self.close(),
                (Next::After, Some(b'}')) if self.open.last() == Some(&true) => self.close(),
                (Next::After, Some(b']')) if self.open.last() == Some(&false) => self.close(),
                (Next::After, Some(b',')) if !self.open.is_empty() => {
                    self.at += 1;
                    if self.open.last() == Some(&true) {
                        Next::Key
                    } else {
                        Next::Value
                    }
                }
                (Next::After, None) if self.open.is_empty() => return Ok(self.out),
                (Next::Key | Next::FirstKey, Some(b'"')) => {
                    let start = self.at;
                    let name = self.string()?;
                    let written = self.text.get(start..self.at).unwrap_or("");
                    let escaped =
                        written.contains("\\u") && name.bytes().any(|b| b.is_ascii_graphic());
                    self.skip_space();
                    if self.peek() != Some(b':') {
                        return Err(self.wrong());
                    }
                    self.at += 1;
                    self.key(name, escaped);
                    Next::Value
                }
                (Next::Value | Next::FirstValue, Some(b'{')) => self.open(true),
                (Next::Value | Next::FirstValue, Some(b'[')) => self.open(false),
                (Next::Value | Next::FirstValue, Some(_)) => {
                    let value = self.scalar()?;
                    self.attach(value);
                    Next::After
                }
                _ => return Err(self.wrong()),
            };
        }
    }

    /// Keeps the key of the value to come.
    fn key(&mut self, name: String, escaped: bool) {
        if !self.kept() {
            return;
        }
        let prototype = name == "__proto__";
        if let Some(Frame::Object(_, key)) = self.frames.last_mut() {
            *key = name;
        }
        if escaped && self.out.escaped.len() < MAX_ODD {
            self.out.escaped.push(self.path());
        }
        if prototype && self.out.prototypes.len() < MAX_ODD {
            self.out.prototypes.push(self.path());
        }
    }

    /// Where the parser is, as keys and places in arrays.
    fn path(&self) -> String {
        let parts: Vec<String> = self
            .frames
            .iter()
            .map(|frame| match frame {
                Frame::Array(items) => items.len().to_string(),
                Frame::Object(_, key) => key.chars().take(80).collect(),
            })
            .collect();
        parts.join(".")
    }

    /// Whether the innermost open container is one of those that are kept.
    fn kept(&self) -> bool {
        self.open.len() == self.frames.len()
    }

    fn open(&mut self, object: bool) -> Next {
        self.at += 1;
        if self.kept() && self.frames.len() < MAX_DEPTH {
            self.frames.push(if object {
                Frame::Object(Map::new(), String::new())
            } else {
                Frame::Array(Vec::new())
            });
        } else {
            self.out.cut = true;
        }
        self.open.push(object);
        if object {
            Next::FirstKey
        } else {
            Next::FirstValue
        }
    }

    fn close(&mut self) -> Next {
        self.at += 1;
        let value = if self.kept() {
            match self.frames.pop() {
                Some(Frame::Array(items)) => Value::Array(items),
                Some(Frame::Object(map, _)) => Value::Object(map),
                None => Value::Null,
            }
        } else {
            Value::Null
        };
        self.open.pop();
        self.attach(value);
        Next::After
    }

    /// Puts a finished value into the container around it.
    fn attach(&mut self, value: Value) {
        if !self.kept() {
            return;
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            self.out.cut = true;
            return;
        }
        let twice = match self.frames.last_mut() {
            None => {
                self.out.value = value;
                false
            }
            Some(Frame::Array(items)) => {
                items.push(value);
                false
            }
            Some(Frame::Object(map, key)) => map.insert(key.clone(), value).is_some(),
        };
        if twice && self.out.duplicates.len() < MAX_ODD {
            self.out.duplicates.push(self.path());
        }
    }

    fn scalar(&mut self) -> Result<Value, String> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        if self.peek() == Some(b'"') {
            return self.string().map(Value::String);
        }
        self.number()
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        self.eat(b"-");
        let zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && zero {
            return Err(self.wrong());
        }
        let mut whole = true;
        if self.eat(b".") {
            whole = false;
            self.digits()?;
        }
        if self.eat(b"eE") {
            whole = false;
            self.eat(b"+-");
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        if whole && text != "-0" {
            if let Ok(number) = text.parse::<u64>() {
                return Ok(number.into());
            }
            if let Ok(number) = text.parse::<i64>() {
                return Ok(number.into());
            }
        }
        // Out of range is infinite in JavaScript, for which JSON has no value.
        let float = text.parse::<f64>().ok().and_then(Number::from_f64);
        Ok(float.map_or(Value::Null, Value::Number))
    }

    fn digits(&mut self) -> Result<usize, String> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.wrong());
        }
        Ok(self.at - start)
    }

    fn eat(&mut self, any: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    /// A string, from its opening quote on; half a surrogate pair becomes U+FFFD.
    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let stop = rest
                .find(|c: char| matches!(c, '"' | '\\') || c < ' ')
                .ok_or_else(|| self.wrong())?;
            out.push_str(rest.get(..stop).unwrap_or(""));
            self.at += stop;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.wrong()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let code = self.rest().as_bytes().get(1).copied();
        let plain = match code {
            Some(b'"' | b'\\' | b'/') => code.map(char::from),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            _ => None,
        };
        if let Some(c) = plain {
            self.at += 2;
            return Ok(c);
        }
        let high = self.unit().ok_or_else(|| self.wrong())?;
        self.at += 6;
        if matches!(high, 0xD800..=0xDBFF)
            && let Some(low @ 0xDC00..=0xDFFF) = self.unit()
        {
            self.at += 6;
            let c = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            return Ok(char::from_u32(c).unwrap_or('\u{FFFD}'));
        }
        Ok(char::from_u32(high).unwrap_or('\u{FFFD}'))
    }

    /// The UTF-16 unit of a `\uXXXX` that stands here.
    fn unit(&self) -> Option<u32> {
        let digits = self.rest().strip_prefix("\\u")?.get(..4)?;
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn wrong(&self) -> String {
        match self.rest().chars().next() {
            Some(c) => format!("unexpected {c:?} at byte {}", self.at),
            None => format!("it ends early, at byte {}", self.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_keys_are_told() {
        let text = r#"{"\u0073cripts": {"a\u002eb": 1, "\u00e9": 2, "c\n": 3}, "__proto__": {}}"#;
        let parsed = parse(text).expect("JSON");
        assert_eq!(parsed.escaped, ["scripts", "scripts.a.b"]);
        assert_eq!(parsed.prototypes, ["__proto__"]);
    }
    use proptest::prelude::*;
    use serde_json::json;

    fn value(text: &str) -> Value {
        parse(text).expect(text).value
    }

    #[test]
    fn values() {
        assert_eq!(
            value(r#" {"a":[1,-2.5,true,null],"b":{"c":"x\n\u0041\ud83d\ude00"},"d":[]} "#),
            json!({"a": [1, -2.5, true, null], "b": {"c": "x\nA😀"}, "d": []})
        );
        assert_eq!(value("3"), json!(3));
    }

    #[test]
    fn what_a_stricter_reader_refuses() {
        assert_eq!(value(r#"["\ud800"]"#), json!(["\u{FFFD}"]));
        assert_eq!(value("[1e999]"), json!([null]));
        let deep = format!(
            "{{\"a\":{}{},\"b\":1}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let parsed = parse(&deep).expect("valid");
        assert!(parsed.cut);
        assert_eq!(parsed.value["b"], json!(1));
    }

    #[test]
    fn what_is_wrong() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            "-",
            "[1 2]",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "tru",
            "{}}",
            "[}",
            "'a'",
            "{\"a\" 1}",
            "NaN",
            "\u{FEFF}{}",
            "+1",
            "]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_of_two_keys_wins() {
        let parsed = parse(r#"{"s":{"x":1,"y":2,"x":3},"n":0,"\u006e":1}"#).expect("valid");
        assert_eq!(parsed.value, json!({"s": {"x": 3, "y": 2}, "n": 1}));
        assert_eq!(parsed.duplicates, ["s.x", "n"]);
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in "[\\[\\]{}\",:0-9a.eE+\\-\\\\ntrufls \\n]{0,40}") {
            match serde_json::from_str::<Value>(&text) {
                // serde_json rounds long fractions less exactly.
                Ok(_) if text.contains(['.', 'e', 'E']) => prop_assert!(parse(&text).is_ok()),
                Ok(expected) => prop_assert_eq!(value(&text), expected),
                Err(error) if error.to_string().contains("out of range") => {}
                Err(_) => prop_assert!(parse(&text).is_err(), "{}", text),
            }
        }

        #[test]
        fn what_is_written_is_read(keys in prop::collection::btree_map(".{0,8}", any::<i64>(), 0..8)) {
            let text = serde_json::to_string(&keys).expect("a map");
            prop_assert_eq!(value(&text), serde_json::from_str::<Value>(&text).expect("valid"));
        }
    }
}
