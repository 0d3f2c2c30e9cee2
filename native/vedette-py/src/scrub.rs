//! Rules for what must not be kept: names, texts, and both together for rows.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use vedette_core::otlp::{ProjectRules, RulesByProject};
use vedette_core::scrub::{self, Found, TextRule, Verdict, WrongPattern, builtin};

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<KeyRules>()?;
    module.add_class::<TextRules>()?;
    module.add_class::<Scrubber>()
}

/// Judges names.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct KeyRules {
    inner: scrub::KeyRules,
}

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
impl KeyRules {
    #[new]
    fn new(with_defaults: bool, sensitive_fields: Vec<String>, safe_fields: Vec<String>) -> Self {
        let inner = scrub::KeyRules::new(with_defaults, &sensitive_fields, &safe_fields);
        Self { inner }
    }

    fn verdict(&self, name: PyBackedStr) -> &'static str {
        word(self.inner.verdict(name.as_bytes()))
    }

    fn cookie(&self, name: PyBackedStr) -> &'static str {
        word(self.inner.cookie(name.as_bytes()))
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Plain => "plain",
        Verdict::Harmless => "harmless",
        Verdict::Sensitive => "sensitive",
        Verdict::SensitiveText => "sensitive text",
    }
}

/// Finds places in texts.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct TextRules {
    inner: scrub::TextRules,
}

type PyRule = (String, String, Vec<usize>);

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the arguments")]
impl TextRules {
    #[new]
    fn new(rules: Vec<PyRule>, keys: &KeyRules) -> PyResult<Self> {
        let rules: Result<Vec<_>, _> = rules.into_iter().map(rule).collect();
        let inner = scrub::TextRules::new(&rules?, &keys.inner);
        Ok(Self {
            inner: inner.map_err(|error| wrong(&error))?,
        })
    }

    fn find(&self, texts: Vec<PyBackedStr>) -> Vec<(usize, usize, usize, usize)> {
        let mut all = Vec::new();
        let mut found = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            self.inner.find(text, &mut found);
            let in_characters = |found: &Found| {
                let count = |end: usize| characters(text, end);
                (place, found.rule, count(found.start), count(found.end))
            };
            all.extend(found.iter().map(in_characters));
            found.clear();
        }
        all
    }
}

fn rule((kind, pattern, groups): PyRule) -> PyResult<TextRule> {
    if kind == "pattern" {
        return Ok(TextRule::Pattern(pattern, groups));
    }
    builtin(&kind).ok_or_else(|| PyValueError::new_err(format!("no rule {kind}")))
}

fn characters(text: &str, byte_count: usize) -> usize {
    if text.is_ascii() {
        byte_count
    } else {
        text.get(..byte_count)
            .map_or(byte_count, |beginning| beginning.chars().count())
    }
}

fn wrong(error: &WrongPattern) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Scrubs the rows of a project while they are made.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct Scrubber {
    inner: Arc<scrub::Scrubber>,
}

#[pymethods]
impl Scrubber {
    #[new]
    fn new(keys: &KeyRules, with_addresses: bool) -> PyResult<Self> {
        let inner = scrub::Scrubber::new(keys.inner.clone(), with_addresses);
        Ok(Self {
            inner: Arc::new(inner.map_err(|error| wrong(&error))?),
        })
    }

    fn text(&self, text: &str) -> String {
        self.inner.text(text).into_owned()
    }
}

/// Project, its scrubber, whether transactions of health checks are left out.
pub(crate) type PyProjectRules = (u32, Option<Py<Scrubber>>, bool);

pub(crate) fn rules_by_project(rules: &[PyProjectRules]) -> RulesByProject {
    let rules = rules
        .iter()
        .map(|(project_id, scrubber, drops_health_checks)| {
            let scrubber = scrubber
                .as_ref()
                .map(|scrubber| scrubber.get().inner.clone());
            let rules = ProjectRules {
                scrubber,
                drops_health_checks: *drops_health_checks,
            };
            (*project_id, rules)
        });
    rules.collect()
}
