//! How a run ended.

use std::process::ExitCode;

/// How a run ended; the later one wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Done, nothing at or above `--fail-on`.
    #[default]
    Done,
    /// Done, something at or above `--fail-on`.
    Failed,
    /// An input could not be read or is no archive, or wrong usage.
    Error,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::Failed => Self::from(1),
            Status::Error => Self::from(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_wins_over_a_finding() {
        assert_eq!(Status::Failed.max(Status::Error), Status::Error);
        assert_eq!(Status::Done.max(Status::Failed), Status::Failed);
    }
}
