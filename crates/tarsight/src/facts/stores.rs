//! Values that are put where somebody else finds them: properties of globals and instances,
//! what methods such as `set` and `emit` are given, functions that are handed to calls or called
//! by their value.

use rustc_hash::FxHashSet;

use super::{ModuleFacts, StoreFact, StoreKind};
use crate::parse::ir::{FuncId, ListId, Node, NodeId, Op};
use crate::parse::names::{self, NameId};
use crate::value::{Evaluator, Key, Term, Terms, ValueId};

/// Steps that one of them may take.
const STEPS: u64 = 1_000;
/// Steps for all of them, besides one for each 64 bytes of the file.
const ALL_STEPS: u64 = 20_000;
/// Functions of one table that are taken for called, and properties that are looked at for them.
const MOST_FUNCTIONS: usize = 32;
const MOST_PROPERTIES: usize = 1_024;
/// Longest chain `a.b.c` that is looked through for its start.
const MOST_MEMBERS: usize = 8;

/// Methods that keep what they get, or hand it to listeners.
const METHODS: [&str; 20] = [
    "add",
    "append",
    "dispatchEvent",
    "emit",
    "end",
    "enqueue",
    "enterWith",
    "copy",
    "pipe",
    "pipeThrough",
    "pipeTo",
    "postMessage",
    "push",
    "run",
    "send",
    "set",
    "splice",
    "unshift",
    "update",
    "write",
];

/// Those of them whose listeners may be anywhere, whatever they are called on.
const TELLERS: [&str; 4] = ["dispatchEvent", "emit", "postMessage", "send"];

/// Finds them, in source order: writes first, then calls.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts) {
    let end = evaluator.steps + ALL_STEPS + evaluator.text.len() as u64 / 64;
    writes(evaluator, facts, end);
    calls(evaluator, facts, end);
}

/// Whether a file says a name of what tells listeners, who may be anywhere.
pub(super) fn may_tell(evaluator: &Evaluator<'_>) -> bool {
    let names = &evaluator.ir.names;
    TELLERS
        .iter()
        .any(|name| names.find(evaluator.text, name).is_some())
}

fn allowance(evaluator: &Evaluator<'_>, end: u64) -> u64 {
    end.saturating_sub(evaluator.steps).min(STEPS)
}

fn writes(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts, end: u64) {
    let ir = evaluator.ir;
    for &id in &ir.writes {
        let node = ir.node(id);
        if node.op != Op::Assign || !is_held(evaluator, NodeId(node.a)) {
            continue;
        }
        let steps = allowance(evaluator, end);
        let stored = evaluator.within(steps, |evaluator| {
            let into = evaluator.eval(NodeId(node.a));
            let into = evaluator.close_callee(into);
            let value = evaluator.eval(NodeId(node.b));
            (into, evaluator.close(value))
        });
        let Some((into, value)) = stored else {
            continue;
        };
        for into in evaluator.terms.choices(into) {
            if is_place(evaluator, into) && into != value {
                facts.stores.push(StoreFact {
                    kind: StoreKind::Property,
                    into,
                    values: Box::new([value]),
                    span: node.span,
                    function: ir.function_of(id),
                });
            }
        }
    }
}

/// Whether a target is a global, or starts at one or at a name that holds an instance.
fn is_held(evaluator: &Evaluator<'_>, target: NodeId) -> bool {
    let ir = evaluator.ir;
    let mut node = ir.node(target);
    let mut has_key = false;
    for _ in 0..MOST_MEMBERS {
        match node.op {
            Op::Member | Op::Index => {
                has_key = true;
                node = ir.node(NodeId(node.a));
            }
            Op::Name if node.b == u32::MAX => {
                let name = ir.name(evaluator.text, NameId(node.a));
                return !matches!(name, "exports" | "module");
            }
            Op::Name => return has_key && holds_instance(evaluator, node.b),
            Op::New => return has_key,
            _ => return false,
        }
    }
    false
}

/// Whether a name is given what a call or `new` makes.
fn holds_instance(evaluator: &Evaluator<'_>, binding: u32) -> bool {
    let ir = evaluator.ir;
    let Some(binding) = ir.bindings.get(binding as usize) else {
        return false;
    };
    ir.defs
        .get(binding.first_def as usize)
        .is_some_and(|def| !matches!(ir.node(def.value).op, Op::Object | Op::Array | Op::Function))
}

/// Whether a value is a global, a property of one, or a property of an instance. A property of
/// what nobody knows is none: all of that is one value.
fn is_place(evaluator: &Evaluator<'_>, id: ValueId) -> bool {
    let terms = &evaluator.terms;
    match terms.get(id) {
        Term::Global(_) => true,
        Term::Member(of, _) => match terms.get(*of) {
            Term::Global(_) | Term::New(..) | Term::Call(..) => true,
            Term::Member(..) => {
                let mut root = *of;
                while let Term::Member(of, _) = terms.get(root) {
                    root = *of;
                }
                !matches!(terms.get(root), Term::Unknown(_))
            }
            _ => false,
        },
        _ => false,
    }
}

fn calls(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts, end: u64) {
    let ir = evaluator.ir;
    let known = METHODS.iter();
    let methods: FxHashSet<NameId> = known
        .filter_map(|name| ir.names.find(evaluator.text, name))
        .collect();
    let own = own_methods(evaluator);
    let pipeline = ir.names.find(evaluator.text, "pipeline");
    let tellers: Vec<NameId> = TELLERS
        .iter()
        .filter_map(|name| ir.names.find(evaluator.text, name))
        .collect();
    for &id in &ir.calls {
        let call = ir.node(id);
        if !matches!(call.op, Op::Call | Op::New) || evaluator.index.is_dead(id) {
            continue;
        }
        let callee = ir.node(NodeId(call.a));
        let puts =
            call.op == Op::Call && callee.op == Op::Member && methods.contains(&NameId(callee.b));
        let joins = pipeline.is_some() && called_name(evaluator, callee) == pipeline;
        let args: Vec<NodeId> = ir.list(ListId(call.b)).collect();
        let hands = args
            .iter()
            .any(|&arg| may_be_handed(evaluator, arg) || is_method(evaluator, &own, arg));
        let is_hidden = call.op == Op::Call && is_called_by_value(evaluator, callee);
        if !puts && !hands && !is_hidden && !joins {
            continue;
        }
        let steps = allowance(evaluator, end);
        let found = evaluator.within(steps, |evaluator| {
            let into = evaluator.eval(if puts {
                NodeId(callee.a)
            } else {
                NodeId(call.a)
            });
            // A function that is gone through is one of those handed over: no name tells of it.
            let into = match is_hidden && callee.op == Op::Name {
                true => evaluator.close(into),
                false => evaluator.close_callee(into),
            };
            // Of what is called by its value only functions of the file are of interest.
            let is_idle =
                is_hidden && !hands && !joins && functions_of(&evaluator.terms, into).is_empty();
            if is_idle {
                return (into, Vec::new());
            }
            let values = evaluator.list(ListId(call.b));
            let values: Vec<ValueId> = values
                .into_iter()
                .map(|value| evaluator.close(value))
                .collect();
            (into, values)
        });
        let Some((into, values)) = found else {
            continue;
        };
        let kind = if joins {
            StoreKind::Method(Key::from("pipeline"))
        } else if puts {
            StoreKind::Method(Key::from(ir.name(evaluator.text, NameId(callee.b))))
        } else if hands {
            StoreKind::Handed
        } else {
            StoreKind::Called
        };
        let tells = puts && tellers.contains(&NameId(callee.b));
        let holds = |terms: &Terms, id: ValueId| match kind {
            StoreKind::Handed => true,
            StoreKind::Called => true,
            _ if joins => true,
            _ if tells => may_be_held(terms, id) || matches!(terms.get(id), Term::Derived(..)),
            _ => may_be_held(terms, id),
        };
        let choices = match kind {
            StoreKind::Called => functions_of(&evaluator.terms, into),
            _ => evaluator.terms.choices(into),
        };
        for into in choices {
            if holds(&evaluator.terms, into) {
                facts.stores.push(StoreFact {
                    kind: kind.clone(),
                    into,
                    values: values.clone().into(),
                    span: call.span,
                    function: ir.function_of(id),
                });
            }
        }
    }
}

/// The functions that a value may be: itself, or what stands in a table under a key that is not
/// known.
fn functions_of(terms: &Terms, id: ValueId) -> Vec<ValueId> {
    let is_function = |one: &ValueId| matches!(terms.get(*one), Term::Function(_));
    let mut found = Vec::new();
    for choice in terms.choices(id) {
        match terms.get(choice) {
            Term::Function(_) => found.push(choice),
            Term::Index(table, _) => {
                if let Term::Object(properties, _) = terms.get(*table) {
                    let values = properties.iter().map(|&(_, value)| value);
                    let values = values.take(MOST_PROPERTIES);
                    found.extend(values.filter(is_function).take(MOST_FUNCTIONS));
                }
            }
            _ => {}
        }
    }
    found
}

/// The name by which another module gives what is called, or its own.
fn called_name(evaluator: &Evaluator<'_>, callee: Node) -> Option<NameId> {
    let ir = evaluator.ir;
    match callee.op {
        Op::Member => Some(NameId(callee.b)),
        Op::Name => {
            let binding = ir.bindings.get(callee.b as usize)?;
            let value = ir.node(ir.defs.get(binding.first_def as usize)?.value);
            matches!(value.op, Op::Member | Op::Imported).then_some(NameId(value.b))
        }
        _ => None,
    }
}

/// Whether only its value tells which function is called: `table[key](…)`, `make()(…)`, and
/// items of what is gone through.
fn is_called_by_value(evaluator: &Evaluator<'_>, callee: Node) -> bool {
    let ir = evaluator.ir;
    match callee.op {
        Op::Call => ir.node(NodeId(callee.a)).op != Op::Member || has_bind(evaluator, callee),
        Op::Index => ir.node(NodeId(callee.b)).op != Op::Number,
        Op::Name => {
            let binding = ir.bindings.get(callee.b as usize);
            let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
            let Some(def) = def else { return false };
            let mut value = ir.node(def.value);
            // `const f = has(table, key) && table[key]`
            for _ in 0..MOST_MEMBERS {
                if value.op == Op::Logical {
                    value = ir.node(NodeId(value.b));
                }
            }
            match value.op {
                Op::Item => true,
                Op::Index => ir.node(NodeId(value.b)).op != Op::Number,
                // A callback that gets functions one by one.
                Op::Param => evaluator.is_gone_through(FuncId(value.a), value.b),
                // What another module of a bundle exports.
                Op::Call | Op::Member => evaluator.is_bundle(),
                _ => false,
            }
        }
        Op::Member => evaluator.is_bundle() && ir.node(NodeId(callee.a)).op == Op::Name,
        _ => false,
    }
}

fn has_bind(evaluator: &Evaluator<'_>, call: Node) -> bool {
    let callee = evaluator.ir.node(NodeId(call.a));
    NameId(callee.b) == names::BIND
}

/// Names of the methods of the file's classes and objects.
fn own_methods(evaluator: &Evaluator<'_>) -> FxHashSet<NameId> {
    let ir = evaluator.ir;
    let properties = ir.nodes.iter().filter(|node| node.op == Op::Property);
    properties
        .filter_map(|property| {
            let key = ir.node(NodeId(property.a));
            let value = ir.node(NodeId(property.b));
            let is_method = key.op == Op::String && value.op == Op::Function;
            is_method.then(|| {
                ir.names
                    .find(evaluator.text, ir.string(evaluator.text, key))
            })?
        })
        .collect()
}

/// Whether an argument is a method of the file: `this.deliver`, `client.post`.
fn is_method(evaluator: &Evaluator<'_>, own: &FxHashSet<NameId>, arg: NodeId) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(arg);
    node.op == Op::Member
        && own.contains(&NameId(node.b))
        && matches!(ir.node(NodeId(node.a)).op, Op::This | Op::Name)
}

/// Whether a value may be an instance that is found again: no constant, and nothing computed.
fn may_be_held(terms: &Terms, id: ValueId) -> bool {
    !matches!(
        terms.get(id),
        Term::Array(..)
            | Term::Bool(_)
            | Term::Class(_)
            | Term::Concat(_)
            | Term::Derived(..)
            | Term::Function(_)
            | Term::Null
            | Term::Number(_)
            | Term::Object(..)
            | Term::String(_)
            | Term::Undefined
            | Term::Unknown(_)
    )
}

/// Whether an argument is a name for something that another file exports, and may be a function.
fn may_be_handed(evaluator: &Evaluator<'_>, arg: NodeId) -> bool {
    let ir = evaluator.ir;
    let mut node = ir.node(arg);
    for _ in 0..MOST_MEMBERS {
        match node.op {
            Op::Name if node.b != u32::MAX => {
                let binding = ir.bindings.get(node.b as usize);
                let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
                match def {
                    Some(def) => node = ir.node(def.value),
                    None => return false,
                }
            }
            Op::Member => node = ir.node(NodeId(node.a)),
            Op::Imported => {
                let import = ir.imports.get(node.a as usize);
                let from = import.map(|import| ir.name(evaluator.text, import.specifier));
                return from.is_some_and(|from| from.starts_with(['.', '#', '/']));
            }
            Op::Call => {
                let first = ir.list(ListId(node.b)).next();
                let first = first.map(|first| ir.node(first));
                return first.is_some_and(|first| {
                    first.op == Op::String
                        && ir
                            .string(evaluator.text, first)
                            .starts_with(['.', '#', '/'])
                });
            }
            _ => return false,
        }
    }
    false
}
