//! What must hold before a use runs: a digest that is compared, a variable that is not set.
//!
//! Beside the branches around a use, this knows what stands behind an early way out:
//! `if (digest !== known) throw …` holds for the rest of its block.

use super::collect::Found;
use super::guards;
use super::{Condition, ModuleFacts};
use crate::parse::ir::{BinaryOp, Guard, ListId, LogicalOp, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Term, ValueId};

/// Steps that one side of a comparison may take.
const STEPS: u64 = 4_000;
/// Conditions of one file that are kept.
const MOST: usize = 64;
/// Early ways out that are kept of a block, and of a file.
const MOST_OF_BLOCK: usize = 8;
const MOST_EARLY: usize = 4_096;
/// Deepest nesting of `!`, `&&` and `||` that is read.
const MOST_DEPTH: u32 = 16;

/// Finds the conditions of a file, and notes with each use which of them hold there.
///
/// `early` is what [`early`] gives.
pub(super) fn collect(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    found: &mut [Found],
    early: Vec<Guard>,
) {
    let text = evaluator.text;
    let digests = text.contains("createHash");
    if found.is_empty() || !digests && !text.contains("env") {
        return;
    }
    let mut regions = early;
    regions.extend(&evaluator.ir.guards);
    for region in regions {
        let inside = |one: &Found| region.first <= one.node && one.node < region.last;
        if facts.conditions.len() >= MOST || !found.iter().any(inside) {
            continue;
        }
        let mut known = Vec::new();
        if digests {
            compared(evaluator, region.test, region.when, &mut known, 0);
        }
        unset(evaluator, &region, &mut known);
        for condition in known {
            let at = u32::try_from(facts.conditions.len()).unwrap_or(u32::MAX);
            facts.conditions.push(condition);
            for one in found.iter_mut().filter(|one| inside(one)) {
                one.fact.conditions.push(at);
            }
        }
    }
}

/// What stands behind a statement that leaves its block unless a test comes out as told; the
/// first of a block.
pub(super) fn early(evaluator: &Evaluator<'_>) -> Vec<Guard> {
    let ir = evaluator.ir;
    let count = u32::try_from(ir.nodes.len()).unwrap_or(u32::MAX);
    let mut regions: Vec<Guard> = Vec::new();
    for id in (0..count).map(NodeId) {
        let node = ir.node(id);
        let statements = match node.op {
            Op::Block => ListId(node.a),
            Op::Case => ListId(node.b),
            _ => continue,
        };
        let Some(end) = ir.list(statements).last() else {
            continue;
        };
        let most = MOST_EARLY.min(regions.len() + MOST_OF_BLOCK);
        for statement in ir.list(statements).filter(|&one| one != end) {
            if regions.len() >= most {
                break;
            }
            let behind = |test, when| Guard {
                test,
                when,
                first: NodeId(statement.0 + 1),
                last: NodeId(end.0 + 1),
            };
            let one = ir.node(statement);
            match one.op {
                Op::If => {
                    let branches: Vec<NodeId> = ir.list(ListId(one.b)).collect();
                    let test = NodeId(one.a);
                    if branches
                        .first()
                        .is_some_and(|&then| leaves(evaluator, then, 0))
                    {
                        regions.push(behind(test, false));
                    } else if branches
                        .get(1)
                        .is_some_and(|&other| leaves(evaluator, other, 0))
                    {
                        regions.push(behind(test, true));
                    }
                }
                // `test && process.exit()`, as minifiers write it.
                Op::Expression if ir.node(NodeId(one.a)).op == Op::Logical => {
                    let either = ir.node(NodeId(one.a));
                    let is_and = either.sub == LogicalOp::And as u8;
                    let is_or = either.sub == LogicalOp::Or as u8;
                    if (is_and || is_or) && exits(evaluator, NodeId(either.b)) {
                        regions.push(behind(NodeId(either.a), is_or));
                    }
                }
                Op::Expression if is_assertion(evaluator, NodeId(one.a)) => {
                    regions.push(behind(NodeId(one.a), true));
                }
                _ => {}
            }
        }
    }
    regions
}

/// Whether nothing that follows a statement in its block runs after it.
fn leaves(evaluator: &Evaluator<'_>, statement: NodeId, depth: u32) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(statement);
    match node.op {
        Op::Return | Op::Throw | Op::Break | Op::Continue => true,
        Op::Block if depth < MOST_DEPTH => {
            let last = ir.list(ListId(node.a)).last();
            last.is_some_and(|last| leaves(evaluator, last, depth + 1))
        }
        Op::Expression => exits(evaluator, NodeId(node.a)),
        _ => false,
    }
}

/// Whether a node is a call of `process.exit`.
fn exits(evaluator: &Evaluator<'_>, id: NodeId) -> bool {
    let call = evaluator.ir.node(id);
    call.op == Op::Call && is_named(evaluator, NodeId(call.a), "process", "exit")
}

/// Whether a node is `object.name`, and nothing of the file bears the object's name.
fn is_named(evaluator: &Evaluator<'_>, id: NodeId, object: &str, name: &str) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(id);
    let of = ir.node(NodeId(node.a));
    node.op == Op::Member
        && ir.name(evaluator.text, NameId(node.b)) == name
        && of.op == Op::Name
        && of.b == u32::MAX
        && ir.name(evaluator.text, NameId(of.a)) == object
}

/// Whether a call throws unless what it gets is equal or true.
fn is_assertion(evaluator: &Evaluator<'_>, call: NodeId) -> bool {
    let node = evaluator.ir.node(call);
    node.op == Op::Call && assertion(evaluator, NodeId(node.a)).is_some()
}

/// The method of `assert` that a callee is; `ok` for `assert` itself.
fn assertion<'t>(evaluator: &Evaluator<'t>, callee: NodeId) -> Option<&'t str> {
    let ir = evaluator.ir;
    let node = ir.node(callee);
    let word = |id: NodeId| {
        let node = ir.node(id);
        (node.op == Op::Name).then(|| ir.name(evaluator.text, NameId(node.a)))
    };
    match node.op {
        Op::Name => (word(callee) == Some("assert")).then_some("ok"),
        Op::Member if word(NodeId(node.a)) == Some("assert") => {
            Some(ir.name(evaluator.text, NameId(node.b)))
        }
        _ => None,
    }
}

/// Adds the pairs that are equal if a test comes out as told.
fn compared(
    evaluator: &mut Evaluator<'_>,
    test: NodeId,
    when: bool,
    known: &mut Vec<Condition>,
    depth: u32,
) {
    if depth >= MOST_DEPTH {
        return;
    }
    let node = evaluator.ir.node(test);
    let is = |op: BinaryOp| node.sub == op as u8;
    match node.op {
        Op::Unary if node.sub == UnaryOp::Not as u8 => {
            compared(evaluator, NodeId(node.a), !when, known, depth + 1);
        }
        Op::Logical
            if node.sub == LogicalOp::And as u8 && when
                || node.sub == LogicalOp::Or as u8 && !when =>
        {
            compared(evaluator, NodeId(node.a), when, known, depth + 1);
            compared(evaluator, NodeId(node.b), when, known, depth + 1);
        }
        Op::Binary
            if (is(BinaryOp::Eq) || is(BinaryOp::StrictEq)) && when
                || (is(BinaryOp::Ne) || is(BinaryOp::StrictNe)) && !when =>
        {
            pair(evaluator, NodeId(node.a), NodeId(node.b), known);
        }
        Op::Call if when => {
            let callee = NodeId(node.a);
            let args: Vec<NodeId> = evaluator.ir.list(ListId(node.b)).collect();
            let name = match evaluator.ir.node(callee) {
                of if of.op == Op::Member => evaluator.ir.name(evaluator.text, NameId(of.b)),
                of if of.op == Op::Name => evaluator.ir.name(evaluator.text, NameId(of.a)),
                _ => return,
            };
            match (name, args.as_slice()) {
                ("equals", &[other]) => {
                    let of = NodeId(evaluator.ir.node(callee).a);
                    pair(evaluator, of, other, known);
                }
                ("timingSafeEqual", &[one, other]) => pair(evaluator, one, other, known),
                _ => match (assertion(evaluator, callee), args.as_slice()) {
                    (Some("ok"), &[test, ..]) => compared(evaluator, test, true, known, depth + 1),
                    (Some("strictEqual" | "equal" | "deepStrictEqual"), &[one, other, ..]) => {
                        pair(evaluator, one, other, known);
                    }
                    _ => {}
                },
            }
        }
        _ => {}
    }
}

/// Adds a pair, the digest first, if one of the two is a digest.
fn pair(evaluator: &mut Evaluator<'_>, one: NodeId, other: NodeId, known: &mut Vec<Condition>) {
    let span = evaluator.ir.node(other).span;
    let mut value = |node: NodeId| {
        evaluator.within(STEPS, |evaluator| {
            let open = evaluator.eval(node);
            evaluator.close(open)
        })
    };
    let (Some(one), Some(other)) = (value(one), value(other)) else {
        return;
    };
    let calls = |id: ValueId| matches!(evaluator.terms.get(id), Term::Call(..));
    // Which of them is a digest is known when the package is looked at as a whole.
    match (calls(one), calls(other)) {
        (true, _) => known.push(Condition::Equal(one, other, span)),
        (false, true) => known.push(Condition::Equal(other, one, span)),
        (false, false) => {}
    }
}

/// Adds the variables of the environment that are not set if a test comes out as told.
fn unset(evaluator: &mut Evaluator<'_>, region: &Guard, known: &mut Vec<Condition>) {
    for text in guards::described(evaluator, region.test, region.when) {
        if let Some(name) = text.strip_prefix("!env.") {
            known.push(Condition::Unset(name.into()));
        }
    }
}
