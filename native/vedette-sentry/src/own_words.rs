//! Attributes in which Sentry's SDKs say what has a column or a place of its own.

use vedette_core::rows::SpanKind;

use crate::attributes::{Attributes, Value};
use crate::envelope::sample_rate;
use crate::ids::id;
use crate::json::Json;
use crate::names::kind_by_word;

/// How the names of attributes begin that OpenTelemetry has in resources, and Sentry everywhere.
const SENDER_PREFIXES: [&str; 5] = ["sentry.sdk.", "process.", "os.", "host.", "cloud."];

/// What was said by attributes; nothing or "" where nothing was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OwnWords<'a> {
    pub(crate) op: &'a str,
    pub(crate) origin: &'a str,
    pub(crate) description: &'a str,
    pub(crate) status_message: &'a str,
    pub(crate) release: &'a str,
    pub(crate) environment: &'a str,
    pub(crate) service: &'a str,
    pub(crate) platform: &'a str,
    pub(crate) sdk_name: &'a str,
    pub(crate) segment_name: &'a str,
    pub(crate) segment_id: Option<[u8; 8]>,
    pub(crate) kind: Option<SpanKind>,
    pub(crate) sample_rate: Option<f32>,
}

impl<'a> OwnWords<'a> {
    /// Take them out of the attributes. What an SDK says of itself goes to the resource.
    pub(crate) fn take(attributes: &mut Attributes<'a>, resource: &mut Attributes<'a>) -> Self {
        let mut words = Self::default();
        attributes.retain(|name, value| !words.takes(name, value, resource));
        words
    }

    /// Whether the attribute is one of these; then it is noted.
    fn takes(&mut self, name: &'a str, value: Value<'a>, resource: &mut Attributes<'a>) -> bool {
        let text = value.text().unwrap_or_default();
        let place = match name {
            "service.name" => &mut self.service,
            "otel.kind" => return self.takes_kind(text),
            _ => match name.strip_prefix("sentry.") {
                Some("op") => &mut self.op,
                Some("origin") => &mut self.origin,
                Some("description") => &mut self.description,
                Some("status.message") => &mut self.status_message,
                Some("release") => &mut self.release,
                Some("environment") => &mut self.environment,
                Some("platform") => &mut self.platform,
                Some("segment.name") => &mut self.segment_name,
                Some("segment.id" | "segment_id") => return self.takes_segment(text),
                Some("kind") => return self.takes_kind(text),
                Some("sample_rate") => return self.takes_sample_rate(value),
                _ => return self.takes_sender(name, value, resource),
            },
        };
        // A value of another type stays an attribute, so that it is not lost.
        let is_text = value.text().is_some();
        if is_text && place.is_empty() {
            *place = text;
        }
        is_text
    }

    /// What is equal for all that a process sends.
    fn takes_sender(
        &mut self,
        name: &'a str,
        value: Value<'a>,
        resource: &mut Attributes<'a>,
    ) -> bool {
        let is_of_sender = SENDER_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if is_of_sender {
            resource.set(name, Some(value));
        }
        if name == "sentry.sdk.name" {
            self.sdk_name = value.text().unwrap_or_default();
        }
        is_of_sender
    }

    fn takes_segment(&mut self, text: &'a str) -> bool {
        self.segment_id = id(Json::Text(text));
        self.segment_id.is_some()
    }

    fn takes_kind(&mut self, word: &str) -> bool {
        let kind = kind_by_word(word);
        self.kind = kind.or(self.kind);
        kind.is_some()
    }

    fn takes_sample_rate(&mut self, value: Value<'a>) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "the column has 32 bits")]
        let rate = match value {
            Value::Number(rate) if rate > 0.0 && rate <= 1.0 => Some(rate as f32),
            Value::Text(text) => sample_rate(Json::Text(text)),
            _ => None,
        };
        self.sample_rate = rate;
        rate.is_some()
    }
}

/// The first text that is not empty.
pub(crate) fn first<'a>(texts: &[&'a str]) -> &'a str {
    texts
        .iter()
        .find(|text| !text.is_empty())
        .copied()
        .unwrap_or_default()
}
