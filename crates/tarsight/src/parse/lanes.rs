//! Worker threads whose stacks are known.
//!
//! Workers take items off a shared list in a plain loop: nothing is stolen while something waits,
//! so no worker's stack holds two files at once, and the locks below cannot deadlock as long as
//! `work` does not call [`Lanes::map`] itself.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::arena::Workspace;
use super::guard::{Lane, NORMAL_STACK};
use crate::Error;
use crate::model::{Reason, caught};

/// Files over this size are parsed one at a time: an arena takes up to 30 times the source.
const LARGE: usize = 2 << 20;

/// Why an item has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotRead {
    /// Why.
    pub reason: Reason,
    /// What makes it concrete.
    pub detail: String,
}

/// A pool of workers, the deep lane, and the memory that workers keep.
pub(crate) struct Lanes {
    /// A panic of ours never crosses the pool, so nothing in it can be left half done.
    pool: AssertUnwindSafe<rayon::ThreadPool>,
    spare: Mutex<Vec<Workspace>>,
    large: Mutex<()>,
    deep: Mutex<()>,
}

/// What a worker leaves for an item.
enum Taken<T, R> {
    Done(Result<R, NotRead>),
    Deep(T, Lane, usize),
}

impl Lanes {
    /// Starts `jobs` workers, at least one. The caller's own thread never works, since its stack
    /// is not known.
    ///
    /// # Errors
    /// [`Error::Threads`] if the system refuses.
    pub(crate) fn new(jobs: usize) -> Result<Self, Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.max(1))
            .stack_size(NORMAL_STACK)
            .thread_name(|index| format!("tarsight-{index}"))
            .build()
            .map_err(|error| Error::Threads {
                detail: error.to_string(),
            })?;
        Ok(Self {
            pool: AssertUnwindSafe(pool),
            spare: Mutex::new(Vec::new()),
            large: Mutex::new(()),
            deep: Mutex::new(()),
        })
    }

    /// Runs something on a worker, whose stack is known.
    ///
    /// # Errors
    /// [`Reason::InternalError`] if it panics.
    pub(crate) fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> Result<R, NotRead> {
        self.pool
            .install(|| caught(work))
            .map_err(|message| not_read(Reason::InternalError, message))
    }

    /// Works on every item and gives the results in the items' order.
    ///
    /// `class` gives the lane and the size of an item and runs on a worker too; `work` gets that
    /// lane. `cancelled` is
    /// asked before each item. A panic in either becomes [`Reason::InternalError`], and what the
    /// worker had in memory is thrown away.
    pub(crate) fn map<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        class: impl Fn(&T) -> (Lane, usize) + Sync,
        work: impl Fn(T, &Lane, &mut Workspace) -> R + Sync,
        cancelled: impl Fn() -> bool + Sync,
    ) -> Vec<Result<R, NotRead>> {
        let slots: Vec<Mutex<Option<T>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
        let next = AtomicUsize::new(0);
        let mut taken: Vec<(usize, Taken<T, R>)> = self
            .pool
            .broadcast(|_| {
                let mut workspace = lock(&self.spare).pop().unwrap_or_default();
                let mut taken = Vec::new();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(slot) = slots.get(index) else {
                        break;
                    };
                    if let Some(item) = lock(slot).take() {
                        let result = self.take(item, &mut workspace, &class, &work, &cancelled);
                        taken.push((index, result));
                    }
                }
                lock(&self.spare).push(workspace);
                taken
            })
            .into_iter()
            .flatten()
            .collect();
        taken.sort_unstable_by_key(|&(index, _)| index);
        taken
            .into_iter()
            .map(|(_, taken)| match taken {
                Taken::Done(result) => result,
                Taken::Deep(..) if cancelled() => Err(not_read(Reason::Cancelled, "")),
                Taken::Deep(item, lane, stack) => self.alone(item, &lane, stack, &work),
            })
            .collect()
    }

    fn take<T, R>(
        &self,
        item: T,
        workspace: &mut Workspace,
        class: &impl Fn(&T) -> (Lane, usize),
        work: &impl Fn(T, &Lane, &mut Workspace) -> R,
        cancelled: &impl Fn() -> bool,
    ) -> Taken<T, R> {
        if cancelled() {
            return Taken::Done(Err(not_read(Reason::Cancelled, "")));
        }
        let (lane, bytes) = match caught(|| class(&item)) {
            Ok(class) => class,
            Err(message) => return Taken::Done(Err(not_read(Reason::InternalError, message))),
        };
        match lane {
            Lane::Refuse(reason, detail) => Taken::Done(Err(not_read(reason, detail))),
            Lane::Deep { stack_bytes } => Taken::Deep(item, lane, stack_bytes),
            Lane::Normal => {
                let _one = (bytes > LARGE).then(|| lock(&self.large));
                Taken::Done(guarded(item, &lane, workspace, work))
            }
        }
    }

    /// Runs one item on a thread made for it, one such thread at a time.
    fn alone<T: Send, R: Send>(
        &self,
        item: T,
        lane: &Lane,
        stack: usize,
        work: &(impl Fn(T, &Lane, &mut Workspace) -> R + Sync),
    ) -> Result<R, NotRead> {
        let _one = lock(&self.deep);
        thread::scope(|scope| {
            thread::Builder::new()
                .name("tarsight-deep".to_owned())
                .stack_size(stack)
                .spawn_scoped(scope, || guarded(item, lane, &mut Workspace::new(), work))
                .map_err(|error| {
                    not_read(
                        Reason::NestingTooDeep,
                        format!("no thread with a stack of {stack} bytes: {error}"),
                    )
                })?
                .join()
                .unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

/// Works on one item; after a panic the workspace is new.
fn guarded<T, R>(
    item: T,
    lane: &Lane,
    workspace: &mut Workspace,
    work: &impl Fn(T, &Lane, &mut Workspace) -> R,
) -> Result<R, NotRead> {
    let result = caught(|| {
        let result = work(item, lane, workspace);
        workspace.recycle();
        result
    });
    result.map_err(|message| {
        *workspace = Workspace::new();
        not_read(Reason::InternalError, message)
    })
}

fn not_read(reason: Reason, detail: impl Into<String>) -> NotRead {
    NotRead {
        reason,
        detail: detail.into(),
    }
}

/// Nothing is left half done under these locks, so a poisoned one is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn normal(_: &usize) -> (Lane, usize) {
        (Lane::Normal, 0)
    }

    #[test]
    fn results_keep_the_order_of_the_items() {
        for jobs in [1, 3] {
            let lanes = Lanes::new(jobs).expect("threads start");
            let found = lanes.map((0..500).collect(), normal, |n, _, _| n * 2, || false);
            let expected: Vec<_> = (0..500).map(|n| Ok(n * 2)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn work_runs_on_workers_and_deep_work_on_its_own_thread() {
        let lanes = Lanes::new(1).expect("threads start");
        let class = |n: &usize| match n {
            0 => (Lane::Normal, 0),
            1 => (
                Lane::Deep {
                    stack_bytes: 1 << 20,
                },
                0,
            ),
            2 => (
                Lane::Deep {
                    stack_bytes: 1 << 62,
                },
                0,
            ),
            _ => (Lane::Normal, LARGE + 1),
        };
        let name =
            |_, _: &Lane, _: &mut Workspace| thread::current().name().unwrap_or("").to_owned();
        let found = lanes.map(vec![0, 1, 2, 3], class, name, || false);
        assert_eq!(found[0].as_deref(), Ok("tarsight-0"));
        assert_eq!(found[1].as_deref(), Ok("tarsight-deep"));
        assert_eq!(
            found[2].as_ref().map_err(|e| e.reason),
            Err(Reason::NestingTooDeep)
        );
        assert_eq!(found[3].as_deref(), Ok("tarsight-0"));
    }

    #[test]
    fn a_panic_is_one_items_failure_and_its_memory_is_dropped() {
        let lanes = Lanes::new(1).expect("threads start");
        let work = |n: usize, _: &Lane, workspace: &mut Workspace| {
            let kept = workspace.allocator.capacity();
            workspace.allocator.alloc_str(&"x".repeat(1 << 20));
            assert!(n != 1, "boom {n}");
            kept
        };
        let found = lanes.map(vec![0, 1, 2], normal, work, || false);
        assert_eq!(found[0], Ok(0));
        assert_eq!(found[1], Err(not_read(Reason::InternalError, "boom 1")));
        assert_eq!(found[2], Ok(0));
    }

    #[test]
    fn cancelling_stops_before_the_next_item() {
        let lanes = Lanes::new(1).expect("threads start");
        let stop = AtomicBool::new(false);
        let work = |n: usize, _: &Lane, _: &mut Workspace| {
            stop.store(n == 1, Ordering::Relaxed);
            n
        };
        let found = lanes.map(vec![0, 1, 2, 3], normal, work, || {
            stop.load(Ordering::Relaxed)
        });
        assert_eq!(found[1], Ok(1));
        assert_eq!(found[2], Err(not_read(Reason::Cancelled, "")));
        assert_eq!(found[3], Err(not_read(Reason::Cancelled, "")));
    }
}
