//! Helpers of the benches: the floor and the set of packages.
#![forbid(unsafe_code)]

mod clock;
mod floor;
mod set;

pub use clock::spent_time;
pub use floor::{Counts, Floor};
pub use set::{Package, packages};

/// The stack that a bench runs on: parsing recurses over its input.
pub const STACK: usize = 512 << 20;

/// The middle one of the times; the mean of the two middle ones if there are two.
#[must_use]
pub fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(0.0);
    match sorted.len() {
        0 => 0.0,
        len if len % 2 == 1 => at(len / 2),
        len => f64::midpoint(at(len / 2 - 1), at(len / 2)),
    }
}

/// Runs `work` on a thread whose stack no file of the set exhausts.
///
/// # Panics
/// If the thread cannot be started, or `work` panics.
pub fn on_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .unwrap_or_else(|e| panic!("could not start a thread: {e}"))
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }
}
