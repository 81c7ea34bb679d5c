//! What one row of the tables says.

use crate::model::{Capability, Origin};

/// Something a package can do, without judgement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Behaviour {
    /// Its id, `dotted.kebab`.
    pub id: &'static str,
    /// The coarse class.
    pub capability: Capability,
    /// A few words.
    pub title: &'static str,
    /// One sentence: what it is.
    pub summary: &'static str,
    /// Why it may be harmful, and why it may not.
    pub why: &'static str,
    /// CWE and ATT&CK ids.
    pub references: &'static [&'static str],
}

/// What an API does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Api {
    /// Its canonical path; `PATH=` is an assignment to `PATH`.
    pub path: &'static str,
    /// Known to do nothing outside the program.
    pub inert: bool,
    /// What it does; empty if it is inert or only carries types.
    pub effects: &'static [Effect],
    /// What leaves through it. What is written in the target leaves too, and is not repeated.
    pub data: &'static [Place],
    /// What is known of its result. A promise of a value counts as that value.
    pub gives: &'static [Gives],
    /// What functions among its arguments get.
    pub callbacks: &'static [Callback],
    /// Whether functions among its arguments run.
    pub runs: Runs,
    /// It is a property: reading it is what the row is about. Otherwise only calling it is.
    pub read: bool,
    /// The effects hold only if this argument may be this text, letter case aside.
    pub only_if: Option<(u8, &'static str)>,
}

impl Api {
    /// Whether it matters which call of a helper around it gives what: it sends, starts or writes
    /// one thing to another.
    pub(crate) fn has_callers(&self) -> bool {
        self.effects.iter().any(|effect| {
            let id = effect.behaviour.id;
            let joins = id.starts_with("network.")
                || matches!(
                    id,
                    "fs.write" | "process.exec" | "process.fork" | "process.spawn"
                );
            joins && effect.aim.is_some()
        })
    }
}

/// One thing that an API does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// What.
    pub behaviour: &'static Behaviour,
    /// To what.
    pub aim: Option<Aim>,
}

/// Where the target of an effect stands, and how to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aim {
    /// How to read it.
    pub kind: AimKind,
    /// Where it stands.
    pub place: Place,
}

/// How to read a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum AimKind {
    /// A path: a string, bytes, or a `file:` URL.
    Path,
    /// A string, `URL`, `Request`, or an object with `url`, `uri` or `href` (with `baseURL`,
    /// `prefixUrl` before it), or with `protocol`, `hostname` or `host`, `port`, `path`. If the
    /// argument after it is such an object too, its keys win.
    Url,
    /// A host name or address. A number there is a port, and the host follows it, or is
    /// `localhost`; an object has `host`, `port` and `path` (a socket file, as is a string
    /// with a slash).
    Host,
    /// A line for the shell.
    Command,
    /// A program; the array after it holds its arguments. If the options after that have a
    /// true `shell`, all of it is a line for the shell. An array here holds both.
    Argv,
    /// The specifier of a module.
    Module,
    /// The name of an environment variable.
    Variable,
    /// Code. A function here is no code, and then the effect does not hold.
    Code,
    /// Anything else.
    Other,
}

/// A place that a row points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `1`: an argument, from 0; for an assignment 0 is the value.
    Arg(u8),
    /// `1.body`: a property of an argument; `1.*`: the values of all its properties.
    Property(u8, &'static str),
    /// `1..`: this argument and all after it; as a target, each of them (of those for a `host`,
    /// the texts: `send(bytes, offset, length, port, address)`).
    From(u8),
    /// `last`: the last argument.
    Last,
    /// `self`: the receiver; as a target, what the receiver was aimed at.
    This,
    /// `key`: the name of the property that is read from, or written on, what the path names;
    /// unknown, or every name, if what the path names is used as a whole.
    Key,
    /// `=text`: this very text.
    Text(&'static str),
}

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    /// An instance; see [`method`](super::method).
    Type(&'static str),
    /// The same as this path: the result of `createRequire` is called as `require` is.
    Alias(&'static str),
    /// It comes from there.
    Origin(Origin),
    /// It is a secret.
    Secret,
    /// It is that, or made from it.
    Same(Place),
    /// It was decoded.
    Decode,
    /// It was decoded if this argument names base64, base64url or hex.
    DecodeIf(u8),
    /// The module that this argument names.
    Module(u8),
}

/// What a function among the arguments gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Callback {
    /// Which argument is the function.
    pub at: Place,
    /// Which of its parameters.
    pub parameter: u8,
    /// Gets what.
    pub handed: Handed,
}

/// What a parameter of a callback gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handed {
    /// What [`Api::gives`] says.
    Result,
    /// This.
    Gives(Gives),
}

/// What happens to functions among the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// They are not called.
    No,
    /// They are called, now or soon, without anybody else's doing.
    Soon,
    /// They are kept until somebody calls or something happens.
    Keeps,
}

/// What a specifier names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Module {
    /// The specifier, without `node:`.
    pub specifier: &'static str,
    /// The canonical path that rows use.
    pub path: &'static str,
    /// Whose it is.
    pub kind: ModuleKind,
}

/// Whose module it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModuleKind {
    /// Node's, with or without `node:`.
    Builtin,
    /// Node's, only with `node:`.
    Prefixed,
    /// A package's.
    Package,
}
