//! Where a value comes from: a walk from a sink back to secrets, environment, files, the host,
//! responses and decoders.

use rustc_hash::FxHashSet;

use super::decoders::tells;
use super::fields;
use super::package::Package;
use super::pickup::{MEASURES, TELLS_LITTLE, type_origin};
use super::target::{of_receiver, targets};
use crate::api::{Api, Gives, Handed, Place as At};
use crate::model::{Origin, OriginSet};
use crate::value::{Key, Place, Term, ValueId, handed};

/// Deepest chain that is walked.
const MOST_DEPTH: u32 = 120;
/// Values that one walk looks at.
const MOST_VALUES: usize = 20_000;
/// Sources that one walk tells apart, and as many more that are no guess.
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
    /// Of a decoder: whether it is known to decode something that the package carries.
    pub(super) is_carried: bool,
    /// Calls on the way that may or may not hand on what they get.
    pub(super) guesses: u32,
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

pub(super) struct Walk<'p, 'a> {
    pub(super) package: &'p mut Package<'a>,
    /// What was walked, and whether only on a guess.
    seen: FxHashSet<(ValueId, bool)>,
    pub(super) way: Vec<Place>,
    pub(super) found: Vec<Source>,
    /// Decoders whose input may still be looked at.
    pub(super) probes: u32,
    /// Whether this is such a look.
    pub(super) is_probe: bool,
    /// Whether a constant was met that may be something encoded.
    pub(super) has_data: bool,
    /// Whether the decoder that was looked at last gets something that the package carries.
    pub(super) has_carried: bool,
    /// Files whose contents are being followed.
    pub(super) reading: u32,
    /// Calls on the way that may or may not hand on what they get.
    pub(super) guesses: u32,
}

impl<'p, 'a> Walk<'p, 'a> {
    pub(super) fn new(package: &'p mut Package<'a>) -> Self {
        Self {
            package,
            seen: FxHashSet::default(),
            way: Vec::new(),
            found: Vec::new(),
            probes: 0,
            is_probe: false,
            has_data: false,
            has_carried: false,
            reading: 0,
            guesses: 0,
        }
    }

    pub(super) fn value(&mut self, id: ValueId, depth: u32) {
        if depth >= MOST_DEPTH
            || self.seen.len() >= MOST_VALUES
            || self.found.len() >= self.most_sources()
            || self.was_seen(id)
        {
            return;
        }
        if self.package.terms.is_constant(id) {
            self.has_data |= match self.package.terms.get(id) {
                Term::String(text) => text.len() >= LEAST_DATA,
                Term::Bytes(bytes) => bytes.len() >= LEAST_DATA,
                Term::Array(items, _) => items.len() >= LEAST_DATA,
                _ => false,
            };
            if self.package.terms.is_decoded(id) && tells(self.package.terms.get(id), depth == 0) {
                self.has_data = true;
                self.add(SourceKind::Decoded, id, None, None);
            }
            return;
        }
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
            // Of a message's event only the data come from whoever sent it.
            Term::Member(of, key) if &*key != "data" && self.is_message(of) => {}
            Term::Member(_, key) if fields::typed(&self.package.terms, id).is_some() => {
                self.add(SourceKind::Parameter, id, None, Some(key.to_string()));
            }
            Term::Member(of, key) => {
                let was_read = self.read(id, of, Some(&key));
                let held = self.picked_up(id, 0);
                if let Some(function) = self.parameter_under(of) {
                    self.parameter(function, id, Some(&key));
                } else if !was_read && held.is_empty() {
                    // One property of an instance is not all that it holds.
                    let is_guess = self.is_own_instance(of);
                    self.guesses += u32::from(is_guess);
                    self.value(of, depth + 1);
                    self.guesses -= u32::from(is_guess);
                }
                for (value, place) in held {
                    self.at(value, place, depth);
                }
            }
            Term::Index(of, key) => {
                let name = self.named_in_part(key);
                let was_read = self.read(id, of, name.as_deref());
                let function = self.parameter_under(of);
                let names = function.map_or_else(Vec::new, |_| self.listed_names(key));
                if let Some(function) = function
                    && !names.is_empty()
                {
                    for name in names {
                        self.parameter(function, id, Some(&name));
                    }
                } else if !was_read {
                    self.value(of, depth + 1);
                    self.value(key, depth + 1);
                }
            }
            Term::Call(callee, args, place) | Term::New(callee, args, place) => {
                self.way.push(place);
                if matches!(self.package.terms.get(id), Term::New(..)) {
                    self.enqueued(&args, depth);
                    self.written_out(id, place, depth);
                }
                self.call(id, callee, &args, depth);
                self.printed(id, place);
                self.way.pop();
                for put in self.package.inside(id) {
                    self.at(put.value, put.place, depth);
                }
            }
            // Where an item stands tells nothing of the item.
            Term::Handed(call, _, 1) if self.iterates(call) => {}
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
            Term::This(function) => self.of_hook(function, id),
            Term::Global(_) => {
                self.read(id, id, None);
                for (value, place) in self.picked_up(id, 0) {
                    self.at(value, place, depth);
                }
            }
            _ => {}
        }
    }

    /// What an instance of a class of the package becomes as a text.
    fn written_out(&mut self, id: ValueId, place: Place, depth: u32) {
        if !self.is_own_instance(id) {
            return;
        }
        for method in ["toString", "toJSON"] {
            let method = self.package.member_of(id, method);
            if matches!(self.package.terms.get(method), Term::Function(_)) {
                let text = self.package.call_of(method, &[], place);
                self.value(text, depth + 1);
            }
        }
    }

    /// Whether a value is an instance of a class of the package, which keeps what it was given.
    fn is_own_instance(&self, id: ValueId) -> bool {
        matches!(self.package.terms.get(id), Term::New(class, ..)
            if matches!(self.package.terms.get(*class), Term::Class(_)))
    }

    /// What is only a guess leaves room for what is known.
    fn most_sources(&self) -> usize {
        match self.guesses {
            0 => 2 * MOST_SOURCES,
            _ => MOST_SOURCES,
        }
    }

    /// Whether a value was walked before. What was met on a guess alone is walked again.
    fn was_seen(&mut self, id: ValueId) -> bool {
        let is_guess = self.guesses > 0;
        (is_guess && self.seen.contains(&(id, false))) || !self.seen.insert((id, is_guess))
    }

    pub(super) fn all(&mut self, ids: &[ValueId], depth: u32) {
        for &id in ids {
            self.value(id, depth + 1);
        }
    }

    pub(super) fn add(
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
            is_carried: true,
            guesses: self.guesses,
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
        if self.is_compiler(callee) {
            return;
        }
        let row = self.package.terms.api(callee);
        if let Term::Member(receiver, method) = self.package.terms.get(callee).clone() {
            // The text of a function may hold anything, in a comment or as names.
            self.has_data |= &*method == "toString"
                && matches!(self.package.terms.get(receiver), Term::Function(_));
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
        // What a response holds that the package itself made, it got from the package.
        if let Term::Member(receiver, _) = *self.package.terms.get(callee)
            && let Term::New(maker, ..) = *self.package.terms.get(receiver)
            && self.package.terms.api(maker).is_some_and(holds_argument)
        {
            return self.value(receiver, depth + 1);
        }
        let Some(row) = row else {
            // A call that the tables do not know may hand on whatever it gets.
            let is_guess = !self.carries(callee) && !self.is_own_instance(id);
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

    /// Whether machine code is made of what a function gets: what that answers is its own.
    fn is_compiler(&self, callee: ValueId) -> bool {
        let mut path = String::new();
        self.package.terms.path(callee, &mut path, 0) && path.starts_with("WebAssembly.")
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
                    // The name of the encoding is no data.
                    let data = args.get(..usize::from(at)).unwrap_or(args);
                    if decodes {
                        self.decoded(id, row, callee, data);
                    }
                    self.all(data, depth);
                }
                Gives::Type(kind) => {
                    told = true;
                    match type_origin(kind).and_then(kind_of) {
                        Some(SourceKind::Decoded) => self.decoded(id, row, callee, args),
                        Some(origin) => self.add_aimed(origin, id, row, callee, args),
                        None => {}
                    }
                }
                Gives::Alias(_) | Gives::Module(_) => told = true,
            }
        }
        told
    }

    pub(super) fn same(&mut self, place: At, callee: ValueId, args: &[ValueId], depth: u32) {
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
        if self.is_compiler(callee) {
            return;
        }
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
        let mut texts: Vec<Key> = aimed.into_iter().filter_map(|target| target.text).collect();
        texts.dedup();
        if texts.is_empty() {
            return self.add(kind, value, Some(row), None);
        }
        for text in texts {
            if kind == SourceKind::File {
                self.content(value, row, &text, 0);
            }
            self.add(kind, value, Some(row), Some(text.to_string()));
        }
    }
}

/// Whether what is made holds what it was made from.
fn holds_argument(row: &Api) -> bool {
    let holds = |gives: &Gives| matches!(gives, Gives::Same(At::Arg(_)));
    row.gives.iter().any(holds)
}

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
