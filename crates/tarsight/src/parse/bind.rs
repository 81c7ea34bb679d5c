//! Second pass: from names to bindings, linear in the nodes.
//!
//! The lowering leaves scope events (at which node a scope opens or closes) and, per scope,
//! its declarations. Declarations are hoisted: they are in force from the scope's first node,
//! so each [`Op::Name`] takes what its name is bound to at that moment.

use super::ir::{Binding, BindingId, BindingKind, FuncId, Ir, NodeId, Op, ScopeId};
use super::names::NameId;

/// What lowering and binding need besides the [`Ir`]; kept between files.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// Lists under construction.
    pub(super) scratch: Vec<u32>,
    pub(super) events: Vec<Event>,
    pub(super) declarations: Vec<Declared>,
    /// First and last of each scope's declarations, by scope.
    pub(super) chains: Vec<(u32, u32)>,
    /// Block functions that are also visible in the function around, where it ends.
    pub(super) hoisted: Vec<(NameId, NodeId, NodeId)>,
    /// `arguments` inside a function, with the function and its scope.
    pub(super) arguments: Vec<(NodeId, FuncId, ScopeId)>,
    current: Vec<u32>,
    shadowed: Vec<(u32, u32)>,
    open: Vec<u32>,
    last_def: Vec<u32>,
}

/// A scope opens or closes before node `at`. Scopes open in the order of their ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) at: u32,
    pub(super) opens: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub(super) name: NameId,
    pub(super) kind: BindingKind,
    pub(super) scope: ScopeId,
    pub(super) node: NodeId,
    next: u32,
}

const NONE: u32 = u32::MAX;

impl Work {
    pub(super) fn clear(&mut self) {
        self.scratch.clear();
        self.events.clear();
        self.declarations.clear();
        self.chains.clear();
        self.hoisted.clear();
        self.arguments.clear();
        self.current.clear();
        self.shadowed.clear();
        self.open.clear();
        self.last_def.clear();
    }

    pub(super) fn declare(
        &mut self,
        scope: ScopeId,
        name: NameId,
        kind: BindingKind,
        node: NodeId,
    ) {
        let at = self.declarations.len() as u32;
        if let Some(chain) = self.chains.get_mut(scope.index()) {
            if chain.0 == NONE {
                chain.0 = at;
            } else if let Some(last) = self.declarations.get_mut(chain.1 as usize) {
                last.next = at;
            }
            chain.1 = at;
        }
        self.declarations.push(Declared {
            name,
            kind,
            scope,
            node,
            next: NONE,
        });
    }
}

/// Sets the binding of every name and links the values of every binding.
pub(super) fn bind(ir: &mut Ir, work: &mut Work) {
    work.current.resize(ir.names.len(), NONE);
    let mut from = 0;
    let mut scope = 0;
    for at in 0..work.events.len() {
        let event = work.events[at];
        resolve(ir, &work.current, from, event.at as usize);
        from = event.at as usize;
        if event.opens {
            work.open.push(work.shadowed.len() as u32);
            open(ir, work, scope);
            scope += 1;
        } else {
            close(work);
        }
    }
    resolve(ir, &work.current, from, ir.nodes.len());
    bind_arguments(ir, work);
    link(ir, work);
}

fn resolve(ir: &mut Ir, current: &[u32], from: usize, to: usize) {
    for node in &mut ir.nodes[from..to] {
        if node.op == Op::Name {
            node.b = current.get(node.a as usize).copied().unwrap_or(NONE);
        }
    }
}

fn open(ir: &mut Ir, work: &mut Work, scope: u32) {
    let scope_id = ScopeId(scope);
    let mut at = work
        .chains
        .get(scope as usize)
        .map_or(NONE, |chain| chain.0);
    while let Some(&declared) = work.declarations.get(at as usize) {
        at = declared.next;
        let Some(current) = work.current.get_mut(declared.name.0 as usize) else {
            continue;
        };
        if let Some(binding) = ir.bindings.get_mut(*current as usize)
            && binding.scope == scope_id
        {
            let stronger = matches!(declared.kind, BindingKind::Function | BindingKind::Param);
            if binding.kind == BindingKind::Var && stronger {
                binding.kind = declared.kind;
                binding.node = declared.node;
            }
            continue;
        }
        work.shadowed.push((declared.name.0, *current));
        *current = ir.bindings.len() as u32;
        ir.bindings.push(Binding {
            name: declared.name,
            scope: scope_id,
            kind: declared.kind,
            node: declared.node,
            first_def: NONE,
        });
    }
}

fn close(work: &mut Work) {
    let mark = work.open.pop().unwrap_or(0) as usize;
    while work.shadowed.len() > mark {
        if let Some((name, before)) = work.shadowed.pop()
            && let Some(current) = work.current.get_mut(name as usize)
        {
            *current = before;
        }
    }
}

/// `arguments` is the function's own unless something inside that function declares it.
fn bind_arguments(ir: &mut Ir, work: &Work) {
    for &(node, function, scope) in &work.arguments {
        let Some(node) = ir.nodes.get_mut(node.index()) else {
            continue;
        };
        // Scopes are numbered as they open, so those inside the function come after its own.
        let declared = BindingId(node.b)
            .some()
            .and_then(|binding| ir.bindings.get(binding.index()))
            .is_some_and(|binding| binding.scope >= scope);
        if !declared {
            node.op = Op::Arguments;
            node.a = function.0;
            node.b = NONE;
        }
    }
}

fn link(ir: &mut Ir, work: &mut Work) {
    work.last_def.resize(ir.bindings.len(), NONE);
    for at in 0..ir.defs.len() {
        let binding = ir.node(ir.defs[at].target).b as usize;
        let Some(target) = ir.bindings.get_mut(binding) else {
            continue;
        };
        let last = std::mem::replace(&mut work.last_def[binding], at as u32);
        if last == NONE {
            target.first_def = at as u32;
        } else {
            ir.defs[last as usize].next = at as u32;
        }
    }
}
