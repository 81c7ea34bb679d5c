//! What a module gives to others, ECMAScript and CommonJS alike.

use std::collections::BTreeMap;

use super::ModuleFacts;
use crate::parse::ir::{ListId, NodeId, Op};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Key, Term, ValueId};

/// More names than this are not kept.
const MOST_NAMES: usize = 4096;

/// Steps that one export may take.
const STEPS: u64 = 5_000;

fn open(evaluator: &mut Evaluator<'_>, node: NodeId) -> ValueId {
    let value = evaluator.within(STEPS, |evaluator| evaluator.eval(node));
    value.unwrap_or_else(|| evaluator.terms.unresolved())
}

fn closed(evaluator: &mut Evaluator<'_>, node: NodeId) -> ValueId {
    let value = evaluator.within(STEPS, |evaluator| {
        let value = evaluator.eval(node);
        evaluator.close(value)
    });
    value.unwrap_or_else(|| evaluator.terms.unresolved())
}

/// Finds the exports.
pub(super) fn collect(evaluator: &mut Evaluator<'_>, facts: &mut ModuleFacts) {
    let mut named: BTreeMap<Key, Vec<ValueId>> = BTreeMap::new();
    let mut whole: Vec<ValueId> = Vec::new();
    declared(evaluator, facts, &mut named);
    assigned(evaluator, &mut named, &mut whole);
    called(evaluator, facts, &mut named);
    for &value in &whole {
        spread(evaluator, facts, value, &mut named);
    }
    facts.exports.named = named
        .into_iter()
        .take(MOST_NAMES)
        .map(|(name, values)| (name, exported(evaluator, values)))
        .collect();
    facts.exports.whole = match whole.as_slice() {
        [] => None,
        values => Some(evaluator.terms.one_of(values)),
    };
    facts.exports.stars.sort();
    facts.exports.stars.dedup();
}

/// Compilers write `exports.name = void 0` before the name gets its value.
fn exported(evaluator: &mut Evaluator<'_>, mut values: Vec<ValueId>) -> ValueId {
    let is_nothing = |one: &ValueId| matches!(evaluator.terms.get(*one), Term::Undefined);
    if !values.iter().all(is_nothing) {
        values.retain(|one| !is_nothing(one));
    }
    evaluator.terms.one_of(&values)
}

fn declared(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    named: &mut BTreeMap<Key, Vec<ValueId>>,
) {
    let ir = evaluator.ir;
    for export in &ir.exports {
        let name = Key::from(ir.name(evaluator.text, export.name));
        let node = ir.node(export.value);
        if &*name == "*" {
            if let Some(import) = ir.imports.get(node.a as usize) {
                let specifier = ir.name(evaluator.text, import.specifier);
                facts.exports.stars.push(Key::from(specifier));
            }
            continue;
        }
        let value = closed(evaluator, export.value);
        named.entry(name).or_default().push(value);
    }
}

/// `module.exports = …`, `exports.name = …`.
fn assigned(
    evaluator: &mut Evaluator<'_>,
    named: &mut BTreeMap<Key, Vec<ValueId>>,
    whole: &mut Vec<ValueId>,
) {
    let ir = evaluator.ir;
    for &write in &ir.writes {
        let node = ir.node(write);
        if node.op != Op::Assign || !may_be_exports(evaluator, NodeId(node.a)) {
            continue;
        }
        let target = ir.node(NodeId(node.a));
        let object = open(evaluator, NodeId(target.a));
        let key = match target.op {
            Op::Member => Some(Key::from(ir.name(evaluator.text, NameId(target.b)))),
            _ => {
                let key = open(evaluator, NodeId(target.b));
                evaluator.terms.as_text(key)
            }
        };
        let is_module =
            matches!(evaluator.terms.get(object), Term::Global(name) if &**name == "module");
        if is_module && key.as_deref() == Some("exports") {
            whole.push(closed(evaluator, NodeId(node.b)));
        } else if is_exports(evaluator, object)
            && let Some(key) = key
        {
            let value = closed(evaluator, NodeId(node.b));
            named.entry(key).or_default().push(value);
        }
    }
}

/// A cheap look at the target before it is evaluated.
fn may_be_exports(evaluator: &Evaluator<'_>, target: NodeId) -> bool {
    let ir = evaluator.ir;
    let mut node = ir.node(target);
    for _ in 0..3 {
        if !matches!(node.op, Op::Member | Op::Index) {
            break;
        }
        node = ir.node(NodeId(node.a));
    }
    match node.op {
        Op::Name if node.b == u32::MAX => matches!(
            ir.name(evaluator.text, NameId(node.a)),
            "module" | "exports"
        ),
        Op::Name => {
            // `const e = exports`, `var x = module.exports = …`
            let def = ir
                .bindings
                .get(node.b as usize)
                .and_then(|binding| ir.defs.get(binding.first_def as usize));
            def.is_some_and(|def| {
                let value = ir.node(def.value);
                matches!(value.op, Op::Member | Op::Name | Op::Assign | Op::Param)
            })
        }
        Op::This => node.a == u32::MAX,
        _ => false,
    }
}

fn is_exports(evaluator: &Evaluator<'_>, id: ValueId) -> bool {
    match evaluator.terms.get(id) {
        Term::Global(name) => &**name == "exports",
        Term::Member(of, key) => {
            &**key == "exports"
                && matches!(evaluator.terms.get(*of), Term::Global(name) if &**name == "module")
        }
        Term::OneOf(choices) => choices.iter().any(|&one| is_exports(evaluator, one)),
        _ => false,
    }
}

/// `Object.defineProperty(exports, …)`, `Object.assign(exports, …)`, `__exportStar(…, exports)`
/// and helpers of their shape.
fn called(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    named: &mut BTreeMap<Key, Vec<ValueId>>,
) {
    let ir = evaluator.ir;
    for &id in &ir.calls {
        let call = ir.node(id);
        if call.op != Op::Call {
            continue;
        }
        let args: Vec<NodeId> = ir.list(ListId(call.b)).take(4).collect();
        let Some(at) = args
            .iter()
            .position(|&arg| may_be_exports_name(evaluator, arg))
        else {
            continue;
        };
        let target = open(evaluator, args[at]);
        if !is_exports(evaluator, target) {
            continue;
        }
        match (at, args.as_slice()) {
            // Object.defineProperty(exports, "name", { get, value })
            (0, &[_, key, descriptor]) => {
                let key = open(evaluator, key);
                let Some(key) = evaluator.terms.as_string(key) else {
                    continue;
                };
                let value = described(evaluator, descriptor);
                named.entry(key).or_default().push(value);
            }
            // Object.assign(exports, { … }), __export(exports, { name: () => value })
            (0, &[_, object]) => {
                let object = closed(evaluator, object);
                spread(evaluator, facts, object, named);
            }
            // __exportStar(require("./x"), exports)
            (1, &[module, _]) => {
                let module = open(evaluator, module);
                if let Term::Module(specifier) = evaluator.terms.get(module) {
                    facts.exports.stars.push(Key::clone(specifier));
                }
            }
            _ => {}
        }
    }
}

fn may_be_exports_name(evaluator: &Evaluator<'_>, arg: NodeId) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(arg);
    match node.op {
        Op::Name => node.b == u32::MAX && ir.name(evaluator.text, NameId(node.a)) == "exports",
        Op::Member => ir.name(evaluator.text, NameId(node.b)) == "exports",
        _ => false,
    }
}

fn described(evaluator: &mut Evaluator<'_>, descriptor: NodeId) -> ValueId {
    let found = evaluator.within(STEPS, |evaluator| {
        let descriptor = evaluator.eval(descriptor);
        let value = evaluator.member(descriptor, "value");
        let getter = evaluator.member(descriptor, "get");
        let value = match *evaluator.terms.get(getter) {
            Term::Function(getter) => evaluator.returned(getter),
            _ => value,
        };
        evaluator.close(value)
    });
    found.unwrap_or_else(|| evaluator.terms.unresolved())
}

/// The properties of an exported object are names of their own.
fn spread(
    evaluator: &mut Evaluator<'_>,
    facts: &mut ModuleFacts,
    value: ValueId,
    named: &mut BTreeMap<Key, Vec<ValueId>>,
) {
    for choice in evaluator.terms.choices(value) {
        match evaluator.terms.get(choice).clone() {
            Term::Object(properties, _) => {
                for (key, value) in properties.iter() {
                    match (&**key, evaluator.terms.get(*value)) {
                        ("...", Term::Module(specifier)) => {
                            facts.exports.stars.push(Key::clone(specifier));
                        }
                        ("..." | "*", _) => {}
                        _ => {
                            let value = getter_result(evaluator, *value);
                            named.entry(Key::clone(key)).or_default().push(value);
                        }
                    }
                }
            }
            Term::Module(specifier) => facts.exports.stars.push(specifier),
            _ => {}
        }
    }
}

/// esbuild's helper takes `{ name: () => value }`.
fn getter_result(evaluator: &mut Evaluator<'_>, value: ValueId) -> ValueId {
    let Term::Function(function) = *evaluator.terms.get(value) else {
        return value;
    };
    let returned = evaluator
        .ir
        .functions
        .get(function.index())
        .is_some_and(|f| {
            f.kind == crate::parse::ir::FunctionKind::Arrow
                && f.param_count == 0
                && evaluator.ir.node(f.body).op == Op::Name
        });
    if !returned {
        return value;
    }
    let inner = evaluator.within(STEPS, |evaluator| {
        let inner = evaluator.returned(function);
        evaluator.close(inner)
    });
    match inner {
        Some(inner) => evaluator.terms.one_of(&[value, inner]),
        None => value,
    }
}
