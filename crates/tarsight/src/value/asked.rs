//! Questions about a file's code that decide whether running it may tell more.

use rustc_hash::FxHashSet;

use super::eval::Evaluator;
use super::index::FunctionUse;
use super::lost::PURE;
use super::terms::Term;
use crate::parse::ir::{FuncId, NodeId, Op, PropertyKind};
use crate::parse::names::NameId;

impl Evaluator<'_> {
    /// Names that the file writes without declaring them.
    pub(crate) fn implicit_globals(&self) -> FxHashSet<NameId> {
        let ir = self.ir;
        ir.defs
            .iter()
            .map(|def| ir.node(def.target))
            .filter(|target| target.op == Op::Name && target.b == u32::MAX)
            .map(|target| NameId(target.a))
            .collect()
    }

    /// Whether a callee is taken from one of these names.
    pub(crate) fn starts_at(&self, callee: NodeId, names: &FxHashSet<NameId>) -> bool {
        const MOST_LINKS: usize = 64;
        if names.is_empty() {
            return false;
        }
        let mut at = callee;
        for _ in 0..MOST_LINKS {
            let node = self.ir.node(at);
            match node.op {
                Op::Name => return node.b == u32::MAX && names.contains(&NameId(node.a)),
                Op::Member | Op::Index | Op::Call => at = NodeId(node.a),
                _ => return false,
            }
        }
        false
    }

    /// Functions that code runs without calling them by a name: accessors, conversions, traps of
    /// proxies. One look at all properties.
    pub(crate) fn hidden_functions(&self) -> FxHashSet<FuncId> {
        const NAMES: [&str; 4] = ["toString", "valueOf", "toJSON", "then"];
        const TRAPS: [&str; 8] = [
            "get",
            "set",
            "has",
            "apply",
            "construct",
            "deleteProperty",
            "ownKeys",
            "value",
        ];
        let ir = self.ir;
        let has_traps = ["Proxy", "defineProperty", "defineProperties"]
            .into_iter()
            .any(|name| ir.names.find(self.text, name).is_some());
        let mut found = FxHashSet::default();
        for node in &ir.nodes {
            let value = ir.node(NodeId(node.b));
            if node.op != Op::Property || value.op != Op::Function {
                continue;
            }
            let key = ir.node(NodeId(node.a));
            let is_accessor = matches!(node.sub & 3, sub if sub == PropertyKind::Get as u8 || sub == PropertyKind::Set as u8);
            let is_hidden = match key.op {
                Op::String => {
                    let name = ir.string(self.text, key);
                    is_accessor || NAMES.contains(&name) || (has_traps && TRAPS.contains(&name))
                }
                // `[Symbol.toPrimitive]() {}`
                _ => true,
            };
            if is_hidden {
                found.insert(FuncId(value.a));
            }
        }
        found
    }

    /// Whether the file throws something itself.
    pub(crate) fn throws(&self) -> bool {
        self.ir.nodes.iter().any(|node| node.op == Op::Throw)
    }

    /// Whether the file changes what a builtin does: `JSON.parse = …`, `String.prototype.x = …`.
    pub(crate) fn changes_builtins(&self) -> bool {
        const MOST_LINKS: usize = 4;
        let ir = self.ir;
        ir.writes.iter().any(|&write| {
            let mut at = NodeId(ir.node(write).a);
            for _ in 0..MOST_LINKS {
                let node = ir.node(at);
                match node.op {
                    Op::Member | Op::Index => at = NodeId(node.a),
                    Op::Name if node.b == u32::MAX => {
                        let name = ir.name(self.text, NameId(node.a));
                        return PURE.contains(&name) || name == "Function";
                    }
                    _ => return false,
                }
            }
            false
        })
    }

    /// Whether a parameter gets the items of an array, one by one.
    pub(crate) fn is_gone_through(&self, function: FuncId, at: u32) -> bool {
        let Some(&FunctionUse::Argument(call, _)) = self.index.uses.get(function.index()) else {
            return false;
        };
        let callee = self.ir.node(NodeId(self.ir.node(call).a));
        if callee.op != Op::Member {
            return false;
        }
        let method = self.ir.name(self.text, NameId(callee.b));
        matches!(
            (method, at),
            ("forEach" | "map" | "filter" | "some" | "every", 0) | ("reduce" | "reduceRight", 1)
        )
    }

    /// Whether a function is handed to something that only computes, as a callback is to
    /// `JSON.parse` or to the `catch` of a known promise.
    pub(crate) fn is_handed_to_builtin(&mut self, function: FuncId) -> bool {
        let Some(&FunctionUse::Argument(call, _)) = self.index.uses.get(function.index()) else {
            return false;
        };
        let node = self.ir.node(call);
        let callee = self.eval(NodeId(node.a));
        matches!(self.terms.get(callee), Term::Member(..) | Term::Global(_))
            && self.terms.is_closed(callee)
    }
}
