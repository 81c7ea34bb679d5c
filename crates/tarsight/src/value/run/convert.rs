//! From one type to another, as JavaScript does it.

use std::rc::Rc;

use num_bigint::BigInt;

use super::object::{Element, Key, Kind, MapKey, ObjId, Val};
use super::text::{Text, trimmed};
use super::{Machine, Run, Stop};
use crate::value::number;

pub(super) use crate::value::number::to_i32;

pub(super) fn to_u32(number: f64) -> u32 {
    to_i32(number).cast_unsigned()
}

impl<'a> Machine<'a> {
    /// `None` where it depends on the outside.
    pub(super) fn truth(&self, value: &Val) -> Option<bool> {
        Some(match value {
            Val::Undefined | Val::Hole | Val::Null => false,
            Val::Bool(bool) => *bool,
            Val::Num(number) => *number != 0.0 && !number.is_nan(),
            Val::Str(text) => !text.is_empty(),
            Val::Big(big) => **big != BigInt::ZERO,
            Val::Sym(_) => true,
            Val::Obj(_) => match self.choices_of(value) {
                Some(values) => {
                    let is_true = |value: &Val| self.truth(value) == Some(true);
                    return values.iter().all(is_true).then_some(true);
                }
                None => true,
            },
            Val::Host(id) => return self.terms.truth(*id),
        })
    }

    pub(super) fn to_primitive(&mut self, value: &Val, hint: &str) -> Run {
        let Val::Obj(id) = value else {
            return if value.is_host() {
                Err(Stop::Opaque)
            } else {
                Ok(value.clone().filled())
            };
        };
        let id = *id;
        if let Kind::Choice(_) = self.at(id).kind {
            return Err(Stop::Opaque);
        }
        let exotic = self.get_from(id, Key::Name(self.realm.to_primitive), value)?;
        if !exotic.is_nullish() {
            let made = self.call(&exotic, value.clone(), vec![Val::str(hint)])?;
            return match made {
                Val::Obj(_) => self.type_error("Cannot convert object to primitive value"),
                Val::Host(_) => Err(Stop::Opaque),
                made => Ok(made),
            };
        }
        let is_date = matches!(self.at(id).kind, Kind::Date(_));
        let order = if hint == "string" || (is_date && hint == "default") {
            [self.realm.to_string, self.realm.value_of]
        } else {
            [self.realm.value_of, self.realm.to_string]
        };
        for name in order {
            let method = self.get_from(id, Key::Name(name), value)?;
            if self.is_callable(&method) {
                let made = self.call(&method, value.clone(), Vec::new())?;
                match made {
                    Val::Obj(_) => {}
                    Val::Host(_) => return Err(Stop::Opaque),
                    made => return Ok(made),
                }
            }
        }
        self.type_error("Cannot convert object to primitive value")
    }

    pub(super) fn to_text(&mut self, value: &Val) -> Run<Text> {
        Ok(match value {
            Val::Str(text) => text.clone(),
            Val::Undefined | Val::Hole => Text::new("undefined"),
            Val::Null => Text::new("null"),
            Val::Bool(true) => Text::new("true"),
            Val::Bool(false) => Text::new("false"),
            Val::Num(number) => Text::new(&number::to_text(*number)),
            Val::Big(big) => {
                self.spend(big.bits() / 8)?;
                Text::new(&big.to_string())
            }
            Val::Sym(_) => return self.type_error("Cannot convert a Symbol value to a string"),
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Obj(_) => {
                self.deeper()?;
                let primitive = self.to_primitive(value, "string");
                self.depth -= 1;
                return self.to_text(&primitive?);
            }
        })
    }

    pub(super) fn to_units(&mut self, value: &Val) -> Run<Rc<[u16]>> {
        Ok(self.to_text(value)?.units())
    }

    pub(super) fn to_number(&mut self, value: &Val) -> Run<f64> {
        Ok(match value {
            Val::Num(number) => *number,
            Val::Undefined | Val::Hole => f64::NAN,
            Val::Null => 0.0,
            Val::Bool(bool) => f64::from(u8::from(*bool)),
            Val::Str(text) => text_to_number(text),
            Val::Big(_) => return self.type_error("Cannot convert a BigInt value to a number"),
            Val::Sym(_) => return self.type_error("Cannot convert a Symbol value to a number"),
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Obj(_) => {
                self.deeper()?;
                let primitive = self.to_primitive(value, "number");
                self.depth -= 1;
                return self.to_number(&primitive?);
            }
        })
    }

    /// A number, or a big integer.
    pub(super) fn to_numeric(&mut self, value: &Val) -> Run {
        Ok(match value {
            Val::Num(_) | Val::Big(_) => value.clone(),
            Val::Obj(_) => {
                let primitive = self.to_primitive(value, "number")?;
                return match primitive {
                    Val::Big(_) => Ok(primitive),
                    primitive => Ok(Val::Num(self.to_number(&primitive)?)),
                };
            }
            value => Val::Num(self.to_number(value)?),
        })
    }

    /// `ToIntegerOrInfinity`.
    pub(super) fn to_whole(&mut self, value: &Val) -> Run<f64> {
        let number = self.to_number(value)?;
        Ok(if number.is_nan() { 0.0 } else { number.trunc() })
    }

    /// A position relative to the end if negative, within `0..=len`.
    pub(super) fn to_position(
        &mut self,
        value: Option<&Val>,
        len: usize,
        default: usize,
    ) -> Run<usize> {
        let value = match value {
            None | Some(Val::Undefined | Val::Hole) => return Ok(default),
            Some(value) => value,
        };
        let whole = self.to_whole(value)?;
        let len = len as f64;
        let at = if whole < 0.0 {
            (len + whole).max(0.0)
        } else {
            whole.min(len)
        };
        // Within 0..=len by the lines above.
        Ok(at as usize)
    }

    /// The object that a primitive's methods are called on.
    pub(super) fn to_object(&mut self, value: &Val) -> Run<ObjId> {
        let proto = match value {
            Val::Obj(id) => return Ok(*id),
            Val::Undefined | Val::Hole | Val::Null => {
                return self.type_error("Cannot convert undefined or null to object");
            }
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Str(_) => self.realm.string,
            Val::Num(_) => self.realm.number,
            Val::Bool(_) => self.realm.boolean,
            Val::Big(_) => self.realm.bigint,
            Val::Sym(_) => self.realm.symbol,
        };
        Ok(self.alloc(proto, Kind::Boxed(value.clone())))
    }

    pub(super) fn to_bigint(&mut self, value: &Val) -> Run<Rc<BigInt>> {
        let primitive = self.to_primitive(value, "number")?;
        match &primitive {
            Val::Big(big) => Ok(Rc::clone(big)),
            Val::Bool(bool) => Ok(Rc::new(BigInt::from(u8::from(*bool)))),
            Val::Num(number) if number.fract() == 0.0 => {
                match num_traits::FromPrimitive::from_f64(*number) {
                    Some(big) => Ok(Rc::new(big)),
                    None => self.throw("RangeError", "not an integer"),
                }
            }
            Val::Num(_) => self.throw("RangeError", "not an integer"),
            Val::Str(text) => match text_to_bigint(&text.lossy()) {
                Some(big) => Ok(Rc::new(big)),
                None => self.throw("SyntaxError", "Cannot convert to a BigInt"),
            },
            _ => self.type_error("Cannot convert to a BigInt"),
        }
    }

    pub(super) fn is_callable(&self, value: &Val) -> bool {
        match value {
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::Closure(_)
                | Kind::Native(_)
                | Kind::Bound { .. }
                | Kind::Settle { .. }
                | Kind::Outside(_) => true,
                Kind::Proxy { target, .. } => match target {
                    Val::Obj(target) => {
                        !matches!(self.at(*target).kind, Kind::Plain | Kind::Proxy { .. })
                    }
                    _ => true,
                },
                Kind::Choice(values) => values.iter().any(|value| self.is_callable(value)),
                _ => false,
            },
            Val::Host(_) => true,
            _ => false,
        }
    }

    /// A value as a key of a Map or Set.
    pub(super) fn map_key(value: &Val) -> MapKey {
        match value {
            Val::Undefined | Val::Hole => MapKey::Undefined,
            Val::Null => MapKey::Null,
            Val::Bool(bool) => MapKey::Bool(*bool),
            Val::Num(number) if *number == 0.0 => MapKey::Num(0),
            Val::Num(number) if number.is_nan() => MapKey::Num(f64::NAN.to_bits()),
            Val::Num(number) => MapKey::Num(number.to_bits()),
            Val::Str(text) => MapKey::Str(text.units()),
            Val::Big(big) => MapKey::Big(big.to_string()),
            Val::Sym(symbol) => MapKey::Sym(*symbol),
            Val::Obj(id) => MapKey::Obj(*id),
            Val::Host(id) => MapKey::Host(*id),
        }
    }

    /// The bytes of a string, a view or an array, as most byte functions take them.
    pub(super) fn to_bytes(&mut self, value: &Val) -> Run<Vec<u8>> {
        let bytes = match value {
            Val::Str(text) => utf8(&text.units()),
            Val::Host(id) => match self.terms.get(*id) {
                crate::value::terms::Term::Bytes(bytes) => bytes.to_vec(),
                _ => return Err(Stop::Opaque),
            },
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::View(view) => {
                    let all = view.bytes.borrow();
                    all.get(view.start..view.start + view.len)
                        .unwrap_or(&[])
                        .to_vec()
                }
                Kind::ArrayBuffer(bytes) => bytes.borrow().clone(),
                Kind::Array(items) | Kind::Arguments(items) => {
                    let items = items.clone();
                    let mut bytes = Vec::with_capacity(items.len());
                    for item in &items {
                        bytes.push(to_i32(self.to_number(item)?) as u8);
                    }
                    bytes
                }
                _ => return self.type_error("expected bytes"),
            },
            _ => return self.type_error("expected bytes"),
        };
        self.pay(bytes.len())?;
        Ok(bytes)
    }

    /// A new Buffer.
    pub(super) fn buffer(&mut self, bytes: Vec<u8>) -> Val {
        self.memory = self.memory.saturating_add(bytes.len() as u64);
        self.view_of(bytes, Element::Buffer)
    }
}

/// UTF-8 of UTF-16; lone surrogates become U+FFFD.
pub(super) fn utf8(units: &[u16]) -> Vec<u8> {
    String::from_utf16_lossy(units).into_bytes()
}

pub(super) fn text_to_number(text: &Text) -> f64 {
    let units = text.units();
    let inner = trimmed(&units, true, true);
    if inner.len() > 2048 {
        return f64::NAN;
    }
    let text = String::from_utf16_lossy(inner);
    if text.is_empty() {
        return 0.0;
    }
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => return number::from_text(&text),
    };
    if text.len() == 2 {
        return f64::NAN;
    }
    let mut all = 0.0;
    for digit in text[2..].chars() {
        match digit.to_digit(radix) {
            Some(digit) => all = all * f64::from(radix) + f64::from(digit),
            None => return f64::NAN,
        }
    }
    all
}

/// `BigInt(text)` and the digits of a literal.
pub(super) fn text_to_bigint(text: &str) -> Option<BigInt> {
    let text: String = text.trim().chars().filter(|&c| c != '_').collect();
    if text.is_empty() {
        return Some(BigInt::ZERO);
    }
    // Reading many digits takes time that grows faster than their number.
    if text.len() > 4096 {
        return None;
    }
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (text.as_str(), 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix)
}
