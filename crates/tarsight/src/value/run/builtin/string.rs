//! `String` and its prototype.

use std::rc::Rc;

use unicode_normalization::UnicodeNormalization as _;

use super::{Call, Native, row};
use crate::value::run::object::{Kind, Val};
use crate::value::run::text::{Text, find, trimmed};
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("String", 1, string),
    row("String.fromCharCode", 1, from_codes),
    row("String.fromCodePoint", 1, from_codes),
    row("String.raw", 1, raw),
    row("String.prototype.toString", 0, itself),
    row("String.prototype.valueOf", 0, itself),
    row("String.prototype.charAt", 1, char_at),
    row("String.prototype.at", 1, char_at),
    row("String.prototype.charCodeAt", 1, code_at),
    row("String.prototype.codePointAt", 1, code_at),
    row("String.prototype.concat", 1, concat),
    row("String.prototype.slice", 2, part),
    row("String.prototype.substring", 2, part),
    row("String.prototype.substr", 2, part),
    row("String.prototype.indexOf", 1, index_of),
    row("String.prototype.lastIndexOf", 1, last_index_of),
    row("String.prototype.includes", 1, index_of),
    row("String.prototype.startsWith", 1, index_of),
    row("String.prototype.endsWith", 1, index_of),
    row("String.prototype.toLowerCase", 0, change_case),
    row("String.prototype.toUpperCase", 0, change_case),
    row("String.prototype.toLocaleLowerCase", 0, change_case),
    row("String.prototype.toLocaleUpperCase", 0, change_case),
    row("String.prototype.trim", 0, trim),
    row("String.prototype.trimStart", 0, trim),
    row("String.prototype.trimEnd", 0, trim),
    row("String.prototype.trimLeft", 0, trim),
    row("String.prototype.trimRight", 0, trim),
    row("String.prototype.padStart", 2, pad),
    row("String.prototype.padEnd", 2, pad),
    row("String.prototype.repeat", 1, repeat),
    row("String.prototype.localeCompare", 1, compare),
    row("String.prototype.normalize", 0, normalize),
    row("String.prototype.isWellFormed", 0, well_formed),
    row("String.prototype.toWellFormed", 0, well_formed),
    row("String.prototype.@@iterator", 0, iterator),
    row("String.prototype.anchor", 1, html),
    row("String.prototype.big", 0, html),
    row("String.prototype.blink", 0, html),
    row("String.prototype.bold", 0, html),
    row("String.prototype.fixed", 0, html),
    row("String.prototype.fontcolor", 1, html),
    row("String.prototype.fontsize", 1, html),
    row("String.prototype.italics", 0, html),
    row("String.prototype.link", 1, html),
    row("String.prototype.small", 0, html),
    row("String.prototype.strike", 0, html),
    row("String.prototype.sub", 0, html),
    row("String.prototype.sup", 0, html),
];

fn string(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = match call.args.first() {
        None => Text::new(""),
        Some(Val::Sym(symbol)) => {
            let name = machine.atoms.text(*symbol).lossy();
            Text::new(&format!("Symbol({name})"))
        }
        Some(value) => machine.to_text(value)?,
    };
    if call.new.is_none() {
        return Ok(Val::Str(text));
    }
    let proto = machine.realm.string;
    Ok(machine.object(proto, Kind::Boxed(Val::Str(text))))
}

fn from_codes(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    machine.pay(call.args.len())?;
    let mut units = Vec::with_capacity(call.args.len());
    for arg in call.args {
        let number = machine.to_number(arg)?;
        if call.name() == "fromCharCode" {
            // ToUint16 wraps on purpose.
            units.push(crate::value::run::convert::to_u32(number) as u16);
            continue;
        }
        let code = (number.fract() == 0.0 && (0.0..=1_114_111.0).contains(&number))
            .then_some(number as u32);
        let Some(code) = code else {
            return machine.throw("RangeError", "Invalid code point");
        };
        match char::from_u32(code) {
            Some(char) => units.extend_from_slice(char.encode_utf16(&mut [0; 2])),
            None => units.push(code as u16),
        }
    }
    Ok(Val::of_units(&units))
}

fn raw(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let raw = machine.get_named(call.arg(0), "raw")?;
    let pieces = machine.array_like(&raw)?;
    let mut all = Val::str("");
    for (at, piece) in pieces.iter().enumerate() {
        all = machine.append(&all, piece)?;
        if at + 1 < pieces.len()
            && let Some(value) = call.args.get(at + 1)
        {
            all = machine.append(&all, value)?;
        }
    }
    Ok(all)
}

fn this_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run<Rc<[u16]>> {
    match call.this {
        Val::Str(text) => Ok(text.units()),
        this if this.is_nullish() => machine.type_error("called on null or undefined"),
        this => machine.to_units(this),
    }
}

fn itself(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.this {
        Val::Str(_) => Ok(call.this.clone()),
        Val::Host(_) => Err(Stop::Opaque),
        Val::Obj(id) => match &machine.at(*id).kind {
            Kind::Boxed(value @ Val::Str(_)) => Ok(value.clone()),
            _ => machine.type_error("not a string"),
        },
        _ => machine.type_error("not a string"),
    }
}

fn char_at(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let mut at = machine.to_whole(call.arg(0))?;
    let is_at = call.name() == "at";
    if is_at && at < 0.0 {
        at += units.len() as f64;
    }
    let unit = (at >= 0.0).then(|| units.get(at as usize)).flatten();
    Ok(match unit {
        Some(&unit) => Val::of_units(&[unit]),
        None if is_at => Val::Undefined,
        None => Val::str(""),
    })
}

fn code_at(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let at = machine.to_whole(call.arg(0))?;
    let unit = (at >= 0.0).then(|| units.get(at as usize)).flatten();
    let Some(&unit) = unit else {
        return Ok(if call.name() == "charCodeAt" {
            Val::Num(f64::NAN)
        } else {
            Val::Undefined
        });
    };
    if call.name() == "codePointAt"
        && (0xd800..0xdc00).contains(&unit)
        && let Some(&low) = units.get(at as usize + 1)
        && (0xdc00..0xe000).contains(&low)
    {
        let code = 0x10000 + ((u32::from(unit) - 0xd800) << 10) + (u32::from(low) - 0xdc00);
        return Ok(Val::Num(f64::from(code)));
    }
    Ok(Val::Num(f64::from(unit)))
}

fn concat(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut all = Val::of_units(&this_text(machine, call)?);
    for arg in call.args {
        all = machine.append(&all, arg)?;
    }
    Ok(all)
}

fn part(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let len = units.len();
    let (start, end) = match call.name() {
        "slice" => (
            machine.to_position(call.args.first(), len, 0)?,
            machine.to_position(call.args.get(1), len, len)?,
        ),
        "substr" => {
            let start = machine.to_position(call.args.first(), len, 0)?;
            let count = match call.args.get(1) {
                None | Some(Val::Undefined) => len - start,
                Some(count) => machine.to_whole(count)?.clamp(0.0, (len - start) as f64) as usize,
            };
            (start, start + count)
        }
        _ => {
            let clamp = |machine: &mut Machine<'_>, arg: Option<&Val>, default: usize| match arg {
                None | Some(Val::Undefined) => Ok(default),
                Some(arg) => Ok(machine.to_whole(arg)?.clamp(0.0, len as f64) as usize),
            };
            let start = clamp(machine, call.args.first(), 0)?;
            let end = clamp(machine, call.args.get(1), len)?;
            (start.min(end), start.max(end))
        }
    };
    let part = units.get(start..end.max(start)).unwrap_or(&[]);
    machine.pay(part.len())?;
    Ok(Val::of_units(part))
}

fn index_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let name = call.name();
    if name != "indexOf"
        && let Val::Obj(id) = call.arg(0)
        && let Kind::Regex(_) = machine.at(*id).kind
    {
        return machine.type_error("First argument must not be a regular expression");
    }
    let wanted = machine.to_units(call.arg(0))?;
    machine.spend(units.len() as u64 / 16)?;
    Ok(match name {
        "startsWith" => {
            let from = machine.to_position(call.args.get(1), units.len(), 0)?;
            Val::Bool(units[from..].starts_with(&wanted))
        }
        "endsWith" => {
            let end = machine.to_position(call.args.get(1), units.len(), units.len())?;
            Val::Bool(units[..end].ends_with(&wanted))
        }
        _ => {
            let from = match call.args.get(1) {
                None => 0,
                Some(from) => machine.to_whole(from)?.clamp(0.0, units.len() as f64) as usize,
            };
            let found = find(&units, &wanted, from);
            if name == "includes" {
                Val::Bool(found.is_some())
            } else {
                Val::Num(found.map_or(-1.0, |at| at as f64))
            }
        }
    })
}

fn last_index_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let wanted = machine.to_units(call.arg(0))?;
    machine.spend(units.len() as u64 / 16)?;
    let Some(last) = units.len().checked_sub(wanted.len()) else {
        return Ok(Val::Num(-1.0));
    };
    let from = match call.args.get(1) {
        None => last,
        Some(from) => {
            let from = machine.to_number(from)?;
            if from.is_nan() {
                last
            } else {
                from.trunc().clamp(0.0, last as f64) as usize
            }
        }
    };
    let found = (0..=from)
        .rev()
        .find(|&at| units[at..at + wanted.len()] == *wanted);
    Ok(Val::Num(found.map_or(-1.0, |at| at as f64)))
}

fn change_case(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    machine.pay(units.len())?;
    let upper = call.name().contains("Upper");
    let mut out = Vec::with_capacity(units.len());
    for decoded in char::decode_utf16(units.iter().copied()) {
        match decoded {
            Ok(char) if upper => {
                for char in char.to_uppercase() {
                    out.extend_from_slice(char.encode_utf16(&mut [0; 2]));
                }
            }
            Ok(char) => {
                for char in char.to_lowercase() {
                    out.extend_from_slice(char.encode_utf16(&mut [0; 2]));
                }
            }
            Err(error) => out.push(error.unpaired_surrogate()),
        }
    }
    Ok(Val::of_units(&out))
}

fn normalize(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    machine.pay(units.len())?;
    let form = match call.arg(0) {
        Val::Undefined => "NFC".to_owned(),
        form => String::from_utf16_lossy(&machine.to_units(form)?),
    };
    let mut out = Vec::with_capacity(units.len());
    let mut part = String::new();
    let end = |part: &mut String, out: &mut Vec<u16>| {
        let made: String = match form.as_str() {
            "NFD" => part.nfd().collect(),
            "NFKC" => part.nfkc().collect(),
            "NFKD" => part.nfkd().collect(),
            _ => part.nfc().collect(),
        };
        out.extend(made.encode_utf16());
        part.clear();
    };
    for decoded in char::decode_utf16(units.iter().copied()) {
        match decoded {
            Ok(char) => part.push(char),
            Err(error) => {
                end(&mut part, &mut out);
                out.push(error.unpaired_surrogate());
            }
        }
    }
    end(&mut part, &mut out);
    if !matches!(form.as_str(), "NFC" | "NFD" | "NFKC" | "NFKD") {
        return machine.type_error("The normalization form should be one of NFC, NFD, NFKC, NFKD");
    }
    Ok(Val::of_units(&out))
}

fn trim(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let name = call.name();
    let start = !matches!(name, "trimEnd" | "trimRight");
    let end = !matches!(name, "trimStart" | "trimLeft");
    Ok(Val::of_units(trimmed(&units, start, end)))
}

fn pad(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let wanted = machine.to_whole(call.arg(0))?;
    if wanted > MOST_LENGTH as f64 {
        return Err(Stop::End);
    }
    let filler = match call.arg(1) {
        Val::Undefined => Text::new(" ").units(),
        filler => machine.to_units(filler)?,
    };
    let wanted = wanted.max(0.0) as usize;
    if wanted <= units.len() || filler.is_empty() {
        return Ok(Val::of_units(&units));
    }
    machine.pay(wanted)?;
    let padding = filler.iter().copied().cycle().take(wanted - units.len());
    let all: Vec<u16> = if call.name() == "padStart" {
        padding.chain(units.iter().copied()).collect()
    } else {
        units.iter().copied().chain(padding).collect()
    };
    Ok(Val::of_units(&all))
}

fn repeat(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let count = machine.to_whole(call.arg(0))?;
    if count < 0.0 || count.is_infinite() {
        return machine.throw("RangeError", "Invalid count value");
    }
    if count * units.len() as f64 > MOST_LENGTH as f64 {
        return Err(Stop::End);
    }
    machine.pay(units.len() * count as usize)?;
    Ok(Val::of_units(&units.repeat(count as usize)))
}

fn compare(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let other = machine.to_units(call.arg(0))?;
    if units == other {
        return Ok(Val::Num(0.0));
    }
    // Other orders depend on the locale, but plain letters of one case do not.
    let plain = |units: &[u16]| units.iter().all(|unit| (0x61..=0x7a).contains(unit));
    if plain(&units) && plain(&other) {
        return Ok(Val::Num(if units < other { -1.0 } else { 1.0 }));
    }
    Err(Stop::Opaque)
}

fn well_formed(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_text(machine, call)?;
    let text = String::from_utf16(&units);
    if call.name() == "isWellFormed" {
        return Ok(Val::Bool(text.is_ok()));
    }
    Ok(Val::str(&String::from_utf16_lossy(&units)))
}

fn iterator(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = Val::of_units(&this_text(machine, call)?);
    let items = machine.all_items(&text)?;
    Ok(machine.iterator(items, Val::Undefined))
}

/// `"x".bold()` and the rest of its old family.
fn html(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = String::from_utf16_lossy(&this_text(machine, call)?);
    let name = call.name();
    let (tag, attribute) = match name {
        "anchor" => ("a", Some("name")),
        "bold" => ("b", None),
        "fixed" => ("tt", None),
        "fontcolor" => ("font", Some("color")),
        "fontsize" => ("font", Some("size")),
        "italics" => ("i", None),
        "link" => ("a", Some("href")),
        name => (name, None),
    };
    let open = match attribute {
        Some(attribute) => {
            let value = machine.to_text(call.arg(0))?.lossy().replace('"', "&quot;");
            format!("<{tag} {attribute}=\"{value}\">")
        }
        None => format!("<{tag}>"),
    };
    Ok(Val::str(&format!("{open}{text}</{tag}>")))
}
