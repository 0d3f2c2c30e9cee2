//! Bytes in, bytes out: unpacking, counting, and packing rows of any table.

use std::borrow::Cow;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use vedette_core::block::{AnyColumn, BlockWriter, Column as _, WrongValue};
use vedette_core::otlp::{self, Signal};
use vedette_core::pack::pack as pack_body;
use vedette_core::unpack::{UnpackError, is_plain, unpack as unpack_body};

use crate::errors::{Malformed, TooLarge};

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(json_depth, module)?)?;
    module.add_function(wrap_pyfunction!(pack, module)?)?;
    module.add_function(wrap_pyfunction!(unpack, module)?)?;
    module.add_function(wrap_pyfunction!(otlp_count, module)?)?;
    module.add_function(wrap_pyfunction!(otlp_from_json, module)?)?;
    module.add_function(wrap_pyfunction!(pack_block, module)?)
}

#[pyfunction]
fn json_depth(text: &[u8]) -> usize {
    vedette_core::depth::json_depth(text)
}

#[pyfunction]
fn pack<'py>(py: Python<'py>, body: &[u8], encoding: &str) -> PyResult<Bound<'py, PyBytes>> {
    let packed = py.detach(|| pack_body(body, encoding));
    Ok(PyBytes::new(py, &packed.map_err(refused)?))
}

#[pyfunction]
fn unpack<'py>(
    py: Python<'py>,
    body: &[u8],
    encoding: &str,
    byte_count_max: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let unpacked = py.detach(|| unpack_body(body, encoding, byte_count_max));
    Ok(PyBytes::new(py, &unpacked.map_err(refused)?))
}

#[pyfunction]
fn otlp_count(
    py: Python<'_>,
    body: &[u8],
    encoding: &str,
    signal: &str,
    byte_count_max: usize,
) -> PyResult<(u64, u64, usize)> {
    let signal = signal_of(signal)?;
    py.detach(|| {
        let body = if is_plain(encoding) && body.len() <= byte_count_max {
            Cow::Borrowed(body)
        } else {
            Cow::Owned(unpack_body(body, encoding, byte_count_max).map_err(refused)?)
        };
        let count = otlp::count(&body, signal).map_err(malformed)?;
        Ok((count.all, count.faulty, body.len()))
    })
}

#[pyfunction]
fn otlp_from_json<'py>(
    py: Python<'py>,
    body: &[u8],
    signal: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let signal = signal_of(signal)?;
    let message = py.detach(|| otlp::from_json(body, signal));
    Ok(PyBytes::new(py, &message.map_err(malformed)?))
}

fn signal_of(name: &str) -> PyResult<Signal> {
    Signal::of(name).ok_or_else(|| PyValueError::new_err(format!("no signal is called {name:?}")))
}

fn malformed(fault: impl std::fmt::Display) -> PyErr {
    Malformed::new_err(fault.to_string())
}

fn refused(error: UnpackError) -> PyErr {
    match error {
        UnpackError::TooLarge { .. } => TooLarge::new_err(error.to_string()),
        UnpackError::Malformed { .. } | UnpackError::UnknownEncoding => malformed(error),
    }
}

#[pyfunction]
fn pack_block<'py>(
    py: Python<'py>,
    columns: Vec<(String, String, Bound<'py, PyAny>)>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut packed = Vec::with_capacity(columns.len());
    for (name, engine_type, values) in columns {
        let column = pack_column(&name, &engine_type, &values)?;
        packed.push((name, engine_type, column));
    }
    let row_count = packed.first().map_or(0, |(_, _, column)| column.len());
    if let Some((name, _, column)) = packed
        .iter()
        .find(|(_, _, column)| column.len() != row_count)
    {
        let len = column.len();
        return Err(PyValueError::new_err(format!(
            "column {name} has {len} values where the first one has {row_count}"
        )));
    }
    let size: usize = packed
        .iter()
        .map(|(_, _, column)| column.byte_count() + 128)
        .sum();
    let mut writer = BlockWriter::new(packed.len(), row_count, size);
    for (name, engine_type, column) in &packed {
        writer.column(name, engine_type, column);
    }
    Ok(PyBytes::new(py, &writer.finish()))
}

fn pack_column(name: &str, engine_type: &str, values: &Bound<'_, PyAny>) -> PyResult<AnyColumn> {
    let mut column = AnyColumn::of(engine_type).ok_or_else(|| {
        PyTypeError::new_err(format!(
            "column {name}: the type {engine_type} is not supported"
        ))
    })?;
    for (row, value) in values.try_iter()?.enumerate() {
        let value = value?;
        push(&mut column, &value).map_err(|WrongValue(wanted)| {
            let found = value.get_type().to_string();
            PyTypeError::new_err(format!(
                "column {name}, row {row}: {engine_type} wants {wanted}, not a {found}"
            ))
        })?;
    }
    Ok(column)
}

fn push(column: &mut AnyColumn, value: &Bound<'_, PyAny>) -> Result<(), WrongValue> {
    match column {
        AnyColumn::Whole(column) => column.push(extract(value, "a whole number")?),
        AnyColumn::Float32(column) => {
            #[expect(clippy::cast_possible_truncation, reason = "the column is that narrow")]
            column.push(extract::<f64>(value, "a number")? as f32);
            Ok(())
        }
        AnyColumn::Float64(column) => {
            column.push(extract(value, "a number")?);
            Ok(())
        }
        AnyColumn::Boolean(column) => {
            column.push(extract(value, "true or false")?);
            Ok(())
        }
        AnyColumn::Word(column, words) => {
            const WANTED: &str = "one of its words";
            let word = words
                .get(extract::<&str>(value, WANTED)?)
                .ok_or(WrongValue(WANTED))?;
            column.push(*word);
            Ok(())
        }
        AnyColumn::Text(column) => {
            column.push(&text(value)?);
            Ok(())
        }
        AnyColumn::LowCardinality(column) => {
            column.push(&text(value)?);
            Ok(())
        }
        AnyColumn::Fixed(column) => column.push(extract(value, "bytes")?),
        AnyColumn::List(_, items) => {
            const WANTED: &str = "a list";
            if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
                return Err(WrongValue(WANTED));
            }
            for item in value.try_iter().map_err(|_| WrongValue(WANTED))? {
                push(items, &item.map_err(|_| WrongValue(WANTED))?)?;
            }
            column.end_row();
            Ok(())
        }
        AnyColumn::Map(_, keys, values) => {
            let pairs = value.cast::<PyDict>().map_err(|_| WrongValue("a dict"))?;
            for (key, value) in pairs {
                push(keys, &key)?;
                push(values, &value)?;
            }
            column.end_row();
            Ok(())
        }
    }
}

fn extract<'a, 'py, T: FromPyObject<'a, 'py>>(
    value: &'a Bound<'py, PyAny>,
    wanted: &'static str,
) -> Result<T, WrongValue> {
    value.extract().map_err(|_| WrongValue(wanted))
}

/// Returns a text, or bytes as text; what cannot be written in UTF-8 becomes U+FFFD.
fn text<'a>(value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, WrongValue> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_string_lossy());
    }
    let bytes: &[u8] = extract(value, "text")?;
    Ok(vedette_core::text::clean(bytes))
}
