//! Calling, constructing, and making functions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::expr::is_optional;
use super::object::{Activation, Closure, Key, Kind, ObjId, Prop, Val};
use super::scope::Env;
use super::{Cx, Flow, Machine, Run, Stop, Unit};
use crate::model::FileId;
use crate::parse::ir::{BindingId, FuncId, Function, FunctionKind, ListId, Node, NodeId, Op};
use crate::parse::names::NameId;
use crate::value::terms::Term;

/// Longest chain of bound functions and proxies.
const MOST_WRAPS: usize = 32;

impl<'a> Machine<'a> {
    // ── calls in the code ────────────────────────────────────────────────────

    /// What is called, and its `this`.
    pub(super) fn callee(&mut self, cx: &Cx<'a>, id: NodeId) -> Run<(Val, Val)> {
        let node = cx.unit.ir.node(id);
        match node.op {
            Op::Member | Op::Index if !self.is_overridden(id) => {
                self.deeper()?;
                let found = self.member_node(cx, id, node);
                self.depth -= 1;
                found
            }
            _ => Ok((self.eval(cx, id)?, Val::Undefined)),
        }
    }

    #[inline(never)]
    pub(super) fn call_node(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run {
        let callee_id = NodeId(node.a);
        let callee_node = cx.unit.ir.node(callee_id);
        if callee_node.op == Op::Super {
            let args = self.list(cx, ListId(node.b))?;
            return self.super_call(cx, args);
        }
        let (callee, this) = self.callee(cx, callee_id)?;
        if callee.is_nullish() && (node.sub & 1 != 0 || is_optional(&cx.unit, callee_id)) {
            return Ok(Val::Undefined);
        }
        let mut args = self.list(cx, ListId(node.b))?;
        for arg in &mut args {
            if let Val::Hole = arg {
                *arg = Val::Undefined;
            }
        }
        // A method that builtins have and this run has not.
        if callee.is_undefined() && self.is_builtin_value(&this) {
            for arg in &args {
                self.hand_over(arg);
            }
            let mut parts: Vec<&Val> = vec![&this];
            parts.extend(&args);
            return Ok(self.derived(&parts));
        }
        if callee_node.op == Op::Name
            && callee_node.b == u32::MAX
            && let Val::Obj(eval) = &callee
            && let Kind::Native(native) = &self.at(*eval).kind
            && native.path == "eval"
        {
            return self.direct_eval(cx, id, &args);
        }
        self.call_value(cx, id, &callee, this, args)
    }

    /// Whether a value is a builtin of which only some methods are there.
    fn is_builtin_value(&self, value: &Val) -> bool {
        let Val::Obj(id) = value else { return false };
        matches!(
            self.at(*id).kind,
            Kind::Native(_)
                | Kind::Date(_)
                | Kind::View(_)
                | Kind::Promise { .. }
                | Kind::Digest(_)
                | Kind::Cipher(_)
        )
    }

    /// Calls from a place in the code, where it is noted.
    pub(super) fn call_value(
        &mut self,
        cx: &Cx<'a>,
        id: NodeId,
        callee: &Val,
        this: Val,
        args: Vec<Val>,
    ) -> Run {
        self.stand_at(cx, id);
        if let Val::Host(host) = callee {
            return self.host_call(cx, id, *host, &args, false);
        }
        self.observe_code(cx, id, callee, &args);
        let value = self.call(callee, this, args)?;
        self.observe_result(cx, id, &value);
        Ok(value)
    }

    /// Notes where in the file the run is.
    fn stand_at(&mut self, cx: &Cx<'a>, id: NodeId) {
        if self.is_file(cx.unit.id) {
            self.place = super::Place {
                file: FileId(u32::try_from(cx.unit.id).unwrap_or(u32::MAX)),
                span: cx.unit.ir.node(id).span,
            };
            self.site = (cx.unit.id, id);
        }
    }

    #[inline(never)]
    pub(super) fn new_node(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run {
        let callee = self.eval(cx, NodeId(node.a))?;
        let args = self.list(cx, ListId(node.b))?;
        self.stand_at(cx, id);
        if let Val::Host(host) = callee {
            return self.host_call(cx, id, host, &args, true);
        }
        self.observe_code(cx, id, &callee, &args);
        self.construct(&callee, args, &callee)
    }

    // ── calls of values ──────────────────────────────────────────────────────

    pub(super) fn call(&mut self, callee: &Val, this: Val, args: Vec<Val>) -> Run {
        let (mut callee, mut this, mut args) = (callee.clone(), this, args);
        for _ in 0..MOST_WRAPS {
            let id = match &callee {
                Val::Obj(id) => *id,
                Val::Host(host) => {
                    let host = *host;
                    return self.host_apply(host, &args);
                }
                _ => return self.type_error("not a function"),
            };
            match &self.at(id).kind {
                Kind::Closure(closure) => {
                    if closure.class.is_some() {
                        return self
                            .type_error("Class constructor cannot be invoked without 'new'");
                    }
                    let closure = Rc::clone(closure);
                    return self.invoke(&closure, Some(id), this, args, Val::Undefined);
                }
                Kind::Native(native) => {
                    let native = *native;
                    return self.native(native, &this, &args, None);
                }
                Kind::Bound {
                    target,
                    this: bound,
                    args: first,
                } => {
                    let mut all = first.clone();
                    all.append(&mut args);
                    args = all;
                    this = bound.clone();
                    callee = target.clone();
                }
                Kind::Settle { promise, rejects } => {
                    let (promise, rejects) = (*promise, *rejects);
                    let value = args.into_iter().next().unwrap_or(Val::Undefined);
                    self.settle(promise, value, rejects);
                    return Ok(Val::Undefined);
                }
                Kind::Proxy { target, handler } => {
                    let (target, handler) = (target.clone(), handler.clone());
                    let trap = self.get_named(&handler, "apply")?;
                    if trap.is_nullish() {
                        callee = target;
                        continue;
                    }
                    let list = self.array(args);
                    args = vec![target, this, list];
                    this = handler;
                    callee = trap;
                }
                Kind::Outside(host) => callee = Val::Host(*host),
                Kind::Choice(values) => {
                    let values = values.clone();
                    return self.with_each(&values, |machine, value| {
                        machine.call(value, this.clone(), args.clone())
                    });
                }
                _ => return self.type_error("not a function"),
            }
        }
        Err(Stop::End)
    }

    /// Runs a function of the code.
    #[inline(never)]
    pub(super) fn invoke(
        &mut self,
        closure: &Rc<Closure>,
        callee: Option<ObjId>,
        this: Val,
        args: Vec<Val>,
        new_target: Val,
    ) -> Run {
        self.spend(4)?;
        self.deeper()?;
        self.depth += 2;
        let overrides = std::mem::take(&mut self.overrides);
        let done = self.invoked(closure, callee, this, args, new_target);
        self.overrides = overrides;
        self.depth -= 3;
        done
    }

    fn invoked(
        &mut self,
        closure: &Rc<Closure>,
        callee: Option<ObjId>,
        this: Val,
        args: Vec<Val>,
        new_target: Val,
    ) -> Run {
        if self.is_file(closure.unit) {
            self.invoked.insert((closure.unit, closure.function));
        }
        let (function, cx) = self.entered(closure, callee, this, args, new_target)?;
        if function.is_generator {
            if let Some(generator) = self.taker(closure, callee, &cx) {
                return Ok(generator);
            }
            let result = self.generated(function, &cx)?.unwrap_or(Val::Undefined);
            let items = Self::given(&cx);
            return Ok(self.iterator(items, result));
        }
        let depth = self.depth;
        let done = self.body(&cx, function.params, function.body);
        if function.is_async {
            self.depth = depth;
            return match done {
                Ok(value) => Ok(self.promise(value, false)),
                Err(Stop::Throw(error)) => Ok(self.promise(error, true)),
                Err(stop) => Err(stop),
            };
        }
        done
    }

    /// A function and the context of a call of it.
    pub(super) fn entered(
        &mut self,
        closure: &Rc<Closure>,
        callee: Option<ObjId>,
        this: Val,
        args: Vec<Val>,
        new_target: Val,
    ) -> Run<(Function, Cx<'a>)> {
        let Some(unit) = self.units.get(closure.unit).cloned() else {
            return Err(Stop::End);
        };
        let Some(function) = unit.ir.functions.get(closure.function.index()).copied() else {
            return Err(Stop::End);
        };
        let owner = closure.function.0 + 1;
        let size = unit.scopes.size(owner);
        let env = Rc::new(Env {
            unit: closure.unit,
            owner,
            slots: RefCell::new(vec![Val::Hole; size]),
            parent: Some(Rc::clone(&closure.env)),
            with: None,
        });
        let activation = match &closure.outer {
            Some(outer) => Rc::clone(outer),
            None => {
                let this = if this.is_nullish() && closure.home.is_none() {
                    self.global_object()
                } else {
                    this
                };
                Rc::new(Activation {
                    this: RefCell::new(this),
                    args: args.clone(),
                    callee,
                    home: closure.home,
                    new_target,
                })
            }
        };
        let cx = Cx {
            unit: Rc::clone(&unit),
            env: RefCell::new(env),
            activation,
            args,
            is_async: function.is_async,
            partial: RefCell::default(),
            escaped: Cell::new(false),
            yields: RefCell::default(),
        };
        if let (Some(name), Some(callee)) = (unit.scopes.own_name(closure.function), callee) {
            self.write_binding(&cx, name, Val::Obj(callee));
        }
        Ok((function, cx))
    }

    /// Runs a generator: what it returns, or nothing if it waits for what it is sent.
    pub(super) fn generated(&mut self, function: Function, cx: &Cx<'a>) -> Run<Option<Val>> {
        let depth = self.depth;
        let done = self.body(cx, function.params, function.body);
        let result = match done {
            Ok(value) => Some(value),
            Err(Stop::Throw(_)) => Some(Val::Undefined),
            Err(Stop::Paused) => None,
            Err(stop) => return Err(stop),
        };
        self.depth = depth;
        Ok(result)
    }

    fn body(&mut self, cx: &Cx<'a>, params: ListId, body: NodeId) -> Run {
        let count = cx.unit.ir.list(params).len();
        for at in 0..count {
            let Some(target) = cx.unit.ir.list(params).nth(at) else {
                break;
            };
            self.fill_pattern(cx, target)?;
        }
        let Some(body) = body.some() else {
            return Ok(Val::Undefined);
        };
        let node = cx.unit.ir.node(body);
        let is_block = node.op == Op::Block;
        let depth = self.depth;
        let value = if is_block {
            self.statement(cx, body).map(|flow| match flow {
                Flow::Return(value) => value,
                _ => Val::Undefined,
            })
        } else {
            self.eval(cx, body)
        };
        let partial = std::mem::take(&mut *cx.partial.borrow_mut());
        if partial.is_empty() {
            return value;
        }
        let value = match value {
            // The way that throws is not the one that was taken.
            Err(Stop::Throw(_)) => {
                self.depth = depth;
                return Ok(self.either(&partial));
            }
            value => value?,
        };
        let mut all = partial;
        all.push(value);
        Ok(self.either(&all))
    }

    pub(super) fn construct(&mut self, callee: &Val, args: Vec<Val>, new_target: &Val) -> Run {
        let id = match callee {
            Val::Obj(id) => *id,
            Val::Host(host) => {
                for arg in &args {
                    self.hand_over(arg);
                }
                let host = *host;
                let terms: Vec<_> = args.iter().map(|arg| self.to_term(arg)).collect();
                self.observe_inner(host, &terms, true);
                let place = self.place;
                let value = self.terms.construct(host, &terms, place);
                return Ok(self.concrete(value));
            }
            _ => return self.type_error("not a constructor"),
        };
        match &self.at(id).kind {
            Kind::Closure(closure) => {
                let closure = Rc::clone(closure);
                self.construct_closure(&closure, id, args, new_target)
            }
            Kind::Native(native) => {
                let native = *native;
                self.native(native, &Val::Undefined, &args, Some(new_target))
            }
            Kind::Bound {
                target,
                args: first,
                ..
            } => {
                let target = target.clone();
                let mut all = first.clone();
                all.extend(args);
                self.deeper()?;
                let made = self.construct(&target, all, &target);
                self.depth -= 1;
                made
            }
            Kind::Proxy { target, handler } => {
                let (target, handler) = (target.clone(), handler.clone());
                let trap = self.get_named(&handler, "construct")?;
                self.deeper()?;
                let made = if trap.is_nullish() {
                    self.construct(&target, args, &target)
                } else {
                    let list = self.array(args);
                    self.call(&trap, handler, vec![target, list, new_target.clone()])
                };
                self.depth -= 1;
                made
            }
            Kind::Outside(host) => {
                let host = *host;
                self.construct(&Val::Host(host), args, new_target)
            }
            Kind::Choice(values) => {
                let values = values.clone();
                self.with_each(&values, |machine, value| {
                    machine.construct(value, args.clone(), value)
                })
            }
            _ => self.type_error("not a constructor"),
        }
    }

    // ── functions ────────────────────────────────────────────────────────────

    /// A function object for a function of the code.
    pub(super) fn closure(&mut self, cx: &Cx<'a>, function: FuncId, home: Option<ObjId>) -> Val {
        let Some(found) = cx.unit.ir.functions.get(function.index()).copied() else {
            return Val::Undefined;
        };
        let is_arrow = found.kind == FunctionKind::Arrow;
        let closure = Closure {
            unit: cx.unit.id,
            function,
            env: Rc::clone(&cx.env.borrow()),
            outer: is_arrow.then(|| Rc::clone(&cx.activation)),
            home: if is_arrow { None } else { home },
            class: None,
        };
        let proto = match (found.is_async, found.is_generator) {
            (true, true) => self.realm.async_generator_function,
            (true, false) => self.realm.async_function,
            (false, true) => self.realm.generator_function,
            (false, false) => self.realm.function,
        };
        let id = self.alloc(proto, Kind::Closure(Rc::new(closure)));
        let takes_new =
            found.kind == FunctionKind::Normal && !found.is_async && !found.is_generator;
        if takes_new {
            self.give_prototype(id);
        }
        let length = Key::Name(self.realm.length);
        let mut prop = Prop::hidden(Val::Num(f64::from(self.length_of(&cx.unit, function))));
        prop.writable = false;
        self.define(id, length, prop);
        if found.name.0 != u32::MAX {
            let name = Val::Str(self.key_text_of(&cx.unit, found.name));
            let key = Key::Name(self.realm.name);
            self.define(id, key, Prop::hidden(name));
        }
        if self.is_file(cx.unit.id) {
            let function = (cx.unit.id, function);
            self.created.entry(function).or_insert(id);
        }
        Val::Obj(id)
    }

    fn length_of(&self, unit: &Unit<'_>, function: FuncId) -> u32 {
        let Some(found) = unit.ir.functions.get(function.index()) else {
            return 0;
        };
        let plain = unit.ir.list(found.params).take_while(|&target| {
            let node = unit.ir.node(target);
            let value = unit.scopes.value_of(target);
            node.op != Op::Name || value.is_none_or(|value| unit.ir.node(value).op == Op::Param)
        });
        u32::try_from(plain.count()).unwrap_or(u32::MAX)
    }

    fn key_text_of(&mut self, unit: &Unit<'_>, name: NameId) -> super::Text {
        let key = self.name(unit, name);
        self.key_text(key)
    }

    pub(super) fn give_prototype(&mut self, function: ObjId) {
        let prototype = self.plain();
        let constructor = Key::Name(self.realm.constructor);
        self.define(prototype, constructor, Prop::hidden(Val::Obj(function)));
        let key = Key::Name(self.realm.prototype);
        self.define(function, key, Prop::hidden(Val::Obj(prototype)));
    }

    /// A function without a name gets that of what it is assigned to.
    pub(super) fn name_function(&mut self, cx: &Cx<'a>, name: NameId, value: &Val) {
        let Val::Obj(id) = value else { return };
        let key = Key::Name(self.realm.name);
        let is_bare = matches!(&self.at(*id).kind, Kind::Closure(closure) if closure.unit == cx.unit.id)
            && !self.at(*id).props.contains_key(&key);
        if is_bare {
            let text = self.key_text_of(&cx.unit, name);
            self.define(*id, key, Prop::hidden(Val::Str(text)));
        }
    }

    /// Fills the bindings of the functions that a list of statements declares.
    pub(super) fn hoist(&mut self, cx: &Cx<'a>, list: ListId) {
        let ir = &cx.unit.ir;
        let count = ir.list(list).len();
        for at in 0..count {
            let Some(item) = ir.list(list).nth(at) else {
                break;
            };
            let node = ir.node(item);
            let function = match node.op {
                Op::Declaration => NodeId(node.a),
                Op::Labeled => continue,
                _ => continue,
            };
            let declared = ir.node(function);
            if declared.op != Op::Function {
                continue;
            }
            let value = self.closure(cx, FuncId(declared.a), None);
            let own = BindingId(ir.node(NodeId(node.b)).b);
            if own.0 != u32::MAX {
                self.write_binding(cx, own, value.clone());
            }
            for binding in cx.unit.scopes.declared_by(function).to_vec() {
                self.write_binding(cx, binding, value.clone());
            }
        }
    }

    /// The source text of a function.
    pub(super) fn source_of(&self, id: ObjId) -> Option<super::Text> {
        match &self.at(id).kind {
            Kind::Closure(closure) => {
                let unit = self.units.get(closure.unit)?;
                let node = match closure.class {
                    Some(class) => unit.ir.classes.get(class.index())?.node,
                    None => unit.ir.functions.get(closure.function.index())?.node,
                };
                let span = unit.ir.node(node).span;
                let text = unit.text.get(span.start as usize..span.end as usize)?;
                Some(super::Text::new(text))
            }
            Kind::Native(native) => {
                let name = native.path.rsplit(['.', ' ']).next().unwrap_or("");
                let name = name.trim_start_matches("@@");
                Some(super::Text::new(&format!(
                    "function {name}() {{ [native code] }}"
                )))
            }
            Kind::Bound { .. } | Kind::Settle { .. } => {
                Some(super::Text::new("function () { [native code] }"))
            }
            _ => None,
        }
    }

    /// Parameters of a function that nobody is known to call.
    pub(super) fn unknown_args(&mut self, unit: &Unit<'_>, function: FuncId) -> Vec<Val> {
        let count = unit
            .ir
            .functions
            .get(function.index())
            .map_or(0, |found| found.param_count);
        let function = self.numbered(unit.id, function);
        (0..count.min(64))
            .map(|at| Val::Host(self.terms.add(Term::Param(function, at))))
            .collect()
    }
}
