//! Which functions matter, whom they call, and which of them run when the file is loaded.

use rustc_hash::FxHashSet;

use super::called::Calls;
use super::collect::Found;
use super::{ClassFact, FunctionFact, ModuleFacts, StoreFact, StoreKind, UseKind};
use crate::parse::ir::{ClassId, FuncId, Ir, NodeId, Op};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Key, Term, Terms, ValueId};

/// More exported functions than this do not get a summary of what they return.
const MOST_SUMMARIES: usize = 2048;
/// Steps that one summary may take, and all of them together, besides one for each 64 bytes.
const STEPS: u64 = 2_000;
const ALL_STEPS: u64 = 20_000;
const NONE: u32 = u32::MAX;

/// Finds the functions around the uses and imports, and fills in what is known of them.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, found: &[Found], facts: &mut ModuleFacts) {
    let ir = evaluator.ir;
    let calls = Calls::new(ir, evaluator);
    let mut on_load = calls.on_load(ir.functions.len());
    for (id, runs) in (0..).map(FuncId).zip(&mut on_load) {
        *runs |= evaluator.ran_on_load(id);
    }
    for import in &mut facts.imports {
        import.on_load = import
            .function
            .some()
            .is_none_or(|function| on_load[function.index()]);
    }
    let holders = found
        .iter()
        .map(|found| found.fact.function)
        .chain(facts.imports.iter().map(|import| import.function))
        .chain(
            facts
                .stores
                .iter()
                .filter(|store| leads_on(store))
                .map(|store| store.function),
        )
        .filter_map(FuncId::some);
    let matter = calls.callers_of(holders, ir.functions.len());
    for (at, &matters) in matter.iter().enumerate() {
        if !matters {
            continue;
        }
        let id = FuncId(u32::try_from(at).unwrap_or(NONE));
        let mut callees: Vec<FuncId> = calls
            .from(id)
            .filter(|callee| matter[callee.index()])
            .collect();
        callees.sort_unstable();
        callees.dedup();
        facts.functions.push(FunctionFact {
            id,
            on_load: on_load[at],
            calls: callees.into(),
        });
    }
    summaries(evaluator, found, facts);
}

/// Whether a function may be called where something is put down.
fn leads_on(store: &StoreFact) -> bool {
    matches!(store.kind, StoreKind::Called | StoreKind::Handed)
}

/// Names of parameters that are a web request, or hold one.
pub(crate) const REQUESTS: [&str; 8] = [
    "_req", "context", "ctx", "event", "incoming", "msg", "req", "request",
];
/// Parameters of a function that may be one.
const MOST_NAMED: u32 = 3;

/// The names of the parameters among the values of a file, and of those of functions that others
/// can get at.
pub(super) fn parameters(
    ir: &Ir,
    text: &str,
    terms: &Terms,
    exported: &[FuncId],
) -> Vec<((FuncId, u32), Key)> {
    let ids = (0..u32::try_from(terms.len()).unwrap_or(u32::MAX)).map(ValueId);
    let among = ids.filter_map(|id| match *terms.get(id) {
        Term::Param(function, at) => Some((function, at)),
        _ => None,
    });
    let of_exported = exported.iter().flat_map(|&function| {
        let count = ir.functions.get(function.index());
        let count = count.map_or(0, |found| found.param_count);
        (0..count).map(move |at| (function, at))
    });
    // What frameworks hand over is known by its name alone.
    let of_requests = ir.functions.iter().zip(0u32..).flat_map(|(found, id)| {
        let count = found.param_count.min(MOST_NAMED);
        (0..count).map(move |at| (FuncId(id), at))
    });
    let mut names: Vec<((FuncId, u32), Key)> = among
        .chain(of_exported)
        .map(|one| (one, false))
        .chain(of_requests.map(|one| (one, true)))
        .filter_map(|((function, at), only_requests)| {
            let params = ir.functions.get(function.index())?.params;
            let mut param = ir.node(ir.list(params).nth(at as usize)?);
            if matches!(param.op, Op::Default | Op::Assign) {
                param = ir.node(NodeId(param.a));
            }
            let name = (param.op == Op::Name).then(|| ir.name(text, NameId(param.a)))?;
            let is_wanted = !only_requests || REQUESTS.contains(&name);
            is_wanted.then(|| ((function, at), Key::from(name)))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The functions that other files can get at: those exported, and what belongs to exported
/// classes and objects.
fn exported(evaluator: &mut Evaluator<'_>, roots: &[ValueId]) -> Vec<FuncId> {
    let mut open = roots.to_vec();
    let mut seen: FxHashSet<ValueId> = FxHashSet::default();
    let mut functions = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) || functions.len() >= MOST_SUMMARIES {
            continue;
        }
        match evaluator.terms.get(id).clone() {
            Term::Function(function) => functions.push(function),
            Term::Class(class) => {
                let members = class_members(evaluator, class);
                open.extend(members.iter().map(|&(_, value)| value));
            }
            Term::OneOf(ids) | Term::Array(ids, _) => open.extend(ids.iter().copied()),
            Term::Object(properties, _) => open.extend(properties.iter().map(|&(_, id)| id)),
            Term::New(callee, ..) => open.push(callee),
            _ => {}
        }
    }
    functions.sort_unstable();
    functions
}

/// What functions and classes give that other files can get at.
fn summaries(evaluator: &mut Evaluator<'_>, found: &[Found], facts: &mut ModuleFacts) {
    let mut open: Vec<ValueId> = facts
        .exports
        .named
        .iter()
        .map(|&(_, value)| value)
        .collect();
    open.extend(facts.exports.whole);
    // What stands in place of a function of the runtime is called by everybody.
    let hooks = found.iter().filter(|found| {
        let row = match found.fact.kind {
            UseKind::Write => evaluator.terms.assignment(found.fact.callee),
            _ => None,
        };
        row.is_some_and(|row| {
            row.effects
                .iter()
                .any(|effect| effect.behaviour.id == "module.hook")
        })
    });
    let mut roots = open.clone();
    roots.extend(hooks.flat_map(|found| found.fact.args.iter().copied()));
    facts.exported = exported(evaluator, &roots);
    open.extend(
        found
            .iter()
            .flat_map(|found| found.fact.args.iter().copied()),
    );
    let mut seen: FxHashSet<ValueId> = FxHashSet::default();
    let end = evaluator.steps + ALL_STEPS + evaluator.text.len() as u64 / 64;
    while let Some(id) = open.pop() {
        if !seen.insert(id) || facts.returns.len() >= MOST_SUMMARIES {
            continue;
        }
        match evaluator.terms.get(id).clone() {
            Term::Function(function) => {
                let left = end.saturating_sub(evaluator.steps).min(STEPS);
                let value = evaluator.within(left, |evaluator| {
                    let value = evaluator.returned(function);
                    evaluator.close(value)
                });
                if let Some(value) = value {
                    facts.returns.push((function, value));
                    open.push(value);
                }
            }
            Term::Class(class) => {
                let members = class_members(evaluator, class);
                open.extend(members.iter().map(|&(_, value)| value));
                facts.classes.push(ClassFact { id: class, members });
            }
            Term::OneOf(ids) | Term::Array(ids, _) => open.extend(ids.iter().copied()),
            Term::Object(properties, _) => open.extend(properties.iter().map(|&(_, id)| id)),
            Term::New(callee, ..) => open.push(callee),
            _ => {}
        }
    }
    facts.returns.sort_by_key(|&(function, _)| function);
    facts.returns.dedup_by_key(|&mut (function, _)| function);
    facts.classes.sort_by_key(|class| class.id);
}

fn class_members(evaluator: &mut Evaluator<'_>, class: ClassId) -> Vec<(Key, ValueId)> {
    let ir = evaluator.ir;
    let Some(class) = ir.classes.get(class.index()) else {
        return Vec::new();
    };
    let mut members = Vec::new();
    if let Some(constructor) = class.constructor.some() {
        let value = evaluator.terms.add(Term::Function(constructor));
        members.push((Key::from("constructor"), value));
    }
    for member in ir.list(class.members) {
        let member = ir.node(member);
        let key = ir.node(NodeId(member.a));
        let value = ir.node(NodeId(member.b));
        if key.op == Op::String && value.op == Op::Function {
            let value = evaluator.terms.add(Term::Function(FuncId(value.a)));
            members.push((Key::from(ir.string(evaluator.text, key)), value));
        }
    }
    members
}
