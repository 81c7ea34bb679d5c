//! What is only translated when somebody asks for it: most of what a package puts down is never
//! picked up, and most arguments between its files reach nothing that matters.

use rustc_hash::FxHashMap;

use super::channels::{self, Put};
use super::package::Package;
use crate::facts::{ModuleFacts, StoreFact, StoreKind};
use crate::model::{FileId, Span};
use crate::parse::ir::FuncId;
use crate::value::{Key, Place, Term, ValueId};

/// Longest chain `a.b().c` that is looked through for its start.
const MOST_LINKS: usize = 8;
/// Values that one parameter is given.
const MOST_GIVEN: usize = 64;

/// Methods whose arguments turn up elsewhere than in what they are called on.
pub(super) const TELLERS: [&str; 9] = [
    "copy",
    "dispatchEvent",
    "emit",
    "pipe",
    "pipeThrough",
    "pipeTo",
    "pipeline",
    "postMessage",
    "send",
];

/// A value that a parameter gets: one of the package, or one of a file that waits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given {
    Known(ValueId),
    Of(FileId, ValueId),
}

/// Stores that nobody has asked for.
#[derive(Debug, Default)]
pub(super) struct Waiting<'a> {
    /// Name of the global or the property → what is written there.
    named: FxHashMap<Key, Vec<(FileId, &'a StoreFact)>>,
    /// Call that made an instance → what its methods are given.
    made: FxHashMap<Place, Vec<(FileId, &'a StoreFact)>>,
}

impl<'a> Waiting<'a> {
    /// Lets a store wait; whether it can: what it is put into has to be found again by its name or
    /// by the call that made it.
    pub(super) fn add(&mut self, file: FileId, facts: &ModuleFacts, store: &'a StoreFact) -> bool {
        match &store.kind {
            StoreKind::Property => {
                let name = match facts.terms.get(store.into) {
                    Term::Member(of, name) if is_settled(facts, *of) => name,
                    Term::Global(name) => name,
                    _ => return false,
                };
                // `port.onmessage = …` listens.
                if name.starts_with("on") {
                    return false;
                }
                let named = self.named.entry(Key::clone(name)).or_default();
                named.push((file, store));
            }
            StoreKind::Method(name) => {
                if TELLERS.contains(&&**name) {
                    return false;
                }
                let Some(span) = made_by(facts, store.into) else {
                    return false;
                };
                let made = self.made.entry(Place { file, span }).or_default();
                made.push((file, store));
            }
            StoreKind::Handed | StoreKind::Called => return false,
        }
        true
    }
}

/// Whether a value starts at something that stays what it is in the package's table: another
/// file's exports become whatever that file makes of them.
fn is_settled(facts: &ModuleFacts, id: ValueId) -> bool {
    let mut at = id;
    for _ in 0..MOST_LINKS {
        at = match facts.terms.get(at) {
            Term::Member(of, _) | Term::Index(of, _) => *of,
            Term::Call(callee, ..) | Term::New(callee, ..) => *callee,
            Term::Module(name) => return !name.starts_with(['.', '#', '/']),
            Term::OneOf(_) | Term::Object(..) | Term::Array(..) => return false,
            _ => return true,
        };
    }
    false
}

/// The call that made the instance that a value is, or is read from.
fn made_by(facts: &ModuleFacts, id: ValueId) -> Option<Span> {
    let mut at = id;
    for _ in 0..MOST_LINKS {
        at = match facts.terms.get(at) {
            // `child.stdin.write(…)` is put elsewhere too.
            Term::Member(_, name) if &**name == "stdin" => return None,
            Term::Member(of, _) => *of,
            Term::Call(callee, _, place) | Term::New(callee, _, place) => {
                return is_settled(facts, *callee).then_some(place.span);
            }
            _ => return None,
        };
    }
    None
}

impl Package<'_> {
    /// What was written to a global or a property.
    pub(super) fn stored(&mut self, id: ValueId) -> Vec<Put> {
        let name = match self.terms.get(id) {
            Term::Member(_, name) | Term::Global(name) => Some(Key::clone(name)),
            _ => None,
        };
        let waiting = name.and_then(|name| self.waiting.named.remove(&name));
        self.put_down(waiting.unwrap_or_default());
        self.channels.stored(id).to_vec()
    }

    /// What an instance was given.
    pub(super) fn inside(&mut self, id: ValueId) -> Vec<Put> {
        let place = match self.terms.get(id) {
            Term::New(_, _, place) | Term::Call(_, _, place) => Some(*place),
            _ => None,
        };
        let waiting = place.and_then(|place| self.waiting.made.remove(&place));
        self.put_down(waiting.unwrap_or_default());
        self.channels.inside(id).to_vec()
    }

    fn put_down(&mut self, stores: Vec<(FileId, &StoreFact)>) {
        for (file, store) in stores {
            channels::put_down(self, file, store, &mut Vec::new());
        }
    }

    /// Notes that a parameter of a function gets a value from another file.
    pub(super) fn given_to(&mut self, function: FuncId, at: u32, value: Given, place: Place) {
        let given = self.given.entry((function, at)).or_default();
        if given.len() < MOST_GIVEN {
            given.push((value, place));
        }
    }

    /// What a parameter of a function gets from other files; `None` if nothing calls it there.
    pub(super) fn given(&mut self, function: FuncId, at: u32) -> Option<Vec<(ValueId, Place)>> {
        let given = self.given.get(&(function, at)).cloned()?;
        let values: Vec<(ValueId, Place)> = given
            .into_iter()
            .map(|(value, place)| match value {
                Given::Known(value) => (value, place),
                Given::Of(file, value) => (self.translate(file, value), place),
            })
            .collect();
        Some(values)
    }
}
