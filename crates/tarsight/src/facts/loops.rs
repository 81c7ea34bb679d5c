//! Loops that never end.

use super::collect::Found;
use super::{UseFact, UseKind};
use crate::parse::ir::{BinaryOp, ListId, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Place};

/// Loops of one file that are looked at; each costs a look at all nodes.
const MOST_LOOPS: usize = 16;
/// Steps for a test.
const STEPS: u64 = 60;

/// Adds each loop whose test always holds and that nothing leaves.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let count = u32::try_from(ir.nodes.len()).unwrap_or(u32::MAX);
    let loops = (0..count)
        .map(NodeId)
        .filter(|&id| matches!(ir.node(id).op, Op::For | Op::While | Op::DoWhile));
    let mut left = MOST_LOOPS;
    for id in loops {
        if left == 0 {
            return;
        }
        if !always_holds(evaluator, id) {
            continue;
        }
        left -= 1;
        if is_left(evaluator, id) {
            continue;
        }
        let terms = &mut evaluator.terms;
        let endless = terms.global("endless");
        let callee = terms.member(endless, "loop");
        let span = ir.node(id).span;
        let value = terms.call(callee, &[], Place::here(span));
        found.push(Found {
            node: id,
            fact: UseFact {
                kind: UseKind::Call,
                callee,
                args: Box::default(),
                value,
                span,
                function: ir.function_of(id),
                guards: Box::default(),
                conditions: Vec::new(),
            },
        });
    }
}

/// Whether the test of a loop holds whatever happens: none, a constant, or less than infinity.
fn always_holds(evaluator: &mut Evaluator<'_>, id: NodeId) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(id);
    let test = match node.op {
        Op::For => ir.list(ListId(node.a)).nth(1),
        _ => Some(NodeId(node.a)),
    };
    let Some(test) = test else { return true };
    let tested = ir.node(test);
    match tested.op {
        Op::Hole => true,
        Op::Binary if tested.sub == BinaryOp::Lt as u8 => {
            constant(evaluator, NodeId(tested.b)) == Some(f64::INFINITY)
        }
        _ => truth(evaluator, test, 0) == Some(true),
    }
}

/// Whether a literal counts as true, `!0` and `!![]` among them. A variable may change.
fn truth(evaluator: &mut Evaluator<'_>, id: NodeId, depth: u8) -> Option<bool> {
    let node = evaluator.ir.node(id);
    match node.op {
        Op::Bool => Some(node.a == 1),
        Op::Number => constant(evaluator, id).map(|number| number != 0.0),
        Op::Array | Op::Object => Some(true),
        Op::Unary if node.sub == UnaryOp::Not as u8 && depth < 4 => {
            truth(evaluator, NodeId(node.a), depth + 1).map(|inner| !inner)
        }
        _ => None,
    }
}

fn constant(evaluator: &mut Evaluator<'_>, node: NodeId) -> Option<f64> {
    let value = evaluator.within(STEPS, |evaluator| evaluator.eval(node))?;
    evaluator.terms.as_number(value)
}

/// Whether something in the loop leaves it or waits.
fn is_left(evaluator: &Evaluator<'_>, id: NodeId) -> bool {
    let ir = evaluator.ir;
    let span = ir.node(id).span;
    let function = ir.function_of(id);
    let count = u32::try_from(ir.nodes.len()).unwrap_or(u32::MAX);
    (0..count).map(NodeId).any(|at| {
        let node = ir.node(at);
        if node.span.start < span.start || node.span.end > span.end {
            return false;
        }
        match node.op {
            Op::Break | Op::Return | Op::Throw | Op::Await | Op::Yield => {
                ir.function_of(at) == function
            }
            Op::ForOf => node.sub == 1,
            Op::Member => {
                let name = ir.name(evaluator.text, NameId(node.b));
                matches!(name, "exit" | "abort" | "reallyExit" | "kill")
            }
            _ => false,
        }
    })
}
