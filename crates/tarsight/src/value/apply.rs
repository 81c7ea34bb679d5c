//! Calls: what they give, what parameters get, and values with parameters filled in.

use rustc_hash::FxHashMap;

use super::eval::Evaluator;
use super::index::FunctionUse;
use super::provisional::Asked;
use super::rewrite::{Rewrite, rebuild};
use super::terms::{Key, Place, Term, Terms, ValueId};
use crate::model::OriginSet;
use crate::parse::ir::{BindingId, FuncId, ListId, Node, NodeId, Op};
use crate::parse::names::{self, NameId};

/// Deepest chain of calls that is followed into the file's own functions.
const MOST_CALLS: usize = 24;
/// Call sites of one function whose arguments are told apart.
const MOST_SITES: usize = 64;

/// How parameters are filled in.
#[derive(Clone, Copy)]
enum Fill<'v> {
    /// The parameters of one function, with these.
    With(FuncId, &'v [ValueId]),
    /// Every parameter, with what the file's call sites give.
    Sites(Purpose),
}

/// What a value is wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// All of it.
    Data = 0,
    /// To know what is called.
    Callee = 1,
}

impl Evaluator<'_> {
    pub(super) fn call(
        &mut self,
        callee: NodeId,
        args: ListId,
        node: Node,
        is_new: bool,
    ) -> ValueId {
        let callee_node = self.ir.node(callee);
        let callee = self.eval(callee);
        let args = self.list(args);
        let place = self.place(node);
        if is_new {
            if let Some(value) = self.promised(callee, &args) {
                return value;
            }
            return self.terms.construct(callee, &args, place);
        }
        let value = self.call_value(callee, &args, place);
        // `new Box(value).open()`: what the method gives hangs on what the constructor got.
        if callee_node.op == Op::Member && self.terms.is_open(value) {
            let object = self.eval(NodeId(callee_node.a));
            return self.of_instance(object, value);
        }
        value
    }

    /// A value with the parameters of a function replaced by these.
    pub(super) fn with_arguments(
        &mut self,
        value: ValueId,
        function: FuncId,
        args: &[ValueId],
    ) -> ValueId {
        self.fill(value, Fill::With(function, args))
    }

    /// What calling a value gives.
    pub(super) fn call_value(
        &mut self,
        callee: ValueId,
        args: &[ValueId],
        place: Place,
    ) -> ValueId {
        let (callee, args) = self.terms.unwrap_call(callee, args);
        match self.terms.get(callee).clone() {
            Term::Function(function) => {
                let given = self.apply(function, &args, place);
                match args.first() {
                    Some(&first) if self.is_interop_helper(function) => {
                        self.terms.one_of(&[first, given])
                    }
                    _ => given,
                }
            }
            Term::OneOf(choices) if choices.len() <= 4 => {
                let results: Vec<ValueId> = choices
                    .iter()
                    .map(|&one| self.call_value(one, &args, place))
                    .collect();
                self.terms.one_of(&results)
            }
            Term::Member(receiver, method) => {
                match self.callback_method(receiver, &method, &args, place) {
                    Some(value) => value,
                    None => self.terms.call(callee, &args, place),
                }
            }
            _ => self.terms.call(callee, &args, place),
        }
    }

    /// Methods whose result is what a function of the file makes of the receiver.
    fn callback_method(
        &mut self,
        receiver: ValueId,
        method: &Key,
        args: &[ValueId],
        place: Place,
    ) -> Option<ValueId> {
        const MOST_ITEMS: usize = 4096;
        let function = match self.terms.get(*args.first()?) {
            Term::Function(function) => *function,
            _ => return None,
        };
        match &**method {
            "then" => {
                let mut results = vec![self.apply(function, &[receiver], place)];
                if let Some(Term::Function(failed)) = args.get(1).map(|&arg| self.terms.get(arg)) {
                    let failed = *failed;
                    let reason = self.terms.unresolved();
                    results.push(self.apply(failed, &[reason], place));
                }
                Some(self.terms.one_of(&results))
            }
            "catch" => {
                let reason = self.terms.derived(&[receiver], place);
                let rescued = self.apply(function, &[reason], place);
                Some(self.terms.one_of(&[receiver, rescued]))
            }
            "finally" => Some(receiver),
            "reduce" => self.reduced(receiver, function, args.get(1).copied(), place),
            "map" => {
                let Term::Array(items, false) = self.terms.get(receiver).clone() else {
                    return None;
                };
                if items.len() > MOST_ITEMS {
                    return None;
                }
                let mut mapped = Vec::with_capacity(items.len());
                for (at, &item) in items.iter().enumerate() {
                    let at = self.terms.number(at as f64);
                    mapped.push(self.apply(function, &[item, at], place));
                }
                Some(self.terms.add(Term::Array(mapped.into(), false)))
            }
            _ => None,
        }
    }

    /// What `reduce` makes of an array whose items are known.
    fn reduced(
        &mut self,
        receiver: ValueId,
        function: FuncId,
        first: Option<ValueId>,
        place: Place,
    ) -> Option<ValueId> {
        const MOST_ITEMS: usize = 16;
        let Term::Array(items, false) = self.terms.get(receiver).clone() else {
            return None;
        };
        if items.len() > MOST_ITEMS {
            return None;
        }
        let mut items = items.iter().copied();
        let mut all = first.or_else(|| items.next())?;
        for item in items {
            all = self.apply(function, &[all, item], place);
        }
        Some(all)
    }

    /// What a function of the file returns for these arguments.
    pub(crate) fn apply(&mut self, function: FuncId, args: &[ValueId], place: Place) -> ValueId {
        if self.applying.len() >= MOST_CALLS || self.applying.contains(&function) || !self.step() {
            return self.terms.derived(args, place);
        }
        self.applying.push(function);
        let returned = self.returned(function);
        let value = self.fill(returned, Fill::With(function, args));
        self.applying.pop();
        value
    }

    /// What a function returns, its parameters left as they are.
    pub(crate) fn returned(&mut self, function: FuncId) -> ValueId {
        if let Some(&known) = self.returns.get(&function) {
            return known;
        }
        let nothing = self.terms.unknown(OriginSet::EMPTY);
        self.returns.insert(function, nothing);
        let Some(found) = self.ir.functions.get(function.index()) else {
            return self.terms.unresolved();
        };
        let mut values = Vec::new();
        let mut at = found.first_return;
        let is_generator = found.is_generator;
        let mut yielded = Vec::new();
        if is_generator {
            for id in self.yields_of(function) {
                yielded.push(self.eval(id));
            }
        }
        while let Some(one) = self.ir.returns.get(at as usize) {
            values.push(self.eval(one.value));
            at = one.next;
        }
        let value = match values.as_slice() {
            // What iterates it gets these.
            _ if is_generator && !yielded.is_empty() => {
                self.terms.add(Term::Array(yielded.into(), true))
            }
            _ if is_generator => self.terms.unresolved(),
            [] => self.terms.add(Term::Undefined),
            _ => self.terms.one_of(&values),
        };
        if self.circles.is_spoiled() {
            self.returns.remove(&function);
        } else {
            self.returns.insert(function, value);
        }
        value
    }

    /// What the `yield`s of a generator give.
    fn yields_of(&mut self, function: FuncId) -> Vec<NodeId> {
        const MOST_YIELDS: usize = 16;
        let ir = self.ir;
        let yields = self.index.yields.get_or_insert_with(|| {
            let nodes = (0u32..).zip(&ir.nodes);
            let yields = nodes.filter(|(_, node)| node.op == Op::Yield);
            yields
                .map(|(at, _)| (ir.function_of(NodeId(at)), NodeId(at)))
                .collect()
        });
        let own = yields.iter().filter(|(of, _)| *of == function);
        own.map(|&(_, id)| NodeId(ir.node(id).a))
            .filter(|given| !given.is_none())
            .take(MOST_YIELDS)
            .collect()
    }

    /// The value with every parameter replaced by what the file's call sites give it.
    pub(crate) fn close(&mut self, id: ValueId) -> ValueId {
        self.close_for(id, Purpose::Data)
    }

    /// The same, but of arguments only those count that may lead outside: enough to know what is
    /// called, and much cheaper.
    pub(crate) fn close_callee(&mut self, id: ValueId) -> ValueId {
        self.close_for(id, Purpose::Callee)
    }

    fn close_for(&mut self, id: ValueId, purpose: Purpose) -> ValueId {
        Filling {
            evaluator: self,
            fill: Fill::Sites(purpose),
            memo: FxHashMap::default(),
        }
        .part(id)
    }

    fn fill(&mut self, id: ValueId, fill: Fill<'_>) -> ValueId {
        let mut filling = Filling {
            evaluator: self,
            fill,
            memo: FxHashMap::default(),
        };
        filling.part(id)
    }

    /// What a parameter gets, from the file's call sites; the parameter itself stays among the
    /// alternatives where somebody else may call the function.
    fn parameter(&mut self, function: FuncId, at: u32, purpose: Purpose) -> ValueId {
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

/// A value on its way to one with parameters filled in.
struct Filling<'e, 'a, 'v> {
    evaluator: &'e mut Evaluator<'a>,
    fill: Fill<'v>,
    memo: FxHashMap<ValueId, ValueId>,
}

impl Filling<'_, '_, '_> {
    /// Whether filling in parameters leaves what is called as it is, and that is no function of
    /// the file: then the arguments do not tell what the call gives, only what is in it.
    fn stays(&mut self, callee: ValueId) -> bool {
        self.part(callee) == callee
            && !matches!(
                self.evaluator.terms.get(callee),
                Term::Function(_) | Term::OneOf(_) | Term::Param(..)
            )
    }
}

impl Rewrite for Filling<'_, '_, '_> {
    fn terms(&mut self) -> &mut Terms {
        &mut self.evaluator.terms
    }

    fn part(&mut self, id: ValueId) -> ValueId {
        if !self.evaluator.terms.is_open(id) {
            return id;
        }
        let known = match self.fill {
            Fill::Sites(purpose) => self.evaluator.closed(purpose as usize, id),
            Fill::With(..) => self.memo.get(&id).copied(),
        };
        let asked = match self.fill {
            Fill::Sites(purpose) => Some(Asked::Closed(id, purpose as u8)),
            Fill::With(..) => None,
        };
        let known = known.or_else(|| self.evaluator.circles.known(asked?));
        if let Some(known) = known {
            return known;
        }
        if !self.evaluator.step() {
            return self.evaluator.terms.unresolved();
        }
        let outer = self.evaluator.circles.before();
        self.evaluator.depth += 1;
        let value = match (self.evaluator.terms.get(id).clone(), self.fill) {
            (Term::Param(function, at), Fill::With(of, args)) if of == function => {
                match args.get(at as usize) {
                    Some(&arg) => arg,
                    None => self.evaluator.terms.add(Term::Undefined),
                }
            }
            (Term::Param(function, at), Fill::Sites(purpose)) => {
                self.evaluator.parameter(function, at, purpose)
            }
            // What was computed is nothing that is called.
            (Term::Derived(..) | Term::Concat(_), Fill::Sites(Purpose::Callee)) => id,
            (Term::Call(callee, ..) | Term::New(callee, ..), Fill::Sites(Purpose::Callee))
                if self.stays(callee) =>
            {
                id
            }
            (term, _) => rebuild(self, term),
        };
        self.evaluator.depth -= 1;
        match self.fill {
            Fill::Sites(purpose) => {
                let asked = Asked::Closed(id, purpose as u8);
                if self.evaluator.circles.after(outer, asked, value) {
                    self.evaluator.set_closed(purpose as usize, id, value);
                }
            }
            Fill::With(..) => {
                self.evaluator.circles.rejoin(outer);
                self.memo.insert(id, value);
            }
        }
        value
    }

    fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        self.evaluator.member(object, key)
    }

    fn call(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.evaluator.call_value(callee, args, place)
    }

    fn construct(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.evaluator.terms.construct(callee, args, place)
    }

    fn place(&self, place: Place) -> Place {
        place
    }
}
