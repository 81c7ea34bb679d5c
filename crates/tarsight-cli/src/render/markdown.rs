//! Pieces of Markdown in which nothing of a package is obeyed.

use std::fmt::Write as _;

use tarsight::report::Site;

use super::page::{clean, count};

/// Characters of a comment; forges cut or refuse what is longer.
pub(crate) const MOST: usize = 60_000;

/// As many parts as fit, and the end.
pub(crate) fn joined(parts: &[String], end: &str) -> String {
    let mut text = String::new();
    let room = MOST.saturating_sub(end.len() + 100);
    for (at, part) in parts.iter().enumerate() {
        if text.len() + part.len() > room {
            let left = (parts.len() - at) as u64;
            let _ = writeln!(
                text,
                "\n… and {} that did not fit.",
                count(left, "part", "parts")
            );
            break;
        }
        text.push_str(part);
    }
    text + end
}

/// The line that shows it.
pub(crate) fn frame(part: &mut String, site: Option<&Site>) {
    let Some(site) = site else { return };
    let fence = fence(&site.excerpt, 3);
    let _ = write!(
        part,
        "  {}\n  {fence}js\n  {}\n  {fence}\n",
        code(&site.place()),
        clean(&site.excerpt)
    );
}

/// Text of a package as a code span: with more backticks around it than it has inside.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text);
    let fence = fence(&text, 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Backticks, more than any run of them in the text, and at least some.
fn fence(text: &str, least: usize) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(least.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_package_leaves_its_code_span() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`<b>`"), "`` `<b>` ``");
        assert_eq!(code(""), "`  `");
    }
}
