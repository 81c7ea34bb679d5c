//! `new Promise(…)`, and helpers that compilers put around `require`.

use super::calls::is_interop;
use super::eval::Evaluator;
use super::index::FunctionUse;
use super::terms::{Term, ValueId};
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};
use crate::parse::names::NameId;

/// Calls of one `resolve` that are told apart.
const MOST_CALLS: usize = 16;

impl Evaluator<'_> {
    /// What `new Promise(executor)` is resolved to: what the executor hands to its first
    /// parameter. A promise of a value is that value.
    pub(super) fn promised(&mut self, callee: ValueId, args: &[ValueId]) -> Option<ValueId> {
        let is_promise =
            matches!(self.terms.get(callee), Term::Global(name) if &**name == "Promise");
        let Term::Function(executor) = *self.terms.get(*args.first()?) else {
            return None;
        };
        if !is_promise {
            return None;
        }
        self.handed_to_parameter(executor, 0)
    }

    /// What a function gives to the first argument of a parameter that it calls.
    pub(super) fn handed_to_parameter(&mut self, function: FuncId, at: usize) -> Option<ValueId> {
        let function = self.ir.functions.get(function.index())?;
        let called = self.ir.node(self.ir.list(function.params).nth(at)?);
        if called.op != Op::Name || called.b == u32::MAX {
            return None;
        }
        self.first_arguments(BindingId(called.b))
    }

    /// What a name is called with, as the first argument.
    fn first_arguments(&mut self, name: BindingId) -> Option<ValueId> {
        let calls: Vec<NodeId> = self.index.calls_of(name).take(MOST_CALLS).collect();
        let mut values = Vec::with_capacity(calls.len());
        for call in calls {
            let args = ListId(self.ir.node(call).b);
            if let Some(given) = self.ir.list(args).next() {
                values.push(self.eval(given));
            }
        }
        (!values.is_empty()).then(|| self.terms.one_of(&values))
    }

    /// What `await` gives: of an object with a `then` of its own, what that resolves to.
    pub(super) fn awaited(&mut self, value: ValueId) -> ValueId {
        let Term::Object(properties, _) = self.terms.get(value) else {
            return value;
        };
        let then = properties.iter().find(|(key, _)| &**key == "then");
        let Some(&Term::Function(then)) = then.map(|&(_, then)| self.terms.get(then)) else {
            return value;
        };
        self.handed_to_parameter(then, 0).unwrap_or(value)
    }

    /// The `promise` of `Promise.withResolvers()`: what its `resolve` is called with.
    pub(super) fn resolved_elsewhere(&mut self, object: ValueId) -> Option<ValueId> {
        let Term::Call(maker, ..) = *self.terms.get(object) else {
            return None;
        };
        let is_it = matches!(self.terms.get(maker), Term::Member(of, key)
            if &**key == "withResolvers"
                && matches!(self.terms.get(*of), Term::Global(name) if &**name == "Promise"));
        let resolve = self.ir.names.find(self.text, "resolve").filter(|_| is_it)?;
        let mut values = Vec::new();
        // `const { promise, resolve } = …; resolve(value)`
        let ir = self.ir;
        for def in &ir.defs {
            let (value, target) = (ir.node(def.value), ir.node(def.target));
            let is_named = value.op == Op::Member
                && NameId(value.b) == resolve
                && target.op == Op::Name
                && target.b != u32::MAX;
            if is_named && self.eval(NodeId(value.a)) == object {
                values.extend(self.first_arguments(BindingId(target.b)));
            }
        }
        // `deferred.resolve(value)`
        let calls = self.index.method_calls(ir, resolve).to_vec();
        for call in calls.into_iter().take(MOST_CALLS) {
            let node = ir.node(call);
            if self.eval(NodeId(ir.node(NodeId(node.a)).a)) == object
                && let Some(given) = ir.list(ListId(node.b)).next()
            {
                values.push(self.eval(given));
            }
        }
        (!values.is_empty()).then(|| self.terms.one_of(&values))
    }

    /// Whether a function has the name of a helper around `require`. What it gives holds what it
    /// got; its body copies in ways that are not followed.
    pub(super) fn is_interop_helper(&self, function: FuncId) -> bool {
        let own = self.ir.functions.get(function.index()).map(|f| f.name);
        let bound = match self.index.uses.get(function.index()) {
            Some(FunctionUse::Named(binding)) => {
                self.ir.bindings.get(binding.index()).map(|b| b.name)
            }
            _ => None,
        };
        let mut names = own.into_iter().chain(bound);
        names.any(|name| is_interop(self.ir.name(self.text, name)))
    }
}
