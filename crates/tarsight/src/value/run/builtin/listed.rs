//! Names of properties of what is outside, for code that goes through them.

use crate::value::run::Machine;
use crate::value::run::object::Val;
use crate::value::terms::{Term, ValueId};

/// The properties of a module of Node, or of the process: as far as the tables list them.
pub(super) fn listed_by_tables(machine: &mut Machine<'_>, object: &Val) -> Option<Val> {
    let Val::Host(host) = object else { return None };
    let names = match machine.term(*host) {
        Term::Module(module) => crate::api::exports(module),
        Term::Global(name) if &**name == "process" => crate::api::exports("process"),
        // The class of `module`, by whatever name.
        Term::Member(of, name) if &**name == "prototype" && makes_modules(machine, *of) => {
            Some(vec!["load", "require", "_compile"])
        }
        _ => None,
    }?;
    Some(machine.array(names.into_iter().map(Val::str).collect()))
}

/// Whether a class is the one that `module` is an instance of.
fn makes_modules(machine: &Machine<'_>, class: ValueId) -> bool {
    match machine.term(class) {
        Term::Module(name) => matches!(&**name, "module" | "node:module"),
        Term::Member(of, name) => match machine.term(*of) {
            Term::Global(module) => &**module == "module" && &**name == "constructor",
            Term::Module(module) => {
                matches!(&**module, "module" | "node:module") && &**name == "Module"
            }
            _ => false,
        },
        _ => false,
    }
}
