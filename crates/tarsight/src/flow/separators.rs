//! What careful installers do before they run what they fetched: computed from values, since
//! whoever attacks can write the same words.

use super::Separator;
use super::package::Package;
use super::sources::{Source, SourceKind, sources};
use super::uses::Use;
use crate::facts::Condition;
use crate::value::{Place, Term, ValueId};

/// Digests that nobody finds a second file for.
const STRONG: [&str; 8] = [
    "sha256",
    "sha384",
    "sha512",
    "sha3-256",
    "sha3-512",
    "blake2b512",
    "blake2s256",
    "sha512-256",
];
/// Shortest text that is a digest.
const LEAST_DIGEST: usize = 32;
/// Deepest nesting of calls around a digest that is read.
const MOST_DEPTH: u32 = 8;

/// Where a value was written to before it runs.
pub(super) struct Written<'w> {
    /// The path.
    pub(super) path: &'w str,
    /// The use that writes it.
    pub(super) at: Place,
}

/// Whether a use runs only if a strong digest of a value that flows there is the one that the
/// package fixes. The value may have been written to a file before.
pub(super) fn is_checked(
    package: &mut Package<'_>,
    one: &Use,
    source: ValueId,
    written: Option<&Written<'_>>,
) -> bool {
    let Some(facts) = package.facts_of(one.file) else {
        return false;
    };
    one.conditions.iter().any(|&at| {
        let Some(Condition::Equal(left, right, span)) = facts.conditions.get(at as usize) else {
            return false;
        };
        let left = package.translate(one.file, *left);
        let right = package.translate(one.file, *right);
        // What was looked at before it was fetched is another file.
        let written =
            written.filter(|write| write.at.file == one.file && write.at.span.end <= span.start);
        let path = written.map(|write| write.path);
        [(left, right), (right, left)]
            .into_iter()
            .any(|(digest, fixed)| {
                is_strong(package, digest, 0)
                    && is_fixed(package, fixed, 0)
                    && sources(package, digest)
                        .iter()
                        .any(|input| is_same(input, source, path))
            })
    })
}

/// Whether what was digested is what runs.
fn is_same(input: &Source, source: ValueId, file: Option<&str>) -> bool {
    match input.kind {
        SourceKind::Remote => input.value == source,
        SourceKind::File => file.is_some() && input.target.as_deref() == file,
        _ => false,
    }
}

/// Whether a value is the digest of a strong hash.
fn is_strong(package: &Package<'_>, id: ValueId, depth: u32) -> bool {
    let Term::Call(callee, args, _) = package.terms.get(id) else {
        return false;
    };
    if depth >= MOST_DEPTH {
        return false;
    }
    if package
        .terms
        .api(*callee)
        .is_some_and(|row| row.path == "crypto.createHash")
    {
        let name = args.first().and_then(|&name| package.terms.as_string(name));
        return name.is_some_and(|name| STRONG.contains(&&*name.to_ascii_lowercase()));
    }
    match package.terms.get(*callee) {
        // `createHash(…).update(…).digest(…).toLowerCase()`
        Term::Member(receiver, _) => is_strong(package, *receiver, depth + 1),
        _ => false,
    }
}

/// Whether a value is a digest that the package carries, or one of a table of them.
fn is_fixed(package: &Package<'_>, id: ValueId, depth: u32) -> bool {
    if depth >= MOST_DEPTH {
        return false;
    }
    match package.terms.get(id) {
        Term::String(text) => text.len() >= LEAST_DIGEST,
        Term::Bytes(bytes) => bytes.len() >= LEAST_DIGEST,
        Term::OneOf(choices) => choices.iter().all(|&one| {
            matches!(package.terms.get(one), Term::Undefined) || is_fixed(package, one, depth + 1)
        }),
        Term::Object(properties, false) => {
            !properties.is_empty()
                && properties
                    .iter()
                    .all(|&(_, value)| is_fixed(package, value, depth + 1))
        }
        Term::Array(items, false) => {
            !items.is_empty() && items.iter().all(|&item| is_fixed(package, item, depth + 1))
        }
        // A row of the table: which one may hang on the machine.
        Term::Index(table, _) => is_fixed(package, *table, depth + 1),
        _ => false,
    }
}

/// What else speaks for a program that was fetched: it runs in sight, it can be switched off.
pub(super) fn of_run(package: &Package<'_>, one: &Use) -> Vec<Separator> {
    let mut found = Vec::new();
    if one.args.iter().any(|&arg| shows(package, arg)) {
        found.push(Separator::Visible);
    }
    let Some(facts) = package.facts_of(one.file) else {
        return found;
    };
    let conditions = one.conditions.iter();
    let named = conditions.filter_map(|&at| match facts.conditions.get(at as usize) {
        Some(Condition::Unset(name)) => Some(&**name),
        _ => None,
    });
    found.extend(named.map(|name| Separator::Unless(name.to_owned())));
    found
}

/// Whether options of a process hand it the terminal, and do not let it live on by itself.
fn shows(package: &Package<'_>, options: ValueId) -> bool {
    let Term::Object(properties, false) = package.terms.get(options) else {
        return false;
    };
    let of = |name: &str| {
        let mut all = properties.iter().rev();
        all.find(|(key, _)| &**key == name).map(|(_, value)| *value)
    };
    let is_inherited = |value: ValueId| {
        package
            .terms
            .as_string(value)
            .is_some_and(|text| &*text == "inherit")
    };
    let stays = |name: &str| {
        of(name).is_none_or(|value| matches!(package.terms.get(value), Term::Bool(false)))
    };
    let shows = of("stdio").is_some_and(|io| match package.terms.get(io) {
        Term::Array(items, false) => {
            items.len() > 2 && items.iter().skip(1).all(|&one| is_inherited(one))
        }
        _ => is_inherited(io),
    });
    shows && stays("detached") && stays("windowsHide")
}
