//! Transactions: one event that is the first span of its service's part of a trace, with children.

use vedette_core::rows::{Source, SpanKind, SpanRows, SpanStatus};

use crate::attributes::{Attributes, Value, tag};
use crate::contexts::set_contexts;
use crate::counts::Lost;
use crate::envelope::{Envelope, is_auto, platform_of, sample_rate, set_sdk};
use crate::ids::id;
use crate::json::{Arena, Json};
use crate::names::{kind_of, set_present_names, without_ids};
use crate::own_words::{OwnWords, first};
use crate::sink::{Receipt, Sink};
use crate::span::{Span, plain_hex, put, seconds};
use crate::span_v1::{Fields, http_status, set_measurements};
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
    let reader = match Reader::of(event, receipt, envelope, arena) {
        Ok(reader) => reader,
        Err(lost) => {
            sink.counts.lose(receipt.source, "transaction", lost, 1);
            sink.counts
                .lose(receipt.source, "span", lost, 1 + children.len());
            return;
        }
    };
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
    event: Json<'a>,
    trace: Json<'a>,
    contexts: Json<'a>,
    tags: Json<'a>,
    root: Span<'a>,
    receipt: Receipt,
    envelope: &'e Envelope<'a>,
    arena: &'a Arena,
}

/// What the root gives to all spans of the transaction.
struct Segment<'a> {
    root: Span<'a>,
    source: Source<'a>,
}

impl<'a, 'e> Reader<'a, 'e> {
    fn of(
        event: Json<'a>,
        receipt: Receipt,
        envelope: &'e Envelope<'a>,
        arena: &'a Arena,
    ) -> Result<Self, Lost> {
        if !event.is_object() {
            return Err(Lost::Unreadable);
        }
        let contexts = event.get("contexts");
        let trace = contexts.get("trace");
        let root = Span {
            trace_id: id(trace.get("trace_id")).ok_or(Lost::MissingField)?,
            span_id: id(trace.get("span_id")).ok_or(Lost::MissingField)?,
            parent_span_id: id(trace.get("parent_span_id")).unwrap_or_default(),
            start_ns: envelope
                .time(event.get("start_timestamp"))
                .ok_or(Lost::MissingField)?,
            end_ns: envelope
                .time(event.get("timestamp"))
                .ok_or(Lost::MissingField)?,
            is_segment: true,
            ..Span::default()
        };
        let tags = event.get("tags");
        Ok(Self {
            event,
            trace,
            contexts,
            tags,
            root,
            receipt,
            envelope,
            arena,
        })
    }

    fn text(&self, name: &str) -> &'a str {
        self.event.get(name).word().unwrap_or_default()
    }

    fn put_root(&self, sink: &mut Sink<'_, SpanRows>) -> Segment<'a> {
        let mut attributes = Attributes::new();
        let mut resource = Attributes::new();
        self.set_attributes(&mut attributes, &mut resource);
        let words = OwnWords::take(&mut attributes, &mut resource);
        set_present_names(&mut attributes);
        self.set_sender(&mut resource);
        let mut root = self.root;
        self.describe(&mut root, &words, &mut attributes);
        self.place(&mut root, sink);
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
        let name = first(&[self.text("transaction"), UNNAMED]);
        let source = self.event.get("transaction_info").get("source").text();
        let is_url =
            matches!(source, Some("url" | "sanitized")) || (source.is_none() && name.contains('/'));
        let sanitized = if is_url {
            without_ids(name, self.arena)
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
            .or_else(|| self.envelope.sample_rate())
            .unwrap_or(1.0);
    }

    fn outcome(&self, attributes: &Attributes<'a>) -> Outcome<'a> {
        status::from_word(self.trace.get("status"))
            .or_else(|| status::from_http(http_status(attributes)?))
            .unwrap_or_default()
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
            first(&[self.text(name), said])
        });
        let head = |name: &str| self.envelope.trace.get(name).text().unwrap_or_default();
        Source {
            service: first(&[
                words.service,
                tag(self.tags, "service").unwrap_or_default(),
                self.envelope.service,
            ]),
            environment: first(&[environment, words.environment, head("environment")]),
            release: first(&[release, words.release, head("release")]),
            platform: first(&[
                self.text("platform"),
                words.platform,
                platform_of(self.sdk_name()),
            ]),
            protocol: "sentry_transaction",
            origin: first(&[
                self.trace.get("origin").text().unwrap_or_default(),
                words.origin,
            ]),
            scope_name: "",
        }
    }

    fn sdk(&self) -> Json<'a> {
        let own = self.event.get("sdk");
        if own.get("name").is_null() {
            self.envelope.sdk
        } else {
            own
        }
    }

    fn sdk_name(&self) -> &'a str {
        self.sdk().get("name").text().unwrap_or_default()
    }

    /// What is equal for all transactions of a process.
    fn set_sender(&self, resource: &mut Attributes<'a>) {
        set_sdk(self.sdk(), resource);
        resource.set_text("host.name", self.event.get("server_name").word());
        resource.set_text("sentry.dist", self.event.get("dist").word());
    }

    /// From the nearest to the widest: what is said first of a name stays.
    fn set_attributes(&self, attributes: &mut Attributes<'a>, resource: &mut Attributes<'a>) {
        attributes.set_members(self.trace.get("data"), self.arena);
        self.set_http(attributes);
        self.set_links_to_other_signals(attributes);
        self.set_user(attributes);
        set_measurements(self.event.get("measurements"), attributes, self.arena);
        attributes.set_tags(self.trace.get("tags"));
        attributes.set_tags(self.tags);
        set_contexts(self.contexts, attributes, resource, self.arena);
        attributes.set_below("extra.", self.event.get("extra"), self.arena);
        attributes.set(
            "sentry.exclusive_time",
            self.trace.get("exclusive_time").float().map(Value::Number),
        );
        attributes.set_text("sentry.hash", self.trace.get("hash").text());
    }

    fn set_http(&self, attributes: &mut Attributes<'a>) {
        if attributes.get("http.status_code").is_none()
            && let Some(status) = self.contexts.get("response").get("status_code").word()
        {
            attributes.set_text("http.response.status_code", Some(status));
        }
        let request = self.event.get("request");
        if attributes.get("http.method").is_none() {
            attributes.set_text("http.request.method", request.get("method").text());
        }
        if attributes.get("http.url").is_none() {
            attributes.set_text("url.full", request.get("url").text());
        }
        attributes.set_text("url.query", request.get("query_string").text());
        attributes.set_text("user_agent.original", user_agent(request.get("headers")));
        attributes.set_text("client.address", self.client_address(request));
    }

    /// The address as the event says it, or the one seen at the door where the event asks for it.
    fn client_address(&self, request: Json<'a>) -> Option<&'a str> {
        let given = self.event.get("user").get("ip_address").text();
        if let Some(address) = given.filter(|address| !is_auto(address)) {
            return Some(address);
        }
        let remote = request.get("env").get("REMOTE_ADDR").text();
        let seen = Some(self.envelope.client_address);
        match self.sdk().get("settings").get("infer_ip").text() {
            Some("never") => None,
            _ if given.is_some() => remote.or(seen),
            Some("auto") => seen,
            // Older SDKs cannot ask; those that run at the user's have their address meant.
            _ if remote.is_none()
                && matches!(self.text("platform"), "javascript" | "cocoa" | "objc") =>
            {
                seen
            }
            _ => None,
        }
    }

    fn set_links_to_other_signals(&self, attributes: &mut Attributes<'a>) {
        let profile = self.contexts.get("profile");
        let replay_id = self.contexts.get("replay").get("replay_id").text();
        let replay_id = replay_id
            .or_else(|| tag(self.tags, "replayId"))
            .or_else(|| self.envelope.replay_id());
        for (name, given) in [
            ("sentry.profile_id", profile.get("profile_id").text()),
            ("sentry.profiler_id", profile.get("profiler_id").text()),
            ("sentry.replay_id", replay_id),
        ] {
            attributes.set_text(name, given.map(|given| plain_hex(given, self.arena)));
        }
    }

    fn set_user(&self, attributes: &mut Attributes<'a>) {
        let user = self.event.get("user");
        attributes.set_text("user.name", user.get("username").word());
        for member in user.members().iter().rev() {
            match member.key {
                "id" => attributes.set_text("user.id", member.value.word()),
                "email" => attributes.set_text("user.email", member.value.word()),
                "name" => attributes.set_text("user.name", member.value.word()),
                // The address is set apart, "username" was.
                "ip_address" | "username" => {}
                "geo" => attributes.set_below("user.geo.", member.value, self.arena),
                "data" => attributes.set_below("user.", member.value, self.arena),
                other => {
                    let name = self.arena.keep(&["user.", other].concat());
                    attributes.set(name, Value::of(member.value, self.arena));
                }
            }
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
        fields.set_attributes(attributes, self.arena);
        let words = OwnWords::take(attributes, &mut resource);
        fields.describe(&mut row, &words, attributes, self.arena);
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
        let time = |value| Some(self.envelope.time(value)?.saturating_add(shift_ns));
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

/// Headers are an object or a list of pairs.
fn user_agent(headers: Json<'_>) -> Option<&str> {
    let is_it = |name: &str| name.eq_ignore_ascii_case("user-agent");
    if let Some(member) = headers.members().iter().find(|member| is_it(member.key)) {
        return match member.value {
            Json::List(values) => values.first()?.text(),
            value => value.text(),
        };
    }
    headers
        .elements()
        .iter()
        .find_map(|pair| match pair.elements() {
            [name, value] if is_it(name.text()?) => value.text(),
            _ => None,
        })
}
