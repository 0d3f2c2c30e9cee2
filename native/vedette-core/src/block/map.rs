//! Map(LowCardinality(String), X): for each row the pairs from the last end to its own.

use super::{Clear, Column, LowCardinality, Mark, Numbers, Rewind, Strings};

/// A map column: push pairs, then close the row.
#[derive(Debug, Default)]
pub struct Map<V> {
    /// The names of all pairs.
    pub keys: LowCardinality,
    /// The values of all pairs.
    pub values: V,
    ends: Vec<usize>,
    row: (Mark, Mark),
}

/// Map(LowCardinality(String), String).
pub type StringMap = Map<Strings>;
/// Map(LowCardinality(String), Float64).
pub type NumberMap = Map<Numbers<f64>>;
/// Map(LowCardinality(String), Bool).
pub type BoolMap = Map<Numbers<bool>>;

impl<V: Rewind> Map<V> {
    /// Ends this row: every pair pushed since the last row belongs to it.
    #[inline]
    pub fn close_row(&mut self) {
        self.ends.push(self.keys.len());
        self.row = (self.keys.mark(), self.values.mark());
    }

    /// Forgets the pairs of the row that is not closed yet.
    pub fn cancel_row(&mut self) {
        self.keys.rewind(self.row.0);
        self.values.rewind(self.row.1);
    }

    /// Returns the key codes of a closed row.
    #[must_use]
    pub fn row_keys(&self, row: usize) -> &[u32] {
        let end = self.ends.get(row).copied().unwrap_or(0);
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0);
        self.keys.codes().get(start..end).unwrap_or_default()
    }
}

impl<V: Column> Column for Map<V> {
    fn len(&self) -> usize {
        self.ends.len()
    }
    fn byte_count(&self) -> usize {
        self.ends.len() * 8 + self.keys.byte_count() + self.values.byte_count()
    }
    fn write_prefix(&self, out: &mut Vec<u8>) {
        self.keys.write_prefix(out);
        self.values.write_prefix(out);
    }
    fn write_values(&self, out: &mut Vec<u8>) {
        out.extend(self.ends.iter().flat_map(|&end| (end as u64).to_le_bytes()));
        self.keys.write_values(out);
        self.values.write_values(out);
    }
}

impl<V: Clear> Clear for Map<V> {
    fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
        self.ends.clear();
        self.row = (Mark::default(), Mark::default());
    }
}
