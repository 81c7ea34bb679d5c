//! Runs a whole file and notes what its calls and reads of the outside were.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::object::{Kind, ObjId, Val};
use super::scope::Env;
use super::{Cx, Flow, Machine, Run, Stop};
use crate::parse::ir::{FuncId, FunctionKind, Ir, ListId, Node, NodeId, Op};
use crate::value::terms::{Term, Terms, ValueId};

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
    /// Whether code that code made did it.
    pub(crate) is_inner: bool,
}

/// What nodes were seen to be.
#[derive(Default)]
pub(in crate::value) struct Observed {
    values: FxHashMap<NodeId, Vec<ValueId>>,
    /// What was done with the outside, in order, each once.
    uses: Vec<Seen>,
    known: FxHashSet<Seen>,
    counts: FxHashMap<NodeId, u8>,
    /// Functions that ran because the file was loaded.
    pub(in crate::value) on_load: FxHashSet<FuncId>,
    /// What members were read from.
    looked_into: FxHashSet<ValueId>,
    /// Constants that code made rather than wrote.
    made: FxHashSet<ValueId>,
    /// Steps that the run took.
    pub(in crate::value) steps: u64,
    /// How far the run came.
    pub(in crate::value) ran: Ran,
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

    pub(super) fn look_into(&mut self, object: ValueId) {
        self.looked_into.insert(object);
    }

    fn note_use(&mut self, one: Seen) {
        let count = self.counts.entry(one.site).or_default();
        if *count >= MOST_AT_ONCE || self.uses.len() >= MOST_USES {
            return;
        }
        if self.known.insert(one.clone()) {
            *count += 1;
            self.uses.push(one);
        }
    }

    fn note(&mut self, node: NodeId, value: ValueId) {
        let values = self.values.entry(node).or_default();
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
            return (self.terms, self.observed);
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
        self.observed.on_load = self.invoked.clone();
        self.rest(whole);
        if self.steps >= whole.min(self.earned) {
            self.note_end(whole);
        }
        self.observed.steps = self.steps;
        (self.terms, self.observed)
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
                Err(Stop::End) => self.observed.ran = self.observed.ran.max(Ran::InPart),
                Err(_) => {}
            }
        }
    }

    /// Functions that the outside got, then all that nobody called, each with unknown
    /// parameters.
    fn rest(&mut self, whole: u64) {
        let mut done: FxHashSet<ObjId> = FxHashSet::default();
        loop {
            let mut waiting: Vec<ObjId> = std::mem::take(&mut self.pending);
            waiting.retain(|id| done.insert(*id));
            if waiting.is_empty() {
                let mut left: Vec<(FuncId, ObjId)> = self
                    .created
                    .iter()
                    .filter(|(function, _)| !self.invoked.contains(function))
                    .map(|(&function, &id)| (function, id))
                    .collect();
                left.sort_unstable();
                left.retain(|(_, id)| done.insert(*id));
                waiting = left.into_iter().map(|(_, id)| id).take(1).collect();
            }
            if waiting.is_empty() || self.steps >= whole.min(self.earned) {
                return;
            }
            for id in waiting {
                let share = (whole.saturating_sub(self.steps) / 4).max(1_000);
                self.ceiling = whole.min(self.steps.saturating_add(share));
                self.depth = 0;
                self.overrides.clear();
                self.before.clear();
                if let Err(Stop::End) = self.run_unknown(id) {
                    self.observed.ran = self.observed.ran.max(Ran::InPart);
                }
            }
        }
    }

    /// Runs a function as if anybody called it.
    fn run_unknown(&mut self, id: ObjId) -> Run {
        let Kind::Closure(closure) = &self.at(id).kind else {
            return Ok(Val::Undefined);
        };
        let closure = Rc::clone(closure);
        if closure.unit != 0 || closure.class.is_some() {
            return Ok(Val::Undefined);
        }
        let Some(unit) = self.units.first().cloned() else {
            return Ok(Val::Undefined);
        };
        let args = self.unknown_args(&unit, closure.function);
        let kind = unit
            .ir
            .functions
            .get(closure.function.index())
            .map(|found| found.kind);
        let this = match kind {
            Some(FunctionKind::Method) if closure.home.is_some() => match closure.home {
                Some(home) => Val::Obj(home),
                None => Val::Undefined,
            },
            Some(FunctionKind::Arrow) => Val::Undefined,
            _ => Val::Host(self.terms.add(Term::This(closure.function))),
        };
        self.invoke(&closure, Some(id), this, args, Val::Undefined)
    }

    // ── notes ────────────────────────────────────────────────────────────────

    /// Notes what a node of the file was.
    pub(super) fn observe(&mut self, cx: &Cx<'a>, id: NodeId, value: &Val) {
        if value.is_host() {
            let site = if cx.unit.id == 0 { id } else { self.site };
            let callee = self.to_term(value);
            self.observed.note_use(Seen {
                site,
                callee,
                args: None,
                is_new: false,
                is_inner: cx.unit.id != 0,
            });
        }
        if cx.unit.id != 0 {
            return;
        }
        if let Val::Str(text) = value
            && text.len() > MOST_NOTED
        {
            return;
        }
        let term = self.to_term(value);
        self.observed.note(id, term);
    }

    pub(super) fn observe_write(&mut self, cx: &Cx<'a>, id: NodeId, value: &Val) {
        if cx.unit.id == 0 {
            let node = cx.unit.ir.node(id);
            self.observe(cx, NodeId(node.b), value);
        }
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
        self.observed.note_use(Seen {
            site: if cx.unit.id == 0 { id } else { self.site },
            callee,
            args: Some(terms.into()),
            is_new: node.op == Op::New,
            is_inner: cx.unit.id != 0,
        });
        if cx.unit.id != 0 {
            return;
        }
        if !matches!(node.op, Op::Call | Op::New) {
            return;
        }
        self.observed.note(NodeId(node.a), callee);
        let given = plain_args(&cx.unit.ir, node);
        for (at, &arg) in given.iter().enumerate() {
            let (Some(&term), Some(value)) = (terms.get(at), args.get(at)) else {
                break;
            };
            if matches!(value, Val::Str(text) if text.len() > MOST_NOTED) {
                continue;
            }
            if is_computed(&cx.unit.ir, arg) {
                if matches!(value, Val::Str(_)) {
                    self.observed.made.insert(term);
                }
                self.observed.note(arg, term);
            }
        }
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
        if cx.unit.id != 0 {
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
        let full = self
            .observed
            .values
            .get(&id)
            .is_some_and(|values| values.len() > MOST_VALUES);
        if full {
            return;
        }
        let term = self.to_term(value);
        if matches!(value, Val::Str(_)) {
            self.observed.made.insert(term);
        }
        self.observed.note(id, term);
    }
}

impl Observed {
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
