//! Typed arrays, `ArrayBuffer`, `DataView`, `TextDecoder` and `TextEncoder`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Call, Native, row};
use crate::value::encode;
use crate::value::run::convert::{to_u32, utf8};
use crate::value::run::object::{Element, Key, Kind, Val, View};
use crate::value::run::text::Text;
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("TypedArray", 0, |machine, _| {
        machine.type_error("Abstract class")
    }),
    row("Int8Array", 3, typed),
    row("Uint8Array", 3, typed),
    row("Uint8ClampedArray", 3, typed),
    row("Int16Array", 3, typed),
    row("Uint16Array", 3, typed),
    row("Int32Array", 3, typed),
    row("Uint32Array", 3, typed),
    row("Float32Array", 3, typed),
    row("Float64Array", 3, typed),
    row("BigInt64Array", 3, typed),
    row("BigUint64Array", 3, typed),
    row("Int8Array.from", 1, typed_from),
    row("Int8Array.of", 0, typed_from),
    row("Uint8Array.from", 1, typed_from),
    row("Uint8Array.of", 0, typed_from),
    row("Uint8ClampedArray.from", 1, typed_from),
    row("Uint16Array.from", 1, typed_from),
    row("Uint16Array.of", 0, typed_from),
    row("Int16Array.from", 1, typed_from),
    row("Uint32Array.from", 1, typed_from),
    row("Uint32Array.of", 0, typed_from),
    row("Int32Array.from", 1, typed_from),
    row("Float64Array.from", 1, typed_from),
    row("get TypedArray.prototype.length", 0, measure),
    row("get TypedArray.prototype.byteLength", 0, measure),
    row("get TypedArray.prototype.byteOffset", 0, measure),
    row("get TypedArray.prototype.buffer", 0, measure),
    row("TypedArray.prototype.set", 1, set),
    row("TypedArray.prototype.subarray", 2, part),
    row("TypedArray.prototype.slice", 2, part),
    row("TypedArray.prototype.fill", 1, fill),
    row("TypedArray.prototype.map", 1, generic),
    row("TypedArray.prototype.filter", 1, generic),
    row("TypedArray.prototype.reverse", 0, generic),
    row("TypedArray.prototype.sort", 1, generic),
    row("TypedArray.prototype.forEach", 1, generic),
    row("TypedArray.prototype.some", 1, generic),
    row("TypedArray.prototype.every", 1, generic),
    row("TypedArray.prototype.find", 1, generic),
    row("TypedArray.prototype.findIndex", 1, generic),
    row("TypedArray.prototype.reduce", 1, generic),
    row("TypedArray.prototype.reduceRight", 1, generic),
    row("TypedArray.prototype.join", 1, generic),
    row("TypedArray.prototype.indexOf", 1, generic),
    row("TypedArray.prototype.includes", 1, generic),
    row("TypedArray.prototype.at", 1, generic),
    row("TypedArray.prototype.keys", 0, generic),
    row("TypedArray.prototype.values", 0, generic),
    row("TypedArray.prototype.entries", 0, generic),
    row("TypedArray.prototype.@@iterator", 0, generic),
    row("TypedArray.prototype.toString", 0, generic),
    row("ArrayBuffer", 1, array_buffer),
    row("ArrayBuffer.isView", 1, is_view),
    row("get ArrayBuffer.prototype.byteLength", 0, measure),
    row("ArrayBuffer.prototype.slice", 2, part),
    row("DataView", 1, typed),
    row("DataView.prototype.getUint8", 1, read),
    row("DataView.prototype.getInt8", 1, read),
    row("DataView.prototype.getUint16", 1, read),
    row("DataView.prototype.getInt16", 1, read),
    row("DataView.prototype.getUint32", 1, read),
    row("DataView.prototype.getInt32", 1, read),
    row("DataView.prototype.getFloat64", 1, read),
    row("DataView.prototype.setUint8", 2, write),
    row("DataView.prototype.setInt8", 2, write),
    row("DataView.prototype.setUint16", 2, write),
    row("DataView.prototype.setInt16", 2, write),
    row("DataView.prototype.setUint32", 2, write),
    row("DataView.prototype.setInt32", 2, write),
    row("DataView.prototype.setFloat64", 2, write),
    row("TextDecoder", 0, decoder),
    row("TextDecoder.prototype.decode", 1, decode),
    row("TextEncoder", 0, |machine, call| match call.new {
        Some(target) => machine.made_by(target, Kind::Plain),
        None => machine.type_error("Constructor requires 'new'"),
    }),
    row("TextEncoder.prototype.encode", 1, encode_text),
];

pub(super) const SIZES: &[(&str, f64)] = &[
    ("Int8Array", 1.0),
    ("Uint8Array", 1.0),
    ("Uint8ClampedArray", 1.0),
    ("Int16Array", 2.0),
    ("Uint16Array", 2.0),
    ("Int32Array", 4.0),
    ("Uint32Array", 4.0),
    ("Float32Array", 4.0),
    ("Float64Array", 8.0),
];

fn element_of(class: &str) -> Element {
    match class {
        "Int8Array" => Element::I8,
        "Uint8ClampedArray" => Element::Clamped,
        "Int16Array" => Element::I16,
        "Uint16Array" => Element::U16,
        "Int32Array" => Element::I32,
        "Uint32Array" => Element::U32,
        "Float32Array" => Element::F32,
        "Float64Array" => Element::F64,
        "BigInt64Array" => Element::I64,
        "BigUint64Array" => Element::U64,
        "Buffer" => Element::Buffer,
        "DataView" => Element::DataView,
        _ => Element::U8,
    }
}

/// The class of a view.
pub(super) fn name_of(element: Element) -> &'static str {
    match element {
        Element::I8 => "Int8Array",
        Element::U8 | Element::Buffer => "Uint8Array",
        Element::Clamped => "Uint8ClampedArray",
        Element::I16 => "Int16Array",
        Element::U16 => "Uint16Array",
        Element::I32 => "Int32Array",
        Element::U32 => "Uint32Array",
        Element::F32 => "Float32Array",
        Element::F64 => "Float64Array",
        Element::I64 => "BigInt64Array",
        Element::U64 => "BigUint64Array",
        Element::DataView => "DataView",
    }
}

impl Machine<'_> {
    /// A new view over its own bytes.
    pub(in crate::value::run) fn view_of(&mut self, bytes: Vec<u8>, element: Element) -> Val {
        let len = bytes.len();
        let view = View {
            bytes: Rc::new(RefCell::new(bytes)),
            start: 0,
            len,
            element,
        };
        self.view(view)
    }

    fn view(&mut self, view: View) -> Val {
        let class = match view.element {
            Element::Buffer => "Buffer",
            element => name_of(element),
        };
        let class = self.key(class);
        let class = self.global(class);
        match self.made_by(&class, Kind::View(view)) {
            Ok(value) => value,
            Err(_) => Val::Undefined,
        }
    }

    pub(super) fn this_view(&mut self, value: &Val) -> Run<View> {
        match value {
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::View(view) => Ok(view.clone()),
                Kind::ArrayBuffer(bytes) => {
                    let len = bytes.borrow().len();
                    Ok(View {
                        bytes: Rc::clone(bytes),
                        start: 0,
                        len,
                        element: Element::U8,
                    })
                }
                _ => self.type_error("this is not a typed array"),
            },
            Val::Host(_) => Err(Stop::Opaque),
            _ => self.type_error("this is not a typed array"),
        }
    }

    /// A view with these elements.
    fn filled_view(&mut self, items: &[Val], element: Element) -> Run<View> {
        let len = items.len() * element.size();
        self.pay(len)?;
        let view = View {
            bytes: Rc::new(RefCell::new(vec![0; len])),
            start: 0,
            len,
            element,
        };
        for (at, item) in items.iter().enumerate() {
            self.spend(1)?;
            self.store(&view, at, item)?;
        }
        Ok(view)
    }
}

fn typed(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Some(target) = call.new else {
        return machine.type_error("Constructor requires 'new'");
    };
    let element = element_of(call.native.path);
    let view = match call.arg(0) {
        Val::Host(host) => match machine.term(*host) {
            crate::value::terms::Term::Bytes(bytes) => {
                let bytes = bytes.to_vec();
                View {
                    len: bytes.len(),
                    bytes: Rc::new(RefCell::new(bytes)),
                    start: 0,
                    element,
                }
            }
            _ => return Err(Stop::Opaque),
        },
        Val::Obj(id) => match &machine.at(*id).kind {
            Kind::ArrayBuffer(bytes) => {
                let bytes = Rc::clone(bytes);
                let whole = bytes.borrow().len();
                let start = machine.to_position(call.args.get(1), whole, 0)?;
                let rest = (whole - start) / element.size();
                let count = machine.to_position(call.args.get(2), rest, rest)?;
                View {
                    bytes,
                    start,
                    len: count * element.size(),
                    element,
                }
            }
            _ => {
                let items = machine.all_items(call.arg(0)).or_else(|stop| match stop {
                    Stop::Throw(_) => machine.array_like(call.arg(0)),
                    stop => Err(stop),
                })?;
                machine.filled_view(&items, element)?
            }
        },
        value => {
            let count = machine.to_whole(value)?;
            if count < 0.0 {
                return machine.throw("RangeError", "Invalid typed array length");
            }
            if count > MOST_LENGTH as f64 {
                return Err(Stop::End);
            }
            let len = count as usize * element.size();
            machine.pay(len)?;
            View {
                bytes: Rc::new(RefCell::new(vec![0; len])),
                start: 0,
                len,
                element,
            }
        }
    };
    machine.made_by(target, Kind::View(view))
}

fn typed_from(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let class = call.native.path.split('.').next().unwrap_or("");
    let element = element_of(class);
    let items = if call.name() == "of" {
        call.args.to_vec()
    } else {
        if call.arg(0).is_host() {
            return Err(Stop::Opaque);
        }
        let iterator = Key::Name(machine.realm.iterator);
        let items = if machine.get(call.arg(0), iterator)?.is_nullish() {
            machine.array_like(call.arg(0))?
        } else {
            machine.all_items(call.arg(0))?
        };
        let map = call.arg(1).clone();
        if map.is_undefined() {
            items
        } else {
            let mut mapped = Vec::with_capacity(items.len());
            for (at, item) in items.into_iter().enumerate() {
                let args = vec![item, Val::Num(at as f64)];
                mapped.push(machine.call(&map, Val::Undefined, args)?);
            }
            mapped
        }
    };
    let view = machine.filled_view(&items, element)?;
    Ok(machine.view(view))
}

fn measure(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    Ok(match call.name() {
        "length" => Val::Num((view.len / view.element.size()) as f64),
        "byteLength" => Val::Num(view.len as f64),
        "byteOffset" => Val::Num(view.start as f64),
        _ => {
            let class = machine.key("ArrayBuffer");
            let class = machine.global(class);
            return machine.made_by(&class, Kind::ArrayBuffer(view.bytes));
        }
    })
}

fn set(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let at = machine.to_whole(call.arg(1))?.max(0.0) as usize;
    let items = machine.array_like(call.arg(0))?;
    for (offset, item) in items.iter().enumerate() {
        machine.store(&view, at.saturating_add(offset), item)?;
    }
    Ok(Val::Undefined)
}

fn part(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let size = view.element.size();
    let count = view.len / size;
    let start = machine.to_position(call.args.first(), count, 0)?;
    let end = machine
        .to_position(call.args.get(1), count, count)?
        .max(start);
    let is_shared = call.name() == "subarray" || view.element == Element::Buffer;
    let mut piece = View {
        bytes: Rc::clone(&view.bytes),
        start: view.start + start * size,
        len: (end - start) * size,
        element: view.element,
    };
    if !is_shared {
        machine.pay(piece.len)?;
        let bytes = view.bytes.borrow();
        let copy = bytes
            .get(piece.start..piece.start + piece.len)
            .unwrap_or(&[])
            .to_vec();
        drop(bytes);
        piece.bytes = Rc::new(RefCell::new(copy));
        piece.start = 0;
    }
    if call.native.path.starts_with("ArrayBuffer") {
        let class = machine.key("ArrayBuffer");
        let class = machine.global(class);
        return machine.made_by(&class, Kind::ArrayBuffer(piece.bytes));
    }
    Ok(machine.view(piece))
}

fn fill(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let count = view.len / view.element.size();
    let start = machine.to_position(call.args.get(1), count, 0)?;
    let end = machine.to_position(call.args.get(2), count, count)?;
    machine.pay(count)?;
    for at in start..end {
        machine.store(&view, at, call.arg(0))?;
    }
    Ok(call.this.clone())
}

/// Whatever arrays do as well: on a copy, and back if it gives elements.
fn generic(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let items = machine.array_like(call.this)?;
    let numeric_sort = call.name() == "sort" && call.arg(0).is_undefined();
    if numeric_sort {
        let mut numbers = Vec::with_capacity(items.len());
        for item in &items {
            numbers.push(machine.to_number(item)?);
        }
        numbers.sort_by(f64::total_cmp);
        for (at, number) in numbers.into_iter().enumerate() {
            machine.store(&view, at, &Val::Num(number))?;
        }
        return Ok(call.this.clone());
    }
    let array = machine.array(items);
    let name = match call.name() {
        "@@iterator" => Key::Name(machine.realm.iterator),
        name => machine.key(name),
    };
    let method = machine.get(&array, name)?;
    let done = machine.call(&method, array.clone(), call.args.to_vec())?;
    match call.name() {
        "map" | "filter" => {
            let items = machine.array_like(&done)?;
            let made = machine.filled_view(&items, view.element)?;
            Ok(machine.view(made))
        }
        "reverse" | "sort" => {
            let items = machine.array_like(&done)?;
            for (at, item) in items.iter().enumerate() {
                machine.store(&view, at, item)?;
            }
            Ok(call.this.clone())
        }
        _ => Ok(done),
    }
}

fn array_buffer(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Some(target) = call.new else {
        return machine.type_error("Constructor requires 'new'");
    };
    let len = machine.to_whole(call.arg(0))?;
    if !(0.0..=MOST_LENGTH as f64).contains(&len) {
        return Err(Stop::End);
    }
    machine.pay(len as usize)?;
    let bytes = Rc::new(RefCell::new(vec![0; len as usize]));
    machine.made_by(target, Kind::ArrayBuffer(bytes))
}

fn is_view(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    Ok(Val::Bool(match call.arg(0) {
        Val::Obj(id) => matches!(machine.at(*id).kind, Kind::View(_)),
        Val::Host(_) => return Err(Stop::Opaque),
        _ => false,
    }))
}

fn access(name: &str) -> Element {
    match name.get(3..).unwrap_or("") {
        "Int8" => Element::I8,
        "Uint16" => Element::U16,
        "Int16" => Element::I16,
        "Uint32" => Element::U32,
        "Int32" => Element::I32,
        "Float64" => Element::F64,
        _ => Element::U8,
    }
}

fn read(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let element = access(call.name());
    let at = machine.to_whole(call.arg(0))?.max(0.0) as usize;
    let little = machine.truth(call.arg(1)).unwrap_or(false);
    let bytes = view.bytes.borrow();
    let part = bytes.get(view.start..view.start + view.len).unwrap_or(&[]);
    let part = part.get(at..at.saturating_add(element.size()));
    let Some(part) = part else {
        drop(bytes);
        return machine.throw("RangeError", "Offset is outside the bounds of the DataView");
    };
    let mut part = part.to_vec();
    if !little {
        part.reverse();
    }
    Ok(element.read(&part))
}

fn write(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let view = machine.this_view(call.this)?;
    let element = access(call.name());
    let at = machine.to_whole(call.arg(0))?.max(0.0) as usize;
    let mut part = element.write(machine.to_number(call.arg(1))?);
    if !machine.truth(call.arg(2)).unwrap_or(false) {
        part.reverse();
    }
    let mut bytes = view.bytes.borrow_mut();
    let slot = bytes.get_mut(view.start..view.start + view.len);
    if let Some(slot) = slot.and_then(|slot| slot.get_mut(at..at.saturating_add(part.len()))) {
        slot.copy_from_slice(&part);
    }
    Ok(Val::Undefined)
}

fn decoder(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Some(target) = call.new else {
        return machine.type_error("Constructor requires 'new'");
    };
    let label = match call.arg(0) {
        Val::Undefined => "utf8".to_owned(),
        label => machine.to_text(label)?.lossy().to_ascii_lowercase(),
    };
    let label = match label.as_str() {
        "iso-8859-1" | "windows-1252" | "ascii" => "latin1".to_owned(),
        "utf-16" => "utf-16le".to_owned(),
        _ => label,
    };
    machine.made_by(target, Kind::TextDecoder(label))
}

fn decode(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let label = match call.this {
        Val::Obj(id) => match &machine.at(*id).kind {
            Kind::TextDecoder(label) => label.clone(),
            _ => return machine.type_error("not a TextDecoder"),
        },
        _ => return Err(Stop::Opaque),
    };
    let bytes = match call.arg(0) {
        Val::Undefined => Vec::new(),
        value => machine.to_bytes(value)?,
    };
    match encode::to_text(&bytes, &label) {
        Some(text) => Ok(Val::str(text.strip_prefix('\u{feff}').unwrap_or(&text))),
        None => machine.throw("RangeError", "The encoding label is invalid"),
    }
}

fn encode_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = match call.arg(0) {
        Val::Undefined => Text::new(""),
        value => machine.to_text(value)?,
    };
    let bytes = utf8(&text.units());
    machine.pay(bytes.len())?;
    Ok(machine.view_of(bytes, Element::U8))
}

/// The position that code gave, for Buffers.
pub(super) fn offset(machine: &mut Machine<'_>, value: &Val) -> Run<usize> {
    Ok(to_u32(machine.to_whole(value)?.max(0.0)) as usize)
}
