//! Engines, and what they make.

use std::ffi::c_char;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tarsight::{Diff, Engine, ScanOptions};
use tarsight_host::{Side, Source, leavable};

use crate::boundary::{bytes, fallible, free, give, handle, path, place};
use crate::diff::tarsight_diff;
use crate::error::{Failure, tarsight_error, tarsight_result};
use crate::options::tarsight_options;
use crate::report::tarsight_report;

/// Reads packages. Make one and share it between threads; free it with tarsight_engine_free.
///
/// Its worker threads start with it. A process that forks needs a new engine in the child.
pub struct tarsight_engine(Engine);

/// Makes an engine. Of `options` it takes limits and jobs; NULL means the defaults.
///
/// Thread-safe.
///
/// # Safety
/// `options` is NULL or a live handle. `out` and `error` are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_new(
    options: *const tarsight_options,
    out: *mut *mut tarsight_engine,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            place(out, "out")?;
            let mut builder = Engine::builder();
            if let Some(options) = options.as_ref() {
                let limits = options.limits.clone().unwrap_or_default();
                builder = builder.limits(limits).jobs(options.jobs);
            }
            give(out, tarsight_engine(builder.build()?));
            Ok(())
        })
    }
}

/// Reads a tarball (.tgz or .tar) of `len` bytes at `data`. Of `options` it takes limits, label
/// and cancel; NULL means none. `data` is not kept; it may be NULL if `len` is 0.
///
/// Thread-safe: an engine may read several packages at once.
///
/// # Safety
/// `engine` and `options` are NULL or live handles. `len` bytes can be read at `data`, and nobody
/// writes there during the call. `out` and `error` are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_scan(
    engine: *const tarsight_engine,
    data: *const u8,
    len: usize,
    options: *const tarsight_options,
    out: *mut *mut tarsight_report,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            let call = Call::new(engine, options)?;
            place(out, "out")?;
            let bytes = bytes(data, len)?;
            let report = call.run([Source::Bytes(bytes)], |engine, [source], options| {
                tarsight_host::scan(engine, source, options)
            })?;
            give(out, tarsight_report::new(report));
            Ok(())
        })
    }
}

/// Reads the package at `path`: a tarball, or the folder of an unpacked package. Otherwise as
/// tarsight_engine_scan; the report names the path.
///
/// Thread-safe.
///
/// # Safety
/// `engine` and `options` are NULL or live handles. `path` is NULL or ends with a zero byte.
/// `out` and `error` are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_scan_path(
    engine: *const tarsight_engine,
    path: *const c_char,
    options: *const tarsight_options,
    out: *mut *mut tarsight_report,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            let call = Call::new(engine, options)?;
            place(out, "out")?;
            let source = Source::<&[u8]>::Path(crate::boundary::path(path)?);
            let report = call.run([source], |engine, [source], options| {
                tarsight_host::scan(engine, source, options)
            })?;
            give(out, tarsight_report::new(report));
            Ok(())
        })
    }
}

/// Compares two tarballs, or reports that were saved as JSON: what does the new one do that the
/// old one did not. Files that both have are read once. `options` as in tarsight_engine_scan.
///
/// Thread-safe.
///
/// # Safety
/// `engine` and `options` are NULL or live handles. `old_len` bytes can be read at `old_data` and
/// `new_len` at `new_data`, and nobody writes there during the call. `out` and `error` are NULL or
/// may be written.
#[allow(clippy::too_many_arguments, reason = "C has no slices")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_diff(
    engine: *const tarsight_engine,
    old_data: *const u8,
    old_len: usize,
    new_data: *const u8,
    new_len: usize,
    options: *const tarsight_options,
    out: *mut *mut tarsight_diff,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            let call = Call::new(engine, options)?;
            place(out, "out")?;
            let old = Source::Bytes(bytes(old_data, old_len)?);
            let new = Source::Bytes(bytes(new_data, new_len)?);
            let diff = call.run([old, new], compare)?;
            give(out, tarsight_diff::new(diff));
            Ok(())
        })
    }
}

/// Compares what is at two paths: tarballs, folders of unpacked packages, or saved reports.
/// Otherwise as tarsight_engine_diff.
///
/// Thread-safe.
///
/// # Safety
/// `engine` and `options` are NULL or live handles. `old_path` and `new_path` are NULL or end with
/// a zero byte. `out` and `error` are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_diff_paths(
    engine: *const tarsight_engine,
    old_path: *const c_char,
    new_path: *const c_char,
    options: *const tarsight_options,
    out: *mut *mut tarsight_diff,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised; `out` is checked before it is written.
    unsafe {
        fallible(error, || {
            let call = Call::new(engine, options)?;
            place(out, "out")?;
            let old = Source::<&[u8]>::Path(path(old_path)?);
            let new = Source::Path(path(new_path)?);
            let diff = call.run([old, new], compare)?;
            give(out, tarsight_diff::new(diff));
            Ok(())
        })
    }
}

/// Frees an engine. Reports and diffs that it made stay. NULL is nothing.
///
/// # Safety
/// `engine` is NULL or a live handle; no call uses it now or later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_engine_free(engine: *mut tarsight_engine) {
    // SAFETY: as the caller promised.
    unsafe { free(engine) };
}

/// One call of an engine.
struct Call<'a> {
    engine: &'a Engine,
    options: Option<&'a tarsight_options>,
}

impl<'a> Call<'a> {
    /// # Safety
    /// Both are NULL or live handles.
    unsafe fn new(
        engine: *const tarsight_engine,
        options: *const tarsight_options,
    ) -> Result<Self, Failure> {
        // SAFETY: as the caller promised.
        unsafe {
            Ok(Self {
                engine: &handle(engine, "engine")?.0,
                options: options.as_ref(),
            })
        }
    }

    /// Does the work here; or, if it can be cancelled, elsewhere and on copies.
    fn run<T: Send + 'static, const N: usize>(
        &self,
        sources: [Source<&[u8]>; N],
        work: Work<T, N>,
    ) -> Result<T, Failure> {
        let mut options = self.options.map(tarsight_options::scan).unwrap_or_default();
        let Some(cancel) = self.options.and_then(|options| options.cancel.as_ref()) else {
            return Ok(work(self.engine, &sources, &options)?);
        };
        let engine = self.engine.clone();
        let copies = sources.map(|source| match source {
            Source::Bytes(bytes) => Source::Bytes(bytes.to_vec()),
            Source::Path(path) => Source::Path(path),
        });
        let outcome = leavable(
            || cancel.load(Ordering::Relaxed),
            move |left| {
                options.cancel = Some(Arc::clone(&left));
                let sources = copies.each_ref().map(|source| match source {
                    Source::Bytes(bytes) => Source::Bytes(bytes.as_slice()),
                    Source::Path(path) => Source::Path(path.clone()),
                });
                work(&engine, &sources, &options)
            },
        );
        Ok(outcome?)
    }
}

fn compare(
    engine: &Engine,
    [old, new]: &[Source<&[u8]>; 2],
    options: &ScanOptions,
) -> Result<Diff, tarsight_host::Error> {
    let (old, new) = (Side::Source(old.clone()), Side::Source(new.clone()));
    tarsight_host::diff(engine, &old, &new, options)
}

type Work<T, const N: usize> =
    fn(&Engine, &[Source<&[u8]>; N], &ScanOptions) -> Result<T, tarsight_host::Error>;
