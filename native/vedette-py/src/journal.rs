//! The journal for Python: tickets and a file descriptor instead of callbacks.

use std::os::fd::{AsRawFd, RawFd};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use vedette_journal::{Limits, Refusal, Waiter};

use crate::errors::JournalRefused;

/// Long enough that a steady trickle does not begin a segment for each record.
const RETIRE_AFTER: Duration = Duration::from_secs(10);

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Journal>()
}

#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct Journal {
    pub(crate) inner: Arc<vedette_journal::Journal>,
    tickets: AtomicU64,
}

type Finished = (u64, u64, Option<(&'static str, String)>);
type ReadRecord<'py> = (u64, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

#[pymethods]
impl Journal {
    #[new]
    fn new(
        py: Python<'_>,
        folder: &str,
        bytes_max: u64,
        waiting_bytes_max: u64,
        disk_free_bytes_min: u64,
        segment_bytes: u64,
    ) -> PyResult<Self> {
        let limits = Limits {
            bytes_max,
            waiting_bytes_max,
            disk_free_bytes_min,
            segment_bytes,
            retire_after: RETIRE_AFTER,
        };
        let inner = py.detach(|| vedette_journal::Journal::open(Path::new(folder), limits))?;
        Ok(Self {
            inner: Arc::new(inner),
            tickets: AtomicU64::new(1),
        })
    }

    #[getter]
    fn journal_id(&self) -> String {
        self.inner.journal_id()
    }

    #[getter]
    fn event_fd(&self) -> RawFd {
        self.inner.completions().descriptor().as_raw_fd()
    }

    fn append(&self, meta: &[u8], body: &[u8], received_ns: u64) -> PyResult<u64> {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        self.inner
            .append(
                meta.to_vec(),
                body.to_vec(),
                received_ns,
                Waiter::Ticket(ticket),
            )
            .map_err(|refusal| JournalRefused::new_err((refusal.kind(), refusal.to_string())))?;
        Ok(ticket)
    }

    fn completions(&self) -> Vec<Finished> {
        let finished = self.inner.completions().take();
        finished
            .into_iter()
            .map(|(ticket, outcome)| describe(ticket, outcome))
            .collect()
    }

    fn read<'py>(
        &self,
        py: Python<'py>,
        after_sequence: u64,
        record_count_max: usize,
        byte_count_max: u64,
        wait_s: f64,
    ) -> PyResult<Vec<ReadRecord<'py>>> {
        // What is no time at all (negative, not a number) does not wait; too long is cut.
        let wait = Duration::try_from_secs_f64(wait_s.clamp(0.0, 1e6)).unwrap_or_default();
        let records = py.detach(|| {
            self.inner
                .read(after_sequence, record_count_max, byte_count_max, wait)
        })?;
        let convert = |record: vedette_journal::Record| {
            let meta = PyBytes::new(py, &record.meta);
            (record.sequence, meta, PyBytes::new(py, &record.body))
        };
        Ok(records.into_iter().map(convert).collect())
    }

    fn forget(&self, py: Python<'_>, up_to_sequence: u64) -> PyResult<()> {
        Ok(py.detach(|| self.inner.forget(up_to_sequence))?)
    }

    fn number_behind(&self, sequence: u64) {
        self.inner.number_behind(sequence);
    }

    fn lag(&self, py: Python<'_>, after_sequence: u64) -> PyResult<(u64, u64, Option<u64>, u64)> {
        let lag = py.detach(|| self.inner.lag(after_sequence))?;
        Ok((
            lag.record_count,
            lag.byte_count,
            lag.oldest_received_ns,
            lag.last_sequence,
        ))
    }

    fn trouble(&self) -> Option<String> {
        self.inner.trouble()
    }

    fn damage(&self) -> Vec<String> {
        self.inner.damage()
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.inner.close());
    }
}

fn describe(ticket: u64, outcome: Result<u64, Refusal>) -> Finished {
    match outcome {
        Ok(sequence) => (ticket, sequence, None),
        Err(refusal) => (ticket, 0, Some((refusal.kind(), refusal.to_string()))),
    }
}
