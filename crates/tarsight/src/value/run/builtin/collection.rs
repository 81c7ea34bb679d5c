//! `Map`, `Set` and their weak kin.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::{Call, Native, row};
use crate::value::run::object::{Key, Kind, ObjId, Val};
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Map", 0, map),
    row("WeakMap", 0, map),
    row("Set", 0, set),
    row("WeakSet", 0, set),
    row("Map.prototype.get", 1, get),
    row("Map.prototype.set", 2, put),
    row("Map.prototype.has", 1, has),
    row("Map.prototype.delete", 1, delete),
    row("Map.prototype.clear", 0, clear),
    row("Map.prototype.forEach", 1, for_each),
    row("Map.prototype.keys", 0, entries),
    row("Map.prototype.values", 0, entries),
    row("Map.prototype.entries", 0, entries),
    row("Map.prototype.@@iterator", 0, entries),
    row("get Map.prototype.size", 0, size),
    row("WeakMap.prototype.get", 1, get),
    row("WeakMap.prototype.set", 2, put),
    row("WeakMap.prototype.has", 1, has),
    row("WeakMap.prototype.delete", 1, delete),
    row("Set.prototype.add", 1, put),
    row("Set.prototype.has", 1, has),
    row("Set.prototype.delete", 1, delete),
    row("Set.prototype.clear", 0, clear),
    row("Set.prototype.forEach", 1, for_each),
    row("Set.prototype.keys", 0, entries),
    row("Set.prototype.values", 0, entries),
    row("Set.prototype.entries", 0, entries),
    row("Set.prototype.@@iterator", 0, entries),
    row("get Set.prototype.size", 0, size),
    row("WeakSet.prototype.add", 1, put),
    row("WeakSet.prototype.has", 1, has),
    row("WeakSet.prototype.delete", 1, delete),
];

fn map(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut map = IndexMap::with_hasher(FxBuildHasher);
    if !call.arg(0).is_nullish() {
        if call.arg(0).is_host() {
            return Err(Stop::Opaque);
        }
        for pair in machine.all_items(call.arg(0))? {
            let key = machine.get(&pair, Key::Index(0))?;
            let value = machine.get(&pair, Key::Index(1))?;
            map.insert(Machine::map_key(&key), (key, value));
        }
    }
    instance(machine, call, Kind::Map(map))
}

fn set(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut set = IndexMap::with_hasher(FxBuildHasher);
    if !call.arg(0).is_nullish() {
        if call.arg(0).is_host() {
            return Err(Stop::Opaque);
        }
        for item in machine.all_items(call.arg(0))? {
            set.entry(Machine::map_key(&item)).or_insert(item);
        }
    }
    instance(machine, call, Kind::Set(set))
}

fn instance(machine: &mut Machine<'_>, call: &Call<'_>, kind: Kind) -> Run {
    let Some(target) = call.new else {
        return machine.type_error("Constructor requires 'new'");
    };
    machine.made_by(target, kind)
}

impl Machine<'_> {
    /// An instance of a builtin class, or of one that extends it.
    pub(in crate::value::run) fn made_by(&mut self, target: &Val, kind: Kind) -> Run {
        let key = Key::Name(self.realm.prototype);
        let proto = match self.get(target, key)? {
            Val::Obj(proto) => Some(proto),
            _ => self.realm.object,
        };
        Ok(self.object(proto, kind))
    }
}

fn this(machine: &mut Machine<'_>, call: &Call<'_>) -> Run<ObjId> {
    match call.this {
        Val::Obj(id) if matches!(machine.at(*id).kind, Kind::Map(_) | Kind::Set(_)) => Ok(*id),
        Val::Host(_) => Err(Stop::Opaque),
        _ => machine.type_error("called on incompatible receiver"),
    }
}

fn get(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    let key = Machine::map_key(call.arg(0));
    let Kind::Map(map) = &machine.at(id).kind else {
        return Ok(Val::Undefined);
    };
    match map.get(&key) {
        Some((_, value)) => Ok(value.clone()),
        // By a key that the outside decides: any of them.
        None if call.arg(0).is_host() => {
            let values: Vec<Val> = map.values().map(|(_, value)| value.clone()).collect();
            machine.spend(values.len() as u64)?;
            Ok(machine.either(&values))
        }
        None => Ok(Val::Undefined),
    }
}

fn put(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    let key = Machine::map_key(call.arg(0));
    machine.memory = machine.memory.saturating_add(96);
    match &mut machine.at_mut(id).kind {
        Kind::Map(map) => {
            map.entry(key)
                .and_modify(|(_, value)| *value = call.arg(1).clone())
                .or_insert_with(|| (call.arg(0).clone(), call.arg(1).clone()));
        }
        Kind::Set(set) => {
            set.entry(key).or_insert_with(|| call.arg(0).clone());
        }
        _ => {}
    }
    Ok(call.this.clone())
}

fn has(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    let key = Machine::map_key(call.arg(0));
    Ok(Val::Bool(match &machine.at(id).kind {
        Kind::Map(map) => map.contains_key(&key),
        Kind::Set(set) => set.contains_key(&key),
        _ => false,
    }))
}

fn delete(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    let key = Machine::map_key(call.arg(0));
    let cost = match &machine.at(id).kind {
        Kind::Map(map) => map.len(),
        Kind::Set(set) => set.len(),
        _ => 0,
    };
    machine.spend(cost as u64 / 64)?;
    Ok(Val::Bool(match &mut machine.at_mut(id).kind {
        Kind::Map(map) => map.shift_remove(&key).is_some(),
        Kind::Set(set) => set.shift_remove(&key).is_some(),
        _ => false,
    }))
}

fn clear(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    match &mut machine.at_mut(id).kind {
        Kind::Map(map) => map.clear(),
        Kind::Set(set) => set.clear(),
        _ => {}
    }
    Ok(Val::Undefined)
}

fn size(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    Ok(Val::Num(match &machine.at(id).kind {
        Kind::Map(map) => map.len() as f64,
        Kind::Set(set) => set.len() as f64,
        _ => 0.0,
    }))
}

fn pairs(machine: &Machine<'_>, id: ObjId) -> Vec<(Val, Val)> {
    match &machine.at(id).kind {
        Kind::Map(map) => map.values().cloned().collect(),
        Kind::Set(set) => set.values().map(|one| (one.clone(), one.clone())).collect(),
        _ => Vec::new(),
    }
}

fn for_each(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    for (key, value) in pairs(machine, id) {
        let args = vec![value, key, call.this.clone()];
        machine.call(call.arg(0), call.arg(1).clone(), args)?;
    }
    Ok(Val::Undefined)
}

fn entries(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = this(machine, call)?;
    let is_set = matches!(machine.at(id).kind, Kind::Set(_));
    let name = call.name();
    let items = pairs(machine, id)
        .into_iter()
        .map(|(key, value)| match name {
            "keys" => key,
            "values" => value,
            "@@iterator" if is_set => value,
            _ => machine.array(vec![key, value]),
        })
        .collect();
    Ok(machine.iterator(items, Val::Undefined))
}
