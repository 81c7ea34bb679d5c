//! Statements and declarations.

use oxc_ast::ast::{
    BlockStatement, Declaration, IfStatement, LabeledStatement, Statement, VariableDeclaration,
    VariableDeclarationKind, WithStatement, match_declaration, match_module_declaration,
};

use super::{Lower, NONE, place};
use crate::parse::ir::{BindingKind, NodeId, Op};
use crate::parse::names::NameId;

impl<'p> Lower<'p> {
    /// Adds statements to the list under construction; those that do nothing are left out.
    pub(super) fn statements(&mut self, statements: &'p [Statement<'p>]) {
        for statement in statements {
            let node = self.statement(statement);
            if !node.is_none() {
                self.add(node);
            }
        }
    }

    /// A statement where exactly one node is wanted.
    pub(super) fn sole(&mut self, statement: &'p Statement<'p>) -> NodeId {
        let node = self.statement(statement);
        if node.is_none() {
            let next = self.ir.nodes.last().map_or(0, |node| node.span.end);
            return self.hole(next);
        }
        node
    }

    /// NONE if nothing of it is left at run time.
    pub(super) fn statement(&mut self, statement: &'p Statement<'p>) -> NodeId {
        match statement {
            Statement::ExpressionStatement(s) => {
                let value = self.expr(&s.expression);
                self.push(Op::Expression, 0, value.0, NONE, place(s.span))
            }
            Statement::ReturnStatement(s) => {
                let value = s
                    .argument
                    .as_ref()
                    .map_or(NodeId::NONE, |value| self.expr(value));
                self.returned(value);
                self.push(Op::Return, 0, value.0, NONE, place(s.span))
            }
            Statement::IfStatement(s) => self.conditional(s),
            Statement::BlockStatement(s) => self.block(s),
            Statement::EmptyStatement(_) => NodeId::NONE,
            Statement::ThrowStatement(s) => {
                let value = self.expr(&s.argument);
                self.push(Op::Throw, 0, value.0, NONE, place(s.span))
            }
            Statement::BreakStatement(s) => {
                let label = s
                    .label
                    .as_ref()
                    .map_or(NameId::NONE, |l| self.name(l.name.as_str()));
                self.push(Op::Break, 0, label.0, NONE, place(s.span))
            }
            Statement::ContinueStatement(s) => {
                let label = s
                    .label
                    .as_ref()
                    .map_or(NameId::NONE, |l| self.name(l.name.as_str()));
                self.push(Op::Continue, 0, label.0, NONE, place(s.span))
            }
            Statement::DebuggerStatement(s) => {
                self.push(Op::Debugger, 0, NONE, NONE, place(s.span))
            }
            Statement::LabeledStatement(s) => self.labeled(s),
            Statement::WithStatement(s) => self.with(s),
            Statement::ForStatement(s) => self.for_loop(s),
            Statement::ForInStatement(s) => self.for_in(s),
            Statement::ForOfStatement(s) => self.for_of(s),
            Statement::WhileStatement(s) => self.while_loop(s),
            Statement::DoWhileStatement(s) => self.do_while(s),
            Statement::SwitchStatement(s) => self.switch(s),
            Statement::TryStatement(s) => self.try_statement(s),
            match_declaration!(Statement) => self.declaration(statement.to_declaration()),
            match_module_declaration!(Statement) => {
                self.module_declaration(statement.to_module_declaration())
            }
        }
    }

    pub(super) fn declaration(&mut self, declaration: &'p Declaration<'p>) -> NodeId {
        match declaration {
            Declaration::VariableDeclaration(d) => self.variables(d),
            Declaration::FunctionDeclaration(d) => self.function_declaration(d),
            Declaration::ClassDeclaration(d) => self.class_declaration(d),
            Declaration::TSEnumDeclaration(d) => self.enumeration(d),
            Declaration::TSNamespaceDeclaration(d) => self.namespace(d),
            Declaration::TSImportEqualsDeclaration(d) => self.import_equals(d),
            Declaration::TSTypeAliasDeclaration(_)
            | Declaration::TSInterfaceDeclaration(_)
            | Declaration::TSExternalModuleDeclaration(_)
            | Declaration::TSGlobalDeclaration(_) => NodeId::NONE,
        }
    }

    #[inline(never)]
    pub(super) fn variables(&mut self, d: &'p VariableDeclaration<'p>) -> NodeId {
        if d.declare {
            return NodeId::NONE;
        }
        let kind = binding_kind(d.kind);
        let mark = self.mark();
        for declarator in &d.declarations {
            let init = declarator
                .init
                .as_ref()
                .map_or(NodeId::NONE, |init| self.expr(init));
            let target = self.pattern(&declarator.id, init, kind);
            let node = self.push(Op::Declarator, 0, target.0, init.0, place(declarator.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Declare, kind as u8, list.0, NONE, place(d.span))
    }

    /// A block; it gets a scope only if it declares something.
    #[inline(never)]
    pub(super) fn block(&mut self, s: &'p BlockStatement<'p>) -> NodeId {
        let scoped = declares(&s.body);
        let around = if scoped {
            self.open_scope(false)
        } else {
            self.at.scope
        };
        let mark = self.mark();
        self.statements(&s.body);
        let list = self.list(mark);
        if scoped {
            self.close_scope(around);
        }
        self.push(Op::Block, 0, list.0, NONE, place(s.span))
    }

    #[inline(never)]
    fn conditional(&mut self, s: &'p IfStatement<'p>) -> NodeId {
        let test = self.expr(&s.test);
        let guard = self.open_guard(test, true);
        let then = self.sole(&s.consequent);
        self.close_guard(guard);
        let other = match &s.alternate {
            Some(alternate) => {
                let guard = self.open_guard(test, false);
                let other = self.sole(alternate);
                self.close_guard(guard);
                other
            }
            None => self.hole(s.span.end),
        };
        let list = self.list_of(&[then, other]);
        self.push(Op::If, 0, test.0, list.0, place(s.span))
    }

    #[inline(never)]
    fn labeled(&mut self, s: &'p LabeledStatement<'p>) -> NodeId {
        let label = self.name(s.label.name.as_str());
        let body = self.sole(&s.body);
        self.push(Op::Labeled, 0, label.0, body.0, place(s.span))
    }

    #[inline(never)]
    fn with(&mut self, s: &'p WithStatement<'p>) -> NodeId {
        let object = self.expr(&s.object);
        self.with_depth += 1;
        let body = self.sole(&s.body);
        self.with_depth -= 1;
        self.push(Op::With, 0, object.0, body.0, place(s.span))
    }
}

pub(super) fn binding_kind(kind: VariableDeclarationKind) -> BindingKind {
    match kind {
        VariableDeclarationKind::Var => BindingKind::Var,
        VariableDeclarationKind::Let => BindingKind::Let,
        VariableDeclarationKind::Const
        | VariableDeclarationKind::Using
        | VariableDeclarationKind::AwaitUsing => BindingKind::Const,
    }
}

/// Whether statements declare names of their own block.
pub(super) fn declares(statements: &[Statement<'_>]) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::VariableDeclaration(d) => d.kind != VariableDeclarationKind::Var,
        Statement::LabeledStatement(s) => matches!(
            s.body,
            Statement::FunctionDeclaration(_) | Statement::LabeledStatement(_)
        ),
        statement => statement.is_declaration() || statement.is_module_declaration(),
    })
}
