//! `Promise`: its callbacks run at once.

use super::{Call, Native, row};
use crate::value::run::object::{Kind, Val};
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Promise", 1, promise),
    row("Promise.resolve", 1, |machine, call| {
        Ok(machine.promise(call.arg(0).clone(), false))
    }),
    row("Promise.reject", 1, |machine, call| {
        Ok(machine.promise(call.arg(0).clone(), true))
    }),
    row("Promise.all", 1, all),
    row("Promise.allSettled", 1, all),
    row("Promise.race", 1, first),
    row("Promise.any", 1, first),
    row("Promise.prototype.then", 2, then),
    row("Promise.prototype.catch", 1, then),
    row("Promise.prototype.finally", 1, then),
];

fn promise(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if call.new.is_none() {
        return machine.type_error("Promise constructor cannot be invoked without 'new'");
    }
    let nothing = machine.terms.unresolved();
    let made = machine.promise(Val::Host(nothing), false);
    let Val::Obj(promise) = made else {
        return Ok(made);
    };
    let proto = machine.realm.function;
    let resolve = machine.object(
        proto,
        Kind::Settle {
            promise,
            rejects: false,
        },
    );
    let reject = machine.object(
        proto,
        Kind::Settle {
            promise,
            rejects: true,
        },
    );
    match machine.call(call.arg(0), Val::Undefined, vec![resolve, reject]) {
        Err(Stop::Throw(error)) => Ok(machine.promise(error, true)),
        done => done.map(|_| made),
    }
}

fn all(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if call.arg(0).is_host() {
        return Err(Stop::Opaque);
    }
    let items = machine.all_items(call.arg(0))?;
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = match machine.awaited(item) {
            Err(Stop::Throw(error)) if call.name() == "allSettled" => {
                let status = Val::str("rejected");
                values.push(machine.record(&[("status", status), ("reason", error)]));
                continue;
            }
            Err(Stop::Throw(error)) => return Ok(machine.promise(error, true)),
            value => value?,
        };
        values.push(if call.name() == "allSettled" {
            let status = Val::str("fulfilled");
            machine.record(&[("status", status), ("value", value)])
        } else {
            value
        });
    }
    let values = machine.array(values);
    Ok(machine.promise(values, false))
}

fn first(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    if call.arg(0).is_host() {
        return Err(Stop::Opaque);
    }
    let items = machine.all_items(call.arg(0))?;
    let value = items.into_iter().next().unwrap_or(Val::Undefined);
    Ok(machine.promise(value, false))
}

fn then(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let (value, rejected) = match call.this {
        Val::Obj(id) => match &machine.at(*id).kind {
            Kind::Promise { value, rejected } => (value.clone(), *rejected),
            _ => return machine.type_error("not a promise"),
        },
        _ => return Err(Stop::Opaque),
    };
    let (on_value, on_error) = match call.name() {
        "then" => (call.arg(0), call.arg(1)),
        "catch" => (&Val::Undefined, call.arg(0)),
        _ => {
            machine.call(call.arg(0), Val::Undefined, Vec::new())?;
            return Ok(call.this.clone());
        }
    };
    if value.is_host() {
        machine.hand_over(on_error);
    }
    let handler = if rejected { on_error } else { on_value };
    if !machine.is_callable(handler) {
        return Ok(call.this.clone());
    }
    let handler = handler.clone();
    match machine.call(&handler, Val::Undefined, vec![value]) {
        Ok(value) => Ok(machine.promise(value, false)),
        Err(Stop::Throw(error)) => Ok(machine.promise(error, true)),
        Err(stop) => Err(stop),
    }
}
