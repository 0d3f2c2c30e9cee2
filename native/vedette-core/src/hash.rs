//! Hashes that are written to tables: the same on every machine and in every version.

use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

/// A hash of things in an order that matters. Every part is told from its neighbours.
#[derive(Default)]
pub struct Hash(Xxh3);

impl Hash {
    /// Starts a hash of one kind of thing, so that equal parts of another kind hash differently.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let mut hash = Self::default();
        hash.bytes(kind.as_bytes());
        hash
    }

    /// Adds bytes, with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    /// Returns 64 bits.
    #[must_use]
    pub fn short(&self) -> u64 {
        self.0.digest()
    }

    /// Returns 128 bits.
    #[must_use]
    pub fn long(&self) -> [u8; 16] {
        self.0.digest128().to_be_bytes()
    }
}

/// A hash of a set of attributes: their order does not matter.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct AttributeSetHash(u64);

impl AttributeSetHash {
    /// Adds one attribute; `type_code` tells "1" from 1.
    pub fn add(&mut self, key: &[u8], type_code: u8, value: &[u8]) {
        let key_hash = xxh3_64_with_seed(key, u64::from(type_code));
        self.0 = self.0.wrapping_add(xxh3_64_with_seed(value, key_hash));
    }

    /// Returns the bits.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_from_their_neighbours() {
        let mut one = Hash::of("test");
        one.bytes(b"ab");
        one.bytes(b"c");
        let mut other = Hash::of("test");
        other.bytes(b"a");
        other.bytes(b"bc");
        assert_ne!(one.short(), other.short());
    }

    #[test]
    fn a_hash_never_changes_because_it_is_stored() {
        let mut hash = Hash::of("test");
        hash.number(7);
        assert_eq!(hash.short(), 7_511_701_261_853_320_574);
    }

    #[test]
    fn the_order_of_attributes_does_not_matter_but_their_type_does() {
        let mut one = AttributeSetHash::default();
        one.add(b"a", 0, b"1");
        one.add(b"b", 0, b"2");
        let mut other = AttributeSetHash::default();
        other.add(b"b", 0, b"2");
        other.add(b"a", 0, b"1");
        assert_eq!(one, other);
        let mut typed = AttributeSetHash::default();
        typed.add(b"a", 1, b"1");
        typed.add(b"b", 0, b"2");
        assert_ne!(one, typed);
    }
}
