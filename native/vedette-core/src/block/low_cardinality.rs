//! LowCardinality(String): a dictionary and, for each row, a number into it.

use super::{Clear, Column, Interner, Mark, ROOM_BYTES_MAX, Rewind};

const VERSION: u64 = 1;
/// The block brings its own dictionary, and all of it.
const FLAGS: u64 = (1 << 9) | (1 << 10);

/// LowCardinality(String). Code 0 is always the empty text.
#[derive(Debug)]
pub struct LowCardinality {
    dictionary: Interner,
    codes: Vec<u32>,
}

impl Default for LowCardinality {
    fn default() -> Self {
        let mut column = Self {
            dictionary: Interner::default(),
            codes: Vec::new(),
        };
        column.dictionary.intern(b"");
        column
    }
}

impl LowCardinality {
    /// Returns the code of a text, for many calls of [`push_code`](Self::push_code).
    #[inline]
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            0
        } else {
            self.dictionary.intern(text.as_bytes()).0
        }
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        let code = self.code(text);
        self.codes.push(code);
    }

    /// Appends the text of a code of this batch; a code that was never given means the empty text.
    #[inline]
    pub fn push_code(&mut self, code: u32) {
        let known = (code as usize) < self.dictionary.len();
        self.codes.push(if known { code } else { 0 });
    }

    /// Replaces a text; does nothing where there is none.
    pub fn set(&mut self, row: usize, text: &str) {
        let code = self.code(text);
        if let Some(place) = self.codes.get_mut(row) {
            *place = code;
        }
    }

    /// Returns the codes of all rows.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Returns the text of a code.
    #[must_use]
    pub fn text(&self, code: u32) -> &[u8] {
        self.dictionary.text(code)
    }

    /// Returns how many different texts there are, the empty one included.
    #[must_use]
    pub fn dictionary_len(&self) -> usize {
        self.dictionary.len()
    }
}

impl Column for LowCardinality {
    fn len(&self) -> usize {
        self.codes.len()
    }
    fn byte_count(&self) -> usize {
        self.dictionary.bytes().len() + self.codes.len() * 2 + 32
    }
    fn write_prefix(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&VERSION.to_le_bytes());
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`width` says that every code fits"
    )]
    fn write_values(&self, out: &mut Vec<u8>) {
        if self.codes.is_empty() {
            return;
        }
        let width: u64 = match self.dictionary.len() {
            0..=0x100 => 0,
            0x101..=0x1_0000 => 1,
            _ => 2,
        };
        out.extend_from_slice(&(FLAGS | width).to_le_bytes());
        out.extend_from_slice(&(self.dictionary.len() as u64).to_le_bytes());
        out.extend_from_slice(self.dictionary.bytes());
        out.extend_from_slice(&(self.codes.len() as u64).to_le_bytes());
        match width {
            0 => out.extend(self.codes.iter().map(|&code| code as u8)),
            1 => out.extend(
                self.codes
                    .iter()
                    .flat_map(|&code| (code as u16).to_le_bytes()),
            ),
            _ => out.extend(self.codes.iter().flat_map(|&code| code.to_le_bytes())),
        }
    }
}

impl Clear for LowCardinality {
    fn clear(&mut self) {
        self.dictionary.clear();
        self.dictionary.intern(b"");
        self.codes.clear();
        self.codes.shrink_to(ROOM_BYTES_MAX / 4);
    }
}

impl Rewind for LowCardinality {
    fn mark(&self) -> Mark {
        Mark {
            len: self.codes.len(),
            byte_count: 0,
        }
    }
    /// Texts that only the forgotten rows had stay in the dictionary: they do no harm.
    fn rewind(&mut self, mark: Mark) {
        self.codes.truncate(mark.len);
    }
}
