//! Sentry's JSON (transactions, span, log and metric containers) into the rows of `vedette-core`.
//!
//! Reading never fails as a whole: what cannot be kept is counted, and harms nothing beside it.

mod attributes;
mod container;
mod contexts;
mod counts;
mod envelope;
mod event;
mod health_check;
mod ids;
pub mod json;
mod log;
mod metric;
mod names;
mod own_words;
mod sink;
mod span;
mod span_v1;
mod span_v2;
mod status;
mod time;
mod transaction;

use counts::{Counts, Lost};
use envelope::Envelope;
use json::{Arena, Json, Unreadable};
use sink::{Receipt, Sink};
use vedette_core::otlp::{Builders, Decoded, Decoder, RulesByProject};
use vedette_core::rows::{LogRows, MetricRows, ResourceRows, Rows, SpanRows, TimeWindow};

/// One item of an envelope, as the door left it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Whose.
    pub project_id: u32,
    /// When the door took it, in unix nanoseconds.
    pub received_ns: i64,
    /// How it is to be read: see the function that takes it.
    pub kind: &'a str,
    /// A JSON object: `dsc` (the envelope header's `trace`), `sdk`, `sent_at`, `client_address`,
    /// `user_agent`, `service` (the fallback).
    pub context: &'a [u8],
    /// What was sent.
    pub payload: &'a [u8],
}

/// Decode spans: `transaction`, `span_container`, or `span` for one span of either protocol.
pub fn decode_spans(decoder: &mut Decoder, items: &[Item<'_>]) -> Decoded {
    let Builders {
        spans,
        resources,
        window,
        rules,
        ..
    } = decoder.builders();
    decode(items, spans, resources, (window, rules), read_span_item)
}

/// Decode logs: `otel_log` for a single line, any other word for a container.
pub fn decode_logs(decoder: &mut Decoder, items: &[Item<'_>]) -> Decoded {
    let Builders {
        logs,
        resources,
        window,
        rules,
        ..
    } = decoder.builders();
    decode(items, logs, resources, (window, rules), read_log_item)
}

/// Decode containers of metrics, whatever their kind is called.
pub fn decode_metrics(decoder: &mut Decoder, items: &[Item<'_>]) -> Decoded {
    let Builders {
        metrics,
        resources,
        window,
        rules,
        ..
    } = decoder.builders();
    decode(items, metrics, resources, (window, rules), read_metric_item)
}

/// What is known of an item whose payload is about to be read.
struct Opened<'a, 'i> {
    item: &'i Item<'a>,
    receipt: Receipt,
    envelope: Envelope<'a>,
    arena: &'a Arena,
}

fn decode<R: Rows>(
    items: &[Item<'_>],
    rows: &mut R,
    resources: &mut ResourceRows,
    (window, rules): (TimeWindow, &RulesByProject),
    read_item: impl for<'a> Fn(&Opened<'a, '_>, &mut Sink<'_, R>),
) -> Decoded {
    let mut counts = Counts::default();
    let mut arena = Arena::new();
    let mut sink = Sink {
        rows,
        resources,
        window,
        counts: &mut counts,
    };
    for (source, item) in items.iter().enumerate() {
        let (project_id, received_ns) = (item.project_id, item.received_ns);
        let rules = rules.get(&project_id);
        let receipt = Receipt {
            source,
            project_id,
            received_ns,
            drops_health_checks: rules.is_some_and(|rules| rules.drops_health_checks),
        };
        let scrubber = rules.and_then(|rules| rules.scrubber.as_ref());
        sink.rows.scrub_with(scrubber);
        sink.resources.scrub_with(scrubber);
        let envelope = Envelope::read(item.context, received_ns, &arena);
        read_item(
            &Opened {
                item,
                receipt,
                envelope,
                arena: &arena,
            },
            &mut sink,
        );
        arena.clear();
    }
    let mut blocks = rows.take_blocks();
    blocks.extend(resources.take_blocks());
    Decoded {
        blocks,
        counts: counts.into_vec(),
    }
}

fn read_span_item(opened: &Opened<'_, '_>, sink: &mut Sink<'_, SpanRows>) {
    let Opened {
        item,
        receipt,
        ref envelope,
        arena,
    } = *opened;
    let tree = json::read(item.payload, arena);
    if item.kind == "transaction" {
        // What cannot be read cannot be counted: it was the transaction and one span at least.
        transaction::take_in(tree.unwrap_or(Json::Null), receipt, envelope, arena, sink);
        return;
    }
    let result = match tree {
        Err(unreadable) => Err(unreadable.into()),
        Ok(tree) if item.kind == "span_container" || !tree.get("items").is_null() => {
            span_v2::take_in_container(tree, receipt, envelope, arena, sink)
        }
        Ok(tree) if !tree.get("end_timestamp").is_null() => {
            span_v2::take_in_alone(tree, receipt, envelope, arena, sink)
        }
        Ok(tree) => span_v1::take_in(tree, receipt, envelope, arena, sink),
    };
    if let Err(lost) = result {
        sink.counts.lose(receipt.source, "span", lost, 1);
    }
}

fn read_log_item(opened: &Opened<'_, '_>, sink: &mut Sink<'_, LogRows>) {
    let Opened {
        item,
        receipt,
        ref envelope,
        arena,
    } = *opened;
    let result = json::read(item.payload, arena)
        .map_err(Lost::from)
        .and_then(|tree| {
            let item = log::LogItem::of(item.payload, receipt, envelope, arena);
            if opened.item.kind == "otel_log" {
                log::take_in_otel_log(tree, &item, sink)
            } else {
                log::take_in_container(tree, &item, sink)
            }
        });
    match result {
        Ok(()) => log::count_bytes(item.payload.len(), receipt.source, sink.counts),
        Err(lost) => sink.counts.lose(receipt.source, "log_item", lost, 1),
    }
}

fn read_metric_item(opened: &Opened<'_, '_>, sink: &mut Sink<'_, MetricRows>) {
    let Opened {
        item,
        receipt,
        ref envelope,
        arena,
    } = *opened;
    let result = json::read(item.payload, arena)
        .map_err(Lost::from)
        .and_then(|tree| metric::take_in_container(tree, receipt, envelope, arena, sink));
    if let Err(lost) = result {
        sink.counts.lose(receipt.source, "trace_metric", lost, 1);
    }
}

impl From<Unreadable> for Lost {
    fn from(_: Unreadable) -> Self {
        Self::Unreadable
    }
}
