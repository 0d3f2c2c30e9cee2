//! Source maps: from a place in a minified file to the original one.
//!
//! A minified file and its map are made into a compact cache once ([`build`]); a cache that was
//! opened ([`MapCache`]) answers any number of places without reading the map again.
//!
//! Building reads files that others wrote, with a parser that recurses: give it a thread with a
//! large stack, in a process that may end.

mod build;
mod cache;
mod ignored;
mod lines;

pub use build::{build, sources_without_content};
pub use cache::{MapCache, Place, Scope};

/// Why a source map or a cache cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub String);

impl std::fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

fn malformed(error: impl std::fmt::Display) -> Malformed {
    Malformed(error.to_string())
}
