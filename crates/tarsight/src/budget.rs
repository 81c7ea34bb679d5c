//! What is left of the limits while one package is read.

use std::fmt;

use crate::error::Error;
use crate::limits::{Limit, Limits};

/// The limits of one scan, and how much of each is taken.
///
/// Whoever takes something that is limited asks here first; [`Over`], the only other answer,
/// names the limit, and goes into the report or the error.
#[derive(Debug)]
pub(crate) struct Budget<'l> {
    limits: &'l Limits,
    taken: [u64; Limit::COUNT],
}

/// More was wanted than a limit leaves; written as `entries = 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    /// Which limit.
    pub(crate) limit: Limit,
    /// Its value.
    pub(crate) value: u64,
}

/// What one file may cost, by its size: no other file changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileBudget {
    /// Steps of its evaluation.
    pub(crate) steps: u64,
    /// Steps of running its code, if it may be unpacking itself.
    pub(crate) run: u64,
    /// Steps of running its code, to see when things happen.
    pub(crate) look: u64,
}

impl<'l> Budget<'l> {
    /// Nothing is taken yet.
    pub(crate) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            taken: [0; Limit::COUNT],
        }
    }

    /// The limits as they were set.
    pub(crate) fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// How much is left.
    pub(crate) fn left(&self, limit: Limit) -> u64 {
        let taken = self.taken.get(limit as usize).copied().unwrap_or(0);
        self.limits.of(limit).saturating_sub(taken)
    }

    /// Takes so much, or nothing.
    ///
    /// # Errors
    /// The limit, if less is left.
    pub(crate) fn take(&mut self, limit: Limit, amount: u64) -> Result<(), Over> {
        if amount > self.left(limit) {
            return Err(self.limits.over(limit));
        }
        if let Some(taken) = self.taken.get_mut(limit as usize) {
            *taken += amount;
        }
        Ok(())
    }

    /// Takes one for each of so many, as long as there is any left; gives how many got one.
    pub(crate) fn take_each(&mut self, limit: Limit, wanted: usize) -> usize {
        let left = usize::try_from(self.left(limit)).unwrap_or(usize::MAX);
        let given = wanted.min(left);
        // No more than is left.
        let _ = self.take(limit, given as u64);
        given
    }

    /// The most bytes that so many compressed ones may become, and the limit that says so.
    pub(crate) fn inflated(&self, compressed: usize) -> (usize, Over) {
        let by_ratio = self.limits.ratio.saturating_mul(compressed as u64);
        let left = self.left(Limit::UnpackedBytes);
        let (most, limit) = match by_ratio < left {
            true => (by_ratio, Limit::Ratio),
            false => (left, Limit::UnpackedBytes),
        };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        (most, self.limits.over(limit))
    }
}

impl Limits {
    /// What is told of something that is over a limit.
    pub(crate) fn over(&self, limit: Limit) -> Over {
        let value = self.of(limit);
        Over { limit, value }
    }

    /// Whether so much is allowed at once: for what is limited each time and not as a sum.
    ///
    /// # Errors
    /// The limit, if it is not.
    pub(crate) fn admit(&self, limit: Limit, amount: u64) -> Result<(), Over> {
        match amount <= self.of(limit) {
            true => Ok(()),
            false => Err(self.over(limit)),
        }
    }

    /// How many elements a list may have.
    pub(crate) fn most(&self, limit: Limit) -> usize {
        usize::try_from(self.of(limit)).unwrap_or(usize::MAX)
    }

    /// What a file of so many bytes may cost.
    pub(crate) fn of_file(&self, bytes: u64) -> FileBudget {
        /// Steps of a run besides its limit, for each byte of the file, as long as it has fewer
        /// than these in all.
        const PER_BYTE: u64 = 300;
        const ENOUGH: u64 = 3_000_000;
        /// Steps of a run that only looks for order and place, besides one for eight bytes.
        const LOOK: u64 = 20_000;
        let run = self
            .run_steps
            .saturating_add(PER_BYTE.saturating_mul(bytes));
        FileBudget {
            steps: self.file_steps.saturating_add(bytes / 32),
            run: run.min(ENOUGH.max(self.run_steps)),
            look: self.run_steps.min(LOOK + bytes / 8),
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.limit.name(), self.value)
    }
}

impl From<Over> for Error {
    fn from(over: Over) -> Self {
        Self::OverLimit {
            limit: over.limit.name(),
            value: over.value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_given_and_no_more() {
        let limits = Limits {
            entries: 3,
            layers: 5,
            ..Limits::default()
        };
        let mut budget = Budget::new(&limits);
        assert_eq!(budget.take(Limit::Entries, 2), Ok(()));
        let over = budget.take(Limit::Entries, 2).unwrap_err();
        assert_eq!(over.to_string(), "entries = 3");
        assert_eq!(budget.left(Limit::Entries), 1, "what fails takes nothing");
        assert_eq!(budget.take(Limit::Entries, 1), Ok(()));
        assert_eq!(budget.take_each(Limit::Layers, 4), 4);
        assert_eq!(budget.take_each(Limit::Layers, 4), 1);
        assert_eq!(budget.take_each(Limit::Layers, 4), 0);
    }

    #[test]
    fn what_is_not_a_sum_is_admitted_each_time() {
        let limits = Limits::default();
        for _ in 0..3 {
            assert!(limits.admit(Limit::ParseBytes, limits.parse_bytes).is_ok());
        }
        let over = limits.admit(Limit::ParseBytes, limits.parse_bytes + 1);
        assert_eq!(over.map_err(|over| over.limit), Err(Limit::ParseBytes));
    }

    #[test]
    fn the_smaller_of_size_and_ratio_holds() {
        let limits = Limits {
            unpacked_bytes: 1_000,
            ratio: 10,
            ..Limits::default()
        };
        let mut budget = Budget::new(&limits);
        assert_eq!(budget.inflated(50), (500, limits.over(Limit::Ratio)));
        assert_eq!(
            budget.inflated(200),
            (1_000, limits.over(Limit::UnpackedBytes))
        );
        assert_eq!(budget.take(Limit::UnpackedBytes, 900), Ok(()));
        assert_eq!(
            budget.inflated(50),
            (100, limits.over(Limit::UnpackedBytes))
        );
    }

    #[test]
    fn a_set_limit_of_running_holds_above_the_usual_most() {
        let mut limits = Limits::default();
        assert_eq!(limits.of_file(1 << 20).run, 3_000_000);
        limits.run_steps = 9_000_000;
        assert_eq!(limits.of_file(1 << 20).run, 9_000_000);
        limits.run_steps = 0;
        assert_eq!(limits.of_file(10).run, 3_000);
        assert_eq!(limits.of_file(10).look, 0);
    }
}
