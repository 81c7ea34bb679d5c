//! Long chains need no stack; deep nesting needs less than the parser does.

use super::lowered_deep;

fn chain(start: &str, step: &str, count: usize) -> String {
    let mut text = String::with_capacity(start.len() + step.len() * count);
    text.push_str(start);
    for _ in 0..count {
        text.push_str(step);
    }
    text
}

#[test]
fn two_million_steps_on_a_small_stack() {
    let steps = [
        "+1", "||1", ".b", "()", "[1]", "?.b", "``", ",1", "&&b.c(1)",
    ];
    for step in steps {
        let text = chain("a", step, 2_000_000);
        assert!(lowered_deep(&text, 1) > 2_000_000, "{step}");
    }
}

/// The depths that the parser survives in 16 MiB.
#[test]
fn nesting_that_the_parser_survives() {
    let nested = |open: &str, middle: &str, close: &str, count: usize| {
        format!("{}{middle}{}", open.repeat(count), close.repeat(count))
    };
    for (open, middle, close, count) in [
        ("(", "1", ")", 8_000),
        ("[", "1", "]", 8_000),
        ("{", "", "}", 8_000),
        ("`${", "1", "}`", 8_000),
        ("(1+", "1", ")", 8_000),
        ("a=>", "1", "", 12_000),
        ("a=", "1", "", 20_000),
        ("a?b:", "1", "", 20_000),
        ("!", "1", "", 20_000),
        ("if(a){}else ", "b()", "", 30_000),
        ("if(a)", "b()", "", 30_000),
        ("function f(){", "", "}", 8_000),
        ("class A{static{", "", "}}", 3_000),
        ("x={a:", "1", "}", 8_000),
        ("a(", "1", ")", 8_000),
    ] {
        // The optimisation level of tests is low: twice the stack, as the parser is optimised.
        lowered_deep(&nested(open, middle, close, count), 32);
    }
}
