//! What expressions look like: modules, `require`, what the page makes.

use super::super::reputation::{LOADERS, PAGE, is_external, is_keyed};
use super::{ANY, DATA, Interest, Kinds, module_kinds};
use crate::parse::ir::{ListId, Node, NodeId, Op};
use crate::parse::names::{self, NameId};

impl Interest<'_> {
    /// Whether a node is a module of the runtime or of another package, or a part of one: then
    /// the tables say what its functions give.
    pub(super) fn is_module(&self, id: NodeId) -> bool {
        let mut node = self.ir.node(id);
        for _ in 0..4 {
            match node.op {
                Op::Member => node = self.ir.node(NodeId(node.a)),
                Op::Name if node.b == u32::MAX => return true,
                Op::Name => {
                    let binding = self.ir.bindings.get(node.b as usize);
                    let def = binding.and_then(|b| self.ir.defs.get(b.first_def as usize));
                    let Some(def) = def.filter(|def| def.next == u32::MAX) else {
                        return false;
                    };
                    node = self.ir.node(def.value);
                }
                Op::Imported => {
                    let import = self.ir.imports.get(node.a as usize);
                    return import.is_some_and(|import| {
                        is_external(self.ir.name(self.text, import.specifier))
                    });
                }
                Op::Call if self.is_plain_require(node) => {
                    let specifier = self.ir.list(ListId(node.b)).next();
                    return specifier.is_some_and(|specifier| {
                        let specifier = self.ir.node(specifier);
                        specifier.op == Op::String
                            && is_external(self.ir.string(self.text, specifier))
                    });
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether a node is something whose properties are plain texts, such as `process.env`.
    pub(super) fn is_keyed(&self, id: NodeId) -> bool {
        let mut node = self.ir.node(id);
        for _ in 0..4 {
            let name = match node.op {
                Op::Member | Op::Imported => NameId(node.b),
                Op::Name if node.b == u32::MAX => NameId(node.a),
                Op::Name => {
                    let binding = self.ir.bindings.get(node.b as usize);
                    let def = binding.and_then(|b| self.ir.defs.get(b.first_def as usize));
                    let Some(def) = def.filter(|def| def.next == u32::MAX) else {
                        return false;
                    };
                    node = self.ir.node(def.value);
                    continue;
                }
                _ => return false,
            };
            return is_keyed(self.ir.name(self.text, name));
        }
        false
    }

    /// Of what the page makes, only elements that load something are handles: pages are full of
    /// the others.
    pub(super) fn makes_loader(&self, call: Node) -> bool {
        let callee = self.ir.node(NodeId(call.a));
        if self.ir.name(self.text, NameId(callee.b)) != "createElement" {
            return false;
        }
        let tag = self.ir.list(ListId(call.b)).next();
        let tag = tag.map(|tag| self.ir.node(tag));
        match tag {
            Some(node) if node.op == Op::String => {
                let tag = self.ir.string(self.text, node).to_ascii_lowercase();
                LOADERS.contains(&tag.as_str())
            }
            Some(_) => true,
            None => false,
        }
    }

    pub(super) fn is_of_page(&self, call: Node) -> bool {
        let callee = self.ir.node(NodeId(call.a));
        let object = self.ir.node(NodeId(callee.a));
        callee.op == Op::Member
            && object.op == Op::Name
            && object.b == u32::MAX
            && self.ir.name(self.text, NameId(object.a)) == PAGE
    }

    pub(super) fn is_plain_require(&self, call: Node) -> bool {
        let callee = self.ir.node(NodeId(call.a));
        callee.op == Op::Name && callee.b == u32::MAX && NameId(callee.a) == names::REQUIRE
    }

    /// `require` of a constant: by what it names. Of anything else: yes.
    pub(super) fn required(&self, call: Node) -> Kinds {
        let specifier = self.ir.list(ListId(call.b)).next();
        let specifier = specifier.map(|node| self.ir.node(node));
        match specifier {
            Some(node) if node.op == Op::String => module_kinds(self.ir.string(self.text, node)),
            Some(_) => ANY,
            None => DATA,
        }
    }

    /// `x[key]` with a key that spells `constructor`, or that is put together.
    pub(super) fn key_may_be_constructor(&self, key: NodeId) -> bool {
        let node = self.ir.node(key);
        match node.op {
            Op::String => self.ir.string(self.text, node) == "constructor",
            Op::Name => {
                let def = self
                    .ir
                    .bindings
                    .get(node.b as usize)
                    .and_then(|binding| self.ir.defs.get(binding.first_def as usize));
                def.is_some_and(|def| {
                    let value = self.ir.node(def.value);
                    value.op == Op::String && self.ir.string(self.text, value) == "constructor"
                })
            }
            Op::Call => true,
            Op::Binary => {
                // `a[i + 1]` is arithmetic; text is put together from text.
                let left = self.ir.node(NodeId(node.a));
                left.op == Op::String || left.op == Op::Binary
            }
            _ => false,
        }
    }
}
