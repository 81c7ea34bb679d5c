//! Values that may hide a name: what only running the file could tell, and worth it.

use super::eval::Evaluator;
use super::reputation::{acts, is_everywhere};
use super::terms::{Place, Term, Terms, ValueId};
use crate::api::{Aim, AimKind, Api, Place as At};
use crate::parse::ir::{NodeId, Op};
use crate::parse::names::NameId;

/// Links of a callee, and parts of a value, that are looked at.
const MOST_PARTS: usize = 64;

/// Methods and functions whose results are no texts.
const NO_TEXT_METHODS: [&str; 17] = [
    "bind",
    "charCodeAt",
    "codePointAt",
    "endsWith",
    "every",
    "findIndex",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "isArray",
    "lastIndexOf",
    "localeCompare",
    "push",
    "some",
    "startsWith",
    "test",
];
/// Builtins that give no text.
const NO_TEXT: [&str; 7] = [
    "Number",
    "Boolean",
    "BigInt",
    "parseInt",
    "parseFloat",
    "Math",
    "Symbol",
];

impl Terms {
    /// Computed from these as a number or a truth value is, never a text.
    pub(super) fn derived_number(&mut self, from: &[ValueId], place: Place) -> ValueId {
        let id = self.derived(from, place);
        self.numeric.insert(id);
        id
    }

    /// Whether a callee may be something outside whose name the file computes from its own
    /// constants: a member by such a name, or what a function that could not be followed gives.
    #[must_use]
    pub(crate) fn hides_callee(&self, callee: ValueId) -> bool {
        // Of something outside any member matters; of anything else only what leads from every
        // value to running code, and that takes no further name.
        let mut is_bare = true;
        let mut is_constructor = false;
        let mut at = callee;
        for _ in 0..MOST_PARTS {
            at = match self.get(at) {
                Term::Index(of, key)
                    if (is_bare || self.is_tracked(*of))
                        && self.hides_text(*key)
                        && !self.is_own_table(*of)
                        && !self.is_own_key(*of, *key) =>
                {
                    return true;
                }
                Term::Call(of, ..) if matches!(self.get(*of), Term::Function(_)) => {
                    return self.is_unresolved(at);
                }
                // What a trap gives has no name at all.
                Term::Member(of, _) if self.is_made_up(*of) => return true,
                // Whatever a method is called on, its own name says what it does.
                Term::Member(_, name) if is_bare && !acts(name) => return false,
                Term::Member(of, name) => {
                    is_constructor |= &**name == "constructor";
                    is_bare &= matches!(&**name, "call" | "apply" | "bind" | "constructor");
                    *of
                }
                Term::Index(of, _) | Term::Call(of, ..) | Term::New(of, ..) => *of,
                Term::Unknown(from) => return is_bare && is_constructor && from.is_empty(),
                _ => return false,
            };
        }
        true
    }

    /// Whether calling it asks somebody at an address.
    pub(super) fn is_addressed(&self, callee: ValueId) -> bool {
        let rows = self.choices(callee);
        let mut rows = rows.iter().filter_map(|&one| self.api(one));
        rows.any(|row| {
            let mut aims = row.effects.iter().filter_map(|effect| effect.aim);
            aims.any(|aim| matches!(aim.kind, AimKind::Url | AimKind::Host))
        })
    }

    /// Whether a value is an object or an array of nothing but the file's own functions and
    /// constants: whatever is picked out of it is known.
    fn is_own_table(&self, id: ValueId) -> bool {
        let is_own = |id: ValueId| {
            matches!(self.get(id), Term::Function(_) | Term::Class(_)) || self.is_constant(id)
        };
        match self.get(id) {
            Term::Array(items, false) => items.iter().all(|&item| is_own(item)),
            Term::Object(properties, false) => properties.iter().all(|&(_, value)| is_own(value)),
            _ => false,
        }
    }

    /// Whether a key is one of `Object.keys` of the object itself, and that nothing outside: its
    /// properties stand where they are written.
    fn is_own_key(&self, of: ValueId, key: ValueId) -> bool {
        let key = match self.get(key) {
            Term::Derived(parts, _) => match **parts {
                [one] => one,
                _ => return false,
            },
            Term::Index(list, _) => *list,
            _ => return false,
        };
        let Term::Call(callee, args, _) = self.get(key) else {
            return false;
        };
        let is_keys = matches!(self.get(*callee), Term::Member(namespace, name)
            if &**name == "keys" && self.is_global(*namespace, "Object"));
        is_keys && **args == [of] && self.is_closed(of)
    }

    pub(super) fn is_global(&self, id: ValueId, name: &str) -> bool {
        matches!(self.get(id), Term::Global(known) if &**known == name)
    }

    /// Whether calling `….constructor` of these makes no code: there is no text among them.
    pub(crate) fn makes_no_code(&self, callee: ValueId, args: &[ValueId]) -> bool {
        let is_constructor =
            matches!(self.get(callee), Term::Member(_, name) if &**name == "constructor");
        let mut left = MOST_PARTS;
        is_constructor && !args.iter().any(|&arg| self.may_be_text(arg, &mut left))
    }

    /// Whether a text has a random part, as it stands: it is no name of anything.
    fn is_random(&self, id: ValueId) -> bool {
        let mut at = id;
        for _ in 0..MOST_PARTS {
            at = match self.get(at) {
                Term::Call(callee, ..) => *callee,
                Term::Member(of, name) if &**name == "random" => {
                    return self.is_global(*of, "Math");
                }
                Term::Member(of, _) => *of,
                _ => return false,
            };
        }
        false
    }

    /// Whether a value is a proxy of the file's own.
    fn is_made_up(&self, id: ValueId) -> bool {
        matches!(self.get(id), Term::New(of, ..) if self.is_proxy(*of)) && self.is_unresolved(id)
    }

    /// Whether a value may be a text that the file alone decides, though it could not be
    /// computed.
    #[must_use]
    pub(crate) fn hides_text(&self, id: ValueId) -> bool {
        self.is_unresolved(id) && self.may_be_text(id, &mut { MOST_PARTS })
    }

    /// Whether a call that could not be followed is part of a value: what is only mixed, picked or
    /// kept hides no name.
    #[must_use]
    pub(crate) fn is_from_call(&self, id: ValueId) -> bool {
        let mut open = vec![id];
        for _ in 0..MOST_PARTS {
            let Some(at) = open.pop() else { return false };
            match self.get(at) {
                Term::Call(callee, ..) => match self.get(*callee) {
                    Term::Member(of, _)
                        if matches!(self.get(*of), Term::New(..) | Term::This(_)) => {}
                    _ => return true,
                },
                Term::Derived(parts, _)
                | Term::Concat(parts)
                | Term::Array(parts, _)
                | Term::OneOf(parts) => open.extend_from_slice(parts),
                Term::Index(of, key) => open.extend([*of, *key]),
                Term::Member(of, _) => open.push(*of),
                _ => {}
            }
        }
        true
    }

    fn may_be_text(&self, id: ValueId, left: &mut usize) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        match self.get(id) {
            Term::Undefined
            | Term::Null
            | Term::Bool(_)
            | Term::Number(_)
            | Term::BigInt(_)
            | Term::Regex(..)
            | Term::Function(_)
            | Term::Class(_) => false,
            Term::Derived(..) => !self.numeric.contains(&id),
            Term::Concat(parts) => !parts.iter().any(|&part| self.is_random(part)),
            Term::Array(parts, _) | Term::OneOf(parts) => {
                parts.iter().any(|&part| self.may_be_text(part, left))
            }
            Term::Object(properties, _) => properties
                .iter()
                .any(|&(_, value)| self.may_be_text(value, left)),
            Term::Member(_, name) => &**name != "length",
            Term::Call(callee, ..) => match self.get(*callee) {
                Term::Global(name) => !NO_TEXT.contains(&&**name),
                Term::Member(of, name) => {
                    let is_math =
                        matches!(self.get(*of), Term::Global(name) if NO_TEXT.contains(&&**name));
                    !is_math && !NO_TEXT_METHODS.contains(&&**name)
                }
                _ => true,
            },
            Term::New(callee, ..) => !matches!(self.get(*callee), Term::Global(_)),
            _ => true,
        }
    }
}

impl Evaluator<'_> {
    /// Whether a callee is a property by a name that some row says acts, and lists have not.
    #[must_use]
    pub(crate) fn is_named_to_act(&self, callee: NodeId) -> bool {
        let node = self.ir.node(callee);
        node.op == Op::Member && {
            let name = self.ir.name(self.text, NameId(node.b));
            acts(name) && !is_everywhere(name)
        }
    }
}

impl Api {
    /// Whether argument `at` of `count` says what the call is aimed at.
    #[must_use]
    pub(crate) fn aims_at(&self, at: usize, count: usize) -> bool {
        let aims = self.effects.iter().filter_map(|effect| effect.aim);
        aims.into_iter().any(|aim: Aim| {
            let from = match aim.place {
                At::Arg(from) | At::Property(from, _) => usize::from(from),
                At::From(from) => return at >= usize::from(from),
                At::Last => return at + 1 == count,
                At::This | At::Key | At::Text(_) => return false,
            };
            // Arguments of a program, and options of a request, follow it.
            let is_followed = matches!(aim.kind, AimKind::Argv | AimKind::Url | AimKind::Host);
            at == from || (is_followed && at == from + 1)
        })
    }
}
