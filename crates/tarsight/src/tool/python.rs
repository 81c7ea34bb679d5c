//! Python: lines of path files that run whenever Python starts.

use super::{Act, Acts, Input, Span};
use crate::api::AimKind;

/// Longest `.pth` that is text; weights of models share the name and are far larger.
const MOST_BYTES: usize = 256 << 10;

/// `*.pth`: a line that starts with `import` and a space or a tab is run; all others are paths.
pub(super) fn path_file(input: &Input<'_>) -> Acts {
    let mut acts = Vec::new();
    if input.text.len() > MOST_BYTES {
        return Ok(acts);
    }
    let mut at = 0u32;
    for line in input.text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        if line.starts_with("import ") || line.starts_with("import\t") {
            let act = Act::fact("code.eval", line.trim(), "python", Span::new(start, at));
            acts.push(act.of_kind(AimKind::Code));
        }
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn only_lines_that_import_run() {
        let text = "../lib\n# import x\nimport os; os.getcwd()\nimporter\n";
        assert_eq!(
            acts(&[("a.pth", text)]),
            ["python-path python: code.eval import os; os.getcwd()"]
        );
    }
}
