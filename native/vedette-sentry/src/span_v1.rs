//! Spans of Sentry's first protocol: the children in a transaction, and those sent alone.

use vedette_core::rows::{Source, SpanRows};

use crate::attributes::{Attributes, Value};
use crate::counts::Lost;
use crate::envelope::{Envelope, platform_of, set_sdk};
use crate::ids::id;
use crate::json::{Arena, Json};
use crate::names::{kind_of, name_of, set_present_names};
use crate::own_words::{OwnWords, first};
use crate::sink::{Receipt, Sink};
use crate::span::{Span, plain_hex, put};
use crate::status::{self, Outcome};

/// The fields of a span as they came, null where there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) trace_id: Json<'a>,
    pub(crate) span_id: Json<'a>,
    pub(crate) parent_span_id: Json<'a>,
    pub(crate) start: Json<'a>,
    pub(crate) end: Json<'a>,
    pub(crate) op: Json<'a>,
    pub(crate) description: Json<'a>,
    pub(crate) status: Json<'a>,
    pub(crate) origin: Json<'a>,
    pub(crate) data: Json<'a>,
    pub(crate) tags: Json<'a>,
    pub(crate) measurements: Json<'a>,
    pub(crate) links: Json<'a>,
    pub(crate) is_segment: Json<'a>,
    pub(crate) segment_id: Json<'a>,
    pub(crate) profile_id: Json<'a>,
    pub(crate) exclusive_time: Json<'a>,
    pub(crate) hash: Json<'a>,
    pub(crate) same_process: Json<'a>,
}

impl<'a> Fields<'a> {
    /// Read an object in one pass; all else has no fields.
    pub(crate) fn of(span: Json<'a>) -> Self {
        let mut ignored = Json::Null;
        let mut fields = Self::none();
        for member in span.members() {
            *match member.key {
                "trace_id" => &mut fields.trace_id,
                "span_id" => &mut fields.span_id,
                "parent_span_id" => &mut fields.parent_span_id,
                "start_timestamp" => &mut fields.start,
                "timestamp" => &mut fields.end,
                "op" => &mut fields.op,
                "description" => &mut fields.description,
                "status" => &mut fields.status,
                "origin" => &mut fields.origin,
                "data" => &mut fields.data,
                "tags" => &mut fields.tags,
                "measurements" => &mut fields.measurements,
                "links" => &mut fields.links,
                "is_segment" => &mut fields.is_segment,
                "segment_id" => &mut fields.segment_id,
                "profile_id" => &mut fields.profile_id,
                "exclusive_time" => &mut fields.exclusive_time,
                "hash" => &mut fields.hash,
                "same_process_as_parent" => &mut fields.same_process,
                _ => &mut ignored,
            } = member.value;
        }
        fields
    }

    fn none() -> Self {
        let none = Json::Null;
        Self {
            trace_id: none,
            span_id: none,
            parent_span_id: none,
            start: none,
            end: none,
            op: none,
            description: none,
            status: none,
            origin: none,
            data: none,
            tags: none,
            measurements: none,
            links: none,
            is_segment: none,
            segment_id: none,
            profile_id: none,
            exclusive_time: none,
            hash: none,
            same_process: none,
        }
    }

    /// Gather the attributes: data wins over tags.
    pub(crate) fn set_attributes(&self, attributes: &mut Attributes<'a>, arena: &'a Arena) {
        attributes.set_members(self.data, arena);
        attributes.set_tags(self.tags);
        if !self.said_status().is_null() && self.tags.get("status") == self.said_status() {
            // Python repeats the status among the tags.
            attributes.take("status");
        }
        set_measurements(self.measurements, attributes, arena);
        attributes.set(
            "sentry.exclusive_time",
            self.exclusive_time.float().map(Value::Number),
        );
        attributes.set_text("sentry.hash", self.hash.text());
        if self.same_process == Json::Bool(false) {
            attributes.set("sentry.same_process_as_parent", Some(Value::Bool(false)));
        }
        if let Some(profile_id) = self.profile_id.text() {
            attributes.set_text("sentry.profile_id", Some(plain_hex(profile_id, arena)));
        }
        set_present_names(attributes);
    }

    /// How it ended: as it says, else as its HTTP status says.
    pub(crate) fn outcome(&self, attributes: &Attributes<'a>) -> Outcome<'a> {
        status::from_word(self.said_status())
            .or_else(|| status::from_http(http_status(attributes)?))
            .unwrap_or_default()
    }

    /// Python before 2.0 says the status of a span nowhere but among its tags.
    fn said_status(&self) -> Json<'a> {
        let tag = self.tags.get("status");
        match tag.text() {
            Some(word) if self.status.is_null() && status::is_known(word) => tag,
            _ => self.status,
        }
    }

    /// Fill in what the words of a span make of it: op, name, description, kind, status.
    pub(crate) fn describe(
        &self,
        span: &mut Span<'a>,
        words: &OwnWords<'a>,
        attributes: &Attributes<'a>,
        arena: &'a Arena,
    ) {
        let text = |field: Json<'a>| field.text().unwrap_or_default();
        span.op = first(&[text(self.op), words.op, "default"]);
        span.description = first(&[
            self.description.word().unwrap_or_default(),
            words.description,
        ]);
        let origin = first(&[text(self.origin), words.origin]);
        span.name = name_of(span.op, span.description, origin, attributes, arena);
        span.kind = words.kind.unwrap_or_else(|| kind_of(span.op));
        span.outcome = self.outcome(attributes);
        span.status_message = words.status_message;
    }

    /// Who made the span.
    pub(crate) fn origin(&self, words: &OwnWords<'a>) -> &'a str {
        first(&[self.origin.text().unwrap_or_default(), words.origin])
    }
}

/// Under the names that SDKs use, and those of web vitals under the attribute they have in spans.
pub(crate) fn set_measurements<'a>(
    measurements: Json<'a>,
    attributes: &mut Attributes<'a>,
    arena: &'a Arena,
) {
    for member in measurements.members().iter().rev() {
        let given = member.value;
        let number = given.get("value").float().or_else(|| given.float());
        let Some(number) = number.map(Value::Number) else {
            continue;
        };
        attributes.set(
            arena.keep(&["measurements.", member.key].concat()),
            Some(number),
        );
        if matches!(member.key, "lcp" | "fcp" | "cls" | "inp" | "ttfb") {
            let name = ["browser.web_vital.", member.key, ".value"].concat();
            attributes.set(arena.keep(&name), Some(number));
        }
    }
}

/// The HTTP status among the attributes.
pub(crate) fn http_status(attributes: &Attributes<'_>) -> Option<u64> {
    let value = ["http.response.status_code", "http.status_code"]
        .iter()
        .find_map(|name| attributes.get(name))?;
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float's cast saturates, and no such number is a status"
        )]
        Value::Number(number) => Some(number as u64),
        Value::Text(text) => text.parse().ok(),
        Value::Bool(_) => None,
    }
}

/// Take in a span that was sent alone.
pub(crate) fn take_in<'a>(
    span: Json<'a>,
    receipt: Receipt,
    envelope: &Envelope<'a>,
    arena: &'a Arena,
    sink: &mut Sink<'_, SpanRows>,
) -> Result<(), Lost> {
    if !span.is_object() {
        return Err(Lost::Unreadable);
    }
    let fields = Fields::of(span);
    let mut row = Span {
        trace_id: id(fields.trace_id).ok_or(Lost::MissingField)?,
        span_id: id(fields.span_id).ok_or(Lost::MissingField)?,
        parent_span_id: id(fields.parent_span_id).unwrap_or_default(),
        start_ns: envelope.time(fields.start).ok_or(Lost::MissingField)?,
        end_ns: envelope.time(fields.end).ok_or(Lost::MissingField)?,
        ..Span::default()
    };
    let mut attributes = Attributes::new();
    let mut resource = Attributes::new();
    fields.set_attributes(&mut attributes, arena);
    let words = OwnWords::take(&mut attributes, &mut resource);
    set_sdk(envelope.sdk, &mut resource);
    fields.describe(&mut row, &words, &attributes, arena);
    row.segment_id = id(fields.segment_id)
        .or(words.segment_id)
        .unwrap_or_default();
    row.is_segment = fields
        .is_segment
        .bool()
        .unwrap_or(row.segment_id == row.span_id);
    if row.is_segment {
        row.segment_id = row.span_id;
    }
    // JavaScript calls the segment's name "transaction" here.
    let said = |names: &[&str]| attributes.first_text(names).unwrap_or_default();
    let own_name = if row.is_segment { row.name } else { "" };
    row.segment_name = first(&[words.segment_name, said(&["transaction"]), own_name]);
    row.sample_rate = words
        .sample_rate
        .or_else(|| envelope.sample_rate())
        .unwrap_or(1.0);
    let trace = |name: &str| envelope.trace.get(name).text().unwrap_or_default();
    let source = Source {
        service: first(&[words.service, envelope.service]),
        environment: first(&[
            words.environment,
            said(&["environment"]),
            trace("environment"),
        ]),
        release: first(&[words.release, said(&["release"]), trace("release")]),
        platform: first(&[
            words.platform,
            platform_of(envelope.sdk.get("name").text().unwrap_or_default()),
        ]),
        protocol: "sentry_span",
        origin: fields.origin(&words),
        scope_name: "",
    };
    for name in ["transaction", "environment", "release"] {
        attributes.take(name);
    }
    attributes.set_text("sentry.replay_id", envelope.replay_id());
    row.resource_id =
        resource.put_as_resource(sink.resources, receipt.project_id, receipt.received_ns);
    put(receipt, &row, &source, &attributes, fields.links, sink);
    sink.counts.accept(receipt.source, "span", 1);
    Ok(())
}
