//! An envelope with one transaction of 30 spans and about 20 KB, as the Python SDK sends it.

use std::fmt::Write as _;

use crate::dice::Dice;
use crate::shop::{METHODS, ROUTES, SERVICES, TABLES};

/// The spans below the transaction; with itself there is one more.
pub(crate) const SPAN_COUNT: u64 = 30;

/// Writes envelope `number` of the stream of `seed` into `out`, as of `now_ns`.
pub(crate) fn write(out: &mut String, seed: u64, number: u64, now_ns: u64) {
    let dice = &mut Dice::new(seed, number);
    let (id_high, id_low) = (dice.bits(64), dice.bits(64));
    let trace = format!("{:016x}{:016x}", dice.bits(64), dice.bits(64));
    let root = dice.bits(64) | 1;
    let end_s = now_ns as f64 / 1e9;
    let start_s = end_s - 0.05 - dice.unit() * 0.2;
    let (service, route, user) = (dice.pick(&SERVICES), dice.pick(&ROUTES), dice.bits(22));
    let mut event = String::with_capacity(24 * 1024);
    // Writing to a String cannot fail, here and below.
    let _ = write!(
        event,
        r#"{{"event_id":"{id_high:016x}{id_low:016x}","type":"transaction","transaction":"{route}","transaction_info":{{"source":"route"}},"start_timestamp":{start_s:.6},"timestamp":{end_s:.6},"platform":"python","environment":"production","release":"{service}@2.4.{}","server_name":"{service}-7c9d5f6b8-{:02}","contexts":{{"trace":{{"trace_id":"{trace}","span_id":"{root:016x}","op":"http.server","origin":"auto.http.starlette","status":"ok","data":{{"http.request.method":"{}","http.response.status_code":200,"thread.id":"{}","thread.name":"MainThread"}}}},"runtime":{{"name":"CPython","version":"3.11.7"}}}},"user":{{"id":"u-{user:07}"}},"tags":{{"tenant":"tenant-{:03}","region":"eu-west-1"}},"spans":["#,
        dice.bits(2),
        dice.bits(4),
        dice.pick(&METHODS),
        dice.bits(6),
        dice.bits(7),
    );
    let mut ids = vec![root];
    for number in 0..SPAN_COUNT {
        if number > 0 {
            event.push(',');
        }
        write_span(&mut event, dice, &mut ids, &trace, (start_s, end_s));
    }
    event.push_str(r#"],"measurements":{},"breadcrumbs":{"values":[]},"sdk":{"name":"sentry.python.fastapi","version":"2.75.0","packages":[{"name":"pypi:sentry-sdk","version":"2.75.0"}]}}"#);
    out.clear();
    let _ = write!(
        out,
        "{{\"event_id\":\"{id_high:016x}{id_low:016x}\",\"trace\":{{\"trace_id\":\"{trace}\",\"environment\":\"production\",\"sample_rate\":\"1.0\"}}}}\n\
         {{\"type\":\"transaction\",\"content_type\":\"application/json\",\"length\":{}}}\n{event}\n",
        event.len(),
    );
}

fn write_span(
    event: &mut String,
    dice: &mut Dice,
    ids: &mut Vec<u64>,
    trace: &str,
    (start_s, end_s): (f64, f64),
) {
    let id = dice.bits(64) | 1;
    let parent = dice.pick(ids);
    let begin_s = start_s + (end_s - start_s) * dice.unit() * 0.8;
    let finish_s = begin_s + (end_s - begin_s) * dice.unit();
    let _ = write!(
        event,
        r#"{{"trace_id":"{trace}","span_id":"{id:016x}","parent_span_id":"{parent:016x}","same_process_as_parent":true,"start_timestamp":{begin_s:.6},"timestamp":{finish_s:.6},"status":"ok","#
    );
    if dice.is(0.5) {
        write_query(event, dice);
    } else {
        write_call(event, dice);
        ids.push(id);
    }
}

fn write_query(event: &mut String, dice: &mut Dice) {
    let table = dice.pick(&TABLES);
    let _ = write!(
        event,
        r#""op":"db","origin":"auto.db.sqlalchemy","description":"SELECT id, name, price, quantity, updated_at FROM {table} WHERE tenant_id = %s AND id = %s LIMIT {}","data":{{"db.system":"postgresql","db.name":"shop","db.user":"shop","server.address":"pg-main.shop.internal","server.port":5432,"thread.id":"{}","thread.name":"MainThread","rows":{},"order.id":"ord-{:012x}"}}}}"#,
        10 + dice.bits(3),
        dice.bits(6),
        dice.bits(7),
        dice.bits(40),
    );
}

fn write_call(event: &mut String, dice: &mut Dice) {
    let (method, service, path) = (dice.pick(&METHODS), dice.pick(&SERVICES), dice.bits(20));
    let _ = write!(
        event,
        r#""op":"http.client","origin":"auto.http.httplib","description":"{method} http://{service}.shop.svc.cluster.local:8443/api/{path}","data":{{"url":"http://{service}.shop.svc.cluster.local:8443/api/{path}","http.request.method":"{method}","http.response.status_code":200,"http.query":"v={}","reason":"OK","thread.id":"{}","thread.name":"MainThread","order.id":"ord-{:012x}"}}}}"#,
        dice.bits(10),
        dice.bits(6),
        dice.bits(40),
    );
}
