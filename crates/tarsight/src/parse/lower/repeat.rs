//! Loops, `switch` and `try`.

use oxc_ast::ast::{
    CatchClause, DoWhileStatement, ForInStatement, ForOfStatement, ForStatement, ForStatementInit,
    ForStatementLeft, Statement, SwitchStatement, TryStatement, VariableDeclarationKind,
    WhileStatement, match_assignment_target, match_expression,
};

use super::stmt::{binding_kind, declares};
use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BinaryOp, BindingKind, LogicalOp, NodeId, Op};

impl<'p> Lower<'p> {
    /// The body of a loop, run only if `test` holds.
    fn loop_body(&mut self, test: NodeId, body: &'p Statement<'p>) -> NodeId {
        if test.is_none() {
            return self.sole(body);
        }
        let guard = self.open_guard(test, true);
        let node = self.sole(body);
        self.close_guard(guard);
        node
    }

    #[inline(never)]
    pub(super) fn for_loop(&mut self, s: &'p ForStatement<'p>) -> NodeId {
        let scoped = matches!(&s.init, Some(ForStatementInit::VariableDeclaration(d))
            if d.kind != VariableDeclarationKind::Var);
        let around = if scoped {
            self.open_scope(false)
        } else {
            self.at.scope
        };
        let init = match &s.init {
            Some(init @ match_expression!(ForStatementInit)) => self.expr(init.to_expression()),
            Some(ForStatementInit::VariableDeclaration(d)) => self.variables(d),
            None => self.hole(s.span.start),
        };
        let test = s.test.as_ref().map_or(NodeId::NONE, |test| self.expr(test));
        let guard = (!test.is_none()).then(|| self.open_guard(test, true));
        let update = match &s.update {
            Some(update) => self.expr(update),
            None => self.hole(s.span.start),
        };
        let body = self.sole(&s.body);
        if let Some(guard) = guard {
            self.close_guard(guard);
        }
        let test = test.some().unwrap_or_else(|| self.hole(s.span.start));
        if scoped {
            self.close_scope(around);
        }
        let list = self.list_of(&[init, test, update]);
        self.push(Op::For, 0, list.0, body.0, place(s.span))
    }

    #[inline(never)]
    pub(super) fn for_in(&mut self, s: &'p ForInStatement<'p>) -> NodeId {
        let around = self.open_left(&s.left);
        let right = self.expr(&s.right);
        let span = self.ir.node(right).span;
        let value = self.push(Op::Key, 0, right.0, NONE, span);
        let left = self.left(&s.left, value);
        let body = self.loop_body(right, &s.body);
        self.close_left(&s.left, around);
        let list = self.list_of(&[left, right]);
        self.push(Op::ForIn, 0, list.0, body.0, place(s.span))
    }

    #[inline(never)]
    pub(super) fn for_of(&mut self, s: &'p ForOfStatement<'p>) -> NodeId {
        let around = self.open_left(&s.left);
        let right = self.expr(&s.right);
        let span = self.ir.node(right).span;
        let value = self.push(Op::Item, u8::from(s.r#await), right.0, NONE, span);
        let left = self.left(&s.left, value);
        let body = self.loop_body(right, &s.body);
        self.close_left(&s.left, around);
        let list = self.list_of(&[left, right]);
        self.push(
            Op::ForOf,
            u8::from(s.r#await),
            list.0,
            body.0,
            place(s.span),
        )
    }

    fn open_left(&mut self, left: &'p ForStatementLeft<'p>) -> crate::parse::ir::ScopeId {
        if is_scoped(left) {
            self.open_scope(false)
        } else {
            self.at.scope
        }
    }

    fn close_left(&mut self, left: &'p ForStatementLeft<'p>, around: crate::parse::ir::ScopeId) {
        if is_scoped(left) {
            self.close_scope(around);
        }
    }

    /// What gets the items or keys, `value`.
    fn left(&mut self, left: &'p ForStatementLeft<'p>, value: NodeId) -> NodeId {
        match left {
            ForStatementLeft::VariableDeclaration(d) => {
                let kind = binding_kind(d.kind);
                let mark = self.mark();
                for declarator in &d.declarations {
                    // `for (var x = 1 in y)` is still allowed in sloppy mode.
                    let init = declarator
                        .init
                        .as_ref()
                        .map_or(NodeId::NONE, |i| self.expr(i));
                    let target = self.pattern(&declarator.id, value, kind);
                    if self.ir.node(target).op == Op::Name {
                        self.define(target, init);
                    }
                    let span = place(declarator.span);
                    let node = self.push(Op::Declarator, 0, target.0, init.0, span);
                    self.add(node);
                }
                let list = self.list(mark);
                self.push(Op::Declare, kind as u8, list.0, NONE, place(d.span))
            }
            match_assignment_target!(ForStatementLeft) => {
                self.target(left.to_assignment_target(), value)
            }
        }
    }

    #[inline(never)]
    pub(super) fn while_loop(&mut self, s: &'p WhileStatement<'p>) -> NodeId {
        let test = self.expr(&s.test);
        let body = self.loop_body(test, &s.body);
        self.push(Op::While, 0, test.0, body.0, place(s.span))
    }

    /// No guard: the body runs once before the test.
    #[inline(never)]
    pub(super) fn do_while(&mut self, s: &'p DoWhileStatement<'p>) -> NodeId {
        let body = self.sole(&s.body);
        let test = self.expr(&s.test);
        self.push(Op::DoWhile, 0, test.0, body.0, place(s.span))
    }

    /// Each case is guarded by `discriminant === test`, or by any of those that fall into it;
    /// `default` by none of those before it.
    #[inline(never)]
    pub(super) fn switch(&mut self, s: &'p SwitchStatement<'p>) -> NodeId {
        let discriminant = self.expr(&s.discriminant);
        let scoped = s.cases.iter().any(|case| declares(&case.consequent));
        let around = if scoped {
            self.open_scope(false)
        } else {
            self.at.scope
        };
        let mark = self.mark();
        // The condition under which control falls in from above; NONE if it cannot, or always may.
        let mut falls_in = NodeId::NONE;
        let mut open_ended = false;
        let mut any = NodeId::NONE;
        for case in &s.cases {
            let span = place(case.span);
            let test = case
                .test
                .as_ref()
                .map_or(NodeId::NONE, |test| self.expr(test));
            let (condition, when) = if test.is_none() {
                let condition = if falls_in.is_none() {
                    any
                } else {
                    NodeId::NONE
                };
                (condition, false)
            } else {
                let span = self.ir.node(test).span;
                let sub = BinaryOp::StrictEq as u8;
                let hit = self.push(Op::Binary, sub, discriminant.0, test.0, span);
                any = self.either(any, hit, span);
                (self.either(falls_in, hit, span), true)
            };
            let guard =
                (!condition.is_none() && !open_ended).then(|| self.open_guard(condition, when));
            let body = self.mark();
            self.statements(&case.consequent);
            let list = self.list(body);
            if let Some(guard) = guard {
                self.close_guard(guard);
            }
            if case.consequent.last().is_some_and(leaves) {
                falls_in = NodeId::NONE;
                open_ended = false;
            } else {
                falls_in = condition;
                open_ended |= test.is_none();
            }
            let node = self.push(Op::Case, 0, test.0, list.0, span);
            self.add(node);
        }
        let list = self.list(mark);
        if scoped {
            self.close_scope(around);
        }
        self.push(Op::Switch, 0, discriminant.0, list.0, place(s.span))
    }

    fn either(&mut self, a: NodeId, b: NodeId, span: Span) -> NodeId {
        if a.is_none() {
            return b;
        }
        self.push(Op::Logical, LogicalOp::Or as u8, a.0, b.0, span)
    }

    #[inline(never)]
    pub(super) fn try_statement(&mut self, s: &'p TryStatement<'p>) -> NodeId {
        let block = self.block(&s.block);
        let (param, handler) = match &s.handler {
            Some(handler) => self.catch(handler, block),
            None => (self.hole(s.span.end), self.hole(s.span.end)),
        };
        let finalizer = match &s.finalizer {
            Some(finalizer) => self.block(finalizer),
            None => self.hole(s.span.end),
        };
        let list = self.list_of(&[param, handler, finalizer]);
        self.push(Op::Try, 0, block.0, list.0, place(s.span))
    }

    fn catch(&mut self, handler: &'p CatchClause<'p>, block: NodeId) -> (NodeId, NodeId) {
        let around = self.open_scope(false);
        let param = match &handler.param {
            Some(param) => {
                let value = self.push(Op::Caught, 0, block.0, NONE, place(param.span));
                self.pattern(&param.pattern, value, BindingKind::Catch)
            }
            None => self.hole(handler.span.start),
        };
        let body = self.block(&handler.body);
        self.close_scope(around);
        (param, body)
    }
}

fn is_scoped(left: &ForStatementLeft<'_>) -> bool {
    matches!(left, ForStatementLeft::VariableDeclaration(d) if d.kind != VariableDeclarationKind::Var)
}

/// Whether control cannot pass the end of a statement.
fn leaves(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::BreakStatement(_)
        | Statement::ContinueStatement(_)
        | Statement::ReturnStatement(_)
        | Statement::ThrowStatement(_) => true,
        Statement::BlockStatement(block) => block.body.last().is_some_and(|last| {
            matches!(
                last,
                Statement::BreakStatement(_)
                    | Statement::ContinueStatement(_)
                    | Statement::ReturnStatement(_)
                    | Statement::ThrowStatement(_)
            )
        }),
        _ => false,
    }
}
