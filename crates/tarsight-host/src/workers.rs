//! Threads that calls run on; the last few wait for the next call, since starting one takes as long
//! as reading a small package.

use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::{io, mem, process, thread};

/// What a thread does once. It must not panic.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// Threads that wait at most; more end after their call.
const MOST_WAITING: usize = 4;

/// Threads that wait for a job.
struct Waiting {
    /// The process that they are of: a child of `fork` has none of its parent's.
    process: u32,
    threads: Vec<SyncSender<Job>>,
}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting {
    process: 0,
    threads: Vec::new(),
});

/// Does something with the threads of this process that wait. `None` if that is not possible at
/// once: in a child of `fork` the lock may be held for ever.
fn with<T>(work: impl FnOnce(&mut Vec<SyncSender<Job>>) -> T) -> Option<T> {
    let mut waiting = WAITING.try_lock().ok()?;
    let process = process::id();
    if waiting.process != process {
        waiting.process = process;
        // To drop it would be to wake threads that are not there.
        mem::forget(mem::take(&mut waiting.threads));
    }
    Some(work(&mut waiting.threads))
}

/// Runs a job on a thread that waits, or on a new one.
///
/// # Errors
/// If the system starts no thread.
pub(crate) fn run(job: Job) -> io::Result<()> {
    let job = match with(Vec::pop).flatten() {
        Some(thread) => match thread.send(job) {
            Ok(()) => return Ok(()),
            Err(back) => back.0,
        },
        None => job,
    };
    let thread = thread::Builder::new().name("tarsight-call".to_owned());
    thread.spawn(move || work(job)).map(drop)
}

/// Does one job after the other.
fn work(first: Job) {
    let (sender, jobs) = sync_channel::<Job>(1);
    let mut next = Some(first);
    while let Some(job) = next {
        job();
        let waits = with(|threads| {
            let has_room = threads.len() < MOST_WAITING;
            if has_room {
                threads.push(sender.clone());
            }
            has_room
        });
        next = match waits {
            Some(true) => jobs.recv().ok(),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thread that a job ran on.
    fn thread_of_a_job() -> thread::ThreadId {
        let (give, take) = sync_channel(1);
        run(Box::new(move || {
            let _ = give.send(thread::current().id());
        }))
        .expect("a thread starts");
        take.recv().expect("the job ran")
    }

    #[test]
    fn a_thread_is_used_again() {
        let own = thread::current().id();
        // Other tests use the threads too, and one that has just answered may not wait yet.
        let ids: Vec<_> = (0..200).map(|_| thread_of_a_job()).collect();
        assert!(ids.iter().all(|id| *id != own));
        let all: std::collections::HashSet<_> = ids.iter().collect();
        assert!(all.len() < ids.len() / 2, "{all:?}");
    }

    #[test]
    fn jobs_at_once_have_threads_of_their_own() {
        let (give, take) = sync_channel(8);
        let gate = std::sync::Arc::new(std::sync::Barrier::new(8));
        for _ in 0..8 {
            let (give, gate) = (give.clone(), std::sync::Arc::clone(&gate));
            // All wait for each other: on one thread they would never end.
            run(Box::new(move || {
                gate.wait();
                let _ = give.send(());
            }))
            .expect("a thread starts");
        }
        for _ in 0..8 {
            take.recv().expect("every job ran");
        }
    }
}
