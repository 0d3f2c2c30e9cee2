//! A span as its sender meant it, whichever of the three shapes it came in, on its way to a row.

use vedette_core::rows::{Rows as _, Source, SpanHead, SpanKind, SpanRows, TIME_MOVED_KEY};

use crate::attributes::Attributes;
use crate::ids::id;
use crate::json::{Arena, Json, Member, write};
use crate::sink::{Receipt, Sink};
use crate::status::Outcome;

/// Attribute that says by how many seconds a span ended before it began.
const ENDED_EARLY_KEY: &str = "vedette.ended_before_start";

/// What the table knows of a span besides its attributes and links.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "the span id is called so everywhere"
)]
pub(crate) struct Span<'a> {
    pub(crate) trace_id: [u8; 16],
    pub(crate) span_id: [u8; 8],
    /// All zeros: none.
    pub(crate) parent_span_id: [u8; 8],
    pub(crate) start_ns: i64,
    pub(crate) end_ns: i64,
    pub(crate) name: &'a str,
    pub(crate) op: &'a str,
    pub(crate) description: &'a str,
    pub(crate) kind: SpanKind,
    pub(crate) outcome: Outcome<'a>,
    pub(crate) status_message: &'a str,
    pub(crate) is_segment: bool,
    /// All zeros: not known.
    pub(crate) segment_id: [u8; 8],
    pub(crate) segment_name: &'a str,
    pub(crate) sample_rate: f32,
    pub(crate) resource_id: u64,
    /// Where the span's time was before the whole transaction was moved, in unix seconds.
    pub(crate) moved_from_s: Option<f64>,
}

/// Make a row of a span.
pub(crate) fn put<'a>(
    receipt: Receipt,
    span: &Span<'a>,
    source: &Source<'a>,
    attributes: &Attributes<'a>,
    links: Json<'a>,
    sink: &mut Sink<'_, SpanRows>,
) {
    attributes.put_into(sink.rows.attributes());
    for link in links.elements() {
        put_link(*link, sink.rows);
    }
    let (start_time_ns, moved_from_s) = sink.place(Some(span.start_ns), receipt);
    if let Some(seconds) = span.moved_from_s.or(moved_from_s) {
        sink.rows.note(TIME_MOVED_KEY, seconds);
    }
    let duration_ns = span.end_ns.saturating_sub(span.start_ns);
    if duration_ns < 0 {
        sink.rows
            .note(ENDED_EARLY_KEY, seconds(duration_ns.saturating_neg()));
    }
    let source = sink.rows.source(source);
    sink.rows.finish_row(&SpanHead {
        project_id: receipt.project_id,
        trace_id: span.trace_id,
        span_id: span.span_id,
        parent_span_id: span.parent_span_id,
        start_time_ns,
        duration_ns: u64::try_from(duration_ns).unwrap_or(0),
        received_ns: receipt.received_ns,
        name: span.name,
        op: span.op,
        description: if span.description == span.name {
            ""
        } else {
            span.description
        },
        kind: span.kind,
        status: span.outcome.status,
        status_text: span.outcome.text,
        status_message: span.status_message,
        is_segment: span.is_segment,
        segment_id: span.segment_id,
        segment_name: span.segment_name,
        source,
        resource_id: span.resource_id,
        sample_rate: span.sample_rate,
    });
}

/// A link without ids leads nowhere and is left out.
fn put_link(link: Json<'_>, rows: &mut SpanRows) {
    if let (Some(trace_id), Some(span_id)) = (id(link.get("trace_id")), id(link.get("span_id"))) {
        rows.link(&trace_id, &span_id, &link_attributes(link));
    }
}

/// The attributes of a link, without types, as a JSON object.
fn link_attributes(link: Json<'_>) -> String {
    let mut members: Vec<Member<'_>> = Vec::new();
    for member in link.get("attributes").members() {
        let value = if member.value.is_object() {
            member.value.get("value")
        } else {
            member.value
        };
        members.push(Member {
            key: member.key,
            value,
        });
    }
    if let Json::Bool(_) = link.get("sampled") {
        members.push(Member {
            key: "sampled",
            value: link.get("sampled"),
        });
    }
    if members.is_empty() {
        String::new()
    } else {
        write(&Json::Object(&members))
    }
}

/// Nanoseconds as seconds, for attributes.
#[expect(
    clippy::cast_precision_loss,
    reason = "what an attribute shows need not be exact"
)]
pub(crate) fn seconds(ns: i64) -> f64 {
    ns as f64 / 1e9
}

/// Hex text of an id in the one writing that tables have: no dashes, lower case.
pub(crate) fn plain_hex<'a>(text: &'a str, arena: &'a Arena) -> &'a str {
    if text
        .bytes()
        .any(|byte| byte == b'-' || byte.is_ascii_uppercase())
    {
        arena.keep(&text.replace('-', "").to_ascii_lowercase())
    } else {
        text
    }
}
