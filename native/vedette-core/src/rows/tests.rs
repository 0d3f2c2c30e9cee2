//! What all builders promise; that the engine reads the blocks is tested from Python.

use super::*;

fn promotion() -> Vec<(String, Vec<String>)> {
    let columns = [
        ("http_status", "http.status_code"),
        ("user_id", "user.id,enduser.id"),
    ];
    let split = |names: &str| names.split(',').map(str::to_string).collect();
    columns
        .iter()
        .map(|(column, names)| ((*column).to_string(), split(names)))
        .collect()
}

fn rows() -> SpanRows {
    SpanRows::new(&promotion()).unwrap()
}

fn head() -> SpanHead<'static> {
    SpanHead {
        project_id: 1,
        name: "GET /",
        sample_rate: 1.0,
        ..SpanHead::default()
    }
}

#[test]
fn a_promotion_of_an_unknown_column_is_refused() {
    let table = [("colour".to_string(), vec!["colour".to_string()])];
    assert_eq!(
        SpanRows::new(&table).err(),
        Some(UnknownColumn("colour".to_string()))
    );
}

#[test]
fn rows_and_their_key_counts_come_out_and_the_builder_is_empty_again() {
    let mut rows = rows();
    for _ in 0..3 {
        rows.attribute_str("colour", "red");
        rows.attribute_num("size", 1.5);
        rows.attribute_bool("is_big", true);
        rows.attribute_int("http.status_code", 200);
        rows.finish_row(&head());
    }

    let blocks = rows.take_blocks();

    let shape: Vec<_> = blocks
        .iter()
        .map(|block| (block.table, block.rows))
        .collect();
    assert_eq!(shape, [("spans", 3), ("attribute_keys", 4)]);
    assert!(rows.take_blocks().is_empty());
}

#[test]
fn the_same_rows_give_the_same_block_after_a_batch_was_taken() {
    let mut rows = rows();
    let mut batch = || {
        rows.attribute_str("colour", "red");
        rows.event(1, "boom", "");
        rows.finish_row(&head());
        rows.take_blocks()
    };
    assert_eq!(batch(), batch());
}

#[test]
fn a_dropped_row_leaves_nothing_behind() {
    let mut rows = rows();
    rows.attribute_str("user.id", "dropped");
    rows.attribute_str("colour", "dropped");
    rows.event(1, "dropped", "");
    rows.link(&[1; 16], &[1; 8], "");
    rows.drop_row();
    rows.finish_row(&head());
    let after_drop = rows.take_blocks();

    rows.finish_row(&head());

    // The name of a dropped attribute may stay in the dictionary; its value may not.
    assert_eq!(after_drop[0].rows, 1);
    assert!(!contains(&after_drop[0].bytes, b"dropped"));
    assert_eq!(rows.take_blocks()[0].rows, 1);
}

#[test]
fn the_first_value_that_is_not_empty_fills_a_promoted_column() {
    let mut rows = rows();
    rows.attribute_str("user.id", "");
    rows.attribute_str("enduser.id", "first");
    rows.attribute_str("user.id", "second");
    rows.finish_row(&head());

    let bytes = &rows.take_blocks()[0].bytes;

    assert!(contains(bytes, b"first"));
    assert!(!contains(bytes, b"second"));
    assert!(!contains(bytes, b"enduser.id"));
}

#[test]
fn a_status_that_is_no_status_stays_an_attribute() {
    let mut rows = rows();
    rows.attribute_str("http.status_code", "I'm a teapot");
    rows.finish_row(&head());
    assert!(contains(&rows.take_blocks()[0].bytes, b"teapot"));
}

#[test]
fn whole_numbers_too_large_for_a_float_are_kept_as_text() {
    let mut rows = rows();
    rows.attribute_int("order", 9_007_199_254_740_993);
    rows.finish_row(&head());
    assert!(contains(&rows.take_blocks()[0].bytes, b"9007199254740993"));
}

#[test]
fn attributes_beyond_the_bound_are_counted() {
    let mut rows = rows();
    for number in 0..=ATTRIBUTE_COUNT_MAX {
        rows.attribute_str(&format!("key{number}"), "x");
    }
    rows.finish_row(&head());

    let bytes = &rows.take_blocks()[0].bytes;

    assert!(contains(bytes, ATTRIBUTES_CUT_KEY.as_bytes()));
    assert!(!contains(
        bytes,
        format!("key{ATTRIBUTE_COUNT_MAX}").as_bytes()
    ));
}

#[test]
fn a_resource_has_one_row_per_batch_and_an_id_that_lasts() {
    let mut rows = ResourceRows::default();
    let mut ids = Vec::new();
    for order in [["a", "b"], ["b", "a"]] {
        for key in order {
            rows.attribute_str(key, "1");
        }
        ids.push(rows.finish_resource(1, 0));
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(rows.take_blocks()[0].rows, 1);
    for key in ["a", "b"] {
        rows.attribute_str(key, "1");
    }
    assert_ne!(rows.finish_resource(2, 0), ids[0]);
}

#[test]
fn names_made_of_ids_are_counted_up_to_a_bound() {
    let mut rows = rows();
    for number in 0..20_000 {
        rows.attribute_str(&format!("id {number}"), "x");
        rows.finish_row(&head());
    }
    assert_eq!(rows.take_blocks()[1].rows, 10_000);
}

#[test]
fn hours_and_projects_are_counted_apart() {
    let mut rows = rows();
    for (project_id, start_time_ns) in [(1, 0), (1, 3_600_000_000_000), (2, 0), (1, 1)] {
        rows.attribute_str("colour", "red");
        rows.finish_row(&SpanHead {
            project_id,
            start_time_ns,
            ..head()
        });
    }
    assert_eq!(rows.take_blocks()[1].rows, 3);
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
