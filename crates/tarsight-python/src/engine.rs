//! Engines, and what they make.

use std::mem;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyMapping;
use tarsight::{Engine, Limits, ScanOptions};
use tarsight_host::{Error, leavable};

use crate::error::raised;
use crate::given;
use crate::report::{PyDiff, PyReport};

/// Ends calls from another thread.
#[pyclass(frozen, module = "tarsight")]
#[derive(Default)]
pub(crate) struct Cancel(Arc<AtomicBool>);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Ends every call that was given this, now and from now on.
    fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether `cancel` was called.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Reads packages.
#[pyclass(frozen, name = "Engine", module = "tarsight")]
pub(crate) struct PyEngine {
    limits: Limits,
    jobs: usize,
    current: Mutex<Current>,
}

/// The engine of a process: a child of `fork` has none of its parent's threads.
struct Current {
    process: u32,
    engine: Engine,
}

#[pymethods]
impl PyEngine {
    #[new]
    #[pyo3(signature = (*, limits = None, jobs = 0))]
    fn new(py: Python<'_>, limits: Option<&Bound<'_, PyMapping>>, jobs: u16) -> PyResult<Self> {
        let limits = given::limits(limits)?.unwrap_or_default();
        let jobs = usize::from(jobs);
        let engine = build(&limits, jobs).map_err(|error| raised(py, &error))?;
        let process = process::id();
        Ok(Self {
            limits,
            jobs,
            current: Mutex::new(Current { process, engine }),
        })
    }

    #[pyo3(signature = (source, *, label = None, limits = None, time_limit = None, cancel = None))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn scan(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        label: Option<String>,
        limits: Option<&Bound<'_, PyMapping>>,
        time_limit: Option<f64>,
        cancel: Option<&Bound<'_, Cancel>>,
    ) -> PyResult<PyReport> {
        let source = given::source(source)?;
        let options = options(label, limits, time_limit)?;
        let report = self.call(py, options, cancel, move |engine, options| {
            tarsight_host::scan(engine, &source, options)
        })?;
        Ok(PyReport::new(report))
    }

    #[pyo3(signature = (old, new, *, limits = None, time_limit = None, cancel = None))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn diff(
        &self,
        py: Python<'_>,
        old: &Bound<'_, PyAny>,
        new: &Bound<'_, PyAny>,
        limits: Option<&Bound<'_, PyMapping>>,
        time_limit: Option<f64>,
        cancel: Option<&Bound<'_, Cancel>>,
    ) -> PyResult<PyDiff> {
        let (old, new) = (given::side(old)?, given::side(new)?);
        let options = options(None, limits, time_limit)?;
        let diff = self.call(py, options, cancel, move |engine, options| {
            tarsight_host::diff(engine, &old, &new, options)
        })?;
        Ok(PyDiff::new(diff))
    }
}

impl PyEngine {
    /// Works without the interpreter's lock. Signals, as that of Ctrl-C, are looked for meanwhile.
    fn call<T: Send + 'static>(
        &self,
        py: Python<'_>,
        mut options: ScanOptions,
        cancel: Option<&Bound<'_, Cancel>>,
        work: impl FnOnce(&Engine, &ScanOptions) -> Result<T, Error> + Send + 'static,
    ) -> PyResult<T> {
        let cancel = cancel.map(|cancel| Arc::clone(&cancel.get().0));
        let mut signal = None;
        let outcome = py.detach(|| {
            let engine = self.engine()?;
            let leave = || {
                let signalled = Python::attach(|py| py.check_signals()).err();
                let cancelled = cancel
                    .as_ref()
                    .is_some_and(|flag| flag.load(Ordering::Relaxed));
                let leaves = cancelled || signalled.is_some();
                signal = signalled;
                leaves
            };
            leavable(leave, move |left| {
                options.cancel = Some(left);
                work(&engine, &options)
            })
        });
        match signal {
            Some(signal) => Err(signal),
            None => outcome.map_err(|error| raised(py, &error)),
        }
    }

    fn engine(&self) -> Result<Engine, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.process != process::id() {
            let engine = build(&self.limits, self.jobs)?;
            // To drop it would be to wait for threads that are not there.
            mem::forget(mem::replace(&mut current.engine, engine));
            current.process = process::id();
        }
        Ok(current.engine.clone())
    }
}

fn build(limits: &Limits, jobs: usize) -> Result<Engine, Error> {
    let builder = Engine::builder().limits(limits.clone());
    Ok(builder.jobs(jobs).build()?)
}

fn options(
    label: Option<String>,
    limits: Option<&Bound<'_, PyMapping>>,
    time_limit: Option<f64>,
) -> PyResult<ScanOptions> {
    let mut options = ScanOptions::default();
    options.label = label;
    options.limits = given::limits(limits)?;
    options.deadline = given::deadline(time_limit)?;
    Ok(options)
}
