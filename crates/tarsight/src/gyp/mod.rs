//! Build instructions of node-gyp: Python literals with commands in them.
//!
//! npm builds a package that has a `binding.gyp` without being asked to, and a command in it runs
//! as soon as the file is read.

mod commands;
mod parse;

pub(crate) use commands::{Build, Text, commands, is_source};
pub(crate) use parse::{Trouble, parse};
