//! Methods of arrays that call a function for the items.

use std::cmp::Ordering;

use super::Call;
use crate::value::run::object::{Kind, Val};
use crate::value::run::{Machine, Run, Stop};

pub(super) fn sort(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let total = items.len();
    let gaps = items
        .iter()
        .filter(|item| matches!(item, Val::Hole))
        .count();
    let mut kept: Vec<Val> = items
        .into_iter()
        .filter(|item| !item.is_undefined())
        .collect();
    let undefined = total - gaps - kept.len();
    let compare = call.arg(0);
    if compare.is_undefined() {
        let mut keyed = Vec::with_capacity(kept.len());
        for item in kept {
            keyed.push((machine.to_units(&item)?, item));
        }
        machine.spend(total as u64 * 4)?;
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        kept = keyed.into_iter().map(|(_, item)| item).collect();
    } else {
        kept = merge_sort(machine, kept, compare)?;
    }
    kept.extend(std::iter::repeat_n(Val::Undefined, undefined));
    if call.name() == "toSorted" {
        kept.extend(std::iter::repeat_n(Val::Undefined, gaps));
        return Ok(machine.array(kept));
    }
    kept.extend(std::iter::repeat_n(Val::Hole, gaps));
    let id = machine.array_of(call.this)?;
    *machine.items_mut(id) = kept;
    Ok(call.this.clone())
}

/// Bottom-up and stable; a comparison may run any code.
fn merge_sort(machine: &mut Machine<'_>, items: Vec<Val>, compare: &Val) -> Run<Vec<Val>> {
    let mut from = items;
    let mut width = 1;
    while width < from.len() {
        let mut to = Vec::with_capacity(from.len());
        for chunk in from.chunks(width * 2) {
            let (left, right) = chunk.split_at(width.min(chunk.len()));
            let (mut a, mut b) = (0, 0);
            while a < left.len() && b < right.len() {
                let args = vec![left[a].clone(), right[b].clone()];
                let order = machine.call(compare, Val::Undefined, args)?;
                let order = machine.to_number(&order)?;
                if order.partial_cmp(&0.0) == Some(Ordering::Greater) {
                    to.push(right[b].clone());
                    b += 1;
                } else {
                    to.push(left[a].clone());
                    a += 1;
                }
            }
            to.extend_from_slice(&left[a..]);
            to.extend_from_slice(&right[b..]);
        }
        machine.spend(to.len() as u64)?;
        from = to;
        width *= 2;
    }
    Ok(from)
}

/// Every method that hands each item to a function.
pub(super) fn each(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let function = call.arg(0);
    if !machine.is_callable(function) {
        return machine.type_error("callback is not a function");
    }
    let this = call.arg(1);
    let name = call.name();
    let is_backward = name.starts_with("findLast");
    let order: Box<dyn Iterator<Item = usize>> = if is_backward {
        Box::new((0..items.len()).rev())
    } else {
        Box::new(0..items.len())
    };
    let mut out = Vec::new();
    for at in order {
        let item = &items[at];
        if let Val::Hole = item
            && !name.starts_with("find")
        {
            if name == "map" {
                out.push(Val::Hole);
            }
            continue;
        }
        let item = item.clone().filled();
        let position = Val::Num(at as f64);
        let args = vec![item.clone(), position.clone(), call.this.clone()];
        let value = machine.call(function, this.clone(), args)?;
        match name {
            "forEach" => {}
            "map" => out.push(value),
            "flatMap" => match &value {
                Val::Obj(id) if matches!(machine.at(*id).kind, Kind::Array(_)) => {
                    out.extend_from_slice(machine.items(*id));
                }
                _ => out.push(value),
            },
            "filter" => {
                // What is not known may be kept.
                if machine.truth(&value).unwrap_or(true) {
                    out.push(item);
                }
            }
            _ => {
                let Some(truth) = machine.truth(&value) else {
                    return Err(Stop::Opaque);
                };
                match (name, truth) {
                    ("some", true) => return Ok(Val::Bool(true)),
                    ("every", false) => return Ok(Val::Bool(false)),
                    ("find" | "findLast", true) => return Ok(item),
                    ("findIndex" | "findLastIndex", true) => return Ok(position),
                    _ => {}
                }
            }
        }
        machine.pay(0)?;
    }
    Ok(match name {
        "some" => Val::Bool(false),
        "every" => Val::Bool(true),
        "find" | "findLast" | "forEach" => Val::Undefined,
        "findIndex" | "findLastIndex" => Val::Num(-1.0),
        _ => machine.array(out),
    })
}

pub(super) fn reduce(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let items = machine.array_like(call.this)?;
    let function = call.arg(0);
    let mut order: Vec<usize> = (0..items.len())
        .filter(|&at| !matches!(items[at], Val::Hole))
        .collect();
    if call.name() == "reduceRight" {
        order.reverse();
    }
    let mut order = order.into_iter();
    let mut all = match call.args.get(1) {
        Some(initial) => initial.clone(),
        None => match order.next() {
            Some(at) => items[at].clone(),
            None => return machine.type_error("Reduce of empty array with no initial value"),
        },
    };
    for at in order {
        let args = vec![
            all,
            items[at].clone(),
            Val::Num(at as f64),
            call.this.clone(),
        ];
        all = machine.call(function, Val::Undefined, args)?;
    }
    Ok(all)
}
