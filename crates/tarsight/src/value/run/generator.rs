//! Generators. One that takes nothing runs to its end at once. One that takes what `next` sends
//! waits for it: it runs as far as is known what it was sent, and from its beginning again each
//! time it is sent something else than was expected.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::object::{Closure, Kind, ObjId, Val};
use super::{Cx, Machine, Run, Stop, Unit};
use crate::parse::ir::{FuncId, Node, NodeId, Op};

/// Most values that a generator gives.
const MOST_YIELDS: usize = 10_000;
/// Most times that one runs from its beginning.
const MOST_RUNS: u32 = 256;

/// What a generator gave so far, and what it was sent.
#[derive(Default)]
pub(super) struct Yields {
    given: Vec<Val>,
    /// The value of each `yield`, as far as it is known or was foreseen.
    sent: Vec<Val>,
    driver: Driver,
}

/// Who goes through a generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Driver {
    /// A loop, which sends nothing.
    #[default]
    Loop,
    /// Calls of `next`: where it is not known what they send, it waits.
    Next,
    /// Something outside, which may send anything.
    Outside,
}

/// A generator that takes what it is sent.
#[derive(Clone)]
pub(super) struct Taker {
    closure: Rc<Closure>,
    callee: Option<ObjId>,
    this: Val,
    args: Vec<Val>,
    sent: Vec<Val>,
    runs: u32,
    is_whole: bool,
}

/// Functions of which some `yield` has a value that is used.
fn takers(unit: &Unit<'_>) -> FxHashSet<FuncId> {
    let ir = &unit.ir;
    let mut dropped: FxHashSet<u32> = FxHashSet::default();
    for node in ir.nodes.iter().filter(|node| node.op == Op::Expression) {
        dropped.insert(node.a);
    }
    let nodes = (0u32..).zip(&ir.nodes);
    let takes = nodes.filter(|(at, node)| node.op == Op::Yield && !dropped.contains(at));
    takes.map(|(at, _)| ir.function_of(NodeId(at))).collect()
}

/// Whether two values are one, as far as that is plain.
fn is_same(one: &Val, other: &Val) -> bool {
    match (one, other) {
        (Val::Undefined, Val::Undefined) | (Val::Null, Val::Null) => true,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        (Val::Num(a), Val::Num(b)) => a == b,
        (Val::Str(a), Val::Str(b)) => a.units() == b.units(),
        (Val::Obj(a), Val::Obj(b)) => a == b,
        (Val::Host(a), Val::Host(b)) => a == b,
        _ => false,
    }
}

impl<'a> Machine<'a> {
    /// The generator that a call of such a function gives, if it takes what it is sent.
    pub(super) fn taker(
        &mut self,
        closure: &Rc<Closure>,
        callee: Option<ObjId>,
        cx: &Cx<'a>,
    ) -> Option<Val> {
        let takes = cx.unit.takers.get_or_init(|| takers(&cx.unit));
        if !takes.contains(&closure.function) {
            return None;
        }
        let taker = Taker {
            closure: Rc::clone(closure),
            callee,
            this: cx.activation.this.borrow().clone(),
            args: cx.args.clone(),
            sent: Vec::new(),
            runs: 0,
            is_whole: false,
        };
        let generator = self.iterator(Vec::new(), Val::Undefined);
        if let Val::Obj(id) = generator
            && let Kind::Items { taker: held, .. } = &mut self.at_mut(id).kind
        {
            *held = Some(Box::new(taker));
            self.asleep.push(id);
        }
        Some(generator)
    }

    /// Generators that nobody went through yet: something outside may.
    pub(super) fn asleep(&mut self) -> Vec<ObjId> {
        let mut asleep = std::mem::take(&mut self.asleep);
        asleep.retain(|&id| {
            let Kind::Items { taker, .. } = &self.at(id).kind else {
                return false;
            };
            taker.as_ref().is_some_and(|taker| taker.runs == 0)
        });
        asleep
    }

    /// Runs a generator as far as it can, if it takes what it is sent; `sent` is what `next` got.
    pub(super) fn drive(&mut self, id: ObjId, driver: Driver, sent: Option<Val>) -> Run<()> {
        let Kind::Items { taker, at, .. } = &mut self.at_mut(id).kind else {
            return Ok(());
        };
        let at = *at;
        let Some(mut now) = taker.take() else {
            return Ok(());
        };
        let is_known = match (at.checked_sub(1), sent) {
            (Some(before), sent) if driver == Driver::Next => {
                let sent = sent.unwrap_or(Val::Undefined);
                let foreseen = now.sent.get(before);
                let is_same = foreseen.is_some_and(|one| is_same(one, &sent));
                if !is_same {
                    now.sent.truncate(before);
                    now.sent.resize(before, Val::Undefined);
                    now.sent.push(sent);
                }
                is_same
            }
            _ => now.is_whole || (driver == Driver::Next && now.runs > 0),
        };
        let done = match is_known {
            true => Ok(None),
            // What it would give is not known any more.
            false if now.runs >= MOST_RUNS => Err(Stop::Opaque),
            false => self.once_more(&mut now, driver).map(Some),
        };
        if let Kind::Items {
            items,
            result,
            taker,
            ..
        } = &mut self.at_mut(id).kind
        {
            *taker = Some(now);
            if let Ok(Some((given, value))) = &done {
                items.clone_from(given);
                *result = value.clone();
            }
        }
        done.map(|_| ())
    }

    /// Runs a generator from its beginning: what it gave, and its result.
    fn once_more(&mut self, taker: &mut Taker, driver: Driver) -> Run<(Vec<Val>, Val)> {
        taker.runs += 1;
        let (this, args) = (taker.this.clone(), taker.args.clone());
        let (function, cx) =
            self.entered(&taker.closure, taker.callee, this, args, Val::Undefined)?;
        cx.yields.replace(Yields {
            given: Vec::new(),
            sent: taker.sent.clone(),
            driver,
        });
        self.deeper()?;
        let overrides = std::mem::take(&mut self.overrides);
        let result = self.generated(function, &cx);
        self.overrides = overrides;
        self.depth -= 1;
        let result = result?;
        taker.is_whole = result.is_some();
        let yields = cx.yields.take();
        taker.sent = yields.sent;
        Ok((yields.given, result.unwrap_or(Val::Undefined)))
    }

    /// The value of a `yield`.
    pub(super) fn yielded(&mut self, cx: &Cx<'a>, node: Node) -> Run {
        let value = match NodeId(node.a).some() {
            Some(value) => self.eval(cx, value)?,
            None => Val::Undefined,
        };
        let mut more = match node.sub {
            1 => self.all_items(&value)?,
            _ => vec![value.clone()],
        };
        self.memory = self.memory.saturating_add(16 * more.len() as u64);
        let mut yields = cx.yields.borrow_mut();
        yields.given.append(&mut more);
        let given = yields.given.len();
        if given > MOST_YIELDS {
            // An endless generator gives what it gave so far.
            return Err(Stop::Throw(Val::Undefined));
        }
        let at = given.saturating_sub(1);
        if let Some(sent) = yields.sent.get(at) {
            return Ok(sent.clone());
        }
        // What drives a generator as if it were asynchronous sends what was waited for.
        let waits = match &value {
            Val::Host(_) => true,
            Val::Obj(id) => matches!(self.at(*id).kind, Kind::Promise { .. }),
            _ => false,
        };
        let driver = yields.driver;
        if driver == Driver::Next && !waits {
            return Err(Stop::Paused);
        }
        drop(yields);
        let sent = match driver {
            Driver::Loop => Val::Undefined,
            _ if waits => self.awaited(value)?,
            _ => Val::Host(self.terms.unresolved()),
        };
        let mut yields = cx.yields.borrow_mut();
        yields.sent.resize(at, Val::Undefined);
        yields.sent.push(sent.clone());
        Ok(sent)
    }

    /// What a generator gave, taken out of the context that ran it.
    pub(super) fn given(cx: &Cx<'a>) -> Vec<Val> {
        std::mem::take(&mut cx.yields.borrow_mut().given)
    }
}
