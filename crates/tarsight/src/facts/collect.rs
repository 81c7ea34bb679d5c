//! From one file's IR to its facts.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::answers;
use super::bodies;
use super::constants;
use super::exports;
use super::functions;
use super::guards::Guards;
use super::hiding;
use super::loops;
use super::names;
use super::reads;
use super::seen;
use super::shapes;
use super::sites::{self, Caller};
use super::stores;
use super::triggers;
use super::{
    Answer, Condition, HidingFact, ImportFact, ImportKind, ModuleFacts, UseFact, UseKind,
    conditions,
};
use crate::limits::Limits;
use crate::parse::ir::{FuncId, Ir, ListId, NodeId, Op};
use crate::value::{Evaluator, Place, Program, Ran, Term, Terms, ValueId};

/// A use with the node that it stands at.
pub(super) struct Found {
    pub(super) node: NodeId,
    pub(super) fact: UseFact,
    /// Whose call of the function around it this is.
    pub(super) caller: Caller,
}

/// Observes one file.
///
/// `text` is the text that `ir` was made from. The facts depend on nothing else but `limits`.
#[must_use]
pub(crate) fn collect(ir: &Ir, text: &str, limits: &Limits) -> ModuleFacts {
    let budget = limits.of_file(text.len() as u64);
    let mut evaluator = Evaluator::new(ir, text, budget.steps);
    evaluator.terms = Terms::within(limits);
    let (mut facts, mut found, wish) = observe(&mut evaluator);
    if wish != Wish::None {
        let steps = match wish {
            Wish::Decoding | Wish::Everything => budget.run,
            _ => budget.look,
        };
        let settled = found.iter().filter(|found| {
            let args = found.fact.args.iter().chain([&found.fact.callee]);
            !args
                .copied()
                .any(|one| evaluator.terms.hangs_on_caller(one))
        });
        let known: FxHashSet<NodeId> = settled.map(|found| found.node).collect();
        if evaluator.run(steps, &known) {
            (facts, found, _) = observe(&mut evaluator);
        }
    }
    finish(&mut evaluator, &mut facts, found);
    facts.hiding = hiding::collect(ir, text);
    facts.hiding.extend(hiding::addresses(&evaluator, text));
    facts.hiding.extend(of_constants(&evaluator));
    facts
        .hiding
        .extend(shapes::environment_texts(&mut evaluator));
    facts.hiding.extend(triggers::collect(&mut evaluator));
    facts.steps = evaluator.steps.saturating_add(evaluator.run_steps);
    facts.out_of_steps |= evaluator.out_of_steps();
    if wish >= Wish::Decoding {
        facts.ran = evaluator.ran;
        facts.run_cut = evaluator.run_cut;
    }
    facts.hides_calls = wish == Wish::Everything;
    freeze(&evaluator, text, &mut facts);
    facts
}

/// Observes a file again, after the package ran as a whole: `at` is its place in that run, and
/// `known` what was known of it.
#[must_use]
pub(crate) fn collect_again(
    ir: &Ir,
    text: &str,
    limits: &Limits,
    program: &mut Program,
    at: usize,
    known: &ModuleFacts,
) -> ModuleFacts {
    let budget = limits.of_file(text.len() as u64);
    let mut evaluator = Evaluator::new(ir, text, budget.steps);
    evaluator.terms = Terms::within(limits);
    evaluator.take_seen(program, at);
    let (mut facts, found, _) = observe(&mut evaluator);
    finish(&mut evaluator, &mut facts, found);
    facts.hiding.clone_from(&known.hiding);
    let mut more = hiding::addresses(&evaluator, program.written());
    more.extend(of_constants(&evaluator));
    facts.hiding.retain(|one| !more.contains(one));
    facts.hiding.extend(more);
    facts.steps = evaluator.steps;
    facts.out_of_steps |= evaluator.out_of_steps();
    facts.hides_calls = known.hides_calls;
    facts.elsewhere = program.numbers();
    facts.ran = match known.ran {
        Ran::Whole => Ran::Whole,
        _ => evaluator.ran,
    };
    freeze(&evaluator, program.written(), &mut facts);
    facts
}

/// What the file's constants tell by themselves.
fn of_constants(evaluator: &Evaluator<'_>) -> Vec<HidingFact> {
    let mut found = shapes::page_scripts(evaluator);
    found.extend(constants::pools(evaluator));
    found.extend(constants::wallets(evaluator));
    found
}

/// Keeps of the evaluator's values those that the facts refer to. What a decoder made is not
/// hidden where it stands in `written`.
fn freeze(evaluator: &Evaluator<'_>, written: &str, facts: &mut ModuleFacts) {
    let (ir, text) = (evaluator.ir, evaluator.text);
    let mut roots: Vec<&mut ValueId> = Vec::new();
    roots.extend(facts.imports.iter_mut().map(|import| &mut import.specifier));
    roots.extend(facts.exports.named.iter_mut().map(|(_, value)| value));
    roots.extend(facts.exports.whole.as_mut());
    roots.extend(facts.returns.iter_mut().map(|(_, value)| value));
    for class in &mut facts.classes {
        roots.extend(class.members.iter_mut().map(|(_, value)| value));
    }
    for one in &mut facts.uses {
        roots.extend([&mut one.callee, &mut one.value]);
        roots.extend(one.args.iter_mut());
    }
    for one in &mut facts.conditions {
        if let Condition::Equal(one, other, _) = one {
            roots.extend([one, other]);
        }
    }
    for one in &mut facts.stores {
        roots.push(&mut one.into);
        roots.extend(one.values.iter_mut());
    }
    facts.terms = evaluator.terms.frozen(&mut roots);
    facts.terms.forget_written(written);
    facts.parameters = functions::parameters(ir, text, &facts.terms, &facts.exported);
}

/// A file that hides what it calls: so many calls at least, and one of so many.
const LEAST_HIDDEN: usize = 8;
const SHARE_HIDDEN: usize = 10;

/// How much a run of the file may tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wish {
    /// Nothing.
    None,
    /// When things happen, and in which order.
    Order,
    /// What the file makes of nothing but its own constants.
    Decoding,
    /// What the file does at all: it hides whatever it calls.
    Everything,
}

impl Wish {
    fn of_specifier(evaluator: &Evaluator<'_>, value: ValueId) -> Self {
        let terms = &evaluator.terms;
        if terms.is_unresolved(value) {
            Self::Decoding
        } else if terms.is_computed(value) {
            Self::Order
        } else {
            Self::None
        }
    }

    /// So many callees of so many calls are hidden.
    fn of_callees(hidden: usize, calls: usize) -> Self {
        if hidden >= LEAST_HIDDEN && hidden.saturating_mul(SHARE_HIDDEN) >= calls {
            Self::Everything
        } else if hidden > 0 {
            Self::Decoding
        } else {
            Self::None
        }
    }

    fn of_callee(evaluator: &Evaluator<'_>, callee: ValueId) -> Self {
        Self::of_callees(usize::from(evaluator.terms.hides_callee(callee)), 1)
    }

    /// What an API is aimed at; for code of other files, what may name something there.
    fn of_args(evaluator: &Evaluator<'_>, fact: &UseFact) -> Self {
        let terms = &evaluator.terms;
        let row = match fact.kind {
            UseKind::Write => terms.assignment(fact.callee),
            _ => terms.api(fact.callee),
        };
        let args = fact.args.iter().enumerate();
        args.map(|(at, &arg)| match row {
            Some(row) if !row.aims_at(at, fact.args.len()) => Self::None,
            Some(_) if terms.hides_text(arg) => Self::Decoding,
            Some(_) if terms.is_computed(arg) => Self::Order,
            None if terms.is_from_call(arg) && terms.hides_text(arg) => Self::Decoding,
            _ => Self::None,
        })
        .fold(Self::None, Self::max)
    }
}

/// What the evaluator says of calls, reads and imports; whether running the file may tell more.
fn observe(evaluator: &mut Evaluator<'_>) -> (ModuleFacts, Vec<Found>, Wish) {
    let ir = evaluator.ir;
    let mut facts = ModuleFacts {
        is_module: ir.is_module,
        counts: (count(ir.functions.len()), count(ir.classes.len())),
        ..ModuleFacts::default()
    };
    let mut found = Vec::new();
    static_imports(evaluator, &mut facts);
    let mut wish = calls(evaluator, &mut facts, &mut found);
    reads::collect(evaluator, &mut found);
    seen::collect(evaluator, &mut facts, &mut found);
    loops::collect(evaluator, &mut found);
    shapes::collect(evaluator, &mut found);
    found.sort_by_key(|found| found.node);
    names::collect(evaluator, &mut found);
    for one in &facts.imports {
        wish = wish.max(Wish::of_specifier(evaluator, one.specifier));
    }
    for found in &found {
        wish = wish.max(Wish::of_callee(evaluator, found.fact.callee));
        wish = wish.max(Wish::of_args(evaluator, &found.fact));
    }
    if found
        .iter()
        .any(|found| seen::runs_text(evaluator, &found.fact))
    {
        wish = Wish::Decoding;
    }
    if wish == Wish::None && seen::needs_run(evaluator, &found) {
        wish = Wish::Order;
    }
    (facts, found, wish)
}

/// What follows from the uses: guards, exports, functions.
fn finish(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts, mut found: Vec<Found>) {
    let ir = evaluator.ir;
    sites::tell_apart(evaluator, &mut found);
    let early = match found.is_empty() {
        true => Vec::new(),
        false => conditions::early(evaluator),
    };
    let mut guards = Guards::new(&ir.guards, &early);
    for found in &mut found {
        found.fact.guards = guards.around(evaluator, found.node);
    }
    guards.of_callers(evaluator, &mut found);
    conditions::collect(evaluator, facts, &mut found, early);
    answers::mark(evaluator, &mut found);
    exports::collect(evaluator, facts);
    let own = |id: ValueId| {
        let specifier = evaluator.terms.as_string(id);
        specifier.is_some_and(|specifier| specifier.starts_with(['.', '#', '/']))
    };
    // A file that touches nothing outside and asks no other file has nobody to tell, but for
    // listeners, and what it puts into the instances that it gives.
    let tells = !found.is_empty()
        || facts.imports.iter().any(|import| own(import.specifier))
        || stores::may_tell(evaluator);
    if tells {
        stores::collect(evaluator, facts);
    }
    if !found.is_empty() || !facts.imports.is_empty() {
        facts.bodies = bodies::collect(ir, evaluator.text);
    }
    functions::collect(evaluator, &found, facts);
    if !tells && gives_instances(evaluator, facts) {
        stores::collect(evaluator, facts);
    }
    sites::without_outside(evaluator, facts, &mut found);
    facts.uses = found.into_iter().map(|found| found.fact).collect();
}

/// Whether functions of a file return what they made with `new`.
fn gives_instances(evaluator: &Evaluator<'_>, facts: &ModuleFacts) -> bool {
    let terms = &evaluator.terms;
    let is_instance = |&one: &ValueId| matches!(terms.get(one), Term::New(..));
    let mut returned = facts.returns.iter();
    returned.any(|&(_, value)| terms.choices(value).iter().any(is_instance))
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn static_imports(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts) {
    for import in &evaluator.ir.imports {
        if import.is_type {
            continue;
        }
        let specifier = evaluator.ir.name(evaluator.text, import.specifier);
        facts.imports.push(ImportFact {
            kind: ImportKind::Static,
            specifier: evaluator.terms.string(specifier),
            function: FuncId::NONE,
            on_load: true,
        });
    }
}

/// Steps that most callees need; the few that need more come last.
const QUICK: u64 = 40;
/// Steps for each of those, and for all of them together, besides one for each 64 bytes.
const SLOW: u64 = 4_000;
const ALL_SLOW: u64 = 15_000;
/// What a run would tell of callees that are not known though the file decides them.
fn calls(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts, found: &mut Vec<Found>) -> Wish {
    let ir = evaluator.ir;
    let mut hard: Vec<NodeId> = Vec::new();
    let implicit = evaluator.implicit_globals();
    let mut wish = Wish::None;
    let mut hidden = 0;
    for &id in &ir.calls {
        if evaluator.starts_at(NodeId(ir.node(id).a), &implicit) {
            wish = Wish::Decoding;
        }
        if !call(evaluator, id, QUICK, facts, found, &mut hidden) {
            hard.push(id);
        }
    }
    // First those whose very name says that they act.
    hard.sort_by_key(|&id| !evaluator.is_named_to_act(NodeId(ir.node(id).a)));
    let end = evaluator.steps + ALL_SLOW + evaluator.text.len() as u64 / 64;
    for id in hard {
        let left = end.saturating_sub(evaluator.steps).min(SLOW);
        if !call(evaluator, id, left, facts, found, &mut hidden) {
            facts.out_of_steps = true;
        }
    }
    wish.max(Wish::of_callees(hidden, ir.calls.len()))
}

/// Looks at one call, and counts it if its callee is hidden; whether the steps were enough.
fn call(
    evaluator: &mut Evaluator<'_>,
    id: NodeId,
    steps: u64,
    facts: &mut ModuleFacts,
    found: &mut Vec<Found>,
    hidden: &mut usize,
) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(id);
    let callee = NodeId(node.a);
    if node.op == Op::ImportCall {
        let Some(specifier) = evaluator.patiently(|evaluator| {
            let specifier = evaluator.eval(callee);
            evaluator.close(specifier)
        }) else {
            return false;
        };
        import(evaluator, facts, ImportKind::Dynamic, specifier, id);
        let import = evaluator.terms.global("import");
        load(evaluator, id, import, specifier, found);
        return true;
    }
    if !evaluator.calls_outside(callee) {
        return true;
    }
    let closed = evaluator.within(steps, |evaluator| {
        let open = evaluator.eval(callee);
        evaluator.close_callee(open)
    });
    let Some(closed) = closed else {
        return false;
    };
    let choices = evaluator.terms.choices(closed);
    if choices.iter().any(|&one| evaluator.terms.hides_callee(one)) {
        let args = evaluator.within(steps, |evaluator| evaluator.list(ListId(node.b)));
        let makes_no_code = |&one: &ValueId| {
            let args = args.as_deref();
            args.is_some_and(|args| evaluator.terms.makes_no_code(one, args))
        };
        *hidden += usize::from(!choices.iter().all(makes_no_code));
    }
    if !choices.iter().any(|&choice| concerns(evaluator, choice)) {
        return true;
    }
    // What it is called on counts as well: the address that a response came from.
    let whole = evaluator.patiently(|evaluator| {
        let open = evaluator.eval(callee);
        evaluator.close(open)
    });
    let choices = whole
        .map(|whole| evaluator.terms.choices(whole))
        .filter(|whole| whole.iter().any(|&choice| concerns(evaluator, choice)))
        .unwrap_or(choices);
    let args = evaluator.patiently(|evaluator| {
        let args = match node.op {
            Op::TaggedTemplate => vec![evaluator.eval(NodeId(node.b))],
            _ => evaluator.list(ListId(node.b)),
        };
        args.into_iter()
            .map(|arg| evaluator.close(arg))
            .collect::<Vec<ValueId>>()
    });
    let is_whole = args.is_some();
    let args = args.unwrap_or_else(|| {
        // Known are at least their number and the constants among them.
        let nodes: Vec<NodeId> = ir.list(ListId(node.b)).collect();
        nodes
            .into_iter()
            .map(|arg| constant(evaluator, arg))
            .collect()
    });
    for choice in choices {
        keep(evaluator, id, choice, &args, is_whole, facts, found);
    }
    is_whole
}

fn constant(evaluator: &mut Evaluator<'_>, arg: NodeId) -> ValueId {
    match evaluator.ir.node(arg).op {
        Op::String | Op::Number | Op::Function => evaluator
            .within(QUICK, |evaluator| evaluator.eval(arg))
            .unwrap_or_else(|| evaluator.terms.unresolved()),
        _ => evaluator.terms.unresolved(),
    }
}

/// Keeps one alternative of what a call may be: an import, or a use.
fn keep(
    evaluator: &mut Evaluator<'_>,
    id: NodeId,
    callee: ValueId,
    args: &[ValueId],
    is_whole: bool,
    facts: &mut ModuleFacts,
    found: &mut Vec<Found>,
) {
    let node = evaluator.ir.node(id);
    let (callee, args) = evaluator.terms.unwrap_call(callee, args);
    if evaluator.terms.is_require(callee) {
        let specifier = args.first().copied();
        let specifier = specifier.unwrap_or_else(|| evaluator.terms.add(Term::Undefined));
        import(evaluator, facts, ImportKind::Require, specifier, id);
        return load(evaluator, id, callee, specifier, found);
    }
    if is_require_resolve(evaluator, callee)
        && let Some(&specifier) = args.first()
    {
        return import(evaluator, facts, ImportKind::Resolve, specifier, id);
    }
    if !matters(evaluator, callee) {
        return;
    }
    // Its arguments are part of it: where they took too many steps, it would as well.
    let value = match is_whole {
        true => evaluator.patiently(|evaluator| {
            let value = evaluator.eval(id);
            evaluator.close(value)
        }),
        false => None,
    };
    let kind = match node.op {
        Op::New => UseKind::New,
        _ => UseKind::Call,
    };
    let place = Place::here(node.span);
    let value = match (value, kind) {
        (Some(value), _) => value,
        (None, UseKind::New) => evaluator.terms.construct(callee, &args, place),
        (None, _) => evaluator.terms.call(callee, &args, place),
    };
    found.push(Found {
        node: id,
        caller: Caller::Any,
        fact: UseFact {
            kind,
            callee,
            args: args.into(),
            value,
            span: node.span,
            function: evaluator.ir.function_of(id),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    });
}

/// Keeps the loading of a module that is no name: an address that holds the code, a value that
/// is not known though the file decides it, or what a call makes, whoever it makes that from.
fn load(
    evaluator: &mut Evaluator<'_>,
    id: NodeId,
    callee: ValueId,
    specifier: ValueId,
    found: &mut Vec<Found>,
) {
    let terms = &mut evaluator.terms;
    let is_computed = terms.is_unresolved(specifier) || terms.is_from_call(specifier);
    if !seen::holds_code(terms, specifier) && !is_computed {
        return;
    }
    let node = evaluator.ir.node(id);
    let value = terms.call(callee, &[specifier], Place::here(node.span));
    found.push(Found {
        node: id,
        caller: Caller::Any,
        fact: UseFact {
            kind: UseKind::Call,
            callee,
            args: Box::new([specifier]),
            value,
            span: node.span,
            function: evaluator.ir.function_of(id),
            guards: Arc::default(),
            conditions: Vec::new(),
            answer: Answer::Taken,
            through: None,
        },
    });
}

/// Whether a callee is worth its arguments. What wraps another call is looked at with them.
fn concerns(evaluator: &Evaluator<'_>, callee: ValueId) -> bool {
    let terms = &evaluator.terms;
    match terms.get(callee) {
        Term::Member(_, key) if matches!(&**key, "call" | "apply" | "resolve") => true,
        Term::Call(..) => true,
        _ => terms.is_require(callee) || matters(evaluator, callee),
    }
}

pub(super) fn import(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    kind: ImportKind,
    specifier: ValueId,
    node: NodeId,
) {
    facts.imports.push(ImportFact {
        kind,
        specifier,
        function: evaluator.ir.function_of(node),
        on_load: false,
    });
}

fn is_require_resolve(evaluator: &Evaluator<'_>, callee: ValueId) -> bool {
    matches!(evaluator.terms.get(callee), Term::Member(of, key)
        if &**key == "resolve" && evaluator.terms.is_require(*of))
}

/// Whether a call is kept: the tables know it, or it leads to another file of the package, or
/// what it calls was itself handed over by such a call.
pub(super) fn matters(evaluator: &Evaluator<'_>, callee: ValueId) -> bool {
    if let Some(row) = evaluator.terms.api(callee) {
        return !row.inert;
    }
    let mut at = callee;
    loop {
        at = match evaluator.terms.get(at) {
            Term::Module(name) => return name.starts_with(['.', '/', '#']),
            Term::Index(of, key)
                if evaluator.terms.is_unresolved(*key) && evaluator.terms.is_tracked(*of) =>
            {
                return true;
            }
            Term::Member(of, _) | Term::Index(of, _) => *of,
            // What a name from another file loads is known when that is.
            Term::Call(of, args, _) if evaluator.terms.is_require(*of) => {
                let is_other = |&name: &ValueId| evaluator.terms.is_from_file(name);
                return args.first().is_some_and(is_other);
            }
            Term::Call(of, ..) | Term::New(of, ..) | Term::Handed(of, ..) => *of,
            // Running code that was made at run time.
            Term::Param(..) | Term::Function(_) | Term::Class(_) => return false,
            _ => return false,
        }
    }
}
