//! Shell commands: what a line, a script or a command string does.
//!
//! [`understand`] reads a text (sh, the Windows command line, PowerShell) and follows it the way
//! a shell would, with whatever it does not know left open: variables, substitutions, files that
//! it wrote before, functions, pipes. Nothing is run. Programs are rows of a table; what they do
//! becomes behaviours, flows, files of the package that get to run, and code for Node.
//!
//! The parser is our own. The shell parsers that are published refuse a text as a whole where a
//! shell would have run half of it; the one with the fullest grammar also takes exponential time
//! on unclosed brackets, overflows the stack on nested ones, and keeps what it parsed in tables
//! of the whole process.

mod act;
mod batch;
mod compound;
mod configured;
mod does;
mod expand;
mod expression;
mod files;
mod meaning;
mod network;
mod packages;
mod powershell;
mod programs;
mod read;
mod redirect;
mod rows;
mod run;
mod runners;
mod runtimes;
mod script;
mod system;
mod table;
mod value;
mod word;

#[cfg(test)]
mod tests;

pub(crate) use meaning::{Lead, Meaning, Point, Unread};
pub(crate) use read::Dialect;
pub(crate) use run::{Setting, World, understand, understand_words};
