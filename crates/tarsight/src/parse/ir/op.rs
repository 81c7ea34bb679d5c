//! The operators of nodes, and what their operands mean.

#[cfg(doc)]
use super::*;

/// What a node is. The comment of each gives its operands: `a`, `b`, `sub`.
///
/// `n` = node, `n?` = node or NONE, `list` = [`ListId`], `name` = [`NameId`], `str` = `a`
/// start and `b` length of a string (see [`Ir::string`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Op {
    // ── constants ────────────────────────────────────────────────────────────
    /// Nothing: an elision, an omitted operand. No operands.
    Hole,
    /// `null`.
    Null,
    /// a: 0 or 1.
    Bool,
    /// a, b: low and high half of the `f64` bits.
    Number,
    /// str: the value (cooked). `sub`: [`STRING_LONE_SURROGATES`].
    String,
    /// str: the digits as written, without `n`.
    BigInt,
    /// str: the pattern; `sub`: flags as bits in the order `dgimsuvy`.
    Regex,
    // ── names ────────────────────────────────────────────────────────────────
    /// a: name; b: [`BindingId`] or NONE for a global (set by the binder). `sub`: [`NAME_*`](NAME_IN_WITH) bits.
    Name,
    /// a: the [`FuncId`] whose `this` it is, NONE at the top level.
    This,
    /// a: as for [`Op::This`].
    Super,
    /// `new.target`.
    NewTarget,
    /// `import.meta`.
    ImportMeta,
    /// `arguments`; a: its [`FuncId`].
    Arguments,
    // ── expressions ──────────────────────────────────────────────────────────
    /// a: list of n; [`Op::Spread`] and [`Op::Hole`] among them.
    Array,
    /// a: list of [`Op::Property`] and [`Op::Spread`].
    Object,
    /// a: key n ([`Op::String`] unless computed; private names are strings with `#`); b: value n; `sub`: [`PropertyKind`].
    Property,
    /// a: n.
    Spread,
    /// a: [`FuncId`].
    Function,
    /// a: [`ClassId`].
    Class,
    /// a: list of alternating [`Op::String`] (cooked) and expression, first and last a string.
    Template,
    /// a: tag n; b: [`Op::Template`] n.
    TaggedTemplate,
    /// a: n; `sub`: [`UnaryOp`].
    Unary,
    /// a: n; b: n; `sub`: [`BinaryOp`].
    Binary,
    /// a: n; b: n; `sub`: [`LogicalOp`].
    Logical,
    /// a: test n; b: list of then n, else n.
    Conditional,
    /// a: target n (Name, Member, Index, or a pattern kept as Array/Object); b: value n, with a
    /// compound operator already spelled out as [`Op::Binary`] or [`Op::Logical`]; `sub`: 1 if it was compound.
    /// A compound's value reads the target Member or Index node itself, so that node has two parents.
    /// A member inside a pattern gets an Assign of its own, which has no parent.
    Assign,
    /// a: target n; `sub`: bit 0 set for `--`, bit 1 set for prefix. A written name gets this
    /// node as its value.
    Update,
    /// a: object n; b: name, also one that is written as a text; `sub`: 1 if optional (`?.`).
    Member,
    /// a: object n; b: key n; `sub`: 1 if optional.
    Index,
    /// a: callee n; b: list of arguments; `sub`: 1 if optional.
    Call,
    /// a: callee n; b: list of arguments.
    New,
    /// a: specifier n; b: options n?. Dynamic `import()`.
    ImportCall,
    /// a: list of n.
    Sequence,
    /// a: n.
    Await,
    /// a: n?; `sub`: 1 for `yield*`.
    Yield,
    /// a: element n (Name, Member, or String for `div`; Hole for a fragment); b: list of Property, Spread (attributes), then children.
    Jsx,
    // ── what patterns, parameters and imports give (never written in the source) ──
    /// a: [`FuncId`]; b: position. The value of a parameter.
    Param,
    /// a: [`FuncId`]; b: position from which the rest is gathered.
    RestParam,
    /// a: object n; b: list of the key nodes taken out before. `{...rest}`.
    ObjectRest,
    /// a: array n; b: number of elements taken out before. `[...rest]`.
    ArrayRest,
    /// a: array or iterable n; b: position. `[x]` of an array pattern.
    Element,
    /// a: n; b: default n. `x = default` in a pattern or parameter.
    Default,
    /// a: iterable n; `sub`: 1 for `for await`. The item of `for of`.
    Item,
    /// a: object n. The key of `for in`.
    Key,
    /// a: try-block n. The caught value.
    Caught,
    /// a: index in [`Ir::imports`]; b: name imported (`default`, `*` for the namespace).
    Imported,
    // ── statements ───────────────────────────────────────────────────────────
    /// a: list of n.
    Block,
    /// a: list of [`Op::Declarator`]; `sub`: [`BindingKind`] as number.
    Declare,
    /// a: target n; b: initialiser n?. The values the names get are in [`Ir::defs`].
    Declarator,
    /// a: n.
    Expression,
    /// a: test n; b: list of then n, else n? (Hole).
    If,
    /// a: list of init, test, update (Hole if absent); b: body n.
    For,
    /// a: list of left n, right n; b: body n.
    ForIn,
    /// a: list of left n, right n; b: body n; `sub`: 1 for `for await`.
    ForOf,
    /// a: test n; b: body n.
    While,
    /// a: test n; b: body n.
    DoWhile,
    /// a: n?.
    Return,
    /// a: n.
    Throw,
    /// a: label name or NONE.
    Break,
    /// a: label name or NONE.
    Continue,
    /// a: label name; b: statement n.
    Labeled,
    /// a: discriminant n; b: list of [`Op::Case`].
    Switch,
    /// a: test n? (NONE for `default`); b: list of statements.
    Case,
    /// a: block n; b: list of parameter target n (Hole), handler n (Hole), finalizer n (Hole).
    Try,
    /// a: object n; b: body n.
    With,
    /// `debugger`.
    Debugger,
    /// a: function or class n; b: its Name n.
    Declaration,
    /// a: index in [`Ir::imports`]; b: import attributes as an Object n?.
    Import,
    /// a: first index in [`Ir::exports`]; b: how many; the declaration, if any, stands before it as its own statement.
    Export,
    /// a: decorator expression n; b: decorated class or member n.
    Decorator,
}

/// [`Op::Name`] stands inside a `with` body.
pub(crate) const NAME_IN_WITH: u8 = 1;
/// [`Op::Name`] declares or is written to, rather than read.
pub(crate) const NAME_IS_TARGET: u8 = 2;

/// [`Op::String`] has lone surrogates. UTF-8 has none: each stands as U+FFFD and four hex
/// digits, and a real U+FFFD as U+FFFD and `fffd`.
pub(crate) const STRING_LONE_SURROGATES: u8 = 1;

/// Kind of an [`Op::Property`] or a class member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum PropertyKind {
    /// `key: value`.
    Init = 0,
    /// `get key() {}`.
    Get = 1,
    /// `set key(v) {}`.
    Set = 2,
    /// `key() {}`.
    Method = 3,
}

/// Operators of [`Op::Unary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum UnaryOp {
    Not,
    BitNot,
    Minus,
    Plus,
    Typeof,
    Void,
    Delete,
}

/// Operators of [`Op::Binary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Exp,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    UShr,
    Eq,
    Ne,
    StrictEq,
    StrictNe,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    InstanceOf,
}

/// Operators of [`Op::Logical`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum LogicalOp {
    And,
    Or,
    Nullish,
}
