//! What somebody types into a page: by its shape, since the page's elements come from anywhere.

use crate::value::Term;
use crate::value::{Terms, ValueId};

/// Properties that hold what a field says.
const VALUES: [&str; 3] = ["value", "valueAsNumber", "files"];
/// What an event or a form says its fields are.
const HOLDERS: [&str; 5] = [
    "currentTarget",
    "elements",
    "srcElement",
    "submitter",
    "target",
];
/// Methods that find elements.
const FINDERS: [&str; 9] = [
    "closest",
    "getElementById",
    "getElementsByClassName",
    "getElementsByName",
    "getElementsByTagName",
    "namedItem",
    "querySelector",
    "querySelectorAll",
    "serializeArray",
];
/// Properties of an event that say which key was pressed.
const KEYS: [&str; 4] = ["charCode", "key", "keyCode", "which"];
/// Links that are followed.
const MOST_LINKS: usize = 16;

/// Whether a value is what stands in a field of a page, or a key that was pressed there; and
/// what it is called.
pub(super) fn typed(terms: &Terms, value: ValueId) -> Option<(&'static str, String)> {
    let Term::Member(of, key) = terms.get(value) else {
        return None;
    };
    if VALUES.contains(&&**key) && is_element(terms, *of) {
        return Some(("page.field", key.to_string()));
    }
    let is_event = || terms.type_of(*of).is_some_and(|kind| kind == "Event");
    (KEYS.contains(&&**key) && is_event()).then(|| ("page.keys", key.to_string()))
}

/// Whether a value is an element that an event, a form or a search of the page gave.
fn is_element(terms: &Terms, value: ValueId) -> bool {
    let mut at = value;
    for _ in 0..MOST_LINKS {
        at = match terms.get(at) {
            Term::Member(_, key) if HOLDERS.contains(&&**key) => return true,
            Term::Member(of, _) | Term::Index(of, _) => *of,
            Term::Call(callee, args, _) => {
                let finds = |callee: &ValueId| {
                    matches!(terms.get(*callee), Term::Member(_, method)
                        if FINDERS.contains(&&**method))
                };
                if terms.choices(*callee).iter().any(finds) {
                    return true;
                }
                // `Array.from(form.elements)`.
                args.first().copied().unwrap_or(*callee)
            }
            // An item of what was found.
            Term::Derived(parts, _) if !parts.is_empty() => parts[0],
            Term::OneOf(choices) if !choices.is_empty() => choices[0],
            Term::Handed(call, ..) => receiver(terms, *call),
            _ => return false,
        };
    }
    false
}

/// What a method that goes through elements is called on: `found.forEach((one) => …)`.
fn receiver(terms: &Terms, call: ValueId) -> ValueId {
    let Term::Call(callee, ..) = terms.get(call) else {
        return call;
    };
    match terms.get(*callee) {
        Term::Member(of, _) => *of,
        _ => call,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::ir::FuncId;
    use crate::value::{Key, Place};

    #[test]
    fn fields_are_what_events_and_searches_give() {
        let mut terms = Terms::default();
        let param = terms.add(Term::Param(FuncId(0), 0));
        let of = |terms: &mut Terms, from: ValueId, keys: &[&str]| {
            keys.iter()
                .fold(from, |of, key| terms.add(Term::Member(of, Key::from(*key))))
        };
        let typed_in = of(&mut terms, param, &["target", "value"]);
        assert_eq!(
            typed(&terms, typed_in).map(|found| found.0),
            Some("page.field")
        );
        let find = of(&mut terms, param, &["querySelectorAll"]);
        let place = Place::here(Default::default());
        let all = terms.add(Term::Call(find, [].into(), place));
        let one = terms.item(all, place);
        let found = of(&mut terms, one, &["value"]);
        assert!(typed(&terms, found).is_some());
        let each = terms.add(Term::Member(all, Key::from("forEach")));
        let handler = terms.add(Term::Function(FuncId(1)));
        let each = terms.add(Term::Call(each, [handler].into(), place));
        let one = terms.add(Term::Handed(each, 0, 0));
        let found = of(&mut terms, one, &["value"]);
        assert!(typed(&terms, found).is_some());
        let plain = of(&mut terms, param, &["value"]);
        let key = of(&mut terms, param, &["key"]);
        assert_eq!((typed(&terms, plain), typed(&terms, key)), (None, None));
    }
}
