//! `Number` and `BigInt`.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use super::{Call, Native, row};
use crate::value::number::to_text;
use crate::value::run::object::{Kind, Val};
use crate::value::run::text::{Text, trimmed};
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Number", 1, number),
    row("Number.isInteger", 1, check),
    row("Number.isSafeInteger", 1, check),
    row("Number.isFinite", 1, check),
    row("Number.isNaN", 1, check),
    row("isNaN", 1, check),
    row("isFinite", 1, check),
    row("parseInt", 2, parse_int),
    row("parseFloat", 1, parse_float),
    row("Number.prototype.toString", 1, radix_text),
    row("Number.prototype.toLocaleString", 0, |_, _| {
        Err(Stop::Opaque)
    }),
    row("Number.prototype.valueOf", 0, |machine, call| {
        this_number(machine, call).map(Val::Num)
    }),
    row("Number.prototype.toFixed", 1, fixed),
    row("Number.prototype.toPrecision", 1, precise),
    row("Number.prototype.toExponential", 1, precise),
    row("BigInt", 1, |machine, call| {
        machine.to_bigint(call.arg(0)).map(Val::Big)
    }),
    row("BigInt.asUintN", 2, wrap),
    row("BigInt.asIntN", 2, wrap),
    row("BigInt.prototype.toString", 0, big_text),
    row("BigInt.prototype.valueOf", 0, |_, call| {
        Ok(call.this.clone())
    }),
];

fn number(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let number = match call.args.first() {
        None => 0.0,
        Some(value) => match machine.to_numeric(value)? {
            Val::Big(big) => num_traits::ToPrimitive::to_f64(&*big).unwrap_or(f64::NAN),
            Val::Num(number) => number,
            _ => f64::NAN,
        },
    };
    if call.new.is_some() {
        let proto = machine.realm.number;
        return Ok(machine.object(proto, Kind::Boxed(Val::Num(number))));
    }
    Ok(Val::Num(number))
}

fn check(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let is_strict = call.native.path.starts_with("Number");
    let number = match call.arg(0) {
        Val::Num(number) => *number,
        Val::Host(_) => return Err(Stop::Opaque),
        _ if is_strict => return Ok(Val::Bool(false)),
        value => machine.to_number(value)?,
    };
    Ok(Val::Bool(match call.name() {
        "isNaN" => number.is_nan(),
        "isFinite" => number.is_finite(),
        "isInteger" => number.fract() == 0.0,
        _ => number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0,
    }))
}

fn parse_int(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = machine.to_units(call.arg(0))?;
    let radix = machine.to_number(call.arg(1))?;
    let mut radix = crate::value::number::to_i32(radix);
    let mut rest = trimmed(&text, true, false);
    let mut sign = 1.0;
    if let [first @ (0x2b | 0x2d), tail @ ..] = rest {
        if *first == 0x2d {
            sign = -1.0;
        }
        rest = tail;
    }
    if let [0x30, 0x78 | 0x58, tail @ ..] = rest
        && matches!(radix, 0 | 16)
    {
        radix = 16;
        rest = tail;
    }
    if radix == 0 {
        radix = 10;
    }
    let Ok(radix) = u32::try_from(radix) else {
        return Ok(Val::Num(f64::NAN));
    };
    if !(2..=36).contains(&radix) {
        return Ok(Val::Num(f64::NAN));
    }
    let digits: String = rest
        .iter()
        .map_while(|&unit| {
            char::from_u32(u32::from(unit)).filter(|c| c.is_ascii() && c.is_digit(radix))
        })
        .take(4096)
        .collect();
    if digits.is_empty() {
        return Ok(Val::Num(f64::NAN));
    }
    let value = if radix == 10 {
        digits.parse::<f64>().unwrap_or(f64::NAN)
    } else if radix.is_power_of_two() {
        let big = BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default();
        num_traits::ToPrimitive::to_f64(&big).unwrap_or(f64::NAN)
    } else {
        in_chunks(&digits, radix)
    };
    Ok(Val::Num(sign * value))
}

/// Reads digits as V8 does: so many at a time as fit 32 bits, and so with its rounding.
fn in_chunks(digits: &str, radix: u32) -> f64 {
    const MOST: u32 = u32::MAX / 36;
    let (mut all, mut part, mut multiplier) = (0.0, 0_u32, 1_u32);
    for digit in digits.chars().filter_map(|char| char.to_digit(radix)) {
        if multiplier.saturating_mul(radix) > MOST {
            all = all * f64::from(multiplier) + f64::from(part);
            (part, multiplier) = (0, 1);
        }
        part = part * radix + digit;
        multiplier *= radix;
    }
    all * f64::from(multiplier) + f64::from(part)
}

fn parse_float(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    let text = String::from_utf16_lossy(trimmed(&units, true, false));
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[end..].starts_with("Infinity") {
        let negative = bytes.first() == Some(&b'-');
        return Ok(Val::Num(if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        }));
    }
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let whole = digits(end);
    let mut any = whole > end;
    end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        any |= fraction > end + 1;
        if any {
            end = fraction;
        }
    }
    if !any {
        return Ok(Val::Num(f64::NAN));
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    Ok(Val::Num(text[..end].parse().unwrap_or(f64::NAN)))
}

fn this_number(machine: &mut Machine<'_>, call: &Call<'_>) -> Run<f64> {
    match call.this {
        Val::Num(number) => Ok(*number),
        Val::Host(_) => Err(Stop::Opaque),
        Val::Obj(id) => match machine.at(*id).kind {
            Kind::Boxed(Val::Num(number)) => Ok(number),
            _ => machine.type_error("not a number"),
        },
        _ => machine.type_error("not a number"),
    }
}

fn radix_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let number = this_number(machine, call)?;
    let radix = match call.arg(0) {
        Val::Undefined => 10.0,
        radix => machine.to_whole(radix)?,
    };
    if !(2.0..=36.0).contains(&radix) {
        return machine.throw("RangeError", "toString() radix must be between 2 and 36");
    }
    Ok(Val::str(&in_radix(number, radix as u32)))
}

/// `number.toString(radix)`, with the digits that V8 gives.
fn in_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return to_text(number);
    }
    let base = f64::from(radix);
    let magnitude = number.abs();
    let mut whole = magnitude.floor();
    let mut fraction = magnitude - whole;
    // As many digits as tell the number from its neighbours.
    let mut delta = 0.5 * (f64::from_bits(magnitude.to_bits() + 1) - magnitude);
    delta = delta.max(f64::from_bits(1));
    let digit = |value: u32| char::from_digit(value, radix).unwrap_or('0');
    let mut after: Vec<u32> = Vec::new();
    if fraction >= delta {
        loop {
            fraction *= base;
            delta *= base;
            let value = fraction as u32;
            after.push(value);
            fraction -= f64::from(value);
            if (fraction > 0.5 || (fraction == 0.5 && value & 1 == 1)) && fraction + delta > 1.0 {
                // Round up, carrying.
                loop {
                    match after.pop() {
                        None => {
                            whole += 1.0;
                            break;
                        }
                        Some(last) if last + 1 < radix => {
                            after.push(last + 1);
                            break;
                        }
                        Some(_) => {}
                    }
                }
                break;
            }
            if fraction < delta || after.len() > 1100 {
                break;
            }
        }
    }
    let mut before: Vec<char> = Vec::new();
    // Digits below the precision are zeros.
    while whole >= 9_007_199_254_740_992.0 * base.min(2.0)
        && whole / base >= 9_007_199_254_740_992.0
    {
        whole /= base;
        before.push('0');
    }
    loop {
        let rest = whole % base;
        before.push(digit(rest as u32));
        whole = (whole - rest) / base;
        if whole <= 0.0 {
            break;
        }
    }
    let mut text = String::new();
    if number < 0.0 {
        text.push('-');
    }
    text.extend(before.iter().rev());
    if !after.is_empty() {
        text.push('.');
        text.extend(after.into_iter().map(digit));
    }
    text
}

fn fixed(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let number = this_number(machine, call)?;
    let digits = machine.to_whole(call.arg(0))?;
    if !(0.0..=100.0).contains(&digits) {
        return machine.throw("RangeError", "toFixed() digits must be between 0 and 100");
    }
    if !number.is_finite() || number.abs() >= 1e21 {
        return Ok(Val::str(&to_text(number)));
    }
    // The exact decimal value decides; ties, which only halves have, go away from zero.
    let digits = digits as usize;
    let exact = format!("{:.1100}", number.abs());
    let point = exact.find('.').unwrap_or(exact.len());
    let (kept, rest) = exact.split_at(point + 1 + digits);
    let mut kept: Vec<u8> = kept.bytes().collect();
    if rest.as_bytes().first().is_some_and(|&digit| digit >= b'5') {
        let mut at = kept.len();
        loop {
            if at == 0 {
                kept.insert(0, b'1');
                break;
            }
            at -= 1;
            match kept[at] {
                b'.' => {}
                b'9' => kept[at] = b'0',
                _ => {
                    kept[at] += 1;
                    break;
                }
            }
        }
    }
    let mut text = String::from_utf8(kept).unwrap_or_default();
    if digits == 0 {
        text.pop();
    }
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if number < 0.0 && !(is_zero && number == 0.0) {
        text.insert(0, '-');
    }
    Ok(Val::str(&text))
}

fn precise(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let number = this_number(machine, call)?;
    if !number.is_finite() {
        return Ok(Val::str(&to_text(number)));
    }
    let is_exponential = call.name() == "toExponential";
    let digits = match call.arg(0) {
        Val::Undefined if is_exponential => {
            let text = format!("{number:e}");
            return Ok(Val::str(&signed_exponent(&text)));
        }
        Val::Undefined => return Ok(Val::str(&to_text(number))),
        digits => machine.to_whole(digits)?,
    };
    let least = if is_exponential { 0.0 } else { 1.0 };
    if !(least..=100.0).contains(&digits) {
        return machine.throw("RangeError", "digits must be between 1 and 100");
    }
    let digits = digits as usize;
    if is_exponential {
        return Ok(Val::str(&signed_exponent(&format!("{number:.digits$e}"))));
    }
    let written = format!("{:.*e}", digits - 1, number);
    let exponent: i32 = written
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let digits = i32::try_from(digits).unwrap_or(100);
    if exponent < -6 || exponent >= digits {
        return Ok(Val::str(&signed_exponent(&written)));
    }
    let after = usize::try_from(digits - 1 - exponent).unwrap_or(0);
    Ok(Val::str(&format!("{number:.after$}")))
}

fn signed_exponent(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text.to_owned(),
    }
}

fn wrap(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bits = machine.to_whole(call.arg(0))?;
    if !(0.0..=4096.0).contains(&bits) {
        return Err(Stop::End);
    }
    let bits = bits as u32;
    let big = machine.to_bigint(call.arg(1))?;
    let modulus = BigInt::from(1) << bits;
    let mut value = &*big % &modulus;
    if value.sign() == Sign::Minus {
        value += &modulus;
    }
    if call.name() == "asIntN" && bits > 0 && value.bit(u64::from(bits) - 1) {
        value -= &modulus;
    }
    Ok(Val::Big(Rc::new(value)))
}

fn big_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let big = match call.this {
        Val::Big(big) => Rc::clone(big),
        Val::Host(_) => return Err(Stop::Opaque),
        _ => return machine.type_error("not a BigInt"),
    };
    let radix = match call.arg(0) {
        Val::Undefined => 10.0,
        radix => machine.to_whole(radix)?,
    };
    if !(2.0..=36.0).contains(&radix) {
        return machine.throw("RangeError", "toString() radix must be between 2 and 36");
    }
    machine.spend(big.bits() / 4)?;
    Ok(Val::Str(Text::new(&big.to_str_radix(radix as u32))))
}

/// For tests of the reading of numbers.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::run::convert::text_to_number;

    #[test]
    fn fractions_have_the_digits_that_tell_them_apart() {
        assert_eq!(in_radix(0.5, 2), "0.1");
        assert_eq!(in_radix(255.0, 36), "73");
        assert_eq!(in_radix(-0.1, 3).len(), 37);
        assert_eq!(in_radix(1e21, 16), "3635c9adc5dea00000");
        assert!(text_to_number(&Text::new("0x")).is_nan());
    }
}
