//! How fast one core decodes. Run by hand: `cargo test --release -p vedette-sentry -- --ignored`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Write as _, stdout};
use std::time::{Duration, Instant};

use vedette_core::otlp::{Decoded, Decoder};
use vedette_core::rows::TimeWindow;
use vedette_sentry::{Item, decode_logs, decode_spans};

const DAY_NS: i64 = 86_400_000_000_000;
const RECEIVED_NS: i64 = 1_763_985_700_000_000_000;
const CHILD_COUNT: usize = 30;
const ITEM_COUNT: usize = 200;
const RUN_TIME: Duration = Duration::from_secs(2);
const CONTEXT: &[u8] = br#"{"dsc":{"trace_id":"0123456789abcdef0123456789abcdef","public_key":"0123456789abcdef0123456789abcdef","sample_rate":"1.0","sampled":"true","release":"shop@1.2.3","environment":"production","transaction":"/odds"},"sdk":{"name":"sentry.python.fastapi","version":"2.75.0"},"sent_at":"2025-11-24T12:01:40Z","client_address":"10.0.0.1","user_agent":"sentry.python/2.75.0","service":"shop"}"#;

fn promotion() -> Vec<(String, Vec<String>)> {
    let table: [(&str, &[&str]); 9] = [
        ("http_method", &["http.request.method", "http.method"]),
        (
            "http_status",
            &["http.response.status_code", "http.status_code"],
        ),
        ("http_route", &["http.route"]),
        ("db_system", &["db.system.name", "db.system"]),
        ("server_address", &["server.address", "net.peer.name"]),
        ("user_id", &["user.id"]),
        ("replay_id", &["sentry.replay_id"]),
        ("profile_id", &["sentry.profiler_id", "profiler_id"]),
        ("thread_id", &["thread.id"]),
    ];
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    table
        .iter()
        .map(|(column, names)| ((*column).to_owned(), owned(names)))
        .collect()
}

fn decoder() -> Decoder {
    let window = TimeWindow {
        past_ns_max: 30 * DAY_NS,
        future_ns_max: DAY_NS,
    };
    match Decoder::new(&promotion(), &[], &[], window) {
        Ok(decoder) => decoder,
        Err(error) => unreachable!("{error}"),
    }
}

/// Children as sentry-sdk describes queries, calls and cache look-ups.
fn child(number: usize, at: usize) -> String {
    let what = match at % 3 {
        0 => {
            r#""op":"db","description":"SELECT \"odds\".\"id\", \"odds\".\"event_id\", \"odds\".\"price\" FROM \"odds\" WHERE \"odds\".\"event_id\" = %s AND \"odds\".\"active\" = %s ORDER BY \"odds\".\"updated_at\" DESC LIMIT 21","origin":"auto.db.sqlalchemy","data":{"db.system":"postgresql","db.name":"odds","server.address":"127.0.0.1","server.port":5432,"db.user":"app","thread.id":"140283","thread.name":"MainThread","code.filepath":"app/odds.py","code.lineno":12,"code.function":"load","code.namespace":"app.odds"}"#
        }
        1 => {
            r#""op":"http.client","description":"GET http://wallet.internal:8080/v1/accounts/4711/balance","origin":"auto.http.httpx","data":{"url":"http://wallet.internal:8080/v1/accounts/4711/balance","http.method":"GET","http.query":"","http.fragment":"","http.response.status_code":200,"reason":"OK","thread.id":"140283","thread.name":"MainThread"}"#
        }
        _ => {
            r#""op":"cache.get","description":"'odds:event:4711'","origin":"auto.cache.django","data":{"cache.key":["odds:event:17"],"cache.hit":true,"cache.item_size":512,"network.peer.address":"127.0.0.1","network.peer.port":6379,"thread.id":"140283","thread.name":"MainThread"},"tags":{"status":"ok"}"#
        }
    };
    format!(
        r#"{{"trace_id":"{number:032x}","span_id":"{:016x}","parent_span_id":"{:016x}","same_process_as_parent":true,"start_timestamp":"2025-11-24T12:00:00.{:06}Z","timestamp":"2025-11-24T12:00:00.{:06}Z","status":"ok",{what}}}"#,
        number * 100 + at + 2,
        number * 100 + 1,
        at * 1000,
        at * 1000 + 700,
    )
}

fn transaction(number: usize) -> String {
    let children: Vec<String> = (0..CHILD_COUNT).map(|at| child(number, at)).collect();
    let mut modules = String::new();
    for module in 0..60 {
        let _ = write!(modules, r#""module-{module}":"1.2.{module}","#);
    }
    format!(
        r#"{{"type":"transaction","transaction":"/api/events/{{event_id}}/odds","transaction_info":{{"source":"route"}},"contexts":{{"trace":{{"trace_id":"{number:032x}","span_id":"{:016x}","parent_span_id":null,"op":"http.server","status":"ok","origin":"auto.http.starlette","description":null,"data":{{"http.request.method":"GET","http.response.status_code":200,"thread.id":"140283","thread.name":"MainThread"}}}},"runtime":{{"name":"CPython","version":"3.11.7","build":"3.11.7 (main)"}},"response":{{"status_code":200}}}},"tags":{{"tenant":"t-17","http.status_code":"200"}},"timestamp":"2025-11-24T12:00:01.999999Z","start_timestamp":"2025-11-24T12:00:00.000001Z","breadcrumbs":{{"values":[]}},"request":{{"method":"GET","url":"http://127.0.0.1:8000/api/events/1/odds","headers":{{"host":"127.0.0.1","user-agent":"x/1","accept":"*/*"}},"query_string":""}},"spans":[{}],"measurements":{{}},"event_id":"{number:032x}","extra":{{"sys.argv":["uvicorn","app:app"]}},"environment":"production","release":"shop@1.2.3","server_name":"host-1","sdk":{{"name":"sentry.python.fastapi","version":"2.75.0","packages":[{{"name":"pypi:sentry-sdk","version":"2.75.0"}}],"integrations":["argv","atexit","dedupe","excepthook","fastapi","logging","modules","starlette","stdlib","threading"]}},"platform":"python","modules":{{{modules}"end":"1"}},"user":{{"id":"u-{number}"}}}}"#,
        number * 100 + 1,
        children.join(","),
    )
}

/// Spans as @sentry/node 11 sends them, 16 attributes each.
fn span_container(number: usize) -> String {
    let text =
        |name: &str, value: &str| format!(r#""{name}":{{"type":"string","value":"{value}"}}"#);
    let spans: Vec<String> = (0..=CHILD_COUNT)
        .map(|at| {
            let attributes = [
                text("sentry.op", "db"),
                text("sentry.origin", "auto.db.otel.postgres"),
                text("sentry.release", "shop@1.2.3"),
                text("sentry.environment", "production"),
                text("sentry.segment.id", &format!("{:016x}", number * 100 + 1)),
                text("sentry.segment.name", "GET /api/events/:id/odds"),
                text("sentry.sdk.name", "sentry.javascript.node"),
                text("sentry.sdk.version", "11.12.0"),
                text("sentry.kind", "client"),
                text("db.system.name", "postgresql"),
                text("db.query.text", "SELECT id, price FROM odds WHERE event_id = $1 AND active = $2"),
                text("db.collection.name", "odds"),
                text("server.address", "127.0.0.1"),
                r#""server.port":{"type":"integer","value":5432}"#.to_owned(),
                r#""db.rows":{"type":"integer","value":17}"#.to_owned(),
                r#""cache.hit":{"type":"boolean","value":false}"#.to_owned(),
            ];
            format!(
                r#"{{"trace_id":"{number:032x}","span_id":"{:016x}","parent_span_id":"{:016x}","name":"SELECT odds","status":"ok","is_segment":false,"start_timestamp":1763985600.{:06},"end_timestamp":1763985600.{:06},"attributes":{{{}}}}}"#,
                number * 100 + at + 2,
                number * 100 + 1,
                at * 1000,
                at * 1000 + 700,
                attributes.join(","),
            )
        })
        .collect();
    format!(r#"{{"version":2,"items":[{}]}}"#, spans.join(","))
}

fn log_container(number: usize) -> String {
    let lines: Vec<String> = (0..=CHILD_COUNT)
        .map(|at| {
            format!(
                r#"{{"timestamp":1763985600.{:06},"trace_id":"{number:032x}","span_id":"{:016x}","level":"info","severity_number":9,"body":"settled bet {at} of account {number}","attributes":{{"sentry.message.template":{{"type":"string","value":"settled bet %s of account %s"}},"sentry.message.parameter.0":{{"type":"integer","value":{at}}},"sentry.message.parameter.1":{{"type":"integer","value":{number}}},"sentry.environment":{{"type":"string","value":"production"}},"sentry.release":{{"type":"string","value":"shop@1.2.3"}},"sentry.sdk.name":{{"type":"string","value":"sentry.python"}},"sentry.sdk.version":{{"type":"string","value":"2.75.0"}},"logger.name":{{"type":"string","value":"shop.bets"}},"code.line.number":{{"type":"integer","value":17}}}}}}"#,
                at * 1000,
                number + 1,
            )
        })
        .collect();
    format!(r#"{{"version":2,"items":[{}]}}"#, lines.join(","))
}

fn measure(
    what: &str,
    kind: &str,
    make: impl Fn(usize) -> String,
    decode: impl Fn(&mut Decoder, &[Item<'_>]) -> Decoded,
) {
    let payloads: Vec<String> = (1..=ITEM_COUNT).map(make).collect();
    let items: Vec<Item<'_>> = payloads
        .iter()
        .map(|payload| Item {
            project_id: 1,
            received_ns: RECEIVED_NS,
            kind,
            context: CONTEXT,
            payload: payload.as_bytes(),
        })
        .collect();
    let mut decoder = decoder();
    let row_count = ITEM_COUNT * (CHILD_COUNT + 1);
    let warm = decode(&mut decoder, &items);
    assert_eq!(warm.blocks.first().map(|block| block.rows), Some(row_count));
    let (start, mut rounds) = (Instant::now(), 0_u32);
    while start.elapsed() < RUN_TIME {
        black_box(decode(&mut decoder, &items));
        rounds += 1;
    }
    let each = start.elapsed() / (rounds * u32::try_from(row_count).unwrap_or(1));
    let bytes = payloads.iter().map(String::len).sum::<usize>() / row_count;
    let written = warm
        .blocks
        .iter()
        .map(|block| block.bytes.len())
        .sum::<usize>()
        / row_count;
    let per_second = 1_000_000_000 / each.as_nanos().max(1);
    let line = format!(
        "{what}: {} ns each, {per_second}/s per core; {bytes} B in, {written} B out",
        each.as_nanos()
    );
    let _ = writeln!(stdout(), "{line}");
}

#[test]
#[ignore = "measures, proves nothing"]
fn speed_of_decoding() {
    measure(
        "spans of transactions",
        "transaction",
        transaction,
        decode_spans,
    );
    measure(
        "spans of containers",
        "span_container",
        span_container,
        decode_spans,
    );
    measure("log lines", "log", log_container, decode_logs);
}
