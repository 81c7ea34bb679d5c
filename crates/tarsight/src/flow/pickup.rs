//! What a walk picks up where somebody else put it down: parameters, properties, events,
//! messages, collections, files, output of commands.

use super::sources::{SourceKind, Walk};
use super::target::has_name;
use crate::api::{self, Api, Gives};
use crate::model::Origin;
use crate::parse::ir::FuncId;
use crate::value::{Key, Place, Term, ValueId};

/// Properties that measure, and methods that answer with yes, no or a number.
pub(super) const MEASURES: [&str; 3] = ["length", "size", "byteLength"];
pub(super) const TELLS_LITTLE: [&str; 18] = [
    "endsWith",
    "equals",
    "every",
    "findIndex",
    "findLastIndex",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "isArray",
    "lastIndexOf",
    "localeCompare",
    "push",
    "search",
    "some",
    "startsWith",
    "test",
    "unshift",
];
/// Methods that give back what they are called on, or what they are given.
const CARRIES: [&str; 47] = [
    "at",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "concat",
    "entries",
    "filter",
    "find",
    "flat",
    "flatMap",
    "get",
    "join",
    "map",
    "match",
    "matchAll",
    "normalize",
    "padEnd",
    "padStart",
    "pop",
    "reduce",
    "reduceRight",
    "repeat",
    "replace",
    "replaceAll",
    "reverse",
    "shift",
    "slice",
    "sort",
    "splice",
    "split",
    "subarray",
    "substr",
    "substring",
    "then",
    "toJSON",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "toLowerCase",
    "toReversed",
    "toSorted",
    "toString",
    "toUpperCase",
    "trim",
    "trimEnd",
    "trimStart",
    "valueOf",
    "values",
];
/// Methods that wait for an event.
const LISTENS: [&str; 7] = [
    "addEventListener",
    "addListener",
    "on",
    "once",
    "prependListener",
    "prependOnceListener",
    "subscribe",
];

/// Parts of names of functions that write down what they get in another form, in small letters.
const ENCODES: [&str; 13] = [
    "armor",
    "bytesto",
    "encode",
    "hexlify",
    "serialize",
    "stringify",
    "tobase",
    "tobuffer",
    "tobytes",
    "tohex",
    "tojson",
    "topem",
    "towif",
];
/// Parts of names of those that only sound like it.
const SUMS_UP: [&str; 6] = ["digest", "hash", "length", "public", "sign", "verify"];

/// Whether a name says that a function gives what it gets in another form.
fn is_encoder(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENCODES.iter().any(|part| name.contains(part))
        && !SUMS_UP.iter().any(|part| name.contains(part))
}

impl Walk<'_, '_> {
    /// The function whose parameter a value is, or a property of one.
    pub(super) fn parameter_under(&self, id: ValueId) -> Option<FuncId> {
        const MOST_MEMBERS: usize = 8;
        let mut at = id;
        for _ in 0..MOST_MEMBERS {
            match *self.package.terms.get(at) {
                Term::Param(function, _) => return Some(function),
                Term::Member(of, _) => at = of,
                _ => return None,
            }
        }
        None
    }

    /// A parameter, or a property of one. The caller's own it is only where somebody outside
    /// can call the function, and nothing unknown was made of it on the way.
    pub(super) fn parameter(&mut self, function: FuncId, id: ValueId, name: Option<&str>) {
        let is_callers = self.guesses == 0 && self.package.is_exported(function);
        let name = name.filter(|_| is_callers).map(str::to_owned);
        self.add(SourceKind::Parameter, id, None, name);
    }

    /// What the functions of a stream's source put into it, through the controller they get.
    pub(super) fn enqueued(&mut self, args: &[ValueId], depth: u32) {
        const MOST_PARAMETERS: u32 = 2;
        let Some(&source) = args.first() else { return };
        let Term::Object(properties, _) = self.package.terms.get(source).clone() else {
            return;
        };
        for (_, value) in properties.iter() {
            let Term::Function(function) = *self.package.terms.get(*value) else {
                continue;
            };
            for at in 0..MOST_PARAMETERS {
                let controller = self.package.terms.add(Term::Param(function, at));
                for put in self.package.inside(controller) {
                    self.at(put.value, put.place, depth);
                }
            }
        }
    }

    /// Whether a call goes through the items of an array with a function.
    pub(super) fn iterates(&self, call: ValueId) -> bool {
        let Term::Call(callee, ..) = *self.package.terms.get(call) else {
            return false;
        };
        matches!(self.package.terms.get(callee), Term::Member(_, method) if matches!(
            &**method,
            "every" | "filter" | "find" | "flatMap" | "forEach" | "map" | "some"
        ))
    }

    /// A value that was put down at a place.
    pub(super) fn at(&mut self, value: ValueId, place: Place, depth: u32) {
        self.way.push(place);
        self.value(value, depth + 1);
        self.way.pop();
    }

    /// What was put down for a value to be picked up: by other files' calls, by writes to a
    /// global or a property, by whoever emits an event or posts a message.
    pub(super) fn picked_up(&mut self, id: ValueId, depth: u32) -> Vec<(ValueId, Place)> {
        const MOST_MEMBERS: u32 = 8;
        let stored = self.package.stored(id).into_iter();
        let mut found: Vec<(ValueId, Place)> = stored.map(|put| (put.value, put.place)).collect();
        match self.package.terms.get(id).clone() {
            Term::Param(function, at) => {
                let given = self.package.given(function, at);
                found.extend(given.unwrap_or_default());
            }
            Term::Handed(call, _, at) => found.extend(self.heard(call, at)),
            Term::Member(of, key) if depth < MOST_MEMBERS => {
                let is_event = matches!(self.package.terms.get(of), Term::Handed(..));
                for (whole, place) in self.picked_up(of, depth + 1) {
                    // `event.data` is what was posted.
                    let part = if is_event && &*key == "data" {
                        whole
                    } else {
                        self.package.member_of(whole, &key)
                    };
                    found.push((part, place));
                }
            }
            _ => {}
        }
        found
    }

    /// Whether a value is the event of a message, as pages and ports get it.
    pub(super) fn is_message(&self, id: ValueId) -> bool {
        let Term::Handed(call, ..) = *self.package.terms.get(id) else {
            return false;
        };
        let Term::Call(callee, args, _) = self.package.terms.get(call) else {
            return false;
        };
        let event = args
            .first()
            .and_then(|&arg| self.package.terms.as_string(arg));
        event.as_deref() == Some("message")
            && matches!(self.package.terms.get(*callee), Term::Member(_, method)
                if &**method == "addEventListener")
    }

    /// What a call that listens hands to its listener: arguments of the event, messages.
    fn heard(&mut self, call: ValueId, at: u32) -> Vec<(ValueId, Place)> {
        let (callee, args) = match self.package.terms.get(call).clone() {
            Term::Call(callee, args, _) => (callee, args),
            _ => return Vec::new(),
        };
        let Term::Member(bus, method) = self.package.terms.get(callee).clone() else {
            return Vec::new();
        };
        let event = args
            .first()
            .and_then(|&arg| self.package.terms.as_string(arg));
        let Some(event) = event.filter(|_| LISTENS.contains(&&*method)) else {
            return Vec::new();
        };
        if &*event == "message" && at == 0 {
            let is_port = matches!(self.package.terms.get(bus), Term::New(..) | Term::Call(..));
            let channels = &self.package.channels;
            let messages = channels.messages(!is_port).iter();
            return messages.map(|put| (put.value, put.place)).collect();
        }
        let emitted = self.package.channels.emitted(&event).to_vec();
        let mut found = Vec::new();
        for one in emitted {
            let same = self.is_same_bus(bus, one.bus);
            if let Some(&arg) = one.args.get(at as usize).filter(|_| same) {
                found.push((arg, one.place));
            }
        }
        found
    }

    /// Whether what listens may be what emits: two instances that are known must be one.
    pub(super) fn is_same_bus(&mut self, listens: ValueId, emits: ValueId) -> bool {
        let package = &mut *self.package;
        let (listens, emits) = (package.close(listens), package.close(emits));
        let emitters = package.terms.choices(emits);
        let is_known = |id: ValueId| {
            matches!(
                package.terms.get(id),
                Term::New(..) | Term::Call(..) | Term::Global(_) | Term::Module(_)
            )
        };
        let listeners = package.terms.choices(listens);
        listeners.iter().any(|one| emitters.contains(one))
            || !listeners.into_iter().all(is_known)
            || !emitters.into_iter().all(is_known)
    }

    /// Whether a call that the tables do not know is known to hand on what it gets: a method of
    /// texts, arrays and other collections.
    pub(super) fn carries(&self, callee: ValueId) -> bool {
        let choices = self.package.terms.choices(callee);
        choices.iter().any(|&one| {
            matches!(self.package.terms.get(one), Term::Member(_, method)
                if CARRIES.contains(&&**method) || is_encoder(method))
        })
    }

    /// What a command prints, if the call at a place runs one.
    pub(super) fn printed(&mut self, id: ValueId, place: Place) {
        for one in self
            .package
            .printed
            .get(&place)
            .cloned()
            .unwrap_or_default()
        {
            let kind = match one.id {
                "network.http" => SourceKind::Remote,
                "fs.read" => SourceKind::File,
                "environment.read" if one.target.as_deref().is_none_or(|name| name == "*") => {
                    SourceKind::Environment
                }
                "environment.read" => SourceKind::Variable,
                "environment.host" => SourceKind::Host,
                _ => SourceKind::Secret,
            };
            self.add(kind, id, None, one.target);
        }
    }

    /// `this` of a function that stands in place of one of the runtime's: the request of whoever
    /// makes one.
    pub(super) fn of_hook(&mut self, function: FuncId, id: ValueId) {
        if self.package.channels.hooks.contains(&function) {
            self.add(SourceKind::Parameter, id, None, Some("headers".to_owned()));
        }
    }

    /// The names that a key may be which goes through a list of such: `for (const name of NAMES)`.
    pub(super) fn listed_names(&self, key: ValueId) -> Vec<Key> {
        const MOST_NAMES: usize = 16;
        let terms = &self.package.terms;
        let Term::Derived(parts, _) = terms.get(key) else {
            return Vec::new();
        };
        let [list] = **parts else { return Vec::new() };
        let Term::Array(items, _) = terms.get(list) else {
            return Vec::new();
        };
        let names = items.iter().map(|&item| terms.as_string(item));
        let names: Option<Vec<Key>> = names.take(MOST_NAMES).collect();
        names.unwrap_or_default()
    }

    /// What is known of a name that is put together: `npm_config_<?>_proxy`. Which of all names it
    /// is hangs on the rest, but it is not all of them.
    pub(super) fn named_in_part(&self, key: ValueId) -> Option<String> {
        const LEAST: usize = 4;
        let terms = &self.package.terms;
        match terms.get(key) {
            Term::Concat(parts) => {
                let known = |part: &ValueId| terms.as_string(*part);
                let most = parts.iter().filter_map(known).map(|text| text.len()).max();
                most.filter(|&most| most >= LEAST)?;
                let parts = parts.iter().map(known);
                Some(
                    parts
                        .map(|part| part.as_deref().unwrap_or("<?>").to_owned())
                        .collect(),
                )
            }
            Term::Call(callee, ..) => match terms.get(*callee) {
                Term::Member(of, case) if matches!(&**case, "toLowerCase" | "toUpperCase") => {
                    self.named_in_part(*of)
                }
                _ => None,
            },
            Term::OneOf(choices) => {
                let names = choices.iter().map(|&one| match terms.as_string(one) {
                    Some(name) => Some(name.to_string()),
                    None => self.named_in_part(one),
                });
                names.collect::<Option<Vec<String>>>()?.into_iter().next()
            }
            _ => None,
        }
    }

    /// `map.get("key")`: what was put there under this key, or under one that is not known.
    pub(super) fn got(&mut self, map: ValueId, args: &[ValueId], depth: u32) -> bool {
        let key = args
            .first()
            .and_then(|&key| self.package.terms.as_text(key));
        let Some(key) = key else { return false };
        let map = self.package.close(map);
        let mut told = false;
        for choice in self.package.terms.choices(map) {
            let puts = self.package.inside(choice);
            told |= puts.iter().any(|put| put.key.is_some());
            if told {
                for put in puts {
                    if put.key.is_none_or(|known| known == key) {
                        self.at(put.value, put.place, depth);
                    }
                }
            }
        }
        told
    }

    /// What the package itself wrote to a file that it reads, and what it copied there.
    pub(super) fn content(&mut self, value: ValueId, row: &'static Api, path: &str, depth: u32) {
        const MOST_COPIES: u32 = 8;
        const MOST_FILES: u32 = 4;
        if self.reading >= MOST_FILES || !has_name(path) {
            return;
        }
        self.reading += 1;
        for put in self.package.channels.file(path).to_vec() {
            self.at(put.value, put.place, 0);
        }
        for original in self.package.channels.originals(path).to_vec() {
            if depth < MOST_COPIES && *original != *path {
                self.content(value, row, &original, depth + 1);
                self.add(
                    SourceKind::File,
                    value,
                    Some(row),
                    Some(original.to_string()),
                );
            }
        }
        self.reading -= 1;
    }
}

/// Where what is of a type comes from.
pub(super) fn type_origin(kind: &str) -> Option<Origin> {
    let mut path = String::with_capacity(kind.len() + 1);
    path.push_str(kind);
    path.push('#');
    api::lookup(&path)?
        .gives
        .iter()
        .find_map(|gives| match gives {
            Gives::Origin(origin) => Some(*origin),
            _ => None,
        })
}
