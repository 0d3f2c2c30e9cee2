//! The table `metrics`.

use super::signal::{Rows, Shared};
use super::source::SourceColumns;
use super::spans::object;
use super::table::{TableColumns, table};
use super::{
    EXEMPLAR_COUNT_MAX, EXEMPLARS_CUT_KEY, NAME_BYTES_MAX, SourceCodes, UnknownColumn, millis_of,
};
use crate::block::{Array, Fixed, LowCardinality, Numbers, Strings};
use crate::text::cut;

const TABLE: &str = "metrics";

table! {
    /// The columns of `metrics` that are neither promoted nor of the source.
    Columns {
        project_id: Numbers<u32> = "UInt32",
        name: LowCardinality = "LowCardinality(String)",
        r#type: LowCardinality = "LowCardinality(String)",
        unit: LowCardinality = "LowCardinality(String)",
        description: LowCardinality = "LowCardinality(String)",
        temporality: Numbers<i8> = "Enum8('unspecified' = 0, 'delta' = 1, 'cumulative' = 2)",
        is_monotonic: Numbers<bool> = "Bool",
        series_id: Numbers<u64> = "UInt64",
        time: Numbers<i64> = "DateTime64(9, 'UTC')",
        start_time: Numbers<i64> = "DateTime64(9, 'UTC')",
        received_at: Numbers<i64> = "DateTime64(3, 'UTC')",
        value: Numbers<f64> = "Float64",
        count: Numbers<u64> = "UInt64",
        sum: Numbers<f64> = "Float64",
        min: Numbers<f64> = "Float64",
        max: Numbers<f64> = "Float64",
        bounds: Array<Numbers<f64>> = "Array(Float64)",
        bucket_counts: Array<Numbers<u64>> = "Array(UInt64)",
        scale: Numbers<i8> = "Int8",
        zero_count: Numbers<u64> = "UInt64",
        zero_threshold: Numbers<f64> = "Float64",
        positive_offset: Numbers<i32> = "Int32",
        positive_counts: Array<Numbers<u64>> = "Array(UInt64)",
        negative_offset: Numbers<i32> = "Int32",
        negative_counts: Array<Numbers<u64>> = "Array(UInt64)",
        quantiles: Array<Numbers<f64>> = "Array(Float64)",
        quantile_values: Array<Numbers<f64>> = "Array(Float64)",
        is_stale: Numbers<bool> = "Bool",
        trace_id: Fixed<16> = "FixedString(16)",
        span_id: Fixed<8> = "FixedString(8)",
        resource_id: Numbers<u64> = "UInt64",
        exemplar_times: Array<Numbers<i64>> = "Array(DateTime64(9, 'UTC'))",
        exemplar_values: Array<Numbers<f64>> = "Array(Float64)",
        exemplar_trace_ids: Array<Fixed<16>> = "Array(FixedString(16))",
        exemplar_span_ids: Array<Fixed<8>> = "Array(FixedString(8))",
        exemplar_attributes: Array<Strings> = "Array(String)",
    }
}

const PROMOTED: &[(&str, &str)] = &[("user_id", "String"), ("replay_id", "String")];

/// The promoted columns of `metrics`, in the order of `PROMOTED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub enum MetricColumn {
    UserId,
    ReplayId,
}

/// What a metric point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the protocols' words")]
pub enum MetricKind {
    #[default]
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
    Counter,
    Distribution,
}

impl MetricKind {
    /// Returns the word in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Sum => "sum",
            Self::Histogram => "histogram",
            Self::ExponentialHistogram => "exponential_histogram",
            Self::Summary => "summary",
            Self::Counter => "counter",
            Self::Distribution => "distribution",
        }
    }
}

/// Whether a point tells what is new or what is there in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "OpenTelemetry's words")]
pub enum Temporality {
    #[default]
    Unspecified = 0,
    Delta = 1,
    Cumulative = 2,
}

/// Everything of a metric point but its attributes and exemplars. What a kind does not use stays
/// at its default.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub struct MetricHead<'a> {
    pub project_id: u32,
    pub name: &'a str,
    pub kind: MetricKind,
    pub unit: &'a str,
    pub description: &'a str,
    pub temporality: Temporality,
    pub is_monotonic: bool,
    pub series_id: u64,
    /// Unix nanoseconds, already placed by [`TimeWindow`](super::TimeWindow).
    pub time_ns: i64,
    pub start_time_ns: i64,
    pub received_ns: i64,
    pub value: f64,
    pub count: u64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
    pub bounds: &'a [f64],
    pub bucket_counts: &'a [u64],
    pub scale: i8,
    pub zero_count: u64,
    pub zero_threshold: f64,
    pub positive_offset: i32,
    pub positive_counts: &'a [u64],
    pub negative_offset: i32,
    pub negative_counts: &'a [u64],
    pub quantiles: &'a [f64],
    pub quantile_values: &'a [f64],
    pub is_stale: bool,
    pub trace_id: [u8; 16],
    pub span_id: [u8; 8],
    pub source: SourceCodes,
    pub resource_id: u64,
}

/// One measured value that stands for others, with the span in which it was measured.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub struct Exemplar<'a> {
    pub time_ns: i64,
    pub value: f64,
    pub trace_id: [u8; 16],
    pub span_id: [u8; 8],
    /// A JSON object or empty.
    pub attributes: &'a str,
}

/// Rows of `metrics`, with the counts of their attributes.
#[derive(Debug)]
pub struct MetricRows {
    columns: Columns,
    shared: Shared,
    exemplars_cut: u32,
}

impl MetricRows {
    /// Creates an empty builder.
    ///
    /// # Errors
    /// The promotion table names a column that `metrics` does not have.
    pub fn new(promotion: &[(String, Vec<String>)]) -> Result<Self, UnknownColumn> {
        Ok(Self {
            columns: Columns::default(),
            shared: Shared::new(TABLE, SourceColumns::without_origin(), PROMOTED, promotion)?,
            exemplars_cut: 0,
        })
    }

    /// Fills a promoted column that no attribute of this row has filled yet.
    pub fn fill(&mut self, column: MetricColumn, value: &str) {
        self.shared.attributes.fill(column as usize, value);
    }

    /// Adds an exemplar.
    pub fn exemplar(&mut self, exemplar: &Exemplar<'_>) {
        if self.columns.exemplar_times.open_len() >= EXEMPLAR_COUNT_MAX {
            self.exemplars_cut += 1;
            return;
        }
        let attributes = self.shared.attributes.scrubbed(exemplar.attributes);
        let columns = &mut self.columns;
        columns.exemplar_times.items.push(exemplar.time_ns);
        columns.exemplar_values.items.push(exemplar.value);
        columns.exemplar_trace_ids.items.push(&exemplar.trace_id);
        columns.exemplar_span_ids.items.push(&exemplar.span_id);
        columns.exemplar_attributes.items.push(object(&attributes));
    }

    /// Ends the row: the attributes and exemplars added since the last one belong to it.
    pub fn finish_row(&mut self, head: &MetricHead<'_>) {
        if self.exemplars_cut > 0 {
            self.shared
                .attributes
                .note(EXEMPLARS_CUT_KEY, f64::from(self.exemplars_cut));
        }
        let columns = &mut self.columns;
        columns.project_id.push(head.project_id);
        columns.name.push(&cut(head.name, NAME_BYTES_MAX));
        columns.r#type.push(head.kind.word());
        columns.unit.push(&cut(head.unit, NAME_BYTES_MAX));
        columns
            .description
            .push(&cut(head.description, NAME_BYTES_MAX));
        columns.temporality.push(head.temporality as i8);
        columns.is_monotonic.push(head.is_monotonic);
        columns.series_id.push(head.series_id);
        columns.time.push(head.time_ns);
        columns.start_time.push(head.start_time_ns);
        columns.received_at.push(millis_of(head.received_ns));
        columns.value.push(head.value);
        columns.is_stale.push(head.is_stale);
        columns.trace_id.push(&head.trace_id);
        columns.span_id.push(&head.span_id);
        columns.resource_id.push(head.resource_id);
        self.push_distribution(head);
        self.shared
            .close_row(head.project_id, head.time_ns, head.source);
        self.close_exemplars();
    }

    fn push_distribution(&mut self, head: &MetricHead<'_>) {
        let columns = &mut self.columns;
        columns.count.push(head.count);
        columns.sum.push(head.sum);
        columns.min.push(head.min);
        columns.max.push(head.max);
        columns.scale.push(head.scale);
        columns.zero_count.push(head.zero_count);
        columns.zero_threshold.push(head.zero_threshold);
        columns.positive_offset.push(head.positive_offset);
        columns.negative_offset.push(head.negative_offset);
        columns.bounds.push_row(head.bounds);
        columns.bucket_counts.push_row(head.bucket_counts);
        columns.positive_counts.push_row(head.positive_counts);
        columns.negative_counts.push_row(head.negative_counts);
        columns.quantiles.push_row(head.quantiles);
        columns.quantile_values.push_row(head.quantile_values);
    }

    fn close_exemplars(&mut self) {
        let columns = &mut self.columns;
        columns.exemplar_times.close_row();
        columns.exemplar_values.close_row();
        columns.exemplar_trace_ids.close_row();
        columns.exemplar_span_ids.close_row();
        columns.exemplar_attributes.close_row();
        self.exemplars_cut = 0;
    }
}

impl Rows for MetricRows {
    fn shared(&self) -> &Shared {
        &self.shared
    }

    fn parts(&mut self) -> (&mut Shared, &mut dyn TableColumns) {
        (&mut self.shared, &mut self.columns)
    }

    fn drop_row(&mut self) {
        self.shared.attributes.cancel_row();
        let columns = &mut self.columns;
        columns.exemplar_times.cancel_row();
        columns.exemplar_values.cancel_row();
        columns.exemplar_trace_ids.cancel_row();
        columns.exemplar_span_ids.cancel_row();
        columns.exemplar_attributes.cancel_row();
        self.exemplars_cut = 0;
    }
}
