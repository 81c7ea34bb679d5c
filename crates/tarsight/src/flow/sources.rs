//! Where a value comes from: a walk from a sink back to secrets, environment, files, the host,
//! responses and decoders.

use rustc_hash::FxHashSet;

use super::package::Package;
use super::target::{of_receiver, targets};
use crate::api::{self, Api, Gives, Handed, Place as At};
use crate::model::{Origin, OriginSet};
use crate::parse::ir::FuncId;
use crate::value::{Place, Term, ValueId, handed};

/// Deepest chain that is walked.
const MOST_DEPTH: u32 = 120;
/// Values that one walk looks at.
const MOST_VALUES: usize = 20_000;
/// Sources that one walk tells apart.
const MOST_SOURCES: usize = 64;

/// Decoders of one walk whose input is looked at.
const MOST_PROBES: u32 = 16;
/// Shortest constant that may be something encoded.
const LEAST_DATA: usize = 8;

/// What kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SourceKind {
    /// The content of a file.
    File,
    /// An environment variable.
    Variable,
    /// All environment variables at once.
    Environment,
    /// The machine's or the user's identity.
    Host,
    /// Something that the tables call a secret.
    Secret,
    /// A response.
    Remote,
    /// The outcome of a decoder.
    Decoded,
    /// The caller's.
    Parameter,
}

/// A source, with the way from it to where the walk began.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) kind: SourceKind,
    /// The call or read that gives it.
    pub(super) value: ValueId,
    /// Its row, if it has one.
    pub(super) row: Option<&'static Api>,
    /// What exactly: path, variable, URL.
    pub(super) target: Option<String>,
    /// Calls between source and sink, the source's own first.
    pub(super) way: Vec<Place>,
}

/// Every source that a value holds, or is made from.
pub(super) fn sources(package: &mut Package<'_>, value: ValueId) -> Vec<Source> {
    let mut walk = Walk::new(package);
    walk.probes = MOST_PROBES;
    walk.value(value, 0);
    walk.found
}

/// The origins of a value, as far as its parts tell.
pub(super) fn origins(package: &mut Package<'_>, value: ValueId) -> OriginSet {
    // A walk names its sources, which asks for origins again: once is enough.
    if package.walks > 0 {
        return OriginSet::EMPTY;
    }
    package.walks += 1;
    let found = sources(package, value);
    package.walks -= 1;
    found
        .iter()
        .map(|source| match source.kind {
            SourceKind::File => Origin::File,
            SourceKind::Variable | SourceKind::Environment => Origin::Environment,
            SourceKind::Host => Origin::Host,
            SourceKind::Secret => Origin::File,
            SourceKind::Remote => Origin::Remote,
            SourceKind::Decoded => Origin::Decoded,
            SourceKind::Parameter => Origin::Parameter,
        })
        .collect()
}

struct Walk<'p, 'a> {
    package: &'p mut Package<'a>,
    seen: FxHashSet<ValueId>,
    way: Vec<Place>,
    found: Vec<Source>,
    /// Decoders whose input may still be looked at.
    probes: u32,
    /// Whether this is such a look.
    is_probe: bool,
    /// Whether a constant was met that may be something encoded.
    has_data: bool,
    /// Files whose contents are being followed.
    reading: u32,
    /// Calls on the way that may or may not hand on what they get.
    guesses: u32,
}

impl<'p, 'a> Walk<'p, 'a> {
    fn new(package: &'p mut Package<'a>) -> Self {
        Self {
            package,
            seen: FxHashSet::default(),
            way: Vec::new(),
            found: Vec::new(),
            probes: 0,
            is_probe: false,
            has_data: false,
            reading: 0,
            guesses: 0,
        }
    }

    /// Adds what a decoder makes, unless it decodes what a caller gives and nothing else.
    fn decoded(&mut self, id: ValueId, row: &'static Api, callee: ValueId, args: &[ValueId]) {
        if !self.is_probe && !self.is_callers(callee, args) {
            self.add(SourceKind::Decoded, id, Some(row), None);
        }
    }

    fn is_callers(&mut self, callee: ValueId, args: &[ValueId]) -> bool {
        if self.probes == 0 {
            return false;
        }
        self.probes -= 1;
        let mut probe = Walk::new(&mut *self.package);
        probe.is_probe = true;
        probe.all(args, 0);
        probe.same(At::This, callee, args, 0);
        let mut kinds = probe.found.iter().map(|source| source.kind).peekable();
        !probe.has_data && kinds.peek().is_some() && kinds.all(|kind| kind == SourceKind::Parameter)
    }

    fn value(&mut self, id: ValueId, depth: u32) {
        if depth >= MOST_DEPTH
            || self.seen.len() >= MOST_VALUES
            || self.found.len() >= MOST_SOURCES
            || !self.seen.insert(id)
        {
            return;
        }
        if self.package.terms.is_constant(id) {
            self.has_data |= match self.package.terms.get(id) {
                Term::String(text) => text.len() >= LEAST_DATA,
                Term::Bytes(_) => true,
                Term::Array(items, _) => items.len() >= LEAST_DATA,
                _ => false,
            };
            if self.package.terms.is_decoded(id) {
                self.has_data = true;
                self.add(SourceKind::Decoded, id, None, None);
            }
            return;
        }
        self.has_data |= matches!(self.package.terms.get(id), Term::Unknown(_));
        match self.package.terms.get(id).clone() {
            Term::Concat(parts) | Term::OneOf(parts) | Term::Array(parts, _) => {
                self.all(&parts, depth);
            }
            Term::Derived(parts, place) => {
                self.way.push(place);
                self.all(&parts, depth);
                self.way.pop();
            }
            Term::Object(properties, _) => {
                for (_, value) in properties.iter() {
                    self.value(*value, depth + 1);
                }
            }
            // A length tells next to nothing of what it is the length of.
            Term::Member(_, key) if MEASURES.contains(&&*key) => {}
            Term::Member(of, key) => {
                let was_read = self.read(id, of, Some(&key));
                let held = self.picked_up(id, 0);
                if let Some(function) = self.parameter_under(of) {
                    self.parameter(function, id, Some(&key));
                } else if !was_read && held.is_empty() {
                    self.value(of, depth + 1);
                }
                for (value, place) in held {
                    self.at(value, place, depth);
                }
            }
            Term::Index(of, key) => {
                let was_read = self.read(id, of, None);
                if !was_read {
                    self.value(of, depth + 1);
                    self.value(key, depth + 1);
                }
            }
            Term::Call(callee, args, place) | Term::New(callee, args, place) => {
                self.way.push(place);
                self.call(id, callee, &args, depth);
                self.printed(id, place);
                self.way.pop();
                for put in self.package.channels.inside(id).to_vec() {
                    self.at(put.value, put.place, depth);
                }
            }
            Term::Handed(call, arg, at) => {
                let held = self.picked_up(id, 0);
                if held.is_empty() {
                    self.handed(id, call, arg, at, depth);
                }
                for (value, place) in held {
                    self.at(value, place, depth);
                }
            }
            Term::Param(function, at) => {
                for (value, place) in self.picked_up(id, 0) {
                    self.at(value, place, depth);
                }
                let name = self.package.parameter_name(function, at);
                self.parameter(function, id, name);
            }
            Term::Global(_) => {
                self.read(id, id, None);
                for (value, place) in self.picked_up(id, 0) {
                    self.at(value, place, depth);
                }
            }
            _ => {}
        }
    }

    fn all(&mut self, ids: &[ValueId], depth: u32) {
        for &id in ids {
            self.value(id, depth + 1);
        }
    }

    /// The function whose parameter a value is, or a property of one.
    fn parameter_under(&self, id: ValueId) -> Option<FuncId> {
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
    fn parameter(&mut self, function: FuncId, id: ValueId, name: Option<&str>) {
        let is_callers = self.guesses == 0 && self.package.is_exported(function);
        let name = name.filter(|_| is_callers).map(str::to_owned);
        self.add(SourceKind::Parameter, id, None, name);
    }

    /// A value that was put down at a place.
    fn at(&mut self, value: ValueId, place: Place, depth: u32) {
        self.way.push(place);
        self.value(value, depth + 1);
        self.way.pop();
    }

    /// What was put down for a value to be picked up: by other files' calls, by writes to a
    /// global or a property, by whoever emits an event or posts a message.
    fn picked_up(&mut self, id: ValueId, depth: u32) -> Vec<(ValueId, Place)> {
        const MOST_MEMBERS: u32 = 8;
        let stored = self.package.channels.stored(id).iter();
        let mut found: Vec<(ValueId, Place)> = stored.map(|put| (put.value, put.place)).collect();
        match self.package.terms.get(id).clone() {
            Term::Param(function, at) => {
                let given = self.package.given.get(&(function, at));
                found.extend(given.into_iter().flatten());
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
    fn is_same_bus(&mut self, listens: ValueId, emits: ValueId) -> bool {
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

    fn add(
        &mut self,
        kind: SourceKind,
        value: ValueId,
        row: Option<&'static Api>,
        target: Option<String>,
    ) {
        let mut way: Vec<Place> = self
            .way
            .iter()
            .rev()
            .copied()
            .filter(|place| !place.span.is_empty())
            .collect();
        way.dedup();
        self.found.push(Source {
            kind,
            value,
            row,
            target,
            way,
        });
    }

    /// A property that a row is about; whether it was one.
    fn read(&mut self, id: ValueId, of: ValueId, key: Option<&str>) -> bool {
        let terms = &self.package.terms;
        let whole = terms.api(id).filter(|row| row.read);
        let owner = terms.api(of).filter(|row| row.read);
        let Some(row) = whole.or(owner) else {
            return false;
        };
        let is_environment = row
            .effects
            .iter()
            .any(|effect| effect.behaviour.id == "environment.read");
        if is_environment {
            match (whole.is_some(), key) {
                (false, Some(key)) => {
                    let key = key.to_owned();
                    self.add(SourceKind::Variable, id, Some(row), Some(key));
                }
                _ => self.add(SourceKind::Environment, id, Some(row), None),
            }
            return true;
        }
        let origin = row.gives.iter().find_map(|gives| match gives {
            Gives::Origin(origin) => Some(*origin),
            _ => None,
        });
        if let Some(kind) = origin.and_then(kind_of) {
            let at = if whole.is_some() { id } else { of };
            self.add_aimed(kind, id, row, at, &[]);
        }
        // A property of a response is part of it.
        origin.is_some() || whole.is_none()
    }

    fn call(&mut self, id: ValueId, callee: ValueId, args: &[ValueId], depth: u32) {
        let row = self.package.terms.api(callee);
        if let Term::Member(receiver, method) = self.package.terms.get(callee).clone() {
            if TELLS_LITTLE.contains(&&*method) {
                return;
            }
            if &*method == "get" && self.got(receiver, args, depth) {
                return;
            }
        }
        if let Some(row) = row
            && row.path == "events.once"
            && let [bus, event, ..] = *args
            && let Some(event) = self.package.terms.as_string(event)
        {
            for one in self.package.channels.emitted(&event).to_vec() {
                if self.is_same_bus(bus, one.bus) {
                    for value in one.args {
                        self.at(value, one.place, depth);
                    }
                }
            }
            return;
        }
        let Some(row) = row else {
            // A call that the tables do not know may hand on whatever it gets.
            let is_guess = !self.carries(callee);
            self.guesses += u32::from(is_guess);
            if let Term::Member(receiver, _) | Term::Index(receiver, _) =
                *self.package.terms.get(callee)
            {
                self.value(receiver, depth + 1);
            } else {
                self.value(callee, depth + 1);
            }
            self.all(args, depth);
            self.guesses -= u32::from(is_guess);
            return;
        };
        if self.given(id, row, callee, args, depth) || row.gives.is_empty() && row.inert {
            return;
        }
        let is_typed = self.package.terms.type_of(id).is_some();
        if row.gives.is_empty() && row.effects.is_empty() && !is_typed {
            self.all(args, depth);
        }
    }

    /// Whether a call that the tables do not know is known to hand on what it gets: a method of
    /// texts, arrays and other collections.
    fn carries(&self, callee: ValueId) -> bool {
        matches!(self.package.terms.get(callee), Term::Member(_, method)
            if CARRIES.contains(&&**method))
    }

    /// What a command prints, if the call at a place runs one.
    fn printed(&mut self, id: ValueId, place: Place) {
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

    /// `map.get("key")`: what was put there under this key, or under one that is not known.
    fn got(&mut self, map: ValueId, args: &[ValueId], depth: u32) -> bool {
        let key = args
            .first()
            .and_then(|&key| self.package.terms.as_text(key));
        let Some(key) = key else { return false };
        let map = self.package.close(map);
        let mut told = false;
        for choice in self.package.terms.choices(map) {
            let puts = self.package.channels.inside(choice).to_vec();
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

    /// Follows what a row says of a call's result; whether it said where it comes from.
    fn given(
        &mut self,
        id: ValueId,
        row: &'static Api,
        callee: ValueId,
        args: &[ValueId],
        depth: u32,
    ) -> bool {
        let mut told = false;
        for gives in row.gives {
            match *gives {
                Gives::Origin(origin) => {
                    told = true;
                    if let Some(kind) = kind_of(origin) {
                        self.add_aimed(kind, id, row, callee, args);
                    }
                }
                Gives::Secret => {
                    told = true;
                    self.add_aimed(SourceKind::Secret, id, row, callee, args);
                }
                Gives::Same(place) => {
                    told = true;
                    self.same(place, callee, args, depth);
                }
                Gives::Decode => {
                    told = true;
                    self.decoded(id, row, callee, args);
                    self.all(args, depth);
                    self.same(At::This, callee, args, depth);
                }
                Gives::DecodeIf(at) => {
                    told = true;
                    let encoding = args
                        .get(usize::from(at))
                        .and_then(|&arg| self.package.terms.as_string(arg));
                    let decodes = encoding.is_some_and(|encoding| {
                        let encoding = encoding.to_ascii_lowercase();
                        encoding.starts_with("base64") || encoding == "hex"
                    });
                    if decodes {
                        self.decoded(id, row, callee, args);
                    }
                    self.all(args, depth);
                }
                Gives::Type(kind) => {
                    told = true;
                    if let Some(origin) = type_origin(kind).and_then(kind_of) {
                        self.add_aimed(origin, id, row, callee, args);
                    }
                }
                Gives::Alias(_) | Gives::Module(_) => told = true,
            }
        }
        told
    }

    fn same(&mut self, place: At, callee: ValueId, args: &[ValueId], depth: u32) {
        match place {
            At::This => {
                if let Term::Member(receiver, _) = *self.package.terms.get(callee) {
                    self.value(receiver, depth + 1);
                }
            }
            At::Text(_) | At::Key => {}
            place => {
                for value in super::uses::arguments_at(self.package, place, args) {
                    self.value(value, depth + 1);
                }
            }
        }
    }

    fn handed(&mut self, id: ValueId, call: ValueId, arg: u32, at: u32, depth: u32) {
        let (callee, args, place) = match self.package.terms.get(call).clone() {
            Term::Call(callee, args, place) | Term::New(callee, args, place) => {
                (callee, args, place)
            }
            _ => return self.value(call, depth + 1),
        };
        self.way.push(place);
        let count = u32::try_from(args.len()).unwrap_or(u32::MAX);
        let row = self.package.terms.api(callee);
        let mut told = false;
        self.printed(id, place);
        if let Some(row) = row {
            for what in handed(row, arg, count, at) {
                told = true;
                match what {
                    Handed::Result => {
                        self.given(call, row, callee, &args, depth);
                    }
                    Handed::Gives(Gives::Origin(origin)) => {
                        if let Some(kind) = kind_of(origin) {
                            self.add_aimed(kind, id, row, callee, &args);
                        }
                    }
                    Handed::Gives(Gives::Type(kind)) => {
                        if let Some(kind) = type_origin(kind).and_then(kind_of) {
                            self.add_aimed(kind, id, row, callee, &args);
                        }
                    }
                    Handed::Gives(Gives::Same(place)) => self.same(place, callee, &args, depth),
                    Handed::Gives(Gives::Decode) => {
                        self.decoded(id, row, callee, &args);
                        self.all(&args, depth);
                    }
                    Handed::Gives(_) => {}
                }
            }
        }
        // A method's callback gets what the receiver holds; any other, what it was given.
        if !told && row.is_none() {
            if let Term::Member(receiver, _) = *self.package.terms.get(callee) {
                self.value(receiver, depth + 1);
            }
            self.all(&args, depth);
        }
        self.way.pop();
    }

    /// What the package itself wrote to a file that it reads, and what it copied there.
    fn content(&mut self, value: ValueId, row: &'static Api, path: &str, depth: u32) {
        const MOST_COPIES: u32 = 8;
        const MOST_FILES: u32 = 4;
        if self.reading >= MOST_FILES {
            return;
        }
        self.reading += 1;
        for put in self.package.channels.file(path).to_vec() {
            self.at(put.value, put.place, 0);
        }
        for original in self.package.channels.originals(path).to_vec() {
            if depth < MOST_COPIES && original != path {
                self.content(value, row, &original, depth + 1);
                self.add(SourceKind::File, value, Some(row), Some(original));
            }
        }
        self.reading -= 1;
    }

    /// Adds a source for each target that its row, or what it was opened on, names.
    fn add_aimed(
        &mut self,
        kind: SourceKind,
        value: ValueId,
        row: &'static Api,
        callee: ValueId,
        args: &[ValueId],
    ) {
        let aimed = match row.effects.iter().find_map(|effect| effect.aim) {
            Some(aim) => targets(self.package, aim, row, callee, args),
            None => of_receiver(self.package, callee, 0),
        };
        let mut texts: Vec<String> = aimed.into_iter().filter_map(|target| target.text).collect();
        texts.dedup();
        if texts.is_empty() {
            return self.add(kind, value, Some(row), None);
        }
        for text in texts {
            if kind == SourceKind::File {
                self.content(value, row, &text, 0);
            }
            self.add(kind, value, Some(row), Some(text));
        }
    }
}

/// Properties that measure, and methods that answer with yes, no or a number.
const MEASURES: [&str; 3] = ["length", "size", "byteLength"];
const TELLS_LITTLE: [&str; 18] = [
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
const CARRIES: [&str; 26] = [
    "at",
    "concat",
    "entries",
    "filter",
    "find",
    "flat",
    "flatMap",
    "get",
    "join",
    "map",
    "normalize",
    "padEnd",
    "padStart",
    "pop",
    "replace",
    "replaceAll",
    "reverse",
    "shift",
    "slice",
    "split",
    "substring",
    "toString",
    "trim",
    "valueOf",
    "values",
    "then",
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

fn kind_of(origin: Origin) -> Option<SourceKind> {
    Some(match origin {
        Origin::File => SourceKind::File,
        Origin::Environment => SourceKind::Variable,
        Origin::Host => SourceKind::Host,
        Origin::Remote => SourceKind::Remote,
        Origin::Decoded => SourceKind::Decoded,
        Origin::Parameter => SourceKind::Parameter,
        Origin::Literal | Origin::Unknown => return None,
    })
}

fn type_origin(kind: &str) -> Option<Origin> {
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
