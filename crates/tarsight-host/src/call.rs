//! Calls that a host can leave.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crate::{Error, workers};

/// How long a host waits before it looks whether it should leave.
const PATIENCE: Duration = Duration::from_millis(20);

/// Runs `work` on another thread and asks every few milliseconds whether to `leave`.
///
/// Whoever leaves gets [`Error::Cancelled`] at once. The flag that `work` was given is then set;
/// as [`ScanOptions::cancel`](tarsight::ScanOptions::cancel) it ends a scan at the next file, and
/// nobody waits for that.
///
/// # Errors
/// What `work` returns, [`Error::Cancelled`], and [`Error::Bug`] if it panicked.
pub fn leavable<T: Send + 'static>(
    mut leave: impl FnMut() -> bool,
    work: impl FnOnce(Arc<AtomicBool>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    if leave() {
        return Err(Error::Cancelled);
    }
    let cancel = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancel);
    let (give, take) = sync_channel(1);
    let started = workers::run(Box::new(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(flag)));
        // Nobody listens after the host left.
        let _ = give.send(outcome.unwrap_or(Err(Error::Bug)));
    }));
    if let Err(error) = started {
        let detail = error.to_string();
        return Err(tarsight::Error::Threads { detail }.into());
    }
    loop {
        match take.recv_timeout(PATIENCE) {
            Ok(outcome) => return outcome,
            Err(RecvTimeoutError::Disconnected) => return Err(Error::Bug),
            Err(RecvTimeoutError::Timeout) if leave() => {
                cancel.store(true, Ordering::Relaxed);
                return Err(Error::Cancelled);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// When a call that starts now ends by itself; `None` if that is out of the clock's reach.
#[must_use]
pub fn deadline(limit: Duration) -> Option<Instant> {
    Instant::now().checked_add(limit)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn who_leaves_does_not_wait_for_the_work() {
        let (told, ended) = sync_channel(1);
        let mut asked = 0;
        let outcome: Result<(), Error> = leavable(
            || {
                asked += 1;
                asked > 1
            },
            move |cancel| {
                // Ends only after the host left: were it waited for, this would never return.
                while !cancel.load(Ordering::Relaxed) {
                    thread::yield_now();
                }
                told.send(()).expect("the test listens");
                Ok(())
            },
        );
        assert!(matches!(outcome, Err(Error::Cancelled)));
        ended.recv().expect("the work saw the flag");
    }

    #[test]
    fn nothing_starts_for_a_host_that_left_before() {
        let outcome = leavable(|| true, |_| -> Result<(), Error> { panic!("started") });
        assert!(matches!(outcome, Err(Error::Cancelled)));
    }

    #[test]
    fn no_time_limit_is_too_long() {
        assert!(deadline(Duration::ZERO).is_some_and(|end| end <= Instant::now()));
        assert!(deadline(Duration::from_secs(60)).is_some_and(|end| end > Instant::now()));
        assert!(deadline(Duration::MAX).is_none());
    }

    #[test]
    fn outcomes_and_panics_arrive() {
        assert_eq!(leavable(|| false, |_| Ok(3)).expect("it is given"), 3);
        let outcome = leavable(|| false, |_| -> Result<(), Error> { panic!("caught") });
        assert!(matches!(outcome, Err(Error::Bug)));
    }
}
