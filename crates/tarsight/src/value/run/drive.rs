//! Runs a whole file and notes what its calls and reads of the outside were.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::object::{Key, Kind, Val};
use super::scope::Env;
use super::{Cx, Flow, Machine, Stop};
use crate::model::FileId;
use crate::parse::ir::{FuncId, Ir, ListId, Node, NodeId, Op};
use crate::value::freeze::Own;
use crate::value::terms::{Terms, ValueId};

/// Values that one node is known to have; a node with more has too many to tell.
const MOST_VALUES: usize = 8;
/// Longest string that is noted.
const MOST_NOTED: usize = 1 << 20;

/// Uses of the outside that are noted, in all and of one place.
const MOST_USES: usize = 4_000;
const MOST_AT_ONCE: u8 = 16;

/// A call or read of the outside that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    /// Where in the file: for code that code made, the call that ran it.
    pub(crate) site: NodeId,
    /// What is called or read.
    pub(crate) callee: ValueId,
    /// Arguments of a call; `None` for a read.
    pub(crate) args: Option<Box<[ValueId]>>,
    /// Whether it is called with `new`.
    pub(crate) is_new: bool,
    /// Whether it is a property that is written; the argument is what it gets.
    pub(crate) is_write: bool,
    /// Whether code that code made did it.
    pub(crate) is_inner: bool,
}

/// What nodes were seen to be.
#[derive(Default)]
pub(in crate::value) struct Observed {
    values: FxHashMap<NodeId, Vec<ValueId>>,
    /// Nodes that were seen only in functions that nobody was seen to call: in another state
    /// they may be something else.
    guessed: FxHashSet<NodeId>,
    /// What was done with the outside, in order, each once.
    uses: Vec<Seen>,
    known: FxHashSet<Seen>,
    counts: FxHashMap<NodeId, u8>,
    /// Places of uses that were seen before functions ran that nobody was seen to call.
    firm: FxHashSet<NodeId>,
    /// Functions that ran because the file was loaded.
    pub(in crate::value) on_load: FxHashSet<FuncId>,
    /// Whether the file was loaded at all, in a run of several.
    pub(in crate::value) was_loaded: bool,
    /// What members were read from.
    looked_into: FxHashSet<ValueId>,
    /// Constants that code made rather than wrote, and arguments that a decoder made.
    made: FxHashSet<ValueId>,
    decoded: FxHashSet<ValueId>,
    /// Steps that the run took.
    pub(in crate::value) steps: u64,
    /// How far the run came.
    pub(in crate::value) ran: Ran,
    /// Whether functions were left that nobody called.
    pub(in crate::value) is_cut: bool,
}

/// How far a run of a file came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ran {
    /// To its end; or it was not asked for.
    #[default]
    Whole,
    /// It made nothing new any more, or too much.
    InPart,
    /// Until its steps ran out.
    OutOfSteps,
}

impl Observed {
    /// What a node was, if it ran and was not too many things.
    pub(in crate::value) fn of(&self, node: NodeId) -> Option<&[ValueId]> {
        let values = self.values.get(&node)?;
        (!values.is_empty() && values.len() <= MOST_VALUES).then_some(values)
    }

    /// Whether a node was seen only in a function that nobody was seen to call.
    pub(in crate::value) fn is_guess(&self, node: NodeId) -> bool {
        self.guessed.contains(&node)
    }

    /// Nodes that ran.
    pub(in crate::value) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.values.keys().copied()
    }

    /// Whether something was done with the outside that code made did, or elsewhere than at the
    /// known places.
    pub(in crate::value) fn tells(&self, known: &FxHashSet<NodeId>) -> bool {
        self.uses
            .iter()
            .any(|one| one.is_inner || !known.contains(&one.site))
    }

    /// What was done with the outside. Of reads, those that more was read from are left out:
    /// `process.env` in `process.env.X`.
    pub(in crate::value) fn uses(&self) -> Vec<Seen> {
        self.uses
            .iter()
            .filter(|one| one.args.is_some() || !self.looked_into.contains(&one.callee))
            .cloned()
            .collect()
    }

    /// Adds what another run of the file showed. On load runs what runs however it is loaded.
    pub(in crate::value) fn join(&mut self, other: Self) {
        let mut nodes: Vec<(NodeId, Vec<ValueId>)> = other.values.into_iter().collect();
        nodes.sort_unstable_by_key(|&(node, _)| node);
        for (node, values) in nodes {
            let is_guess = other.guessed.contains(&node);
            for value in values {
                self.note(node, value, is_guess);
            }
        }
        for one in other.uses {
            let is_guess = !other.firm.contains(&one.site);
            self.note_use(one, is_guess);
        }
        self.looked_into.extend(other.looked_into);
        self.made.extend(other.made);
        self.decoded.extend(other.decoded);
        if !self.was_loaded {
            self.on_load = other.on_load;
        } else if other.was_loaded {
            self.on_load.retain(|one| other.on_load.contains(one));
        }
        self.was_loaded |= other.was_loaded;
        self.steps = self.steps.saturating_add(other.steps);
        self.ran = self.ran.max(other.ran);
    }

    /// What was seen in one file of a run of several, with its values in the file's own table.
    pub(in crate::value) fn carried(
        self,
        from: &Terms,
        into: &mut Terms,
        own: Own,
        files: &[FileId],
    ) -> Self {
        let mut roots: Vec<ValueId> = self.values.values().flatten().copied().collect();
        for one in &self.uses {
            roots.push(one.callee);
            roots.extend(one.args.iter().flat_map(|args| args.iter().copied()));
        }
        let others = self.looked_into.iter().chain(&self.made);
        roots.extend(others.chain(&self.decoded).copied());
        let known = from.carried(roots.into_iter(), into, own, files);
        let new_of = |id: ValueId| known.get(&id).copied().unwrap_or(id);
        let values = self.values.into_iter().map(|(node, values)| {
            let values = values.into_iter().map(new_of).collect();
            (node, values)
        });
        let uses = self.uses.into_iter().map(|one| Seen {
            callee: new_of(one.callee),
            args: one
                .args
                .map(|args| args.iter().copied().map(new_of).collect()),
            ..one
        });
        Self {
            values: values.collect(),
            guessed: self.guessed,
            uses: uses.collect(),
            looked_into: self.looked_into.into_iter().map(new_of).collect(),
            made: self.made.into_iter().map(new_of).collect(),
            decoded: self.decoded.into_iter().map(new_of).collect(),
            on_load: self.on_load,
            steps: self.steps,
            ran: self.ran,
            ..Self::default()
        }
    }

    fn note_use(&mut self, one: Seen, is_guess: bool) {
        // What was seen to happen says more than what could.
        match is_guess {
            true if self.firm.contains(&one.site) => return,
            true => {}
            false => drop(self.firm.insert(one.site)),
        }
        let count = self.counts.entry(one.site).or_default();
        if *count >= MOST_AT_ONCE || self.uses.len() >= MOST_USES {
            return;
        }
        if self.known.insert(one.clone()) {
            *count += 1;
            self.uses.push(one);
        }
    }

    fn note(&mut self, node: NodeId, value: ValueId, is_guess: bool) {
        let values = self.values.entry(node).or_default();
        if is_guess {
            if !values.is_empty() && !self.guessed.contains(&node) {
                return;
            }
            self.guessed.insert(node);
        } else if self.guessed.remove(&node) {
            values.clear();
        }
        if values.len() <= MOST_VALUES && !values.contains(&value) {
            values.push(value);
        }
    }
}

impl<'a> Machine<'a> {
    /// Runs the file's statements in order, then every function that did not run, and gives back
    /// the terms with what was seen.
    pub(in crate::value) fn run_file(mut self) -> (Terms, Observed) {
        let Some(unit) = self.units.first().cloned() else {
            return (self.terms, Observed::default());
        };
        let whole = self.ceiling;
        let env = Rc::new(Env {
            unit: 0,
            owner: 0,
            slots: RefCell::new(vec![Val::Hole; unit.scopes.size(0)]),
            parent: None,
            with: None,
        });
        let exports = self.terms.global("module");
        let exports = self.terms.member(exports, "exports");
        let cx = self.context(&unit, env, Val::Host(exports));
        self.ceiling = whole / 4 * 3;
        self.top_level(&cx);
        let on_load = self.invoked.iter().map(|&(_, function)| function);
        let on_load = on_load.collect();
        self.rest(whole);
        if self.steps >= whole.min(self.earned) {
            self.note_end(whole);
        }
        let mut observed = self.observed.pop().unwrap_or_default();
        observed.on_load = on_load;
        observed.steps = self.steps;
        observed.ran = self.ran;
        observed.is_cut = self.is_cut;
        (self.terms, observed)
    }

    /// Every statement of the file; one that throws does not keep the next from running.
    fn top_level(&mut self, cx: &Cx<'a>) {
        let root = cx.unit.ir.node(cx.unit.ir.root);
        let list = ListId(root.a);
        self.hoist(cx, list);
        let items: Vec<NodeId> = cx.unit.ir.list(list).collect();
        for item in items {
            self.depth = 0;
            self.overrides.clear();
            self.before.clear();
            match self.statement(cx, item) {
                Ok(Flow::Return(_)) if cx.partial.borrow().is_empty() => break,
                Ok(_) => {}
                Err(Stop::End) => self.ran = self.ran.max(Ran::InPart),
                Err(_) => {}
            }
        }
    }

    // ── notes ────────────────────────────────────────────────────────────────

    /// The file and the node at which something counts that happens at a node.
    pub(super) fn site_of(&self, cx: &Cx<'a>, id: NodeId) -> (usize, NodeId) {
        match self.is_file(cx.unit.id) {
            true => (cx.unit.id, id),
            false => self.site,
        }
    }

    fn note_use(&mut self, unit: usize, one: Seen) {
        let is_guess = self.is_rest;
        if let Some(observed) = self.observed.get_mut(unit) {
            observed.note_use(one, is_guess);
        }
    }

    pub(super) fn look_into(&mut self, cx: &Cx<'a>, object: ValueId) {
        let (unit, _) = self.site_of(cx, NodeId::NONE);
        if let Some(observed) = self.observed.get_mut(unit) {
            observed.looked_into.insert(object);
        }
    }

    /// Notes what a node of the file was.
    pub(super) fn observe(&mut self, cx: &Cx<'a>, id: NodeId, value: &Val) {
        let is_file = self.is_file(cx.unit.id);
        if value.is_host() {
            let (unit, site) = self.site_of(cx, id);
            let callee = self.to_term(value);
            let one = Seen {
                site,
                callee,
                args: None,
                is_new: false,
                is_write: false,
                is_inner: !is_file && self.library != Some(cx.unit.id),
            };
            self.note_use(unit, one);
        }
        if !is_file {
            return;
        }
        if let Val::Str(text) = value
            && text.len() > MOST_NOTED
        {
            return;
        }
        let term = self.to_term(value);
        self.note(cx.unit.id, id, term);
    }

    fn note(&mut self, unit: usize, id: NodeId, term: ValueId) {
        let is_guess = self.is_rest;
        if let Some(observed) = self.observed.get_mut(unit) {
            observed.note(id, term, is_guess);
        }
    }

    /// Notes what a property of something outside gets.
    pub(super) fn observe_write(
        &mut self,
        cx: &Cx<'a>,
        id: NodeId,
        object: ValueId,
        key: Key,
        value: &Val,
    ) {
        let is_inner = !self.is_file(cx.unit.id) && self.library != Some(cx.unit.id);
        self.note_written(self.site_of(cx, id), object, key, value, is_inner);
        if self.is_file(cx.unit.id) {
            let node = cx.unit.ir.node(id);
            self.observe(cx, NodeId(node.b), value);
        }
    }

    /// The same where `Object.defineProperty` writes.
    pub(super) fn observe_defined(&mut self, object: ValueId, key: Key, value: &Val) {
        if !self.site.1.is_none() {
            self.note_written(self.site, object, key, value, false);
        }
    }

    /// Notes a write to a property of something outside, if the tables say what it does.
    fn note_written(
        &mut self,
        (unit, site): (usize, NodeId),
        object: ValueId,
        key: Key,
        value: &Val,
        is_inner: bool,
    ) {
        let Key::Name(atom) = key else { return };
        let name = self.atoms.text(atom).lossy();
        let callee = self.terms.member(object, &name);
        if self.terms.assignment(callee).is_none() {
            return;
        }
        let one = Seen {
            site,
            callee,
            args: Some([self.to_term(value)].into()),
            is_new: false,
            is_write: true,
            is_inner,
        };
        self.note_use(unit, one);
    }

    /// Notes the callee and the arguments of a call of the outside.
    pub(super) fn observe_call(
        &mut self,
        cx: &Cx<'a>,
        id: NodeId,
        callee: ValueId,
        terms: &[ValueId],
        args: &[Val],
    ) {
        let node = cx.unit.ir.node(id);
        let is_file = self.is_file(cx.unit.id);
        let (unit, site) = self.site_of(cx, id);
        let one = Seen {
            site,
            callee,
            args: Some(terms.into()),
            is_new: node.op == Op::New,
            is_write: false,
            is_inner: !is_file && self.library != Some(cx.unit.id),
        };
        self.note_use(unit, one);
        for (&term, value) in terms.iter().zip(args) {
            if let Val::Str(text) = value
                && self.is_decoded(text)
                && let Some(observed) = self.observed.get_mut(unit)
            {
                observed.decoded.insert(term);
            }
        }
        if !is_file {
            return;
        }
        if !matches!(node.op, Op::Call | Op::New) {
            return;
        }
        self.note(unit, NodeId(node.a), callee);
        let given = plain_args(&cx.unit.ir, node);
        for (at, &arg) in given.iter().enumerate() {
            let (Some(&term), Some(value)) = (terms.get(at), args.get(at)) else {
                break;
            };
            if matches!(value, Val::Str(text) if text.len() > MOST_NOTED) {
                continue;
            }
            if is_computed(&cx.unit.ir, arg) {
                if matches!(value, Val::Str(_))
                    && self.read_by(value).is_none()
                    && let Some(observed) = self.observed.get_mut(unit)
                {
                    observed.made.insert(term);
                }
                self.note(unit, arg, term);
            }
        }
    }

    /// Notes a call of the outside that no code wrote: a builtin or a wrapper makes it.
    pub(super) fn observe_inner(&mut self, callee: ValueId, terms: &[ValueId], is_new: bool) {
        let (unit, site) = self.site;
        if site.some().is_none() {
            return;
        }
        let one = Seen {
            site,
            callee,
            args: Some(terms.into()),
            is_new,
            is_write: false,
            is_inner: false,
        };
        self.note_use(unit, one);
    }

    /// Notes the text that `eval` or `Function` gets from a builtin: `Reflect.construct`.
    pub(super) fn observe_made_code(&mut self, callee: &Val, args: &[Val]) {
        let Val::Obj(found) = callee else { return };
        let path = match &self.at(*found).kind {
            Kind::Native(native) if native.is_code => native.path,
            _ => return,
        };
        let callee = self.terms.global(path);
        let terms: Vec<ValueId> = args.iter().map(|arg| self.to_term(arg)).collect();
        self.observe_inner(callee, &terms, true);
    }

    /// Notes the text that `eval` or `Function` gets, by whatever name it is called.
    pub(super) fn observe_code(&mut self, cx: &Cx<'a>, id: NodeId, callee: &Val, args: &[Val]) {
        let Val::Obj(found) = callee else { return };
        let Kind::Native(native) = &self.at(*found).kind else {
            return;
        };
        let path = native.path;
        if !native.is_code {
            return;
        }
        let callee = self.terms.global(path);
        let terms: Vec<ValueId> = args.iter().map(|arg| self.to_term(arg)).collect();
        self.observe_call(cx, id, callee, &terms, args);
    }

    /// Notes what a call of the file's own code gave.
    pub(super) fn observe_result(&mut self, cx: &Cx<'a>, id: NodeId, value: &Val) {
        let unit = cx.unit.id;
        if !self.is_file(unit) {
            return;
        }
        let is_told = match value {
            Val::Str(text) => text.len() <= MOST_NOTED,
            Val::Num(_) | Val::Bool(_) | Val::Host(_) => true,
            Val::Obj(id) => matches!(self.at(*id).kind, Kind::View(_)),
            _ => false,
        };
        if !is_told {
            return;
        }
        if let Val::Str(text) = value
            && text.len() > 1
            && self.made_texts.insert(text.units())
        {
            self.earned = self.earned.saturating_add(super::STEPS_FOR_TEXT);
        }
        let full = self.observed[unit]
            .values
            .get(&id)
            .is_some_and(|values| values.len() > MOST_VALUES);
        if full {
            return;
        }
        let term = self.to_term(value);
        if matches!(value, Val::Str(_)) {
            self.observed[unit].made.insert(term);
        }
        self.note(unit, id, term);
    }
}

impl Observed {
    /// Whether a decoder made this constant, which a call got.
    pub(in crate::value) fn is_decoded(&self, id: ValueId) -> bool {
        self.decoded.contains(&id)
    }

    /// The constants that code made.
    pub(in crate::value) fn made(&self) -> impl Iterator<Item = ValueId> {
        self.made.iter().copied()
    }

    /// Whether code made this constant.
    pub(in crate::value) fn is_made(&self, id: ValueId) -> bool {
        self.made.contains(&id)
    }
}

/// Arguments before the first spread.
fn plain_args(ir: &Ir, node: Node) -> Vec<NodeId> {
    ir.list(ListId(node.b))
        .take_while(|&arg| ir.node(arg).op != Op::Spread)
        .collect()
}

/// Whether a node is worth noting: literals say it themselves.
fn is_computed(ir: &Ir, id: NodeId) -> bool {
    !matches!(
        ir.node(id).op,
        Op::String | Op::Number | Op::Bool | Op::Null | Op::Function | Op::Class
    )
}
