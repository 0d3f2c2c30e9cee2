//! Columns whose type is known only when the program runs, for tables that few rows go to.

use std::collections::HashMap;

use super::{Column, LowCardinality, Numbers, Strings};

/// How deep types may be nested.
const DEPTH_MAX: u32 = 4;

/// A column of a type that was given as text.
#[derive(Debug)]
pub enum AnyColumn {
    /// Whole numbers: `UInt*`, `Int*`, Date (days), `DateTime` (seconds), `DateTime64` (ticks).
    Whole(WholeColumn),
    /// `Float32`.
    Float32(Numbers<f32>),
    /// `Float64`.
    Float64(Numbers<f64>),
    /// Bool.
    Boolean(Numbers<bool>),
    /// Enum8, and its words.
    Word(Numbers<i8>, HashMap<String, i8>),
    /// String.
    Text(Strings),
    /// `FixedString`.
    Fixed(FixedColumn),
    /// LowCardinality(String).
    LowCardinality(LowCardinality),
    /// Array: the ends of the rows, and the items.
    List(Numbers<u64>, Box<Self>),
    /// Map: the ends of the rows, the keys and the values.
    Map(Numbers<u64>, Box<Self>, Box<Self>),
}

/// Whole numbers of one width.
#[derive(Debug)]
pub struct WholeColumn {
    bytes: Vec<u8>,
    width: usize,
    lowest: i128,
    highest: i128,
}

/// Ids of one length.
#[derive(Debug)]
pub struct FixedColumn {
    bytes: Vec<u8>,
    width: usize,
}

impl FixedColumn {
    /// Appends an id.
    ///
    /// # Errors
    /// It has another length.
    pub fn push(&mut self, value: &[u8]) -> Result<(), WrongValue> {
        if value.len() != self.width {
            return Err(WrongValue("bytes of the length of the type"));
        }
        self.bytes.extend_from_slice(value);
        Ok(())
    }
}

/// The column does not take this value. Says what it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongValue(pub &'static str);

impl WholeColumn {
    fn unsigned(width: usize) -> Self {
        Self {
            bytes: Vec::new(),
            width,
            lowest: 0,
            highest: (1 << (8 * width)) - 1,
        }
    }

    fn signed(width: usize) -> Self {
        let half = 1 << (8 * width - 1);
        Self {
            bytes: Vec::new(),
            width,
            lowest: -half,
            highest: half - 1,
        }
    }

    /// Appends a number.
    ///
    /// # Errors
    /// It is out of the type's range.
    pub fn push(&mut self, value: i128) -> Result<(), WrongValue> {
        if !(self.lowest..=self.highest).contains(&value) {
            return Err(WrongValue("a number within the range of the type"));
        }
        self.bytes
            .extend(value.to_le_bytes().into_iter().take(self.width));
        Ok(())
    }
}

impl AnyColumn {
    /// Creates an empty column of a type as the engine spells it; nothing for other types.
    #[must_use]
    pub fn of(engine_type: &str) -> Option<Self> {
        Self::nested(engine_type.trim(), DEPTH_MAX)
    }

    fn nested(engine_type: &str, depth: u32) -> Option<Self> {
        let (name, inner) = match engine_type.split_once('(') {
            Some((name, rest)) => (name, rest.strip_suffix(')')?.trim()),
            None => (engine_type, ""),
        };
        let depth = depth.checked_sub(1)?;
        Some(match name {
            "UInt8" => Self::Whole(WholeColumn::unsigned(1)),
            "UInt16" | "Date" => Self::Whole(WholeColumn::unsigned(2)),
            "UInt32" | "DateTime" => Self::Whole(WholeColumn::unsigned(4)),
            "UInt64" => Self::Whole(WholeColumn::unsigned(8)),
            "Int8" => Self::Whole(WholeColumn::signed(1)),
            "Int16" => Self::Whole(WholeColumn::signed(2)),
            "Int32" => Self::Whole(WholeColumn::signed(4)),
            "Int64" | "DateTime64" => Self::Whole(WholeColumn::signed(8)),
            "Float32" => Self::Float32(Numbers::default()),
            "Float64" => Self::Float64(Numbers::default()),
            "Bool" => Self::Boolean(Numbers::default()),
            "Enum8" => Self::Word(Numbers::default(), enum_words(inner)?),
            "String" => Self::Text(Strings::default()),
            "FixedString" => {
                let width = inner.parse().ok().filter(|&width| width > 0)?;
                Self::Fixed(FixedColumn {
                    bytes: Vec::new(),
                    width,
                })
            }
            "LowCardinality" if inner == "String" => {
                Self::LowCardinality(LowCardinality::default())
            }
            "Array" => Self::List(Numbers::default(), Box::new(Self::nested(inner, depth)?)),
            "Map" => {
                let (key, value) = inner.split_once(',')?;
                let key = Self::nested(key.trim(), depth)?;
                let value = Self::nested(value.trim(), depth)?;
                Self::Map(Numbers::default(), Box::new(key), Box::new(value))
            }
            _ => return None,
        })
    }

    /// Ends a list or map: the items pushed since the last end belong to one row.
    pub fn end_row(&mut self) {
        match self {
            Self::List(ends, items) => ends.push(items.len() as u64),
            Self::Map(ends, keys, _) => ends.push(keys.len() as u64),
            _ => {}
        }
    }
}

/// Reads `'word' = 1, 'other' = 2`. Our words have neither quotes nor commas in them.
fn enum_words(list: &str) -> Option<HashMap<String, i8>> {
    list.split(',')
        .map(|entry| {
            let (word, number) = entry.split_once('=')?;
            let word = word.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            Some((word.to_string(), number.trim().parse().ok()?))
        })
        .collect()
}

macro_rules! fixed_width {
    ($($column:ty),*) => {$(
        impl Column for $column {
            fn len(&self) -> usize {
                self.bytes.len() / self.width
            }
            fn byte_count(&self) -> usize {
                self.bytes.len()
            }
            fn write_values(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.bytes);
            }
        }
    )*};
}
fixed_width!(WholeColumn, FixedColumn);

impl AnyColumn {
    /// Returns the parts in the order in which they are written.
    fn parts(&self) -> [Option<&dyn Column>; 3] {
        match self {
            Self::Whole(column) => [Some(column), None, None],
            Self::Float32(column) => [Some(column), None, None],
            Self::Float64(column) => [Some(column), None, None],
            Self::Boolean(column) => [Some(column), None, None],
            Self::Word(column, _) => [Some(column), None, None],
            Self::Text(column) => [Some(column), None, None],
            Self::Fixed(column) => [Some(column), None, None],
            Self::LowCardinality(column) => [Some(column), None, None],
            Self::List(ends, items) => [Some(ends), Some(&**items), None],
            Self::Map(ends, keys, values) => [Some(ends), Some(&**keys), Some(&**values)],
        }
    }
}

impl Column for AnyColumn {
    fn len(&self) -> usize {
        self.parts()
            .into_iter()
            .flatten()
            .next()
            .map_or(0, Column::len)
    }

    fn byte_count(&self) -> usize {
        self.parts()
            .into_iter()
            .flatten()
            .map(Column::byte_count)
            .sum()
    }

    fn write_prefix(&self, out: &mut Vec<u8>) {
        for part in self.parts().into_iter().flatten() {
            part.write_prefix(out);
        }
    }

    fn write_values(&self, out: &mut Vec<u8>) {
        for part in self.parts().into_iter().flatten() {
            part.write_values(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_no_table_has_are_refused() {
        for engine_type in [
            "",
            "UInt128",
            "Nullable(String)",
            "Array(",
            "FixedString(0)",
            "Enum8()",
        ] {
            assert!(AnyColumn::of(engine_type).is_none(), "{engine_type}");
        }
        let deep = "Array(".repeat(100) + "UInt8" + &")".repeat(100);
        assert!(AnyColumn::of(&deep).is_none());
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let Some(AnyColumn::Whole(mut column)) = AnyColumn::of("UInt8") else {
            unreachable!()
        };
        assert_eq!(column.push(255), Ok(()));
        assert!(column.push(256).is_err());
        assert!(column.push(-1).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_type_text_panics(engine_type: String) {
            let _ = AnyColumn::of(&engine_type);
        }
    }
}
