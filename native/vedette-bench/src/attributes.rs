//! What the spans of the made-up shop say: about 16 attributes each, some of them unique.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::dice::Dice;
use crate::shop::{
    BROWSER_VERSIONS, BROWSERS, CALLS, EVENT_NAMES, EXCEPTIONS, INTERNAL, METHODS, OPERATIONS,
    SERVICES, SYSTEMS, TABLES, TOPICS,
};
use crate::trace::{Place, Role};
use crate::wire::Value::{Bool, Double, Int, Text};
use crate::wire::{Value, put_attribute, put_bytes, put_fixed64, put_number};

pub(crate) const AGENT_COUNT: usize = 24;
const SPAN_ATTRIBUTE: u64 = 9;
const SPAN_NAME: u64 = 5;
const EVENT_ATTRIBUTE: u64 = 3;
const LINK_ATTRIBUTE: u64 = 4;
const STATUS_ERROR: u64 = 2;

static AGENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut agents = Vec::new();
    for system in SYSTEMS {
        for browser in BROWSERS {
            for version in BROWSER_VERSIONS {
                agents.push(format!(
                    "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) \
                     {browser}/{version}.0.0.0 Safari/537.36"
                ));
            }
        }
    }
    agents
});

/// What all spans of a trace share, and room for texts that are put together.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) user: String,
    pub(crate) session: String,
    pub(crate) order: String,
    pub(crate) tenant: String,
    pub(crate) client: String,
    pub(crate) path: String,
    pub(crate) route: &'static str,
    pub(crate) region: &'static str,
    pub(crate) agent: usize,
    error_type: &'static str,
    text: String,
    other: String,
}

impl Facts {
    pub(crate) fn clear(&mut self) {
        for text in [
            &mut self.user,
            &mut self.session,
            &mut self.order,
            &mut self.tenant,
            &mut self.client,
            &mut self.path,
        ] {
            text.clear();
        }
    }
}

/// Puts the name and the attributes of a span in the order of their fields, and counts them.
struct Putter<'a> {
    span: &'a mut Vec<u8>,
    place: &'a Place,
    count: u64,
}

impl Putter<'_> {
    fn put(&mut self, key: &str, value: Value<'_>) {
        put_attribute(self.span, SPAN_ATTRIBUTE, key, value);
        self.count += 1;
    }

    fn texts(&mut self, pairs: &[(&str, &str)]) {
        for (key, text) in pairs {
            self.put(key, Text(text));
        }
    }

    /// Puts the name, and what stands between it and the attributes.
    fn name(&mut self, parts: &[&str]) {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        self.span.push((SPAN_NAME << 3 | 2) as u8);
        self.span.push(length as u8); // all names are shorter than 128 bytes
        for part in parts {
            self.span.extend_from_slice(part.as_bytes());
        }
        put_number(self.span, 6, self.place.role.kind());
        put_fixed64(self.span, 7, self.place.start_ns);
        put_fixed64(self.span, 8, self.place.end_ns);
    }
}

/// Puts the name and all attributes of a span; returns how many.
pub(crate) fn put_all(
    span: &mut Vec<u8>,
    dice: &mut Dice,
    place: &Place,
    facts: &mut Facts,
    is_error: bool,
) -> u64 {
    let mut putter = Putter {
        span,
        place,
        count: 0,
    };
    match place.role {
        Role::Server => put_server(&mut putter, dice, place, facts, is_error),
        Role::Client => put_client(&mut putter, dice, place, facts, is_error),
        Role::Database => put_database(&mut putter, dice, facts),
        Role::Producer | Role::Consumer => put_messaging(&mut putter, dice, place, facts),
        Role::Internal => put_internal(&mut putter, dice, place, facts),
    }
    putter.texts(&[("tenant.id", &facts.tenant), ("user.id", &facts.user)]);
    putter.put("thread.id", Int(dice.bits(6) as i64));
    putter.put("cloud.region", Text(facts.region));
    putter.count
}

fn put_server(
    putter: &mut Putter<'_>,
    dice: &mut Dice,
    place: &Place,
    facts: &mut Facts,
    is_error: bool,
) {
    let method = dice.pick(&METHODS);
    let status = if is_error {
        dice.pick(&[500, 502, 503])
    } else {
        dice.pick(&[200, 200, 200, 201, 204, 304, 404])
    };
    join(
        &mut facts.text,
        &[SERVICES[place.service], ".shop.svc.cluster.local"],
    );
    putter.name(&[method, " ", facts.route]);
    putter.texts(&[
        ("http.request.method", method),
        ("http.route", facts.route),
        ("url.path", &facts.path),
        ("url.scheme", "https"),
        ("server.address", &facts.text),
    ]);
    putter.put("server.port", Int(8443));
    putter.put("http.response.status_code", Int(status));
    putter.texts(&[
        ("user_agent.original", &AGENTS[facts.agent]),
        ("client.address", &facts.client),
        ("network.protocol.version", "1.1"),
    ]);
    putter.put("http.request.body.size", Int(dice.bits(12) as i64));
    putter.put("http.response.body.size", Int(dice.bits(16) as i64));
    putter.put("session.id", Text(&facts.session));
}

fn put_client(
    putter: &mut Putter<'_>,
    dice: &mut Dice,
    place: &Place,
    facts: &mut Facts,
    is_error: bool,
) {
    let method = dice.pick(&METHODS);
    let target = dice.pick(CALLS[place.service]);
    let status = if is_error {
        dice.pick(&[500, 503, 504])
    } else {
        200
    };
    let name = SERVICES[target];
    putter.name(&[method, " ", name]);
    putter.put("http.request.method", Text(method));
    join(
        &mut facts.text,
        &[
            "https://",
            name,
            ".shop.svc.cluster.local:8443",
            &facts.path,
        ],
    );
    let _ = write!(facts.text, "?trace=1&v={}", dice.bits(10));
    putter.put("url.full", Text(&facts.text));
    join(&mut facts.text, &[name, ".shop.svc.cluster.local"]);
    putter.put("server.address", Text(&facts.text));
    putter.put("server.port", Int(8443));
    putter.put("http.response.status_code", Int(status));
    putter.put("peer.service", Text(name));
    facts.text.clear();
    let _ = write!(facts.text, "10.96.{target}.{}", dice.bits(6));
    putter.texts(&[
        ("network.peer.address", &facts.text),
        ("network.protocol.name", "http"),
        ("network.protocol.version", "2"),
    ]);
    let resend_count = i64::from(dice.bits(5) == 0);
    putter.put("http.request.resend_count", Int(resend_count));
    putter.put("http.response.body.size", Int(dice.bits(16) as i64));
    putter.put("order.id", Text(&facts.order));
}

fn put_database(putter: &mut Putter<'_>, dice: &mut Dice, facts: &mut Facts) {
    let (table, operation) = (dice.pick(&TABLES), dice.pick(&OPERATIONS));
    facts.other.clear();
    if dice.bits(1) == 1 {
        let limit = 10 + dice.bits(3);
        let _ = write!(facts.other, "tenant_id = $1 AND id = $2 LIMIT {limit}");
    } else {
        facts
            .other
            .push_str("user_id = $1 ORDER BY created_at DESC");
    }
    let (verb, middle) = if operation == "SELECT" {
        (
            "SELECT id, name, price, quantity, updated_at FROM ",
            " WHERE ",
        )
    } else {
        (operation, " SET quantity = $3, updated_at = now() WHERE ")
    };
    let gap = if operation == "SELECT" { "" } else { " " };
    join(&mut facts.text, &[verb, gap, table, middle, &facts.other]);
    putter.name(&[operation, " ", table]);
    putter.texts(&[
        ("db.system.name", "postgresql"),
        ("db.namespace", "shop"),
        ("db.operation.name", operation),
        ("db.collection.name", table),
        ("db.query.text", &facts.text),
        ("server.address", "pg-main.shop.internal"),
    ]);
    putter.put("server.port", Int(5432));
    putter.put("db.response.returned_rows", Int(dice.bits(7) as i64));
    let lower = match operation {
        "SELECT" => "select",
        "INSERT" => "insert",
        _ => "update",
    };
    join(&mut facts.text, &["repo.", table, ".", lower]);
    putter.texts(&[
        ("db.client.connection.pool.name", "main"),
        ("order.id", &facts.order),
        ("db.query.parameter.0", &facts.tenant),
        ("code.function.name", &facts.text),
    ]);
}

fn put_messaging(putter: &mut Putter<'_>, dice: &mut Dice, place: &Place, facts: &mut Facts) {
    let topic = dice.pick(&TOPICS);
    let verb = if place.role == Role::Producer {
        "send"
    } else {
        "process"
    };
    putter.name(&[verb, " ", topic]);
    facts.text.clear();
    let (high, low) = (dice.bits(64), dice.bits(64));
    let _ = write!(facts.text, "{high:016x}{low:016x}");
    putter.texts(&[
        ("messaging.system", "kafka"),
        ("messaging.destination.name", topic),
        ("messaging.operation.type", verb),
        ("messaging.message.id", &facts.text),
    ]);
    putter.put("messaging.message.body.size", Int(dice.bits(13) as i64));
    putter.put("messaging.kafka.message.offset", Int(dice.bits(33) as i64));
    facts.text.clear();
    let _ = write!(facts.text, "{}", dice.bits(4));
    putter.put("messaging.destination.partition.id", Text(&facts.text));
    join(&mut facts.text, &[SERVICES[place.service], "-group"]);
    putter.put("messaging.consumer.group.name", Text(&facts.text));
    facts.text.clear();
    let _ = write!(facts.text, "{}-{}", SERVICES[place.service], place.pod);
    putter.texts(&[
        ("messaging.client.id", &facts.text),
        ("server.address", "kafka-0.shop.internal"),
    ]);
    putter.put("server.port", Int(9092));
    putter.put("order.id", Text(&facts.order));
}

fn put_internal(putter: &mut Putter<'_>, dice: &mut Dice, place: &Place, facts: &mut Facts) {
    let (service, name) = (SERVICES[place.service], dice.pick(&INTERNAL));
    putter.name(&[name]);
    join(&mut facts.text, &[service, ".", name]);
    join(&mut facts.other, &["/app/", service, "/", name, ".py"]);
    putter.texts(&[
        ("code.function.name", &facts.text),
        ("code.file.path", &facts.other),
    ]);
    putter.put("code.line.number", Int(dice.bits(10) as i64));
    putter.put("order.id", Text(&facts.order));
    putter.put("cart.items", Int(dice.bits(4) as i64));
    let total = (dice.unit() * 50_000.0).round() / 100.0;
    putter.put("cart.total", Double(total));
    putter.put("cache.hit", Bool(dice.bits(1) == 1));
    putter.put("feature.variant", Text(dice.pick(&["A", "B"])));
    putter.put("retry.count", Int(0));
    putter.put("queue.depth", Int(dice.bits(8) as i64));
    putter.texts(&[
        ("session.id", &facts.session),
        ("component", "business-logic"),
    ]);
}

/// Writes an exception event into `event`; returns the span's status.
pub(crate) fn put_exception(
    event: &mut Vec<u8>,
    dice: &mut Dice,
    time_ns: u64,
    facts: &mut Facts,
) -> Vec<u8> {
    let (error_type, before, after) = dice.pick(&EXCEPTIONS);
    facts.error_type = error_type;
    facts.text.clear();
    let _ = write!(facts.text, "{before}{}{after}", dice.bits(14));
    facts.other.clear();
    facts.other.push_str("Traceback (most recent call last):\n");
    for _ in 0..6 + dice.below(9) {
        let (table, line, name) = (
            dice.pick(&TABLES),
            10 + dice.below(891),
            dice.pick(&INTERNAL),
        );
        let _ = writeln!(
            facts.other,
            "  File \"/app/shop/{table}/{name}.py\", line {line}, in {name}"
        );
    }
    let _ = write!(facts.other, "{error_type}: {}", facts.text);
    begin_event(event, time_ns, "exception");
    for (key, text) in [
        ("exception.type", error_type),
        ("exception.message", &facts.text),
        ("exception.stacktrace", &facts.other),
    ] {
        put_attribute(event, EVENT_ATTRIBUTE, key, Text(text));
    }
    put_attribute(event, EVENT_ATTRIBUTE, "exception.escaped", Bool(true));
    let mut status = Vec::with_capacity(128);
    put_bytes(&mut status, 2, facts.text.as_bytes());
    put_number(&mut status, 3, STATUS_ERROR);
    status
}

/// Puts what kind of error the last exception was.
pub(crate) fn put_error_type(span: &mut Vec<u8>, facts: &Facts) {
    put_attribute(span, SPAN_ATTRIBUTE, "error.type", Text(facts.error_type));
}

/// Writes one of the harmless events into `event`.
pub(crate) fn put_event(
    event: &mut Vec<u8>,
    dice: &mut Dice,
    time_ns: u64,
    number: u64,
    facts: &mut Facts,
) {
    begin_event(event, time_ns, dice.pick(&EVENT_NAMES));
    put_attribute(event, EVENT_ATTRIBUTE, "attempt", Int(number as i64));
    facts.text.clear();
    let _ = write!(facts.text, "item {}", dice.bits(20));
    put_attribute(event, EVENT_ATTRIBUTE, "detail", Text(&facts.text));
}

/// Writes a link to a trace that is not here into `link`.
pub(crate) fn put_link(link: &mut Vec<u8>, dice: &mut Dice) {
    link.clear();
    let trace_id = u128::from(dice.bits(64)) << 64 | u128::from(dice.bits(64));
    put_bytes(link, 1, &trace_id.to_be_bytes());
    put_bytes(link, 2, &(dice.bits(64) | 1).to_be_bytes());
    let index = Int(dice.bits(4) as i64);
    put_attribute(link, LINK_ATTRIBUTE, "messaging.batch.index", index);
}

fn begin_event(event: &mut Vec<u8>, time_ns: u64, name: &str) {
    event.clear();
    put_fixed64(event, 1, time_ns);
    put_bytes(event, 2, name.as_bytes());
}

fn join(text: &mut String, parts: &[&str]) {
    text.clear();
    for part in parts {
        text.push_str(part);
    }
}
