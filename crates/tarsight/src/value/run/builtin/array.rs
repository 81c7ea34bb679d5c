//! `Array` and its prototype.

use super::array_each::{each, reduce, sort};
use super::{Call, Native, row};
use crate::value::run::generator::Driver;
use crate::value::run::object::{Key, Kind, ObjId, Val};
use crate::value::run::text::Text;
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Array", 1, array),
    row("Array.isArray", 1, is_array),
    row("Array.from", 1, from),
    row("Array.of", 0, |machine, call| {
        Ok(machine.array(call.args.to_vec()))
    }),
    row("Array.prototype.push", 1, push),
    row("Array.prototype.pop", 0, take),
    row("Array.prototype.shift", 0, take),
    row("Array.prototype.unshift", 1, unshift),
    row("Array.prototype.slice", 2, slice),
    row("Array.prototype.splice", 2, splice),
    row("Array.prototype.concat", 1, concat),
    row("Array.prototype.join", 1, join),
    row("Array.prototype.toString", 0, join),
    row("Array.prototype.toLocaleString", 0, join),
    row("Array.prototype.reverse", 0, reverse),
    row("Array.prototype.toReversed", 0, reverse),
    row("Array.prototype.sort", 1, sort),
    row("Array.prototype.toSorted", 1, sort),
    row("Array.prototype.fill", 1, fill),
    row("Array.prototype.copyWithin", 2, copy_within),
    row("Array.prototype.indexOf", 1, index_of),
    row("Array.prototype.lastIndexOf", 1, index_of),
    row("Array.prototype.includes", 1, index_of),
    row("Array.prototype.at", 1, at),
    row("Array.prototype.with", 2, with),
    row("Array.prototype.flat", 0, flat),
    row("Array.prototype.flatMap", 1, each),
    row("Array.prototype.map", 1, each),
    row("Array.prototype.forEach", 1, each),
    row("Array.prototype.filter", 1, each),
    row("Array.prototype.some", 1, each),
    row("Array.prototype.every", 1, each),
    row("Array.prototype.find", 1, each),
    row("Array.prototype.findIndex", 1, each),
    row("Array.prototype.findLast", 1, each),
    row("Array.prototype.findLastIndex", 1, each),
    row("Array.prototype.reduce", 1, reduce),
    row("Array.prototype.reduceRight", 1, reduce),
    row("Array.prototype.keys", 0, entries),
    row("Array.prototype.values", 0, entries),
    row("Array.prototype.entries", 0, entries),
    row("Array.prototype.@@iterator", 0, entries),
    row("%Iterator%.prototype.next", 0, next),
    row("%Iterator%.prototype.return", 0, next),
    row("%Iterator%.prototype.@@iterator", 0, |_, call| {
        Ok(call.this.clone())
    }),
];

fn array(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.args {
        [Val::Num(length)] => {
            if *length < 0.0 || length.fract() != 0.0 || *length > 4_294_967_295.0 {
                return machine.throw("RangeError", "Invalid array length");
            }
            if *length > MOST_LENGTH as f64 {
                return Err(Stop::End);
            }
            machine.pay(*length as usize)?;
            Ok(machine.array(vec![Val::Hole; *length as usize]))
        }
        args => Ok(machine.array(args.to_vec())),
    }
}

fn is_array(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.arg(0) {
        Val::Obj(id) => Ok(Val::Bool(matches!(machine.at(*id).kind, Kind::Array(_)))),
        Val::Host(_) => Err(Stop::Opaque),
        _ => Ok(Val::Bool(false)),
    }
}

fn from(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let source = call.arg(0);
    let iterator = Key::Name(machine.realm.iterator);
    let items = match source {
        Val::Host(_) => return Err(Stop::Opaque),
        Val::Obj(_) if machine.get(source, iterator)?.is_nullish() => machine.array_like(source)?,
        Val::Obj(_) | Val::Str(_) => machine.all_items(source)?,
        _ => Vec::new(),
    };
    machine.pay(items.len())?;
    let map = call.arg(1);
    if map.is_undefined() {
        let items = items.into_iter().map(Val::filled).collect();
        return Ok(machine.array(items));
    }
    let mut mapped = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        let args = vec![item.filled(), Val::Num(at as f64)];
        mapped.push(machine.call(map, call.arg(2).clone(), args)?);
    }
    Ok(machine.array(mapped))
}

impl Machine<'_> {
    /// The items of anything with a length, gaps kept.
    pub(in crate::value::run) fn array_like(&mut self, value: &Val) -> Run<Vec<Val>> {
        match value {
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Str(text) => {
                self.pay(text.len())?;
                return Ok(text
                    .units()
                    .iter()
                    .map(|&unit| Val::of_units(&[unit]))
                    .collect());
            }
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::Array(items) | Kind::Arguments(items) => {
                    let items = items.clone();
                    self.spend(items.len() as u64 / 8)?;
                    return Ok(items);
                }
                Kind::Outside(_) => return Err(Stop::Opaque),
                Kind::Choice(_) => return self.all_items(value),
                _ => {}
            },
            Val::Undefined | Val::Hole | Val::Null => {
                return self.type_error("Cannot convert undefined or null to object");
            }
            _ => return Ok(Vec::new()),
        }
        let length = self.get(value, Key::Name(self.realm.length))?;
        let length = self.to_whole(&length)?.clamp(0.0, MOST_LENGTH as f64) as usize;
        self.pay(length)?;
        let mut items = Vec::with_capacity(length.min(4096));
        for at in 0..length {
            self.spend(1)?;
            let key = Key::Index(u32::try_from(at).unwrap_or(u32::MAX));
            items.push(self.get(value, key)?);
        }
        Ok(items)
    }

    /// The array itself, where methods change it.
    pub(super) fn array_of(&mut self, this: &Val) -> Run<ObjId> {
        match this {
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::Array(_) | Kind::Arguments(_) => Ok(*id),
                Kind::Outside(_) => Err(Stop::Opaque),
                _ => {
                    // Something like an array becomes one.
                    let id = *id;
                    let items = self.array_like(this)?;
                    self.at_mut(id).kind = Kind::Array(items);
                    Ok(id)
                }
            },
            Val::Host(_) => Err(Stop::Opaque),
            _ => self.type_error("not an array"),
        }
    }

    pub(super) fn items_mut(&mut self, id: ObjId) -> &mut Vec<Val> {
        let object = self.at_mut(id);
        if !matches!(object.kind, Kind::Array(_) | Kind::Arguments(_)) {
            object.kind = Kind::Array(Vec::new());
        }
        match &mut object.kind {
            Kind::Array(items) | Kind::Arguments(items) => items,
            // Made one above.
            _ => unreachable!("an array"),
        }
    }

    /// `array.join(separator)`; what is outside stays a piece of the text.
    pub(in crate::value::run) fn joined_items(&mut self, items: &[Val], separator: &Text) -> Run {
        self.deeper()?;
        let done = self.join_items(items, separator);
        self.depth -= 1;
        done
    }

    fn join_items(&mut self, items: &[Val], separator: &Text) -> Run {
        let mut units: Vec<u16> = Vec::new();
        let mut all: Option<Val> = None;
        let separator = separator.units();
        for (at, item) in items.iter().enumerate() {
            self.spend(1)?;
            if at > 0 {
                units.extend_from_slice(&separator);
            }
            if item.is_nullish() {
                continue;
            }
            match self.to_text(item) {
                Ok(text) => units.extend_from_slice(&text.units()),
                Err(Stop::Opaque) => {
                    let text = Val::of_units(&units);
                    units.clear();
                    let before = all.unwrap_or_else(|| Val::str(""));
                    let before = self.append(&before, &text)?;
                    all = Some(self.append(&before, item)?);
                }
                Err(stop) => return Err(stop),
            }
            if units.len() > MOST_LENGTH {
                return Err(Stop::End);
            }
        }
        self.pay(units.len())?;
        match all {
            None => Ok(Val::of_units(&units)),
            Some(all) => self.append(&all, &Val::of_units(&units)),
        }
    }
}

fn push(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    machine.pay(call.args.len())?;
    if machine.at(id).frozen {
        return machine.type_error("Cannot add property, object is not extensible");
    }
    let items = machine.items_mut(id);
    items.extend_from_slice(call.args);
    let length = items.len();
    Ok(Val::Num(length as f64))
}

fn take(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    if machine.at(id).frozen {
        return machine.type_error("Cannot delete property");
    }
    let cost = machine.items(id).len() as u64 / 256;
    machine.spend(cost)?;
    let items = machine.items_mut(id);
    let item = if call.name() == "pop" {
        items.pop()
    } else if items.is_empty() {
        None
    } else {
        Some(items.remove(0))
    };
    Ok(item.unwrap_or(Val::Undefined).filled())
}

fn unshift(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    let cost = machine.items(id).len() / 8 + call.args.len();
    machine.pay(cost)?;
    let items = machine.items_mut(id);
    items.splice(0..0, call.args.iter().cloned());
    let length = items.len();
    Ok(Val::Num(length as f64))
}

fn slice(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let start = machine.to_position(call.args.first(), items.len(), 0)?;
    let end = machine.to_position(call.args.get(1), items.len(), items.len())?;
    let part = items.get(start..end.max(start)).unwrap_or(&[]).to_vec();
    machine.pay(part.len())?;
    Ok(machine.array(part))
}

fn splice(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    let length = machine.items(id).len();
    let start = machine.to_position(call.args.first(), length, 0)?;
    let count = match call.args {
        [] => 0,
        [_] => length - start,
        [_, count, ..] => {
            let count = machine.to_whole(count)?;
            count.clamp(0.0, (length - start) as f64) as usize
        }
    };
    machine.pay(length / 8 + call.args.len())?;
    let new: Vec<Val> = call.args.get(2..).unwrap_or(&[]).to_vec();
    let items = machine.items_mut(id);
    let removed: Vec<Val> = items.splice(start..start + count, new).collect();
    Ok(machine.array(removed))
}

fn concat(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut all = Vec::new();
    for value in std::iter::once(call.this).chain(call.args) {
        match value {
            Val::Obj(id) if matches!(machine.at(*id).kind, Kind::Array(_)) => {
                all.extend_from_slice(machine.items(*id));
            }
            Val::Host(_) => return Err(Stop::Opaque),
            value => all.push(value.clone()),
        }
        machine.pay(all.len() / 8)?;
    }
    Ok(machine.array(all))
}

fn join(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let separator = match call.arg(0) {
        Val::Undefined => Text::new(","),
        _ if call.name() != "join" => Text::new(","),
        separator => machine.to_text(separator)?,
    };
    let items = machine.array_like(call.this)?;
    machine.joined_items(&items, &separator)
}

fn reverse(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if call.name() == "toReversed" {
        let mut items = machine.array_like(call.this)?;
        items.reverse();
        return Ok(machine.array(items));
    }
    let id = machine.array_of(call.this)?;
    let cost = machine.items(id).len() as u64 / 8;
    machine.spend(cost)?;
    machine.items_mut(id).reverse();
    Ok(call.this.clone())
}

fn fill(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    let length = machine.items(id).len();
    let start = machine.to_position(call.args.get(1), length, 0)?;
    let end = machine.to_position(call.args.get(2), length, length)?;
    machine.pay(end.saturating_sub(start))?;
    let value = call.arg(0).clone();
    if let Some(part) = machine.items_mut(id).get_mut(start..end.max(start)) {
        part.fill(value);
    }
    Ok(call.this.clone())
}

fn copy_within(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.array_of(call.this)?;
    let length = machine.items(id).len();
    let to = machine.to_position(call.args.first(), length, 0)?;
    let start = machine.to_position(call.args.get(1), length, 0)?;
    let end = machine.to_position(call.args.get(2), length, length)?;
    let count = end.saturating_sub(start).min(length - to);
    machine.pay(count)?;
    let part: Vec<Val> = machine.items(id)[start..start + count].to_vec();
    machine.items_mut(id)[to..to + count].clone_from_slice(&part);
    Ok(call.this.clone())
}

fn index_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let wanted = call.arg(0);
    machine.spend(items.len() as u64 / 2)?;
    let same = |machine: &Machine<'_>, item: &Val| -> Run<bool> {
        if let Val::Hole = item {
            return Ok(false);
        }
        machine.strict_equals(item, wanted)
    };
    if call.name() == "includes" {
        for item in &items {
            let both_nan =
                matches!((item, wanted), (Val::Num(a), Val::Num(b)) if a.is_nan() && b.is_nan());
            let is_gap = item.is_undefined() && wanted.is_undefined();
            if both_nan || is_gap || same(machine, item)? {
                return Ok(Val::Bool(true));
            }
        }
        return Ok(Val::Bool(false));
    }
    let mut found = None;
    if call.name() == "lastIndexOf" {
        let from = match call.args.get(1) {
            Some(from) => machine.to_position(Some(from), items.len(), 0)? + 1,
            None => items.len(),
        };
        for at in (0..from.min(items.len())).rev() {
            if same(machine, &items[at])? {
                found = Some(at);
                break;
            }
        }
    } else {
        let from = machine.to_position(call.args.get(1), items.len(), 0)?;
        for (at, item) in items.iter().enumerate().skip(from) {
            if same(machine, item)? {
                found = Some(at);
                break;
            }
        }
    }
    Ok(Val::Num(found.map_or(-1.0, |at| at as f64)))
}

fn at(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let at = machine.to_whole(call.arg(0))?;
    let at = if at < 0.0 {
        at + items.len() as f64
    } else {
        at
    };
    if at < 0.0 {
        return Ok(Val::Undefined);
    }
    Ok(items
        .get(at as usize)
        .cloned()
        .unwrap_or(Val::Undefined)
        .filled())
}

fn with(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut items = machine.array_like(call.this)?;
    let at = machine.to_whole(call.arg(0))?;
    let at = if at < 0.0 {
        at + items.len() as f64
    } else {
        at
    };
    if at < 0.0 || at >= items.len() as f64 {
        return machine.throw("RangeError", "Invalid index");
    }
    items[at as usize] = call.arg(1).clone();
    Ok(machine.array(items))
}

fn flat(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let depth = match call.arg(0) {
        Val::Undefined => 1.0,
        depth => machine.to_whole(depth)?,
    };
    let mut items = machine.array_like(call.this)?;
    let mut left = depth.min(64.0);
    while left >= 1.0 {
        let mut flat = Vec::with_capacity(items.len());
        let mut any = false;
        for item in items {
            match &item {
                Val::Obj(id) if matches!(machine.at(*id).kind, Kind::Array(_)) => {
                    any = true;
                    flat.extend_from_slice(machine.items(*id));
                }
                Val::Hole => {}
                _ => flat.push(item),
            }
        }
        machine.pay(flat.len())?;
        items = flat;
        left -= 1.0;
        if !any {
            break;
        }
    }
    Ok(machine.array(items))
}

fn entries(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let items = match call.name() {
        "keys" => (0..items.len()).map(|at| Val::Num(at as f64)).collect(),
        "entries" => items
            .into_iter()
            .enumerate()
            .map(|(at, item)| machine.array(vec![Val::Num(at as f64), item.filled()]))
            .collect(),
        _ => items.into_iter().map(Val::filled).collect(),
    };
    Ok(machine.iterator(items, Val::Undefined))
}

fn next(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.this else {
        return machine.type_error("not an iterator");
    };
    if call.native.path.ends_with("next") {
        machine.drive(*id, Driver::Next, call.args.first().cloned())?;
    }
    let (value, done) = match &mut machine.at_mut(*id).kind {
        Kind::Items {
            items,
            at,
            result,
            taker,
        } => match items.get(*at) {
            Some(item) if call.native.path.ends_with("next") => {
                *at += 1;
                (item.clone(), false)
            }
            _ => {
                *at = items.len();
                *taker = None;
                (std::mem::replace(result, Val::Undefined), true)
            }
        },
        _ => return machine.type_error("not an iterator"),
    };
    Ok(machine.record(&[("value", value), ("done", Val::Bool(done))]))
}
