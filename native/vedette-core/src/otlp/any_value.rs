//! `AnyValue` and `KeyValue`: attributes of everything, and bodies of logs.

use super::wire::{Broken, Cursor, Value, short_bytes};
use crate::json::JsonWriter;
use crate::rows::{KeyCode, Rows, VALUE_BYTES_MAX};
use crate::text::{clean, clean_and_cut};

/// How deep lists and objects may be nested; what lies deeper becomes null.
pub(super) const DEPTH_MAX: u32 = 16;

/// A value that is not read further than needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AnyValue<'a> {
    Empty,
    Text(&'a [u8]),
    Boolean(bool),
    Integer(i64),
    Double(f64),
    /// `ArrayValue`.
    List(&'a [u8]),
    /// `KeyValueList`.
    Object(&'a [u8]),
    Bytes(&'a [u8]),
}

/// Reads an `AnyValue`. Of several values the last one counts.
#[inline]
pub(super) fn read_value(message: &[u8]) -> Result<AnyValue<'_>, Broken<'_>> {
    // Nearly all values are one short text.
    if let Some((text, [])) = short_bytes(message, 1) {
        return Ok(AnyValue::Text(text));
    }
    read_any_value(message)
}

fn read_any_value(message: &[u8]) -> Result<AnyValue<'_>, Broken<'_>> {
    let mut found = AnyValue::Empty;
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        found = match (number, value) {
            (1, Value::Bytes(text)) => AnyValue::Text(text),
            (2, Value::Varint(flag)) => AnyValue::Boolean(flag != 0),
            (3, Value::Varint(integer)) => AnyValue::Integer(integer.cast_signed()),
            (4, Value::Fixed64(bits)) => AnyValue::Double(f64::from_bits(bits)),
            (5, Value::Bytes(list)) => AnyValue::List(list),
            (6, Value::Bytes(object)) => AnyValue::Object(object),
            (7, Value::Bytes(bytes)) => AnyValue::Bytes(bytes),
            _ => found,
        };
    }
    Ok(found)
}

/// Reads a `KeyValue`.
#[inline]
pub(super) fn read_pair(message: &[u8]) -> Result<(&[u8], AnyValue<'_>), Broken<'_>> {
    // Nearly all pairs are a short key and a short value, in this order.
    if let Some((key, rest)) = short_bytes(message, 1)
        && let Some((value, [])) = short_bytes(rest, 2)
    {
        return Ok((key, read_value(value)?));
    }
    read_any_pair(message)
}

fn read_any_pair(message: &[u8]) -> Result<(&[u8], AnyValue<'_>), Broken<'_>> {
    let (mut key, mut found): (&[u8], _) = (&[], AnyValue::Empty);
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        match (number, value) {
            (1, Value::Bytes(bytes)) => key = bytes,
            (2, Value::Bytes(message)) => found = read_value(message)?,
            _ => {}
        }
    }
    Ok((key, found))
}

/// Adds an attribute to a row. Structures become JSON text; `json` is room to write it.
#[inline]
pub(super) fn put<'a, R: Rows>(
    rows: &mut R,
    key: KeyCode,
    value: AnyValue<'a>,
    json: &mut JsonWriter,
) -> Result<(), Broken<'a>> {
    let attributes = rows.attributes();
    match value {
        AnyValue::Text(text) => attributes.string_at(key, text),
        AnyValue::Integer(integer) => attributes.integer_at(key, integer),
        AnyValue::Double(double) => attributes.number_at(key, double),
        AnyValue::Boolean(flag) => attributes.boolean_at(key, flag),
        AnyValue::Empty => attributes.string_at(key, b""),
        AnyValue::Bytes(bytes) => attributes.string_at(key, bytes_as_text(bytes).as_bytes()),
        AnyValue::List(_) | AnyValue::Object(_) => {
            json.clear();
            write_json(json, value, 0)?;
            attributes.string_at(key, json.text().as_bytes());
        }
    }
    Ok(())
}

/// Writes a value as JSON.
pub(super) fn write_json<'a>(
    json: &mut JsonWriter,
    value: AnyValue<'a>,
    depth: u32,
) -> Result<(), Broken<'a>> {
    match value {
        AnyValue::Empty => json.null(),
        AnyValue::Text(text) => json.string(&clean_and_cut(text, VALUE_BYTES_MAX)),
        AnyValue::Boolean(flag) => json.boolean(flag),
        AnyValue::Integer(integer) => json.integer(integer),
        AnyValue::Double(double) => json.number(double),
        AnyValue::Bytes(bytes) => json.string(&bytes_as_text(bytes)),
        AnyValue::List(_) | AnyValue::Object(_) if depth >= DEPTH_MAX => json.null(),
        AnyValue::List(list) => {
            json.open('[');
            let mut cursor = Cursor::new(list);
            while let Some((number, value)) = cursor.next()? {
                if let (1, Value::Bytes(item)) = (number, value) {
                    write_json(json, read_value(item)?, depth + 1)?;
                }
            }
            json.close(']');
        }
        AnyValue::Object(object) => {
            json.open('{');
            let mut cursor = Cursor::new(object);
            while let Some((number, value)) = cursor.next()? {
                if let (1, Value::Bytes(pair)) = (number, value) {
                    write_pair(json, pair, depth + 1)?;
                }
            }
            json.close('}');
        }
    }
    Ok(())
}

/// Writes a `KeyValue` into the object that is open.
pub(super) fn write_pair<'a>(
    json: &mut JsonWriter,
    pair: &'a [u8],
    depth: u32,
) -> Result<(), Broken<'a>> {
    let (key, value) = read_pair(pair)?;
    json.key(&clean(key));
    write_json(json, value, depth)
}

/// Returns bytes as text: their own if they are some, else base64 as OTLP's JSON has it.
fn bytes_as_text(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_string();
    }
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS
                .get((bits >> shift & 63) as usize)
                .copied()
                .unwrap_or(b'=');
            text.push(char::from(if place <= group.len() { digit } else { b'=' }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_their_own_text_or_base64() {
        assert_eq!(bytes_as_text(b"plain"), "plain");
        assert_eq!(bytes_as_text(&[0xff, 0xfe, 0xfd]), "//79");
        assert_eq!(bytes_as_text(&[0xff]), "/w==");
        assert_eq!(bytes_as_text(&[0xff, 0xfe]), "//4=");
    }

    #[test]
    fn deep_nesting_ends_in_null() {
        let mut message = Vec::new();
        for _ in 0..40 {
            // AnyValue { array_value { values: [ … ] } }
            let mut list = vec![0x0a];
            crate::block::append_string(&mut list, &message);
            message = vec![0x2a];
            crate::block::append_string(&mut message, &list);
        }
        let mut json = JsonWriter::default();
        write_json(&mut json, read_value(&message).unwrap(), 0).unwrap();
        let depth = DEPTH_MAX as usize;
        assert_eq!(
            json.text(),
            format!("{}null{}", "[".repeat(depth), "]".repeat(depth))
        );
    }
}
