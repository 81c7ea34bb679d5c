//! Methods of arrays whose items are known.

use super::string::relative;
use super::terms::{Place, Term, Terms, ValueId};

/// Folds `[items].name(...args)`; `None` if it is not pure or not known.
pub(crate) fn method(
    terms: &mut Terms,
    items: &[ValueId],
    open: bool,
    name: &str,
    args: &[ValueId],
    place: Place,
) -> Option<ValueId> {
    let number = |at: usize, terms: &Terms| args.get(at).and_then(|&arg| terms.as_number(arg));
    let array =
        |terms: &mut Terms, items: Vec<ValueId>| Some(terms.add(Term::Array(items.into(), open)));
    match name {
        "join" => {
            let by = match args.first() {
                Some(&by) => by,
                None => terms.string(","),
            };
            let mut pieces = Vec::with_capacity(items.len() * 2);
            for (at, &item) in items.iter().enumerate() {
                if at > 0 {
                    pieces.push(by);
                }
                if !matches!(terms.get(item), Term::Undefined | Term::Null) {
                    pieces.push(item);
                }
            }
            if open {
                let rest = terms.derived(items, place);
                pieces.push(rest);
            }
            Some(terms.concat(&pieces))
        }
        "toString" if args.is_empty() => {
            let by = terms.string(",");
            method(terms, items, open, "join", &[by], place)
        }
        "reverse" | "toReversed" if !open => array(terms, items.iter().rev().copied().collect()),
        "slice" => {
            let from = relative(number(0, terms).unwrap_or(0.0), items.len());
            let to = match args.get(1) {
                None => items.len(),
                Some(_) => relative(number(1, terms)?, items.len()),
            };
            array(terms, items.get(from..to.max(from))?.to_vec())
        }
        "concat" => {
            let mut all = items.to_vec();
            for &arg in args {
                match terms.get(arg) {
                    Term::Array(more, false) => all.extend_from_slice(&more.clone()),
                    _ => all.push(arg),
                }
            }
            array(terms, all)
        }
        "at" if !open => {
            let at = relative(number(0, terms)?, items.len());
            Some(
                items
                    .get(at)
                    .copied()
                    .unwrap_or_else(|| terms.add(Term::Undefined)),
            )
        }
        "pop" | "shift" if !items.is_empty() => {
            let item = if name == "pop" {
                items.last()
            } else {
                items.first()
            };
            item.copied()
        }
        "indexOf"
            if !open && args.len() == 1 && items.iter().all(|&item| terms.is_constant(item)) =>
        {
            let at = items.iter().position(|item| *item == args[0]);
            Some(terms.number(at.map_or(-1.0, |at| at as f64)))
        }
        "includes" if !open && items.iter().all(|&item| terms.is_constant(item)) => {
            let sought = *args.first().filter(|&&sought| terms.is_constant(sought))?;
            Some(terms.add(Term::Bool(items.contains(&sought))))
        }
        // An array stands for what a generator gives as well.
        "next" if open => {
            let value = terms.one_of(items);
            let done = [true, false].map(|done| terms.add(Term::Bool(done)));
            let done = terms.one_of(&done);
            let step = [("value".into(), value), ("done".into(), done)];
            Some(terms.add(Term::Object(step.into(), false)))
        }
        "filter" | "sort" | "toSorted" | "flat" | "fill" | "splice" => {
            Some(terms.add(Term::Array(items.into(), true)))
        }
        "map" => {
            // `.map(String.fromCharCode)` and the like; functions of the file are applied before.
            let &function = args.first()?;
            if open
                || items.len() > 4096
                || !matches!(terms.get(function), Term::Member(..) | Term::Global(_))
            {
                return None;
            }
            let mapped = items
                .iter()
                .map(|&item| terms.call(function, &[item], place))
                .collect();
            array(terms, mapped)
        }
        _ => None,
    }
}

/// `String.fromCharCode(...codes)`; `None` where a surrogate stays alone.
#[must_use]
pub(crate) fn from_codes(codes: &[f64], are_points: bool) -> Option<String> {
    if are_points {
        return codes
            .iter()
            .map(|&code| char::from_u32(code as u32))
            .collect();
    }
    let units: Vec<u16> = codes
        .iter()
        .map(|&code| super::number::to_i32(code) as u16)
        .collect();
    String::from_utf16(&units).ok()
}
