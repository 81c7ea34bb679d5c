//! Bundles: files in which each module is a function of a table, and one function loads them.
//!
//! ```js
//! function load(id) { …; table[id].call(made.exports, made, made.exports, load); return made.exports; }
//! ```
//!
//! What `load(3)` gives is what module 3 writes to the parameters that stand for its `module` and
//! its `exports`; and each module's `load` is that function.

use rustc_hash::FxHashMap;

use super::apply::Purpose;
use super::eval::Evaluator;
use super::terms::{Key, Term, ValueId};
use crate::parse::ir::{BindingId, BindingKind, FuncId, Ir, ListId, NodeId, Op};
use crate::parse::names::{self, NameId};

/// Loaders of one file that are told apart.
const MOST_LOADERS: usize = 8;
/// Calls in one module that define what it exports.
const MOST_DEFINITIONS: usize = 256;

/// What a file has of bundles.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    loaders: Vec<Loader>,
    /// Per module of a table: its loader. Known once somebody asked.
    modules: Option<FxHashMap<FuncId, usize>>,
    /// What modules export, as far as that is settled.
    exports: FxHashMap<FuncId, ValueId>,
    /// Modules that are being looked at.
    open: Vec<FuncId>,
}

/// A function that calls a function of a table with what it made for its exports.
#[derive(Debug)]
struct Loader {
    function: FuncId,
    table: NodeId,
    /// The call, and how many of its arguments come before those of the module.
    call: NodeId,
    skip: usize,
    /// Which parameter of a module stands for `module`, and which for `exports`.
    module: Option<usize>,
    exports: usize,
}

impl Bundles {
    pub(super) fn new(ir: &Ir, text: &str) -> Self {
        let loaders = ir.calls.iter().filter_map(|&call| loader(ir, text, call));
        Self {
            loaders: loaders.take(MOST_LOADERS).collect(),
            ..Self::default()
        }
    }
}

/// Reads `table[id].call(made.exports, made, made.exports, load)`, with or without `call`.
fn loader(ir: &Ir, text: &str, id: NodeId) -> Option<Loader> {
    let call = ir.node(id);
    let mut callee = ir.node(NodeId(call.a));
    if call.op != Op::Call {
        return None;
    }
    let skip = usize::from(callee.op == Op::Member && NameId(callee.b) == names::CALL);
    if skip == 1 {
        callee = ir.node(NodeId(callee.a));
    }
    let key = ir.node(NodeId(callee.b));
    if callee.op != Op::Index || key.op != Op::Name {
        return None;
    }
    let binding = ir.bindings.get(key.b as usize)?;
    let function = ir.function_of(id);
    if binding.kind != BindingKind::Param || function.is_none() {
        return None;
    }
    let args = ir.list(ListId(call.b)).skip(skip);
    let args: Vec<_> = args.map(|arg| ir.node(arg)).collect();
    let exports = args.iter().position(|arg| {
        arg.op == Op::Member
            && ir.name(text, NameId(arg.b)) == "exports"
            && ir.node(NodeId(arg.a)).op == Op::Name
    })?;
    let made = ir.node(NodeId(args.get(exports)?.a));
    let module = args
        .iter()
        .position(|arg| arg.op == Op::Name && arg.b == made.b);
    Some(Loader {
        function,
        table: NodeId(callee.a),
        call: id,
        skip,
        module,
        exports,
    })
}

impl Evaluator<'_> {
    /// Whether the file loads modules from a table of its own.
    pub(crate) fn is_bundle(&self) -> bool {
        !self.bundles.loaders.is_empty()
    }

    /// What a call gives if its function loads modules and the arguments say which.
    pub(super) fn loaded(&mut self, function: FuncId, args: &[ValueId]) -> Option<ValueId> {
        let loaders = &self.bundles.loaders;
        let at = loaders.iter().position(|one| one.function == function)?;
        let key = self.terms.as_key(*args.first()?)?;
        let table = self.table(at);
        let module = self.terms.member(table, &key);
        match *self.terms.get(module) {
            Term::Function(module) => self.exported_by(module, at),
            _ => None,
        }
    }

    fn table(&mut self, loader: usize) -> ValueId {
        let Some(table) = self.bundles.loaders.get(loader).map(|one| one.table) else {
            return self.terms.unresolved();
        };
        let table = self.eval(table);
        self.close_callee(table)
    }

    /// What a module writes to what stands for its exports.
    fn exported_by(&mut self, module: FuncId, loader: usize) -> Option<ValueId> {
        if let Some(&known) = self.bundles.exports.get(&module) {
            return Some(known);
        }
        if self.bundles.open.contains(&module) || !self.step() {
            return None;
        }
        self.bundles.open.push(module);
        let value = self.written_exports(module, loader);
        self.bundles.open.pop();
        // What was found on the way round a circle is not all there is.
        if self.bundles.open.is_empty() && !self.circles.is_spoiled() {
            self.bundles.exports.insert(module, value);
        }
        Some(value)
    }

    fn written_exports(&mut self, module: FuncId, loader: usize) -> ValueId {
        let (whole, named) = match self.bundles.loaders.get(loader) {
            Some(one) => (one.module, Some(one.exports)),
            None => (None, None),
        };
        let nothing = self.terms.add(Term::Object([].into(), false));
        let mut choices = Vec::new();
        if let Some(binding) = named.and_then(|at| self.parameter_name(module, at)) {
            let mut value = self.with_writes(binding, nothing);
            for (key, defined) in self.definitions(module, binding) {
                value = self.with_property(value, &[Some(key)], defined);
            }
            choices.push(value);
        }
        if let Some(binding) = whole.and_then(|at| self.parameter_name(module, at)) {
            let written = self.with_writes(binding, nothing);
            let value = self.terms.member(written, "exports");
            if !matches!(self.terms.get(value), Term::Undefined) {
                choices.retain(|&one| one != nothing);
                choices.push(value);
            }
        }
        match choices.is_empty() {
            true => nothing,
            false => self.terms.one_of(&choices),
        }
    }

    /// The binding of a parameter that is a plain name.
    fn parameter_name(&self, function: FuncId, at: usize) -> Option<BindingId> {
        let params = self.ir.functions.get(function.index())?.params;
        let name = self.ir.node(self.ir.list(params).nth(at)?);
        (name.op == Op::Name && name.b != u32::MAX).then_some(BindingId(name.b))
    }

    /// `define(exports, { name: () => value })`, as modules with `export` become.
    fn definitions(&mut self, module: FuncId, exports: BindingId) -> Vec<(Key, ValueId)> {
        let ir = self.ir;
        let Some(function) = ir.functions.get(module.index()) else {
            return Vec::new();
        };
        let (first, last) = (function.first_node, function.node);
        let from = ir.calls.partition_point(|&call| call < first);
        let calls = ir.calls.iter().skip(from).take_while(|&&call| call < last);
        let mut found = Vec::new();
        for &call in calls {
            let mut args = ir.list(ListId(ir.node(call).b)).map(|arg| ir.node(arg));
            let (Some(target), Some(object)) = (args.next(), args.next()) else {
                continue;
            };
            if target.op != Op::Name || target.b != exports.0 || object.op != Op::Object {
                continue;
            }
            for property in ir.list(ListId(object.a)).map(|id| ir.node(id)) {
                let value = ir.node(NodeId(property.b));
                if property.op != Op::Property || value.op != Op::Function {
                    continue;
                }
                let key = self.eval(NodeId(property.a));
                if let Some(key) = self.terms.as_key(key) {
                    let value = self.returned(FuncId(value.a));
                    found.push((key, value));
                }
                if found.len() >= MOST_DEFINITIONS {
                    return found;
                }
            }
        }
        found
    }

    /// What the loader of a bundle gives a parameter of a module, if it is neither its `module`
    /// nor its `exports`.
    pub(super) fn given_by_loader(
        &mut self,
        module: FuncId,
        at: u32,
        purpose: Purpose,
    ) -> Option<ValueId> {
        if self.bundles.loaders.is_empty() {
            return None;
        }
        let loader = self.loader_of(module)?;
        let one = self.bundles.loaders.get(loader)?;
        let at = at as usize;
        if one.exports == at || one.module == Some(at) {
            return None;
        }
        let list = ListId(self.ir.node(one.call).b);
        let argument = self.ir.list(list).nth(at + one.skip)?;
        let value = self.eval(argument);
        Some(self.close_for(value, purpose))
    }

    /// The loader whose table a function stands in.
    fn loader_of(&mut self, module: FuncId) -> Option<usize> {
        if self.bundles.modules.is_none() {
            // Asked again on the way, nothing is known.
            self.bundles.modules = Some(FxHashMap::default());
            let mut modules = FxHashMap::default();
            for at in 0..self.bundles.loaders.len() {
                let table = self.table(at);
                let items: Vec<ValueId> = match self.terms.get(table) {
                    Term::Object(properties, _) => properties.iter().map(|one| one.1).collect(),
                    Term::Array(items, _) => items.to_vec(),
                    _ => continue,
                };
                for item in items {
                    if let Term::Function(function) = *self.terms.get(item) {
                        modules.insert(function, at);
                    }
                }
            }
            self.bundles.modules = Some(modules);
        }
        self.bundles.modules.as_ref()?.get(&module).copied()
    }
}
