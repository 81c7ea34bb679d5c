//! What is taken out of a web request: by its shape, since frameworks hand it over.

use super::package::Package;
use crate::facts::REQUESTS;
use crate::parse::ir::FuncId;
use crate::value::{Term, Terms, ValueId};

/// Parts of a request that whoever sends it chooses.
const PARTS: [&str; 11] = [
    "body",
    "cookies",
    "extensions",
    "headers",
    "params",
    "query",
    "rawBody",
    "rawHeaders",
    "searchParams",
    "signedCookies",
    "variables",
];
/// Methods that give a header or a field by its name.
const GETTERS: [&str; 3] = ["get", "getHeader", "header"];
/// Links that are followed.
const MOST_LINKS: usize = 12;

/// The part of a request that a value is, as `query.cmd`, if it is one.
pub(super) fn part(package: &Package<'_>, value: ValueId) -> Option<String> {
    let (part, function, at, is_named) = taken(&package.terms, value)?;
    if is_named {
        return Some(part);
    }
    let name = package.parameter_name(function, at)?;
    REQUESTS.contains(&name).then_some(part)
}

/// A part that is taken out of a parameter as if that were a request, the parameter, and whether
/// a property on the way says that it is one: `{ request }`.
fn taken(terms: &Terms, value: ValueId) -> Option<(String, FuncId, u32, bool)> {
    let mut keys: Vec<String> = Vec::new();
    let mut at = value;
    for _ in 0..MOST_LINKS {
        at = match terms.get(at) {
            Term::Member(of, key) => {
                keys.push(key.to_string());
                *of
            }
            Term::Index(of, _) => *of,
            Term::Call(callee, args, _) => named(terms, *callee, args, &mut keys)?,
            Term::Param(function, parameter) => {
                let first = keys.iter().rposition(|key| PARTS.contains(&key.as_str()))?;
                let around = keys.get(first + 1..).unwrap_or_default();
                let is_named = around.iter().any(|key| REQUESTS.contains(&key.as_str()));
                keys.truncate(first + 1);
                keys.reverse();
                return Some((keys.join("."), *function, *parameter, is_named));
            }
            _ => return None,
        };
    }
    None
}

/// `request.headers.get("x-key")`, `request.get("x-key")`.
fn named(
    terms: &Terms,
    callee: ValueId,
    args: &[ValueId],
    keys: &mut Vec<String>,
) -> Option<ValueId> {
    let Term::Member(of, method) = terms.get(callee) else {
        return None;
    };
    let name = args.first().and_then(|&name| terms.as_string(name))?;
    if !GETTERS.contains(&&**method) {
        return None;
    }
    keys.push(name.to_string());
    Some(*of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Key;

    #[test]
    fn parts_are_named_as_the_sender_names_them() {
        let mut terms = Terms::default();
        let request = terms.add(Term::Param(FuncId(0), 0));
        let mut of = |keys: &[&str]| {
            let value = keys.iter().fold(request, |of, key| {
                terms.add(Term::Member(of, Key::from(*key)))
            });
            taken(&terms, value).map(|(part, ..)| part)
        };
        assert_eq!(of(&["query", "cmd"]).as_deref(), Some("query.cmd"));
        assert_eq!(of(&["request", "body"]).as_deref(), Some("body"));
        assert_eq!(
            of(&["request", "extensions", "hint"]).as_deref(),
            Some("extensions.hint")
        );
        assert_eq!(of(&["name"]), None);
    }
}
