//! A diff as text: the verdict, then what is new, the strongest first.

use tarsight::Diff;
use tarsight::diff::{Change, Item, ItemKind, State};
use tarsight::report::{RiskLevel, Subject};

use super::page::{Page, clean, count, reach};
use crate::args::Common;

/// Gained or changed items that are shown without `--verbose`.
const ITEMS: usize = 40;
/// Sites of one item that are shown without `--verbose`.
const SITES: usize = 2;
/// Places that were not examined, without `--verbose`.
const PLACES: usize = 5;

/// A diff as text; one line if asked to be quiet.
pub(crate) fn diff(diff: &Diff, common: &Common) -> String {
    let mut page = Page::of(common);
    let verdict = format!(
        "{}, {} of 100. {}",
        page.level(diff.risk.level, diff.risk.level.as_str()),
        diff.risk.score,
        summary(diff)
    );
    if common.quiet {
        page.line(0, &format!("{}: {verdict}", title(diff)));
        return page.finish();
    }
    let title = page.bold(&title(diff));
    page.line(0, &title);
    page.line(0, "");
    page.line(0, &format!("Risk of the change: {verdict}"));
    for warning in &diff.warnings {
        page.line(0, &format!("Note: {}.", clean(&warning.message)));
    }
    gained(&mut page, diff, common.verbose);
    changed(&mut page, diff, common.verbose);
    lost(&mut page, diff, common.verbose);
    page.heading(&same(diff));
    coverage(&mut page, diff, common.verbose);
    page.finish()
}

/// `name 1.0.0 -> 1.0.1`, or whatever else the two are known by.
pub(super) fn title(diff: &Diff) -> String {
    let (old, new) = (&diff.old, &diff.new);
    match (&new.name, &old.version, &new.version) {
        (Some(name), Some(from), Some(to)) if old.name == new.name => {
            clean(&format!("{name} {from} -> {to}"))
        }
        _ => format!("{} -> {}", named(old), named(new)),
    }
}

fn named(subject: &Subject) -> String {
    let name = match (&subject.name, &subject.version) {
        (Some(name), Some(version)) => Some(format!("{name}@{version}")),
        (name, _) => name.clone(),
    };
    let name = name.or_else(|| subject.label.clone());
    let name = name.or_else(|| subject.path.clone());
    clean(&name.unwrap_or_else(|| "package without a name".to_owned()))
}

/// The counts that decide, in a sentence.
pub(super) fn summary(diff: &Diff) -> String {
    let serious = |level: RiskLevel| level >= RiskLevel::Medium;
    let items = diff
        .gained
        .iter()
        .filter(|item| serious(item.level))
        .count();
    let changes = diff.changed.iter().filter(|one| serious(one.level)).count();
    let nothing = diff.gained.is_empty() && diff.changed.is_empty();
    let mut text = match (nothing, items + changes) {
        (true, _) if diff.lost.is_empty() => "Nothing was gained, lost or changed".to_owned(),
        (true, _) => "Nothing was gained or changed".to_owned(),
        (false, 0) => "Nothing that is new stands out".to_owned(),
        (false, number) => {
            let number = number as u64;
            format!("{} to look at", count(number, "new thing", "new things"))
        }
    };
    if !diff.coverage.complete {
        text.push_str(", but not everything was examined");
    }
    text.push('.');
    text
}

pub(super) fn same(diff: &Diff) -> String {
    let same = diff.same;
    format!(
        "Unchanged: {}, {}, {}",
        count(same.behaviours, "behaviour", "behaviours"),
        count(same.findings, "finding", "findings"),
        count(same.files, "file", "files")
    )
}

fn gained(page: &mut Page, diff: &Diff, verbose: bool) {
    if diff.gained.is_empty() {
        return;
    }
    let whole = diff.gained_count.unwrap_or(diff.gained.len() as u64);
    page.heading(&format!("Gained ({whole})"));
    let shown = shown(diff.gained.iter().map(|item| item.level), verbose);
    for item in diff.gained.iter().take(shown) {
        let level = page.level(item.level, item.level.as_str());
        let name = page.bold(&name(item));
        page.line(1, &format!("{level}  {name}{}", when(item)));
        page.line(2, &clean(&item.why));
        let sites = if verbose { item.sites.len() } else { SITES };
        for site in item.sites.iter().take(sites) {
            let place = page.dim(&clean(&site.place()));
            page.line(2, &format!("{place}  {}", clean(&site.excerpt)));
        }
    }
    page.more(1, whole.saturating_sub(shown as u64), "");
}

/// How many of a sorted list are shown: all that matters, unless there is far too much, and
/// nothing that does not.
pub(super) fn shown(levels: impl Iterator<Item = RiskLevel>, verbose: bool) -> usize {
    if verbose {
        return levels.count();
    }
    levels
        .take_while(|&level| level >= RiskLevel::Low)
        .take(ITEMS)
        .count()
}

/// `behaviour network.http https://…`.
pub(super) fn name(item: &Item) -> String {
    let target = item.target.as_deref().map(clean);
    let target = target.unwrap_or_else(|| "(not resolved)".to_owned());
    match item.kind {
        ItemKind::Host => format!("host {target}"),
        kind => format!("{} {} {target}", kind.as_str(), clean(&item.id)),
    }
}

/// The reach and the bundled package, for what has one.
pub(super) fn when(item: &Item) -> String {
    let runs = matches!(
        item.kind,
        ItemKind::Behaviour | ItemKind::Flow | ItemKind::Finding | ItemKind::Host
    );
    let mut text = String::new();
    if let Some(package) = &item.package {
        text.push_str(&format!("  in {}", clean(package)));
    }
    if runs {
        text.push_str(&format!("  [{}]", reach(item.reach)));
    }
    text
}

fn changed(page: &mut Page, diff: &Diff, verbose: bool) {
    if diff.changed.is_empty() {
        return;
    }
    let whole = diff.changed_count.unwrap_or(diff.changed.len() as u64);
    page.heading(&format!("Changed ({whole})"));
    let shown = shown(diff.changed.iter().map(|one| one.level), verbose);
    for change in diff.changed.iter().take(shown) {
        let level = page.level(change.level, change.level.as_str());
        let name = page.bold(&changed_name(change));
        page.line(1, &format!("{level}  {name}"));
        let (from, to) = (state(&change.from), state(&change.to));
        if !from.is_empty() || !to.is_empty() {
            page.line(2, &format!("{from} -> {to}"));
        }
        page.line(2, &clean(&change.why));
        let sites = if verbose { change.sites.len() } else { SITES };
        for site in change.sites.iter().take(sites) {
            let place = page.dim(&clean(&site.place()));
            page.line(2, &format!("{place}  {}", clean(&site.excerpt)));
        }
    }
    page.more(1, whole.saturating_sub(shown as u64), "");
}

pub(super) fn changed_name(change: &Change) -> String {
    let target = change.target.as_deref().map(clean).unwrap_or_default();
    format!("{} {} {target}", change.kind.as_str(), clean(&change.id))
}

/// One side of a change in words.
pub(super) fn state(state: &State) -> String {
    let entries = state.entries.as_ref().map(|entries| entries.join(", "));
    let parts = [
        state.value.as_deref().map(clean),
        entries.map(|entries| clean(&entries)),
        state.reach.map(reach),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn lost(page: &mut Page, diff: &Diff, verbose: bool) {
    let whole = diff.lost_count.unwrap_or(diff.lost.len() as u64);
    if whole == 0 {
        return;
    }
    page.heading(&format!("Lost ({whole})"));
    let listed = if verbose { diff.lost.len() } else { 0 };
    for item in diff.lost.iter().take(listed) {
        page.line(1, &name(item));
    }
    page.more(1, whole.saturating_sub(listed as u64), "");
}

fn coverage(page: &mut Page, diff: &Diff, verbose: bool) {
    let coverage = &diff.coverage;
    page.line(
        0,
        match (coverage.old, coverage.new) {
            (true, true) => "Coverage: complete",
            (true, false) => "Coverage: the new version was not examined in full",
            (false, true) => "Coverage: the old version was not examined in full",
            (false, false) => "Coverage: neither version was examined in full",
        },
    );
    let shown = if verbose {
        coverage.unanalysed.len()
    } else {
        PLACES
    };
    for place in coverage.unanalysed.iter().take(shown) {
        super::report::unanalysed(page, place);
    }
    page.more(
        1,
        coverage.unanalysed.len().saturating_sub(shown) as u64,
        "",
    );
}

#[cfg(test)]
pub(super) mod tests {
    use tarsight::Report;

    use super::*;
    use crate::args::Color;
    use crate::render::report::tests::{poison, sample};

    pub(crate) fn plain() -> Common {
        Common {
            color: Color::Never,
            ..Common::default()
        }
    }

    /// From a quiet version of the engine's own hand-made report to the report.
    pub(crate) fn change() -> Diff {
        let mut old = sample();
        old.subject.version = Some("2.0.0".to_owned());
        old.behaviours.truncate(1);
        old.findings.truncate(1);
        old.flows.clear();
        old.surfaces.retain(|surface| surface.hook.is_none());
        old.manifest.dependencies.truncate(1);
        let mut new = sample();
        new.coverage.complete = false;
        tarsight::diff(&old, &new)
    }

    #[test]
    fn a_diff_reads_well() {
        insta::assert_snapshot!("diff", diff(&change(), &plain()));
    }

    #[test]
    fn a_quiet_diff_is_one_line() {
        let quiet = Common {
            quiet: true,
            ..plain()
        };
        let text = diff(&change(), &quiet);
        assert!(text.starts_with("left-tools 2.0.0 -> 2.0.1: "), "{text}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn nothing_new_is_only_said_of_what_was_examined() {
        let mut report = Report::default();
        report.coverage.complete = true;
        let text = diff(&tarsight::diff(&report, &report), &plain());
        assert!(
            text.contains("Nothing was gained, lost or changed."),
            "{text}"
        );
        report.coverage.complete = false;
        let text = diff(&tarsight::diff(&report, &report), &plain());
        assert!(text.contains("but not everything was examined"), "{text}");
    }

    #[test]
    fn no_text_of_a_package_reaches_the_terminal_as_it_is() {
        let json = change().to_json();
        let mut value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        poison(&mut value, "\u{1b}]0;x\u{7}\u{202E}\n");
        let poisoned: Diff = serde_json::from_value(value).expect("still a diff");
        for verbose in [false, true] {
            let common = Common { verbose, ..plain() };
            for text in [
                diff(&poisoned, &common),
                crate::render::diff_markdown(&poisoned, &common),
            ] {
                let shown = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
                assert!(!text.contains(shown), "{text:?}");
            }
        }
    }
}
