//! `new Promise(…)`, and helpers that compilers put around `require`.

use super::calls::is_interop;
use super::eval::Evaluator;
use super::index::FunctionUse;
use super::terms::{Term, ValueId};
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};

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
        let function = self.ir.functions.get(executor.index())?;
        let resolve = self.ir.node(self.ir.list(function.params).next()?);
        if resolve.op != Op::Name || resolve.b == u32::MAX {
            return None;
        }
        let calls: Vec<NodeId> = self
            .index
            .calls_of(BindingId(resolve.b))
            .take(MOST_CALLS)
            .collect();
        let mut values = Vec::with_capacity(calls.len());
        for call in calls {
            let args = ListId(self.ir.node(call).b);
            if let Some(given) = self.ir.list(args).next() {
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
