//! The rules that every [`Ir`] keeps, as a check for tests.

use super::ir::{COOKED, Ir, ListId, Node, NodeId, Op};
use super::names::NameId;

/// What an operand is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    Node(u32),
    List(u32),
    Name(u32),
    Index(u32),
}

/// The operands of a node that are neither constants nor strings, as [`Op`] documents them.
pub(crate) fn operands(node: Node) -> Vec<Operand> {
    use Operand::{Index, List, Name, Node};
    let (a, b) = (node.a, node.b);
    match node.op {
        Op::Hole | Op::Null | Op::Bool | Op::Number | Op::NewTarget | Op::ImportMeta => vec![],
        Op::String | Op::BigInt | Op::Regex | Op::Debugger => vec![],
        Op::Name => vec![Name(a), Index(b)],
        Op::This | Op::Super | Op::Arguments | Op::Function | Op::Class => vec![Index(a)],
        Op::Array | Op::Object | Op::Template | Op::Sequence | Op::Block | Op::Declare => {
            vec![List(a)]
        }
        Op::Property | Op::TaggedTemplate | Op::Binary | Op::Logical | Op::Assign | Op::Index => {
            vec![Node(a), Node(b)]
        }
        Op::ImportCall | Op::Default | Op::Declarator | Op::While | Op::DoWhile | Op::With => {
            vec![Node(a), Node(b)]
        }
        Op::Declaration | Op::Decorator => vec![Node(a), Node(b)],
        Op::Spread | Op::Unary | Op::Update | Op::Await | Op::Yield | Op::Item | Op::Key => {
            vec![Node(a)]
        }
        Op::Caught | Op::Expression | Op::Return | Op::Throw => vec![Node(a)],
        Op::Conditional | Op::Call | Op::New | Op::Jsx | Op::If | Op::Switch | Op::Case => {
            vec![Node(a), List(b)]
        }
        Op::ObjectRest | Op::Try => vec![Node(a), List(b)],
        Op::Member => vec![Node(a), Name(b)],
        Op::Param | Op::RestParam | Op::Export => vec![Index(a), Index(b)],
        Op::ArrayRest | Op::Element => vec![Node(a), Index(b)],
        Op::Imported => vec![Index(a), Name(b)],
        Op::For | Op::ForIn | Op::ForOf => vec![List(a), Node(b)],
        Op::Break | Op::Continue => vec![Name(a)],
        Op::Labeled => vec![Name(a), Node(b)],
        Op::Import => vec![Index(a), Node(b)],
    }
}

/// The first broken rule, if any.
pub(crate) fn check(ir: &Ir, text: &str) -> Result<(), String> {
    let fail = |at: usize, what: &str| Err(format!("node {at} {:?}: {what}", ir.nodes[at]));
    for (at, &node) in ir.nodes.iter().enumerate() {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        if start > end || text.get(start..end).is_none() {
            return fail(at, "span outside the text");
        }
        if matches!(node.op, Op::String | Op::BigInt | Op::Regex) {
            let from = if node.a & COOKED == 0 {
                text
            } else {
                &ir.cooked
            };
            let start = (node.a & !COOKED) as usize;
            if from.get(start..start + node.b as usize).is_none() {
                return fail(at, "string outside the text");
            }
        }
        for operand in operands(node) {
            let fits = match operand {
                Operand::Node(id) => NodeId(id).is_none() || (id as usize) < at,
                Operand::List(list) => {
                    let len = ir.lists.get(list as usize).copied().unwrap_or(0) as usize;
                    ir.list(ListId(list)).len() == len
                        && list as usize + len < ir.lists.len()
                        && ir.list(ListId(list)).all(|child| child.index() < at)
                }
                Operand::Name(id) => id == u32::MAX || (id as usize) < ir.names.len(),
                Operand::Index(_) => true,
            };
            if !fits {
                return fail(at, "operand out of range");
            }
        }
        let holds = match node.op {
            Op::Name => node.b == u32::MAX || bound(ir, node.a, node.b),
            Op::Function => ir
                .functions
                .get(node.a as usize)
                .is_some_and(|f| f.node.index() == at),
            Op::Class => ir
                .classes
                .get(node.a as usize)
                .is_some_and(|c| c.node.index() == at),
            Op::Imported | Op::Import => (node.a as usize) < ir.imports.len(),
            Op::Export => (node.a + node.b) as usize <= ir.exports.len(),
            Op::Param | Op::RestParam => (node.a as usize) < ir.functions.len(),
            _ => true,
        };
        if !holds {
            return fail(at, "index out of range");
        }
    }
    check_tables(ir)
}

fn bound(ir: &Ir, name: u32, binding: u32) -> bool {
    ir.bindings
        .get(binding as usize)
        .is_some_and(|binding| binding.name == NameId(name))
}

fn check_tables(ir: &Ir) -> Result<(), String> {
    for (at, function) in ir.functions.iter().enumerate() {
        let parent = function
            .parent
            .some()
            .map(|parent| &ir.functions[parent.index()]);
        let inside = parent.is_none_or(|parent| {
            parent.first_node <= function.first_node && function.node < parent.node
        });
        if !inside || function.first_node > function.node {
            return Err(format!("function {at} {function:?} does not nest"));
        }
        let own = (function.first_node.0..function.node.0).next_back();
        if own.is_some_and(|last| {
            let found = ir.function_of(NodeId(last));
            found.is_none() || found.index() < at
        }) {
            return Err(format!("function {at} is not found by its last node"));
        }
        let mut next = function.first_return;
        while let Some(found) = ir.returns.get(next as usize) {
            if found
                .value
                .some()
                .is_some_and(|value| value >= function.node)
            {
                return Err(format!("return {next} stands outside function {at}"));
            }
            next = found.next;
        }
    }
    for guard in &ir.guards {
        if guard.test >= guard.first || guard.first > guard.last {
            return Err(format!("guard {guard:?} is out of order"));
        }
    }
    if !ir.guards.is_sorted_by_key(|guard| guard.first)
        || !ir.calls.is_sorted()
        || !ir.writes.is_sorted()
    {
        return Err("guards, calls or writes are out of order".to_owned());
    }
    for (at, binding) in ir.bindings.iter().enumerate() {
        let mut next = binding.first_def;
        while let Some(def) = ir.defs.get(next as usize) {
            if ir.node(def.target).b as usize != at || (def.next <= next) {
                return Err(format!("value {next} does not belong to binding {at}"));
            }
            next = def.next;
        }
    }
    Ok(())
}
