//! Promises and generators: what comes later comes at once.

use super::object::{Kind, ObjId, Val};
use super::{Cx, Machine, Run, Stop};
use crate::parse::ir::{Node, NodeId};

/// Most values that a generator gives: it runs to its end at once.
const MOST_YIELDS: usize = 10_000;

impl<'a> Machine<'a> {
    pub(super) fn promise(&mut self, value: Val, rejected: bool) -> Val {
        if let Val::Obj(id) = &value
            && !rejected
            && let Kind::Promise { .. } = self.at(*id).kind
        {
            return value;
        }
        let proto = self.realm.promise;
        self.object(proto, Kind::Promise { value, rejected })
    }

    pub(super) fn settle(&mut self, promise: ObjId, value: Val, rejects: bool) {
        let value = match &value {
            Val::Obj(id) => match &self.at(*id).kind {
                Kind::Promise { value, .. } => value.clone(),
                _ => value,
            },
            _ => value,
        };
        if let Kind::Promise {
            value: held,
            rejected,
        } = &mut self.at_mut(promise).kind
        {
            *held = value;
            *rejected = rejects;
        }
    }

    pub(super) fn awaited(&mut self, value: Val) -> Run {
        let Val::Obj(id) = &value else {
            return Ok(value);
        };
        if let Kind::Promise { value, rejected } = &self.at(*id).kind {
            let (value, rejected) = (value.clone(), *rejected);
            return if rejected {
                Err(Stop::Throw(value))
            } else {
                Ok(value)
            };
        }
        if let Some(values) = self.choices_of(&value) {
            let values = values.to_vec();
            return self.with_each(&values, |machine, one| machine.awaited(one.clone()));
        }
        let then = self.get_named(&value, "then")?;
        if !self.is_callable(&then) || then.is_host() {
            return Ok(value);
        }
        let promise = self.promise(Val::Undefined, false);
        let Val::Obj(made) = promise else {
            return Ok(value);
        };
        let proto = self.realm.function;
        let resolve = self.object(
            proto,
            Kind::Settle {
                promise: made,
                rejects: false,
            },
        );
        let reject = self.object(
            proto,
            Kind::Settle {
                promise: made,
                rejects: true,
            },
        );
        self.call(&then, value.clone(), vec![resolve, reject])?;
        self.awaited(promise)
    }

    pub(super) fn yielded(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let value = match NodeId(node.a).some() {
            Some(value) => self.eval(cx, value)?,
            None => Val::Undefined,
        };
        let mut yields = if node.sub == 1 {
            self.all_items(&value)?
        } else {
            vec![value]
        };
        self.memory = self.memory.saturating_add(16 * yields.len() as u64);
        let mut all = cx.yields.borrow_mut();
        all.append(&mut yields);
        if all.len() > MOST_YIELDS {
            // An endless generator gives what it gave so far.
            drop(all);
            return Err(Stop::Throw(Val::Undefined));
        }
        Ok(Val::Undefined)
    }
}
