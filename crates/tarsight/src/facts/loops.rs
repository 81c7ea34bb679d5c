//! Loops that never end.

use std::sync::Arc;

use super::collect::Found;
use super::sites::Caller;
use super::{Answer, UseFact, UseKind};
use crate::parse::ir::{BinaryOp, FuncId, Ir, ListId, Node, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Place};

/// Loops of one file that are looked at.
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
    let mut exits = None;
    let mut left = MOST_LOOPS;
    for id in loops {
        if left == 0 {
            return;
        }
        if !always_holds(evaluator, id) {
            continue;
        }
        left -= 1;
        let exits = exits.get_or_insert_with(|| exits_of(evaluator));
        if is_left(evaluator.ir, id, exits) {
            continue;
        }
        let terms = &mut evaluator.terms;
        let endless = terms.global("endless");
        let callee = terms.member(endless, "loop");
        let span = ir.node(id).span;
        let value = terms.call(callee, &[], Place::here(span));
        found.push(Found {
            node: id,
            caller: Caller::Any,
            fact: UseFact {
                kind: UseKind::Call,
                callee,
                args: Box::default(),
                value,
                span,
                function: ir.function_of(id),
                guards: Arc::default(),
                conditions: Vec::new(),
                answer: Answer::Taken,
                through: None,
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

/// What leaves a loop or waits in it, and whether it does so for functions around its own.
struct Exit {
    start: u32,
    end: u32,
    function: FuncId,
    is_for_all: bool,
}

/// Everything in the file that may leave a loop, by where it starts.
fn exits_of(evaluator: &Evaluator<'_>) -> Vec<Exit> {
    let ir = evaluator.ir;
    let is_for_all = |node: &Node| match node.op {
        Op::Break | Op::Return | Op::Throw | Op::Await | Op::Yield => Some(false),
        Op::ForOf => (node.sub == 1).then_some(true),
        Op::Member => {
            let name = ir.name(evaluator.text, NameId(node.b));
            matches!(name, "exit" | "abort" | "reallyExit" | "kill").then_some(true)
        }
        _ => None,
    };
    let mut exits: Vec<Exit> = (0u32..)
        .zip(&ir.nodes)
        .filter_map(|(at, node)| {
            Some(Exit {
                is_for_all: is_for_all(node)?,
                start: node.span.start,
                end: node.span.end,
                function: ir.function_of(NodeId(at)),
            })
        })
        .collect();
    exits.sort_by_key(|exit| exit.start);
    exits
}

/// Whether something in the loop leaves it or waits.
fn is_left(ir: &Ir, id: NodeId, exits: &[Exit]) -> bool {
    let span = ir.node(id).span;
    let function = ir.function_of(id);
    let first = exits.partition_point(|exit| exit.start < span.start);
    let inside = exits.iter().skip(first);
    inside
        .take_while(|exit| exit.start <= span.end)
        .any(|exit| exit.end <= span.end && (exit.is_for_all || exit.function == function))
}
