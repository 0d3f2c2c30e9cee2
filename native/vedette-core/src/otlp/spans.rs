//! Spans: `ResourceSpans` to rows of `spans`.

use super::any_value::{AnyValue, put, read_pair, write_pair};
use super::decoder::{Body, Decoder, Tally, each_message};
use super::op::Facts;
use super::resource::{read_resource, read_scope};
use super::wire::{Broken, Cursor, Value, id};
use crate::json::JsonWriter;
use crate::rows::{
    Meaning, Rows as _, SourceCodes, SpanColumn, SpanHead, SpanKind, SpanRows, SpanStatus,
    TIME_MOVED_KEY,
};
use crate::text::clean;

const ORIGIN: &str = "auto.otlp.spans";

impl Decoder {
    pub(super) fn read_resource_spans(&mut self, body: &Body<'_>, group: &[u8], tally: &mut Tally) {
        let mut resource = read_resource(group);
        self.segments.begin(self.spans.len());
        each_message(group, 2, tally, |scope_spans, tally| {
            let scope = read_scope(scope_spans);
            let resource_id = self.add_resource(&mut resource, &scope, body);
            let group = Group {
                project_id: body.project_id,
                received_ns: body.received_ns,
                resource_id,
                source: self.spans.source(&resource.source(&scope, ORIGIN)),
            };
            each_message(scope_spans, 2, tally, |span, tally| {
                self.read_span(&group, span, tally);
            });
        });
        self.segments.resolve(&mut self.spans);
    }

    fn read_span(&mut self, group: &Group, message: &[u8], tally: &mut Tally) {
        let read = Span::read(message, &mut self.spans, &mut self.json);
        let Ok(span) = read else {
            self.spans.drop_row();
            tally.unreadable += 1;
            return;
        };
        if span.trace_id == [0; 16] || span.span_id == [0; 8] {
            self.spans.drop_row();
            tally.missing_field += 1;
            return;
        }
        tally.accepted += 1;
        let (start_time_ns, moved) = self.window.place(span.start_ns, group.received_ns);
        if let Some(original_s) = moved {
            self.spans.note(TIME_MOVED_KEY, original_s);
        }
        let is_segment = span.is_segment();
        let op = span.facts.op(span.kind);
        let name = clean(span.name);
        let name: &str = if name.is_empty() { &op } else { &name };
        self.segments.push(&span, is_segment, name);
        self.spans.finish_row(&SpanHead {
            project_id: group.project_id,
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            start_time_ns,
            duration_ns: span.end_ns.saturating_sub(span.start_ns),
            received_ns: group.received_ns,
            name,
            op: &op,
            description: &clean(span.facts.query),
            kind: span.kind,
            status: span.status,
            status_text: "",
            status_message: &clean(span.status_message),
            is_segment,
            segment_id: if is_segment { span.span_id } else { [0; 8] },
            segment_name: if is_segment { name } else { "" },
            source: group.source,
            resource_id: group.resource_id,
            sample_rate: sample_rate(span.trace_state),
        });
    }
}

/// What the spans of one scope share.
struct Group {
    project_id: u32,
    received_ns: i64,
    resource_id: u64,
    source: SourceCodes,
}

/// The fields of a span that go into its row's head.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "span_id is OpenTelemetry's name")]
pub(super) struct Span<'a> {
    pub(super) trace_id: [u8; 16],
    pub(super) span_id: [u8; 8],
    pub(super) parent_span_id: [u8; 8],
    trace_state: &'a [u8],
    name: &'a [u8],
    kind: SpanKind,
    start_ns: u64,
    end_ns: u64,
    status: SpanStatus,
    status_message: &'a [u8],
    flags: u64,
    facts: Facts<'a>,
}

impl<'a> Span<'a> {
    /// Reads a span; its attributes, events and links go into the row that is open.
    fn read(
        message: &'a [u8],
        rows: &mut SpanRows,
        json: &mut JsonWriter,
    ) -> Result<Self, Broken<'a>> {
        let mut span = Self::default();
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match number {
                9 => {
                    let (key, value) = read_pair(value.bytes())?;
                    let key = rows.attributes().key(key);
                    span.facts.learn(rows.meaning(key), value);
                    put(rows, key, value, json)?;
                }
                1 => span.trace_id = id(value),
                2 => span.span_id = id(value),
                3 => span.trace_state = value.bytes(),
                4 => span.parent_span_id = id(value),
                5 => span.name = value.bytes(),
                6 => span.kind = kind(value.number()),
                7 => span.start_ns = value.number(),
                8 => span.end_ns = value.number(),
                11 => read_event(value.bytes(), rows, json)?,
                13 => read_link(value.bytes(), rows, json)?,
                15 => span.read_status(value.bytes())?,
                16 => span.flags = value.number(),
                _ => {}
            }
        }
        Ok(span)
    }

    fn read_status(&mut self, message: &'a [u8]) -> Result<(), Broken<'a>> {
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match number {
                2 => self.status_message = value.bytes(),
                3 => {
                    self.status = match value.number() {
                        1 => SpanStatus::Ok,
                        2 => SpanStatus::Error,
                        _ => SpanStatus::Unset,
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Tells whether this is the first span of its service's part of the trace.
    fn is_segment(&self) -> bool {
        const PARENT_IS_REMOTE: u64 = 0x100 | 0x200;
        self.parent_span_id == [0; 8]
            || self.flags & PARENT_IS_REMOTE == PARENT_IS_REMOTE
            || matches!(self.kind, SpanKind::Server | SpanKind::Consumer)
    }
}

fn kind(number: u64) -> SpanKind {
    match number {
        1 => SpanKind::Internal,
        2 => SpanKind::Server,
        3 => SpanKind::Client,
        4 => SpanKind::Producer,
        5 => SpanKind::Consumer,
        _ => SpanKind::Unspecified,
    }
}

fn read_event<'a>(
    message: &'a [u8],
    rows: &mut SpanRows,
    json: &mut JsonWriter,
) -> Result<(), Broken<'a>> {
    let (mut time_ns, mut name): (u64, &[u8]) = (0, &[]);
    let mut exception_type = AnyValue::Empty;
    json.clear();
    json.open('{');
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        match (number, value) {
            (1, value) => time_ns = value.number(),
            (2, value) => name = value.bytes(),
            (3, Value::Bytes(pair)) => {
                write_pair(json, pair, 1)?;
                let (key, value) = read_pair(pair)?;
                if Meaning::of(key) == Meaning::ExceptionType {
                    exception_type = value;
                }
            }
            _ => {}
        }
    }
    json.close('}');
    if let (b"exception", AnyValue::Text(text)) = (name, exception_type) {
        rows.fill(SpanColumn::ExceptionType, &clean(text));
    }
    rows.event(
        i64::try_from(time_ns).unwrap_or(i64::MAX),
        &clean(name),
        json.text(),
    );
    Ok(())
}

fn read_link<'a>(
    message: &'a [u8],
    rows: &mut SpanRows,
    json: &mut JsonWriter,
) -> Result<(), Broken<'a>> {
    let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
    json.clear();
    json.open('{');
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        match (number, value) {
            (1, value) => trace_id = id(value),
            (2, value) => span_id = id(value),
            (4, Value::Bytes(pair)) => write_pair(json, pair, 1)?,
            _ => {}
        }
    }
    json.close('}');
    rows.link(&trace_id, &span_id, json.text());
    Ok(())
}

/// Returns the sampling probability that the trace state names (`ot=th:…`), 1 if it names none.
///
/// The threshold is up to 14 hex digits of a 56 bit number; so many of 2^56 traces are left out.
fn sample_rate(trace_state: &[u8]) -> f32 {
    const STEPS: f64 = 72_057_594_037_927_936.0;
    let threshold = std::str::from_utf8(trace_state).ok().and_then(|state| {
        let member = state
            .split(',')
            .find_map(|member| member.trim().strip_prefix("ot="))?;
        member.split(';').find_map(|part| part.strip_prefix("th:"))
    });
    let is_hex = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let digits = threshold
        .filter(is_hex)
        .filter(|digits| (1..=14).contains(&digits.len()));
    let Some(number) = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) else {
        return 1.0;
    };
    let missing_digits = 14 - digits.map_or(0, str::len);
    let left_out = number << (4 * missing_digits);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a rate"
    )]
    let rate = ((STEPS - left_out as f64) / STEPS) as f32;
    // The column is divided by.
    if rate > 0.0 { rate } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_state_says_how_many_spans_one_stands_for() {
        let rates = [
            (&b""[..], 1.0),
            (b"ot=th:8", 0.5),
            (b"other=1,ot=rv:1;th:c", 0.25),
            (b"ot=th:0", 1.0),
            (b"ot=th:zz", 1.0),
            (b"ot=th:+8", 1.0),
            (b"ot=th:ffffffffffffffff", 1.0),
            (b"\xff", 1.0),
        ];
        for (state, rate) in rates {
            assert!((sample_rate(state) - rate).abs() < 1e-6, "{state:?}");
        }
    }
}
