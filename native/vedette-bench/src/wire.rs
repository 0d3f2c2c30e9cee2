//! Protobuf written straight into bytes: nothing is built that would have to be encoded later.

/// A value of an attribute.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Int(i64),
    Double(f64),
    Bool(bool),
}

/// Appends a base-128 number.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a field of bytes, text or an encoded message.
pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a field with a number.
pub(crate) fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    put_varint(out, field << 3);
    put_varint(out, number);
}

/// Appends a field of eight bytes.
pub(crate) fn put_fixed64(out: &mut Vec<u8>, field: u64, number: u64) {
    put_varint(out, field << 3 | 1);
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends a field of four bytes.
pub(crate) fn put_fixed32(out: &mut Vec<u8>, field: u64, number: u32) {
    put_varint(out, field << 3 | 5);
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends an attribute: a `KeyValue` under `field`.
pub(crate) fn put_attribute(out: &mut Vec<u8>, field: u64, key: &str, value: Value<'_>) {
    let value_length = match value {
        Value::Text(text) => 1 + varint_length(text.len() as u64) + text.len(),
        Value::Int(number) => 1 + varint_length(number as u64),
        Value::Double(_) => 9,
        Value::Bool(_) => 2,
    };
    let key_length = 1 + varint_length(key.len() as u64) + key.len();
    let length = key_length + 1 + varint_length(value_length as u64) + value_length;
    put_varint(out, field << 3 | 2);
    put_varint(out, length as u64);
    put_bytes(out, 1, key.as_bytes());
    put_varint(out, 2 << 3 | 2);
    put_varint(out, value_length as u64);
    match value {
        Value::Text(text) => put_bytes(out, 1, text.as_bytes()),
        Value::Bool(truth) => put_number(out, 2, u64::from(truth)),
        Value::Int(number) => put_number(out, 3, number as u64),
        Value::Double(number) => put_fixed64(out, 4, number.to_bits()),
    }
}

fn varint_length(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}
