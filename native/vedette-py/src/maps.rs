//! Source maps for Python, with the lock released.

use std::collections::HashMap;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use vedette_maps::{Place, Scope};

use crate::errors::Malformed;

/// The parser of minified files recurses. Only what is used of this is ever taken.
const STACK_BYTES: usize = 512 * 1024 * 1024;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MapCache>()?;
    module.add_function(wrap_pyfunction!(build_map_cache, module)?)?;
    module.add_function(wrap_pyfunction!(sources_without_content, module)?)
}

#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
fn build_map_cache(
    py: Python<'_>,
    source: PyBackedBytes,
    source_map: PyBackedBytes,
    contents: HashMap<String, Vec<u8>>,
) -> PyResult<Bound<'_, PyBytes>> {
    let built = py.detach(|| {
        let build = || vedette_maps::build(&source, &source_map, &contents);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            let running = thread.spawn_scoped(scope, build)?;
            running
                .join()
                .map_err(|_| std::io::Error::other("the parser gave up"))
        })
    });
    let bytes = built
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?
        .map_err(malformed)?;
    Ok(PyBytes::new(py, &bytes))
}

#[pyfunction]
fn sources_without_content(py: Python<'_>, source_map: &[u8]) -> PyResult<Vec<String>> {
    py.detach(|| vedette_maps::sources_without_content(source_map))
        .map_err(malformed)
}

/// An opened cache.
#[pyclass(frozen, module = "vedette._native")]
struct MapCache {
    cache: vedette_maps::MapCache,
}

/// The text, the lines before it and after it.
type PyLines = (Option<String>, Vec<String>, Vec<String>);

/// File, line, column, scope, token, lines, whether it is ignored.
type PyPlace = (
    Option<String>,
    u32,
    u32,
    Option<String>,
    Option<String>,
    PyLines,
    bool,
);

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
impl MapCache {
    #[new]
    fn new(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let cache = py
            .detach(|| vedette_maps::MapCache::open(data))
            .map_err(malformed)?;
        Ok(Self { cache })
    }

    #[getter]
    fn byte_count(&self) -> usize {
        self.cache.byte_count()
    }

    fn look_up(&self, py: Python<'_>, places: Vec<(u32, u32)>) -> PyResult<Vec<Option<PyPlace>>> {
        let found = py
            .detach(|| self.cache.look_up(&places))
            .map_err(malformed)?;
        Ok(found.into_iter().map(|place| place.map(tuple)).collect())
    }
}

fn tuple(place: Place) -> PyPlace {
    let scope = match place.scope {
        Scope::Unknown => None,
        Scope::Anonymous => Some(String::new()),
        Scope::Named(name) => Some(name),
    };
    (
        place.file,
        place.line,
        place.column,
        scope,
        place.token,
        (place.text, place.before, place.after),
        place.is_ignored,
    )
}

fn malformed(error: vedette_maps::Malformed) -> PyErr {
    Malformed::new_err(error.0)
}
