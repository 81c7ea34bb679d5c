//! From text to [`ir::Ir`]: the only folder that names the parser.

mod ambiguity;
mod arena;
mod bind;
#[cfg(test)]
mod check;
mod dense;
#[cfg(test)]
mod dump;
mod fast;
mod guard;
#[cfg(test)]
mod hostile;
pub(crate) mod ir;
mod lanes;
mod lex;
mod lower;
pub(crate) mod names;
mod nesting;
mod pieces;
mod program;
mod scan;
mod words;

pub(crate) use arena::Workspace;
pub(crate) use guard::{Lane, lane_of, may_parse};
pub(crate) use lanes::{Lanes, NotRead};
#[cfg(test)]
pub(crate) use program::parse_into;
pub(crate) use program::{Dialect, parse_file, parse_small};
