//! Why a call gives no document.

use std::io;
use std::path::{Path, PathBuf};

use tarsight::UnknownLimit;
use tarsight::report::ErrorReport;

/// Why a call gives no document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine cannot make anything of the input.
    #[error(transparent)]
    Engine(#[from] tarsight::Error),
    /// There is nothing at that path.
    #[error("there is no file or folder {}", .0.display())]
    NotFound(PathBuf),
    /// The system does not let us read it.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// What cannot be read.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// An option has a name or a value that does not exist.
    #[error("{0}")]
    Option(String),
    /// The host left the call before it ended.
    #[error("the call was cancelled")]
    Cancelled,
    /// A bug of ours was caught.
    #[error("tarsight failed on this input; please report it")]
    Bug,
}

impl Error {
    /// Every code that [`Error::code`] gives besides those of [`tarsight::Error::code`].
    pub const CODES: [&'static str; 5] = [
        "not-found",
        "unreadable",
        "invalid-option",
        "cancelled",
        "internal-error",
    ];

    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::NotFound(_) => "not-found",
            Self::Unreadable { .. } => "unreadable",
            Self::Option(_) => "invalid-option",
            Self::Cancelled => "cancelled",
            Self::Bug => "internal-error",
        }
    }

    /// The error of a path that the system does not let us read.
    #[must_use]
    pub fn unreadable(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound(path.to_owned()),
            _ => Self::Unreadable {
                path: path.to_owned(),
                error,
            },
        }
    }

    /// The document that says so.
    #[must_use]
    pub fn report(&self, path: &str) -> ErrorReport {
        ErrorReport::new(Some(path), self.code(), &self.to_string())
    }
}

impl From<UnknownLimit> for Error {
    fn from(unknown: UnknownLimit) -> Self {
        Self::Option(unknown.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_own_code_is_listed() {
        let own = [
            Error::NotFound(PathBuf::new()),
            Error::unreadable(Path::new("x"), io::ErrorKind::PermissionDenied.into()),
            Error::Option(String::new()),
            Error::Cancelled,
            Error::Bug,
        ];
        assert_eq!(own.map(|error| error.code()), Error::CODES);
    }

    #[test]
    fn an_unknown_limit_is_an_option_that_names_the_known_ones() {
        let unknown = tarsight::Limits::default().set("speed", 1).unwrap_err();
        let error = Error::from(unknown);
        assert_eq!(error.code(), "invalid-option");
        assert!(error.to_string().contains("parse-bytes"), "{error}");
    }
}
