//! Classes, their members and decorators.

use oxc_ast::ast::{
    AccessorProperty, AccessorPropertyType, Class as ParserClass, ClassElement, Decorator,
    Expression, FormalParameters, MethodDefinition, MethodDefinitionKind, MethodDefinitionType,
    PropertyDefinition, PropertyDefinitionType, StaticBlock,
};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{
    BindingKind, Class, ClassId, FuncId, FunctionKind, ListId, MEMBER_BLOCK, MEMBER_FIELD,
    MEMBER_STATIC, NodeId, Op, PropertyKind,
};
use crate::parse::names::NameId;

impl<'p> Lower<'p> {
    #[inline(never)]
    pub(super) fn class_expression(&mut self, class: &'p ParserClass<'p>) -> NodeId {
        let Some(id) = &class.id else {
            return self.class(class);
        };
        let around = self.open_scope(false);
        let name = self.declared(id, NodeId::NONE, BindingKind::OwnName);
        let node = self.class(class);
        self.define(name, node);
        self.close_scope(around);
        node
    }

    /// A class declaration: NONE if it is a type only, the Class itself if it has no name.
    #[inline(never)]
    pub(super) fn class_declaration(&mut self, class: &'p ParserClass<'p>) -> NodeId {
        if class.declare {
            return NodeId::NONE;
        }
        let node = self.class(class);
        let Some(id) = &class.id else {
            return node;
        };
        let name = self.declared(id, node, BindingKind::Class);
        self.push(Op::Declaration, 0, node.0, name.0, place(class.span))
    }

    fn class(&mut self, class: &'p ParserClass<'p>) -> NodeId {
        let strict = std::mem::replace(&mut self.at.strict, true);
        let decorators = self.mark();
        self.decorators(&class.decorators);
        let id = ClassId(self.ir.classes.len() as u32);
        self.ir.classes.push(Class {
            node: NodeId::NONE,
            superclass: NodeId::NONE,
            members: ListId(0),
            constructor: FuncId::NONE,
        });
        let superclass = match &class.heritage {
            Some(heritage) => self.expr(&heritage.expression),
            None => NodeId::NONE,
        };
        let mark = self.mark();
        for element in &class.body.body {
            let member = self.member(element, id);
            if !member.is_none() {
                self.add(member);
            }
        }
        let members = self.list(mark);
        let node = self.push(Op::Class, 0, id.0, NONE, place(class.span));
        if let Some(class) = self.ir.classes.get_mut(id.index()) {
            class.node = node;
            class.superclass = superclass;
            class.members = members;
        }
        self.decorate(decorators, node);
        self.at.strict = strict;
        node
    }

    fn member(&mut self, element: &'p ClassElement<'p>, class: ClassId) -> NodeId {
        match element {
            ClassElement::StaticBlock(e) => self.static_block(e, class),
            ClassElement::MethodDefinition(e) => self.method(e, class),
            ClassElement::PropertyDefinition(e) => self.property(e, class),
            ClassElement::AccessorProperty(e) => self.accessor(e, class),
            ClassElement::TSIndexSignature(_) => NodeId::NONE,
        }
    }

    #[inline(never)]
    fn method(&mut self, e: &'p MethodDefinition<'p>, class: ClassId) -> NodeId {
        let is_type = match e.r#type {
            MethodDefinitionType::MethodDefinition => e.value.body.is_none(),
            MethodDefinitionType::TSAbstractMethodDefinition => true,
        };
        if is_type {
            return NodeId::NONE;
        }
        let decorators = self.mark();
        self.decorators(&e.decorators);
        self.parameter_decorators(&e.value.params);
        let kind = match e.kind {
            MethodDefinitionKind::Constructor => return self.constructor(e, class, decorators),
            MethodDefinitionKind::Method => PropertyKind::Method,
            MethodDefinitionKind::Get => PropertyKind::Get,
            MethodDefinitionKind::Set => PropertyKind::Set,
        };
        let key = self.key(&e.key, e.computed);
        let function = FuncId(self.ir.functions.len() as u32);
        let value = self.function(&e.value, FunctionKind::Method);
        self.set_class(function, class);
        let sub = kind as u8 | if e.r#static { MEMBER_STATIC } else { 0 };
        let node = self.push(Op::Property, sub, key.0, value.0, place(e.span));
        self.decorate(decorators, node);
        node
    }

    /// The constructor stands in [`Class::constructor`], not among the members.
    fn constructor(
        &mut self,
        e: &'p MethodDefinition<'p>,
        class: ClassId,
        decorators: usize,
    ) -> NodeId {
        let function = FuncId(self.ir.functions.len() as u32);
        let node = self.function(&e.value, FunctionKind::Constructor);
        self.set_class(function, class);
        if let Some(class) = self.ir.classes.get_mut(class.index()) {
            class.constructor = function;
        }
        self.decorate(decorators, node);
        NodeId::NONE
    }

    #[inline(never)]
    fn property(&mut self, e: &'p PropertyDefinition<'p>, class: ClassId) -> NodeId {
        let is_type = match e.r#type {
            PropertyDefinitionType::PropertyDefinition => e.declare,
            PropertyDefinitionType::TSAbstractPropertyDefinition => true,
        };
        if is_type {
            return NodeId::NONE;
        }
        let decorators = self.mark();
        self.decorators(&e.decorators);
        let key = self.key(&e.key, e.computed);
        self.field(
            key,
            e.value.as_ref(),
            e.r#static,
            class,
            decorators,
            place(e.span),
        )
    }

    #[inline(never)]
    fn accessor(&mut self, e: &'p AccessorProperty<'p>, class: ClassId) -> NodeId {
        match e.r#type {
            AccessorPropertyType::AccessorProperty => {}
            AccessorPropertyType::TSAbstractAccessorProperty => return NodeId::NONE,
        }
        let decorators = self.mark();
        self.decorators(&e.decorators);
        let key = self.key(&e.key, e.computed);
        self.field(
            key,
            e.value.as_ref(),
            e.r#static,
            class,
            decorators,
            place(e.span),
        )
    }

    /// A field; its initialiser is a function of its own, since it runs at another time.
    fn field(
        &mut self,
        key: NodeId,
        value: Option<&'p Expression<'p>>,
        is_static: bool,
        class: ClassId,
        decorators: usize,
        span: Span,
    ) -> NodeId {
        let value = match value {
            Some(value) => {
                let kind = if is_static {
                    FunctionKind::StaticBlock
                } else {
                    FunctionKind::Field
                };
                let around = self.open_function(kind, NameId::NONE);
                self.set_class(self.at.function, class);
                let value = self.expr(value);
                self.returned(value);
                let span = self.ir.node(value).span;
                self.close_function(around, value, span)
            }
            None => self.hole(span.end),
        };
        let sub = MEMBER_FIELD | if is_static { MEMBER_STATIC } else { 0 };
        let node = self.push(Op::Property, sub, key.0, value.0, span);
        self.decorate(decorators, node);
        node
    }

    #[inline(never)]
    fn static_block(&mut self, e: &'p StaticBlock<'p>, class: ClassId) -> NodeId {
        let span = place(e.span);
        let key = self.hole(span.start);
        let around = self.open_function(FunctionKind::StaticBlock, NameId::NONE);
        self.set_class(self.at.function, class);
        let mark = self.mark();
        self.statements(&e.body);
        let list = self.list(mark);
        let body = self.push(Op::Block, 0, list.0, NONE, span);
        let value = self.close_function(around, body, span);
        self.push(
            Op::Property,
            MEMBER_STATIC | MEMBER_BLOCK,
            key.0,
            value.0,
            span,
        )
    }

    fn set_class(&mut self, function: FuncId, class: ClassId) {
        if let Some(function) = self.ir.functions.get_mut(function.index()) {
            function.class = class;
        }
    }

    /// Stacks the expressions of decorators; [`Self::decorate`] takes them off.
    fn decorators(&mut self, decorators: &'p [Decorator<'p>]) {
        for decorator in decorators {
            let node = self.expr(&decorator.expression);
            self.add(node);
        }
    }

    /// Decorators of parameters run with the class, so they count as the method's own.
    fn parameter_decorators(&mut self, params: &'p FormalParameters<'p>) {
        for param in &params.items {
            self.decorators(&param.decorators);
        }
        if let Some(rest) = &params.rest {
            self.decorators(&rest.decorators);
        }
    }

    fn decorate(&mut self, mark: usize, decorated: NodeId) {
        for at in mark..self.work.scratch.len() {
            let expression = NodeId(self.work.scratch[at]);
            let span = self.ir.node(expression).span;
            self.push(Op::Decorator, 0, expression.0, decorated.0, span);
        }
        self.work.scratch.truncate(mark);
    }
}
