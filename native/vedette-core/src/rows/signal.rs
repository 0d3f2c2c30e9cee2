//! What the tables of all signals share: source, attributes, and the counts of their names.

use std::sync::Arc;

use super::attribute_keys::{AttributeKeyRows, HourSlots};
use super::attributes::AttributeColumns;
use super::source::SourceColumns;
use super::table::TableColumns;
use super::{KeyCode, Meaning, Promotion, Source, SourceCodes, UnknownColumn};
use crate::block::{Block, BlockWriter};
use crate::scrub::Scrubber;

/// The shared part of a builder.
#[derive(Debug)]
pub struct Shared {
    table: &'static str,
    pub(super) source: SourceColumns,
    pub(super) attributes: AttributeColumns,
    slots: HourSlots,
    keys: AttributeKeyRows,
}

impl Shared {
    pub(super) fn new(
        table: &'static str,
        source: SourceColumns,
        promoted: &'static [(&'static str, &'static str)],
        promotion: &[(String, Vec<String>)],
    ) -> Result<Self, UnknownColumn> {
        let known: Vec<&str> = promoted.iter().map(|(name, _)| *name).collect();
        let promotion = Promotion::new(&known, promotion)?;
        Ok(Self {
            table,
            source,
            attributes: AttributeColumns::new(promoted, promotion),
            slots: HourSlots::default(),
            keys: AttributeKeyRows::default(),
        })
    }

    /// Ends the shared part of a row.
    #[inline]
    pub(super) fn close_row(&mut self, project_id: u32, time_ns: i64, source: SourceCodes) {
        self.source.push(source);
        self.attributes.close_row();
        self.slots.push(project_id, time_ns);
    }

    fn take_blocks(&mut self, columns: &mut dyn TableColumns) -> Vec<Block> {
        let rows = self.slots.len();
        if rows == 0 {
            return Vec::new();
        }
        let size = columns.byte_count() + self.source.byte_count() + self.attributes.byte_count();
        let column_count =
            columns.names().len() + self.source.column_count() + self.attributes.column_count();
        let mut writer = BlockWriter::new(column_count, rows, size);
        columns.write(&mut writer);
        self.source.write(&mut writer);
        self.attributes.write(&mut writer);
        self.keys
            .count(self.table, &self.attributes, &mut self.slots);
        columns.clear();
        self.source.clear();
        self.attributes.clear();
        vec![
            Block {
                table: self.table,
                bytes: writer.finish(),
                rows,
            },
            self.keys.take_block(),
        ]
    }
}

/// A builder of one signal's rows. Texts need not be short: they are cut to their bounds.
pub trait Rows {
    /// Returns the shared part.
    fn shared(&self) -> &Shared;
    /// Returns the shared part and the columns of the table's own.
    #[doc(hidden)]
    fn parts(&mut self) -> (&mut Shared, &mut dyn TableColumns);
    /// Forgets what was added since the last row.
    fn drop_row(&mut self);

    /// Returns the attributes: for readers that look up a name once and use its code.
    #[inline]
    fn attributes(&mut self) -> &mut AttributeColumns {
        &mut self.parts().0.attributes
    }

    /// Scrubs what is added from now on with these rules; with none it is kept as it is.
    fn scrub_with(&mut self, scrubber: Option<&Arc<Scrubber>>) {
        self.attributes().scrub_with(scrubber);
    }

    /// Returns names and engine types of all columns.
    fn columns(&mut self) -> Vec<(&'static str, &'static str)> {
        let (shared, columns) = self.parts();
        let own = columns.names().iter().copied();
        own.chain(shared.source.names())
            .chain(shared.attributes.columns())
            .collect()
    }

    /// Returns how many rows are closed.
    fn len(&self) -> usize {
        self.shared().slots.len()
    }

    /// Tells whether no row is closed.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the codes of a source, good until `take_blocks`.
    fn source(&mut self, source: &Source<'_>) -> SourceCodes {
        self.parts().0.source.codes(source)
    }

    /// Adds a text attribute.
    fn attribute_str(&mut self, key: &str, value: &str) {
        let code = self.attributes().key(key.as_bytes());
        self.attributes().string_at(code, value.as_bytes());
    }

    /// Adds a number attribute.
    fn attribute_num(&mut self, key: &str, value: f64) {
        let code = self.attributes().key(key.as_bytes());
        self.attributes().number_at(code, value);
    }

    /// Adds a whole number; one that Float64 cannot hold exactly is kept as text.
    fn attribute_int(&mut self, key: &str, value: i64) {
        let code = self.attributes().key(key.as_bytes());
        self.attributes().integer_at(code, value);
    }

    /// Adds a true-or-false attribute.
    fn attribute_bool(&mut self, key: &str, value: bool) {
        let code = self.attributes().key(key.as_bytes());
        self.attributes().boolean_at(code, value);
    }

    /// Returns what a name tells.
    #[inline]
    fn meaning(&self, key: KeyCode) -> Meaning {
        self.shared().attributes.meaning(key)
    }

    /// Adds something the server itself has to say of the row, beside the attribute bound.
    fn note(&mut self, key: &str, value: f64) {
        self.attributes().note(key, value);
    }

    /// Returns the closed rows and the counts of their attributes, and forgets them. A row that
    /// is not closed is dropped. No rows, no blocks.
    fn take_blocks(&mut self) -> Vec<Block> {
        self.drop_row();
        let (shared, columns) = self.parts();
        shared.take_blocks(columns)
    }
}
