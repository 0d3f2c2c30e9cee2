//! Spans of Sentry's second protocol: containers of spans with typed attributes.

use vedette_core::rows::{SpanRows, SpanStatus};

use crate::container::{Container, read_all};
use crate::counts::Lost;
use crate::envelope::Envelope;
use crate::health_check::is_health_check;
use crate::ids::id;
use crate::json::{Arena, Json};
use crate::names::{kind_of, name_of, op_of, set_present_names};
use crate::own_words::{OwnWords, first};
use crate::sink::{Receipt, Sink};
use crate::span::{Span, put};
use crate::status::{self, Outcome};

/// Take in a container of spans.
pub(crate) fn take_in_container<'a>(
    payload: Json<'a>,
    receipt: Receipt,
    envelope: &Envelope<'a>,
    arena: &'a Arena,
    sink: &mut Sink<'_, SpanRows>,
) -> Result<(), Lost> {
    let mut container = Container::of(payload, receipt, envelope, arena);
    read_all(payload, "span", receipt, sink, |span, _, sink| {
        take_in(span, &mut container, sink)
    })
}

/// Take in a span that was sent alone.
pub(crate) fn take_in_alone<'a>(
    span: Json<'a>,
    receipt: Receipt,
    envelope: &Envelope<'a>,
    arena: &'a Arena,
    sink: &mut Sink<'_, SpanRows>,
) -> Result<(), Lost> {
    take_in(
        span,
        &mut Container::of(Json::Null, receipt, envelope, arena),
        sink,
    )?;
    sink.counts.accept(receipt.source, "span", 1);
    Ok(())
}

fn take_in<'a>(
    span: Json<'a>,
    container: &mut Container<'a, '_>,
    sink: &mut Sink<'_, SpanRows>,
) -> Result<(), Lost> {
    let fields = Fields::of(span);
    let mut row = row_of(&fields, container.envelope)?;
    let words = container.gather(fields.attributes);
    set_present_names(&mut container.attributes);
    describe(&mut row, &fields, &words, container);
    if container.receipt.drops_health_checks && is_health_check(row.segment_name) {
        return Err(Lost::HealthCheck);
    }
    row.resource_id = container.resource_id(sink.resources);
    let source = container.source(&words, "sentry_span");
    put(
        container.receipt,
        &row,
        &source,
        &container.attributes,
        fields.links,
        sink,
    );
    Ok(())
}

/// Ids and times, without which a span means nothing.
fn row_of<'a>(fields: &Fields<'a>, envelope: &Envelope<'a>) -> Result<Span<'a>, Lost> {
    Ok(Span {
        trace_id: id(fields.trace_id).ok_or(Lost::MissingField)?,
        span_id: id(fields.span_id).ok_or(Lost::MissingField)?,
        parent_span_id: id(fields.parent_span_id).unwrap_or_default(),
        start_ns: envelope.time(fields.start).ok_or(Lost::MissingField)?,
        end_ns: envelope.time(fields.end).ok_or(Lost::MissingField)?,
        ..Span::default()
    })
}

fn describe<'a>(
    row: &mut Span<'a>,
    fields: &Fields<'a>,
    words: &OwnWords<'a>,
    container: &Container<'a, '_>,
) {
    let (attributes, arena) = (&container.attributes, container.arena);
    row.kind = words.kind.unwrap_or_else(|| kind_of(words.op));
    row.op = words.op;
    if row.op.is_empty() {
        row.op = op_of(attributes, row.kind, arena);
    }
    // What is asked of a database says more than its name.
    row.description = first(&[
        words.description,
        attributes.text("db.query.text").unwrap_or_default(),
    ]);
    row.name = fields.name.word().unwrap_or_default();
    if row.name.is_empty() {
        row.name = name_of(row.op, row.description, words.origin, attributes, arena);
    }
    row.status_message = words.status_message;
    row.outcome = outcome(fields.status, words.status_message);
    row.is_segment = fields
        .is_segment
        .bool()
        .unwrap_or(row.parent_span_id == [0; 8]);
    row.segment_id = words.segment_id.unwrap_or_default();
    row.segment_name = words.segment_name;
    if row.is_segment {
        row.segment_id = row.span_id;
        row.segment_name = first(&[row.segment_name, row.name]);
    }
    row.sample_rate = words
        .sample_rate
        .or_else(|| container.envelope.sample_rate())
        .unwrap_or(1.0);
}

/// A status is "ok" or "error" here; the finer word, if there is one, stands in the message.
fn outcome<'a>(given: Json<'a>, message: &'a str) -> Outcome<'a> {
    let Some(word) = given.text() else {
        return Outcome {
            status: SpanStatus::Ok,
            text: "ok",
        };
    };
    match word {
        "ok" => Outcome {
            status: SpanStatus::Ok,
            text: word,
        },
        "unset" => Outcome::default(),
        "error" if status::is_known(message) => Outcome {
            status: SpanStatus::Error,
            text: message,
        },
        "error" => Outcome {
            status: SpanStatus::Error,
            text: "",
        },
        _ => Outcome {
            status: SpanStatus::Error,
            text: word,
        },
    }
}

struct Fields<'a> {
    trace_id: Json<'a>,
    span_id: Json<'a>,
    parent_span_id: Json<'a>,
    name: Json<'a>,
    status: Json<'a>,
    is_segment: Json<'a>,
    start: Json<'a>,
    end: Json<'a>,
    attributes: Json<'a>,
    links: Json<'a>,
}

impl<'a> Fields<'a> {
    fn of(span: Json<'a>) -> Self {
        let none = Json::Null;
        let mut fields = Self {
            trace_id: none,
            span_id: none,
            parent_span_id: none,
            name: none,
            status: none,
            is_segment: none,
            start: none,
            end: none,
            attributes: none,
            links: none,
        };
        let mut ignored = Json::Null;
        for member in span.members() {
            *match member.key {
                "trace_id" => &mut fields.trace_id,
                "span_id" => &mut fields.span_id,
                "parent_span_id" => &mut fields.parent_span_id,
                "name" => &mut fields.name,
                "status" => &mut fields.status,
                "is_segment" => &mut fields.is_segment,
                "start_timestamp" => &mut fields.start,
                "end_timestamp" => &mut fields.end,
                "attributes" => &mut fields.attributes,
                "links" => &mut fields.links,
                _ => &mut ignored,
            } = member.value;
        }
        fields
    }
}
