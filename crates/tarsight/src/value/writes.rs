//! What is written to the properties of a name, or pushed to it, after it was made.

use super::eval::Evaluator;
use super::index::MOST_KEYS;
use super::terms::{Key, Term, ValueId};
use crate::parse::ir::{BindingId, ListId, NodeId, Op};
use crate::parse::names::NameId;

/// More writes to one name than this are not read.
const MOST_WRITES: usize = 256;

impl Evaluator<'_> {
    /// Adds the writes to what a name was given.
    pub(super) fn with_writes(&mut self, id: BindingId, value: ValueId) -> ValueId {
        if !matches!(self.terms.get(value), Term::Object(..) | Term::Array(..)) {
            return value;
        }
        let writes: Vec<NodeId> = self.index.writes_of(id).take(MOST_WRITES).collect();
        let mut value = value;
        for write in writes {
            let node = self.ir.node(write);
            value = if node.op == Op::Call {
                let pushed = self.list(ListId(node.b));
                self.with_items(value, &pushed)
            } else {
                let keys = self.keys(NodeId(node.a));
                let written = self.eval(NodeId(node.b));
                self.with_property(value, &keys, written)
            };
        }
        value
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
                    self.terms.as_text(key)
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

    fn with_property(&mut self, object: ValueId, keys: &[Option<Key>], value: ValueId) -> ValueId {
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
