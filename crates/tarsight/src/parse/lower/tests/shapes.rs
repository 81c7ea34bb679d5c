//! The IR of some snippets, spelled out.

use super::lowered;
use crate::parse::Dialect;
use crate::parse::dump::{dump, dump_defs};
use crate::parse::ir::{Ir, Op, STRING_LONE_SURROGATES};

fn shape(text: &str, dialect: Dialect) -> String {
    use std::fmt::Write;
    let ir = lowered(text, dialect);
    let mut out = String::new();
    for statement in ir.list(crate::parse::ir::ListId(ir.node(ir.root).a)) {
        writeln!(out, "{}", dump(&ir, text, statement)).unwrap();
    }
    writeln!(out, "-- values\n{}-- guards", dump_defs(&ir, text)).unwrap();
    for guard in &ir.guards {
        let test = dump(&ir, text, guard.test);
        let last = dump(&ir, text, crate::parse::ir::NodeId(guard.last.0 - 1));
        writeln!(
            out,
            "{} {test}: {last}",
            if guard.when { "if" } else { "unless" }
        )
        .unwrap();
    }
    out.push_str("-- writes\n");
    for &write in &ir.writes {
        writeln!(out, "{}", dump(&ir, text, write)).unwrap();
    }
    out.push_str("-- exports\n");
    for export in &ir.exports {
        let value = dump(&ir, text, export.value);
        writeln!(out, "{} = {value}", ir.name(text, export.name)).unwrap();
    }
    out
}

#[test]
fn patterns() {
    insta::assert_snapshot!(shape(
        "const { a, 'b': [c, ...d] = e, [f]: g, ...h } = i; \
         for (const [k, v] of m) k; for (o.p in q) r; ({ a, s: t.u = 1 } = w); \
         function x(y, { z } = {}, ...zz) {} try {} catch (err) {}",
        Dialect::Script
    ));
}

#[test]
fn conditions() {
    insta::assert_snapshot!(shape(
        "if (a) b; else c; d ? e : f; g && h || i; j ?? k; l ||= m; while (n) o; \
         for (p; q; r) s; for (t of u) v; \
         switch (w) { case 1: case 2: x; break; default: y; break; case 3: z }",
        Dialect::Script
    ));
}

#[test]
fn classes() {
    insta::assert_snapshot!(shape(
        "@d class A extends B { constructor() { super() } static x = 1; #y; static { z } \
         get w() { return this.#y } async *[k]() {} }",
        Dialect::Script
    ));
}

#[test]
fn modules() {
    insta::assert_snapshot!(shape(
        "import a, { b as c } from 'm' with { type: 'json' }; import * as d from 'n'; \
         export { e as f, c }; export * from 'o'; export * as g from 'p'; \
         export default function h() {} export const { i, j: [k] } = a; let e",
        Dialect::Module
    ));
}

#[test]
fn typescript() {
    insta::assert_snapshot!(shape(
        "enum E { A, B = 'x', C = f(), D } namespace N.M { export const x = 1 } \
         import q = require('q'); export = q; class P { constructor(private y: number) {} }",
        Dialect::TypeScript
    ));
}

#[test]
fn jsx() {
    insta::assert_snapshot!(shape(
        "<div a b='c' {...d}>e {f} <G.H i:j={k}/></div>; <></>",
        Dialect::Jsx
    ));
}

fn strings(ir: &Ir, text: &str) -> Vec<String> {
    let strings = ir.nodes.iter().filter(|node| node.op == Op::String);
    strings
        .map(|&node| ir.string(text, node).to_owned())
        .collect()
}

#[test]
fn strings_are_cooked() {
    let text = r"a('plain', 'a\x41\u{42}\n', '', `q\u0041${b}
c`, `\
`); ({ 1: 0, 0x10: 0, 1e21: 0, 1.5e-7: 0, .5: 0, 1_0: 0, 7n: 0 })";
    let ir = lowered(text, Dialect::Script);
    assert_eq!(
        strings(&ir, text),
        [
            "plain", "aAB\n", "", "qA", "\nc", "", "1", "16", "1e+21", "1.5e-7", "0.5", "10", "7"
        ]
    );
}

#[test]
fn lone_surrogates_are_marked() {
    let text = r"a('\ud800', '\ud83d\ude00')";
    let ir = lowered(text, Dialect::Script);
    assert_eq!(strings(&ir, text), ["\u{fffd}d800", "😀"]);
    let subs: Vec<_> = ir
        .nodes
        .iter()
        .filter(|n| n.op == Op::String)
        .map(|n| n.sub)
        .collect();
    assert_eq!(subs, [STRING_LONE_SURROGATES, 0]);
}

#[test]
fn escaped_names_are_the_same_as_plain_ones() {
    let text = r"let r\u0065q; req; a.\u0062; class A { #\u0062; c() { this.#b } }";
    let ir = lowered(text, Dialect::Script);
    let id = ir.names.find(text, "req").unwrap();
    let names = ir
        .nodes
        .iter()
        .filter(|node| node.op == Op::Name && node.a == id.0);
    assert_eq!(names.filter(|node| node.b == 0).count(), 2);
    let b = ir.names.find(text, "b").unwrap();
    assert!(
        ir.nodes
            .iter()
            .any(|node| node.op == Op::Member && node.b == b.0)
    );
    assert!(ir.names.find(text, "#b").is_some());
    assert!(strings(&ir, text).contains(&"#b".to_owned()));
}

#[test]
fn buffers_are_used_again() {
    use crate::parse::{parse_file, parse_into};
    let mut ir = Ir::default();
    let mut arena = oxc_allocator::Allocator::default();
    let big = "function f(a) { return a + 'x' }\n".repeat(2_000);
    parse_file(&mut ir, &arena, &big, "a.js", &|_| true).unwrap();
    let capacity = ir.nodes.capacity();
    arena.reset();
    parse_into(&mut ir, &arena, "let a = require('b')", Dialect::Script).unwrap();
    assert_eq!(ir.nodes.capacity(), capacity);
    assert_eq!(
        (ir.functions.len(), ir.bindings.len(), ir.calls.len()),
        (0, 1, 1)
    );
    assert!(parse_file(&mut ir, &arena, "let = = 1", "a.js", &|_| true).is_err());
    assert!(ir.nodes.is_empty() && ir.root.is_none());
}
