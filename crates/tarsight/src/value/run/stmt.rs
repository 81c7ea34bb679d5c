//! Statements.

use std::cell::RefCell;
use std::rc::Rc;

use super::iterate::Walk;
use super::object::{Kind, Val};
use super::scope::{Env, WITH};
use super::{Cx, Flow, Machine, Run, Stop};
use crate::parse::ir::{ListId, Node, NodeId, Op};
use crate::parse::names::NameId;

/// What a loop does after a turn of its body.
enum Turn {
    Go,
    Leave(Flow),
}

impl<'a> Machine<'a> {
    pub(super) fn statement(&mut self, cx: &Cx<'a>, id: NodeId) -> Run<Flow> {
        self.spend(1)?;
        self.deeper()?;
        let done = self.statement_deep(cx, id);
        self.depth -= 1;
        done
    }

    #[inline(never)]
    fn statement_deep(&mut self, cx: &Cx<'a>, id: NodeId) -> Run<Flow> {
        let node = cx.unit.ir.node(id);
        let a = NodeId(node.a);
        let b = NodeId(node.b);
        match node.op {
            Op::Expression => {
                self.eval(cx, a)?;
            }
            Op::Declare => self.declare(cx, ListId(node.a))?,
            Op::Block => return self.block(cx, ListId(node.a)),
            Op::If => return self.if_statement(cx, node),
            Op::Return => {
                let value = match a.some() {
                    Some(value) => self.eval(cx, value)?,
                    None => Val::Undefined,
                };
                let value = if cx.is_async {
                    self.awaited(value)?
                } else {
                    value
                };
                return Ok(Flow::Return(value));
            }
            Op::For => return self.for_loop(cx, id, node, NameId::NONE),
            Op::While | Op::DoWhile => return self.while_loop(cx, id, node, NameId::NONE),
            Op::ForOf | Op::ForIn => return self.for_each(cx, id, node, NameId::NONE),
            Op::Break => return Ok(Flow::Break(NameId(node.a))),
            Op::Continue => return Ok(Flow::Continue(NameId(node.a))),
            Op::Throw => {
                let value = self.eval(cx, a)?;
                return Err(Stop::Throw(value));
            }
            Op::Try => return self.try_statement(cx, id, node),
            Op::Switch => return self.switch(cx, node),
            Op::Labeled => {
                let label = NameId(node.a);
                let inner = cx.unit.ir.node(b);
                let flow = match inner.op {
                    Op::For => self.for_loop(cx, b, inner, label)?,
                    Op::While | Op::DoWhile => self.while_loop(cx, b, inner, label)?,
                    Op::ForOf | Op::ForIn => self.for_each(cx, b, inner, label)?,
                    _ => self.statement(cx, b)?,
                };
                return Ok(match flow {
                    Flow::Break(to) if to == label => Flow::Normal,
                    flow => flow,
                });
            }
            Op::With => {
                let object = self.eval(cx, a)?;
                let env = Rc::new(Env {
                    unit: cx.unit.id,
                    owner: WITH,
                    slots: RefCell::default(),
                    parent: Some(Rc::clone(&cx.env.borrow())),
                    with: Some(object),
                });
                return self.inside(cx, env, |machine| machine.statement(cx, b));
            }
            Op::Declaration => {
                if cx.unit.ir.node(a).op == Op::Class {
                    let class = self.eval(cx, a)?;
                    let name = cx.unit.ir.node(b);
                    self.write_name(cx, name, class)?;
                }
            }
            Op::Export => self.export(cx, node)?,
            Op::Import | Op::Debugger | Op::Hole | Op::Decorator => {}
            _ => {
                self.eval(cx, id)?;
            }
        }
        Ok(Flow::Normal)
    }

    /// Works in another environment.
    fn inside<T>(
        &mut self,
        cx: &Cx<'a>,
        env: Rc<Env>,
        work: impl FnOnce(&mut Self) -> Run<T>,
    ) -> Run<T> {
        let before = cx.env.replace(env);
        let done = work(self);
        cx.env.replace(before);
        done
    }

    fn export(&mut self, cx: &Cx<'a>, node: Node) -> Run<()> {
        for at in node.a..node.a.saturating_add(node.b) {
            let Some(export) = cx.unit.ir.exports.get(at as usize).copied() else {
                break;
            };
            let value = cx.unit.ir.node(export.value);
            if !matches!(value.op, Op::Name | Op::Imported) {
                let value = self.export_value(cx, export.value)?;
                self.hand_over(&value);
            }
        }
        Ok(())
    }

    fn declare(&mut self, cx: &Cx<'a>, list: ListId) -> Run<()> {
        let count = cx.unit.ir.list(list).len();
        for at in 0..count {
            let Some(item) = cx.unit.ir.list(list).nth(at) else {
                break;
            };
            let node = cx.unit.ir.node(item);
            let target = NodeId(node.a);
            let Some(init) = NodeId(node.b).some() else {
                self.declare_bare(cx, target);
                continue;
            };
            let value = self.eval(cx, init)?;
            self.bind(cx, target, init, value)?;
        }
        Ok(())
    }

    /// `let x;` in a loop starts anew; `var x;` does not.
    fn declare_bare(&mut self, cx: &Cx<'a>, target: NodeId) {
        let node = cx.unit.ir.node(target);
        let binding = crate::parse::ir::BindingId(node.b);
        let is_let = cx
            .unit
            .ir
            .bindings
            .get(binding.index())
            .is_some_and(|found| found.kind == crate::parse::ir::BindingKind::Let);
        if node.op == Op::Name && is_let {
            self.write_binding(cx, binding, Val::Undefined);
        }
    }

    pub(super) fn block(&mut self, cx: &Cx<'a>, list: ListId) -> Run<Flow> {
        self.hoist(cx, list);
        let count = cx.unit.ir.list(list).len();
        for at in 0..count {
            let Some(item) = cx.unit.ir.list(list).nth(at) else {
                break;
            };
            match self.statement(cx, item)? {
                Flow::Normal => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Normal)
    }

    fn if_statement(&mut self, cx: &Cx<'a>, node: Node) -> Run<Flow> {
        let test = self.eval(cx, NodeId(node.a))?;
        let mut branches = cx.unit.ir.list(ListId(node.b));
        let then = branches.next().unwrap_or(NodeId::NONE);
        let other = branches.next().and_then(NodeId::some);
        match self.truth(&test) {
            Some(true) => self.statement(cx, then),
            Some(false) => match other {
                Some(other) => self.statement(cx, other),
                None => Ok(Flow::Normal),
            },
            None => {
                if !self.forks(cx, then) {
                    return Ok(Flow::Normal);
                }
                let (first, second) = self.both(cx, then, other)?;
                match (first, second) {
                    (Some(Flow::Normal), Some(flow)) | (Some(flow), Some(Flow::Normal)) => {
                        self.left(cx, flow);
                        Ok(Flow::Normal)
                    }
                    (Some(Flow::Return(value)), Some(flow)) => {
                        cx.partial.borrow_mut().push(value);
                        Ok(flow)
                    }
                    (Some(flow), None) | (None, Some(flow)) | (Some(_), Some(flow)) => Ok(flow),
                    (None, None) => Err(Stop::Throw(Val::Undefined)),
                }
            }
        }
    }

    /// Notes how a branch that may not have been taken left.
    fn left(&mut self, cx: &Cx<'a>, flow: Flow) {
        match flow {
            Flow::Return(value) => {
                cx.partial.borrow_mut().push(value);
                cx.escaped.set(true);
            }
            Flow::Break(_) => cx.escaped.set(true),
            Flow::Normal | Flow::Continue(_) => {}
        }
    }

    // ── loops ────────────────────────────────────────────────────────────────

    /// One turn of a body.
    fn turn(&mut self, cx: &Cx<'a>, body: NodeId, label: NameId) -> Run<Turn> {
        let before = cx.escaped.replace(false);
        let flow = self.statement(cx, body)?;
        let escaped = cx.escaped.replace(before);
        Ok(match flow {
            Flow::Normal if escaped => Turn::Leave(Flow::Normal),
            Flow::Normal => Turn::Go,
            Flow::Continue(to) if to == NameId::NONE || to == label => {
                if escaped {
                    Turn::Leave(Flow::Normal)
                } else {
                    Turn::Go
                }
            }
            Flow::Break(to) if to == NameId::NONE || to == label => Turn::Leave(Flow::Normal),
            flow => Turn::Leave(flow),
        })
    }

    /// The environment for the next turn of a loop: a copy, so that functions keep theirs.
    fn turn_env(&mut self, cx: &Cx<'a>, owner: u32, copies: bool) -> Rc<Env> {
        let current = Rc::clone(&cx.env.borrow());
        let slots = if copies {
            current.slots.borrow().clone()
        } else {
            vec![Val::Hole; cx.unit.scopes.size(owner)]
        };
        let parent = if copies {
            current.parent.clone()
        } else {
            Some(current)
        };
        Rc::new(Env {
            unit: cx.unit.id,
            owner,
            slots: RefCell::new(slots),
            parent,
            with: None,
        })
    }

    fn for_loop(&mut self, cx: &Cx<'a>, id: NodeId, node: Node, label: NameId) -> Run<Flow> {
        match cx.unit.scopes.of_loop(id) {
            Some(owner) => {
                let env = self.turn_env(cx, owner, false);
                self.inside(cx, env, |machine| {
                    machine.for_turns(cx, node, label, Some(owner))
                })
            }
            None => self.for_turns(cx, node, label, None),
        }
    }

    fn for_turns(
        &mut self,
        cx: &Cx<'a>,
        node: Node,
        label: NameId,
        owner: Option<u32>,
    ) -> Run<Flow> {
        let mut head = cx.unit.ir.list(ListId(node.a));
        let mut next = || head.next().unwrap_or(NodeId::NONE);
        let (init, test, update) = (next(), next(), next());
        let op = cx.unit.ir.node(init).op;
        if op == Op::Declare {
            self.statement(cx, init)?;
        } else if op != Op::Hole {
            self.eval(cx, init)?;
        }
        let has_test = cx.unit.ir.node(test).op != Op::Hole;
        let has_update = cx.unit.ir.node(update).op != Op::Hole;
        loop {
            let mut is_last = false;
            if has_test {
                let test = self.eval(cx, test)?;
                match self.truth(&test) {
                    Some(true) => {}
                    Some(false) => return Ok(Flow::Normal),
                    None => is_last = true,
                }
            }
            match self.turn(cx, NodeId(node.b), label)? {
                Turn::Go => {}
                Turn::Leave(flow) => return Ok(flow),
            }
            if let Some(owner) = owner {
                let env = self.turn_env(cx, owner, true);
                cx.env.replace(env);
            }
            if has_update {
                self.eval(cx, update)?;
            }
            if is_last {
                return Ok(Flow::Normal);
            }
        }
    }

    fn while_loop(&mut self, cx: &Cx<'a>, id: NodeId, node: Node, label: NameId) -> Run<Flow> {
        let owner = cx.unit.scopes.of_loop(id);
        let mut is_first = node.op == Op::DoWhile;
        loop {
            let mut is_last = false;
            if !is_first {
                let test = self.eval(cx, NodeId(node.a))?;
                match self.truth(&test) {
                    Some(true) => {}
                    Some(false) => return Ok(Flow::Normal),
                    None if node.op == Op::DoWhile => return Ok(Flow::Normal),
                    None => is_last = true,
                }
            }
            is_first = false;
            let body = NodeId(node.b);
            let turn = match owner {
                Some(owner) => {
                    let env = self.turn_env(cx, owner, false);
                    self.inside(cx, env, |machine| machine.turn(cx, body, label))?
                }
                None => self.turn(cx, body, label)?,
            };
            match turn {
                Turn::Go => {}
                Turn::Leave(flow) => return Ok(flow),
            }
            if is_last {
                return Ok(Flow::Normal);
            }
        }
    }

    fn for_each(&mut self, cx: &Cx<'a>, id: NodeId, node: Node, label: NameId) -> Run<Flow> {
        let mut head = cx.unit.ir.list(ListId(node.a));
        let left = head.next().unwrap_or(NodeId::NONE);
        let right = head.next().unwrap_or(NodeId::NONE);
        // The item's node follows what is walked over: see the lowering.
        let item = NodeId(right.0.saturating_add(1));
        let whole = self.eval(cx, right)?;
        let walk = if node.op == Op::ForIn {
            self.walk_keys(&whole)
        } else {
            self.walk(&whole)
        };
        let mut walk = match walk {
            Ok(walk) => walk,
            Err(Stop::Opaque) => {
                let value = self.outside_item(&whole, node.op == Op::ForIn);
                Walk::Items(vec![value].into_iter())
            }
            Err(stop) => return Err(stop),
        };
        while let Some(value) = self.next(&mut walk)? {
            let value = if node.sub == 1 {
                self.awaited(value)?
            } else {
                value
            };
            let turn = match cx.unit.scopes.of_loop(id) {
                Some(owner) => {
                    let env = self.turn_env(cx, owner, false);
                    self.inside(cx, env, |machine| {
                        machine.each(cx, left, item, value, NodeId(node.b), label)
                    })?
                }
                None => self.each(cx, left, item, value, NodeId(node.b), label)?,
            };
            match turn {
                Turn::Go => {}
                Turn::Leave(flow) => return Ok(flow),
            }
        }
        Ok(Flow::Normal)
    }

    fn each(
        &mut self,
        cx: &Cx<'a>,
        left: NodeId,
        item: NodeId,
        value: Val,
        body: NodeId,
        label: NameId,
    ) -> Run<Turn> {
        let node = cx.unit.ir.node(left);
        let target = if node.op == Op::Declare {
            let declarator = cx.unit.ir.list(ListId(node.a)).next();
            declarator.map_or(left, |one| NodeId(cx.unit.ir.node(one).a))
        } else {
            left
        };
        let place = cx.unit.ir.node(target);
        if matches!(place.op, Op::Member | Op::Index) {
            self.overriding(item, value, |machine| machine.fill_pattern(cx, target))?;
        } else {
            self.bind(cx, target, item, value)?;
        }
        self.turn(cx, body, label)
    }

    fn outside_item(&mut self, whole: &Val, is_key: bool) -> Val {
        if is_key {
            return self.derived(&[whole]);
        }
        let id = self.to_term(whole);
        let place = self.place;
        let item = self.terms.item(id, place);
        self.concrete(item)
    }

    fn walk_keys(&mut self, whole: &Val) -> Run<Walk> {
        let mut keys = Vec::new();
        let id = match whole {
            Val::Obj(id) => *id,
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Str(_) => self.to_object(whole)?,
            _ => return Ok(Walk::Items(Vec::new().into_iter())),
        };
        let mut at = Some(id);
        for _ in 0..16 {
            let Some(id) = at else { break };
            if let Kind::Outside(_) = self.at(id).kind {
                break;
            }
            for key in self.enumerable_keys(id)? {
                let text = Val::Str(self.key_text(key));
                keys.push(text);
            }
            at = self.at(id).proto;
        }
        Ok(Walk::Items(keys.into_iter()))
    }

    // ── switch and try ───────────────────────────────────────────────────────

    fn switch(&mut self, cx: &Cx<'a>, node: Node) -> Run<Flow> {
        let value = self.eval(cx, NodeId(node.a))?;
        let cases: Vec<Node> = cx
            .unit
            .ir
            .list(ListId(node.b))
            .map(|case| cx.unit.ir.node(case))
            .collect();
        for case in &cases {
            self.hoist(cx, ListId(case.b));
        }
        let mut from = None;
        for (at, case) in cases.iter().enumerate() {
            let Some(test) = NodeId(case.a).some() else {
                continue;
            };
            let test = self.eval(cx, test)?;
            match self.strict_equals(&value, &test) {
                Ok(true) => {
                    from = Some(at);
                    break;
                }
                Ok(false) => {}
                Err(Stop::Opaque) => return self.any_case(cx, &cases),
                Err(stop) => return Err(stop),
            }
        }
        let from = from.or_else(|| cases.iter().position(|case| NodeId(case.a).is_none()));
        let Some(from) = from else {
            return Ok(Flow::Normal);
        };
        for case in cases.get(from..).unwrap_or(&[]) {
            match self.statements(cx, ListId(case.b))? {
                Flow::Normal => {}
                Flow::Break(to) if to == NameId::NONE => return Ok(Flow::Normal),
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Normal)
    }

    fn statements(&mut self, cx: &Cx<'a>, list: ListId) -> Run<Flow> {
        let items: Vec<NodeId> = cx.unit.ir.list(list).collect();
        for item in items {
            match self.statement(cx, item)? {
                Flow::Normal => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Normal)
    }

    /// Which case runs depends on the outside: each of them, once.
    fn any_case(&mut self, cx: &Cx<'a>, cases: &[Node]) -> Run<Flow> {
        for case in cases {
            match self.statements(cx, ListId(case.b)) {
                Ok(Flow::Break(to)) if to == NameId::NONE => {}
                Ok(flow) => self.left(cx, flow),
                Err(Stop::Throw(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(Flow::Normal)
    }

    fn try_statement(&mut self, cx: &Cx<'a>, id: NodeId, node: Node) -> Run<Flow> {
        let mut parts = cx.unit.ir.list(ListId(node.b));
        let mut next = || parts.next().unwrap_or(NodeId::NONE);
        let (param, handler, finalizer) = (next(), next(), next());
        let has = |node: NodeId| cx.unit.ir.node(node).op != Op::Hole;
        let calls = self.host_calls;
        let depth = self.depth;
        let mut done = self.statement(cx, NodeId(node.a));
        self.depth = depth;
        if has(handler) {
            match done {
                Err(Stop::Throw(error)) => done = self.catch(cx, node, param, handler, error),
                Ok(flow) if self.host_calls != calls && self.caught.insert(id) => {
                    // What is outside may throw.
                    let error = Val::Host(self.terms.unresolved());
                    match self.catch(cx, node, param, handler, error) {
                        Ok(other) => self.left(cx, other),
                        Err(Stop::Throw(_)) => {}
                        Err(stop) => return Err(stop),
                    }
                    done = Ok(flow);
                }
                other => done = other,
            }
        }
        if has(finalizer) && !matches!(done, Err(Stop::End | Stop::Paused)) {
            match self.statement(cx, finalizer)? {
                Flow::Normal => {}
                flow => return Ok(flow),
            }
        }
        done
    }

    fn catch(
        &mut self,
        cx: &Cx<'a>,
        node: Node,
        param: NodeId,
        handler: NodeId,
        error: Val,
    ) -> Run<Flow> {
        if cx.unit.ir.node(param).op != Op::Hole {
            // The caught value's node follows the block: see the lowering.
            let source = NodeId(node.a.saturating_add(1));
            self.bind(cx, param, source, error)?;
        }
        self.statement(cx, handler)
    }
}
