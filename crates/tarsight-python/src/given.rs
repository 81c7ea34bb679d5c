//! What Python gives: packages and limits.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyMapping, PyString};
use tarsight::Limits;
use tarsight_host::{Side, Source};

use crate::error::raised;
use crate::report::PyReport;

/// Bytes, or where they are. `bytes` are not copied; what may change meanwhile is.
pub(crate) fn source(given: &Bound<'_, PyAny>) -> PyResult<Source<PyBackedBytes>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(Source::Bytes(bytes.clone().into()));
    }
    if given.is_instance_of::<PyString>() || given.hasattr("__fspath__")? {
        return Ok(Source::Path(given.extract::<PathBuf>()?));
    }
    let py = given.py();
    let view = py
        .import("builtins")?
        .getattr("memoryview")?
        .call1((given,));
    let Ok(view) = view else {
        return Err(PyTypeError::new_err(format!(
            "a package is bytes or a path, not {}",
            given.get_type().name()?
        )));
    };
    let copy = view.call_method0("tobytes")?.cast_into::<PyBytes>()?;
    Ok(Source::Bytes(copy.into()))
}

/// One side of a comparison: a package or a report.
pub(crate) fn side(given: &Bound<'_, PyAny>) -> PyResult<Side<PyBackedBytes>> {
    match given.cast::<PyReport>() {
        Ok(report) => Ok(Side::Report(Arc::clone(&report.get().report))),
        Err(_) => source(given).map(Side::Source),
    }
}

/// Limits by name; none given is `None`.
pub(crate) fn limits(given: Option<&Bound<'_, PyMapping>>) -> PyResult<Option<Limits>> {
    let Some(given) = given else {
        return Ok(None);
    };
    let mut changed = Vec::new();
    for item in given.items()? {
        let (name, value): (String, Bound<'_, PyAny>) = item.extract()?;
        changed.push((name, value.extract::<u64>().ok()));
    }
    tarsight_host::limits(changed)
        .map(Some)
        .map_err(|error| raised(given.py(), &error))
}

/// When a call ends that has so many seconds.
pub(crate) fn deadline(seconds: Option<f64>) -> PyResult<Option<Instant>> {
    let Some(seconds) = seconds else {
        return Ok(None);
    };
    if seconds.is_nan() || seconds < 0.0 {
        let wrong = "time_limit has to be seconds, 0 or more";
        return Err(PyValueError::new_err(wrong));
    }
    // More than the clock can tell is no limit.
    let limit = Duration::try_from_secs_f64(seconds).ok();
    Ok(limit.and_then(tarsight_host::deadline))
}
