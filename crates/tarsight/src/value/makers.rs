//! What `this` holds in functions that belong to no class: methods of an object literal, and
//! functions that make instances, with those of their `prototype`.

use rustc_hash::FxHashMap;

use super::eval::Evaluator;
use super::index::Index;
use super::terms::ValueId;
use crate::parse::ir::{FuncId, Ir, ListId, Node, NodeId, Op};
use crate::parse::names::{self, NameId};

/// Writes to one property that are read.
const MOST_WRITES: usize = 256;

/// To whom methods belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Maker {
    /// An object literal.
    Object(NodeId),
    /// A function that `new` is called with.
    Function(FuncId),
}

/// Who makes what, once somebody asked.
#[derive(Debug, Default)]
pub(super) struct Makers {
    makers: FxHashMap<FuncId, Maker>,
    /// `this.name = …` and `Maker.prototype.name = …`.
    writes: FxHashMap<(Maker, NameId), Vec<NodeId>>,
    /// `this.name.push(…)`, `this.name[key] = …`.
    changes: FxHashMap<(Maker, NameId), Vec<NodeId>>,
}

impl Makers {
    fn new(ir: &Ir, index: &Index) -> Self {
        let mut makers = Self::default();
        for &id in &ir.writes {
            makers.read_prototype(ir, id);
        }
        for &id in &ir.writes {
            let write = ir.node(id);
            if write.op != Op::Assign || index.is_dead(id) {
                continue;
            }
            let target = ir.node(NodeId(write.a));
            if let Some(key) = makers.own_property(ir, index, target) {
                makers.writes.entry(key).or_default().push(id);
            } else if matches!(target.op, Op::Member | Op::Index)
                && let Some(key) = makers.own_property(ir, index, ir.node(NodeId(target.a)))
            {
                makers.changes.entry(key).or_default().push(id);
            }
        }
        for &id in &ir.calls {
            let call = ir.node(id);
            let callee = ir.node(NodeId(call.a));
            let adds = [names::PUSH, names::UNSHIFT, names::SPLICE];
            if call.op == Op::Call
                && callee.op == Op::Member
                && adds.contains(&NameId(callee.b))
                && let Some(key) = makers.own_property(ir, index, ir.node(NodeId(callee.a)))
            {
                makers.changes.entry(key).or_default().push(id);
            }
        }
        makers
    }

    /// `Maker.prototype.name = function …` and `Maker.prototype = { name() … }`.
    fn read_prototype(&mut self, ir: &Ir, id: NodeId) {
        let write = ir.node(id);
        let target = ir.node(NodeId(write.a));
        if write.op != Op::Assign || target.op != Op::Member {
            return;
        }
        let value = ir.node(NodeId(write.b));
        if NameId(target.b) == names::PROTOTYPE && value.op == Op::Object {
            let Some(maker) = function_of(ir, ir.node(NodeId(target.a))) else {
                return;
            };
            self.makers.insert(maker, Maker::Function(maker));
            for property in ir.list(ListId(value.a)) {
                let method = ir.node(NodeId(ir.node(property).b));
                if method.op == Op::Function {
                    self.makers.insert(FuncId(method.a), Maker::Function(maker));
                }
            }
            return;
        }
        let prototype = ir.node(NodeId(target.a));
        if prototype.op != Op::Member || NameId(prototype.b) != names::PROTOTYPE {
            return;
        }
        let Some(maker) = function_of(ir, ir.node(NodeId(prototype.a))) else {
            return;
        };
        self.makers.insert(maker, Maker::Function(maker));
        if value.op == Op::Function {
            self.makers.insert(FuncId(value.a), Maker::Function(maker));
        }
        let key = (Maker::Function(maker), NameId(target.b));
        self.writes.entry(key).or_default().push(id);
    }

    /// To whom a function belongs.
    fn maker(&self, index: &Index, function: FuncId) -> Option<Maker> {
        let known = self.makers.get(&function).copied();
        known.or_else(|| {
            index
                .owner(function)
                .map(|(object, _)| Maker::Object(object))
        })
    }

    /// Whose property `this.name` is.
    fn own_property(&self, ir: &Ir, index: &Index, member: Node) -> Option<(Maker, NameId)> {
        let object = ir.node(NodeId(member.a));
        if member.op != Op::Member || object.op != Op::This {
            return None;
        }
        let function = ir.functions.get(object.a as usize)?;
        if function.class.some().is_some() {
            return None;
        }
        let maker = self.maker(index, FuncId(object.a))?;
        Some((maker, NameId(member.b)))
    }
}

/// The function that a name holds, if it was given one thing.
fn function_of(ir: &Ir, name: Node) -> Option<FuncId> {
    let binding = (name.op == Op::Name).then(|| ir.bindings.get(name.b as usize))??;
    let def = ir.defs.get(binding.first_def as usize)?;
    let value = ir.node(def.value);
    (value.op == Op::Function && def.next == u32::MAX).then_some(FuncId(value.a))
}

impl Evaluator<'_> {
    /// A property of `this` in a function of no class. Others may call the function on another
    /// object, so what is missing there stays open.
    pub(super) fn own_member(&mut self, function: FuncId, key: &str) -> Option<ValueId> {
        let makers = match self.makers.take() {
            Some(makers) => makers,
            None => Box::new(Makers::new(self.ir, &self.index)),
        };
        let maker = makers.maker(&self.index, function);
        let name = self.ir.names.find(self.text, key);
        let of = |all: &FxHashMap<(Maker, NameId), Vec<NodeId>>| -> Vec<NodeId> {
            let found = maker.zip(name).and_then(|key| all.get(&key));
            found.map_or_else(Vec::new, |all| {
                all.iter().copied().take(MOST_WRITES).collect()
            })
        };
        let (writes, changes) = (of(&makers.writes), of(&makers.changes));
        self.makers = Some(makers);
        let mut values: Vec<ValueId> = Vec::new();
        if let Some(Maker::Object(object)) = maker {
            values.extend(self.written_property(object, key));
        }
        for write in writes {
            let written = self.ir.node(write).b;
            values.push(self.eval(NodeId(written)));
        }
        if values.is_empty() {
            return None;
        }
        let value = self.terms.one_of(&values);
        Some(self.after_changes(value, &changes))
    }
}
