//! Columns of few different texts, each kept once.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// Which of the texts each row has.
#[derive(Debug, Default)]
pub(crate) struct TextColumn<'a> {
    pub(crate) values: Vec<&'a [u8]>,
    pub(crate) indexes: Vec<u32>,
    known: HashMap<&'a [u8], u32, RandomState>,
}

impl<'a> TextColumn<'a> {
    pub(crate) fn push(&mut self, text: &'a [u8]) {
        // Neighbours mostly agree: comparing is cheaper than hashing.
        if let Some(&last) = self.indexes.last()
            && self.values[last as usize] == text
        {
            self.indexes.push(last);
            return;
        }
        let values = &mut self.values;
        let index = *self.known.entry(text).or_insert_with(|| {
            values.push(text);
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        });
        self.indexes.push(index);
    }

    pub(crate) fn text(&self, row: usize) -> &'a [u8] {
        self.values[self.indexes[row] as usize]
    }
}
