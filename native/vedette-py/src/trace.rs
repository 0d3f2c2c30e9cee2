//! Whole traces, put together with the lock released.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use vedette_core::text::clean;
use vedette_trace::Trace;
use vedette_trace::groups::{Group, groups};
use vedette_trace::write::{write_columns, write_gaps};

use crate::errors::Malformed;

type Columns<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>);
type GroupRow = (String, String, String, u64, u64, i64, i64, i64);

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(trace_columns, module)?)?;
    module.add_function(wrap_pyfunction!(trace_groups, module)?)
}

#[pyfunction]
fn trace_columns<'py>(
    py: Python<'py>,
    rows: &[u8],
) -> PyResult<((usize, i64, i64, usize), Columns<'py>)> {
    let (facts, columns, gaps) = py.detach(|| {
        let trace = Trace::read(rows).map_err(|fault| Malformed::new_err(fault.to_string()))?;
        let facts = (
            trace.spans.len(),
            trace.start_ns(),
            trace.end_ns(),
            trace.gap_count,
        );
        Ok::<_, PyErr>((facts, write_columns(&trace), write_gaps(&trace)))
    })?;
    Ok((facts, (PyBytes::new(py, &columns), PyBytes::new(py, &gaps))))
}

#[pyfunction]
fn trace_groups(py: Python<'_>, rows: &[u8]) -> PyResult<((usize, i64, i64), Vec<GroupRow>)> {
    py.detach(|| {
        let trace = Trace::read(rows).map_err(|fault| Malformed::new_err(fault.to_string()))?;
        let found = groups(&trace).iter().map(row).collect();
        Ok(((trace.spans.len(), trace.start_ns(), trace.end_ns()), found))
    })
}

fn row(group: &Group) -> GroupRow {
    let text = |bytes: &[u8]| clean(bytes).into_owned();
    (
        text(&group.service),
        text(&group.op),
        text(&group.name),
        group.count,
        group.error_count,
        group.total_ns,
        group.self_ns,
        group.critical_ns,
    )
}
