//! Who calls what, and who writes where: one linear pass over a file's calls, writes and values.

use rustc_hash::FxHashMap;

use super::dead::Dead;
use crate::parse::ir::{BindingId, ClassId, FuncId, Ir, ListId, Node, NodeId, Op};
use crate::parse::names::{self, NameId};

/// `name.a.b.c = …` with more keys than this is not followed.
pub(super) const MOST_KEYS: usize = 4;
const NONE: u32 = u32::MAX;

/// Where a function literal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionUse {
    /// Somewhere else.
    Elsewhere,
    /// It is called where it stands; the number of arguments before its own (`call`: 1).
    Called(NodeId, u32),
    /// `apply` where it stands: the arguments are an array.
    Applied(NodeId),
    /// An argument of a call.
    Argument(NodeId, u32),
    /// The value of a name.
    Named(BindingId),
}

/// Chains through one file's calls and writes.
#[derive(Debug, Default)]
pub(crate) struct Index {
    call_head: Vec<u32>,
    call_next: Vec<(NodeId, u32)>,
    write_head: Vec<u32>,
    write_next: Vec<(NodeId, u32)>,
    argument_head: Vec<u32>,
    argument_next: Vec<(NodeId, u32, u32)>,
    applied_head: Vec<u32>,
    applied_next: Vec<(NodeId, u32)>,
    /// Calls of `bind`, and the names that hold what they give.
    bound: FxHashMap<NodeId, BindingId>,
    /// Classes of the file that extend a class of the file.
    subclasses: FxHashMap<ClassId, Vec<ClassId>>,
    dead: Dead,
    /// Per function: where it stands.
    pub(crate) uses: Vec<FunctionUse>,
    /// `this.name = …` in the methods of a class, and calls of methods by name.
    pub(crate) this_writes: FxHashMap<(ClassId, NameId), Vec<NodeId>>,
    /// The same of writes to what such a property holds, and of pushes to it.
    this_changes: FxHashMap<(ClassId, NameId), Vec<NodeId>>,
    class_writes: FxHashMap<ClassId, Vec<NodeId>>,
    /// Per method of an object literal: the object, and the property.
    owners: FxHashMap<FuncId, (NodeId, NodeId)>,
    /// Names of functions that are written to a `prototype`.
    prototypes: FxHashMap<FuncId, NameId>,
    method_calls: FxHashMap<NameId, Vec<NodeId>>,
    /// Writes by the property's name, once somebody asked.
    member_writes: Option<FxHashMap<NameId, Vec<NodeId>>>,
    /// Every `yield` with the function around it, once somebody asked.
    pub(super) yields: Option<Vec<(FuncId, NodeId)>>,
    /// Every `throw`, the same way.
    pub(super) throws: Option<Vec<(FuncId, NodeId)>>,
}

impl Index {
    pub(crate) fn new(ir: &Ir) -> Self {
        let mut index = Self {
            call_head: vec![NONE; ir.bindings.len()],
            write_head: vec![NONE; ir.bindings.len()],
            argument_head: vec![NONE; ir.bindings.len()],
            applied_head: vec![NONE; ir.bindings.len()],
            dead: Dead::new(ir),
            uses: vec![FunctionUse::Elsewhere; ir.functions.len()],
            ..Self::default()
        };
        index.read_defs(ir);
        index.read_objects(ir);
        index.read_classes(ir);
        let mut in_place = Vec::new();
        for &call in ir.calls.iter().rev() {
            index.read_call(ir, call, &mut in_place);
        }
        for &write in ir.writes.iter().rev() {
            index.read_write(ir, write);
        }
        index.settle_named(&in_place);
        index
    }

    /// `(function name(x) { … })(value)`, `list.map(function name(x) { … })`: nobody else calls
    /// it unless its own name does.
    fn settle_named(&mut self, in_place: &[(u32, FunctionUse)]) {
        for &(function, place) in in_place {
            let Some(slot) = self.uses.get_mut(function as usize) else {
                continue;
            };
            let binding = match *slot {
                FunctionUse::Named(binding) => binding,
                FunctionUse::Elsewhere => {
                    *slot = place;
                    continue;
                }
                _ => continue,
            };
            let heads = [
                &self.call_head,
                &self.argument_head,
                &self.applied_head,
                &self.write_head,
            ];
            if heads
                .iter()
                .all(|head| head.get(binding.index()) == Some(&NONE))
            {
                *slot = place;
            }
        }
    }

    fn read_defs(&mut self, ir: &Ir) {
        for def in &ir.defs {
            let value = ir.node(def.value);
            let target = ir.node(def.target);
            if value.op == Op::Function && target.op == Op::Name && target.b != NONE {
                self.set_use(value.a, FunctionUse::Named(BindingId(target.b)));
            }
            // `const send = debounce((text) => …)`: who calls the one calls the other.
            if let Some(function) = wrapped(ir, value)
                && target.op == Op::Name
                && target.b != NONE
            {
                self.set_use(function, FunctionUse::Named(BindingId(target.b)));
            }
            if is_bind(ir, value) && target.op == Op::Name && target.b != NONE {
                self.bound.insert(def.value, BindingId(target.b));
            }
            // Whoever constructs the class calls its constructor.
            if value.op == Op::Class
                && target.op == Op::Name
                && target.b != NONE
                && let Some(class) = ir.classes.get(value.a as usize)
                && let Some(constructor) = class.constructor.some()
            {
                self.set_use(constructor.0, FunctionUse::Named(BindingId(target.b)));
            }
        }
    }

    fn read_objects(&mut self, ir: &Ir) {
        for (at, node) in ir.nodes.iter().enumerate() {
            if node.op != Op::Object {
                continue;
            }
            let object = NodeId(u32::try_from(at).unwrap_or(NONE));
            for id in ir.list(ListId(node.a)) {
                let property = ir.node(id);
                let value = ir.node(NodeId(property.b));
                if property.op == Op::Property && value.op == Op::Function {
                    self.owners.insert(FuncId(value.a), (object, id));
                }
            }
        }
    }

    fn read_classes(&mut self, ir: &Ir) {
        for (at, class) in (0u32..).zip(&ir.classes) {
            if let Some(parent) = named_class(ir, class.superclass) {
                self.subclasses.entry(parent).or_default().push(ClassId(at));
            }
        }
    }

    /// The object literal that a function is a method of, and the property that holds it.
    pub(crate) fn owner(&self, function: FuncId) -> Option<(NodeId, NodeId)> {
        self.owners.get(&function).copied()
    }

    /// The name under which a function is written to a `prototype`.
    pub(crate) fn prototype_name(&self, function: FuncId) -> Option<NameId> {
        self.prototypes.get(&function).copied()
    }

    fn set_use(&mut self, function: u32, place: FunctionUse) {
        if let Some(slot) = self.uses.get_mut(function as usize)
            && *slot == FunctionUse::Elsewhere
        {
            *slot = place;
        }
    }

    fn read_call(&mut self, ir: &Ir, id: NodeId, in_place: &mut Vec<(u32, FunctionUse)>) {
        let call = ir.node(id);
        if !matches!(call.op, Op::Call | Op::New) || self.is_dead(id) {
            return;
        }
        let callee = ir.node(NodeId(call.a));
        match callee.op {
            Op::Name => push(&mut self.call_head, &mut self.call_next, callee.b, id),
            Op::Function => in_place.push((callee.a, FunctionUse::Called(id, 0))),
            // `super(…)` constructs the parent.
            Op::Super => {
                let function = ir.functions.get(callee.a as usize);
                let class = function.and_then(|function| ir.classes.get(function.class.index()));
                let parent = class.map(|class| ir.node(class.superclass));
                if let Some(parent) = parent.filter(|parent| parent.op == Op::Name) {
                    push(&mut self.call_head, &mut self.call_next, parent.b, id);
                }
            }
            Op::Member => {
                let object = ir.node(NodeId(callee.a));
                let name = NameId(callee.b);
                match object.op {
                    Op::Function if name == names::CALL => {
                        in_place.push((object.a, FunctionUse::Called(id, 1)));
                    }
                    Op::Function if name == names::APPLY => {
                        in_place.push((object.a, FunctionUse::Applied(id)));
                    }
                    Op::Name
                        if matches!(name, names::CALL | names::APPLY | names::BIND)
                            && holds_function(ir, object.b) =>
                    {
                        push(&mut self.applied_head, &mut self.applied_next, object.b, id);
                    }
                    Op::Name if matches!(name, names::PUSH | names::UNSHIFT | names::SPLICE) => {
                        push(&mut self.write_head, &mut self.write_next, object.b, id);
                    }
                    Op::Member if matches!(name, names::PUSH | names::UNSHIFT | names::SPLICE) => {
                        if let Some(property) = own_property(ir, object) {
                            self.this_changes.entry(property).or_default().push(id);
                        }
                    }
                    // `Object.assign(name, …)` and the like write to their first argument.
                    Op::Name if object.b == NONE && writes_first(NameId(object.a), name) => {
                        let first = ir.list(ListId(call.b)).next().map(|first| ir.node(first));
                        if let Some(first) = first.filter(|first| first.op == Op::Name) {
                            push(&mut self.write_head, &mut self.write_next, first.b, id);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        for (at, argument) in ir.list(ListId(call.b)).enumerate() {
            let at = u32::try_from(at).unwrap_or(NONE);
            let argument = ir.node(argument);
            match argument.op {
                // Who calls what a wrapper gives calls it.
                Op::Function if wrapped(ir, call) == Some(argument.a) => {}
                Op::Function => in_place.push((argument.a, FunctionUse::Argument(id, at))),
                Op::Name if holds_function(ir, argument.b) => {
                    let binding = argument.b as usize;
                    let next = self.argument_head[binding];
                    self.argument_head[binding] =
                        u32::try_from(self.argument_next.len()).unwrap_or(NONE);
                    self.argument_next.push((id, at, next));
                }
                _ => {}
            }
        }
    }

    fn read_write(&mut self, ir: &Ir, id: NodeId) {
        let write = ir.node(id);
        if write.op != Op::Assign || self.is_dead(id) {
            return;
        }
        let target = ir.node(NodeId(write.a));
        let value = ir.node(NodeId(write.b));
        if value.op == Op::Function && target.op == Op::Member && is_prototype(ir, target) {
            self.prototypes.insert(FuncId(value.a), NameId(target.b));
        }
        let mut object = ir.node(NodeId(target.a));
        // `name.a.b = …` changes what `name` holds.
        for _ in 0..MOST_KEYS {
            if !matches!(object.op, Op::Member | Op::Index) {
                break;
            }
            let inner = ir.node(NodeId(object.a));
            if !matches!(inner.op, Op::Member | Op::Index | Op::Name) {
                break;
            }
            object = inner;
        }
        match object.op {
            Op::Name => push(&mut self.write_head, &mut self.write_next, object.b, id),
            Op::Member => {
                if let Some(property) = own_property(ir, object) {
                    self.this_changes.entry(property).or_default().push(id);
                }
            }
            Op::This if target.op == Op::Member => {
                if let Some(function) = ir.functions.get(object.a as usize)
                    && let Some(class) = function.class.some()
                {
                    let key = (class, NameId(target.b));
                    self.this_writes.entry(key).or_default().push(id);
                    self.class_writes.entry(class).or_default().push(id);
                }
            }
            _ => {}
        }
    }

    /// Writes to what a property of an instance holds, and pushes to it, in source order.
    pub(crate) fn this_changes(&self, class: ClassId, name: NameId) -> &[NodeId] {
        self.this_changes
            .get(&(class, name))
            .map_or(&[], Vec::as_slice)
    }

    /// Where a function stands or what it is called by.
    pub(crate) fn use_of(&self, function: FuncId) -> Option<FunctionUse> {
        self.uses.get(function.index()).copied()
    }

    /// Calls whose callee is this name, in source order.
    pub(crate) fn calls_of(&self, binding: BindingId) -> impl Iterator<Item = NodeId> + '_ {
        chain(&self.call_head, &self.call_next, binding)
    }

    /// `name.call(…)`, `name.apply(…)` and `name.bind(…)` of a name that holds a function, in
    /// source order.
    pub(crate) fn applied(&self, binding: BindingId) -> impl Iterator<Item = NodeId> + '_ {
        chain(&self.applied_head, &self.applied_next, binding)
    }

    /// The name that holds what a call of `bind` gives.
    pub(crate) fn bound(&self, call: NodeId) -> Option<BindingId> {
        self.bound.get(&call).copied()
    }

    /// Classes of the file that extend this one.
    pub(crate) fn subclasses(&self, class: ClassId) -> &[ClassId] {
        self.subclasses.get(&class).map_or(&[], Vec::as_slice)
    }

    /// Whether no run gets to a node, by literals and by `return` alone.
    pub(crate) fn is_dead(&self, node: NodeId) -> bool {
        self.dead.holds(node)
    }

    /// Writes to a property of this name of anything, in source order.
    pub(crate) fn member_writes(&mut self, ir: &Ir, name: NameId) -> &[NodeId] {
        let writes = self.member_writes.get_or_insert_with(|| {
            let mut writes: FxHashMap<NameId, Vec<NodeId>> = FxHashMap::default();
            for &id in &ir.writes {
                let write = ir.node(id);
                let target = ir.node(NodeId(write.a));
                if write.op == Op::Assign && target.op == Op::Member {
                    writes.entry(NameId(target.b)).or_default().push(id);
                }
            }
            writes
        });
        writes.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Writes to properties of this name, and pushes to it, in source order.
    pub(crate) fn writes_of(&self, binding: BindingId) -> impl Iterator<Item = NodeId> + '_ {
        chain(&self.write_head, &self.write_next, binding)
    }

    /// Calls that get this name, which holds a function, as an argument.
    pub(crate) fn arguments_of(
        &self,
        binding: BindingId,
    ) -> impl Iterator<Item = (NodeId, u32)> + '_ {
        let mut at = self.argument_head.get(binding.index()).copied();
        std::iter::from_fn(move || {
            let &(call, argument, next) = self.argument_next.get(at? as usize)?;
            at = Some(next);
            Some((call, argument))
        })
    }

    /// `this.name = …` for any name, in the methods of a class.
    pub(crate) fn class_writes(&self, class: ClassId) -> &[NodeId] {
        self.class_writes.get(&class).map_or(&[], Vec::as_slice)
    }

    /// Calls of a method of this name on anything, in source order.
    pub(crate) fn method_calls(&mut self, ir: &Ir, name: NameId) -> &[NodeId] {
        if self.method_calls.is_empty() {
            for &id in &ir.calls {
                let call = ir.node(id);
                let callee = ir.node(NodeId(call.a));
                if matches!(call.op, Op::Call | Op::New) && callee.op == Op::Member {
                    let calls = self.method_calls.entry(NameId(callee.b)).or_default();
                    calls.push(id);
                }
            }
        }
        self.method_calls.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// The class of the file that a name stands for.
fn named_class(ir: &Ir, name: NodeId) -> Option<ClassId> {
    let node = ir.node(name);
    let binding = ir.bindings.get(node.b as usize);
    let binding = binding.filter(|_| node.op == Op::Name)?;
    let value = ir.node(ir.defs.get(binding.first_def as usize)?.value);
    (value.op == Op::Class).then_some(ClassId(value.a))
}

/// The function literal that a call gives back in another guise.
fn wrapped(ir: &Ir, value: Node) -> Option<u32> {
    const WRAPPERS: [NameId; 7] = [
        names::CALLBACKIFY,
        names::DEBOUNCE,
        names::MEMOIZE,
        names::ONCE,
        names::PROMISIFY,
        names::THROTTLE,
        names::USE_CALLBACK,
    ];
    let callee = ir.node(NodeId(value.a));
    let name = match (value.op, callee.op) {
        (Op::Call, Op::Name) => NameId(callee.a),
        (Op::Call, Op::Member) => NameId(callee.b),
        _ => return None,
    };
    let first = ir.list(ListId(value.b)).next()?;
    let first = ir.node(first);
    (first.op == Op::Function && WRAPPERS.contains(&name)).then_some(first.a)
}

fn is_bind(ir: &Ir, value: Node) -> bool {
    let callee = ir.node(NodeId(value.a));
    value.op == Op::Call && callee.op == Op::Member && NameId(callee.b) == names::BIND
}

fn writes_first(object: NameId, method: NameId) -> bool {
    matches!(
        (object, method),
        (names::OBJECT, names::ASSIGN | names::DEFINE_PROPERTY)
            | (names::REFLECT, names::SET | names::DEFINE_PROPERTY)
    )
}

fn holds_function(ir: &Ir, binding: u32) -> bool {
    let Some(binding) = ir.bindings.get(binding as usize) else {
        return false;
    };
    ir.defs
        .get(binding.first_def as usize)
        .is_some_and(|def| ir.node(def.value).op == Op::Function)
}

/// Whether a member is one of `Maker.prototype`, or of a name for that.
fn is_prototype(ir: &Ir, member: Node) -> bool {
    let object = ir.node(NodeId(member.a));
    let held = match object.op {
        Op::Name => ir.bindings.get(object.b as usize).and_then(|binding| {
            let def = ir.defs.get(binding.first_def as usize)?;
            Some(ir.node(def.value))
        }),
        _ => Some(object),
    };
    held.is_some_and(|held| held.op == Op::Member && NameId(held.b) == names::PROTOTYPE)
}

/// The class and the name of `this.name`.
fn own_property(ir: &Ir, member: Node) -> Option<(ClassId, NameId)> {
    let object = ir.node(NodeId(member.a));
    let function = ir
        .functions
        .get(object.a as usize)
        .filter(|_| object.op == Op::This)?;
    Some((function.class.some()?, NameId(member.b)))
}

fn push(head: &mut [u32], next: &mut Vec<(NodeId, u32)>, binding: u32, node: NodeId) {
    if let Some(head) = head.get_mut(binding as usize) {
        let at = u32::try_from(next.len()).unwrap_or(NONE);
        next.push((node, *head));
        *head = at;
    }
}

fn chain<'a>(
    head: &'a [u32],
    next: &'a [(NodeId, u32)],
    binding: BindingId,
) -> impl Iterator<Item = NodeId> + 'a {
    let mut at = head.get(binding.index()).copied();
    std::iter::from_fn(move || {
        let &(node, following) = next.get(at? as usize)?;
        at = Some(following);
        Some(node)
    })
}
