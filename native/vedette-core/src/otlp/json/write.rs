//! Writing protobuf while JSON is read, by the tables of `schema`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::schema::{Field, Kind, Message};
use crate::block::{append_string, append_varint};
use crate::text::clean;

/// Reads an object and writes the fields of a message.
pub(super) struct MessageSeed<'o> {
    pub(super) message: &'static Message,
    pub(super) out: &'o mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(FieldSeed(self.message))? {
            match field {
                Some(field) => map.next_value_seed(ValueSeed {
                    field,
                    out: &mut *self.out,
                })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Finds the field of a name.
struct FieldSeed(&'static Message);

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Option<&'static Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Option<&'static Field>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        self.visit_bytes(name.as_bytes())
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(self
            .0
            .0
            .iter()
            .find(|field| is_same_name(field.name.as_bytes(), name)))
    }
}

/// Tells whether a name is meant: in camelCase as in the table, or in `snake_case`.
fn is_same_name(camel: &[u8], given: &[u8]) -> bool {
    let letters = given
        .iter()
        .filter(|&&letter| letter != b'_')
        .map(u8::to_ascii_lowercase);
    letters.eq(camel.iter().map(u8::to_ascii_lowercase))
}

/// Reads a value, or a list of values, of a field and writes it.
struct ValueSeed<'o> {
    field: &'static Field,
    out: &'o mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.field.kind {
            // As bytes, so that half a surrogate pair, which JavaScript sends, is no fault.
            Kind::Text => deserializer.deserialize_option(self),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a value of {}", self.field.name)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_bytes<E: Error>(mut self, text: &[u8]) -> Result<(), E> {
        self.tag(LENGTH);
        append_string(self.out, clean(text).as_bytes());
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.field.kind {
            Kind::Text => return self.visit_bytes(text.as_bytes()),
            Kind::Id => self.bytes(&hex(text)),
            Kind::Bytes => self.bytes(&base64(text).ok_or_else(|| E::custom("no base64"))?),
            Kind::Bool => self.whole(i128::from(text.eq_ignore_ascii_case("true"))),
            Kind::Double => self.double(double(text).ok_or_else(|| E::custom("no number"))?),
            Kind::Enum(prefix, names) => {
                let name = text.strip_prefix(prefix).unwrap_or(text);
                let number = names
                    .iter()
                    .position(|known| known.eq_ignore_ascii_case(name));
                // A name from a newer version says nothing to this one.
                self.whole(number.map_or(0, |number| number as i128));
            }
            Kind::Message(_) => return Err(E::custom("text where an object belongs")),
            _ => {
                let number = text.trim().parse().ok().or_else(|| whole_of(double(text)?));
                self.whole(number.ok_or_else(|| E::custom("no whole number"))?);
            }
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.whole(i128::from(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(i128::from(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(i128::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if matches!(self.field.kind, Kind::Double) {
            self.double(value);
            return Ok(());
        }
        self.number(whole_of(value).ok_or_else(|| E::custom("no whole number"))?)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        let Kind::Message(message) = self.field.kind else {
            return Err(A::Error::custom("an object where a plain value belongs"));
        };
        self.tag(LENGTH);
        let start = self.out.len();
        MessageSeed {
            message,
            out: &mut *self.out,
        }
        .visit_map(map)?;
        let mut len = Vec::new();
        append_varint(&mut len, (self.out.len() - start) as u64);
        self.out.splice(start..start, len);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let (field, out) = (self.field, self.out);
        while list
            .next_element_seed(ValueSeed {
                field,
                out: &mut *out,
            })?
            .is_some()
        {}
        Ok(())
    }
}

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const LENGTH: u32 = 2;
const FIXED32: u32 = 5;

impl ValueSeed<'_> {
    fn tag(&mut self, wire_type: u32) {
        append_varint(self.out, u64::from(self.field.number << 3 | wire_type));
    }

    fn bytes(mut self, bytes: &[u8]) {
        self.tag(LENGTH);
        append_string(self.out, bytes);
    }

    fn double(mut self, value: f64) {
        self.tag(FIXED64);
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn number<E: Error>(self, value: i128) -> Result<(), E> {
        match self.field.kind {
            #[expect(clippy::cast_precision_loss, reason = "the field is a double")]
            Kind::Double => self.double(value as f64),
            // A number as text, or as an id: taken as it was written.
            Kind::Text | Kind::Id | Kind::Bytes => return self.visit_str(&value.to_string()),
            Kind::Message(_) => return Err(E::custom("a number where an object belongs")),
            _ => self.whole(value),
        }
        Ok(())
    }

    /// Writes a whole number; what the wire form has no room for is cut as protobuf does.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    fn whole(mut self, value: i128) {
        let bits = value as u64;
        match self.field.kind {
            Kind::Fixed64 => {
                self.tag(FIXED64);
                self.out.extend_from_slice(&bits.to_le_bytes());
            }
            Kind::Fixed32 => {
                self.tag(FIXED32);
                self.out.extend_from_slice(&(bits as u32).to_le_bytes());
            }
            Kind::Zigzag => {
                self.tag(VARINT);
                let signed = bits.cast_signed();
                append_varint(self.out, (signed << 1 ^ signed >> 63).cast_unsigned());
            }
            _ => {
                self.tag(VARINT);
                append_varint(self.out, bits);
            }
        }
    }
}

/// Returns a double that is a whole number. Times in JavaScript come as such.
#[expect(
    clippy::cast_possible_truncation,
    reason = "looked at in the line before"
)]
fn whole_of(value: f64) -> Option<i128> {
    let fits = value.is_finite() && value.abs() < 2e19;
    fits.then_some(value as i128)
}

fn double(text: &str) -> Option<f64> {
    match text.trim() {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        text => text.parse().ok(),
    }
}

/// Returns the bytes of hex digits; none if there is another digit, which makes a wrong id, so
/// that one bad span does not cost its neighbours.
fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let (pairs, rest) = text.as_bytes().as_chunks();
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect();
    if rest.is_empty() {
        bytes.unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// Reads base64 in both alphabets, with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut bit_count) = (0_u32, 0);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        bit_count += 6;
        if bit_count >= 8 {
            bit_count -= 8;
            bytes.push((bits >> bit_count & 0xff) as u8);
        }
    }
    Some(bytes)
}
