//! The table `attribute_keys`: which attributes were seen, counted from the columns of a batch.

use hashbrown::HashMap;

use super::attributes::AttributeColumns;
use super::hour_of;
use super::table::{TableColumns as _, table};
use crate::block::{
    Block, BlockWriter, Column as _, LowCardinality, Map, Numbers, Rewind, Strings,
};

const TABLE: &str = "attribute_keys";
const TYPE_STRING: i8 = 0;
const TYPE_NUMBER: i8 = 1;
const TYPE_BOOLEAN: i8 = 2;

table! {
    /// The columns of `attribute_keys`.
    Columns {
        project_id: Numbers<u32> = "UInt32",
        dataset: LowCardinality = "LowCardinality(String)",
        hour: Numbers<u32> = "DateTime('UTC')",
        key: Strings = "String",
        r#type: Numbers<i8> = "Enum8('string' = 0, 'number' = 1, 'boolean' = 2)",
        count: Numbers<u64> = "UInt64",
    }
}

/// How many names are counted of one project, hour and type in a batch. A list to choose from has
/// no use for more; they come from senders that write ids into names.
const KEY_COUNT_MAX: usize = 10_000;

/// Rows of `attribute_keys`.
#[derive(Debug, Default)]
pub struct AttributeKeyRows {
    columns: Columns,
    tally: Tally,
}

impl AttributeKeyRows {
    /// Returns names and engine types of the columns.
    #[must_use]
    pub fn columns() -> Vec<(&'static str, &'static str)> {
        Columns::NAMES.to_vec()
    }

    /// Counts the attributes of all closed rows.
    pub(super) fn count(
        &mut self,
        dataset: &str,
        attributes: &AttributeColumns,
        slots: &mut HourSlots,
    ) {
        let (strings, numbers, bools) = attributes.maps();
        let mut tally = std::mem::take(&mut self.tally);
        for (place, rows) in slots.groups() {
            let mut add = |key: &[u8], kind: i8, count: u64| {
                self.push(place, dataset, key, kind, count);
            };
            tally.count(strings, rows, |key, count| add(key, TYPE_STRING, count));
            tally.count(numbers, rows, |key, count| add(key, TYPE_NUMBER, count));
            tally.count(bools, rows, |key, count| add(key, TYPE_BOOLEAN, count));
            for (name, column) in attributes.promoted() {
                let count = rows
                    .iter()
                    .filter(|&&row| column.has_value(row as usize))
                    .count();
                if count > 0 {
                    let kind = if column.is_number() {
                        TYPE_NUMBER
                    } else {
                        TYPE_STRING
                    };
                    add(name.as_bytes(), kind, count as u64);
                }
            }
        }
        self.tally = tally;
        slots.clear();
    }

    fn push(&mut self, place: Place, dataset: &str, key: &[u8], kind: i8, count: u64) {
        self.columns.project_id.push(place.project_id);
        self.columns.dataset.push(dataset);
        self.columns.hour.push(place.hour);
        self.columns.key.push_bytes(key);
        self.columns.r#type.push(kind);
        self.columns.count.push(count);
    }

    /// Returns what was counted and forgets it.
    pub(super) fn take_block(&mut self) -> Block {
        let rows = self.columns.key.len();
        let size = self.columns.byte_count();
        let mut writer = BlockWriter::new(Columns::NAMES.len(), rows, size);
        self.columns.write(&mut writer);
        self.columns.clear();
        Block {
            table: TABLE,
            bytes: writer.finish(),
            rows,
        }
    }
}

/// Counts of keys by their code, used again for every project and hour.
#[derive(Debug, Default)]
struct Tally {
    counts: Vec<u64>,
    seen: Vec<u32>,
}

impl Tally {
    /// Calls `found` with each key of these rows and how many of them have it.
    fn count<V: Rewind>(&mut self, map: &Map<V>, rows: &[u32], mut found: impl FnMut(&[u8], u64)) {
        self.counts.resize(map.keys.dictionary_len(), 0);
        for &row in rows {
            for &code in map.row_keys(row as usize) {
                if let Some(count) = self.counts.get_mut(code as usize) {
                    if *count == 0 {
                        self.seen.push(code);
                    }
                    *count += 1;
                }
            }
        }
        for (at, code) in self.seen.drain(..).enumerate() {
            let count = self.counts.get_mut(code as usize).map_or(0, std::mem::take);
            if at < KEY_COUNT_MAX {
                found(map.keys.text(code), count);
            }
        }
        self.counts.clear();
    }
}

/// Project and hour of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Place {
    project_id: u32,
    hour: u32,
}

/// Which rows of a batch belong to which project and hour.
#[derive(Debug, Default)]
pub(super) struct HourSlots {
    slots: HashMap<Place, usize, foldhash::fast::RandomState>,
    rows: Vec<(Place, Vec<u32>)>,
    row_count: u32,
    last: Option<(Place, usize)>,
}

impl HourSlots {
    /// Notes the project and time of the next row.
    #[inline]
    pub(super) fn push(&mut self, project_id: u32, time_ns: i64) {
        let place = Place {
            project_id,
            hour: hour_of(time_ns),
        };
        let slot = match self.last {
            Some((last, slot)) if last == place => slot,
            _ => self.find(place),
        };
        if let Some((_, rows)) = self.rows.get_mut(slot) {
            rows.push(self.row_count);
        }
        self.row_count += 1;
    }

    fn find(&mut self, place: Place) -> usize {
        let next = self.rows.len();
        let slot = *self.slots.entry(place).or_insert(next);
        if slot == next {
            self.rows.push((place, Vec::new()));
        }
        self.last = Some((place, slot));
        slot
    }

    pub(super) fn len(&self) -> usize {
        self.row_count as usize
    }

    fn groups(&self) -> impl Iterator<Item = (Place, &[u32])> {
        self.rows
            .iter()
            .map(|(place, rows)| (*place, rows.as_slice()))
    }

    fn clear(&mut self) {
        self.slots.clear();
        self.rows.clear();
        (self.row_count, self.last) = (0, None);
    }
}
