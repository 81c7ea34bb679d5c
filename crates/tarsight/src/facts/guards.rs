//! Conditions that lead to a use, where they are of a kind that reviewers ask about.

use crate::parse::ir::{BinaryOp, Guard, LogicalOp, NodeId, Op, UnaryOp};
use crate::value::{Evaluator, Key, Term, ValueId};

/// The guard of what stands in a branch that no run takes.
pub(crate) const NEVER: &str = "never";
/// More conditions than this around one use are not kept.
const MOST_GUARDS: usize = 8;
/// Steps that one condition may take.
const STEPS: u64 = 1_000;
/// Deepest nesting of `!`, `&&` and `||` that is read.
const MOST_DEPTH: u32 = 16;

/// Walks uses in ascending order beside the conditions around them.
pub(super) struct Guards {
    sorted: Vec<Guard>,
    next: usize,
    open: Vec<Guard>,
}

impl Guards {
    pub(super) fn new(guards: &[Guard]) -> Self {
        let mut sorted = guards.to_vec();
        sorted.sort_by_key(|guard| (guard.first, std::cmp::Reverse(guard.last)));
        Self {
            sorted,
            next: 0,
            open: Vec::new(),
        }
    }

    /// The conditions around a node, outermost first. Nodes must come in ascending order.
    pub(super) fn around(&mut self, evaluator: &mut Evaluator<'_>, node: NodeId) -> Box<[Key]> {
        while let Some(guard) = self.sorted.get(self.next) {
            if guard.first > node {
                break;
            }
            self.open.retain(|open| open.last > guard.first);
            self.open.push(*guard);
            self.next += 1;
        }
        let mut texts: Vec<Key> = Vec::new();
        if evaluator.index.is_dead(node) {
            texts.push(Key::from(NEVER));
        }
        for guard in &self.open {
            if guard.first <= node && node < guard.last {
                let is_closed = holds(evaluator, guard.test) == Some(!guard.when);
                if is_closed && texts.is_empty() {
                    texts.push(Key::from(NEVER));
                }
                texts.extend(described(evaluator, guard.test, guard.when));
            }
        }
        texts.truncate(MOST_GUARDS);
        texts.into()
    }
}

/// Whether a condition of nothing but literals holds. Names are left alone: who can say what else
/// changes them.
fn holds(evaluator: &mut Evaluator<'_>, test: NodeId) -> Option<bool> {
    let mut open = vec![test];
    let mut left = 16;
    while let Some(id) = open.pop() {
        left -= 1;
        let node = evaluator.ir.node(id);
        match node.op {
            _ if left == 0 => return None,
            Op::Bool | Op::Number | Op::String | Op::Null => {}
            Op::Unary => open.push(NodeId(node.a)),
            Op::Binary | Op::Logical => open.extend([NodeId(node.a), NodeId(node.b)]),
            _ => return None,
        }
    }
    let value = evaluator.within(STEPS, |evaluator| evaluator.eval(test))?;
    evaluator.terms.truth(value)
}

/// What a test says if it comes out as told, as far as reviewers ask.
pub(super) fn described(evaluator: &mut Evaluator<'_>, test: NodeId, when: bool) -> Vec<Key> {
    let found = evaluator.within(STEPS, |evaluator| {
        let mut found = Vec::new();
        describe(evaluator, test, when, &mut found, 0);
        found
    });
    found.unwrap_or_default()
}

/// Writes `platform=win32`, `!env.CI` and the like; anything else is passed over.
fn describe(
    evaluator: &mut Evaluator<'_>,
    test: NodeId,
    when: bool,
    texts: &mut Vec<Key>,
    depth: u32,
) {
    let node = evaluator.ir.node(test);
    if depth >= MOST_DEPTH {
        return;
    }
    match node.op {
        Op::Unary if node.sub == UnaryOp::Not as u8 => {
            describe(evaluator, NodeId(node.a), !when, texts, depth + 1);
        }
        // Both sides hold for `&&`; neither does where `||` fails.
        Op::Logical
            if (node.sub == LogicalOp::And as u8 && when)
                || (node.sub == LogicalOp::Or as u8 && !when) =>
        {
            describe(evaluator, NodeId(node.a), when, texts, depth + 1);
            describe(evaluator, NodeId(node.b), when, texts, depth + 1);
        }
        Op::Binary => {
            let is = |op: BinaryOp| node.sub == op as u8;
            let equal = is(BinaryOp::Eq) || is(BinaryOp::StrictEq);
            if !equal && !is(BinaryOp::Ne) && !is(BinaryOp::StrictNe) {
                return;
            }
            let left = evaluator.eval(NodeId(node.a));
            let right = evaluator.eval(NodeId(node.b));
            let named = subject(evaluator, left).zip(evaluator.terms.as_text(right));
            let turned = subject(evaluator, right).zip(evaluator.terms.as_text(left));
            if let Some((subject, value)) = named.or(turned) {
                let sign = if equal == when { "=" } else { "!=" };
                texts.push(Key::from(format!("{subject}{sign}{value}")));
            }
        }
        _ => {
            let value = evaluator.eval(test);
            if let Some(subject) = subject(evaluator, value) {
                let sign = if when { "" } else { "!" };
                texts.push(Key::from(format!("{sign}{subject}")));
            }
        }
    }
}

/// `platform`, `arch`, `env.NAME`, … if the value is one of those.
fn subject(evaluator: &Evaluator<'_>, id: ValueId) -> Option<String> {
    let id = match evaluator.terms.get(id) {
        Term::Call(callee, ..) => *callee,
        _ => id,
    };
    let mut path = String::new();
    if !evaluator.terms.path(id, &mut path, 0) {
        return None;
    }
    match path.as_str() {
        "process.platform" | "os.platform" | "os.type" => Some("platform".to_owned()),
        "process.arch" | "os.arch" => Some("arch".to_owned()),
        "window" | "document" | "navigator" | "require.main" => Some(path),
        _ => path
            .strip_prefix("process.env.")
            .map(|name| format!("env.{name}")),
    }
}
