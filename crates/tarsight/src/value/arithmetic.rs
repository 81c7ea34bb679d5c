//! Binary operators other than `+`.

use super::number::to_i32;
use super::terms::{Place, Term, Terms, ValueId};
use crate::parse::ir::BinaryOp;

/// `left op right`, folded if both are constants.
pub(crate) fn binary(
    terms: &mut Terms,
    op: u8,
    left: ValueId,
    right: ValueId,
    place: Place,
) -> ValueId {
    if let Some(truth) = equality(terms, op, left, right) {
        return terms.add(Term::Bool(truth));
    }
    match (terms.as_number(left), terms.as_number(right)) {
        (Some(left), Some(right)) => match arithmetic(op, left, right) {
            Some(Outcome::Number(number)) => terms.number(number),
            Some(Outcome::Truth(truth)) => terms.add(Term::Bool(truth)),
            None => terms.derived_number(&[], place),
        },
        // The outcome of a comparison is one of two constants.
        _ if compares(op) => truth(terms),
        _ => terms.derived_number(&[left, right], place),
    }
}

/// `true` or `false`.
pub(crate) fn truth(terms: &mut Terms) -> ValueId {
    let truths = [true, false].map(|truth| terms.add(Term::Bool(truth)));
    terms.one_of(&truths)
}

/// What `typeof` gives: one of eight words tells next to nothing of a value.
pub(crate) fn type_name(terms: &mut Terms) -> ValueId {
    let words = [
        "bigint",
        "boolean",
        "function",
        "number",
        "object",
        "string",
        "symbol",
        "undefined",
    ];
    let words = words.map(|word| terms.string(word));
    terms.one_of(&words)
}

fn compares(op: u8) -> bool {
    [
        BinaryOp::Eq,
        BinaryOp::Ne,
        BinaryOp::StrictEq,
        BinaryOp::StrictNe,
        BinaryOp::Lt,
        BinaryOp::Le,
        BinaryOp::Gt,
        BinaryOp::Ge,
        BinaryOp::In,
        BinaryOp::InstanceOf,
    ]
    .iter()
    .any(|known| *known as u8 == op)
}

enum Outcome {
    Number(f64),
    Truth(bool),
}

fn arithmetic(op: u8, left: f64, right: f64) -> Option<Outcome> {
    let shift = || to_i32(right) as u32 & 31;
    let bits = |bits: i32| Some(Outcome::Number(f64::from(bits)));
    let number = |number: f64| Some(Outcome::Number(number));
    let truth = |truth: bool| Some(Outcome::Truth(truth));
    match op {
        op if op == BinaryOp::Sub as u8 => number(left - right),
        op if op == BinaryOp::Mul as u8 => number(left * right),
        op if op == BinaryOp::Div as u8 => number(left / right),
        op if op == BinaryOp::Rem as u8 => number(left % right),
        op if op == BinaryOp::Exp as u8 => number(left.powf(right)),
        op if op == BinaryOp::BitAnd as u8 => bits(to_i32(left) & to_i32(right)),
        op if op == BinaryOp::BitOr as u8 => bits(to_i32(left) | to_i32(right)),
        op if op == BinaryOp::BitXor as u8 => bits(to_i32(left) ^ to_i32(right)),
        op if op == BinaryOp::Shl as u8 => bits(to_i32(left).wrapping_shl(shift())),
        op if op == BinaryOp::Shr as u8 => bits(to_i32(left) >> shift()),
        op if op == BinaryOp::UShr as u8 => {
            number(f64::from(to_i32(left).cast_unsigned() >> shift()))
        }
        op if op == BinaryOp::Lt as u8 => truth(left < right),
        op if op == BinaryOp::Le as u8 => truth(left <= right),
        op if op == BinaryOp::Gt as u8 => truth(left > right),
        op if op == BinaryOp::Ge as u8 => truth(left >= right),
        _ => None,
    }
}

/// `===` and `!==` (and `==`, `!=` between values of one type) of constants.
fn equality(terms: &Terms, op: u8, left: ValueId, right: ValueId) -> Option<bool> {
    let is = |wanted: BinaryOp| op == wanted as u8;
    let equal = is(BinaryOp::StrictEq) || is(BinaryOp::Eq);
    if !equal && !is(BinaryOp::StrictNe) && !is(BinaryOp::Ne) {
        return None;
    }
    if !terms.is_constant(left) || !terms.is_constant(right) {
        return None;
    }
    let same_type =
        std::mem::discriminant(terms.get(left)) == std::mem::discriminant(terms.get(right));
    if !same_type && (is(BinaryOp::Eq) || is(BinaryOp::Ne)) {
        return None;
    }
    let same = match (terms.as_number(left), terms.as_number(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    };
    Some(same == equal)
}
