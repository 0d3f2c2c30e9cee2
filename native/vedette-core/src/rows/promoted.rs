//! The columns into which promoted attributes go.

use crate::block::{Clear, Column, LowCardinality, Numbers, Strings};

/// A promoted column.
#[derive(Debug)]
pub(super) enum Promoted {
    /// LowCardinality(String).
    Word(LowCardinality),
    /// String.
    Text(Strings, Vec<bool>),
    /// `UInt16`; 0 means none.
    Small(Numbers<u16>),
}

/// What a row that is not closed yet has for one promoted column.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending {
    pub(super) filled: bool,
    pub(super) code: u32,
    pub(super) small: u16,
    pub(super) text: String,
}

impl Promoted {
    pub(super) fn as_column(&self) -> &dyn Column {
        match self {
            Self::Word(column) => column,
            Self::Text(column, _) => column,
            Self::Small(column) => column,
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Word(column) => column.clear(),
            Self::Text(column, filled) => {
                column.clear();
                filled.clear();
            }
            Self::Small(column) => column.clear(),
        }
    }

    /// Tells whether a row has a value, and whether it is a number.
    pub(super) fn has_value(&self, row: usize) -> bool {
        match self {
            Self::Word(column) => column.codes().get(row).is_some_and(|&code| code != 0),
            Self::Text(_, filled) => filled.get(row).copied().unwrap_or(false),
            Self::Small(column) => column
                .bytes()
                .get(row * 2..row * 2 + 2)
                .is_some_and(|bytes| bytes != [0, 0]),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Small(_))
    }
}

/// Fills a column unless it is filled. Returns false if the value does not fit the column's type.
pub(super) fn fill(
    promoted: &mut [Promoted],
    pending: &mut [Pending],
    at: usize,
    value: &[u8],
) -> bool {
    let (Some(column), Some(pending)) = (promoted.get_mut(at), pending.get_mut(at)) else {
        return false;
    };
    if pending.filled {
        return true;
    }
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    match column {
        Promoted::Word(column) => pending.code = column.code(text),
        Promoted::Text(..) => pending.text.push_str(text),
        Promoted::Small(_) => match text.parse() {
            Ok(number) => pending.small = number,
            Err(_) => return false,
        },
    }
    pending.filled = !value.is_empty();
    true
}
