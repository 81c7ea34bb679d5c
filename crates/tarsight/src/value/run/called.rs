//! Runs what nobody was seen to call: functions that something outside got, methods of objects
//! that it got, and whatever else is left.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::generator::Driver;
use super::object::{Closure, Key, Kind, ObjId, Val};
use super::{Cx, Machine, Run, Slot, Stop};
use crate::model::OriginSet;
use crate::parse::ir::{FuncId, FunctionKind, NodeId};
use crate::value::terms::{Term, ValueId};

/// Properties of an object that are handed over with it, and how deep.
const MOST_VALUES: usize = 64;
const MOST_LEVELS: u32 = 3;
/// Classes between an object and the end of its chain that its methods are taken from.
const MOST_CLASSES: usize = 4;

/// A function that somebody may call, what it is called on if that is known, and the call that
/// got it, with the place among the arguments there.
#[derive(Clone)]
pub(super) struct Waiting {
    function: ObjId,
    this: Option<Val>,
    by: Option<(ValueId, u32)>,
}

impl Machine<'_> {
    /// Functions that the outside got, twice, then all that nobody called, each with unknown
    /// parameters. They may take so many steps, and as many as the texts earned that were made
    /// before, up to a point; unless the file may take many more.
    pub(super) fn rest(&mut self, whole: u64) {
        const STEPS: u64 = 40_000;
        const STEPS_LEFT: u64 = 100_000;
        const MOST_MADE: u64 = 400_000;
        const MANY: u64 = 4_000_000;
        let mut done: FxHashSet<ObjId> = FxHashSet::default();
        let files = self.units.iter().take(self.observed.len());
        let bytes = files.map(|unit| unit.text.len() as u64).sum::<u64>();
        let made = self.earned.saturating_sub(super::FIRST_STEPS + bytes);
        let made = made.min(MOST_MADE);
        // Of a file alone a package's run may tell the rest.
        let most = match self.files.is_some() || whole > MANY {
            true => whole,
            false => whole.min(self.steps + STEPS + bytes / 8 + made),
        };
        self.handed(most, &mut done);
        // What something outside got will be called; what follows may.
        self.is_rest = true;
        let whole = match whole > MANY {
            true => whole,
            false => most.min(self.steps + STEPS_LEFT + bytes / 4 + made),
        };
        let methods = self.methods();
        loop {
            let mut left: Vec<((usize, FuncId), ObjId)> = self
                .created
                .iter()
                .filter(|(function, id)| !self.invoked.contains(function) && !done.contains(id))
                .map(|(&function, &id)| (function, id))
                .collect();
            if left.is_empty() {
                return;
            }
            left.sort_unstable();
            for (key, function) in left {
                if !self.has_steps(whole) {
                    self.is_cut = true;
                    return;
                }
                if self.invoked.contains(&key) || !done.insert(function) {
                    continue;
                }
                let this = methods.get(&function).map(|&home| self.made_of(home));
                let by = None;
                self.call_anyhow(&Waiting { function, this, by }, whole);
                self.handed(whole, &mut done);
            }
        }
    }

    /// What something outside got on load, and what those functions give it.
    pub(super) fn later(&mut self, whole: u64) {
        self.handed(whole, &mut FxHashSet::default());
    }

    /// Functions that the outside got and those that they hand over; then the same once more:
    /// a timer or a listener is called again after others have left something for it.
    fn handed(&mut self, whole: u64, done: &mut FxHashSet<ObjId>) {
        const MOST_ROUNDS: usize = 16;
        let mut all: Vec<Waiting> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            for generator in self.asleep() {
                self.with_share(whole, |machine| {
                    machine.drive(generator, Driver::Outside, None)?;
                    Ok(Val::Undefined)
                });
            }
            let mut waiting: Vec<Waiting> = std::mem::take(&mut self.pending);
            waiting.retain(|one| done.insert(one.function));
            if waiting.is_empty() || !self.has_steps(whole) {
                break;
            }
            for one in &waiting {
                self.call_anyhow(one, whole);
            }
            all.append(&mut waiting);
        }
        // One alone has nobody to wait for.
        if all.len() < 2 || self.files.is_none() {
            return;
        }
        // What was handed over first waits for the others.
        for one in all.iter().rev() {
            if !self.has_steps(whole) {
                break;
            }
            let next = u32::try_from(self.heap.len()).unwrap_or(u32::MAX);
            self.again = Some(ObjId(next));
            self.call_anyhow(one, whole);
        }
        self.again = None;
    }

    /// Whether a number is a count that goes on from call to call, so that nobody knows how far
    /// it has come: the length of an older array.
    pub(super) fn counts_calls(&self, object: &Val, key: Key) -> bool {
        let (Some(first), Val::Obj(id)) = (self.again, object) else {
            return false;
        };
        *id < first
            && key == Key::Name(self.realm.length)
            && matches!(self.at(*id).kind, Kind::Array(_))
    }

    /// The same of what code adds to: a property of an older object, a name of a function around.
    pub(super) fn is_counter(&self, cx: &Cx<'_>, target: NodeId, object: Option<&Val>) -> bool {
        let Some(first) = self.again else {
            return false;
        };
        let ir = &cx.unit.ir;
        match object {
            Some(Val::Obj(id)) => *id < first,
            Some(_) => false,
            None => {
                let binding = ir.bindings.get(ir.node(target).b as usize);
                binding.is_some_and(|one| ir.function_of(one.node) != ir.function_of(target))
            }
        }
    }

    /// A number that nobody knows.
    pub(super) fn some_number(&mut self) -> Val {
        Val::Host(self.terms.unknown(OriginSet::EMPTY))
    }

    fn has_steps(&self, whole: u64) -> bool {
        self.steps < whole.min(self.earned)
    }

    /// Runs a function as if anybody called it, with a share of the steps.
    fn call_anyhow(&mut self, one: &Waiting, whole: u64) {
        self.with_share(whole, |machine| machine.run_unknown(one));
    }

    /// Works with a share of the steps that are left.
    fn with_share(&mut self, whole: u64, work: impl FnOnce(&mut Self) -> Run) {
        let share = (whole.saturating_sub(self.steps) / 4).max(1_000);
        self.ceiling = whole.min(self.steps.saturating_add(share));
        self.depth = 0;
        self.overrides.clear();
        self.before.clear();
        match work(self) {
            // Whoever called it has what it gives.
            Ok(value) => self.hand_over(&value),
            Err(Stop::End) => self.ran = self.ran.max(super::Ran::InPart),
            Err(_) => {}
        }
    }

    fn run_unknown(&mut self, one: &Waiting) -> Run {
        let closure = match &self.at(one.function).kind {
            Kind::Closure(closure) => Rc::clone(closure),
            Kind::Bound { target, this, args } => {
                let (target, this, args) = (target.clone(), this.clone(), args.clone());
                return self.call_bound(&target, this, args);
            }
            _ => return Ok(Val::Undefined),
        };
        if !self.is_file(closure.unit) {
            return Ok(Val::Undefined);
        }
        // Whoever has a class makes instances of it.
        if let Some(home) = self.prototype_of(one.function)
            && (closure.class.is_some() || self.at(home).props.len() > 1)
        {
            return Ok(self.made_of(home));
        }
        if closure.class.is_some() {
            return Ok(Val::Undefined);
        }
        let args = self.args_by(&closure, one.by);
        let kind = self.kind_of(&closure);
        let this = match (kind, &one.this) {
            (Some(FunctionKind::Arrow), _) => Val::Undefined,
            (_, Some(this)) => this.clone(),
            (Some(FunctionKind::Method), None) if closure.home.is_some() => match closure.home {
                Some(home) => self.made_of(home),
                None => Val::Undefined,
            },
            _ => {
                let function = self.numbered(closure.unit, closure.function);
                Val::Host(self.terms.add(Term::This(function)))
            }
        };
        self.invoke(&closure, Some(one.function), this, args, Val::Undefined)
    }

    /// A bound function, with what it is bound to and nothing known behind that.
    fn call_bound(&mut self, target: &Val, this: Val, mut args: Vec<Val>) -> Run {
        if let Val::Obj(id) = target
            && let Kind::Closure(closure) = &self.at(*id).kind
        {
            let closure = Rc::clone(closure);
            let unknown = self.args_of(&closure);
            args.extend(unknown.into_iter().skip(args.len()));
        }
        self.call(target, this, args)
    }

    fn args_of(&mut self, closure: &Closure) -> Vec<Val> {
        match self.units.get(closure.unit).cloned() {
            Some(unit) => self.unknown_args(&unit, closure.function),
            None => Vec::new(),
        }
    }

    /// The arguments of a function that a call got: what the tables say of them.
    fn args_by(&mut self, closure: &Closure, by: Option<(ValueId, u32)>) -> Vec<Val> {
        let mut args = self.args_of(closure);
        let Some((call, position)) = by else {
            return args;
        };
        for (at, arg) in (0..).zip(&mut args) {
            if self.terms.hands(call, position, at) {
                *arg = Val::Host(self.terms.add(Term::Handed(call, position, at)));
            }
        }
        args
    }

    fn kind_of(&self, closure: &Closure) -> Option<FunctionKind> {
        let unit = self.units.get(closure.unit)?;
        let function = unit.ir.functions.get(closure.function.index())?;
        Some(function.kind)
    }

    /// Functions on prototypes, each with the prototype: what they are called on is made by its
    /// constructor.
    fn methods(&self) -> FxHashMap<ObjId, ObjId> {
        let mut methods = FxHashMap::default();
        let mut created: Vec<ObjId> = self.created.values().copied().collect();
        created.sort_unstable();
        for constructor in created {
            let Some(home) = self.prototype_of(constructor) else {
                continue;
            };
            for prop in self.at(home).props.values() {
                if let Slot::Value(Val::Obj(method)) = prop.slot
                    && method != constructor
                {
                    methods.entry(method).or_insert(home);
                }
            }
        }
        methods
    }

    fn prototype_of(&self, constructor: ObjId) -> Option<ObjId> {
        let key = Key::Name(self.realm.prototype);
        match self.own(constructor, key)?.slot {
            Slot::Value(Val::Obj(home)) => Some(home),
            _ => None,
        }
    }

    /// What methods of a prototype are called on: an instance that anybody made.
    fn made_of(&mut self, home: ObjId) -> Val {
        if let Some(known) = self.instances.get(&home) {
            return known.clone();
        }
        // Its constructor may call methods.
        self.instances.insert(home, Val::Obj(home));
        let key = Key::Name(self.realm.constructor);
        let maker = self.own(home, key).map(|prop| prop.slot);
        let Some(Slot::Value(maker @ Val::Obj(class))) = maker else {
            return Val::Obj(home);
        };
        let closure = match &self.at(class).kind {
            Kind::Closure(closure) => Rc::clone(closure),
            _ => return Val::Obj(home),
        };
        let args = self.args_of(&closure);
        let depth = self.depth;
        let made = self.construct(&maker, args, &maker);
        self.depth = depth;
        match made {
            Ok(made @ Val::Obj(_)) => {
                self.instances.insert(home, made.clone());
                made
            }
            _ => Val::Obj(home),
        }
    }

    /// A function that something outside got may be called with anything; so may those of
    /// objects that it got, and the methods of these.
    pub(super) fn hand_over(&mut self, value: &Val) {
        self.hand_deep(value, None, 0);
    }

    /// The same for the arguments of a call of something outside.
    pub(super) fn hand_to(&mut self, call: ValueId, args: &[Val]) {
        for (at, arg) in (0..).zip(args) {
            match arg {
                Val::Obj(id) if matches!(self.at(*id).kind, Kind::Closure(_)) => {
                    self.pending.push(Waiting {
                        function: *id,
                        this: None,
                        by: Some((call, at)),
                    });
                }
                _ => self.hand_over(arg),
            }
        }
    }

    fn hand_deep(&mut self, value: &Val, this: Option<&Val>, depth: u32) {
        let Val::Obj(id) = value else { return };
        let inner: Vec<Val> = match &self.at(*id).kind {
            Kind::Closure(_) | Kind::Bound { .. } => {
                self.pending.push(Waiting {
                    function: *id,
                    this: this.cloned(),
                    by: None,
                });
                return;
            }
            Kind::Plain | Kind::Outside(_) => {
                for inner in self.held_by(*id) {
                    if depth < MOST_LEVELS {
                        self.hand_deep(&inner, Some(value), depth + 1);
                    }
                }
                return;
            }
            Kind::Choice(values) => values.clone(),
            Kind::Promise { value, .. } => vec![value.clone()],
            Kind::Array(items) => items.iter().take(MOST_VALUES).cloned().collect(),
            _ => return,
        };
        if depth < MOST_LEVELS {
            for value in inner {
                self.hand_deep(&value, None, depth + 1);
            }
        }
    }

    /// Objects that an object holds, and the methods that it has of its classes.
    fn held_by(&self, id: ObjId) -> Vec<Val> {
        let constructor = Key::Name(self.realm.constructor);
        let mut held = Vec::new();
        let mut at = Some(id);
        for level in 0..MOST_CLASSES {
            let Some(object) = at.map(|at| self.at(at)) else {
                break;
            };
            let props = object.props.iter().take(MOST_VALUES);
            held.extend(props.filter_map(|(key, prop)| match &prop.slot {
                Slot::Value(value @ Val::Obj(inner)) => {
                    let is_method = matches!(self.at(*inner).kind, Kind::Closure(_));
                    let counts = level == 0 || (is_method && *key != constructor);
                    counts.then(|| value.clone())
                }
                _ => None,
            }));
            at = object.proto;
        }
        held
    }
}
