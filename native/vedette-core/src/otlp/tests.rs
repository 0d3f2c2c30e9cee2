//! Whatever the bytes, reading ends, does not panic, and accounts for what it saw.

use proptest::prelude::*;

use super::*;
use crate::block::append_string;
use crate::rows::TimeWindow;

const SIGNALS: [Signal; 3] = [Signal::Traces, Signal::Logs, Signal::Metrics];

fn decoder() -> Decoder {
    let day_ns = 86_400_000_000_000;
    let window = TimeWindow {
        past_ns_max: day_ns,
        future_ns_max: day_ns,
    };
    Decoder::new(&[], &[], &[], window).unwrap()
}

fn decode(signal: Signal, bytes: &[u8]) -> Decoded {
    let body = Body {
        project_id: 1,
        received_ns: 1_000_000_000,
        encoding: "",
        bytes,
    };
    decoder().decode(signal, &[body])
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut message = vec![number << 3 | 2];
    append_string(&mut message, bytes);
    message
}

/// A request with these items in one scope of one resource.
fn request(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<u8> = items.iter().flat_map(|item| field(2, item)).collect();
    field(1, &field(2, &items))
}

fn span(span_id: u8) -> Vec<u8> {
    [
        field(1, &[1; 16]),
        field(2, &[span_id; 8]),
        field(5, b"work"),
    ]
    .concat()
}

fn quantity(decoded: &Decoded, fate: Fate) -> u64 {
    let counts = decoded.counts.iter().filter(|count| count.fate == fate);
    counts.map(|count| count.quantity).sum()
}

#[test]
fn spans_without_ids_are_counted_and_their_neighbours_kept() {
    let no_trace = field(2, &[1; 8]);
    let short_id = [field(1, &[1; 15]), field(2, &[1; 8])].concat();
    let body = request(&[span(1), no_trace, short_id, span(2)]);

    let decoded = decode(Signal::Traces, &body);

    assert_eq!(quantity(&decoded, Fate::Accepted), 2);
    assert_eq!(quantity(&decoded, Fate::Invalid), 2);
    assert_eq!(decoded.blocks[0].rows, 2);
}

#[test]
fn what_came_before_a_fault_is_kept_and_the_fault_counted() {
    let mut body = request(&[span(1), span(2)]);
    body.extend(request(&[span(3)]));
    body.truncate(body.len() - 4);

    let decoded = decode(Signal::Traces, &body);

    assert_eq!(quantity(&decoded, Fate::Accepted), 2);
    assert_eq!(
        decoded.counts.last(),
        Some(&Count {
            source: 0,
            category: "span",
            fate: Fate::Invalid,
            reason: "unreadable",
            quantity: 1
        })
    );
    assert!(matches!(count(&body, Signal::Traces), Err(Malformed { position }) if position > 0));
}

#[test]
fn a_span_that_is_broken_inside_harms_no_other() {
    let mut broken = span(2);
    broken.extend([0x4a, 5, 1]);
    let body = request(&[span(1), broken, span(3)]);

    let decoded = decode(Signal::Traces, &body);

    assert_eq!(
        count(&body, Signal::Traces),
        Ok(ItemCount { all: 3, faulty: 0 })
    );
    assert_eq!(quantity(&decoded, Fate::Accepted), 2);
    assert_eq!(quantity(&decoded, Fate::Invalid), 1);
}

#[test]
fn the_same_batch_gives_the_same_bytes_twice() {
    let record = [field(3, b"WARN"), field(5, &field(1, b"hello"))].concat();
    let body = request(&[record.clone(), record]);
    let mut decoder = decoder();
    let mut blocks = || {
        let body = Body {
            project_id: 1,
            received_ns: 7,
            encoding: "",
            bytes: &body,
        };
        decoder.decode(Signal::Logs, &[body, body]).blocks
    };
    let first = blocks();
    assert_eq!(first[0].rows, 4);
    assert_eq!(first, blocks());
}

/// A resource with one attribute of so many bytes, and a span in each of these scopes.
fn in_scopes(value_bytes: usize, scopes: &[Vec<u8>]) -> Vec<u8> {
    let attribute = [
        field(1, b"k"),
        field(2, &field(1, &vec![b'v'; value_bytes])),
    ]
    .concat();
    let mut group = field(1, &field(1, &attribute));
    for scope in scopes {
        group.extend(field(2, &[field(1, scope), field(2, &span(1))].concat()));
    }
    field(1, &group)
}

fn resource_count(decoded: &Decoded) -> usize {
    let block = decoded.blocks.iter().find(|one| one.table == "resources");
    block.map_or(0, |block| block.rows)
}

#[test]
fn each_version_of_a_scope_has_its_resource_once() {
    let (one, two, plain) = (field(2, b"1"), field(2, b"2"), field(1, b"name"));
    let count =
        |scopes: &[Vec<u8>]| resource_count(&decode(Signal::Traces, &in_scopes(10, scopes)));

    assert_eq!(count(&[plain.clone(), plain.clone()]), 1);
    assert_eq!(count(&[one.clone(), one.clone()]), 1);
    assert_eq!(count(&[one, two, plain]), 3);
}

#[test]
fn many_scopes_repeat_a_large_resource_up_to_a_bound() {
    let scopes: Vec<_> = (0..500).map(|n: u32| field(2, &n.to_le_bytes())).collect();
    let decoded = decode(Signal::Traces, &in_scopes(60_000, &scopes));

    assert_eq!(quantity(&decoded, Fate::Accepted), 500);
    // As many as fit, and the one without any scope's version.
    assert_eq!(resource_count(&decoded), 1024 * 1024 / 60_000 + 1);
}

#[test]
fn a_body_that_cannot_be_unpacked_is_one_unreadable_item() {
    let body = Body {
        project_id: 1,
        received_ns: 7,
        encoding: "gzip",
        bytes: b"no gzip",
    };
    let decoded = decoder().decode(Signal::Metrics, &[body]);
    assert_eq!(quantity(&decoded, Fate::Invalid), 1);
    assert!(decoded.blocks.is_empty());
}

#[test]
fn points_are_counted_by_kind() {
    let sum = field(7, &[field(1, &[]), field(1, &[])].concat());
    let gauge = field(5, &field(1, &[]));
    let body = request(&[
        [field(1, b"a"), sum].concat(),
        [field(1, b"b"), gauge].concat(),
    ]);
    assert_eq!(
        count(&body, Signal::Metrics),
        Ok(ItemCount { all: 3, faulty: 0 })
    );
    assert_eq!(quantity(&decode(Signal::Metrics, &body), Fate::Accepted), 3);
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(bytes: Vec<u8>) {
        for signal in SIGNALS {
            let _ = count(&bytes, signal);
            decode(signal, &bytes);
        }
    }

    #[test]
    fn any_fields_in_an_item_are_read_to_an_end(
        fields in prop::collection::vec(
            (1_u8..16, prop::collection::vec(any::<u8>(), 0..60)), 0..12),
    ) {
        let item: Vec<u8> = fields.iter().flat_map(|(number, bytes)| field(*number, bytes)).collect();
        let point = field(5, &field(1, &item));
        let histogram = field(9, &field(1, &item));
        let exponential = field(10, &field(1, &item));
        for item in [item, point, histogram, exponential] {
            for signal in SIGNALS {
                let body = request(std::slice::from_ref(&item));
                let decoded = decode(signal, &body);
                let rows: usize = decoded.blocks.iter()
                    .filter(|block| matches!(block.table, "spans" | "logs" | "metrics"))
                    .map(|block| block.rows).sum();
                let accepted: u64 = decoded.counts.iter()
                    .filter(|count| count.fate == Fate::Accepted && count.category == signal.category())
                    .map(|count| count.quantity).sum();
                prop_assert_eq!(rows as u64, accepted);
            }
        }
    }

    #[test]
    fn every_item_that_was_counted_is_kept_or_accounted_for(
        ids in prop::collection::vec(0_u8..3, 0..20),
    ) {
        let items: Vec<_> = ids.iter().map(|&id| span(id)).collect();
        let body = request(&items);
        let decoded = decode(Signal::Traces, &body);
        let (kept, faulty) = (quantity(&decoded, Fate::Accepted), quantity(&decoded, Fate::Invalid));
        let counted = count(&body, Signal::Traces);
        prop_assert_eq!(counted, Ok(ItemCount { all: kept + faulty, faulty }));
    }

    #[test]
    fn a_flipped_bit_never_panics(at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let mut body = request(&[span(1), span(2), span(3)]);
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        for signal in SIGNALS {
            decode(signal, &body);
        }
    }
}
