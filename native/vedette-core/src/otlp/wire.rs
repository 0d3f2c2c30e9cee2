//! A cursor over protobuf bytes.

use std::fmt;

/// The bytes are no protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// How many bytes of the body could be read.
    pub position: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the message is broken at byte {}", self.position)
    }
}

impl std::error::Error for Malformed {}

/// A value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

impl<'a> Value<'a> {
    /// Returns the bytes; none for another wire type.
    #[inline]
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &[],
        }
    }

    /// Returns a whole number of any wire type; 0 for bytes.
    #[inline]
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Varint(value) | Self::Fixed64(value) => value,
            Self::Fixed32(value) => u64::from(value),
            Self::Bytes(_) => 0,
        }
    }

    /// Returns a double; 0 for another wire type.
    #[inline]
    pub(super) fn double(self) -> f64 {
        match self {
            Self::Fixed64(bits) => f64::from_bits(bits),
            Self::Fixed32(bits) => f64::from(f32::from_bits(bits)),
            _ => 0.0,
        }
    }
}

/// Reads fields one after another. `Err` is the count of bytes that were left when it failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

/// The bytes end early or hold a wire type that does not exist; how many were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns the next field's number and value, nothing at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<(u32, Value<'a>)>, Broken<'a>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let start = self.rest;
        match self.field() {
            Some(field) => Ok(Some(field)),
            None => Err(Broken { rest: start }),
        }
    }

    #[inline]
    fn field(&mut self) -> Option<(u32, Value<'a>)> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|&number| number != 0)?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.take_array()?)),
            2 => {
                let len = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(len)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.take_array()?)),
            // Groups (3 and 4) were never used by OTLP.
            _ => return None,
        };
        Some((number, value))
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Option<u64> {
        match self.rest {
            [first, rest @ ..] if *first < 0x80 => {
                self.rest = rest;
                Some(u64::from(*first))
            }
            [first, second, rest @ ..] if *second < 0x80 => {
                self.rest = rest;
                Some(u64::from(first & 0x7f) | u64::from(*second) << 7)
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for (at, byte) in self.rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.rest = self.rest.get(at + 1..)?;
                return Some(value);
            }
        }
        None
    }

    #[inline]
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    fn take_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*taken)
    }
}

/// Returns the bytes of a field with a number below 16 and a length below 128, and what stands
/// after it; nothing if something else stands at the begin. Quicker than a cursor.
#[inline]
pub(super) fn short_bytes(message: &[u8], number: u8) -> Option<(&[u8], &[u8])> {
    match message {
        [tag, len, rest @ ..] if *tag == number << 3 | 2 && *len < 0x80 => {
            rest.split_at_checked(usize::from(*len))
        }
        _ => None,
    }
}

/// Calls `each` with the numbers of a packed field, or the one number of a field that is not.
pub(super) fn for_each_fixed64(value: Value<'_>, mut each: impl FnMut(u64)) {
    match value {
        Value::Bytes(bytes) => {
            let (chunks, _) = bytes.as_chunks();
            for chunk in chunks {
                each(u64::from_le_bytes(*chunk));
            }
        }
        Value::Fixed64(number) | Value::Varint(number) => each(number),
        Value::Fixed32(_) => {}
    }
}

/// The same for numbers that are packed as varints.
pub(super) fn for_each_varint(value: Value<'_>, mut each: impl FnMut(u64)) {
    match value {
        Value::Bytes(bytes) => {
            let mut cursor = Cursor::new(bytes);
            while let Some(number) = cursor.varint() {
                each(number);
            }
        }
        Value::Varint(number) | Value::Fixed64(number) => each(number),
        Value::Fixed32(_) => {}
    }
}

/// Undoes the zigzag of sint32 and sint64.
pub(super) fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// Returns an id of the right length; all zeros otherwise.
#[inline]
pub(super) fn id<const N: usize>(value: Value<'_>) -> [u8; N] {
    value.bytes().try_into().unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_wire_type_are_read() {
        let bytes = [
            0x08, 0x96, 0x01, 0x12, 1, b'x', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0,
        ];
        let mut cursor = Cursor::new(&bytes);
        assert_eq!(cursor.next(), Ok(Some((1, Value::Varint(150)))));
        assert_eq!(cursor.next(), Ok(Some((2, Value::Bytes(b"x")))));
        assert_eq!(cursor.next(), Ok(Some((3, Value::Fixed32(1)))));
        assert_eq!(cursor.next(), Ok(Some((4, Value::Fixed64(2)))));
        assert_eq!(cursor.next(), Ok(None));
    }

    #[test]
    fn what_ends_early_is_broken() {
        for bytes in [
            &b"\x08"[..],
            b"\x12\x05abc",
            b"\x0b",
            b"\x00\x01",
            b"\x09\x01",
        ] {
            assert_eq!(Cursor::new(bytes).next(), Err(Broken { rest: bytes }));
        }
    }

    #[test]
    fn zigzag_numbers_have_signs() {
        assert_eq!([0, 1, 2, 3].map(zigzag), [0, -1, 1, -2]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_walked_to_their_end_or_fault(bytes: Vec<u8>) {
            let mut cursor = Cursor::new(&bytes);
            let mut fields = 0;
            while let Ok(Some(_)) = cursor.next() {
                fields += 1;
            }
            proptest::prop_assert!(fields <= bytes.len());
        }
    }
}
