//! Batches of bodies to blocks, with the lock released.

use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyBytes;
use vedette_core::otlp::{self, Body, Signal};
use vedette_core::rows::{TimeWindow, UnknownColumn};

use crate::scrub::{PyProjectRules, rules_by_project};

/// How many decoders are kept with their room: as many as digest at the same time.
const SPARE_COUNT_MAX: usize = 4;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Decoded>()?;
    module.add_class::<Decoder>()
}

/// Blocks and the account of a batch.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct Decoded {
    #[pyo3(get)]
    blocks: Vec<(&'static str, Py<PyBytes>, usize)>,
    #[pyo3(get)]
    counts: Vec<CountRow>,
}

/// Which item of the batch, category, fate, reason, quantity.
type CountRow = (usize, &'static str, &'static str, &'static str, u64);

impl Decoded {
    pub(crate) fn of(py: Python<'_>, batch: &otlp::Decoded) -> Self {
        let blocks = batch.blocks.iter().map(|block| {
            let bytes = PyBytes::new(py, &block.bytes).unbind();
            (block.table, bytes, block.rows)
        });
        let counts = batch.counts.iter().map(|count| {
            (
                count.source,
                count.category,
                count.fate.word(),
                count.reason,
                count.quantity,
            )
        });
        Self {
            blocks: blocks.collect(),
            counts: counts.collect(),
        }
    }
}

/// What a decoder must know, for the readers of every protocol.
struct Plan {
    spans: Vec<(String, Vec<String>)>,
    logs: Vec<(String, Vec<String>)>,
    metrics: Vec<(String, Vec<String>)>,
    window: TimeWindow,
}

/// Reads batches of bodies. May be used by several threads.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct Decoder {
    plan: Plan,
    spare: Mutex<Vec<otlp::Decoder>>,
}

type PyBody = (u32, i64, PyBackedStr, PyBackedBytes);
type Columns = std::collections::BTreeMap<String, Vec<String>>;

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
impl Decoder {
    #[new]
    fn new(
        span_columns: Columns,
        log_columns: Columns,
        metric_columns: Columns,
        past_ns_max: i64,
        future_ns_max: i64,
    ) -> PyResult<Self> {
        let plan = Plan {
            spans: span_columns.into_iter().collect(),
            logs: log_columns.into_iter().collect(),
            metrics: metric_columns.into_iter().collect(),
            window: TimeWindow {
                past_ns_max,
                future_ns_max,
            },
        };
        // A first one, so that a wrong plan is refused here and not at the first batch.
        let first = plan.decoder().map_err(|error| unknown_column(&error))?;
        Ok(Self {
            plan,
            spare: Mutex::new(vec![first]),
        })
    }

    fn otlp_traces(
        &self,
        py: Python<'_>,
        bodies: Vec<PyBody>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.otlp(py, Signal::Traces, &bodies, &rules)
    }

    fn otlp_logs(
        &self,
        py: Python<'_>,
        bodies: Vec<PyBody>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.otlp(py, Signal::Logs, &bodies, &rules)
    }

    fn otlp_metrics(
        &self,
        py: Python<'_>,
        bodies: Vec<PyBody>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.otlp(py, Signal::Metrics, &bodies, &rules)
    }
}

impl Decoder {
    fn otlp(
        &self,
        py: Python<'_>,
        signal: Signal,
        bodies: &[PyBody],
        rules: &[PyProjectRules],
    ) -> PyResult<Decoded> {
        let rules = rules_by_project(rules);
        let batch = self.with_room(py, |decoder| {
            decoder.set_rules(rules);
            let bodies: Vec<_> = bodies.iter().map(body).collect();
            decoder.decode(signal, &bodies)
        })?;
        Ok(Decoded::of(py, &batch))
    }

    /// Lets go of the lock and reads with a decoder whose room was used before.
    pub(crate) fn with_room<T: Send>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&mut otlp::Decoder) -> T + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            let mut decoder = match self.take_spare() {
                Some(decoder) => decoder,
                None => self.plan.decoder()?,
            };
            let result = read(&mut decoder);
            self.put_back(decoder);
            Ok(result)
        })
        .map_err(|error: UnknownColumn| unknown_column(&error))
    }

    fn take_spare(&self) -> Option<otlp::Decoder> {
        self.spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn put_back(&self, decoder: otlp::Decoder) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE_COUNT_MAX {
            spare.push(decoder);
        }
    }
}

impl Plan {
    fn decoder(&self) -> Result<otlp::Decoder, UnknownColumn> {
        otlp::Decoder::new(&self.spans, &self.logs, &self.metrics, self.window)
    }
}

fn body((project_id, received_ns, encoding, bytes): &PyBody) -> Body<'_> {
    Body {
        project_id: *project_id,
        received_ns: *received_ns,
        encoding,
        bytes,
    }
}

fn unknown_column(error: &UnknownColumn) -> PyErr {
    PyValueError::new_err(error.to_string())
}
