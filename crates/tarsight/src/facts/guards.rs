//! Conditions that lead to a use, where they are of a kind that reviewers ask about.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::Found;
use super::subjects::{compared, subject};
use crate::parse::ir::{BinaryOp, FuncId, Guard, ListId, LogicalOp, NodeId, Op, UnaryOp};
use crate::parse::names::NameId;
use crate::value::{Evaluator, FunctionUse, Key, Term, ValueId};

/// The guard of what stands in a branch that no run takes.
pub(crate) const NEVER: &str = "never";
/// More conditions than this around one use are not kept.
const MOST_GUARDS: usize = 8;
/// Conditions that are looked at for the calls of one file's functions.
const MOST_LOOKS: usize = 1 << 18;
/// Steps that one condition may take.
const STEPS: u64 = 1_000;
/// Deepest nesting of `!`, `&&` and `||` that is read.
const MOST_DEPTH: u32 = 16;

/// Walks uses in ascending order beside the conditions around them.
pub(super) struct Guards {
    sorted: Vec<Guard>,
    next: usize,
    open: Vec<Guard>,
    /// Each list once: many uses stand under the same conditions.
    lists: FxHashSet<Arc<[Key]>>,
}

impl Guards {
    /// Of branches, and of what stands behind an early way out.
    pub(super) fn new(guards: &[Guard], early: &[Guard]) -> Self {
        let mut sorted = [guards, early].concat();
        sorted.sort_by_key(|guard| (guard.first, std::cmp::Reverse(guard.last)));
        Self {
            sorted,
            next: 0,
            open: Vec::new(),
            lists: FxHashSet::default(),
        }
    }

    /// The conditions around a node, outermost first. Nodes must come in ascending order.
    pub(super) fn around(&mut self, evaluator: &mut Evaluator<'_>, node: NodeId) -> Arc<[Key]> {
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
        self.shared(texts)
    }
}

impl Guards {
    fn shared(&mut self, texts: Vec<Key>) -> Arc<[Key]> {
        if let Some(known) = self.lists.get(texts.as_slice()) {
            return Arc::clone(known);
        }
        let list: Arc<[Key]> = texts.into();
        self.lists.insert(Arc::clone(&list));
        list
    }

    /// Adds to uses in functions that only their names call what all those calls have around
    /// them.
    pub(super) fn of_callers(&mut self, evaluator: &mut Evaluator<'_>, found: &mut [Found]) {
        const MOST_FUNCTIONS: usize = 64;
        if found.iter().all(|one| one.fact.function.is_none()) {
            return;
        }
        let mut left = MOST_LOOKS;
        let mut names: FxHashMap<u32, u32> = FxHashMap::default();
        for node in evaluator.ir.nodes.iter().filter(|node| node.op == Op::Name) {
            *names.entry(node.b).or_default() += 1;
        }
        let mut known: FxHashMap<FuncId, Vec<Key>> = FxHashMap::default();
        for one in found {
            let function = one.fact.function;
            if function.is_none() || one.fact.guards.len() >= MOST_GUARDS {
                continue;
            }
            if !known.contains_key(&function) && known.len() >= MOST_FUNCTIONS {
                return;
            }
            let texts = known
                .entry(function)
                .or_insert_with(|| self.around_calls(evaluator, function, &names, 0, &mut left));
            if !texts.is_empty() {
                let mut all = one.fact.guards.to_vec();
                let new = texts.iter().filter(|text| !one.fact.guards.contains(text));
                all.extend(new.cloned());
                all.truncate(MOST_GUARDS);
                one.fact.guards = self.shared(all);
            }
        }
    }

    /// What all calls of a function have around them.
    fn around_calls(
        &self,
        evaluator: &mut Evaluator<'_>,
        function: FuncId,
        names: &FxHashMap<u32, u32>,
        depth: u32,
        left: &mut usize,
    ) -> Vec<Key> {
        const MOST_LINKS: u32 = 4;
        const MOST_CALLS: usize = 8;
        if function.is_none() || depth >= MOST_LINKS {
            return Vec::new();
        }
        let calls: Vec<NodeId> = match evaluator.index.use_of(function) {
            Some(FunctionUse::Argument(call, _)) => {
                let mut texts: Vec<Key> = delay(evaluator, call).into_iter().collect();
                let around = evaluator.ir.function_of(call);
                texts.extend(self.around_calls(evaluator, around, names, depth + 1, left));
                return texts;
            }
            Some(FunctionUse::Called(call, _) | FunctionUse::Applied(call)) => {
                let around = evaluator.ir.function_of(call);
                return self.around_calls(evaluator, around, names, depth + 1, left);
            }
            Some(FunctionUse::Named(binding)) => {
                let calls = evaluator.index.calls_of(binding);
                let calls: Vec<NodeId> = calls.take(MOST_CALLS + 1).collect();
                // Each name but the declaration's own is a call.
                let count = names.get(&binding.0).copied().unwrap_or_default() as usize;
                match calls.len() <= MOST_CALLS && count <= calls.len() + 1 {
                    true => calls,
                    false => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        let mut common: Option<Vec<Key>> = None;
        for call in calls {
            // Who asks costs a look at every condition.
            let cost = self.sorted.len() + 1;
            if *left < cost {
                return Vec::new();
            }
            *left -= cost;
            let mut texts: Vec<Key> = Vec::new();
            let holds = |guard: &&Guard| guard.first <= call && call < guard.last;
            for guard in self.sorted.iter().filter(holds).take(4 * MOST_GUARDS) {
                texts.extend(described(evaluator, guard.test, guard.when));
            }
            let around = evaluator.ir.function_of(call);
            texts.extend(self.around_calls(evaluator, around, names, depth + 1, left));
            match &mut common {
                Some(common) => common.retain(|text| texts.contains(text)),
                None => common = Some(texts),
            }
        }
        common.unwrap_or_default()
    }
}

/// How long a timer waits, if that is long.
fn delay(evaluator: &mut Evaluator<'_>, call: NodeId) -> Option<Key> {
    const LEAST_MS: f64 = 60_000.0;
    let ir = evaluator.ir;
    let node = ir.node(call);
    let callee = ir.node(NodeId(node.a));
    let name = match callee.op {
        Op::Name => NameId(callee.a),
        Op::Member => NameId(callee.b),
        _ => return None,
    };
    if !matches!(ir.name(evaluator.text, name), "setTimeout" | "setInterval") {
        return None;
    }
    let wait = ir.list(ListId(node.b)).nth(1)?;
    let value = evaluator.within(STEPS, |evaluator| evaluator.eval(wait))?;
    let milliseconds = evaluator.terms.as_number(value)?;
    let is_long = milliseconds >= LEAST_MS;
    is_long.then(|| Key::from(format!("after {} s", (milliseconds / 1000.0).round())))
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

/// Writes `platform=win32`, `!env.CI`, `date>=2027-02-03` and the like; anything else is passed
/// over.
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
            let Some(sign) = sign(node.sub, when) else {
                return;
            };
            let left = evaluator.eval(NodeId(node.a));
            let right = evaluator.eval(NodeId(node.b));
            let text = told(evaluator, left, right, sign)
                .or_else(|| told(evaluator, right, left, turned(sign)));
            texts.extend(text.map(Key::from));
        }
        _ => {
            let value = evaluator.eval(test);
            let sign = if when { "" } else { "!" };
            let text = subject(evaluator, value).or_else(|| searched(evaluator, value));
            texts.extend(text.map(|text| Key::from(format!("{sign}{text}"))));
        }
    }
}

/// `date>=2027-02-03`; of a date that is compared with what is not known, that it is.
fn told(evaluator: &Evaluator<'_>, left: ValueId, right: ValueId, sign: &str) -> Option<String> {
    let subject = subject(evaluator, left)?;
    match compared(&evaluator.terms, &subject, right) {
        Some(value) => Some(format!("{subject}{sign}{value}")),
        None => (subject == "date").then_some(subject),
    }
}

/// `timezone in Asia/X, Asia/Y`, `hostname~runner`: a list or a text is searched.
fn searched(evaluator: &Evaluator<'_>, value: ValueId) -> Option<String> {
    const MOST_NAMED: usize = 4;
    let terms = &evaluator.terms;
    let Term::Call(callee, args, _) = terms.get(value) else {
        return None;
    };
    let Term::Member(of, method) = terms.get(*callee) else {
        return None;
    };
    let first = *args.first()?;
    match (&**method, terms.get(*of)) {
        ("includes" | "has", Term::Array(items, _)) => {
            let subject = subject(evaluator, first)?;
            let named = items.iter().filter_map(|&item| terms.as_text(item));
            let named: Vec<Key> = named.take(MOST_NAMED).collect();
            let more = if items.len() > named.len() {
                ", …"
            } else {
                ""
            };
            Some(format!("{subject} in {}{more}", named.join(", ")))
        }
        ("test", Term::Regex(pattern, _)) => {
            Some(format!("{}~{pattern}", subject(evaluator, first)?))
        }
        ("includes" | "startsWith" | "endsWith" | "match", _) => {
            let subject = subject(evaluator, *of)?;
            let sought = match terms.get(first) {
                Term::Regex(pattern, _) => Key::clone(pattern),
                _ => terms.as_text(first)?,
            };
            Some(format!("{subject}~{sought}"))
        }
        _ => None,
    }
}

/// How a comparison reads if it comes out as told.
fn sign(op: u8, when: bool) -> Option<&'static str> {
    let is = |wanted: BinaryOp| op == wanted as u8;
    let signs = if is(BinaryOp::Eq) || is(BinaryOp::StrictEq) {
        ("=", "!=")
    } else if is(BinaryOp::Ne) || is(BinaryOp::StrictNe) {
        ("!=", "=")
    } else if is(BinaryOp::Lt) {
        ("<", ">=")
    } else if is(BinaryOp::Gt) {
        (">", "<=")
    } else if is(BinaryOp::Le) {
        ("<=", ">")
    } else if is(BinaryOp::Ge) {
        (">=", "<")
    } else {
        return None;
    };
    Some(if when { signs.0 } else { signs.1 })
}

/// The same with its sides the other way round.
fn turned(sign: &'static str) -> &'static str {
    match sign {
        "<" => ">",
        ">" => "<",
        "<=" => ">=",
        ">=" => "<=",
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;

    /// The guards of each address that code asks.
    fn guards(code: &str) -> Vec<(String, Vec<String>)> {
        let manifest = r#"{"name":"a","version":"1.0.0","main":"i.js"}"#;
        let files = [("package.json", manifest), ("i.js", code)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let report = Engine::new().scan_tree(files).expect("a package");
        let asked = report.behaviours.into_iter();
        asked
            .filter(|one| one.id == "network.http")
            .map(|one| (one.target.unwrap_or_default(), one.guards))
            .collect()
    }

    #[test]
    fn what_leads_to_a_use_is_told() {
        for (code, wanted) in [
            (
                "if (Date.now() > Date.UTC(2027, 1, 3)) ASK",
                "date>2027-02-03",
            ),
            (
                "if (new Date() < new Date('2027-02-03')) return; ASK",
                "date>=2027-02-03",
            ),
            ("if (1769904000000 <= Date.now()) ASK", "date>=2026-02-01"),
            ("if (new Date().getHours() >= 22) ASK", "hour>=22"),
            ("if (Math.random() < 0.2) ASK", "random<0.2"),
            (
                "if (process.env.CI || process.argv[2] === 'x') return; ASK",
                "!env.CI argv!=x",
            ),
            (
                "const { timeZone } = Intl.DateTimeFormat().resolvedOptions();\nif (['A/X', 'A/Y'].includes(timeZone)) ASK",
                "timezone in A/X, A/Y",
            ),
            (
                "if (!navigator.language.startsWith('ru')) ASK",
                "!locale~ru",
            ),
            (
                "if (/ci|runner/.test(require('os').hostname())) return; ASK",
                "!hostname~ci|runner",
            ),
            (
                "if (require('os').userInfo().username !== 'root') ASK",
                "user!=root",
            ),
            ("if (require('os').cpus().length > 2) ASK", "cpus>2"),
            (
                "const fs = require('fs'), os = require('os');\nif (fs.existsSync(os.homedir() + '/.x')) ASK",
                "exists(~/.x)",
            ),
            ("if (process.env.X) run(); function run() { ASK }", "env.X"),
            ("setTimeout(() => { ASK }, 36e5);", "after 3600 s"),
            ("if (options.fast) ASK", ""),
        ] {
            let ask = "fetch('https://a.invalid/');";
            let code = format!(
                "exports.f = (options) => {{\n{}\n}};",
                code.replace("ASK", ask)
            );
            let found: Vec<String> = guards(&code)
                .into_iter()
                .map(|(_, all)| all.join(" "))
                .collect();
            assert_eq!(found, [wanted], "{code}");
        }
    }

    #[test]
    fn a_function_that_others_call_too_is_under_no_guard() {
        let found = guards(
            "if (process.env.X) run(); exports.run = run; function run() { fetch('https://a.invalid/'); }",
        );
        assert_eq!(found, [("https://a.invalid/".to_owned(), Vec::new())]);
    }
}
