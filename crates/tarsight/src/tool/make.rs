//! Makefiles: recipes, and lines that run while the file is only read.

use super::{Act, Acts, Input, Span, Trigger};

/// Recipes are what stands after a tab below a target, or after `;` beside it.
pub(super) fn makefile(input: &Input<'_>) -> Acts {
    let mut acts = Vec::new();
    let mut target = "make";
    let mut at = 0u32;
    for line in input.text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let span = Span::new(start, at);
        let body = line.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if line.starts_with('\t') {
            // `@` hides the line, `-` ignores failure, `+` runs it in any case.
            let recipe = body.trim_start_matches(['@', '-', '+', ' ']);
            if !recipe.is_empty() {
                acts.push(Act::line(recipe, target, Trigger::Call, span));
            }
            continue;
        }
        if let Some(line) = shell_function(body).or_else(|| shell_assignment(body)) {
            acts.push(Act::line(line, "make", Trigger::Call, span));
        }
        if let Some((names, rest)) = body.split_once(':')
            && !rest.starts_with('=')
        {
            target = names.trim();
            if let Some((_, recipe)) = rest.split_once(';') {
                acts.push(Act::line(recipe.trim(), target, Trigger::Call, span));
            }
        }
    }
    Ok(acts)
}

/// `$(shell LINE)`.
fn shell_function(body: &str) -> Option<&str> {
    let (_, rest) = body
        .split_once("$(shell ")
        .or_else(|| body.split_once("${shell "))?;
    Some(rest.trim_end().trim_end_matches([')', '}']).trim())
}

/// `NAME != LINE`.
fn shell_assignment(body: &str) -> Option<&str> {
    let (name, line) = body.split_once("!=")?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    name.chars().all(is_name).then(|| line.trim())
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn recipes_and_lines_of_reading() {
        let make = "# note\nA := $(shell node a.js)\nB != date\nall: b ; echo x\n\t@node build.js\n\n%.o: %.c\n\t-rm x\n";
        assert_eq!(
            acts(&[("Makefile", make)]),
            [
                "make make (call): process.exec node a.js",
                "make make (call): process.exec date",
                "make all (call): process.exec echo x",
                "make all (call): process.exec node build.js",
                "make %.o (call): process.exec rm x",
            ]
        );
    }
}
