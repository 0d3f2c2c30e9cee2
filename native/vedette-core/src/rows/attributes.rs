//! The attributes of rows: promoted ones to their columns, the others to three maps by type.

mod blocks;
mod clean_texts;
mod numbers;
mod scrubbed;

use std::sync::Arc;

use clean_texts::CleanTexts;
use numbers::{exact, small};

use super::promoted::{Pending, Promoted, fill};
use super::{ATTRIBUTE_COUNT_MAX, KEY_BYTES_MAX, Meaning, Promotion, VALUE_BYTES_MAX};
use crate::block::{BoolMap, Interner, LowCardinality, NumberMap, Numbers, StringMap, Strings};
use crate::scrub::{FILTERED, Scrubber, Verdict};
use crate::text::{clean, clean_and_cut};

/// A name of an attribute in one builder and batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCode(u32);

/// The largest whole number that Float64 tells from its neighbours.
const EXACT_MAX: u64 = 1 << 53;
const NOT_YET: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Key {
    column: Option<u8>,
    meaning: Meaning,
    /// What the scrubber of this number said of the name; 0: none was asked.
    judged_by: u32,
    verdict: Verdict,
    /// How many of its texts were new to `clean_texts`.
    new_count: u16,
    /// The name's code in the dictionary of each map.
    in_strings: u32,
    in_numbers: u32,
    in_bools: u32,
}

/// The attribute columns of one table.
#[derive(Debug)]
pub struct AttributeColumns {
    promotion: Promotion,
    names: &'static [(&'static str, &'static str)],
    promoted: Vec<Promoted>,
    pending: Vec<Pending>,
    any_pending: bool,
    key_codes: Interner,
    keys: Vec<Key>,
    strings: StringMap,
    numbers: NumberMap,
    bools: BoolMap,
    in_row: usize,
    cut_in_row: u32,
    scrubber: Option<Arc<Scrubber>>,
    clean_texts: CleanTexts,
    /// As in `Key`, of the names of rows.
    new_name_count: u16,
}

impl AttributeColumns {
    /// `names` are the promoted columns with their types, in the order of the table's column enum.
    pub(super) fn new(
        names: &'static [(&'static str, &'static str)],
        promotion: Promotion,
    ) -> Self {
        let promoted = names.iter().map(|(_, engine_type)| match *engine_type {
            "UInt16" => Promoted::Small(Numbers::default()),
            "String" => Promoted::Text(Strings::default(), Vec::new()),
            _ => Promoted::Word(LowCardinality::default()),
        });
        Self {
            promotion,
            names,
            promoted: promoted.collect(),
            pending: vec![Pending::default(); names.len()],
            any_pending: false,
            key_codes: Interner::default(),
            keys: Vec::new(),
            strings: StringMap::default(),
            numbers: NumberMap::default(),
            bools: BoolMap::default(),
            in_row: 0,
            cut_in_row: 0,
            scrubber: None,
            clean_texts: CleanTexts::default(),
            new_name_count: 0,
        }
    }

    /// Returns the code of a name. Names of more than `KEY_BYTES_MAX` bytes are cut.
    #[inline]
    pub fn key(&mut self, key: &[u8]) -> KeyCode {
        if key.len() > KEY_BYTES_MAX {
            return self.long_key(key);
        }
        let (code, is_new) = self.key_codes.intern(key);
        if is_new {
            self.learn(key);
        }
        KeyCode(code)
    }

    #[cold]
    fn long_key(&mut self, key: &[u8]) -> KeyCode {
        let key = clean_and_cut(key, KEY_BYTES_MAX);
        let (code, is_new) = self.key_codes.intern(key.as_bytes());
        if is_new {
            self.learn(key.as_bytes());
        }
        KeyCode(code)
    }

    fn learn(&mut self, key: &[u8]) {
        let column = self
            .promotion
            .column_of(key)
            .and_then(|column| u8::try_from(column).ok());
        self.keys.push(Key {
            column,
            meaning: Meaning::of(key),
            judged_by: 0,
            verdict: Verdict::Plain,
            new_count: 0,
            in_strings: NOT_YET,
            in_numbers: NOT_YET,
            in_bools: NOT_YET,
        });
    }

    /// Returns what the name tells.
    #[inline]
    #[must_use]
    pub fn meaning(&self, key: KeyCode) -> Meaning {
        self.keys
            .get(key.0 as usize)
            .map_or(Meaning::Plain, |key| key.meaning)
    }

    /// Adds a text; bytes that are not UTF-8 are replaced, long ones are cut.
    #[inline]
    pub fn string_at(&mut self, code: KeyCode, value: &[u8]) {
        match self.verdict(code) {
            Verdict::Sensitive | Verdict::SensitiveText if !value.is_empty() => {
                self.put_text(code, FILTERED.as_bytes());
            }
            Verdict::Plain => self.put_scrubbed(code, value),
            _ => self.put_clean(code, value),
        }
    }

    #[inline]
    fn put_clean(&mut self, code: KeyCode, value: &[u8]) {
        if value.len() <= VALUE_BYTES_MAX && value.is_ascii() {
            self.put_text(code, value);
        } else {
            self.put_text(code, clean_and_cut(value, VALUE_BYTES_MAX).as_bytes());
        }
    }

    fn put_text(&mut self, code: KeyCode, value: &[u8]) {
        let Some(key) = self.keys.get_mut(code.0 as usize) else {
            return;
        };
        if let Some(column) = key.column
            && fill(
                &mut self.promoted,
                &mut self.pending,
                usize::from(column),
                value,
            )
        {
            self.any_pending = true;
            return;
        }
        if self.in_row >= ATTRIBUTE_COUNT_MAX {
            self.cut_in_row += 1;
            return;
        }
        self.in_row += 1;
        if key.in_strings == NOT_YET {
            key.in_strings = self.strings.keys.code(&clean(self.key_codes.text(code.0)));
        }
        self.strings.keys.push_code(key.in_strings);
        self.strings.values.push_bytes(value);
    }

    /// Adds a number.
    #[inline]
    pub fn number_at(&mut self, code: KeyCode, value: f64) {
        if self.verdict(code) == Verdict::Sensitive {
            return self.put_text(code, FILTERED.as_bytes());
        }
        let Some(key) = self.keys.get_mut(code.0 as usize) else {
            return;
        };
        if key.column.is_some() {
            // Promoted columns hold texts (or read the number from one).
            self.put_promoted_number(code, value);
            return;
        }
        self.put_number(code, value);
    }

    #[cold]
    fn put_promoted_number(&mut self, code: KeyCode, value: f64) {
        let column = self
            .keys
            .get(code.0 as usize)
            .and_then(|key| key.column)
            .map(usize::from);
        let is_small = column
            .and_then(|column| self.promoted.get(column))
            .is_some_and(|column| matches!(column, Promoted::Small(_)));
        if is_small && small(value).is_none() {
            self.put_number(code, value);
        } else {
            self.put_text(code, value.to_string().as_bytes());
        }
    }

    fn put_number(&mut self, code: KeyCode, value: f64) {
        let Some(key) = self.keys.get_mut(code.0 as usize) else {
            return;
        };
        if self.in_row >= ATTRIBUTE_COUNT_MAX {
            self.cut_in_row += 1;
            return;
        }
        self.in_row += 1;
        if key.in_numbers == NOT_YET {
            key.in_numbers = self.numbers.keys.code(&clean(self.key_codes.text(code.0)));
        }
        self.numbers.keys.push_code(key.in_numbers);
        self.numbers.values.push(value);
    }

    /// Adds a whole number. One that Float64 cannot hold exactly (an id, mostly) is kept as text.
    #[inline]
    pub fn integer_at(&mut self, code: KeyCode, value: i64) {
        if self.verdict(code) == Verdict::Sensitive {
            return self.put_text(code, FILTERED.as_bytes());
        }
        if value.unsigned_abs() > EXACT_MAX {
            self.put_text(code, value.to_string().as_bytes());
        } else if self
            .keys
            .get(code.0 as usize)
            .is_some_and(|key| key.column.is_some())
        {
            self.put_promoted_integer(code, value);
        } else {
            self.put_number(code, exact(value));
        }
    }

    fn put_promoted_integer(&mut self, code: KeyCode, value: i64) {
        let Some(column) = self.keys.get(code.0 as usize).and_then(|key| key.column) else {
            return;
        };
        let column = usize::from(column);
        let (promoted, pending) = (self.promoted.get(column), self.pending.get_mut(column));
        let (Some(Promoted::Small(_)), Some(pending)) = (promoted, pending) else {
            self.put_text(code, value.to_string().as_bytes());
            return;
        };
        match u16::try_from(value) {
            Ok(_) if pending.filled => {}
            Ok(small) => {
                (pending.small, pending.filled) = (small, small != 0);
                self.any_pending = true;
            }
            Err(_) => self.put_number(code, exact(value)),
        }
    }

    /// Adds true or false.
    pub fn boolean_at(&mut self, code: KeyCode, value: bool) {
        let Some(key) = self.keys.get_mut(code.0 as usize) else {
            return;
        };
        if key.column.is_some() {
            self.put_text(code, if value { b"true" } else { b"false" });
            return;
        }
        if self.in_row >= ATTRIBUTE_COUNT_MAX {
            self.cut_in_row += 1;
            return;
        }
        self.in_row += 1;
        if key.in_bools == NOT_YET {
            key.in_bools = self.bools.keys.code(&clean(self.key_codes.text(code.0)));
        }
        self.bools.keys.push_code(key.in_bools);
        self.bools.values.push(value);
    }

    /// Fills a promoted column directly, if nothing has filled it in this row yet.
    pub fn fill(&mut self, column: usize, value: &str) {
        let value = clean_and_cut(value.as_bytes(), VALUE_BYTES_MAX);
        fill(
            &mut self.promoted,
            &mut self.pending,
            column,
            value.as_bytes(),
        );
        self.any_pending = true;
    }

    /// Tells whether a promoted column is filled in the row that is not closed yet.
    #[must_use]
    pub fn is_filled(&self, column: usize) -> bool {
        self.pending
            .get(column)
            .is_some_and(|pending| pending.filled)
    }

    /// Adds a number whatever the bound says: for what the server itself has to say of a row.
    pub(super) fn note(&mut self, key: &str, value: f64) {
        let code = self.key(key.as_bytes());
        let in_row = std::mem::take(&mut self.in_row);
        self.put_number(code, value);
        self.in_row = in_row;
    }

    /// Ends this row.
    pub(super) fn close_row(&mut self) {
        if self.cut_in_row > 0 {
            self.note(super::ATTRIBUTES_CUT_KEY, f64::from(self.cut_in_row));
        }
        for (column, pending) in self.promoted.iter_mut().zip(&mut self.pending) {
            match column {
                Promoted::Word(column) => column.push_code(pending.code),
                Promoted::Text(column, filled) => {
                    column.push(&pending.text);
                    filled.push(pending.filled);
                }
                Promoted::Small(column) => column.push(pending.small),
            }
        }
        self.strings.close_row();
        self.numbers.close_row();
        self.bools.close_row();
        self.forget_pending();
    }

    /// Forgets what was added since the last row.
    pub(super) fn cancel_row(&mut self) {
        self.strings.cancel_row();
        self.numbers.cancel_row();
        self.bools.cancel_row();
        self.forget_pending();
    }

    fn forget_pending(&mut self) {
        if self.any_pending {
            for pending in &mut self.pending {
                (pending.filled, pending.code, pending.small) = (false, 0, 0);
                pending.text.clear();
            }
        }
        (self.any_pending, self.in_row, self.cut_in_row) = (false, 0, 0);
    }
}
