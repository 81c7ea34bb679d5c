//! What an engine or a call is told besides the input.

use std::ffi::c_char;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tarsight::{Limits, ScanOptions};

use crate::boundary::{fallible, free, give, handle, handle_mut, place, text};
use crate::cancel::tarsight_cancel;
use crate::error::{tarsight_error, tarsight_result};

/// What an engine or a call is told besides the input. Free it with tarsight_options_free.
///
/// Not to be changed while another thread uses it. Engines and calls keep nothing of it.
#[derive(Default)]
pub struct tarsight_options {
    /// Set only if one was set: a call then has these instead of the engine's.
    pub(crate) limits: Option<Limits>,
    pub(crate) jobs: usize,
    pub(crate) label: Option<String>,
    pub(crate) cancel: Option<Arc<AtomicBool>>,
    pub(crate) time_limit: Option<Duration>,
}

impl tarsight_options {
    /// For a call that starts now.
    pub(crate) fn scan(&self) -> ScanOptions {
        let mut options = ScanOptions::default();
        options.label.clone_from(&self.label);
        options.limits.clone_from(&self.limits);
        options.deadline = self.time_limit.and_then(tarsight_host::deadline);
        options
    }
}

/// Makes options that change nothing.
///
/// Thread-safe.
///
/// # Safety
/// `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_new(out: *mut *mut tarsight_options) -> tarsight_result {
    // SAFETY: nobody asks for the error; `out` is checked before it is written.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            place(out, "out")?;
            give(out, tarsight_options::default());
            Ok(())
        })
    }
}

/// Sets a limit by its name, as `parse-bytes`; the README lists them. An unknown name fails with
/// TARSIGHT_RESULT_INVALID_OPTION, and the error lists the names.
///
/// In options of an engine it holds for all its calls. Options of a call that set any limit have
/// the defaults for the others, whatever the engine has.
///
/// # Safety
/// `options` is NULL or a live handle that no other thread uses. `name` is NULL or ends with a
/// zero byte. `error` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_set_limit(
    options: *mut tarsight_options,
    name: *const c_char,
    value: u64,
    error: *mut *mut tarsight_error,
) -> tarsight_result {
    // SAFETY: as the caller promised.
    unsafe {
        fallible(error, || {
            let options = handle_mut(options, "options")?;
            let name = text(name, "name")?;
            let mut limits = options.limits.clone().unwrap_or_default();
            limits
                .set(name, value)
                .map_err(tarsight_host::Error::from)?;
            options.limits = Some(limits);
            Ok(())
        })
    }
}

/// Sets how many worker threads an engine has; 0 means one for each core. Calls ignore it.
///
/// # Safety
/// `options` is NULL or a live handle that no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_set_jobs(
    options: *mut tarsight_options,
    jobs: u16,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            handle_mut(options, "options")?.jobs = usize::from(jobs);
            Ok(())
        })
    }
}

/// Sets the caller's own name for the package, which the report then carries; NULL takes it back.
///
/// # Safety
/// `options` is NULL or a live handle that no other thread uses. `label` is NULL or ends with a
/// zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_set_label(
    options: *mut tarsight_options,
    label: *const c_char,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            let options = handle_mut(options, "options")?;
            options.label = match label.is_null() {
                true => None,
                false => Some(text(label, "label")?.to_owned()),
            };
            Ok(())
        })
    }
}

/// Lets calls with these options be ended by a cancel handle; NULL takes it back. Such a call
/// copies the input, since it may return while the work still goes on.
///
/// # Safety
/// `options` is NULL or a live handle that no other thread uses. `cancel` is NULL or a live
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_set_cancel(
    options: *mut tarsight_options,
    cancel: *const tarsight_cancel,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            let options = handle_mut(options, "options")?;
            options.cancel = match cancel.is_null() {
                true => None,
                false => Some(Arc::clone(&handle(cancel, "cancel")?.0)),
            };
            Ok(())
        })
    }
}

/// Lets calls with these options read no further file once so many milliseconds have passed; 0
/// takes it back. They still succeed: what was left out stands in the report as `cancelled`. A
/// limit that tarsight_options_set_limit sets counts work instead of time, and gives the same
/// report on every machine.
///
/// # Safety
/// `options` is NULL or a live handle that no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_set_time_limit(
    options: *mut tarsight_options,
    milliseconds: u64,
) -> tarsight_result {
    // SAFETY: nobody asks for the error; the rest as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            let options = handle_mut(options, "options")?;
            let limit = Duration::from_millis(milliseconds);
            options.time_limit = (milliseconds > 0).then_some(limit);
            Ok(())
        })
    }
}

/// Frees options. NULL is nothing.
///
/// # Safety
/// `options` is NULL or a live handle that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_options_free(options: *mut tarsight_options) {
    // SAFETY: as the caller promised.
    unsafe { free(options) };
}
