//! Properties of values that need the IR: instances, `this`, classes.

use super::eval::Evaluator;
use super::terms::{Key, Term, ValueId};
use crate::parse::ir::{ClassId, FuncId, FunctionKind, MEMBER_FIELD, MEMBER_STATIC, NodeId, Op};

/// Longest chain of superclasses that is followed.
const MOST_SUPERCLASSES: u32 = 16;

impl Evaluator<'_> {
    /// A property of a value.
    pub(crate) fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        let found = match self.terms.get(object) {
            Term::New(callee, ..) => match self.terms.get(*callee) {
                Term::Class(class) => self.class_member(*class, key, false, 0),
                _ => None,
            },
            Term::This(function) => {
                let function = *function;
                match self.class_of(function) {
                    Some((class, is_static)) => self.class_member(class, key, is_static, 0),
                    None => self.sibling(function, key),
                }
            }
            Term::Class(class) => self.class_member(*class, key, true, 0),
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

    /// The class that `this` of a function is an instance of, or is itself.
    fn class_of(&self, function: FuncId) -> Option<(ClassId, bool)> {
        let found = self.ir.functions.get(function.index())?;
        let class = found.class.some()?;
        let is_static = found.kind == FunctionKind::StaticBlock;
        Some((class, is_static))
    }

    /// A property of the object literal that a function is a method of. Others may call the
    /// method on another object, so what is missing there stays open.
    fn sibling(&mut self, function: FuncId, key: &str) -> Option<ValueId> {
        let (object, _) = self.index.owner(function)?;
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
            return Some(self.terms.one_of(&values));
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
    pub(super) fn method_name(&self, function: FuncId) -> Option<Key> {
        if let Some((_, property)) = self.index.owner(function) {
            let key = self.ir.node(NodeId(self.ir.node(property).a));
            return (key.op == Op::String).then(|| Key::from(self.ir.string(self.text, key)));
        }
        let class = self.ir.functions.get(function.index())?.class.some()?;
        let class = self.ir.classes.get(class.index())?;
        self.ir.list(class.members).find_map(|member| {
            let member = self.ir.node(member);
            let value = self.ir.node(NodeId(member.b));
            let key = self.ir.node(NodeId(member.a));
            (value.op == Op::Function && value.a == function.0 && key.op == Op::String)
                .then(|| Key::from(self.ir.string(self.text, key)))
        })
    }
}
