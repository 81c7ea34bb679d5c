//! What one evaluation may cost: steps, depth, and patience.

use super::eval::Evaluator;

/// Deeper expressions and longer chains of names stay unresolved.
const MOST_DEPTH: u32 = 200;
/// Steps for one value that matters: at first, and at least.
pub(super) const PATIENCE: u64 = 5_000;
const LEAST_PATIENCE: u64 = 400;

impl Evaluator<'_> {
    /// Whether the steps ran out, so that some values stayed unknown.
    pub(crate) fn out_of_steps(&self) -> bool {
        self.steps >= self.limit
    }

    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps >= self.ceiling {
            self.circles.spoil();
            return false;
        }
        self.depth < MOST_DEPTH
    }

    /// Works with an allowance of steps; `None` if they were not enough, and then nothing of it
    /// is kept.
    pub(crate) fn within<T>(&mut self, steps: u64, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.circles.restart();
        self.applying.clear();
        self.depth = 0;
        self.ceiling = self.limit.min(self.steps.saturating_add(steps));
        let done = work(self);
        (!self.circles.restart()).then_some(done)
    }

    /// Works as long as patience lasts; `None` if it did not. It shrinks with each failure, since
    /// what cannot be told once is often asked again.
    pub(crate) fn patiently<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let done = self.within(self.patience, work);
        if done.is_none() {
            self.patience = (self.patience / 2).max(LEAST_PATIENCE);
        }
        done
    }
}
