//! Operators on values.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive as _;

use super::convert::{to_i32, to_u32};
use super::object::{Key, Kind, Val};
use super::{Machine, Run, Stop};
use crate::parse::ir::{BinaryOp, UnaryOp};
use crate::value::arithmetic::type_name;

/// Widest big integer, in bits.
const MOST_BITS: u64 = 1 << 16;

const OPERATORS: [BinaryOp; 22] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Rem,
    BinaryOp::Exp,
    BinaryOp::BitAnd,
    BinaryOp::BitOr,
    BinaryOp::BitXor,
    BinaryOp::Shl,
    BinaryOp::Shr,
    BinaryOp::UShr,
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
];

impl<'a> Machine<'a> {
    /// A binary operation; with something outside, what is known of it.
    pub(super) fn binary(&mut self, sub: u8, left: &Val, right: &Val) -> Run {
        let Some(&operator) = OPERATORS.get(usize::from(sub)) else {
            return Ok(Val::Undefined);
        };
        if let (Val::Num(a), Val::Num(b)) = (left, right)
            && let Some(value) = numbers(operator, *a, *b)
        {
            return Ok(value);
        }
        match self.operate(operator, left, right) {
            Err(Stop::Opaque) => Ok(self.unknown_binary(operator, left, right)),
            done => done,
        }
    }

    fn operate(&mut self, operator: BinaryOp, left: &Val, right: &Val) -> Run {
        Ok(match operator {
            BinaryOp::Add => return self.add(left, right),
            BinaryOp::StrictEq => Val::Bool(self.strict_equals(left, right)?),
            BinaryOp::StrictNe => Val::Bool(!self.strict_equals(left, right)?),
            BinaryOp::Eq => Val::Bool(self.equals(left, right)?),
            BinaryOp::Ne => Val::Bool(!self.equals(left, right)?),
            BinaryOp::Lt => Val::Bool(self.compare(left, right)? == Some(Ordering::Less)),
            BinaryOp::Gt => Val::Bool(self.compare(left, right)? == Some(Ordering::Greater)),
            BinaryOp::Le => Val::Bool(matches!(
                self.compare(left, right)?,
                Some(Ordering::Less | Ordering::Equal)
            )),
            BinaryOp::Ge => Val::Bool(matches!(
                self.compare(left, right)?,
                Some(Ordering::Greater | Ordering::Equal)
            )),
            BinaryOp::In => {
                let Val::Obj(id) = right else {
                    return match right {
                        Val::Host(_) => Err(Stop::Opaque),
                        _ => self.type_error("Cannot use 'in' operator on a primitive"),
                    };
                };
                let key = self.to_key(left)?;
                Val::Bool(self.has(*id, key)?)
            }
            BinaryOp::InstanceOf => return self.instance_of(left, right),
            _ => {
                let (left, right) = (self.to_numeric(left)?, self.to_numeric(right)?);
                match (&left, &right) {
                    (Val::Big(a), Val::Big(b)) => return self.big(operator, a, b),
                    (Val::Num(a), Val::Num(b)) => {
                        numbers(operator, *a, *b).unwrap_or(Val::Undefined)
                    }
                    _ => return self.type_error("Cannot mix BigInt and other types"),
                }
            }
        })
    }

    pub(super) fn add(&mut self, left: &Val, right: &Val) -> Run {
        let left = self.to_primitive(left, "default")?;
        let right = self.to_primitive(right, "default")?;
        if matches!(left, Val::Str(_)) || matches!(right, Val::Str(_)) {
            let (left, right) = (self.to_text(&left)?, self.to_text(&right)?);
            return self.joined(&left, &right);
        }
        let (left, right) = (self.to_numeric(&left)?, self.to_numeric(&right)?);
        match (&left, &right) {
            (Val::Big(a), Val::Big(b)) => self.big(BinaryOp::Add, a, b),
            (Val::Num(a), Val::Num(b)) => Ok(Val::Num(a + b)),
            _ => self.type_error("Cannot mix BigInt and other types"),
        }
    }

    pub(super) fn joined(&mut self, left: &super::Text, right: &super::Text) -> Run {
        let len = left.len() + right.len();
        if len > super::MOST_LENGTH {
            return Err(Stop::End);
        }
        self.memory = self.memory.saturating_add(64);
        Ok(Val::Str(left.join(right)))
    }

    fn big(&mut self, operator: BinaryOp, a: &Rc<BigInt>, b: &Rc<BigInt>) -> Run {
        self.spend((a.bits() + b.bits()) / 64 * (1 + a.bits().min(b.bits()) / 64))?;
        let is_zero = **b == BigInt::ZERO;
        let shift = |by: &BigInt, width: u64| {
            by.to_i64()
                .filter(|by| by.unsigned_abs().saturating_add(width) < MOST_BITS)
        };
        let value = match operator {
            BinaryOp::Add => &**a + &**b,
            BinaryOp::Sub => &**a - &**b,
            BinaryOp::Mul if a.bits() + b.bits() < MOST_BITS => &**a * &**b,
            BinaryOp::Div if !is_zero => &**a / &**b,
            BinaryOp::Rem if !is_zero => &**a % &**b,
            BinaryOp::Div | BinaryOp::Rem => return self.throw("RangeError", "Division by zero"),
            BinaryOp::Exp => match b.to_u32() {
                Some(power) if u64::from(power).saturating_mul(a.bits()) < MOST_BITS => {
                    a.pow(power)
                }
                _ if b.sign() == Sign::Minus => {
                    return self.throw("RangeError", "Exponent must be non-negative");
                }
                _ => return Err(Stop::End),
            },
            BinaryOp::BitAnd => &**a & &**b,
            BinaryOp::BitOr => &**a | &**b,
            BinaryOp::BitXor => &**a ^ &**b,
            BinaryOp::Shl | BinaryOp::Shr => {
                let Some(by) = shift(b, a.bits()) else {
                    return Err(Stop::End);
                };
                let by = if operator == BinaryOp::Shl { by } else { -by };
                if by >= 0 {
                    &**a << by.unsigned_abs()
                } else {
                    &**a >> by.unsigned_abs()
                }
            }
            BinaryOp::UShr => {
                return self.type_error("BigInts have no unsigned right shift, use >> instead");
            }
            _ => return Err(Stop::End),
        };
        Ok(Val::Big(Rc::new(value)))
    }

    pub(super) fn strict_equals(&self, left: &Val, right: &Val) -> Run<bool> {
        if self.choices_of(left).is_some() || self.choices_of(right).is_some() {
            return Err(Stop::Opaque);
        }
        Ok(match (left, right) {
            (Val::Host(a), Val::Host(b)) if a == b => return Err(Stop::Opaque),
            (Val::Host(_), _) | (_, Val::Host(_)) => return Err(Stop::Opaque),
            (Val::Undefined | Val::Hole, Val::Undefined | Val::Hole) | (Val::Null, Val::Null) => {
                true
            }
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::Num(a), Val::Num(b)) => a == b,
            (Val::Str(a), Val::Str(b)) => a == b,
            (Val::Big(a), Val::Big(b)) => a == b,
            (Val::Sym(a), Val::Sym(b)) => a == b,
            (Val::Obj(a), Val::Obj(b)) => a == b,
            _ => false,
        })
    }

    fn equals(&mut self, left: &Val, right: &Val) -> Run<bool> {
        let is_open = |value: &Val| value.is_host() || self.choices_of(value).is_some();
        if is_open(left) || is_open(right) {
            return Err(Stop::Opaque);
        }
        Ok(match (left, right) {
            (a, b) if a.is_nullish() || b.is_nullish() => a.is_nullish() && b.is_nullish(),
            (Val::Obj(_), Val::Obj(_)) => return self.strict_equals(left, right),
            (Val::Obj(_), _) => {
                let left = self.to_primitive(left, "default")?;
                return self.equals(&left, right);
            }
            (_, Val::Obj(_)) => {
                let right = self.to_primitive(right, "default")?;
                return self.equals(left, &right);
            }
            (Val::Sym(_), _) | (_, Val::Sym(_)) | (Val::Str(_), Val::Str(_)) => {
                return self.strict_equals(left, right);
            }
            (Val::Big(a), Val::Big(b)) => a == b,
            (Val::Big(big), other) | (other, Val::Big(big)) => {
                let number = self.to_number(other)?;
                big.to_f64() == Some(number)
            }
            (a, b) => self.to_number(a)? == self.to_number(b)?,
        })
    }

    fn compare(&mut self, left: &Val, right: &Val) -> Run<Option<Ordering>> {
        let left = self.to_primitive(left, "number")?;
        let right = self.to_primitive(right, "number")?;
        if let (Val::Str(a), Val::Str(b)) = (&left, &right) {
            self.spend((a.len().min(b.len()) / 16) as u64)?;
            return Ok(Some(a.units().cmp(&b.units())));
        }
        let (left, right) = (self.to_numeric(&left)?, self.to_numeric(&right)?);
        Ok(match (&left, &right) {
            (Val::Num(a), Val::Num(b)) => a.partial_cmp(b),
            (Val::Big(a), Val::Big(b)) => Some(a.cmp(b)),
            (Val::Big(a), Val::Num(b)) => a.to_f64().and_then(|a| a.partial_cmp(b)),
            (Val::Num(a), Val::Big(b)) => b.to_f64().and_then(|b| a.partial_cmp(&b)),
            _ => None,
        })
    }

    fn instance_of(&mut self, left: &Val, right: &Val) -> Run {
        let Val::Obj(class) = right else {
            return match right {
                Val::Host(_) => Err(Stop::Opaque),
                _ => self.type_error("Right-hand side of 'instanceof' is not callable"),
            };
        };
        let class = match &self.at(*class).kind {
            Kind::Bound {
                target: Val::Obj(target),
                ..
            } => *target,
            Kind::Outside(_) => return Err(Stop::Opaque),
            _ => *class,
        };
        let Val::Obj(id) = left else {
            return match left {
                Val::Host(_) => Err(Stop::Opaque),
                _ => Ok(Val::Bool(false)),
            };
        };
        let wanted = self.get_from(class, Key::Name(self.realm.prototype), right)?;
        let Val::Obj(wanted) = wanted else {
            return Ok(Val::Bool(false));
        };
        let mut at = self.at(*id).proto;
        for _ in 0..64 {
            match at {
                Some(proto) if proto == wanted => return Ok(Val::Bool(true)),
                Some(proto) => at = self.at(proto).proto,
                None => break,
            }
        }
        Ok(Val::Bool(false))
    }

    pub(super) fn unary(&mut self, sub: u8, value: &Val) -> Run {
        let done = match sub {
            op if op == UnaryOp::Not as u8 => match self.truth(value) {
                Some(truth) => Ok(Val::Bool(!truth)),
                None => Err(Stop::Opaque),
            },
            op if op == UnaryOp::Minus as u8 => match self.to_numeric(value) {
                Ok(Val::Big(big)) => Ok(Val::Big(Rc::new(-&*big))),
                Ok(Val::Num(number)) => Ok(Val::Num(-number)),
                other => other,
            },
            op if op == UnaryOp::Plus as u8 => self.to_number(value).map(Val::Num),
            op if op == UnaryOp::BitNot as u8 => match self.to_numeric(value) {
                Ok(Val::Big(big)) => Ok(Val::Big(Rc::new(!&*big))),
                Ok(Val::Num(number)) => Ok(Val::Num(f64::from(!to_i32(number)))),
                other => other,
            },
            op if op == UnaryOp::Typeof as u8 => return self.type_of(value),
            _ => return Ok(Val::Undefined),
        };
        match done {
            Err(Stop::Opaque) => Ok(self.derived(&[value])),
            done => done,
        }
    }

    /// What `typeof` may give.
    pub(super) fn any_type(&mut self) -> Val {
        Val::Host(type_name(&mut self.terms))
    }

    fn type_of(&mut self, value: &Val) -> Run {
        let name = match value {
            Val::Undefined | Val::Hole => "undefined",
            Val::Null => "object",
            Val::Bool(_) => "boolean",
            Val::Num(_) => "number",
            Val::Str(_) => "string",
            Val::Big(_) => "bigint",
            Val::Sym(_) => "symbol",
            Val::Obj(_) if self.is_callable(value) => "function",
            Val::Obj(_) => "object",
            Val::Host(id) => match self.host_type(*id) {
                Some(name) => name,
                None => return Ok(self.any_type()),
            },
        };
        Ok(Val::str(name))
    }
}

fn numbers(operator: BinaryOp, a: f64, b: f64) -> Option<Val> {
    Some(Val::Num(match operator {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Rem => a % b,
        BinaryOp::Exp => power(a, b),
        BinaryOp::BitAnd => f64::from(to_i32(a) & to_i32(b)),
        BinaryOp::BitOr => f64::from(to_i32(a) | to_i32(b)),
        BinaryOp::BitXor => f64::from(to_i32(a) ^ to_i32(b)),
        BinaryOp::Shl => f64::from(to_i32(a).wrapping_shl(to_u32(b) & 31)),
        BinaryOp::Shr => f64::from(to_i32(a) >> (to_u32(b) & 31)),
        BinaryOp::UShr => f64::from(to_u32(a) >> (to_u32(b) & 31)),
        BinaryOp::Eq | BinaryOp::StrictEq => return Some(Val::Bool(a == b)),
        BinaryOp::Ne | BinaryOp::StrictNe => return Some(Val::Bool(a != b)),
        BinaryOp::Lt => return Some(Val::Bool(a < b)),
        BinaryOp::Le => return Some(Val::Bool(a <= b)),
        BinaryOp::Gt => return Some(Val::Bool(a > b)),
        BinaryOp::Ge => return Some(Val::Bool(a >= b)),
        BinaryOp::In | BinaryOp::InstanceOf => return None,
    }))
}

/// `a ** b`: unlike Rust's, one to an infinite power is no number.
pub(super) fn power(a: f64, b: f64) -> f64 {
    if b.is_nan() || (a.abs() == 1.0 && b.is_infinite()) {
        return f64::NAN;
    }
    a.powf(b)
}

/// The low 64 bits, as two's complement.
pub(super) fn low_u64(big: &BigInt) -> u64 {
    let low = big & BigInt::from(u64::MAX);
    low.to_u64().unwrap_or(0)
}
