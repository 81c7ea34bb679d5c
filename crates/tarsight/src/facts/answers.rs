//! Requests whose answer nobody takes.
//!
//! A client hands the answer of a service on. Code that only tells somebody something lets it
//! go: `fetch(url, { body }).catch(() => {})`.

use super::collect::Found;
use super::sites::Caller;
use super::{Answer, UseKind};
use crate::api::Runs;
use crate::parse::ir::{FuncId, Function, ListId, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, FunctionUse, Term, elsewhere};

/// Deepest chain `a.b().c()` that is looked through.
const MOST_DEPTH: u32 = 24;
/// Names of one binding that are looked at.
const MOST_NAMES: usize = 64;

/// Methods that give their receiver, or a promise of nothing more than it gave.
const CHAINED: [&str; 20] = [
    "abort",
    "addListener",
    "catch",
    "close",
    "destroy",
    "end",
    "finally",
    "flushHeaders",
    "on",
    "once",
    "open",
    "ref",
    "removeHeader",
    "send",
    "setHeader",
    "setRequestHeader",
    "setTimeout",
    "then",
    "unref",
    "write",
];
/// Events that bring no answer.
const EVENTS: [&str; 11] = [
    "abort", "close", "connect", "drain", "error", "exit", "finish", "open", "socket", "spawn",
    "timeout",
];
/// Properties of a request that bring no answer either.
const SETTINGS: [&str; 6] = [
    "onerror",
    "onopen",
    "ontimeout",
    "responseType",
    "timeout",
    "withCredentials",
];
/// Functions whose callbacks give what they return to nobody.
const CALLERS: [&str; 11] = [
    "addEventListener",
    "addListener",
    "catch",
    "finally",
    "forEach",
    "nextTick",
    "on",
    "once",
    "queueMicrotask",
    "setImmediate",
    "setTimeout",
];

/// Marks those of a file's uses whose answer nobody takes.
pub(super) fn mark(evaluator: &Evaluator<'_>, found: &mut [Found]) {
    let row = |one: &Found| match one.fact.kind {
        UseKind::Write => evaluator.terms.assignment(one.fact.callee),
        _ => evaluator.terms.api(one.fact.callee),
    };
    // What a helper of another file gives may be an answer.
    let helps = |one: &Found| {
        let args = &one.fact.args;
        let callee = one.fact.callee;
        let is_other = match evaluator.terms.get(callee) {
            Term::Function(function) => elsewhere(*function).is_some(),
            _ => evaluator.terms.is_from_file(callee),
        };
        one.fact.kind == UseKind::Call && !args.is_empty() && is_other
    };
    let talks = |one: &Found| {
        let mut effects = row(one).map_or(&[][..], |row| row.effects).iter();
        // A command may be a request: `curl`.
        effects.any(|effect| {
            let id = effect.behaviour.id;
            id.starts_with("network.") || matches!(id, "process.exec" | "process.spawn")
        })
    };
    let asked: Vec<usize> = (0..found.len())
        .filter(|&at| found.get(at).is_some_and(|one| talks(one) || helps(one)))
        .collect();
    if asked.is_empty() {
        return;
    }
    let answers = Answers::new(evaluator, &[]);
    let mut handed: Option<Answers<'_>> = None;
    let mut told: Vec<(usize, Answer)> = Vec::new();
    for at in asked {
        let Some(one) = found.get(at) else { continue };
        let calls_back = row(one).is_some_and(|row| row.runs != Runs::No);
        let is_left = match one.fact.kind {
            UseKind::Write => true,
            UseKind::Call | UseKind::New => answers.is_left(one.node, calls_back),
            UseKind::Read => false,
        };
        if is_left {
            told.push((at, Answer::Left));
            continue;
        }
        if one.fact.kind == UseKind::Read || helps(one) {
            continue;
        }
        let handed = handed.get_or_insert_with(|| {
            let returned: Vec<NodeId> = evaluator.ir.returns.iter().map(|one| one.value).collect();
            Answers::new(evaluator, &returned)
        });
        let is_handed_back = handed.is_left(one.node, calls_back);
        let is_told = fails(evaluator, one.fact.function);
        let answer = match one.caller {
            // Whoever calls a helper gets the answer if another of its callers takes it.
            Caller::At(call) if answers.is_left(call, false) => {
                let is_taken = found.iter().any(|other| match other.caller {
                    Caller::At(call) if other.node == one.node => !answers.is_left(call, false),
                    _ => false,
                });
                match is_handed_back || (is_taken && !is_told) {
                    true => Answer::Left,
                    false => Answer::Taken,
                }
            }
            Caller::At(_) => Answer::Taken,
            _ if is_handed_back => Answer::HandedBack,
            _ if !is_told => Answer::Used,
            _ => Answer::Taken,
        };
        told.push((at, answer));
    }
    for (at, answer) in told {
        if let Some(one) = found.get_mut(at) {
            one.fact.answer = answer;
        }
    }
}

/// Whether a function, or one around it that it is a part of, throws: then its callers learn
/// something even if they take nothing.
fn fails(evaluator: &Evaluator<'_>, function: FuncId) -> bool {
    const MOST: usize = 3;
    let ir = evaluator.ir;
    let mut at = function;
    for _ in 0..MOST {
        let Some(one) = at.some().and_then(|at| ir.functions.get(at.index())) else {
            return false;
        };
        let first = one.first_node.index();
        let last = ir
            .functions
            .get(at.index())
            .map_or(first, |one| one.node.index());
        let inside = ir.nodes.get(first..last).unwrap_or(&[]);
        if inside.iter().any(|node| node.op == Op::Throw) {
            return true;
        }
        at = one.parent;
    }
    false
}

/// Which values of a file nobody takes. By node, since files may have millions.
struct Answers<'a> {
    evaluator: &'a Evaluator<'a>,
    /// Whether nobody takes a node's value.
    left: Vec<bool>,
    /// The last name that stands for each binding, and the one before each name.
    last_name: Vec<NodeId>,
    name_before: Vec<NodeId>,
    /// Member by its object, call by its callee, assignment by its target.
    above: Vec<NodeId>,
    /// Names that are written, and the name that a value is written to first.
    written: Vec<bool>,
    holder: Vec<NodeId>,
}

impl<'a> Answers<'a> {
    /// `also` are more values that nobody takes.
    fn new(evaluator: &'a Evaluator<'a>, also: &[NodeId]) -> Self {
        let ir = evaluator.ir;
        let count = ir.nodes.len();
        let mut answers = Self {
            evaluator,
            left: vec![false; count],
            last_name: vec![NodeId::NONE; ir.bindings.len()],
            name_before: vec![NodeId::NONE; count],
            above: vec![NodeId::NONE; count],
            written: vec![false; count],
            holder: vec![NodeId::NONE; count],
        };
        for def in ir.defs.iter().rev() {
            set(&mut answers.written, def.target, true);
            set(&mut answers.holder, def.value, def.target);
        }
        let mut open: Vec<NodeId> = also.iter().filter_map(|id| id.some()).collect();
        for (at, node) in (0u32..).map(NodeId).zip(&ir.nodes) {
            match node.op {
                Op::Name => {
                    if let Some(last) = answers.last_name.get_mut(node.b as usize) {
                        set(&mut answers.name_before, at, std::mem::replace(last, at));
                    }
                }
                Op::Member | Op::Call | Op::Assign => {
                    set(&mut answers.above, NodeId(node.a), at);
                }
                Op::Expression => open.push(NodeId(node.a)),
                Op::Sequence => {
                    let mut all = ir.list(ListId(node.a));
                    all.next_back();
                    open.extend(all);
                }
                _ => {}
            }
            if node.op == Op::Call && answers.calls_for_nothing(NodeId(node.a)) {
                let args = ir.list(ListId(node.b));
                open.extend(args.flat_map(|arg| answers.returned_by(arg)));
            }
        }
        while let Some(id) = open.pop() {
            if answers.left.get(id.index()) == Some(&false) {
                set(&mut answers.left, id, true);
                answers.beneath(id, &mut open);
            }
        }
        answers
    }

    /// The names of a binding, if they are not many: the declaring one is among them.
    fn names(&self, binding: u32) -> Option<Vec<NodeId>> {
        let mut found = Vec::new();
        let mut at = self
            .last_name
            .get(binding as usize)
            .copied()
            .unwrap_or_default();
        while let Some(name) = at.some() {
            if found.len() >= MOST_NAMES {
                return None;
            }
            found.push(name);
            at = self
                .name_before
                .get(name.index())
                .copied()
                .unwrap_or_default();
        }
        Some(found)
    }

    fn above(&self, id: NodeId) -> Option<NodeId> {
        self.above.get(id.index())?.some()
    }

    fn is_nobodys(&self, id: NodeId) -> bool {
        self.left.get(id.index()) == Some(&true)
    }

    fn name(&self, id: NameId) -> &'a str {
        self.evaluator.ir.name(self.evaluator.text, id)
    }

    /// Whether a callee gives what its callbacks return to nobody.
    fn calls_for_nothing(&self, callee: NodeId) -> bool {
        let node = self.evaluator.ir.node(callee);
        match node.op {
            Op::Member => CALLERS.contains(&self.name(NameId(node.b))),
            Op::Name => CALLERS.contains(&self.name(NameId(node.a))),
            _ => false,
        }
    }

    fn function(&self, id: NodeId) -> Option<&'a Function> {
        let node = self.evaluator.ir.node(id);
        let function = (node.op == Op::Function).then_some(FuncId(node.a))?;
        self.evaluator.ir.functions.get(function.index())
    }

    /// What a function literal returns.
    fn returned_by(&self, id: NodeId) -> Vec<NodeId> {
        let ir = self.evaluator.ir;
        let mut found = Vec::new();
        let mut next = self.function(id).map_or(u32::MAX, |one| one.first_return);
        while let Some(one) = ir.returns.get(next as usize) {
            found.extend(one.value.some());
            next = one.next;
        }
        found
    }

    /// Adds the parts of a value that nobody takes if nobody takes it.
    fn beneath(&self, id: NodeId, open: &mut Vec<NodeId>) {
        let ir = self.evaluator.ir;
        let node = ir.node(id);
        match node.op {
            Op::Await => open.push(NodeId(node.a)),
            // What runs a generator as if it were asynchronous gives back what was waited for.
            Op::Yield => {
                let place = self.evaluator.index.use_of(ir.function_of(id));
                if matches!(place, Some(FunctionUse::Argument(..))) {
                    open.extend(NodeId(node.a).some());
                }
            }
            Op::Unary if node.sub == UnaryOp::Void as u8 => open.push(NodeId(node.a)),
            Op::Logical => open.push(NodeId(node.b)),
            Op::Conditional => open.extend(ir.list(ListId(node.b))),
            Op::Sequence => open.extend(ir.list(ListId(node.a)).next_back()),
            Op::Call => {
                let callee = NodeId(node.a);
                let of = ir.node(callee);
                let args: Vec<NodeId> = ir.list(ListId(node.b)).collect();
                // A function that runs where it stands.
                open.extend(self.returned_by(callee));
                if of.op != Op::Member {
                    open.extend(self.returned_by_name(callee));
                    return;
                }
                let name = self.name(NameId(of.b));
                if matches!(name, "call" | "apply") {
                    open.extend(self.returned_by(NodeId(of.a)));
                }
                if self.brings_nothing(name, &args) {
                    open.push(NodeId(of.a));
                }
                if name == "then" {
                    open.extend(args.iter().flat_map(|&arg| self.returned_by(arg)));
                }
            }
            _ => {}
        }
    }

    /// What a function of the file returns, if nobody takes what any of its calls gives.
    fn returned_by_name(&self, callee: NodeId) -> Vec<NodeId> {
        let ir = self.evaluator.ir;
        let node = ir.node(callee);
        let binding = match node.op {
            Op::Name => ir.bindings.get(node.b as usize),
            _ => None,
        };
        let Some(def) = binding.and_then(|binding| ir.defs.get(binding.first_def as usize)) else {
            return Vec::new();
        };
        let Some(names) = self.names(node.b) else {
            return Vec::new();
        };
        let is_left = |name: &NodeId| {
            *name == def.target
                || ir.node(*name).span == ir.node(def.target).span
                || self
                    .above(*name)
                    .is_some_and(|above| ir.node(above).op == Op::Call && self.is_nobodys(above))
        };
        match def.next == u32::MAX && names.iter().all(is_left) {
            true => self.returned_by(def.value),
            false => Vec::new(),
        }
    }

    /// Whether a method called with these brings no answer to anybody.
    fn brings_nothing(&self, name: &str, args: &[NodeId]) -> bool {
        let ir = self.evaluator.ir;
        if !CHAINED.contains(&name) {
            return false;
        }
        match (name, args) {
            ("on" | "once" | "addListener", &[event, ref listeners @ ..]) => {
                let event = ir.node(event);
                let is_empty = event.op == Op::String
                    && EVENTS.contains(&ir.string(self.evaluator.text, event));
                is_empty || listeners.iter().all(|&one| self.takes_nothing(one))
            }
            ("then" | "end" | "send" | "write", args) => {
                let mut args = args.iter().take(if name == "then" { 1 } else { 9 });
                args.all(|&arg| {
                    let is_function = self.function(arg).is_some();
                    (name != "then" && !is_function) || self.takes_nothing(arg)
                })
            }
            _ => true,
        }
    }

    /// Whether a callback looks at nothing that it gets, an error aside.
    fn takes_nothing(&self, id: NodeId) -> bool {
        let ir = self.evaluator.ir;
        let node = ir.node(id);
        let literal = match node.op {
            Op::Name => {
                let binding = ir.bindings.get(node.b as usize);
                let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
                match def {
                    Some(def) if def.next == u32::MAX => def.value,
                    _ => return false,
                }
            }
            _ => id,
        };
        let Some(function) = self.function(literal) else {
            return matches!(node.op, Op::Null | Op::Hole);
        };
        ir.list(function.params).all(|param| {
            let target = ir.node(param);
            if target.op != Op::Name {
                return false;
            }
            let name = self.name(NameId(target.a));
            let is_error = name.starts_with("err") || name == "e" || name == "_";
            let is_idle = |&one: &NodeId| one == param || self.is_let_go(one);
            is_error
                || self
                    .names(target.b)
                    .is_some_and(|names| names.iter().all(is_idle))
        })
    }

    /// Whether a name is only told to let go what it holds: `res.resume()`.
    fn is_let_go(&self, name: NodeId) -> bool {
        let Some(member) = self.above(name) else {
            return false;
        };
        let node = self.evaluator.ir.node(member);
        if node.op != Op::Member {
            return false;
        }
        let method = self.name(NameId(node.b));
        let Some(call) = self.above(member) else {
            return false;
        };
        let above = self.evaluator.ir.node(call);
        match above.op {
            Op::Call => {
                let args: Vec<NodeId> = self.evaluator.ir.list(ListId(above.b)).collect();
                method == "resume" || self.brings_nothing(method, &args)
            }
            Op::Assign => SETTINGS.contains(&method),
            _ => false,
        }
    }

    /// Whether nobody takes the answer of a call, which may come to a callback.
    fn is_left(&self, call: NodeId, calls_back: bool) -> bool {
        let ir = self.evaluator.ir;
        let node = ir.node(call);
        if !matches!(node.op, Op::Call | Op::New) {
            return false;
        }
        let mut args = ir.list(ListId(node.b));
        if !args.all(|arg| !self.may_be_told(arg, calls_back) || self.takes_nothing(arg)) {
            return false;
        }
        // What a method is called on may tell later: `request.responseText`.
        let callee = ir.node(NodeId(node.a));
        let of = match callee.op {
            Op::Member => self.instance(NodeId(callee.a)),
            _ => None,
        };
        if of.is_some_and(|binding| !self.is_held_in_vain(binding)) {
            return false;
        }
        self.is_nobodys(call) || self.is_kept_in_vain(call)
    }

    /// Whether an argument is a function, or may be one where callbacks are called.
    fn may_be_told(&self, arg: NodeId, calls_back: bool) -> bool {
        let ir = self.evaluator.ir;
        let node = ir.node(arg);
        let binding = match node.op {
            Op::Function => return true,
            Op::Name if calls_back => ir.bindings.get(node.b as usize),
            _ => return false,
        };
        let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
        // What a caller gives may be anything; options are mostly made where they are used.
        def.is_some_and(|def| matches!(ir.node(def.value).op, Op::Function | Op::Param))
    }

    /// The binding of a name that holds what `new` made.
    fn instance(&self, id: NodeId) -> Option<u32> {
        let ir = self.evaluator.ir;
        let node = ir.node(id);
        let binding = (node.op == Op::Name).then(|| ir.bindings.get(node.b as usize))??;
        let def = ir.defs.get(binding.first_def as usize)?;
        (ir.node(def.value).op == Op::New).then_some(node.b)
    }

    /// Whether a name holds the call's value, and is asked for no answer.
    fn is_kept_in_vain(&self, call: NodeId) -> bool {
        let ir = self.evaluator.ir;
        let mut value = call;
        for _ in 0..MOST_DEPTH {
            if let Some(holder) = self.holder.get(value.index()).and_then(|one| one.some()) {
                let binding = ir.node(holder).b;
                return binding != u32::MAX && self.is_held_in_vain(binding);
            }
            // `const request = http.request(…).on("error", …)`.
            let member = self.above(value);
            let member = member.filter(|&member| ir.node(member).op == Op::Member);
            let Some(above) = member.and_then(|member| self.above(member)) else {
                return false;
            };
            let node = ir.node(above);
            let name = self.name(NameId(ir.node(NodeId(node.a)).b));
            let args: Vec<NodeId> = ir.list(ListId(node.b)).collect();
            if node.op != Op::Call || !self.brings_nothing(name, &args) {
                return false;
            }
            value = above;
        }
        false
    }

    fn is_held_in_vain(&self, binding: u32) -> bool {
        let is_written = |name: NodeId| self.written.get(name.index()) == Some(&true);
        let is_idle = |&name: &NodeId| is_written(name) || self.is_let_go(name);
        self.names(binding)
            .is_some_and(|names| names.iter().all(is_idle))
    }
}

fn set<T>(all: &mut [T], at: NodeId, value: T) {
    if let Some(slot) = all.get_mut(at.index()) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::{Answer, collect};
    use crate::limits::Limits;
    use crate::parse::parse_small;

    fn unanswered(text: &str) -> usize {
        let ir = parse_small(text).expect("it parses");
        let facts = collect(&ir, text, &Limits::default());
        facts
            .uses
            .iter()
            .filter(|one| one.answer == Answer::Left)
            .count()
    }

    #[test]
    fn answers_that_nobody_takes() {
        for text in [
            "fetch('https://a.invalid/', { body: x });",
            "async function f() { await fetch('https://a.invalid/'); }",
            "fetch('https://a.invalid/').then(() => {}, () => {}).catch(() => undefined);",
            "x || fetch('https://a.invalid/');",
            "f(fetch('https://a.invalid/'), 1), 2;",
            "async function f() { return fetch('https://a.invalid/'); } f().catch(() => {});",
            "list.forEach((one) => fetch('https://a.invalid/' + one));",
            "require('https').get('https://a.invalid/');",
            "require('https').get('https://a.invalid/', (res) => res.resume()).on('error', () => {});",
            "const q = require('https').request({ host: 'a.invalid' }); q.on('error', () => {});",
            "const q = require('https').request({ host: 'a.invalid' }).on('error', () => {}); q.setTimeout(9);",
            "new Image().src = 'https://a.invalid/' + x;",
            "const x = new XMLHttpRequest(); x.open('GET', 'https://a.invalid/'); x.timeout = 9;",
        ] {
            let wanted = usize::from(!text.starts_with("f(fetch"));
            assert_eq!(unanswered(text), wanted, "{text}");
        }
    }

    #[test]
    fn answers_that_somebody_takes() {
        for text in [
            "const r = await fetch('https://a.invalid/');",
            "export const f = () => fetch('https://a.invalid/');",
            "fetch('https://a.invalid/').then((r) => r.json());",
            "async function f() { return fetch('https://a.invalid/'); } module.exports = f; f();",
            "require('https').get('https://a.invalid/', (res) => res.pipe(out));",
            "require('https').get('https://a.invalid/', read); function read(res) { use(res); }",
            "const q = require('https').request({ host: 'a.invalid' }); q.on('response', (r) => use(r));",
            "const q = require('https').request({ host: 'a.invalid' }); module.exports = q;",
            "const x = new XMLHttpRequest(); x.open('GET', 'https://a.invalid/'); x.onload = () => x.responseText;",
            "const a = (f(), fetch('https://a.invalid/'));",
        ] {
            assert_eq!(unanswered(text), 0, "{text}");
        }
    }
}
