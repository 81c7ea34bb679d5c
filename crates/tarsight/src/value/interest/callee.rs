//! Could calling this be something that a row of the tables lists, or lead to another file?
//!
//! What leads outside has many methods that no row names. Those need no evaluation.

use super::super::index::Index;
use super::super::reputation::{is_called, is_everywhere, is_external};
use super::{DATA, Interest, Kinds, MOST_DEPTH, OWN, Slot, handle_if};
use crate::parse::ir::{BindingId, ListId, NodeId, Op};
use crate::parse::names::{self, NameId};

impl Interest<'_> {
    /// Whether a call of this could be of interest; errs towards yes.
    pub(in super::super) fn calls_outside(&mut self, index: &Index, callee: NodeId) -> bool {
        self.callee(index, callee) != DATA
    }

    fn callee(&mut self, index: &Index, id: NodeId) -> Kinds {
        if self.depth >= MOST_DEPTH {
            return handle_if(true);
        }
        self.depth += 1;
        let found = self.find_callee(index, id);
        self.depth -= 1;
        found
    }

    fn find_callee(&mut self, index: &Index, id: NodeId) -> Kinds {
        let ir = self.ir;
        let node = ir.node(id);
        let (a, b) = (NodeId(node.a), NodeId(node.b));
        match node.op {
            Op::Function | Op::Class => DATA,
            Op::Name if node.b != u32::MAX => self.named_callee(index, BindingId(node.b)),
            Op::Member => {
                let name = NameId(node.b);
                if matches!(name, names::CALL | names::APPLY) && self.is_plain(a) {
                    return self.callee(index, a);
                }
                let text = ir.name(self.text, name);
                let kinds = self.member(index, a, name);
                // What every list and text has does something outside only where the object is
                // plainly no list.
                if is_everywhere(text) && !matches!(text, "get" | "delete") && !self.is_given(a) {
                    return DATA;
                }
                // Of this package's own files any name may be an export.
                let is_own = kinds & OWN != 0;
                handle_if(kinds != DATA && (is_own || is_called(text)))
            }
            Op::Imported => {
                let import = ir.imports.get(node.a as usize);
                let is_own =
                    import.is_some_and(|import| !is_external(ir.name(self.text, import.specifier)));
                let is_whole = matches!(NameId(node.b), names::STAR | names::DEFAULT);
                let is_listed = is_own || is_whole || is_called(ir.name(self.text, NameId(node.b)));
                handle_if(is_listed && self.node(index, id) != DATA)
            }
            Op::Logical | Op::Default => self.callee(index, a) | self.callee(index, b),
            Op::Conditional => {
                let branches = ir.list(ListId(node.b));
                branches.fold(DATA, |found, one| found | self.callee(index, one))
            }
            Op::Assign => self.callee(index, b),
            Op::Sequence => match ir.list(ListId(node.a)).next_back() {
                Some(last) => self.callee(index, last),
                None => DATA,
            },
            _ => handle_if(self.node(index, id) != DATA),
        }
    }

    fn named_callee(&mut self, index: &Index, binding: BindingId) -> Kinds {
        self.once(Slot::Callee(binding.index()), |asker| {
            let ir = asker.ir;
            let mut at = ir
                .bindings
                .get(binding.index())
                .map(|found| found.first_def);
            let mut found = DATA;
            while let Some(def) = at.and_then(|at| ir.defs.get(at as usize)) {
                found |= asker.callee(index, def.value);
                at = Some(def.next);
            }
            found
        })
    }

    /// Whether a node is what an import, a call or a name of the platform gives, a property of
    /// that, or a name for it.
    fn is_given(&self, id: NodeId) -> bool {
        const MOST_LINKS: usize = 8;
        let ir = self.ir;
        let mut at = id;
        for _ in 0..MOST_LINKS {
            let node = ir.node(at);
            at = match node.op {
                Op::Name if node.b == u32::MAX => return true,
                Op::Name => {
                    let binding = ir.bindings.get(node.b as usize);
                    let def = binding.and_then(|found| ir.defs.get(found.first_def as usize));
                    return def.is_some_and(|def| {
                        let op = ir.node(def.value).op;
                        matches!(
                            op,
                            Op::Imported | Op::Call | Op::Await | Op::New | Op::Member
                        )
                    });
                }
                Op::Member | Op::Index => NodeId(node.a),
                op => return matches!(op, Op::Imported | Op::Call | Op::Await | Op::New),
            };
        }
        true
    }

    /// Whether `.call` of it calls it, as far as its form tells.
    fn is_plain(&self, id: NodeId) -> bool {
        matches!(self.ir.node(id).op, Op::Name | Op::Member)
    }
}
