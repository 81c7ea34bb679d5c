//! tarsight for Python: the module `tarsight._native`, which `python/tarsight` presents.
//!
//! Nothing is decided here: arguments become Rust values, the engine does the work without the
//! interpreter's lock, and what it says becomes Python values.

mod engine;
mod error;
mod given;
mod report;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::engine::Cancel;
    #[pymodule_export]
    use crate::engine::PyEngine;
    #[pymodule_export]
    use crate::report::PyDiff;
    #[pymodule_export]
    use crate::report::PyReport;

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        use pyo3::types::PyModuleMethods as _;
        let error = module.py().get_type::<crate::error::TarsightError>();
        module.add("TarsightError", error)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
