//! Receiving the one message of a call: framed, bounded, unpacked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::HeaderMap;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use vedette_core::unpack::{UnpackError, unpack};

use crate::door::Fault;
use crate::not_received::NotReceived;
use crate::status::{Code, Status};

/// A flag (packed or not) and the length.
const PREFIX_BYTES: usize = 5;
/// Longer than any sender waits.
const RECEIVE_TIME_MAX: Duration = Duration::from_secs(30);
/// What is reserved before a byte arrived, whatever length was announced.
const RESERVED_BYTES_MAX: usize = 64 * 1024;
/// How long a sender waits when too many bytes are in flight: others are done in a moment.
const IN_FLIGHT_RETRY_S: f64 = 1.0;
/// What the answers say is understood.
pub(crate) const ENCODINGS: &str = "identity,gzip,deflate,zstd";

/// The bounds of messages.
#[derive(Clone, Copy, Debug)]
pub struct MessageLimits {
    /// A message as it was sent.
    pub packed_bytes_max: usize,
    /// A message after unpacking.
    pub unpacked_bytes_max: usize,
    /// All messages together that were received and not yet answered.
    pub in_flight_bytes_max: u64,
}

/// How many bytes all calls hold together.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<AtomicU64>);

/// What one call holds; given back when dropped.
#[derive(Debug)]
struct Charge {
    in_flight: InFlight,
    byte_count: u64,
    byte_count_max: u64,
}

impl Charge {
    fn grow_to(&mut self, byte_count: u64) -> Result<(), Status> {
        let more = byte_count.saturating_sub(self.byte_count);
        let before = self.in_flight.0.fetch_add(more, Ordering::Relaxed);
        self.byte_count += more;
        if before + more > self.byte_count_max {
            let sentence = "the server holds as many unfinished messages as it may";
            return Err(Status::retry(
                Code::Unavailable,
                sentence,
                IN_FLIGHT_RETRY_S,
            ));
        }
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.in_flight
            .0
            .fetch_sub(self.byte_count, Ordering::Relaxed);
    }
}

/// A message, plain; its bytes count as in flight until the holder is dropped.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) bytes: Vec<u8>,
    pub(crate) held: Held,
}

/// Keeps the bytes of a message counted.
#[derive(Debug)]
pub(crate) struct Held(#[expect(dead_code, reason = "held for its drop")] Charge);

/// Receive the message of a call and unpack it.
pub(crate) async fn receive<B>(
    headers: &HeaderMap,
    body: B,
    limits: &MessageLimits,
    in_flight: &InFlight,
) -> Result<Message, NotReceived>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let encoding = encoding_of(headers)?;
    let mut charge = Charge {
        in_flight: in_flight.clone(),
        byte_count: 0,
        byte_count_max: limits.in_flight_bytes_max,
    };
    let receiving = collect(body, limits.packed_bytes_max, &mut charge);
    let Ok(received) = tokio::time::timeout(RECEIVE_TIME_MAX, receiving).await else {
        let sentence = "the message did not arrive in time";
        return Err(Status::new(Code::DeadlineExceeded, sentence).into());
    };
    let (is_packed, mut bytes) = received?;
    if is_packed {
        let encoding = encoding.ok_or_else(|| {
            Status::new(
                Code::Internal,
                "the message is marked as packed and no encoding is named",
            )
        })?;
        let unpacked = unpack(&bytes, encoding, limits.unpacked_bytes_max);
        bytes = unpacked.map_err(|error| not_unpacked(&error))?;
        charge.grow_to(bytes.len() as u64)?;
    }
    Ok(Message {
        bytes,
        held: Held(charge),
    })
}

/// The encoding that packed messages of this call have.
fn encoding_of(headers: &HeaderMap) -> Result<Option<&'static str>, Status> {
    let Some(named) = headers.get("grpc-encoding") else {
        return Ok(None);
    };
    match named.as_bytes() {
        b"identity" => Ok(None),
        b"gzip" => Ok(Some("gzip")),
        b"deflate" => Ok(Some("deflate")),
        b"zstd" => Ok(Some("zstd")),
        _ => {
            let sentence = format!("grpc-encoding is none of {ENCODINGS}");
            Err(Status::new(Code::Unimplemented, sentence))
        }
    }
}

/// Take frame by frame; never more than the announced length, nor that when it is too much.
async fn collect<B>(
    mut body: B,
    byte_count_max: usize,
    charge: &mut Charge,
) -> Result<(bool, Vec<u8>), NotReceived>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    let mut bytes = Vec::new();
    let mut announced = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Status::new(
                Code::InvalidArgument,
                format!("the message broke off: {error}"),
            )
        })?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        if announced.is_none() {
            let wanted = (PREFIX_BYTES - prefix.len()).min(data.len());
            prefix.extend_from_slice(&data.split_to(wanted));
            announced = read_prefix(&prefix, byte_count_max)?;
            if let Some((_, length)) = announced {
                bytes.reserve(length.min(RESERVED_BYTES_MAX));
            }
        }
        let Some((_, length)) = announced else {
            continue;
        };
        if bytes.len() + data.len() > length {
            let sentence = "more follows the message than it announced: one message is expected";
            return Err(NotReceived::by_sender(Fault::Unreadable, sentence));
        }
        charge.grow_to((bytes.len() + data.len()) as u64)?;
        bytes.extend_from_slice(&data);
    }
    match announced {
        Some((is_packed, length)) if bytes.len() == length => Ok((is_packed, bytes)),
        Some((_, length)) => {
            let sentence = format!("the message ends after {} of {length} bytes", bytes.len());
            Err(NotReceived::by_sender(Fault::Unreadable, sentence))
        }
        None => Err(NotReceived::by_sender(
            Fault::Unreadable,
            "the call has no message",
        )),
    }
}

/// Read the flag and the length; None while they are not complete.
fn read_prefix(prefix: &[u8], byte_count_max: usize) -> Result<Option<(bool, usize)>, NotReceived> {
    let [flag, length @ ..] = prefix else {
        return Ok(None);
    };
    let Ok(length) = <[u8; 4]>::try_from(length) else {
        return Ok(None);
    };
    let length = u32::from_be_bytes(length) as usize;
    if *flag > 1 {
        let sentence = "the message begins with no valid flag";
        return Err(NotReceived::by_sender(Fault::Unreadable, sentence));
    }
    if length > byte_count_max {
        let sentence =
            format!("a message of {length} bytes is too large: {byte_count_max} at most");
        return Err(NotReceived::by_sender(Fault::TooLarge, sentence));
    }
    Ok(Some((*flag == 1, length)))
}

fn not_unpacked(error: &UnpackError) -> NotReceived {
    let fault = match error {
        UnpackError::TooLarge { .. } => Fault::TooLarge,
        UnpackError::Malformed { .. } | UnpackError::UnknownEncoding => Fault::Unreadable,
    };
    NotReceived::by_sender(fault, error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use std::io::Write;

    use http::HeaderValue;
    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;
    use tokio::runtime;

    use super::Fault::{TooLarge, Unreadable};
    use super::*;

    const LIMITS: MessageLimits = MessageLimits {
        packed_bytes_max: 1_000,
        unpacked_bytes_max: 10_000,
        in_flight_bytes_max: 20_000,
    };

    fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&[flag], length.as_slice(), message].concat()
    }

    fn gzipped(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn received(encoding: &'static str, sent: Vec<u8>) -> Result<Vec<u8>, NotReceived> {
        received_with(encoding, sent, &InFlight::default())
    }

    fn received_with(
        encoding: &'static str,
        sent: Vec<u8>,
        in_flight: &InFlight,
    ) -> Result<Vec<u8>, NotReceived> {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-encoding", HeaderValue::from_static(encoding));
        let body = Full::new(Bytes::from(sent));
        let message = wait_for(receive(&headers, body, &LIMITS, in_flight))?;
        Ok(message.bytes)
    }

    fn wait_for<T>(work: impl Future<Output = T>) -> T {
        runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(work)
    }

    fn code_of(refused: &NotReceived) -> Option<String> {
        let trailers = refused.status.trailers();
        trailers
            .get("grpc-status")
            .map(|code| code.to_str().unwrap().to_owned())
    }

    const INVALID: &str = "3";

    #[test]
    fn a_message_is_given_as_it_was_sent() {
        assert_eq!(
            received("identity", framed(0, b"hello")),
            Ok(b"hello".to_vec())
        );
        assert_eq!(
            received("gzip", framed(0, b"not packed")),
            Ok(b"not packed".to_vec())
        );
        assert_eq!(
            received("gzip", framed(1, &gzipped(b"hello"))),
            Ok(b"hello".to_vec())
        );
        assert_eq!(received("identity", framed(0, b"")), Ok(Vec::new()));
    }

    #[test]
    fn a_message_may_come_in_any_pieces() {
        for size in 1..12 {
            let sent = framed(0, b"hello");
            let frames: Vec<Result<_, std::convert::Infallible>> = sent
                .chunks(size)
                .map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))))
                .collect();
            let body = StreamBody::new(tokio_stream::iter(frames));
            let (headers, in_flight) = (HeaderMap::new(), InFlight::default());
            let work = receive(&headers, body, &LIMITS, &in_flight);
            assert_eq!(wait_for(work).unwrap().bytes, b"hello", "pieces of {size}");
        }
    }

    #[test]
    fn what_is_not_one_message_is_refused() {
        let cut_off = framed(0, b"hello").split_off(1);
        let half = framed(0, b"hello").into_iter().take(7).collect();
        let two = [framed(0, b"one"), framed(0, b"two")].concat();
        let unpacks_to_much = framed(1, &gzipped(&[0; 10_001]));
        for (sent, fault, what) in [
            (Vec::new(), Unreadable, "nothing"),
            (vec![0, 0, 0], Unreadable, "half a prefix"),
            (cut_off, TooLarge, "no flag, so the length is another"),
            (framed(7, b"hello"), Unreadable, "a wrong flag"),
            (two, Unreadable, "two messages"),
            (half, Unreadable, "half a message"),
            (framed(0, &[b'x'; 1_001]), TooLarge, "too large a message"),
            (vec![0, 255, 255, 255, 255], TooLarge, "a large one is told"),
            (framed(1, b"no gzip"), Unreadable, "bytes that are no gzip"),
            (unpacks_to_much, TooLarge, "too large when unpacked"),
        ] {
            let refused = received("gzip", sent).unwrap_err();
            assert_eq!(code_of(&refused).as_deref(), Some(INVALID), "{what}");
            assert_eq!(refused.fault, Some(fault), "{what}");
        }
    }

    #[test]
    fn an_encoding_that_nobody_knows_is_unimplemented() {
        let refused = received("snappy", framed(0, b"")).unwrap_err();
        assert_eq!(code_of(&refused).as_deref(), Some("12"));
        assert_eq!(refused.fault, None);
    }

    #[test]
    fn all_messages_together_are_bounded() {
        let in_flight = InFlight::default();
        let mut others = Charge {
            in_flight: in_flight.clone(),
            byte_count: 0,
            byte_count_max: u64::MAX,
        };
        others.grow_to(LIMITS.in_flight_bytes_max - 3).unwrap();

        assert_eq!(
            received_with("gzip", framed(0, b"abc"), &in_flight),
            Ok(b"abc".to_vec())
        );
        let refused = received_with("gzip", framed(0, b"abcd"), &in_flight).unwrap_err();
        assert_eq!(code_of(&refused).as_deref(), Some("14"));
        assert_eq!(refused.fault, None);

        drop(others);
        assert_eq!(in_flight.0.load(Ordering::Relaxed), 0);
        assert_eq!(
            received_with("gzip", framed(0, b"abcd"), &in_flight),
            Ok(b"abcd".to_vec())
        );
    }
}
