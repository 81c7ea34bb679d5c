//! Values with their parameters filled in.

use rustc_hash::FxHashMap;

use super::package::Package;
use crate::parse::ir::FuncId;
use crate::value::{Place, Rewrite, Term, Terms, ValueId, rebuild, receiver};

impl Package<'_> {
    /// A value with the parameters of one function replaced by arguments.
    pub(super) fn filled(&mut self, id: ValueId, of: FuncId, args: &[ValueId]) -> ValueId {
        Closing {
            package: self,
            with: Some((of, args)),
            memo: FxHashMap::default(),
        }
        .part(id)
    }

    /// The value with every parameter replaced by what other files' calls give it; the
    /// parameter itself stays among the alternatives.
    pub(crate) fn close(&mut self, id: ValueId) -> ValueId {
        if let Some(&known) = self.closed.get(&id) {
            return known;
        }
        let value = Closing {
            package: self,
            with: None,
            memo: FxHashMap::default(),
        }
        .part(id);
        self.closed.insert(id, value);
        value
    }
}

struct Closing<'p, 'a, 'v> {
    package: &'p mut Package<'a>,
    /// A function and its arguments; `None`: every function, with what is known of its calls.
    with: Option<(FuncId, &'v [ValueId])>,
    memo: FxHashMap<ValueId, ValueId>,
}

impl Closing<'_, '_, '_> {
    fn parameter(&mut self, id: ValueId, function: FuncId, at: u32) -> ValueId {
        if let Some((of, args)) = self.with {
            return match args.get(at as usize) {
                Some(&arg) if of == function => arg,
                None if of == function => self.package.terms.add(Term::Undefined),
                _ => id,
            };
        }
        if self.package.closing.contains(&(function, at)) {
            return id;
        }
        let Some(given) = self.package.given(function, at) else {
            return id;
        };
        self.package.closing.insert((function, at));
        let mut values: Vec<ValueId> = given
            .into_iter()
            .map(|(value, _)| self.package.close(value))
            .collect();
        self.package.closing.remove(&(function, at));
        values.push(id);
        self.package.terms.one_of(&values)
    }
}

impl Rewrite for Closing<'_, '_, '_> {
    fn terms(&mut self) -> &mut Terms {
        &mut self.package.terms
    }

    fn part(&mut self, id: ValueId) -> ValueId {
        if !self.package.terms.is_open(id) {
            return id;
        }
        if let Some(&known) = self.memo.get(&id) {
            return known;
        }
        if !self.package.step() {
            return self.package.terms.unresolved();
        }
        self.package.depth += 1;
        let value = match self.package.terms.get(id).clone() {
            Term::Param(function, at) => self.parameter(id, function, at),
            term => rebuild(self, term),
        };
        if self.package.terms.is_decoded(id) {
            self.package.terms.mark_decoded(value);
        }
        self.package.depth -= 1;
        self.memo.insert(id, value);
        value
    }

    fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        self.package.member_of(object, key)
    }

    fn call(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.package.call_of(callee, args, place)
    }

    fn construct(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.package.terms.construct(callee, args, place)
    }

    fn receiver(&self, callee: ValueId) -> Option<ValueId> {
        receiver(&self.package.terms, callee)
    }

    fn place(&self, place: Place) -> Place {
        place
    }
}
