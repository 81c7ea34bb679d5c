//! Our own form of one file's code: flat arrays, no pointers into the parser's arena.
//!
//! A [`Node`] has an operator, two operands and a byte range. Children come before their
//! parents, so all nodes of a function stand in one contiguous run of indices. Strings are
//! ranges into the file's text, or into [`Ir::cooked`] where escapes made them differ. The buffers are kept between files; [`Ir::clear`] empties them.

mod op;

pub(crate) use op::*;

use super::bind::Work;
use super::names::{NameId, Names};
use crate::model::Span;

macro_rules! index {
    ($(#[doc = $doc:literal] $name:ident;)+) => {$(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub u32);

        impl $name {
            /// Stands for "absent".
            pub(crate) const NONE: Self = Self(u32::MAX);

            /// The index as `usize`.
            #[must_use]
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }

            /// Whether it is absent.
            #[must_use]
            #[allow(dead_code, reason = "not every index may be absent")]
            pub(crate) fn is_none(self) -> bool {
                self.0 == u32::MAX
            }

            /// `None` if absent.
            #[must_use]
            #[allow(dead_code, reason = "not every index may be absent")]
            pub(crate) fn some(self) -> Option<Self> {
                (!self.is_none()).then_some(self)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::NONE
            }
        }
    )+};
}

index! {
    /// A node of [`Ir::nodes`].
    NodeId;
    /// A function of [`Ir::functions`].
    FuncId;
    /// A class of [`Ir::classes`].
    ClassId;
    /// A scope; one of [`Ir::scopes`].
    ScopeId;
    /// A binding of [`Ir::bindings`].
    BindingId;
}

/// A list of nodes: where its length stands in [`Ir::lists`]. `ListId(0)` is the empty list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListId(pub u32);

/// An operator with its operands and its place. See [`Op`] for what `a`, `b` and `sub` mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// What it is.
    pub op: Op,
    /// Sub-operator or flags.
    pub sub: u8,
    /// First operand.
    pub a: u32,
    /// Second operand.
    pub b: u32,
    /// Byte range in the text.
    pub span: Span,
}

/// How a function came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    /// `function`, as declaration or expression.
    Normal,
    /// `=>`: no own `this` or `arguments`.
    Arrow,
    /// Method, getter or setter of an object or class, not the constructor.
    Method,
    /// `constructor` of a class.
    Constructor,
    /// Instance field initialiser: runs when an instance is made.
    Field,
    /// `static {}` or static field initialiser: runs when the class is evaluated.
    StaticBlock,
    /// TypeScript `namespace`: runs where it stands.
    Namespace,
}

/// A function, method, initialiser or static block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    /// Its [`Op::Function`] node.
    pub node: NodeId,
    /// The function around it; NONE at the top level.
    pub parent: FuncId,
    /// Own name, if any.
    pub name: NameId,
    /// How it came about.
    pub kind: FunctionKind,
    /// `async`.
    pub is_async: bool,
    /// `function*`.
    pub is_generator: bool,
    /// Targets of the parameters, in order (Name or pattern); what they get is in [`Ir::defs`].
    pub params: ListId,
    /// Number of parameters, a rest parameter included.
    pub param_count: u32,
    /// [`Op::Block`], or an expression for `=> x`; NONE for a declaration without body.
    pub body: NodeId,
    /// First node inside it: its nodes are `first_node..node`.
    pub first_node: NodeId,
    /// Head of its returns in [`Ir::returns`]; `u32::MAX` if none.
    pub first_return: u32,
    /// The class it is a member of.
    pub class: ClassId,
}

/// A class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    /// Its [`Op::Class`] node.
    pub node: NodeId,
    /// What it extends; NONE if nothing.
    pub superclass: NodeId,
    /// List of [`Op::Property`]: key, value ([`Op::Function`] for methods and initialisers, Hole
    /// for a bare field); `sub` is a [`PropertyKind`] with [`MEMBER_STATIC`] added. The
    /// constructor is not among them.
    pub members: ListId,
    /// The constructor; NONE if none is written.
    pub constructor: FuncId,
}

/// Added to the `sub` of a class member that is static.
pub(crate) const MEMBER_STATIC: u8 = 16;
/// Added to the `sub` of a class member that is a field: its value is a [`FunctionKind::Field`]
/// or [`FunctionKind::StaticBlock`] function that returns the initial value, or Hole.
pub(crate) const MEMBER_FIELD: u8 = 32;
/// Added to the `sub` of a `static {}` block; its key is Hole.
pub(crate) const MEMBER_BLOCK: u8 = 64;

/// A `return`, or the expression of `=> x`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Return {
    /// What is returned; NONE for a bare `return`.
    pub value: NodeId,
    /// Next return of the same function; `u32::MAX` at the end.
    pub next: u32,
}

/// What declares a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum BindingKind {
    Var,
    Let,
    Const,
    Function,
    Class,
    Param,
    Import,
    Catch,
    /// The own name of a function or class expression.
    OwnName,
}

/// A declared name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    /// Its name.
    pub name: NameId,
    /// Where it is declared (hoisted).
    pub scope: ScopeId,
    /// What declares it. The first declaration wins, but a `var` becomes `Function` or `Param`.
    pub kind: BindingKind,
    /// The declaring [`Op::Name`] node.
    pub node: NodeId,
    /// Head of its values in [`Ir::defs`]; `u32::MAX` if it never gets one.
    pub first_def: u32,
}

/// A value that a name gets: by initialiser, assignment, pattern, parameter, import, loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Def {
    /// The written [`Op::Name`] node; after binding its `b` is the binding.
    pub target: NodeId,
    /// The node of the value.
    pub value: NodeId,
    /// Next value of the same binding; `u32::MAX` at the end. Set by the binder.
    pub next: u32,
}

/// How another module is asked for by a declaration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import {
    /// Module specifier.
    pub specifier: NameId,
    /// `import type`, or TypeScript `import x = require()` gives false and true.
    pub is_type: bool,
}

/// An exported name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Export {
    /// Name outside (`default` included); `*` for `export * from`.
    pub name: NameId,
    /// The value: a Name, Function, Class or expression node, or [`Op::Imported`] for re-exports.
    pub value: NodeId,
}

/// A condition over a run of nodes: `if`, `?:`, `&&`, `||`, `??`, `case`, loops.
///
/// The test of a `case` is made up: `discriminant === test`, joined by `||` with the cases
/// that fall into it; `default` has those before it, and `when` false. The test of `for in`
/// and `for of` is what is walked over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    /// The test.
    pub test: NodeId,
    /// Whether the nodes run if the test holds (`true`) or if it does not.
    pub when: bool,
    /// First node under the condition: they are `first..last`.
    pub first: NodeId,
    /// One past the last node under the condition.
    pub last: NodeId,
}

/// One file's code.
#[derive(Debug, Default)]
pub(crate) struct Ir {
    /// All nodes, children before parents.
    pub nodes: Vec<Node>,
    /// All lists: a length, then that many node ids. Starts with one 0.
    pub lists: Vec<u32>,
    /// Strings whose escapes were resolved, one after the other.
    pub cooked: String,
    /// All names.
    pub names: Names,
    /// All functions, outer before inner.
    pub functions: Vec<Function>,
    /// All classes.
    pub classes: Vec<Class>,
    /// Number of scopes; the first is the file's.
    pub scopes: u32,
    /// All bindings.
    pub bindings: Vec<Binding>,
    /// All values that names get, in source order.
    pub defs: Vec<Def>,
    /// All returns.
    pub returns: Vec<Return>,
    /// All import declarations and re-exports.
    pub imports: Vec<Import>,
    /// All exports.
    pub exports: Vec<Export>,
    /// All conditions, by first node, outer before inner.
    pub guards: Vec<Guard>,
    /// Every Call, New, ImportCall and TaggedTemplate node, ascending.
    pub calls: Vec<NodeId>,
    /// Every Assign whose target is a Member or Index, and every `delete` of one, ascending.
    pub writes: Vec<NodeId>,
    /// The file's statements: an [`Op::Block`].
    pub root: NodeId,
    /// Whether the file has `import` or `export` declarations.
    pub is_module: bool,
    /// What only lowering and binding need.
    pub(super) work: Work,
}

impl Ir {
    /// The node itself. Ids come from this `Ir`; any other gives a [`Op::Hole`].
    #[inline]
    #[must_use]
    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes.get(id.index()).copied().unwrap_or(Node {
            op: Op::Hole,
            sub: 0,
            a: u32::MAX,
            b: u32::MAX,
            span: Span { start: 0, end: 0 },
        })
    }

    /// The nodes of a list.
    #[must_use]
    pub(crate) fn list(
        &self,
        id: ListId,
    ) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + '_ {
        let start = id.0 as usize;
        let len = self.lists.get(start).copied().unwrap_or(0) as usize;
        self.lists
            .get(start + 1..start + 1 + len)
            .unwrap_or(&[])
            .iter()
            .map(|&node| NodeId(node))
    }

    /// The string of an [`Op::String`], [`Op::BigInt`] or [`Op::Regex`] node. The top bit of
    /// the start tells text from [`Ir::cooked`].
    #[must_use]
    pub(crate) fn string<'t>(&'t self, text: &'t str, node: Node) -> &'t str {
        self.slice(text, node.a, node.b)
    }

    /// A range as operands hold it: start (top bit: in [`Ir::cooked`]) and length.
    #[must_use]
    pub(crate) fn slice<'t>(&'t self, text: &'t str, start: u32, len: u32) -> &'t str {
        let (from, start) = if start & COOKED == 0 {
            (text, start)
        } else {
            (self.cooked.as_str(), start & !COOKED)
        };
        from.get(start as usize..start as usize + len as usize)
            .unwrap_or("")
    }

    /// The text of a name.
    #[must_use]
    pub(crate) fn name<'t>(&'t self, text: &'t str, name: NameId) -> &'t str {
        self.names.text(text, name)
    }

    /// The innermost function around a node, or the node's own if it is an [`Op::Function`]'s
    /// inside; NONE at the top level.
    #[must_use]
    pub(crate) fn function_of(&self, node: NodeId) -> FuncId {
        // Outer before inner and runs nest, so the last function that starts at or before the
        // node is the innermost or a finished sibling: climb until one holds it.
        let mut at = self.functions.partition_point(|f| f.first_node <= node);
        let mut found = FuncId::NONE;
        if at > 0 {
            at -= 1;
            found = FuncId(u32::try_from(at).unwrap_or(u32::MAX));
        }
        while let Some(id) = found.some() {
            let Some(function) = self.functions.get(id.index()) else {
                return FuncId::NONE;
            };
            if node < function.node {
                return id;
            }
            found = function.parent;
        }
        FuncId::NONE
    }

    /// Empties every buffer and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.lists.clear();
        self.lists.push(0);
        self.cooked.clear();
        self.names.clear();
        self.functions.clear();
        self.classes.clear();
        self.scopes = 0;
        self.bindings.clear();
        self.defs.clear();
        self.returns.clear();
        self.imports.clear();
        self.exports.clear();
        self.guards.clear();
        self.calls.clear();
        self.writes.clear();
        self.root = NodeId::NONE;
        self.is_module = false;
    }
}

/// Set in a start that points into [`Ir::cooked`].
pub(crate) const COOKED: u32 = 1 << 31;

const _: () = assert!(size_of::<Node>() == 20);
