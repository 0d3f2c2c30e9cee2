//! The table `logs`.

use super::signal::{Rows, Shared};
use super::source::SourceColumns;
use super::table::{TableColumns, table};
use super::{NAME_BYTES_MAX, SourceCodes, UnknownColumn, VALUE_BYTES_MAX, millis_of};
use crate::block::{Fixed, LowCardinality, Numbers, Strings};
use crate::text::cut;

const TABLE: &str = "logs";

table! {
    /// The columns of `logs` that are neither promoted nor of the source.
    Columns {
        project_id: Numbers<u32> = "UInt32",
        log_id: Fixed<16> = "FixedString(16)",
        time: Numbers<i64> = "DateTime64(9, 'UTC')",
        sequence: Numbers<u32> = "UInt32",
        received_at: Numbers<i64> = "DateTime64(3, 'UTC')",
        trace_id: Fixed<16> = "FixedString(16)",
        span_id: Fixed<8> = "FixedString(8)",
        severity_number: Numbers<u8> = "UInt8",
        severity: LowCardinality = "LowCardinality(String)",
        body: Strings = "String",
        event_name: LowCardinality = "LowCardinality(String)",
        resource_id: Numbers<u64> = "UInt64",
    }
}

const PROMOTED: &[(&str, &str)] = &[
    ("template", "String"),
    ("logger", "LowCardinality(String)"),
    ("user_id", "String"),
    ("session_id", "String"),
    ("replay_id", "String"),
];

/// The promoted columns of `logs`, in the order of `PROMOTED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub enum LogColumn {
    Template,
    Logger,
    UserId,
    SessionId,
    ReplayId,
}

/// Everything of a log line but its attributes. Texts that are too long are cut.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogHead<'a> {
    /// Whose line.
    pub project_id: u32,
    /// Unique per line, and the same when the same batch is read again.
    pub log_id: [u8; 16],
    /// Unix nanoseconds, already placed by [`TimeWindow`](super::TimeWindow).
    pub time_ns: i64,
    /// Orders lines of equal time.
    pub sequence: u32,
    /// Unix nanoseconds.
    pub received_ns: i64,
    /// All zeros: none.
    pub trace_id: [u8; 16],
    /// All zeros: none.
    pub span_id: [u8; 8],
    /// OpenTelemetry's 1 to 24.
    pub severity_number: u8,
    /// The word for it.
    pub severity: &'a str,
    /// The line.
    pub body: &'a str,
    /// Name of the event, if it is one.
    pub event_name: &'a str,
    /// Who sent it.
    pub source: SourceCodes,
    /// See [`ResourceRows::finish_resource`](super::ResourceRows::finish_resource); 0: none.
    pub resource_id: u64,
}

/// Rows of `logs`, with the counts of their attributes.
#[derive(Debug)]
pub struct LogRows {
    columns: Columns,
    shared: Shared,
}

impl LogRows {
    /// Creates an empty builder.
    ///
    /// # Errors
    /// The promotion table names a column that `logs` does not have.
    pub fn new(promotion: &[(String, Vec<String>)]) -> Result<Self, UnknownColumn> {
        Ok(Self {
            columns: Columns::default(),
            shared: Shared::new(TABLE, SourceColumns::default(), PROMOTED, promotion)?,
        })
    }

    /// Fills a promoted column that no attribute of this row has filled yet.
    pub fn fill(&mut self, column: LogColumn, value: &str) {
        self.shared.attributes.fill(column as usize, value);
    }

    /// Ends the row: the attributes added since the last one belong to it.
    pub fn finish_row(&mut self, head: &LogHead<'_>) {
        let body = self.shared.attributes.scrubbed(head.body);
        let columns = &mut self.columns;
        columns.project_id.push(head.project_id);
        columns.log_id.push(&head.log_id);
        columns.time.push(head.time_ns);
        columns.sequence.push(head.sequence);
        columns.received_at.push(millis_of(head.received_ns));
        columns.trace_id.push(&head.trace_id);
        columns.span_id.push(&head.span_id);
        columns.severity_number.push(head.severity_number);
        columns.severity.push(&cut(head.severity, NAME_BYTES_MAX));
        columns.body.push(&cut(&body, VALUE_BYTES_MAX));
        columns
            .event_name
            .push(&cut(head.event_name, NAME_BYTES_MAX));
        columns.resource_id.push(head.resource_id);
        self.shared
            .close_row(head.project_id, head.time_ns, head.source);
    }
}

impl Rows for LogRows {
    fn shared(&self) -> &Shared {
        &self.shared
    }

    fn parts(&mut self) -> (&mut Shared, &mut dyn TableColumns) {
        (&mut self.shared, &mut self.columns)
    }

    fn drop_row(&mut self) {
        self.shared.attributes.cancel_row();
    }
}
