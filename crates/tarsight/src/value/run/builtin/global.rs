//! Global functions.

use super::{Call, Native, code, row};
use crate::value::encode;
use crate::value::run::convert::utf8;
use crate::value::run::object::Val;
use crate::value::run::{Machine, Run};

pub(super) const ROWS: &[Native] = &[
    code("eval", 1, eval),
    row("atob", 1, atob),
    row("btoa", 1, btoa),
    row("decodeURIComponent", 1, decode_uri),
    row("decodeURI", 1, decode_uri),
    row("encodeURIComponent", 1, encode_uri),
    row("encodeURI", 1, encode_uri),
    row("escape", 1, escape),
    row("unescape", 1, unescape),
    row("structuredClone", 1, |_, call| Ok(call.arg(0).clone())),
];

/// Called by another name: the code sees only globals.
fn eval(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.arg(0) {
        Val::Str(text) => {
            let text = text.lossy();
            let this = machine.global_object();
            machine.run_text(&text, None, this)
        }
        value => Ok(value.clone()),
    }
}

fn atob(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = machine.to_text(call.arg(0))?.lossy();
    machine.pay(text.len())?;
    let is_digit = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace()
    };
    if !text.chars().all(is_digit) {
        return machine.throw("InvalidCharacterError", "Invalid character");
    }
    let units: Vec<u16> = encode::from_base64(&text)
        .into_iter()
        .map(u16::from)
        .collect();
    Ok(Val::of_units(&units))
}

fn btoa(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let bytes: Result<Vec<u8>, _> = units.iter().map(|&unit| u8::try_from(unit)).collect();
    let Ok(bytes) = bytes else {
        return machine.throw("InvalidCharacterError", "Invalid character");
    };
    Ok(Val::str(
        &encode::to_text(&bytes, "base64").unwrap_or_default(),
    ))
}

const RESERVED: &str = ";/?:@&=+$,#";

fn decode_uri(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let kept = if call.name() == "decodeURI" {
        RESERVED
    } else {
        ""
    };
    let mut out: Vec<u16> = Vec::with_capacity(units.len());
    let hex = |at: usize| -> Option<u8> {
        let digit = |at: usize| {
            let unit = *units.get(at)?;
            char::from_u32(u32::from(unit))?.to_digit(16)
        };
        (units.get(at) == Some(&0x25)).then_some(())?;
        u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
    };
    let mut at = 0;
    while let Some(&unit) = units.get(at) {
        if unit != 0x25 {
            out.push(unit);
            at += 1;
            continue;
        }
        let Some(first) = hex(at) else {
            return machine.throw("URIError", "URI malformed");
        };
        let count = match first {
            0..=0x7f => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return machine.throw("URIError", "URI malformed"),
        };
        let bytes: Option<Vec<u8>> = (0..count).map(|step| hex(at + 3 * step)).collect();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(text) = text else {
            return machine.throw("URIError", "URI malformed");
        };
        if count == 1 && kept.contains(&text) {
            out.extend_from_slice(&units[at..at + 3]);
        } else {
            out.extend(text.encode_utf16());
        }
        at += 3 * count;
    }
    Ok(Val::of_units(&out))
}

fn encode_uri(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let Ok(text) = String::from_utf16(&units) else {
        return machine.throw("URIError", "URI malformed");
    };
    let kept = if call.name() == "encodeURI" {
        RESERVED
    } else {
        ""
    };
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_ascii_alphanumeric() || "-_.!~*'()".contains(char) || kept.contains(char) {
            out.push(char);
        } else {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    Ok(Val::str(&out))
}

fn escape(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let mut out = String::with_capacity(units.len());
    for &unit in units.iter() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"@*_+-./".contains(&byte) => {
                out.push(char::from(byte));
            }
            Ok(byte) => out.push_str(&format!("%{byte:02X}")),
            Err(_) => out.push_str(&format!("%u{unit:04X}")),
        }
    }
    Ok(Val::str(&out))
}

fn unescape(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = machine.to_units(call.arg(0))?;
    machine.pay(units.len())?;
    let hex = |at: usize, len: usize| -> Option<u16> {
        let mut value = 0_u32;
        for &unit in units.get(at..at + len)? {
            value = value * 16 + char::from_u32(u32::from(unit))?.to_digit(16)?;
        }
        u16::try_from(value).ok()
    };
    let mut out = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(&unit) = units.get(at) {
        let wide = units.get(at + 1) == Some(&0x75);
        let (value, len) = match unit {
            0x25 if wide && hex(at + 2, 4).is_some() => (hex(at + 2, 4), 6),
            0x25 if hex(at + 1, 2).is_some() => (hex(at + 1, 2), 3),
            _ => (Some(unit), 1),
        };
        out.push(value.unwrap_or(unit));
        at += len;
    }
    Ok(Val::of_units(&out))
}

/// Bytes of a text or of bytes, as Node's functions take them.
pub(super) fn data(machine: &mut Machine<'_>, value: &Val, encoding: &Val) -> Run<Vec<u8>> {
    match value {
        Val::Str(text) => match encoding {
            Val::Str(encoding) => {
                let encoding = encoding.lossy();
                super::buffer::text_bytes(machine, value, &encoding)
            }
            _ => Ok(utf8(&text.units())),
        },
        value => machine.to_bytes(value),
    }
}
