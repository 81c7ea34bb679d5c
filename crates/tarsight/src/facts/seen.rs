//! What the file was seen to do when it was run.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::{Found, import, matters};
use super::sites::Caller;
use super::{Answer, ImportKind, ModuleFacts, UseFact, UseKind, reads};
use crate::api::AimKind;
use crate::parse::ir::NodeId;
use crate::value::{Evaluator, Place, Term, Terms, ValueId};

/// Adds calls and reads that were seen, and drops what was only half known of the same places.
pub(super) fn collect(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    found: &mut Vec<Found>,
) {
    let mut added: Vec<(Found, bool)> = Vec::new();
    for one in evaluator.seen_uses() {
        let node = evaluator.ir.node(one.site);
        let Some(args) = one.args else {
            if let Some(read) = reads::named_read(evaluator, one.callee) {
                let new = fact(
                    evaluator,
                    UseKind::Read,
                    one.site,
                    read,
                    Box::default(),
                    read,
                );
                added.push((new, one.is_inner));
            }
            continue;
        };
        if one.is_write {
            let value = args.first().copied().unwrap_or(one.callee);
            let new = fact(evaluator, UseKind::Write, one.site, one.callee, args, value);
            added.push((new, one.is_inner));
            continue;
        }
        for choice in evaluator.terms.choices(one.callee) {
            let (callee, args) = evaluator.terms.unwrap_call(choice, &args);
            if evaluator.terms.is_require(callee) {
                let specifier = args.first().copied();
                let specifier = specifier.unwrap_or_else(|| evaluator.terms.add(Term::Undefined));
                load(evaluator, facts, specifier, one.site);
                if holds_code(&evaluator.terms, specifier) {
                    let place = Place::here(node.span);
                    let value = evaluator.terms.call(callee, &args, place);
                    let args = args.into();
                    let new = fact(evaluator, UseKind::Call, one.site, callee, args, value);
                    added.push((new, one.is_inner));
                }
                continue;
            }
            if !matters(evaluator, callee) {
                continue;
            }
            let place = Place::here(node.span);
            let (kind, value) = if one.is_new {
                let value = evaluator.terms.construct(callee, &args, place);
                (UseKind::New, value)
            } else {
                (UseKind::Call, evaluator.terms.call(callee, &args, place))
            };
            let new = fact(evaluator, kind, one.site, callee, args.into(), value);
            added.push((new, one.is_inner));
        }
    }
    if added.is_empty() {
        return;
    }
    let places: FxHashSet<NodeId> = added.iter().map(|(found, _)| found.node).collect();
    let terms = &evaluator.terms;
    keep_known(terms, found, &mut added);
    found.retain(|found| {
        let fact = &found.fact;
        let is_lost = terms.is_lost(fact.callee) || fact.args.iter().any(|&arg| terms.is_lost(arg));
        !is_lost || !places.contains(&found.node)
    });
    // What is known of a place without running it holds for every way there; but where it hangs
    // on a caller, one way that was seen says more.
    let open: FxHashSet<NodeId> = found
        .iter()
        .filter(|found| {
            let fact = &found.fact;
            terms.hangs_on_caller(fact.callee)
                || fact.args.iter().any(|&arg| terms.hangs_on_caller(arg))
        })
        .map(|found| found.node)
        .collect();
    let vague_args = |fact: &UseFact| {
        let args = fact.args.iter();
        args.filter(|&&arg| terms.is_vague(arg)).count()
    };
    let mut vague: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut begun: FxHashSet<(NodeId, usize)> = FxHashSet::default();
    for one in found.iter() {
        let most = vague.entry(one.node).or_default();
        *most = (*most).max(vague_args(&one.fact));
        let args = one.fact.args.iter().enumerate();
        begun.extend(args.filter_map(|(at, &arg)| terms.begins(arg).then_some((one.node, at))));
    }
    // Nor does what another file gives say what is called there.
    let mut known: FxHashMap<NodeId, bool> = FxHashMap::default();
    for one in found.iter() {
        *known.entry(one.node).or_default() |= terms.api(one.fact.callee).is_some();
    }
    let added = added.into_iter().filter(|(new, is_inner)| {
        let args = || new.fact.args.iter().copied();
        let is_open = args().any(|arg| terms.hangs_on_caller(arg));
        let is_told = !is_open || args().any(|arg| terms.is_from_elsewhere(arg));
        let known_of = vague.get(&new.node).copied().unwrap_or_default();
        // Of an address that a caller's data ends the start is what counts.
        let mut starts = new.fact.args.iter().enumerate();
        let tells_start = known_of > 0
            && starts.any(|(at, &arg)| terms.begins(arg) && !begun.contains(&(new.node, at)));
        let is_better = tells_start || (!is_open && vague_args(&new.fact) < known_of);
        let adds = is_better || (open.contains(&new.node) && is_told);
        let is_named = || terms.api(new.fact.callee).is_some();
        *is_inner
            || adds
            || known
                .get(&new.node)
                .is_none_or(|&named| !named && is_named())
    });
    found.extend(added.map(|(new, _)| new));
}

/// Gives a use that was seen the arguments that are known without running: what a callback gets
/// from outside no run can tell.
fn keep_known(terms: &Terms, found: &[Found], added: &mut [(Found, bool)]) {
    let mut at: FxHashMap<NodeId, &UseFact> = FxHashMap::default();
    for one in found {
        at.entry(one.node).or_insert(&one.fact);
    }
    for (new, _) in added {
        let Some(old) = at.get(&new.node) else {
            continue;
        };
        let is_same = old.callee == new.fact.callee && old.args.len() == new.fact.args.len();
        if !is_same {
            continue;
        }
        for (seen, &known) in new.fact.args.iter_mut().zip(&old.args) {
            let is_open = terms.hangs_on_caller(*seen) && !terms.is_from_elsewhere(*seen);
            let is_less = terms.is_lost(*seen) || is_open;
            if is_less && !terms.is_lost(known) {
                *seen = known;
            }
        }
    }
}

/// Whether a specifier is no name, but holds the module's code: `data:text/javascript,…`, as far
/// as that is known.
pub(super) fn holds_code(terms: &Terms, specifier: ValueId) -> bool {
    let start = match terms.get(specifier) {
        Term::Concat(parts) => parts.first().copied().unwrap_or(specifier),
        _ => specifier,
    };
    let text = terms.as_string(start);
    text.is_some_and(|text| text.starts_with("data:"))
}

/// A module that was asked for, unless that is known.
fn load(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts, specifier: ValueId, site: NodeId) {
    let function = evaluator.ir.function_of(site);
    let is_known = facts
        .imports
        .iter()
        .any(|known| known.specifier == specifier && known.function == function);
    if !is_known && evaluator.terms.as_string(specifier).is_some() {
        import(evaluator, facts, ImportKind::Require, specifier, site);
    }
}

fn fact(
    evaluator: &Evaluator<'_>,
    kind: UseKind,
    site: NodeId,
    callee: ValueId,
    args: Box<[ValueId]>,
    value: ValueId,
) -> Found {
    Found {
        node: site,
        caller: Caller::Any,
        fact: UseFact {
            kind,
            callee,
            args,
            value,
            span: evaluator.ir.node(site).span,
            function: evaluator.ir.function_of(site),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    }
}

/// Whether only a run tells what a use does or when: it stands in a function that code runs
/// without calling it by name, hangs on what a builtin hands over, or on a changed builtin.
pub(super) fn needs_run(evaluator: &mut Evaluator<'_>, found: &[Found]) -> bool {
    // What something outside is aimed at tells more than what it is given.
    let acts = found.iter().filter(|found| {
        let row = evaluator.terms.api(found.fact.callee);
        found.fact.kind != UseKind::Read && row.is_some_and(|row| !row.effects.is_empty())
    });
    let acts: Vec<&UseFact> = acts.map(|found| &found.fact).collect();
    let is_aimed = |terms: &Terms, fact: &UseFact, wanted: fn(&Terms, ValueId) -> bool| {
        let row = terms.api(fact.callee);
        let mut args = fact.args.iter().enumerate();
        args.any(|(at, &arg)| {
            row.is_some_and(|row| row.aims_at(at, fact.args.len())) && wanted(terms, arg)
        })
    };
    let terms = &evaluator.terms;
    let has_gap = acts
        .iter()
        .any(|fact| is_aimed(terms, fact, Terms::is_blank));
    if has_gap && evaluator.throws() {
        return true;
    }
    let mut inside = acts.into_iter().filter(|fact| !fact.function.is_none());
    let Some(first) = inside.next() else {
        return false;
    };
    if evaluator.changes_builtins() {
        return true;
    }
    let hidden = evaluator.hidden_functions();
    [first].into_iter().chain(inside).any(|fact| {
        let is_open = is_aimed(&evaluator.terms, fact, Terms::hangs_on_caller);
        hidden.contains(&fact.function)
            || (is_open && evaluator.is_handed_to_builtin(fact.function))
    })
}

/// Whether a use runs a constant text that may do something: what it does with the names
/// around it only a run tells.
pub(super) fn runs_text(evaluator: &Evaluator<'_>, fact: &UseFact) -> bool {
    let Some(row) = evaluator.terms.api(fact.callee) else {
        return false;
    };
    let is_code = row
        .effects
        .iter()
        .any(|effect| effect.aim.is_some_and(|aim| aim.kind == AimKind::Code));
    is_code
        && fact.args.iter().any(|&arg| {
            evaluator
                .terms
                .as_string(arg)
                .is_some_and(|text| text.contains(['(', '`']))
        })
}
