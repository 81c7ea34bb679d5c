//! Code at the top level of a module that has no business with the rest of it: it takes nothing
//! from the module and gives nothing to what the module exports.

use rustc_hash::FxHashSet;

use crate::model::Span;
use crate::parse::ir::{Ir, ListId, NodeId, Op, ScopeId};
use crate::parse::names::{self, NameId};
use crate::value::Key;

/// Files with more statements than this at their top level are not looked at: bundles.
const MOST_STATEMENTS: usize = 20_000;
/// Bodies that are kept of one file.
const MOST_BODIES: usize = 64;

/// Statements that hang together, and with nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BodyFact {
    /// Their ranges, in source order; neighbours are one.
    pub spans: Box<[Span]>,
    /// If it is no more than `import "…"` or `require("…")` of a file of the package: which.
    pub asks: Option<Key>,
}

/// A statement of the top level, or an operand of `a, b` there: its nodes are `first..=last`.
struct Unit {
    first: u32,
    last: u32,
    span: Span,
    /// Whether it exports something, or is a declaration of the module itself.
    is_core: bool,
}

/// Finds them. Every step is one pass over nodes, bindings or statements.
pub(super) fn collect(ir: &Ir, text: &str) -> Vec<BodyFact> {
    let units = units(ir);
    if units.len() < 2 || units.len() > MOST_STATEMENTS {
        return Vec::new();
    }
    let mut sets = Sets::new(units.len());
    // Per binding of the file: the unit that declares it.
    let homes: Vec<Option<usize>> = ir
        .bindings
        .iter()
        .map(|binding| {
            let is_own = binding.scope == ScopeId(0) && !is_lent(ir, text, binding.first_def);
            is_own.then(|| unit_of(&units, binding.node)).flatten()
        })
        .collect();
    let mut is_core: Vec<bool> = units.iter().map(|unit| unit.is_core).collect();
    let mut at = 0;
    for (index, node) in ir.nodes.iter().enumerate() {
        if !matches!(node.op, Op::Name | Op::This) {
            continue;
        }
        let id = u32::try_from(index).unwrap_or(u32::MAX);
        while units.get(at).is_some_and(|unit| unit.last < id) {
            at += 1;
        }
        if units.get(at).is_none_or(|unit| unit.first > id) {
            continue;
        }
        if node.op == Op::This {
            // `this` of the file is what it exports.
            is_core[at] |= node.a == u32::MAX;
        } else if node.b == u32::MAX {
            let name = NameId(node.a);
            let is_define = || ir.name(text, name) == "define";
            let is_module = || name == names::MODULE && !asks_about_itself(ir, text, id);
            let is_named = name == names::EXPORTS || is_module() || is_define();
            is_core[at] |= is_named && !units.get(at).is_some_and(|unit| is_mark(ir, text, unit));
        } else if let Some(&Some(home)) = homes.get(node.b as usize) {
            sets.join(at, home);
        }
    }
    for export in &ir.exports {
        let value = ir.node(export.value);
        let unit = match value.op {
            Op::Name => homes.get(value.b as usize).copied().flatten(),
            _ => unit_of(&units, export.value),
        };
        if let Some(slot) = unit.and_then(|unit| is_core.get_mut(unit)) {
            *slot = true;
        }
    }
    let mut core = vec![false; units.len()];
    for (unit, &gives) in is_core.iter().enumerate() {
        if gives {
            core[sets.root(unit)] = true;
        }
    }
    if !core.contains(&true) {
        return Vec::new();
    }
    let declares: FxHashSet<usize> = homes.iter().flatten().copied().collect();
    let asks = |unit: usize| {
        let specifier = asked(ir, text, NodeId(units.get(unit)?.last))?;
        (!declares.contains(&unit)).then_some(specifier)
    };
    bodies(&units, &core, &mut sets, asks)
}

/// Whether `module` stands there for what it tells of itself, such as `module.hot`: that gives
/// nothing to others.
fn asks_about_itself(ir: &Ir, text: &str, name: u32) -> bool {
    // Parents stand right behind their children.
    let parent = ir.node(NodeId(name.saturating_add(1)));
    parent.op == Op::Member
        && parent.a == name
        && matches!(
            ir.name(text, NameId(parent.b)),
            "children" | "filename" | "hot" | "id" | "loaded" | "parent" | "paths"
        )
}

/// Whether a statement only marks a compiled module: `__esModule` is nothing that it gives.
fn is_mark(ir: &Ir, text: &str, unit: &Unit) -> bool {
    let statement = ir.node(NodeId(unit.last));
    let inner = ir.node(NodeId(statement.a));
    match (statement.op, inner.op) {
        (Op::Expression, Op::Call) => {
            let key = ir.list(ListId(inner.b)).nth(1).map(|key| ir.node(key));
            key.is_some_and(|key| key.op == Op::String && ir.string(text, key) == "__esModule")
        }
        (Op::Expression, Op::Assign) => {
            let target = ir.node(NodeId(inner.a));
            target.op == Op::Member && ir.name(text, NameId(target.b)) == "__esModule"
        }
        _ => false,
    }
}

/// The file of the package that a statement loads and does nothing else with.
fn asked(ir: &Ir, text: &str, statement: NodeId) -> Option<Key> {
    let node = ir.node(statement);
    let specifier = match node.op {
        Op::Import => ir.name(text, ir.imports.get(node.a as usize)?.specifier),
        Op::Expression => {
            let call = ir.node(NodeId(node.a));
            let callee = ir.node(NodeId(call.a));
            let first = ir.node(ir.list(ListId(call.b)).next()?);
            let is_require =
                call.op == Op::Call && callee.op == Op::Name && NameId(callee.a) == names::REQUIRE;
            (is_require && first.op == Op::String).then(|| ir.string(text, first))?
        }
        _ => return None,
    };
    (!is_foreign(specifier)).then(|| Key::from(specifier))
}

fn bodies(
    units: &[Unit],
    core: &[bool],
    sets: &mut Sets,
    asks: impl Fn(usize) -> Option<Key>,
) -> Vec<BodyFact> {
    let mut found: Vec<(usize, Vec<Span>)> = Vec::new();
    let mut places: Vec<Option<usize>> = vec![None; units.len()];
    let mut before = None;
    for (at, unit) in units.iter().enumerate() {
        let root = sets.root(at);
        if core[root] {
            before = None;
            continue;
        }
        let place = *places[root].get_or_insert_with(|| {
            found.push((root, Vec::new()));
            found.len() - 1
        });
        if let Some((_, spans)) = found.get_mut(place) {
            match spans.last_mut() {
                Some(last) if before == Some(root) => last.end = unit.span.end,
                _ => spans.push(unit.span),
            }
        }
        before = Some(root);
    }
    found.truncate(MOST_BODIES);
    found
        .into_iter()
        .map(|(root, spans)| BodyFact {
            asks: if spans.len() == 1 { asks(root) } else { None },
            spans: spans.into(),
        })
        .collect()
}

fn units(ir: &Ir) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut next = 0;
    for statement in ir.list(ListId(ir.node(ir.root).a)) {
        let node = ir.node(statement);
        let inner = ir.node(NodeId(node.a));
        let mut add = |last: NodeId, span: Span, is_core: bool| {
            units.push(Unit {
                first: next,
                last: last.0,
                span,
                is_core,
            });
            next = last.0.saturating_add(1);
        };
        if node.op == Op::Expression && inner.op == Op::Sequence {
            for operand in ir.list(ListId(inner.a)) {
                add(operand, ir.node(operand).span, false);
            }
            // The sequence and the statement themselves belong to the last operand.
            if let Some(last) = units.last_mut() {
                last.last = statement.0;
                next = statement.0.saturating_add(1);
            }
        } else {
            add(statement, node.span, node.op == Op::Export);
        }
    }
    units
}

/// The unit that a node stands in.
fn unit_of(units: &[Unit], node: NodeId) -> Option<usize> {
    let at = units.partition_point(|unit| unit.last < node.0);
    units
        .get(at)
        .is_some_and(|unit| unit.first <= node.0)
        .then_some(at)
}

/// Whether a name only stands for a builtin, another package or a constant: whoever uses it
/// takes nothing from the module.
fn is_lent(ir: &Ir, text: &str, first_def: u32) -> bool {
    const MOST_MEMBERS: usize = 8;
    let Some(def) = ir.defs.get(first_def as usize) else {
        return false;
    };
    if def.next != u32::MAX {
        return false;
    }
    let mut node = ir.node(def.value);
    for _ in 0..MOST_MEMBERS {
        match node.op {
            Op::Member | Op::Await => node = ir.node(NodeId(node.a)),
            Op::String | Op::Number => return true,
            Op::Imported => {
                let import = ir.imports.get(node.a as usize);
                return import.is_some_and(|import| is_foreign(ir.name(text, import.specifier)));
            }
            Op::Call => {
                let callee = ir.node(NodeId(node.a));
                let first = ir.list(ListId(node.b)).next().map(|first| ir.node(first));
                let is_require = callee.op == Op::Name
                    && callee.b == u32::MAX
                    && NameId(callee.a) == names::REQUIRE;
                return is_require
                    && first.is_some_and(|first| {
                        first.op == Op::String && is_foreign(ir.string(text, first))
                    });
            }
            _ => return false,
        }
    }
    false
}

/// Whether a specifier leads out of the package.
fn is_foreign(specifier: &str) -> bool {
    !specifier.starts_with(['.', '/', '#'])
}

/// Disjoint sets of units.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Self {
            parents: (0..len).collect(),
        }
    }

    fn root(&mut self, at: usize) -> usize {
        let mut root = at;
        while self.parents[root] != root {
            root = self.parents[root];
        }
        let mut at = at;
        while self.parents[at] != root {
            at = std::mem::replace(&mut self.parents[at], root);
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        // The smaller index stays on top, so that the outcome is one whatever the order.
        self.parents[a.max(b)] = a.min(b);
    }
}
