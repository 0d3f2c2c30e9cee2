//! Make a cache of a minified file and its map.

use std::collections::HashMap;

use sourcemap::{DecodedMap, SourceMap, decode_slice};
use symbolic_sourcemapcache::SourceMapCacheWriter;

use crate::cache;
use crate::ignored::{add_older_ignore_list, ignored_names};
use crate::{Malformed, malformed};

/// Returns the cache of a minified file and its map.
///
/// `source` may be empty: functions then keep their minified names. `contents` are original files
/// by the name under which the map knows them, for maps that do not bring their text themselves.
///
/// # Errors
///
/// The map is none, or points at other maps that would have to be fetched.
pub fn build<S: std::hash::BuildHasher>(
    source: &[u8],
    map: &[u8],
    contents: &HashMap<String, Vec<u8>, S>,
) -> Result<Vec<u8>, Malformed> {
    let source = String::from_utf8_lossy(source);
    let decoded = decode(map)?;
    let ignored = with_plain(&decoded, ignored_names);
    let text = if contents.is_empty() {
        String::from_utf8_lossy(map).into_owned()
    } else {
        with_contents(decoded, contents)?
    };
    let writer = SourceMapCacheWriter::new(&source, &text).map_err(malformed)?;
    cache::write(writer, &ignored)
}

/// Returns the names of original files whose text the map does not bring.
///
/// # Errors
///
/// The map is none.
pub fn sources_without_content(map: &[u8]) -> Result<Vec<String>, Malformed> {
    Ok(with_plain(&decode(map)?, |map| {
        (0..map.get_source_count())
            .filter(|number| map.get_source_contents(*number).is_none())
            .filter_map(|number| map.get_source(number))
            .map(str::to_owned)
            .collect()
    }))
}

fn decode(text: &[u8]) -> Result<DecodedMap, Malformed> {
    let mut map = decode_slice(text).map_err(malformed)?;
    add_older_ignore_list(&mut map, text);
    match map {
        DecodedMap::Index(index) => Ok(DecodedMap::Regular(index.flatten().map_err(malformed)?)),
        other => Ok(other),
    }
}

fn with_plain<T: Default>(map: &DecodedMap, read: impl FnOnce(&SourceMap) -> T) -> T {
    match map {
        DecodedMap::Regular(map) => read(map),
        DecodedMap::Hermes(map) => read(map),
        DecodedMap::Index(_) => T::default(),
    }
}

fn with_contents<S: std::hash::BuildHasher>(
    mut map: DecodedMap,
    contents: &HashMap<String, Vec<u8>, S>,
) -> Result<String, Malformed> {
    match &mut map {
        DecodedMap::Regular(map) => fill_in(map, contents),
        DecodedMap::Hermes(map) => fill_in(map, contents),
        DecodedMap::Index(_) => {}
    }
    let mut text = Vec::new();
    map.to_writer(&mut text).map_err(malformed)?;
    String::from_utf8(text).map_err(malformed)
}

fn fill_in<S: std::hash::BuildHasher>(map: &mut SourceMap, contents: &HashMap<String, Vec<u8>, S>) {
    for number in 0..map.get_source_count() {
        if map.get_source_contents(number).is_some() {
            continue;
        }
        let Some(content) = map.get_source(number).and_then(|name| contents.get(name)) else {
            continue;
        };
        let content = String::from_utf8_lossy(content).into_owned();
        map.set_source_contents(number, Some(&content));
    }
}
