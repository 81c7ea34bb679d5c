//! What is thrown, and who catches it; and what `next` sends into a generator.

use super::eval::Evaluator;
use super::index::FunctionUse;
use super::terms::{Term, ValueId};
use crate::parse::ir::{FuncId, ListId, NodeId, Op};
use crate::parse::names::NameId;

/// Calls of one block, `throw`s of one function and links of one chain that are looked at.
const MOST_CALLS: usize = 16;
const MOST_THROWS: usize = 8;
const MOST_LINKS: usize = 8;

impl Evaluator<'_> {
    /// What a `catch` gets of its block.
    pub(super) fn caught(&mut self, block: NodeId) -> ValueId {
        let around = self.ir.node(block).span;
        let function = self.ir.function_of(block);
        let inside = |id: NodeId| {
            let span = self.ir.node(id).span;
            around.start <= span.start && span.end <= around.end
        };
        // Children stand right before their parents.
        let end = self.ir.calls.partition_point(|&call| call < block);
        let calls = self.ir.calls[..end].iter().rev().copied();
        let calls: Vec<NodeId> = calls
            .take_while(|&id| inside(id))
            .take(MOST_CALLS)
            .collect();
        let throws = self.throws_of(function);
        let throws: Vec<NodeId> = throws.into_iter().filter(|&id| inside(id)).collect();
        let mut values = self.evaluated(&throws);
        for call in calls {
            if self.ir.function_of(call) == function {
                values.extend(self.rejected(call));
                let callee = NodeId(self.ir.node(call).a);
                values.extend(self.thrown_by(callee));
            }
        }
        match values.as_slice() {
            [] => self.terms.unresolved(),
            values => {
                let values = values.to_vec();
                self.terms.one_of(&values)
            }
        }
    }

    /// What a promise may be rejected with, by the expression that gives it.
    pub(super) fn rejections(&mut self, promise: NodeId) -> Vec<ValueId> {
        let mut values = Vec::new();
        let mut at = promise;
        for _ in 0..MOST_LINKS {
            let node = self.ir.node(at);
            if !matches!(node.op, Op::Call | Op::New) {
                break;
            }
            values.extend(self.rejected(at));
            values.extend(self.thrown_by(NodeId(node.a)));
            let args: Vec<NodeId> = self.ir.list(ListId(node.b)).collect();
            for arg in args {
                values.extend(self.thrown_by(arg));
            }
            let callee = self.ir.node(NodeId(node.a));
            if callee.op != Op::Member {
                break;
            }
            at = NodeId(callee.a);
        }
        values
    }

    /// What `Promise.reject(value)` and `new Promise((_, reject) => …)` are rejected with.
    fn rejected(&mut self, call: NodeId) -> Option<ValueId> {
        let node = self.ir.node(call);
        let callee = self.ir.node(NodeId(node.a));
        let first = self.ir.list(ListId(node.b)).next()?;
        let is_promise = |id: NodeId| {
            let node = self.ir.node(id);
            node.op == Op::Name
                && node.b == u32::MAX
                && self.ir.name(self.text, NameId(node.a)) == "Promise"
        };
        if node.op == Op::New {
            let executor = self.ir.node(first);
            let is_it = is_promise(NodeId(node.a)) && executor.op == Op::Function;
            return is_it.then(|| self.handed_to_parameter(FuncId(executor.a), 1))?;
        }
        let rejects = callee.op == Op::Member
            && is_promise(NodeId(callee.a))
            && self.ir.name(self.text, NameId(callee.b)) == "reject";
        rejects.then(|| self.eval(first))
    }

    /// What the function throws that a node stands for.
    fn thrown_by(&mut self, function: NodeId) -> Vec<ValueId> {
        let node = self.ir.node(function);
        if !matches!(node.op, Op::Function | Op::Name | Op::Member) {
            return Vec::new();
        }
        let value = self.eval(function);
        let Term::Function(function) = *self.terms.get(value) else {
            return Vec::new();
        };
        let throws = self.throws_of(function);
        self.evaluated(&throws)
    }

    fn evaluated(&mut self, throws: &[NodeId]) -> Vec<ValueId> {
        let thrown: Vec<NodeId> = throws
            .iter()
            .map(|&id| NodeId(self.ir.node(id).a))
            .collect();
        thrown.into_iter().map(|id| self.eval(id)).collect()
    }

    /// The `throw`s of a function.
    fn throws_of(&mut self, function: FuncId) -> Vec<NodeId> {
        let ir = self.ir;
        let throws = self.index.throws.get_or_insert_with(|| {
            let nodes = (0u32..).zip(&ir.nodes);
            let throws = nodes.filter(|(_, node)| node.op == Op::Throw);
            let mut throws: Vec<(FuncId, NodeId)> = throws
                .map(|(at, _)| (ir.function_of(NodeId(at)), NodeId(at)))
                .collect();
            throws.sort_unstable();
            throws
        });
        let first = throws.partition_point(|&(of, _)| of < function);
        let own = throws[first..]
            .iter()
            .take_while(|&&(of, _)| of == function);
        own.map(|&(_, id)| id).take(MOST_THROWS).collect()
    }

    /// What `yield` gives: what somebody sends with `next`. A generator that is handed to a call
    /// is how compilers write `async`: it gets back what it yields.
    pub(super) fn sent(&mut self, id: NodeId) -> ValueId {
        let ir = self.ir;
        let given = NodeId(ir.node(id).a);
        let function = ir.function_of(id);
        let is_handed = matches!(
            self.index.uses.get(function.index()),
            Some(FunctionUse::Argument(..))
        );
        if is_handed && !given.is_none() {
            return self.eval(given);
        }
        let calls: Vec<NodeId> = match ir.names.find(self.text, "next") {
            Some(next) => {
                let calls = self.index.method_calls(ir, next).iter();
                calls.copied().take(MOST_CALLS).collect()
            }
            None => Vec::new(),
        };
        let firsts = calls.into_iter();
        let firsts: Vec<NodeId> = firsts
            .filter_map(|call| ir.list(ListId(ir.node(call).b)).next())
            .collect();
        let mut values: Vec<ValueId> = firsts.into_iter().map(|one| self.eval(one)).collect();
        values.push(self.terms.unresolved());
        self.terms.one_of(&values)
    }
}
