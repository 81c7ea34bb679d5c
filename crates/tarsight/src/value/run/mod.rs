//! Runs a file's code: concretely where everything is known, and around what is outside.
//!
//! What is outside (modules, globals, parameters nobody gave) stays a symbolic value of
//! [`Terms`], and what is done with it gives another one. A condition that depends on it takes
//! both ways. Nothing of the host is there: no input, no output, no clock. Every step is
//! counted. What calls and reads of the outside were given is noted per node.
#![allow(
    clippy::wrong_self_convention,
    reason = "ToNumber and its kin are the language's names, and run code"
)]

mod assign;
mod branch;
mod builtin;
mod call;
mod called;
mod choice;
mod class;
mod code;
mod convert;
mod crypto;
mod decoded;
mod drive;
mod emitter;
mod expr;
mod files;
mod generator;
mod host;
mod iterate;
mod later;
mod names;
mod native;
mod object;
mod operate;
mod property;
mod regex;
mod scope;
mod stmt;
mod text;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

pub(in crate::value) use builtin::is_module_function;
pub(in crate::value) use drive::Observed;
pub(crate) use drive::{Ran, Seen};
pub(crate) use files::{Around, Loads};
use object::{Activation, Atom, Atoms, Key, Kind, ObjId, Object, Prop, Props, Slot, Val};
use scope::{Env, Scopes};
use text::Text;

use super::terms::{Place, Terms, ValueId};
use crate::parse::ir::{FuncId, Ir, NodeId};
use crate::parse::names::NameId;

/// Why an expression has no value.
enum Stop {
    /// Code threw this.
    Throw(Val),
    /// A builtin met something outside.
    Opaque,
    /// Steps, memory or depth ran out.
    End,
    /// A generator waits for what it is sent.
    Paused,
}

/// The outcome of running something.
type Run<T = Val> = Result<T, Stop>;

/// How a statement ended.
enum Flow {
    Normal,
    Break(NameId),
    Continue(NameId),
    Return(Val),
}

/// Steps before the run has made any text, besides one for each byte of the file; and those that
/// a new text earns: code that decodes goes on, code that goes round does not.
const FIRST_STEPS: u64 = 20_000;
const STEPS_FOR_TEXT: u64 = 60_000;
/// Steps that a run of a package has more: it does something, and does not only decode.
const PROGRAM_STEPS: u64 = 80_000;
/// Longest string or array, and most bytes of all.
const MOST_LENGTH: usize = 1 << 22;
const MOST_MEMORY: u64 = 1 << 27;
/// Deepest nesting of expressions, statements and calls, by the stack they take.
const MOST_DEPTH: u32 = 1_200;

/// The code that runs: the file, or text that it made.
struct Unit<'a> {
    id: usize,
    ir: Held<'a>,
    text: Rc<str>,
    scopes: Scopes,
    names: RefCell<Vec<u32>>,
    /// What a direct `eval` sees: the unit and environment around it.
    around: Option<(Rc<Unit<'a>>, Rc<Env>)>,
    /// Generators that take what they are sent.
    takers: OnceCell<FxHashSet<FuncId>>,
}

enum Held<'a> {
    Borrowed(&'a Ir),
    Owned(Box<Ir>),
}

impl Deref for Held<'_> {
    type Target = Ir;

    fn deref(&self) -> &Ir {
        match self {
            Self::Borrowed(ir) => ir,
            Self::Owned(ir) => ir,
        }
    }
}

/// The context of the code at hand.
struct Cx<'a> {
    unit: Rc<Unit<'a>>,
    env: RefCell<Rc<Env>>,
    activation: Rc<Activation>,
    args: Vec<Val>,
    is_async: bool,
    /// What branches returned that may not have been taken.
    partial: RefCell<Vec<Val>>,
    /// A branch that may not have been taken left the loop.
    escaped: Cell<bool>,
    /// What a generator gave so far, and was sent.
    yields: RefCell<generator::Yields>,
}

/// A run of one file.
pub(in crate::value) struct Machine<'a> {
    units: Vec<Rc<Unit<'a>>>,
    terms: Terms,
    heap: Vec<Object>,
    atoms: Atoms,
    realm: builtin::Realm,
    globals: FxHashMap<Atom, Val>,
    steps: u64,
    ceiling: u64,
    /// Steps that the run has earned by making texts it had not made before.
    earned: u64,
    made_texts: FxHashSet<Rc<[u16]>>,
    memory: u64,
    depth: u32,
    /// Nodes that have a value of their own while a pattern or compound assignment runs.
    overrides: Vec<(NodeId, Val)>,
    /// What was seen, for each file of the run; the first units are these.
    observed: Vec<Observed>,
    /// How far the run came.
    ran: Ran,
    /// Functions and classes of the files before each, so that each has a number of its own.
    bases: Vec<(u32, u32)>,
    /// The package, if more than one file of it runs.
    files: Option<files::Files<'a>>,
    invoked: FxHashSet<(usize, FuncId)>,
    created: FxHashMap<(usize, FuncId), ObjId>,
    /// What reading files of the package gave: bytes and texts → the call.
    read_files: FxHashMap<files::Read, ValueId>,
    /// Whether functions run now that nobody was seen to call.
    is_rest: bool,
    /// Whether functions were left that nobody called.
    is_cut: bool,
    /// While functions run once more: the first object that is newer than this call.
    again: Option<ObjId>,
    /// Prototype → an instance that anybody made.
    instances: FxHashMap<ObjId, Val>,
    pending: Vec<called::Waiting>,
    /// Generators that nobody went through yet.
    asleep: Vec<ObjId>,
    caught: FxHashSet<NodeId>,
    host_calls: u64,
    place: Place,
    /// The call of a file that runs now.
    site: (usize, NodeId),
    /// How much code was made at run time.
    made: u32,
    /// Texts that decoders made.
    decoded: Vec<Rc<[u16]>>,
    /// The code that stands for a module of Node, and what it gives.
    library: Option<usize>,
    emitter: Option<Val>,
    /// What of it was read with nothing around it.
    read_texts: FxHashMap<Rc<str>, Rc<Unit<'a>>>,
    patterns: FxHashMap<(Rc<[u16]>, String), Rc<regex::Pattern>>,
    /// The text that patterns matched last.
    subject: Option<Rc<regex::Subject>>,
    /// How often conditions were taken both ways, by unit.
    forked: FxHashMap<(usize, NodeId), u8>,
    /// Parts of the value that becomes symbolic now.
    shown: u32,
    /// What names were before the branch that may not run, innermost branch last.
    before: Vec<branch::Before>,
    /// What `super(…)` made for the constructor at hand.
    constructing: Option<Val>,
}

impl<'a> Machine<'a> {
    /// Ready to run a file; `terms` comes back with [`Machine::finish`](drive).
    pub(in crate::value) fn new(ir: &'a Ir, text: &'a str, terms: Terms, limit: u64) -> Self {
        let unit = Rc::new(Unit {
            id: 0,
            scopes: Scopes::new(ir),
            names: RefCell::new(vec![u32::MAX; ir.names.len()]),
            ir: Held::Borrowed(ir),
            text: Rc::from(text),
            around: None,
            takers: OnceCell::new(),
        });
        let mut machine = Self {
            units: vec![unit],
            terms,
            heap: Vec::new(),
            atoms: Atoms::default(),
            realm: builtin::Realm::default(),
            globals: FxHashMap::default(),
            steps: 0,
            ceiling: limit,
            earned: FIRST_STEPS + text.len() as u64,
            made_texts: FxHashSet::default(),
            memory: 0,
            depth: 0,
            overrides: Vec::new(),
            observed: vec![Observed::default()],
            ran: Ran::default(),
            bases: vec![(0, 0)],
            files: None,
            invoked: FxHashSet::default(),
            created: FxHashMap::default(),
            read_files: FxHashMap::default(),
            is_rest: false,
            is_cut: false,
            again: None,
            instances: FxHashMap::default(),
            pending: Vec::new(),
            asleep: Vec::new(),
            caught: FxHashSet::default(),
            host_calls: 0,
            place: Place::here(Default::default()),
            site: (0, NodeId::NONE),
            made: 0,
            decoded: Vec::new(),
            library: None,
            emitter: None,
            read_texts: FxHashMap::default(),
            patterns: FxHashMap::default(),
            subject: None,
            forked: FxHashMap::default(),
            shown: 0,
            before: Vec::new(),
            constructing: None,
        };
        builtin::install(&mut machine);
        machine
    }

    /// Ready to run files together, each with its text; `around` says what they load.
    pub(in crate::value) fn of_files(
        files: &[(&'a Ir, &'a str)],
        around: &'a dyn Around,
        terms: Terms,
        limit: u64,
    ) -> Option<Self> {
        let (&(ir, text), rest) = files.split_first()?;
        let mut machine = Self::new(ir, text, terms, limit);
        let (mut functions, mut classes) = (0, 0);
        let mut last = ir;
        for &(ir, text) in rest {
            functions += u32::try_from(last.functions.len()).unwrap_or(u32::MAX);
            classes += u32::try_from(last.classes.len()).unwrap_or(u32::MAX);
            machine.bases.push((functions, classes));
            machine.units.push(Rc::new(Unit {
                id: machine.units.len(),
                scopes: Scopes::new(ir),
                names: RefCell::new(vec![u32::MAX; ir.names.len()]),
                ir: Held::Borrowed(ir),
                text: Rc::from(text),
                around: None,
                takers: OnceCell::new(),
            }));
            machine.observed.push(Observed::default());
            machine.earned += text.len() as u64;
            last = ir;
        }
        machine.earned += PROGRAM_STEPS;
        machine.files = Some(files::Files::new(around, files.len()));
        Some(machine)
    }

    /// Whether a unit is a file, and not a text that code made.
    fn is_file(&self, unit: usize) -> bool {
        unit < self.observed.len()
    }

    /// A function's number among those of all files.
    fn numbered(&self, unit: usize, function: FuncId) -> FuncId {
        let base = self.bases.get(unit).map_or(0, |&(functions, _)| functions);
        FuncId(base.saturating_add(function.0))
    }

    /// Notes that the steps ran out: those that it may take, or those that it earned.
    fn note_end(&mut self, most: u64) {
        let by = if most <= self.earned {
            Ran::OutOfSteps
        } else {
            Ran::InPart
        };
        self.ran = self.ran.max(by);
    }

    fn spend(&mut self, steps: u64) -> Run<()> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.ceiling.min(self.earned) {
            self.note_end(self.ceiling);
            return Err(Stop::End);
        }
        Ok(())
    }

    /// Pays for a string, an array or bytes of that length.
    fn pay(&mut self, length: usize) -> Run<()> {
        self.memory = self.memory.saturating_add(length as u64);
        if length > MOST_LENGTH || self.memory > MOST_MEMORY {
            return Err(Stop::End);
        }
        self.spend(length as u64 / 32)
    }

    fn deeper(&mut self) -> Run<()> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            self.depth -= 1;
            // Code that calls itself without end waits for this, and goes on.
            return self.throw("RangeError", "Maximum call stack size exceeded");
        }
        Ok(())
    }

    // ── the heap ─────────────────────────────────────────────────────────────

    fn object(&mut self, proto: Option<ObjId>, kind: Kind) -> Val {
        Val::Obj(self.alloc(proto, kind))
    }

    fn alloc(&mut self, proto: Option<ObjId>, kind: Kind) -> ObjId {
        self.memory = self.memory.saturating_add(128);
        let id = ObjId(u32::try_from(self.heap.len()).unwrap_or(u32::MAX));
        self.heap.push(Object {
            proto,
            props: Props::default(),
            kind,
            extensible: true,
            frozen: false,
        });
        id
    }

    fn at(&self, id: ObjId) -> &Object {
        // Ids come from `alloc` alone; the first object stands in for a broken one.
        self.heap.get(id.0 as usize).unwrap_or(&self.heap[0])
    }

    fn at_mut(&mut self, id: ObjId) -> &mut Object {
        let at = if (id.0 as usize) < self.heap.len() {
            id.0 as usize
        } else {
            0
        };
        &mut self.heap[at]
    }

    fn array(&mut self, items: Vec<Val>) -> Val {
        self.memory = self.memory.saturating_add(16 * items.len() as u64);
        let proto = self.realm.array;
        self.object(proto, Kind::Array(items))
    }

    fn plain(&mut self) -> ObjId {
        let proto = self.realm.object;
        self.alloc(proto, Kind::Plain)
    }

    /// A plain object with these properties.
    fn record(&mut self, properties: &[(&str, Val)]) -> Val {
        let id = self.plain();
        for (name, value) in properties {
            let key = self.key(name);
            self.define(id, key, Prop::plain(value.clone()));
        }
        Val::Obj(id)
    }

    fn define(&mut self, id: ObjId, key: Key, prop: Prop) {
        if let (Key::Index(at), Slot::Value(value)) = (key, &prop.slot)
            && let Kind::Array(items) = &mut self.at_mut(id).kind
            && at as usize <= items.len()
        {
            let value = value.clone();
            if at as usize == items.len() {
                items.push(value);
            } else {
                items[at as usize] = value;
            }
            return;
        }
        self.at_mut(id).props.insert(key, prop);
    }

    // ── names ────────────────────────────────────────────────────────────────

    fn key(&mut self, name: &str) -> Key {
        self.key_of(&Text::new(name))
    }

    /// A property key; whole numbers as arrays write them are told apart.
    fn key_of(&mut self, text: &Text) -> Key {
        if text.len() <= 10 && !text.is_empty() {
            let units = text.units();
            let digits = units.iter().all(|unit| (0x30..=0x39).contains(unit));
            if digits && (units[0] != 0x30 || units.len() == 1) {
                let number = units
                    .iter()
                    .fold(0_u64, |all, &unit| all * 10 + u64::from(unit - 0x30));
                if let Ok(number) = u32::try_from(number)
                    && number != u32::MAX
                {
                    return Key::Index(number);
                }
            }
        }
        Key::Name(self.atoms.of(text))
    }

    fn key_text(&self, key: Key) -> Text {
        match key {
            Key::Index(at) => Text::new(&at.to_string()),
            Key::Name(atom) => self.atoms.text(atom),
        }
    }

    fn name(&mut self, unit: &Unit<'_>, name: NameId) -> Key {
        let known = unit.names.borrow().get(name.0 as usize).copied();
        if let Some(known) = known.filter(|&known| known != u32::MAX) {
            return Key::Name(Atom(known));
        }
        let key = self.key(unit.ir.name(&unit.text, name));
        if let Key::Name(atom) = key
            && let Some(slot) = unit.names.borrow_mut().get_mut(name.0 as usize)
        {
            *slot = atom.0;
        }
        key
    }

    // ── errors ───────────────────────────────────────────────────────────────

    fn error(&mut self, kind: &str, message: &str) -> Val {
        let known = self.realm.errors.get(kind).copied();
        let proto = known.or_else(|| self.realm.errors.get("Error").copied());
        let id = self.alloc(proto, Kind::Error);
        if known.is_none() {
            let name = Key::Name(self.realm.name);
            self.define(id, name, Prop::hidden(Val::str(kind)));
        }
        let key = self.key("message");
        self.define(id, key, Prop::hidden(Val::str(message)));
        let stack = self.key("stack");
        let text = format!("{kind}: {message}\n    at <anonymous>");
        self.define(id, stack, Prop::hidden(Val::str(&text)));
        Val::Obj(id)
    }

    fn throw<T>(&mut self, kind: &str, message: &str) -> Run<T> {
        Err(Stop::Throw(self.error(kind, message)))
    }

    fn type_error<T>(&mut self, message: &str) -> Run<T> {
        self.throw("TypeError", message)
    }

    fn term(&self, id: ValueId) -> &super::terms::Term {
        self.terms.get(id)
    }
}
