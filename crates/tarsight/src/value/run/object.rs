//! Values and objects of a run.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use num_bigint::BigInt;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::builtin::Native;
use super::scope::Env;
use super::text::Text;
use crate::parse::ir::{ClassId, FuncId};
use crate::value::terms::ValueId;

/// An object of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjId(pub u32);

/// An interned property name; the top bit tells a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Atom(pub u32);

impl Atom {
    const SYMBOL: u32 = 1 << 31;

    pub(super) fn is_symbol(self) -> bool {
        self.0 & Self::SYMBOL != 0
    }
}

/// Names, each once, and symbols.
#[derive(Default)]
pub(super) struct Atoms {
    ids: FxHashMap<Rc<[u16]>, u32>,
    texts: Vec<Text>,
    symbols: Vec<Text>,
    registered: FxHashMap<Rc<[u16]>, Atom>,
}

impl Atoms {
    pub(super) fn of(&mut self, text: &Text) -> Atom {
        let units = text.units();
        if let Some(&id) = self.ids.get(&units) {
            return Atom(id);
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX) & !Atom::SYMBOL;
        self.texts.push(text.clone());
        self.ids.insert(units, id);
        Atom(id)
    }

    pub(super) fn text(&self, atom: Atom) -> Text {
        let (all, at) = if atom.is_symbol() {
            (&self.symbols, atom.0 & !Atom::SYMBOL)
        } else {
            (&self.texts, atom.0)
        };
        all.get(at as usize)
            .cloned()
            .unwrap_or_else(|| Text::new(""))
    }

    pub(super) fn symbol(&mut self, description: Text) -> Atom {
        let id = u32::try_from(self.symbols.len()).unwrap_or(0);
        self.symbols.push(description);
        Atom(id | Atom::SYMBOL)
    }

    /// `Symbol.for`.
    pub(super) fn registered(&mut self, name: &Text) -> Atom {
        let units = name.units();
        if let Some(&known) = self.registered.get(&units) {
            return known;
        }
        let symbol = self.symbol(name.clone());
        self.registered.insert(units, symbol);
        symbol
    }
}

/// A property key; whole numbers are told apart, as arrays want them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Index(u32),
    Name(Atom),
}

/// A value.
#[derive(Clone)]
pub(super) enum Val {
    Undefined,
    /// An array's gap; never seen outside one.
    Hole,
    Null,
    Bool(bool),
    Num(f64),
    Str(Text),
    Big(Rc<BigInt>),
    Sym(Atom),
    Obj(ObjId),
    /// Something outside: what is known of it is a symbolic value.
    Host(ValueId),
}

impl Val {
    pub(super) fn str(text: &str) -> Self {
        Self::Str(Text::new(text))
    }

    pub(super) fn of_units(units: &[u16]) -> Self {
        Self::Str(Text::of(units))
    }

    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Hole | Self::Null)
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined | Self::Hole)
    }

    pub(super) fn is_host(&self) -> bool {
        matches!(self, Self::Host(_))
    }

    pub(super) fn filled(self) -> Self {
        match self {
            Self::Hole => Self::Undefined,
            value => value,
        }
    }
}

/// A property.
#[derive(Clone)]
pub(super) struct Prop {
    pub(super) slot: Slot,
    pub(super) enumerable: bool,
    pub(super) writable: bool,
    pub(super) configurable: bool,
}

/// What a property holds.
#[derive(Clone)]
pub(super) enum Slot {
    Value(Val),
    Accessor { get: Val, set: Val },
}

impl Prop {
    pub(super) fn plain(value: Val) -> Self {
        Self {
            slot: Slot::Value(value),
            enumerable: true,
            writable: true,
            configurable: true,
        }
    }

    pub(super) fn hidden(value: Val) -> Self {
        Self {
            enumerable: false,
            ..Self::plain(value)
        }
    }
}

/// The properties of an object, in the order made.
pub(super) type Props = IndexMap<Key, Prop, FxBuildHasher>;

/// An object.
pub(super) struct Object {
    pub(super) proto: Option<ObjId>,
    pub(super) props: Props,
    pub(super) kind: Kind,
    pub(super) extensible: bool,
    pub(super) frozen: bool,
}

/// A function of the code.
pub(super) struct Closure {
    pub(super) unit: usize,
    pub(super) function: FuncId,
    pub(super) env: Rc<Env>,
    /// The activation whose `this` and `arguments` an arrow sees.
    pub(super) outer: Option<Rc<Activation>>,
    /// The object that `super` looks behind.
    pub(super) home: Option<ObjId>,
    /// The class it constructs.
    pub(super) class: Option<ClassId>,
}

/// What a function that is no arrow was called with.
pub(super) struct Activation {
    pub(super) this: RefCell<Val>,
    pub(super) args: Vec<Val>,
    pub(super) callee: Option<ObjId>,
    pub(super) home: Option<ObjId>,
    pub(super) new_target: Val,
}

/// Bytes that several views may share.
pub(super) type Shared = Rc<RefCell<Vec<u8>>>;

/// A typed array, a Buffer or a DataView.
#[derive(Clone)]
pub(super) struct View {
    pub(super) bytes: Shared,
    pub(super) start: usize,
    /// In bytes.
    pub(super) len: usize,
    pub(super) element: Element,
}

/// What a view's elements are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    I8,
    U8,
    Clamped,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
    Buffer,
    DataView,
}

/// A value as a key of a Map or Set.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum MapKey {
    Undefined,
    Null,
    Bool(bool),
    Num(u64),
    Str(Rc<[u16]>),
    Big(String),
    Sym(Atom),
    Obj(ObjId),
    Host(ValueId),
}

impl Eq for Text {}

/// What an object is besides its properties.
pub(super) enum Kind {
    Plain,
    Array(Vec<Val>),
    Arguments(Vec<Val>),
    Closure(Rc<Closure>),
    Native(&'static Native),
    /// A function with its `this` and first arguments.
    Bound {
        target: Val,
        this: Val,
        args: Vec<Val>,
    },
    /// The two functions that settle a promise.
    Settle {
        promise: ObjId,
        rejects: bool,
    },
    Error,
    Boxed(Val),
    Map(IndexMap<MapKey, (Val, Val), FxBuildHasher>),
    Set(IndexMap<MapKey, Val, FxBuildHasher>),
    Regex(Rc<super::regex::Pattern>),
    ArrayBuffer(Shared),
    View(View),
    Proxy {
        target: Val,
        handler: Val,
    },
    Promise {
        value: Val,
        rejected: bool,
    },
    /// Items that are handed out one by one.
    Items {
        items: Vec<Val>,
        at: usize,
        result: Val,
        /// The generator that gives them, if it takes what it is sent.
        taker: Option<Box<super::generator::Taker>>,
    },
    Cipher(Box<super::crypto::Cipher>),
    Digest(Box<super::crypto::Digest>),
    TextDecoder(String),
    Date(f64),
    /// A class of the outside that code extends, or an instance of one.
    Outside(ValueId),
    /// One of these.
    Choice(Vec<Val>),
}
