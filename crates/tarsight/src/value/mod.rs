//! What an expression can be: constants, members of modules, functions, mixtures, unknown.
//!
//! [`Terms`] holds symbolic values, each once. [`Evaluator`](eval::Evaluator) makes them from
//! one file's IR, on demand. Terms own what they say, so they outlive the IR; whoever knows more
//! later (which file an import leads to, what a parameter gets) rebuilds them through the same
//! constructors, which fold constants.

mod address;
mod apply;
mod arithmetic;
mod array;
mod asked;
mod build;
mod bundled;
mod calls;
mod dead;
mod encode;
mod eval;
mod freeze;
mod given;
mod hidden;
mod index;
mod interest;
mod json;
mod lost;
mod makers;
mod members;
mod number;
mod paths;
mod program;
mod promise;
mod provisional;
mod reputation;
mod resolve;
mod rewrite;
mod run;
mod seen;
mod sites;
mod steps;
mod string;
mod terms;
mod thrown;
mod writes;
mod written;

pub(crate) use encode::{from_base64, from_hex, percent_decode, to_text as bytes_to_text};
pub(crate) use eval::Evaluator;
pub(crate) use freeze::elsewhere;
pub(crate) use index::FunctionUse;
pub(crate) use json::from_json;
pub(crate) use paths::normalize;
pub(crate) use program::{Known, Program, Source};
pub(crate) use resolve::handed;
pub(crate) use rewrite::{Rewrite, rebuild, receiver};
pub(crate) use run::{Around, Loads, Ran};
pub(crate) use terms::{Key, Place, Term, Terms, ValueId};
pub(crate) use written::stands_in;

#[cfg(test)]
mod tests;
