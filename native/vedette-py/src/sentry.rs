//! Items of Sentry's envelopes to blocks, with the lock released.

use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use vedette_core::otlp;
use vedette_sentry::{Item, decode_logs, decode_metrics, decode_spans};

use crate::decode::{Decoded, Decoder};
use crate::scrub::{PyProjectRules, rules_by_project};

type PyItem = (u32, i64, PyBackedStr, PyBackedBytes, PyBackedBytes);

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
impl Decoder {
    fn sentry_spans(
        &self,
        py: Python<'_>,
        items: Vec<PyItem>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.sentry(py, &items, &rules, decode_spans)
    }

    fn sentry_logs(
        &self,
        py: Python<'_>,
        items: Vec<PyItem>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.sentry(py, &items, &rules, decode_logs)
    }

    fn sentry_metrics(
        &self,
        py: Python<'_>,
        items: Vec<PyItem>,
        rules: Vec<PyProjectRules>,
    ) -> PyResult<Decoded> {
        self.sentry(py, &items, &rules, decode_metrics)
    }
}

impl Decoder {
    fn sentry(
        &self,
        py: Python<'_>,
        items: &[PyItem],
        rules: &[PyProjectRules],
        decode: fn(&mut otlp::Decoder, &[Item<'_>]) -> otlp::Decoded,
    ) -> PyResult<Decoded> {
        let rules = rules_by_project(rules);
        let batch = self.with_room(py, |decoder| {
            decoder.set_rules(rules);
            let items: Vec<_> = items.iter().map(item).collect();
            decode(decoder, &items)
        })?;
        Ok(Decoded::of(py, &batch))
    }
}

fn item((project_id, received_ns, kind, context, payload): &PyItem) -> Item<'_> {
    Item {
        project_id: *project_id,
        received_ns: *received_ns,
        kind,
        context,
        payload,
    }
}
