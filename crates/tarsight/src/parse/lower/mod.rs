//! From the parser's tree to [`Ir`]: one walk that appends.
//!
//! Left-deep chains are walked by loop, everything else recurses as deep as the parser did
//! and with smaller frames. Every `match` on the parser's enums is exhaustive, so that a new
//! kind of syntax fails to compile.

mod assign;
mod class;
mod expr;
mod function;
mod jsx;
mod literal;
mod module;
mod pattern;
mod repeat;
mod stmt;
#[cfg(test)]
mod tests;
mod types;

use oxc_ast::ast::{Expression, Program};
use oxc_span::Span as ParserSpan;

use super::bind::{Event, Work, bind};
use super::ir::{
    BindingKind, COOKED, Def, FuncId, Guard, Ir, ListId, NAME_IN_WITH, Node, NodeId, Op, ScopeId,
};
use super::names::NameId;
use crate::model::Span;

const NONE: u32 = u32::MAX;

/// Lowers a program into an empty `ir`. `text` is the text that was parsed.
pub(super) fn lower<'p>(ir: &mut Ir, text: &'p str, program: &'p Program<'p>) {
    let mut work = std::mem::take(&mut ir.work);
    work.clear();
    let mut lower = Lower {
        ir: std::mem::take(ir),
        work,
        text,
        spine: Vec::new(),
        namespace: None,
        at: Context {
            function: FuncId::NONE,
            this: FuncId::NONE,
            this_scope: ScopeId::NONE,
            scope: ScopeId::NONE,
            var_scope: ScopeId::NONE,
            last_return: NONE,
            hoisted: 0,
            strict: program.source_type.is_module(),
        },
        with_depth: 0,
    };
    lower.ir.nodes.reserve(text.len() / 5);
    lower.ir.lists.reserve(text.len() / 8);
    lower.program(program);
    let Lower {
        ir: lowered,
        mut work,
        ..
    } = lower;
    *ir = lowered;
    bind(ir, &mut work);
    ir.work = work;
}

/// Where the walk stands; saved and restored around functions.
#[derive(Clone, Copy)]
struct Context {
    function: FuncId,
    /// The function whose `this` and `arguments` are in force, and its scope.
    this: FuncId,
    this_scope: ScopeId,
    scope: ScopeId,
    var_scope: ScopeId,
    /// The last of the function's returns, to chain the next one to.
    last_return: u32,
    /// How many hoisted block functions stood in the list when the function began.
    hoisted: u32,
    strict: bool,
}

struct Lower<'p> {
    ir: Ir,
    work: Work,
    text: &'p str,
    /// Left-deep chains under construction, outermost first.
    spine: Vec<expr::Link<'p>>,
    /// Inside a TypeScript `namespace`: what it exports.
    namespace: Option<Vec<NodeId>>,
    at: Context,
    with_depth: u32,
}

fn place(span: ParserSpan) -> Span {
    Span {
        start: span.start,
        end: span.end,
    }
}

impl<'p> Lower<'p> {
    fn program(&mut self, program: &'p Program<'p>) {
        self.at.strict |= program
            .directives
            .iter()
            .any(|d| d.directive == "use strict");
        self.open_scope(true);
        let mark = self.mark();
        self.directives(&program.directives);
        self.statements(&program.body);
        let list = self.list(mark);
        self.hoisted_functions();
        self.close_scope(ScopeId::NONE);
        self.ir.root = self.push(Op::Block, 0, list.0, NONE, place(program.span));
    }

    // ── nodes and lists ──────────────────────────────────────────────────────

    #[inline]
    fn push(&mut self, op: Op, sub: u8, a: u32, b: u32, span: Span) -> NodeId {
        let id = NodeId(self.ir.nodes.len() as u32);
        self.ir.nodes.push(Node {
            op,
            sub,
            a,
            b,
            span,
        });
        id
    }

    fn hole(&mut self, at: u32) -> NodeId {
        self.push(Op::Hole, 0, NONE, NONE, Span { start: at, end: at })
    }

    fn next_node(&self) -> NodeId {
        NodeId(self.ir.nodes.len() as u32)
    }

    /// Where a list under construction starts.
    #[inline]
    fn mark(&self) -> usize {
        self.work.scratch.len()
    }

    /// Adds a node to the innermost list under construction.
    #[inline]
    fn add(&mut self, node: NodeId) {
        self.work.scratch.push(node.0);
    }

    /// Finishes the list that started at `mark`.
    #[inline]
    fn list(&mut self, mark: usize) -> ListId {
        let items = &self.work.scratch[mark..];
        if items.is_empty() {
            return ListId(0);
        }
        let id = ListId(self.ir.lists.len() as u32);
        self.ir.lists.push(items.len() as u32);
        self.ir.lists.extend_from_slice(items);
        self.work.scratch.truncate(mark);
        id
    }

    fn list_of(&mut self, items: &[NodeId]) -> ListId {
        let id = ListId(self.ir.lists.len() as u32);
        self.ir.lists.push(items.len() as u32);
        self.ir.lists.extend(items.iter().map(|node| node.0));
        id
    }

    // ── strings and names ────────────────────────────────────────────────────

    /// Where a string of the tree stands in the text. The parser borrows what has no escapes.
    #[inline]
    fn offset(&self, string: &str) -> Option<u32> {
        let at = string
            .as_ptr()
            .addr()
            .wrapping_sub(self.text.as_ptr().addr());
        (at <= self.text.len() && string.len() <= self.text.len() - at).then_some(at as u32)
    }

    /// A string as operands hold it: copied to the cooked strings unless it is in the text.
    #[inline]
    fn range(&mut self, string: &str) -> (u32, u32) {
        let start = match self.offset(string) {
            Some(start) => start,
            None => self.cook(string),
        };
        (start, string.len() as u32)
    }

    #[inline(never)]
    fn cook(&mut self, string: &str) -> u32 {
        let start = self.ir.cooked.len() as u32 | COOKED;
        self.ir.cooked.push_str(string);
        start
    }

    #[inline]
    fn string(&mut self, string: &str, span: Span) -> NodeId {
        let (start, len) = self.range(string);
        self.push(Op::String, 0, start, len, span)
    }

    #[inline]
    fn name(&mut self, name: &str) -> NameId {
        self.ir.names.intern(name)
    }

    /// The name that a string node spells.
    fn name_of_range(&mut self, start: u32, len: u32) -> NameId {
        let Ir { names, cooked, .. } = &mut self.ir;
        let (from, at) = if start & COOKED == 0 {
            (self.text, start)
        } else {
            (cooked.as_str(), start & !COOKED)
        };
        let name = from.get(at as usize..(at + len) as usize).unwrap_or("");
        names.intern(name)
    }

    /// A [`Op::Name`] that is read (`sub` 0) or written.
    #[inline]
    fn name_node(&mut self, name: NameId, sub: u8, span: Span) -> NodeId {
        let with = if self.with_depth > 0 { NAME_IN_WITH } else { 0 };
        let sub = sub | with;
        let node = self.push(Op::Name, sub, name.0, NONE, span);
        if name == super::names::ARGUMENTS && !self.at.this.is_none() {
            self.work
                .arguments
                .push((node, self.at.this, self.at.this_scope));
        }
        node
    }

    // ── scopes, declarations, values ─────────────────────────────────────────

    /// Opens a scope and gives the one around it, for [`Self::close_scope`].
    fn open_scope(&mut self, is_var_scope: bool) -> ScopeId {
        let around = self.at.scope;
        let id = ScopeId(self.ir.scopes);
        self.ir.scopes += 1;
        self.work.chains.push((NONE, NONE));
        self.work.events.push(Event {
            at: self.next_node().0,
            opens: true,
        });
        self.at.scope = id;
        if is_var_scope {
            self.at.var_scope = id;
        }
        around
    }

    fn close_scope(&mut self, around: ScopeId) {
        self.work.events.push(Event {
            at: self.next_node().0,
            opens: false,
        });
        self.at.scope = around;
    }

    fn declare(&mut self, name: NameId, kind: BindingKind, node: NodeId) {
        let scope = if kind == BindingKind::Var {
            self.at.var_scope
        } else {
            self.at.scope
        };
        self.work.declare(scope, name, kind, node);
    }

    fn define(&mut self, target: NodeId, value: NodeId) {
        if !value.is_none() {
            self.ir.defs.push(Def {
                target,
                value,
                next: NONE,
            });
        }
    }

    /// A sloppy block function is also a `var` of its function: declare it there, last.
    fn hoisted_functions(&mut self) {
        let mut at = self.at.hoisted as usize;
        while let Some(&(name, written, function)) = self.work.hoisted.get(at) {
            let span = self.ir.node(written).span;
            let node = self.name_node(name, super::ir::NAME_IS_TARGET, span);
            self.declare(name, BindingKind::Function, node);
            self.define(node, function);
            at += 1;
        }
        self.work.hoisted.truncate(self.at.hoisted as usize);
    }

    // ── conditions ───────────────────────────────────────────────────────────

    /// Says that the nodes from here to [`Self::close_guard`] run only if `test` is as told.
    /// Guards stand in the order of their first nodes, outer before inner.
    fn open_guard(&mut self, test: NodeId, when: bool) -> usize {
        let first = self.next_node();
        self.ir.guards.push(Guard {
            test,
            when,
            first,
            last: first,
        });
        self.ir.guards.len() - 1
    }

    fn close_guard(&mut self, guard: usize) {
        let last = self.next_node();
        if let Some(guard) = self.ir.guards.get_mut(guard) {
            guard.last = last;
        }
    }

    /// An expression that runs only if `test` is as told.
    fn guarded(&mut self, test: NodeId, when: bool, expression: &'p Expression<'p>) -> NodeId {
        let guard = self.open_guard(test, when);
        let node = self.expr(expression);
        self.close_guard(guard);
        node
    }
}
