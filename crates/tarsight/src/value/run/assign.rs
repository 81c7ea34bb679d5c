//! Assignments, patterns and the parts that they take out.

use super::object::{Key, Kind, Prop, Slot, Val};
use super::{Cx, Machine, Run, Stop};
use crate::parse::ir::{BindingId, FuncId, ListId, NAME_IN_WITH, Node, NodeId, Op};
use crate::parse::names::NameId;

impl<'a> Machine<'a> {
    pub(super) fn assign_node(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run {
        let target = NodeId(node.a);
        let value = NodeId(node.b);
        let place = cx.unit.ir.node(target);
        match place.op {
            Op::Member | Op::Index => {
                let object = self.eval(cx, NodeId(place.a))?;
                let key = self.member_key(cx, place)?.ok();
                let value = if node.sub == 1 {
                    // The value reads the target node again.
                    let old = match key {
                        Some(key) => self.get(&object, key)?,
                        None => self.derived(&[&object]),
                    };
                    self.overriding(target, old, |machine| machine.eval(cx, value))?
                } else {
                    self.eval(cx, value)?
                };
                let adds = node.sub == 1 && matches!(value, Val::Num(_));
                let value = match adds && self.is_counter(cx, target, Some(&object)) {
                    true => self.some_number(),
                    false => value,
                };
                self.write_member(cx, id, &object, key, value.clone())?;
                Ok(value)
            }
            Op::Name => {
                let value = self.eval(cx, value)?;
                self.name_function(cx, NameId(place.a), &value);
                self.write_name(cx, place, value.clone())?;
                Ok(value)
            }
            Op::Array | Op::Object => {
                let whole = self.eval(cx, value)?;
                self.overriding(value, whole.clone(), |machine| {
                    machine.fill_pattern(cx, target)
                })?;
                Ok(whole)
            }
            _ => self.eval(cx, value),
        }
    }

    fn write_member(
        &mut self,
        cx: &Cx<'a>,
        id: NodeId,
        object: &Val,
        key: Option<Key>,
        value: Val,
    ) -> Run<()> {
        let Some(key) = key else {
            self.write_somewhere(object, value);
            return Ok(());
        };
        if let Val::Host(host) = object {
            self.observe_write(cx, id, *host, key, &value);
            if self.is_global_object(*host)
                && let Key::Name(atom) = key
            {
                self.globals.insert(atom, value);
                return Ok(());
            }
            self.hand_over(&value);
            return Ok(());
        }
        self.set(object, key, value)
    }

    /// A property whose name is not known: what is made of the whole object has it.
    fn write_somewhere(&mut self, object: &Val, value: Val) {
        let Val::Obj(id) = *object else { return };
        if !matches!(self.at(id).kind, Kind::Plain) {
            return;
        }
        let key = self.key("...");
        let value = match self.own(id, key).map(|prop| prop.slot) {
            Some(Slot::Value(old)) => self.either(&[old, value]),
            _ => value,
        };
        self.define(id, key, Prop::plain(value));
    }

    pub(super) fn write_name(&mut self, cx: &Cx<'a>, place: Node, value: Val) -> Run<()> {
        if place.sub & NAME_IN_WITH != 0 {
            let key = self.name(&cx.unit, NameId(place.a));
            if let Some(object) = self.with_object(cx, key)? {
                return self.set(&object, key, value);
            }
        }
        if place.b != u32::MAX {
            self.write_binding(cx, BindingId(place.b), value);
            return Ok(());
        }
        if let Some((unit, env, binding)) = self.seen_by_eval(cx, place) {
            let (_, slot) = unit.scopes.of(binding);
            if let Some(found) = env.slots.borrow_mut().get_mut(slot as usize) {
                *found = value;
            }
            return Ok(());
        }
        let key = self.name(&cx.unit, NameId(place.a));
        if let Key::Name(atom) = key {
            self.globals.insert(atom, value);
        }
        Ok(())
    }

    /// Works while a node has a value of its own.
    pub(super) fn overriding<T>(
        &mut self,
        node: NodeId,
        value: Val,
        work: impl FnOnce(&mut Self) -> Run<T>,
    ) -> Run<T> {
        self.overrides.push((node, value));
        let done = work(self);
        self.overrides.pop();
        done
    }

    /// Whether a node has a value of its own now.
    pub(super) fn is_overridden(&self, node: NodeId) -> bool {
        self.overrides.iter().any(|(known, _)| *known == node)
    }

    /// Gives every name and member of a pattern what the lowering says it gets.
    pub(super) fn fill_pattern(&mut self, cx: &Cx<'a>, target: NodeId) -> Run<()> {
        self.spend(1)?;
        let node = cx.unit.ir.node(target);
        match node.op {
            Op::Name => {
                let Some(value) = cx.unit.scopes.value_of(target) else {
                    return Ok(());
                };
                let value = self.eval(cx, value)?;
                self.write_name(cx, node, value)
            }
            Op::Array | Op::Object => {
                self.deeper()?;
                let items: Vec<NodeId> = cx.unit.ir.list(ListId(node.a)).collect();
                let done = items
                    .into_iter()
                    .try_for_each(|item| self.fill_pattern(cx, item));
                self.depth -= 1;
                done
            }
            Op::Property => self.fill_pattern(cx, NodeId(node.b)),
            Op::Spread => self.fill_pattern(cx, NodeId(node.a)),
            Op::Member | Op::Index => {
                // Its own Assign follows the target.
                let next = NodeId(target.0.saturating_add(1));
                let assign = cx.unit.ir.node(next);
                if assign.op == Op::Assign && assign.a == target.0 {
                    self.assign_node(cx, next, assign)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Binds a declarator's, parameter's or loop's target to what it gets.
    pub(super) fn bind(
        &mut self,
        cx: &Cx<'a>,
        target: NodeId,
        source: NodeId,
        value: Val,
    ) -> Run<()> {
        let node = cx.unit.ir.node(target);
        if node.op == Op::Name {
            let direct = cx
                .unit
                .scopes
                .value_of(target)
                .is_none_or(|def| def == source);
            if direct {
                self.name_function(cx, NameId(node.a), &value);
                return self.write_name(cx, node, value);
            }
        }
        self.overriding(source, value, |machine| machine.fill_pattern(cx, target))
    }

    pub(super) fn update_node(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let target = cx.unit.ir.node(NodeId(node.a));
        let by = if node.sub & 1 == 0 { 1.0 } else { -1.0 };
        let is_prefix = node.sub & 2 != 0;
        let (object, key) = match target.op {
            Op::Member | Op::Index => {
                let object = self.eval(cx, NodeId(target.a))?;
                (Some(object), self.member_key(cx, target)?.ok())
            }
            _ => (None, None),
        };
        let old = match (&object, key) {
            (Some(object), Some(key)) => self.get(object, key)?,
            (Some(object), None) => self.derived(&[object]),
            (None, _) => self.name_value(cx, target)?,
        };
        let (old, new) = match self.to_numeric(&old) {
            Ok(Val::Big(big)) => {
                let one = num_bigint::BigInt::from(if by > 0.0 { 1 } else { -1 });
                let new = Val::Big((&*big + one).into());
                (Val::Big(big), new)
            }
            Ok(Val::Num(number)) => (Val::Num(number), Val::Num(number + by)),
            Err(Stop::Opaque) => {
                let new = self.derived(&[&old]);
                (new.clone(), new)
            }
            Ok(other) => (other, Val::Num(f64::NAN)),
            Err(stop) => return Err(stop),
        };
        let (old, new) = match self.is_counter(cx, NodeId(node.a), object.as_ref()) {
            true => (self.some_number(), self.some_number()),
            false => (old, new),
        };
        match (object, key) {
            (Some(object), Some(key)) => {
                if let Val::Host(host) = &object
                    && self.is_global_object(*host)
                    && let Key::Name(atom) = key
                {
                    self.globals.insert(atom, new.clone());
                } else {
                    self.set(&object, key, new.clone())?;
                }
            }
            (Some(_), None) => {}
            (None, _) => self.write_name(cx, target, new.clone())?,
        }
        Ok(if is_prefix { new } else { old })
    }

    /// What the lowering made of a pattern or parameter.
    #[inline(never)]
    pub(super) fn part(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let a = NodeId(node.a);
        match node.op {
            Op::Param => match cx.args.get(node.b as usize) {
                Some(value) => Ok(value.clone().filled()),
                None => Ok(Val::Undefined),
            },
            Op::RestParam => {
                let rest = cx.args.get(node.b as usize..).unwrap_or(&[]).to_vec();
                if let [Val::Host(first), ..] = rest.as_slice()
                    && matches!(self.term(*first), super::super::terms::Term::Param(of, _) if *of == FuncId(node.a))
                {
                    let items: Vec<_> = rest.iter().map(|one| self.to_term(one)).collect();
                    let rest = super::super::terms::Term::Array(items.into(), true);
                    return Ok(Val::Host(self.terms.add(rest)));
                }
                Ok(self.array(rest))
            }
            Op::Default => {
                let given = self.eval(cx, a)?;
                match &given {
                    Val::Undefined | Val::Hole => self.eval(cx, NodeId(node.b)),
                    Val::Host(_) => {
                        let default = self.maybe(cx, NodeId(node.b))?;
                        Ok(self.either(&[given, default]))
                    }
                    _ => Ok(given),
                }
            }
            Op::Element => {
                let whole = self.eval(cx, a)?;
                self.element_of(&whole, node.b as usize)
            }
            Op::ArrayRest => {
                let whole = self.eval(cx, a)?;
                if whole.is_host() {
                    return Ok(whole);
                }
                self.rest_of(&whole, node.b as usize)
            }
            Op::ObjectRest => {
                let whole = self.eval(cx, a)?;
                if whole.is_host() {
                    return Ok(whole);
                }
                let keys: Vec<NodeId> = cx.unit.ir.list(ListId(node.b)).collect();
                let mut except = Vec::with_capacity(keys.len());
                for key in keys {
                    let key = self.eval(cx, key)?;
                    except.push(self.to_key(&key)?);
                }
                let id = self.plain();
                self.copy_properties(id, &whole, &except)?;
                Ok(Val::Obj(id))
            }
            Op::Item => {
                let whole = self.eval(cx, a)?;
                self.element_of(&whole, 0)
            }
            Op::Caught | Op::Key => {
                let nothing = self.terms.unresolved();
                Ok(Val::Host(nothing))
            }
            _ => Ok(Val::Undefined),
        }
    }

    /// An array of the items of something from a number on: of several things, of each.
    fn rest_of(&mut self, whole: &Val, from: usize) -> Run {
        if let Some(choices) = self.choices_of(whole) {
            let choices = choices.to_vec();
            return self.with_each(&choices, |machine, one| machine.rest_of(one, from));
        }
        let items = self.all_items(whole)?;
        let rest = items.get(from..).unwrap_or(&[]).to_vec();
        Ok(self.array(rest))
    }

    fn element_of(&mut self, whole: &Val, at: usize) -> Run {
        if let Some(choices) = self.choices_of(whole) {
            let choices = choices.to_vec();
            return self.with_each(&choices, |machine, one| machine.element_of(one, at));
        }
        match whole {
            Val::Host(id) => {
                let position = self.terms.number(at as f64);
                let value = self.terms.index(*id, position);
                Ok(self.concrete(value))
            }
            Val::Obj(id) if !self.items(*id).is_empty() => Ok(self
                .items(*id)
                .get(at)
                .cloned()
                .unwrap_or(Val::Undefined)
                .filled()),
            whole => {
                let items = self.first_items(whole, at + 1)?;
                Ok(items.get(at).cloned().unwrap_or(Val::Undefined))
            }
        }
    }
}
