//! The cache as bytes, and looking up places in it.
//!
//! The bytes: eight of a name and a version, the length of a list as eight more, the list (JSON, the
//! names of ignored sources), zeros up to a multiple of eight, and symbolic's own cache.

use std::collections::HashSet;

use symbolic_sourcemapcache::{
    File, ScopeLookupResult, SourceMapCache, SourceMapCacheWriter, SourcePosition,
};

use watto::Pod as _;

use crate::lines::{AROUND_MAX, shown};
use crate::{Malformed, malformed};

const NAME: &[u8; 8] = b"VDMAP\0\0\x01";
const HEAD_BYTES: usize = 16;

/// In what a place lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Not known, or in no function.
    Unknown,
    /// A function without a name.
    Anonymous,
    /// A function of this name.
    Named(String),
}

/// An original place. Lines and columns count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The original file, as the map calls it.
    pub file: Option<String>,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// In which function it lies.
    pub scope: Scope,
    /// How the thing at this place is called: of a call, what is called.
    pub token: Option<String>,
    /// The line, when the text of the file is known.
    pub text: Option<String>,
    /// The lines before it, the first one first.
    pub before: Vec<String>,
    /// The lines after it.
    pub after: Vec<String>,
    /// Whether the map says that this file is somebody else's code.
    pub is_ignored: bool,
}

/// A cache that can be asked.
#[derive(Debug)]
pub struct MapCache {
    /// Words, not bytes: the cache wants to be aligned.
    words: Vec<u64>,
    byte_count: usize,
    ignored: HashSet<String>,
}

pub(crate) fn write(
    writer: SourceMapCacheWriter,
    ignored: &[String],
) -> Result<Vec<u8>, Malformed> {
    let list = serde_json::to_vec(ignored).map_err(malformed)?;
    let mut bytes = NAME.to_vec();
    bytes.extend((list.len() as u64).to_le_bytes());
    bytes.extend(&list);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    writer.serialize(&mut bytes).map_err(malformed)?;
    Ok(bytes)
}

impl MapCache {
    /// Opens what [`build`](crate::build) wrote.
    ///
    /// # Errors
    ///
    /// The bytes are no cache of this version.
    pub fn open(bytes: &[u8]) -> Result<Self, Malformed> {
        let foreign = || Malformed("these bytes are no cache of a source map".to_owned());
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES).ok_or_else(foreign)?;
        let (name, length) = head.split_at_checked(NAME.len()).ok_or_else(foreign)?;
        if name != NAME {
            return Err(foreign());
        }
        let length = u64::from_le_bytes(length.try_into().map_err(malformed)?);
        let length = usize::try_from(length).map_err(malformed)?;
        let list = rest.get(..length).ok_or_else(foreign)?;
        let names: Vec<String> = serde_json::from_slice(list).map_err(malformed)?;
        let inner = rest.get(length.next_multiple_of(8)..).ok_or_else(foreign)?;
        let cache = Self {
            words: inner.chunks(8).map(word).collect(),
            byte_count: inner.len(),
            ignored: names.into_iter().collect(),
        };
        SourceMapCache::parse(cache.words.as_bytes()).map_err(malformed)?;
        Ok(cache)
    }

    /// Returns about how many bytes of memory the cache takes.
    #[must_use]
    pub fn byte_count(&self) -> usize {
        self.byte_count
    }

    /// Returns the original place of each (line, column), all counted from 0.
    ///
    /// # Errors
    ///
    /// Never for a cache that was opened.
    pub fn look_up(&self, places: &[(u32, u32)]) -> Result<Vec<Option<Place>>, Malformed> {
        let cache = SourceMapCache::parse(self.words.as_bytes()).map_err(malformed)?;
        Ok(places
            .iter()
            .map(|(line, column)| self.find(&cache, *line, *column))
            .collect())
    }

    fn find(&self, cache: &SourceMapCache<'_>, line: u32, column: u32) -> Option<Place> {
        let found = cache.lookup(SourcePosition::new(line, column))?;
        let file = found.file();
        let name = found.file_name();
        let (line, column) = (found.line(), found.column());
        let at = line as usize;
        let text_of = |number: usize, column: usize| {
            let line = file
                .as_ref()
                .and_then(|file: &File<'_>| file.line(number))?;
            Some(shown(line, column))
        };
        let before = (at.saturating_sub(AROUND_MAX)..at).filter_map(|number| text_of(number, 0));
        let after = (at.saturating_add(1)..=at.saturating_add(AROUND_MAX))
            .map_while(|number| text_of(number, 0));
        Some(Place {
            file: name.map(str::to_owned),
            line,
            column,
            scope: match found.scope() {
                ScopeLookupResult::NamedScope(name) => Scope::Named(name.to_owned()),
                ScopeLookupResult::AnonymousScope => Scope::Anonymous,
                ScopeLookupResult::Unknown => Scope::Unknown,
            },
            token: found.name().map(str::to_owned),
            text: text_of(at, column as usize),
            before: before.collect(),
            after: after.collect(),
            is_ignored: name.is_some_and(|name| self.ignored.contains(name)),
        })
    }
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_ne_bytes(word)
}
