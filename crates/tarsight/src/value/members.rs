//! Properties of values that need the IR: instances, `this`, classes.

use super::eval::Evaluator;
use super::terms::{Key, Place, Term, ValueId};
use crate::parse::ir::{
    ClassId, FuncId, FunctionKind, ListId, MEMBER_FIELD, MEMBER_STATIC, NodeId, Op, PropertyKind,
};

/// Longest chain of superclasses that is followed.
const MOST_SUPERCLASSES: u32 = 16;

impl Evaluator<'_> {
    /// A property of a value.
    pub(crate) fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        let found = match self.terms.get(object) {
            Term::New(callee, args, _) => match self.terms.get(*callee) {
                Term::Function(maker) => {
                    let (maker, args) = (*maker, args.clone());
                    let found = self.own_member(maker, key);
                    found.map(|value| match self.terms.is_open(value) {
                        true => self.with_arguments(value, maker, &args),
                        false => value,
                    })
                }
                Term::Class(class) => {
                    let class = *class;
                    let found = self.class_member(class, key, false, 0);
                    found.map(|value| self.of_instance(object, value))
                }
                Term::Global(name) if &**name == "Proxy" => self.trapped(object, key),
                _ => None,
            },
            Term::This(function) => {
                let function = *function;
                match self.class_of(function) {
                    Some((class, is_static)) => self
                        .class_member(class, key, is_static, 0)
                        .or_else(|| self.subclass_member(class, key, is_static)),
                    None => self.own_member(function, key),
                }
            }
            Term::Class(class) => self.class_member(*class, key, true, 0),
            Term::Call(..) if key == "promise" => self.resolved_elsewhere(object),
            Term::OneOf(choices) => {
                let choices = choices.clone();
                let members: Vec<ValueId> =
                    choices.iter().map(|&one| self.member(one, key)).collect();
                Some(self.terms.one_of(&members))
            }
            _ => None,
        };
        match found {
            Some(value) => value,
            None => self.terms.member(object, key),
        }
    }

    /// `this` of a function.
    pub(super) fn this(&mut self, function: FuncId) -> ValueId {
        if function.is_none() {
            let module = self.terms.global("module");
            return self.terms.member(module, "exports");
        }
        let is_plain = self
            .ir
            .functions
            .get(function.index())
            .is_some_and(|f| f.kind == FunctionKind::Normal && f.class.is_none());
        let is_called_bare = matches!(
            self.index.uses.get(function.index()),
            Some(super::index::FunctionUse::Called(_, 0))
        );
        if is_plain && is_called_bare {
            return self.terms.global("globalThis");
        }
        self.terms.add(Term::This(function))
    }

    /// `super` of a function: what its class extends, or an instance of that.
    pub(super) fn parent(&mut self, function: FuncId) -> ValueId {
        let class = self.class_of(function).map(|(class, _)| class);
        let class = class.and_then(|class| self.ir.classes.get(class.index()).copied());
        let Some(class) = class.filter(|class| !class.superclass.is_none()) else {
            return self.this(function);
        };
        let parent = self.eval(class.superclass);
        if !matches!(self.terms.get(parent), Term::Class(_)) {
            return self.this(function);
        }
        let is_static = self.ir.list(class.members).any(|member| {
            let member = self.ir.node(member);
            let value = self.ir.node(NodeId(member.b));
            let is_it = value.op == Op::Function && value.a == function.0;
            is_it && member.sub & MEMBER_STATIC != 0
        });
        match is_static {
            true => parent,
            false => {
                let place = Place::here(Default::default());
                self.terms.add(Term::New(parent, [].into(), place))
            }
        }
    }

    /// A value that a class gives, with what the constructor of this instance was given.
    pub(super) fn of_instance(&mut self, instance: ValueId, value: ValueId) -> ValueId {
        let Term::New(callee, args, _) = self.terms.get(instance) else {
            return value;
        };
        let (callee, args) = (*callee, args.clone());
        let Term::Class(class) = *self.terms.get(callee) else {
            return value;
        };
        let class = self.ir.classes.get(class.index());
        match class.and_then(|class| class.constructor.some()) {
            Some(constructor) if self.terms.is_open(value) => {
                self.with_arguments(value, constructor, &args)
            }
            _ => value,
        }
    }

    /// What the trap of a proxy gives for a property.
    fn trapped(&mut self, proxy: ValueId, key: &str) -> Option<ValueId> {
        let Term::New(_, args, place) = self.terms.get(proxy) else {
            return None;
        };
        let (args, place) = (args.clone(), *place);
        let (&target, &handler) = (args.first()?, args.get(1)?);
        let trap = self.member(handler, "get");
        let Term::Function(trap) = *self.terms.get(trap) else {
            return None;
        };
        let key = self.terms.string(key);
        Some(self.apply(trap, &[target, key, proxy], place))
    }

    /// What classes that extend this one say of a property that it lacks itself.
    fn subclass_member(&mut self, class: ClassId, key: &str, of_class: bool) -> Option<ValueId> {
        const MOST_SUBCLASSES: usize = 8;
        let subclasses = self.index.subclasses(class).iter();
        let subclasses: Vec<ClassId> = subclasses.copied().take(MOST_SUBCLASSES).collect();
        let mut values = Vec::new();
        for one in subclasses {
            values.extend(self.class_member(one, key, of_class, MOST_SUPERCLASSES));
        }
        (!values.is_empty()).then(|| self.terms.one_of(&values))
    }

    /// An object without the properties that a pattern takes out before its rest.
    pub(super) fn without(&mut self, object: ValueId, keys: ListId) -> ValueId {
        let Term::Object(properties, is_open) = self.terms.get(object).clone() else {
            return object;
        };
        let keys: Vec<NodeId> = self.ir.list(keys).collect();
        let mut taken = Vec::with_capacity(keys.len());
        for key in keys {
            let key = self.eval(key);
            taken.extend(self.terms.as_key(key));
        }
        let left = properties.iter().filter(|(key, _)| !taken.contains(key));
        let left: Vec<(Key, ValueId)> = left.cloned().collect();
        self.terms.add(Term::Object(left.into(), is_open))
    }

    /// What an iteration over a value goes through: what its own iterator yields.
    pub(super) fn iterated(&mut self, value: ValueId) -> ValueId {
        let Term::Object(properties, _) = self.terms.get(value) else {
            return value;
        };
        let own = properties
            .iter()
            .find(|(key, _)| matches!(&**key, "@@asyncIterator" | "@@iterator"));
        match own.map(|&(_, own)| self.terms.get(own)) {
            Some(&Term::Function(iterator)) => self.returned(iterator),
            _ => value,
        }
    }

    /// The class that `this` of a function is an instance of, or is itself.
    fn class_of(&self, function: FuncId) -> Option<(ClassId, bool)> {
        let found = self.ir.functions.get(function.index())?;
        let class = found.class.some()?;
        let is_static = found.kind == FunctionKind::StaticBlock;
        Some((class, is_static))
    }

    /// A property that an object literal is written with.
    pub(super) fn written_property(&mut self, object: NodeId, key: &str) -> Option<ValueId> {
        let object = self.eval(object);
        let Term::Object(properties, _) = self.terms.get(object) else {
            return None;
        };
        let found = properties.iter().rev().find(|(name, _)| &**name == key);
        found.map(|&(_, value)| value)
    }

    fn class_member(
        &mut self,
        class: ClassId,
        key: &str,
        of_class: bool,
        depth: u32,
    ) -> Option<ValueId> {
        let class_ = *self.ir.classes.get(class.index())?;
        let members: Vec<NodeId> = self.ir.list(class_.members).collect();
        let mut values = Vec::new();
        for id in members {
            let member = self.ir.node(id);
            let name = self.ir.node(NodeId(member.a));
            if (member.sub & MEMBER_STATIC != 0) != of_class
                || name.op != Op::String
                || self.ir.string(self.text, name) != key
            {
                continue;
            }
            let value = self.property_value(member);
            let value = match *self.terms.get(value) {
                Term::Function(initialiser) if member.sub & MEMBER_FIELD != 0 => {
                    self.returned(initialiser)
                }
                _ => value,
            };
            values.push(value);
        }
        if let Some(name) = self.ir.names.find(self.text, key)
            && let Some(writes) = self.index.this_writes.get(&(class, name))
        {
            for write in writes.clone() {
                let written = self.ir.node(write).b;
                values.push(self.eval(NodeId(written)));
            }
        }
        if !values.is_empty() {
            let value = self.terms.one_of(&values);
            return Some(self.with_changes(class, key, value));
        }
        if depth >= MOST_SUPERCLASSES || class_.superclass.is_none() {
            return None;
        }
        let superclass = self.eval(class_.superclass);
        match *self.terms.get(superclass) {
            Term::Class(parent) => self.class_member(parent, key, of_class, depth + 1),
            _ => None,
        }
    }

    /// The name of the property of a class or object that a function is the value of.
    /// And whether it sets that property.
    pub(super) fn method_name(&self, function: FuncId) -> Option<(Key, bool)> {
        if let Some(name) = self.index.prototype_name(function) {
            return Some((Key::from(self.ir.name(self.text, name)), false));
        }
        let property = match self.index.owner(function) {
            Some((_, property)) => self.ir.node(property),
            None => {
                let class = self.ir.functions.get(function.index())?.class.some()?;
                let class = self.ir.classes.get(class.index())?;
                let mut members = self.ir.list(class.members).map(|id| self.ir.node(id));
                members.find(|member| {
                    let value = self.ir.node(NodeId(member.b));
                    value.op == Op::Function && value.a == function.0
                })?
            }
        };
        let key = self.ir.node(NodeId(property.a));
        let sets = property.sub & 3 == PropertyKind::Set as u8;
        (key.op == Op::String).then(|| (Key::from(self.ir.string(self.text, key)), sets))
    }
}
