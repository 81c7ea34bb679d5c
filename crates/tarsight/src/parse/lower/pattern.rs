//! Binding patterns: each declared name gets a value made of the whole's parts.

use oxc_ast::ast::{ArrayPattern, BindingIdentifier, BindingPattern, Expression, ObjectPattern};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BindingKind, ListId, NAME_IS_TARGET, NodeId, Op};

impl<'p> Lower<'p> {
    /// Declares the names of a pattern; `value` is what the whole gets, NONE if nothing.
    pub(super) fn pattern(
        &mut self,
        pattern: &'p BindingPattern<'p>,
        value: NodeId,
        kind: BindingKind,
    ) -> NodeId {
        match pattern {
            BindingPattern::BindingIdentifier(e) => self.declared(e, value, kind),
            BindingPattern::ObjectPattern(e) => self.object_pattern(e, value, kind),
            BindingPattern::ArrayPattern(e) => self.array_pattern(e, value, kind),
            BindingPattern::AssignmentPattern(e) => {
                let value = self.default_value(value, &e.right, place(e.span));
                self.pattern(&e.left, value, kind)
            }
        }
    }

    /// A declared name and its value, NONE if it gets none here.
    pub(super) fn declared(
        &mut self,
        e: &BindingIdentifier<'p>,
        value: NodeId,
        kind: BindingKind,
    ) -> NodeId {
        let name = self.name(e.name.as_str());
        let node = self.name_node(name, NAME_IS_TARGET, place(e.span));
        self.declare(name, kind, node);
        self.define(node, value);
        node
    }

    #[inline(never)]
    fn object_pattern(
        &mut self,
        e: &'p ObjectPattern<'p>,
        value: NodeId,
        kind: BindingKind,
    ) -> NodeId {
        let mark = self.mark();
        for property in &e.properties {
            let key = self.key(&property.key, property.computed);
            let item = self.taken(value, key);
            let target = self.pattern(&property.value, item, kind);
            let node = self.push(Op::Property, 0, key.0, target.0, place(property.span));
            self.add(node);
        }
        if let Some(rest) = &e.rest {
            let item = self.object_rest(value, mark, place(rest.span));
            let target = self.pattern(&rest.argument, item, kind);
            let node = self.push(Op::Spread, 0, target.0, NONE, place(rest.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Object, 0, list.0, NONE, place(e.span))
    }

    #[inline(never)]
    fn array_pattern(
        &mut self,
        e: &'p ArrayPattern<'p>,
        value: NodeId,
        kind: BindingKind,
    ) -> NodeId {
        let mark = self.mark();
        for (at, element) in e.elements.iter().enumerate() {
            let node = match element {
                Some(element) => {
                    let item = self.element(value, at);
                    self.pattern(element, item, kind)
                }
                None => self.hole(e.span.start),
            };
            self.add(node);
        }
        if let Some(rest) = &e.rest {
            let item = self.array_rest(value, e.elements.len());
            let target = self.pattern(&rest.argument, item, kind);
            let node = self.push(Op::Spread, 0, target.0, NONE, place(rest.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Array, 0, list.0, NONE, place(e.span))
    }

    // ── the parts of a value ─────────────────────────────────────────────────

    /// `value`, or the default if it is undefined.
    pub(super) fn default_value(
        &mut self,
        value: NodeId,
        init: &'p Expression<'p>,
        span: Span,
    ) -> NodeId {
        let init = self.expr(init);
        if value.is_none() {
            return init;
        }
        self.push(Op::Default, 0, value.0, init.0, span)
    }

    /// The property that a pattern takes out: a Member if the key is a plain string.
    pub(super) fn taken(&mut self, value: NodeId, key: NodeId) -> NodeId {
        let node = self.ir.node(key);
        if value.is_none() {
            return value;
        }
        if node.op != Op::String || node.sub != 0 {
            return self.push(Op::Index, 0, value.0, key.0, node.span);
        }
        let name = self.name_of_range(node.a, node.b);
        self.push(Op::Member, 0, value.0, name.0, node.span)
    }

    pub(super) fn element(&mut self, value: NodeId, at: usize) -> NodeId {
        if value.is_none() {
            return value;
        }
        let span = self.ir.node(value).span;
        self.push(Op::Element, 0, value.0, at as u32, span)
    }

    pub(super) fn array_rest(&mut self, value: NodeId, taken: usize) -> NodeId {
        if value.is_none() {
            return value;
        }
        let span = self.ir.node(value).span;
        self.push(Op::ArrayRest, 0, value.0, taken as u32, span)
    }

    /// What is left of `value` after the properties in the list that began at `mark`.
    pub(super) fn object_rest(&mut self, value: NodeId, mark: usize, span: Span) -> NodeId {
        if value.is_none() {
            return value;
        }
        let mut keys = ListId(0);
        if let Some(properties) = self
            .work
            .scratch
            .get(mark..)
            .filter(|list| !list.is_empty())
        {
            keys = ListId(self.ir.lists.len() as u32);
            self.ir.lists.push(properties.len() as u32);
            for &property in properties {
                let key = self
                    .ir
                    .nodes
                    .get(property as usize)
                    .map_or(NONE, |node| node.a);
                self.ir.lists.push(key);
            }
        }
        self.push(Op::ObjectRest, 0, value.0, keys.0, span)
    }
}
