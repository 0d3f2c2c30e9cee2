//! The exceptions of the extension.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    _native,
    NativeError,
    PyException,
    "Something the extension refuses."
);
create_exception!(
    _native,
    TooLarge,
    NativeError,
    "More bytes than the caller allows."
);
create_exception!(
    _native,
    Malformed,
    NativeError,
    "Bytes that are not what they should be."
);
create_exception!(
    _native,
    JournalRefused,
    NativeError,
    "A record the journal did not take: one word (full, busy, closed, failed), and a sentence."
);

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("NativeError", py.get_type::<NativeError>())?;
    module.add("TooLarge", py.get_type::<TooLarge>())?;
    module.add("Malformed", py.get_type::<Malformed>())?;
    module.add("JournalRefused", py.get_type::<JournalRefused>())
}
