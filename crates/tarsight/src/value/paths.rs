//! `path.*` over values that may be partly unknown.

use super::terms::{Key, Place, Term, Terms, ValueId};

/// Folders that a package may lie in, from its own upwards: a project's `node_modules`, with a
/// scope between. Who goes further is at the root.
const ABOVE: [&str; 4] = [
    "<package>",
    "<package>/..",
    "<package>/../..",
    "<package>/../../..",
];

fn is_above(path: &str) -> bool {
    ABOVE.contains(&path)
}

/// The folder above one of these.
fn above(path: &str) -> &'static str {
    let at = ABOVE.iter().position(|known| *known == path);
    at.and_then(|at| ABOVE.get(at + 1)).copied().unwrap_or("/")
}

/// Folds `path.method(...args)`; `None` if the result is not made of the arguments.
pub(crate) fn fold(terms: &mut Terms, method: &str, args: &[ValueId]) -> Option<ValueId> {
    // Node refuses these, so that the value is another one.
    let args: Vec<ValueId> = args
        .iter()
        .map(|&arg| match terms.get(arg) {
            Term::Undefined | Term::Null => terms.unresolved(),
            _ => arg,
        })
        .collect();
    let args = args.as_slice();
    match method {
        "join" => Some(joined(terms, args)),
        "resolve" => Some(resolved(terms, args)),
        "normalize" | "toNamespacedPath" => args.first().copied(),
        "dirname" => {
            let path = *args.first()?;
            if matches!(terms.get(path), Term::Global(name) if &**name == "__filename") {
                return Some(terms.global("__dirname"));
            }
            let pieces = pieces(terms, path);
            let (&last, before) = pieces.split_last()?;
            let text = terms.as_string(last)?;
            let dir = match text.trim_end_matches('/').rsplit_once('/') {
                Some(("", _)) if before.is_empty() => "/",
                _ if before.is_empty() && is_above(&text) => {
                    return Some(terms.string(above(&text)));
                }
                Some((dir, _)) => dir,
                None if before.is_empty() => ".",
                // The last piece may go on with the component before it.
                None => return None,
            };
            let dir = terms.string(dir);
            let mut all = before.to_vec();
            all.push(dir);
            Some(terms.concat(&all))
        }
        "basename" => {
            let path = *args.first()?;
            let pieces = pieces(terms, path);
            let text = terms.as_string(*pieces.last()?)?;
            let base = match text.trim_end_matches('/').rsplit_once('/') {
                Some((_, base)) => Key::from(base),
                None if pieces.len() == 1 => text,
                None => return None,
            };
            let suffix = args.get(1).and_then(|&suffix| terms.as_string(suffix));
            let base = match &suffix {
                Some(suffix) => base.strip_suffix(&**suffix).unwrap_or(&base),
                None => &base,
            };
            Some(terms.string(base))
        }
        "extname" => {
            let path = terms.as_string(*args.first()?)?;
            let base = path.rsplit('/').next().unwrap_or("");
            let extension = base
                .rfind('.')
                .filter(|&at| at > 0)
                .map_or("", |at| &base[at..]);
            Some(terms.string(extension))
        }
        _ => None,
    }
}

fn pieces(terms: &Terms, id: ValueId) -> Vec<ValueId> {
    match terms.get(id) {
        Term::Concat(pieces) => pieces.to_vec(),
        _ => vec![id],
    }
}

fn joined(terms: &mut Terms, args: &[ValueId]) -> ValueId {
    let slash = terms.string("/");
    let mut pieces = Vec::with_capacity(args.len() * 2);
    for &arg in args {
        let is_empty = terms.as_string(arg).is_some_and(|text| text.is_empty());
        if is_empty {
            continue;
        }
        if !pieces.is_empty() {
            pieces.push(slash);
        }
        pieces.push(arg);
    }
    let path = terms.concat(&pieces);
    match terms.as_string(path) {
        Some(text) => {
            let text = normalize(&text);
            terms.string(&text)
        }
        None => path,
    }
}

fn resolved(terms: &mut Terms, args: &[ValueId]) -> ValueId {
    let mut from = 0;
    let mut is_absolute = false;
    for (at, &arg) in args.iter().enumerate() {
        if is_rooted(terms, arg) {
            from = at;
            is_absolute = true;
        }
    }
    let mut parts = args.get(from..).unwrap_or(&[]).to_vec();
    if !is_absolute {
        let process = terms.global("process");
        let cwd = terms.member(process, "cwd");
        let cwd = terms.call(cwd, &[], Place::here(Default::default()));
        parts.insert(0, cwd);
    }
    joined(terms, &parts)
}

/// Whether `path.resolve` starts over at this argument.
fn is_rooted(terms: &Terms, id: ValueId) -> bool {
    match terms.get(id) {
        Term::String(text) => {
            text.starts_with(['/', '\\'])
                || text.starts_with("<package>")
                || text.get(1..3) == Some(":\\")
        }
        Term::Global(name) => matches!(&**name, "__dirname" | "__filename"),
        Term::Concat(pieces) => pieces.first().is_some_and(|&first| is_rooted(terms, first)),
        // A call such as `os.homedir()` gives an absolute path.
        Term::Call(..) => true,
        _ => false,
    }
}

/// `path.posix.normalize`, without its trailing slash rule.
#[must_use]
pub(crate) fn normalize(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." && !last.starts_with('<') && last != "~" => {
                    parts.pop();
                }
                _ if is_absolute => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let body = parts.join("/");
    match (is_absolute, body.is_empty()) {
        (true, _) => format!("/{body}"),
        (false, true) => ".".to_owned(),
        (false, false) => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_as_node_does() {
        assert_eq!(normalize("a/./b/../c//d"), "a/c/d");
        assert_eq!(normalize("/../x"), "/x");
        assert_eq!(normalize("../../x"), "../../x");
        assert_eq!(normalize("~/../x"), "~/../x");
    }

    #[test]
    fn unknown_parts_stay_between_the_known_ones() {
        let mut terms = Terms::default();
        let home = terms.add(Term::Param(crate::parse::ir::FuncId(0), 0));
        let name = terms.string(".npmrc");
        let path = fold(&mut terms, "join", &[home, name]).expect("join folds");
        let Term::Concat(pieces) = terms.get(path).clone() else {
            panic!("not a concatenation");
        };
        assert_eq!(pieces.len(), 2);
        assert_eq!(terms.as_string(pieces[1]).as_deref(), Some("/.npmrc"));
    }
}
