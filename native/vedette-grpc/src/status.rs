//! gRPC statuses, with the details by which OTLP senders know when to try again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{HeaderMap, HeaderValue};

/// The codes in use here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Ok = 0,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}

const RETRY_INFO_TYPE: &str = "type.googleapis.com/google.rpc.RetryInfo";
/// A longer sentence would not fit into what clients take as trailers.
const MESSAGE_BYTES_MAX: usize = 1024;

/// How a call ended without success.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Status {
    code: u32,
    message: String,
    retry_s: f64,
}

impl Status {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self::of_number(code as u32, message.into(), 0.0)
    }

    pub(crate) fn retry(code: Code, message: impl Into<String>, retry_s: f64) -> Self {
        Self::of_number(code as u32, message.into(), retry_s)
    }

    pub(crate) fn of_number(code: u32, message: String, retry_s: f64) -> Self {
        Self {
            code,
            message,
            retry_s,
        }
    }

    /// The status as trailers, which may also stand alone as headers.
    pub(crate) fn trailers(&self) -> HeaderMap {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", HeaderValue::from(self.code));
        let message = percent_encode(shorten(&self.message));
        // Only visible ASCII is left after encoding.
        if let Ok(value) = HeaderValue::try_from(message) {
            trailers.insert("grpc-message", value);
        }
        if self.retry_s > 0.0
            && let Ok(value) = HeaderValue::try_from(STANDARD_NO_PAD.encode(self.details()))
        {
            trailers.insert("grpc-status-details-bin", value);
        }
        trailers
    }

    /// A google.rpc.Status that carries a google.rpc.RetryInfo.
    fn details(&self) -> Vec<u8> {
        let delay = std::time::Duration::try_from_secs_f64(self.retry_s).unwrap_or_default();
        let mut duration = Vec::new();
        put_number(&mut duration, 1, delay.as_secs());
        put_number(&mut duration, 2, u64::from(delay.subsec_nanos()));
        let mut retry_info = Vec::new();
        put_bytes(&mut retry_info, 1, &duration);
        let mut any = Vec::new();
        put_bytes(&mut any, 1, RETRY_INFO_TYPE.as_bytes());
        put_bytes(&mut any, 2, &retry_info);
        let mut status = Vec::new();
        put_number(&mut status, 1, u64::from(self.code));
        put_bytes(&mut status, 2, shorten(&self.message).as_bytes());
        put_bytes(&mut status, 3, &any);
        status
    }
}

/// An Export…ServiceResponse: empty, or with a partial success that counts what is not kept.
pub(crate) fn export_response(faulty: u64) -> Vec<u8> {
    let mut response = Vec::new();
    if faulty > 0 {
        let why = format!("{faulty} items have no valid id or name and are not kept");
        let mut partial_success = Vec::new();
        put_number(&mut partial_success, 1, faulty);
        put_bytes(&mut partial_success, 2, why.as_bytes());
        put_bytes(&mut response, 1, &partial_success);
    }
    response
}

fn put_number(target: &mut Vec<u8>, field: u8, number: u64) {
    target.push(field << 3);
    put_varint(target, number);
}

fn put_bytes(target: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    target.push(field << 3 | 2);
    put_varint(target, bytes.len() as u64);
    target.extend_from_slice(bytes);
}

fn put_varint(target: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return target.push(low & 0x7f);
        }
        target.push(low | 0x80);
    }
}

fn shorten(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MESSAGE_BYTES_MAX))
        .unwrap_or("")
}

fn percent_encode(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if (0x20..0x7f).contains(&byte) && byte != b'%' {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _always_ok = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_sent_as_visible_ascii() {
        assert_eq!(percent_encode("100% of \u{fc}\n"), "100%25 of %C3%BC%0A");
    }

    #[test]
    fn numbers_are_written_in_groups_of_seven_bits() {
        let mut bytes = Vec::new();
        put_number(&mut bytes, 1, 300);
        assert_eq!(bytes, [0x08, 0xac, 0x02]);
    }

    #[test]
    fn a_status_without_retry_has_no_details() {
        let trailers = Status::new(Code::InvalidArgument, "no").trailers();
        assert_eq!(trailers.get("grpc-status"), Some(&HeaderValue::from(3)));
        assert!(!trailers.contains_key("grpc-status-details-bin"));
    }

    #[test]
    fn a_response_names_what_is_not_kept() {
        assert_eq!(export_response(0), b"");
        assert!(export_response(3).starts_with(&[0x0a, 0x35, 0x08, 3, 0x12]));
    }
}
