//! Every kind of syntax lowers with nothing dropped.
//!
//! In the snippets a letter and digits (`a1`) or three digits (`901`) is something that must
//! arrive in the IR, and `T1` is a type that must not.

use std::collections::BTreeSet;

use super::lowered;
use crate::parse::Dialect;
use crate::parse::ir::{Ir, Op};
use crate::parse::names::NameId;

const SCRIPTS: &[&str] = &[
    // Literals and templates.
    "a1(null, true, 901, 's1', 902n, /r1/gu, `s2${b1}s3${b2}s4`, b3`s5${b4}`)",
    "'use s1'; function f1() { 'use s2' }",
    "[901, , ...a1]; ({ k1: 901, 's1': 902, 903: a2, 904n: a3, [a4]: a5, a6, ...a7 })",
    "({ k1() { a1 }, get k2() { return a2 }, set k3(p1) { a3 }, async k4() {}, *k5() {}, async *[a4]() {} })",
    // Operators.
    "a1 + a2 - a3 * a4 / a5 % a6 ** a7; a8 << a9 >> b1 >>> b2; b3 & b4 | b5 ^ b6",
    "a1 == a2; a3 != a4; a5 === a6; a7 !== a8; a9 < b1; b2 <= b3; b4 > b5; b6 >= b7",
    "a1 in a2; a3 instanceof a4; !a5; ~a6; -a7; +a8; typeof a9; void b1; delete b2.k1",
    "a1 && a2 || a3; a4 ?? a5; a6 ? a7 : a8; a9, b1, b2",
    "a1 = a2; a3 += a4; a5 -= 901; a6 *= 902; a7 &&= a8; a9 ||= b1; b2 ??= b3; b4.k1 = b5; b6[b7] **= b8",
    "a1++; --a2; a3.k1++; a4[a5]--",
    "[a1, a2.k1, a3 = a4, , [a5], ...a6[901]] = a7; ({ a8, k2: a9, k3: b1.k4 = b2, b3 = b4, [b5]: { b6 }, ...b7 } = b8)",
    // Members and calls.
    "a1.k1.k2; a2[a3]['s1']; a4(a5, ...a6)(a7); new a8; new a9(b1).k3; a1?.k4?.[b2]?.(b3).k5",
    "import(a1); import('s1', { with: a2 }); new.target; this.k1; a3`s2`.k2",
    // Functions.
    "(function f1(p1, p2 = a1, { k1: p3 = a2, ...p4 }, [p5, , p6], ...p7) { return a3 })",
    "a1 => a2; (p1, { p2 }) => { a3 }; async (...p3) => await a4; async function f1() { await a5 }",
    "function* f1() { yield; yield a1; yield* a2 } async function* f2() { for await (const v1 of a3) a4 }",
    // Statements.
    "var v1, v2 = a1; let v3 = a2, { k1: v4, v5 = a3, ...v6 } = a4; const [v7, , v8 = a5, ...v9] = a6",
    "if (a1) a2; else if (a3) { a4 } else a5; ; {} { let v1 = a6; { a7 } }",
    "for (let v1 = a1, v2; a2; a3) a4; for (;;) { break } for (a5; a6; a7);",
    "for (const v1 in a1) a2; for (var v2 of a3) a4; for (a5.k1 of a6) a7; for ([a8] of a9) b1; for (b2 in b3);",
    "while (a1) a2; do { a3 } while (a4); l1: for (;;) { continue l1 } l2: { break l2 } debugger; throw a5",
    "switch (a1) { case a2: a3; case a4: a5; break; default: a6; case 901: { return } }",
    "try { a1 } catch ({ k1: v1 }) { a2 } finally { a3 } try { a4 } catch { a5 } try { a6 } finally { a7 }",
    "with (a1) { a2 } return a3",
    // Classes.
    "class c1 extends a1 { constructor(p1) { super(p1); super.k1 } k2 = a2; #k3; static k4 = a3; static { a4 } }",
    "(class c1 { static async *k1(p1) {} get k2() { return this.#k3 } set [a1](p2) {} #k3 = #k3 in a2; 's1' = 901 })",
    "(class { static #k1() { a1?.#k1 } accessor k2 = a2; static accessor k3; 901() {} })",
    "@a1 class c1 { @a2(a3) k1() {} @a4 k2 = a5; @a6 static accessor k3 = a7 }",
    // Statements that look like others.
    "async: a1; var of = a3, get = a4; yield = a5; (async (a6)); async\na7",
    "using: { using v1 = a1 } async function f1() { await using v2 = a2 }",
];

const MODULES: &[&str] = &[
    "import 's1'; import d1 from 's2'; import * as n1 from 's3'; import { k1, k2 as v2, default as v3, 's5' as v4 } from 's4' with { k6: 's6' }",
    "export * from 's1'; export * as n1 from 's2'; export { k1, k2 as k3, default } from 's3' with { k4: 's4' }",
    "export const v1 = a1, { k1: [v2] } = a2; export function f1() { a3 } export class c1 extends a4 {}",
    "let v1; export { v1 as k1, v1 as 's1' }; export default v1 + a1",
    "export default function f1() { a1 }",
    "export default function () { a1 }",
    "export default class c1 { k1() {} }",
    "export default class { k1 = a1 }",
    "export default @a1 class {}",
    "import defer * as v1 from 's1'; import source v2 from 's2'; import.defer('s3'); import.meta.k1; await a1",
];

const TYPES: &[&str] = &[
    "let v1: T1 = a1 as T2, v2 = a2 satisfies T3, v3 = <T4>a3, v4 = a4!.k1!, v5 = a5<T5>, v6 = a6<T6>(a7)",
    "(a1 as T1) = a2; (<T2>a3.k1)++; a4! += a5; (a6 satisfies T3) = a7; [a8 as T4] = a9",
    "function f1<T1>(this: T2, p1: T3, p2?: T4, ...p3: T5[]): T6 { a1 } function T7(T8: T1): T9; abstract class c1 { abstract T9(): T1; abstract T2: T3 }",
    "type T1 = T2; interface T3 { T4: T5 } declare const T6: T7; declare function T8(): T9; declare class T1 {} declare enum T2 { T3 } declare namespace T4 { const T5 } declare global { var T6: T7 }",
    "enum e1 { k1, k2 = 901, k3, 's1' = a1, k4 = k2 | 902, ['s2'] = 's3' } const enum e2 { k5 }",
    "namespace n1 { const v1 = a1; export const v2 = a2; export function f1() { a3 } export namespace n2 { a4 } } namespace n3.n4.n5 { export let v3 = a5 } module n6 { a6 }",
    "import v1 = require('s1'); import v2 = a1.k1.k2; import type T1 = require('T2'); export = v1",
    "import type T1 from 's1'; import { type T2, k1 } from 's2'; export type { T3 } from 's3'; export { type T4 }; export type * from 's4'; export as namespace T5",
    "class c1<T1> extends a1<T2> implements T3 { constructor(private p1: T4, readonly p2 = a2, p3) { super() } declare T5: T6; private k1?: T7; k2!: T8; [T9: string]: T1; override k3() {} }",
    "class c1 { constructor(@a1 p1) {} k1(@a2(a3) p2, @a4 ...p3) {} } @a5 export class c2 {}",
    "export import v1 = a1.k1; export enum e1 { k2 } export abstract class c1 {} export default interface T1 {}",
    "for (const v1 of <T1[]>a1) a2; label: for (const v2 in a3 as T2) a4; a5<T3>`s1`; new a6<T4>(a7); let v3 = a8 as const",
];

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn is_marker(token: &str) -> bool {
    let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let name = token.strip_prefix(|c: char| c.is_ascii_alphabetic());
    name.is_some_and(digits)
        || (token.len() == 3 && digits(token))
        || (token.len() == 4 && token.strip_suffix('n').is_some_and(digits))
}

/// All that arrived, by text.
fn arrived(ir: &Ir, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut note = |text: &str| found.extend(tokens(text).map(str::to_owned));
    for &node in &ir.nodes {
        match node.op {
            Op::Name | Op::Labeled | Op::Break | Op::Continue => {
                note(ir.name(text, NameId(node.a)));
            }
            Op::Member | Op::Imported => note(ir.name(text, NameId(node.b))),
            Op::String | Op::Regex => note(ir.string(text, node)),
            Op::BigInt => note(&format!("{}n", ir.string(text, node))),
            Op::Number => {
                let bits = u64::from(node.a) | u64::from(node.b) << 32;
                note(&f64::from_bits(bits).to_string());
            }
            _ => {}
        }
    }
    for export in &ir.exports {
        note(ir.name(text, export.name));
    }
    for import in &ir.imports {
        note(ir.name(text, import.specifier));
    }
    found
}

/// JSX.
const JSX: &[&str] = &[
    "<a1.b1.c1 />; <this.k1>s1 &amp; s2</this.k1>",
    "<b1 k1 k2='s1' k3={a1} {...a2}>s2 {a3} <C1.k4 k5=<b2/> /> {...a4} {/* no */}</b1>; <><b3:b4 k6:k7={a5} /></>",
];

fn check_all(snippets: &[&str], dialect: Dialect) {
    for text in snippets {
        let ir = lowered(text, dialect);
        let found = arrived(&ir, text);
        for token in tokens(text).filter(|token| is_marker(token)) {
            let is_type = token.starts_with('T');
            let key = token.strip_suffix('n').unwrap_or(token);
            let arrived = found.contains(token) || found.contains(key);
            assert_eq!(arrived, !is_type, "{token} in {text}");
        }
    }
}

#[test]
fn scripts_lose_nothing() {
    check_all(SCRIPTS, Dialect::Script);
}

#[test]
fn jsx_loses_nothing() {
    check_all(JSX, Dialect::Jsx);
}

#[test]
fn modules_lose_nothing() {
    check_all(MODULES, Dialect::Module);
}

#[test]
fn typescript_loses_only_types() {
    check_all(TYPES, Dialect::TypeScript);
}

#[test]
fn every_operator_of_the_ir_comes_up() {
    let mut seen = BTreeSet::new();
    for (snippets, dialect) in [
        (SCRIPTS, Dialect::Script),
        (MODULES, Dialect::Module),
        (JSX, Dialect::Jsx),
        (TYPES, Dialect::TypeScript),
    ] {
        for text in snippets {
            seen.extend(lowered(text, dialect).nodes.iter().map(|node| node.op));
        }
    }
    seen.extend(
        lowered("function f() { arguments }", Dialect::Script)
            .nodes
            .iter()
            .map(|n| n.op),
    );
    for op in Op::Hole as u8..=Op::Decorator as u8 {
        assert!(
            seen.iter().any(|seen| *seen as u8 == op),
            "operator {op} never came up"
        );
    }
}
