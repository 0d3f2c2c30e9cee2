//! Transactions: one event that is the first span of its service's part of a trace, with children.

use vedette_core::rows::{Source, SpanKind, SpanRows, SpanStatus};

use crate::attributes::{Attributes, Value, tag};
use crate::counts::Lost;
use crate::envelope::{Envelope, platform_of, sample_rate};
use crate::event::Event;
use crate::health_check::is_health_check;
use crate::ids::id;
use crate::json::{Arena, Json, write};
use crate::names::{kind_of, set_present_names, without_ids};
use crate::own_words::{OwnWords, first};
use crate::sink::{Receipt, Sink};
use crate::span::{Span, put, seconds};
use crate::span_v1::{Fields, http_status};
use crate::status::{self, Outcome};

/// What Sentry calls a transaction without a name.
const UNNAMED: &str = "<unlabeled transaction>";

/// Take in a transaction. Counts itself and its spans, whatever becomes of them.
pub(crate) fn take_in<'a>(
    event: Json<'a>,
    receipt: Receipt,
    envelope: &Envelope<'a>,
    arena: &'a Arena,
    sink: &mut Sink<'_, SpanRows>,
) {
    let children = event.get("spans").elements();
    let reader = match Reader::of(Event::of(event, envelope, arena), receipt) {
        Ok(reader) => reader,
        Err(lost) => {
            sink.counts.lose(receipt.source, "transaction", lost, 1);
            sink.counts
                .lose(receipt.source, "span", lost, 1 + children.len());
            return;
        }
    };
    if receipt.drops_health_checks && is_health_check(reader.event.text("transaction")) {
        let lost = Lost::HealthCheck;
        sink.counts.lose(receipt.source, "transaction", lost, 1);
        sink.counts
            .lose(receipt.source, "span", lost, 1 + children.len());
        return;
    }
    let segment = reader.put_root(sink);
    let mut attributes = Attributes::new();
    let mut kept = 1;
    for child in children {
        match reader.put_child(*child, &segment, &mut attributes, sink) {
            Ok(()) => kept += 1,
            Err(lost) => sink.counts.lose(receipt.source, "span", lost, 1),
        }
    }
    sink.counts.accept(receipt.source, "transaction", 1);
    sink.counts.accept(receipt.source, "span", kept);
}

struct Reader<'a, 'e> {
    event: Event<'a, 'e>,
    trace: Json<'a>,
    root: Span<'a>,
    receipt: Receipt,
}

/// What the root gives to all spans of the transaction.
struct Segment<'a> {
    root: Span<'a>,
    source: Source<'a>,
}

impl<'a, 'e> Reader<'a, 'e> {
    fn of(event: Event<'a, 'e>, receipt: Receipt) -> Result<Self, Lost> {
        if !event.body.is_object() {
            return Err(Lost::Unreadable);
        }
        let trace = event.contexts.get("trace");
        let time = |name: &str| event.envelope.time(event.body.get(name));
        let root = Span {
            trace_id: id(trace.get("trace_id")).ok_or(Lost::MissingField)?,
            span_id: id(trace.get("span_id")).ok_or(Lost::MissingField)?,
            parent_span_id: id(trace.get("parent_span_id")).unwrap_or_default(),
            start_ns: time("start_timestamp").ok_or(Lost::MissingField)?,
            end_ns: time("timestamp").ok_or(Lost::MissingField)?,
            is_segment: true,
            ..Span::default()
        };
        Ok(Self {
            event,
            trace,
            root,
            receipt,
        })
    }

    fn put_root(&self, sink: &mut Sink<'_, SpanRows>) -> Segment<'a> {
        let mut attributes = Attributes::new();
        let mut resource = Attributes::new();
        self.event.set_attributes(&mut attributes, &mut resource);
        let words = OwnWords::take(&mut attributes, &mut resource);
        set_present_names(&mut attributes);
        self.event.set_sender(&mut resource);
        let mut root = self.root;
        self.describe(&mut root, &words, &mut attributes);
        self.place(&mut root, sink);
        self.put_breadcrumbs(&root, sink);
        let source = self.source(&words, &mut attributes);
        root.resource_id = resource.put_as_resource(
            sink.resources,
            self.receipt.project_id,
            self.receipt.received_ns,
        );
        put(
            self.receipt,
            &root,
            &source,
            &attributes,
            self.trace.get("links"),
            sink,
        );
        Segment { root, source }
    }

    fn describe(&self, root: &mut Span<'a>, words: &OwnWords<'a>, attributes: &mut Attributes<'a>) {
        let trace = |name: &str| self.trace.get(name).word().unwrap_or_default();
        let name = first(&[self.event.text("transaction"), UNNAMED]);
        let source = self.event.body.get("transaction_info").get("source").text();
        let is_url =
            matches!(source, Some("url" | "sanitized")) || (source.is_none() && name.contains('/'));
        let sanitized = if is_url {
            without_ids(name, self.event.arena)
        } else {
            None
        };
        root.name = sanitized.unwrap_or(name);
        attributes.set_text(
            "sentry.span.source",
            if sanitized.is_some() {
                Some("sanitized")
            } else {
                source
            },
        );
        let whole_name = if sanitized.is_some() { name } else { "" };
        root.description = first(&[whole_name, trace("description"), words.description]);
        root.op = first(&[trace("op"), words.op, "default"]);
        root.kind = words.kind.unwrap_or_else(|| kind_of(root.op));
        root.outcome = self.outcome(attributes);
        root.status_message = words.status_message;
        root.segment_id = root.span_id;
        root.segment_name = root.name;
        root.sample_rate = sample_rate(self.trace.get("client_sample_rate"))
            .or(words.sample_rate)
            .or_else(|| self.event.envelope.sample_rate())
            .unwrap_or(1.0);
    }

    fn outcome(&self, attributes: &Attributes<'a>) -> Outcome<'a> {
        status::from_word(self.trace.get("status"))
            .or_else(|| status::from_http(http_status(attributes)?))
            .unwrap_or_default()
    }

    /// Breadcrumbs are the events of the span.
    fn put_breadcrumbs(&self, root: &Span<'a>, sink: &mut Sink<'_, SpanRows>) {
        for breadcrumb in self.event.body.get("breadcrumbs").elements() {
            let word = |name: &str| breadcrumb.get(name).text().unwrap_or_default();
            let name = first(&[word("category"), word("type"), "breadcrumb"]);
            let time = self.event.envelope.time(breadcrumb.get("timestamp"));
            let rest = breadcrumb.members().iter();
            let rest: Vec<_> = rest
                .filter(|member| member.key != "timestamp")
                .copied()
                .collect();
            if !rest.is_empty() {
                sink.rows.event(
                    time.unwrap_or(root.end_ns),
                    name,
                    &write(&Json::Object(&rest)),
                );
            }
        }
    }

    /// Move the whole transaction if its end is not believed, so that its spans stay together.
    fn place(&self, root: &mut Span<'a>, sink: &Sink<'_, SpanRows>) {
        let (placed, moved_from_s) = sink.place(Some(root.end_ns), self.receipt);
        if moved_from_s.is_some() {
            let shift_ns = placed.saturating_sub(root.end_ns);
            root.moved_from_s = Some(seconds(root.start_ns));
            root.start_ns = root.start_ns.saturating_add(shift_ns);
            root.end_ns = placed;
        }
    }

    fn source(&self, words: &OwnWords<'a>, attributes: &mut Attributes<'a>) -> Source<'a> {
        // Tags of these names mean the fields.
        let [environment, release] = ["environment", "release"].map(|name| {
            let said = attributes
                .take(name)
                .and_then(Value::text)
                .unwrap_or_default();
            first(&[self.event.text(name), said])
        });
        let head = |name: &str| {
            self.event
                .envelope
                .trace
                .get(name)
                .text()
                .unwrap_or_default()
        };
        Source {
            service: first(&[
                words.service,
                tag(self.event.tags, "service").unwrap_or_default(),
                self.event.envelope.service,
            ]),
            environment: first(&[environment, words.environment, head("environment")]),
            release: first(&[release, words.release, head("release")]),
            platform: first(&[
                self.event.text("platform"),
                words.platform,
                platform_of(self.event.sdk_name()),
            ]),
            protocol: "sentry_transaction",
            origin: first(&[
                self.trace.get("origin").text().unwrap_or_default(),
                words.origin,
            ]),
            scope_name: "",
        }
    }

    fn put_child(
        &self,
        child: Json<'a>,
        segment: &Segment<'a>,
        attributes: &mut Attributes<'a>,
        sink: &mut Sink<'_, SpanRows>,
    ) -> Result<(), Lost> {
        if !child.is_object() {
            return Err(Lost::Unreadable);
        }
        let fields = Fields::of(child);
        let mut row = self.child_row(&fields, &segment.root)?;
        attributes.clear();
        let mut resource = Attributes::default();
        fields.set_attributes(attributes, self.event.arena);
        let words = OwnWords::take(attributes, &mut resource);
        // The transaction has said who sends; what a child says of processes is of another one.
        for (name, value) in resource.pairs() {
            attributes.push(name, *value);
        }
        fields.describe(&mut row, &words, attributes, self.event.arena);
        if fields.end.is_null() && fields.status.is_null() {
            row.outcome = UNFINISHED;
        }
        let source = Source {
            origin: fields.origin(&words),
            ..segment.source
        };
        put(self.receipt, &row, &source, attributes, fields.links, sink);
        Ok(())
    }

    fn child_row(&self, fields: &Fields<'a>, root: &Span<'a>) -> Result<Span<'a>, Lost> {
        let shift_ns = root.end_ns.saturating_sub(self.root.end_ns);
        let time = |value| Some(self.event.envelope.time(value)?.saturating_add(shift_ns));
        Ok(Span {
            trace_id: id(fields.trace_id).unwrap_or(root.trace_id),
            span_id: id(fields.span_id).ok_or(Lost::MissingField)?,
            parent_span_id: id(fields.parent_span_id).unwrap_or(root.span_id),
            start_ns: time(fields.start).ok_or(Lost::MissingField)?,
            end_ns: time(fields.end).unwrap_or(root.end_ns),
            kind: SpanKind::Unspecified,
            segment_id: root.span_id,
            segment_name: root.segment_name,
            sample_rate: root.sample_rate,
            resource_id: root.resource_id,
            ..Span::default()
        })
    }
}

/// A span that was still open when its transaction ended.
const UNFINISHED: Outcome<'static> = Outcome {
    status: SpanStatus::Error,
    text: "deadline_exceeded",
};
