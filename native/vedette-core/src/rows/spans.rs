//! The table `spans`.

use super::signal::{Rows, Shared};
use super::source::SourceColumns;
use super::table::{TableColumns, table};
use super::{
    EVENT_COUNT_MAX, EVENTS_CUT_KEY, LINK_COUNT_MAX, LINKS_CUT_KEY, NAME_BYTES_MAX, SourceCodes,
    UnknownColumn, VALUE_BYTES_MAX, millis_of,
};
use crate::block::{Array, Fixed, LowCardinality, Numbers, Strings};
use crate::text::cut;

const TABLE: &str = "spans";

table! {
    /// The columns of `spans` that are neither promoted nor of the source.
    Columns {
        project_id: Numbers<u32> = "UInt32",
        trace_id: Fixed<16> = "FixedString(16)",
        span_id: Fixed<8> = "FixedString(8)",
        parent_span_id: Fixed<8> = "FixedString(8)",
        start_time: Numbers<i64> = "DateTime64(9, 'UTC')",
        duration_ns: Numbers<u64> = "UInt64",
        received_at: Numbers<i64> = "DateTime64(3, 'UTC')",
        name: LowCardinality = "LowCardinality(String)",
        op: LowCardinality = "LowCardinality(String)",
        description: Strings = "String",
        kind: Numbers<i8> = "Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5)",
        status: Numbers<i8> = "Enum8('unset' = 0, 'ok' = 1, 'error' = 2)",
        status_text: LowCardinality = "LowCardinality(String)",
        status_message: Strings = "String",
        is_segment: Numbers<bool> = "Bool",
        segment_id: Fixed<8> = "FixedString(8)",
        segment_name: LowCardinality = "LowCardinality(String)",
        resource_id: Numbers<u64> = "UInt64",
        sample_rate: Numbers<f32> = "Float32",
        event_times: Array<Numbers<i64>> = "Array(DateTime64(9, 'UTC'))",
        event_names: Array<LowCardinality> = "Array(LowCardinality(String))",
        event_attributes: Array<Strings> = "Array(String)",
        link_trace_ids: Array<Fixed<16>> = "Array(FixedString(16))",
        link_span_ids: Array<Fixed<8>> = "Array(FixedString(8))",
        link_attributes: Array<Strings> = "Array(String)",
    }
}

const PROMOTED: &[(&str, &str)] = &[
    ("http_method", "LowCardinality(String)"),
    ("http_status", "UInt16"),
    ("http_route", "LowCardinality(String)"),
    ("db_system", "LowCardinality(String)"),
    ("db_collection", "LowCardinality(String)"),
    ("messaging_destination", "LowCardinality(String)"),
    ("rpc_service", "LowCardinality(String)"),
    ("server_address", "LowCardinality(String)"),
    ("peer_service", "LowCardinality(String)"),
    ("exception_type", "LowCardinality(String)"),
    ("user_id", "String"),
    ("session_id", "String"),
    ("replay_id", "String"),
    ("profile_id", "String"),
    ("thread_id", "String"),
];

/// The promoted columns of `spans`, in the order of `PROMOTED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub enum SpanColumn {
    HttpMethod,
    HttpStatus,
    HttpRoute,
    DbSystem,
    DbCollection,
    MessagingDestination,
    RpcService,
    ServerAddress,
    PeerService,
    ExceptionType,
    UserId,
    SessionId,
    ReplayId,
    ProfileId,
    ThreadId,
}

/// What a span was to the call it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "OpenTelemetry's words")]
pub enum SpanKind {
    #[default]
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// How a span ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "OpenTelemetry's words")]
pub enum SpanStatus {
    #[default]
    Unset = 0,
    Ok = 1,
    Error = 2,
}

/// Everything of a span but its attributes, events and links. Texts that are too long are cut.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpanHead<'a> {
    /// Whose span.
    pub project_id: u32,
    /// The trace.
    pub trace_id: [u8; 16],
    /// The span.
    pub span_id: [u8; 8],
    /// All zeros: none.
    pub parent_span_id: [u8; 8],
    /// Unix nanoseconds, already placed by [`TimeWindow`](super::TimeWindow).
    pub start_time_ns: i64,
    /// Nanoseconds.
    pub duration_ns: u64,
    /// Unix nanoseconds.
    pub received_ns: i64,
    /// As the sender named it.
    pub name: &'a str,
    /// In Sentry's words.
    pub op: &'a str,
    /// Empty if it says no more than the name.
    pub description: &'a str,
    /// Its part in the call.
    pub kind: SpanKind,
    /// How it ended.
    pub status: SpanStatus,
    /// The finer word of Sentry's SDKs.
    pub status_text: &'a str,
    /// What the sender says of the status.
    pub status_message: &'a str,
    /// Whether it is the first of its service's part of the trace.
    pub is_segment: bool,
    /// All zeros: not known.
    pub segment_id: [u8; 8],
    /// Name of the segment it belongs to.
    pub segment_name: &'a str,
    /// Who sent it.
    pub source: SourceCodes,
    /// See [`ResourceRows::finish_resource`](super::ResourceRows::finish_resource); 0: none.
    pub resource_id: u64,
    /// 1 / how many spans this one stands for.
    pub sample_rate: f32,
}

/// Rows of `spans`, with the counts of their attributes.
#[derive(Debug)]
pub struct SpanRows {
    columns: Columns,
    shared: Shared,
    events_cut: u32,
    links_cut: u32,
}

impl SpanRows {
    /// Creates an empty builder.
    ///
    /// # Errors
    /// The promotion table names a column that `spans` does not have.
    pub fn new(promotion: &[(String, Vec<String>)]) -> Result<Self, UnknownColumn> {
        Ok(Self {
            columns: Columns::default(),
            shared: Shared::new(TABLE, SourceColumns::default(), PROMOTED, promotion)?,
            events_cut: 0,
            links_cut: 0,
        })
    }

    /// Fills a promoted column that no attribute of this row has filled yet.
    pub fn fill(&mut self, column: SpanColumn, value: &str) {
        self.shared.attributes.fill(column as usize, value);
    }

    /// Tells whether a promoted column of the row that is not closed yet is filled.
    #[must_use]
    pub fn is_filled(&self, column: SpanColumn) -> bool {
        self.shared.attributes.is_filled(column as usize)
    }

    /// Adds an event; `attributes` is a JSON object or empty.
    pub fn event(&mut self, time_ns: i64, name: &str, attributes: &str) {
        if self.columns.event_times.open_len() >= EVENT_COUNT_MAX {
            self.events_cut += 1;
            return;
        }
        self.columns.event_times.items.push(time_ns);
        self.columns
            .event_names
            .items
            .push(&cut(name, NAME_BYTES_MAX));
        let attributes = self.shared.attributes.scrubbed(attributes);
        self.columns
            .event_attributes
            .items
            .push(object(&attributes));
    }

    /// Adds a link; `attributes` is a JSON object or empty.
    pub fn link(&mut self, trace_id: &[u8; 16], span_id: &[u8; 8], attributes: &str) {
        if self.columns.link_trace_ids.open_len() >= LINK_COUNT_MAX {
            self.links_cut += 1;
            return;
        }
        self.columns.link_trace_ids.items.push(trace_id);
        self.columns.link_span_ids.items.push(span_id);
        let attributes = self.shared.attributes.scrubbed(attributes);
        self.columns.link_attributes.items.push(object(&attributes));
    }

    /// Names the segment of a closed row, when it became known later.
    pub fn set_segment(&mut self, row: usize, segment_id: &[u8; 8], segment_name: &str) {
        let segment_name = self.shared.attributes.scrubbed_name(segment_name);
        self.columns.segment_id.set(row, segment_id);
        self.columns
            .segment_name
            .set(row, &cut(&segment_name, NAME_BYTES_MAX));
    }

    /// Ends the row: the attributes, events and links added since the last one belong to it.
    pub fn finish_row(&mut self, head: &SpanHead<'_>) {
        if self.events_cut > 0 {
            self.shared
                .attributes
                .note(EVENTS_CUT_KEY, f64::from(self.events_cut));
        }
        if self.links_cut > 0 {
            self.shared
                .attributes
                .note(LINKS_CUT_KEY, f64::from(self.links_cut));
        }
        let attributes = &mut self.shared.attributes;
        let [name, description, status_message, segment_name] = [
            head.name,
            head.description,
            head.status_message,
            head.segment_name,
        ]
        .map(|text| attributes.scrubbed_name(text));
        let columns = &mut self.columns;
        columns.project_id.push(head.project_id);
        columns.trace_id.push(&head.trace_id);
        columns.span_id.push(&head.span_id);
        columns.parent_span_id.push(&head.parent_span_id);
        columns.start_time.push(head.start_time_ns);
        columns.duration_ns.push(head.duration_ns);
        columns.received_at.push(millis_of(head.received_ns));
        columns.name.push(&cut(&name, NAME_BYTES_MAX));
        columns.op.push(&cut(head.op, NAME_BYTES_MAX));
        columns
            .description
            .push(&cut(&description, VALUE_BYTES_MAX));
        columns.kind.push(head.kind as i8);
        columns.status.push(head.status as i8);
        columns
            .status_text
            .push(&cut(head.status_text, NAME_BYTES_MAX));
        columns
            .status_message
            .push(&cut(&status_message, VALUE_BYTES_MAX));
        columns.is_segment.push(head.is_segment);
        columns.segment_id.push(&head.segment_id);
        columns
            .segment_name
            .push(&cut(&segment_name, NAME_BYTES_MAX));
        columns.resource_id.push(head.resource_id);
        columns.sample_rate.push(head.sample_rate);
        self.shared
            .close_row(head.project_id, head.start_time_ns, head.source);
        self.close_lists();
    }

    fn close_lists(&mut self) {
        let columns = &mut self.columns;
        columns.event_times.close_row();
        columns.event_names.close_row();
        columns.event_attributes.close_row();
        columns.link_trace_ids.close_row();
        columns.link_span_ids.close_row();
        columns.link_attributes.close_row();
        (self.events_cut, self.links_cut) = (0, 0);
    }
}

impl Rows for SpanRows {
    fn shared(&self) -> &Shared {
        &self.shared
    }

    fn parts(&mut self) -> (&mut Shared, &mut dyn TableColumns) {
        (&mut self.shared, &mut self.columns)
    }

    fn drop_row(&mut self) {
        self.shared.attributes.cancel_row();
        let columns = &mut self.columns;
        columns.event_times.cancel_row();
        columns.event_names.cancel_row();
        columns.event_attributes.cancel_row();
        columns.link_trace_ids.cancel_row();
        columns.link_span_ids.cancel_row();
        columns.link_attributes.cancel_row();
        (self.events_cut, self.links_cut) = (0, 0);
    }
}

/// Returns the JSON object to store for attributes that may be missing.
pub(super) fn object(attributes: &str) -> &str {
    if attributes.is_empty() {
        "{}"
    } else {
        attributes
    }
}
