//! The declaration of a table: its columns by name, type and place, once.

use crate::block::BlockWriter;

/// The columns of one table, or a part of them.
pub trait TableColumns {
    /// Names and engine types.
    fn names(&self) -> &'static [(&'static str, &'static str)];
    /// About how many bytes the columns will take in a block.
    fn byte_count(&self) -> usize;
    /// Writes all columns.
    fn write(&self, writer: &mut BlockWriter);
    /// Forgets all rows and keeps the room.
    fn clear(&mut self);
}

/// What a column takes in a block beside its values, roughly.
pub(super) const COLUMN_HEAD_BYTES: usize = 128;

/// Declares a struct with one field per column, and how it becomes a part of a block.
macro_rules! table {
    (
        $(#[$about:meta])*
        $name:ident { $( $column:ident : $kind:ty = $engine_type:literal ),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Debug, Default)]
        struct $name { $( $column: $kind ),* }

        impl $name {
            const NAMES: &'static [(&'static str, &'static str)] =
                &[$( ($crate::rows::table::plain(stringify!($column)), $engine_type) ),*];
        }

        impl $crate::rows::table::TableColumns for $name {
            fn names(&self) -> &'static [(&'static str, &'static str)] {
                Self::NAMES
            }

            fn byte_count(&self) -> usize {
                use $crate::block::Column as _;
                let sizes = [$( self.$column.byte_count() ),*];
                sizes.iter().sum::<usize>() + sizes.len() * $crate::rows::table::COLUMN_HEAD_BYTES
            }

            fn write(&self, writer: &mut $crate::block::BlockWriter) {
                let mut names = Self::NAMES.iter();
                $( if let Some((name, kind)) = names.next() {
                    writer.column(name, kind, &self.$column);
                } )*
            }

            fn clear(&mut self) {
                use $crate::block::Clear as _;
                $( self.$column.clear(); )*
            }
        }
    };
}
pub(super) use table;

/// Returns the name of a field without the mark that Rust wants for its own words.
pub(super) const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
