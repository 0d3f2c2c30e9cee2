//! Trace metrics: containers of single measurements, each made within a trace.

use vedette_core::hash::{AttributeSetHash, Hash};
use vedette_core::rows::{
    MetricHead, MetricKind, MetricRows, Rows as _, TIME_MOVED_KEY, Temporality,
};

use crate::attributes::Value;
use crate::container::{Container, read_all};
use crate::counts::Lost;
use crate::envelope::Envelope;
use crate::ids::id;
use crate::json::{Arena, Json};
use crate::sink::{Receipt, Sink};

/// Take in a container of measurements.
pub(crate) fn take_in_container<'a>(
    payload: Json<'a>,
    receipt: Receipt,
    envelope: &Envelope<'a>,
    arena: &'a Arena,
    sink: &mut Sink<'_, MetricRows>,
) -> Result<(), Lost> {
    let mut container = Container::of(payload, receipt, envelope, arena);
    read_all(payload, "trace_metric", receipt, sink, |metric, _, sink| {
        take_in(metric, &mut container, sink)
    })
}

fn take_in<'a>(
    metric: Json<'a>,
    container: &mut Container<'a, '_>,
    sink: &mut Sink<'_, MetricRows>,
) -> Result<(), Lost> {
    let name = clean_name(metric.get("name"), container.arena).ok_or(Lost::MissingField)?;
    let kind = kind(metric.get("type")).ok_or(Lost::MissingField)?;
    let value = metric.get("value").float().ok_or(Lost::MissingField)?;
    let unit = metric.get("unit").text().unwrap_or_default();
    let (receipt, envelope) = (container.receipt, container.envelope);
    let words = container.gather(metric.get("attributes"));
    // It orders measurements of one time, and is no part of what was measured.
    container.attributes.take("sentry.timestamp.sequence");
    container.attributes.put_into(sink.rows.attributes());
    let resource_id = container.resource_id(sink.resources);
    let (time_ns, moved_from_s) = sink.place(envelope.time(metric.get("timestamp")), receipt);
    if let Some(seconds) = moved_from_s {
        sink.rows.note(TIME_MOVED_KEY, seconds);
    }
    let is_counter = kind == MetricKind::Counter;
    let head = MetricHead {
        project_id: receipt.project_id,
        name,
        kind,
        unit,
        temporality: if is_counter {
            Temporality::Delta
        } else {
            Temporality::Unspecified
        },
        is_monotonic: is_counter,
        time_ns,
        received_ns: receipt.received_ns,
        value,
        trace_id: id(metric.get("trace_id"))
            .or_else(|| envelope.trace_id())
            .unwrap_or_default(),
        span_id: id(metric.get("span_id")).unwrap_or_default(),
        source: sink.rows.source(&container.source(&words, "sentry_metric")),
        resource_id,
        ..MetricHead::default()
    };
    let series_id = series_id(&head, container);
    sink.rows.finish_row(&MetricHead { series_id, ..head });
    Ok(())
}

fn series_id(head: &MetricHead<'_>, container: &Container<'_, '_>) -> u64 {
    let mut set = AttributeSetHash::default();
    for (name, value) in container.attributes.pairs() {
        match value {
            Value::Text(text) => set.add(name.as_bytes(), 0, text.as_bytes()),
            Value::Number(number) => set.add(name.as_bytes(), 1, &number.to_le_bytes()),
            Value::Bool(value) => set.add(name.as_bytes(), 2, &[u8::from(*value)]),
        }
    }
    let mut hash = Hash::of("sentry_series");
    hash.number(u64::from(head.project_id));
    hash.bytes(head.name.as_bytes());
    hash.bytes(head.kind.word().as_bytes());
    hash.bytes(head.unit.as_bytes());
    hash.number(head.resource_id);
    hash.number(set.bits());
    hash.short()
}

fn kind(word: Json<'_>) -> Option<MetricKind> {
    match word.text()? {
        "counter" => Some(MetricKind::Counter),
        "gauge" => Some(MetricKind::Gauge),
        "distribution" => Some(MetricKind::Distribution),
        _ => None,
    }
}

/// The name with `_` for whatever is neither letter, digit, `_` nor `.`.
fn clean_name<'a>(name: Json<'a>, arena: &'a Arena) -> Option<&'a str> {
    let name = name.text()?;
    let is_clean =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
    if name.chars().all(is_clean) {
        return Some(name);
    }
    let clean: String = name
        .chars()
        .map(|character| if is_clean(character) { character } else { '_' })
        .collect();
    Some(arena.keep(&clean))
}
