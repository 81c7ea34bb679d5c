//! Ending a call from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::boundary::{fallible, free, give, handle, place};
use crate::error::tarsight_result;

/// Ends calls from another thread. Free it with tarsight_cancel_free.
pub struct tarsight_cancel(pub(crate) Arc<AtomicBool>);

/// Makes a cancel handle.
///
/// Thread-safe.
///
/// # Safety
/// `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_cancel_new(out: *mut *mut tarsight_cancel) -> tarsight_result {
    // SAFETY: nobody asks for the error; `out` is checked before it is written.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            place(out, "out")?;
            give(out, tarsight_cancel(Arc::default()));
            Ok(())
        })
    }
}

/// Ends every call that was given options with this handle, now and from now on, with
/// TARSIGHT_RESULT_CANCELLED. They return within 100 milliseconds; what they had started ends by
/// itself at the next file of the package.
///
/// Thread-safe; meant for another thread than that of the call. May be called from a signal
/// handler.
///
/// # Safety
/// `cancel` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_cancel_now(cancel: *const tarsight_cancel) -> tarsight_result {
    // SAFETY: nobody asks for the error; NULL or live as the caller promised.
    unsafe {
        fallible(std::ptr::null_mut(), || {
            handle(cancel, "cancel")?.0.store(true, Ordering::Relaxed);
            Ok(())
        })
    }
}

/// Frees a cancel handle. Options and calls that were given it keep what they need. NULL is
/// nothing.
///
/// # Safety
/// `cancel` is NULL or a live handle that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_cancel_free(cancel: *mut tarsight_cancel) {
    // SAFETY: as the caller promised.
    unsafe { free(cancel) };
}
