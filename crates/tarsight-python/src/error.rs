//! The one exception, with its code.

use pyo3::prelude::*;
use tarsight_host::Error;

pyo3::create_exception!(
    tarsight,
    TarsightError,
    pyo3::exceptions::PyException,
    "Why there is no report. `code` is a stable word for programs: `not-an-archive`, …"
);

/// The exception of an error.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let raised = TarsightError::new_err(error.to_string());
    match raised.value(py).setattr("code", error.code()) {
        Ok(()) => raised,
        Err(other) => other,
    }
}
