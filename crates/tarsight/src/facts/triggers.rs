//! Conditions that nobody who tries the code meets: a region together with a date, and texts of
//! callers of which the code knows the digest alone.

use super::conditions;
use super::guards::described;
use super::hiding::{HidingFact, fact};
use crate::parse::ir::{BinaryOp, FuncId, Guard, ListId, Node, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, Term, Terms, ValueId};

/// Deepest condition that is read, through names and functions of the file.
const MOST_DEPTH: u32 = 8;
/// Conditions of one file that are looked at, and what is kept of it.
const MOST_TESTS: usize = 4_096;
const MOST_FOUND: usize = 8;
/// Parts of all conditions that are looked at: functions can lead to the same ones again and again.
const MOST_LOOKS: usize = 1 << 15;
/// Steps that one side of a comparison may take.
const STEPS: u64 = 1_000;
/// Words of code that asks for a region, and of code that asks for the date.
const REGIONS: [&str; 6] = [
    "timeZone",
    "getTimezoneOffset",
    "navigator.language",
    "LANG",
    "LC_ALL",
    "resolvedOptions",
];
const DATES: [&str; 2] = ["Date.now", "new Date"];
/// Names of values that are the content of files and messages: their digests are compared to see
/// whether they are whole.
const CONTENTS: [&str; 28] = [
    "archive",
    "arraybuffer",
    "binary",
    "blob",
    "body",
    "buf",
    "buffer",
    "bytes",
    "chunk",
    "code",
    "content",
    "contents",
    "data",
    "file",
    "html",
    "input",
    "json",
    "payload",
    "source",
    "src",
    "text",
    "wasm",
    "cert",
    "der",
    "pem",
    "pubkey",
    "publickey",
    "raw",
];

/// Finds them.
pub(super) fn collect(evaluator: &mut Evaluator<'_>) -> Vec<HidingFact> {
    let mut found = Vec::new();
    let has =
        |word: &&str| memchr::memmem::find(evaluator.text.as_bytes(), word.as_bytes()).is_some();
    if REGIONS.iter().any(has) && DATES.iter().any(has) {
        regional(evaluator, &mut found);
    }
    if has(&"createHash") {
        digests(evaluator, &mut found);
    }
    found.truncate(MOST_FOUND);
    found
}

/// What a condition asks for.
#[derive(Clone, Default)]
struct About {
    region: Option<String>,
    date: Option<String>,
}

impl About {
    fn add(&mut self, text: &str) {
        let plain = text.trim_start_matches('!');
        let end = plain.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'));
        match plain.get(..end.unwrap_or(plain.len())).unwrap_or("") {
            "timezone" | "locale" | "env.LANG" | "env.LANGUAGE" | "env.LC_ALL" | "env.TZ" => {
                self.region.get_or_insert_with(|| text.to_owned());
            }
            "date" | "day" | "month" | "year" => {
                self.date.get_or_insert_with(|| text.to_owned());
            }
            _ => {}
        }
    }

    fn join(&mut self, other: &Self) {
        self.region = self.region.take().or_else(|| other.region.clone());
        self.date = self.date.take().or_else(|| other.date.clone());
    }
}

/// Branches, and what stands behind an early way out, where region and date both decide.
fn regional(evaluator: &mut Evaluator<'_>, found: &mut Vec<HidingFact>) {
    let mut regions: Vec<Guard> = conditions::early(evaluator);
    regions.extend(&evaluator.ir.guards);
    regions.sort_by_key(|guard| (guard.first, std::cmp::Reverse(guard.last)));
    let mut open: Vec<(NodeId, About)> = Vec::new();
    let mut left = MOST_LOOKS;
    for guard in regions.into_iter().take(MOST_TESTS) {
        open.retain(|(last, _)| *last > guard.first);
        let mut about = About::default();
        ask(evaluator, guard.test, &mut about, &mut left, 0);
        let asks = about.region.is_some() || about.date.is_some();
        let own = about.clone();
        if let Some((_, around)) = open.last() {
            about.join(around);
        }
        if let (true, Some(region), Some(date)) = (asks, &about.region, &about.date) {
            let place = evaluator.ir.node(guard.test).span;
            let told = found.iter().any(|one| one.span == place);
            if !told && found.len() < MOST_FOUND {
                found.push(fact(
                    "evasion.region-and-date",
                    &format!("{date}, {region}"),
                    place,
                ));
            }
        }
        // What both decide inside is told once.
        let is_both = about.region.is_some() && about.date.is_some();
        open.push((guard.last, if is_both { own } else { about }));
    }
}

/// Adds what a test asks for, whichever way it comes out.
fn ask(
    evaluator: &mut Evaluator<'_>,
    test: NodeId,
    about: &mut About,
    left: &mut usize,
    depth: u32,
) {
    let ir = evaluator.ir;
    let node = ir.node(test);
    if depth >= MOST_DEPTH || *left == 0 {
        return;
    }
    *left -= 1;
    let given = match node.op {
        Op::Unary if node.sub == UnaryOp::Not as u8 => vec![NodeId(node.a)],
        Op::Logical => vec![NodeId(node.a), NodeId(node.b)],
        Op::Name => definition(evaluator, node).into_iter().collect(),
        Op::Call => {
            let callee = ir.node(NodeId(node.a));
            let function = definition(evaluator, callee).map(|value| ir.node(value));
            let function = function.filter(|value| value.op == Op::Function);
            function.map_or_else(Vec::new, |value| returns(evaluator, value.a))
        }
        _ => Vec::new(),
    };
    for part in given {
        ask(evaluator, part, about, left, depth + 1);
    }
    // A date that a caller gives is when something of the caller's ends.
    let is_callers = node.op == Op::Binary && hangs_on_caller(evaluator, node);
    for text in described(evaluator, test, true) {
        if !is_callers {
            about.add(&text);
        }
    }
}

fn hangs_on_caller(evaluator: &mut Evaluator<'_>, node: Node) -> bool {
    let told = evaluator.within(STEPS, |evaluator| {
        let sides = [
            evaluator.eval(NodeId(node.a)),
            evaluator.eval(NodeId(node.b)),
        ];
        sides
            .iter()
            .any(|&side| evaluator.terms.hangs_on_caller(side))
    });
    told.unwrap_or(true)
}

/// What a name of the file holds, if it is given one thing.
fn definition(evaluator: &Evaluator<'_>, node: Node) -> Option<NodeId> {
    let ir = evaluator.ir;
    let binding = (node.op == Op::Name).then(|| ir.bindings.get(node.b as usize))??;
    let def = ir.defs.get(binding.first_def as usize)?;
    (def.next == u32::MAX).then_some(def.value)
}

fn returns(evaluator: &Evaluator<'_>, function: u32) -> Vec<NodeId> {
    const MOST: usize = 4;
    let ir = evaluator.ir;
    let mut at = ir
        .functions
        .get(function as usize)
        .map_or(u32::MAX, |one| one.first_return);
    let mut found = Vec::new();
    while let Some(one) = ir.returns.get(at as usize).filter(|_| found.len() < MOST) {
        found.extend(one.value.some());
        at = one.next;
    }
    found
}

/// `createHash(…).update(header.kid).digest("hex") === "3f8b…"`, or a list of such that has it:
/// who knows the text gets in.
fn digests(evaluator: &mut Evaluator<'_>, found: &mut Vec<HidingFact>) {
    let ir = evaluator.ir;
    let text = evaluator.text;
    let mut texts = ir.nodes.iter().filter(|node| node.op == Op::String);
    if !texts.any(|node| is_digest_part(ir.string(text, *node))) {
        return;
    }
    let mut looks = 0;
    for node in &ir.nodes {
        let Some((left, right)) = compared(evaluator, node) else {
            continue;
        };
        looks += 1;
        if looks > MOST_LOOKS || found.len() >= MOST_FOUND {
            break;
        }
        let told = evaluator.within(STEPS, |evaluator| {
            let sides = [left, right].map(|side| evaluator.eval(side));
            let told = either(evaluator, sides);
            // A function of the file may make the digest.
            told.or_else(|| {
                let sides = sides.map(|side| evaluator.close(side));
                either(evaluator, sides)
            })
        });
        if let Some(name) = told.flatten() {
            found.push(fact("evasion.secret-text", &name, node.span));
        }
    }
}

fn either(evaluator: &Evaluator<'_>, [left, right]: [ValueId; 2]) -> Option<String> {
    secret(evaluator, left, right).or_else(|| secret(evaluator, right, left))
}

/// Two things of which a node says whether they are the same, or whether one holds the other.
fn compared(evaluator: &Evaluator<'_>, node: &Node) -> Option<(NodeId, NodeId)> {
    const HOLD: [&str; 4] = ["equals", "has", "includes", "indexOf"];
    let ir = evaluator.ir;
    let (left, right) = match node.op {
        Op::Binary if is_comparison(node.sub) => (NodeId(node.a), NodeId(node.b)),
        Op::Call => {
            let callee = ir.node(NodeId(node.a));
            let mut args = ir.list(ListId(node.b));
            let first = args.next()?;
            if is_named(evaluator, NodeId(node.a), "timingSafeEqual") {
                (first, args.next()?)
            } else if callee.op == Op::Member
                && HOLD.contains(&ir.name(evaluator.text, NameId(callee.b)))
            {
                (NodeId(callee.a), first)
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let may_be = |id: NodeId| {
        use Op::{Array, Call, Member, Name, New, String};
        matches!(ir.node(id).op, Array | Call | Member | Name | New | String)
    };
    (may_be(left) && may_be(right)).then_some((left, right))
}

fn is_comparison(op: u8) -> bool {
    [
        BinaryOp::Eq,
        BinaryOp::StrictEq,
        BinaryOp::Ne,
        BinaryOp::StrictNe,
    ]
    .iter()
    .any(|&known| op == known as u8)
}

fn is_named(evaluator: &Evaluator<'_>, callee: NodeId, name: &str) -> bool {
    let ir = evaluator.ir;
    let node = ir.node(callee);
    let said = match node.op {
        Op::Member => NameId(node.b),
        Op::Name => NameId(node.a),
        _ => return false,
    };
    ir.name(evaluator.text, said) == name
}

/// The name of what is summed up, if the other side is a digest that the code fixes, or a list of
/// such.
fn secret(evaluator: &Evaluator<'_>, digest: ValueId, fixed: ValueId) -> Option<String> {
    let terms = &evaluator.terms;
    let mut at = digest;
    let mut summed = None;
    let mut is_cut = false;
    // `createHash(…).update(…).digest(…)`, maybe as text, maybe its beginning.
    for _ in 0..MOST_DEPTH {
        let Term::Call(callee, args, _) = terms.get(at) else {
            break;
        };
        let mut path = String::new();
        if terms.path(*callee, &mut path, 0) && path == "crypto.createHash" {
            let value = summed.filter(|_| is_fixed(terms, fixed, is_cut))?;
            return name_of(evaluator, value);
        }
        let Term::Member(of, method) = terms.get(*callee) else {
            return None;
        };
        match &**method {
            "update" => summed = args.first().copied(),
            "slice" | "substr" | "substring" => is_cut = true,
            _ => {}
        }
        at = *of;
    }
    None
}

/// Whether a value is a digest, a part of one if those are cut, or a list or set of such.
fn is_fixed(terms: &Terms, id: ValueId, is_cut: bool) -> bool {
    let items = match terms.get(id) {
        Term::Array(items, _) => items,
        Term::New(class, args, _) => {
            let is_set = matches!(terms.get(*class), Term::Global(name) if &**name == "Set");
            return is_set && matches!(**args, [list] if is_fixed(terms, list, is_cut));
        }
        Term::String(text) if is_cut => return is_digest_part(text),
        _ => return is_digest(terms, id),
    };
    !items.is_empty()
        && items.iter().all(|&item| match terms.get(item) {
            Term::String(text) if is_cut => is_digest_part(text),
            _ => is_digest(terms, item),
        })
}

/// Whether a constant looks like a digest: hex or base64 of sixteen bytes or more.
fn is_digest(terms: &Terms, id: ValueId) -> bool {
    match terms.get(id) {
        Term::String(text) => is_digest_text(text),
        Term::Bytes(bytes) => matches!(bytes.len(), 16 | 20 | 28 | 32 | 48 | 64),
        _ => false,
    }
}

/// Whether a text may be the beginning of a digest, or all of it.
fn is_digest_part(text: &str) -> bool {
    const LEAST: usize = 4;
    let is_hex = text.len() >= LEAST
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_digit());
    is_hex || is_digest_text(text)
}

fn is_digest_text(text: &str) -> bool {
    let is_hex = matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = matches!(text.len(), 24 | 28 | 40 | 44 | 64 | 88)
        && text.ends_with('=')
        && text.bytes().any(|byte| byte.is_ascii_digit());
    is_hex || is_base64
}

/// What a caller's value is called, unless it is the content of something.
fn name_of(evaluator: &Evaluator<'_>, id: ValueId) -> Option<String> {
    let terms = &evaluator.terms;
    let mut at = id;
    let mut name: Option<String> = None;
    for _ in 0..MOST_DEPTH {
        at = match terms.get(at) {
            Term::Param(function, place) => {
                // A part says what it is by its name; of a whole only some names do.
                return match name {
                    Some(name) => Some(name).filter(|name| !is_content(name)),
                    None => parameter(evaluator, *function, *place).filter(|name| opens(name)),
                };
            }
            Term::Member(of, key) => {
                name.get_or_insert_with(|| key.to_string());
                *of
            }
            Term::Index(of, key) => {
                if let Some(key) = terms.as_string(*key) {
                    name.get_or_insert_with(|| key.to_string());
                }
                *of
            }
            // `String(x)`, `x.trim()`, what is made of it.
            Term::Call(callee, args, _) => match terms.get(*callee) {
                Term::Member(of, _) => *of,
                _ => *args.first()?,
            },
            Term::Concat(parts) | Term::Derived(parts, _) | Term::OneOf(parts) => {
                *parts.iter().find(|&&part| terms.hangs_on_caller(part))?
            }
            _ => return None,
        };
    }
    None
}

/// The name of a parameter.
fn parameter(evaluator: &Evaluator<'_>, function: FuncId, place: u32) -> Option<String> {
    let ir = evaluator.ir;
    let params = ir.functions.get(function.index())?.params;
    let target = ir.node(ir.list(params).nth(place as usize)?);
    (target.op == Op::Name).then(|| ir.name(evaluator.text, NameId(target.a)).to_owned())
}

/// Whether a name says that whoever has the thing gets in.
fn opens(name: &str) -> bool {
    const PARTS: [&str; 12] = [
        "auth", "code", "key", "kid", "license", "login", "name", "pass", "pin", "secret", "token",
        "user",
    ];
    let plain = name.to_ascii_lowercase();
    !is_content(name) && PARTS.iter().any(|part| plain.contains(part))
}

fn is_content(name: &str) -> bool {
    let plain = name.to_ascii_lowercase();
    CONTENTS.contains(&plain.as_str())
}
