//! What one version does that the version before it did not.
//!
//! A pure comparison of two reports, whoever made them and whenever. Things are the same if id,
//! normalised target and moment are, never by file or line: code that was renamed, moved,
//! minified, bundled or written in another way gives nothing.
//!
//! The risk is that of the change. What a package always did adds nothing; a table of
//! signals says what each new thing weighs, and when it runs decides how much of that counts;
//! `tarsight explain` prints each. Nothing that a
//! new version adds ever lowers it.

mod behaviours;
mod builds;
mod dependencies;
mod document;
mod files;
mod judge;
mod judged;
mod normal;
mod side;
pub(crate) mod signals;
mod surfaces;
#[cfg(test)]
mod tests;
mod weight;

pub use document::{Change, DIFF_SCHEMA, Diff, DiffCoverage, Item, ItemKind, Same, State, Warning};

use self::builds::Builds;
use self::side::Side;
use self::weight::Found;
use crate::report::{Report, Unanalysed};

/// Items in each list of a diff; the counts beside them are whole.
const MOST_ITEMS: usize = 2_000;
/// Sites of one item.
const MOST_SITES: usize = 5;
/// Places that were not examined.
const MOST_PLACES: usize = 100;

/// Compares two reports.
///
/// ```
/// let package = |code: &str| {
///     let manifest = r#"{"name":"a","version":"1.0.0","main":"a.js"}"#;
///     let files = [("package.json", manifest), ("a.js", code)];
///     files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
/// };
/// let engine = tarsight::Engine::new();
/// let old = engine.scan_tree(package("exports.red = (s) => s;"))?;
/// let new = engine.scan_tree(package("exports.red = (s) => s; fetch('https://b.example/');"))?;
///
/// let diff = tarsight::diff(&old, &new);
/// assert_eq!(diff.gained[0].target.as_deref(), Some("https://b.example/"));
/// assert!(tarsight::diff(&new, &new).is_empty());
/// # Ok::<(), tarsight::Error>(())
/// ```
#[must_use]
pub fn diff(old: &Report, new: &Report) -> Diff {
    let mut diff = Diff {
        old: old.subject.clone(),
        new: new.subject.clone(),
        warnings: warnings(old, new),
        coverage: coverage(old, new),
        stats: old
            .stats
            .as_ref()
            .zip(new.stats.as_ref())
            .map(|(a, b)| a.with(b)),
        ..Diff::default()
    };
    let builds = Builds::new(old, new);
    let (old, new) = (Side::new(old), Side::new(new));
    let mut found = Found::default();
    diff.same.behaviours = behaviours::compare(&old, &new, &builds, &mut found);
    diff.same.findings = judged::findings(&old, &new, &mut found);
    judged::flows(&old, &new, &mut found);
    judged::anomalies(&old, &new, &mut found);
    judged::coverage(&old, &new, &mut found);
    surfaces::compare(&old, &new, &mut found);
    surfaces::manifest(&old, &new, &mut found);
    dependencies::compare(&old, &new, &mut found);
    diff.same.files = files::compare(&old, &new, &mut found);
    diff.risk = found.risk();
    (diff.gained, diff.lost, diff.changed) = found.finish();
    diff.gained_count = cut(&mut diff.gained);
    diff.lost_count = cut(&mut diff.lost);
    diff.changed_count = cut(&mut diff.changed);
    diff
}

/// Cuts a list; returns its whole length if anything was lost.
fn cut<T>(list: &mut Vec<T>) -> Option<u64> {
    let whole = list.len();
    list.truncate(MOST_ITEMS);
    (whole > MOST_ITEMS).then_some(whole as u64)
}

fn coverage(old: &Report, new: &Report) -> DiffCoverage {
    let missing = new.coverage.unanalysed.iter();
    let missing = missing.filter(|one| one.kind == crate::model::CoverageKind::NotExamined);
    let mut unanalysed: Vec<Unanalysed> = missing.cloned().collect();
    unanalysed.truncate(MOST_PLACES);
    DiffCoverage {
        complete: old.coverage.complete && new.coverage.complete,
        old: old.coverage.complete,
        new: new.coverage.complete,
        unanalysed,
    }
}

fn warnings(old: &Report, new: &Report) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |id: &str, message: String| {
        warnings.push(Warning {
            id: id.to_owned(),
            message,
        });
    };
    let name = |report: &Report| {
        let name = report.subject.name.clone();
        name.unwrap_or_else(|| "a package without a name".to_owned())
    };
    if old.subject.name != new.subject.name {
        let message = format!(
            "these are two packages: {} and {}; what is told as new is what only the second one does",
            name(old),
            name(new)
        );
        warn("different-names", message);
    }
    if old.engine.version != new.engine.version {
        let message = format!(
            "the reports were made by tarsight {} and {}; what only one of them can see is told as a difference; scan both again to compare like with like",
            old.engine.version, new.engine.version
        );
        warn("different-engines", message);
    }
    if old.options != new.options {
        let message = "the reports were made with different limits; what only one of them covers is told as a difference";
        warn("different-limits", message.to_owned());
    }
    for (report, id, what) in [
        (
            old,
            "incomplete-old",
            "the old version was not examined in full; what is told as new may be old",
        ),
        (
            new,
            "incomplete-new",
            "the new version was not examined in full; it may do more that is new",
        ),
    ] {
        if !report.coverage.complete {
            warn(id, what.to_owned());
        }
    }
    warnings
}
