//! Views of text.

use std::ffi::c_char;

/// A view of UTF-8 text that somebody else owns. It does not end with a zero byte and may have
/// zero bytes inside; each function says how long it lives. No text is `data` NULL and `len` 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct tarsight_str {
    /// The first byte.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

impl tarsight_str {
    pub(crate) const NONE: Self = Self {
        data: std::ptr::null(),
        len: 0,
    };

    pub(crate) fn of(text: &str) -> Self {
        Self {
            data: text.as_ptr().cast(),
            len: text.len(),
        }
    }

    pub(crate) fn of_option(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, Self::of)
    }
}
