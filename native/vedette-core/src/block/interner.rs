//! Texts to small numbers: each different text is kept once, in wire form.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{ROOM_BYTES_MAX, append_string};

/// A dictionary of the texts of one batch. Codes count up from 0 in order of first sight.
#[derive(Debug, Default)]
pub struct Interner {
    state: RandomState,
    codes: HashTable<Entry>,
    /// Where each text lies in `bytes`.
    places: Vec<(usize, usize)>,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    code: u32,
}

impl Interner {
    /// Returns the code of a text, and whether it is new.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = self.state.hash_one(text);
        let (places, bytes) = (&self.places, &self.bytes);
        let found = self.codes.find(hash, |entry| {
            entry.hash == hash && text_at(places, bytes, entry.code) == text
        });
        match found {
            Some(entry) => (entry.code, false),
            None => (self.add(hash, text), true),
        }
    }

    #[cold]
    fn add(&mut self, hash: u64, text: &[u8]) -> u32 {
        // A batch is far smaller than the 4 billion texts that would be needed to overflow.
        let code = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        append_string(&mut self.bytes, text);
        self.places
            .push((self.bytes.len() - text.len(), text.len()));
        self.codes
            .insert_unique(hash, Entry { hash, code }, |entry| entry.hash);
        code
    }

    /// Returns the text of a code; nothing for a code that was never given.
    #[must_use]
    pub fn text(&self, code: u32) -> &[u8] {
        text_at(&self.places, &self.bytes, code)
    }

    /// Returns how many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Returns all texts in wire form, in the order of their codes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets all texts and keeps the room.
    pub fn clear(&mut self) {
        // What an entry takes, roughly: texts are short.
        let text_count = ROOM_BYTES_MAX / 32;
        self.codes.clear();
        self.codes.shrink_to(text_count, |entry| entry.hash);
        self.places.clear();
        self.places.shrink_to(text_count);
        self.bytes.clear();
        self.bytes.shrink_to(ROOM_BYTES_MAX);
    }
}

#[inline]
fn text_at<'a>(places: &[(usize, usize)], bytes: &'a [u8], code: u32) -> &'a [u8] {
    places
        .get(code as usize)
        .and_then(|&(start, len)| bytes.get(start..start + len))
        .unwrap_or_default()
}
