//! TypeScript that leaves something at run time: `enum`, `namespace`, `import x = …`.

use oxc_ast::ast::{
    ImportOrExportKind, TSEnumDeclaration, TSEnumMember, TSEnumMemberName,
    TSImportEqualsDeclaration, TSModuleReference, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody, TSQualifiedName, TSTypeName,
};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BinaryOp, BindingKind, FunctionKind, ListId, NAME_IS_TARGET, NodeId, Op};
use crate::parse::names::REQUIRE;

impl<'p> Lower<'p> {
    /// `name = value` as a `var` statement: enums and namespaces may be declared again.
    fn variable(&mut self, name: NodeId, value: NodeId, span: Span) -> NodeId {
        let node = self.push(Op::Declarator, 0, name.0, value.0, span);
        let list = self.list_of(&[node]);
        self.push(Op::Declare, BindingKind::Var as u8, list.0, NONE, span)
    }

    /// An enum is a name whose value is an Object; its members see each other by name.
    #[inline(never)]
    pub(super) fn enumeration(&mut self, d: &'p TSEnumDeclaration<'p>) -> NodeId {
        if d.declare {
            return NodeId::NONE;
        }
        let span = place(d.span);
        let around = self.open_scope(false);
        let mark = self.mark();
        let mut next = Some(0.0);
        let mut before = NodeId::NONE;
        for member in &d.body.members {
            let node = self.enum_member(member, &mut next, &mut before);
            self.add(node);
        }
        let list = self.list(mark);
        let value = self.push(Op::Object, 0, list.0, NONE, place(d.body.span));
        self.close_scope(around);
        let name = self.declared(&d.id, value, BindingKind::Var);
        self.variable(name, value, span)
    }

    /// `next` is the number of the next member if the last one was a plain number, `before` the
    /// last value.
    fn enum_member(
        &mut self,
        member: &'p TSEnumMember<'p>,
        next: &mut Option<f64>,
        before: &mut NodeId,
    ) -> NodeId {
        let span = place(member.span);
        let key = match &member.id {
            TSEnumMemberName::Identifier(name) => self.string(name.name.as_str(), place(name.span)),
            TSEnumMemberName::String(name) | TSEnumMemberName::ComputedString(name) => {
                self.string_literal(name)
            }
            TSEnumMemberName::ComputedTemplateString(name) => self.template(name),
        };
        let value = match (&member.initializer, *next) {
            (Some(init), _) => self.expr(init),
            (None, Some(number)) => self.number(number, span),
            (None, None) => {
                let one = self.number(1.0, span);
                self.push(Op::Binary, BinaryOp::Add as u8, before.0, one.0, span)
            }
        };
        let node = self.ir.node(value);
        *next = (node.op == Op::Number)
            .then(|| f64::from_bits(u64::from(node.a) | u64::from(node.b) << 32) + 1.0);
        *before = value;
        let written = self.ir.node(key);
        if written.op == Op::String {
            let name = self.name_of_range(written.a, written.b);
            let target = self.name_node(name, NAME_IS_TARGET, written.span);
            self.declare(name, BindingKind::Const, target);
            self.define(target, value);
        }
        self.push(Op::Property, 0, key.0, value.0, span)
    }

    /// A namespace is a call of a function that returns an Object of its exports.
    #[inline(never)]
    pub(super) fn namespace(&mut self, d: &'p TSNamespaceDeclaration<'p>) -> NodeId {
        if d.declare {
            return NodeId::NONE;
        }
        let span = place(d.span);
        let name = self.name(d.id.name.as_str());
        let around = self.open_function(FunctionKind::Namespace, name);
        let outer = self.namespace.replace(Vec::new());
        let mark = self.mark();
        match &d.body {
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                self.directives(&block.directives);
                self.statements(&block.body);
            }
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let statement = self.namespace(inner);
                if !statement.is_none() {
                    self.add(statement);
                    let name = self.name(inner.id.name.as_str());
                    let value = self.name_node(name, 0, place(inner.id.span));
                    let key = self.string(inner.id.name.as_str(), place(inner.id.span));
                    let node = self.push(Op::Property, 0, key.0, value.0, place(inner.id.span));
                    if let Some(exports) = &mut self.namespace {
                        exports.push(node);
                    }
                }
            }
        }
        let exports = std::mem::replace(&mut self.namespace, outer).unwrap_or_default();
        let exports = if exports.is_empty() {
            ListId(0)
        } else {
            self.list_of(&exports)
        };
        let value = self.push(Op::Object, 0, exports.0, NONE, span);
        self.returned(value);
        let end = self.push(Op::Return, 0, value.0, NONE, span);
        self.add(end);
        let list = self.list(mark);
        let body = self.push(Op::Block, 0, list.0, NONE, span);
        let function = self.close_function(around, body, span);
        let value = self.call(Op::Call, 0, function, 0, span);
        let name = self.declared(&d.id, value, BindingKind::Var);
        self.variable(name, value, span)
    }

    /// `import x = require('y')` is a call, `import x = a.b` a member.
    #[inline(never)]
    pub(super) fn import_equals(&mut self, d: &'p TSImportEqualsDeclaration<'p>) -> NodeId {
        if d.import_kind == ImportOrExportKind::Type {
            return NodeId::NONE;
        }
        let span = place(d.span);
        let value = match &d.module_reference {
            TSModuleReference::ExternalModuleReference(reference) => {
                let callee = self.name_node(REQUIRE, 0, place(reference.span));
                let specifier = self.string_literal(&reference.expression);
                let list = self.list_of(&[specifier]);
                self.call(Op::Call, 0, callee, list.0, place(reference.span))
            }
            TSModuleReference::IdentifierReference(reference) => {
                let name = self.name(reference.name.as_str());
                self.name_node(name, 0, place(reference.span))
            }
            TSModuleReference::QualifiedName(reference) => self.qualified(reference),
        };
        let name = self.declared(&d.id, value, BindingKind::Var);
        self.variable(name, value, span)
    }

    /// `a.b.c`, however long.
    fn qualified(&mut self, e: &'p TSQualifiedName<'p>) -> NodeId {
        let mut steps = vec![e];
        let mut left = &e.left;
        while let TSTypeName::QualifiedName(inner) = left {
            steps.push(inner);
            left = &inner.left;
        }
        let mut node = match left {
            TSTypeName::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                self.name_node(id, 0, place(name.span))
            }
            TSTypeName::ThisExpression(this) => {
                self.push(Op::This, 0, self.at.this.0, NONE, place(this.span))
            }
            // The loop above stops at anything else.
            TSTypeName::QualifiedName(inner) => self.hole(inner.span.start),
        };
        for step in steps.into_iter().rev() {
            let name = self.name(step.right.name.as_str());
            node = self.push(Op::Member, 0, node.0, name.0, place(step.span));
        }
        node
    }
}
