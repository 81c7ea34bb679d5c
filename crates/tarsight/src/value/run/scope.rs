//! Where bindings live while code runs.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::object::Val;
use crate::parse::ir::{BindingId, BindingKind, FuncId, Ir, NodeId, Op};

/// The bindings of one activation of a function, or of one turn of a loop.
pub(super) struct Env {
    /// Unit and owner: see [`Scopes`].
    pub(super) unit: usize,
    pub(super) owner: u32,
    pub(super) slots: RefCell<Vec<Val>>,
    pub(super) parent: Option<Rc<Env>>,
    /// The object of a `with`.
    pub(super) with: Option<Val>,
}

/// Owner of a `with` object's environment.
pub(super) const WITH: u32 = u32::MAX;

/// Where each binding of a unit lives. Owner 0 is the top level, then come the functions, then
/// loops whose bindings functions may keep.
#[derive(Default)]
pub(super) struct Scopes {
    places: Vec<(u32, u32)>,
    sizes: Vec<u32>,
    loops: FxHashMap<NodeId, u32>,
    /// Written name → its value.
    values: FxHashMap<NodeId, NodeId>,
    /// Function node → bindings that it fills when its declaration runs.
    declared: FxHashMap<NodeId, Vec<BindingId>>,
    own_names: FxHashMap<FuncId, BindingId>,
    /// Class node → the name that it fills.
    classes: FxHashMap<NodeId, NodeId>,
}

impl Scopes {
    pub(super) fn new(ir: &Ir) -> Self {
        let mut scopes = Self {
            places: vec![(0, 0); ir.bindings.len()],
            sizes: vec![0; ir.functions.len() + 1],
            ..Self::default()
        };
        for def in &ir.defs {
            scopes.values.entry(def.target).or_insert(def.value);
            let value = ir.node(def.value);
            let binding = BindingId(ir.node(def.target).b);
            let Some(found) = ir.bindings.get(binding.index()) else {
                continue;
            };
            if value.op == Op::Class {
                scopes.classes.entry(def.value).or_insert(def.target);
            }
            if value.op != Op::Function {
                continue;
            }
            match found.kind {
                BindingKind::Function | BindingKind::Param | BindingKind::Var => {
                    let all = scopes.declared.entry(def.value).or_default();
                    if !all.contains(&binding) {
                        all.push(binding);
                    }
                }
                BindingKind::OwnName => {
                    scopes.own_names.insert(FuncId(value.a), binding);
                }
                _ => {}
            }
        }
        let loops = Loops::new(ir);
        for (at, binding) in ir.bindings.iter().enumerate() {
            let function = ir.function_of(binding.node);
            let mut owner = function.some().map_or(0, |function| function.0 + 1);
            let is_block = matches!(
                binding.kind,
                BindingKind::Let | BindingKind::Const | BindingKind::Class | BindingKind::Function
            );
            if is_block && let Some(found) = loops.around(ir, binding.node, function) {
                let next = u32::try_from(scopes.sizes.len()).unwrap_or(u32::MAX);
                owner = *scopes.loops.entry(found).or_insert(next);
                if owner == next {
                    scopes.sizes.push(0);
                }
            }
            scopes.place(at, owner);
        }
        let own: Vec<(FuncId, BindingId)> = {
            let mut own: Vec<_> = scopes.own_names.iter().map(|(&f, &b)| (f, b)).collect();
            own.sort_unstable();
            own
        };
        for (function, binding) in own {
            scopes.place(binding.index(), function.0 + 1);
        }
        scopes
    }

    fn place(&mut self, binding: usize, owner: u32) {
        let Some(size) = self.sizes.get_mut(owner as usize) else {
            return;
        };
        let slot = *size;
        *size += 1;
        if let Some(place) = self.places.get_mut(binding) {
            *place = (owner, slot);
        }
    }

    pub(super) fn of(&self, binding: BindingId) -> (u32, u32) {
        self.places.get(binding.index()).copied().unwrap_or((0, 0))
    }

    pub(super) fn size(&self, owner: u32) -> usize {
        self.sizes
            .get(owner as usize)
            .map_or(0, |&size| size as usize)
    }

    /// The environment that each turn of a loop gets, if functions may keep its bindings.
    pub(super) fn of_loop(&self, node: NodeId) -> Option<u32> {
        self.loops.get(&node).copied()
    }

    pub(super) fn value_of(&self, target: NodeId) -> Option<NodeId> {
        self.values.get(&target).copied()
    }

    pub(super) fn declared_by(&self, function: NodeId) -> &[BindingId] {
        self.declared.get(&function).map_or(&[], Vec::as_slice)
    }

    pub(super) fn class_name(&self, class: NodeId) -> Option<NodeId> {
        self.classes.get(&class).copied()
    }

    pub(super) fn own_name(&self, function: FuncId) -> Option<BindingId> {
        self.own_names.get(&function).copied()
    }
}

/// Loops that hold functions.
struct Loops {
    /// Start, end, node and function; outer before inner.
    all: Vec<(u32, u32, NodeId, FuncId)>,
}

impl Loops {
    fn new(ir: &Ir) -> Self {
        let mut all = Vec::new();
        for (at, node) in ir.nodes.iter().enumerate() {
            let is_loop = matches!(
                node.op,
                Op::For | Op::ForIn | Op::ForOf | Op::While | Op::DoWhile
            );
            if is_loop {
                let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
                all.push((node.span.start, node.span.end, id, ir.function_of(id)));
            }
        }
        if !all.is_empty() {
            let mut starts: Vec<u32> = ir
                .functions
                .iter()
                .map(|function| ir.node(function.node).span.start)
                .collect();
            starts.sort_unstable();
            all.retain(|&(start, end, ..)| {
                let at = starts.partition_point(|&one| one < start);
                starts.get(at).is_some_and(|&one| one < end)
            });
            all.sort_unstable();
        }
        Self { all }
    }

    fn around(&self, ir: &Ir, node: NodeId, function: FuncId) -> Option<NodeId> {
        if self.all.is_empty() {
            return None;
        }
        let at = ir.node(node).span.start;
        let end = self.all.partition_point(|&(start, ..)| start <= at);
        // Loops nest, so the innermost is among the last that began; deeper nests stay shared.
        self.all[..end]
            .iter()
            .rev()
            .take(64)
            .find(|&&(_, end, _, of)| at < end && of == function)
            .map(|&(_, _, node, _)| node)
    }
}
