//! What parameters get: from calls of their function, and from calls that hand it on.

use super::apply::Purpose;
use super::eval::Evaluator;
use super::index::FunctionUse;
use super::provisional::Asked;
use super::terms::{Key, Place, Term, ValueId};
use crate::model::OriginSet;
use crate::parse::ir::{BindingId, FuncId, ListId, NodeId, Op};
use crate::parse::names::{self, NameId};

/// Call sites of one function whose arguments are told apart.
const MOST_SITES: usize = 64;

impl Evaluator<'_> {
    /// What a parameter gets, from the file's call sites; the parameter itself stays among the
    /// alternatives where somebody else may call the function.
    pub(super) fn parameter(&mut self, function: FuncId, at: u32, purpose: Purpose) -> ValueId {
        let key = (function, at);
        if let Some(&known) = self.params[purpose as usize].get(&key) {
            return known;
        }
        let asked = Asked::Parameter(function, at, purpose as u8);
        if self.circles.is_open(asked) {
            return self.terms.unknown(OriginSet::EMPTY);
        }
        if let Some(known) = self.circles.known(asked) {
            return known;
        }
        let entered = self.circles.enter(asked);
        let value = self.parameter_from_sites(function, at, purpose);
        if self.circles.leave(asked, &entered, value) {
            self.params[purpose as usize].insert(key, value);
        }
        value
    }

    fn parameter_from_sites(&mut self, function: FuncId, at: u32, purpose: Purpose) -> ValueId {
        if let Some(given) = self.given_by_loader(function, at, purpose) {
            return given;
        }
        let own = self.terms.add(Term::Param(function, at));
        let place = self.index.uses.get(function.index()).copied();
        let mut values = match place {
            Some(FunctionUse::Called(call, skip)) => {
                return self.argument(call, at.saturating_add(skip), purpose);
            }
            Some(FunctionUse::Applied(call)) => {
                let node = self.ir.node(call);
                let args = self.list(ListId(node.b));
                let Some(&array) = args.get(1) else {
                    return own;
                };
                let at = self.terms.number(f64::from(at));
                let value = self.terms.index(array, at);
                return self.close_for(value, purpose);
            }
            Some(FunctionUse::Argument(call, position)) => {
                return self.handed(call, position, at, purpose);
            }
            Some(FunctionUse::Named(binding)) => self.given_by_callers(binding, at, purpose),
            _ => self.given_by_method_calls(function, at, purpose),
        };
        values.push(own);
        self.terms.one_of(&values)
    }

    fn given_by_callers(&mut self, binding: BindingId, at: u32, purpose: Purpose) -> Vec<ValueId> {
        let calls: Vec<NodeId> = self.index.calls_of(binding).take(MOST_SITES).collect();
        let handed: Vec<(NodeId, u32)> =
            self.index.arguments_of(binding).take(MOST_SITES).collect();
        let mut values: Vec<ValueId> = calls
            .into_iter()
            .map(|call| self.argument(call, at, purpose))
            .collect();
        values.extend(
            handed
                .into_iter()
                .map(|(call, position)| self.handed(call, position, at, purpose)),
        );
        let applied: Vec<NodeId> = self.index.applied(binding).take(MOST_SITES).collect();
        for call in applied {
            self.given_by_wrapper(call, at, purpose, &mut values);
        }
        values
    }

    /// What `f.call(…)`, `f.apply(…)` and the calls of `f.bind(…)` give a parameter of `f`.
    fn given_by_wrapper(
        &mut self,
        call: NodeId,
        at: u32,
        purpose: Purpose,
        values: &mut Vec<ValueId>,
    ) {
        let node = self.ir.node(call);
        match NameId(self.ir.node(NodeId(node.a)).b) {
            names::CALL => values.push(self.argument(call, at.saturating_add(1), purpose)),
            names::APPLY => {
                let args = self.list(ListId(node.b));
                if let Some(&array) = args.get(1) {
                    let at = self.terms.number(f64::from(at));
                    let value = self.terms.index(array, at);
                    values.push(self.close_for(value, purpose));
                }
            }
            _ => {
                let count = u32::try_from(self.ir.list(ListId(node.b)).len()).unwrap_or(u32::MAX);
                let bound = count.saturating_sub(1);
                if at < bound {
                    values.push(self.argument(call, at + 1, purpose));
                } else if let Some(name) = self.index.bound(call) {
                    let calls: Vec<NodeId> = self.index.calls_of(name).take(MOST_SITES).collect();
                    for call in calls {
                        values.push(self.argument(call, at - bound, purpose));
                    }
                }
            }
        }
    }

    /// Methods are found by name; a name that too many calls share tells nothing.
    fn given_by_method_calls(
        &mut self,
        function: FuncId,
        at: u32,
        purpose: Purpose,
    ) -> Vec<ValueId> {
        let Some((name, sets)) = self.method_name(function) else {
            return Vec::new();
        };
        let Some(name) = self.ir.names.find(self.text, &name) else {
            return Vec::new();
        };
        if sets {
            let writes = self.index.member_writes(self.ir, name).to_vec();
            let written = writes.into_iter().take(MOST_SITES);
            let written: Vec<NodeId> = written.map(|write| NodeId(self.ir.node(write).b)).collect();
            return written
                .into_iter()
                .map(|value| {
                    let value = self.eval(value);
                    self.close_for(value, purpose)
                })
                .collect();
        }
        let calls = self.index.method_calls(self.ir, name).to_vec();
        if calls.len() > MOST_SITES {
            return Vec::new();
        }
        calls
            .into_iter()
            .map(|call| self.argument(call, at, purpose))
            .collect()
    }

    /// Argument `at` of a call, with its own parameters filled in.
    fn argument(&mut self, call: NodeId, at: u32, purpose: Purpose) -> ValueId {
        let node = self.ir.node(call);
        let args: Vec<NodeId> = self.ir.list(ListId(node.b)).collect();
        let has_spread = args
            .iter()
            .take(at as usize + 1)
            .any(|&arg| self.ir.node(arg).op == Op::Spread);
        if has_spread {
            let values = self.list(ListId(node.b));
            let value = values.get(at as usize).copied();
            let value = value.unwrap_or_else(|| {
                let place = Place::here(node.span);
                self.terms.derived(&values, place)
            });
            return self.close_for(value, purpose);
        }
        match args.get(at as usize) {
            Some(&arg) if purpose == Purpose::Callee && !self.leads_outside(arg) => {
                self.terms.unknown(OriginSet::EMPTY)
            }
            Some(&arg) => {
                let value = self.eval(arg);
                self.close_for(value, purpose)
            }
            None => self.terms.add(Term::Undefined),
        }
    }

    /// What a call hands to parameter `at` of the function that is its argument `position`.
    fn handed(&mut self, call: NodeId, position: u32, at: u32, purpose: Purpose) -> ValueId {
        let node = self.ir.node(call);
        let callee = self.eval(NodeId(node.a));
        let callee = self.close_callee(callee);
        let args = self.list(ListId(node.b));
        let (inner, inner_args) = self.terms.unwrap_call(callee, &args);
        if let Term::Function(local) = *self.terms.get(inner) {
            // Where our own function calls that parameter, it says what it hands over.
            let shifted = args.len() - inner_args.len().min(args.len());
            let position = position.saturating_sub(u32::try_from(shifted).unwrap_or(0));
            return self.handed_by(local, position, at, purpose);
        }
        if let Some((receiver, method)) = self.handing(NodeId(node.a), inner, purpose) {
            let place = Place::here(node.span);
            match (&*method, at) {
                ("then", 0) if position == 0 => return receiver,
                // A rejection may carry the response, and what was thrown on the way.
                ("catch" | "then", 0) => {
                    let callee = self.ir.node(NodeId(node.a));
                    let mut reasons = match callee.op {
                        Op::Member => self.rejections(NodeId(callee.a)),
                        _ => Vec::new(),
                    };
                    reasons.push(self.terms.derived(&[receiver], place));
                    let reason = self.terms.one_of(&reasons);
                    return self.close_for(reason, purpose);
                }
                ("finally", _) => return self.terms.add(Term::Undefined),
                ("map" | "forEach" | "filter" | "some" | "every" | "find" | "flatMap", 0)
                | ("reduce" | "reduceRight", 1)
                    if self.terms.type_of(receiver).is_none() =>
                {
                    return self.terms.item(receiver, place);
                }
                ("map" | "forEach" | "filter", 2) => return receiver,
                _ => {}
            }
        }
        let value = self.terms.call(callee, &args, Place::here(node.span));
        let value = self.close_for(value, purpose);
        self.terms.add(Term::Handed(value, position, at))
    }

    /// The receiver and the name of a method that gets a function. A mixture of receivers is
    /// one: what is handed on is any of it, and all of it is wanted, not only what is called.
    fn handing(
        &mut self,
        callee: NodeId,
        closed: ValueId,
        purpose: Purpose,
    ) -> Option<(ValueId, Key)> {
        let node = self.ir.node(callee);
        if node.op == Op::Member {
            let method = self.key(NameId(node.b));
            if hands_on(&method) {
                let receiver = self.eval(NodeId(node.a));
                return Some((self.close_for(receiver, purpose), method));
            }
        }
        match self.terms.get(closed).clone() {
            Term::Member(receiver, method) => Some((receiver, method)),
            _ => None,
        }
    }

    fn handed_by(&mut self, function: FuncId, position: u32, at: u32, purpose: Purpose) -> ValueId {
        let Some(found) = self.ir.functions.get(function.index()) else {
            return self.terms.unresolved();
        };
        let target = self.ir.list(found.params).nth(position as usize);
        let binding = target.map(|target| self.ir.node(target));
        let Some(binding) = binding.filter(|node| node.op == Op::Name && node.b != u32::MAX) else {
            return self.terms.unknown(OriginSet::EMPTY);
        };
        let calls: Vec<NodeId> = self
            .index
            .calls_of(BindingId(binding.b))
            .take(MOST_SITES)
            .collect();
        let values: Vec<ValueId> = calls
            .into_iter()
            .map(|call| self.argument(call, at, purpose))
            .collect();
        self.terms.one_of(&values)
    }
}

/// Methods that hand the receiver, or items of it, to a function.
fn hands_on(method: &str) -> bool {
    matches!(
        method,
        "then"
            | "catch"
            | "finally"
            | "map"
            | "forEach"
            | "filter"
            | "some"
            | "every"
            | "find"
            | "flatMap"
            | "reduce"
            | "reduceRight"
    )
}
