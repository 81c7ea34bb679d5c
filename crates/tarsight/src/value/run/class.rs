//! Classes.

use std::rc::Rc;

use super::object::{Closure, Key, Kind, ObjId, Prop, Val};
use super::{Cx, Machine, Run, Stop};
use crate::parse::ir::{
    ClassId, FuncId, MEMBER_BLOCK, MEMBER_FIELD, MEMBER_STATIC, Node, NodeId, Op,
};

impl<'a> Machine<'a> {
    #[inline(never)]
    pub(super) fn class_node(&mut self, cx: &Cx<'a>, class: ClassId) -> Run {
        let Some(found) = cx.unit.ir.classes.get(class.index()).copied() else {
            return Ok(Val::Undefined);
        };
        let parent = match found.superclass.some() {
            Some(parent) => Some(self.eval(cx, parent)?),
            None => None,
        };
        let (proto, outer) = match &parent {
            None => (self.realm.function, self.realm.object),
            Some(Val::Null) => (self.realm.function, None),
            Some(Val::Obj(id)) => {
                let id = *id;
                let key = Key::Name(self.realm.prototype);
                let prototype = self.get_from(id, key, &Val::Obj(id))?;
                let prototype = match prototype {
                    Val::Obj(prototype) => Some(prototype),
                    _ => self.realm.object,
                };
                (Some(id), prototype)
            }
            Some(Val::Host(host)) => {
                let host = *host;
                let outside = self.alloc(self.realm.function, Kind::Outside(host));
                let prototype = self.terms.member(host, "prototype");
                let prototype = self.alloc(self.realm.object, Kind::Outside(prototype));
                (Some(outside), Some(prototype))
            }
            Some(_) => return self.type_error("Class extends value is not a constructor"),
        };
        let prototype = self.alloc(outer, Kind::Plain);
        let closure = Closure {
            unit: cx.unit.id,
            function: found.constructor,
            env: Rc::clone(&cx.env.borrow()),
            outer: None,
            home: Some(prototype),
            class: Some(class),
        };
        let id = self.alloc(proto, Kind::Closure(Rc::new(closure)));
        let key = Key::Name(self.realm.prototype);
        self.define(id, key, Prop::hidden(Val::Obj(prototype)));
        let key = Key::Name(self.realm.constructor);
        self.define(prototype, key, Prop::hidden(Val::Obj(id)));
        self.name_class(cx, found.node, id);
        let members: Vec<NodeId> = cx.unit.ir.list(found.members).collect();
        for &member in &members {
            let node = cx.unit.ir.node(member);
            if node.sub & (MEMBER_FIELD | MEMBER_BLOCK) != 0 {
                continue;
            }
            let on = if node.sub & MEMBER_STATIC != 0 {
                id
            } else {
                prototype
            };
            let key = self.eval(cx, NodeId(node.a))?;
            let key = match self.to_key(&key) {
                Err(Stop::Opaque) => continue,
                key => key?,
            };
            self.property(cx, on, key, node, false)?;
        }
        for &member in &members {
            let node = cx.unit.ir.node(member);
            if node.sub & MEMBER_STATIC != 0 && node.sub & (MEMBER_FIELD | MEMBER_BLOCK) != 0 {
                self.field(cx, node, id, id)?;
            }
        }
        Ok(Val::Obj(id))
    }

    /// The own name of a class stands for it inside.
    fn name_class(&mut self, cx: &Cx<'a>, node: NodeId, id: ObjId) {
        if let Some(target) = cx.unit.scopes.class_name(node) {
            let target = cx.unit.ir.node(target);
            if target.b != u32::MAX {
                self.write_binding(cx, crate::parse::ir::BindingId(target.b), Val::Obj(id));
            }
            self.name_function(cx, crate::parse::names::NameId(target.a), &Val::Obj(id));
        }
    }

    /// Runs a field's initialiser or a static block, with `this` the instance or class.
    fn field(&mut self, cx: &Cx<'a>, node: Node, on: ObjId, home: ObjId) -> Run<()> {
        let value_node = cx.unit.ir.node(NodeId(node.b));
        let value = if value_node.op == Op::Function {
            let made = self.closure(cx, FuncId(value_node.a), Some(home));
            let Val::Obj(made) = made else { return Ok(()) };
            let Kind::Closure(closure) = &self.at(made).kind else {
                return Ok(());
            };
            let closure = Rc::clone(closure);
            self.invoke(&closure, None, Val::Obj(on), Vec::new(), Val::Undefined)?
        } else {
            Val::Undefined
        };
        if node.sub & MEMBER_FIELD == 0 {
            return Ok(());
        }
        let key = self.eval(cx, NodeId(node.a))?;
        match self.to_key(&key) {
            Ok(key) => {
                self.define(on, key, Prop::plain(value));
                Ok(())
            }
            Err(Stop::Opaque) => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    fn fields(&mut self, closure: &Closure, on: ObjId) -> Run<()> {
        let Some(class) = closure.class else {
            return Ok(());
        };
        let Some(unit) = self.units.get(closure.unit).cloned() else {
            return Ok(());
        };
        let Some(found) = unit.ir.classes.get(class.index()).copied() else {
            return Ok(());
        };
        let members: Vec<Node> = unit
            .ir
            .list(found.members)
            .map(|member| unit.ir.node(member))
            .filter(|node| node.sub & MEMBER_FIELD != 0 && node.sub & MEMBER_STATIC == 0)
            .collect();
        if members.is_empty() {
            return Ok(());
        }
        let cx = self.context(&unit, Rc::clone(&closure.env), Val::Obj(on));
        let home = closure.home.unwrap_or(on);
        for node in members {
            self.field(&cx, node, on, home)?;
        }
        Ok(())
    }

    pub(super) fn construct_closure(
        &mut self,
        closure: &Rc<Closure>,
        id: ObjId,
        args: Vec<Val>,
        new_target: &Val,
    ) -> Run {
        self.deeper()?;
        let done = self.constructed(closure, id, args, new_target);
        self.depth -= 1;
        done
    }

    fn constructed(
        &mut self,
        closure: &Rc<Closure>,
        id: ObjId,
        args: Vec<Val>,
        new_target: &Val,
    ) -> Run {
        let parent = match closure.class {
            Some(_) => self.at(id).proto.filter(|_| self.has_parent(closure)),
            None => None,
        };
        if parent.is_some() {
            if closure.function.is_none() {
                let made = self.parent_instance(id, args, new_target)?;
                if let Val::Obj(made) = made {
                    self.fields(closure, made)?;
                }
                return Ok(made);
            }
            // `this` is made by `super(…)`.
            let this = Val::Undefined;
            let result = self.invoke_constructor(closure, id, this, args, new_target)?;
            return Ok(result);
        }
        let key = Key::Name(self.realm.prototype);
        let prototype = match new_target {
            Val::Obj(target) => self.get_from(*target, key, new_target)?,
            _ => Val::Undefined,
        };
        let proto = match prototype {
            Val::Obj(prototype) => Some(prototype),
            _ => self.realm.object,
        };
        let made = self.alloc(proto, Kind::Plain);
        self.fields(closure, made)?;
        if closure.function.is_none() {
            return Ok(Val::Obj(made));
        }
        let result = self.invoke(closure, Some(id), Val::Obj(made), args, new_target.clone())?;
        Ok(match result {
            Val::Obj(_) | Val::Host(_) => result,
            _ => Val::Obj(made),
        })
    }

    fn has_parent(&self, closure: &Closure) -> bool {
        let Some(unit) = self.units.get(closure.unit) else {
            return false;
        };
        closure
            .class
            .and_then(|class| unit.ir.classes.get(class.index()))
            .is_some_and(|class| !class.superclass.is_none())
    }

    fn invoke_constructor(
        &mut self,
        closure: &Rc<Closure>,
        id: ObjId,
        this: Val,
        args: Vec<Val>,
        new_target: &Val,
    ) -> Run {
        let before = self.constructing.replace(Val::Undefined);
        let result = self.invoke(closure, Some(id), this, args, new_target.clone());
        let made = std::mem::replace(&mut self.constructing, before);
        match result? {
            value @ (Val::Obj(_) | Val::Host(_)) => Ok(value),
            _ => Ok(made.unwrap_or(Val::Undefined)),
        }
    }

    /// What the parent class makes of the arguments.
    fn parent_instance(&mut self, class: ObjId, args: Vec<Val>, new_target: &Val) -> Run {
        let Some(parent) = self.at(class).proto else {
            return Ok(Val::Undefined);
        };
        if let Kind::Outside(host) = self.at(parent).kind {
            let terms: Vec<_> = args.iter().map(|arg| self.to_term(arg)).collect();
            for arg in &args {
                self.hand_over(arg);
            }
            let place = self.place;
            let value = self.terms.construct(host, &terms, place);
            let key = Key::Name(self.realm.prototype);
            let proto = match new_target {
                Val::Obj(target) => self.get_from(*target, key, new_target)?,
                _ => Val::Undefined,
            };
            let proto = match proto {
                Val::Obj(proto) => Some(proto),
                _ => self.realm.object,
            };
            return Ok(self.object(proto, Kind::Outside(value)));
        }
        let made = self.construct(&Val::Obj(parent), args, new_target)?;
        if let (Val::Obj(made), Val::Obj(target)) = (&made, new_target) {
            let key = Key::Name(self.realm.prototype);
            if let Val::Obj(proto) = self.get_from(*target, key, new_target)? {
                self.at_mut(*made).proto = Some(proto);
            }
        }
        Ok(made)
    }

    /// `super(…)`.
    pub(super) fn super_call(&mut self, cx: &Cx<'a>, args: Vec<Val>) -> Run {
        let Some(class) = cx.activation.callee else {
            return Ok(Val::Undefined);
        };
        let new_target = match &cx.activation.new_target {
            Val::Undefined => Val::Obj(class),
            target => target.clone(),
        };
        let made = self.parent_instance(class, args, &new_target)?;
        *cx.activation.this.borrow_mut() = made.clone();
        if self.constructing.is_some() {
            self.constructing = Some(made.clone());
        }
        let closure = match &self.at(class).kind {
            Kind::Closure(closure) => Rc::clone(closure),
            _ => return Ok(made),
        };
        if let Val::Obj(made) = made {
            self.fields(&closure, made)?;
        }
        Ok(made)
    }
}
