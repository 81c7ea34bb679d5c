//! What JavaScript brings along, as rows: a path, a cost in steps, and a function.

mod array;
mod array_each;
mod buffer;
mod bytes;
mod collection;
mod date;
mod function;
mod global;
mod json;
mod listed;
mod math;
mod node;
mod number;
mod object;
mod promise;
mod regexp;
mod string;

use rustc_hash::FxHashMap;

use super::object::{Atom, Key, Kind, ObjId, Prop, Slot, Val};
use super::text::Text;
use super::{Machine, Run};

pub(in crate::value) use node::is_module_function;
pub(super) use node::module_call;

/// A builtin function.
pub(super) struct Native {
    /// `Array.prototype.map`; `get ` before a getter's, `@@` before a symbol's name.
    pub(super) path: &'static str,
    /// Number of parameters.
    pub(super) length: u8,
    /// Steps for each call; what is longer pays more by itself.
    pub(super) cost: u8,
    /// Whether it runs text as code.
    pub(super) is_code: bool,
    pub(super) run: Function,
}

pub(super) type Function = for<'a, 'c> fn(&mut Machine<'a>, &Call<'c>) -> Run;

/// How a builtin was called.
pub(super) struct Call<'c> {
    pub(super) this: &'c Val,
    pub(super) args: &'c [Val],
    /// With `new`: its target.
    pub(super) new: Option<&'c Val>,
    pub(super) native: &'static Native,
}

impl Call<'_> {
    pub(super) fn arg(&self, at: usize) -> &Val {
        const NONE: &Val = &Val::Undefined;
        self.args.get(at).unwrap_or(NONE)
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &'static str {
        self.native.path.rsplit(['.', ' ']).next().unwrap_or("")
    }
}

pub(super) const fn row(path: &'static str, length: u8, run: Function) -> Native {
    Native {
        path,
        length,
        cost: 4,
        is_code: false,
        run,
    }
}

pub(super) const fn code(path: &'static str, length: u8, run: Function) -> Native {
    Native {
        path,
        length,
        cost: 20,
        is_code: true,
        run,
    }
}

/// Well-known objects and names.
#[derive(Default)]
pub(super) struct Realm {
    pub(super) object: Option<ObjId>,
    pub(super) function: Option<ObjId>,
    pub(super) array: Option<ObjId>,
    pub(super) string: Option<ObjId>,
    pub(super) number: Option<ObjId>,
    pub(super) boolean: Option<ObjId>,
    pub(super) bigint: Option<ObjId>,
    pub(super) symbol: Option<ObjId>,
    pub(super) promise: Option<ObjId>,
    pub(super) items: Option<ObjId>,
    pub(super) async_function: Option<ObjId>,
    pub(super) generator_function: Option<ObjId>,
    pub(super) async_generator_function: Option<ObjId>,
    pub(super) errors: FxHashMap<&'static str, ObjId>,
    pub(super) length: Atom,
    pub(super) name: Atom,
    pub(super) proto: Atom,
    pub(super) prototype: Atom,
    pub(super) constructor: Atom,
    pub(super) to_string: Atom,
    pub(super) value_of: Atom,
    pub(super) iterator: Atom,
    pub(super) to_primitive: Atom,
}

impl Default for Atom {
    fn default() -> Self {
        Self(u32::MAX >> 1)
    }
}

const TABLES: [&[Native]; 14] = [
    object::ROWS,
    function::ROWS,
    array::ROWS,
    string::ROWS,
    number::ROWS,
    math::ROWS,
    json::ROWS,
    regexp::ROWS,
    collection::ROWS,
    date::ROWS,
    bytes::ROWS,
    buffer::ROWS,
    promise::ROWS,
    global::ROWS,
];

/// Makes the builtins of a new run.
pub(super) fn install(machine: &mut Machine<'_>) {
    let object = machine.alloc(None, Kind::Plain);
    machine.realm.object = Some(object);
    let function = machine.alloc(Some(object), Kind::Plain);
    machine.realm.function = Some(function);
    let mut name = |text: &str| machine.atoms.of(&Text::new(text));
    let length = name("length");
    let own_name = name("name");
    let proto = name("__proto__");
    let prototype = name("prototype");
    let constructor = name("constructor");
    let to_string = name("toString");
    let value_of = name("valueOf");
    let mut symbol = |text: &str| machine.atoms.symbol(Text::new(text));
    let iterator = symbol("Symbol.iterator");
    let to_primitive = symbol("Symbol.toPrimitive");
    let realm = &mut machine.realm;
    realm.length = length;
    realm.name = own_name;
    realm.proto = proto;
    realm.prototype = prototype;
    realm.constructor = constructor;
    realm.to_string = to_string;
    realm.value_of = value_of;
    realm.iterator = iterator;
    realm.to_primitive = to_primitive;
    let array = machine.alloc(Some(object), Kind::Array(Vec::new()));
    machine.realm.array = Some(array);
    let boxed = |machine: &mut Machine<'_>, value| machine.alloc(Some(object), Kind::Boxed(value));
    let string = boxed(machine, Val::str(""));
    let number = boxed(machine, Val::Num(0.0));
    let boolean = boxed(machine, Val::Bool(false));
    machine.realm.string = Some(string);
    machine.realm.number = Some(number);
    machine.realm.boolean = Some(boolean);
    let protos = [
        ("Object", object),
        ("Function", function),
        ("Array", array),
        ("String", string),
        ("Number", number),
        ("Boolean", boolean),
    ];
    let mut known: FxHashMap<&str, ObjId> = protos.into_iter().collect();
    for table in TABLES {
        for native in table {
            add(machine, &mut known, native);
        }
    }
    let of = |known: &FxHashMap<&str, ObjId>, name: &str| known.get(name).copied();
    machine.realm.bigint = of(&known, "BigInt");
    machine.realm.symbol = of(&known, "Symbol");
    machine.realm.promise = of(&known, "Promise");
    machine.realm.items = of(&known, "%Iterator%");
    machine.realm.async_function = of(&known, "AsyncFunction");
    machine.realm.generator_function = of(&known, "GeneratorFunction");
    machine.realm.async_generator_function = of(&known, "AsyncGeneratorFunction");
    finish(machine, &known);
}

/// Puts one row where its path says. `X` alone is a global; the first row of a constructor
/// makes its prototype.
fn add(machine: &mut Machine<'_>, known: &mut FxHashMap<&str, ObjId>, native: &'static Native) {
    let function = machine.realm.function;
    let value = machine.object(function, Kind::Native(native));
    let Val::Obj(id) = value else { return };
    let (getter, path) = match native.path.strip_prefix("get ") {
        Some(path) => (true, path),
        None => (false, native.path),
    };
    let length = Key::Name(machine.realm.length);
    machine.define(id, length, Prop::hidden(Val::Num(f64::from(native.length))));
    let last = path.rsplit('.').next().unwrap_or(path);
    let name = Key::Name(machine.realm.name);
    machine.define(
        id,
        name,
        Prop::hidden(Val::str(last.trim_start_matches("@@"))),
    );
    let key = match last {
        "@@iterator" => Key::Name(machine.realm.iterator),
        "@@toPrimitive" => Key::Name(machine.realm.to_primitive),
        last => machine.key(last),
    };
    let prop = if getter {
        Prop {
            slot: Slot::Accessor {
                get: value.clone(),
                set: Val::Undefined,
            },
            enumerable: false,
            writable: true,
            configurable: true,
        }
    } else {
        Prop::hidden(value.clone())
    };
    match path.split_once('.') {
        None => {
            let is_class = path.starts_with(|c: char| c.is_ascii_uppercase());
            if let Key::Name(atom) = key
                && !matches!(
                    path,
                    "AsyncFunction" | "GeneratorFunction" | "AsyncGeneratorFunction" | "TypedArray"
                )
            {
                machine.globals.insert(atom, value);
            }
            if is_class && !matches!(path, "Proxy") {
                let prototype = prototype(machine, known, path);
                let key = Key::Name(machine.realm.prototype);
                machine.define(id, key, Prop::hidden(Val::Obj(prototype)));
                let key = Key::Name(machine.realm.constructor);
                machine.define(prototype, key, Prop::hidden(Val::Obj(id)));
            }
        }
        Some((class, rest)) => {
            let on = if rest.starts_with("prototype.") {
                prototype(machine, known, class)
            } else {
                namespace(machine, class)
            };
            machine.at_mut(on).props.insert(key, prop);
        }
    }
}

fn prototype(
    machine: &mut Machine<'_>,
    known: &mut FxHashMap<&str, ObjId>,
    class: &'static str,
) -> ObjId {
    if let Some(&id) = known.get(class) {
        return id;
    }
    let parent = match class {
        name if name.ends_with("Error") && name != "Error" => known.get("Error").copied(),
        name if name.ends_with("Array") && name != "TypedArray" => known.get("TypedArray").copied(),
        "Buffer" => known.get("Uint8Array").copied(),
        name if name.ends_with("Function") => machine.realm.function,
        _ => None,
    };
    let id = machine.alloc(parent.or(machine.realm.object), Kind::Plain);
    known.insert(class, id);
    if class.ends_with("Error") {
        machine.realm.errors.insert(class, id);
    }
    id
}

/// The global object of that name: a constructor made before, or a new plain object.
fn namespace(machine: &mut Machine<'_>, name: &str) -> ObjId {
    let atom = machine.atoms.of(&Text::new(name));
    if let Some(Val::Obj(id)) = machine.globals.get(&atom) {
        return *id;
    }
    let id = machine.plain();
    machine.globals.insert(atom, Val::Obj(id));
    id
}

/// Constants and the few things that a row cannot say.
fn finish(machine: &mut Machine<'_>, known: &FxHashMap<&str, ObjId>) {
    const CONSTANTS: &[(&str, &str, f64)] = &[
        ("Math", "PI", std::f64::consts::PI),
        ("Math", "E", std::f64::consts::E),
        ("Math", "LN2", std::f64::consts::LN_2),
        ("Math", "LN10", std::f64::consts::LN_10),
        ("Math", "LOG2E", std::f64::consts::LOG2_E),
        ("Math", "LOG10E", std::f64::consts::LOG10_E),
        ("Math", "SQRT2", std::f64::consts::SQRT_2),
        ("Math", "SQRT1_2", std::f64::consts::FRAC_1_SQRT_2),
        ("Number", "MAX_SAFE_INTEGER", 9_007_199_254_740_991.0),
        ("Number", "MIN_SAFE_INTEGER", -9_007_199_254_740_991.0),
        ("Number", "MAX_VALUE", f64::MAX),
        ("Number", "MIN_VALUE", 5e-324),
        ("Number", "EPSILON", f64::EPSILON),
        ("Number", "NaN", f64::NAN),
        ("Number", "POSITIVE_INFINITY", f64::INFINITY),
        ("Number", "NEGATIVE_INFINITY", f64::NEG_INFINITY),
    ];
    for (object, name, value) in CONSTANTS {
        let id = namespace(machine, object);
        let key = machine.key(name);
        machine.define(id, key, Prop::hidden(Val::Num(*value)));
    }
    let symbols = namespace(machine, "Symbol");
    for (name, symbol) in [
        ("iterator", machine.realm.iterator),
        ("toPrimitive", machine.realm.to_primitive),
    ] {
        let key = machine.key(name);
        machine.define(symbols, key, Prop::hidden(Val::Sym(symbol)));
    }
    for name in [
        "asyncIterator",
        "hasInstance",
        "toStringTag",
        "species",
        "match",
        "replace",
    ] {
        let symbol = machine.atoms.symbol(Text::new(&format!("Symbol.{name}")));
        let key = machine.key(name);
        machine.define(symbols, key, Prop::hidden(Val::Sym(symbol)));
    }
    for (class, bytes) in bytes::SIZES {
        let id = namespace(machine, class);
        let key = machine.key("BYTES_PER_ELEMENT");
        machine.define(id, key, Prop::hidden(Val::Num(*bytes)));
    }
    // The same function under two names.
    for (object, from, to) in [
        ("Number", "parseInt", "parseInt"),
        ("Number", "parseFloat", "parseFloat"),
    ] {
        let atom = machine.atoms.of(&Text::new(from));
        let value = machine.globals.get(&atom).cloned();
        let id = namespace(machine, object);
        let key = machine.key(to);
        if let Some(value) = value {
            machine.define(id, key, Prop::hidden(value));
        }
    }
    for name in known
        .keys()
        .copied()
        .filter(|name| name.ends_with("Error"))
        .collect::<std::collections::BTreeSet<_>>()
    {
        if let Some(&id) = known.get(name) {
            let key = Key::Name(machine.realm.name);
            machine.define(id, key, Prop::hidden(Val::str(name)));
            let key = machine.key("message");
            machine.define(id, key, Prop::hidden(Val::str("")));
        }
    }
}
