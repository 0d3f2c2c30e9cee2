//! Which attributes stand in a column of their own, by all the names under which they arrive.

use std::collections::HashMap;
use std::fmt;

/// The names that fill each promoted column. The first name of a column is the one it is shown by.
#[derive(Debug, Clone, Default)]
pub struct Promotion {
    columns: HashMap<Vec<u8>, usize>,
    shown: Vec<String>,
}

/// The table has no such column for attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn(pub String);

impl fmt::Display for UnknownColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no column {:?} can be filled from attributes", self.0)
    }
}

impl std::error::Error for UnknownColumn {}

impl Promotion {
    /// Reads a table of column to names. `known` are the columns that the builder can fill; those
    /// that the table does not name are filled by their own name alone.
    ///
    /// # Errors
    /// The table names a column that is not known.
    pub fn new(known: &[&str], table: &[(String, Vec<String>)]) -> Result<Self, UnknownColumn> {
        let mut promotion = Self {
            columns: HashMap::new(),
            shown: known.iter().map(ToString::to_string).collect(),
        };
        for (column, names) in table {
            let at = known.iter().position(|name| name == column);
            let at = at.ok_or_else(|| UnknownColumn(column.clone()))?;
            if let (Some(shown), Some(first)) = (promotion.shown.get_mut(at), names.first()) {
                shown.clone_from(first);
            }
            for name in names {
                promotion.columns.insert(name.as_bytes().to_vec(), at);
            }
        }
        Ok(promotion)
    }

    /// Returns the column of an attribute.
    #[must_use]
    pub fn column_of(&self, key: &[u8]) -> Option<usize> {
        self.columns.get(key).copied()
    }

    /// Returns the name under which a column is shown.
    #[must_use]
    pub fn shown_name(&self, column: usize) -> &str {
        self.shown.get(column).map_or("", String::as_str)
    }
}
