//! From a node of the IR to its symbolic value, on demand.

use rustc_hash::FxHashMap;

use super::bundled::Bundles;
use super::index::Index;
use super::interest::Interest;
use super::makers::Makers;
use super::provisional::{Asked, Circles};
use super::run::{Observed, Ran};
use super::steps::PATIENCE;
use super::terms::{Key, Place, Term, Terms, ValueId};
use crate::model::{Origin, OriginSet};
use crate::parse::ir::{
    BinaryOp, BindingId, ClassId, FuncId, Ir, ListId, LogicalOp, Node, NodeId, Op, PropertyKind,
    UnaryOp,
};
use crate::parse::names::{self, NameId};

/// State of a binding or node whose value is not known; anything else is a [`ValueId`].
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Evaluates expressions of one file.
pub(crate) struct Evaluator<'a> {
    pub(crate) ir: &'a Ir,
    pub(crate) text: &'a str,
    pub(crate) terms: Terms,
    pub(crate) index: Index,
    pub(super) memo: Vec<u32>,
    /// Per name of the file: the key that it is.
    keys: Vec<Option<Key>>,
    pub(super) bindings: Vec<u32>,
    pub(super) returns: FxHashMap<FuncId, ValueId>,
    /// Values with parameters filled in: from all arguments, and from those that may be callees.
    pub(super) closed: [Vec<u32>; 2],
    pub(super) params: [FxHashMap<(FuncId, u32), ValueId>; 2],
    interest: Interest<'a>,
    pub(super) circles: Circles,
    pub(super) bundles: Bundles,
    pub(super) makers: Option<Box<Makers>>,
    /// What properties hold after what methods did to them, by the first change.
    pub(super) changed: FxHashMap<(NodeId, ValueId), ValueId>,
    pub(super) applying: Vec<FuncId>,
    pub(super) depth: u32,
    /// Steps spent so far.
    pub(crate) steps: u64,
    pub(super) limit: u64,
    /// Steps at which the work at hand ends.
    pub(super) ceiling: u64,
    /// Steps for one value that matters.
    pub(super) patience: u64,
    /// What running the file showed, if it was run, and the steps that took.
    pub(super) observed: Option<Observed>,
    pub(crate) run_steps: u64,
    /// Whether a run left functions that nobody called.
    pub(crate) run_cut: bool,
    /// How far the run came.
    pub(crate) ran: Ran,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that takes at most `limit` steps.
    pub(crate) fn new(ir: &'a Ir, text: &'a str, limit: u64) -> Self {
        let index = Index::new(ir);
        Self {
            ir,
            text,
            terms: Terms::default(),
            interest: Interest::new(ir, text, &index),
            circles: Circles::default(),
            bundles: Bundles::new(ir, text),
            makers: None,
            changed: FxHashMap::default(),
            index,
            memo: vec![UNKNOWN; ir.nodes.len()],
            keys: vec![None; ir.names.len()],
            bindings: vec![UNKNOWN; ir.bindings.len()],
            returns: FxHashMap::default(),
            closed: Default::default(),
            params: Default::default(),
            applying: Vec::new(),
            depth: 0,
            steps: 0,
            limit,
            ceiling: limit,
            patience: PATIENCE,
            observed: None,
            run_steps: 0,
            run_cut: false,
            ran: Ran::default(),
        }
    }

    /// Whether the value of a node could lead outside the file; errs towards yes, and is cheap.
    pub(crate) fn leads_outside(&mut self, node: NodeId) -> bool {
        self.interest.leads_outside(&self.index, node)
    }

    /// Whether calling a node could be listed in the tables or lead to another file; errs towards
    /// yes, and is cheap.
    pub(crate) fn calls_outside(&mut self, callee: NodeId) -> bool {
        self.interest.calls_outside(&self.index, callee)
    }

    /// Whether reading a property of a node could be listed in the tables; errs towards yes, and
    /// is cheap.
    pub(crate) fn reads_outside(&mut self, object: NodeId, name: &str) -> bool {
        self.interest.reads_outside(&self.index, object, name)
    }

    /// Whether writing a property of a node could be listed in the tables; errs towards yes, and
    /// is cheap.
    pub(crate) fn writes_outside(&mut self, object: NodeId, name: &str) -> bool {
        self.interest.writes_outside(&self.index, object, name)
    }

    /// As [`Self::reads_outside`], for a key that is no constant.
    pub(crate) fn reads_any(&mut self, object: NodeId) -> bool {
        self.interest.reads_any(&self.index, object)
    }

    /// The key that a name is.
    pub(super) fn key(&mut self, name: NameId) -> Key {
        let known = self.keys.get(name.0 as usize).cloned().flatten();
        known.unwrap_or_else(|| {
            let key = Key::from(self.ir.name(self.text, name));
            if let Some(slot) = self.keys.get_mut(name.0 as usize) {
                *slot = Some(Key::clone(&key));
            }
            key
        })
    }

    /// A value with its parameters filled in, if that is known.
    pub(super) fn closed(&self, purpose: usize, id: ValueId) -> Option<ValueId> {
        match self.closed.get(purpose)?.get(id.0 as usize) {
            None | Some(&UNKNOWN) => None,
            Some(&known) => Some(ValueId(known)),
        }
    }

    pub(super) fn set_closed(&mut self, purpose: usize, id: ValueId, value: ValueId) {
        let len = self.terms.len();
        if let Some(closed) = self.closed.get_mut(purpose) {
            if closed.len() <= id.0 as usize {
                closed.resize(len, UNKNOWN);
            }
            if let Some(slot) = closed.get_mut(id.0 as usize) {
                *slot = value.0;
            }
        }
    }

    pub(crate) fn place(&self, node: Node) -> Place {
        Place::here(node.span)
    }

    /// The value of a node, with parameters left as they are.
    pub(crate) fn eval(&mut self, id: NodeId) -> ValueId {
        match self.memo.get(id.index()) {
            None | Some(&UNKNOWN) => {}
            Some(&known) => return ValueId(known),
        }
        if let Some(known) = self.circles.known(Asked::Node(id)) {
            return known;
        }
        if !self.step() {
            return self.terms.unresolved();
        }
        let node = self.ir.node(id);
        let outer = self.circles.before();
        self.depth += 1;
        let value = self.eval_node(id, node);
        self.depth -= 1;
        let value = self.filled(id, value);
        let is_final = self.circles.after(outer, Asked::Node(id), value);
        if is_final
            && !matches!(node.op, Op::Name | Op::String | Op::Number)
            && let Some(slot) = self.memo.get_mut(id.index())
        {
            *slot = value.0;
        }
        value
    }

    fn eval_node(&mut self, id: NodeId, node: Node) -> ValueId {
        let a = NodeId(node.a);
        let b = NodeId(node.b);
        match node.op {
            Op::String => {
                let text = self.ir.string(self.text, node);
                self.terms.string(text)
            }
            Op::Number => {
                let bits = u64::from(node.a) | (u64::from(node.b) << 32);
                self.terms.number(f64::from_bits(bits))
            }
            Op::Bool => self.terms.add(Term::Bool(node.a == 1)),
            Op::Null => self.terms.add(Term::Null),
            Op::BigInt => {
                let digits = Key::from(self.ir.string(self.text, node));
                self.terms.add(Term::BigInt(digits))
            }
            Op::Regex => {
                let pattern = Key::from(self.ir.string(self.text, node));
                let flags: String = "dgimsuvy"
                    .chars()
                    .enumerate()
                    .filter(|&(bit, _)| node.sub & (1 << bit) != 0)
                    .map(|(_, flag)| flag)
                    .collect();
                self.terms.add(Term::Regex(pattern, Key::from(flags)))
            }
            Op::Name => self.name(node),
            Op::This => self.this(FuncId(node.a)),
            Op::Super => self.parent(FuncId(node.a)),
            Op::ImportMeta => self.terms.global("import.meta"),
            Op::Arguments => self.arguments(FuncId(node.a)),
            Op::Array => self.array(ListId(node.a)),
            Op::Object => self.object(ListId(node.a)),
            Op::Function => self.terms.add(Term::Function(FuncId(node.a))),
            Op::Class => self.terms.add(Term::Class(ClassId(node.a))),
            Op::Template => {
                let pieces = self.list(ListId(node.a));
                self.terms.concat(&pieces)
            }
            Op::TaggedTemplate => self.tagged(a, b, node),
            Op::Unary => self.unary(a, node),
            Op::Binary => self.binary(id, node),
            Op::Logical => self.logical(a, b, node),
            Op::Conditional => {
                let test = self.eval(a);
                let branches: Vec<NodeId> = self.ir.list(ListId(node.b)).collect();
                let [then, other] = branches.as_slice() else {
                    return self.terms.unresolved();
                };
                match self.terms.truth(test) {
                    Some(true) => self.eval(*then),
                    Some(false) => self.eval(*other),
                    None => {
                        let values = [self.eval(*then), self.eval(*other)];
                        self.terms.one_of(&values)
                    }
                }
            }
            Op::Assign => self.eval(b),
            Op::Update => {
                let value = self.eval(a);
                let place = self.place(node);
                self.terms.derived_number(&[value], place)
            }
            Op::Member => {
                let object = self.eval(a);
                let key = self.key(NameId(node.b));
                self.member(object, &key)
            }
            Op::Index => {
                let object = self.eval(a);
                let key = self.eval(b);
                match self.terms.as_key(key) {
                    Some(key) => self.member(object, &key),
                    None => self.terms.index(object, key),
                }
            }
            Op::Call => self.call(a, ListId(node.b), node, false),
            Op::New => self.call(a, ListId(node.b), node, true),
            Op::ImportCall => {
                let specifier = self.eval(a);
                let import = self.terms.global("import");
                let place = self.place(node);
                self.call_value(import, &[specifier], place)
            }
            Op::Sequence => match self.ir.list(ListId(node.a)).next_back() {
                Some(last) => self.eval(last),
                None => self.terms.add(Term::Undefined),
            },
            Op::Spread | Op::Expression => self.eval(a),
            Op::Await => {
                let value = self.eval(a);
                self.awaited(value)
            }
            Op::Yield => self.sent(id),
            Op::Caught => self.caught(a),
            Op::Jsx => self.terms.unresolved(),
            Op::Param => self.terms.add(Term::Param(FuncId(node.a), node.b)),
            Op::RestParam => {
                let items: Vec<ValueId> = (node.b..node.b.saturating_add(4))
                    .map(|at| self.terms.add(Term::Param(FuncId(node.a), at)))
                    .collect();
                self.terms.add(Term::Array(items.into(), true))
            }
            Op::ObjectRest => {
                let object = self.eval(a);
                self.without(object, ListId(node.b))
            }
            Op::ArrayRest => {
                let array = self.eval(a);
                match self.terms.get(array).clone() {
                    Term::Array(items, open) => {
                        let rest = items.get(node.b as usize..).unwrap_or(&[]).into();
                        self.terms.add(Term::Array(rest, open))
                    }
                    _ => array,
                }
            }
            Op::Element => {
                let array = self.eval(a);
                let at = self.terms.number(f64::from(node.b));
                self.terms.index(array, at)
            }
            Op::Default => {
                let given = self.eval(a);
                match self.terms.get(given) {
                    Term::Undefined => self.eval(b),
                    Term::Param(..) | Term::Unknown(_) | Term::OneOf(_) => {
                        let values = [given, self.eval(b)];
                        self.terms.one_of(&values)
                    }
                    _ => given,
                }
            }
            Op::Item => {
                let iterable = self.eval(a);
                let iterable = self.iterated(iterable);
                let place = self.place(node);
                self.terms.item(iterable, place)
            }
            Op::Key => {
                let object = self.eval(a);
                let place = self.place(node);
                match self.terms.get(object).clone() {
                    Term::Object(properties, false) if properties.len() <= 8 => {
                        let keys: Vec<ValueId> = properties
                            .iter()
                            .map(|(key, _)| self.terms.string(key))
                            .collect();
                        self.terms.one_of(&keys)
                    }
                    _ => self.terms.derived(&[object], place),
                }
            }
            Op::Imported => self.imported(node),
            _ => self.terms.unknown(OriginSet::of(Origin::Unknown)),
        }
    }

    /// The values of a list, spreads of known arrays laid out.
    pub(crate) fn list(&mut self, list: ListId) -> Vec<ValueId> {
        let nodes: Vec<NodeId> = self.ir.list(list).collect();
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            let value = self.eval(node);
            if self.ir.node(node).op == Op::Spread
                && let Term::Array(items, _) = self.terms.get(value)
            {
                values.extend_from_slice(&items.clone());
            } else {
                values.push(value);
            }
        }
        values
    }

    fn array(&mut self, list: ListId) -> ValueId {
        // Byte tables are long; one value for each would cost more than the table is worth.
        if let Some(bytes) = self.byte_table(list) {
            return self.terms.add(Term::Array(bytes.into(), false));
        }
        let items: Vec<NodeId> = self.ir.list(list).collect();
        let open = items.into_iter().any(|item| {
            self.ir.node(item).op == Op::Spread && {
                let spread = self.eval(item);
                !matches!(self.terms.get(spread), Term::Array(_, false))
            }
        });
        let values = self.list(list);
        self.terms.add(Term::Array(values.into(), open))
    }

    fn byte_table(&mut self, list: ListId) -> Option<Vec<ValueId>> {
        let items = self.ir.list(list);
        if items.len() < 64 {
            return None;
        }
        let numbers: Option<Vec<f64>> = items
            .map(|item| {
                let node = self.ir.node(item);
                let bits = u64::from(node.a) | (u64::from(node.b) << 32);
                (node.op == Op::Number).then(|| f64::from_bits(bits))
            })
            .collect();
        let numbers = numbers?;
        self.steps += numbers.len() as u64 / 8;
        Some(numbers.iter().map(|&n| self.terms.number(n)).collect())
    }

    fn object(&mut self, list: ListId) -> ValueId {
        let nodes: Vec<NodeId> = self.ir.list(list).collect();
        let mut properties: Vec<(Key, ValueId)> = Vec::with_capacity(nodes.len());
        let mut open = false;
        for id in nodes {
            let node = self.ir.node(id);
            if node.op == Op::Property {
                let key = self.eval(NodeId(node.a));
                let key = self.terms.as_key(key).unwrap_or_else(|| {
                    open = true;
                    Key::from("*")
                });
                let value = self.property_value(node);
                properties.push((key, value));
            } else {
                let spread = self.eval(id);
                match self.terms.get(spread) {
                    Term::Object(more, more_open) => {
                        open |= more_open;
                        properties.extend_from_slice(&more.clone());
                    }
                    _ => {
                        open = true;
                        properties.push((Key::from("..."), spread));
                    }
                }
            }
        }
        self.terms.add(Term::Object(properties.into(), open))
    }

    /// What reading a property gives: a getter's result, else the value.
    pub(super) fn property_value(&mut self, property: Node) -> ValueId {
        let value = self.eval(NodeId(property.b));
        if property.sub & 3 == PropertyKind::Get as u8
            && let Term::Function(getter) = *self.terms.get(value)
        {
            return self.returned(getter);
        }
        value
    }

    fn name(&mut self, node: Node) -> ValueId {
        if node.b == u32::MAX {
            let name = self.ir.name(self.text, NameId(node.a));
            return self.terms.global(name);
        }
        self.binding(BindingId(node.b))
    }

    /// What a declared name can be.
    pub(crate) fn binding(&mut self, id: BindingId) -> ValueId {
        let Some(&state) = self.bindings.get(id.index()) else {
            return self.terms.unresolved();
        };
        if state != UNKNOWN {
            return ValueId(state);
        }
        let asked = Asked::Name(id);
        if self.circles.is_open(asked) {
            // What the name gets from itself adds nothing.
            return self.terms.unknown(OriginSet::EMPTY);
        }
        if let Some(known) = self.circles.known(asked) {
            return known;
        }
        let entered = self.circles.enter(asked);
        let value = self.assigned(id);
        if self.circles.leave(asked, &entered, value) {
            self.bindings[id.index()] = value.0;
        }
        value
    }

    fn assigned(&mut self, id: BindingId) -> ValueId {
        let mut values = Vec::new();
        let mut at = self.ir.bindings[id.index()].first_def;
        while let Some(def) = self.ir.defs.get(at as usize) {
            if !self.index.is_dead(def.value) {
                values.push(self.eval(def.value));
            }
            at = def.next;
        }
        let value = match values.as_slice() {
            [] => self.terms.add(Term::Undefined),
            _ => self.terms.one_of(&values),
        };
        self.with_writes(id, value)
    }

    fn arguments(&mut self, function: FuncId) -> ValueId {
        let items: Vec<ValueId> = (0..6)
            .map(|at| self.terms.add(Term::Param(function, at)))
            .collect();
        self.terms.add(Term::Array(items.into(), true))
    }

    fn imported(&mut self, node: Node) -> ValueId {
        let Some(import) = self.ir.imports.get(node.a as usize) else {
            return self.terms.unresolved();
        };
        let module = self.terms.module(self.ir.name(self.text, import.specifier));
        let name = NameId(node.b);
        if name == names::STAR {
            return module;
        }
        let name = Key::from(self.ir.name(self.text, name));
        self.terms.member(module, &name)
    }

    fn unary(&mut self, operand: NodeId, node: Node) -> ValueId {
        let value = self.eval(operand);
        let place = self.place(node);
        let number = self.terms.as_number(value);
        match node.sub {
            op if op == UnaryOp::Void as u8 => self.terms.add(Term::Undefined),
            op if op == UnaryOp::Not as u8 => match self.terms.truth(value) {
                Some(truth) => self.terms.add(Term::Bool(!truth)),
                None => super::arithmetic::truth(&mut self.terms),
            },
            op if op == UnaryOp::Typeof as u8 => super::arithmetic::type_name(&mut self.terms),
            op if op == UnaryOp::Minus as u8 && number.is_some() => {
                self.terms.number(-number.unwrap_or_default())
            }
            op if op == UnaryOp::Plus as u8 => match self.terms.as_text(value) {
                Some(text) => self.terms.number(super::number::from_text(&text)),
                None => value,
            },
            op if op == UnaryOp::BitNot as u8 && number.is_some() => {
                let bits = super::number::to_i32(number.unwrap_or_default());
                self.terms.number(f64::from(!bits))
            }
            op if op == UnaryOp::Delete as u8 => self.terms.add(Term::Bool(true)),
            // Of numbers and of `typeof`, whose texts name nothing.
            _ => self.terms.derived_number(&[value], place),
        }
    }

    /// `a + b + c + …` is as long as the source wants, so it goes by loop.
    fn binary(&mut self, id: NodeId, node: Node) -> ValueId {
        let place = self.place(node);
        if node.sub != BinaryOp::Add as u8 {
            let left = self.eval(NodeId(node.a));
            let right = self.eval(NodeId(node.b));
            return super::arithmetic::binary(&mut self.terms, node.sub, left, right, place);
        }
        let mut rights = vec![NodeId(node.b)];
        let mut left = NodeId(node.a);
        loop {
            let inner = self.ir.node(left);
            if inner.op != Op::Binary || inner.sub != BinaryOp::Add as u8 || left >= id {
                break;
            }
            rights.push(NodeId(inner.b));
            left = NodeId(inner.a);
        }
        let mut pieces = vec![self.eval(left)];
        for right in rights.into_iter().rev() {
            self.steps += 1;
            let right = self.eval(right);
            let last = pieces.len() - 1;
            let sum = match (pieces.as_slice(), self.terms.as_number(right)) {
                ([one], Some(right)) => self.terms.as_number(*one).map(|left| left + right),
                _ => None,
            };
            match sum {
                Some(sum) => pieces[last] = self.terms.number(sum),
                None => pieces.push(right),
            }
        }
        match pieces.as_slice() {
            [one] => *one,
            _ => self.terms.concat(&pieces),
        }
    }

    fn logical(&mut self, left: NodeId, right: NodeId, node: Node) -> ValueId {
        let first = self.eval(left);
        let takes_left = match (node.sub, self.terms.truth(first), self.terms.get(first)) {
            (op, Some(truth), _) if op == LogicalOp::And as u8 => Some(!truth),
            (op, Some(truth), _) if op == LogicalOp::Or as u8 => Some(truth),
            (op, _, Term::Undefined | Term::Null) if op == LogicalOp::Nullish as u8 => Some(false),
            (op, Some(_), _) if op == LogicalOp::Nullish as u8 => Some(true),
            _ => None,
        };
        match takes_left {
            Some(true) => first,
            Some(false) => self.eval(right),
            None if node.sub == LogicalOp::And as u8 => self.eval(right),
            None => {
                let second = self.eval(right);
                self.terms.one_of(&[first, second])
            }
        }
    }
}
