//! An envelope with one error event, as the Python SDK sends it: about 6.6 KB with eight frames.

use std::fmt::Write as _;

use crate::dice::Dice;
use crate::shop::{BROWSER_VERSIONS, EXCEPTIONS, INTERNAL, ROUTES, SERVICES, TABLES};

const CRUMB_COUNT: usize = 3;
const CONTEXT_LINES: [&str; 11] = [
    "    order = await repository.fetch_order(order_id)",
    "    if order is None:",
    "        raise OrderUnknown(order_id)",
    "    with tracer.start_span(name):",
    "        quote = shipping.quote(order.items, to=address)",
    "        total = price(order, quote, discount)",
    "    return await finish(order, total)",
    "    except Timeout as error:",
    "        log.warning('upstream is slow')",
    "        raise Unavailable from error",
    "    finally:",
];

/// How large events are, and how many of them are alike.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Each frame takes about 0.65 KB.
    pub(crate) frame_count: usize,
    /// So many stacks there are; 0: each event has one of its own.
    pub(crate) group_count: u64,
}

impl Shape {
    /// What an SDK sends of an ordinary error.
    pub(crate) const ORDINARY: Self = Self {
        frame_count: 8,
        group_count: 0,
    };
}

/// What is added to the seed of stacks, so that they are not those of the first events.
const STACKS: u64 = 0x5e_ed00;

/// Writes envelope `number` of the stream of `seed` into `out`, as of `now_ns`.
pub(crate) fn write(out: &mut String, seed: u64, number: u64, now_ns: u64, shape: Shape) {
    let dice = &mut Dice::new(seed, number);
    let (id_high, id_low) = (dice.bits(64), dice.bits(64));
    let seconds = now_ns as f64 / 1e9;
    let mut event = String::with_capacity(8192);
    let service = dice.pick(&SERVICES);
    let group = number.checked_rem(shape.group_count).unwrap_or(number);
    let places = &mut Dice::new(seed + STACKS, group);
    let (error_type, before, after) = places.pick(&EXCEPTIONS);
    let (trace_high, trace_low, span) = (dice.bits(64), dice.bits(64), dice.bits(64) | 1);
    let (user, number_said) = (dice.bits(22), dice.bits(14));
    let (message_before, message_after) = (escaped(before), escaped(after));
    // Writing to a String cannot fail, here and below.
    let _ = write!(
        event,
        r#"{{"event_id":"{id_high:016x}{id_low:016x}","timestamp":{seconds:.6},"platform":"python","level":"error","logger":"shop.{service}","server_name":"{service}-7c9d5f6b8-{:02}","environment":"production","release":"{service}@2.4.{}","transaction":"{}","#,
        dice.bits(4),
        dice.bits(2),
        dice.pick(&ROUTES),
    );
    let _ = write!(
        event,
        r#""exception":{{"values":[{{"type":"{error_type}","value":"{message_before}{number_said}{message_after}","module":"shop.{service}.errors","mechanism":{{"type":"logging","handled":true}},"stacktrace":{{"frames":["#
    );
    write_frames(&mut event, places, dice, service, shape.frame_count);
    let _ = write!(
        event,
        r#"]}}}}]}},"user":{{"id":"u-{user:07}","ip_address":"10.0.{}.{}"}},"tags":{{"region":"eu-west-1","tenant":"tenant-{:03}"}},"#,
        dice.bits(8),
        dice.bits(8),
        dice.bits(7),
    );
    let _ = write!(
        event,
        r#""contexts":{{"trace":{{"trace_id":"{trace_high:016x}{trace_low:016x}","span_id":"{span:016x}","op":"http.server","status":"internal_error"}},"runtime":{{"name":"CPython","version":"3.11.7","build":"3.11.7 (main)"}}}},"#
    );
    write_request(&mut event, dice, service);
    write_breadcrumbs(&mut event, dice, seconds);
    event.push_str(r#""extra":{"attempt":1},"modules":{"fastapi":"0.165.0","sqlalchemy":"2.1.0"},"sdk":{"name":"sentry.python.fastapi","version":"2.75.0","packages":[{"name":"pypi:sentry-sdk","version":"2.75.0"}],"integrations":["argv","atexit","dedupe","excepthook","fastapi","logging","stdlib","threading"]}}"#);
    out.clear();
    let _ = write!(
        out,
        "{{\"event_id\":\"{id_high:016x}{id_low:016x}\",\"sdk\":{{\"name\":\"sentry.python.fastapi\",\"version\":\"2.75.0\"}}}}\n\
         {{\"type\":\"event\",\"content_type\":\"application/json\",\"length\":{}}}\n{event}\n",
        event.len(),
    );
}

/// Writes the frames: `places` says where the program was, `dice` what it was busy with.
fn write_frames(
    event: &mut String,
    places: &mut Dice,
    dice: &mut Dice,
    service: &str,
    frame_count: usize,
) {
    for number in 0..frame_count {
        let (name, table, line) = (places.pick(&INTERNAL), places.pick(&TABLES), dice.bits(9));
        let first = places.below(CONTEXT_LINES.len() - 6);
        let separator = if number == 0 { "" } else { "," };
        let in_app = number % 3 != 0;
        let _ = write!(
            event,
            r#"{separator}{{"filename":"shop/{table}/{name}.py","abs_path":"/app/shop/{table}/{name}.py","function":"{name}","module":"shop.{table}.{name}","lineno":{line},"in_app":{in_app},"pre_context":["{}","{}","{}"],"context_line":"{}","post_context":["{}","{}"],"vars":{{"order_id":"'ord-{:012x}'","service":"'{service}'","attempt":"{}"}}}}"#,
            CONTEXT_LINES[first],
            CONTEXT_LINES[first + 1],
            CONTEXT_LINES[first + 2],
            CONTEXT_LINES[first + 3],
            CONTEXT_LINES[first + 4],
            CONTEXT_LINES[first + 5],
            dice.bits(40),
            dice.bits(2),
        );
    }
}

fn write_request(event: &mut String, dice: &mut Dice, service: &str) {
    let _ = write!(
        event,
        r#""request":{{"url":"https://{service}.example.org/api/orders/{}","method":"POST","query_string":"v={}","headers":{{"host":"{service}.example.org","user-agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36","accept":"application/json","content-type":"application/json"}}}},"#,
        dice.bits(20),
        dice.bits(10),
        dice.pick(&BROWSER_VERSIONS),
    );
}

fn write_breadcrumbs(event: &mut String, dice: &mut Dice, seconds: f64) {
    event.push_str(r#""breadcrumbs":{"values":["#);
    for number in 0..CRUMB_COUNT {
        let separator = if number == 0 { "" } else { "," };
        let _ = write!(
            event,
            r#"{separator}{{"timestamp":{:.6},"type":"http","category":"httplib","level":"info","data":{{"url":"http://{}.shop.svc.cluster.local:8443/api/{}","method":"GET","http.response.status_code":200,"reason":"OK"}}}}"#,
            seconds - (CRUMB_COUNT - number) as f64 * 0.05,
            dice.pick(&SERVICES),
            dice.bits(20),
        );
    }
    event.push_str("]},");
}

fn escaped(text: &str) -> String {
    text.replace('"', "\\\"")
}
