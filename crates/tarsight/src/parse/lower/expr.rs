//! Expressions: the left-deep chains by loop, the rest one function per kind.

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, BinaryExpression, CallExpression, ChainElement,
    ComputedMemberExpression, Expression, ImportExpression, LogicalExpression, NewExpression,
    ObjectPropertyKind, PrivateFieldExpression, PropertyKey, PropertyKind as ParserPropertyKind,
    StaticMemberExpression, TaggedTemplateExpression, UnaryExpression, match_expression,
};
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{
    BinaryOp, FunctionKind, ListId, LogicalOp, NodeId, Op, PropertyKind, UnaryOp,
};

/// A step of a left-deep chain that still wants its left side.
#[derive(Clone, Copy)]
pub(super) enum Link<'p> {
    Binary(&'p BinaryExpression<'p>),
    Logical(&'p LogicalExpression<'p>),
    Member(&'p StaticMemberExpression<'p>),
    Index(&'p ComputedMemberExpression<'p>),
    Private(&'p PrivateFieldExpression<'p>),
    Call(&'p CallExpression<'p>),
    Tagged(&'p TaggedTemplateExpression<'p>),
}

impl<'p> Lower<'p> {
    pub(super) fn expr(&mut self, expression: &'p Expression<'p>) -> NodeId {
        let mark = self.spine.len();
        let head = self.descend(expression);
        if self.spine.len() == mark {
            return head;
        }
        self.climb(mark, head)
    }

    /// `left[key]`; a name that is written there as a text is as one behind a dot.
    pub(super) fn index(&mut self, e: &'p ComputedMemberExpression<'p>, left: NodeId) -> NodeId {
        let optional = u8::from(e.optional);
        if let Expression::StringLiteral(key) = &e.expression
            && !key.lone_surrogates
            && !key
                .value
                .starts_with(|first: char| first == '#' || first.is_ascii_digit())
        {
            let name = self.name(key.value.as_str());
            return self.push(Op::Member, optional, left.0, name.0, place(e.span));
        }
        let key = self.expr(&e.expression);
        self.push(Op::Index, optional, left.0, key.0, place(e.span))
    }

    /// Stacks the steps of a chain and lowers what it starts with.
    fn descend(&mut self, expression: &'p Expression<'p>) -> NodeId {
        let mut at = expression;
        loop {
            at = match at {
                Expression::Identifier(e) => {
                    let name = self.name(e.name.as_str());
                    return self.name_node(name, 0, place(e.span));
                }
                Expression::StaticMemberExpression(e) => {
                    self.spine.push(Link::Member(e));
                    &e.object
                }
                Expression::CallExpression(e) => {
                    self.spine.push(Link::Call(e));
                    &e.callee
                }
                Expression::ComputedMemberExpression(e) => {
                    self.spine.push(Link::Index(e));
                    &e.object
                }
                Expression::PrivateFieldExpression(e) => {
                    self.spine.push(Link::Private(e));
                    &e.object
                }
                Expression::BinaryExpression(e) => {
                    self.spine.push(Link::Binary(e));
                    &e.left
                }
                Expression::LogicalExpression(e) => {
                    self.spine.push(Link::Logical(e));
                    &e.left
                }
                Expression::TaggedTemplateExpression(e) => {
                    self.spine.push(Link::Tagged(e));
                    &e.tag
                }
                Expression::ChainExpression(e) => match &e.expression {
                    ChainElement::CallExpression(e) => {
                        self.spine.push(Link::Call(e));
                        &e.callee
                    }
                    ChainElement::StaticMemberExpression(e) => {
                        self.spine.push(Link::Member(e));
                        &e.object
                    }
                    ChainElement::ComputedMemberExpression(e) => {
                        self.spine.push(Link::Index(e));
                        &e.object
                    }
                    ChainElement::PrivateFieldExpression(e) => {
                        self.spine.push(Link::Private(e));
                        &e.object
                    }
                    ChainElement::TSNonNullExpression(e) => &e.expression,
                },
                Expression::ParenthesizedExpression(e) => &e.expression,
                Expression::TSAsExpression(e) => &e.expression,
                Expression::TSSatisfiesExpression(e) => &e.expression,
                Expression::TSTypeAssertion(e) => &e.expression,
                Expression::TSNonNullExpression(e) => &e.expression,
                Expression::TSInstantiationExpression(e) => &e.expression,
                Expression::BooleanLiteral(e) => {
                    return self.push(Op::Bool, 0, u32::from(e.value), NONE, place(e.span));
                }
                Expression::NullLiteral(e) => {
                    return self.push(Op::Null, 0, NONE, NONE, place(e.span));
                }
                Expression::NumericLiteral(e) => return self.number(e.value, place(e.span)),
                Expression::StringLiteral(e) => return self.string_literal(e),
                Expression::BigIntLiteral(e) => return self.big_int(e),
                Expression::RegExpLiteral(e) => return self.regex(e),
                Expression::TemplateLiteral(e) => return self.template(e),
                Expression::Super(e) => {
                    return self.push(Op::Super, 0, self.at.this.0, NONE, place(e.span));
                }
                Expression::ThisExpression(e) => {
                    return self.push(Op::This, 0, self.at.this.0, NONE, place(e.span));
                }
                Expression::ImportMeta(e) => {
                    return self.push(Op::ImportMeta, 0, NONE, NONE, place(e.span));
                }
                Expression::NewTarget(e) => {
                    return self.push(Op::NewTarget, 0, NONE, NONE, place(e.span));
                }
                Expression::ArrayExpression(e) => return self.array(&e.elements, place(e.span)),
                Expression::ObjectExpression(e) => {
                    return self.object(&e.properties, place(e.span));
                }
                Expression::ArrowFunctionExpression(e) => return self.arrow(e),
                Expression::FunctionExpression(e) => return self.function_expression(e),
                Expression::ClassExpression(e) => return self.class_expression(e),
                Expression::AssignmentExpression(e) => return self.assignment(e),
                Expression::UpdateExpression(e) => return self.update(e),
                Expression::UnaryExpression(e) => return self.unary(e),
                Expression::AwaitExpression(e) => {
                    let value = self.expr(&e.argument);
                    return self.push(Op::Await, 0, value.0, NONE, place(e.span));
                }
                Expression::YieldExpression(e) => {
                    let value = e
                        .argument
                        .as_ref()
                        .map_or(NodeId::NONE, |value| self.expr(value));
                    return self.push(
                        Op::Yield,
                        u8::from(e.delegate),
                        value.0,
                        NONE,
                        place(e.span),
                    );
                }
                Expression::ConditionalExpression(e) => {
                    let test = self.expr(&e.test);
                    let then = self.guarded(test, true, &e.consequent);
                    let other = self.guarded(test, false, &e.alternate);
                    let list = self.list_of(&[then, other]);
                    return self.push(Op::Conditional, 0, test.0, list.0, place(e.span));
                }
                Expression::SequenceExpression(e) => {
                    let mark = self.mark();
                    for item in &e.expressions {
                        let item = self.expr(item);
                        self.add(item);
                    }
                    let list = self.list(mark);
                    return self.push(Op::Sequence, 0, list.0, NONE, place(e.span));
                }
                Expression::NewExpression(e) => return self.new_expression(e),
                Expression::ImportExpression(e) => return self.import_call(e),
                Expression::PrivateInExpression(e) => {
                    let key = self.private(&e.left);
                    let object = self.expr(&e.right);
                    let sub = BinaryOp::In as u8;
                    return self.push(Op::Binary, sub, key.0, object.0, place(e.span));
                }
                Expression::JSXElement(e) => return self.jsx_element(e),
                Expression::JSXFragment(e) => return self.jsx_fragment(e),
                Expression::V8IntrinsicExpression(e) => {
                    let name = self.name(e.name.name.as_str());
                    let callee = self.name_node(name, 0, place(e.name.span));
                    let list = self.arguments(&e.arguments);
                    return self.call(Op::Call, 0, callee, list.0, place(e.span));
                }
            };
        }
    }

    /// Builds the chain from the inside out.
    fn climb(&mut self, mark: usize, head: NodeId) -> NodeId {
        let mut left = head;
        while self.spine.len() > mark {
            let Some(link) = self.spine.pop() else { break };
            left = match link {
                Link::Member(e) => {
                    let name = self.name(e.property.name.as_str());
                    self.push(
                        Op::Member,
                        u8::from(e.optional),
                        left.0,
                        name.0,
                        place(e.span),
                    )
                }
                Link::Call(e) => {
                    let list = self.arguments(&e.arguments);
                    self.call(Op::Call, u8::from(e.optional), left, list.0, place(e.span))
                }
                Link::Index(e) => self.index(e, left),
                Link::Private(e) => {
                    let name = self.private_name(&e.field);
                    self.push(
                        Op::Member,
                        u8::from(e.optional),
                        left.0,
                        name.0,
                        place(e.span),
                    )
                }
                Link::Binary(e) => {
                    let right = self.expr(&e.right);
                    let operator = binary(e.operator);
                    match self.folded(operator, left, right) {
                        Some(number) => self.number(number, place(e.span)),
                        None => {
                            self.push(Op::Binary, operator as u8, left.0, right.0, place(e.span))
                        }
                    }
                }
                Link::Logical(e) => {
                    let operator = logical(e.operator);
                    let right = self.guarded(left, operator == LogicalOp::And, &e.right);
                    self.push(Op::Logical, operator as u8, left.0, right.0, place(e.span))
                }
                Link::Tagged(e) => {
                    let template = self.template(&e.quasi);
                    self.call(Op::TaggedTemplate, 0, left, template.0, place(e.span))
                }
            };
        }
        left
    }

    /// A node that goes into [`crate::parse::ir::Ir::calls`].
    #[inline]
    pub(super) fn call(&mut self, op: Op, sub: u8, callee: NodeId, b: u32, span: Span) -> NodeId {
        let node = self.push(op, sub, callee.0, b, span);
        self.ir.calls.push(node);
        node
    }

    fn arguments(&mut self, arguments: &'p [Argument<'p>]) -> ListId {
        let mark = self.mark();
        for argument in arguments {
            let node = match argument {
                Argument::SpreadElement(e) => {
                    let value = self.expr(&e.argument);
                    self.push(Op::Spread, 0, value.0, NONE, place(e.span))
                }
                match_expression!(Argument) => self.expr(argument.to_expression()),
            };
            self.add(node);
        }
        self.list(mark)
    }

    #[inline(never)]
    fn new_expression(&mut self, e: &'p NewExpression<'p>) -> NodeId {
        let callee = self.expr(&e.callee);
        let list = self.arguments(&e.arguments);
        self.call(Op::New, 0, callee, list.0, place(e.span))
    }

    #[inline(never)]
    fn import_call(&mut self, e: &'p ImportExpression<'p>) -> NodeId {
        let source = self.expr(&e.source);
        let options = e
            .options
            .as_ref()
            .map_or(NodeId::NONE, |options| self.expr(options));
        self.call(Op::ImportCall, 0, source, options.0, place(e.span))
    }

    #[inline(never)]
    fn unary(&mut self, e: &'p UnaryExpression<'p>) -> NodeId {
        let value = self.expr(&e.argument);
        let operator = match e.operator {
            UnaryOperator::UnaryPlus => UnaryOp::Plus,
            UnaryOperator::UnaryNegation => UnaryOp::Minus,
            UnaryOperator::LogicalNot => UnaryOp::Not,
            UnaryOperator::BitwiseNot => UnaryOp::BitNot,
            UnaryOperator::Typeof => UnaryOp::Typeof,
            UnaryOperator::Void => UnaryOp::Void,
            UnaryOperator::Delete => UnaryOp::Delete,
        };
        if operator == UnaryOp::Minus
            && let Some(number) = self.literal(value)
        {
            return self.number(-number, place(e.span));
        }
        let node = self.push(Op::Unary, operator as u8, value.0, NONE, place(e.span));
        if operator == UnaryOp::Delete && matches!(self.ir.node(value).op, Op::Member | Op::Index) {
            self.ir.writes.push(node);
        }
        node
    }

    #[inline(never)]
    fn array(&mut self, elements: &'p [ArrayExpressionElement<'p>], span: Span) -> NodeId {
        let mark = self.mark();
        for element in elements {
            let node = match element {
                ArrayExpressionElement::SpreadElement(e) => {
                    let value = self.expr(&e.argument);
                    self.push(Op::Spread, 0, value.0, NONE, place(e.span))
                }
                ArrayExpressionElement::Elision(e) => self.hole(e.span.start),
                match_expression!(ArrayExpressionElement) => self.expr(element.to_expression()),
            };
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Array, 0, list.0, NONE, span)
    }

    #[inline(never)]
    pub(super) fn object(
        &mut self,
        properties: &'p [ObjectPropertyKind<'p>],
        span: Span,
    ) -> NodeId {
        let mark = self.mark();
        for property in properties {
            let node = match property {
                ObjectPropertyKind::SpreadProperty(e) => {
                    let value = self.expr(&e.argument);
                    self.push(Op::Spread, 0, value.0, NONE, place(e.span))
                }
                ObjectPropertyKind::ObjectProperty(e) => {
                    let key = self.key(&e.key, e.computed);
                    let kind = match e.kind {
                        ParserPropertyKind::Init if e.method => PropertyKind::Method,
                        ParserPropertyKind::Init => PropertyKind::Init,
                        ParserPropertyKind::Get => PropertyKind::Get,
                        ParserPropertyKind::Set => PropertyKind::Set,
                    };
                    let value = match &e.value {
                        Expression::FunctionExpression(f) if kind != PropertyKind::Init => {
                            self.function(f, FunctionKind::Method)
                        }
                        value => self.expr(value),
                    };
                    self.push(Op::Property, kind as u8, key.0, value.0, place(e.span))
                }
            };
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Object, 0, list.0, NONE, span)
    }

    /// A property key: a string unless computed.
    pub(super) fn key(&mut self, key: &'p PropertyKey<'p>, computed: bool) -> NodeId {
        match key {
            PropertyKey::StaticIdentifier(e) => self.string(e.name.as_str(), place(e.span)),
            PropertyKey::PrivateIdentifier(e) => self.private(e),
            PropertyKey::NumericLiteral(e) if !computed => self.numeric_key(e),
            PropertyKey::BigIntLiteral(e) if !computed => {
                self.string(e.value.as_str(), place(e.span))
            }
            match_expression!(PropertyKey) => self.expr(key.to_expression()),
        }
    }
}

pub(super) fn logical(operator: LogicalOperator) -> LogicalOp {
    match operator {
        LogicalOperator::And => LogicalOp::And,
        LogicalOperator::Or => LogicalOp::Or,
        LogicalOperator::Coalesce => LogicalOp::Nullish,
    }
}

pub(super) fn binary(operator: BinaryOperator) -> BinaryOp {
    match operator {
        BinaryOperator::Equality => BinaryOp::Eq,
        BinaryOperator::Inequality => BinaryOp::Ne,
        BinaryOperator::StrictEquality => BinaryOp::StrictEq,
        BinaryOperator::StrictInequality => BinaryOp::StrictNe,
        BinaryOperator::LessThan => BinaryOp::Lt,
        BinaryOperator::LessEqualThan => BinaryOp::Le,
        BinaryOperator::GreaterThan => BinaryOp::Gt,
        BinaryOperator::GreaterEqualThan => BinaryOp::Ge,
        BinaryOperator::Addition => BinaryOp::Add,
        BinaryOperator::Subtraction => BinaryOp::Sub,
        BinaryOperator::Multiplication => BinaryOp::Mul,
        BinaryOperator::Division => BinaryOp::Div,
        BinaryOperator::Remainder => BinaryOp::Rem,
        BinaryOperator::Exponential => BinaryOp::Exp,
        BinaryOperator::ShiftLeft => BinaryOp::Shl,
        BinaryOperator::ShiftRight => BinaryOp::Shr,
        BinaryOperator::ShiftRightZeroFill => BinaryOp::UShr,
        BinaryOperator::BitwiseOR => BinaryOp::BitOr,
        BinaryOperator::BitwiseXOR => BinaryOp::BitXor,
        BinaryOperator::BitwiseAnd => BinaryOp::BitAnd,
        BinaryOperator::In => BinaryOp::In,
        BinaryOperator::Instanceof => BinaryOp::InstanceOf,
    }
}
