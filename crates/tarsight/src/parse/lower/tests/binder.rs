//! Names and what they are bound to.

use super::lowered;
use crate::parse::Dialect;
use crate::parse::dump::dump_defs;
use crate::parse::ir::{Ir, NAME_IN_WITH, NAME_IS_TARGET, Op};
use crate::parse::names::NameId;

fn reads_of(ir: &Ir, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for node in &ir.nodes {
        if node.op == Op::Name && node.sub & NAME_IS_TARGET == 0 {
            let name = ir.name(text, NameId(node.a));
            found.push(match ir.bindings.get(node.b as usize) {
                Some(binding) => format!("{name}:{}", ir.node(binding.node).span.start),
                None => format!("{name}:?"),
            });
        } else if node.op == Op::Arguments {
            found.push(format!("arguments of {}", node.a));
        }
    }
    found
}

/// Each name read, with the offset of its declaration.
fn reads(text: &str) -> Vec<String> {
    reads_of(&lowered(text, Dialect::Script), text)
}

#[test]
fn declarations_are_hoisted() {
    assert_eq!(reads("a; var a"), ["a:7"]);
    assert_eq!(reads("a; { var a }"), ["a:9"]);
    assert_eq!(reads("f(); function f() {}"), ["f:14"]);
    assert_eq!(reads("{ a; let a }"), ["a:9"]);
    assert_eq!(reads("{ let a } a"), ["a:?"]);
    assert_eq!(reads("function f() { var a } a"), ["a:?"]);
    assert_eq!(reads("for (let i;;) i; i"), ["i:9", "i:?"]);
    assert_eq!(reads("for (var i;;) i; i"), ["i:9", "i:9"]);
    assert_eq!(
        reads("switch (a) { case 0: let a; default: a } a"),
        ["a:?", "a:25", "a:?"]
    );
}

#[test]
fn inner_names_shadow_outer_ones() {
    assert_eq!(reads("let a; { let a; a } a"), ["a:13", "a:4"]);
    assert_eq!(reads("var a; (a) => a; a"), ["a:8", "a:4"]);
    assert_eq!(reads("var e; try {} catch (e) { e } e"), ["e:21", "e:4"]);
    assert_eq!(reads("var require; require('x')"), ["require:4"]);
    assert_eq!(reads("require('x')"), ["require:?"]);
}

#[test]
fn a_catch_parameter_takes_the_var_of_the_same_name() {
    let text = "try {} catch (e) { var e = 1; e } e";
    assert_eq!(reads(text), ["e:14", "e:23"]);
    let ir = lowered(text, Dialect::Script);
    assert_eq!(dump_defs(&ir, text), "e^1 = (Caught (Block []))\ne^1 = 1\n");
}

#[test]
fn closures_see_the_names_around_them() {
    assert_eq!(reads("function f() { return () => a; } let a"), ["a:37"]);
    assert_eq!(
        reads("(a, b = () => a) => { let c = b; return c }"),
        ["a:1", "b:4", "c:26"]
    );
    assert_eq!(
        reads("(function f() { f; { let f; f } })"),
        ["f:10", "f:25"]
    );
    assert_eq!(reads("(function f() { var f; f })"), ["f:20"]);
    assert_eq!(reads("(function f(f) { f }); f"), ["f:12", "f:?"]);
}

#[test]
fn class_names_are_bound_inside_and_outside() {
    assert_eq!(reads("class A { a() { A } } A"), ["A:6", "A:6"]);
    assert_eq!(reads("(class A { a = A }); A"), ["A:7", "A:?"]);
    assert_eq!(
        reads("class A extends B { static { let A; A } }"),
        ["B:?", "A:33"]
    );
}

#[test]
fn labels_and_keys_do_not_bind() {
    assert_eq!(reads("a: for (;;) break a; a"), ["a:?"]);
    assert_eq!(
        reads("({ a: 1, b() {} }); a; b; c.a"),
        ["a:?", "b:?", "c:?"]
    );
}

#[test]
fn destructuring_declares_every_name() {
    let text = "let { a, b: [c = d], ...e } = f; a; b; c; e";
    assert_eq!(reads(text), ["f:?", "d:?", "a:6", "b:?", "c:13", "e:24"]);
}

#[test]
fn block_functions_are_visible_outside_in_sloppy_mode_only() {
    assert_eq!(reads("{ function f() {} f } f"), ["f:11", "f:11"]);
    assert_eq!(
        reads("'use strict'; { function f() {} f } f"),
        ["f:25", "f:?"]
    );
    assert_eq!(reads("{ async function f() {} } f"), ["f:?"]);
    assert_eq!(
        reads("{ let f; { function f() {} f } f } f"),
        ["f:20", "f:6", "f:20"]
    );
    let text = "import 'x'; { function f() {} } f";
    assert_eq!(reads_of(&lowered(text, Dialect::Module), text), ["f:?"]);
    let text = "if (a) { function f() {} } f";
    let ir = lowered(text, Dialect::Script);
    let outer = ir
        .bindings
        .iter()
        .find(|binding| binding.scope.0 == 0)
        .unwrap();
    let def = ir.defs[outer.first_def as usize];
    assert_eq!(ir.node(def.value).op, Op::Function);
}

#[test]
fn arguments_belong_to_the_innermost_real_function() {
    assert_eq!(
        reads("function f() { arguments; () => arguments }"),
        ["arguments of 0"; 2]
    );
    assert_eq!(reads("arguments[1]; () => arguments"), ["arguments:?"; 2]);
    assert_eq!(
        reads("function f(arguments) { arguments }"),
        ["arguments:11"]
    );
    assert_eq!(
        reads("var arguments; function f() { arguments }"),
        ["arguments of 0"]
    );
    assert_eq!(reads("({ a() { arguments } })"), ["arguments of 0"]);
}

#[test]
fn names_inside_with_are_marked() {
    let ir = lowered("with (a) { b; () => c } d", Dialect::Script);
    let text = "with (a) { b; () => c } d";
    let marked: Vec<_> = ir
        .nodes
        .iter()
        .filter(|node| node.op == Op::Name && node.sub & NAME_IN_WITH != 0)
        .map(|node| ir.name(text, NameId(node.a)))
        .collect();
    assert_eq!(marked, ["b", "c"]);
}

#[test]
fn values_are_linked_in_source_order() {
    let text = "let a = 1; a = 2; a += 3; a++; b = 4; { let a = 5 } [a] = c";
    let ir = lowered(text, Dialect::Script);
    insta::assert_snapshot!(dump_defs(&ir, text));
    let mut next = ir.bindings[0].first_def;
    let mut seen = Vec::new();
    while let Some(def) = ir.defs.get(next as usize) {
        seen.push(next);
        next = def.next;
    }
    assert_eq!(seen, [0, 1, 2, 3, 6]);
}

#[test]
fn merged_declarations_keep_the_stronger_kind() {
    use crate::parse::ir::BindingKind::{Function, Param, Var};
    for (text, kind) in [
        ("var f; function f() {}", Function),
        ("function f() {} var f", Function),
        ("var f; var f", Var),
        ("(f) => { var f }", Param),
    ] {
        let ir = lowered(text, Dialect::Script);
        assert_eq!(ir.bindings.len(), 1, "{text}");
        assert_eq!(ir.bindings[0].kind, kind, "{text}");
    }
}

#[test]
fn enum_members_and_namespaces_see_their_names() {
    let text = "enum E { A = 1, B = A } namespace N { export let x = E.B } N.x; A; x";
    let ir = lowered(text, Dialect::TypeScript);
    assert_eq!(
        reads_of(&ir, text),
        ["A:9", "E:5", "x:49", "N:34", "A:?", "x:?"]
    );
}
