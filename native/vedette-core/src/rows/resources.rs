//! The table `resources`: what a resource says of itself, once per batch.

use std::sync::Arc;

use hashbrown::HashSet;

use super::attributes::AttributeColumns;
use super::table::{TableColumns as _, table};
use super::{Promotion, day_of};
use crate::block::{Block, BlockWriter, Column as _, Numbers};
use crate::hash::{AttributeSetHash, Hash};
use crate::scrub::Scrubber;

const TABLE: &str = "resources";
const TYPE_STRING: u8 = 0;
const TYPE_NUMBER: u8 = 1;
const TYPE_BOOLEAN: u8 = 2;

table! {
    /// The plain columns of `resources`.
    Columns {
        project_id: Numbers<u32> = "UInt32",
        resource_id: Numbers<u64> = "UInt64",
        last_seen: Numbers<u16> = "Date",
    }
}

/// Rows of `resources`. Add the attributes of a resource, then close it.
#[derive(Debug)]
pub struct ResourceRows {
    columns: Columns,
    attributes: AttributeColumns,
    hash: AttributeSetHash,
    seen: HashSet<(u32, u64, u16), foldhash::fast::RandomState>,
}

impl Default for ResourceRows {
    fn default() -> Self {
        Self {
            columns: Columns::default(),
            attributes: AttributeColumns::new(&[], Promotion::default()),
            hash: AttributeSetHash::default(),
            seen: HashSet::default(),
        }
    }
}

impl ResourceRows {
    /// Returns names and engine types of the columns.
    #[must_use]
    pub fn columns() -> Vec<(&'static str, &'static str)> {
        let rows = Self::default();
        Columns::NAMES
            .iter()
            .copied()
            .chain(rows.attributes.columns())
            .collect()
    }

    /// Scrubs what is added from now on with these rules; with none it is kept as it is.
    pub fn scrub_with(&mut self, scrubber: Option<&Arc<Scrubber>>) {
        self.attributes.scrub_with(scrubber);
    }

    /// Adds a text.
    pub fn attribute_str(&mut self, key: &str, value: &str) {
        self.attribute_bytes(key.as_bytes(), value.as_bytes());
    }

    /// Adds a text that may not be valid UTF-8 (it is made so).
    pub fn attribute_bytes(&mut self, key: &[u8], value: &[u8]) {
        self.hash.add(key, TYPE_STRING, value);
        let code = self.attributes.key(key);
        self.attributes.string_at(code, value);
    }

    /// Adds a number.
    pub fn attribute_num(&mut self, key: &[u8], value: f64) {
        self.hash.add(key, TYPE_NUMBER, &value.to_le_bytes());
        let code = self.attributes.key(key);
        self.attributes.number_at(code, value);
    }

    /// Adds a whole number.
    pub fn attribute_int(&mut self, key: &[u8], value: i64) {
        self.hash.add(key, TYPE_NUMBER, &value.to_le_bytes());
        let code = self.attributes.key(key);
        self.attributes.integer_at(code, value);
    }

    /// Adds true or false.
    pub fn attribute_bool(&mut self, key: &[u8], value: bool) {
        self.hash.add(key, TYPE_BOOLEAN, &[u8::from(value)]);
        let code = self.attributes.key(key);
        self.attributes.boolean_at(code, value);
    }

    /// Closes the resource and returns its id, which is the same whenever the same project sends
    /// the same attributes. The row is kept once per batch and day.
    pub fn finish_resource(&mut self, project_id: u32, received_ns: i64) -> u64 {
        let mut hash = Hash::of("resource");
        hash.number(u64::from(project_id));
        hash.number(self.hash.bits());
        let (resource_id, day) = (hash.short(), day_of(received_ns));
        self.hash = AttributeSetHash::default();
        if self.seen.insert((project_id, resource_id, day)) {
            self.columns.project_id.push(project_id);
            self.columns.resource_id.push(resource_id);
            self.columns.last_seen.push(day);
            self.attributes.close_row();
        } else {
            self.attributes.cancel_row();
        }
        resource_id
    }

    /// Returns the rows and forgets them; nothing if there are none.
    pub fn take_blocks(&mut self) -> Vec<Block> {
        let rows = self.columns.project_id.len();
        if rows == 0 {
            return Vec::new();
        }
        let size = self.columns.byte_count() + self.attributes.byte_count();
        let column_count = Columns::NAMES.len() + self.attributes.column_count();
        let mut writer = BlockWriter::new(column_count, rows, size);
        self.columns.write(&mut writer);
        self.attributes.write(&mut writer);
        self.columns.clear();
        self.attributes.clear();
        self.seen.clear();
        vec![Block {
            table: TABLE,
            bytes: writer.finish(),
            rows,
        }]
    }
}
