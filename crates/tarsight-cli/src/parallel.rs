//! Many inputs at once, results in order.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// Results that may wait for an earlier one, for each worker.
const AHEAD: usize = 2;

/// The next input to take, and how far the results are written.
struct Place {
    taken: usize,
    written: usize,
    stopped: bool,
}

/// Does `work` on every item with `jobs` threads and gives the results to `sink` in the order
/// of the items, each as soon as it and all before it are there.
///
/// No worker runs further ahead than a few items, so memory does not grow with their number.
/// An error of `sink` stops all; what is under way is thrown away.
pub(crate) fn in_order<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    work: impl Fn(&I) -> T + Sync,
    mut sink: impl FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let workers = jobs.min(items.len());
    if workers <= 1 {
        return items.iter().try_for_each(|item| sink(work(item)));
    }
    let place = Mutex::new(Place {
        taken: 0,
        written: 0,
        stopped: false,
    });
    let moved = Condvar::new();
    let lock = || place.lock().unwrap_or_else(PoisonError::into_inner);
    let take = || {
        let far = |place: &mut Place| {
            !place.stopped
                && place.taken < items.len()
                && place.taken >= place.written + workers * AHEAD
        };
        let mut place = moved
            .wait_while(lock(), far)
            .unwrap_or_else(PoisonError::into_inner);
        let index = place.taken;
        place.taken += 1;
        let item = items.get(index).filter(|_| !place.stopped)?;
        Some((index, item))
    };
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..workers {
            let (sender, take, work) = (sender.clone(), &take, &work);
            scope.spawn(move || {
                while let Some((index, item)) = take() {
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut outcome = Ok(());
        for (index, result) in receiver {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&next).filter(|_| outcome.is_ok()) {
                outcome = sink(result);
                next += 1;
            }
            let mut place = lock();
            place.written = next;
            place.stopped = outcome.is_err();
            drop(place);
            moved.notify_all();
            if outcome.is_err() {
                break;
            }
        }
        outcome
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_whoever_is_first() {
        let items: Vec<u64> = (0..40).collect();
        let mut seen = Vec::new();
        let slow_start = |&n: &u64| {
            if n % 7 == 0 {
                std::thread::sleep(Duration::from_millis(3));
            }
            n * 2
        };
        let sink = |n| {
            seen.push(n);
            Ok(())
        };
        in_order(&items, 4, slow_start, sink).expect("the sink takes all");
        assert_eq!(seen, items.iter().map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_runs_far_ahead_of_a_slow_item() {
        let items: Vec<usize> = (0..200).collect();
        let started = AtomicUsize::new(0);
        let at_first_end = AtomicUsize::new(0);
        let work = |&n: &usize| {
            started.fetch_add(1, Ordering::SeqCst);
            if n == 0 {
                std::thread::sleep(Duration::from_millis(60));
                at_first_end.store(started.load(Ordering::SeqCst), Ordering::SeqCst);
            }
        };
        in_order(&items, 3, work, |()| Ok(())).expect("the sink takes all");
        assert!(at_first_end.load(Ordering::SeqCst) <= 3 * AHEAD);
        assert_eq!(started.load(Ordering::SeqCst), items.len());
    }

    #[test]
    fn an_error_of_the_sink_stops_all() {
        let items: Vec<usize> = (0..10_000).collect();
        let started = AtomicUsize::new(0);
        let work = |_: &usize| started.fetch_add(1, Ordering::SeqCst);
        let closed = |_| Err(io::Error::from(io::ErrorKind::BrokenPipe));
        for jobs in [1, 4] {
            started.store(0, Ordering::SeqCst);
            let error = in_order(&items, jobs, work, closed).expect_err("it is closed");
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
            assert!(started.load(Ordering::SeqCst) <= jobs * AHEAD + jobs);
        }
    }
}
