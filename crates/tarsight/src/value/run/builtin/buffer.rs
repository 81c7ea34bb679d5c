//! `Buffer`.

use super::bytes::offset;
use super::{Call, Native, row};
use crate::value::encode;
use crate::value::run::object::{Element, Kind, Val};
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Buffer", 2, from),
    row("Buffer.from", 2, from),
    row("Buffer.alloc", 3, alloc),
    row("Buffer.allocUnsafe", 1, alloc),
    row("Buffer.allocUnsafeSlow", 1, alloc),
    row("Buffer.concat", 2, concat),
    row("Buffer.isBuffer", 1, is_buffer),
    row("Buffer.byteLength", 2, byte_length),
    row("Buffer.compare", 2, |machine, call| {
        compare(machine, call.arg(0), call.arg(1))
    }),
    row("Buffer.prototype.toString", 3, to_string),
    row("Buffer.prototype.toJSON", 0, to_json),
    row("Buffer.prototype.equals", 1, |machine, call| {
        let order = compare(machine, call.this, call.arg(0))?;
        Ok(Val::Bool(matches!(order, Val::Num(order) if order == 0.0)))
    }),
    row("Buffer.prototype.compare", 1, |machine, call| {
        compare(machine, call.this, call.arg(0))
    }),
    row("Buffer.prototype.write", 4, write),
    row("Buffer.prototype.copy", 4, copy),
    row("Buffer.prototype.indexOf", 1, index_of),
    row("Buffer.prototype.includes", 1, index_of),
    row("Buffer.prototype.readUInt8", 1, read),
    row("Buffer.prototype.readUint8", 1, read),
    row("Buffer.prototype.readInt8", 1, read),
    row("Buffer.prototype.readUInt16LE", 1, read),
    row("Buffer.prototype.readUInt16BE", 1, read),
    row("Buffer.prototype.readInt16LE", 1, read),
    row("Buffer.prototype.readUInt32LE", 1, read),
    row("Buffer.prototype.readUInt32BE", 1, read),
    row("Buffer.prototype.readInt32LE", 1, read),
    row("Buffer.prototype.readInt32BE", 1, read),
    row("Buffer.prototype.writeUInt8", 2, write_number),
    row("Buffer.prototype.writeUInt16LE", 2, write_number),
    row("Buffer.prototype.writeUInt16BE", 2, write_number),
    row("Buffer.prototype.writeUInt32LE", 2, write_number),
    row("Buffer.prototype.writeUInt32BE", 2, write_number),
    row("Buffer.prototype.writeInt32LE", 2, write_number),
    row("Buffer.prototype.writeInt32BE", 2, write_number),
    row("Buffer.prototype.swap16", 0, swap),
    row("Buffer.prototype.swap32", 0, swap),
];

fn encoding(machine: &mut Machine<'_>, value: &Val) -> Run<String> {
    match value {
        Val::Undefined | Val::Null => Ok("utf8".to_owned()),
        Val::Host(_) => Err(Stop::Opaque),
        value => Ok(machine.to_text(value)?.lossy()),
    }
}

/// The bytes of a text in an encoding; latin1 and UTF-16 keep lone surrogates.
pub(super) fn text_bytes(machine: &mut Machine<'_>, value: &Val, encoding: &str) -> Run<Vec<u8>> {
    let units = machine.to_units(value)?;
    machine.pay(units.len())?;
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => {
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
        }
        // The low byte is meant.
        "latin1" | "binary" | "ascii" => units.iter().map(|&unit| unit as u8).collect(),
        encoding => match encode::to_bytes(&String::from_utf16_lossy(&units), encoding) {
            Some(bytes) => bytes,
            None => return machine.type_error("Unknown encoding"),
        },
    };
    Ok(bytes)
}

fn from(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.arg(0) {
        text @ Val::Str(_) => {
            let encoding = encoding(machine, call.arg(1))?;
            let bytes = text_bytes(machine, text, &encoding)?;
            Ok(machine.buffer(bytes))
        }
        Val::Num(_) if call.native.path == "Buffer" => alloc(machine, call),
        Val::Obj(id) => {
            if let Kind::ArrayBuffer(shared) = &machine.at(*id).kind {
                let bytes = shared.borrow().clone();
                let start = machine.to_position(call.args.get(1), bytes.len(), 0)?;
                let rest = bytes.len() - start;
                let count = machine.to_position(call.args.get(2), rest, rest)?;
                return Ok(machine.buffer(bytes[start..start + count].to_vec()));
            }
            let is_json = machine.get_named(call.arg(0), "data")?;
            let source = match (&machine.at(*id).kind, &is_json) {
                (Kind::Plain, Val::Obj(_)) => is_json,
                (Kind::Boxed(text @ Val::Str(_)), _) => text.clone(),
                _ => call.arg(0).clone(),
            };
            let bytes = match machine.to_bytes(&source) {
                Err(Stop::Throw(_)) => {
                    let items = machine.array_like(&source)?;
                    let array = machine.array(items);
                    machine.to_bytes(&array)?
                }
                bytes => bytes?,
            };
            Ok(machine.buffer(bytes))
        }
        Val::Host(_) => {
            let bytes = machine.to_bytes(call.arg(0))?;
            Ok(machine.buffer(bytes))
        }
        _ => machine.type_error("The first argument must be of type string or Buffer"),
    }
}

fn alloc(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let len = machine.to_whole(call.arg(0))?;
    if !(0.0..=MOST_LENGTH as f64).contains(&len) {
        return Err(Stop::End);
    }
    machine.pay(len as usize)?;
    let filler = match call.arg(1) {
        Val::Undefined => vec![0],
        Val::Num(number) => vec![crate::value::number::to_i32(*number) as u8],
        text @ Val::Str(_) => {
            let encoding = encoding(machine, call.arg(2))?;
            text_bytes(machine, text, &encoding)?
        }
        value => machine.to_bytes(value)?,
    };
    let filler = if filler.is_empty() { vec![0] } else { filler };
    let bytes = filler.into_iter().cycle().take(len as usize).collect();
    Ok(machine.buffer(bytes))
}

fn concat(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let parts = machine.array_like(call.arg(0))?;
    let mut all = Vec::new();
    for part in &parts {
        all.extend(machine.to_bytes(part)?);
        if all.len() > MOST_LENGTH {
            return Err(Stop::End);
        }
    }
    if let Val::Num(len) = call.arg(1) {
        all.resize(len.clamp(0.0, MOST_LENGTH as f64) as usize, 0);
    }
    Ok(machine.buffer(all))
}

fn is_buffer(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    Ok(Val::Bool(match call.arg(0) {
        Val::Obj(id) => {
            matches!(&machine.at(*id).kind, Kind::View(view) if view.element == Element::Buffer)
        }
        Val::Host(_) => return Err(Stop::Opaque),
        _ => false,
    }))
}

fn byte_length(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let len = match call.arg(0) {
        text @ Val::Str(_) => {
            let encoding = encoding(machine, call.arg(1))?;
            text_bytes(machine, text, &encoding)?.len()
        }
        value => machine.to_bytes(value)?.len(),
    };
    Ok(Val::Num(len as f64))
}

fn compare(machine: &mut Machine<'_>, left: &Val, right: &Val) -> Run {
    let left = machine.to_bytes(left)?;
    let right = machine.to_bytes(right)?;
    Ok(Val::Num(f64::from(left.cmp(&right) as i8)))
}

fn to_string(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = machine.to_bytes(call.this)?;
    let encoding = encoding(machine, call.arg(0))?;
    let start = machine.to_position(call.args.get(1), bytes.len(), 0)?;
    let end = machine.to_position(call.args.get(2), bytes.len(), bytes.len())?;
    let part = bytes.get(start..end.max(start)).unwrap_or(&[]);
    if matches!(
        encoding.to_ascii_lowercase().as_str(),
        "utf16le" | "utf-16le" | "ucs2" | "ucs-2"
    ) {
        let units: Vec<u16> = part
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        return Ok(Val::of_units(&units));
    }
    match encode::to_text(part, &encoding) {
        Some(text) => Ok(Val::str(&text)),
        None => machine.type_error("Unknown encoding"),
    }
}

fn to_json(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = machine.to_bytes(call.this)?;
    let items = bytes
        .iter()
        .map(|&byte| Val::Num(f64::from(byte)))
        .collect();
    let data = machine.array(items);
    Ok(machine.record(&[("type", Val::str("Buffer")), ("data", data)]))
}

fn write(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let mut rest = call.args.get(1..).unwrap_or(&[]).iter();
    let mut at = 0;
    let mut encoding_name = "utf8".to_owned();
    for arg in rest.by_ref() {
        match arg {
            Val::Str(text) => encoding_name = text.lossy(),
            Val::Num(_) if at == 0 => at = offset(machine, arg)?,
            _ => {}
        }
    }
    let bytes = text_bytes(machine, call.arg(0), &encoding_name)?;
    let mut written = 0;
    for (step, byte) in bytes.into_iter().enumerate() {
        if at + step >= view.len {
            break;
        }
        machine.store(&view, at + step, &Val::Num(f64::from(byte)))?;
        written += 1;
    }
    Ok(Val::Num(f64::from(written)))
}

fn copy(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = machine.to_bytes(call.this)?;
    let target = machine.this_view(call.arg(0))?;
    let at = machine.to_position(call.args.get(1), target.len, 0)?;
    let start = machine.to_position(call.args.get(2), bytes.len(), 0)?;
    let end = machine.to_position(call.args.get(3), bytes.len(), bytes.len())?;
    let part = bytes.get(start..end.max(start)).unwrap_or(&[]);
    let count = part.len().min(target.len - at);
    for (step, &byte) in part.iter().take(count).enumerate() {
        machine.store(&target, at + step, &Val::Num(f64::from(byte)))?;
    }
    Ok(Val::Num(count as f64))
}

fn index_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = machine.to_bytes(call.this)?;
    let wanted = match call.arg(0) {
        Val::Num(number) => vec![crate::value::number::to_i32(*number) as u8],
        value => machine.to_bytes(value)?,
    };
    let from = machine.to_position(call.args.get(1), bytes.len(), 0)?;
    let found = memchr::memmem::find(&bytes[from..], &wanted).map(|at| at + from);
    if call.name() == "includes" {
        return Ok(Val::Bool(found.is_some()));
    }
    Ok(Val::Num(found.map_or(-1.0, |at| at as f64)))
}

/// What `readUInt16LE` and its kin read: the element, and whether the high byte is last.
fn number_kind(name: &str) -> (Element, bool) {
    let element = if name.contains("32") {
        if name.contains("UInt") {
            Element::U32
        } else {
            Element::I32
        }
    } else if name.contains("16") {
        if name.contains("UInt") {
            Element::U16
        } else {
            Element::I16
        }
    } else if name.contains("UInt") || name.contains("Uint") {
        Element::U8
    } else {
        Element::I8
    };
    (element, !name.ends_with("BE"))
}

fn read(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = machine.to_bytes(call.this)?;
    let (element, little) = number_kind(call.name());
    let at = offset(machine, call.arg(0))?;
    let Some(part) = bytes.get(at..at.saturating_add(element.size())) else {
        return machine.throw("RangeError", "The value of \"offset\" is out of range");
    };
    let mut part = part.to_vec();
    if !little {
        part.reverse();
    }
    Ok(element.read(&part))
}

fn write_number(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let (element, little) = number_kind(call.name());
    let mut part = element.write(machine.to_number(call.arg(0))?);
    if !little {
        part.reverse();
    }
    let at = offset(machine, call.arg(1))?;
    for (step, byte) in part.iter().enumerate() {
        machine.store(&view, at + step, &Val::Num(f64::from(*byte)))?;
    }
    Ok(Val::Num((at + part.len()) as f64))
}

fn swap(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let width = if call.name() == "swap16" { 2 } else { 4 };
    let mut bytes = view.bytes.borrow_mut();
    if let Some(part) = bytes.get_mut(view.start..view.start + view.len) {
        for chunk in part.chunks_exact_mut(width) {
            chunk.reverse();
        }
    }
    Ok(call.this.clone())
}
