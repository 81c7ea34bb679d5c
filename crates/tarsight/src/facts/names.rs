//! Bare names that the tables say are read or written: `ethereum`, `location = …`,
//! `import { platform } from "process"`.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::collect::Found;
use super::sites::Caller;
use super::{Answer, UseFact, UseKind};
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
        if node.op != Op::Spread {
            continue;
        }
        let operand = ir.node(NodeId(node.a));
        if operand.op != Op::Name {
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
    let mut known: Vec<Option<(bool, bool)>> = vec![None; ir.names.len()];
    let mut names: Vec<NodeId> = Vec::new();
    let mut is_written = false;
    for (at, node) in ir.nodes.iter().enumerate() {
        if node.op != Op::Name || node.b != u32::MAX {
            continue;
        }
        let Some(slot) = known.get_mut(node.a as usize) else {
            continue;
        };
        let name = || ir.name(evaluator.text, NameId(node.a));
        let (read, written) = *slot.get_or_insert_with(|| listed(name()));
        is_written |= written;
        if read {
            names.push(NodeId(u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
    if names.is_empty() && !is_written {
        return;
    }
    let is = |id: NodeId, which: fn((bool, bool)) -> bool| {
        let node = ir.node(id);
        node.op == Op::Name
            && node.b == u32::MAX
            && known
                .get(node.a as usize)
                .copied()
                .flatten()
                .is_some_and(which)
    };
    // What is written, called, only looked at, or read below a name stands elsewhere.
    let mut passed: FxHashSet<NodeId> = FxHashSet::default();
    let mut pass = |id: NodeId| {
        if is(id, |(read, _)| read) {
            passed.insert(id);
        }
    };
    for (at, &node) in ir.nodes.iter().enumerate() {
        let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
        let inner = NodeId(node.a);
        match node.op {
            Op::Member | Op::Index => pass(inner),
            Op::Unary if node.sub == UnaryOp::Typeof as u8 => pass(inner),
            Op::Assign => {
                pass(inner);
                if is(inner, |(_, written)| written) {
                    let callee = evaluator.eval(inner);
                    let value = evaluator.eval(NodeId(node.b));
                    let value = evaluator.close(value);
                    let mut one = read(evaluator, id, callee, node.span);
                    one.fact.kind = UseKind::Write;
                    one.fact.args = Box::new([value]);
                    one.fact.value = value;
                    found.push(one);
                }
            }
            _ => {}
        }
    }
    for &id in &ir.calls {
        pass(NodeId(ir.node(id).a));
    }
    for id in names {
        if !passed.contains(&id) {
            let value = evaluator.eval(id);
            found.push(read(evaluator, id, value, ir.node(id).span));
        }
    }
}

/// Whether the tables list reading a bare name, and writing it.
fn listed(name: &str) -> (bool, bool) {
    if !api::is_global(name) {
        return (false, false);
    }
    let read = api::lookup(name).is_some_and(acts);
    (read, api::assignment(name).is_some())
}

fn read(evaluator: &Evaluator<'_>, node: NodeId, value: ValueId, span: Span) -> Found {
    Found {
        node,
        caller: Caller::Any,
        fact: UseFact {
            kind: UseKind::Read,
            callee: value,
            args: Box::default(),
            value,
            span,
            function: evaluator.ir.function_of(node),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    }
}
