//! Values that the file alone decides and that symbolic evaluation could not compute.

use super::freeze::{elsewhere, parts};
use super::run::is_module_function;
use super::terms::{Term, Terms, ValueId};
use crate::model::Origin;

/// Parts of a value that are looked at.
const MOST_PARTS: usize = 1_024;

/// Builtins whose results depend on nothing else.
pub(super) const PURE: [&str; 30] = [
    "Promise",
    "Proxy",
    "Reflect",
    "String",
    "Number",
    "Boolean",
    "BigInt",
    "Array",
    "Object",
    "Math",
    "JSON",
    "Buffer",
    "RegExp",
    "Map",
    "Set",
    "Uint8Array",
    "Uint16Array",
    "Uint32Array",
    "ArrayBuffer",
    "DataView",
    "TextEncoder",
    "TextDecoder",
    "parseInt",
    "parseFloat",
    "atob",
    "btoa",
    "unescape",
    "escape",
    "decodeURIComponent",
    "Symbol",
];

/// Modules of Node that reach outside.
const TRACKED: [&str; 16] = [
    "child_process",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "net",
    "tls",
    "dns",
    "dgram",
    "vm",
    "module",
    "os",
    "process",
    "worker_threads",
    "cluster",
];

impl Terms {
    /// Whether something of a value is not known though nothing outside is in it.
    #[must_use]
    pub(crate) fn is_lost(&self, id: ValueId) -> bool {
        let gaps = self.gaps(id, &mut { MOST_PARTS });
        gaps.computed || gaps.unknown
    }

    /// Whether something of a value could not be computed though nothing outside is in it:
    /// running the code may tell.
    #[must_use]
    pub(crate) fn is_computed(&self, id: ValueId) -> bool {
        self.gaps(id, &mut { MOST_PARTS }).computed
    }

    /// Whether a value is what a call gives that may be one of the file's own functions, or a
    /// member of that: such a call can be followed, so that it is no answer.
    pub(super) fn hangs_on_own_call(&self, id: ValueId) -> bool {
        const MOST_LINKS: usize = 64;
        let is_own = |callee: ValueId| {
            let choices = self.choices(callee);
            let mut choices = choices.iter();
            choices.any(|&one| matches!(self.get(one), Term::Function(_)))
        };
        let mut at = id;
        for _ in 0..MOST_LINKS {
            at = match *self.get(at) {
                Term::Member(of, _) | Term::Index(of, _) => of,
                Term::Call(callee, ..) if is_own(callee) => return true,
                Term::Call(callee, ..) => callee,
                _ => return false,
            };
        }
        false
    }

    /// Whether a value is decided by the code alone and could not be computed all the same.
    #[must_use]
    pub(crate) fn is_unresolved(&self, id: ValueId) -> bool {
        let gaps = self.gaps(id, &mut { MOST_PARTS });
        gaps.closed && gaps.computed && !gaps.unknown
    }

    /// Whether nothing is known of a value, not even that something outside is in it.
    #[must_use]
    pub(crate) fn is_blank(&self, id: ValueId) -> bool {
        let gaps = self.gaps(id, &mut { MOST_PARTS });
        gaps.closed && gaps.unknown
    }

    /// Whether a value is a constant, or one of several.
    fn is_choice(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::OneOf(choices) => choices.iter().all(|&one| self.is_constant(one)),
            _ => self.is_constant(id),
        }
    }

    /// Whether a value hangs on nothing outside.
    pub(super) fn is_closed(&self, id: ValueId) -> bool {
        self.gaps(id, &mut { MOST_PARTS }).closed
    }

    fn is_module(&self, id: ValueId, name: &str) -> bool {
        matches!(self.get(id), Term::Module(known) if &**known == name)
    }

    /// Whether a function of a module only computes.
    fn computes(&self, module: ValueId, name: &str) -> bool {
        matches!(self.get(module), Term::Module(module) if is_module_function(module, name))
    }

    pub(super) fn is_proxy(&self, callee: ValueId) -> bool {
        self.is_global(callee, "Proxy")
    }

    /// Whether a value hangs on what a caller gives.
    #[must_use]
    pub(crate) fn hangs_on_caller(&self, id: ValueId) -> bool {
        let mut open = vec![id];
        for _ in 0..MOST_PARTS {
            let Some(at) = open.pop() else { return false };
            match self.get(at) {
                Term::Param(..) | Term::This(_) | Term::Handed(..) => return true,
                Term::Derived(parts, _)
                | Term::Concat(parts)
                | Term::Array(parts, _)
                | Term::OneOf(parts) => open.extend_from_slice(parts),
                Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                    open.push(*callee);
                    open.extend_from_slice(args);
                }
                Term::Member(of, _) => open.push(*of),
                Term::Index(of, key) => open.extend([*of, *key]),
                _ => {}
            }
        }
        true
    }

    /// Whether a value holds the whole environment, not only what some of it is.
    #[must_use]
    pub(crate) fn holds_environment(&self, id: ValueId) -> bool {
        let mut open = vec![id];
        for _ in 0..MOST_PARTS {
            let Some(at) = open.pop() else { return false };
            match self.get(at) {
                Term::Member(of, key) if &**key == "env" => {
                    if matches!(self.get(*of), Term::Global(name) if &**name == "process") {
                        return true;
                    }
                }
                Term::Concat(parts) | Term::Array(parts, _) | Term::OneOf(parts) => {
                    open.extend_from_slice(parts);
                }
                Term::Object(properties, _) => open.extend(properties.iter().map(|&(_, id)| id)),
                _ => {}
            }
        }
        false
    }

    /// Whether a value or a part of it is such; `None` if it has too many parts to tell.
    fn any_part(&self, id: ValueId, is_such: fn(&Term) -> bool) -> Option<bool> {
        let mut open = vec![id];
        for _ in 0..MOST_PARTS {
            let Some(at) = open.pop() else {
                return Some(false);
            };
            let term = self.get(at);
            if is_such(term) {
                return Some(true);
            }
            parts(term, &mut open);
        }
        None
    }

    /// Whether a value hangs on what a caller gives to a function of another file.
    #[must_use]
    pub(crate) fn is_from_elsewhere(&self, id: ValueId) -> bool {
        let is_other = |term: &Term| matches!(term, Term::Param(function, _) if elsewhere(*function).is_some());
        self.any_part(id, is_other).unwrap_or(false)
    }

    /// Whether a part of a value is what another file of the package gives.
    #[must_use]
    pub(crate) fn is_from_file(&self, id: ValueId) -> bool {
        let is_file =
            |term: &Term| matches!(term, Term::Module(name) if name.starts_with(['.', '/', '#']));
        self.any_part(id, is_file).unwrap_or(false)
    }

    /// Whether a part of a value is mixed, picked by a name that is not known, or not known itself:
    /// a run may know all that it can be.
    #[must_use]
    pub(crate) fn is_vague(&self, id: ValueId) -> bool {
        let is_vague =
            |term: &Term| matches!(term, Term::Index(..) | Term::Derived(..) | Term::Unknown(_));
        self.any_part(id, is_vague).unwrap_or(true)
    }

    /// Whether a value is a text whose start is known.
    #[must_use]
    pub(crate) fn begins(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::String(text) => !text.is_empty(),
            Term::Concat(parts) => parts.first().is_some_and(|&first| self.begins(first)),
            _ => false,
        }
    }

    /// Whether a member of it matters whatever its name: a module of Node, the process, the
    /// global object.
    #[must_use]
    pub(crate) fn is_tracked(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Module(name) => {
                let name = name.strip_prefix("node:").unwrap_or(name);
                TRACKED.contains(&name)
            }
            Term::Global(name) => {
                matches!(&**name, "globalThis" | "process" | "module" | "require")
            }
            _ => false,
        }
    }

    /// Whether a value is a text that starts as an address does, or as a name that is asked for.
    pub(super) fn begins_address(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::String(text) => text.contains("://") || text.contains('.'),
            Term::Concat(parts) => parts
                .first()
                .is_some_and(|&first| self.begins_address(first)),
            _ => false,
        }
    }

    /// Looks at a value and its parts, so many of them.
    fn gaps(&self, id: ValueId, left: &mut usize) -> Gaps {
        if *left == 0 {
            return Gaps::OUTSIDE;
        }
        *left -= 1;
        let mut of = |parts: &[ValueId]| {
            parts
                .iter()
                .fold(Gaps::NONE, |gaps, &part| gaps.with(self.gaps(part, left)))
        };
        match self.get(id) {
            Term::Unknown(origins) => Gaps {
                unknown: origins.has(Origin::Unknown),
                ..Gaps::NONE
            },
            // A few texts that are told apart no more are known all the same.
            Term::Concat(parts) if parts.iter().all(|&part| self.is_choice(part)) => Gaps::NONE,
            Term::Derived(parts, _) | Term::Concat(parts) => of(parts).computed(),
            Term::Array(parts, _) | Term::OneOf(parts) => of(parts),
            Term::Object(properties, _) => {
                let values: Vec<ValueId> = properties.iter().map(|&(_, value)| value).collect();
                of(&values)
            }
            Term::Index(object, key) => {
                let (object, key) = (*object, *key);
                let (of_object, of_key) = (of(&[object]), of(&[key]));
                let mut gaps = of_object.with(Gaps {
                    closed: of_key.closed,
                    ..Gaps::NONE
                });
                // A member by a name that the file decides, of what the file decides as well, or
                // of something whose members matter.
                if of_object.closed || self.is_tracked(object) {
                    gaps = gaps.with(of_key);
                    gaps.computed |= of_key.closed && !of_key.unknown;
                }
                gaps
            }
            // A list that every version of Node fixes.
            Term::Member(object, name)
                if &**name == "builtinModules" && self.is_module(*object, "module") =>
            {
                Gaps::NONE
            }
            // Its methods are the language's own.
            Term::Member(object, name)
                if &**name == "prototype" && self.is_global(*object, "Function") =>
            {
                Gaps::NONE
            }
            Term::Member(object, _) => {
                let mut gaps = of(&[*object]);
                gaps.computed |=
                    matches!(self.get(*object), Term::Unknown(from) if from.is_empty());
                gaps
            }
            Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                let of_callee = match self.get(*callee) {
                    Term::Member(of, name) if self.computes(*of, name) => Gaps::NONE,
                    _ => of(&[*callee]),
                };
                let of_args = of(args);
                let is_made = matches!(self.get(id), Term::Call(..)) || self.is_proxy(*callee);
                let all = of_callee.with(of_args);
                if self.is_require(*callee) {
                    return all;
                }
                match all.closed {
                    true if is_made => all.computed(),
                    true => all,
                    // What somebody else makes of it is theirs.
                    false => Gaps {
                        closed: false,
                        ..of_callee
                    },
                }
            }
            Term::Global(name) if !PURE.contains(&&**name) => Gaps::OUTSIDE,
            Term::Module(_) | Term::Param(..) | Term::This(_) | Term::Handed(..) => Gaps::OUTSIDE,
            _ => Gaps::NONE,
        }
    }
}

/// What a value lacks.
#[derive(Clone, Copy)]
struct Gaps {
    /// Nothing outside is in it.
    closed: bool,
    /// Some part that the file decides could not be computed.
    computed: bool,
    /// Of some part nothing is known.
    unknown: bool,
}

impl Gaps {
    const NONE: Self = Self {
        closed: true,
        computed: false,
        unknown: false,
    };
    const OUTSIDE: Self = Self {
        closed: false,
        ..Self::NONE
    };

    fn with(self, other: Self) -> Self {
        Self {
            closed: self.closed && other.closed,
            computed: self.computed || other.computed,
            unknown: self.unknown || other.unknown,
        }
    }

    /// A mixture of nothing but what is known, and yet not known itself.
    fn computed(self) -> Self {
        Self {
            computed: self.computed || (self.closed && !self.unknown),
            ..self
        }
    }
}
