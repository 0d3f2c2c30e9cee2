//! The attribute columns on their way into a block.

use super::AttributeColumns;
use crate::block::{BlockWriter, BoolMap, Clear as _, Column as _, NumberMap, StringMap};
use crate::rows::promoted::Promoted;

impl AttributeColumns {
    pub(in crate::rows) fn column_count(&self) -> usize {
        self.names.len() + MAPS.len()
    }

    pub(in crate::rows) fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.names.iter().chain(&MAPS).copied()
    }

    pub(in crate::rows) fn byte_count(&self) -> usize {
        let maps = [
            self.strings.byte_count(),
            self.numbers.byte_count(),
            self.bools.byte_count(),
        ];
        let promoted = self
            .promoted
            .iter()
            .map(|column| column.as_column().byte_count() + 64);
        maps.iter().sum::<usize>() + promoted.sum::<usize>() + 256
    }

    pub(in crate::rows) fn write(&self, writer: &mut BlockWriter) {
        for ((name, engine_type), column) in self.names.iter().zip(&self.promoted) {
            writer.column(name, engine_type, column.as_column());
        }
        let [strings, numbers, bools] = MAPS;
        writer.column(strings.0, strings.1, &self.strings);
        writer.column(numbers.0, numbers.1, &self.numbers);
        writer.column(bools.0, bools.1, &self.bools);
    }

    pub(in crate::rows) fn clear(&mut self) {
        self.promoted.iter_mut().for_each(Promoted::clear);
        self.key_codes.clear();
        self.keys.clear();
        self.strings.clear();
        self.numbers.clear();
        self.bools.clear();
        self.new_name_count = 0;
        self.forget_pending();
    }

    pub(in crate::rows) fn maps(&self) -> (&StringMap, &NumberMap, &BoolMap) {
        (&self.strings, &self.numbers, &self.bools)
    }

    /// Returns the promoted columns, each with the name it is shown by.
    pub(in crate::rows) fn promoted(&self) -> impl Iterator<Item = (&str, &Promoted)> {
        let columns = self.promoted.iter().enumerate();
        columns.map(|(at, column)| (self.promotion.shown_name(at), column))
    }
}

const MAPS: [(&str, &str); 3] = [
    ("attr_str", "Map(LowCardinality(String), String)"),
    ("attr_num", "Map(LowCardinality(String), Float64)"),
    ("attr_bool", "Map(LowCardinality(String), Bool)"),
];
