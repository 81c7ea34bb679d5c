//! Uses in helpers, told apart by the calls of the helper: where three places call
//! `post(url, body)`, its request is three uses, each with what one of the places gives. So none
//! of them gets another's address, and each says whether somebody takes the answer.

use super::collect::Found;
use super::{ModuleFacts, UseKind};
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};
use crate::value::{Evaluator, ValueId};
use rustc_hash::FxHashMap;

/// Calls of one helper that are told apart.
const MOST_SITES: usize = 16;
/// Uses of one file that may come of it.
const MOST_MORE: usize = 256;

/// Whose call of a helper a use belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Everybody's: nothing of it hangs on the caller, or callers are not told apart.
    Any,
    /// This call's.
    At(NodeId),
    /// That of somebody outside the file, if there is any: the helper, its name, and how many
    /// calls the file has.
    Outside(FuncId, Option<BindingId>, usize),
}

/// Takes uses apart.
pub(super) fn tell_apart(evaluator: &mut Evaluator<'_>, found: &mut Vec<Found>) {
    let mut left = MOST_MORE;
    let mut all = Vec::with_capacity(found.len());
    for one in found.drain(..) {
        match parts(evaluator, &one).filter(|parts| parts.len() <= left) {
            Some(parts) => {
                left -= parts.len();
                all.extend(parts);
            }
            None => all.push(one),
        }
    }
    *found = all;
}

fn parts(evaluator: &mut Evaluator<'_>, one: &Found) -> Option<Vec<Found>> {
    let ir = evaluator.ir;
    let node = ir.node(one.node);
    let row = match one.fact.kind {
        UseKind::Call | UseKind::New => evaluator.terms.api(one.fact.callee)?,
        UseKind::Read | UseKind::Write => return None,
    };
    if !row.has_callers() || !matches!(node.op, Op::Call | Op::New) {
        return None;
    }
    let (open, closed) = evaluator.patiently(|evaluator| {
        let open = evaluator.list(ListId(node.b));
        let closed: Vec<ValueId> = open.iter().map(|&arg| evaluator.close(arg)).collect();
        (open, closed)
    })?;
    // What a run showed is better, and what is called in a roundabout way is not told apart.
    if closed[..] != one.fact.args[..] {
        return None;
    }
    let functions = evaluator.terms.functions_of_params(&open);
    let mut told = functions.into_iter().filter_map(|function| {
        let sites = evaluator.sites_of(function, MOST_SITES)?;
        Some((function, sites))
    });
    let (function, sites) = told.next()?;
    // Of two helpers around each other, calls of one say nothing of those of the other.
    if told.next().is_some() {
        return None;
    }
    // What the helper makes of a list or an object on the way only a run tells.
    let is_changed = evaluator.patiently(|evaluator| {
        evaluator.changes_parameters(&open, one.node, function, &sites.calls)
    });
    if is_changed != Some(false) {
        return None;
    }
    let outside = Caller::Outside(function, sites.name, sites.calls.len());
    let calls = sites
        .calls
        .iter()
        .map(|&call| (Caller::At(call), Some(call)));
    let callers: Vec<(Caller, Option<NodeId>)> = calls.chain([(outside, None)]).collect();
    let mut parts = Vec::with_capacity(callers.len());
    for (caller, call) in callers {
        let args = evaluator.patiently(|evaluator| evaluator.as_called(&open, function, call))?;
        let mut fact = one.fact.clone();
        fact.args = args.into();
        fact.through = call.map(|call| ir.node(call).span);
        parts.push(Found {
            node: one.node,
            fact,
            caller,
        });
    }
    Some(parts)
}

/// Drops what only a caller outside the file would do, where nobody outside can call.
pub(super) fn without_outside(
    evaluator: &Evaluator<'_>,
    facts: &ModuleFacts,
    found: &mut Vec<Found>,
) {
    let mut names: FxHashMap<u32, usize> = FxHashMap::default();
    for one in &*found {
        if let Caller::Outside(_, Some(name), _) = one.caller {
            names.insert(name.0, 0);
        }
    }
    if names.is_empty() {
        return;
    }
    for node in evaluator.ir.nodes.iter().filter(|node| node.op == Op::Name) {
        if let Some(count) = names.get_mut(&node.b) {
            *count += 1;
        }
    }
    found.retain(|one| match one.caller {
        Caller::Outside(function, Some(name), calls) => {
            // Its declaration is a name as well.
            let is_only_called = names.get(&name.0).is_some_and(|&count| count <= calls + 1);
            !is_only_called || facts.exported.binary_search(&function).is_ok()
        }
        _ => true,
    });
}
