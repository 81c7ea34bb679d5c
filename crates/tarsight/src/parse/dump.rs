//! The IR as text, for tests.

use std::fmt::Write;

use super::ir::{Ir, ListId, NodeId, Op};
use super::names::NameId;

/// One node as an S-expression, names and strings spelled out, bindings as `name^scope`.
pub(crate) fn dump(ir: &Ir, text: &str, node: NodeId) -> String {
    let mut out = String::new();
    write_node(ir, text, node.0, &mut out);
    out
}

/// All values that names get: `name^scope = value`.
pub(crate) fn dump_defs(ir: &Ir, text: &str) -> String {
    let mut out = String::new();
    for def in &ir.defs {
        write_node(ir, text, def.target.0, &mut out);
        out.push_str(" = ");
        write_node(ir, text, def.value.0, &mut out);
        out.push('\n');
    }
    out
}

fn write_list(ir: &Ir, text: &str, list: u32, out: &mut String) {
    out.push('[');
    for (at, node) in ir.list(ListId(list)).enumerate() {
        if at > 0 {
            out.push(' ');
        }
        write_node(ir, text, node.0, out);
    }
    out.push(']');
}

fn write_node(ir: &Ir, text: &str, id: u32, out: &mut String) {
    if NodeId(id).is_none() {
        out.push('-');
        return;
    }
    let node = ir.node(NodeId(id));
    let name = |name: u32| ir.name(text, NameId(name));
    match node.op {
        Op::Hole => out.push('_'),
        Op::Name => {
            out.push_str(name(node.a));
            match ir.bindings.get(node.b as usize) {
                Some(binding) => write!(out, "^{}", binding.scope.0).unwrap(),
                None => out.push('?'),
            }
        }
        Op::String => write!(out, "{:?}", ir.string(text, node)).unwrap(),
        Op::BigInt => write!(out, "{}n", ir.string(text, node)).unwrap(),
        Op::Regex => write!(out, "/{}/{}", ir.string(text, node), node.sub).unwrap(),
        Op::Number => {
            let bits = u64::from(node.a) | u64::from(node.b) << 32;
            write!(out, "{}", f64::from_bits(bits)).unwrap();
        }
        Op::Bool => write!(out, "{}", node.a == 1).unwrap(),
        Op::Function => {
            let function = &ir.functions[node.a as usize];
            write!(out, "(fn#{} {:?} ", node.a, function.kind).unwrap();
            write_list(ir, text, function.params.0, out);
            out.push(' ');
            write_node(ir, text, function.body.0, out);
            out.push(')');
        }
        Op::Class => {
            let class = &ir.classes[node.a as usize];
            write!(out, "(class#{} ", node.a).unwrap();
            write_node(ir, text, class.superclass.0, out);
            out.push(' ');
            if let Some(constructor) = class.constructor.some() {
                let constructor = ir.functions[constructor.index()].node;
                write_node(ir, text, constructor.0, out);
            }
            write_list(ir, text, class.members.0, out);
            out.push(')');
        }
        op => {
            write!(out, "({op:?}").unwrap();
            if node.sub != 0 {
                write!(out, ":{}", node.sub).unwrap();
            }
            for operand in super::check::operands(node) {
                out.push(' ');
                match operand {
                    super::check::Operand::Node(id) => write_node(ir, text, id, out),
                    super::check::Operand::List(list) => write_list(ir, text, list, out),
                    super::check::Operand::Name(id) if id == u32::MAX => out.push('-'),
                    super::check::Operand::Name(id) => out.push_str(name(id)),
                    super::check::Operand::Index(at) => write!(out, "#{at}").unwrap(),
                }
            }
            out.push(')');
        }
    }
}
