//! What a run of the file showed, put where symbolic evaluation could not tell.

use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::{Evaluator, UNKNOWN};
use super::program::Program;
use super::provisional::Circles;
use super::run::{Machine, Observed, Seen};
use super::steps::PATIENCE;
use super::terms::{Key, Term, ValueId};
use crate::parse::ir::{FuncId, NodeId, Op};

/// Shortest text that code made rather than wrote: less stands everywhere.
const LEAST_MADE: usize = 4;
/// Parts of what a call got that are looked at.
const MOST_MARKED: usize = 64;
/// Objects in each other, of which each may hold what a caller gives.
const MOST_NESTED: u32 = 4;

impl Evaluator<'_> {
    /// Runs the file, once. If that told anything, what was found before is forgotten, and what
    /// nodes were seen to be fills the gaps from now on. `known` are the places of uses
    /// that hang on no caller.
    pub(crate) fn run(&mut self, limit: u64, known: &FxHashSet<NodeId>) -> bool {
        let terms = std::mem::take(&mut self.terms);
        let machine = Machine::new(self.ir, self.text, terms, limit);
        let (terms, observed) = machine.run_file();
        self.terms = terms;
        self.run_steps = observed.steps;
        self.ran = observed.ran;
        self.run_cut = observed.is_cut;
        let tells = observed.tells(known) || self.is_bettered(&observed);
        self.observed = Some(observed);
        if tells {
            self.forget();
        }
        tells
    }

    /// Takes what a run of the package showed of the file in place of a run of its own.
    pub(crate) fn take_seen(&mut self, program: &mut Program, at: usize) {
        let Some((observed, own)) = program.take(at) else {
            return;
        };
        let observed = observed.carried(&program.terms, &mut self.terms, own, &program.files);
        self.ran = observed.ran;
        self.observed = Some(observed);
    }

    /// Whether some node that was lost was seen to be something.
    fn is_bettered(&self, observed: &Observed) -> bool {
        // One value may stand at every node.
        let mut lost: FxHashMap<ValueId, bool> = FxHashMap::default();
        let mut is_lost = |id: ValueId| *lost.entry(id).or_insert_with(|| self.terms.is_lost(id));
        observed.nodes().any(|id| {
            let node = self.ir.node(id);
            let known = match node.op {
                Op::Name => self.bindings.get(node.b as usize),
                _ => self.memo.get(id.index()),
            };
            let Some(&known) = known.filter(|&&known| known != UNKNOWN) else {
                return false;
            };
            let (known, seen) = (ValueId(known), observed.of(id).unwrap_or_default());
            is_lost(known) && seen.iter().any(|&one| !is_lost(one))
        })
    }

    /// Forgets every value found so far.
    fn forget(&mut self) {
        self.memo.fill(UNKNOWN);
        self.bindings.fill(UNKNOWN);
        self.returns.clear();
        self.changed.clear();
        self.closed = Default::default();
        self.params = Default::default();
        self.circles = Circles::default();
        self.patience = PATIENCE;
    }

    /// A node's value, with what a run showed of it.
    pub(super) fn filled(&mut self, id: NodeId, value: ValueId) -> ValueId {
        let Some(observed) = self.observed.take() else {
            return value;
        };
        let value = self.seen(&observed, id, value);
        self.observed = Some(observed);
        value
    }

    /// What a node was when the file ran, where that says more: what runs knows the order in
    /// which things happen. Values that hang on a caller stay beside what one run showed.
    fn seen(&mut self, observed: &Observed, id: NodeId, value: ValueId) -> ValueId {
        let Some(seen) = observed.of(id) else {
            return value;
        };
        let is_known = seen.iter().all(|&one| {
            let terms = &self.terms;
            !terms.is_lost(one) && !terms.hangs_on_caller(one) && !terms.hangs_on_own_call(one)
        });
        let seen: Vec<ValueId> = seen.to_vec();
        // Of an address that a caller's data ends, the start is what counts.
        if !self.terms.begins(value) && self.terms.is_vague(value) {
            let begun = seen.iter().copied().filter(|&one| {
                matches!(self.terms.get(one), Term::Concat(_)) && self.terms.begins_address(one)
            });
            let begun: Vec<ValueId> = begun.collect();
            if !begun.is_empty() {
                return self.terms.one_of(&begun);
            }
        }
        if observed.is_guess(id) && !self.terms.is_lost(value) {
            return value;
        }
        // A letter says less than how it was made.
        let is_letter =
            |&one: &ValueId| matches!(self.terms.get(one), Term::String(text) if text.len() == 1);
        if seen.iter().all(is_letter) && !self.terms.is_lost(value) {
            return value;
        }
        if !is_known {
            let is_better =
                self.terms.is_lost(value) && seen.iter().any(|&one| !self.terms.is_lost(one));
            return if is_better {
                self.terms.one_of(&seen)
            } else {
                value
            };
        }
        for &one in &seen {
            // A letter stands everywhere, and all that are alike are one value.
            let is_made = match self.terms.get(one) {
                Term::String(text) => text.len() >= LEAST_MADE && observed.is_made(one),
                // What is read out of them is no more known than they are.
                Term::Bytes(bytes) => bytes.iter().any(|&byte| byte != 0),
                _ => false,
            };
            if is_made && one != value {
                self.terms.mark_decoded(one);
            }
        }
        let shown = self.terms.one_of(&seen);
        self.with_given(shown, value, MOST_NESTED)
    }

    /// What a run showed, and beside it what hangs on a caller: in an object, property by
    /// property, as `{ body: given }` is with the caller of the run and with any other.
    fn with_given(&mut self, shown: ValueId, value: ValueId, left: u32) -> ValueId {
        if self.terms.hangs_on_caller(value) {
            return self.terms.one_of(&[shown, value]);
        }
        let (Term::Object(of_run, is_open), Term::Object(of_any, _)) =
            (self.terms.get(shown), self.terms.get(value))
        else {
            return shown;
        };
        let may_be_given = |&&(_, value): &&(Key, ValueId)| !self.terms.is_constant(value);
        let given: FxHashMap<Key, ValueId> = of_any.iter().filter(may_be_given).cloned().collect();
        if left == 0 || given.is_empty() {
            return shown;
        }
        let (mut properties, is_open) = (of_run.to_vec(), *is_open);
        for (name, shown) in &mut properties {
            if let Some(&given) = given.get(name) {
                *shown = self.with_given(*shown, given, left - 1);
            }
        }
        self.terms.add(Term::Object(properties.into(), is_open))
    }

    /// All that was done with the outside when the file ran, as it was seen.
    pub(super) fn all_seen(&self) -> Vec<Seen> {
        self.observed.as_ref().map_or_else(Vec::new, Observed::uses)
    }

    /// What was done with the outside when the file ran.
    pub(crate) fn seen_uses(&mut self) -> Vec<Seen> {
        let Some(observed) = self.observed.take() else {
            return Vec::new();
        };
        let uses = observed.uses();
        for one in &uses {
            let is_addressed = self.terms.is_addressed(one.callee);
            for &arg in one.args.iter().flat_map(|args| args.iter()) {
                if is_addressed {
                    self.mark_made(&observed, arg, &mut { MOST_MARKED });
                } else if observed.is_decoded(arg) {
                    self.terms.mark_decoded(arg);
                }
            }
        }
        self.observed = Some(observed);
        uses
    }

    /// Marks what code made of a value, so many parts of it.
    fn mark_made(&mut self, observed: &Observed, id: ValueId, left: &mut usize) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let parts: Vec<ValueId> = match self.terms.get(id) {
            Term::String(text) if text.len() >= LEAST_MADE && observed.is_made(id) => {
                self.terms.mark_decoded(id);
                return;
            }
            Term::Object(properties, _) => properties.iter().map(|&(_, value)| value).collect(),
            Term::Array(parts, _)
            | Term::OneOf(parts)
            | Term::Concat(parts)
            | Term::New(_, parts, _) => parts.to_vec(),
            _ => return,
        };
        for part in parts {
            self.mark_made(observed, part, left);
        }
    }

    /// Whether a function ran because the file was loaded, as far as a run showed.
    pub(crate) fn ran_on_load(&self, function: FuncId) -> bool {
        self.observed
            .as_ref()
            .is_some_and(|observed| observed.on_load.contains(&function))
    }
}
