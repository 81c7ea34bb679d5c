//! A cheap filter before evaluation: could this expression lead to an API or another module?
//!
//! It errs towards yes. Each name and function is asked once, so the whole is linear.

mod callee;
mod shape;

use rustc_hash::FxHashMap;

use super::index::{FunctionUse, Index};
use super::reputation::{
    GLOBAL_OBJECTS, PAGE, gives_handles, global_names, is_called, is_data, is_external, is_keyed,
    is_read, is_written, module_acts, page_names,
};
use crate::parse::ir::{BindingId, ClassId, FuncId, Ir, ListId, NodeId, Op};
use crate::parse::names::{self, NameId};

/// Longer chains count as interesting.
const MOST_DEPTH: u32 = 400;
/// Answers, per node, that may be forgotten before nothing is data any more.
const MOST_FORGOTTEN: u64 = 4;

/// What a value could be: bits of [`HANDLE`] and [`GLOBAL`].
type Kinds = u8;
/// Plain data.
const DATA: Kinds = 0;
/// A module, a function of one, a handle that one opened, or something that holds one of these.
const HANDLE: Kinds = 1;
/// The global object: what its properties are hangs on their names.
const GLOBAL: Kinds = 2;
/// A handle of another file of the package: the tables do not know what its properties do.
const OWN: Kinds = 4;
/// A handle whose properties are read for what they say, such as `process.env`.
const HOLDER: Kinds = 8;
/// Nothing is known: it could be any handle.
const ANY: Kinds = HANDLE | OWN;
/// Nobody has asked; the answer is on its way; it is data unless what it hangs on is not.
const UNASKED: u8 = 253;
const ASKING: u8 = 254;
const TENTATIVE: u8 = 255;

/// What an answer belongs to.
#[derive(Clone, Copy)]
enum Slot {
    Binding(usize),
    Callee(usize),
    Function(usize),
    Class(usize),
    Member(ClassId, NameId),
    Node(usize),
}

fn handle_if(condition: bool) -> Kinds {
    if condition { HANDLE } else { DATA }
}

fn holder_if(name: &str) -> Kinds {
    if is_keyed(name) { HOLDER } else { DATA }
}

fn module_kinds(specifier: &str) -> Kinds {
    if is_external(specifier) {
        handle_if(module_acts(specifier))
    } else {
        ANY
    }
}

/// What holds a value of these kinds, or is held by it.
fn around(kinds: Kinds) -> Kinds {
    handle_if(kinds != DATA) | (kinds & (OWN | HOLDER))
}

/// Answers for one file.
pub(crate) struct Interest<'a> {
    ir: &'a Ir,
    text: &'a str,
    bindings: Vec<u8>,
    /// Per binding: whether calling it is of interest.
    callees: Vec<u8>,
    functions: Vec<u8>,
    classes: Vec<u8>,
    this_members: FxHashMap<(ClassId, NameId), u8>,
    nodes: Vec<u8>,
    /// Answers that hang on others still on their way.
    tentative: Vec<Slot>,
    /// Answers on their way, and how often one of them was met.
    open: u32,
    met: u64,
    /// Tentative answers that did not hold.
    forgotten: u64,
    globals: Vec<u8>,
    /// What methods of a name get somewhere, of interesting arguments.
    hot_methods: FxHashMap<NameId, Kinds>,
    depth: u32,
}

impl<'a> Interest<'a> {
    pub(super) fn new(ir: &'a Ir, text: &'a str, index: &Index) -> Self {
        let mut interest = Self {
            ir,
            text,
            bindings: vec![UNASKED; ir.bindings.len()],
            callees: vec![UNASKED; ir.bindings.len()],
            functions: vec![UNASKED; ir.functions.len()],
            classes: vec![UNASKED; ir.classes.len()],
            this_members: FxHashMap::default(),
            nodes: vec![UNASKED; ir.nodes.len()],
            tentative: Vec::new(),
            open: 0,
            met: 0,
            forgotten: 0,
            globals: vec![UNASKED; ir.names.len()],
            hot_methods: FxHashMap::default(),
            depth: 0,
        };
        interest.find_hot_methods(index);
        interest
    }

    fn find_hot_methods(&mut self, index: &Index) {
        for &id in &self.ir.calls {
            let call = self.ir.node(id);
            let callee = self.ir.node(NodeId(call.a));
            if !matches!(call.op, Op::Call | Op::New) || callee.op != Op::Member {
                continue;
            }
            let mut hot = DATA;
            for arg in self.ir.list(ListId(call.b)) {
                let node = self.ir.node(arg);
                if matches!(node.op, Op::Name | Op::Call | Op::Member) {
                    let kinds = self.node(index, arg);
                    hot |= if kinds & HANDLE != 0 { kinds } else { DATA };
                }
            }
            if hot != DATA {
                *self.hot_methods.entry(NameId(callee.b)).or_default() |= hot;
            }
        }
    }

    /// Whether the value of a node could lead outside.
    pub(super) fn leads_outside(&mut self, index: &Index, id: NodeId) -> bool {
        self.node(index, id) != DATA
    }

    /// Whether reading property `name` of a node could be what the tables list.
    pub(super) fn reads_outside(&mut self, index: &Index, object: NodeId, name: &str) -> bool {
        let kinds = self.node(index, object);
        kinds & HOLDER != 0 || (kinds != DATA && is_read(name))
    }

    /// Whether writing property `name` of a node could be what the tables list.
    pub(super) fn writes_outside(&mut self, index: &Index, object: NodeId, name: &str) -> bool {
        let kinds = self.node(index, object);
        kinds & HOLDER != 0 || (kinds != DATA && is_written(name))
    }

    /// As [`Self::reads_outside`], for a key that is no constant.
    pub(super) fn reads_any(&mut self, index: &Index, object: NodeId) -> bool {
        let kinds = self.node(index, object);
        kinds & (HOLDER | GLOBAL) != 0 || (kinds != DATA && self.is_module(object))
    }

    /// What the value of a node could be.
    fn node(&mut self, index: &Index, id: NodeId) -> Kinds {
        if self.depth >= MOST_DEPTH {
            return ANY;
        }
        self.depth += 1;
        let answer = self.ask(index, id);
        self.depth -= 1;
        answer
    }

    fn state(&mut self, slot: Slot) -> Option<&mut u8> {
        match slot {
            Slot::Binding(at) => self.bindings.get_mut(at),
            Slot::Callee(at) => self.callees.get_mut(at),
            Slot::Function(at) => self.functions.get_mut(at),
            Slot::Class(at) => self.classes.get_mut(at),
            Slot::Member(class, name) => {
                Some(self.this_members.entry((class, name)).or_insert(UNASKED))
            }
            Slot::Node(at) => self.nodes.get_mut(at),
        }
    }

    /// The stored answer, or a new one. In a circle an answer of "data" counts only if the whole
    /// circle turns out to be data; otherwise it is forgotten, and asked again when needed.
    fn once(&mut self, slot: Slot, find: impl FnOnce(&mut Self) -> Kinds) -> Kinds {
        let Some(state) = self.state(slot) else {
            return DATA;
        };
        match *state {
            UNASKED => *state = ASKING,
            ASKING | TENTATIVE => {
                self.met += 1;
                return DATA;
            }
            known => return known,
        }
        let met = self.met;
        let first = self.tentative.len();
        self.open += 1;
        let found = find(self);
        self.open -= 1;
        let is_tentative = found == DATA && self.met != met && self.open > 0;
        if let Some(state) = self.state(slot) {
            *state = if is_tentative { TENTATIVE } else { found };
        }
        if is_tentative {
            self.tentative.push(slot);
        }
        if found != DATA {
            // What was called data since may hang on this.
            self.settle(first, UNASKED);
        } else if self.open == 0 {
            self.settle(first, DATA);
        }
        found
    }

    /// Gives the tentative answers from a number on another state.
    fn settle(&mut self, first: usize, settled: u8) {
        let slots = self.tentative.split_off(first);
        if settled == UNASKED {
            self.forgotten += slots.len() as u64;
        }
        // Answers that are forgotten again and again are no longer worth the question.
        let most = MOST_FORGOTTEN * self.nodes.len() as u64;
        let settled = if self.forgotten > most { ANY } else { settled };
        for slot in slots {
            if let Some(state) = self.state(slot) {
                *state = settled;
            }
        }
    }

    fn ask(&mut self, index: &Index, id: NodeId) -> Kinds {
        let op = self.ir.node(id).op;
        if matches!(op, Op::Call | Op::New | Op::Object | Op::Array) {
            return self.once(Slot::Node(id.index()), |asker| asker.find(index, id));
        }
        self.find(index, id)
    }

    fn find(&mut self, index: &Index, id: NodeId) -> Kinds {
        let node = self.ir.node(id);
        let a = NodeId(node.a);
        let b = NodeId(node.b);
        match node.op {
            Op::Name if node.b == u32::MAX => self.global(NameId(node.a)),
            Op::Name => self.binding(index, BindingId(node.b)),
            Op::Member => self.member(index, a, NameId(node.b)),
            Op::Index if self.key_may_be_constructor(b) => HANDLE,
            Op::Index => {
                let kinds = around(self.node(index, a));
                let key = self.ir.node(b);
                if kinds != DATA && key.op == Op::String {
                    return kinds | holder_if(self.ir.string(self.text, key));
                }
                kinds
            }
            Op::Call | Op::New => {
                if self.is_plain_require(node) {
                    return self.required(node);
                }
                if self.is_of_page(node) {
                    return handle_if(self.makes_loader(node));
                }
                self.result(index, a) | self.any_but_functions(index, ListId(node.b))
            }
            Op::ImportCall => ANY,
            Op::ImportMeta => HANDLE,
            Op::Imported => {
                let import = self.ir.imports.get(node.a as usize);
                let specifier = import.map(|import| self.ir.name(self.text, import.specifier));
                let name = self.ir.name(self.text, NameId(node.b));
                specifier.map_or(DATA, module_kinds) | holder_if(name)
            }
            Op::Param | Op::RestParam => self.parameter(index, FuncId(node.a), node.b),
            Op::Conditional => self.any(index, ListId(node.b)),
            Op::Logical | Op::Default => self.node(index, a) | self.node(index, b),
            Op::Assign => self.node(index, b),
            Op::Sequence => match self.ir.list(ListId(node.a)).next_back() {
                Some(last) => self.node(index, last),
                None => DATA,
            },
            Op::Await | Op::Spread | Op::Element | Op::Item | Op::ObjectRest | Op::ArrayRest => {
                self.node(index, a)
            }
            Op::TaggedTemplate => self.result(index, a),
            Op::Array | Op::Object => {
                let held = self.any(index, ListId(node.a));
                if held & HANDLE != 0 {
                    around(held)
                } else {
                    DATA
                }
            }
            Op::Property => self.held(index, b),
            Op::This | Op::Super => self.this(index, FuncId(node.a)),
            Op::Class => self.class(index, ClassId(node.a)),
            _ => DATA,
        }
    }

    fn member(&mut self, index: &Index, object: NodeId, name: NameId) -> Kinds {
        if name == names::CONSTRUCTOR {
            return HANDLE;
        }
        let text = self.ir.name(self.text, name);
        let node = self.ir.node(object);
        let is_global = node.op == Op::Name && node.b == u32::MAX;
        if is_global && self.ir.name(self.text, NameId(node.a)) == PAGE {
            return handle_if(page_names().contains(text)) | holder_if(text);
        }
        if node.op == Op::This
            && let Some(found) = self.ir.functions.get(node.a as usize)
            && let Some(class) = found.class.some()
        {
            return self.this_member(index, class, name);
        }
        if self.is_keyed(object) && !is_called(text) {
            return DATA;
        }
        let kinds = self.node(index, object);
        let mut found = DATA;
        if kinds & GLOBAL != 0 {
            found |= self.global(name);
        }
        if kinds & HANDLE != 0 && !(is_data(text) && (is_global || self.is_module(object))) {
            found |= around(kinds) | holder_if(text);
        }
        found
    }

    /// `this.name` in a class: what the class and its methods put there.
    fn this_member(&mut self, index: &Index, class: ClassId, name: NameId) -> Kinds {
        self.once(Slot::Member(class, name), |asker| {
            asker.find_this_member(index, class, name)
        })
    }

    fn find_this_member(&mut self, index: &Index, class: ClassId, name: NameId) -> Kinds {
        let ir = self.ir;
        let text = ir.name(self.text, name);
        let Some(found) = ir.classes.get(class.index()) else {
            return ANY;
        };
        let mut kinds = DATA;
        for member in ir.list(found.members) {
            let member = ir.node(member);
            let key = ir.node(NodeId(member.a));
            if key.op != Op::String || ir.string(self.text, key) == text {
                kinds |= self.held(index, NodeId(member.b));
            }
        }
        if let Some(writes) = index.this_writes.get(&(class, name)) {
            for &write in writes {
                kinds |= self.node(index, NodeId(ir.node(write).b));
            }
        }
        let Some(parent) = found.superclass.some() else {
            return kinds;
        };
        let node = ir.node(parent);
        let binding = ir
            .bindings
            .get(node.b as usize)
            .filter(|_| node.op == Op::Name);
        let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
        let class = def
            .map(|def| ir.node(def.value))
            .filter(|def| def.op == Op::Class);
        match class {
            Some(class) => kinds | self.this_member(index, ClassId(class.a), name),
            None => kinds | self.node(index, parent),
        }
    }

    /// What an object or a class holds: a function of it may be called for what it returns.
    fn held(&mut self, index: &Index, id: NodeId) -> Kinds {
        let node = self.ir.node(id);
        match node.op {
            Op::Function => self.function(index, FuncId(node.a)),
            _ => self.node(index, id),
        }
    }

    /// What calling this could give.
    fn result(&mut self, index: &Index, callee: NodeId) -> Kinds {
        let ir = self.ir;
        let node = ir.node(callee);
        match node.op {
            Op::Function => self.function(index, FuncId(node.a)),
            Op::Name if node.b == u32::MAX => {
                let name = ir.name(self.text, NameId(node.a));
                handle_if(self.global(NameId(node.a)) != DATA && gives_handles(name))
            }
            Op::Name => {
                let binding = ir.bindings.get(node.b as usize);
                let mut at = binding.map_or(u32::MAX, |binding| binding.first_def);
                let mut found = DATA;
                while let Some(def) = ir.defs.get(at as usize) {
                    let value = ir.node(def.value);
                    found |= match value.op {
                        Op::Function => self.function(index, FuncId(value.a)),
                        Op::Member => self.result(index, def.value),
                        _ => self.node(index, def.value),
                    };
                    at = def.next;
                }
                found
            }
            Op::Member => {
                let object = NodeId(node.a);
                if NameId(node.b) == names::CONSTRUCTOR {
                    return HANDLE;
                }
                let kinds = self.member(index, object, NameId(node.b));
                let name = ir.name(self.text, NameId(node.b));
                if self.is_module(object) && !gives_handles(name) {
                    return DATA;
                }
                around(kinds)
            }
            _ => self.node(index, callee),
        }
    }

    fn any(&mut self, index: &Index, list: ListId) -> Kinds {
        let ir = self.ir;
        ir.list(list)
            .fold(DATA, |found, item| found | self.node(index, item))
    }

    fn global(&mut self, name: NameId) -> Kinds {
        let text = self.ir.name(self.text, name);
        let Some(answer) = self.globals.get_mut(name.0 as usize) else {
            return HANDLE;
        };
        if *answer == UNASKED {
            *answer = if GLOBAL_OBJECTS.contains(&text) {
                GLOBAL
            } else {
                handle_if(global_names().contains(text)) | holder_if(text)
            };
        }
        *answer
    }

    fn binding(&mut self, index: &Index, id: BindingId) -> Kinds {
        self.once(Slot::Binding(id.index()), |asker| asker.assigned(index, id))
    }

    fn assigned(&mut self, index: &Index, id: BindingId) -> Kinds {
        let ir = self.ir;
        let mut at = ir.bindings[id.index()].first_def;
        let mut found = DATA;
        while let Some(def) = ir.defs.get(at as usize) {
            found |= self.node(index, def.value);
            at = def.next;
        }
        let writes: Vec<NodeId> = index.writes_of(id).collect();
        for write in writes {
            let node = ir.node(write);
            let written = match node.op {
                Op::Assign => self.node(index, NodeId(node.b)),
                _ => self.any(index, ListId(node.b)),
            };
            found |= written & (ANY | HOLDER);
        }
        found
    }

    /// What a function could return.
    fn function(&mut self, index: &Index, id: FuncId) -> Kinds {
        self.once(Slot::Function(id.index()), |asker| {
            asker.returned(index, id)
        })
    }

    fn returned(&mut self, index: &Index, id: FuncId) -> Kinds {
        let ir = self.ir;
        let mut at = ir.functions[id.index()].first_return;
        let mut found = DATA;
        while let Some(one) = ir.returns.get(at as usize) {
            found |= self.node(index, one.value);
            at = one.next;
        }
        found
    }

    /// `this` leads outside where the class holds something that does, or where it is the
    /// global object.
    fn this(&mut self, index: &Index, function: FuncId) -> Kinds {
        match self.ir.functions.get(function.index()) {
            Some(found) => match found.class.some() {
                Some(class) => self.class(index, class),
                None => match index.uses.get(function.index()) {
                    Some(FunctionUse::Called(_, 0)) => GLOBAL,
                    _ => DATA,
                },
            },
            // `this` of a module: its exports.
            None => DATA,
        }
    }

    /// Whether a member of a class, or what its methods write to `this`, could lead outside.
    fn class(&mut self, index: &Index, id: ClassId) -> Kinds {
        self.once(Slot::Class(id.index()), |asker| asker.members(index, id))
    }

    fn members(&mut self, index: &Index, id: ClassId) -> Kinds {
        let ir = self.ir;
        let class = ir.classes[id.index()];
        let mut found = DATA;
        for member in ir.list(class.members) {
            found |= self.held(index, NodeId(ir.node(member).b));
        }
        for &write in index.class_writes(id) {
            found |= self.node(index, NodeId(ir.node(write).b));
        }
        if let Some(parent) = class.superclass.some() {
            found |= self.node(index, parent);
        }
        found & (ANY | HOLDER)
    }

    fn parameter(&mut self, index: &Index, function: FuncId, at: u32) -> Kinds {
        let ir = self.ir;
        match index.uses.get(function.index()) {
            Some(&FunctionUse::Called(call, skip)) => {
                self.argument(index, call, at.saturating_add(skip))
            }
            Some(&FunctionUse::Applied(call)) => self.any(index, ListId(ir.node(call).b)),
            Some(&FunctionUse::Argument(call, _)) => {
                let node = ir.node(call);
                self.node(index, NodeId(node.a)) | self.any_but_functions(index, ListId(node.b))
            }
            Some(&FunctionUse::Named(binding)) => {
                let calls: Vec<NodeId> = index.calls_of(binding).collect();
                let handed: Vec<(NodeId, u32)> = index.arguments_of(binding).collect();
                let mut found = DATA;
                for call in calls {
                    found |= self.argument(index, call, at);
                }
                for (call, _) in handed {
                    found |= self.node(index, NodeId(ir.node(call).a));
                }
                found
            }
            _ => {
                let name = ir.functions.get(function.index()).map(|f| f.name);
                let named = name.map_or(DATA, |name| self.hot(name));
                around(named | self.hot_method(function))
            }
        }
    }

    fn argument(&mut self, index: &Index, call: NodeId, at: u32) -> Kinds {
        let node = self.ir.node(call);
        match self.ir.list(ListId(node.b)).nth(at as usize) {
            Some(arg) => self.node(index, arg),
            None => DATA,
        }
    }

    fn hot(&self, name: NameId) -> Kinds {
        self.hot_methods.get(&name).copied().unwrap_or(DATA)
    }

    /// What the method of a class may get, by the names under which it stands there.
    fn hot_method(&self, function: FuncId) -> Kinds {
        let ir = self.ir;
        let class = ir.functions.get(function.index());
        let class = class.and_then(|f| ir.classes.get(f.class.some()?.index()));
        let Some(class) = class.filter(|_| !self.hot_methods.is_empty()) else {
            return DATA;
        };
        let names = ir.list(class.members).filter_map(|member| {
            let member = ir.node(member);
            let value = ir.node(NodeId(member.b));
            let key = ir.node(NodeId(member.a));
            let is_it = value.op == Op::Function && value.a == function.0 && key.op == Op::String;
            is_it.then(|| ir.names.find(self.text, ir.string(self.text, key)))?
        });
        names.fold(DATA, |found, name| found | self.hot(name))
    }

    fn any_but_functions(&mut self, index: &Index, list: ListId) -> Kinds {
        let ir = self.ir;
        ir.list(list)
            .filter(|&item| ir.node(item).op != Op::Function)
            .fold(DATA, |found, item| found | self.node(index, item))
    }
}
