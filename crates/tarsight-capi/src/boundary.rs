//! What stands between C and the engine: pointers are checked, panics end here.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::error::{Failure, tarsight_error, tarsight_result};

/// Runs a body that cannot fail; a bug in it gives `fallback`.
pub(crate) fn guarded<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

/// Runs a body that can fail, and writes why to `error` if somebody wants to know.
///
/// # Safety
/// `error` is NULL or may be written.
pub(crate) unsafe fn fallible(
    error: *mut *mut tarsight_error,
    body: impl FnOnce() -> Result<(), Failure>,
) -> tarsight_result {
    let outcome = catch_unwind(AssertUnwindSafe(body));
    let failure = match outcome {
        Ok(Ok(())) => return tarsight_result::Ok,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::panic(),
    };
    let result = failure.result;
    if !error.is_null() {
        let handle = Box::into_raw(Box::new(tarsight_error(failure)));
        // SAFETY: not NULL, and the caller promised that it may be written.
        unsafe { error.write(handle) };
    }
    result
}

/// A handle that must be there.
///
/// # Safety
/// `pointer` is NULL or a live handle.
pub(crate) unsafe fn handle<'a, T>(pointer: *const T, name: &str) -> Result<&'a T, Failure> {
    // SAFETY: NULL or live, as the caller promised.
    unsafe { pointer.as_ref() }.ok_or_else(|| Failure::null(name))
}

/// A handle that must be there and that nobody else uses meanwhile.
///
/// # Safety
/// `pointer` is NULL or a live handle that no other thread uses.
pub(crate) unsafe fn handle_mut<'a, T>(pointer: *mut T, name: &str) -> Result<&'a mut T, Failure> {
    // SAFETY: NULL or live and not shared, as the caller promised.
    unsafe { pointer.as_mut() }.ok_or_else(|| Failure::null(name))
}

/// Gives a new handle to C.
///
/// # Safety
/// `out` was checked with [`place`] and may be written.
pub(crate) unsafe fn give<T>(out: *mut *mut T, value: T) {
    // SAFETY: as the caller promised.
    unsafe { out.write(Box::into_raw(Box::new(value))) };
}

/// Whether there is a place for a result; asked before any work.
pub(crate) fn place<T>(out: *mut T, name: &str) -> Result<(), Failure> {
    match out.is_null() {
        true => Err(Failure::null(name)),
        false => Ok(()),
    }
}

/// Frees a handle; NULL is nothing.
///
/// # Safety
/// `pointer` is NULL or a live handle that is not used again.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: it came from `Box::into_raw`, and is freed once.
        let owned = unsafe { Box::from_raw(pointer) };
        guarded((), move || drop(owned));
    }
}

/// The caller's bytes. NULL stands for none.
///
/// # Safety
/// `data` is NULL, or `len` bytes can be read there while the result is used.
pub(crate) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Result<&'a [u8], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::null("data"));
    }
    if isize::try_from(len).is_err() {
        return Err(Failure::option(format!("no buffer has {len} bytes")));
    }
    // SAFETY: not NULL, not longer than a buffer can be, and readable as the caller promised.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// The caller's text, which ends with a zero byte.
///
/// # Safety
/// `text` is NULL or ends with a zero byte and is not changed while the result is used.
pub(crate) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str, Failure> {
    if text.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: not NULL, and ends as the caller promised.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|_| Failure::not_utf8(name))
}

/// The caller's path: bytes on Unix, UTF-8 elsewhere.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn path(path: *const c_char) -> Result<PathBuf, Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        if path.is_null() {
            return Err(Failure::null("path"));
        }
        // SAFETY: not NULL, and ends as the caller promised.
        let bytes = unsafe { CStr::from_ptr(path) }.to_bytes();
        Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    {
        // SAFETY: as the caller promised.
        unsafe { text(path, "path") }.map(PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{tarsight_error_free, tarsight_error_message};

    #[test]
    fn a_panic_becomes_a_result() {
        assert_eq!(guarded(3, || panic!("caught")), 3);
        let mut error = std::ptr::null_mut();
        // SAFETY: the place may be written.
        let result = unsafe { fallible(&raw mut error, || panic!("caught")) };
        assert_eq!(result, tarsight_result::Panic);
        // SAFETY: the handle was just written, and is freed once.
        unsafe {
            assert!(tarsight_error_message(error).len > 0);
            tarsight_error_free(error);
        }
    }

    #[test]
    fn lengths_that_no_buffer_has_are_refused() {
        let byte = 0_u8;
        // SAFETY: refused before anything is read.
        let refused = unsafe { bytes(&raw const byte, usize::MAX) };
        let failure = refused.expect_err("too long");
        assert_eq!(failure.result, tarsight_result::InvalidOption);
    }
}
