//! Values as one call site of the function around them sees them.

use super::eval::Evaluator;
use super::freeze::parts;
use super::index::FunctionUse;
use super::terms::{Term, Terms, ValueId};
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};

/// Parts of values that are looked at.
const MOST_PARTS: usize = 256;
/// Calls of one helper that are looked at.
const MOST_CALLS: usize = 4_096;
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

    /// Whether a parameter of a function that is a part of these values may be changed on its way:
    /// the function writes into it, or hands a list or an object that it gets to another function
    /// than the one that `call` calls.
    pub(crate) fn changes_parameters(
        &mut self,
        values: &[ValueId],
        call: NodeId,
        function: FuncId,
        sites: &[NodeId],
    ) -> bool {
        let ir = self.ir;
        let Some(of) = ir.functions.get(function.index()) else {
            return true;
        };
        // Calls stand in source order.
        let first = ir.calls.partition_point(|&call| call < of.first_node);
        let inside = ir.calls.get(first..).unwrap_or(&[]);
        let inside = inside.get(..inside.partition_point(|&call| call < of.node));
        let Some(inside) = inside.filter(|inside| inside.len() <= MOST_CALLS) else {
            return true;
        };
        let params: Vec<NodeId> = ir.list(of.params).collect();
        for at in self.terms.params_in(values, function) {
            let target = params.get(at as usize).map(|&target| ir.node(target));
            let Some(name) = target.filter(|target| target.op == Op::Name) else {
                continue;
            };
            if self.index.writes_of(BindingId(name.b)).next().is_some() {
                return true;
            }
            let is_handed = |&&other: &&NodeId| {
                let node = ir.node(other);
                let mut args = ir.list(ListId(node.b)).map(|arg| ir.node(arg));
                other != call
                    && node.op == Op::Call
                    && ir.node(NodeId(node.a)).op == Op::Name
                    && args.any(|arg| arg.op == Op::Name && arg.b == name.b)
            };
            if inside.iter().any(|call| is_handed(&call)) && self.is_given_whole(sites, at) {
                return true;
            }
        }
        false
    }

    /// Whether some call gives a list or an object.
    fn is_given_whole(&mut self, sites: &[NodeId], at: u32) -> bool {
        sites.iter().any(|&call| {
            let arg = self.ir.list(ListId(self.ir.node(call).b)).nth(at as usize);
            arg.is_some_and(|arg| {
                let value = self.eval(arg);
                !self.terms.is_constant(value)
                    || matches!(self.terms.get(value), Term::Array(..) | Term::Object(..))
            })
        })
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
        /// Arguments beyond those that have a name: the rest, and `arguments`.
        const MORE: u32 = 16;
        let count = self.ir.functions.get(function.index());
        let count = count.map_or(0, |function| function.param_count);
        (0..count.saturating_add(MORE))
            .map(|at| self.terms.add(Term::Param(named, at)))
            .collect()
    }
}

impl Terms {
    /// Which parameters of a function are parts of values.
    fn params_in(&self, values: &[ValueId], function: FuncId) -> Vec<u32> {
        let mut found = Vec::new();
        let mut open = values.to_vec();
        for _ in 0..MOST_PARTS {
            let Some(id) = open.pop() else { break };
            match self.get(id) {
                Term::Param(of, at) if *of == function && !found.contains(at) => found.push(*at),
                term if self.is_open(id) => parts(term, &mut open),
                _ => {}
            }
        }
        found
    }

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
