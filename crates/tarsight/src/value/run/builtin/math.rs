//! `Math`.

use super::{Call, Native, row};
use crate::value::run::convert::{to_i32, to_u32};
use crate::value::run::object::Val;
use crate::value::run::operate::power;
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Math.abs", 1, one),
    row("Math.ceil", 1, one),
    row("Math.floor", 1, one),
    row("Math.round", 1, one),
    row("Math.trunc", 1, one),
    row("Math.sign", 1, one),
    row("Math.sqrt", 1, one),
    row("Math.cbrt", 1, one),
    row("Math.exp", 1, one),
    row("Math.expm1", 1, one),
    row("Math.log", 1, one),
    row("Math.log2", 1, one),
    row("Math.log10", 1, one),
    row("Math.log1p", 1, one),
    row("Math.sin", 1, one),
    row("Math.cos", 1, one),
    row("Math.tan", 1, one),
    row("Math.asin", 1, one),
    row("Math.acos", 1, one),
    row("Math.atan", 1, one),
    row("Math.sinh", 1, one),
    row("Math.cosh", 1, one),
    row("Math.tanh", 1, one),
    row("Math.fround", 1, one),
    row("Math.clz32", 1, one),
    row("Math.atan2", 2, two),
    row("Math.pow", 2, two),
    row("Math.imul", 2, two),
    row("Math.max", 2, many),
    row("Math.min", 2, many),
    row("Math.hypot", 2, many),
    row("Math.random", 0, |_, _| Err(Stop::Opaque)),
];

fn one(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let x = machine.to_number(call.arg(0))?;
    Ok(Val::Num(match call.name() {
        "abs" => x.abs(),
        "ceil" => x.ceil(),
        "floor" => x.floor(),
        "round" => {
            let floor = x.floor();
            if x - floor >= 0.5 { floor + 1.0 } else { floor }
        }
        "trunc" => x.trunc(),
        "sign" if x == 0.0 || x.is_nan() => x,
        "sign" => x.signum(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "exp" => x.exp(),
        "expm1" => x.exp_m1(),
        "log" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "fround" => f64::from(x as f32),
        _ => f64::from(to_u32(x).leading_zeros()),
    }))
}

fn two(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let x = machine.to_number(call.arg(0))?;
    let y = machine.to_number(call.arg(1))?;
    Ok(Val::Num(match call.name() {
        "atan2" => x.atan2(y),
        "pow" => power(x, y),
        _ => f64::from(to_i32(x).wrapping_mul(to_i32(y))),
    }))
}

fn many(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut numbers = Vec::with_capacity(call.args.len());
    for arg in call.args {
        numbers.push(machine.to_number(arg)?);
    }
    let any_nan = numbers.iter().any(|number| number.is_nan());
    Ok(Val::Num(match call.name() {
        "hypot" => numbers.iter().map(|n| n * n).sum::<f64>().sqrt(),
        _ if any_nan => f64::NAN,
        "max" => numbers.into_iter().fold(f64::NEG_INFINITY, f64::max),
        _ => numbers.into_iter().fold(f64::INFINITY, f64::min),
    }))
}
