//! Every case, by what it tries.

mod blocks;
mod extended;
mod gzip;
mod kinds;
mod manifests;
mod mutants;
mod names;
mod numbers;
mod tree;

pub(crate) use mutants::mutant;

use crate::blocks::{Tape, packed};

/// An archive that two readers could read differently.
pub(crate) struct Case {
    /// What it is called; the file's name without extension.
    pub(crate) name: String,
    /// The file's extension: `tgz` or `tar`.
    pub(crate) extension: &'static str,
    /// The whole file.
    pub(crate) bytes: Vec<u8>,
}

/// Collects the cases.
#[derive(Default)]
pub(crate) struct Cases(Vec<Case>);

impl Cases {
    /// An archive with its end mark, compressed.
    fn add(&mut self, name: &str, tape: Tape) {
        self.open(name, tape.nulls(2));
    }

    /// An archive as it is, compressed.
    fn open(&mut self, name: &str, tape: Tape) {
        self.file(name, "tgz", packed(&tape.bytes()));
    }

    /// A file as it is.
    fn file(&mut self, name: &str, extension: &'static str, bytes: Vec<u8>) {
        let name = name.to_owned();
        self.0.push(Case {
            name,
            extension,
            bytes,
        });
    }
}

/// All of them, in a fixed order.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Cases::default();
    for add in [
        blocks::add,
        extended::add,
        gzip::add,
        kinds::add,
        manifests::add,
        mutants::add,
        names::add,
        numbers::add,
        tree::add,
    ] {
        add(&mut cases);
    }
    cases.0
}
