//! Rebuilds a value from rewritten parts through the folding constructors.

use super::terms::{Key, Place, Term, Terms, ValueId};

/// What a rewriting of values has to say.
pub(crate) trait Rewrite {
    /// The table that the result goes to.
    fn terms(&mut self) -> &mut Terms;

    /// The rewritten part.
    fn part(&mut self, id: ValueId) -> ValueId;

    /// A property of a rewritten value.
    fn member(&mut self, object: ValueId, key: &str) -> ValueId;

    /// A call of rewritten values.
    fn call(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId;

    /// A construction of rewritten values.
    fn construct(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId;

    /// What a callee that is still to be rewritten is a method of.
    fn receiver(&self, callee: ValueId) -> Option<ValueId>;

    /// A place, as the result's table says it.
    fn place(&self, place: Place) -> Place;

    /// All parts of a list.
    fn parts(&mut self, ids: &[ValueId]) -> Vec<ValueId> {
        ids.iter().map(|&id| self.part(id)).collect()
    }
}

/// Rewrites the parts of a term and puts them together again. Terms without parts stay.
pub(crate) fn rebuild(rewrite: &mut impl Rewrite, term: Term) -> ValueId {
    match term {
        Term::Concat(pieces) => {
            let pieces = rewrite.parts(&pieces);
            rewrite.terms().concat(&pieces)
        }
        Term::Array(items, open) => {
            let items = rewrite.parts(&items);
            rewrite.terms().add(Term::Array(items.into(), open))
        }
        Term::Object(properties, open) => {
            let properties: Vec<(Key, ValueId)> = properties
                .iter()
                .map(|(key, value)| (Key::clone(key), rewrite.part(*value)))
                .collect();
            rewrite.terms().add(Term::Object(properties.into(), open))
        }
        Term::OneOf(choices) => {
            let choices = rewrite.parts(&choices);
            rewrite.terms().one_of(&choices)
        }
        Term::Member(object, key) => {
            let object = rewrite.part(object);
            rewrite.member(object, &key)
        }
        Term::Index(object, key) => {
            let object = rewrite.part(object);
            let key = rewrite.part(key);
            match rewrite.terms().as_key(key) {
                Some(key) => rewrite.member(object, &key),
                None => rewrite.terms().index(object, key),
            }
        }
        Term::Call(callee, args, place) => {
            let receiver = rewrite.receiver(callee);
            let callee = rewrite.part(callee);
            let args = rewrite.parts(&args);
            let place = rewrite.place(place);
            let value = rewrite.call(callee, &args, place);
            // A method that gives `this` gives what it is called on.
            match receiver {
                Some(receiver) if matches!(rewrite.terms().get(value), Term::This(_)) => {
                    rewrite.part(receiver)
                }
                _ => value,
            }
        }
        Term::New(callee, args, place) => {
            let callee = rewrite.part(callee);
            let args = rewrite.parts(&args);
            let place = rewrite.place(place);
            rewrite.construct(callee, &args, place)
        }
        Term::Handed(call, arg, at) => {
            let call = rewrite.part(call);
            rewrite.terms().add(Term::Handed(call, arg, at))
        }
        Term::Derived(from, place) => {
            let from = rewrite.parts(&from);
            let place = rewrite.place(place);
            rewrite.terms().derived(&from, place)
        }
        term => rewrite.terms().add(term),
    }
}

/// What a value is a member of.
pub(crate) fn receiver(terms: &Terms, callee: ValueId) -> Option<ValueId> {
    match *terms.get(callee) {
        Term::Member(object, _) => Some(object),
        _ => None,
    }
}
