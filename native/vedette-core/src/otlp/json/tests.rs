//! JSON requests become the protobuf that means the same; bad ones a clear fault.

use proptest::prelude::*;

use super::*;
use crate::otlp::{ItemCount, count};

fn traces(json: &str) -> Result<Vec<u8>, Malformed> {
    from_json(json.as_bytes(), Signal::Traces)
}

fn one_span(fields: &str) -> Vec<u8> {
    traces(&format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{fields}}}]}}]}}]}}"#
    ))
    .unwrap()
}

#[test]
fn camel_case_and_snake_case_numbers_and_texts_mean_the_same() {
    let javascript = one_span(r#""kind":2,"startTimeUnixNano":"1700000000000000001","flags":257"#);
    let collector = one_span(
        r#""kind":"SPAN_KIND_SERVER","start_time_unix_nano":1700000000000000001,"flags":"257""#,
    );
    assert_eq!(javascript, collector);
}

#[test]
fn ids_are_hex_and_a_wrong_one_spoils_only_its_span() {
    let json = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174"},
        {"traceId":"no hex","spanId":"eee19b7ec3c1b174"},
        {"traceId":null,"spanId":"eee19b7ec3c1b174"}]}]}]}"#;
    let body = traces(json).unwrap();
    assert_eq!(
        count(&body, Signal::Traces),
        Ok(ItemCount { all: 3, faulty: 2 })
    );
}

#[test]
fn unknown_fields_and_nulls_are_skipped() {
    let plain = one_span(r#""name":"a""#);
    let more = one_span(r#""new":{"deep":[1,{}]},"name":"a","attributes":null,"status":null"#);
    assert_eq!(plain, more);
}

#[test]
fn half_a_surrogate_pair_is_no_fault() {
    let body = one_span(r#""name":"a\ud800b""#);
    assert!(body.windows(2).any(|pair| pair == b"a\xef"));
}

#[test]
fn a_fault_names_the_byte_where_it_was_found() {
    assert_eq!(
        traces("{\n \"resourceSpans\": nonsense}"),
        Err(Malformed { position: 22 })
    );
    assert_eq!(traces("[]").unwrap_err().position, 2);
    assert!(traces("").is_err());
    assert!(traces(r#"{"resourceSpans":[1]}"#).is_err());
}

#[test]
fn deep_nesting_is_a_fault_and_no_crash() {
    let deep = format!(r#"{{"x":{}"#, "[".repeat(100_000));
    assert!(traces(&deep).is_err());
    let value = r#"{"arrayValue":{"values":["#.repeat(1000);
    assert!(
        traces(&format!(
            r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"value":{value}"#
        ))
        .is_err()
    );
}

fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_string()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_map(|value| format!("{value:e}")),
        "\"[a-zA-Z0-9+/=-]{0,12}\"",
    ];
    let names = prop_oneof![
        Just("resourceSpans"),
        Just("scope_spans"),
        Just("spans"),
        Just("attributes"),
        Just("value"),
        Just("arrayValue"),
        Just("values"),
        Just("kind"),
        Just("resourceMetrics"),
        Just("scopeMetrics"),
        Just("metrics"),
        Just("sum"),
        Just("dataPoints"),
        Just("asInt"),
        Just("bytesValue"),
        Just("traceId"),
        Just("name"),
        Just("startTimeUnixNano"),
    ];
    leaf.prop_recursive(8, 64, 6, move |inner| {
        let pair =
            (names.clone(), inner.clone()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(pair, 0..4).prop_map(|pairs| format!("{{{}}}", pairs.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_converted_or_refused(bytes: Vec<u8>) {
        for signal in [Signal::Traces, Signal::Logs, Signal::Metrics] {
            let _ = from_json(&bytes, signal);
        }
    }

    #[test]
    fn what_is_converted_is_a_message(json in json_text()) {
        for signal in [Signal::Traces, Signal::Metrics] {
            if let Ok(message) = from_json(json.as_bytes(), signal) {
                prop_assert!(count(&message, signal).is_ok());
                prop_assert!(message.len() <= json.len() * 10 + 16);
            }
        }
    }
}
