//! Expressions.

use std::rc::Rc;

use super::object::{Key, Kind, Prop, Val};
use super::text::Text;
use super::{Cx, Machine, Run, Stop, Unit};
use crate::parse::ir::{
    FuncId, ListId, LogicalOp, Node, NodeId, Op, PropertyKind, STRING_LONE_SURROGATES, UnaryOp,
};
use crate::parse::names::NameId;

impl<'a> Machine<'a> {
    pub(super) fn eval(&mut self, cx: &Cx<'a>, id: NodeId) -> Run {
        self.spend(1)?;
        if !self.overrides.is_empty()
            && let Some((_, value)) = self.overrides.iter().rev().find(|(node, _)| *node == id)
        {
            return Ok(value.clone());
        }
        let node = cx.unit.ir.node(id);
        match node.op {
            Op::Number => {
                let bits = u64::from(node.a) | (u64::from(node.b) << 32);
                Ok(Val::Num(f64::from_bits(bits)))
            }
            Op::String => Ok(Val::Str(literal(&cx.unit, node))),
            Op::Bool => Ok(Val::Bool(node.a == 1)),
            Op::Null => Ok(Val::Null),
            Op::Hole => Ok(Val::Undefined),
            Op::Name => self.name_value(cx, node),
            Op::This => Ok(self.this(cx)),
            _ => {
                self.deeper()?;
                let value = self.eval_deep(cx, id, node);
                self.depth -= 1;
                value
            }
        }
    }

    #[inline(never)]
    fn eval_deep(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run {
        let a = NodeId(node.a);
        let b = NodeId(node.b);
        match node.op {
            Op::Binary => self.binary_chain(cx, node),
            Op::Call => self.call_node(cx, id, node),
            Op::Member | Op::Index => self.member_node(cx, id, node).map(|(value, _)| value),
            Op::Assign => self.assign_node(cx, id, node),
            Op::Update => self.update_node(cx, node),
            Op::Logical => self.logical(cx, node),
            Op::Conditional => self.conditional(cx, node),
            Op::Unary => self.unary_node(cx, node),
            Op::New => self.new_node(cx, id, node),
            Op::Array => self.array_node(cx, ListId(node.a)),
            Op::Object => self.object_node(cx, ListId(node.a)),
            Op::Function => Ok(self.closure(cx, FuncId(node.a), None)),
            Op::Class => self.class_node(cx, crate::parse::ir::ClassId(node.a)),
            Op::Template => self.template(cx, ListId(node.a)),
            Op::TaggedTemplate => self.tagged(cx, id, a, b),
            Op::Sequence => {
                let items: Vec<NodeId> = cx.unit.ir.list(ListId(node.a)).collect();
                let mut last = Val::Undefined;
                for item in items {
                    last = self.eval(cx, item)?;
                }
                Ok(last)
            }
            Op::Regex => self.regex_literal(cx, node),
            Op::BigInt => {
                let digits = cx.unit.ir.string(&cx.unit.text, node);
                match super::convert::text_to_bigint(digits) {
                    Some(big) => Ok(Val::Big(Rc::new(big))),
                    None => Err(Stop::End),
                }
            }
            Op::Spread | Op::Expression => self.eval(cx, a),
            Op::Await => {
                let value = self.eval(cx, a)?;
                self.awaited(value)
            }
            Op::Yield => self.yielded(cx, node),
            Op::ImportCall => {
                let specifier = self.eval(cx, a)?;
                let import = self.terms.global("import");
                self.host_call(cx, id, import, &[specifier], false)
            }
            Op::ImportMeta => Ok(self.import_meta(cx)),
            Op::NewTarget => Ok(cx.activation.new_target.clone()),
            Op::Super => Ok(Val::Undefined),
            Op::Arguments => {
                let items = cx.activation.args.clone();
                let proto = self.realm.object;
                let list = self.object(proto, Kind::Arguments(items));
                if let (Val::Obj(id), Some(callee)) = (&list, cx.activation.callee) {
                    let name = Key::Name(self.atoms.of(&Text::new("callee")));
                    self.define(*id, name, Prop::hidden(Val::Obj(callee)));
                }
                Ok(list)
            }
            Op::Imported => {
                let Some(import) = cx.unit.ir.imports.get(node.a as usize).copied() else {
                    return Ok(Val::Undefined);
                };
                if let Some(value) = self.imported(cx, node) {
                    return value;
                }
                let specifier = cx.unit.ir.name(&cx.unit.text, import.specifier);
                let name = NameId(node.b);
                if let Some(found) = self.emitter(specifier) {
                    let found = found?;
                    return match name {
                        crate::parse::names::STAR => Ok(found),
                        _ => {
                            let key = self.name(&cx.unit, name);
                            self.get(&found, key)
                        }
                    };
                }
                let module = self.terms.module(specifier);
                if name == crate::parse::names::STAR {
                    return Ok(Val::Host(module));
                }
                let key = self.name(&cx.unit, name);
                self.host_member(module, key)
            }
            Op::Jsx => {
                let nothing = self.terms.unresolved();
                Ok(Val::Host(nothing))
            }
            Op::Param
            | Op::RestParam
            | Op::ObjectRest
            | Op::ArrayRest
            | Op::Element
            | Op::Default
            | Op::Item
            | Op::Key
            | Op::Caught => self.part(cx, node),
            _ => Ok(Val::Undefined),
        }
    }

    fn this(&mut self, cx: &Cx<'a>) -> Val {
        cx.activation.this.borrow().clone()
    }

    // ── parts of expressions ─────────────────────────────────────────────────

    /// Values of a list, spreads laid out.
    pub(super) fn list(&mut self, cx: &Cx<'a>, list: ListId) -> Run<Vec<Val>> {
        let ir = &cx.unit.ir;
        let count = ir.list(list).len();
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            let Some(item) = ir.list(list).nth(at) else {
                break;
            };
            let node = ir.node(item);
            match node.op {
                Op::Hole => values.push(Val::Hole),
                Op::Spread => {
                    let spread = self.eval(cx, NodeId(node.a))?;
                    let items = self.all_items(&spread)?;
                    self.pay(items.len())?;
                    values.extend(items);
                }
                _ => values.push(self.eval(cx, item)?),
            }
        }
        Ok(values)
    }

    fn array_node(&mut self, cx: &Cx<'a>, list: ListId) -> Run {
        let values = self.list(cx, list)?;
        Ok(self.array(values))
    }

    fn object_node(&mut self, cx: &Cx<'a>, list: ListId) -> Run {
        let id = self.plain();
        let items: Vec<NodeId> = cx.unit.ir.list(list).collect();
        for item in items {
            let node = cx.unit.ir.node(item);
            if node.op == Op::Spread {
                let source = self.eval(cx, NodeId(node.a))?;
                self.copy_properties(id, &source, &[])?;
                continue;
            }
            let key = self.eval(cx, NodeId(node.a))?;
            let key = match self.to_key(&key) {
                Err(Stop::Opaque) => self.key("*"),
                key => key?,
            };
            self.property(cx, id, key, node, true)?;
        }
        Ok(Val::Obj(id))
    }

    /// Puts a property, method or accessor on an object or class.
    pub(super) fn property(
        &mut self,
        cx: &Cx<'a>,
        id: super::ObjId,
        key: Key,
        node: Node,
        enumerable: bool,
    ) -> Run<()> {
        let value_node = cx.unit.ir.node(NodeId(node.b));
        let kind = node.sub & 3;
        let value = if kind != PropertyKind::Init as u8 && value_node.op == Op::Function {
            self.closure(cx, FuncId(value_node.a), Some(id))
        } else {
            self.eval(cx, NodeId(node.b))?
        };
        if kind == PropertyKind::Get as u8 || kind == PropertyKind::Set as u8 {
            let old = self.at(id).props.get(&key).map(|prop| prop.slot.clone());
            let (mut get, mut set) = match old {
                Some(super::Slot::Accessor { get, set }) => (get, set),
                _ => (Val::Undefined, Val::Undefined),
            };
            if kind == PropertyKind::Get as u8 {
                get = value;
            } else {
                set = value;
            }
            let prop = Prop {
                slot: super::Slot::Accessor { get, set },
                enumerable,
                writable: true,
                configurable: true,
            };
            self.at_mut(id).props.insert(key, prop);
            return Ok(());
        }
        if enumerable && kind == PropertyKind::Init as u8 && key == Key::Name(self.realm.proto) {
            match value {
                Val::Obj(proto) => self.at_mut(id).proto = Some(proto),
                Val::Null => self.at_mut(id).proto = None,
                _ => {}
            }
            return Ok(());
        }
        self.memory = self.memory.saturating_add(48);
        let mut prop = Prop::plain(value);
        prop.enumerable = enumerable;
        self.define(id, key, prop);
        Ok(())
    }

    fn template(&mut self, cx: &Cx<'a>, list: ListId) -> Run {
        let pieces: Vec<NodeId> = cx.unit.ir.list(list).collect();
        let mut all = Val::Str(Text::new(""));
        for piece in pieces {
            let value = self.eval(cx, piece)?;
            all = self.append(&all, &value)?;
        }
        Ok(all)
    }

    /// `text + value`, always as text.
    pub(super) fn append(&mut self, text: &Val, value: &Val) -> Run {
        if let Val::Str(left) = text {
            match self.to_text(value) {
                Ok(right) => return self.joined(left, &right),
                Err(Stop::Opaque) => {}
                Err(stop) => return Err(stop),
            }
        }
        let value = match value {
            Val::Obj(_) if !text.is_host() => value.clone(),
            Val::Obj(_) => match self.to_text(value) {
                Ok(text) => Val::Str(text),
                Err(_) => value.clone(),
            },
            value => value.clone(),
        };
        let pieces = [self.to_term(text), self.to_term(&value)];
        let joined = self.terms.concat(&pieces);
        Ok(self.concrete(joined))
    }

    fn tagged(&mut self, cx: &Cx<'a>, id: NodeId, tag: NodeId, template: NodeId) -> Run {
        let (callee, this) = self.callee(cx, tag)?;
        let pieces: Vec<NodeId> = cx
            .unit
            .ir
            .list(ListId(cx.unit.ir.node(template).a))
            .collect();
        let mut cooked = Vec::new();
        let mut raw = Vec::new();
        let mut args = vec![Val::Undefined];
        for (at, &piece) in pieces.iter().enumerate() {
            if at % 2 == 1 {
                args.push(self.eval(cx, piece)?);
                continue;
            }
            let node = cx.unit.ir.node(piece);
            cooked.push(Val::Str(literal(&cx.unit, node)));
            let written = cx
                .unit
                .text
                .get(node.span.start as usize..node.span.end as usize)
                .unwrap_or("");
            raw.push(Val::str(&written.replace("\r\n", "\n")));
        }
        let strings = self.array(cooked);
        let raw = self.array(raw);
        if let Val::Obj(strings) = strings {
            let key = self.key("raw");
            self.define(strings, key, Prop::hidden(raw));
        }
        args[0] = strings;
        self.call_value(cx, id, &callee, this, args)
    }

    // ── operators ────────────────────────────────────────────────────────────

    /// Left-deep chains are as long as the source wants, so they go by loop.
    fn binary_chain(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let mut steps = vec![node];
        let mut left = NodeId(node.a);
        loop {
            let inner = cx.unit.ir.node(left);
            let is_overridden = self.is_overridden(left);
            if inner.op != Op::Binary || is_overridden {
                break;
            }
            steps.push(inner);
            left = NodeId(inner.a);
        }
        let mut value = self.eval(cx, left)?;
        for step in steps.into_iter().rev() {
            self.spend(1)?;
            let right = self.eval(cx, NodeId(step.b))?;
            value = self.binary(step.sub, &value, &right)?;
        }
        Ok(value)
    }

    fn logical(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let left = self.eval(cx, NodeId(node.a))?;
        let takes_left = match node.sub {
            op if op == LogicalOp::Nullish as u8 => match &left {
                Val::Host(_) => None,
                left => Some(!left.is_nullish()),
            },
            op if op == LogicalOp::And as u8 => self.truth(&left).map(|truth| !truth),
            _ => self.truth(&left),
        };
        match takes_left {
            Some(true) => Ok(left),
            Some(false) => self.eval(cx, NodeId(node.b)),
            None => {
                if !self.forks(cx, NodeId(node.b)) {
                    return Ok(left);
                }
                let right = self.maybe(cx, NodeId(node.b))?;
                if node.sub == LogicalOp::And as u8 {
                    return Ok(right);
                }
                Ok(self.either(&[left, right]))
            }
        }
    }

    /// An expression that may not run: what it throws is no matter.
    pub(super) fn maybe(&mut self, cx: &Cx<'a>, id: NodeId) -> Run {
        match self.eval(cx, id) {
            Err(Stop::Throw(_)) => Ok(Val::Undefined),
            done => done,
        }
    }

    fn conditional(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let test = self.eval(cx, NodeId(node.a))?;
        let mut branches = cx.unit.ir.list(ListId(node.b));
        let then = branches.next().unwrap_or(NodeId::NONE);
        let other = branches.next().unwrap_or(NodeId::NONE);
        match self.truth(&test) {
            Some(true) => self.eval(cx, then),
            Some(false) => self.eval(cx, other),
            None => {
                if !self.forks(cx, then) {
                    return self.maybe(cx, then);
                }
                let values = [self.maybe(cx, then)?, self.maybe(cx, other)?];
                Ok(self.either(&values))
            }
        }
    }

    fn unary_node(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let a = NodeId(node.a);
        if node.sub == UnaryOp::Delete as u8 {
            return self.delete_node(cx, a);
        }
        if node.sub == UnaryOp::Typeof as u8 {
            let inner = cx.unit.ir.node(a);
            // Browsers have it and Node has not: both is possible.
            let is_browser = inner.op == Op::Name
                && inner.b == u32::MAX
                && matches!(
                    cx.unit.ir.name(&cx.unit.text, NameId(inner.a)),
                    "window" | "self" | "top" | "parent" | "frames"
                );
            if is_browser {
                return Ok(self.any_type());
            }
            let value = match self.eval(cx, a) {
                Err(Stop::Throw(_)) if inner.op == Op::Name => Val::Undefined,
                value => value?,
            };
            return self.unary(node.sub, &value);
        }
        let value = self.eval(cx, a)?;
        self.unary(node.sub, &value)
    }

    fn delete_node(&mut self, cx: &Cx<'a>, target: NodeId) -> Run {
        let node = cx.unit.ir.node(target);
        if !matches!(node.op, Op::Member | Op::Index) {
            return Ok(Val::Bool(node.op != Op::Name));
        }
        let object = self.eval(cx, NodeId(node.a))?;
        let key = self.member_key(cx, node)?;
        match (object, key) {
            (Val::Obj(id), Ok(key)) => Ok(Val::Bool(self.delete(id, key))),
            _ => Ok(Val::Bool(true)),
        }
    }

    /// The key of a Member or Index, or what is known of it.
    pub(super) fn member_key(&mut self, cx: &Cx<'a>, node: Node) -> Run<Result<Key, Val>> {
        if node.op == Op::Member {
            return Ok(Ok(self.name(&cx.unit, NameId(node.b))));
        }
        let key = self.eval(cx, NodeId(node.b))?;
        match self.to_key(&key) {
            Ok(key) => Ok(Ok(key)),
            Err(Stop::Opaque) => Ok(Err(key)),
            Err(stop) => Err(stop),
        }
    }

    /// A member's value, and what it was taken from.
    pub(super) fn member_node(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run<(Val, Val)> {
        let base = cx.unit.ir.node(NodeId(node.a));
        if base.op == Op::Super {
            let this = self.this(cx);
            let key = self.member_key(cx, node)?;
            let proto = cx.activation.home.and_then(|home| self.at(home).proto);
            return match (proto, key) {
                (Some(proto), Ok(key)) => Ok((self.get_from(proto, key, &this)?, this)),
                _ => Ok((Val::Undefined, this)),
            };
        }
        let object = self.eval(cx, NodeId(node.a))?;
        if object.is_nullish() && (node.sub & 1 != 0 || is_optional(&cx.unit, NodeId(node.a))) {
            return Ok((Val::Undefined, Val::Undefined));
        }
        let key = match self.member_key(cx, node)? {
            Ok(key) => key,
            Err(key) => {
                if let Val::Obj(of) = &object
                    && let Some(value) = self.any_member(*of)
                {
                    return Ok((value, object));
                }
                let parts = [self.to_term(&object), self.to_term(&key)];
                let value = self.terms.index(parts[0], parts[1]);
                let value = self.concrete(value);
                self.observe(cx, id, &value);
                return Ok((value, object));
            }
        };
        let value = match self.counts_calls(&object, key) {
            true => self.some_number(),
            false => self.get(&object, key)?,
        };
        if let Val::Host(host) = object {
            self.look_into(cx, host);
            self.observe(cx, id, &value);
        } else if node.op == Op::Index && value.is_host() {
            self.observe(cx, id, &value);
        }
        Ok((value, object))
    }

    pub(super) fn copy_properties(
        &mut self,
        into: super::ObjId,
        from: &Val,
        except: &[Key],
    ) -> Run<()> {
        let id = match from {
            Val::Obj(id) => *id,
            Val::Str(_) => self.to_object(from)?,
            Val::Host(_) => {
                let key = self.key("...");
                self.define(into, key, Prop::plain(from.clone()));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let keys = match self.enumerable_keys(id) {
            Err(Stop::Opaque) => return Ok(()),
            keys => keys?,
        };
        for key in keys {
            if except.contains(&key) {
                continue;
            }
            let value = self.get_from(id, key, from)?;
            self.define(into, key, Prop::plain(value));
        }
        Ok(())
    }
}

/// Whether a chain before this link has a `?.`.
pub(super) fn is_optional(unit: &Unit<'_>, mut at: NodeId) -> bool {
    for _ in 0..64 {
        let node = unit.ir.node(at);
        match node.op {
            Op::Member | Op::Index | Op::Call if node.sub & 1 != 0 => return true,
            Op::Member | Op::Index | Op::Call => at = NodeId(node.a),
            _ => return false,
        }
    }
    false
}

/// The text of a String node.
pub(super) fn literal(unit: &Unit<'_>, node: Node) -> Text {
    let text = unit.ir.string(&unit.text, node);
    if node.sub & STRING_LONE_SURROGATES != 0 {
        Text::with_surrogates(text)
    } else {
        Text::new(text)
    }
}
