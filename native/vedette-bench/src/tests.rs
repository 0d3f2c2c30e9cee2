//! The load is what the benchmarks say it is: its shape, its sizes, and the same every time.

use crate::request::{RequestMaker, Window};
use crate::{error_event, transaction};

const WINDOW: Window = Window {
    start_ns: 1_800_000_000_000_000_000,
    width_ns: 1_000_000_000,
};

fn bodies(seed: u64, numbers: &[u64]) -> Vec<Vec<u8>> {
    let mut maker = RequestMaker::new(seed, 1000);
    numbers
        .iter()
        .map(|number| {
            let mut body = Vec::new();
            maker.make(*number, WINDOW, &mut body, &mut |_| ());
            body
        })
        .collect()
}

#[test]
fn a_request_depends_on_its_number_alone() {
    let in_order = bodies(1, &[0, 1, 2]);
    let out_of_order = bodies(1, &[2, 0]);

    assert_eq!(in_order[2], out_of_order[0]);
    assert_eq!(in_order[0], out_of_order[1]);
    assert_ne!(in_order[0], in_order[1]);
    assert_ne!(in_order[0], bodies(2, &[0])[0]);
}

#[test]
fn spans_have_the_size_and_the_attributes_that_the_results_name() {
    let mut maker = RequestMaker::new(1, 1000);
    let (mut body, mut byte_count, mut span_count, mut error_count) = (Vec::new(), 0, 0, 0);
    for number in 0..50 {
        maker.make(number, WINDOW, &mut body, &mut |trace| {
            assert!((5..=60).contains(&trace.span_count));
            span_count += trace.span_count;
            error_count += trace.error_count;
        });
        byte_count += body.len();
    }

    assert_eq!(span_count, 50_000);
    assert!((680..700).contains(&(byte_count / span_count)));
    assert!((16..17).contains(&(maker.attribute_count() as usize / span_count)));
    assert!((900..1100).contains(&error_count));
}

#[test]
fn small_requests_hold_exactly_the_spans_that_were_asked_for() {
    let mut maker = RequestMaker::new(1, 10);
    let mut body = Vec::new();
    for number in 0..100 {
        let mut span_count = 0;
        maker.make(number, WINDOW, &mut body, &mut |trace| {
            span_count += trace.span_count;
        });
        assert_eq!(span_count, 10);
    }
}

#[test]
fn envelopes_are_json_of_the_length_they_say() {
    let mut text = String::new();
    for number in 0..50 {
        error_event::write(
            &mut text,
            1,
            number,
            WINDOW.start_ns,
            error_event::Shape::ORDINARY,
        );
        assert!((6_200..7_200).contains(&text.len()), "{}", text.len());
        assert_is_envelope(&text, "event");
        transaction::write(&mut text, 1, number, WINDOW.start_ns);
        assert!((17_000..22_000).contains(&text.len()), "{}", text.len());
        assert_is_envelope(&text, "transaction");
    }
}

fn assert_is_envelope(text: &str, item_type: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let [head, item_head, item] = lines.as_slice() else {
        panic!("an envelope of three lines, not {}", lines.len());
    };
    let head: serde_json::Value = serde_json::from_str(head).unwrap();
    let item_head: serde_json::Value = serde_json::from_str(item_head).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(item).unwrap();
    assert_eq!(item_head["type"], item_type);
    assert_eq!(item_head["length"], item.len());
    assert_eq!(parsed["event_id"], head["event_id"]);
}
