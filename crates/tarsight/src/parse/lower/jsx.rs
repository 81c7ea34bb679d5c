//! JSX: an element is a node with its attributes, then its children.

use oxc_ast::ast::{
    JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXExpression, JSXFragment, JSXMemberExpression, JSXMemberExpressionObject, JSXNamespacedName,
    match_expression,
};

use super::{Lower, NONE, place};
use crate::parse::ir::{NodeId, Op};

impl<'p> Lower<'p> {
    #[inline(never)]
    pub(super) fn jsx_element(&mut self, e: &'p JSXElement<'p>) -> NodeId {
        let opening = &e.opening_element;
        let element = match &opening.name {
            JSXElementName::Identifier(name) => self.string(name.name.as_str(), place(name.span)),
            JSXElementName::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                self.name_node(id, 0, place(name.span))
            }
            JSXElementName::NamespacedName(name) => self.jsx_namespaced(name),
            JSXElementName::MemberExpression(name) => self.jsx_member(name),
            JSXElementName::ThisExpression(name) => {
                self.push(Op::This, 0, self.at.this.0, NONE, place(name.span))
            }
        };
        let mark = self.mark();
        for attribute in &opening.attributes {
            let node = self.jsx_attribute(attribute);
            self.add(node);
        }
        self.jsx_children(&e.children);
        let list = self.list(mark);
        self.push(Op::Jsx, 0, element.0, list.0, place(e.span))
    }

    #[inline(never)]
    pub(super) fn jsx_fragment(&mut self, e: &'p JSXFragment<'p>) -> NodeId {
        let element = self.hole(e.span.start);
        let mark = self.mark();
        self.jsx_children(&e.children);
        let list = self.list(mark);
        self.push(Op::Jsx, 0, element.0, list.0, place(e.span))
    }

    fn jsx_children(&mut self, children: &'p [JSXChild<'p>]) {
        for child in children {
            let node = match child {
                JSXChild::Text(e) => self.string(e.value.as_str(), place(e.span)),
                JSXChild::Element(e) => self.jsx_element(e),
                JSXChild::Fragment(e) => self.jsx_fragment(e),
                JSXChild::ExpressionContainer(e) => match self.jsx_expression(&e.expression) {
                    Some(node) => node,
                    None => continue,
                },
                JSXChild::Spread(e) => {
                    let value = self.expr(&e.expression);
                    self.push(Op::Spread, 0, value.0, NONE, place(e.span))
                }
            };
            self.add(node);
        }
    }

    /// `None` for `{}` and `{/* … */}`.
    fn jsx_expression(&mut self, e: &'p JSXExpression<'p>) -> Option<NodeId> {
        match e {
            JSXExpression::EmptyExpression(_) => None,
            match_expression!(JSXExpression) => Some(self.expr(e.to_expression())),
        }
    }

    fn jsx_attribute(&mut self, attribute: &'p JSXAttributeItem<'p>) -> NodeId {
        let e = match attribute {
            JSXAttributeItem::Attribute(e) => e,
            JSXAttributeItem::SpreadAttribute(e) => {
                let value = self.expr(&e.argument);
                return self.push(Op::Spread, 0, value.0, NONE, place(e.span));
            }
        };
        let key = match &e.name {
            JSXAttributeName::Identifier(name) => self.string(name.name.as_str(), place(name.span)),
            JSXAttributeName::NamespacedName(name) => self.jsx_namespaced(name),
        };
        let value = match &e.value {
            Some(JSXAttributeValue::StringLiteral(value)) => Some(self.string_literal(value)),
            Some(JSXAttributeValue::ExpressionContainer(value)) => {
                self.jsx_expression(&value.expression)
            }
            Some(JSXAttributeValue::Element(value)) => Some(self.jsx_element(value)),
            Some(JSXAttributeValue::Fragment(value)) => Some(self.jsx_fragment(value)),
            None => None,
        };
        let value = value.unwrap_or_else(|| self.push(Op::Bool, 0, 1, NONE, place(e.span)));
        self.push(Op::Property, 0, key.0, value.0, place(e.span))
    }

    fn jsx_namespaced(&mut self, e: &'p JSXNamespacedName<'p>) -> NodeId {
        let start = self.cook(e.namespace.name.as_str());
        self.ir.cooked.push(':');
        self.ir.cooked.push_str(e.name.name.as_str());
        let len = e.namespace.name.len() + 1 + e.name.name.len();
        self.push(Op::String, 0, start, len as u32, place(e.span))
    }

    /// `a.b.c`, however long.
    fn jsx_member(&mut self, e: &'p JSXMemberExpression<'p>) -> NodeId {
        let mut steps = vec![e];
        let mut object = &e.object;
        while let JSXMemberExpressionObject::MemberExpression(inner) = object {
            steps.push(inner);
            object = &inner.object;
        }
        let mut node = match object {
            JSXMemberExpressionObject::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                self.name_node(id, 0, place(name.span))
            }
            JSXMemberExpressionObject::ThisExpression(this) => {
                self.push(Op::This, 0, self.at.this.0, NONE, place(this.span))
            }
            // The loop above stops at anything else.
            JSXMemberExpressionObject::MemberExpression(inner) => self.hole(inner.span.start),
        };
        for step in steps.into_iter().rev() {
            let name = self.name(step.property.name.as_str());
            node = self.push(Op::Member, 0, node.0, name.0, place(step.span));
        }
        node
    }
}
