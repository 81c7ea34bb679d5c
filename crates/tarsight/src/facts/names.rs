//! Bare names that the tables say are read or written: `ethereum`, `location = …`,
//! `import { platform } from "process"`.

use rustc_hash::FxHashSet;

use super::collect::Found;
use super::{UseFact, UseKind};
use crate::api::{self, Api, Place};
use crate::model::Span;
use crate::parse::ir::{NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, ValueId};

/// Adds the reads and writes of names to what was found, and sorts.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    imports(evaluator, found);
    spreads(evaluator, found);
    globals(evaluator, found);
    found.sort_by_key(|found| found.node);
}

/// Whether reading the name itself does something: names of which only the properties count,
/// such as `env`, are found where these are read.
fn acts(row: &Api) -> bool {
    row.read
        && row
            .effects
            .iter()
            .any(|effect| effect.aim.is_none_or(|aim| aim.place != Place::Key))
}

fn imports(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    for def in &ir.defs {
        let node = ir.node(def.value);
        if node.op != Op::Imported {
            continue;
        }
        let value = evaluator.eval(def.value);
        if evaluator.terms.api(value).is_some_and(acts) {
            found.push(read(evaluator, def.value, value, node.span));
        }
    }
}

/// `{ ...env }` of an imported `env`: all of it at once.
fn spreads(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    for (at, &node) in ir.nodes.iter().enumerate() {
        let operand = ir.node(NodeId(node.a));
        if node.op != Op::Spread || operand.op != Op::Name {
            continue;
        }
        let binding = ir.bindings.get(operand.b as usize);
        let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
        let Some(def) = def.filter(|def| ir.node(def.value).op == Op::Imported) else {
            continue;
        };
        let value = evaluator.eval(def.value);
        if evaluator.terms.api(value).is_some_and(|row| row.read) {
            let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            found.push(read(evaluator, id, value, node.span));
        }
    }
}

fn globals(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let ir = evaluator.ir;
    let is_known = |path: &str| {
        let read = api::lookup(path).is_some_and(acts);
        (read, api::assignment(path).is_some())
    };
    let known: Vec<(bool, bool)> = (0..ir.names.len())
        .map(|at| NameId(u32::try_from(at).unwrap_or(u32::MAX)))
        .map(|name| ir.name(evaluator.text, name))
        .map(|name| match api::is_global(name) {
            true => is_known(name),
            false => (false, false),
        })
        .collect();
    if known.iter().all(|&(read, written)| !read && !written) {
        return;
    }
    let mut passed: FxHashSet<NodeId> = FxHashSet::default();
    for (at, &node) in ir.nodes.iter().enumerate() {
        if node.op != Op::Assign {
            continue;
        }
        let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
        let target = NodeId(node.a);
        passed.insert(target);
        let is_written = ir.node(target).op == Op::Name
            && ir.node(target).b == u32::MAX
            && known
                .get(ir.node(target).a as usize)
                .is_some_and(|known| known.1);
        if is_written {
            let callee = evaluator.eval(target);
            let value = evaluator.eval(NodeId(node.b));
            let value = evaluator.close(value);
            let mut one = read(evaluator, id, callee, node.span);
            one.fact.kind = UseKind::Write;
            one.fact.args = Box::new([value]);
            one.fact.value = value;
            found.push(one);
        }
    }
    // What is read below a name, called or only looked at stands elsewhere.
    for &id in &ir.calls {
        passed.insert(NodeId(ir.node(id).a));
    }
    for node in &ir.nodes {
        let is_typeof = node.op == Op::Unary && node.sub == UnaryOp::Typeof as u8;
        if matches!(node.op, Op::Member | Op::Index) || is_typeof {
            passed.insert(NodeId(node.a));
        }
    }
    for (at, node) in ir.nodes.iter().enumerate() {
        let is_read = node.op == Op::Name
            && node.b == u32::MAX
            && known.get(node.a as usize).is_some_and(|known| known.0);
        let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
        if is_read && !passed.contains(&id) {
            let value = evaluator.eval(id);
            found.push(read(evaluator, id, value, node.span));
        }
    }
}

fn read(evaluator: &Evaluator<'_>, node: NodeId, value: ValueId, span: Span) -> Found {
    Found {
        node,
        fact: UseFact {
            kind: UseKind::Read,
            callee: value,
            args: Box::default(),
            value,
            span,
            function: evaluator.ir.function_of(node),
            guards: Box::default(),
        },
    }
}
