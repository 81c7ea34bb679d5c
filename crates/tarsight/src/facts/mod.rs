//! Owned observations about one file. They depend on its text, kind and the limits only, never
//! on its path or the rest of the package.

mod answers;
mod bodies;
mod called;
mod collect;
mod conditions;
mod constants;
mod exports;
mod functions;
mod guards;
mod hiding;
mod loops;
mod maps;
mod names;
mod reads;
mod seen;
mod shapes;
mod sites;
mod stores;
mod subjects;
mod triggers;

pub(crate) use bodies::BodyFact;
pub(crate) use collect::{collect, collect_again};
pub(crate) use functions::REQUESTS;
pub(crate) use guards::NEVER;
pub(crate) use hiding::HidingFact;

use std::sync::Arc;

use crate::model::{FileId, Span};
use crate::parse::ir::{ClassId, FuncId};
use crate::value::{Key, Ran, Terms, ValueId};

/// What one file does, as far as the file alone can tell.
#[derive(Debug, Default)]
pub(crate) struct ModuleFacts {
    /// The values that the facts below refer to.
    pub terms: Terms,
    /// Modules asked for, in source order.
    pub imports: Vec<ImportFact>,
    /// What the module gives to others.
    pub exports: Exports,
    /// Calls and reads that reach outside the file, in source order.
    pub uses: Vec<UseFact>,
    /// What must hold before some of the uses run.
    pub conditions: Vec<Condition>,
    /// Values put where somebody else finds them.
    pub stores: Vec<StoreFact>,
    /// Code of the top level that neither takes from the module nor gives to it.
    pub bodies: Vec<BodyFact>,
    /// What is written so that nobody reads it.
    pub hiding: Vec<HidingFact>,
    /// Functions that hold facts, or call functions that do; sorted by id.
    pub functions: Vec<FunctionFact>,
    /// What functions that others can get at return, their parameters left open; sorted by id.
    pub returns: Vec<(FuncId, ValueId)>,
    /// Functions that others can get at, methods and constructors too; sorted.
    pub exported: Vec<FuncId>,
    /// Names of the parameters among the values; sorted by function and place.
    pub parameters: Vec<((FuncId, u32), Key)>,
    /// Classes that others can get at; sorted by id.
    pub classes: Vec<ClassFact>,
    /// Where functions of other files that are among the values stand: the first number of each
    /// file's, and the file; sorted.
    pub elsewhere: Arc<[(u32, FileId)]>,
    /// Number of functions and classes of the file, so that a package can number them through.
    pub counts: (u32, u32),
    /// Whether the file has `import` or `export` declarations.
    pub is_module: bool,
    /// Evaluation steps spent.
    pub steps: u64,
    /// Whether the steps ran out.
    pub out_of_steps: bool,
    /// How far the file's own code was run, if that was to find out what it makes.
    pub ran: Ran,
    /// Whether that left functions that nobody called.
    pub run_cut: bool,
    /// Whether it hides so many of its callees that only a run to the end tells what it does.
    pub hides_calls: bool,
}

/// How a module is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ImportKind {
    /// `import … from`, `export … from`.
    Static,
    /// `require(…)` and its kin.
    Require,
    /// `import(…)`.
    Dynamic,
    /// A command runs it.
    Run,
    /// `require.resolve`, `new URL(…, import.meta.url)`: the file is named, not loaded.
    Resolve,
}

/// A module asked for.
#[derive(Clone, Debug)]
pub(crate) struct ImportFact {
    /// How.
    pub kind: ImportKind,
    /// The specifier's value. Mostly [`Term::String`](crate::value::Term::String); otherwise
    /// whoever knows more resolves it.
    pub specifier: ValueId,
    /// The function around it; NONE at the top level.
    pub function: FuncId,
    /// Whether it runs when the file is loaded.
    pub on_load: bool,
}

/// What a module gives to others.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    /// Name → value, sorted by name; a name that is exported twice has the mixture.
    pub named: Vec<(Key, ValueId)>,
    /// The value of `module.exports = …` as a whole.
    pub whole: Option<ValueId>,
    /// Specifiers of `export * from` and of `module.exports = require(…)` helpers.
    pub stars: Vec<Key>,
}

/// A call, construction or read that reaches outside the file.
#[derive(Clone, Debug)]
pub(crate) struct UseFact {
    /// Call, construction or read.
    pub kind: UseKind,
    /// What is called or read.
    pub callee: ValueId,
    /// Arguments of a call.
    pub args: Box<[ValueId]>,
    /// The value that the use gives.
    pub value: ValueId,
    /// Where.
    pub span: Span,
    /// The function around it; NONE at the top level.
    pub function: FuncId,
    /// Conditions that lead here, outermost first: `platform=win32`, `!env.CI`.
    pub guards: Arc<[Key]>,
    /// Indices of the conditions that must hold.
    pub conditions: Vec<u32>,
    /// Who takes what it gives, as far as the file tells; of calls that may ask a host something.
    pub answer: Answer,
    /// The call of the function around it that gives these arguments, where several are told
    /// apart.
    pub through: Option<Span>,
}

/// Who takes what a call gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Somebody may.
    Taken,
    /// The function around it alone, as far as is told, and it tells no failure of it.
    Used,
    /// The function around it gives it to its caller, and nobody else takes it.
    HandedBack,
    /// Nobody.
    Left,
}

/// What must hold before a use runs.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// Two values are equal, the first of them made by a call; and where that is asked.
    Equal(ValueId, ValueId, Span),
    /// A variable of the environment is not set.
    Unset(Key),
}

/// What kind of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UseKind {
    /// `f(…)`.
    Call,
    /// `new F(…)`.
    New,
    /// `x.y` that is not called.
    Read,
    /// `x.y = …`; the argument is the value.
    Write,
}

/// A value that is put where somebody else finds it.
#[derive(Clone, Debug)]
pub(crate) struct StoreFact {
    /// How.
    pub kind: StoreKind,
    /// What gets it: the property that is written, the instance whose method is called, the
    /// function that is called.
    pub into: ValueId,
    /// What is written, or the arguments.
    pub values: Box<[ValueId]>,
    /// Where.
    pub span: Span,
    /// The function around it; NONE at the top level.
    pub function: FuncId,
}

/// How a value is put somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    /// `x.y = …`, `x = …` for a global.
    Property,
    /// `x.set(…)`, `x.emit(…)`.
    Method(Key),
    /// `f(…)`, and a function of another file, or a method, may be among the arguments.
    Handed,
    /// `table[key](…)`, `make()(…)`: what is called is a function of the file, by its value.
    Called,
}

/// A function that matters.
#[derive(Clone, Debug)]
pub(crate) struct FunctionFact {
    /// Which.
    pub id: FuncId,
    /// Whether it runs when the file is loaded, as far as the file alone can tell.
    pub on_load: bool,
    /// Functions of the file that it calls, among those that matter; sorted.
    pub calls: Box<[FuncId]>,
}

/// A class that others can get at.
#[derive(Clone, Debug)]
pub(crate) struct ClassFact {
    /// Which.
    pub id: ClassId,
    /// Name → value of its methods and fields, static ones too.
    pub members: Vec<(Key, ValueId)>,
}
