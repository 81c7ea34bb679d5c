//! One of several things: what a condition or a key that the outside decides leaves open.

use rustc_hash::FxHashSet;

use super::iterate::Walk;
use super::object::{Kind, ObjId, Val};
use super::{Machine, Run, Stop};
use crate::value::terms::{Term, ValueId};

/// Things that one value may be; of more, the first are kept.
const MOST_CHOICES: usize = 16;

impl<'a> Machine<'a> {
    /// One of these, some of which are objects. Nothing is left out: whoever goes on with the
    /// value expects the object.
    pub(super) fn choice(&mut self, values: &[Val]) -> Val {
        let mut all: Vec<Val> = Vec::new();
        let mut known = FxHashSet::default();
        let mut add = |value: &Val| {
            let is_nothing = value.is_nullish() || matches!(value, Val::Bool(_));
            if !is_nothing && all.len() < MOST_CHOICES && known.insert(Self::map_key(value)) {
                all.push(value.clone());
            }
        };
        for value in values {
            match self.choices_of(value) {
                Some(inner) => inner.iter().for_each(&mut add),
                None => add(value),
            }
        }
        match all.as_slice() {
            [] => Val::Undefined,
            [one] => one.clone(),
            _ => {
                self.memory = self.memory.saturating_add(16 * all.len() as u64);
                self.object(None, Kind::Choice(all))
            }
        }
    }

    /// What a value may be, if that is several things.
    pub(super) fn choices_of(&self, value: &Val) -> Option<&[Val]> {
        let Val::Obj(id) = value else { return None };
        match &self.at(*id).kind {
            Kind::Choice(values) => Some(values),
            _ => None,
        }
    }

    /// Does the same with each; those that throw are not the one.
    pub(super) fn with_each(
        &mut self,
        values: &[Val],
        mut work: impl FnMut(&mut Self, &Val) -> Run,
    ) -> Run {
        let depth = self.depth;
        let mut results = Vec::with_capacity(values.len());
        for value in values {
            match work(self, value) {
                Ok(result) => results.push(result),
                Err(Stop::Throw(_)) => self.depth = depth,
                Err(stop) => return Err(stop),
            }
        }
        Ok(match results.as_slice() {
            [] => Val::Undefined,
            [one] => one.clone(),
            all => self.either(all),
        })
    }

    /// What each of several things gives when gone through, one behind the other.
    pub(super) fn walk_choice(&mut self, values: &[Val]) -> Run<Walk> {
        let mut items = Vec::new();
        for value in values {
            match self.all_items(value) {
                Ok(mut more) => items.append(&mut more),
                Err(Stop::Throw(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(Walk::Items(items.into_iter()))
    }

    /// A member by a name that the outside decides: any of those that an object has.
    pub(super) fn any_member(&mut self, id: ObjId) -> Option<Val> {
        let keys = self.own_keys(id);
        self.steps = self.steps.saturating_add(keys.len() as u64);
        let values: Vec<Val> = keys
            .into_iter()
            .filter_map(|key| match self.own(id, key)?.slot {
                super::Slot::Value(value) => Some(value),
                super::Slot::Accessor { .. } => None,
            })
            .take(MOST_CHOICES)
            .collect();
        let has_object = values.iter().any(|value| matches!(value, Val::Obj(_)));
        has_object.then(|| self.choice(&values))
    }

    /// A method that hands each item of something outside to a function of the code: it runs
    /// with one item, which stands for all.
    pub(super) fn outside_each(&mut self, callee: ValueId, args: &[Val]) -> Option<Run> {
        let Term::Member(receiver, name) = self.term(callee) else {
            return None;
        };
        let (receiver, name) = (*receiver, name.clone());
        let function = args.first()?.clone();
        let is_own = matches!(&function, Val::Obj(id)
            if matches!(self.at(*id).kind, Kind::Closure(_)));
        if !is_own || matches!(self.term(receiver), Term::Module(_) | Term::Global(_)) {
            return None;
        }
        let place = self.place;
        let item = self.terms.item(receiver, place);
        let item = self.concrete(item);
        let whole = Val::Host(receiver);
        let call = |machine: &mut Self, first: Vec<Val>| {
            let mut all = first;
            let position = machine.derived(&[&whole]);
            all.extend([position, whole.clone()]);
            machine.call(&function, Val::Undefined, all)
        };
        Some(match &*name {
            "map" => call(self, vec![item]).map(|value| self.array(vec![value])),
            "flatMap" => call(self, vec![item]).map(|value| match &value {
                Val::Obj(id) if matches!(self.at(*id).kind, Kind::Array(_)) => value,
                _ => self.array(vec![value]),
            }),
            "filter" => call(self, vec![item.clone()]).map(|_| self.array(vec![item])),
            "forEach" => call(self, vec![item]).map(|_| Val::Undefined),
            "find" | "findLast" => call(self, vec![item.clone()]).map(|_| item),
            "reduce" => {
                let first = args.get(1).cloned().unwrap_or_else(|| item.clone());
                call(self, vec![first, item])
            }
            _ => return None,
        })
    }
}
