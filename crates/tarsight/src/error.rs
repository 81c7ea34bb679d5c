//! Why no report is possible.

/// Why no report is possible. Anything less is in the report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input has no byte.
    #[error("the input is empty; give an npm tarball (.tgz or .tar)")]
    Empty,
    /// Neither gzip nor tar.
    #[error("not an npm archive: {detail}")]
    NotAnArchive {
        /// What was found instead.
        detail: String,
    },
    /// A compression that npm would read and tarsight does not.
    #[error("{format} archives are not read; repack the package as gzip or plain tar")]
    UnsupportedCompression {
        /// Its name.
        format: &'static str,
    },
    /// The compressed bytes are damaged before the first entry ends.
    #[error("the archive is damaged: {detail}")]
    Damaged {
        /// What is wrong, and where.
        detail: String,
    },
    /// A limit was reached before package.json could be read.
    #[error("the archive is over the limit {limit} = {value}; raise it to scan this archive")]
    OverLimit {
        /// Kebab-case name of the limit.
        limit: &'static str,
        /// Its value.
        value: u64,
    },
    /// The bytes are no saved report that this engine reads.
    #[error("not a report that this engine reads: {detail}; save one with --format json")]
    NotAReport {
        /// What is missing or wrong.
        detail: String,
    },
    /// A bug of ours, caught where no report is possible without what failed.
    #[error("tarsight failed on this input: {detail}; please report it")]
    Internal {
        /// The message of the panic.
        detail: String,
    },
    /// The worker threads could not be started.
    #[error("could not start worker threads: {detail}")]
    Threads {
        /// What the system said.
        detail: String,
    },
}

impl Error {
    /// A stable code for programs.
    ///
    /// ```
    /// let error = tarsight::Engine::new().scan(b"").unwrap_err();
    /// assert_eq!(error.code(), "empty");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAnArchive { .. } => "not-an-archive",
            Self::UnsupportedCompression { .. } => "unsupported-compression",
            Self::Damaged { .. } => "damaged-archive",
            Self::OverLimit { .. } => "over-limit",
            Self::NotAReport { .. } => "not-a-report",
            Self::Internal { .. } => "internal-error",
            Self::Threads { .. } => "threads",
        }
    }
}
