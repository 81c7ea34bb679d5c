//! Values as one call site of the function around them sees them.

use super::eval::Evaluator;
use super::freeze::parts;
use super::index::FunctionUse;
use super::terms::{Term, Terms, ValueId};
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};

/// Parts of values that are looked at.
const MOST_PARTS: usize = 256;
/// Stands for a function whose parameters are to stay as they are.
const HELD: FuncId = FuncId(u32::MAX - 1);

/// Who calls a function of the file.
pub(crate) struct Sites {
    /// The calls.
    pub calls: Vec<NodeId>,
    /// The name that holds it; `None` for a method, which anybody may call.
    pub name: Option<BindingId>,
}

impl Evaluator<'_> {
    /// The calls of a function of the file, if they are `most` at most and nothing else of the
    /// file gives it arguments.
    pub(crate) fn sites_of(&mut self, function: FuncId, most: usize) -> Option<Sites> {
        let ir = self.ir;
        let (calls, name) = match *self.index.uses.get(function.index())? {
            FunctionUse::Named(name) => {
                let mut handed = self.index.arguments_of(name);
                if handed.next().is_some() || self.index.applied(name).next().is_some() {
                    return None;
                }
                (
                    self.index.calls_of(name).take(most + 1).collect(),
                    Some(name),
                )
            }
            FunctionUse::Elsewhere => {
                let (name, sets) = self.method_name(function)?;
                let name = ir.names.find(self.text, &name).filter(|_| !sets)?;
                (self.index.method_calls(ir, name).to_vec(), None)
            }
            _ => return None,
        };
        let is_plain = |&call: &NodeId| {
            let mut args = ir.list(ListId(ir.node(call).b));
            args.all(|arg| ir.node(arg).op != Op::Spread)
        };
        let is_told = (1..=most).contains(&calls.len()) && calls.iter().all(is_plain);
        is_told.then_some(Sites { calls, name })
    }

    /// Values with the parameters of a function filled in as one call of it does, and all others
    /// as all calls do; without a call its own stay as they are.
    pub(crate) fn as_called(
        &mut self,
        values: &[ValueId],
        function: FuncId,
        call: Option<NodeId>,
    ) -> Vec<ValueId> {
        let args = match call {
            Some(call) => self.list(ListId(self.ir.node(call).b)),
            None => self.params_of(function, HELD),
        };
        let back = self.params_of(function, function);
        let mut all = Vec::with_capacity(values.len());
        for &value in values {
            let value = self.with_arguments(value, function, &args);
            let value = self.close(value);
            all.push(match call {
                Some(_) => value,
                None => self.with_arguments(value, HELD, &back),
            });
        }
        all
    }

    fn params_of(&mut self, function: FuncId, named: FuncId) -> Vec<ValueId> {
        let count = self.ir.functions.get(function.index());
        let count = count.map_or(0, |function| function.param_count);
        (0..count)
            .map(|at| self.terms.add(Term::Param(named, at)))
            .collect()
    }
}

impl Terms {
    /// The functions whose parameters are parts of values.
    pub(crate) fn functions_of_params(&self, values: &[ValueId]) -> Vec<FuncId> {
        let mut found = Vec::new();
        let mut open = values.to_vec();
        for _ in 0..MOST_PARTS {
            let Some(id) = open.pop() else { break };
            match self.get(id) {
                Term::Param(function, _) if !found.contains(function) => found.push(*function),
                term if self.is_open(id) => parts(term, &mut open),
                _ => {}
            }
        }
        found.sort_unstable();
        found
    }
}
