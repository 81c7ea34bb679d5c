//! Packages from the command line.

use std::io;
use std::path::Path;

use tarsight::Limits;
use tarsight_host::{Error, Source, read_limited};

/// What an argument names: a path, or standard input if it is `-`.
pub(crate) fn source(path: &Path, limits: &Limits) -> Result<Source, Error> {
    if path.as_os_str() != "-" {
        return Ok(Source::Path(path.to_owned()));
    }
    read_limited(io::stdin().lock(), limits.compressed_bytes)
        .map(Source::Bytes)
        .map_err(|error| Error::unreadable(path, error))
}
