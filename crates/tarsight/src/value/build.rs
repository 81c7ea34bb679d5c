//! Constructors that fold: what is constant becomes a constant.

use std::sync::Arc;

use super::terms::{Key, Named, Place, Term, Terms, ValueId};
use crate::api;
use crate::model::{Origin, OriginSet};

/// More pieces than this of a mixture are not kept.
const MOST_PARTS: usize = 256;
/// Longest string that folding makes.
pub(crate) const MOST_TEXT: usize = 1 << 22;

/// Other names of the global object.
const GLOBAL_OBJECTS: [&str; 7] = [
    "globalThis",
    "global",
    "window",
    "self",
    "frames",
    "top",
    "root",
];
/// Other ways to `require`.
const REQUIRES: [&[&str]; 4] = [
    &["module", "require"],
    &["process", "mainModule", "require"],
    &["require", "main", "require"],
    &["module", "parent", "require"],
];

/// Alternatives whose items are told apart.
const MOST_HOLDERS: usize = 4;

impl Terms {
    /// Nothing known but where it may come from.
    pub(crate) fn unknown(&mut self, origins: OriginSet) -> ValueId {
        self.add(Term::Unknown(origins))
    }

    /// Not resolved.
    pub(crate) fn unresolved(&mut self) -> ValueId {
        self.unknown(OriginSet::of(Origin::Unknown))
    }

    /// A string constant.
    pub(crate) fn string(&mut self, text: &str) -> ValueId {
        self.intern(Named::String, text)
    }

    /// A number constant.
    pub(crate) fn number(&mut self, number: f64) -> ValueId {
        let number = if number == 0.0 { 0.0 } else { number };
        self.add(Term::Number(number.to_bits()))
    }

    /// A name that the file does not declare.
    pub(crate) fn global(&mut self, name: &str) -> ValueId {
        match name {
            "undefined" => self.add(Term::Undefined),
            "NaN" => self.number(f64::NAN),
            "Infinity" => self.number(f64::INFINITY),
            name if GLOBAL_OBJECTS.contains(&name) => self.intern(Named::Global, GLOBAL_OBJECTS[0]),
            name => self.intern(Named::Global, name),
        }
    }

    /// A string made of pieces.
    pub(crate) fn concat(&mut self, pieces: &[ValueId]) -> ValueId {
        if let Some(id) = self.distribute(pieces) {
            return id;
        }
        let mut flat: Vec<ValueId> = Vec::with_capacity(pieces.len());
        let mut text = String::new();
        let mut is_decoded = false;
        for &piece in pieces {
            is_decoded |= self.is_decoded(piece);
            let parts = match self.get(piece) {
                Term::Concat(parts) => Arc::clone(parts),
                _ => Arc::from([piece]),
            };
            for &part in parts.iter() {
                if let Some(constant) = self.as_text(part).or_else(|| self.text_of_bytes(part))
                    && text.len() + constant.len() <= MOST_TEXT
                {
                    text.push_str(&constant);
                } else {
                    if !text.is_empty() {
                        let id = self.string(&std::mem::take(&mut text));
                        flat.push(id);
                    }
                    flat.push(part);
                }
            }
        }
        if !text.is_empty() || flat.is_empty() {
            let id = self.string(&text);
            flat.push(id);
        }
        let whole = match flat.as_slice() {
            [one] if self.as_text(*one).is_some() => *one,
            _ => {
                flat.truncate(MOST_PARTS);
                self.add(Term::Concat(flat.into()))
            }
        };
        if is_decoded {
            self.mark_decoded(whole);
        }
        whole
    }

    /// What bytes become in a text, as a `Buffer` does it.
    fn text_of_bytes(&self, id: ValueId) -> Option<Key> {
        match self.get(id) {
            Term::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(Key::from),
            _ => None,
        }
    }

    /// `a${one of}b` as one of whole strings, while they are few.
    fn distribute(&mut self, pieces: &[ValueId]) -> Option<ValueId> {
        let (at, choices) =
            pieces
                .iter()
                .enumerate()
                .find_map(|(at, &piece)| match self.get(piece) {
                    Term::OneOf(choices) if choices.len() <= 4 => Some((at, Arc::clone(choices))),
                    _ => None,
                })?;
        let others = pieces
            .iter()
            .enumerate()
            .filter(|&(other, &piece)| other != at && matches!(self.get(piece), Term::OneOf(_)))
            .count();
        if others > 1 {
            return None;
        }
        // What is nothing yet when it is declared is something when it is used.
        let is_nothing = |id: &ValueId| matches!(self.get(*id), Term::Undefined | Term::Null);
        let mut choices = choices.to_vec();
        if !choices.iter().all(is_nothing) {
            choices.retain(|choice| !is_nothing(choice));
        }
        let mut wholes = Vec::with_capacity(choices.len());
        for choice in choices {
            let mut with = pieces.to_vec();
            with[at] = choice;
            wholes.push(self.concat(&with));
        }
        Some(self.one_of(&wholes))
    }

    /// One of several.
    pub(crate) fn one_of(&mut self, choices: &[ValueId]) -> ValueId {
        let mut flat: Vec<ValueId> = Vec::with_capacity(choices.len());
        for &choice in choices {
            match self.get(choice) {
                Term::OneOf(more) => flat.extend_from_slice(&more.clone()),
                Term::Unknown(origins) if origins.is_empty() => {}
                _ => flat.push(choice),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [] => self.unknown(OriginSet::EMPTY),
            [one] => *one,
            many if many.len() <= self.most => self.add(Term::OneOf(flat.into())),
            // They are no longer told apart; what they are made of is kept.
            _ => self.derived(&flat, Place::here(Default::default())),
        }
    }

    /// Computed from these; constants among them tell nothing and are left out.
    pub(crate) fn derived(&mut self, from: &[ValueId], place: Place) -> ValueId {
        let mut kept: Vec<ValueId> = from
            .iter()
            .copied()
            .filter(|&id| !self.is_constant(id))
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept.truncate(MOST_PARTS);
        self.add(Term::Derived(kept.into(), place))
    }

    /// Whether a value is a constant without parts.
    #[must_use]
    pub(crate) fn is_constant(&self, id: ValueId) -> bool {
        matches!(
            self.get(id),
            Term::Undefined
                | Term::Null
                | Term::Bool(_)
                | Term::Number(_)
                | Term::String(_)
                | Term::BigInt(_)
                | Term::Regex(..)
                | Term::Bytes(_)
        )
    }

    /// The string that a constant becomes in a concatenation.
    #[must_use]
    pub(crate) fn as_text(&self, id: ValueId) -> Option<Key> {
        Some(match self.get(id) {
            Term::String(text) => Arc::clone(text),
            Term::Number(bits) => Arc::from(super::number::to_text(f64::from_bits(*bits)).as_str()),
            Term::BigInt(digits) => Arc::clone(digits),
            Term::Bool(true) => Arc::from("true"),
            Term::Bool(false) => Arc::from("false"),
            Term::Undefined => Arc::from("undefined"),
            Term::Null => Arc::from("null"),
            Term::Bytes(bytes) => Arc::from(String::from_utf8_lossy(bytes).as_ref()),
            _ => return None,
        })
    }

    /// The key that a value is of a property: a text, or a symbol.
    #[must_use]
    pub(crate) fn as_key(&self, id: ValueId) -> Option<Key> {
        let is_symbol =
            |id: ValueId| matches!(self.get(id), Term::Global(name) if &**name == "Symbol");
        match self.get(id) {
            Term::Member(of, name) if is_symbol(*of) => Some(Key::from(format!("@@{name}"))),
            Term::Call(callee, _, place) if is_symbol(*callee) => {
                Some(Key::from(format!("@@{}", place.span.start)))
            }
            _ => self.as_text(id),
        }
    }

    /// The text of a string constant.
    #[must_use]
    pub(crate) fn as_string(&self, id: ValueId) -> Option<Key> {
        match self.get(id) {
            Term::String(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    /// A number constant.
    #[must_use]
    pub(crate) fn as_number(&self, id: ValueId) -> Option<f64> {
        match self.get(id) {
            Term::Number(bits) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    /// Whether a constant counts as true; `None` if it is none.
    #[must_use]
    pub(crate) fn truth(&self, id: ValueId) -> Option<bool> {
        Some(match self.get(id) {
            Term::Undefined | Term::Null => false,
            Term::Bool(bool) => *bool,
            Term::Number(bits) => {
                let number = f64::from_bits(*bits);
                number != 0.0 && !number.is_nan()
            }
            Term::String(text) => !text.is_empty(),
            // There wherever a package runs.
            Term::Global(name)
                if matches!(&**name, "require" | "module" | "exports" | "globalThis") =>
            {
                true
            }
            Term::Array(..)
            | Term::Object(..)
            | Term::Function(_)
            | Term::Class(_)
            | Term::Module(_)
            | Term::Regex(..)
            | Term::Bytes(_) => true,
            _ => return None,
        })
    }

    /// A property of a value.
    pub(crate) fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        match self.get(object).clone() {
            Term::Global(name) if &*name == GLOBAL_OBJECTS[0] => self.global(key),
            Term::Object(properties, open) => {
                let found = properties.iter().rev().find(|(name, _)| &**name == key);
                match found {
                    Some(&(_, value)) => value,
                    None if open && !is_object_method(key) => self.spread_member(object, key),
                    None if open || is_object_method(key) => self.plain_member(object, key),
                    None => self.add(Term::Undefined),
                }
            }
            Term::Array(items, open) => {
                if let Ok(at) = key.parse::<usize>() {
                    return match items.get(at) {
                        Some(&item) => item,
                        None if open => self.plain_member(object, key),
                        None => self.add(Term::Undefined),
                    };
                }
                if key == "length" && !open {
                    return self.number(items.len() as f64);
                }
                self.plain_member(object, key)
            }
            Term::String(text) => match key {
                "length" => self.number(text.encode_utf16().count() as f64),
                key => match key.parse::<usize>() {
                    Ok(at) => super::string::char_at(self, &text, at),
                    Err(_) => self.plain_member(object, key),
                },
            },
            Term::Bytes(bytes) => match key {
                "length" | "byteLength" => self.number(bytes.len() as f64),
                key => match key.parse::<usize>().ok().and_then(|at| bytes.get(at)) {
                    Some(&byte) => self.number(f64::from(byte)),
                    None => self.plain_member(object, key),
                },
            },
            Term::New(maker, args, _) if self.is_global(maker, "URL") => {
                let address = match *args {
                    [address] => self.as_string(address),
                    _ => None,
                };
                match address.and_then(|address| part_of_url(&address, key)) {
                    Some(part) => self.string(&part),
                    None => self.plain_member(object, key),
                }
            }
            Term::OneOf(choices) => {
                let members: Vec<ValueId> =
                    choices.iter().map(|&one| self.member(one, key)).collect();
                self.one_of(&members)
            }
            Term::Module(name) if key == "default" && !name.starts_with(['.', '#', '/']) => object,
            Term::New(maker, args, _) if key == "message" && self.is_error(maker) => {
                let message = args.first().copied();
                message.unwrap_or_else(|| self.string(""))
            }
            Term::New(maker, args, _) if self.is_event(maker) && args.len() > 1 => match key {
                "type" => args[0],
                key => self.member(args[1], key),
            },
            Term::Module(name) if is_global_of(&name, key) => self.global(key),
            Term::Module(name) if let Some(text) = constant_of(&name, key) => self.string(text),
            Term::Undefined | Term::Null => self.add(Term::Undefined),
            Term::Derived(_, place) => self.derived(&[object], place),
            _ => self.plain_member(object, key),
        }
    }

    /// A property that comes out of what was spread into an object, or was written under a key
    /// that is no constant.
    fn spread_member(&mut self, object: ValueId, key: &str) -> ValueId {
        let Term::Object(properties, _) = self.get(object).clone() else {
            return self.plain_member(object, key);
        };
        let mut values = Vec::new();
        for (name, value) in properties.iter() {
            match &**name {
                "..." => values.push(self.member(*value, key)),
                "*" => values.push(*value),
                _ => {}
            }
        }
        if values.is_empty() {
            return self.plain_member(object, key);
        }
        self.one_of(&values)
    }

    fn is_error(&self, maker: ValueId) -> bool {
        matches!(self.get(maker), Term::Global(name)
            if matches!(&**name, "Error" | "TypeError" | "RangeError" | "SyntaxError"))
    }

    /// Whether an event is made: its type, and an object with what it carries.
    fn is_event(&self, maker: ValueId) -> bool {
        matches!(self.get(maker), Term::Global(name)
            if matches!(&**name, "CustomEvent" | "MessageEvent"))
    }

    fn plain_member(&mut self, object: ValueId, key: &str) -> ValueId {
        if key == "constructor" && self.is_module_object(object) {
            return self.module("module");
        }
        if key == "constructor"
            && let Some(name) = self.constructor_of(object)
        {
            return self.global(name);
        }
        if key == "require" && self.is_other_require(object) {
            return self.global("require");
        }
        self.intern(Named::Member(object), key)
    }

    fn constructor_of(&self, object: ValueId) -> Option<&'static str> {
        Some(match self.get(object) {
            Term::Function(_) | Term::Class(_) | Term::Global(_) => "Function",
            Term::String(_) | Term::Concat(_) => "String",
            Term::Array(..) => "Array",
            Term::Object(..) => "Object",
            Term::Number(_) => "Number",
            Term::Bool(_) => "Boolean",
            // A method of a known thing is a function.
            Term::Member(of, _) if self.constructor_of(*of).is_some() => "Function",
            _ => return None,
        })
    }

    /// Whether it is the `module` of a file, whose constructor is the loader.
    fn is_module_object(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Global(name) => &**name == "module",
            Term::Member(of, key) => match self.get(*of) {
                Term::Global(name) => {
                    matches!(
                        (&**name, &**key),
                        ("process", "mainModule") | ("require", "main") | ("module", "parent")
                    )
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_other_require(&self, object: ValueId) -> bool {
        REQUIRES.iter().any(|path| {
            let mut at = object;
            for (depth, &name) in path[..path.len() - 1].iter().rev().enumerate() {
                let last = depth + 2 == path.len();
                match self.get(at) {
                    Term::Global(global) if last => return &**global == name,
                    Term::Member(of, key) if !last && &**key == name => at = *of,
                    _ => return false,
                }
            }
            false
        })
    }

    /// A property whose key is a value.
    pub(crate) fn index(&mut self, object: ValueId, key: ValueId) -> ValueId {
        if let Term::OneOf(keys) = self.get(key).clone() {
            let members: Vec<ValueId> = keys.iter().map(|&key| self.index(object, key)).collect();
            return self.one_of(&members);
        }
        if let Some(text) = self.as_key(key) {
            return self.member(object, &text);
        }
        match self.get(object).clone() {
            Term::Array(items, false) => self.one_of(&items),
            Term::Derived(_, place) => self.derived(&[object, key], place),
            _ => self.add(Term::Index(object, key)),
        }
    }

    /// An item of something that is iterated.
    pub(crate) fn item(&mut self, of: ValueId, place: Place) -> ValueId {
        match self.get(of).clone() {
            Term::Array(items, false) if !items.is_empty() => self.one_of(&items),
            Term::Array(items, true) => {
                let rest = self.derived(&[of], place);
                let mut all = items.to_vec();
                all.push(rest);
                self.one_of(&all)
            }
            Term::String(_) => self.derived(&[], place),
            Term::New(maker, args, _) if self.is_map(maker) => self.entry(of, &args, place),
            Term::OneOf(choices)
                if choices.len() <= MOST_HOLDERS
                    && choices.iter().any(|&one| self.are_elements(one)) =>
            {
                let items = choices.iter().map(|&one| self.item(one, place));
                let items: Vec<ValueId> = items.collect();
                self.one_of(&items)
            }
            // One of a page's elements has properties of its own.
            Term::Call(..) if self.are_elements(of) => {
                let key = self.unknown(OriginSet::EMPTY);
                self.add(Term::Index(of, key))
            }
            _ => self.derived(&[of], place),
        }
    }

    /// Whether a call gives elements of a page.
    fn are_elements(&self, id: ValueId) -> bool {
        let Term::Call(callee, ..) = self.get(id) else {
            return false;
        };
        self.choices(*callee).into_iter().any(|callee| {
            matches!(self.get(callee), Term::Member(_, method)
                if matches!(&**method, "querySelectorAll" | "getElementsByClassName"
                    | "getElementsByName" | "getElementsByTagName"))
        })
    }

    fn is_map(&self, maker: ValueId) -> bool {
        matches!(self.get(maker), Term::Global(name) if &**name == "Map")
    }

    /// A key and a value of a map: one of those that it was made with, or one that came later.
    fn entry(&mut self, map: ValueId, args: &[ValueId], place: Place) -> ValueId {
        let later = [self.unknown(OriginSet::EMPTY), self.derived(&[map], place)];
        let mut entries = vec![self.add(Term::Array(later.into(), false))];
        if let Some(Term::Array(items, false)) = args.first().map(|&first| self.get(first)) {
            entries.extend_from_slice(items);
        }
        self.one_of(&entries)
    }

    /// The module that a specifier names.
    pub(crate) fn module(&mut self, specifier: &str) -> ValueId {
        let canonical = api::module(specifier).unwrap_or(specifier);
        self.intern(Named::Module, canonical)
    }
}

/// What modules of Node hold on most machines; on Windows they hold something else.
fn constant_of(module: &str, key: &str) -> Option<&'static str> {
    match (module.strip_prefix("node:").unwrap_or(module), key) {
        ("path" | "path/posix", "sep") => Some("/"),
        ("path" | "path/posix", "delimiter") => Some(":"),
        ("os", "EOL") => Some("\n"),
        _ => None,
    }
}

/// What an URL's property says of where it leads, for addresses that begin with a scheme and a
/// host; the rest may be written later.
fn part_of_url(address: &str, key: &str) -> Option<String> {
    let (scheme, rest) = address.trim().split_once("://")?;
    let is_scheme = !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.to_ascii_lowercase();
    let is_plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'_'));
    if !is_scheme || !is_plain || host.is_empty() {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, port),
        None => (host.as_str(), ""),
    };
    let is_default = matches!((&*scheme, port), ("http", "80") | ("https", "443"));
    let port = if is_default { "" } else { port };
    let host = match port {
        "" => name.to_owned(),
        port => format!("{name}:{port}"),
    };
    Some(match key {
        "protocol" => format!("{scheme}:"),
        "hostname" => name.to_owned(),
        "port" => port.to_owned(),
        "host" => host,
        "origin" => format!("{scheme}://{host}"),
        _ => return None,
    })
}

/// Globals that modules give as well.
fn is_global_of(module: &str, key: &str) -> bool {
    matches!(
        (module, key),
        ("buffer", "Buffer" | "atob" | "btoa" | "Blob")
            | ("url", "URL" | "URLSearchParams")
            | ("util", "TextDecoder" | "TextEncoder")
    )
}

fn is_object_method(key: &str) -> bool {
    matches!(
        key,
        "hasOwnProperty" | "toString" | "valueOf" | "constructor" | "__proto__" | "isPrototypeOf"
    )
}
