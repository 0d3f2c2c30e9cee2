//! Order, self time and critical path against references that are slow and obvious.

use proptest::prelude::*;

use crate::groups::groups;
use crate::order::NONE;
use crate::spans::Spans;
use crate::trace::{CIRCLE, DUPLICATED, LATE, ORPHAN, SKEWED, Trace};
use crate::write::{write_columns, write_gaps};

#[derive(Debug, Clone)]
struct Given {
    id: u8,
    parent: u8,
    start_ns: i64,
    duration_ns: u64,
    received_ms: i64,
    service: &'static str,
}

fn given(id: u8, parent: u8, start_ns: i64, duration_ns: u64) -> Given {
    Given {
        id,
        parent,
        start_ns,
        duration_ns,
        received_ms: 0,
        service: "shop",
    }
}

fn rows(all: &[Given]) -> Vec<u8> {
    let mut out = Vec::new();
    for each in all {
        out.extend(1_u32.to_le_bytes());
        out.extend([0, 0, 0, 0, 0, 0, 0, each.id]);
        out.extend([0, 0, 0, 0, 0, 0, 0, each.parent]);
        out.extend(each.start_ns.to_le_bytes());
        out.extend(each.duration_ns.to_le_bytes());
        out.extend(each.received_ms.to_le_bytes());
        out.extend([1, 2, 1]);
        for text in [
            "n",
            "db",
            each.service,
            "",
            "",
            "otlp",
            "",
            "",
            "say \"x\"\n",
            "",
        ] {
            out.push(u8::try_from(text.len()).unwrap());
            out.extend(text.as_bytes());
        }
    }
    out
}

fn ids(trace: &Trace<'_>) -> Vec<u8> {
    let places = trace.order.rows.iter();
    places
        .map(|row| trace.spans.ids[*row as usize][7])
        .collect()
}

#[test]
fn children_follow_their_parent_by_start_and_orphans_are_marked_roots() {
    let body = rows(&[
        given(3, 1, 20, 5),
        given(2, 1, 10, 5),
        given(9, 77, 5, 1),
        given(1, 0, 0, 100),
        given(4, 2, 11, 1),
    ]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(ids(&trace), [1, 2, 4, 3, 9]);
    assert_eq!(trace.order.depths, [0, 1, 2, 1, 0]);
    assert_eq!(trace.order.parents, [NONE, 0, 1, 0, NONE]);
    assert_eq!(trace.marks, [0, 0, 0, 0, ORPHAN]);
}

#[test]
fn a_span_that_came_twice_is_given_once_and_marked() {
    let body = rows(&[given(1, 0, 0, 10), given(1, 0, 0, 10), given(1, 0, 5, 10)]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(ids(&trace), [1]);
    assert_eq!(trace.marks, [DUPLICATED]);
}

#[test]
fn circles_are_opened_at_their_earliest_span() {
    let body = rows(&[
        given(1, 3, 5, 1),
        given(2, 1, 3, 1),
        given(3, 2, 9, 1),
        given(4, 4, 9, 1),
    ]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(ids(&trace), [4, 2, 3, 1]);
    assert_eq!(trace.marks, [ORPHAN | CIRCLE, ORPHAN | CIRCLE, 0, 0]);
}

#[test]
fn a_child_that_begins_before_its_parent_elsewhere_is_skewed_with_all_that_lies_below() {
    let elsewhere = |each: Given| Given {
        service: "stock",
        ..each
    };
    let body = rows(&[
        given(1, 0, 1000, 100),
        elsewhere(given(2, 1, 400, 50)),
        elsewhere(given(3, 2, 410, 10)),
    ]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(trace.skews_ns, [0, 625, 625]);
    assert_eq!(trace.marks, [0, SKEWED, 0]);
    assert_eq!(trace.self_ns, [50, 40, 10]);
}

#[test]
fn late_spans_are_marked() {
    let late = Given {
        received_ms: 60_001,
        ..given(1, 0, 0, 1)
    };

    assert_eq!(Trace::read(&rows(&[late])).unwrap().marks, [LATE]);
}

#[test]
fn the_critical_path_waits_for_the_child_that_ended_last() {
    let body = rows(&[
        given(1, 0, 0, 100),
        given(2, 1, 10, 30), // ends at 40, before 4 begins: on the path
        given(3, 1, 20, 50), // ends at 70, while 4 runs: not on it
        given(4, 1, 50, 40), // ends at 90
    ]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(trace.critical_ns, [30, 30, 0, 40]);
    assert_eq!(trace.self_ns, [20, 30, 50, 40]);
}

#[test]
fn gaps_between_siblings_are_found() {
    const MS: u64 = 1_000_000;
    let body = rows(&[
        given(1, 0, 0, 900 * MS),
        given(2, 1, 0, 100 * MS),
        given(3, 1, 350_000_000, 10 * MS),
    ]);

    let trace = Trace::read(&body).unwrap();

    assert_eq!(trace.gap_count, 1);
    let written = String::from_utf8(write_gaps(&trace)).unwrap();
    assert_eq!(
        written,
        r#"{"parent":[0],"before":[2],"startNs":[100000000],"durationNs":[250000000]}"#
    );
}

#[test]
fn groups_add_up() {
    let body = rows(&[
        given(1, 0, 0, 100),
        given(2, 1, 10, 20),
        given(3, 1, 40, 20),
    ]);

    let found = groups(&Trace::read(&body).unwrap());

    assert_eq!(found.len(), 1);
    assert_eq!((found[0].count, found[0].error_count), (3, 3));
    assert_eq!(
        (found[0].total_ns, found[0].self_ns, found[0].critical_ns),
        (140, 100, 100)
    );
}

#[test]
fn columns_are_json_of_equal_length() {
    let body = rows(&[given(1, 0, 7, 100), given(2, 1, 10, 20)]);

    let written = String::from_utf8(write_columns(&Trace::read(&body).unwrap())).unwrap();

    assert!(
        written.starts_with(r#"{"depth":[0,1],"parent":[-1,0],"startNs":[0,3],"#),
        "{written}"
    );
    assert!(
        written.contains(r#""spanId":["0000000000000001","0000000000000002"]"#),
        "{written}"
    );
    assert!(
        written.contains(r#""description":["say \"x\"\n","say \"x\"\n"]"#),
        "{written}"
    );
    assert!(
        written.ends_with(r#""origin":{"values":[""],"indexes":[0,0]}}"#),
        "{written}"
    );
}

#[test]
fn a_chain_of_many_spans_costs_no_stack() {
    let chain: Vec<_> = (0..200_000_u32).collect();
    let mut out = Vec::new();
    for number in chain {
        let one = rows(&[given(0, 0, i64::from(number), 10)]);
        let (head, rest) = (&one[..4], &one[20..]);
        out.extend(head);
        out.extend(u64::from(number + 1).to_be_bytes());
        out.extend(u64::from(number).to_be_bytes());
        out.extend(rest);
    }

    let trace = Trace::read(&out).unwrap();

    assert_eq!(trace.order.depths.last(), Some(&199_999));
}

fn any_spans() -> impl Strategy<Value = Vec<Given>> {
    prop::collection::vec((0..12_u8, 0..12_u8, 0..40_i64, 0..40_u64), 1..14).prop_map(|all| {
        all.into_iter()
            .map(|(id, parent, start_ns, duration_ns)| given(id + 1, parent, start_ns, duration_ns))
            .collect()
    })
}

proptest! {
    #[test]
    fn reading_never_panics_whatever_the_bytes(bytes: Vec<u8>) {
        let _ = Trace::read(&bytes);
    }

    #[test]
    fn every_span_stands_at_one_place_after_its_parent(all in any_spans()) {
        let body = rows(&all);
        let spans = Spans::read(&body).unwrap();
        let count = spans.len();
        let trace = Trace::of(spans);
        let mut seen = trace.order.rows.clone();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..u32::try_from(count).unwrap()).collect::<Vec<_>>());
        for (place, &parent) in trace.order.parents.iter().enumerate() {
            prop_assert!(parent == NONE || (parent as usize) < place);
        }
    }

    #[test]
    fn self_time_is_what_no_child_covers(all in any_spans()) {
        let body = rows(&all);
        let trace = Trace::read(&body).unwrap();
        for place in 0..trace.order.rows.len() {
            let row = trace.order.rows[place] as usize;
            let covers = |row: usize, moment: i64| {
                trace.spans.starts_ns[row] <= moment && moment < trace.spans.end_ns(row)
            };
            let alone = (0..100).filter(|&moment| covers(row, moment)).filter(|&moment| {
                let mut others = (0..trace.order.rows.len())
                    .filter(|&other| trace.order.parents[other] as usize == place);
                !others.any(|other| covers(trace.order.rows[other] as usize, moment))
            });
            prop_assert_eq!(trace.self_ns[place], i64::try_from(alone.count()).unwrap());
        }
    }

    #[test]
    fn the_critical_path_of_a_tree_is_as_long_as_its_root(all in any_spans()) {
        let body = rows(&all);
        let trace = Trace::read(&body).unwrap();
        let mut root = 0;
        let mut left_ns = 0;
        for place in 0..=trace.order.rows.len() {
            if place == trace.order.rows.len() || trace.order.parents[place] == NONE {
                prop_assert_eq!(left_ns, 0, "tree of place {}", root);
                root = place;
                left_ns = trace.order.rows.get(place)
                    .map_or(0, |row| trace.spans.durations_ns[*row as usize]);
            }
            if place < trace.order.rows.len() {
                left_ns -= trace.critical_ns[place];
                prop_assert!(trace.critical_ns[place] >= 0);
            }
        }
    }
}
