//! Functions, arrows, parameters and returns.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Directive, FormalParameters,
    Function as ParserFunction, FunctionBody, FunctionType, match_expression,
};

use super::{Context, Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{
    BindingKind, ClassId, FuncId, Function, FunctionKind, ListId, NodeId, Op, Return, ScopeId,
};
use crate::parse::names::NameId;

impl<'p> Lower<'p> {
    /// Begins a function: its nodes, its scope, its `this`. Gives what to restore at the end.
    pub(super) fn open_function(&mut self, kind: FunctionKind, name: NameId) -> Context {
        let around = self.at;
        let id = FuncId(self.ir.functions.len() as u32);
        self.ir.functions.push(Function {
            node: NodeId::NONE,
            parent: around.function,
            name,
            kind,
            is_async: false,
            is_generator: false,
            params: ListId(0),
            param_count: 0,
            body: NodeId::NONE,
            first_node: self.next_node(),
            first_return: NONE,
            class: ClassId::NONE,
        });
        self.at.function = id;
        self.at.last_return = NONE;
        self.at.hoisted = self.work.hoisted.len() as u32;
        self.open_scope(true);
        if kind != FunctionKind::Arrow {
            self.at.this = id;
            self.at.this_scope = self.at.scope;
        }
        around
    }

    /// Ends the function that [`Self::open_function`] began.
    pub(super) fn close_function(&mut self, around: Context, body: NodeId, span: Span) -> NodeId {
        self.hoisted_functions();
        let id = self.at.function;
        self.close_scope(ScopeId::NONE);
        self.at = around;
        let node = self.push(Op::Function, 0, id.0, NONE, span);
        if let Some(function) = self.ir.functions.get_mut(id.index()) {
            function.node = node;
            function.body = body;
        }
        node
    }

    fn opened(&mut self) -> Option<&mut Function> {
        self.ir.functions.get_mut(self.at.function.index())
    }

    /// A function with body. Its name, if it is to be bound, is the caller's matter.
    #[inline(never)]
    pub(super) fn function(&mut self, f: &'p ParserFunction<'p>, kind: FunctionKind) -> NodeId {
        let name =
            f.id.as_ref()
                .map_or(NameId::NONE, |id| self.name(id.name.as_str()));
        let around = self.open_function(kind, name);
        let (is_async, is_generator) = (f.r#async, f.generator);
        if let Some(function) = self.opened() {
            function.is_async = is_async;
            function.is_generator = is_generator;
        }
        if let Some(body) = &f.body {
            self.at.strict |= is_strict(&body.directives);
        }
        self.params(&f.params);
        let body = match &f.body {
            Some(body) => self.body(body, &f.params, kind),
            None => NodeId::NONE,
        };
        self.close_function(around, body, place(f.span))
    }

    /// A function expression; its own name has a scope around the function.
    #[inline(never)]
    pub(super) fn function_expression(&mut self, f: &'p ParserFunction<'p>) -> NodeId {
        let Some(id) = &f.id else {
            return self.function(f, FunctionKind::Normal);
        };
        let around = self.open_scope(false);
        let name = self.declared(id, NodeId::NONE, BindingKind::OwnName);
        let node = self.function(f, FunctionKind::Normal);
        self.define(name, node);
        self.close_scope(around);
        node
    }

    /// A function declaration: NONE if it is a type only. `anonymous` for `export default`.
    #[inline(never)]
    pub(super) fn function_declaration(&mut self, f: &'p ParserFunction<'p>) -> NodeId {
        match f.r#type {
            FunctionType::FunctionDeclaration | FunctionType::FunctionExpression => {}
            FunctionType::TSDeclareFunction | FunctionType::TSEmptyBodyFunctionExpression => {
                return NodeId::NONE;
            }
        }
        if f.declare || f.body.is_none() {
            return NodeId::NONE;
        }
        let node = self.function(f, FunctionKind::Normal);
        let Some(id) = &f.id else {
            return node;
        };
        let name = self.declared(id, node, BindingKind::Function);
        let plain = !f.r#async && !f.generator;
        if plain && !self.at.strict && self.at.scope != self.at.var_scope {
            let text = NameId(self.ir.node(name).a);
            self.work.hoisted.push((text, name, node));
        }
        self.push(Op::Declaration, 0, node.0, name.0, place(f.span))
    }

    #[inline(never)]
    pub(super) fn arrow(&mut self, f: &'p ArrowFunctionExpression<'p>) -> NodeId {
        let around = self.open_function(FunctionKind::Arrow, NameId::NONE);
        if let Some(function) = self.opened() {
            function.is_async = f.r#async;
        }
        if let ArrowFunctionBody::FunctionBody(body) = &f.body {
            self.at.strict |= is_strict(&body.directives);
        }
        self.params(&f.params);
        let body = match &f.body {
            ArrowFunctionBody::FunctionBody(body) => {
                self.body(body, &f.params, FunctionKind::Arrow)
            }
            match_expression!(ArrowFunctionBody) => {
                let value = self.expr(f.body.to_expression());
                self.returned(value);
                value
            }
        };
        self.close_function(around, body, place(f.span))
    }

    /// Notes a value that the function gives back; NONE for a bare `return`.
    pub(super) fn returned(&mut self, value: NodeId) {
        let at = self.ir.returns.len() as u32;
        let last = std::mem::replace(&mut self.at.last_return, at);
        if let Some(last) = self.ir.returns.get_mut(last as usize) {
            last.next = at;
        } else if let Some(function) = self.opened() {
            function.first_return = at;
        } else {
            // The top level of a CommonJS file: nobody gets the value.
            self.at.last_return = NONE;
        }
        self.ir.returns.push(Return { value, next: NONE });
    }

    fn params(&mut self, params: &'p FormalParameters<'p>) {
        if params.items.is_empty() && params.rest.is_none() {
            return;
        }
        let mark = self.mark();
        for (at, param) in params.items.iter().enumerate() {
            let span = place(param.span);
            let mut value = self.push(Op::Param, 0, self.at.function.0, at as u32, span);
            if let Some(init) = &param.initializer {
                value = self.default_value(value, init, span);
            }
            let target = self.pattern(&param.pattern, value, BindingKind::Param);
            self.add(target);
        }
        let mut count = params.items.len() as u32;
        if let Some(rest) = &params.rest {
            let value = self.push(
                Op::RestParam,
                0,
                self.at.function.0,
                count,
                place(rest.span),
            );
            let target = self.pattern(&rest.rest.argument, value, BindingKind::Param);
            self.add(target);
            count += 1;
        }
        let list = self.list(mark);
        if let Some(function) = self.opened() {
            function.params = list;
            function.param_count = count;
        }
    }

    fn body(
        &mut self,
        body: &'p FunctionBody<'p>,
        params: &'p FormalParameters<'p>,
        kind: FunctionKind,
    ) -> NodeId {
        let mark = self.mark();
        if kind == FunctionKind::Constructor {
            self.parameter_properties(params);
        }
        self.directives(&body.directives);
        self.statements(&body.statements);
        let list = self.list(mark);
        self.push(Op::Block, 0, list.0, NONE, place(body.span))
    }

    pub(super) fn directives(&mut self, directives: &'p [Directive<'p>]) {
        for directive in directives {
            let node = self.string_literal(&directive.expression);
            let node = self.push(Op::Expression, 0, node.0, NONE, place(directive.span));
            self.add(node);
        }
    }

    /// TypeScript's `constructor(private x)` is `this.x = x`.
    fn parameter_properties(&mut self, params: &'p FormalParameters<'p>) {
        for param in &params.items {
            let is_property = param.accessibility.is_some() || param.readonly || param.r#override;
            let BindingPattern::BindingIdentifier(id) = &param.pattern else {
                continue;
            };
            if !is_property {
                continue;
            }
            let span = place(id.span);
            let name = self.name(id.name.as_str());
            let this = self.push(Op::This, 0, self.at.this.0, NONE, span);
            let target = self.push(Op::Member, 0, this.0, name.0, span);
            let value = self.name_node(name, 0, span);
            let node = self.assign(target, value, 0, span);
            let node = self.push(Op::Expression, 0, node.0, NONE, span);
            self.add(node);
        }
    }
}

pub(super) fn is_strict(directives: &[Directive<'_>]) -> bool {
    directives
        .iter()
        .any(|directive| directive.directive == "use strict")
}
