//! Logs: containers of log lines, and the single lines that early betas sent.

use vedette_core::hash::Hash;
use vedette_core::rows::{LogHead, LogRows, Rows as _, TIME_MOVED_KEY};

use crate::attributes::Value;
use crate::container::{Container, read_all};
use crate::counts::{Counts, Lost};
use crate::envelope::Envelope;
use crate::ids::id;
use crate::json::{Arena, Json, write};
use crate::own_words::OwnWords;
use crate::sink::{Receipt, Sink};

/// What all lines of an item share.
#[derive(Debug)]
pub(crate) struct LogItem<'a, 'e> {
    /// Whose it is.
    pub(crate) receipt: Receipt,
    /// The envelope it came in.
    pub(crate) envelope: &'e Envelope<'a>,
    /// Where texts are kept.
    pub(crate) arena: &'a Arena,
    /// A hash of its bytes: together with the place in the item it makes the ids of the lines.
    pub(crate) payload_hash: u64,
}

/// Take in a container of log lines.
pub(crate) fn take_in_container<'a>(
    payload: Json<'a>,
    item: &LogItem<'a, '_>,
    sink: &mut Sink<'_, LogRows>,
) -> Result<(), Lost> {
    let mut container = Container::of(payload, item.receipt, item.envelope, item.arena);
    read_all(
        payload,
        "log_item",
        item.receipt,
        sink,
        |line, place, sink| {
            let words = container.gather(line.get("attributes"));
            put(
                &read_line(line, item.envelope)?,
                item.log_id(place),
                &words,
                &mut container,
                sink,
            );
            Ok(())
        },
    )
}

/// Take in one line of the shape that OpenTelemetry's JSON has.
pub(crate) fn take_in_otel_log<'a>(
    line: Json<'a>,
    item: &LogItem<'a, '_>,
    sink: &mut Sink<'_, LogRows>,
) -> Result<(), Lost> {
    if !line.is_object() {
        return Err(Lost::Unreadable);
    }
    let mut container = Container::of(Json::Null, item.receipt, item.envelope, item.arena);
    for pair in line.get("attributes").elements() {
        if let Some(name) = pair.get("key").text() {
            container
                .attributes
                .set(name, otel_value(pair.get("value"), item.arena));
        }
    }
    let words = container.take_words();
    put(
        &read_otel_line(line, item)?,
        item.log_id(0),
        &words,
        &mut container,
        sink,
    );
    sink.counts.accept(item.receipt.source, "log_item", 1);
    Ok(())
}

/// A line as it came, before its attributes are looked at.
struct Line<'a> {
    time_ns: Option<i64>,
    trace_id: Json<'a>,
    span_id: Json<'a>,
    level: &'a str,
    severity_number: Option<u8>,
    body: Json<'a>,
}

fn read_line<'a>(line: Json<'a>, envelope: &Envelope<'a>) -> Result<Line<'a>, Lost> {
    let body = line.get("body");
    if body.is_null() {
        return Err(Lost::MissingField);
    }
    Ok(Line {
        time_ns: envelope.time(line.get("timestamp")),
        trace_id: line.get("trace_id"),
        span_id: line.get("span_id"),
        level: line.get("level").text().unwrap_or_default(),
        severity_number: severity_number(line.get("severity_number")),
        body,
    })
}

fn read_otel_line<'a>(line: Json<'a>, item: &LogItem<'a, '_>) -> Result<Line<'a>, Lost> {
    let either = |one: &str, other: &str| {
        Some(line.get(one))
            .filter(|value| !value.is_null())
            .unwrap_or(line.get(other))
    };
    let body = match otel_value(line.get("body"), item.arena) {
        Some(Value::Text(text)) => Json::Text(text),
        Some(Value::Number(_) | Value::Bool(_)) => inner(line.get("body")),
        None => return Err(Lost::MissingField),
    };
    Ok(Line {
        time_ns: item.envelope.time(either("timeUnixNano", "time_unix_nano")),
        trace_id: either("traceId", "trace_id"),
        span_id: either("spanId", "span_id"),
        level: either("severityText", "severity_text")
            .text()
            .unwrap_or_default(),
        severity_number: severity_number(either("severityNumber", "severity_number")),
        body,
    })
}

/// `{"stringValue": "x"}` and its like; the value may also stand there by itself.
fn otel_value<'a>(value: Json<'a>, arena: &'a Arena) -> Option<Value<'a>> {
    match (value, inner(value)) {
        (Json::Object(_), Json::Text(text)) if !value.get("intValue").is_null() => Value::typed(
            Json::Number(text)
                .float()
                .map_or(Json::Text(text), |_| Json::Number(text)),
            arena,
        ),
        (_, inner) => Value::of(inner, arena),
    }
}

fn inner(value: Json<'_>) -> Json<'_> {
    match value {
        Json::Object([member]) => member.value,
        _ => value,
    }
}

fn severity_number(value: Json<'_>) -> Option<u8> {
    u8::try_from(value.unsigned()?)
        .ok()
        .filter(|number| (1..=24).contains(number))
}

/// Make a row of a line whose attributes were gathered.
fn put<'a>(
    line: &Line<'a>,
    log_id: [u8; 16],
    words: &OwnWords<'a>,
    container: &mut Container<'a, '_>,
    sink: &mut Sink<'_, LogRows>,
) {
    let (receipt, envelope) = (container.receipt, container.envelope);
    let span_id = span_id(line.span_id, container);
    let sequence = whole_number("sentry.timestamp.sequence", container).unwrap_or(0);
    // Python repeats the severity here.
    container.attributes.take("sentry.severity_text");
    let severity_attribute = whole_number("sentry.severity_number", container)
        .and_then(|number| u8::try_from(number).ok());
    container.attributes.put_into(sink.rows.attributes());
    let resource_id = container.resource_id(sink.resources);
    let (time_ns, moved_from_s) = sink.place(line.time_ns, receipt);
    if let Some(seconds) = moved_from_s {
        sink.rows.note(TIME_MOVED_KEY, seconds);
    }
    let (severity_number, severity) =
        severity(line.level, line.severity_number.or(severity_attribute));
    let source = sink.rows.source(&container.source(words, "sentry_log"));
    let written;
    let body = match line.body {
        Json::Text(text) => text,
        other => {
            written = write(&other);
            &written
        }
    };
    sink.rows.finish_row(&LogHead {
        project_id: receipt.project_id,
        log_id,
        time_ns,
        sequence,
        received_ns: receipt.received_ns,
        trace_id: id(line.trace_id)
            .or_else(|| envelope.trace_id())
            .unwrap_or_default(),
        span_id,
        severity_number,
        severity,
        body,
        event_name: "",
        source,
        resource_id,
    });
}

/// The span that was active: JavaScript and Rust say it by an attribute.
fn span_id<'a>(given: Json<'a>, container: &mut Container<'a, '_>) -> [u8; 8] {
    let mut found = id(given);
    for name in ["sentry.trace.parent_span_id", "parent_span_id"] {
        if let Some(span_id) = container
            .attributes
            .text(name)
            .and_then(|text| id(Json::Text(text)))
        {
            container.attributes.take(name);
            found = found.or(Some(span_id));
        }
    }
    found.unwrap_or_default()
}

/// Take out an attribute that is a whole number.
fn whole_number(name: &str, container: &mut Container<'_, '_>) -> Option<u32> {
    match container.attributes.take(name)? {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float's cast saturates, and so many lines of one time need no order"
        )]
        Value::Number(number) => Some(number as u32),
        Value::Text(text) => text.parse().ok(),
        Value::Bool(_) => None,
    }
}

impl<'a, 'e> LogItem<'a, 'e> {
    /// Of a payload.
    pub(crate) fn of(
        payload: &[u8],
        receipt: Receipt,
        envelope: &'e Envelope<'a>,
        arena: &'a Arena,
    ) -> Self {
        let mut hash = Hash::of("sentry_log_item");
        hash.bytes(payload);
        Self {
            receipt,
            envelope,
            arena,
            payload_hash: hash.short(),
        }
    }

    /// The same whenever the same record is read again.
    fn log_id(&self, place: usize) -> [u8; 16] {
        let mut hash = Hash::of("sentry_log");
        hash.number(u64::from(self.receipt.project_id));
        hash.number(self.receipt.received_ns.unsigned_abs());
        hash.number(self.payload_hash);
        hash.number(place as u64);
        hash.long()
    }
}

/// Count the bytes of an item's lines that were kept. The framing is shared out among all lines.
pub(crate) fn count_bytes(payload_bytes: usize, source: usize, counts: &mut Counts) {
    let (kept, all) = (
        counts.accepted(source, "log_item"),
        counts.all(source, "log_item"),
    );
    let share = (payload_bytes as u64).saturating_mul(kept) / all.max(1);
    counts.accept(
        source,
        "log_byte",
        usize::try_from(share).unwrap_or(usize::MAX),
    );
}

/// Number and word of a severity, each from the other where one is missing.
fn severity(level: &str, number: Option<u8>) -> (u8, &str) {
    const WORDS: [(u8, &str); 6] = [
        (1, "trace"),
        (5, "debug"),
        (9, "info"),
        (13, "warn"),
        (17, "error"),
        (21, "fatal"),
    ];
    let word = match level {
        "warning" => "warn",
        "critical" => "fatal",
        "log" => "info",
        other => other,
    };
    // Some write their level in capitals.
    let known = WORDS
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(word));
    match (known, number) {
        (Some((by_word, word)), number) => (number.unwrap_or(*by_word), word),
        (None, None) if word.is_empty() => (9, "info"),
        (None, Some(number)) if word.is_empty() => (
            number,
            WORDS
                .iter()
                .rev()
                .find(|(least, _)| *least <= number)
                .map_or("info", |(_, word)| word),
        ),
        (None, number) => (number.unwrap_or(0), word),
    }
}

#[cfg(test)]
mod tests {
    use super::severity;

    #[test]
    fn number_and_word_of_a_severity_complete_each_other() {
        for (level, number, expected) in [
            ("warn", None, (13, "warn")),
            ("warning", None, (13, "warn")),
            ("critical", Some(21), (21, "fatal")),
            ("INFO", None, (9, "info")),
            ("", Some(18), (18, "error")),
            ("", None, (9, "info")),
            ("notice", None, (0, "notice")),
            ("notice", Some(10), (10, "notice")),
            ("error", Some(18), (18, "error")),
        ] {
            assert_eq!(severity(level, number), expected, "{level}");
        }
    }
}
