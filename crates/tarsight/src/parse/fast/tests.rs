use proptest::prelude::*;

use super::bounds;
use crate::parse::scan::scan;

/// Pieces of code that change the reading, the nesting, or what is read again.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "`",
    "${",
    "'a'",
    "\"b;\"",
    ";",
    ",",
    ":",
    "?",
    "=",
    "=>",
    "==",
    "!",
    "+",
    "++",
    "-",
    "--",
    "*",
    "**",
    "<",
    ">",
    ">>",
    "&&",
    "|",
    "%",
    "^",
    ".",
    "...",
    "?.",
    "/",
    "/r/",
    "/[(]/g",
    "// c\n",
    "/* d */",
    "/* \n */",
    "\n",
    " ",
    "a",
    "bc",
    "1",
    "if",
    "else",
    "for",
    "while",
    "do",
    "return",
    "typeof",
    "new",
    "await",
    "async",
    "yield",
    "of",
    "in",
    "as",
    "extends",
    "implements",
    "infer",
    "class",
    "function",
    "get",
    "var",
    "with",
    "case",
    "import",
    "({",
    "([",
    "(a,",
    "(a=",
    "(a)",
    "()=>",
    "if(a)",
    "}else ",
    "@",
    "\\u0061",
    "é",
    "\u{a0}",
    "\u{2028}",
    "#b",
    "<!--",
    "-->",
    "'",
    "\"",
];

/// Real ways to write, to be cut and joined anywhere.
const SNIPPETS: &[&str] = &[
    "function a(b, c) {\n  return b.d(c) / 2;\n}\n",
    "const e = async ({ f, g = [1, 2] }) => { await f(`h ${g.map((i) => i * 2)} j`); };\n",
    "if (k) l(); else if (m) { n(); } else { o(); }\n",
    "for (let p = 0; p < q.length; p++) r[p] ? s(p) : t;\n",
    "var u = { v: 1, \"w\": 2, [x]: 3, y() { return /[/'\"]/.test(z) } };\n",
    "class A extends B<C> { static #d = 1; get e() { return super.e } }\n",
    "!function(a,b){\"object\"==typeof c?d(a,b):e(b)}(this,function(){return(a,b)=>a/b/2});\n",
    "/** f */ switch (g) { case 1: h: for (;;) break h; default: throw new I }\n",
    "x = y as Z; [a: b]; (c = d, { e: f } = g)\n",
    "do j++; while (j < k) // l\n/m/.exec(n)\n",
];

/// The quick answer, if there is one, is never below the exact one.
fn holds(text: &str) -> Result<(), TestCaseError> {
    if let Some(quick) = bounds(text.as_bytes()) {
        let exact = scan(text, false);
        prop_assert!(
            quick.nesting >= exact.nesting,
            "{quick:?} {exact:?} {text:?}"
        );
        prop_assert!(quick.again >= exact.again, "{quick:?} {exact:?} {text:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_in_any_order(picks in prop::collection::vec(0..TOKENS.len(), 1..60), repeat in 1_usize..40) {
        let one: String = picks.iter().map(|&pick| TOKENS[pick]).collect();
        holds(&one.repeat(repeat))?;
    }

    #[test]
    fn brackets_that_match(picks in prop::collection::vec((0..TOKENS.len(), 0_usize..6), 1..40), repeat in 1_usize..40) {
        let (mut one, mut open) = (String::new(), Vec::new());
        for (pick, action) in picks {
            let token = TOKENS[pick];
            match (token, action) {
                ("'" | "\"" | "`" | "@" | "\\u0061" | "<!--" | "-->", _) => {}
                (")" | "]" | "}", _) => one.extend(open.pop()),
                _ => {
                    one.push_str(token);
                    for byte in token.bytes().filter(|_| !token.starts_with(['/', '\'', '"'])) {
                        match byte {
                            b'(' => open.push(')'),
                            b'[' => open.push(']'),
                            b'{' => open.push('}'),
                            b')' | b']' | b'}' => drop(open.pop()),
                            _ => {}
                        }
                    }
                }
            }
            if action == 0 {
                one.extend(open.pop());
            }
        }
        one.extend(open.iter().rev());
        holds(&one.repeat(repeat))?;
    }

    #[test]
    fn changed_code(
        picks in prop::collection::vec(0..SNIPPETS.len(), 1..20),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..TOKENS.len(), 0_usize..4), 0..6),
    ) {
        let mut text: String = picks.iter().map(|&pick| SNIPPETS[pick]).collect();
        for (place, token, cut) in changes {
            let start = text.floor_char_boundary(place.index(text.len()));
            let end = text.floor_char_boundary((start + cut).min(text.len()));
            text.replace_range(start..end.max(start), TOKENS[token]);
        }
        holds(&text)?;
    }
}

#[test]
fn a_constraint_follows_its_name() {
    holds("infer[]a// c\nextends[]<").expect("`infer` and `a` stand apart");
    holds("\u{a0}infer\nextends[]// c\n'a'implements()").expect("`infer` has no name");
    holds("\u{a0}inferbc extends[]// c\n'a'implements()").expect("`inferbc` is one word");
}

#[test]
fn plain_code_has_a_quick_answer() {
    let text = SNIPPETS[..5].concat().repeat(1000);
    let quick = bounds(text.as_bytes()).expect("nothing doubtful");
    assert!(quick.nesting < 300, "{quick:?}");
}

#[test]
fn what_can_be_read_two_ways_has_none() {
    for text in [
        "{}/'/; }'",
        "a\\u0062",
        "@b class C {}",
        "(]",
        "`a",
        "'a\n'",
        "\n--> a",
        "<!-- a",
        "x as [infer A extends b]",
    ] {
        assert!(bounds(text.as_bytes()).is_none(), "{text:?}");
    }
}
