//! Rows in the engine's own column form (the Native format, version 0), written as they come.
//!
//! A block is: count of columns, count of rows, and for each column its name, its type as text,
//! a prefix that belongs to the type, and its values. Counts are LEB128, numbers little endian.

mod any_column;
mod columns;
mod interner;
mod low_cardinality;
mod map;

pub use any_column::{AnyColumn, FixedColumn, WholeColumn, WrongValue};
pub use columns::{Array, Clear, Column, Fixed, Mark, Number, Numbers, Rewind, Strings};
pub use interner::Interner;
pub use low_cardinality::LowCardinality;
pub use map::{BoolMap, Map, NumberMap, StringMap};

/// How much room one column keeps for the next batch.
pub const ROOM_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Rows of one table, ready to be inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The table's name.
    pub table: &'static str,
    /// One block in the Native format.
    pub bytes: Vec<u8>,
    /// How many rows it has.
    pub rows: usize,
}

/// Puts columns together into one block.
pub struct BlockWriter {
    bytes: Vec<u8>,
}

impl BlockWriter {
    /// Starts a block; `byte_count` is a guess of its size.
    #[must_use]
    pub fn new(column_count: usize, row_count: usize, byte_count: usize) -> Self {
        let mut bytes = Vec::with_capacity(byte_count);
        append_varint(&mut bytes, column_count as u64);
        append_varint(&mut bytes, row_count as u64);
        Self { bytes }
    }

    /// Adds a column. `engine_type` is the type exactly as the engine spells it.
    pub fn column<C: Column + ?Sized>(&mut self, name: &str, engine_type: &str, column: &C) {
        append_string(&mut self.bytes, name.as_bytes());
        append_string(&mut self.bytes, engine_type.as_bytes());
        if column.len() > 0 {
            column.write_prefix(&mut self.bytes);
            column.write_values(&mut self.bytes);
        }
    }

    /// Returns the block.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Appends a count as LEB128.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub fn append_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends bytes with their length before them.
#[inline]
pub fn append_string(out: &mut Vec<u8>, bytes: &[u8]) {
    append_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
