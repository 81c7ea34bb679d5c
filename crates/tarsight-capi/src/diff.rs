//! What one version does that the version before it did not.

use std::sync::OnceLock;

use tarsight::Diff;

use crate::boundary::{fallible, free, give, guarded, handle, place};
use crate::error::tarsight_result;
use crate::report::tarsight_report;
use crate::text::tarsight_str;
use crate::words::tarsight_level;

/// What one version does that the version before it did not. Free it with tarsight_diff_free.
///
/// Nothing changes it, so that all functions on it are thread-safe. Views of it live as long as
/// it does.
pub struct tarsight_diff {
    diff: Diff,
    json: OnceLock<String>,
}

impl tarsight_diff {
    pub(crate) fn new(diff: Diff) -> Self {
        Self {
            diff,
            json: OnceLock::new(),
        }
    }
}

/// Compares two reports.
///
/// Thread-safe.
///
/// # Safety
/// `old_report` and `new_report` are NULL or live handles. `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_reports(
    old_report: *const tarsight_report,
    new_report: *const tarsight_report,
    out: *mut *mut tarsight_diff,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            let old = handle(old_report, "old_report")?;
            let new = handle(new_report, "new_report")?;
            place(out, "out")?;
            give(
                out,
                tarsight_diff::new(tarsight::diff(&old.report, &new.report)),
            );
            Ok(())
        })
    }
}

/// The whole diff as JSON (`tarsight.diff/1`), the same bytes that `tarsight diff --format json`
/// prints, without the last line end. Made at the first call. Lives as long as the diff; empty
/// for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_json(diff: *const tarsight_diff) -> tarsight_str {
    // SAFETY: NULL or live, as the caller promised.
    unsafe {
        told(diff, tarsight_str::NONE, |one| {
            tarsight_str::of(one.json.get_or_init(|| one.diff.to_json()))
        })
    }
}

/// The risk of the change; NONE for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_risk_level(diff: *const tarsight_diff) -> tarsight_level {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, tarsight_level::None, |one| one.diff.risk.level.into()) }
}

/// The risk of the change as a number from 0 to 100; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_risk_score(diff: *const tarsight_diff) -> u32 {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, 0, |one| u32::from(one.diff.risk.score)) }
}

/// Whether nothing of either version was left out; false for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_is_complete(diff: *const tarsight_diff) -> bool {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, false, |one| one.diff.coverage.complete) }
}

/// How many things the diff lists that only the new version has; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_gained_count(diff: *const tarsight_diff) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, 0, |one| one.diff.gained.len()) }
}

/// How many things the diff lists that only the old version has; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_lost_count(diff: *const tarsight_diff) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, 0, |one| one.diff.lost.len()) }
}

/// How many things the diff lists that both have, in another way; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `diff` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_changed_count(diff: *const tarsight_diff) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(diff, 0, |one| one.diff.changed.len()) }
}

/// Frees a diff. NULL is nothing.
///
/// # Safety
/// `diff` is NULL or a live handle; neither it nor a view of it is used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_diff_free(diff: *mut tarsight_diff) {
    // SAFETY: as the caller promised.
    unsafe { free(diff) };
}

/// # Safety
/// `diff` is NULL or a live handle.
unsafe fn told<T: Copy>(
    diff: *const tarsight_diff,
    none: T,
    tell: impl FnOnce(&tarsight_diff) -> T,
) -> T {
    guarded(none, || {
        // SAFETY: as the caller promised.
        unsafe { diff.as_ref() }.map_or(none, tell)
    })
}
