//! What a package does.

use std::sync::OnceLock;

use tarsight::Report;
use tarsight::report::Site;

use crate::boundary::{bytes, fallible, free, give, guarded, handle, place};
use crate::error::{Failure, tarsight_error, tarsight_result};
use crate::text::tarsight_str;
use crate::words::{tarsight_confidence, tarsight_level, tarsight_reach};

/// What a package does. Free it with tarsight_report_free.
///
/// Nothing changes it, so that all functions on it are thread-safe. Views of it live as long as
/// it does.
pub struct tarsight_report {
    pub(crate) report: Report,
    json: OnceLock<String>,
}

impl tarsight_report {
    pub(crate) fn new(report: Report) -> Self {
        Self {
            report,
            json: OnceLock::new(),
        }
    }
}

/// A judgement. Its views live as long as the report.
#[repr(C)]
pub struct tarsight_finding {
    /// What kind, as `tarsight rules` lists them.
    pub id: tarsight_str,
    /// Fingerprint: equal in the next version if nothing that matters changed.
    pub key: tarsight_str,
    /// What kind, in words.
    pub title: tarsight_str,
    /// What was seen, with the concrete secret, host or command.
    pub message: tarsight_str,
    /// How bad.
    pub severity: tarsight_level,
    /// How sure.
    pub confidence: tarsight_confidence,
    /// The surfaces that lead to it.
    pub reach: tarsight_reach,
    /// How many sites tarsight_report_finding_site gives.
    pub site_count: usize,
}

/// Something the package does. Its views live as long as the report.
#[repr(C)]
pub struct tarsight_behaviour {
    /// What: `network.http`, `fs.read`, … as `tarsight rules` lists them.
    pub id: tarsight_str,
    /// The coarse class of the id.
    pub capability: tarsight_str,
    /// To what: host, path, command, …; no text if not resolved.
    pub target: tarsight_str,
    /// What the target is: `url`, `host`, `path`, …; no text if not resolved.
    pub target_kind: tarsight_str,
    /// `name@version` of the bundled package it belongs to; no text for the package's own.
    pub package: tarsight_str,
    /// The surfaces that lead to it.
    pub reach: tarsight_reach,
    /// How many sites tarsight_report_behaviour_site gives.
    pub site_count: usize,
}

/// A place in the package's text. Lines and columns start at 1; columns count UTF-16 units.
#[repr(C)]
pub struct tarsight_site {
    /// Path inside the package.
    pub file: tarsight_str,
    /// The text, cut.
    pub excerpt: tarsight_str,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
    /// First byte.
    pub offset: u32,
    /// Number of bytes.
    pub length: u32,
    /// How many pieces of code inside values are around it; 0 for text of the file itself.
    pub layer_count: usize,
}

/// Reads a report that was saved as JSON.
///
/// Thread-safe.
///
/// # Safety
/// `len` bytes can be read at `data`, and nobody writes there during the call. `out` and `error`
/// are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_from_json(
    data: *const u8,
    len: usize,
    out: *mut *mut tarsight_report,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            place(out, "out")?;
            let report = Report::from_json(bytes(data, len)?)?;
            give(out, tarsight_report::new(report));
            Ok(())
        })
    }
}

/// The whole report as JSON (`tarsight.report/1`), the same bytes that
/// `tarsight scan --format json` prints, without the last line end. Made at the first call. Lives
/// as long as the report; empty for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_json(report: *const tarsight_report) -> tarsight_str {
    // SAFETY: NULL or live, as the caller promised.
    unsafe {
        told(report, tarsight_str::NONE, |one| {
            tarsight_str::of(one.json.get_or_init(|| one.report.to_json()))
        })
    }
}

/// The risk of the package; NONE for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_risk_level(
    report: *const tarsight_report,
) -> tarsight_level {
    // SAFETY: NULL or live, as the caller promised.
    unsafe {
        told(report, tarsight_level::None, |one| {
            one.report.risk.level.into()
        })
    }
}

/// The risk of the package as a number from 0 to 100; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_risk_score(report: *const tarsight_report) -> u32 {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(report, 0, |one| u32::from(one.report.risk.score)) }
}

/// Whether nothing of the package was left out; false for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_is_complete(report: *const tarsight_report) -> bool {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(report, false, |one| one.report.coverage.complete) }
}

/// How many files the package has; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_file_count(report: *const tarsight_report) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(report, 0, |one| one.report.files.len()) }
}

/// How many findings the report lists; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_finding_count(report: *const tarsight_report) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(report, 0, |one| one.report.findings.len()) }
}

/// Gives a finding by its index, the worst first.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle. `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_finding(
    report: *const tarsight_report,
    index: usize,
    out: *mut tarsight_finding,
) -> tarsight_result {
    // SAFETY: NULL or live and writable, as the caller promised.
    unsafe {
        item(report, out, |report| {
            let finding = nth(&report.findings, index)?;
            Ok(tarsight_finding {
                id: tarsight_str::of(&finding.id),
                key: tarsight_str::of(&finding.key),
                title: tarsight_str::of(&finding.title),
                message: tarsight_str::of(&finding.message),
                severity: finding.severity.into(),
                confidence: finding.confidence.into(),
                reach: finding.reach.into(),
                site_count: finding.evidence.len(),
            })
        })
    }
}

/// Gives a place that shows a finding, by both indices.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle. `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_finding_site(
    report: *const tarsight_report,
    finding: usize,
    index: usize,
    out: *mut tarsight_site,
) -> tarsight_result {
    // SAFETY: NULL or live and writable, as the caller promised.
    unsafe {
        item(report, out, |report| {
            Ok(nth(&nth(&report.findings, finding)?.evidence, index)?.into())
        })
    }
}

/// How many behaviours the report lists; 0 for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_behaviour_count(report: *const tarsight_report) -> usize {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { told(report, 0, |one| one.report.behaviours.len()) }
}

/// Gives a behaviour by its index.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle. `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_behaviour(
    report: *const tarsight_report,
    index: usize,
    out: *mut tarsight_behaviour,
) -> tarsight_result {
    // SAFETY: NULL or live and writable, as the caller promised.
    unsafe {
        item(report, out, |report| {
            let one = nth(&report.behaviours, index)?;
            Ok(tarsight_behaviour {
                id: tarsight_str::of(&one.id),
                capability: tarsight_str::of(one.capability.as_str()),
                target: tarsight_str::of_option(one.target.as_deref()),
                target_kind: tarsight_str::of_option(one.target_kind.map(|kind| kind.as_str())),
                package: tarsight_str::of_option(one.package.as_deref()),
                reach: one.reach.into(),
                site_count: one.sites.len(),
            })
        })
    }
}

/// Gives a place of a behaviour, by both indices.
///
/// Thread-safe.
///
/// # Safety
/// `report` is NULL or a live handle. `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_behaviour_site(
    report: *const tarsight_report,
    behaviour: usize,
    index: usize,
    out: *mut tarsight_site,
) -> tarsight_result {
    // SAFETY: NULL or live and writable, as the caller promised.
    unsafe {
        item(report, out, |report| {
            Ok(nth(&nth(&report.behaviours, behaviour)?.sites, index)?.into())
        })
    }
}

/// Frees a report. NULL is nothing.
///
/// # Safety
/// `report` is NULL or a live handle; neither it nor a view of it is used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_report_free(report: *mut tarsight_report) {
    // SAFETY: as the caller promised.
    unsafe { free(report) };
}

/// # Safety
/// `report` is NULL or a live handle.
unsafe fn told<T: Copy>(
    report: *const tarsight_report,
    none: T,
    tell: impl FnOnce(&tarsight_report) -> T,
) -> T {
    guarded(none, || {
        // SAFETY: as the caller promised.
        unsafe { report.as_ref() }.map_or(none, tell)
    })
}

/// # Safety
/// `report` is NULL or a live handle; `out` is NULL or may be written.
unsafe fn item<T>(
    report: *const tarsight_report,
    out: *mut T,
    find: impl FnOnce(&Report) -> Result<T, Failure>,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            let report = handle(report, "report")?;
            place(out, "out")?;
            out.write(find(&report.report)?);
            Ok(())
        })
    }
}

fn nth<T>(list: &[T], index: usize) -> Result<&T, Failure> {
    list.get(index)
        .ok_or_else(|| Failure::out_of_range(index, list.len()))
}

impl From<&Site> for tarsight_site {
    fn from(site: &Site) -> Self {
        Self {
            file: tarsight_str::of(&site.file),
            excerpt: tarsight_str::of(&site.excerpt),
            line: site.line,
            column: site.column,
            end_line: site.end_line,
            end_column: site.end_column,
            offset: site.offset,
            length: site.length,
            layer_count: site.layers.len(),
        }
    }
}
