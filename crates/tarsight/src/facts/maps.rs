//! Maps that only keep what they are given: `handlers.set("name", () => …)` calls nothing.

use rustc_hash::FxHashMap;

use crate::parse::ir::{Ir, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;

const NONE: u32 = u32::MAX;

/// Properties by their name: whether everything written to them is a map.
pub(super) struct Maps {
    properties: FxHashMap<NameId, bool>,
}

impl Maps {
    pub(super) fn new(ir: &Ir, text: &str) -> Self {
        let mut properties: FxHashMap<NameId, bool> = FxHashMap::default();
        for &id in &ir.writes {
            let write = ir.node(id);
            let target = ir.node(NodeId(write.a));
            if write.op != Op::Assign || target.op != Op::Member {
                continue;
            }
            let mut value = NodeId(write.b);
            while ir.node(value).op == Op::Assign {
                value = NodeId(ir.node(value).b);
            }
            // Compilers first set every export to nothing: `exports.a = exports.b = void 0`.
            let node = ir.node(value);
            if node.op != Op::Unary || node.sub != UnaryOp::Void as u8 {
                let is_map = makes_map(ir, text, value);
                *properties.entry(NameId(target.b)).or_insert(is_map) &= is_map;
            }
        }
        Self { properties }
    }

    /// Whether a callee is the method of a map by which it takes something in.
    pub(super) fn keep(&self, ir: &Ir, text: &str, callee: NodeId) -> bool {
        let node = ir.node(callee);
        if node.op != Op::Member || ir.name(text, NameId(node.b)) != "set" {
            return false;
        }
        let object = ir.node(NodeId(node.a));
        match object.op {
            Op::Member => {
                let known = self.properties.get(&NameId(object.b));
                known.copied().unwrap_or(false)
            }
            Op::Name if object.b != NONE => {
                let binding = ir.bindings.get(object.b as usize);
                let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
                def.is_some_and(|def| def.next == NONE && makes_map(ir, text, def.value))
            }
            _ => makes_map(ir, text, NodeId(node.a)),
        }
    }
}

/// `new Map(…)` of the platform's own.
fn makes_map(ir: &Ir, text: &str, id: NodeId) -> bool {
    let made = ir.node(id);
    let class = ir.node(NodeId(made.a));
    made.op == Op::New
        && class.op == Op::Name
        && class.b == NONE
        && matches!(ir.name(text, NameId(class.a)), "Map" | "WeakMap")
}
