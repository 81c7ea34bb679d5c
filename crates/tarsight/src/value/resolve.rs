//! From a value to the row of the API tables that says what it is.

use super::terms::{Term, Terms, ValueId};
use crate::api::Place as At;
use crate::api::{self, Api, Gives, Handed};

/// Longest chain of members that is followed.
const MOST_MEMBERS: u32 = 16;

/// What the tables say of a value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    row: Option<&'static Api>,
    /// The instance type, such as `http.ClientRequest`.
    kind: Option<&'static str>,
    /// Whether its path, or one that begins with it, may stand in the tables.
    leads: bool,
}

impl Terms {
    /// Looks a new value up; its parts have been.
    pub(super) fn look_up(&self, term: &Term) -> Option<Known> {
        let of_kind = |kind: Option<&'static str>| {
            kind.map(|kind| Known {
                kind: Some(kind),
                ..Known::default()
            })
        };
        match term {
            Term::Global(name) | Term::Module(name) => api::begins(name).then(|| self.read(name)),
            Term::Member(of, key) => {
                let outer = self.known(*of);
                let mut path = String::new();
                if let Some(kind) = outer.kind {
                    path.push_str(kind);
                    path.push('#');
                } else if outer.leads && self.path(*of, &mut path, 1) {
                    path.push('.');
                } else {
                    return None;
                }
                path.push_str(key);
                Some(self.read(&path))
            }
            Term::Call(callee, args, _) => {
                let alias = self.api(*callee).and_then(alias_given);
                let kind = self.made(*callee, args);
                (alias.is_some() || kind.is_some()).then(|| Known {
                    row: alias.and_then(api::lookup),
                    kind,
                    leads: alias.is_some(),
                })
            }
            Term::New(callee, args, _) => of_kind(self.made(*callee, args)),
            Term::Handed(call, arg, at) => of_kind(self.handed_type(*call, *arg, *at)),
            Term::OneOf(choices) => of_kind(choices.iter().find_map(|&one| self.known(one).kind)),
            _ => None,
        }
    }

    /// What is known of a path that is read.
    fn read(&self, path: &str) -> Known {
        let row = api::lookup(path);
        Known {
            row,
            kind: row.filter(|row| row.read).and_then(type_given),
            leads: true,
        }
    }

    /// The instance type of what a call or `new` gives.
    fn made(&self, callee: ValueId, args: &[ValueId]) -> Option<&'static str> {
        let row = self.known(callee).row;
        if let Some(kind) = row.and_then(type_given) {
            return Some(kind);
        }
        if let Some(same) = row.and_then(|row| self.same_as(row, callee, args)) {
            return self.known(same).kind;
        }
        // `x.on(…)`, `x.once(…)` and their like give `x` back.
        match self.get(callee) {
            Term::Member(receiver, method) if is_fluent(method) => self.known(*receiver).kind,
            _ => None,
        }
    }

    /// The row of the API that a value is; of a mixture, none (see [`Terms::choices`]).
    #[must_use]
    pub(crate) fn api(&self, id: ValueId) -> Option<&'static Api> {
        self.known(id).row
    }

    /// The instance type of a value, such as `http.ClientRequest`.
    #[must_use]
    pub(crate) fn type_of(&self, id: ValueId) -> Option<&'static str> {
        self.known(id).kind
    }

    /// The row of an assignment to a value, or to a property of what a row is about.
    #[must_use]
    pub(crate) fn assignment(&self, id: ValueId) -> Option<&'static Api> {
        let own = self.assignment_at(id);
        own.or_else(|| match self.get(id) {
            Term::Member(of, _) | Term::Index(of, _) => self.assignment_at(*of).filter(|row| {
                row.effects
                    .iter()
                    .any(|effect| effect.aim.is_some_and(|aim| aim.place == At::Key))
            }),
            _ => None,
        })
    }

    fn assignment_at(&self, id: ValueId) -> Option<&'static Api> {
        if !self.known(id).leads {
            return None;
        }
        let mut path = String::new();
        if !self.path(id, &mut path, 0) {
            return None;
        }
        api::assignment(&path)
    }

    /// The alternatives of a mixture, or the value itself.
    #[must_use]
    pub(crate) fn choices(&self, id: ValueId) -> Vec<ValueId> {
        match self.get(id) {
            Term::OneOf(choices) => choices.to_vec(),
            _ => vec![id],
        }
    }

    /// Writes the canonical path of a value, such as `fs.promises.readFile`.
    #[must_use]
    pub(crate) fn path(&self, id: ValueId, path: &mut String, depth: u32) -> bool {
        match self.get(id) {
            Term::Global(name) => path.push_str(name),
            Term::Module(name) => path.push_str(name),
            Term::Call(callee, ..) if depth < MOST_MEMBERS => {
                match self.api(*callee).and_then(alias_given) {
                    Some(alias) => path.push_str(alias),
                    None => return false,
                }
            }
            Term::Member(of, key) if depth < MOST_MEMBERS => {
                if let Some(kind) = self.type_of(*of) {
                    path.push_str(kind);
                    path.push('#');
                } else if self.path(*of, path, depth + 1) {
                    path.push('.');
                } else {
                    return false;
                }
                path.push_str(key);
            }
            _ => return false,
        }
        true
    }

    fn handed_type(&self, call: ValueId, arg: u32, at: u32) -> Option<&'static str> {
        let (row, count) = self.called(call)?;
        handed(row, arg, count, at).find_map(|handed| match handed {
            Handed::Result => type_given(row),
            Handed::Gives(Gives::Type(kind)) => Some(kind),
            Handed::Gives(_) => None,
        })
    }

    /// Whether the tables say what a call hands to a parameter of a function among its arguments.
    pub(super) fn hands(&self, call: ValueId, arg: u32, at: u32) -> bool {
        self.called(call)
            .is_some_and(|(row, count)| handed(row, arg, count, at).next().is_some())
    }

    /// What a call gives back of what it got, if its row says so.
    fn same_as(&self, row: &Api, callee: ValueId, args: &[ValueId]) -> Option<ValueId> {
        row.gives.iter().find_map(|gives| match gives {
            Gives::Same(At::Arg(at)) => args.get(usize::from(*at)).copied(),
            Gives::Same(At::This) => match self.get(callee) {
                Term::Member(receiver, _) => Some(*receiver),
                _ => None,
            },
            _ => None,
        })
    }

    /// The row of a call's callee and the number of its arguments.
    fn called(&self, call: ValueId) -> Option<(&'static Api, u32)> {
        match self.get(call) {
            Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                let count = u32::try_from(args.len()).unwrap_or(u32::MAX);
                Some((self.api(*callee)?, count))
            }
            _ => None,
        }
    }
}

fn alias_given(row: &'static Api) -> Option<&'static str> {
    row.gives.iter().find_map(|gives| match gives {
        Gives::Alias(path) => Some(*path),
        _ => None,
    })
}

fn type_given(row: &'static Api) -> Option<&'static str> {
    row.gives.iter().find_map(|gives| match gives {
        Gives::Type(kind) => Some(*kind),
        _ => None,
    })
}

/// What parameter `at` of the function at argument `arg` of `count` gets.
pub(crate) fn handed(
    row: &'static Api,
    arg: u32,
    count: u32,
    at: u32,
) -> impl Iterator<Item = Handed> {
    row.callbacks
        .iter()
        .filter(move |callback| {
            let is_here = match callback.at {
                At::Arg(wanted) => u32::from(wanted) == arg,
                At::From(first) => u32::from(first) <= arg,
                At::Last => arg + 1 == count,
                _ => false,
            };
            is_here && u32::from(callback.parameter) == at
        })
        .map(|callback| callback.handed)
}

fn is_fluent(method: &str) -> bool {
    matches!(
        method,
        "on" | "once"
            | "addListener"
            | "prependListener"
            | "setEncoding"
            | "setTimeout"
            | "setHeader"
            | "set"
            | "unref"
            | "ref"
    )
}
