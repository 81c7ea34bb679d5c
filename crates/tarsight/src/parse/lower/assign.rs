//! Assignments, updates and the targets they write to.

use oxc_ast::ast::{
    ArrayAssignmentTarget, AssignmentExpression, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, Expression, IdentifierReference, ObjectAssignmentTarget,
    SimpleAssignmentTarget, UpdateExpression, match_assignment_target,
    match_simple_assignment_target,
};
use oxc_syntax::operator::{AssignmentOperator, UpdateOperator};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BinaryOp, LogicalOp, NAME_IS_TARGET, NodeId, Op};

/// What stands before the `=`.
enum Compound {
    None,
    Binary(BinaryOp),
    Logical(LogicalOp),
}

fn compound(operator: AssignmentOperator) -> Compound {
    match operator {
        AssignmentOperator::Assign => Compound::None,
        AssignmentOperator::Addition => Compound::Binary(BinaryOp::Add),
        AssignmentOperator::Subtraction => Compound::Binary(BinaryOp::Sub),
        AssignmentOperator::Multiplication => Compound::Binary(BinaryOp::Mul),
        AssignmentOperator::Division => Compound::Binary(BinaryOp::Div),
        AssignmentOperator::Remainder => Compound::Binary(BinaryOp::Rem),
        AssignmentOperator::Exponential => Compound::Binary(BinaryOp::Exp),
        AssignmentOperator::ShiftLeft => Compound::Binary(BinaryOp::Shl),
        AssignmentOperator::ShiftRight => Compound::Binary(BinaryOp::Shr),
        AssignmentOperator::ShiftRightZeroFill => Compound::Binary(BinaryOp::UShr),
        AssignmentOperator::BitwiseOR => Compound::Binary(BinaryOp::BitOr),
        AssignmentOperator::BitwiseXOR => Compound::Binary(BinaryOp::BitXor),
        AssignmentOperator::BitwiseAnd => Compound::Binary(BinaryOp::BitAnd),
        AssignmentOperator::LogicalOr => Compound::Logical(LogicalOp::Or),
        AssignmentOperator::LogicalAnd => Compound::Logical(LogicalOp::And),
        AssignmentOperator::LogicalNullish => Compound::Logical(LogicalOp::Nullish),
    }
}

impl<'p> Lower<'p> {
    #[inline(never)]
    pub(super) fn assignment(&mut self, e: &'p AssignmentExpression<'p>) -> NodeId {
        let span = place(e.span);
        match &e.left {
            AssignmentTarget::ArrayAssignmentTarget(_)
            | AssignmentTarget::ObjectAssignmentTarget(_) => {
                let value = self.expr(&e.right);
                let target = self.target(&e.left, value);
                self.push(Op::Assign, 0, target.0, value.0, span)
            }
            match_simple_assignment_target!(AssignmentTarget) => {
                let target = self.simple_target(e.left.to_simple_assignment_target());
                let operator = compound(e.operator);
                if matches!(operator, Compound::None) {
                    let value = self.expr(&e.right);
                    return self.assign(target, value, 0, span);
                }
                let read = self.read_again(target);
                let value = match operator {
                    Compound::Logical(operator) => {
                        let when = operator == LogicalOp::And;
                        let right = self.guarded(read, when, &e.right);
                        self.push(Op::Logical, operator as u8, read.0, right.0, span)
                    }
                    Compound::Binary(operator) => {
                        let right = self.expr(&e.right);
                        self.push(Op::Binary, operator as u8, read.0, right.0, span)
                    }
                    Compound::None => read,
                };
                self.assign(target, value, 1, span)
            }
        }
    }

    /// An assignment to a name, a member or anything else, with its def or write.
    pub(super) fn assign(&mut self, target: NodeId, value: NodeId, sub: u8, span: Span) -> NodeId {
        let node = self.push(Op::Assign, sub, target.0, value.0, span);
        match self.ir.node(target).op {
            Op::Name => self.define(target, value),
            Op::Member | Op::Index => self.ir.writes.push(node),
            _ => {}
        }
        node
    }

    /// The value that stood in a target before: members are shared, names get a reading node.
    fn read_again(&mut self, target: NodeId) -> NodeId {
        let node = self.ir.node(target);
        if node.op == Op::Name {
            self.name_node(crate::parse::names::NameId(node.a), 0, node.span)
        } else {
            target
        }
    }

    #[inline(never)]
    pub(super) fn update(&mut self, e: &'p UpdateExpression<'p>) -> NodeId {
        let target = self.simple_target(&e.argument);
        let sub = u8::from(e.operator == UpdateOperator::Decrement) | u8::from(e.prefix) << 1;
        let node = self.push(Op::Update, sub, target.0, NONE, place(e.span));
        if self.ir.node(target).op == Op::Name {
            self.define(target, node);
        }
        node
    }

    fn written_name(&mut self, e: &IdentifierReference<'p>) -> NodeId {
        let name = self.name(e.name.as_str());
        self.name_node(name, NAME_IS_TARGET, place(e.span))
    }

    /// Name, Member or Index; anything else only where the parser recovered.
    fn simple_target(&mut self, target: &'p SimpleAssignmentTarget<'p>) -> NodeId {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(e) => self.written_name(e),
            SimpleAssignmentTarget::StaticMemberExpression(e) => {
                let object = self.expr(&e.object);
                let name = self.name(e.property.name.as_str());
                self.push(
                    Op::Member,
                    u8::from(e.optional),
                    object.0,
                    name.0,
                    place(e.span),
                )
            }
            SimpleAssignmentTarget::ComputedMemberExpression(e) => {
                let object = self.expr(&e.object);
                self.index(e, object)
            }
            SimpleAssignmentTarget::PrivateFieldExpression(e) => {
                let object = self.expr(&e.object);
                let name = self.private_name(&e.field);
                self.push(
                    Op::Member,
                    u8::from(e.optional),
                    object.0,
                    name.0,
                    place(e.span),
                )
            }
            SimpleAssignmentTarget::TSAsExpression(e) => self.cast_target(&e.expression),
            SimpleAssignmentTarget::TSSatisfiesExpression(e) => self.cast_target(&e.expression),
            SimpleAssignmentTarget::TSNonNullExpression(e) => self.cast_target(&e.expression),
            SimpleAssignmentTarget::TSTypeAssertion(e) => self.cast_target(&e.expression),
        }
    }

    /// A target behind TypeScript casts.
    fn cast_target(&mut self, expression: &'p Expression<'p>) -> NodeId {
        let node = self.expr(expression);
        if let Some(last) = self.ir.nodes.get_mut(node.index())
            && last.op == Op::Name
        {
            last.sub |= NAME_IS_TARGET;
        }
        node
    }

    /// A target that gets `value`: its names get defs, its members writes.
    pub(super) fn target(&mut self, target: &'p AssignmentTarget<'p>, value: NodeId) -> NodeId {
        match target {
            AssignmentTarget::ArrayAssignmentTarget(e) => self.array_target(e, value),
            AssignmentTarget::ObjectAssignmentTarget(e) => self.object_target(e, value),
            match_simple_assignment_target!(AssignmentTarget) => {
                let node = self.simple_target(target.to_simple_assignment_target());
                self.reach(node, value);
                node
            }
        }
    }

    /// A pattern's name or member gets `value`.
    fn reach(&mut self, target: NodeId, value: NodeId) {
        let node = self.ir.node(target);
        if node.op == Op::Name {
            self.define(target, value);
        } else {
            self.assign(target, value, 0, node.span);
        }
    }

    fn maybe_default(&mut self, e: &'p AssignmentTargetMaybeDefault<'p>, value: NodeId) -> NodeId {
        match e {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(e) => {
                let value = self.default_value(value, &e.init, place(e.span));
                self.target(&e.binding, value)
            }
            match_assignment_target!(AssignmentTargetMaybeDefault) => {
                self.target(e.to_assignment_target(), value)
            }
        }
    }

    #[inline(never)]
    fn array_target(&mut self, e: &'p ArrayAssignmentTarget<'p>, value: NodeId) -> NodeId {
        let mark = self.mark();
        for (at, element) in e.elements.iter().enumerate() {
            let node = match element {
                Some(element) => {
                    let item = self.element(value, at);
                    self.maybe_default(element, item)
                }
                None => self.hole(e.span.start),
            };
            self.add(node);
        }
        if let Some(rest) = &e.rest {
            let item = self.array_rest(value, e.elements.len());
            let target = self.target(&rest.target, item);
            let node = self.push(Op::Spread, 0, target.0, NONE, place(rest.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Array, 0, list.0, NONE, place(e.span))
    }

    #[inline(never)]
    fn object_target(&mut self, e: &'p ObjectAssignmentTarget<'p>, value: NodeId) -> NodeId {
        let mark = self.mark();
        for property in &e.properties {
            let node = match property {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(e) => {
                    let key = self.string(e.binding.name.as_str(), place(e.binding.span));
                    let mut item = self.taken(value, key);
                    if let Some(init) = &e.init {
                        item = self.default_value(item, init, place(e.span));
                    }
                    let target = self.written_name(&e.binding);
                    self.define(target, item);
                    self.push(Op::Property, 0, key.0, target.0, place(e.span))
                }
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(e) => {
                    let key = self.key(&e.name, e.computed);
                    let item = self.taken(value, key);
                    let target = self.maybe_default(&e.binding, item);
                    self.push(Op::Property, 0, key.0, target.0, place(e.span))
                }
            };
            self.add(node);
        }
        if let Some(rest) = &e.rest {
            let item = self.object_rest(value, mark, place(rest.span));
            let target = self.target(&rest.target, item);
            let node = self.push(Op::Spread, 0, target.0, NONE, place(rest.span));
            self.add(node);
        }
        let list = self.list(mark);
        self.push(Op::Object, 0, list.0, NONE, place(e.span))
    }
}
