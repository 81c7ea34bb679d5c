//! What the engine says, as Python values.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};
use tarsight::{Diff, Report};
use tarsight_host::Source;

use crate::error::raised;
use crate::given;

/// JSON that is made when it is asked for, and kept.
struct Json {
    text: PyOnceLock<Py<PyString>>,
    /// What properties show; nobody gets the dictionary itself.
    dict: PyOnceLock<Py<PyDict>>,
}

impl Json {
    const fn new() -> Self {
        Self {
            text: PyOnceLock::new(),
            dict: PyOnceLock::new(),
        }
    }

    fn text<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> String + Send,
    ) -> &Bound<'py, PyString> {
        let text = self.text.get_or_init(py, || {
            let text = py.detach(make);
            PyString::new(py, &text).unbind()
        });
        text.bind(py)
    }
}

fn parsed<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyDict>> {
    let loads = text.py().import("json")?.getattr("loads")?;
    Ok(loads.call1((text,))?.cast_into::<PyDict>()?)
}

/// What a package does.
#[pyclass(frozen, name = "Report", module = "tarsight")]
pub(crate) struct PyReport {
    pub(crate) report: Arc<Report>,
    json: Json,
}

impl PyReport {
    pub(crate) fn new(report: Report) -> Self {
        Self {
            report: Arc::new(report),
            json: Json::new(),
        }
    }

    fn text<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.json.text(py, || self.report.to_json())
    }

    /// A list of the report, parsed once.
    fn list<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let make = || parsed(self.text(py)).map(Bound::unbind);
        let dict = self.json.dict.get_or_try_init(py, make)?;
        dict.bind(py).as_any().get_item(key)
    }
}

#[pymethods]
impl PyReport {
    #[staticmethod]
    fn from_json(py: Python<'_>, json: &Bound<'_, PyAny>) -> PyResult<Self> {
        let bytes: Source<PyBackedBytes> = match json.cast::<PyString>() {
            Ok(text) => given::source(text.call_method0("encode")?.as_any())?,
            Err(_) => given::source(json)?,
        };
        let Source::Bytes(bytes) = bytes else {
            return Err(pyo3::exceptions::PyTypeError::new_err(
                "a saved report is text or bytes",
            ));
        };
        let report = py.detach(|| Report::from_json(&bytes));
        match report {
            Ok(report) => Ok(Self::new(report)),
            Err(error) => Err(raised(py, &error.into())),
        }
    }

    fn to_json<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        self.text(py).clone()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        parsed(self.text(py))
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.report.subject.name.as_deref()
    }

    #[getter]
    fn version(&self) -> Option<&str> {
        self.report.subject.version.as_deref()
    }

    #[getter]
    fn risk_level(&self) -> &'static str {
        self.report.risk.level.as_str()
    }

    #[getter]
    fn risk_score(&self) -> u8 {
        self.report.risk.score
    }

    #[getter]
    fn complete(&self) -> bool {
        self.report.coverage.complete
    }

    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.list(py, "findings")
    }

    #[getter]
    fn behaviours<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.list(py, "behaviours")
    }

    fn __repr__(&self) -> String {
        let subject = &self.report.subject;
        format!(
            "<tarsight.Report {}@{}: {}>",
            subject.name.as_deref().unwrap_or("?"),
            subject.version.as_deref().unwrap_or("?"),
            self.risk_level()
        )
    }
}

/// What one version does that the version before it did not.
#[pyclass(frozen, name = "Diff", module = "tarsight")]
pub(crate) struct PyDiff {
    diff: Diff,
    json: Json,
}

impl PyDiff {
    pub(crate) fn new(diff: Diff) -> Self {
        Self {
            diff,
            json: Json::new(),
        }
    }

    fn text<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.json.text(py, || self.diff.to_json())
    }
}

#[pymethods]
impl PyDiff {
    fn to_json<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        self.text(py).clone()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        parsed(self.text(py))
    }

    #[getter]
    fn risk_level(&self) -> &'static str {
        self.diff.risk.level.as_str()
    }

    #[getter]
    fn risk_score(&self) -> u8 {
        self.diff.risk.score
    }

    #[getter]
    fn complete(&self) -> bool {
        self.diff.coverage.complete
    }

    fn __repr__(&self) -> String {
        let version = |subject: &tarsight::report::Subject| {
            subject.version.clone().unwrap_or_else(|| "?".to_owned())
        };
        format!(
            "<tarsight.Diff {} -> {}: {}>",
            version(&self.diff.old),
            version(&self.diff.new),
            self.risk_level()
        )
    }
}
