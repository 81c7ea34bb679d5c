//! Literals, templates, private names and keys.

use std::fmt::Write;

use oxc_ast::ast::{
    BigIntLiteral, NumericLiteral, PrivateIdentifier, RegExpFlags, RegExpLiteral, StringLiteral,
    TemplateLiteral,
};

use super::{Lower, NONE, place};
use crate::model::Span;
use crate::parse::ir::{BinaryOp, COOKED, NodeId, Op, STRING_LONE_SURROGATES};
use crate::parse::names::NameId;

/// Flags in the order of the bits of [`Op::Regex`].
const FLAGS: [RegExpFlags; 8] = [
    RegExpFlags::D,
    RegExpFlags::G,
    RegExpFlags::I,
    RegExpFlags::M,
    RegExpFlags::S,
    RegExpFlags::U,
    RegExpFlags::V,
    RegExpFlags::Y,
];

impl<'p> Lower<'p> {
    pub(super) fn number(&mut self, value: f64, span: Span) -> NodeId {
        let bits = value.to_bits();
        self.push(Op::Number, 0, bits as u32, (bits >> 32) as u32, span)
    }

    /// The number that a node is.
    pub(super) fn literal(&self, id: NodeId) -> Option<f64> {
        let node = self.ir.node(id);
        let bits = u64::from(node.a) | (u64::from(node.b) << 32);
        (node.op == Op::Number).then(|| f64::from_bits(bits))
    }

    /// What two numbers give: some code writes each number as a sum of others.
    pub(super) fn folded(&self, operator: BinaryOp, left: NodeId, right: NodeId) -> Option<f64> {
        let (left, right) = (self.literal(left)?, self.literal(right)?);
        Some(match operator {
            BinaryOp::Add => left + right,
            BinaryOp::Sub => left - right,
            BinaryOp::Mul => left * right,
            BinaryOp::Div => left / right,
            BinaryOp::Rem => left % right,
            _ => return None,
        })
    }

    pub(super) fn string_literal(&mut self, e: &StringLiteral<'p>) -> NodeId {
        let (start, len) = self.range(e.value.as_str());
        let sub = if e.lone_surrogates {
            STRING_LONE_SURROGATES
        } else {
            0
        };
        self.push(Op::String, sub, start, len, place(e.span))
    }

    #[inline(never)]
    pub(super) fn big_int(&mut self, e: &BigIntLiteral<'p>) -> NodeId {
        let raw = e.raw.as_ref().map_or(e.value.as_str(), |raw| raw.as_str());
        let (start, len) = self.range(raw.strip_suffix('n').unwrap_or(raw));
        self.push(Op::BigInt, 0, start, len, place(e.span))
    }

    #[inline(never)]
    pub(super) fn regex(&mut self, e: &RegExpLiteral<'p>) -> NodeId {
        let (start, len) = self.range(e.regex.pattern.text.as_str());
        let mut sub = 0;
        for (bit, flag) in FLAGS.into_iter().enumerate() {
            sub |= u8::from(e.regex.flags.contains(flag)) << bit;
        }
        self.push(Op::Regex, sub, start, len, place(e.span))
    }

    /// A tagged template may hold escapes that have no cooked value: then the raw text stands in.
    #[inline(never)]
    pub(super) fn template(&mut self, e: &'p TemplateLiteral<'p>) -> NodeId {
        let mark = self.mark();
        for (at, quasi) in e.quasis.iter().enumerate() {
            let cooked = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            let (start, len) = self.range(cooked.as_str());
            let sub = if quasi.lone_surrogates {
                STRING_LONE_SURROGATES
            } else {
                0
            };
            let node = self.push(Op::String, sub, start, len, place(quasi.span));
            self.add(node);
            if let Some(expression) = e.expressions.get(at) {
                let node = self.expr(expression);
                self.add(node);
            }
        }
        let list = self.list(mark);
        self.push(Op::Template, 0, list.0, NONE, place(e.span))
    }

    /// The name `#x`.
    pub(super) fn private_name(&mut self, e: &PrivateIdentifier<'p>) -> NameId {
        let string = self.private(e);
        let node = self.ir.node(string);
        // The string was only needed to spell the name.
        self.ir.nodes.truncate(string.index());
        self.name_of_range(node.a, node.b)
    }

    /// The string `#x`.
    pub(super) fn private(&mut self, e: &PrivateIdentifier<'p>) -> NodeId {
        let name = e.name.as_str();
        if let Some(start) = self.offset(name).and_then(|start| start.checked_sub(1)) {
            return self.push(Op::String, 0, start, name.len() as u32 + 1, place(e.span));
        }
        let start = self.cook("#");
        self.ir.cooked.push_str(name);
        self.push(Op::String, 0, start, name.len() as u32 + 1, place(e.span))
    }

    /// A number as a property key: what JavaScript makes of it as a string.
    #[inline(never)]
    pub(super) fn numeric_key(&mut self, e: &NumericLiteral<'p>) -> NodeId {
        if let Some(raw) = &e.raw {
            let raw = raw.as_str();
            let plain = raw.len() < 16 && raw.bytes().all(|byte| byte.is_ascii_digit());
            if plain && (raw == "0" || !raw.starts_with('0')) {
                return self.string(raw, place(e.span));
            }
        }
        let start = self.ir.cooked.len() as u32;
        let size = e.value.abs();
        // Writing to a `String` cannot fail.
        let _ = if e.value.is_infinite() {
            write!(self.ir.cooked, "Infinity")
        } else if size == 0.0 || (1e-6..1e21).contains(&size) {
            write!(self.ir.cooked, "{}", e.value)
        } else if size >= 1e21 {
            let written = format!("{:e}", e.value).replace('e', "e+");
            write!(self.ir.cooked, "{written}")
        } else {
            write!(self.ir.cooked, "{:e}", e.value)
        };
        let len = self.ir.cooked.len() as u32 - start;
        self.push(Op::String, 0, start | COOKED, len, place(e.span))
    }
}
