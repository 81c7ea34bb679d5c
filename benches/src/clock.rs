//! A clock that other programs disturb little.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time that all threads of this process spent on a processor. Only differences mean something.
#[must_use]
pub fn spent_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time() {
        let start = spent_time();
        let mut sum = 0u64;
        while spent_time() == start {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(spent_time() > start);
    }
}
