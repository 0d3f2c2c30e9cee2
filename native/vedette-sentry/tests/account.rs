//! Whatever comes, nothing falls over, no neighbour is harmed, and all is accounted for.

use proptest::prelude::*;
use vedette_core::otlp::{Count, Decoded, Decoder, Fate};
use vedette_core::rows::TimeWindow;
use vedette_sentry::{Item, decode_logs, decode_metrics, decode_spans};

const RECEIVED_NS: i64 = 1_763_985_600_000_000_000;
const DAY_NS: i64 = 86_400_000_000_000;

const TRACE: &str = "0123456789abcdef0123456789abcdef";

fn decoder() -> Decoder {
    let window = TimeWindow {
        past_ns_max: 30 * DAY_NS,
        future_ns_max: DAY_NS,
    };
    match Decoder::new(&[], &[], &[], window) {
        Ok(decoder) => decoder,
        Err(error) => unreachable!("{error}"),
    }
}

fn item<'a>(kind: &'a str, context: &'a str, payload: &'a [u8]) -> Item<'a> {
    Item {
        project_id: 7,
        received_ns: RECEIVED_NS,
        kind,
        context: context.as_bytes(),
        payload,
    }
}

type Decode = fn(&mut Decoder, &[Item<'_>]) -> Decoded;

/// A kind of item with its category, how it is decoded, and one that means something.
type Kind = (&'static str, &'static str, Decode, fn() -> String);

const KINDS: [Kind; 6] = [
    ("transaction", "span", decode_spans, transaction),
    ("span_container", "span", decode_spans, || {
        container(&span_v2())
    }),
    ("span", "span", decode_spans, || span_v1("00000000000000aa")),
    ("log", "log_item", decode_logs, || container(&log())),
    ("otel_log", "log_item", decode_logs, otel_log),
    ("trace_metric", "trace_metric", decode_metrics, || {
        container(&metric())
    }),
];

fn container(thing: &str) -> String {
    format!(
        r#"{{"version":2,"ingest_settings":{{"infer_ip":"auto"}},"items":[{thing},{thing},{thing}]}}"#
    )
}

fn span_v1(span_id: &str) -> String {
    format!(
        r#"{{"trace_id":"{TRACE}","span_id":"{span_id}","parent_span_id":"00000000000000ff","start_timestamp":1763985600.25,"timestamp":"2025-11-24T12:00:00.5Z","op":"db","description":"SELECT 1","status":"ok","origin":"auto.db","data":{{"db.system":"postgresql"}},"tags":{{"a":"b"}},"measurements":{{"lcp":{{"value":1.5}}}},"hash":"x","is_segment":false,"segment_id":"00000000000000ff","profile_id":"x","exclusive_time":1.5,"same_process_as_parent":false,"links":[{{"trace_id":"{TRACE}","span_id":"{span_id}","sampled":true,"attributes":{{"a":{{"type":"string","value":"b"}}}}}}]}}"#
    )
}

fn span_v2() -> String {
    format!(
        r#"{{"trace_id":"{TRACE}","span_id":"00000000000000ab","parent_span_id":"00000000000000ff","name":"GET /","status":"ok","is_segment":true,"start_timestamp":1763985600.25,"end_timestamp":1763985600.5,"attributes":{{"sentry.op":{{"type":"string","value":"http.server"}},"n":{{"type":"integer","value":3}}}},"links":[{{"trace_id":"{TRACE}","span_id":"00000000000000ff"}}]}}"#
    )
}

fn log() -> String {
    format!(
        r#"{{"timestamp":1763985600.25,"trace_id":"{TRACE}","span_id":"00000000000000ff","level":"warn","body":"x","severity_number":13,"attributes":{{"sentry.timestamp.sequence":{{"type":"integer","value":3}}}}}}"#
    )
}

fn otel_log() -> String {
    format!(
        r#"{{"timeUnixNano":"1763985600000000000","traceId":"{TRACE}","spanId":"00000000000000ff","severityText":"warn","severityNumber":13,"body":{{"stringValue":"x"}},"attributes":[{{"key":"a","value":{{"intValue":"3"}}}}]}}"#
    )
}

fn metric() -> String {
    format!(
        r#"{{"timestamp":1763985600.25,"trace_id":"{TRACE}","span_id":"00000000000000ff","name":"a b","type":"counter","value":3,"unit":"x","attributes":{{"a":{{"type":"string","value":"b"}}}}}}"#
    )
}

fn transaction() -> String {
    let spans = [span_v1("00000000000000a1"), span_v1("00000000000000a2")].join(",");
    format!(
        r#"{{"type":"transaction","transaction":"/a/17","transaction_info":{{"source":"url"}},"start_timestamp":1763985600.0,"timestamp":1763985601.0,"platform":"python","release":"r","environment":"e","dist":"d","server_name":"h","sdk":{{"name":"sentry.python","version":"2","settings":{{"infer_ip":"auto"}}}},"contexts":{{"trace":{{"trace_id":"{TRACE}","span_id":"00000000000000ff","parent_span_id":null,"op":"http.server","status":"ok","origin":"auto","description":"x","data":{{"a":1}},"client_sample_rate":0.5,"tags":{{}},"links":[]}},"os":{{"name":"Linux"}},"device":{{"arch":"x"}},"app":{{"app_name":"x"}},"response":{{"status_code":200}},"profile":{{"profile_id":"x"}},"replay":{{"replay_id":"x"}},"flags":{{"values":[{{"flag":"f","result":true}}]}},"otel":{{"resource":{{"a":"b"}}}},"own":{{"a":"b"}}}},"tags":{{"t":"x"}},"user":{{"id":1,"username":"x","ip_address":"{{{{auto}}}}","geo":{{"city":"x"}},"data":{{"a":1}}}},"request":{{"method":"GET","url":"http://x/","headers":[["User-Agent","x"]],"env":{{"REMOTE_ADDR":"x"}}}},"measurements":{{"lcp":{{"value":1}}}},"extra":{{"a":[1]}},"spans":[{spans}]}}"#
    )
}

fn quantity(counts: &[Count], source: usize, category: &str, fate: Fate) -> u64 {
    let of =
        |count: &&Count| count.source == source && count.category == category && count.fate == fate;
    counts.iter().filter(of).map(|count| count.quantity).sum()
}

/// Decode a payload between two that mean something, and look at the account.
fn check(kind: &str, context: &str, payload: &[u8]) -> (u64, u64) {
    let Some((_, category, decode, good)) = KINDS.into_iter().find(|(name, ..)| *name == kind)
    else {
        unreachable!("{kind} is one of the kinds");
    };
    let good = good();
    let neighbour = item(kind, "{}", good.as_bytes());
    let decoded = decode(
        &mut decoder(),
        &[neighbour, item(kind, context, payload), neighbour],
    );
    let fates = |source| {
        [Fate::Accepted, Fate::Invalid]
            .map(|fate| quantity(&decoded.counts, source, category, fate))
    };
    let [first, middle, last] = [fates(0), fates(1), fates(2)];
    assert_eq!(first, last);
    assert!(first[0] > 0 && first[1] == 0, "{first:?}");
    let rows = decoded.blocks.first().map_or(0, |block| block.rows as u64);
    assert_eq!(rows, first[0] + middle[0] + last[0]);
    (middle[0], middle[1])
}

#[test]
fn every_kind_that_means_something_is_kept_whole() {
    for (kind, _, _, good) in KINDS {
        let expected = match kind {
            "span" | "otel_log" => 1,
            _ => 3,
        };
        assert_eq!(
            check(kind, "{}", good().as_bytes()),
            (expected, 0),
            "{kind}"
        );
    }
}

#[test]
fn a_transaction_counts_as_itself_and_as_its_spans() {
    let good = transaction();
    let broken = good.replacen("\"span_id\"", "\"other\"", 1);
    let items = [&good, &broken].map(|text| item("transaction", "{}", text.as_bytes()));
    let unreadable = item("transaction", "{}", b"{");
    let decoded = decode_spans(&mut decoder(), &[items[0], items[1], unreadable]);
    let all = |source, fate| {
        ["transaction", "span"].map(|category| quantity(&decoded.counts, source, category, fate))
    };
    assert_eq!(all(0, Fate::Accepted), [1, 3]);
    assert_eq!(all(1, Fate::Accepted), [0, 0]);
    assert_eq!(all(1, Fate::Invalid), [1, 3]);
    assert_eq!(all(2, Fate::Invalid), [1, 1]);
    let reasons: Vec<_> = decoded.counts.iter().map(|count| count.reason).collect();
    assert_eq!(
        reasons,
        [
            "",
            "",
            "missing_field",
            "missing_field",
            "unreadable",
            "unreadable"
        ]
    );
}

#[test]
fn the_bytes_of_logs_are_shared_out_among_the_lines_that_were_kept() {
    let payload = format!(r#"{{"items":[{},null]}}"#, log());
    let decoded = decode_logs(&mut decoder(), &[item("log", "{}", payload.as_bytes())]);
    let bytes = quantity(&decoded.counts, 0, "log_byte", Fate::Accepted);
    assert_eq!(bytes, payload.len() as u64 / 2);
}

#[test]
fn a_million_attributes_are_read_in_reasonable_time() {
    // Sorted out pair by pair they would take minutes.
    let many: Vec<String> = (0..1_000_000)
        .map(|number| format!("\"a{number}\":1"))
        .collect();
    let payload = span_v1("00000000000000aa").replace(
        r#"{"db.system":"postgresql"}"#,
        &format!("{{{}}}", many.join(",")),
    );
    assert_eq!(check("span", "{}", payload.as_bytes()), (1, 0));
}

/// JSON of any shape, as text.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[0-9]{1,30}(\\.[0-9]{1,12})?(e-?[0-9]{1,3})?",
        "\"[a-zA-Z0-9:./ {}é-]{0,40}\"",
        Just(format!("\"{TRACE}\"")),
        Just("\"{{auto}}\"".to_owned()),
        Just("\"9999-12-31T23:59:60.999999999+23:59\"".to_owned()),
        Just("NaN".to_owned()),
        Just("\"\\ud800\\u0000\"".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((known_key(), inner), 0..4).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\":{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn known_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "values",
        "value",
        "type",
        "items",
        "trace_id",
        "span_id",
        "key",
        "name",
        "unit",
        "id",
        "sampled",
        "attributes",
        "flag",
        "result",
        "",
        "sentry.op",
        "sentry.kind",
        "headers",
        "sentry.segment.id",
        "sentry.sample_rate",
        "sentry.sdk.name",
        "service.name",
        "geo",
        "stringValue",
        "intValue",
        "sentry.timestamp.sequence",
        "http.response.status_code",
    ])
}

/// The text with another value behind the nth of its keys.
fn replace_value(text: &str, nth: usize, value: &str) -> String {
    let places: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
    let Some(start) = places.get(nth % places.len().max(1)).copied() else {
        return text.to_owned();
    };
    let (before, rest) = text.split_at(start);
    format!(
        "{before}{value}{}",
        rest.get(value_length(rest)..).unwrap_or_default()
    )
}

/// How long the value is that a text begins with.
fn value_length(text: &str) -> usize {
    let (mut depth, mut in_string) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' | b',' if !in_string && depth == 0 => return at,
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn any_kind() -> impl Strategy<Value = usize> {
    0..KINDS.len()
}

proptest! {
    #[test]
    fn values_of_the_wrong_type_harm_no_neighbour(
        kind in any_kind(),
        changes in prop::collection::vec((any::<usize>(), any_json()), 1..6),
        context in any_json(),
    ) {
        let (name, _, _, good) = KINDS[kind];
        let mut payload = good();
        for (nth, value) in &changes {
            payload = replace_value(&payload, *nth, value);
        }
        check(name, &context, payload.as_bytes());
    }

    #[test]
    fn any_json_is_accounted_for(kind in any_kind(), payload in any_json()) {
        let (accepted, lost) = check(KINDS[kind].0, "{}", payload.as_bytes());
        prop_assert!(accepted + lost > 0 || payload.contains("items"));
    }

    #[test]
    fn any_bytes_are_accounted_for(kind in any_kind(), payload: Vec<u8>, context: Vec<u8>) {
        let context = String::from_utf8_lossy(&context).into_owned();
        check(KINDS[kind].0, &context, &payload);
    }

    #[test]
    fn what_is_cut_off_is_lost_and_counted(kind in any_kind(), cut in 1_usize..2000) {
        let (name, _, _, good) = KINDS[kind];
        let payload = good();
        let end = payload.floor_char_boundary(payload.len().saturating_sub(cut));
        let (accepted, lost) = check(name, "{}", payload.get(..end).unwrap_or_default().as_bytes());
        prop_assert_eq!((accepted, lost), (0, 1));
    }

    #[test]
    fn bad_things_in_a_container_harm_no_good_ones(
        kind in prop::sample::select(vec![1_usize, 3, 5]),
        bad in prop::collection::vec(any_json(), 0..5),
    ) {
        let (name, ..) = KINDS[kind];
        let good = [span_v2(), log(), metric()][kind / 2].clone();
        let mut things = vec![good.clone()];
        things.extend(bad.iter().cloned());
        things.push(good);
        let payload = format!(r#"{{"items":[{}]}}"#, things.join(","));
        let (accepted, lost) = check(name, "{}", payload.as_bytes());
        prop_assert!(accepted >= 2);
        prop_assert_eq!(accepted + lost, things.len() as u64);
    }
}
