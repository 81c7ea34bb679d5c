//! Results and errors.

use crate::boundary::{free, guarded};
use crate::text::tarsight_str;

/// How a call ended. Everything but TARSIGHT_RESULT_OK is a failure; numbers are never used again
/// for something else, and new ones may come.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum tarsight_result {
    /// Done.
    Ok = 7000,
    /// A pointer that must not be NULL is NULL.
    NullParameter = 7001,
    /// A text is not UTF-8.
    NotUtf8 = 7002,
    /// An option has a name or a value that does not exist; the message lists the names.
    InvalidOption = 7003,
    /// There is no item of that index.
    OutOfRange = 7004,
    /// The call was cancelled.
    Cancelled = 7005,
    /// A bug in tarsight; please report it.
    Panic = 7006,
    /// The input has no byte.
    Empty = 7100,
    /// The input is neither gzip nor tar.
    NotAnArchive = 7101,
    /// The input has a compression that tarsight does not read.
    UnsupportedCompression = 7102,
    /// The archive is damaged before its first entry ends.
    DamagedArchive = 7103,
    /// A limit was reached before package.json could be read.
    OverLimit = 7104,
    /// The bytes are no saved report.
    NotAReport = 7105,
    /// There is no file or folder at the path.
    NotFound = 7106,
    /// The system does not let the path be read.
    Unreadable = 7107,
    /// Threads could not be started.
    Threads = 7108,
    /// A failure that has no number of its own yet; the error says which.
    Other = 7199,
}

/// Why a call failed. Made by a call that failed, if the caller asked; free it with
/// tarsight_error_free.
pub struct tarsight_error(pub(crate) Failure);

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) result: tarsight_result,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn null(name: &str) -> Self {
        Self {
            result: tarsight_result::NullParameter,
            code: "null-parameter",
            message: format!("{name} is NULL"),
        }
    }

    pub(crate) fn not_utf8(name: &str) -> Self {
        Self {
            result: tarsight_result::NotUtf8,
            code: "not-utf8",
            message: format!("{name} is not UTF-8"),
        }
    }

    pub(crate) fn option(message: String) -> Self {
        tarsight_host::Error::Option(message).into()
    }

    pub(crate) fn out_of_range(index: usize, count: usize) -> Self {
        Self {
            result: tarsight_result::OutOfRange,
            code: "out-of-range",
            message: format!("there is no item {index}; there are {count}, counted from 0"),
        }
    }

    pub(crate) fn panic() -> Self {
        tarsight_host::Error::Bug.into()
    }
}

impl From<tarsight_host::Error> for Failure {
    fn from(error: tarsight_host::Error) -> Self {
        Self {
            result: result_of(error.code()),
            code: error.code(),
            message: error.to_string(),
        }
    }
}

impl From<tarsight::Error> for Failure {
    fn from(error: tarsight::Error) -> Self {
        tarsight_host::Error::from(error).into()
    }
}

fn result_of(code: &str) -> tarsight_result {
    match code {
        "empty" => tarsight_result::Empty,
        "not-an-archive" => tarsight_result::NotAnArchive,
        "unsupported-compression" => tarsight_result::UnsupportedCompression,
        "damaged-archive" => tarsight_result::DamagedArchive,
        "over-limit" => tarsight_result::OverLimit,
        "not-a-report" => tarsight_result::NotAReport,
        "not-found" => tarsight_result::NotFound,
        "unreadable" => tarsight_result::Unreadable,
        "threads" => tarsight_result::Threads,
        "invalid-option" => tarsight_result::InvalidOption,
        "cancelled" => tarsight_result::Cancelled,
        "internal-error" => tarsight_result::Panic,
        _ => tarsight_result::Other,
    }
}

/// What went wrong, and what to do. Lives as long as the error; empty for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `error` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_error_message(error: *const tarsight_error) -> tarsight_str {
    guarded(tarsight_str::NONE, || {
        // SAFETY: NULL or live, as the caller promised.
        let error = unsafe { error.as_ref() };
        error.map_or(tarsight_str::NONE, |error| {
            tarsight_str::of(&error.0.message)
        })
    })
}

/// The code that the command and the other languages give: `not-an-archive`, … Lives as long as
/// the error; empty for NULL.
///
/// Thread-safe.
///
/// # Safety
/// `error` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_error_code(error: *const tarsight_error) -> tarsight_str {
    guarded(tarsight_str::NONE, || {
        // SAFETY: NULL or live, as the caller promised.
        let error = unsafe { error.as_ref() };
        error.map_or(tarsight_str::NONE, |error| tarsight_str::of(error.0.code))
    })
}

/// Frees an error. NULL is nothing.
///
/// # Safety
/// `error` is NULL or a live handle; neither it nor a view of it is used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tarsight_error_free(error: *mut tarsight_error) {
    // SAFETY: as the caller promised.
    unsafe { free(error) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_host_has_a_number() {
        for code in tarsight_host::Error::CODES {
            assert_ne!(result_of(code), tarsight_result::Other, "{code}");
        }
        assert_eq!(Failure::from(tarsight::Error::Empty).code, "empty");
    }
}
