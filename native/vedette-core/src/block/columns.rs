//! Columns whose wire form is plain: numbers, texts, ids, and lists of them.

use std::marker::PhantomData;

use super::{ROOM_BYTES_MAX, append_string};

/// A place in a column to which it can be taken back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    /// How many values there were.
    pub len: usize,
    /// How many bytes they took.
    pub byte_count: usize,
}

/// Values of one type, already in wire form.
pub trait Column {
    /// Returns how many values there are.
    fn len(&self) -> usize;
    /// Returns about how many bytes they will take.
    fn byte_count(&self) -> usize;
    /// Writes what the type wants before all values; most types want nothing.
    fn write_prefix(&self, _out: &mut Vec<u8>) {}
    /// Writes the values.
    fn write_values(&self, out: &mut Vec<u8>);
    /// Tells whether there are no values.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column whose room is used again for the next batch.
pub trait Clear: Column {
    /// Forgets the values and keeps the room.
    fn clear(&mut self);
}

/// A column whose last values can be taken back.
pub trait Rewind: Clear {
    /// Returns the present end.
    fn mark(&self) -> Mark;
    /// Forgets what was added after the mark was taken.
    fn rewind(&mut self, mark: Mark);
}

/// A number with a fixed wire form.
pub trait Number: Copy {
    /// Bytes that one takes.
    const SIZE: usize;
    /// Appends it, little endian.
    fn append(self, out: &mut Vec<u8>);
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Number for $type {
            const SIZE: usize = size_of::<$type>();
            #[inline]
            fn append(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64);

impl Number for bool {
    const SIZE: usize = 1;
    #[inline]
    fn append(self, out: &mut Vec<u8>) {
        out.push(u8::from(self));
    }
}

/// Numbers and Bool; Enum8 as i8, Date as u16, `DateTime` as u32, `DateTime64` as i64.
#[derive(Debug)]
pub struct Numbers<T> {
    bytes: Vec<u8>,
    number: PhantomData<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            number: PhantomData,
        }
    }
}

impl<T: Number> Numbers<T> {
    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: T) {
        value.append(&mut self.bytes);
    }

    /// Returns the wire form.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Number> Column for Numbers<T> {
    fn len(&self) -> usize {
        self.bytes.len() / T::SIZE
    }
    fn byte_count(&self) -> usize {
        self.bytes.len()
    }
    fn write_values(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes);
    }
}

impl<T: Number> Clear for Numbers<T> {
    fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(ROOM_BYTES_MAX);
    }
}

impl<T: Number> Rewind for Numbers<T> {
    fn mark(&self) -> Mark {
        Mark {
            len: self.len(),
            byte_count: self.bytes.len(),
        }
    }
    fn rewind(&mut self, mark: Mark) {
        self.bytes.truncate(mark.byte_count);
    }
}

/// FixedString(N).
#[derive(Debug, Default)]
pub struct Fixed<const N: usize> {
    bytes: Vec<u8>,
}

impl<const N: usize> Fixed<N> {
    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: &[u8; N]) {
        self.bytes.extend_from_slice(value);
    }

    /// Replaces a value; does nothing where there is none.
    pub fn set(&mut self, row: usize, value: &[u8; N]) {
        if let Some(place) = self.bytes.get_mut(row * N..(row + 1) * N) {
            place.copy_from_slice(value);
        }
    }
}

impl<const N: usize> Column for Fixed<N> {
    fn len(&self) -> usize {
        self.bytes.len() / N
    }
    fn byte_count(&self) -> usize {
        self.bytes.len()
    }
    fn write_values(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes);
    }
}

impl<const N: usize> Clear for Fixed<N> {
    fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(ROOM_BYTES_MAX);
    }
}

impl<const N: usize> Rewind for Fixed<N> {
    fn mark(&self) -> Mark {
        Mark {
            len: self.len(),
            byte_count: self.bytes.len(),
        }
    }
    fn rewind(&mut self, mark: Mark) {
        self.bytes.truncate(mark.byte_count);
    }
}

/// String.
#[derive(Debug, Default)]
pub struct Strings {
    bytes: Vec<u8>,
    len: usize,
}

impl Strings {
    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Appends bytes that are known to be text.
    #[inline]
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        append_string(&mut self.bytes, bytes);
        self.len += 1;
    }
}

impl Column for Strings {
    fn len(&self) -> usize {
        self.len
    }
    fn byte_count(&self) -> usize {
        self.bytes.len()
    }
    fn write_values(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes);
    }
}

impl Clear for Strings {
    fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(ROOM_BYTES_MAX);
        self.len = 0;
    }
}

impl Rewind for Strings {
    fn mark(&self) -> Mark {
        Mark {
            len: self.len,
            byte_count: self.bytes.len(),
        }
    }
    fn rewind(&mut self, mark: Mark) {
        self.bytes.truncate(mark.byte_count);
        self.len = mark.len;
    }
}

/// Array(X): push into `items`, then close the row.
#[derive(Debug, Default)]
pub struct Array<C> {
    /// The items of all rows.
    pub items: C,
    ends: Numbers<u64>,
    row: Mark,
}

impl<C: Rewind> Array<C> {
    /// Ends the list of this row: everything pushed since the last row belongs to it.
    #[inline]
    pub fn close_row(&mut self) {
        self.ends.push(self.items.len() as u64);
        self.row = self.items.mark();
    }

    /// Returns how many items the row that is not closed yet has.
    #[must_use]
    pub fn open_len(&self) -> usize {
        self.items.len() - self.row.len
    }

    /// Forgets the items of the row that is not closed yet.
    pub fn cancel_row(&mut self) {
        self.items.rewind(self.row);
    }
}

impl<T: Number> Array<Numbers<T>> {
    /// Appends a whole row.
    pub fn push_row(&mut self, values: &[T]) {
        for &value in values {
            self.items.push(value);
        }
        self.close_row();
    }
}

impl<C: Column> Column for Array<C> {
    fn len(&self) -> usize {
        self.ends.len()
    }
    fn byte_count(&self) -> usize {
        self.ends.byte_count() + self.items.byte_count()
    }
    fn write_prefix(&self, out: &mut Vec<u8>) {
        self.items.write_prefix(out);
    }
    fn write_values(&self, out: &mut Vec<u8>) {
        self.ends.write_values(out);
        self.items.write_values(out);
    }
}

impl<C: Clear> Clear for Array<C> {
    fn clear(&mut self) {
        self.items.clear();
        self.ends.clear();
        self.row = Mark::default();
    }
}
