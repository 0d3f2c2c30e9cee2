//! Names of spans: Sentry's first protocol has an op and a description, the table has a name too.

use crate::attributes::{Attributes, Value};
use crate::json::Arena;
use vedette_core::rows::SpanKind;

/// A longer description does not serve as a name.
const NAME_BYTES_MAX: usize = 120;
/// No operation of a database or cache is longer.
const VERB_BYTES_MAX: usize = 32;

/// A name of which there are few, for a span that has only an op and a description.
///
/// Whoever describes a span by hand names it; what instrumentation describes has ids in it.
pub(crate) fn name_of<'a>(
    op: &'a str,
    description: &'a str,
    origin: &str,
    attributes: &Attributes<'a>,
    arena: &'a Arena,
) -> &'a str {
    let is_manual = origin.is_empty() || origin == "manual";
    if is_manual && !description.is_empty() && description.len() <= NAME_BYTES_MAX {
        return description;
    }
    let derived = match category(op) {
        "http" => http_name(attributes, arena),
        "db" | "cache" => database_name(description, attributes, arena),
        "resource" => None,
        _ => Some(description).filter(|text| is_stable(text)),
    };
    derived
        .or_else(|| Some(op).filter(|op| !op.is_empty() && *op != "default"))
        .or_else(|| Some(description).filter(|text| !text.is_empty()))
        .unwrap_or("default")
}

fn category(op: &str) -> &str {
    op.split('.').next().unwrap_or_default()
}

fn http_name<'a>(attributes: &Attributes<'a>, arena: &'a Arena) -> Option<&'a str> {
    let method = attributes.first_text(&["http.request.method", "http.method"])?;
    let place = attributes.first_text(&["http.route", "url.template", "server.address"]);
    Some(join(method, place, arena))
}

fn database_name<'a>(
    description: &'a str,
    attributes: &Attributes<'a>,
    arena: &'a Arena,
) -> Option<&'a str> {
    if let Some(summary) = attributes.text("db.query.summary") {
        return Some(summary);
    }
    let verb = attributes
        .first_text(&["db.operation.name", "db.operation"])
        .or_else(|| verb(description))?;
    let collection = attributes.first_text(&[
        "db.collection.name",
        "db.sql.table",
        "db.mongodb.collection",
    ]);
    Some(join(verb, collection, arena))
}

/// The first word, if it looks like an operation: SELECT, HGETALL, find.
fn verb(description: &str) -> Option<&str> {
    let word = description.split([' ', '\n', '\t', '(']).next()?;
    let is_verb = !word.is_empty()
        && word.len() <= VERB_BYTES_MAX
        && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_verb.then_some(word)
}

/// Whether it looks as if there were few of it.
fn is_stable(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && !text.bytes().any(|byte| byte.is_ascii_digit())
}

fn join<'a>(first: &'a str, second: Option<&str>, arena: &'a Arena) -> &'a str {
    match second {
        Some(second) => arena.keep(&[first, " ", second].concat()),
        None => first,
    }
}

/// What an op says of the span's place in a call.
pub(crate) fn kind_of(op: &str) -> SpanKind {
    match op {
        "http.server" | "rpc.server" | "grpc.server" | "websocket.server" => SpanKind::Server,
        "queue.publish" | "queue.submit" | "message.publish" => SpanKind::Producer,
        "queue.process" | "queue.receive" | "message.process" | "message.receive" => {
            SpanKind::Consumer
        }
        "db" | "cache" | "http" | "rpc" | "grpc" | "http.client" | "rpc.client" | "grpc.client" => {
            SpanKind::Client
        }
        _ if op.starts_with("db.")
            || op.starts_with("cache.")
            || op.starts_with("http.client.") =>
        {
            SpanKind::Client
        }
        _ if op.starts_with("queue.submit.") => SpanKind::Producer,
        _ if op.starts_with("queue.task") => SpanKind::Consumer,
        _ => SpanKind::Unspecified,
    }
}

/// A kind by its word, in OpenTelemetry's or Sentry's writing.
pub(crate) fn kind_by_word(word: &str) -> Option<SpanKind> {
    let kinds = [
        ("internal", SpanKind::Internal),
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
    ];
    kinds
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, kind)| kind)
}

/// The op of a span that has none, from what its attributes tell.
///
/// Narrow things first: a call to a database may go over HTTP, and a call to a broker over RPC.
pub(crate) fn op_of<'a>(attributes: &Attributes<'a>, kind: SpanKind, arena: &'a Arena) -> &'a str {
    let has = |names: &[&str]| attributes.first_text(names).is_some();
    if let Some(operation) = attributes.text("gen_ai.operation.name") {
        arena.keep(&["gen_ai.", operation].concat())
    } else if has(&["db.system.name", "db.system"]) {
        "db"
    } else if has(&["messaging.system"]) {
        match kind {
            SpanKind::Producer => "queue.publish",
            SpanKind::Consumer => "queue.process",
            _ => "message",
        }
    } else if has(&["rpc.service", "rpc.system", "rpc.system.name"]) {
        "rpc"
    } else if has(&["http.request.method", "http.method"]) {
        match kind {
            SpanKind::Client => "http.client",
            SpanKind::Server => "http.server",
            _ => "http",
        }
    } else {
        attributes.text("faas.trigger").unwrap_or("default")
    }
}

/// Replace the ids in the path of a name that came from a URL by `*`.
///
/// Nothing if there are none. Without it there would be as many names as users and orders.
pub(crate) fn without_ids<'a>(name: &str, arena: &'a Arena) -> Option<&'a str> {
    let end = name.find(['?', '#']).unwrap_or(name.len());
    let (path, rest) = name.split_at_checked(end)?;
    let mut clean = String::with_capacity(name.len());
    let mut found = false;
    for (position, segment) in path.split('/').enumerate() {
        if position > 0 {
            clean.push('/');
        }
        // The first is the method, the scheme or nothing.
        if position > 0 && is_id(segment) {
            found = true;
            clean.push('*');
        } else {
            clean.push_str(segment);
        }
    }
    clean.push_str(rest);
    found.then(|| arena.keep(&clean))
}

/// Two digits or more are a date, a hash, a UUID, a number; one with letters is a version (`/v2/`).
fn is_id(segment: &str) -> bool {
    let digit_count = segment.bytes().filter(u8::is_ascii_digit).count();
    digit_count >= 2 || (digit_count == 1 && segment.len() == 1)
}

/// Set the text of an attribute under its present name where an SDK knows only the old one.
pub(crate) fn set_present_names(attributes: &mut Attributes<'_>) {
    for (old, present) in PRESENT_NAMES {
        if let Some(Value::Text(text)) = attributes.get(old)
            && attributes.get(present).is_none()
        {
            attributes.take(old);
            attributes.push(present, Value::Text(text));
        }
    }
}

/// Old names with the present ones, besides those that share a column anyhow.
const PRESENT_NAMES: [(&str, &str); 3] = [
    ("db.statement", "db.query.text"),
    ("http.url", "url.full"),
    ("http.user_agent", "user_agent.original"),
];

#[cfg(test)]
mod tests {
    use super::{Arena, Attributes, SpanKind, Value, kind_of, name_of, op_of, without_ids};

    type Pairs<'p> = &'p [(&'static str, &'static str)];

    fn attributes(pairs: Pairs<'_>) -> Attributes<'static> {
        let mut attributes = Attributes::new();
        for (name, text) in pairs {
            attributes.push(name, Value::Text(text));
        }
        attributes
    }

    #[test]
    fn names_are_few_where_descriptions_are_many() {
        type Case<'a> = (&'a str, &'a str, &'a str, Pairs<'a>, &'a str);
        let cases: [Case<'_>; 13] = [
            ("task", "settle bet 17", "manual", &[], "settle bet 17"),
            ("task", "settle bet 17", "", &[], "settle bet 17"),
            ("db", "SELECT * FROM bets", "auto.db", &[], "SELECT"),
            (
                "db",
                "SELECT * FROM bets",
                "auto.db",
                &[("db.sql.table", "bets")],
                "SELECT bets",
            ),
            ("db.redis", "GET 'odds:17'", "auto.db.redis", &[], "GET"),
            (
                "db",
                "",
                "auto.db",
                &[("db.query.summary", "SELECT bets")],
                "SELECT bets",
            ),
            ("cache.get", "'odds:17'", "auto.cache", &[], "cache.get"),
            (
                "http.client",
                "GET http://a/17",
                "auto.http",
                &[("http.method", "GET"), ("server.address", "a")],
                "GET a",
            ),
            (
                "http.client",
                "GET http://a/17",
                "auto.http",
                &[],
                "http.client",
            ),
            (
                "middleware.django",
                "csrf.check",
                "auto.http.django",
                &[],
                "csrf.check",
            ),
            (
                "resource.script",
                "https://a/app.js",
                "auto.resource",
                &[],
                "resource.script",
            ),
            ("default", "17 things", "auto.x", &[], "17 things"),
            ("default", "", "auto.x", &[], "default"),
        ];
        let arena = Arena::new();
        for (op, description, origin, pairs, expected) in cases {
            let name = name_of(op, description, origin, &attributes(pairs), &arena);
            assert_eq!(name, expected, "{op} {description}");
        }
    }

    #[test]
    fn ids_in_paths_become_stars() {
        let arena = Arena::new();
        for (given, expected) in [
            ("/users/17/bets/4711", Some("/users/*/bets/*")),
            (
                "GET /a/0b1e9d0e-7a5c-4b7c-9f4a-1d2c3b4a5f6e",
                Some("GET /a/*"),
            ),
            ("/v2/odds", None),
            ("/page/3?x=12", Some("/page/*?x=12")),
            (
                "https://a.example/2025-11-24/",
                Some("https://a.example/*/"),
            ),
            ("task_17", None),
        ] {
            assert_eq!(without_ids(given, &arena), expected, "{given}");
        }
    }

    #[test]
    fn an_op_tells_the_part_in_a_call() {
        for (op, kind) in [
            ("http.server", SpanKind::Server),
            ("http.client", SpanKind::Client),
            ("db.redis", SpanKind::Client),
            ("cache.get", SpanKind::Client),
            ("queue.publish", SpanKind::Producer),
            ("queue.process", SpanKind::Consumer),
            ("queue.submit.celery", SpanKind::Producer),
            ("queue.task.celery", SpanKind::Consumer),
            ("function", SpanKind::Unspecified),
        ] {
            assert_eq!(kind_of(op), kind, "{op}");
        }
    }

    #[test]
    fn an_op_is_found_in_what_attributes_tell() {
        let cases: [(Pairs<'_>, SpanKind, &str); 8] = [
            (
                &[("http.request.method", "GET")],
                SpanKind::Client,
                "http.client",
            ),
            (&[("http.method", "GET")], SpanKind::Server, "http.server"),
            (
                &[("http.method", "GET"), ("db.system", "es")],
                SpanKind::Client,
                "db",
            ),
            (
                &[("gen_ai.operation.name", "chat")],
                SpanKind::Client,
                "gen_ai.chat",
            ),
            (&[("rpc.service", "bets")], SpanKind::Client, "rpc"),
            (
                &[("messaging.system", "kafka")],
                SpanKind::Producer,
                "queue.publish",
            ),
            (&[("faas.trigger", "timer")], SpanKind::Unspecified, "timer"),
            (&[], SpanKind::Client, "default"),
        ];
        let arena = Arena::new();
        for (pairs, kind, expected) in cases {
            assert_eq!(op_of(&attributes(pairs), kind, &arena), expected);
        }
    }
}
