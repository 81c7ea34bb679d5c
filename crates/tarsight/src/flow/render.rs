//! From a value to the text that a reviewer reads, with where it comes from.

use super::decoders::tells;
use super::package::Package;
use crate::api::Gives;
use crate::model::{Origin, OriginSet};
use crate::value::{Term, ValueId};

/// Deepest value that is written out.
const MOST_DEPTH: u32 = 32;
/// Longest text that is written out.
const MOST_TEXT: usize = 1 << 16;

/// A value as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rendered {
    /// The text; unknown parts are `<?>`, others say what they are: `<env:CI>`, `<tmp>`.
    pub(crate) text: String,
    /// Where it comes from.
    pub(crate) origins: OriginSet,
    /// Whether some part of it is known.
    pub(crate) known: bool,
    /// Whether what a decoder made is left out.
    masks: bool,
}

impl Rendered {
    fn push(&mut self, text: &str, origin: Origin) {
        if self.text.len() < MOST_TEXT {
            self.text.push_str(text);
        }
        self.origins.add(origin);
    }

    /// Whether the text is a URL whose host is written out.
    fn is_past_host(&self) -> bool {
        let rest = self.text.split_once("://");
        rest.is_some_and(|(_, rest)| rest.contains(['/', '?', '#']))
    }
}

/// Writes a value out. Of a mixture, the alternatives are apart by `|`; callers who want them
/// one by one split before.
pub(crate) fn render(package: &mut Package<'_>, id: ValueId) -> Rendered {
    let mut out = Rendered::default();
    write(package, id, &mut out, 0);
    // `path.resolve` of what a caller gives starts over where that turns out to be absolute.
    while let Some(rest) = out.text.strip_prefix("<cwd>/") {
        let is_absolute = ["~", "/", "<cwd>", "<package>", "<tmp>"]
            .iter()
            .any(|root| rest.starts_with(root));
        if !is_absolute {
            break;
        }
        out.text = rest.to_owned();
    }
    out
}

/// Writes out what of a value the file says in plain words: decoded constants are `<?>`.
pub(super) fn render_plain(package: &mut Package<'_>, id: ValueId) -> String {
    let mut out = Rendered {
        masks: true,
        ..Rendered::default()
    };
    write(package, id, &mut out, 0);
    out.text
}

fn write(package: &mut Package<'_>, id: ValueId, out: &mut Rendered, depth: u32) {
    if depth >= MOST_DEPTH {
        return out.push("<?>", Origin::Unknown);
    }
    if let Some(text) = package.terms.as_text(id) {
        if out.masks && package.terms.is_decoded(id) {
            return out.push("<?>", Origin::Decoded);
        }
        // What stands behind a host hides that host only if it says something.
        let counts = !out.is_past_host() || tells(package.terms.get(id), false);
        let origin = match package.terms.is_decoded(id) && counts {
            true => Origin::Decoded,
            false => Origin::Literal,
        };
        out.known |= !text.is_empty();
        return out.push(&text, origin);
    }
    match package.terms.get(id).clone() {
        Term::Concat(pieces) => {
            for &piece in pieces.iter() {
                write(package, piece, out, depth + 1);
            }
        }
        Term::OneOf(choices) => {
            // Inside a longer text the first alternative stands for all.
            let terms = &package.terms;
            let is_nothing =
                |&&id: &&ValueId| matches!(terms.get(id), Term::Undefined | Term::Null);
            let some: Vec<&ValueId> = choices.iter().filter(|id| !is_nothing(id)).collect();
            let mut constants = some.iter().filter(|id| terms.is_constant(***id));
            let named = constants.next().or(some.first()).copied();
            if let Some(&one) = named {
                write(package, one, out, depth + 1);
            }
        }
        Term::Param(..) => out.push("<param>", Origin::Parameter),
        Term::Unknown(origins) => {
            out.push("<?>", Origin::Unknown);
            out.origins = out.origins.with(origins);
        }
        Term::Array(items, _) => {
            for (at, &item) in items.iter().enumerate() {
                if at > 0 {
                    out.text.push(' ');
                }
                write(package, item, out, depth + 1);
            }
        }
        Term::Index(table, _) => match shared(package, table) {
            Some((before, after)) => {
                out.known = true;
                out.push(&before, Origin::Literal);
                out.push("<?>", Origin::Unknown);
                out.push(&after, Origin::Literal);
            }
            None => special(package, id, out, depth),
        },
        _ => special(package, id, out, depth),
    }
}

/// How all texts of a table begin and end, if they begin alike: whichever is taken, that much of
/// it is known.
fn shared(package: &Package<'_>, table: ValueId) -> Option<(String, String)> {
    const SHORTEST: usize = 3;
    let values: Vec<ValueId> = match package.terms.get(table) {
        Term::Object(properties, false) => properties.iter().map(|one| one.1).collect(),
        Term::Array(items, false) => items.to_vec(),
        _ => return None,
    };
    let texts = values.iter().map(|&value| package.terms.as_string(value));
    let texts: Vec<_> = texts.collect::<Option<_>>()?;
    let (first, others) = texts.split_first()?;
    let mut before = first.len();
    for other in others {
        let same = first.bytes().zip(other.bytes());
        before = before.min(same.take_while(|(a, b)| a == b).count());
    }
    let rest = |text: &str| text.len() - before;
    let mut after = rest(first);
    for other in others {
        let same = first.bytes().rev().zip(other.bytes().rev());
        let count = same.take_while(|(a, b)| a == b).count();
        after = after.min(count).min(rest(other));
    }
    let is_told = before >= SHORTEST && !others.is_empty();
    let end = first.len() - after;
    (is_told && first.is_char_boundary(before) && first.is_char_boundary(end)).then(|| {
        let (head, tail) = (first.get(..before), first.get(end..));
        (
            head.unwrap_or_default().to_owned(),
            tail.unwrap_or_default().to_owned(),
        )
    })
}

fn special(package: &mut Package<'_>, id: ValueId, out: &mut Rendered, depth: u32) {
    let (named, args) = match package.terms.get(id).clone() {
        Term::Call(callee, args, _) | Term::New(callee, args, _) => (callee, args),
        _ => (id, [].into()),
    };
    let mut path = String::new();
    let is_named = package.terms.path(named, &mut path, 0);
    match path.as_str() {
        "os.homedir" => return known(out, "~"),
        "os.tmpdir" => return known(out, "<tmp>"),
        "process.cwd" => return known(out, "<cwd>"),
        "process.execPath" | "process.argv0" => return known(out, "node"),
        "process.platform" | "os.platform" => return out.push("<platform>", Origin::Host),
        "process.arch" | "os.arch" => return out.push("<arch>", Origin::Host),
        _ => {}
    }
    if let Some(name) = path.strip_prefix("process.env.") {
        return match name {
            "HOME" | "USERPROFILE" => known(out, "~"),
            "TMPDIR" | "TEMP" | "TMP" => known(out, "<tmp>"),
            "APPDATA" => known(out, "~/AppData/Roaming"),
            "LOCALAPPDATA" => known(out, "~/AppData/Local"),
            "INIT_CWD" | "PWD" => known(out, "<cwd>"),
            name => out.push(&format!("<env:{name}>"), Origin::Environment),
        };
    }
    let row = is_named.then(|| package.terms.api(named)).flatten();
    if let Some(row) = row {
        if row.path == "require.resolve"
            && let Some(name) = args.first().and_then(|&arg| package.terms.as_text(arg))
            && !name.starts_with(['.', '/'])
        {
            return known(out, &format!("node_modules/{name}"));
        }
        for gives in row.gives {
            match gives {
                // `path.normalize(x)`, `encodeURI(x)`, `new URL(x)`: the text is the argument's.
                Gives::Same(crate::api::Place::Arg(at) | crate::api::Place::From(at)) => {
                    if let Some(&arg) = args.get(usize::from(*at)) {
                        return write(package, arg, out, depth + 1);
                    }
                }
                Gives::Origin(origin) => return out.push("<?>", *origin),
                Gives::Decode | Gives::DecodeIf(_) => return decoded(package, id, out),
                _ => {}
            }
        }
    }
    let origins = super::sources::origins(package, id);
    out.push("<?>", Origin::Unknown);
    if !origins.is_empty() {
        let without = OriginSet::of(Origin::Unknown);
        out.origins = out
            .origins
            .iter()
            .filter(|&origin| !without.has(origin) || out.known)
            .collect::<OriginSet>()
            .with(origins);
    }
}

/// What a decoder makes of what callers or the machine give hides nothing of the package's.
fn decoded(package: &mut Package<'_>, id: ValueId, out: &mut Rendered) {
    let origins = super::sources::origins(package, id);
    out.push("<?>", Origin::Unknown);
    out.origins = match origins.is_empty() {
        true => out.origins.with(OriginSet::of(Origin::Decoded)),
        false => out.origins.with(origins),
    };
}

fn known(out: &mut Rendered, text: &str) {
    out.known = true;
    out.push(text, Origin::Literal);
}
