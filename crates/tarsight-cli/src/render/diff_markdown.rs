//! A diff as Markdown, for a comment on a pull request.

use std::fmt::Write as _;

use tarsight::Diff;
use tarsight::diff::ItemKind;
use tarsight::report::RiskLevel;

use super::diff::{changed_name, name, same, shown, state, summary, title, when};
use super::markdown::{code, frame, joined};
use super::page::clean;
use crate::args::Common;

/// Lost items that are listed.
const LOST: usize = 50;

/// A diff as Markdown. Text of a package stands in code spans only, where nothing of it is
/// obeyed.
pub(crate) fn markdown(diff: &Diff, common: &Common) -> String {
    let mut parts = vec![format!(
        "**{}**: risk of the change **{}**, {} of 100. {}\n",
        code(&title(diff)),
        diff.risk.level.as_str(),
        diff.risk.score,
        summary(diff)
    )];
    for warning in &diff.warnings {
        parts.push(format!("> {}\n", code(&warning.message)));
    }
    if common.quiet {
        return parts.concat();
    }
    gained(&mut parts, diff, common.verbose);
    changed(&mut parts, diff, common.verbose);
    lost(&mut parts, diff);
    let mut end = format!("\n{}. ", same(diff));
    end.push_str(match (diff.coverage.old, diff.coverage.new) {
        (true, true) => "Both versions were examined in full.\n",
        (true, false) => "**The new version was not examined in full.**\n",
        (false, true) => "The old version was not examined in full.\n",
        (false, false) => "**Neither version was examined in full.**\n",
    });
    for place in diff.coverage.unanalysed.iter().take(5) {
        let path = place.path.as_deref().unwrap_or("(archive)");
        let reason = place.reason.as_str();
        let _ = writeln!(end, "- not examined: {} ({reason})", code(path));
    }
    joined(&parts, &end)
}

fn gained(parts: &mut Vec<String>, diff: &Diff, verbose: bool) {
    if diff.gained.is_empty() {
        return;
    }
    let whole = diff.gained_count.unwrap_or(diff.gained.len() as u64);
    parts.push(format!("\n### Gained ({whole})\n\n"));
    let shown = shown(diff.gained.iter().map(|item| item.level), verbose);
    for item in diff.gained.iter().take(shown) {
        let mut part = format!(
            "- {}{}{}\n  {}\n",
            level(item.level),
            code(&name(item)),
            when(item).replace("  ", " "),
            plain(&item.why)
        );
        if item.kind != ItemKind::Host && item.level >= RiskLevel::Medium {
            frame(&mut part, item.sites.first());
        }
        parts.push(part);
    }
    more(parts, whole.saturating_sub(shown as u64));
}

fn changed(parts: &mut Vec<String>, diff: &Diff, verbose: bool) {
    if diff.changed.is_empty() {
        return;
    }
    let whole = diff.changed_count.unwrap_or(diff.changed.len() as u64);
    parts.push(format!("\n### Changed ({whole})\n\n"));
    let shown = shown(diff.changed.iter().map(|one| one.level), verbose);
    for change in diff.changed.iter().take(shown) {
        let mut part = format!("- {}{}", level(change.level), code(&changed_name(change)));
        let (from, to) = (state(&change.from), state(&change.to));
        if !from.is_empty() || !to.is_empty() {
            let _ = write!(part, ": {} → {}", code(&from), code(&to));
        }
        let _ = writeln!(part, "\n  {}", plain(&change.why));
        if change.level >= RiskLevel::Medium {
            frame(&mut part, change.sites.first());
        }
        parts.push(part);
    }
    more(parts, whole.saturating_sub(shown as u64));
}

fn lost(parts: &mut Vec<String>, diff: &Diff) {
    let whole = diff.lost_count.unwrap_or(diff.lost.len() as u64);
    if whole == 0 {
        return;
    }
    parts.push(format!("\n<details><summary>Lost ({whole})</summary>\n\n"));
    for item in diff.lost.iter().take(LOST) {
        parts.push(format!("- {}\n", code(&name(item))));
    }
    more(parts, whole.saturating_sub(LOST as u64));
    parts.push("\n</details>\n".to_owned());
}

fn more(parts: &mut Vec<String>, left_out: u64) {
    if left_out > 0 {
        parts.push(format!("- and {left_out} more\n"));
    }
}

/// What matters has a word before it.
fn level(level: RiskLevel) -> String {
    match level {
        RiskLevel::None | RiskLevel::Low => String::new(),
        level => format!("**{}** ", level.as_str()),
    }
}

/// Our own words.
fn plain(text: &str) -> String {
    clean(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::diff::tests::{change, plain as common};
    use crate::render::markdown::MOST;

    #[test]
    fn a_diff_reads_well() {
        insta::assert_snapshot!("markdown", markdown(&change(), &common()));
    }

    #[test]
    fn a_comment_is_never_too_long() {
        let mut diff = change();
        let mut one = diff.gained[0].clone();
        one.target = Some("x".repeat(500));
        one.level = RiskLevel::High;
        diff.gained = vec![one; 1_000];
        let verbose = Common {
            verbose: true,
            ..common()
        };
        let text = markdown(&diff, &verbose);
        assert!(text.len() <= MOST, "{}", text.len());
        assert!(text.contains("did not fit") && text.contains("examined in full"));
    }
}
