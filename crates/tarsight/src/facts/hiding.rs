//! Ways of writing that keep code from whoever reads it: off the screen, invisible, under names
//! that look like others, in tables of texts, and words for those who review.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Span;
use crate::parse::ir::{BinaryOp, Ir, ListId, Node, NodeId, Op};
use crate::parse::names::NameId;
use crate::source::{conceals, hidden_run, is_lookalike};
use crate::value::{Evaluator, Key};

/// Blanks in one line that push what follows off every screen.
const MOST_BLANKS: usize = 150;
/// Sights of one kind that are kept of one file.
const MOST_SIGHTS: usize = 4;
/// Texts of a table, and calls that ask for one of them by a constant.
const LEAST_TEXTS: usize = 20;
const LEAST_CALLS: usize = 10;

/// Something that is written so that nobody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HidingFact {
    /// The behaviour.
    pub id: &'static str,
    /// What exactly.
    pub detail: Key,
    /// Where.
    pub span: Span,
}

/// What in a comment tells those who review, people or machines, to look away.
static TO_REVIEWERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        (?-u:\b)(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+)?(?:previous|prior|earlier|above|other)\s+(?:instructions|rules|guidelines|prompts)
        | (?-u:\b)(?:ai|llm|language\ model|agent|assistant|reviewer|auditor|scanner|analy[sz]er)s?(?-u:\b)[^\n]{0,60}
            (?-u:\b)(?:do\ not|don'?t|must\ not|never|skip|ignore|refrain\ from)\s+(?:[a-z']+\s+){0,2}?(?:flag|flagging|report|reporting|review|reviewing|scan|scanning|analy[sz]e|analy[sz]ing|mention|mentioning|inspect|inspecting)(?-u:\b)
        ",
    )
    .ok()
});
/// Where one text ends and the next begins that a plus joins to it.
static PIECES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"["'`]\s*\+\s*["'`]"#).ok());
/// Most bytes between them.
const MOST_BETWEEN: usize = 256;
/// One of these stands in every such comment.
const ANCHORS: [&str; 12] = [
    "nstructions",
    "prompts",
    "AI",
    "LLM",
    "anguage model",
    "agent",
    "ssistant",
    "eviewer",
    "uditor",
    "canner",
    "nalyzer",
    "nalyser",
];
/// Places of one of them that are looked at.
const MOST_ANCHORS: usize = 4_096;

/// Finds them; each in one pass over text, nodes or names.
pub(super) fn collect(ir: &Ir, text: &str) -> Vec<HidingFact> {
    let mut found = Vec::new();
    off_screen(ir, text, &mut found);
    to_reviewers(ir, text, &mut found);
    to_agents(ir, text, &mut found);
    if !text.is_ascii() {
        invisible(text, &mut found);
        lookalikes(ir, text, &mut found);
    }
    found.extend(string_table(ir, text));
    found
}

/// Addresses that the code makes of what nobody can read, as far as a run showed.
pub(super) fn addresses(evaluator: &Evaluator<'_>, written: &str) -> Vec<HidingFact> {
    let found = evaluator.hidden_hosts(written).into_iter();
    let told = found.map(|(node, host)| {
        let place = evaluator.ir.node(node).span;
        fact("evasion.hidden-address", &host, place)
    });
    told.collect()
}

pub(super) fn fact(id: &'static str, detail: &str, span: Span) -> HidingFact {
    HidingFact {
        id,
        detail: Key::from(detail),
        span,
    }
}

fn span(start: usize, end: usize) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(narrow(start), narrow(end))
}

/// A call behind a long run of blanks in the same line.
fn off_screen(ir: &Ir, text: &str, found: &mut Vec<HidingFact>) {
    let bytes = text.as_bytes();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut runs: Vec<(usize, usize)> = Vec::new();
    // A run that is long enough holds one of these places.
    let mut at = MOST_BLANKS - 1;
    while let Some(byte) = bytes.get(at) {
        let mut end = at;
        if is_blank(byte) {
            let (before, after) = bytes.split_at(at);
            let start = at
                - before
                    .iter()
                    .rev()
                    .take_while(|byte| is_blank(byte))
                    .count();
            end = at + after.iter().take_while(|byte| is_blank(byte)).count();
            let ends_line = matches!(bytes.get(end), None | Some(b'\n' | b'\r'));
            if end - start >= MOST_BLANKS && !ends_line && runs.len() < MOST_SIGHTS {
                let rest = bytes.get(end..).unwrap_or(&[]);
                let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |line| line);
                runs.push((end, end + line));
            }
        }
        at = end + MOST_BLANKS;
    }
    for (start, end) in runs {
        let place = span(start, end);
        let inside = |node: Node| place.start <= node.span.start && node.span.start < place.end;
        let calls = ir
            .calls
            .iter()
            .filter(|&&call| inside(ir.node(call)))
            .count();
        // Blanks of a text are no blanks of the code.
        if calls > 0 && !is_in_text(ir, place.start.saturating_sub(1)) {
            let detail = format!("{calls} calls behind {MOST_BLANKS} blanks or more");
            found.push(fact("obfuscation.off-screen", &detail, place));
        }
    }
}

/// Many characters in one place that no reader sees.
fn invisible(text: &str, found: &mut Vec<HidingFact>) {
    if let Some((what, place)) = hidden_run(text) {
        found.push(fact("obfuscation.hidden-text", &what, place));
    }
}

/// Names that mix Latin letters with letters that look like them.
fn lookalikes(ir: &Ir, text: &str, found: &mut Vec<HidingFact>) {
    let named = ir.bindings.iter();
    let mut seen: Vec<NameId> = Vec::new();
    for binding in named {
        let name = ir.name(text, binding.name);
        if name.is_ascii() || seen.contains(&binding.name) || seen.len() >= MOST_SIGHTS {
            continue;
        }
        let mixes = name.chars().any(|c| c.is_ascii_alphabetic()) && name.chars().any(is_lookalike);
        if mixes {
            seen.push(binding.name);
            let place = ir.node(binding.node).span;
            found.push(fact("obfuscation.lookalike-name", name, place));
        }
    }
}

/// Comments that tell reviewers, people or machines, to look away.
fn to_reviewers(ir: &Ir, text: &str, found: &mut Vec<HidingFact>) {
    const MOST_LINE: usize = 400;
    let bytes = text.as_bytes();
    let mut lines: Vec<(usize, usize)> = Vec::new();
    for anchor in ANCHORS {
        let places = memchr::memmem::find_iter(bytes, anchor).take(MOST_ANCHORS);
        for at in places {
            let before = bytes.get(..at).unwrap_or(&[]);
            let near = before.get(at.saturating_sub(MOST_LINE)..).unwrap_or(&[]);
            let start = match memchr::memrchr(b'\n', near) {
                Some(back) => at - (near.len() - back - 1),
                None if near.len() == at => 0,
                None => continue,
            };
            let rest = bytes.get(at..).unwrap_or(&[]);
            let end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if end - start <= MOST_LINE {
                lines.push((start, end));
            }
        }
    }
    lines.sort_unstable();
    lines.dedup();
    let said = lines.into_iter().filter_map(|(start, end)| {
        let line = text.get(start..end)?;
        let comment = comment_of(line)?;
        let pattern = TO_REVIEWERS.as_ref()?;
        let said = line.get(comment..)?.trim_end();
        let is_it = pattern.is_match(said);
        is_it.then(|| (said, span(start + comment, start + comment + said.len())))
    });
    for (said, place) in said.take(MOST_SIGHTS) {
        if !is_in_text(ir, place.start) {
            found.push(fact("obfuscation.reviewer-instruction", said.trim(), place));
        }
    }
}

/// Texts of the code that tell a coding agent to keep something from its user: the description
/// of a tool is read as instructions are.
fn to_agents(ir: &Ir, text: &str, found: &mut Vec<HidingFact>) {
    const ANCHORS: [&str; 7] = [
        "user",
        "developer",
        "onfirmation",
        "nstructions",
        "summary",
        "reply",
        "response",
    ];
    const LEAST: u32 = 60;
    const MOST: usize = 600;
    let has = |anchor: &&str| memchr::memmem::find(text.as_bytes(), anchor.as_bytes()).is_some();
    if !ANCHORS.iter().any(has) {
        return;
    }
    let mut kept = 0;
    for place in texts(ir, text) {
        if place.end - place.start < LEAST || kept >= MOST_SIGHTS {
            continue;
        }
        let Some(said) = text.get(place.start as usize..place.end as usize) else {
            continue;
        };
        // A text of several lines says one thing, and so does one in several pieces.
        let said = said.replace("\\n", " ").replace('\n', " ");
        let said = match &*PIECES {
            Some(pieces) => pieces.replace_all(&said, ""),
            None => said.into(),
        };
        if ANCHORS.iter().any(|anchor| said.contains(anchor)) && conceals(&said) {
            let quoted: String = said
                .trim_matches(['`', '"', '\''])
                .chars()
                .take(MOST)
                .collect();
            found.push(fact("agent.concealment", quoted.trim(), place));
            kept += 1;
        }
    }
}

/// The texts of a file; those that pluses join are one.
fn texts(ir: &Ir, text: &str) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    for node in &ir.nodes {
        let is_text = matches!(node.op, Op::String | Op::Template);
        if !is_text || node.span.end <= node.span.start {
            continue;
        }
        let between = |last: &Span| text.get(last.end as usize..node.span.start as usize);
        let last = all.last_mut();
        let joined = last.filter(|last| {
            between(last).is_some_and(|between| {
                let sign = between.trim();
                sign == "+" && between.len() <= MOST_BETWEEN
            })
        });
        match joined {
            Some(last) => last.end = node.span.end,
            None => all.push(node.span),
        }
    }
    all
}

/// Where a line's comment starts, as far as the line tells.
fn comment_of(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    let opens = ["*", "<!--"].iter().any(|sign| trimmed.starts_with(sign));
    match opens {
        true => Some(line.len() - trimmed.len()),
        false => line.find("//").or_else(|| line.find("/*")),
    }
}

/// Whether a place is inside a text of the code, not between its words.
fn is_in_text(ir: &Ir, at: u32) -> bool {
    ir.nodes.iter().any(|node| {
        let is_text = matches!(node.op, Op::String | Op::Template | Op::Regex | Op::Jsx);
        is_text && node.span.start <= at && at < node.span.end
    })
}

/// A table of texts that code asks for by number, by its use: code turns it until a sum is right,
/// or one function takes its items at a distance, and is called with nothing but constants.
fn string_table(ir: &Ir, text: &str) -> Option<HidingFact> {
    let (at, table) = (0u32..).zip(&ir.nodes).find(|(_, node)| {
        node.op == Op::Array && {
            let items = ir.list(ListId(node.a));
            items.len() >= LEAST_TEXTS
                && items.into_iter().all(|item| ir.node(item).op == Op::String)
        }
    })?;
    let how = if is_turned(ir, text) {
        "in an order that code restores before use"
    } else if is_asked_by_number(ir, NodeId(at)) {
        "asked for by number"
    } else {
        return None;
    };
    let count = ir.list(ListId(table.a)).len();
    let place = Span::new(table.span.start, table.span.end.min(table.span.start + 80));
    let detail = format!("{count} texts, {how}");
    Some(fact("obfuscation.string-table", &detail, place))
}

/// `table.push(table.shift())` beside sums of `parseInt`.
fn is_turned(ir: &Ir, text: &str) -> bool {
    const LEAST_NUMBERS: usize = 3;
    let method = |call: Node, name: &str| {
        let callee = ir.node(NodeId(call.a));
        let key = ir.node(NodeId(callee.b));
        let is_it = match callee.op {
            Op::Member => ir.name(text, NameId(callee.b)) == name,
            Op::Index => key.op == Op::String && ir.string(text, key) == name,
            _ => false,
        };
        is_it.then(|| ir.node(NodeId(callee.a)))
    };
    let mut turns = ir.calls.iter().filter(|&&id| {
        let call = ir.node(id);
        let (Some(to), Some(first)) = (method(call, "push"), ir.list(ListId(call.b)).next()) else {
            return false;
        };
        let from = method(ir.node(first), "shift");
        from.is_some_and(|from| {
            from.op == Op::Name && to.op == Op::Name && (from.a, from.b) == (to.a, to.b)
        })
    });
    let Some(&turn) = turns.next() else {
        return false;
    };
    let function = ir.function_of(turn);
    let numbers = ir.calls.iter().filter(|&&id| {
        let callee = ir.node(NodeId(ir.node(id).a));
        callee.op == Op::Name
            && callee.b == u32::MAX
            && ir.name(text, NameId(callee.a)) == "parseInt"
            && ir.function_of(id) == function
    });
    numbers.count() >= LEAST_NUMBERS
}

/// A function with `table[at - distance]`, and calls of it with constants only.
fn is_asked_by_number(ir: &Ir, table: NodeId) -> bool {
    let is_distance = |node: Node| {
        node.op == Op::Binary
            && node.sub == BinaryOp::Sub as u8
            && ir.node(NodeId(node.a)).op == Op::Name
            && ir.node(NodeId(node.b)).op == Op::Number
    };
    let asks = (0u32..).zip(&ir.nodes).filter(|(_, node)| {
        let key = ir.node(NodeId(node.b));
        let is_named = || {
            let binding = ir
                .bindings
                .get(key.b as usize)
                .filter(|_| key.op == Op::Name);
            let mut at = binding.map_or(u32::MAX, |binding| binding.first_def);
            while let Some(def) = ir.defs.get(at as usize) {
                if is_distance(ir.node(def.value)) {
                    return true;
                }
                at = def.next;
            }
            false
        };
        let object = ir.node(NodeId(node.a));
        let is_table = || {
            let binding = ir.bindings.get(object.b as usize);
            let binding = binding.filter(|_| object.op == Op::Name);
            let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
            def.is_some_and(|def| def.value == table)
        };
        node.op == Op::Index && is_table() && (is_distance(key) || is_named())
    });
    let asking: Vec<u32> = asks
        .map(|(at, _)| ir.function_of(NodeId(at)).0)
        .filter(|&function| function != u32::MAX)
        .take(MOST_SIGHTS)
        .collect();
    if asking.is_empty() {
        return false;
    }
    let calls = ir.calls.iter().filter(|&&id| {
        let call = ir.node(id);
        let callee = ir.node(NodeId(call.a));
        let binding = ir
            .bindings
            .get(callee.b as usize)
            .filter(|_| callee.op == Op::Name);
        let def = binding.and_then(|binding| ir.defs.get(binding.first_def as usize));
        let is_it = def.is_some_and(|def| {
            let value = ir.node(def.value);
            value.op == Op::Function && asking.contains(&value.a)
        });
        let mut args = ir.list(ListId(call.b)).map(|arg| ir.node(arg).op);
        is_it && call.op == Op::Call && args.all(|op| matches!(op, Op::Number | Op::String))
    });
    calls.count() >= LEAST_CALLS
}
