//! Code that no run gets to: behind a `return` or a `throw`, and in branches that literals alone
//! close.

use crate::parse::ir::{BinaryOp, Ir, ListId, Node, NodeId, Op, UnaryOp};

/// Deepest test that is read.
const MOST_DEPTH: u32 = 4;

/// Runs of nodes that are dead, sorted, apart from each other.
#[derive(Debug, Default)]
pub(super) struct Dead {
    runs: Vec<(u32, u32)>,
}

impl Dead {
    /// One look at all blocks and conditions.
    pub(super) fn new(ir: &Ir) -> Self {
        let mut runs = Vec::new();
        let blocks = ir.nodes.iter().filter(|node| node.op == Op::Block);
        for block in blocks {
            after_the_end(ir, ListId(block.a), &mut runs);
        }
        for guard in &ir.guards {
            if literal(ir, ir.node(guard.test), 0) == Some(!guard.when) {
                runs.push((guard.first.0, guard.last.0));
            }
        }
        runs.sort_unstable();
        let mut apart: Vec<(u32, u32)> = Vec::with_capacity(runs.len());
        for (first, last) in runs {
            match apart.last_mut() {
                Some(open) if first <= open.1 => open.1 = open.1.max(last),
                _ => apart.push((first, last)),
            }
        }
        Self { runs: apart }
    }

    pub(super) fn holds(&self, node: NodeId) -> bool {
        if self.runs.is_empty() {
            return false;
        }
        let at = self.runs.partition_point(|&(_, last)| last <= node.0);
        self.runs.get(at).is_some_and(|&(first, _)| first <= node.0)
    }
}

/// What stands behind a `return` in its block; declared functions are there all the same.
fn after_the_end(ir: &Ir, statements: ListId, runs: &mut Vec<(u32, u32)>) {
    let mut before: Option<u32> = None;
    for id in ir.list(statements) {
        let node = ir.node(id);
        let is_declared = node.op == Op::Declaration && ir.node(NodeId(node.a)).op == Op::Function;
        match before {
            // Children stand before their parents, so a statement begins where the last ended.
            Some(end) if !is_declared => runs.push((end + 1, id.0 + 1)),
            _ => {}
        }
        if before.is_some() || matches!(node.op, Op::Return | Op::Throw) {
            before = Some(id.0);
        }
    }
}

/// Whether a test of literals holds; `None` if it has anything else in it.
fn literal(ir: &Ir, test: Node, depth: u32) -> Option<bool> {
    let number = |node: Node| {
        let bits = u64::from(node.a) | (u64::from(node.b) << 32);
        (node.op == Op::Number).then(|| f64::from_bits(bits))
    };
    match test.op {
        Op::Bool => Some(test.a == 1),
        Op::Null => Some(false),
        Op::Number => number(test).map(|number| number != 0.0 && !number.is_nan()),
        Op::Unary if test.sub == UnaryOp::Not as u8 && depth < MOST_DEPTH => {
            literal(ir, ir.node(NodeId(test.a)), depth + 1).map(|holds| !holds)
        }
        Op::Binary => {
            let left = number(ir.node(NodeId(test.a)))?;
            let right = number(ir.node(NodeId(test.b)))?;
            let is = |op: BinaryOp| test.sub == op as u8;
            if is(BinaryOp::Lt) {
                Some(left < right)
            } else if is(BinaryOp::Gt) {
                Some(left > right)
            } else if is(BinaryOp::StrictEq) || is(BinaryOp::Eq) {
                Some(left == right)
            } else if is(BinaryOp::StrictNe) || is(BinaryOp::Ne) {
                Some(left != right)
            } else {
                None
            }
        }
        _ => None,
    }
}
