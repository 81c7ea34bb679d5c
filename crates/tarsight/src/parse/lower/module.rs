//! Imports and exports.

use oxc_ast::ast::{
    Declaration, ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration,
    ExportDefaultDeclarationKind, ExportFromDeclaration, ExportNamedDeclaration, Expression,
    ImportAttributeKey, ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind,
    ModuleDeclaration, ModuleExportName, StringLiteral, WithClause, match_expression,
};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BindingKind, Export, Import, NodeId, Op};
use crate::parse::names::{DEFAULT, EXPORTS, MODULE, NameId, STAR};

impl<'p> Lower<'p> {
    #[inline(never)]
    pub(super) fn module_declaration(&mut self, d: &'p ModuleDeclaration<'p>) -> NodeId {
        match d {
            ModuleDeclaration::ImportDeclaration(d) => self.import(d),
            ModuleDeclaration::ExportAllDeclaration(d) => self.export_all(d),
            ModuleDeclaration::ExportDefaultDeclaration(d) => self.export_default(d),
            ModuleDeclaration::ExportDeclaration(d) => self.export_declaration(d),
            ModuleDeclaration::ExportNamedDeclaration(d) => self.export_named(d),
            ModuleDeclaration::ExportFromDeclaration(d) => self.export_from(d),
            ModuleDeclaration::TSExportAssignment(d) => {
                self.export_assignment(&d.expression, place(d.span))
            }
            // `export as namespace X` only tells types.
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => NodeId::NONE,
        }
    }

    fn import(&mut self, d: &'p ImportDeclaration<'p>) -> NodeId {
        let span = place(d.span);
        let is_type = d.import_kind == ImportOrExportKind::Type;
        let import = self.asked(&d.source, is_type);
        let attributes = self.attributes(d.with_clause.as_deref());
        for specifier in d.specifiers.iter().flatten() {
            let (name, local) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(s) => {
                    if s.import_kind == ImportOrExportKind::Type {
                        continue;
                    }
                    (self.export_name(&s.imported), &s.local)
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(s) => (DEFAULT, &s.local),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(s) => (STAR, &s.local),
            };
            if !is_type {
                let value = self.push(Op::Imported, 0, import, name.0, place(local.span));
                self.declared(local, value, BindingKind::Import);
            }
        }
        self.push(Op::Import, 0, import, attributes.0, span)
    }

    /// Notes a module that is asked for by a declaration.
    fn asked(&mut self, source: &StringLiteral<'p>, is_type: bool) -> u32 {
        self.ir.is_module = true;
        let specifier = self.name(source.value.as_str());
        let at = self.ir.imports.len() as u32;
        self.ir.imports.push(Import { specifier, is_type });
        at
    }

    /// Import attributes as an Object; NONE if there are none.
    fn attributes(&mut self, clause: Option<&'p WithClause<'p>>) -> NodeId {
        let Some(clause) = clause else {
            return NodeId::NONE;
        };
        let mark = self.mark();
        for entry in &clause.with_entries {
            let key = match &entry.key {
                ImportAttributeKey::Identifier(key) => {
                    self.string(key.name.as_str(), place(key.span))
                }
                ImportAttributeKey::StringLiteral(key) => self.string_literal(key),
            };
            let value = self.string_literal(&entry.value);
            let node = self.push(Op::Property, 0, key.0, value.0, place(entry.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Object, 0, list.0, NONE, place(clause.span))
    }

    fn export_name(&mut self, name: &ModuleExportName<'p>) -> NameId {
        match name {
            ModuleExportName::IdentifierName(name) => self.name(name.name.as_str()),
            ModuleExportName::IdentifierReference(name) => self.name(name.name.as_str()),
            ModuleExportName::StringLiteral(name) => self.name(name.value.as_str()),
        }
    }

    /// Notes an exported name; inside a namespace, a property of its value.
    fn exported(&mut self, name: NameId, value: NodeId, span: Span) {
        if self.namespace.is_none() {
            self.ir.exports.push(Export { name, value });
            return;
        }
        let text = self.ir.names.text(self.text, name).to_owned();
        let start = self.cook(&text);
        let key = self.push(Op::String, 0, start, text.len() as u32, span);
        let node = self.push(Op::Property, 0, key.0, value.0, span);
        if let Some(exports) = &mut self.namespace {
            exports.push(node);
        }
    }

    /// The Export node for all exports since `first`; NONE inside a namespace.
    fn export_node(&mut self, first: usize, span: Span) -> NodeId {
        if self.namespace.is_some() {
            return NodeId::NONE;
        }
        self.ir.is_module = true;
        let count = self.ir.exports.len() - first;
        self.push(Op::Export, 0, first as u32, count as u32, span)
    }

    fn export_all(&mut self, d: &'p ExportAllDeclaration<'p>) -> NodeId {
        let span = place(d.span);
        let first = self.ir.exports.len();
        let is_type = d.export_kind == ImportOrExportKind::Type;
        let import = self.asked(&d.source, is_type);
        self.attributes(d.with_clause.as_deref());
        if !is_type {
            let name = d
                .exported
                .as_ref()
                .map_or(STAR, |name| self.export_name(name));
            let value = self.push(Op::Imported, 0, import, STAR.0, span);
            self.exported(name, value, span);
        }
        self.export_node(first, span)
    }

    fn export_from(&mut self, d: &'p ExportFromDeclaration<'p>) -> NodeId {
        let span = place(d.span);
        let first = self.ir.exports.len();
        let is_type = d.export_kind == ImportOrExportKind::Type;
        let import = self.asked(&d.source, is_type);
        self.attributes(d.with_clause.as_deref());
        for specifier in &d.specifiers {
            if is_type || specifier.export_kind == ImportOrExportKind::Type {
                continue;
            }
            let span = place(specifier.span);
            let imported = self.export_name(&specifier.local);
            let name = self.export_name(&specifier.exported);
            let value = self.push(Op::Imported, 0, import, imported.0, span);
            self.exported(name, value, span);
        }
        self.export_node(first, span)
    }

    fn export_named(&mut self, d: &'p ExportNamedDeclaration<'p>) -> NodeId {
        let first = self.ir.exports.len();
        for specifier in &d.specifiers {
            let is_type = d.export_kind == ImportOrExportKind::Type
                || specifier.export_kind == ImportOrExportKind::Type;
            if is_type {
                continue;
            }
            let span = place(specifier.span);
            let local = self.export_name(&specifier.local);
            let name = self.export_name(&specifier.exported);
            let value = self.name_node(local, 0, span);
            self.exported(name, value, span);
        }
        self.export_node(first, place(d.span))
    }

    fn export_default(&mut self, d: &'p ExportDefaultDeclaration<'p>) -> NodeId {
        let span = place(d.span);
        let first = self.ir.exports.len();
        let node = match &d.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(f) => self.function_declaration(f),
            ExportDefaultDeclarationKind::ClassDeclaration(c) => self.class_declaration(c),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => NodeId::NONE,
            match_expression!(ExportDefaultDeclarationKind) => {
                self.expr(d.declaration.to_expression())
            }
        };
        if node.is_none() {
            return NodeId::NONE;
        }
        let declaration = self.ir.node(node);
        let mut value = node;
        if declaration.op == Op::Declaration {
            self.add(node);
            let name = self.ir.node(NodeId(declaration.b));
            value = self.name_node(NameId(name.a), 0, name.span);
        }
        self.exported(DEFAULT, value, span);
        self.export_node(first, span)
    }

    /// The declaration goes into the list of statements first, then the names it declares.
    fn export_declaration(&mut self, d: &'p ExportDeclaration<'p>) -> NodeId {
        let first = self.ir.exports.len();
        let declared = self.work.declarations.len();
        let statement = self.declaration(&d.declaration);
        if statement.is_none() {
            return NodeId::NONE;
        }
        self.add(statement);
        for at in declared..self.work.declarations.len() {
            let declared = self.work.declarations[at];
            if declared.scope == self.at.scope {
                let span = self.ir.node(declared.node).span;
                let value = self.name_node(declared.name, 0, span);
                self.exported(declared.name, value, span);
            }
        }
        if matches!(&d.declaration, Declaration::TSImportEqualsDeclaration(_)) {
            self.ir.is_module = true;
        }
        self.export_node(first, place(d.span))
    }

    /// TypeScript's `export = x` is `module.exports = x`.
    fn export_assignment(&mut self, value: &'p Expression<'p>, span: Span) -> NodeId {
        let module = self.name_node(MODULE, 0, span);
        let target = self.push(Op::Member, 0, module.0, EXPORTS.0, span);
        let value = self.expr(value);
        let node = self.assign(target, value, 0, span);
        self.push(Op::Expression, 0, node.0, NONE, span)
    }
}
