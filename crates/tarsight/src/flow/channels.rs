//! Values that one place puts down and another picks up: properties of globals and instances,
//! events, messages to workers and children, files that are written and read again.

use rustc_hash::{FxHashMap, FxHashSet};

use super::package::Package;
use super::target::targets;
use super::uses::{Effect, Use, arguments_at};
use super::waiting::{self, Given};
use crate::api::AimKind;
use crate::facts::{StoreFact, StoreKind};
use crate::model::FileId;
use crate::parse::ir::FuncId;
use crate::value::{Key, Place, Term, ValueId};

/// Values that are kept of one channel.
const MOST: usize = 64;
/// Parameters of a listener that get something.
const MOST_PARAMETERS: u32 = 4;

/// Something that was put down.
#[derive(Clone, Debug)]
pub(super) struct Put {
    /// Under which key, where that is known: `map.set("name", …)`.
    pub(super) key: Option<Key>,
    pub(super) value: ValueId,
    pub(super) place: Place,
}

/// What an emitter hands to the listeners of an event.
#[derive(Clone, Debug)]
pub(super) struct Emitted {
    /// Who emits.
    pub(super) bus: ValueId,
    /// The arguments after the event's name.
    pub(super) args: Vec<ValueId>,
    pub(super) place: Place,
}

/// Everything that was put down in the package.
#[derive(Debug, Default)]
pub(super) struct Channels {
    /// Global, or property of a global or an instance → values written there.
    stored: FxHashMap<ValueId, Vec<Put>>,
    /// Instance → values that its methods were given.
    inside: FxHashMap<ValueId, Vec<Put>>,
    events: FxHashMap<Key, Vec<Emitted>>,
    /// Messages to workers and children, and from them.
    down: Vec<Put>,
    up: Vec<Put>,
    files: FxHashMap<Key, Vec<Put>>,
    /// Functions that stand in place of those that make requests.
    pub(super) hooks: FxHashSet<FuncId>,
    /// Copy → original.
    copies: FxHashMap<Key, Vec<Key>>,
}

impl Channels {
    /// What was written to a global or a property.
    pub(super) fn stored(&self, id: ValueId) -> &[Put] {
        self.stored.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What an instance was given.
    pub(super) fn inside(&self, id: ValueId) -> &[Put] {
        self.inside.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What an event carries.
    pub(super) fn emitted(&self, event: &str) -> &[Emitted] {
        self.events.get(event).map_or(&[], Vec::as_slice)
    }

    /// Messages that arrive: in a worker or child, or at who started it.
    pub(super) fn messages(&self, is_child: bool) -> &[Put] {
        if is_child { &self.down } else { &self.up }
    }

    /// What was written to a file.
    pub(super) fn file(&self, path: &str) -> &[Put] {
        self.files.get(path).map_or(&[], Vec::as_slice)
    }

    /// The files that a file is a copy of.
    pub(super) fn originals(&self, path: &str) -> &[Key] {
        self.copies.get(path).map_or(&[], Vec::as_slice)
    }

    pub(super) fn put_inside(&mut self, instance: ValueId, put: Put) {
        keep(self.inside.entry(instance).or_default(), put);
    }

    fn store(&mut self, at: ValueId, put: Put) {
        keep(self.stored.entry(at).or_default(), put);
    }
}

fn keep(puts: &mut Vec<Put>, put: Put) {
    if puts.len() < MOST && puts.iter().all(|known| known.value != put.value) {
        puts.push(put);
    }
}

/// Who calls whom: file and function (its own number there) of a caller, package-wide callee.
pub(super) type Call = (FileId, FuncId, FuncId);

/// Reads what the files' facts say is put down; calls of functions that only their values tell.
pub(super) fn collect(package: &mut Package<'_>) -> Vec<Call> {
    let mut calls = Vec::new();
    for at in 0..package.facts.len() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let Some(facts) = package.facts_of(file) else {
            continue;
        };
        for store in &facts.stores {
            if !package.waiting.add(file, facts, store) {
                put_down(package, file, store, &mut calls);
            }
        }
    }
    calls
}

/// Puts down what a file's facts say.
pub(super) fn put_down(
    package: &mut Package<'_>,
    file: FileId,
    store: &StoreFact,
    calls: &mut Vec<Call>,
) {
    let place = Place {
        file,
        span: store.span,
    };
    let into = package.translate(file, store.into);
    if let StoreKind::Method(name) = &store.kind
        && !waiting::TELLERS.contains(&&**name)
        && !may_hold(package, into)
    {
        return;
    }
    let values: Vec<ValueId> = store
        .values
        .iter()
        .map(|&value| package.translate(file, value))
        .collect();
    for into in package.terms.choices(into) {
        match &store.kind {
            StoreKind::Property => property(package, into, &values, place),
            StoreKind::Method(name) => method(package, into, name, &values, place),
            StoreKind::Handed => handed(package, into, &values, place),
            StoreKind::Called => called(package, into, &values, place),
        }
        let reached = match store.kind {
            StoreKind::Called => std::slice::from_ref(&into),
            StoreKind::Handed => &values,
            StoreKind::Method(ref name) if &**name == "pipeline" => &values,
            _ => continue,
        };
        for &value in reached {
            for choice in package.terms.choices(value) {
                if let Term::Function(function) = *package.terms.get(choice) {
                    calls.push((file, store.function, function));
                }
            }
        }
    }
}

/// A function of the file that is called by its value gets these.
fn called(package: &mut Package<'_>, function: ValueId, values: &[ValueId], place: Place) {
    if let Term::Function(function) = *package.terms.get(function) {
        for (at, &value) in (0u32..).zip(values) {
            package.given_to(function, at, Given::Known(value), place);
        }
    }
}

/// Whether a value may be, or belong to, an instance that is found again.
fn may_hold(package: &Package<'_>, into: ValueId) -> bool {
    package.terms.choices(into).into_iter().any(|choice| {
        let mut holder = choice;
        while let Term::Member(of, name) = package.terms.get(holder) {
            if &**name == "stdin" {
                return true;
            }
            holder = *of;
        }
        matches!(
            package.terms.get(holder),
            Term::New(..) | Term::Call(..) | Term::Param(..)
        )
    })
}

fn property(package: &mut Package<'_>, into: ValueId, values: &[ValueId], place: Place) {
    let Some(&value) = values.first() else {
        return;
    };
    // `port.onmessage = (event) => …` listens.
    if let Term::Member(port, name) = package.terms.get(into).clone()
        && let Some(event) = name.strip_prefix("on")
        && let Term::Function(listener) = *package.terms.get(value)
    {
        let listen = package.terms.member(port, "addEventListener");
        let event = package.terms.string(event);
        let call = package.terms.call(listen, &[event, value], place);
        let event = package.terms.add(Term::Handed(call, 1, 0));
        package.given_to(listener, 0, Given::Known(event), place);
    }
    // `process.env = new Proxy(process.env, …)` puts nothing there that was not there before.
    if wraps(package, value, into) {
        return;
    }
    let put = Put {
        key: None,
        value,
        place,
    };
    package.channels.store(into, put);
}

/// Whether a value is made of another, which is an argument of what makes it.
fn wraps(package: &Package<'_>, value: ValueId, inner: ValueId) -> bool {
    match package.terms.get(value) {
        Term::Call(_, args, _) | Term::New(_, args, _) => args.contains(&inner),
        Term::OneOf(choices) => choices.contains(&inner),
        _ => false,
    }
}

fn method(package: &mut Package<'_>, into: ValueId, name: &str, values: &[ValueId], place: Place) {
    let Some(&first) = values.first() else {
        return;
    };
    let text = package.terms.as_string(first);
    let put = |value: ValueId| Put {
        key: None,
        value,
        place,
    };
    match name {
        "emit" => {
            // A method of its own may get the name from its callers.
            let names = match text {
                Some(event) => vec![event],
                None => named_events(package, first),
            };
            for event in names {
                emit(package, event, into, values.get(1..).unwrap_or(&[]), place);
            }
        }
        "dispatchEvent" => {
            if let Term::New(_, args, _) = package.terms.get(first).clone()
                && let Some(event) = args.first().and_then(|&name| package.terms.as_string(name))
            {
                emit(package, event, into, &[first], place);
            }
        }
        "postMessage" | "send" => {
            let messages = &mut package.channels;
            // A port's other end may be anywhere.
            let (down, up) = match package.terms.get(into) {
                Term::Member(_, port) => (&**port != "parentPort", true),
                Term::Global(_) => (false, true),
                Term::New(callee, ..) => {
                    let is_channel = matches!(package.terms.get(*callee), Term::Global(name)
                        if &**name == "BroadcastChannel");
                    (true, is_channel)
                }
                _ => (true, false),
            };
            if down {
                keep(&mut messages.down, put(first));
            }
            if up {
                keep(&mut messages.up, put(first));
            }
        }
        "pipe" | "pipeTo" | "pipeThrough" | "copy" => {
            for to in package.terms.choices(first) {
                flows_into(package, to, into, place);
            }
        }
        "pipeline" => {
            for pair in values.windows(2) {
                for to in package.terms.choices(pair[1]) {
                    flows_into(package, to, pair[0], place);
                }
            }
        }
        // The controller of a stream, which its source gets.
        "enqueue" if matches!(package.terms.get(into), Term::Param(..)) => {
            package.channels.put_inside(into, put(first));
        }
        _ => {
            // Where the tables know what the method does, it does no more than that.
            let called = package.terms.member(into, name);
            let row = package.terms.api(called);
            if row.is_some_and(|row| !row.effects.is_empty()) {
                return;
            }
            let mut holder = into;
            // `child.stdin.end(…)` is read there as `process.stdin`.
            if matches!(package.terms.get(into), Term::Member(_, key) if &**key == "stdin") {
                let process = package.terms.global("process");
                let input = package.terms.member(process, "stdin");
                package.channels.store(input, put(first));
            }
            // What is read from an instance belongs to it: `url.searchParams.set(…)`.
            while let Term::Member(of, _) = *package.terms.get(holder) {
                holder = of;
            }
            if !matches!(package.terms.get(holder), Term::New(..) | Term::Call(..)) {
                return;
            }
            let is_keyed = matches!(name, "set" | "append") && values.len() > 1;
            for (at, &value) in values.iter().enumerate() {
                if is_keyed && at == 0 && text.is_some() {
                    continue;
                }
                let key = text.clone().filter(|_| is_keyed);
                package
                    .channels
                    .put_inside(holder, Put { key, value, place });
            }
        }
    }
}

/// A stream flows into another, or into a function; a stream made with a function of its own
/// hands that what comes in.
fn flows_into(package: &mut Package<'_>, to: ValueId, from: ValueId, place: Place) {
    const HANDLERS: [&str; 2] = ["transform", "write"];
    let put = Put {
        key: None,
        value: from,
        place,
    };
    match package.terms.get(to).clone() {
        Term::Function(function) => package.given_to(function, 0, Given::Known(from), place),
        Term::New(_, args, _) => {
            package.channels.put_inside(to, put);
            let Some(&options) = args.first() else { return };
            for name in HANDLERS {
                if let Term::Object(properties, _) = package.terms.get(options).clone()
                    && let Some((_, handler)) = properties.iter().find(|(key, _)| &**key == name)
                    && let Term::Function(handler) = *package.terms.get(*handler)
                {
                    package.given_to(handler, 0, Given::Known(from), place);
                }
            }
        }
        _ => package.channels.put_inside(to, put),
    }
}

/// The names that callers give an event, where all that emits it is a parameter.
fn named_events(package: &mut Package<'_>, event: ValueId) -> Vec<Key> {
    const MOST_NAMES: usize = 16;
    if !matches!(package.terms.get(event), Term::Param(..)) {
        return Vec::new();
    }
    let event = package.close(event);
    let choices = package.terms.choices(event);
    let names = choices.into_iter();
    names
        .filter_map(|choice| package.terms.as_string(choice))
        .take(MOST_NAMES)
        .collect()
}

fn emit(package: &mut Package<'_>, event: Key, bus: ValueId, args: &[ValueId], place: Place) {
    let emitted = package.channels.events.entry(event).or_default();
    if emitted.len() < MOST {
        emitted.push(Emitted {
            bus,
            args: args.to_vec(),
            place,
        });
    }
}

/// Functions among the arguments of a call get what it hands over.
fn handed(package: &mut Package<'_>, callee: ValueId, values: &[ValueId], place: Place) {
    for (position, &value) in (0u32..).zip(values) {
        for choice in package.terms.choices(value) {
            let Term::Function(function) = *package.terms.get(choice) else {
                continue;
            };
            for at in 0..MOST_PARAMETERS {
                let given = given(package, callee, values, position, at, place);
                package.given_to(function, at, Given::Known(given), place);
            }
        }
    }
}

/// What a call hands to parameter `at` of the function that is its argument `position`.
fn given(
    package: &mut Package<'_>,
    callee: ValueId,
    args: &[ValueId],
    position: u32,
    at: u32,
    place: Place,
) -> ValueId {
    if let Term::Member(receiver, method) = package.terms.get(callee).clone() {
        match (&*method, position, at) {
            ("then", 0, 0) => return receiver,
            ("catch", 0, 0) | ("then", 1, 0) => return package.terms.derived(&[receiver], place),
            ("finally", ..) => return package.terms.add(Term::Undefined),
            ("map" | "forEach" | "filter" | "some" | "every" | "find" | "flatMap", 0, 0)
                if package.terms.type_of(receiver).is_none() =>
            {
                return package.terms.item(receiver, place);
            }
            _ => {}
        }
    }
    let call = package.terms.call(callee, args, place);
    package.terms.add(Term::Handed(call, position, at))
}

/// What uses put down: files, environments and arguments of children, ends of streams.
pub(super) fn of_uses(package: &mut Package<'_>, uses: &[Use]) {
    for one in uses {
        let place = one.place();
        for (at, effect) in one.effects.iter().enumerate() {
            match effect.behaviour.id {
                "fs.write" => written(package, one, at),
                "process.exec" | "process.spawn" | "process.fork" | "code.worker" => {
                    child(package, one, place);
                }
                "module.hook" => hook(package, one, effect),
                _ => {}
            }
        }
        if one.row.path == "stream.Readable#pipe"
            && let Term::Member(from, _) = *package.terms.get(one.callee)
            && let Some(&to) = one.args.first()
        {
            flows_into(package, to, from, place);
        }
    }
}

fn hook(package: &mut Package<'_>, one: &Use, effect: &Effect) {
    let mut targets = effect.targets.iter();
    if !targets.any(|target| target.text.as_deref() == Some("network")) {
        return;
    }
    for &arg in &one.args {
        for choice in package.terms.choices(arg) {
            if let Term::Function(function) = *package.terms.get(choice) {
                package.channels.hooks.insert(function);
            }
        }
    }
}

fn written(package: &mut Package<'_>, one: &Use, effect: usize) {
    let place = one.place();
    let Some(written) = one.effects.get(effect) else {
        return;
    };
    let paths: Vec<Key> = written
        .targets
        .iter()
        .filter(|target| target.kind == AimKind::Path)
        .filter_map(|target| target.text.clone())
        .collect();
    let mut values: Vec<ValueId> = Vec::new();
    for &at in one.row.data {
        values.extend(arguments_at(package, at, &one.args));
    }
    // What is written to the stream that it opens; a folder that it makes holds nothing.
    if values.is_empty() && package.terms.type_of(one.value).is_some() {
        values.push(one.value);
    }
    // A copy: the first effect reads, or moves, the original.
    let first = one.row.effects.first().and_then(|effect| effect.aim);
    if let Some(aim) = first.filter(|_| effect > 0) {
        let from = targets(package, aim, one.row, one.callee, &one.args);
        let from = from.into_iter().filter_map(|target| target.text);
        for original in from.take(MOST) {
            for path in &paths {
                let originals = package.channels.copies.entry(path.clone()).or_default();
                originals.push(Key::clone(&original));
            }
        }
        return;
    }
    for path in paths {
        for &value in &values {
            let put = Put {
                key: None,
                value,
                place,
            };
            keep(package.channels.files.entry(path.clone()).or_default(), put);
        }
    }
}

/// What a child or a worker finds: its environment, its arguments, the data of a worker.
fn child(package: &mut Package<'_>, one: &Use, place: Place) {
    let put = |value: ValueId| Put {
        key: None,
        value,
        place,
    };
    let process = package.terms.global("process");
    for &arg in &one.args {
        let arg = package.close(arg);
        match package.terms.get(arg).clone() {
            Term::Array(items, _) => {
                let argv = package.terms.member(process, "argv");
                for &item in items.iter() {
                    if !package.terms.is_constant(item) {
                        package.channels.store(argv, put(item));
                    }
                }
            }
            Term::Object(properties, _) => {
                for (name, value) in properties.iter() {
                    match &**name {
                        "env" => environment(package, *value, place),
                        "workerData" => {
                            let threads = package.terms.module("worker_threads");
                            let data = package.terms.member(threads, "workerData");
                            package.channels.store(data, put(*value));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn environment(package: &mut Package<'_>, given: ValueId, place: Place) {
    let given = package.close(given);
    let Term::Object(properties, _) = package.terms.get(given).clone() else {
        return;
    };
    let process = package.terms.global("process");
    let environment = package.terms.member(process, "env");
    for (name, value) in properties.iter() {
        if matches!(&**name, "..." | "*") || package.terms.is_constant(*value) {
            continue;
        }
        let variable = package.terms.member(environment, name);
        let put = Put {
            key: None,
            value: *value,
            place,
        };
        package.channels.store(variable, put);
    }
}
