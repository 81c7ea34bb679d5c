//! Files of a package that run together, and what was seen in each.

use std::sync::Arc;

use super::freeze::Own;
use super::run::{Around, Machine, Observed};
use super::terms::Terms;
use crate::limits::Limits;
use crate::model::{FileId, Span};
use crate::parse::ir::{FuncId, Ir};

/// What a run of several files showed.
pub(crate) struct Program {
    pub(super) terms: Terms,
    /// The archive's numbers of the files, in the order of the run.
    pub(super) files: Vec<FileId>,
    seen: Vec<Option<(Observed, Own)>>,
    /// The first number of each file's functions in the run, and the file.
    numbers: Arc<[(u32, FileId)]>,
    /// The texts of all of them, for everybody to read.
    written: String,
    /// Steps that the run took.
    pub(crate) steps: u64,
}

/// A file of a run.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Its number in the archive.
    pub file: FileId,
    /// Its code.
    pub ir: &'a Ir,
    /// Its text.
    pub text: &'a str,
}

/// What is known of the uses at a place in a file.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Nothing, or something of it was lost or hangs on a caller.
    pub is_open: bool,
    /// So many arguments are vague at most.
    pub vague: usize,
}

impl Program {
    /// Runs files once for each list of starts, which are places in `sources`, and whatever they
    /// load; `beside` is what else stands in the package for everybody to read.
    #[must_use]
    pub(crate) fn run(
        sources: &[Source<'_>],
        around: &dyn Around,
        starts: &[Vec<usize>],
        beside: &str,
        steps: u64,
        limits: &Limits,
    ) -> Option<Self> {
        let files: Vec<(&Ir, &str)> = sources.iter().map(|one| (one.ir, one.text)).collect();
        let mut terms = Terms::within(limits);
        let mut observed: Vec<Observed> = Vec::new();
        for starts in starts.iter().filter(|starts| !starts.is_empty()) {
            let machine = Machine::of_files(&files, around, terms, steps)?;
            let seen;
            (terms, seen) = machine.run_program(starts);
            observed.resize_with(seen.len(), Observed::default);
            for (known, seen) in observed.iter_mut().zip(seen) {
                known.join(seen);
            }
        }
        let steps = observed.first().map_or(0, |one| one.steps);
        let mut own = Own {
            unit: 0,
            functions: (0, 0),
            classes: (0, 0),
        };
        let next = |(_, from): (u32, u32), len: usize| {
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            (from, from.saturating_add(len))
        };
        let seen = (0..)
            .zip(sources)
            .zip(observed)
            .map(|((unit, one), observed)| {
                own = Own {
                    unit,
                    functions: next(own.functions, one.ir.functions.len()),
                    classes: next(own.classes, one.ir.classes.len()),
                };
                Some((observed, own))
            });
        let seen: Vec<Option<(Observed, Own)>> = seen.collect();
        let first = seen
            .iter()
            .map(|one| one.as_ref().map_or(0, |(_, own)| own.functions.0));
        Some(Self {
            numbers: first.zip(sources.iter().map(|one| one.file)).collect(),
            terms,
            files: sources.iter().map(|one| one.file).collect(),
            seen,
            written: sources
                .iter()
                .flat_map(|one| [one.text, "\n"])
                .chain([beside])
                .collect(),
            steps,
        })
    }

    /// The first number of each file's functions in the run, and the file.
    #[must_use]
    pub(crate) fn numbers(&self) -> Arc<[(u32, FileId)]> {
        Arc::clone(&self.numbers)
    }

    /// What stands in the files of the run.
    #[must_use]
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Whether the run showed more of a file than is known of it: calls of the outside at places
    /// that are open, or with fewer vague arguments than are known, or that a function runs on
    /// load of which that is new.
    #[must_use]
    pub(crate) fn tells(
        &self,
        at: usize,
        ir: &Ir,
        place: &dyn Fn(Span) -> Known,
        is_new: &dyn Fn(FuncId) -> bool,
    ) -> bool {
        let Some((observed, _)) = self.seen.get(at).and_then(Option::as_ref) else {
            return false;
        };
        if observed.on_load.iter().any(|&function| is_new(function)) {
            return true;
        }
        let uses = observed.uses();
        if !self.terms.hidden_hosts(&uses, &self.written).is_empty() {
            return true;
        }
        uses.iter().any(|one| {
            let callees = self.terms.choices(one.callee);
            let acts = callees.iter().any(|&callee| {
                one.is_write
                    || self.terms.is_require(callee)
                    || self.terms.api(callee).is_some_and(|row| !row.inert)
            });
            let Some(args) = one.args.as_ref().filter(|_| acts) else {
                return false;
            };
            let known = place(ir.node(one.site).span);
            known.is_open || {
                let vague = args.iter().filter(|&&arg| self.terms.is_vague(arg));
                vague.count() < known.vague
            }
        })
    }

    /// Whether the run made the address of a wallet in a file, which stands nowhere.
    #[must_use]
    pub(crate) fn makes_wallet(&self, at: usize) -> bool {
        let seen = self.seen.get(at).and_then(Option::as_ref);
        seen.is_some_and(|(observed, _)| {
            let made = observed.made();
            !self.terms.wallets_among(made, &self.written).is_empty()
        })
    }

    /// What was seen in a file, once.
    pub(super) fn take(&mut self, at: usize) -> Option<(Observed, Own)> {
        self.seen.get_mut(at)?.take()
    }
}
