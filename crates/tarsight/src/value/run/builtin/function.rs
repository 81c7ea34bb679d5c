//! `Function`, its kin, and errors.

use super::{Call, Native, code, row};
use crate::value::run::object::{Key, Kind, Prop, Val};
use crate::value::run::text::Text;
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    code("Function", 1, function),
    code("AsyncFunction", 1, function),
    code("GeneratorFunction", 1, function),
    code("AsyncGeneratorFunction", 1, function),
    row("Function.prototype.call", 1, call_with),
    row("Function.prototype.apply", 2, apply),
    row("Function.prototype.bind", 1, bind),
    row("Function.prototype.toString", 0, source),
    row("Error", 1, error),
    row("TypeError", 1, error),
    row("RangeError", 1, error),
    row("SyntaxError", 1, error),
    row("ReferenceError", 1, error),
    row("EvalError", 1, error),
    row("URIError", 1, error),
    row("AggregateError", 2, error),
    row("Error.captureStackTrace", 1, |_, _| Ok(Val::Undefined)),
    row("Error.prototype.toString", 0, error_text),
    row("Boolean", 1, boolean),
    row("Boolean.prototype.toString", 0, boolean_text),
    row("Boolean.prototype.valueOf", 0, boolean_text),
];

fn function(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let prefix = match call.native.path {
        "AsyncFunction" => "async function",
        "GeneratorFunction" => "function*",
        "AsyncGeneratorFunction" => "async function*",
        _ => "function",
    };
    machine.make_function(prefix, call.args)
}

fn call_with(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let args = call.args.get(1..).unwrap_or(&[]).to_vec();
    machine.call(call.this, call.arg(0).clone(), args)
}

fn apply(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let args = match call.arg(1) {
        args if args.is_nullish() => Vec::new(),
        args => machine.array_like(args)?,
    };
    let args = args.into_iter().map(Val::filled).collect();
    machine.call(call.this, call.arg(0).clone(), args)
}

fn bind(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let proto = machine.realm.function;
    let bound = Kind::Bound {
        target: call.this.clone(),
        this: call.arg(0).clone(),
        args: call.args.get(1..).unwrap_or(&[]).to_vec(),
    };
    Ok(machine.object(proto, bound))
}

fn source(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = match call.this {
        Val::Obj(id) => machine.source_of(*id),
        Val::Host(_) => return Err(Stop::Opaque),
        _ => None,
    };
    match text {
        Some(text) => Ok(Val::Str(text)),
        None => Ok(Val::str("function () { [native code] }")),
    }
}

fn error(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let kind = call.native.path;
    let at = usize::from(kind == "AggregateError");
    let message = match call.arg(at) {
        Val::Undefined => Text::new(""),
        message => machine.to_text(message)?,
    };
    let error = machine.error(kind, &message.lossy());
    if let (Val::Obj(id), Some(Val::Obj(target))) = (&error, call.new) {
        let key = Key::Name(machine.realm.prototype);
        let target = Val::Obj(*target);
        if let Val::Obj(proto) = machine.get(&target, key)? {
            machine.at_mut(*id).proto = Some(proto);
        }
        if let Val::Obj(options) = call.arg(at + 1) {
            let cause = machine.key("cause");
            let options = Val::Obj(*options);
            let value = machine.get(&options, cause)?;
            machine.define(*id, cause, Prop::hidden(value));
        }
    }
    Ok(error)
}

fn error_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let name = machine.get_named(call.this, "name")?;
    let message = machine.get_named(call.this, "message")?;
    let name = machine.to_text(&name)?.lossy();
    let message = machine.to_text(&message)?.lossy();
    Ok(Val::str(&match (name.is_empty(), message.is_empty()) {
        (_, true) => name,
        (true, _) => message,
        _ => format!("{name}: {message}"),
    }))
}

fn boolean(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Some(truth) = machine.truth(call.arg(0)) else {
        return Err(Stop::Opaque);
    };
    if call.new.is_some() {
        let proto = machine.realm.boolean;
        return Ok(machine.object(proto, Kind::Boxed(Val::Bool(truth))));
    }
    Ok(Val::Bool(truth))
}

fn boolean_text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let value = match call.this {
        Val::Bool(value) => *value,
        Val::Obj(id) => match machine.at(*id).kind {
            Kind::Boxed(Val::Bool(value)) => value,
            _ => return machine.type_error("not a boolean"),
        },
        Val::Host(_) => return Err(Stop::Opaque),
        _ => return machine.type_error("not a boolean"),
    };
    if call.name() == "valueOf" {
        return Ok(Val::Bool(value));
    }
    Ok(Val::str(if value { "true" } else { "false" }))
}
