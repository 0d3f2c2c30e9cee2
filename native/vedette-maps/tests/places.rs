//! Caches of real little maps, and of bytes that are none.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;

use proptest::prelude::*;
use vedette_maps::{MapCache, Place, Scope, build, sources_without_content};

/// `add` and `total` of a file `cart.ts`, as esbuild minifies them.
const MINIFIED: &str = "function t(n,o){return n.price+o}function r(n){return t(n.first,1)}\n";
const ORIGINAL: &str = "function add(item, sum) {\n  return item.price + sum;\n}\nfunction total(cart) {\n  return add(cart.first, 1);\n}\n";
const MAPPINGS: &str = "AAAA,SAASA,EAAIC,EAAMC,EAAK,CACtB,OAAOD,EAAK,MAAQC,CACtB,CACA,SAASC,EAAMC,EAAM,CACnB,OAAOJ,EAAII,EAAK,MAAO,CAAC,CAC1B";

fn map(with_content: bool, more: &str) -> String {
    let content = if with_content {
        serde_json::to_string(ORIGINAL).unwrap()
    } else {
        "null".to_owned()
    };
    format!(
        r#"{{"version":3,"sources":["src/cart.ts"],"sourcesContent":[{content}],"mappings":"{MAPPINGS}","names":["add","item","sum","total","cart"]{more}}}"#
    )
}

fn open(map: &str, contents: &HashMap<String, Vec<u8>>) -> MapCache {
    MapCache::open(&build(MINIFIED.as_bytes(), map.as_bytes(), contents).unwrap()).unwrap()
}

fn place(cache: &MapCache, minified: &str) -> Place {
    let column = u32::try_from(MINIFIED.find(minified).unwrap()).unwrap();
    cache.look_up(&[(0, column)]).unwrap().remove(0).unwrap()
}

#[test]
fn a_place_becomes_the_original_one() {
    let cache = open(&map(true, ""), &HashMap::new());
    let found = place(&cache, "n.price");
    assert_eq!(found.file.as_deref(), Some("src/cart.ts"));
    assert_eq!(
        (found.line, found.scope),
        (1, Scope::Named("add".to_owned()))
    );
    assert_eq!(found.text.as_deref(), Some("  return item.price + sum;"));
    assert_eq!(found.before, ["function add(item, sum) {"]);
    assert_eq!(found.after.first().map(String::as_str), Some("}"));
    assert_eq!(found.after.len(), 5);
    assert!(!found.is_ignored);
}

#[test]
fn a_call_says_what_it_calls() {
    let cache = open(&map(true, ""), &HashMap::new());
    let found = place(&cache, "t(n.first");
    assert_eq!(found.token.as_deref(), Some("add"));
    assert_eq!(found.scope, Scope::Named("total".to_owned()));
}

#[test]
fn text_that_the_map_lacks_may_come_from_elsewhere() {
    let map = map(false, "");
    assert_eq!(
        sources_without_content(map.as_bytes()).unwrap(),
        ["src/cart.ts"]
    );
    assert_eq!(place(&open(&map, &HashMap::new()), "n.price").text, None);
    let contents = HashMap::from([("src/cart.ts".to_owned(), ORIGINAL.as_bytes().to_vec())]);
    let found = place(&open(&map, &contents), "n.price");
    assert_eq!(found.text.as_deref(), Some("  return item.price + sum;"));
}

#[test]
fn both_names_of_the_ignore_list_are_heard() {
    for name in ["ignoreList", "x_google_ignoreList"] {
        let cache = open(&map(true, &format!(r#","{name}":[0]"#)), &HashMap::new());
        assert!(place(&cache, "n.price").is_ignored, "{name}");
    }
}

#[test]
fn an_indexed_map_is_flattened_with_its_ignore_list() {
    let inner = map(true, r#","x_google_ignoreList":[0]"#);
    let indexed = format!(
        r#"{{"version":3,"sections":[{{"offset":{{"line":0,"column":0}},"map":{inner}}}]}}"#
    );
    let found = place(&open(&indexed, &HashMap::new()), "n.price");
    assert_eq!((found.line, found.is_ignored), (1, true));
}

#[test]
fn without_the_minified_file_places_are_found_and_functions_are_not() {
    let bytes = build(b"", map(true, "").as_bytes(), &HashMap::new()).unwrap();
    let found = place(&MapCache::open(&bytes).unwrap(), "n.price");
    assert_eq!((found.line, found.scope), (1, Scope::Unknown));
}

#[test]
fn a_minified_file_that_is_no_script_costs_only_the_names() {
    let bytes = build(b"<html>((((", map(true, "").as_bytes(), &HashMap::new()).unwrap();
    assert_eq!(place(&MapCache::open(&bytes).unwrap(), "n.price").line, 1);
}

#[test]
fn what_is_no_map_is_refused() {
    for text in [
        "",
        "{}",
        "<html>",
        r#"{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"x"}]}"#,
    ] {
        let built = build(MINIFIED.as_bytes(), text.as_bytes(), &HashMap::new());
        let opened = built.map(|bytes| MapCache::open(&bytes).unwrap().look_up(&[(0, 0)]).unwrap());
        assert!(
            matches!(opened.as_deref(), Err(_) | Ok([None])),
            "{text}: {opened:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn foreign_bytes_are_never_a_cache_that_harms(damage in prop::collection::vec((0usize..2_000, any::<u8>()), 1..20), length in 0usize..2_000) {
        let mut bytes = build(MINIFIED.as_bytes(), map(true, "").as_bytes(), &HashMap::new()).unwrap();
        for (at, byte) in damage {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        bytes.truncate(length);
        if let Ok(cache) = MapCache::open(&bytes) {
            let places: Vec<_> = (0..80).map(|column| (0, column)).collect();
            prop_assert_eq!(cache.look_up(&places).unwrap().len(), 80);
        }
    }

    #[test]
    fn any_text_is_a_map_or_is_refused(source in ".{0,200}", text in ".{0,200}") {
        let _ = build(source.as_bytes(), text.as_bytes(), &HashMap::new());
    }
}
