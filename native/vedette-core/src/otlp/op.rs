//! What a span is in Sentry's words, from its attributes and kind.

use std::borrow::Cow;

use super::any_value::AnyValue;
use crate::rows::{Meaning, SpanKind};
use crate::text::clean;

/// What a span is, wide things first: a call to a database may go over HTTP, and one to a message
/// broker over RPC, so that the greatest of all hints is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum What {
    #[default]
    Unknown,
    /// It has some attribute of a database call.
    MaybeDb,
    Http,
    Rpc,
    Messaging,
    Db,
    GenAi,
}

/// What the attributes of one span told.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    what: What,
    message_operation: &'a [u8],
    gen_ai_operation: &'a [u8],
    sentry_op: &'a [u8],
    /// The text of a query.
    pub(super) query: &'a [u8],
}

impl<'a> Facts<'a> {
    /// Takes in one attribute.
    #[inline]
    pub(super) fn learn(&mut self, meaning: Meaning, value: AnyValue<'a>) {
        if meaning != Meaning::Plain {
            self.learn_special(meaning, value);
        }
    }

    fn learn_special(&mut self, meaning: Meaning, value: AnyValue<'a>) {
        let text = match value {
            AnyValue::Text(text) => text,
            _ => b"",
        };
        match meaning {
            Meaning::MessagingOperation => self.message_operation = text,
            Meaning::GenAiOperation => self.gen_ai_operation = text,
            Meaning::SentryOp => self.sentry_op = text,
            Meaning::DbQuery => self.query = text,
            _ => {}
        }
        self.what = self.what.max(match meaning {
            Meaning::HttpMethod => What::Http,
            Meaning::DbSystem => What::Db,
            Meaning::Db | Meaning::DbQuery => What::MaybeDb,
            Meaning::Messaging | Meaning::MessagingOperation => What::Messaging,
            Meaning::Rpc => What::Rpc,
            Meaning::GenAi | Meaning::GenAiOperation => What::GenAi,
            Meaning::Plain | Meaning::ExceptionType | Meaning::SentryOp => What::Unknown,
        });
    }

    /// Returns the word.
    pub(super) fn op(&self, kind: SpanKind) -> Cow<'a, str> {
        if !self.sentry_op.is_empty() {
            return clean(self.sentry_op);
        }
        Cow::Borrowed(match (self.what, kind) {
            (What::GenAi, _) => return self.gen_ai_op(),
            (What::Db | What::MaybeDb, _) => "db",
            (What::Messaging, _) => self.queue_op(kind),
            (What::Rpc, _) => "rpc",
            (What::Http, SpanKind::Server) => "http.server",
            (What::Http, SpanKind::Client) => "http.client",
            (What::Http, _) => "http",
            (What::Unknown, _) => "default",
        })
    }

    fn gen_ai_op(&self) -> Cow<'a, str> {
        if self.gen_ai_operation.is_empty() {
            return Cow::Borrowed("gen_ai");
        }
        Cow::Owned(format!("gen_ai.{}", clean(self.gen_ai_operation)))
    }

    fn queue_op(&self, kind: SpanKind) -> &'static str {
        match self.message_operation {
            b"publish" | b"send" | b"create" => "queue.publish",
            b"process" | b"deliver" => "queue.process",
            b"receive" => "queue.receive",
            _ if kind == SpanKind::Producer => "queue.publish",
            _ if kind == SpanKind::Consumer => "queue.process",
            _ => "message",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(attributes: &str, kind: SpanKind) -> String {
        let mut facts = Facts::default();
        for attribute in attributes.split(' ') {
            let (key, value) = attribute.split_once('=').unwrap();
            facts.learn(
                Meaning::of(key.as_bytes()),
                AnyValue::Text(value.as_bytes()),
            );
        }
        facts.op(kind).into_owned()
    }

    #[test]
    fn a_span_is_named_by_what_it_does() {
        let cases = [
            ("http.request.method=GET", SpanKind::Server, "http.server"),
            ("http.request.method=GET", SpanKind::Client, "http.client"),
            ("http.request.method=GET", SpanKind::Internal, "http"),
            (
                "http.request.method=GET db.system=elasticsearch",
                SpanKind::Client,
                "db",
            ),
            ("db.namespace=shop", SpanKind::Client, "db"),
            (
                "messaging.system=kafka",
                SpanKind::Producer,
                "queue.publish",
            ),
            (
                "messaging.system=kafka",
                SpanKind::Consumer,
                "queue.process",
            ),
            (
                "messaging.operation=receive",
                SpanKind::Client,
                "queue.receive",
            ),
            ("messaging.system=kafka", SpanKind::Internal, "message"),
            (
                "rpc.system=grpc http.request.method=POST",
                SpanKind::Server,
                "rpc",
            ),
            (
                "gen_ai.operation.name=chat",
                SpanKind::Client,
                "gen_ai.chat",
            ),
            ("gen_ai.system=openai", SpanKind::Client, "gen_ai"),
            (
                "sentry.op=ui.click http.request.method=GET",
                SpanKind::Client,
                "ui.click",
            ),
            ("colour=red", SpanKind::Internal, "default"),
        ];
        for (attributes, kind, expected) in cases {
            assert_eq!(op(attributes, kind), expected, "{attributes}");
        }
    }
}
