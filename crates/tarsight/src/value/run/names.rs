//! Names: what they mean, and writing to them.

use std::rc::Rc;

use super::object::{Key, Val};
use super::{Cx, Env, Machine, Run, Unit};
use crate::parse::ir::{BindingId, NAME_IN_WITH, Node, Op};
use crate::parse::names::NameId;

impl<'a> Machine<'a> {
    pub(super) fn name_value(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        if node.sub & NAME_IN_WITH != 0 {
            let key = self.name(&cx.unit, NameId(node.a));
            if let Some(object) = self.with_object(cx, key)? {
                return self.get(&object, key);
            }
        }
        if node.b != u32::MAX {
            return Ok(self.read_binding(cx, BindingId(node.b)).filled());
        }
        let key = self.name(&cx.unit, NameId(node.a));
        if let Some((unit, env, binding)) = self.seen_by_eval(cx, node) {
            let (owner, slot) = unit.scopes.of(binding);
            return Ok(slot_of(&env, unit.id, owner, slot).filled());
        }
        if self.is_file(cx.unit.id)
            && let Some(value) = self.own_global(cx.unit.id, key)
        {
            return Ok(value);
        }
        Ok(self.global(key))
    }

    /// The binding that a direct `eval`'s free name means.
    pub(super) fn seen_by_eval(
        &mut self,
        cx: &Cx<'a>,
        node: Node,
    ) -> Option<(Rc<Unit<'a>>, Rc<Env>, BindingId)> {
        let (unit, env) = cx.unit.around.as_ref()?;
        let text = cx.unit.ir.name(&cx.unit.text, NameId(node.a));
        let name = unit.ir.names.find(&unit.text, text)?;
        let mut at = Some(Rc::clone(env));
        while let Some(env) = at {
            let found = unit.ir.bindings.iter().enumerate().find(|(at, binding)| {
                let id = BindingId(u32::try_from(*at).unwrap_or(u32::MAX));
                binding.name == name && env.unit == unit.id && unit.scopes.of(id).0 == env.owner
            });
            if let Some((at, _)) = found {
                let id = BindingId(u32::try_from(at).unwrap_or(u32::MAX));
                return Some((Rc::clone(unit), env, id));
            }
            at = env.parent.clone();
        }
        None
    }

    /// The innermost `with` object that has the name.
    pub(super) fn with_object(&mut self, cx: &Cx<'a>, key: Key) -> Run<Option<Val>> {
        let mut at = Some(Rc::clone(&cx.env.borrow()));
        while let Some(env) = at {
            match &env.with {
                Some(Val::Obj(id)) if self.has(*id, key)? => return Ok(Some(Val::Obj(*id))),
                Some(Val::Host(id)) => {
                    let object = *id;
                    let is_known = match key {
                        Key::Name(atom) => self.globals.contains_key(&atom),
                        Key::Index(_) => false,
                    };
                    if !is_known {
                        return Ok(Some(Val::Host(object)));
                    }
                }
                _ => {}
            }
            at = env.parent.clone();
        }
        Ok(None)
    }

    pub(super) fn read_binding(&mut self, cx: &Cx<'a>, binding: BindingId) -> Val {
        let (owner, slot) = cx.unit.scopes.of(binding);
        let env = cx.env.borrow();
        let value = slot_of(&env, cx.unit.id, owner, slot);
        drop(env);
        if let Val::Hole = value
            && let Some(found) = cx.unit.ir.bindings.get(binding.index())
            && let Some(def) = cx.unit.ir.defs.get(found.first_def as usize)
            && cx.unit.ir.node(def.value).op == Op::Imported
        {
            return self.eval(cx, def.value).unwrap_or(Val::Undefined);
        }
        value
    }

    pub(super) fn write_binding(&mut self, cx: &Cx<'a>, binding: BindingId, value: Val) {
        let (owner, slot) = cx.unit.scopes.of(binding);
        let mut at = Rc::clone(&cx.env.borrow());
        loop {
            if at.owner == owner && at.unit == cx.unit.id {
                if !self.before.is_empty() {
                    let old = at.slots.borrow().get(slot as usize).cloned();
                    if let Some(old) = old {
                        self.note_write(&at, slot, &old);
                    }
                }
                if let Some(place) = at.slots.borrow_mut().get_mut(slot as usize) {
                    *place = value;
                }
                return;
            }
            let parent = at.parent.clone();
            match parent {
                Some(parent) => at = parent,
                None => return,
            }
        }
    }
}

fn slot_of(env: &Rc<Env>, unit: usize, owner: u32, slot: u32) -> Val {
    let mut at = env;
    loop {
        if at.owner == owner && at.unit == unit {
            return at
                .slots
                .borrow()
                .get(slot as usize)
                .cloned()
                .unwrap_or(Val::Undefined);
        }
        match &at.parent {
            Some(parent) => at = parent,
            None => return Val::Undefined,
        }
    }
}
