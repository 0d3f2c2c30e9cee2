//! Which sources a map itself calls somebody else's code.

use serde::Deserialize;
use sourcemap::{DecodedMap, SourceMap, SourceMapIndex};

/// The older name of `ignoreList`, which the `sourcemap` crate does not read.
#[derive(Deserialize, Default)]
struct Older {
    #[serde(default, rename = "x_google_ignoreList")]
    ignore_list: Option<Vec<u32>>,
    #[serde(default)]
    sections: Option<Vec<OlderSection>>,
}

#[derive(Deserialize, Default)]
struct OlderSection {
    #[serde(default)]
    map: Option<Box<Older>>,
}

/// Adds the sources that are ignored under the older name to those the map knows.
pub(crate) fn add_older_ignore_list(map: &mut DecodedMap, text: &[u8]) {
    // A map that cannot be read so was read by the crate all the same: nothing is ignored then.
    let Ok(older) = serde_json::from_slice::<Older>(text) else {
        return;
    };
    add(map, &older);
}

fn add(map: &mut DecodedMap, older: &Older) {
    match map {
        DecodedMap::Regular(map) => add_to_regular(map, older),
        DecodedMap::Index(map) => add_to_sections(map, older),
        DecodedMap::Hermes(_) => {}
    }
}

fn add_to_regular(map: &mut SourceMap, older: &Older) {
    for source_id in older.ignore_list.iter().flatten() {
        map.add_to_ignore_list(*source_id);
    }
}

fn add_to_sections(map: &mut SourceMapIndex, older: &Older) {
    for (number, section) in older.sections.iter().flatten().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let inner = map
            .get_section_mut(number)
            .and_then(sourcemap::SourceMapSection::get_sourcemap_mut);
        if let (Some(inner), Some(older)) = (inner, &section.map) {
            add(inner, older);
        }
    }
}

/// Returns the names of the ignored sources.
pub(crate) fn ignored_names(map: &SourceMap) -> Vec<String> {
    map.ignore_list()
        .filter_map(|source_id| map.get_source(*source_id))
        .map(str::to_owned)
        .collect()
}
