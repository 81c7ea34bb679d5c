//! `JSON`.

use std::fmt::Write as _;

use super::{Call, Native, row};
use crate::value::number::to_text;
use crate::value::run::object::{Key, Kind, ObjId, Prop, Val};
use crate::value::run::text::Text;
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("JSON.parse", 2, parse),
    row("JSON.stringify", 3, stringify),
];

fn parse(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let mut reader = Reader {
        units: &units,
        at: 0,
        depth: 0,
    };
    let value = reader.value(machine)?;
    reader.skip_space();
    let value = match value {
        Some(value) if reader.at == units.len() => value,
        _ => return machine.throw("SyntaxError", "Unexpected token in JSON"),
    };
    let reviver = call.arg(1).clone();
    if reviver.is_undefined() {
        return Ok(value);
    }
    let holder = machine.record(&[("", value)]);
    let key = machine.key("");
    revive(machine, &holder, key, &reviver)
}

impl Machine<'_> {
    /// What `JSON.parse` of a text gives.
    pub(in crate::value::run) fn parsed_json(&mut self, text: &str) -> Run {
        let args = [Val::str(text)];
        let call = Call {
            this: &Val::Undefined,
            args: &args,
            new: None,
            native: &ROWS[0],
        };
        parse(self, &call)
    }
}

/// Reads JSON in UTF-16, where a string may hold half a pair. `None`: it is no JSON.
struct Reader<'u> {
    units: &'u [u16],
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    /// Deepest nesting.
    const MOST_DEPTH: u32 = 200;

    fn peek(&self) -> Option<char> {
        char::from_u32(u32::from(*self.units.get(self.at)?))
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\n' | '\r' | '\t')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, char: char) -> bool {
        self.skip_space();
        let found = self.peek() == Some(char);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.units.get(self.at..).is_some_and(|rest| {
            rest.iter()
                .copied()
                .take(word.len())
                .eq(word.encode_utf16())
        });
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn value(&mut self, machine: &mut Machine<'_>) -> Run<Option<Val>> {
        machine.spend(1)?;
        self.skip_space();
        Ok(match self.peek() {
            Some('n') => self.word("null").then_some(Val::Null),
            Some('t') => self.word("true").then_some(Val::Bool(true)),
            Some('f') => self.word("false").then_some(Val::Bool(false)),
            Some('"') => self.string().map(|units| Val::of_units(&units)),
            Some('[' | '{') => {
                self.depth += 1;
                if self.depth > Self::MOST_DEPTH {
                    return Err(Stop::End);
                }
                let made = if self.takes('[') {
                    self.array(machine)?
                } else {
                    self.at += 1;
                    self.object(machine)?
                };
                self.depth -= 1;
                made
            }
            _ => self.number().map(Val::Num),
        })
    }

    fn array(&mut self, machine: &mut Machine<'_>) -> Run<Option<Val>> {
        let mut items = Vec::new();
        if self.takes(']') {
            return Ok(Some(machine.array(items)));
        }
        loop {
            let Some(item) = self.value(machine)? else {
                return Ok(None);
            };
            items.push(item);
            if self.takes(']') {
                return Ok(Some(machine.array(items)));
            }
            if !self.takes(',') {
                return Ok(None);
            }
        }
    }

    fn object(&mut self, machine: &mut Machine<'_>) -> Run<Option<Val>> {
        let id = machine.plain();
        if self.takes('}') {
            return Ok(Some(Val::Obj(id)));
        }
        loop {
            self.skip_space();
            let name = match self.peek() {
                Some('"') => self.string(),
                _ => None,
            };
            let Some(name) = name.filter(|_| self.takes(':')) else {
                return Ok(None);
            };
            let Some(value) = self.value(machine)? else {
                return Ok(None);
            };
            let key = machine.key_of(&Text::of(&name));
            machine.define(id, key, Prop::plain(value));
            if self.takes('}') {
                return Ok(Some(Val::Obj(id)));
            }
            if !self.takes(',') {
                return Ok(None);
            }
        }
    }

    fn string(&mut self) -> Option<Vec<u16>> {
        self.at += 1;
        let mut units = Vec::new();
        loop {
            let unit = *self.units.get(self.at)?;
            self.at += 1;
            match char::from_u32(u32::from(unit)) {
                Some('"') => return Some(units),
                Some('\\') => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    units.push(match escaped {
                        '"' | '\\' | '/' => u16::try_from(u32::from(escaped)).ok()?,
                        'b' => 8,
                        'f' => 12,
                        'n' => 10,
                        'r' => 13,
                        't' => 9,
                        'u' => {
                            let hex = self.units.get(self.at..self.at + 4)?;
                            self.at += 4;
                            let hex = String::from_utf16(hex).ok()?;
                            u16::from_str_radix(&hex, 16).ok()?
                        }
                        _ => return None,
                    });
                }
                Some(char) if char < ' ' => return None,
                _ => units.push(unit),
            }
        }
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while matches!(self.peek(), Some('0'..='9' | '+' | '-' | '.' | 'e' | 'E')) {
            self.at += 1;
        }
        let text = String::from_utf16(self.units.get(start..self.at)?).ok()?;
        let digits = text.trim_start_matches('-');
        let plain = digits.starts_with(|c: char| c.is_ascii_digit())
            && text.len() - digits.len() <= 1
            && !(digits.len() > 1
                && digits.starts_with('0')
                && !digits.starts_with("0.")
                && !digits.starts_with("0e")
                && !digits.starts_with("0E"))
            && !digits.ends_with('.');
        plain.then(|| text.parse().ok()).flatten()
    }
}

fn revive(machine: &mut Machine<'_>, holder: &Val, key: Key, reviver: &Val) -> Run {
    machine.deeper()?;
    let value = machine.get(holder, key)?;
    if let Val::Obj(id) = value {
        for inner in machine.enumerable_keys(id)? {
            let new = revive(machine, &value, inner, reviver)?;
            if new.is_undefined() {
                machine.delete(id, inner);
            } else {
                machine.set(&value, inner, new)?;
            }
        }
    }
    let name = machine.key_value(key);
    let value = machine.get(holder, key)?;
    let done = machine.call(reviver, holder.clone(), vec![name, value]);
    machine.depth -= 1;
    done
}

struct Writer {
    out: String,
    indent: String,
    depth: usize,
    replacer: Val,
    only: Option<Vec<Key>>,
}

fn stringify(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let indent = match call.arg(2) {
        Val::Num(width) => " ".repeat(width.clamp(0.0, 10.0) as usize),
        Val::Str(text) => text.lossy().chars().take(10).collect(),
        _ => String::new(),
    };
    let replacer = call.arg(1);
    let only = match replacer {
        Val::Obj(id) if matches!(machine.at(*id).kind, Kind::Array(_)) => {
            let items = machine.items(*id).to_vec();
            let mut keys = Vec::with_capacity(items.len());
            for item in &items {
                keys.push(machine.to_key(item)?);
            }
            Some(keys)
        }
        _ => None,
    };
    let mut writer = Writer {
        out: String::new(),
        indent,
        depth: 0,
        replacer: if machine.is_callable(replacer) {
            replacer.clone()
        } else {
            Val::Undefined
        },
        only,
    };
    let holder = machine.record(&[("", call.arg(0).clone())]);
    let key = machine.key("");
    if write_value(machine, &mut writer, &holder, key, call.arg(0).clone())? {
        machine.pay(writer.out.len())?;
        Ok(Val::str(&writer.out))
    } else {
        Ok(Val::Undefined)
    }
}

/// Whether there was anything to write.
fn write_value(
    machine: &mut Machine<'_>,
    writer: &mut Writer,
    holder: &Val,
    key: Key,
    value: Val,
) -> Run<bool> {
    machine.spend(1)?;
    if writer.out.len() > MOST_LENGTH {
        return Err(Stop::End);
    }
    let mut value = value;
    if let Val::Obj(_) | Val::Big(_) = value {
        let method = machine.get_named(&value, "toJSON")?;
        if machine.is_callable(&method) {
            let name = machine.key_value(key);
            value = machine.call(&method, value, vec![name])?;
        }
    }
    if !writer.replacer.is_undefined() {
        let name = machine.key_value(key);
        let replacer = writer.replacer.clone();
        value = machine.call(&replacer, holder.clone(), vec![name, value])?;
    }
    if let Val::Obj(id) = value
        && let Kind::Boxed(inner) = &machine.at(id).kind
    {
        value = inner.clone();
    }
    match &value {
        Val::Null => writer.out.push_str("null"),
        Val::Bool(true) => writer.out.push_str("true"),
        Val::Bool(false) => writer.out.push_str("false"),
        Val::Num(number) if number.is_finite() => writer.out.push_str(&to_text(*number)),
        Val::Num(_) => writer.out.push_str("null"),
        Val::Str(text) => quote(&mut writer.out, text),
        Val::Big(_) => return machine.type_error("Do not know how to serialize a BigInt"),
        Val::Host(_) => return Err(Stop::Opaque),
        Val::Obj(id) if !machine.is_callable(&value) => {
            if writer.depth > 100 {
                return machine.type_error("Converting circular structure to JSON");
            }
            writer.depth += 1;
            machine.deeper()?;
            let is_array = matches!(machine.at(*id).kind, Kind::Array(_));
            let done = write_parts(machine, writer, *id, is_array);
            machine.depth -= 1;
            writer.depth -= 1;
            done?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn write_parts(
    machine: &mut Machine<'_>,
    writer: &mut Writer,
    id: ObjId,
    is_array: bool,
) -> Run<()> {
    let keys = if is_array {
        let length = u32::try_from(machine.items(id).len()).unwrap_or(u32::MAX);
        (0..length).map(Key::Index).collect()
    } else {
        match &writer.only {
            Some(only) => only.clone(),
            None => machine.enumerable_keys(id)?,
        }
    };
    writer.out.push(if is_array { '[' } else { '{' });
    let mut any = false;
    let object = Val::Obj(id);
    for key in keys {
        let value = machine.get(&object, key)?;
        let before = writer.out.len();
        if any {
            writer.out.push(',');
        }
        line(writer);
        if !is_array {
            let name = machine.key_text(key);
            quote(&mut writer.out, &name);
            writer.out.push(':');
            if !writer.indent.is_empty() {
                writer.out.push(' ');
            }
        }
        if write_value(machine, writer, &object, key, value)? {
            any = true;
        } else if is_array {
            writer.out.push_str("null");
            any = true;
        } else {
            writer.out.truncate(before);
        }
    }
    if any && !writer.indent.is_empty() {
        writer.out.push('\n');
        writer.out.push_str(&writer.indent.repeat(writer.depth - 1));
    }
    writer.out.push(if is_array { ']' } else { '}' });
    Ok(())
}

fn line(writer: &mut Writer) {
    if !writer.indent.is_empty() {
        writer.out.push('\n');
        writer.out.push_str(&writer.indent.repeat(writer.depth));
    }
}

fn quote(out: &mut String, text: &Text) {
    out.push('"');
    for decoded in char::decode_utf16(text.units().iter().copied()) {
        match decoded {
            Ok('"') => out.push_str("\\\""),
            Ok('\\') => out.push_str("\\\\"),
            Ok('\n') => out.push_str("\\n"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\t') => out.push_str("\\t"),
            Ok('\u{8}') => out.push_str("\\b"),
            Ok('\u{c}') => out.push_str("\\f"),
            Ok(char) if char < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            Ok(char) => out.push(char),
            Err(error) => {
                let _ = write!(out, "\\u{:04x}", error.unpaired_surrogate());
            }
        }
    }
    out.push('"');
}
