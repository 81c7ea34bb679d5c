//! What a use is aimed at: paths, URLs, hosts, commands, modules, variables, code.

use super::package::Package;
use super::render::{Rendered, render};
use super::uses::arguments_at;
use crate::api::{Aim, AimKind, Api, Place as At, targets as places};
use crate::model::{Origin, OriginSet};
use crate::value::{Key, Term, ValueId, normalize};

/// More alternatives than this are not written out.
const MOST_TARGETS: usize = 16;

/// What a use is aimed at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    /// How to read it.
    pub(crate) kind: AimKind,
    /// The text; `None` if nothing of it is known.
    pub(crate) text: Option<Key>,
    /// Where it comes from.
    pub(crate) origins: OriginSet,
    /// The value itself.
    pub(crate) value: Option<ValueId>,
}

impl Target {
    fn new(kind: AimKind, rendered: Rendered, value: Option<ValueId>) -> Self {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_lost = kind == AimKind::Url && is_number(&rendered.text);
        // A worker may get its code in the place of a path.
        let is_code = |text: &str| text.contains('(') && text.contains([';', '{', '\n']);
        let text = (rendered.known && !is_lost).then(|| match kind {
            AimKind::Path if is_code(&rendered.text) => rendered.text,
            AimKind::Path => tidy_path(&without_undefined(&rendered.text)),
            AimKind::Url | AimKind::Host => {
                let text = rendered.text.replace(char::is_control, "");
                without_undefined(&text)
            }
            AimKind::Argv | AimKind::Module | AimKind::Variable => {
                without_undefined(&rendered.text)
            }
            _ => rendered.text,
        });
        Self {
            kind,
            text: text.map(Key::from),
            origins: rendered.origins,
            value,
        }
    }
}

/// Whether a text is bytes, not an address: those who read addresses leave such characters out,
/// and ask the host that is left.
fn is_bytes(text: &str) -> bool {
    const LEAST: usize = 4;
    let is_byte = |c: &char| c.is_control() && !c.is_whitespace();
    text.chars().filter(is_byte).count() >= LEAST
        && !text.contains("://")
        && !text.trim_start_matches(char::is_control).starts_with('/')
}

/// A part that is `undefined`, or `null` before a path, is one whose value was lost: nobody means
/// that name.
fn without_undefined(text: &str) -> String {
    const NAME: &str = "undefined";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    if let Some(after) = text.strip_prefix("null/") {
        out.push_str("<?>/");
        rest = after;
    }
    while let Some(at) = rest.find(NAME) {
        let (before, after) = (&rest[..at], &rest[at + NAME.len()..]);
        let is_edge = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.');
        let starts = before.chars().next_back().or(out.chars().next_back());
        let is_part = starts.is_none_or(is_edge) && after.chars().next().is_none_or(is_edge);
        out.push_str(before);
        out.push_str(if is_part { "<?>" } else { NAME });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The targets of one effect of a row.
pub(super) fn targets(
    package: &mut Package<'_>,
    aim: Aim,
    row: &'static Api,
    callee: ValueId,
    args: &[ValueId],
) -> Vec<Target> {
    let mut found = match aim.place {
        At::Text(text) => vec![Target {
            kind: aim.kind,
            text: Some(text.into()),
            origins: OriginSet::of(Origin::Literal),
            value: None,
        }],
        At::This => of_receiver(package, callee, 0),
        At::Key => vec![of_key(package, aim.kind, row, callee)],
        At::From(at) if aim.kind == AimKind::Host => {
            let (port, address) = port_and_address(package, args.get(usize::from(at)..));
            let is_number = |&port: &ValueId| matches!(package.terms.get(port), Term::Number(_));
            let first = port.filter(is_number).or(address);
            let rest: Vec<ValueId> = address.into_iter().collect();
            let found = first.map(|first| of_value(package, aim.kind, row, first, &rest));
            found.unwrap_or_default()
        }
        place => {
            let values = arguments_at(package, place, args);
            let rest = following(place, args);
            values
                .into_iter()
                .flat_map(|value| of_value(package, aim.kind, row, value, &rest))
                .collect()
        }
    };
    if aim.kind == AimKind::Url {
        below_base(package, callee, &mut found);
    }
    found.sort();
    found.dedup_by(|a, b| (&a.text, a.kind, a.origins) == (&b.text, b.kind, b.origins));
    found.truncate(MOST_TARGETS);
    found
}

/// `client.post("/path")` of a client that was made with a base address.
fn below_base(package: &mut Package<'_>, callee: ValueId, found: &mut [Target]) {
    let is_relative = |target: &Target| {
        target
            .text
            .as_deref()
            .is_some_and(|text| text.starts_with('/') && !text.starts_with("//"))
    };
    if !found.iter().any(is_relative) {
        return;
    }
    let Term::Member(client, _) = *package.terms.get(callee) else {
        return;
    };
    let client = package.close(client);
    let (Term::Call(_, args, _) | Term::New(_, args, _)) = package.terms.get(client).clone() else {
        return;
    };
    let base = args.first().map(|&options| package.close(options));
    let base =
        base.and_then(|options| property(package, options, &["baseURL", "baseUrl", "prefixUrl"]));
    let Some(base) = base else { return };
    let base = render(package, base);
    for target in found.iter_mut().filter(|target| is_relative(target)) {
        let path = target.text.take().unwrap_or_default();
        target.text = Some(format!("{}{path}", base.text.trim_end_matches('/')).into());
        target.origins = target.origins.with(base.origins);
    }
}

/// The port and the address at the end of arguments, before a callback.
fn port_and_address(
    package: &mut Package<'_>,
    args: Option<&[ValueId]>,
) -> (Option<ValueId>, Option<ValueId>) {
    let mut known: Vec<ValueId> = Vec::new();
    for &arg in args.unwrap_or(&[]) {
        let arg = package.close(arg);
        if is_function(package, arg) || matches!(package.terms.get(arg), Term::Undefined) {
            break;
        }
        known.push(arg);
    }
    let last = known.pop();
    match last.map(|last| package.terms.get(last)) {
        Some(Term::Number(_)) => (last, None),
        _ => (known.pop(), last),
    }
}

fn following(place: At, args: &[ValueId]) -> Vec<ValueId> {
    match place {
        At::Arg(at) => args.get(usize::from(at) + 1..).unwrap_or(&[]).to_vec(),
        _ => Vec::new(),
    }
}

/// A method of a request, a socket or a stream is aimed at what that was opened on.
pub(super) fn of_receiver(package: &mut Package<'_>, callee: ValueId, depth: u32) -> Vec<Target> {
    const MOST_DEPTH: u32 = 16;
    let Term::Member(receiver, _) = *package.terms.get(callee) else {
        return Vec::new();
    };
    if depth >= MOST_DEPTH {
        return Vec::new();
    }
    let receiver = package.close(receiver);
    let mut found = Vec::new();
    for choice in package.terms.choices(receiver) {
        if let Some(known) = package.aimed.get(&choice) {
            found.extend(known.iter().cloned());
            continue;
        }
        let mut choice = choice;
        // What a call hands to its callback was opened by that call.
        while let Term::Handed(call, ..) = *package.terms.get(choice) {
            choice = call;
        }
        let (inner, args) = match package.terms.get(choice).clone() {
            Term::Call(inner, args, _) | Term::New(inner, args, _) => (inner, args),
            _ => continue,
        };
        let Some(row) = package.terms.api(inner) else {
            continue;
        };
        match row.effects.iter().find_map(|effect| effect.aim) {
            Some(aim) if aim.place != At::This => {
                found.extend(targets(package, aim, row, inner, &args));
            }
            // `x.on(…)` gives `x` back.
            _ => found.extend(of_receiver(package, inner, depth + 1)),
        }
    }
    found
}

/// `process.env.NAME`: the name; the whole of it where no name is given.
fn of_key(package: &mut Package<'_>, kind: AimKind, row: &Api, callee: ValueId) -> Target {
    let own = package
        .terms
        .api(callee)
        .is_some_and(|own| own.path == row.path.trim_end_matches('='));
    match package.terms.get(callee).clone() {
        Term::Member(_, key) if !own => Target {
            kind,
            text: Some(key),
            origins: OriginSet::of(Origin::Literal),
            value: None,
        },
        Term::Index(_, key) => {
            let key = package.close(key);
            let rendered = render(package, key);
            Target::new(kind, rendered, Some(key))
        }
        _ => Target {
            kind,
            text: Some("*".into()),
            origins: OriginSet::of(Origin::Literal),
            value: None,
        },
    }
}

fn of_value(
    package: &mut Package<'_>,
    kind: AimKind,
    row: &Api,
    value: ValueId,
    rest: &[ValueId],
) -> Vec<Target> {
    let value = package.close(value);
    let mut found = Vec::new();
    let choices = package.terms.choices(value);
    // One program may get many lists of arguments, from whoever calls the function around it.
    if let (AimKind::Argv, &[program]) = (kind, choices.as_slice())
        && !matches!(package.terms.get(program), Term::Undefined | Term::Null)
    {
        let lists = lists(package, rest.first().copied());
        for at in 0..lists.clamp(1, MOST_TARGETS) {
            let rendered = argv(package, program, at, rest.first().copied());
            found.push(Target::new(kind, rendered, Some(program)));
        }
        return found;
    }
    for (at, choice) in choices.into_iter().enumerate() {
        if kind == AimKind::Other
            && let Some(file) = package.file_behind(choice)
        {
            found.push(Target {
                kind,
                text: Some(format!("<package>/{}", package.archive.path(file)).into()),
                origins: OriginSet::of(Origin::File),
                value: Some(choice),
            });
            continue;
        }
        // Bytes are no text for anybody to read.
        if kind == AimKind::Other
            && let Term::Bytes(bytes) = package.terms.get(choice)
        {
            let what = if bytes.starts_with(b"\0asm") {
                "WebAssembly, "
            } else {
                ""
            };
            found.push(Target {
                kind,
                text: Some(format!("{what}{} bytes", bytes.len()).into()),
                origins: OriginSet::of(Origin::Literal),
                value: Some(choice),
            });
            continue;
        }
        // No text and no object: a value that was lost, or whose place is another overload's.
        let is_none = match package.terms.get(choice) {
            Term::Undefined | Term::Null | Term::Bool(_) => true,
            Term::Number(_) => matches!(kind, AimKind::Url | AimKind::Module | AimKind::Other),
            // Nor are bytes an address.
            _ if matches!(kind, AimKind::Url | AimKind::Host) => package
                .terms
                .as_text(choice)
                .is_some_and(|text| is_bytes(&text)),
            _ => false,
        };
        if is_none {
            let mut nothing = Target::new(kind, Rendered::default(), None);
            nothing.origins = OriginSet::of(Origin::Literal);
            found.push(nothing);
            continue;
        }
        let rendered = match kind {
            AimKind::Url => url(package, row, choice, rest.first().copied()),
            AimKind::Host => host(package, choice, rest.first().copied()),
            AimKind::Argv => argv(package, choice, at, rest.first().copied()),
            AimKind::Code => {
                if is_function(package, choice) {
                    continue;
                }
                render(package, choice)
            }
            _ => render(package, choice),
        };
        found.push(Target::new(kind, rendered, Some(choice)));
        if found.len() >= MOST_TARGETS {
            break;
        }
    }
    found
}

/// Whether a value is a function, or one with some arguments filled in: `f.bind(…)`.
fn is_function(package: &Package<'_>, id: ValueId) -> bool {
    match package.terms.get(id) {
        Term::Function(_) | Term::Class(_) => true,
        Term::Call(callee, ..) => matches!(package.terms.get(*callee), Term::Member(_, name)
            if &**name == "bind"),
        _ => false,
    }
}

/// The properties of an object, by name.
fn property(package: &mut Package<'_>, object: ValueId, names: &[&str]) -> Option<ValueId> {
    let Term::Object(properties, _) = package.terms.get(object).clone() else {
        return None;
    };
    names.iter().find_map(|name| {
        let (_, value) = properties.iter().rev().find(|(key, _)| &**key == *name)?;
        Some(package.close(*value))
    })
}

fn url(package: &mut Package<'_>, row: &Api, value: ValueId, next: Option<ValueId>) -> Rendered {
    let next = next.map(|next| package.close(next));
    if !matches!(package.terms.get(value), Term::Object(..)) {
        return relative_url(package, value);
    }
    if let Some(whole) = property(package, value, &["url", "uri", "href"]) {
        let base = property(package, value, &["baseURL", "baseUrl", "prefixUrl"]);
        let pieces: Vec<ValueId> = base.into_iter().chain([whole]).collect();
        let joined = package.terms.concat(&pieces);
        return render(package, joined);
    }
    let from = |package: &mut Package<'_>, names: &[&str]| {
        next.and_then(|next| property(package, next, names))
            .or_else(|| property(package, value, names))
    };
    if let Some(socket) = from(package, &["socketPath"]) {
        let path = from(package, &["path"]);
        let scheme = package.terms.string("unix:");
        let pieces: Vec<ValueId> = [scheme, socket].into_iter().chain(path).collect();
        let joined = package.terms.concat(&pieces);
        return render(package, joined);
    }
    let mut pieces = Vec::new();
    match from(package, &["protocol"]) {
        Some(protocol) => pieces.push(protocol),
        None => {
            let scheme = if row.path.starts_with("https.") {
                "https:"
            } else {
                "http:"
            };
            pieces.push(package.terms.string(scheme));
        }
    }
    pieces.push(package.terms.string("//"));
    match from(package, &["hostname", "host"]) {
        Some(host) => pieces.push(host),
        None => pieces.push(package.terms.unresolved()),
    }
    if let Some(port) = from(package, &["port"])
        && !matches!(package.terms.get(port), Term::Undefined | Term::Null)
        && !matches!(package.terms.as_text(port).as_deref(), Some("443" | "80"))
    {
        pieces.push(package.terms.string(":"));
        pieces.push(port);
    }
    if let Some(path) = from(package, &["path", "pathname"]) {
        pieces.push(path);
    }
    let joined = package.terms.concat(&pieces);
    let mut rendered = render(package, joined);
    // The scheme and the slashes are ours; without a host or its domain nothing is known.
    rendered.known &=
        !rendered.text.contains("//<?>") || places::host::fixed_domain(&rendered.text).is_some();
    rendered
}

/// `new URL(path, base)` and plain values.
fn relative_url(package: &mut Package<'_>, value: ValueId) -> Rendered {
    if let Term::New(callee, args, _) = package.terms.get(value).clone() {
        let mut path = String::new();
        let is_url = package.terms.path(callee, &mut path, 0)
            && matches!(path.as_str(), "URL" | "url.URL" | "Request");
        if is_url && let [first, rest @ ..] = &*args {
            let first = render(package, *first);
            let base = rest.first().filter(|_| path != "Request");
            return match base {
                Some(&base) if !first.text.contains("://") => {
                    let mut base = render(package, base);
                    base.text = below(&base.text, &first.text);
                    base.origins = base.origins.with(first.origins);
                    base.known |= first.known;
                    base
                }
                _ => first,
            };
        }
    }
    render(package, value)
}

/// What a relative address means below another, whose last part it takes the place of.
fn below(base: &str, relative: &str) -> String {
    let (origin, path) = match base.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or(rest);
            base.split_at(scheme.len() + 3 + host.len())
        }
        None => ("", base),
    };
    if relative.starts_with('/') && !origin.is_empty() {
        return format!("{origin}{relative}");
    }
    let folder = match path.rsplit_once('/') {
        Some((folder, _)) => folder,
        // A place of which nothing is known, or that is a folder.
        None if origin.is_empty() => path,
        None => "",
    };
    let whole = format!("{folder}/{}", relative.trim_start_matches("./"));
    format!("{origin}{}", normalize(&whole))
}

fn host(package: &mut Package<'_>, value: ValueId, next: Option<ValueId>) -> Rendered {
    let parts = match package.terms.get(value).clone() {
        Term::Object(..) => {
            if let Some(path) = property(package, value, &["path"]) {
                return render(package, path);
            }
            let host = property(package, value, &["host", "hostname"]);
            let port = property(package, value, &["port"]);
            (host, port)
        }
        Term::Number(_) => {
            let next = next.map(|next| package.close(next));
            let host = next.filter(|&next| {
                !matches!(
                    package.terms.get(next),
                    Term::Function(_) | Term::Object(..)
                )
            });
            (host, Some(value))
        }
        _ => (Some(value), None),
    };
    let host = match parts.0 {
        Some(host) => host,
        None => package.terms.string("localhost"),
    };
    let mut pieces = vec![host];
    if let Some(port) = parts.1 {
        pieces.push(package.terms.string(":"));
        pieces.push(port);
    }
    let joined = package.terms.concat(&pieces);
    render(package, joined)
}

/// A program and its arguments. Of several programs and several lists of arguments, those at the
/// same place of a table belong together.
fn argv(package: &mut Package<'_>, value: ValueId, at: usize, next: Option<ValueId>) -> Rendered {
    let mut rendered = render(package, value);
    let Some(next) = next.map(|next| package.close(next)) else {
        return rendered;
    };
    let lists = argument_lists(package, next);
    if let Some(&list) = lists.get(at).or(lists.first()) {
        let rest = render(package, list);
        if !rest.text.is_empty() {
            rendered.text.push(' ');
            rendered.text.push_str(&rest.text);
            rendered.origins = rendered.origins.with(rest.origins);
            rendered.known |= rest.known;
        }
    }
    rendered
}

fn argument_lists(package: &Package<'_>, value: ValueId) -> Vec<ValueId> {
    let mut lists = package.terms.choices(value);
    lists.retain(|&list| matches!(package.terms.get(list), Term::Array(..)));
    lists
}

/// How many lists of arguments a value may be.
fn lists(package: &mut Package<'_>, value: Option<ValueId>) -> usize {
    let closed = value.map(|value| package.close(value));
    closed.map_or(0, |closed| argument_lists(package, closed).len())
}

/// Whether a path says enough to be told from others.
pub(super) fn has_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or("");
    path.len() >= 4 && !matches!(name, "" | "<?>" | "<param>" | "undefined" | "null")
}

/// One form for each path: forward slashes, no `.` and `..`, no `file://`.
pub(crate) fn tidy_path(path: &str) -> String {
    let path = path.strip_prefix("file://").unwrap_or(path);
    let path = path.replace('\\', "/");
    normalize(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_the_place_of_a_path_stays_as_it_is() {
        let told = |text: &str| {
            let mut rendered = Rendered::default();
            rendered.text.push_str(text);
            rendered.known = true;
            Target::new(AimKind::Path, rendered, None).text
        };
        let code = "fetch('https://a.invalid/../x');";
        assert_eq!(told(code).as_deref(), Some(code));
        let path = "C:\\Program Files (x86)\\a\\..\\b";
        assert_eq!(told(path).as_deref(), Some("C:/Program Files (x86)/b"));
    }

    #[test]
    fn relative_addresses() {
        for (base, relative, whole) in [
            ("https://a.invalid", "x", "https://a.invalid/x"),
            ("https://a.invalid/b/c", "x", "https://a.invalid/b/x"),
            ("https://a.invalid/b/", "../x", "https://a.invalid/x"),
            ("https://a.invalid/b", "/x", "https://a.invalid/x"),
            ("<package>/lib/a.mjs", "./b.json", "<package>/lib/b.json"),
            ("<package>/a.mjs", "bin/b", "<package>/bin/b"),
            ("<?>", "./x", "<?>/x"),
            ("<package>", "./x", "<package>/x"),
        ] {
            assert_eq!(below(base, relative), whole, "{base} {relative}");
        }
    }

    #[test]
    fn parts_that_were_lost_are_not_named() {
        for (text, told) in [
            ("undefined/etc/npmrc", "<?>/etc/npmrc"),
            ("null/a", "<?>/a"),
            (
                "https://a.invalid/undefined?b=undefined",
                "https://a.invalid/<?>?b=<?>",
            ),
            ("undefined", "<?>"),
            ("/dev/null", "/dev/null"),
            (
                "undefined-behaviour/undefineds.js",
                "undefined-behaviour/undefineds.js",
            ),
            ("a/b", "a/b"),
        ] {
            assert_eq!(without_undefined(text), told);
        }
    }
}
