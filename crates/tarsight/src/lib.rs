//! tarsight reads an npm package as bytes and says what its code will do, when it will run,
//! and what stands behind each claim, by file and line. It never runs anything.
//!
//! # Overview
//!
//! An [`Engine`] is made once and shared between threads. [`Engine::scan`] takes the bytes of a
//! tarball, [`Engine::scan_tree`] the files of an unpacked package; both give a [`Report`], plain
//! data that [`Report::write_json`] writes and [`Report::from_json`] reads again.
//!
//! ```
//! let files = [
//!     ("package.json", r#"{"name":"a","version":"1.0.0","main":"a.js"}"#),
//!     ("a.js", r#"require("https").get("https://a.example/x");"#),
//! ];
//! let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
//! let report = tarsight::Engine::new().scan_tree(files)?;
//!
//! let request = report.behaviours.iter().find(|one| one.id == "network.http");
//! let request = request.expect("the request is seen");
//! assert_eq!(request.target.as_deref(), Some("https://a.example/x"));
//! assert_eq!(request.sites[0].line, 1);
//! # Ok::<(), tarsight::Error>(())
//! ```
//!
//! What stands in a report:
//!
//! - **surfaces**: the ways that code gets to run, and the files they name;
//! - **behaviours**: what the package does, without judgement, with target, origin and reach;
//! - **flows**: paths from a secret, the environment or a response to where it leaves or runs;
//! - **findings**: judgements that cite them, with severity, and [`report::Risk`] over all;
//! - **coverage**: what was not looked at, and why. Nothing is passed over in silence.
//!
//! [`explain`] says what an id means, [`rules`] lists them, [`schema`] gives the JSON Schema.
//!
//! # Untrusted input
//!
//! Every byte of the input may be hostile. Promised is: no panic reaches the caller, no stack
//! overflows, memory and work are bounded by [`Limits`], which count things and never time, and
//! the same input gives the same report on any machine and with any number of threads. The
//! engine opens no file, no connection and no process. What a limit cuts off, what does not
//! parse, and a bug of ours that was caught is in the report as `unanalysed`; a package whose
//! reachable code was not examined is at least `medium`.
//!
//! Not promised: that a package without findings is harmless, or that memory stays below the
//! unpacked size; plan for the unpacked size and a few hundred megabytes.
//!
//! # Limits
//!
//! [`Limits`] has them all, with their defaults; [`Limits::set`] takes their names as the command
//! line does. A cancel flag and a deadline are per scan, in [`ScanOptions`].
#![forbid(unsafe_code)]
#![deny(missing_docs)]

/// The programs of the documents are compiled as those here are.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/embed.md")]
struct EmbedDocument;

mod api;
mod archive;
mod behaviours;
mod binary;
mod budget;
pub mod diff;
mod document;
mod engine;
mod error;
mod facts;
mod findings;
mod flow;
mod graph;
mod gyp;
mod limits;
mod manifest;
pub mod model;
mod parse;
pub mod report;
mod shell;
mod source;
mod tool;
mod value;

pub use diff::{Diff, diff};
pub use engine::{
    Document, Engine, EngineBuilder, FactCache, Pattern, Rule, RuleKind, ScanOptions, Stage, Watch,
    explain, rules, schema,
};
pub use error::Error;
pub use limits::{Limits, UnknownLimit};
pub use report::{Entries, Report};
