//! Where a panic of ours ends.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::{Reason, Unanalysed};

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

/// Parts of the work that stand for themselves: what became of those that failed.
#[derive(Debug, Default)]
pub(crate) struct Failures(Vec<Unanalysed>);

impl Failures {
    /// Does one part. A bug in it costs what this part would have given, and is told by its name.
    pub(crate) fn part<R: Default>(&mut self, name: &str, work: impl FnOnce() -> R) -> R {
        caught(work).unwrap_or_else(|message| {
            self.0.push(Unanalysed {
                path: None,
                reason: Reason::InternalError,
                detail: format!("{name}: {message}"),
            });
            R::default()
        })
    }

    /// What failed, in the order in which it did.
    pub(crate) fn all(&self) -> &[Unanalysed] {
        &self.0
    }
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
    fn a_part_that_fails_is_told_and_harms_no_other() {
        let mut failures = Failures::default();
        let found: Vec<Vec<u32>> = (0..3)
            .map(|at| {
                failures.part(&format!("part {at}"), || {
                    assert!(at != 1, "boom");
                    vec![at]
                })
            })
            .collect();
        assert_eq!(found, [vec![0], vec![], vec![2]]);
        let told: Vec<&str> = failures.all().iter().map(|one| &*one.detail).collect();
        assert_eq!(told, ["part 1: boom"]);
    }

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
