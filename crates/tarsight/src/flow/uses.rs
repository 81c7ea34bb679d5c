//! Every use of an API in the package, with its targets and its reach.

use std::sync::Arc;

use super::channels::{self, Put};
use super::layers;
use super::package::Package;
use super::reach::FunctionReach;
use super::sites;
use super::target::{Target, targets};
use super::unresolved;
use super::waiting::Given;
use crate::api::{self, AimKind, Api, Place as At};
use crate::facts::{Answer, NEVER, UseFact, UseKind};
use crate::model::{FileId, Reach, Span};
use crate::parse::ir::FuncId;
use crate::value::{Key, Place, Term, ValueId};

/// A use of an API.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    /// Where.
    pub(crate) file: FileId,
    /// Where in the file.
    pub(crate) span: Span,
    /// What the tables say about it.
    pub(crate) row: &'static Api,
    /// What is called or read.
    pub(crate) callee: ValueId,
    /// Arguments, parameters left as they are.
    pub(crate) args: Vec<ValueId>,
    /// What it gives.
    pub(crate) value: ValueId,
    /// When it runs.
    pub(crate) reach: Reach,
    /// Conditions that lead to it.
    pub(crate) guards: Arc<[Key]>,
    /// Indices of what must hold before it runs, in its file's facts.
    pub(crate) conditions: Vec<u32>,
    /// Whether it asks a host something and nobody takes the answer.
    pub(crate) is_unanswered: bool,
    /// Whether what is called is this only by the way that alternatives are mixed.
    pub(super) is_mixed: bool,
    /// Calls of functions around it that its arguments came through.
    pub(super) through: Vec<Place>,
    /// What it does.
    pub(crate) effects: Vec<Effect>,
}

/// One thing that a use does.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    /// What.
    pub(crate) behaviour: &'static api::Behaviour,
    /// To what: one for each alternative; none if the row names none.
    pub(crate) targets: Vec<Target>,
}

impl Use {
    /// Its place.
    pub(crate) fn place(&self) -> Place {
        Place {
            file: self.file,
            span: self.span,
        }
    }
}

/// Finds all uses, in the order of files and places.
pub(crate) fn uses(package: &mut Package<'_>) -> Vec<Use> {
    let mut found = Vec::new();
    let mut calls = Vec::new();
    for at in 0..package.facts.len() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let Some(facts) = package.facts_of(file) else {
            continue;
        };
        for fact in &facts.uses {
            one(package, file, fact, &mut found, &mut calls);
        }
    }
    // Arguments first, so that targets see what other files hand over.
    for call in &calls {
        for (at, &arg) in (0u32..).zip(&call.args) {
            package.given_to(call.function, at, arg, call.place);
        }
    }
    let mut edges: Vec<channels::Call> = calls
        .iter()
        .map(|call| (call.place.file, call.from, call.function))
        .collect();
    edges.extend(channels::collect(package));
    let reach = FunctionReach::new(package, &edges);
    let found = sites::tell_apart(package, found, &calls);
    for one in &found {
        note_receiver(package, one);
    }
    let uses: Vec<Use> = found
        .into_iter()
        .map(|found| finish(package, &reach, found))
        .collect();
    channels::of_uses(package, &uses);
    super::lines::follow(package, &uses);
    super::planted::follow(package, &uses);
    super::starts::follow(package, &uses);
    layers::add(package, &uses);
    uses
}

/// Instances that a method aims or fills: `request.open(…)`, `form.append(…)`.
fn note_receiver(package: &mut Package<'_>, found: &FoundUse<'_>) {
    /// Values that are kept of one instance.
    const MOST: usize = 64;
    let Term::Member(receiver, _) = *package.terms.get(found.callee) else {
        return;
    };
    if !found.row.path.contains('#') {
        return;
    }
    let place = Place {
        file: found.file,
        span: found.fact.span,
    };
    let receiver = package.close(receiver);
    let aim = found.row.effects.iter().find_map(|effect| effect.aim);
    for choice in package.terms.choices(receiver) {
        // What is read from an instance belongs to it: `url.searchParams.set(…)`.
        let mut choice = choice;
        while let Term::Member(of, _) = *package.terms.get(choice) {
            choice = of;
        }
        if !matches!(package.terms.get(choice), Term::New(..) | Term::Call(..)) {
            continue;
        }
        match aim {
            Some(aim) if matches!(aim.place, At::Arg(_)) && is_fresh(package, choice) => {
                let aimed = targets(package, aim, found.row, found.callee, &found.args);
                let known = package.aimed.entry(choice).or_default();
                known.extend(aimed);
                known.truncate(MOST);
            }
            Some(_) => {}
            None => {
                for &place_of in found.row.data {
                    let values = arguments_at(package, place_of, &found.args);
                    for value in values {
                        let put = Put {
                            key: None,
                            value,
                            place,
                        };
                        package.channels.put_inside(choice, put);
                    }
                }
            }
        }
    }
}

/// Whether what made an instance did not aim it.
fn is_fresh(package: &Package<'_>, made: ValueId) -> bool {
    match package.terms.get(made) {
        Term::New(maker, ..) | Term::Call(maker, ..) => package
            .terms
            .api(*maker)
            .is_some_and(|row| row.effects.is_empty()),
        _ => false,
    }
}

#[derive(Clone)]
pub(super) struct FoundUse<'a> {
    pub(super) file: FileId,
    pub(super) fact: &'a UseFact,
    pub(super) row: &'static Api,
    pub(super) callee: ValueId,
    pub(super) args: Vec<ValueId>,
    /// Who takes what it gives.
    pub(super) answer: Answer,
    /// Whether what is called is this only by the way that alternatives are mixed.
    pub(super) is_mixed: bool,
    /// Calls of functions around it that its arguments came through.
    pub(super) through: Vec<Place>,
}

/// A call of a function of another file.
pub(super) struct CallBetween {
    /// The function around it.
    from: FuncId,
    pub(super) function: FuncId,
    pub(super) args: Vec<Given>,
    pub(super) place: Place,
    /// Who takes what it gives.
    pub(super) answer: Answer,
}

fn one<'a>(
    package: &mut Package<'a>,
    file: FileId,
    fact: &'a UseFact,
    found: &mut Vec<FoundUse<'a>>,
    calls: &mut Vec<CallBetween>,
) {
    let callee = package.translate(file, fact.callee);
    let place = Place {
        file,
        span: fact.span,
    };
    let may_run = fact.guards.iter().all(|guard| &**guard != NEVER);
    if may_run {
        handed(package, file, fact, calls);
    }
    let choices = package.terms.choices(callee);
    let is_inherited = is_inherited_maker(package, file, fact, &choices);
    for choice in choices {
        // Arguments of the file's own form wait until the function asks for them.
        let (choice, given) = match fact.kind {
            UseKind::Call if is_wrapped(package, choice) => {
                let args = arguments(package, file, fact);
                let (choice, args) = package.terms.unwrap_call(choice, &args);
                (choice, args.into_iter().map(Given::Known).collect())
            }
            _ => {
                let waits = |&arg: &ValueId| Given::Of(file, arg);
                (choice, fact.args.iter().map(waits).collect::<Vec<Given>>())
            }
        };
        let function = match *package.terms.get(choice) {
            Term::Function(function) => Some(function),
            Term::Class(_) if fact.kind == UseKind::New => {
                let constructor = package.member_of(choice, "constructor");
                match *package.terms.get(constructor) {
                    Term::Function(function) => Some(function),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(function) = function {
            if may_run && package.local_function(function).0 != file {
                calls.push(CallBetween {
                    from: fact.function,
                    function,
                    args: given,
                    place,
                    answer: fact.answer,
                });
            }
            continue;
        }
        let row = match fact.kind {
            UseKind::Write => package.terms.assignment(choice),
            UseKind::Read => read_row(package, choice),
            _ => package
                .terms
                .api(choice)
                .filter(|row| !row.read)
                .or_else(|| unresolved::member(package, choice)),
        };
        if let Some(row) = row.filter(|row| !row.inert) {
            let known = |given| match given {
                Given::Known(value) => value,
                Given::Of(file, value) => package.translate(file, value),
            };
            found.push(FoundUse {
                file,
                fact,
                row,
                callee: choice,
                args: given.into_iter().map(known).collect(),
                answer: fact.answer,
                is_mixed: is_inherited && is_maker(package, choice),
                through: fact
                    .through
                    .map(|span| Place { file, span })
                    .into_iter()
                    .collect(),
            });
        }
    }
}

/// Whether the maker of functions is only one of several things that a name from another file may
/// be, and no file that gives the others says its name: in helpers for inheritance
/// `features.constructor` is the caller's class, or `Object`'s by the way that defaults are mixed.
fn is_inherited_maker(
    package: &mut Package<'_>,
    file: FileId,
    fact: &UseFact,
    choices: &[ValueId],
) -> bool {
    let written = package
        .facts_of(file)
        .map(|facts| facts.terms.get(fact.callee));
    let is_asked = match written {
        Some(Term::Member(_, key)) => &**key == "constructor",
        Some(Term::Global(_)) | None => true,
        Some(_) => false,
    };
    let maker = choices.iter().copied().find(|&one| is_maker(package, one));
    let (false, Some(maker)) = (is_asked, maker) else {
        return false;
    };
    let mut own = choices
        .iter()
        .filter_map(|&one| match package.terms.get(one) {
            Term::Function(function) => Some(package.local_function(*function).0),
            _ => None,
        });
    let Some(own) = own.next() else { return false };
    // Many uses ask of the same file.
    let asked = (package.graph.layers().home(own), maker);
    let is_said = package.written.get(&asked).copied().unwrap_or_else(|| {
        let text = package.archive.bytes(asked.0);
        memchr::memmem::find(text, b"Function").is_some()
    });
    package.written.insert(asked, is_said);
    !is_said
}

fn is_maker(package: &Package<'_>, choice: ValueId) -> bool {
    matches!(package.terms.get(choice), Term::Global(name) if &**name == "Function")
}

fn arguments(package: &mut Package<'_>, file: FileId, fact: &UseFact) -> Vec<ValueId> {
    let args = fact.args.iter();
    args.map(|&arg| package.translate(file, arg)).collect()
}

/// A function of another file that is handed over may be called by whoever gets it.
fn handed(package: &mut Package<'_>, file: FileId, fact: &UseFact, calls: &mut Vec<CallBetween>) {
    let Some(facts) = package.facts_of(file) else {
        return;
    };
    for &arg in &fact.args {
        let may_lead = matches!(
            facts.terms.get(arg),
            Term::Member(..) | Term::Index(..) | Term::Module(_) | Term::Call(..) | Term::OneOf(_)
        );
        if !may_lead {
            continue;
        }
        let arg = package.translate(file, arg);
        if let Term::Function(function) = *package.terms.get(arg)
            && package.local_function(function).0 != file
        {
            let place = Place {
                file,
                span: fact.span,
            };
            calls.push(CallBetween {
                from: fact.function,
                function,
                args: Vec::new(),
                place,
                answer: Answer::Taken,
            });
        }
    }
}

/// Whether a callee is called through `call`, `apply` or `bind`.
fn is_wrapped(package: &Package<'_>, callee: ValueId) -> bool {
    match package.terms.get(callee) {
        Term::Member(_, name) => matches!(&**name, "apply" | "call"),
        Term::Call(..) => true,
        _ => false,
    }
}

/// The row of a property, or of the object whose properties it is about.
fn read_row(package: &Package<'_>, id: ValueId) -> Option<&'static Api> {
    let own = package.terms.api(id).filter(|row| row.read);
    own.or_else(|| match package.terms.get(id) {
        Term::Member(of, _) | Term::Index(of, _) => package.terms.api(*of).filter(|row| row.read),
        _ => None,
    })
}

fn finish(package: &mut Package<'_>, reach: &FunctionReach, found: FoundUse<'_>) -> Use {
    let FoundUse {
        file,
        fact,
        row,
        callee,
        args,
        answer,
        is_mixed,
        through,
    } = found;
    let mut effects = Vec::new();
    if holds(package, row, &args) {
        for effect in row.effects {
            let targets = match effect.aim {
                Some(aim) => targets(package, aim, row, callee, &args),
                None => Vec::new(),
            };
            // A function handed to a timer is no code.
            let is_code = effect.aim.is_some_and(|aim| aim.kind == AimKind::Code);
            if is_code && targets.is_empty() {
                continue;
            }
            effects.push(Effect {
                behaviour: effect.behaviour,
                targets,
            });
        }
    }
    effects.extend(unresolved::effect(package, &effects));
    let value = package.translate(file, fact.value);
    Use {
        file,
        span: fact.span,
        row,
        callee,
        args,
        value,
        reach: reach.of(package, file, fact.function),
        guards: fact.guards.clone(),
        conditions: fact.conditions.clone(),
        is_unanswered: answer == Answer::Left,
        is_mixed,
        through,
        effects,
    }
}

/// Whether the condition of a row may hold for these arguments.
fn holds(package: &mut Package<'_>, row: &Api, args: &[ValueId]) -> bool {
    let Some((at, wanted)) = row.only_if else {
        return true;
    };
    let Some(&arg) = args.get(usize::from(at)) else {
        return false;
    };
    let arg = package.close(arg);
    package.terms.choices(arg).into_iter().any(|choice| {
        package
            .terms
            .as_string(choice)
            .is_none_or(|text| text.eq_ignore_ascii_case(wanted))
    })
}

/// The values at a place of a row; `None` where the place is no argument.
pub(super) fn arguments_at(package: &mut Package<'_>, place: At, args: &[ValueId]) -> Vec<ValueId> {
    match place {
        At::Arg(at) => args.get(usize::from(at)).copied().into_iter().collect(),
        At::From(at) => args.get(usize::from(at)..).unwrap_or(&[]).to_vec(),
        At::Last => args.last().copied().into_iter().collect(),
        At::Property(at, name) => match args.get(usize::from(at)) {
            Some(&arg) => properties(package, arg, name),
            None => Vec::new(),
        },
        At::This | At::Key | At::Text(_) => Vec::new(),
    }
}

fn properties(package: &mut Package<'_>, arg: ValueId, name: &str) -> Vec<ValueId> {
    let arg = package.close(arg);
    let mut values = Vec::new();
    for choice in package.terms.choices(arg) {
        match package.terms.get(choice).clone() {
            Term::Object(properties, _) => {
                for (key, value) in properties.iter() {
                    if name == "*" || &**key == name || matches!(&**key, "..." | "*") {
                        values.push(*value);
                    }
                }
            }
            // The options come from somewhere else: all of them may hold it.
            Term::Undefined | Term::Null | Term::Function(_) | Term::String(_) => {}
            _ => values.push(package.member_of(choice, name)),
        }
    }
    values
}
