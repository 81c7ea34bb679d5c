//! Conditions that the outside decides: both ways run, and names get what either gives.

use std::rc::Rc;

use super::object::{Key, ObjId, Slot, Val};
use super::scope::Env;
use super::{Cx, Flow, Machine, Run, Stop};
use crate::parse::ir::NodeId;

/// Names and properties that are followed through one branch.
const MOST_NAMES: usize = 64;
/// How often one condition is taken both ways; after that, what hangs on it is left out, since
/// the ways through conditions behind each other multiply.
const MOST_FORKS: u8 = 8;

/// Names and properties that a branch wrote, with what they were before.
#[derive(Default)]
pub(super) struct Before {
    names: Vec<(Rc<Env>, u32, Val)>,
    props: Vec<(ObjId, Key, Val)>,
}

impl<'a> Machine<'a> {
    /// Notes a name's value before it is written, once for each branch.
    pub(super) fn note_write(&mut self, env: &Rc<Env>, slot: u32, old: &Val) {
        if let Some(before) = self.before.last_mut() {
            let is_known = before
                .names
                .iter()
                .any(|(known, at, _)| *at == slot && Rc::ptr_eq(known, env));
            if !is_known && before.names.len() < MOST_NAMES {
                before.names.push((Rc::clone(env), slot, old.clone()));
            }
        }
    }

    /// Notes a property's value before it is written, once for each branch.
    pub(super) fn note_property(&mut self, object: ObjId, key: Key) {
        if self.before.is_empty() {
            return;
        }
        let Some(prop) = self.at(object).props.get(&key) else {
            return;
        };
        let Slot::Value(old) = &prop.slot else { return };
        let old = old.clone();
        if let Some(before) = self.before.last_mut() {
            let mut known = before.props.iter();
            let is_known = known.any(|(known, at, _)| *known == object && *at == key);
            if !is_known && before.props.len() < MOST_NAMES {
                before.props.push((object, key, old));
            }
        }
    }

    fn property_mut(&mut self, object: ObjId, key: Key) -> Option<&mut Val> {
        match &mut self.at_mut(object).props.get_mut(&key)?.slot {
            Slot::Value(value) => Some(value),
            Slot::Accessor { .. } => None,
        }
    }

    /// Runs something that may not run. Gives what it gave, and what names and properties it
    /// left changed; they are as before again.
    fn apart<T>(&mut self, work: impl FnOnce(&mut Self) -> Run<T>) -> (Run<T>, Before) {
        self.before.push(Before::default());
        let done = work(self);
        let mut changed = self.before.pop().unwrap_or_default();
        for (env, slot, value) in &mut changed.names {
            if let Some(place) = env.slots.borrow_mut().get_mut(*slot as usize) {
                std::mem::swap(place, value);
            }
        }
        for (object, key, value) in &mut changed.props {
            if let Some(place) = self.property_mut(*object, *key) {
                std::mem::swap(place, value);
            }
        }
        (done, changed)
    }

    /// What is left of two ways' values.
    fn of_ways(&mut self, value: Val, other: Val) -> Val {
        match (&value, &other) {
            (Val::Hole | Val::Undefined, one) | (one, Val::Hole | Val::Undefined) => one.clone(),
            (Val::Obj(a), Val::Obj(b)) if a == b => value,
            _ => self.either(&[value, other]),
        }
    }

    /// Properties get what either way left.
    fn join_properties(&mut self, first: Vec<(ObjId, Key, Val)>, second: Vec<(ObjId, Key, Val)>) {
        let mut second = second;
        let mut all: Vec<(ObjId, Key, Val, Option<Val>)> = Vec::with_capacity(first.len());
        for (object, key, value) in first {
            let mut others = second.iter();
            let known = others.position(|(known, at, _)| *known == object && *at == key);
            let other = known.map(|at| second.swap_remove(at).2);
            all.push((object, key, value, other));
        }
        all.extend(
            second
                .into_iter()
                .map(|(object, key, value)| (object, key, value, None)),
        );
        for (object, key, value, other) in all {
            let Some(old) = self.property_mut(object, key).map(|place| place.clone()) else {
                continue;
            };
            self.note_property(object, key);
            let joined = self.of_ways(value, other.unwrap_or(old));
            if let Some(place) = self.property_mut(object, key) {
                *place = joined;
            }
        }
    }

    /// Names get what either way left.
    fn join(&mut self, ways: [Before; 2]) {
        let [first, second] = ways;
        self.join_properties(first.props, second.props);
        let mut all: Vec<(Rc<Env>, u32, Val, Option<Val>)> = first
            .names
            .into_iter()
            .map(|(env, slot, value)| (env, slot, value, None))
            .collect();
        for (env, slot, value) in second.names {
            let known = all
                .iter_mut()
                .find(|(known, at, ..)| *at == slot && Rc::ptr_eq(known, &env));
            match known {
                Some(known) => known.3 = Some(value),
                None => all.push((env, slot, value, None)),
            }
        }
        for (env, slot, value, other) in all {
            let old = env.slots.borrow().get(slot as usize).cloned();
            let Some(old) = old else { continue };
            self.note_write(&env, slot, &old);
            let other = other.unwrap_or(old);
            let joined = self.of_ways(value, other);
            if let Some(place) = env.slots.borrow_mut().get_mut(slot as usize) {
                *place = joined;
            }
        }
    }

    /// Whether a condition that the outside decides is still worth both its ways.
    pub(super) fn forks(&mut self, cx: &Cx<'a>, condition: NodeId) -> bool {
        let count = self.forked.entry((cx.unit.id, condition)).or_default();
        *count = count.saturating_add(1);
        *count <= MOST_FORKS
    }

    /// Two statements of which one runs; `None` where one throws.
    pub(super) fn both(
        &mut self,
        cx: &Cx<'a>,
        then: NodeId,
        other: Option<NodeId>,
    ) -> Run<(Option<Flow>, Option<Flow>)> {
        let (first, left) = self.apart(|machine| machine.perhaps(cx, then));
        let (second, right) = match other {
            Some(other) => self.apart(|machine| machine.perhaps(cx, other)),
            None => (Ok(Some(Flow::Normal)), Before::default()),
        };
        let names = left.names.len() * right.names.len().max(1);
        let props = left.props.len() * right.props.len().max(1);
        self.spend((names + props) as u64)?;
        self.join([left, right]);
        Ok((first?, second?))
    }

    /// A statement that may not run; `None` if it throws.
    fn perhaps(&mut self, cx: &Cx<'a>, id: NodeId) -> Run<Option<Flow>> {
        let depth = self.depth;
        match self.statement(cx, id) {
            Ok(flow) => Ok(Some(flow)),
            Err(Stop::Throw(_)) => {
                self.depth = depth;
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }
}
