//! What the lenient reader makes of JSON, and of what is none.

use proptest::prelude::{any, proptest};

use super::{Arena, DEPTH_MAX, Json, read, write};

fn again(text: &[u8]) -> Option<String> {
    let arena = Arena::new();
    read(text, &arena).ok().map(|tree| write(&tree))
}

#[test]
fn plain_json_is_read_as_it_is() {
    let text = r#"{"a":[1,-2.50,1e3,true,false,null],"b":{"":"x"},"c":"é😀","d":[],"e":{}}"#;
    assert_eq!(again(text.as_bytes()).as_deref(), Some(text));
}

#[test]
fn escapes_are_decoded() {
    let arena = Arena::new();
    let text = br#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 long enough for a word\n""#;
    let expected = "a\"\\/\u{8}\u{c}\n\r\té😀 long enough for a word\n";
    assert_eq!(read(text, &arena), Ok(Json::Text(expected)));
}

#[test]
fn what_is_not_json_is_mended() {
    for (given, expected) in [
        (&br"[NaN,Infinity,-Infinity]"[..], "[null,null,null]"),
        (br#""a\ud800b""#, "\"a\u{fffd}b\""),
        (br#""\ud800\ud83d\ude00""#, "\"\u{fffd}😀\""),
        (br#""\udc00""#, "\"\u{fffd}\""),
        (br#""\uzzzz""#, "\"\u{fffd}zzzz\""),
        (b"\"a\xffb\"", "\"a\u{fffd}b\""),
        (b"\"a\0b\\u0000c\"", "\"abc\""),
        (b"\"a\nb\"", "\"a\\nb\""),
        (b"\xef\xbb\xbf[1,]", "[1]"),
        (b" {\"a\":1,} \n", "{\"a\":1}"),
    ] {
        assert_eq!(again(given).as_deref(), Some(expected));
    }
}

#[test]
fn what_is_cut_off_is_unreadable() {
    let text = br#"{"a":[1,"x\u00e9",{"b":null}],"c":-1.5e3}"#;
    for length in 0..text.len() {
        assert_eq!(
            again(text.get(..length).unwrap_or_default()),
            None,
            "{length}"
        );
    }
    for text in [
        "{} {}",
        "[1 2]",
        "{1:2}",
        "{\"a\" 1}",
        "tru",
        "-",
        "1e",
        "]",
        "'a'",
    ] {
        assert_eq!(again(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn what_lies_too_deep_is_kept_as_text_without_a_deep_stack() {
    let depth = 200_000;
    let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let arena = Arena::new();
    let mut tree = read(text.as_bytes(), &arena).unwrap_or(Json::Null);
    for _ in 0..DEPTH_MAX {
        tree = tree.elements().first().copied().unwrap_or(Json::Null);
    }
    assert_eq!(tree.text().map(str::len), Some(text.len() - 2 * DEPTH_MAX));
}

#[test]
fn brackets_in_strings_do_not_count_in_what_lies_too_deep() {
    let inner = r#"{"a":"]}\"}"}"#;
    let text = format!("{}{inner}{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
    assert!(again(text.as_bytes()).is_some_and(|text| text.contains(r#"{\"a\":\"]}\\\"}\"}"#)));
}

fn with<R>(text: &str, check: impl FnOnce(Json<'_>) -> R) -> R {
    let arena = Arena::new();
    check(read(text.as_bytes(), &arena).unwrap_or(Json::Null))
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    with(r#"{"a":1,"a":2}"#, |tree| {
        assert_eq!(tree.get("a").unsigned(), Some(2));
    });
}

#[test]
fn readers_answer_nothing_for_a_wrong_type() {
    with(r#"{"a":[1],"b":{"c":1},"d":"x","e":1e999}"#, |tree| {
        for key in ["a", "b", "d", "e", "none"] {
            assert_eq!(tree.get(key).float(), None, "{key}");
            assert_eq!(tree.get(key).unsigned(), None, "{key}");
            assert_eq!(tree.get(key).bool(), None, "{key}");
        }
        assert_eq!(tree.get("d").members(), &[]);
        assert_eq!(tree.get("a").get("x"), Json::Null);
    });
}

#[test]
fn numbers_are_read_from_all_their_forms() {
    with(
        r#"[200,"200",200.0,18446744073709551615,-1,"nan"]"#,
        |tree| {
            let numbers: Vec<_> = tree.elements().iter().map(Json::unsigned).collect();
            assert_eq!(
                numbers,
                [Some(200), Some(200), Some(200), Some(u64::MAX), None, None]
            );
        },
    );
}

#[test]
fn a_list_may_stand_bare_or_below_values() {
    with(r#"[[1,2],{"values":[1,2]},{"values":3},4]"#, |tree| {
        let lengths: Vec<_> = tree
            .elements()
            .iter()
            .map(|list| list.elements().len())
            .collect();
        assert_eq!(lengths, [2, 2, 0, 0]);
    });
}

proptest! {
    #[test]
    fn reading_never_fails_badly(bytes in any::<Vec<u8>>()) {
        again(&bytes);
    }

    #[test]
    fn reading_nearly_json_never_fails_badly(text in r#"[\[\]{}",:\\u0-9a-f.eE+-]{0,60}"#) {
        again(text.as_bytes());
    }

    #[test]
    fn every_string_survives_writing_and_reading(text in "\\PC*[\\x01-\\x1f\"\\\\]*\\PC*") {
        let arena = Arena::new();
        let written = write(&Json::Text(&text));
        assert_eq!(read(written.as_bytes(), &arena), Ok(Json::Text(&text)));
    }
}
