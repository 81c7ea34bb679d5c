//! Where a panic of ours ends.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `work`; a panic becomes its message.
///
/// In a debug build the panic goes on, so that tests and fuzzers see it.
///
/// # Errors
/// The panic's message.
pub(crate) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        // Our own unit tests look at what comes of a panic.
        if cfg!(debug_assertions) && !cfg!(test) {
            resume_unwind(panic);
        }
        message(panic.as_ref()).to_owned()
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_its_message() {
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(caught(|| panic!("boom")), Err::<(), _>("boom".to_owned()));
        let number = 2;
        let formatted = caught(|| panic!("boom {number}"));
        assert_eq!(formatted, Err::<(), _>("boom 2".to_owned()));
        let other = caught(|| std::panic::panic_any(1_u8));
        assert_eq!(other, Err::<(), _>("a panic without a message".to_owned()));
    }
}
