//! The Python skin: convert, let go of the lock, call, map the error. Nothing more.

mod bytes;
mod decode;
mod errors;
mod grpc;
mod journal;
mod maps;
mod scrub;
mod sentry;
mod trace;

use pyo3::prelude::*;

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    errors::register(module)?;
    bytes::register(module)?;
    decode::register(module)?;
    grpc::register(module)?;
    maps::register(module)?;
    journal::register(module)?;
    scrub::register(module)?;
    trace::register(module)
}
