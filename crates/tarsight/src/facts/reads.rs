//! Properties that are read or written, where the tables say that this matters.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::Found;
use super::sites::Caller;
use super::{Answer, UseFact, UseKind};
use crate::parse::ir::{ListId, Node, NodeId, Op};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Term, ValueId};

/// Steps that one of them may take.
const STEPS: u64 = 1_000;

/// Finds reads such as `process.env.X`, and writes to what the tables name.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let callees: FxHashSet<NodeId> = found
        .iter()
        .map(|found| NodeId(ir.node(found.node).a))
        .collect();
    let targets: FxHashSet<NodeId> = ir
        .writes
        .iter()
        .map(|&write| NodeId(ir.node(write).a))
        .collect();
    // `None`: read, but something below it is what counts.
    let mut reads: FxHashMap<NodeId, Option<UseFact>> = FxHashMap::default();
    let mut order: Vec<NodeId> = Vec::new();
    for (at, node) in ir.nodes.iter().enumerate() {
        if !matches!(node.op, Op::Member | Op::Index) {
            continue;
        }
        let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
        let object = NodeId(node.a);
        // What hangs on something read, such as `process.env`, is read as well.
        if !is_known(evaluator, &reads, object) && !may_be_read(evaluator, *node) {
            continue;
        }
        let value = evaluator.within(STEPS, |evaluator| {
            let open = evaluator.eval(id);
            evaluator.close_callee(open)
        });
        let Some(value) = value else { continue };
        let Some(read) = named_read(evaluator, value) else {
            continue;
        };
        // `process.env` below `process.env.X` is not a read of everything.
        if let Some(whole) = reads.get_mut(&object) {
            *whole = None;
        }
        if callees.contains(&id) || targets.contains(&id) {
            continue;
        }
        let fact = UseFact {
            kind: UseKind::Read,
            callee: read,
            args: Box::default(),
            value: read,
            span: node.span,
            function: ir.function_of(id),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        };
        reads.insert(id, Some(fact));
        order.push(id);
    }
    // `const env = process.env` only names it; what is read of it stands elsewhere.
    for def in &ir.defs {
        if is_whole(evaluator, &reads, def.value) {
            reads.insert(def.value, None);
        }
    }
    for id in order {
        if let Some(Some(fact)) = reads.remove(&id) {
            found.push(Found {
                node: id,
                caller: Caller::Any,
                fact,
            });
        }
    }
    writes(evaluator, found);
}

/// Reading hangs on a few objects only; asking the filter for every member would cost more
/// than the evaluation saves.
fn may_be_read(evaluator: &mut Evaluator<'_>, member: Node) -> bool {
    let ir = evaluator.ir;
    let object = NodeId(member.a);
    if !matches!(
        ir.node(object).op,
        Op::Name | Op::Member | Op::Index | Op::Call | Op::Imported | Op::ImportMeta
    ) {
        return false;
    }
    let key = ir.node(NodeId(member.b));
    match member.op {
        Op::Member => evaluator.reads_outside(object, ir.name(evaluator.text, NameId(member.b))),
        Op::Index if key.op == Op::String => {
            evaluator.reads_outside(object, ir.string(evaluator.text, key))
        }
        _ => key.op != Op::Number && evaluator.reads_any(object),
    }
}

/// Whether a node was found to be read, or is a name for one that was.
fn is_known(
    evaluator: &Evaluator<'_>,
    reads: &FxHashMap<NodeId, Option<UseFact>>,
    object: NodeId,
) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(object);
    if node.op != Op::Name {
        return reads.contains_key(&object);
    }
    let binding = ir.bindings.get(node.b as usize);
    let mut at = binding.map_or(u32::MAX, |binding| binding.first_def);
    while let Some(def) = ir.defs.get(at as usize) {
        if reads.contains_key(&def.value) {
            return true;
        }
        at = def.next;
    }
    false
}

fn is_whole(
    evaluator: &Evaluator<'_>,
    reads: &FxHashMap<NodeId, Option<UseFact>>,
    id: NodeId,
) -> bool {
    let Some(Some(fact)) = reads.get(&id) else {
        return false;
    };
    evaluator
        .terms
        .api(fact.callee)
        .is_some_and(|row| row.read && row.path.ends_with(".env"))
}

/// The value, if it is a property that a row says is read, or a property of such a one.
pub(super) fn named_read(evaluator: &Evaluator<'_>, value: ValueId) -> Option<ValueId> {
    evaluator
        .terms
        .choices(value)
        .into_iter()
        .find(|&choice| is_read(evaluator, choice))
}

fn is_read(evaluator: &Evaluator<'_>, id: ValueId) -> bool {
    let acts = |id: ValueId| {
        evaluator
            .terms
            .api(id)
            .is_some_and(|row| row.read && !row.effects.is_empty())
    };
    acts(id)
        || match evaluator.terms.get(id) {
            Term::Member(of, _) | Term::Index(of, _) => acts(*of),
            _ => false,
        }
}

fn may_be_written(evaluator: &mut Evaluator<'_>, target: Node) -> bool {
    let ir = evaluator.ir;
    let object = NodeId(target.a);
    let key = ir.node(NodeId(target.b));
    match target.op {
        Op::Member => evaluator.writes_outside(object, ir.name(evaluator.text, NameId(target.b))),
        Op::Index if key.op == Op::String => {
            evaluator.writes_outside(object, ir.string(evaluator.text, key))
        }
        Op::Index => key.op != Op::Number && evaluator.reads_any(object),
        _ => false,
    }
}

/// `Object.defineProperty(globalThis, "fetch", { value: … })` writes as well.
fn defined(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let Some(name) = ir.names.find(evaluator.text, "defineProperty") else {
        return;
    };
    for &id in &ir.calls {
        let call = ir.node(id);
        let callee = ir.node(NodeId(call.a));
        if call.op != Op::Call || callee.op != Op::Member || NameId(callee.b) != name {
            continue;
        }
        let args: Vec<NodeId> = ir.list(ListId(call.b)).collect();
        let [object, key, descriptor] = args.as_slice() else {
            continue;
        };
        if !evaluator.reads_any(*object) {
            continue;
        }
        let written = evaluator.within(10 * STEPS, |evaluator| {
            let object = evaluator.eval(*object);
            let object = evaluator.close_callee(object);
            let key = evaluator.eval(*key);
            let key = evaluator.close(key);
            let key = evaluator.terms.as_string(key)?;
            let target = evaluator.terms.member(object, &key);
            evaluator.terms.assignment(target)?;
            let descriptor = evaluator.eval(*descriptor);
            let value = evaluator.terms.member(descriptor, "value");
            Some((target, evaluator.close(value)))
        });
        if let Some(Some((target, value))) = written {
            found.push(written_to(evaluator, id, target, value));
        }
    }
}

fn written_to(evaluator: &Evaluator<'_>, id: NodeId, target: ValueId, value: ValueId) -> Found {
    Found {
        node: id,
        caller: Caller::Any,
        fact: UseFact {
            kind: UseKind::Write,
            callee: target,
            args: Box::new([value]),
            value,
            span: evaluator.ir.node(id).span,
            function: evaluator.ir.function_of(id),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    }
}

fn writes(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    defined(evaluator, found);
    for &id in &ir.writes {
        let node = ir.node(id);
        let target = ir.node(NodeId(node.a));
        if node.op != Op::Assign || !may_be_written(evaluator, target) {
            continue;
        }
        let callee = evaluator.within(STEPS, |evaluator| {
            let open = evaluator.eval(NodeId(node.a));
            evaluator.close_callee(open)
        });
        let Some(callee) = callee else { continue };
        if evaluator.terms.assignment(callee).is_none() {
            continue;
        }
        let written = evaluator.within(10 * STEPS, |evaluator| {
            let written = evaluator.eval(NodeId(node.b));
            evaluator.close(written)
        });
        let written = written.unwrap_or_else(|| evaluator.terms.unresolved());
        found.push(written_to(evaluator, id, callee, written));
    }
}
