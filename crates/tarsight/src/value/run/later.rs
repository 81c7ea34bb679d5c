//! Promises: what comes later comes at once.

use super::object::{Kind, ObjId, Val};
use super::{Machine, Run, Stop};

impl Machine<'_> {
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
}
