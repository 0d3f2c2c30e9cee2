//! OTLP's JSON to protobuf, so that there is one reader of meaning.
//!
//! Lenient where senders differ: names in camelCase or `snake_case`, whole numbers as numbers or
//! text, enums as numbers or names, null for anything, unknown fields anywhere. Ids are hex
//! (OTLP says so, unlike protobuf's own JSON), other bytes are base64.

mod schema;
mod write;

use serde::de::DeserializeSeed as _;

use self::write::MessageSeed;
use super::{Malformed, Signal};

/// Returns the protobuf form of a request.
///
/// # Errors
/// The text is no JSON, is nested more than 128 levels deep, or has a known field of a type that
/// cannot be read.
pub fn from_json(body: &[u8], signal: Signal) -> Result<Vec<u8>, Malformed> {
    let message = match signal {
        Signal::Traces => &schema::TRACES,
        Signal::Logs => &schema::LOGS,
        Signal::Metrics => &schema::METRICS,
    };
    // Only lists of short numbers take more room in protobuf (up to five times) than in JSON.
    let mut out = Vec::with_capacity(body.len());
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = MessageSeed {
        message,
        out: &mut out,
    };
    seed.deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| Malformed {
            position: position(body, error.line(), error.column()),
        })?;
    Ok(out)
}

/// Returns the byte of a line and column, both counted from 1.
fn position(body: &[u8], line: usize, column: usize) -> usize {
    let lines = body.split_inclusive(|&byte| byte == b'\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    (before + column).min(body.len())
}

#[cfg(test)]
mod tests;
