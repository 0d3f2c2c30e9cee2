//! What an event says around its trace: sender, request, user, other signals.

use crate::attributes::{Attributes, Value, tag};
use crate::contexts::set_contexts;
use crate::envelope::{Envelope, is_auto, set_sdk};
use crate::json::{Arena, Json};
use crate::span::plain_hex;
use crate::span_v1::set_measurements;

/// An event with the parts of it that are asked for often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'a, 'e> {
    pub(crate) body: Json<'a>,
    pub(crate) contexts: Json<'a>,
    pub(crate) tags: Json<'a>,
    pub(crate) envelope: &'e Envelope<'a>,
    pub(crate) arena: &'a Arena,
}

impl<'a, 'e> Event<'a, 'e> {
    /// Of a payload.
    pub(crate) fn of(body: Json<'a>, envelope: &'e Envelope<'a>, arena: &'a Arena) -> Self {
        Self {
            body,
            contexts: body.get("contexts"),
            tags: body.get("tags"),
            envelope,
            arena,
        }
    }

    /// A word of its top level, "" if there is none.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.body.get(name).word().unwrap_or_default()
    }

    pub(crate) fn sdk(&self) -> Json<'a> {
        let own = self.body.get("sdk");
        if own.get("name").is_null() {
            self.envelope.sdk
        } else {
            own
        }
    }

    pub(crate) fn sdk_name(&self) -> &'a str {
        self.sdk().get("name").text().unwrap_or_default()
    }

    /// What is equal for all transactions of a process.
    pub(crate) fn set_sender(&self, resource: &mut Attributes<'a>) {
        set_sdk(self.sdk(), resource);
        resource.set_text("host.name", self.body.get("server_name").word());
        resource.set_text("sentry.dist", self.body.get("dist").word());
    }

    /// From the nearest to the widest: what is said first of a name stays.
    pub(crate) fn set_attributes(
        &self,
        attributes: &mut Attributes<'a>,
        resource: &mut Attributes<'a>,
    ) {
        let trace = self.contexts.get("trace");
        attributes.set_members(trace.get("data"), self.arena);
        self.set_http(attributes);
        self.set_links_to_other_signals(attributes);
        self.set_user(attributes);
        set_measurements(self.body.get("measurements"), attributes, self.arena);
        attributes.set_tags(trace.get("tags"));
        attributes.set_tags(self.tags);
        set_contexts(self.contexts, attributes, resource, self.arena);
        attributes.set_below("extra.", self.body.get("extra"), self.arena);
        attributes.set(
            "sentry.exclusive_time",
            trace.get("exclusive_time").float().map(Value::Number),
        );
        attributes.set_text("sentry.hash", trace.get("hash").text());
    }

    fn set_http(&self, attributes: &mut Attributes<'a>) {
        if attributes.get("http.status_code").is_none()
            && let Some(status) = self.contexts.get("response").get("status_code").word()
        {
            attributes.set_text("http.response.status_code", Some(status));
        }
        let request = self.body.get("request");
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
        let given = self.body.get("user").get("ip_address").text();
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
        let user = self.body.get("user");
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
}

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
