//! Who sent a row: columns that are equal for many rows after one another.

use std::borrow::Cow;

use super::NAME_BYTES_MAX;
use crate::block::{BlockWriter, Clear, Column, LowCardinality};
use crate::text::cut;

/// Who sent a row. Metrics have no origin, and it is not kept for them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source<'a> {
    /// service.name, or what the event says.
    pub service: &'a str,
    /// deployment.environment.name, or what the event says.
    pub environment: &'a str,
    /// service.version, or what the event says.
    pub release: &'a str,
    /// The platform in Sentry's words.
    pub platform: &'a str,
    /// otlp, `sentry_transaction`, `sentry_span`, `sentry_log`, `sentry_metric`.
    pub protocol: &'a str,
    /// Sentry's origin, such as auto.http.django.
    pub origin: &'a str,
    /// The instrumentation scope's name.
    pub scope_name: &'a str,
}

/// A [`Source`] in codes of one builder and batch.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceCodes([u32; SOURCE_COUNT]);

const SOURCE_COUNT: usize = 7;
const NAMES: [&str; SOURCE_COUNT] = [
    "service",
    "environment",
    "release",
    "platform",
    "protocol",
    "origin",
    "scope_name",
];
const ORIGIN: usize = 5;

/// The columns of a [`Source`].
#[derive(Debug, Default)]
pub(super) struct SourceColumns {
    columns: [LowCardinality; SOURCE_COUNT],
    without_origin: bool,
}

impl SourceColumns {
    pub(super) fn without_origin() -> Self {
        Self {
            without_origin: true,
            ..Self::default()
        }
    }

    pub(super) fn codes(&mut self, source: &Source<'_>) -> SourceCodes {
        let texts = [
            source.service,
            source.environment,
            source.release,
            source.platform,
            source.protocol,
            source.origin,
            source.scope_name,
        ];
        let mut codes = SourceCodes::default();
        for ((column, text), code) in self.columns.iter_mut().zip(texts).zip(&mut codes.0) {
            *code = match cut(text, NAME_BYTES_MAX) {
                Cow::Borrowed(text) => column.code(text),
                Cow::Owned(text) => column.code(&text),
            };
        }
        codes
    }

    #[inline]
    pub(super) fn push(&mut self, codes: SourceCodes) {
        for (column, code) in self.columns.iter_mut().zip(codes.0) {
            column.push_code(code);
        }
    }

    pub(super) fn column_count(&self) -> usize {
        self.written().count()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.written()
            .map(|(name, _)| (name, "LowCardinality(String)"))
    }

    pub(super) fn byte_count(&self) -> usize {
        self.columns
            .iter()
            .map(|column| column.byte_count() + 64)
            .sum()
    }

    pub(super) fn write(&self, writer: &mut BlockWriter) {
        for (name, column) in self.written() {
            writer.column(name, "LowCardinality(String)", column);
        }
    }

    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Clear::clear);
    }

    fn written(&self) -> impl Iterator<Item = (&'static str, &LowCardinality)> {
        let left_out = if self.without_origin {
            Some(ORIGIN)
        } else {
            None
        };
        let columns = NAMES.into_iter().zip(&self.columns).enumerate();
        columns
            .filter(move |(at, _)| Some(*at) != left_out)
            .map(|(_, column)| column)
    }
}
