//! Who calls whom in one file, as far as names, tables, classes and what is handed over tell.

use rustc_hash::FxHashSet;

use super::maps::Maps;
use crate::parse::ir::{ClassId, FuncId, FunctionKind, Ir, ListId, NodeId, Op, PropertyKind};
use crate::parse::names::NameId;
use crate::value::{Evaluator, FunctionUse};

/// A method name that more functions than this share does not tell which one is called.
const MOST_NAMESAKES: usize = 3;
const NONE: u32 = u32::MAX;

/// Whether a method calls the function that it is asked of, or makes one that does.
fn is_applied(name: NameId) -> bool {
    use crate::parse::names::{APPLY, BIND, CALL};
    matches!(name, CALL | APPLY | BIND)
}

/// Who calls whom, by index: row 0 is the top level, row `n + 1` function `n`.
pub(super) struct Calls {
    rows: Vec<u32>,
    next: Vec<(FuncId, u32)>,
    pairs: Vec<(FuncId, FuncId)>,
    /// Tables, classes and names of methods whose functions count as called by the top level.
    shared: FxHashSet<(Op, u32)>,
}

/// Pairs of caller and callee that are told apart: many calls of a large table would be as many
/// as the one times the other. From then on what such a call may reach runs on load.
const MOST_PAIRS: usize = 1 << 20;

impl Calls {
    pub(super) fn new(ir: &Ir, evaluator: &Evaluator<'_>) -> Self {
        let mut calls = Self {
            rows: vec![NONE; ir.functions.len() + 1],
            next: Vec::new(),
            pairs: Vec::new(),
            shared: FxHashSet::default(),
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

    /// All functions of a table, a class or a name; whoever else calls those has the same key.
    fn add_all(&mut self, from: FuncId, key: (Op, u32), to: impl Iterator<Item = FuncId>) {
        let is_shared = self.pairs.len() >= MOST_PAIRS;
        if is_shared && !self.shared.insert(key) {
            return;
        }
        let from = if is_shared { FuncId::NONE } else { from };
        to.for_each(|to| self.add(from, to));
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
                let named = methods.named(NameId(node.b)).iter().copied();
                self.add_all(from, (Op::Member, node.b), named);
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
        let values = ir.list(ListId(table.a)).map(|item| {
            let item = ir.node(item);
            match item.op {
                Op::Property => ir.node(NodeId(item.b)),
                _ => item,
            }
        });
        let functions = values.filter(|value| value.op == Op::Function);
        let functions = functions.map(|value| FuncId(value.a));
        self.add_all(from, (table.op, table.a), functions);
    }

    /// `new` runs the constructor and the field initialisers.
    fn class(&mut self, ir: &Ir, from: FuncId, class: ClassId) {
        let Some(class) = ir.classes.get(class.index()) else {
            return;
        };
        if let Some(constructor) = class.constructor.some() {
            self.add(from, constructor);
        }
        let fields = ir.list(class.members).filter_map(|member| {
            let value = ir.node(NodeId(ir.node(member).b));
            let function = ir.functions.get(value.a as usize);
            let is_field = value.op == Op::Function
                && function.is_some_and(|function| function.kind == FunctionKind::Field);
            is_field.then_some(FuncId(value.a))
        });
        self.add_all(from, (Op::Class, class.members.0), fields);
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

    pub(super) fn from(&self, function: FuncId) -> impl Iterator<Item = FuncId> + '_ {
        let row = function.some().map_or(0, |function| function.index() + 1);
        let mut at = self.rows.get(row).copied();
        std::iter::from_fn(move || {
            let &(to, following) = self.next.get(at? as usize)?;
            at = Some(following);
            Some(to)
        })
    }

    pub(super) fn on_load(&self, functions: usize) -> Vec<bool> {
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
    pub(super) fn callers_of(
        &self,
        holders: impl Iterator<Item = FuncId>,
        functions: usize,
    ) -> Vec<bool> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse_small;

    /// Each call stands in another function, so that no two are one.
    fn pairs(table: usize, callers: usize) -> usize {
        let of = |count: usize, each: fn(usize) -> String| (0..count).map(each).collect::<String>();
        let functions = of(table, |at| format!("a{at}: (x) => x,"));
        let calls = of(callers, |at| format!("function f{at}(k, v) {{ t[k](v); }}"));
        let text = format!("const t = {{{functions}}}; {calls}");
        let ir = parse_small(&text).expect("it parses");
        let evaluator = Evaluator::new(&ir, &text, 1_000);
        Calls::new(&ir, &evaluator).pairs.len()
    }

    #[test]
    fn many_calls_of_a_large_table_keep_their_bound() {
        assert_eq!(pairs(10, 20), 200);
        let most = MOST_PAIRS + 2 * 1_200;
        assert!((MOST_PAIRS..most).contains(&pairs(1_200, 1_200)));
    }
}
