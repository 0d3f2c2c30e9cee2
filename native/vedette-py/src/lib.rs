//! The Python skin: convert, let go of the lock, call, map the error. Nothing more.

use pyo3::prelude::*;

#[pymodule]
fn _native(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
