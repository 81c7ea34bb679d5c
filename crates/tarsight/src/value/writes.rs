//! What is written to the properties of a name, or pushed to it, after it was made.

use super::eval::Evaluator;
use super::index::MOST_KEYS;
use super::terms::{Key, Term, ValueId};
use crate::parse::ir::{BindingId, ClassId, ListId, NodeId, Op};
use crate::parse::names::{self, NameId};

/// More writes to one name than this are not read.
const MOST_WRITES: usize = 256;

impl Evaluator<'_> {
    /// Adds the writes to what a name was given.
    pub(super) fn with_writes(&mut self, id: BindingId, value: ValueId) -> ValueId {
        if !matches!(self.terms.get(value), Term::Object(..) | Term::Array(..)) {
            return match self.has_changed_bytes(id) {
                true => self.with_changed_bytes(value),
                false => value,
            };
        }
        let writes: Vec<NodeId> = self.index.writes_of(id).take(MOST_WRITES).collect();
        self.after_writes(value, &writes, 0)
    }

    /// What a property of an instance holds, with what methods of its class add to that.
    pub(super) fn with_changes(&mut self, class: ClassId, key: &str, value: ValueId) -> ValueId {
        let Some(name) = self.ir.names.find(self.text, key) else {
            return value;
        };
        let changes = self.index.this_changes(class, name).iter();
        let changes: Vec<NodeId> = changes.copied().take(MOST_WRITES).collect();
        self.after_changes(value, &changes)
    }

    /// What `this.name` holds after writes to its properties and pushes to it.
    pub(super) fn after_changes(&mut self, value: ValueId, changes: &[NodeId]) -> ValueId {
        // The first of them stands for all: they are those of one property.
        let Some(&first) = changes.first() else {
            return value;
        };
        if let Some(&known) = self.changed.get(&(first, value)) {
            return known;
        }
        let choices = self.terms.choices(value);
        let changed: Vec<ValueId> = choices
            .iter()
            .map(|&one| self.after_writes(one, changes, 1))
            .collect();
        let changed = self.terms.one_of(&changed);
        if !self.circles.is_spoiled() {
            self.changed.insert((first, value), changed);
        }
        changed
    }

    /// A value after writes to its properties, which stand behind so many names.
    fn after_writes(&mut self, value: ValueId, writes: &[NodeId], names: usize) -> ValueId {
        if !matches!(self.terms.get(value), Term::Object(..) | Term::Array(..)) {
            return value;
        }
        let mut value = value;
        for &write in writes {
            let node = self.ir.node(write);
            value = if node.op == Op::Call {
                self.after_call(value, NodeId(node.a), ListId(node.b))
            } else {
                let keys = self.keys(NodeId(node.a));
                let written = self.eval(NodeId(node.b));
                self.with_property(value, keys.get(names..).unwrap_or(&[]), written)
            };
        }
        value
    }

    /// What bytes are after some of them were written: which, only a run tells.
    fn with_changed_bytes(&mut self, value: ValueId) -> ValueId {
        let choices: Vec<ValueId> = self
            .terms
            .choices(value)
            .iter()
            .map(|&one| match *self.terms.get(one) {
                Term::Bytes(_) => self.terms.unresolved(),
                Term::Call(callee, _, place) | Term::New(callee, _, place)
                    if self.makes_bytes(callee) =>
                {
                    self.terms.derived(&[one], place)
                }
                _ => one,
            })
            .collect();
        self.terms.one_of(&choices)
    }

    /// Whether calling or constructing with a value gives bytes.
    fn makes_bytes(&self, callee: ValueId) -> bool {
        let name = match self.terms.get(callee) {
            Term::Global(name) => name,
            Term::Member(of, _) => match self.terms.get(*of) {
                Term::Global(name) => name,
                _ => return false,
            },
            _ => return false,
        };
        matches!(&**name, "Buffer" | "Uint8Array" | "Uint8ClampedArray")
    }

    /// Whether single bytes of what a name holds are written: `bytes[at] ^= key`.
    fn has_changed_bytes(&self, id: BindingId) -> bool {
        let mut writes = self.index.writes_of(id).take(MOST_WRITES);
        writes.any(|write| {
            let node = self.ir.node(write);
            node.op == Op::Assign && self.ir.node(NodeId(node.a)).op == Op::Index
        })
    }

    /// What a value is after `name.push(…)`, `Object.assign(name, …)` and the like.
    fn after_call(&mut self, value: ValueId, callee: NodeId, args: ListId) -> ValueId {
        let args = self.list(args);
        match (NameId(self.ir.node(callee).b), args.as_slice()) {
            (names::ASSIGN, [_, from @ ..]) => {
                let mut value = value;
                for &from in from {
                    value = self.with_assigned(value, from);
                }
                value
            }
            (names::SET, &[_, key, written]) => {
                let key = self.terms.as_text(key);
                self.with_property(value, &[key], written)
            }
            (names::DEFINE_PROPERTY, &[_, key, described]) => {
                let key = self.terms.as_text(key);
                let mut written = self.member(described, "value");
                let getter = self.member(described, "get");
                if let Term::Function(getter) = *self.terms.get(getter) {
                    written = self.returned(getter);
                }
                self.with_property(value, &[key], written)
            }
            (names::UNSHIFT, first) => self.with_first(value, first),
            (names::SPLICE, [_, _, new @ ..]) => self.with_first(value, new),
            (names::PUSH, pushed) => self.with_items(value, pushed),
            _ => value,
        }
    }

    /// All properties of an object on top of those of another.
    fn with_assigned(&mut self, object: ValueId, from: ValueId) -> ValueId {
        match (self.terms.get(object).clone(), self.terms.get(from).clone()) {
            (Term::Object(..), Term::Object(more, _)) => {
                let mut object = object;
                for (key, value) in more.iter() {
                    object = self.with_property(object, &[Some(Key::clone(key))], *value);
                }
                object
            }
            (Term::Object(properties, _), _) => {
                let mut all = properties.to_vec();
                all.push((Key::from("..."), from));
                self.terms.add(Term::Object(all.into(), true))
            }
            _ => object,
        }
    }

    /// An array with items that may now stand anywhere, at its start at the latest.
    fn with_first(&mut self, array: ValueId, first: &[ValueId]) -> ValueId {
        match self.terms.get(array).clone() {
            Term::Array(items, _) => {
                let mut all = first.to_vec();
                all.extend_from_slice(&items);
                self.terms.add(Term::Array(all.into(), true))
            }
            _ => array,
        }
    }

    /// The keys of `name.a.b`, outermost first; `None` where one is no constant.
    fn keys(&mut self, target: NodeId) -> Vec<Option<Key>> {
        let mut keys = Vec::new();
        let mut node = self.ir.node(target);
        for _ in 0..=MOST_KEYS {
            let key = match node.op {
                Op::Member => Some(Key::from(self.ir.name(self.text, NameId(node.b)))),
                Op::Index => {
                    let key = self.eval(NodeId(node.b));
                    self.terms.as_key(key)
                }
                _ => break,
            };
            keys.push(key);
            node = self.ir.node(NodeId(node.a));
        }
        keys.reverse();
        keys
    }

    fn with_items(&mut self, array: ValueId, pushed: &[ValueId]) -> ValueId {
        match self.terms.get(array).clone() {
            Term::Array(items, _) => {
                let mut all = items.to_vec();
                all.extend_from_slice(pushed);
                self.terms.add(Term::Array(all.into(), true))
            }
            _ => array,
        }
    }

    pub(super) fn with_property(
        &mut self,
        object: ValueId,
        keys: &[Option<Key>],
        value: ValueId,
    ) -> ValueId {
        let Some((key, below)) = keys.split_first() else {
            return object;
        };
        match self.terms.get(object).clone() {
            Term::Object(properties, open) => {
                let mut all = properties.to_vec();
                let open = open || key.is_none();
                let key = key.clone().unwrap_or_else(|| Key::from("*"));
                let known = all.iter().rposition(|(known, _)| *known == key);
                match known {
                    Some(at) if below.is_empty() => {
                        all[at].1 = self.terms.one_of(&[all[at].1, value]);
                    }
                    Some(at) => all[at].1 = self.with_property(all[at].1, below, value),
                    None => {
                        let inner = self.inside(below, value);
                        all.push((key, inner));
                    }
                }
                self.terms.add(Term::Object(all.into(), open))
            }
            Term::Array(..) => {
                let inner = self.inside(below, value);
                self.with_items(object, &[inner])
            }
            _ => object,
        }
    }

    /// `{ a: { b: value } }`, which holds more than is known.
    fn inside(&mut self, keys: &[Option<Key>], value: ValueId) -> ValueId {
        let mut value = value;
        for key in keys.iter().rev() {
            let key = key.clone().unwrap_or_else(|| Key::from("*"));
            value = self.terms.add(Term::Object([(key, value)].into(), true));
        }
        value
    }
}
