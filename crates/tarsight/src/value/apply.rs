//! Calls: what they give, and values with parameters filled in.

use rustc_hash::FxHashMap;

use super::eval::Evaluator;
use super::provisional::Asked;
use super::rewrite::{Rewrite, rebuild, receiver};
use super::terms::{Key, Place, Term, Terms, ValueId};
use crate::model::OriginSet;
use crate::parse::ir::{FuncId, ListId, Node, NodeId, Op};

/// Deepest chain of calls that is followed into the file's own functions.
const MOST_CALLS: usize = 24;

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
pub(super) enum Purpose {
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
        // `new Box(value).with(more)` gives the box.
        if callee_node.op == Op::Member && matches!(self.terms.get(value), Term::This(_)) {
            return self.eval(NodeId(callee_node.a));
        }
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
                if let Some(exports) = self.loaded(function, &args) {
                    return exports;
                }
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
            Term::Member(receiver, method) if self.is_choice_of_lists(receiver) => {
                let lists = self.terms.choices(receiver);
                let results: Vec<ValueId> = lists
                    .into_iter()
                    .map(|one| {
                        let callee = self.terms.member(one, &method);
                        self.call_value(callee, &args, place)
                    })
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

    /// Whether a value is one of a few lists that are known: rows of a table.
    fn is_choice_of_lists(&self, id: ValueId) -> bool {
        matches!(self.terms.get(id), Term::OneOf(choices) if choices.len() <= 4
            && choices.iter().all(|&one| matches!(self.terms.get(one), Term::Array(_, false))))
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

    /// What a template gives that a function makes of its parts.
    pub(super) fn tagged(&mut self, tag: NodeId, template: NodeId, node: Node) -> ValueId {
        let tag = self.eval(tag);
        // A function of the file gets the texts and the values one by one.
        if matches!(self.terms.get(tag), Term::Function(_)) {
            let list = ListId(self.ir.node(template).a);
            let (mut texts, mut args) = (Vec::new(), Vec::new());
            for (at, piece) in self.list(list).into_iter().enumerate() {
                if at % 2 == 0 {
                    texts.push(piece);
                } else {
                    args.push(piece);
                }
            }
            args.insert(0, self.terms.add(Term::Array(texts.into(), false)));
            let place = self.place(node);
            return self.call_value(tag, &args, place);
        }
        let value = self.eval(template);
        let is_raw = matches!(self.terms.get(tag), Term::Member(of, key)
            if &**key == "raw" && matches!(self.terms.get(*of), Term::Global(name) if &**name == "String"));
        if is_raw {
            return value;
        }
        let place = self.place(node);
        self.call_value(tag, &[value], place)
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

    pub(super) fn close_for(&mut self, id: ValueId, purpose: Purpose) -> ValueId {
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

    fn receiver(&self, callee: ValueId) -> Option<ValueId> {
        receiver(&self.evaluator.terms, callee)
    }

    fn place(&self, place: Place) -> Place {
        place
    }
}
