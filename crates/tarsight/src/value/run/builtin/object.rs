//! `Object`, `Reflect`, `Proxy` and `Symbol`.

use super::listed::listed_by_tables;
use super::{Call, Native, row};
use crate::value::run::object::{Key, Kind, ObjId, Prop, Slot, Val};
use crate::value::run::text::Text;
use crate::value::run::{Machine, Run, Stop};
use crate::value::terms::ValueId;

pub(super) const ROWS: &[Native] = &[
    row("Object", 1, object),
    row("Object.keys", 1, listed),
    row("Object.values", 1, listed),
    row("Object.entries", 1, listed),
    row("Object.getOwnPropertyNames", 1, own_names),
    row("Object.getOwnPropertySymbols", 1, own_names),
    row("Object.assign", 2, assign),
    row("Object.create", 2, create),
    row("Object.freeze", 1, freeze),
    row("Object.seal", 1, freeze),
    row("Object.preventExtensions", 1, freeze),
    row("Object.isFrozen", 1, is_frozen),
    row("Object.isSealed", 1, is_frozen),
    row("Object.isExtensible", 1, is_frozen),
    row("Object.defineProperty", 3, define_property),
    row("Object.defineProperties", 2, define_properties),
    row("Object.getOwnPropertyDescriptor", 2, descriptor),
    row("Object.getOwnPropertyDescriptors", 1, descriptors),
    row("Object.getPrototypeOf", 1, prototype_of),
    row("Object.setPrototypeOf", 2, set_prototype_of),
    row("Object.fromEntries", 1, from_entries),
    row("Object.is", 2, is),
    row("Object.hasOwn", 2, has_own),
    row("Object.prototype.hasOwnProperty", 1, has_own),
    row("Object.prototype.propertyIsEnumerable", 1, has_own),
    row("Object.prototype.isPrototypeOf", 1, is_prototype_of),
    row("Object.prototype.toString", 0, to_string),
    row("Object.prototype.toLocaleString", 0, |machine, call| {
        machine.to_text(call.this).map(Val::Str)
    }),
    row("Object.prototype.valueOf", 0, |_, call| {
        Ok(call.this.clone())
    }),
    row("Object.prototype.__defineGetter__", 2, define_accessor),
    row("Object.prototype.__defineSetter__", 2, define_accessor),
    row("Object.prototype.__lookupGetter__", 1, lookup_accessor),
    row("Reflect.get", 2, reflect_get),
    row("Reflect.set", 3, reflect_set),
    row("Reflect.has", 2, reflect_has),
    row("Reflect.ownKeys", 1, own_names),
    row("Reflect.apply", 3, reflect_apply),
    row("Reflect.construct", 2, reflect_construct),
    row("Reflect.defineProperty", 3, define_property),
    row("Reflect.deleteProperty", 2, reflect_delete),
    row("Reflect.getPrototypeOf", 1, prototype_of),
    row("Reflect.setPrototypeOf", 2, set_prototype_of),
    row("Reflect.getOwnPropertyDescriptor", 2, descriptor),
    row("Proxy", 2, proxy),
    row("Symbol", 0, symbol),
    row("Symbol.for", 1, symbol),
    row("Symbol.prototype.toString", 0, symbol_text),
    row("get Symbol.prototype.description", 0, symbol_text),
];

fn object(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.arg(0) {
        value if value.is_nullish() => Ok(Val::Obj(machine.plain())),
        value => machine.to_object(value).map(Val::Obj),
    }
}

fn listed(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if let Some(names) = listed_by_tables(machine, call.arg(0))
        && call.name() == "keys"
    {
        return Ok(names);
    }
    let id = machine.to_object(call.arg(0))?;
    let keys = machine.enumerable_keys(id)?;
    let mut items = Vec::with_capacity(keys.len());
    for key in keys {
        let name = Val::Str(machine.key_text(key));
        items.push(match call.name() {
            "keys" => name,
            "values" => machine.get_from(id, key, call.arg(0))?,
            _ => {
                let value = machine.get_from(id, key, call.arg(0))?;
                machine.array(vec![name, value])
            }
        });
    }
    Ok(machine.array(items))
}

fn own_names(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if let Some(names) = listed_by_tables(machine, call.arg(0))
        && call.name() != "getOwnPropertySymbols"
    {
        return Ok(names);
    }
    let id = machine.to_object(call.arg(0))?;
    if let Kind::Outside(_) = machine.at(id).kind {
        return Err(Stop::Opaque);
    }
    let has_length = matches!(
        machine.at(id).kind,
        Kind::Array(_) | Kind::Boxed(Val::Str(_))
    );
    let mut keys = machine.own_keys(id);
    if has_length {
        let length = Key::Name(machine.realm.length);
        if !keys.contains(&length) {
            keys.push(length);
        }
    }
    let wants = |key: &Key| {
        let is_symbol = matches!(key, Key::Name(name) if name.is_symbol());
        match call.name() {
            "ownKeys" => true,
            "getOwnPropertySymbols" => is_symbol,
            _ => !is_symbol,
        }
    };
    let names: Vec<Val> = keys
        .into_iter()
        .filter(wants)
        .map(|key| machine.key_value(key))
        .collect();
    Ok(machine.array(names))
}

fn assign(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let target = call.arg(0);
    if target.is_host() {
        return Err(Stop::Opaque);
    }
    let id = machine.to_object(target)?;
    for source in call.args.iter().skip(1) {
        let from = match source {
            Val::Obj(from) => *from,
            Val::Host(_) => {
                machine.copy_properties(id, source, &[])?;
                continue;
            }
            _ => continue,
        };
        for key in machine.enumerable_keys(from)? {
            let value = machine.get_from(from, key, source)?;
            machine.set(&Val::Obj(id), key, value)?;
        }
    }
    Ok(Val::Obj(id))
}

fn create(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let proto = match call.arg(0) {
        Val::Obj(proto) => Some(*proto),
        Val::Null => None,
        Val::Host(host) => {
            let host = *host;
            Some(machine.alloc(None, Kind::Outside(host)))
        }
        _ => return machine.type_error("Object prototype may only be an Object or null"),
    };
    let id = machine.alloc(proto, Kind::Plain);
    if let properties @ Val::Obj(_) = call.arg(1) {
        define_all(machine, id, properties)?;
    }
    Ok(Val::Obj(id))
}

fn freeze(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if let Val::Obj(id) = call.arg(0) {
        let name = call.name();
        let object = machine.at_mut(*id);
        object.extensible = false;
        if name == "freeze" {
            object.frozen = true;
        }
        for prop in object.props.values_mut() {
            if name != "preventExtensions" {
                prop.configurable = false;
            }
            if name == "freeze" {
                prop.writable = false;
            }
        }
    }
    Ok(call.arg(0).clone())
}

fn is_frozen(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.arg(0) else {
        return Ok(Val::Bool(call.name() != "isExtensible"));
    };
    let object = machine.at(*id);
    Ok(Val::Bool(match call.name() {
        "isFrozen" => object.frozen,
        "isSealed" => !object.extensible,
        _ => object.extensible,
    }))
}

fn define_property(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.arg(0) else {
        return match call.arg(0) {
            Val::Host(host) => define_on_host(machine, *host, call),
            _ => machine.type_error("Object.defineProperty called on non-object"),
        };
    };
    let key = machine.to_key(call.arg(1))?;
    define_one(machine, *id, key, call.arg(2))?;
    Ok(if call.native.path.starts_with("Reflect") {
        Val::Bool(true)
    } else {
        call.arg(0).clone()
    })
}

/// A property of the global object is a global; others are outside.
fn define_on_host(machine: &mut Machine<'_>, host: ValueId, call: &Call<'_>) -> Run {
    let value = match call.arg(2) {
        Val::Obj(_) => {
            let get = machine.get_named(call.arg(2), "get")?;
            if get.is_nullish() {
                machine.get_named(call.arg(2), "value")?
            } else {
                machine.hand_over(&get);
                machine.call(&get, call.arg(0).clone(), Vec::new())?
            }
        }
        _ => return Err(Stop::Opaque),
    };
    let key = machine.to_key(call.arg(1))?;
    machine.observe_defined(host, key, &value);
    if machine.is_global_object(host)
        && let Key::Name(name) = key
    {
        machine.globals.insert(name, value);
        return Ok(call.arg(0).clone());
    }
    machine.hand_over(&value);
    Ok(call.arg(0).clone())
}

fn define_properties(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.arg(0) else {
        return Err(Stop::Opaque);
    };
    define_all(machine, *id, call.arg(1))?;
    Ok(call.arg(0).clone())
}

fn define_all(machine: &mut Machine<'_>, id: ObjId, properties: &Val) -> Run<()> {
    let from = machine.to_object(properties)?;
    for key in machine.enumerable_keys(from)? {
        let one = machine.get_from(from, key, properties)?;
        define_one(machine, id, key, &one)?;
    }
    Ok(())
}

fn define_one(machine: &mut Machine<'_>, id: ObjId, key: Key, one: &Val) -> Run<()> {
    let Val::Obj(one_id) = one else {
        return match one {
            Val::Host(_) => Err(Stop::Opaque),
            _ => machine.type_error("Property description must be an object"),
        };
    };
    let old = machine.own(id, key);
    let mut flags = [false; 3];
    for (at, name) in ["enumerable", "writable", "configurable"]
        .into_iter()
        .enumerate()
    {
        let key = machine.key(name);
        let before = old.as_ref().is_some_and(|old| match at {
            0 => old.enumerable,
            1 => old.writable,
            _ => old.configurable,
        });
        flags[at] = if machine.has(*one_id, key)? {
            let value = machine.get(one, key)?;
            machine.truth(&value).unwrap_or(true)
        } else {
            before
        };
    }
    let get = machine.get_named(one, "get")?;
    let set = machine.get_named(one, "set")?;
    let slot = if get.is_undefined() && set.is_undefined() {
        let value = machine.key("value");
        if machine.has(*one_id, value)? {
            Slot::Value(machine.get(one, value)?)
        } else {
            old.map_or(Slot::Value(Val::Undefined), |old| old.slot)
        }
    } else {
        Slot::Accessor { get, set }
    };
    let prop = Prop {
        slot,
        enumerable: flags[0],
        writable: flags[1],
        configurable: flags[2],
    };
    machine.define(id, key, prop);
    Ok(())
}

fn described(machine: &mut Machine<'_>, prop: Prop) -> Val {
    let mut parts = match prop.slot {
        Slot::Value(value) => vec![("value", value), ("writable", Val::Bool(prop.writable))],
        Slot::Accessor { get, set } => vec![("get", get), ("set", set)],
    };
    parts.push(("enumerable", Val::Bool(prop.enumerable)));
    parts.push(("configurable", Val::Bool(prop.configurable)));
    machine.record(&parts)
}

fn descriptor(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let key = machine.to_key(call.arg(1))?;
    if let Val::Host(host) = call.arg(0) {
        let value = machine.host_member(*host, key)?;
        return Ok(machine.record(&[("value", value), ("writable", Val::Bool(true))]));
    }
    let id = machine.to_object(call.arg(0))?;
    match machine.own(id, key) {
        Some(prop) => Ok(described(machine, prop)),
        None => Ok(Val::Undefined),
    }
}

fn descriptors(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.to_object(call.arg(0))?;
    let all = machine.plain();
    for key in machine.own_keys(id) {
        if let Some(prop) = machine.own(id, key) {
            let one = described(machine, prop);
            machine.define(all, key, Prop::plain(one));
        }
    }
    Ok(Val::Obj(all))
}

fn prototype_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.to_object(call.arg(0))?;
    Ok(match machine.at(id).proto {
        Some(proto) => match machine.at(proto).kind {
            Kind::Outside(host) => Val::Host(host),
            _ => Val::Obj(proto),
        },
        None => Val::Null,
    })
}

fn set_prototype_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if let Val::Obj(id) = call.arg(0) {
        let proto = match call.arg(1) {
            Val::Obj(proto) if proto != id => Some(*proto),
            Val::Host(host) => {
                let host = *host;
                Some(machine.alloc(None, Kind::Outside(host)))
            }
            _ => None,
        };
        machine.at_mut(*id).proto = proto;
    }
    Ok(call.arg(0).clone())
}

fn from_entries(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if call.arg(0).is_host() {
        return Err(Stop::Opaque);
    }
    let pairs = machine.all_items(call.arg(0))?;
    let id = machine.plain();
    for pair in pairs {
        let key = machine.get(&pair, Key::Index(0))?;
        let value = machine.get(&pair, Key::Index(1))?;
        let key = machine.to_key(&key)?;
        machine.define(id, key, Prop::plain(value));
    }
    Ok(Val::Obj(id))
}

fn is(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let same = match (call.arg(0), call.arg(1)) {
        (Val::Num(a), Val::Num(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (a, b) => machine.strict_equals(a, b)?,
    };
    Ok(Val::Bool(same))
}

fn has_own(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let is_static = call.name() == "hasOwn";
    let (object, key) = if is_static {
        (call.arg(0), call.arg(1))
    } else {
        (call.this, call.arg(0))
    };
    let key = machine.to_key(key)?;
    let id = machine.to_object(object)?;
    if let Kind::Outside(_) = machine.at(id).kind {
        return Err(Stop::Opaque);
    }
    let own = machine.own(id, key);
    Ok(Val::Bool(match call.name() {
        "propertyIsEnumerable" => own.is_some_and(|own| own.enumerable),
        _ => own.is_some(),
    }))
}

fn is_prototype_of(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let (Val::Obj(proto), Val::Obj(id)) = (call.this, call.arg(0)) else {
        return Ok(Val::Bool(false));
    };
    let mut at = machine.at(*id).proto;
    for _ in 0..64 {
        match at {
            Some(one) if one == *proto => return Ok(Val::Bool(true)),
            Some(one) => at = machine.at(one).proto,
            None => break,
        }
    }
    Ok(Val::Bool(false))
}

fn to_string(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let tag = match call.this {
        Val::Undefined | Val::Hole => "Undefined",
        Val::Null => "Null",
        Val::Bool(_) => "Boolean",
        Val::Num(_) => "Number",
        Val::Str(_) => "String",
        Val::Big(_) => "BigInt",
        Val::Sym(_) => "Symbol",
        Val::Host(host) if machine.is_global_object(*host) => "global",
        Val::Host(_) => return Err(Stop::Opaque),
        Val::Obj(id) => match &machine.at(*id).kind {
            Kind::Array(_) => "Array",
            Kind::Arguments(_) => "Arguments",
            Kind::Closure(closure) => {
                let unit = machine.units.get(closure.unit);
                let found = unit.and_then(|unit| unit.ir.functions.get(closure.function.index()));
                match found.map(|found| (found.is_async, found.is_generator)) {
                    Some((true, true)) => "AsyncGeneratorFunction",
                    Some((true, false)) => "AsyncFunction",
                    Some((false, true)) => "GeneratorFunction",
                    _ => "Function",
                }
            }
            Kind::Native(_) | Kind::Bound { .. } | Kind::Settle { .. } => "Function",
            Kind::Error => "Error",
            Kind::Regex(_) => "RegExp",
            Kind::Date(_) => "Date",
            Kind::Map(_) => "Map",
            Kind::Set(_) => "Set",
            Kind::Promise { .. } => "Promise",
            Kind::ArrayBuffer(_) => "ArrayBuffer",
            Kind::View(view) => super::bytes::name_of(view.element),
            Kind::Boxed(Val::Str(_)) => "String",
            Kind::Boxed(Val::Num(_)) => "Number",
            Kind::Boxed(Val::Bool(_)) => "Boolean",
            Kind::Outside(_) => return Err(Stop::Opaque),
            Kind::Items { .. } => "Array Iterator",
            _ => {
                let namespaces = ["Math", "JSON", "Reflect", "Atomics"];
                let found = namespaces.into_iter().find(|name| {
                    let atom = machine.atoms.of(&Text::new(name));
                    matches!(machine.globals.get(&atom), Some(Val::Obj(one)) if one == id)
                });
                found.unwrap_or("Object")
            }
        },
    };
    Ok(Val::str(&format!("[object {tag}]")))
}

fn define_accessor(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.this else {
        return Err(Stop::Opaque);
    };
    let key = machine.to_key(call.arg(0))?;
    let function = call.arg(1).clone();
    let (get, set) = if call.name() == "__defineGetter__" {
        (function, Val::Undefined)
    } else {
        (Val::Undefined, function)
    };
    let mut prop = Prop::plain(Val::Undefined);
    prop.slot = Slot::Accessor { get, set };
    machine.define(*id, key, prop);
    Ok(Val::Undefined)
}

fn lookup_accessor(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let id = machine.to_object(call.this)?;
    let key = machine.to_key(call.arg(0))?;
    Ok(match machine.own(id, key).map(|prop| prop.slot) {
        Some(Slot::Accessor { get, .. }) => get,
        _ => Val::Undefined,
    })
}

fn reflect_get(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let key = machine.to_key(call.arg(1))?;
    machine.get(call.arg(0), key)
}

fn reflect_set(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let key = machine.to_key(call.arg(1))?;
    if let Val::Host(host) = call.arg(0)
        && machine.is_global_object(*host)
        && let Key::Name(name) = key
    {
        machine.globals.insert(name, call.arg(2).clone());
        return Ok(Val::Bool(true));
    }
    machine.set(call.arg(0), key, call.arg(2).clone())?;
    Ok(Val::Bool(true))
}

fn reflect_has(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let key = machine.to_key(call.arg(1))?;
    let id = machine.to_object(call.arg(0))?;
    Ok(Val::Bool(machine.has(id, key)?))
}

fn reflect_apply(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let args = machine.array_like(call.arg(2))?;
    machine.observe_made_code(call.arg(0), &args);
    machine.call(call.arg(0), call.arg(1).clone(), args)
}

fn reflect_construct(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let args = machine.array_like(call.arg(1))?;
    let target = call.args.get(2).unwrap_or(call.arg(0));
    machine.observe_made_code(call.arg(0), &args);
    machine.construct(call.arg(0), args, target)
}

fn reflect_delete(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let key = machine.to_key(call.arg(1))?;
    match call.arg(0) {
        Val::Obj(id) => Ok(Val::Bool(machine.delete(*id, key))),
        _ => Ok(Val::Bool(true)),
    }
}

fn proxy(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let (target, handler) = (call.arg(0).clone(), call.arg(1).clone());
    if handler.is_host() {
        return Err(Stop::Opaque);
    }
    let proto = machine.realm.object;
    Ok(machine.object(proto, Kind::Proxy { target, handler }))
}

fn symbol(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let name = match call.arg(0) {
        Val::Undefined => Text::new(""),
        name => machine.to_text(name)?,
    };
    Ok(Val::Sym(if call.name() == "for" {
        machine.atoms.registered(&name)
    } else {
        machine.atoms.symbol(name)
    }))
}

fn symbol_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Sym(symbol) = call.this else {
        return machine.type_error("not a symbol");
    };
    let name = machine.atoms.text(*symbol);
    if call.name() == "description" {
        return Ok(Val::Str(name));
    }
    Ok(Val::str(&format!("Symbol({})", name.lossy())))
}
