//! Which functions matter, whom they call, and which of them run when the file is loaded.

use rustc_hash::FxHashSet;

use super::collect::Found;
use super::maps::Maps;
use super::{ClassFact, FunctionFact, ModuleFacts, StoreFact, StoreKind, UseKind};
use crate::parse::ir::{ClassId, FuncId, FunctionKind, Ir, ListId, NodeId, Op, PropertyKind};
use crate::parse::names::NameId;
use crate::value::{Evaluator, FunctionUse, Key, Term, Terms, ValueId};

/// A method name that more functions than this share does not tell which one is called.
const MOST_NAMESAKES: usize = 3;
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

/// Whether a method calls the function that it is asked of, or makes one that does.
fn is_applied(name: NameId) -> bool {
    use crate::parse::names::{APPLY, BIND, CALL};
    matches!(name, CALL | APPLY | BIND)
}

/// Who calls whom, by index: row 0 is the top level, row `n + 1` function `n`.
struct Calls {
    rows: Vec<u32>,
    next: Vec<(FuncId, u32)>,
    pairs: Vec<(FuncId, FuncId)>,
}

impl Calls {
    fn new(ir: &Ir, evaluator: &Evaluator<'_>) -> Self {
        let mut calls = Self {
            rows: vec![NONE; ir.functions.len() + 1],
            next: Vec::new(),
            pairs: Vec::new(),
        };
        let methods = Methods::new(ir, evaluator.text);
        let maps = Maps::new(ir, evaluator.text);
        for &id in &ir.calls {
            let call = ir.node(id);
            if call.op == Op::ImportCall || evaluator.index.is_dead(id) {
                continue;
            }
            let from = ir.function_of(id);
            calls.callee(ir, &methods, from, NodeId(call.a), call.op == Op::New);
            // A method of that name in the file may be put in the place of the map's.
            let callee = ir.node(NodeId(call.a));
            let is_kept = maps.keep(ir, evaluator.text, NodeId(call.a))
                && methods.named(NameId(callee.b)).is_empty();
            if call.op == Op::TaggedTemplate || is_kept {
                continue;
            }
            for arg in ir.list(ListId(call.b)) {
                calls.argument(ir, from, arg);
            }
        }
        calls.writes(ir, evaluator.text, &methods);
        for (at, function) in ir.functions.iter().enumerate() {
            let id = FuncId(u32::try_from(at).unwrap_or(NONE));
            let runs_here = matches!(
                function.kind,
                FunctionKind::StaticBlock | FunctionKind::Namespace
            ) || matches!(
                evaluator.index.uses.get(at),
                Some(FunctionUse::Called(..) | FunctionUse::Applied(_))
            );
            if runs_here {
                calls.add(function.parent, id);
            }
        }
        calls
    }

    /// `x.name = …` runs the setter of that name; `x.onmessage = () => …` is a listener.
    fn writes(&mut self, ir: &Ir, text: &str, methods: &Methods) {
        for &id in &ir.writes {
            let write = ir.node(id);
            let target = ir.node(NodeId(write.a));
            if write.op != Op::Assign || target.op != Op::Member {
                continue;
            }
            let name = NameId(target.b);
            if !methods.setters.is_empty() {
                for &method in methods.named(name) {
                    if methods.setters.contains(&method) {
                        self.add(ir.function_of(id), method);
                    }
                }
            }
            let value = ir.node(NodeId(write.b));
            if value.op == Op::Function && ir.name(text, name).starts_with("on") {
                self.add(ir.function_of(id), FuncId(value.a));
            }
        }
    }

    fn add(&mut self, from: FuncId, to: FuncId) {
        let row = from.some().map_or(0, |from| from.index() + 1);
        let at = u32::try_from(self.next.len()).unwrap_or(NONE);
        if let Some(head) = self.rows.get_mut(row) {
            self.next.push((to, *head));
            *head = at;
            self.pairs.push((from, to));
        }
    }

    fn callee(&mut self, ir: &Ir, methods: &Methods, from: FuncId, callee: NodeId, is_new: bool) {
        let node = ir.node(callee);
        match node.op {
            Op::Name if node.b != NONE => {
                let binding = ir.bindings.get(node.b as usize);
                let mut at = binding.map_or(NONE, |binding| binding.first_def);
                while let Some(def) = ir.defs.get(at as usize) {
                    let value = ir.node(def.value);
                    match value.op {
                        Op::Function => self.add(from, FuncId(value.a)),
                        Op::Index => self.table(ir, from, NodeId(value.a)),
                        Op::Class if is_new => self.class(ir, from, ClassId(value.a)),
                        _ => {}
                    }
                    at = def.next;
                }
            }
            // `f.call(…)` and `table[key].call(…)`, as bundles start their modules.
            Op::Member if is_applied(NameId(node.b)) => {
                let inner = NodeId(node.a);
                if matches!(ir.node(inner).op, Op::Name | Op::Index) {
                    self.callee(ir, methods, from, inner, false);
                }
            }
            Op::Member => {
                for &method in methods.named(NameId(node.b)) {
                    self.add(from, method);
                }
            }
            Op::Class if is_new => self.class(ir, from, ClassId(node.a)),
            // `table[key]()` calls one of the functions of the table.
            Op::Index => self.table(ir, from, NodeId(node.a)),
            // `(table[key] || other)()`
            Op::Logical => {
                for side in [NodeId(node.a), NodeId(node.b)] {
                    if ir.node(side).op == Op::Index {
                        self.table(ir, from, NodeId(ir.node(side).a));
                    }
                }
            }
            Op::Super => {
                if let Some(function) = ir.functions.get(node.a as usize)
                    && let Some(class) = ir.classes.get(function.class.index())
                    && let parent = ir.node(class.superclass)
                    && parent.op == Op::Name
                {
                    self.callee(ir, methods, from, class.superclass, true);
                }
            }
            _ => {}
        }
    }

    /// The functions of an object or an array, or of a name for one.
    fn table(&mut self, ir: &Ir, from: FuncId, id: NodeId) {
        let node = ir.node(id);
        let table = match node.op {
            Op::Name if node.b != NONE => {
                let binding = ir.bindings.get(node.b as usize);
                let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
                def.map_or(node, |def| ir.node(def.value))
            }
            _ => node,
        };
        if !matches!(table.op, Op::Object | Op::Array) {
            return;
        }
        for item in ir.list(ListId(table.a)) {
            let item = ir.node(item);
            let value = match item.op {
                Op::Property => ir.node(NodeId(item.b)),
                _ => item,
            };
            if value.op == Op::Function {
                self.add(from, FuncId(value.a));
            }
        }
    }

    /// `new` runs the constructor and the field initialisers.
    fn class(&mut self, ir: &Ir, from: FuncId, class: ClassId) {
        let Some(class) = ir.classes.get(class.index()) else {
            return;
        };
        if let Some(constructor) = class.constructor.some() {
            self.add(from, constructor);
        }
        for member in ir.list(class.members) {
            let value = ir.node(NodeId(ir.node(member).b));
            let is_field = value.op == Op::Function
                && ir
                    .functions
                    .get(value.a as usize)
                    .is_some_and(|function| function.kind == FunctionKind::Field);
            if is_field {
                self.add(from, FuncId(value.a));
            }
        }
    }

    /// A function that is handed over may be called by whoever gets it.
    fn argument(&mut self, ir: &Ir, from: FuncId, arg: NodeId) {
        let node = ir.node(arg);
        match node.op {
            Op::Function => self.add(from, FuncId(node.a)),
            Op::Name if node.b != NONE => {
                let binding = ir.bindings.get(node.b as usize);
                let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
                let value = def.map(|def| ir.node(def.value));
                if let Some(value) = value.filter(|value| value.op == Op::Function) {
                    self.add(from, FuncId(value.a));
                }
            }
            // `[function (module) {…}, …]`, as older bundles hand over their modules.
            Op::Array => {
                for item in ir.list(ListId(node.a)) {
                    let item = ir.node(item);
                    if item.op == Op::Function {
                        self.add(from, FuncId(item.a));
                    }
                }
            }
            // `{ success() {}, get: () => … }`: not followed for getters of exports, which
            // run when somebody asks.
            Op::Object => {
                for property in ir.list(ListId(node.a)) {
                    let property = ir.node(property);
                    let value = ir.node(NodeId(property.b));
                    let key = ir.node(NodeId(property.a));
                    let is_getter = property.sub == PropertyKind::Get as u8
                        || (key.op == Op::String && key.b == 3);
                    if property.op == Op::Property && value.op == Op::Function && !is_getter {
                        self.add(from, FuncId(value.a));
                    }
                }
            }
            _ => {}
        }
    }

    fn from(&self, function: FuncId) -> impl Iterator<Item = FuncId> + '_ {
        let row = function.some().map_or(0, |function| function.index() + 1);
        let mut at = self.rows.get(row).copied();
        std::iter::from_fn(move || {
            let &(to, following) = self.next.get(at? as usize)?;
            at = Some(following);
            Some(to)
        })
    }

    fn on_load(&self, functions: usize) -> Vec<bool> {
        let mut runs = vec![false; functions];
        let mut open: Vec<FuncId> = self.from(FuncId::NONE).collect();
        while let Some(function) = open.pop() {
            if let Some(slot) = runs.get_mut(function.index())
                && !*slot
            {
                *slot = true;
                open.extend(self.from(function));
            }
        }
        runs
    }

    /// The functions given, and all that lead to them.
    fn callers_of(&self, holders: impl Iterator<Item = FuncId>, functions: usize) -> Vec<bool> {
        let mut heads = vec![NONE; functions];
        let mut next: Vec<(FuncId, u32)> = Vec::with_capacity(self.pairs.len());
        for &(from, to) in &self.pairs {
            if let Some(head) = heads.get_mut(to.index()) {
                let at = u32::try_from(next.len()).unwrap_or(NONE);
                next.push((from, *head));
                *head = at;
            }
        }
        let mut matter = vec![false; functions];
        let mut open: Vec<FuncId> = holders.collect();
        while let Some(function) = open.pop() {
            let Some(slot) = matter.get_mut(function.index()) else {
                continue;
            };
            if std::mem::replace(slot, true) {
                continue;
            }
            let mut at = heads[function.index()];
            while let Some(&(caller, following)) = next.get(at as usize) {
                open.extend(caller.some());
                at = following;
            }
        }
        matter
    }
}

/// Functions that are the value of a property or a class member, by its name.
struct Methods {
    heads: Vec<u32>,
    groups: Vec<Vec<FuncId>>,
    /// Those that run when their property is written.
    setters: FxHashSet<FuncId>,
}

impl Methods {
    fn new(ir: &Ir, text: &str) -> Self {
        let mut methods = Self {
            heads: vec![NONE; ir.names.len()],
            groups: Vec::new(),
            setters: FxHashSet::default(),
        };
        for property in ir.nodes.iter().filter(|node| node.op == Op::Property) {
            let key = ir.node(NodeId(property.a));
            let value = ir.node(NodeId(property.b));
            if value.op == Op::Function && key.op == Op::String {
                // A name that is never used as a member is not interned, and not called.
                if let Some(name) = ir.names.find(text, ir.string(text, key)) {
                    methods.add(name, FuncId(value.a));
                }
                if property.sub & 3 == PropertyKind::Set as u8 {
                    methods.setters.insert(FuncId(value.a));
                }
            }
        }
        for &write in &ir.writes {
            let node = ir.node(write);
            let target = ir.node(NodeId(node.a));
            let value = ir.node(NodeId(node.b));
            if node.op == Op::Assign && target.op == Op::Member && value.op == Op::Function {
                methods.add(NameId(target.b), FuncId(value.a));
            }
        }
        methods
    }

    fn add(&mut self, name: NameId, function: FuncId) {
        let Some(head) = self.heads.get_mut(name.0 as usize) else {
            return;
        };
        if *head == NONE {
            *head = u32::try_from(self.groups.len()).unwrap_or(NONE);
            self.groups.push(Vec::new());
        }
        if let Some(group) = self.groups.get_mut(*head as usize) {
            group.push(function);
        }
    }

    fn named(&self, name: NameId) -> &[FuncId] {
        let head = self.heads.get(name.0 as usize).copied().unwrap_or(NONE);
        match self.groups.get(head as usize) {
            Some(group) if group.len() <= MOST_NAMESAKES => group,
            _ => &[],
        }
    }
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
