//! From a value to the row of the API tables that says what it is.

use super::terms::{Term, Terms, ValueId};
use crate::api::Place as At;
use crate::api::{self, Api, Gives, Handed};

/// Longest chain of members that is followed.
const MOST_MEMBERS: u32 = 16;

impl Terms {
    /// The row of the API that a value is; of a mixture, none (see [`Terms::choices`]).
    #[must_use]
    pub(crate) fn api(&self, id: ValueId) -> Option<&'static Api> {
        let mut path = String::new();
        if !self.path(id, &mut path, 0) {
            return None;
        }
        api::lookup(&path)
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
                let alias = self.api_at(*callee, depth + 1).and_then(|row| {
                    row.gives.iter().find_map(|gives| match gives {
                        Gives::Alias(path) => Some(*path),
                        _ => None,
                    })
                });
                match alias {
                    Some(alias) => path.push_str(alias),
                    None => return false,
                }
            }
            Term::Member(of, key) if depth < MOST_MEMBERS => {
                if let Some(kind) = self.type_at(*of, depth + 1) {
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

    /// The instance type of a value, such as `http.ClientRequest`.
    #[must_use]
    pub(crate) fn type_of(&self, id: ValueId) -> Option<&'static str> {
        self.type_at(id, 0)
    }

    fn type_at(&self, id: ValueId, depth: u32) -> Option<&'static str> {
        if depth >= MOST_MEMBERS {
            return None;
        }
        match self.get(id) {
            Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                let row = self.api_at(*callee, depth + 1);
                if let Some(kind) = row.and_then(type_given) {
                    return Some(kind);
                }
                if let Some(same) = row.and_then(|row| self.same_as(row, *callee, args)) {
                    return self.type_at(same, depth + 1);
                }
                // `x.on(…)`, `x.once(…)` and their like give `x` back.
                match self.get(*callee) {
                    Term::Member(receiver, method) if row.is_none() || is_fluent(method) => {
                        is_fluent(method)
                            .then(|| self.type_at(*receiver, depth + 1))
                            .flatten()
                    }
                    _ => None,
                }
            }
            Term::Handed(call, arg, at) => self.handed_type(*call, *arg, *at, depth + 1),
            Term::Member(..) | Term::Global(_) | Term::Module(_) => self
                .api_at(id, depth + 1)
                .filter(|row| row.read)
                .and_then(type_given),
            Term::OneOf(choices) => choices.iter().find_map(|&one| self.type_at(one, depth + 1)),
            _ => None,
        }
    }

    fn api_at(&self, id: ValueId, depth: u32) -> Option<&'static Api> {
        let mut path = String::new();
        if !self.path(id, &mut path, depth) {
            return None;
        }
        api::lookup(&path)
    }

    fn handed_type(&self, call: ValueId, arg: u32, at: u32, depth: u32) -> Option<&'static str> {
        let (row, count) = self.called(call, depth)?;
        handed(row, arg, count, at).find_map(|handed| match handed {
            Handed::Result => type_given(row),
            Handed::Gives(Gives::Type(kind)) => Some(kind),
            Handed::Gives(_) => None,
        })
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
    #[must_use]
    pub(crate) fn called(&self, call: ValueId, depth: u32) -> Option<(&'static Api, u32)> {
        match self.get(call) {
            Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                let count = u32::try_from(args.len()).unwrap_or(u32::MAX);
                Some((self.api_at(*callee, depth + 1)?, count))
            }
            _ => None,
        }
    }
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
