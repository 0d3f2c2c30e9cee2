//! Content encodings: bodies made readable, within a bound whatever the sender packed.

use std::fmt;
use std::io::{self, Read};

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Largest zstd window taken from a stream that does not say its size: what RFC 8878 asks for.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// How much room for output is made at least.
const STEP_BYTES: usize = 64 * 1024;

/// Why a body could not be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnpackError {
    /// Unpacked it is larger than allowed.
    TooLarge {
        /// The bound.
        byte_count_max: usize,
    },
    /// It is not what its encoding says.
    Malformed {
        /// The encoding.
        encoding: &'static str,
    },
    /// Nobody here knows this encoding.
    UnknownEncoding,
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { byte_count_max } => {
                write!(
                    f,
                    "the body takes more than {byte_count_max} bytes when unpacked"
                )
            }
            Self::Malformed { encoding } => write!(f, "the body is no valid {encoding}"),
            Self::UnknownEncoding => {
                f.write_str("the content encoding is none of gzip, deflate, br, zstd, identity")
            }
        }
    }
}

impl std::error::Error for UnpackError {}

/// Tells whether bytes under this encoding are plain.
#[must_use]
pub fn is_plain(encoding: &str) -> bool {
    // Some Sentry SDKs say "utf-8" here.
    let plain = ["", "identity", "utf-8", "utf8"];
    plain
        .iter()
        .any(|name| encoding.trim().eq_ignore_ascii_case(name))
}

/// Returns the body as it was before it was packed.
///
/// Never takes more memory than `byte_count_max` and a few megabytes that belong to the decoder.
///
/// # Errors
/// See [`UnpackError`].
pub fn unpack(body: &[u8], encoding: &str, byte_count_max: usize) -> Result<Vec<u8>, UnpackError> {
    if is_plain(encoding) {
        if body.len() > byte_count_max {
            return Err(UnpackError::TooLarge { byte_count_max });
        }
        return Ok(body.to_vec());
    }
    let mut output = Output::new(body.len(), byte_count_max);
    match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => output.read(MultiGzDecoder::new(body), "gzip")?,
        "deflate" if is_zlib(body) => output.read(ZlibDecoder::new(body), "deflate")?,
        "deflate" => output.read(DeflateDecoder::new(body), "deflate")?,
        "br" => unpack_brotli(body, &mut output)?,
        "zstd" => return unpack_zstd(body, output),
        _ => return Err(UnpackError::UnknownEncoding),
    }
    Ok(output.bytes)
}

/// Tells whether the two bytes of a zlib header stand at the begin (RFC 1950, 2.2). The name
/// "deflate" means with them, but some senders leave them out.
fn is_zlib(body: &[u8]) -> bool {
    match body {
        [method, flags, ..] => {
            method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
        }
        _ => true,
    }
}

fn unpack_zstd(body: &[u8], mut output: Output) -> Result<Vec<u8>, UnpackError> {
    const NAME: &str = "zstd";
    let is_single = zstd::zstd_safe::find_frame_compressed_size(body) == Ok(body.len());
    let declared = zstd::zstd_safe::get_frame_content_size(body).ok().flatten();
    if let (true, Some(size)) = (is_single, declared) {
        // The output is the window: fast, and whatever window the sender chose does not matter.
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > output.byte_count_max {
            return Err(UnpackError::TooLarge {
                byte_count_max: output.byte_count_max,
            });
        }
        return zstd::bulk::decompress(body, size)
            .map_err(|_| UnpackError::Malformed { encoding: NAME });
    }
    let malformed = |_| UnpackError::Malformed { encoding: NAME };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(malformed)?;
    decoder
        .window_log_max(ZSTD_WINDOW_LOG_MAX)
        .map_err(malformed)?;
    output.read(decoder, NAME)?;
    Ok(output.bytes)
}

fn unpack_brotli(body: &[u8], output: &mut Output) -> Result<(), UnpackError> {
    const MALFORMED: UnpackError = UnpackError::Malformed { encoding: "br" };
    // Strict: without the "large window" extension, whose window may take a gigabyte.
    let mut state = BrotliState::new_strict(
        StandardAlloc::default(),
        StandardAlloc::default(),
        StandardAlloc::default(),
    );
    let (mut input_left, mut input_at, mut total) = (body.len(), 0, 0);
    loop {
        let room = output.room()?;
        let (mut room_left, mut room_at) = (room.len(), 0);
        let result = BrotliDecompressStream(
            &mut input_left,
            &mut input_at,
            body,
            &mut room_left,
            &mut room_at,
            room,
            &mut total,
            &mut state,
        );
        output.used(room_at);
        match result {
            BrotliResult::ResultSuccess if input_left == 0 => return output.finish(),
            BrotliResult::NeedsMoreOutput => {}
            // The input is all there: asking for more means it was cut.
            _ => return Err(MALFORMED),
        }
    }
}

/// The unpacked bytes, growing to one byte beyond the bound at most.
struct Output {
    bytes: Vec<u8>,
    used: usize,
    byte_count_max: usize,
}

impl Output {
    fn new(packed_byte_count: usize, byte_count_max: usize) -> Self {
        // Telemetry packs to a fifth or less.
        let guess = packed_byte_count
            .saturating_mul(5)
            .clamp(1, byte_count_max.saturating_add(1));
        Self {
            bytes: Vec::with_capacity(guess),
            used: 0,
            byte_count_max,
        }
    }

    /// Returns room for more output; fails when the bound is passed.
    fn room(&mut self) -> Result<&mut [u8], UnpackError> {
        if self.used > self.byte_count_max {
            return Err(UnpackError::TooLarge {
                byte_count_max: self.byte_count_max,
            });
        }
        if self.used == self.bytes.len() {
            let limit = self.byte_count_max.saturating_add(1);
            let wanted = self
                .bytes
                .capacity()
                .max(self.used.saturating_mul(2))
                .max(STEP_BYTES);
            let len = if self.used < self.bytes.capacity() {
                self.bytes.capacity().min(limit)
            } else {
                wanted.min(limit)
            };
            self.bytes.reserve_exact(len - self.bytes.len());
            self.bytes.resize(len, 0);
        }
        Ok(self.bytes.get_mut(self.used..).unwrap_or_default())
    }

    fn used(&mut self, byte_count: usize) {
        self.used += byte_count;
    }

    fn finish(&mut self) -> Result<(), UnpackError> {
        if self.used > self.byte_count_max {
            return Err(UnpackError::TooLarge {
                byte_count_max: self.byte_count_max,
            });
        }
        self.bytes.truncate(self.used);
        Ok(())
    }

    fn read(&mut self, mut decoder: impl Read, encoding: &'static str) -> Result<(), UnpackError> {
        loop {
            match decoder.read(self.room()?) {
                Ok(0) => return self.finish(),
                Ok(byte_count) => self.used(byte_count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(UnpackError::Malformed { encoding }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    const TEXT: &[u8] = b"the quick brown fox jumps over the lazy dog, and over it again";
    const BROTLI_TEXT: &[u8] = &[0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd_stream(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Ten megabytes of zeros in every encoding that can be written here.
    fn bombs() -> Vec<(&'static str, Vec<u8>)> {
        let zeros = vec![0; 10_000_000];
        vec![
            ("gzip", gzip(&zeros)),
            ("deflate", zlib(&zeros)),
            ("deflate", raw_deflate(&zeros)),
            ("zstd", zstd_stream(&zeros)),
            ("zstd", zstd::bulk::compress(&zeros, 3).unwrap()),
        ]
    }

    #[test]
    fn every_encoding_gives_back_what_was_packed() {
        let bulk = zstd::bulk::compress(TEXT, 3).unwrap();
        let packed = [
            ("gzip", gzip(TEXT)),
            (" GZIP ", gzip(TEXT)),
            ("deflate", zlib(TEXT)),
            ("deflate", raw_deflate(TEXT)),
            ("zstd", zstd_stream(TEXT)),
            ("zstd", bulk),
            ("", TEXT.to_vec()),
            ("utf-8", TEXT.to_vec()),
        ];
        for (encoding, body) in packed {
            assert_eq!(
                unpack(&body, encoding, 1000).as_deref(),
                Ok(TEXT),
                "{encoding}"
            );
        }
    }

    #[test]
    fn brotli_gives_back_what_was_packed() {
        assert_eq!(unpack(BROTLI_TEXT, "br", 100).as_deref(), Ok(&b"hello"[..]));
        assert_eq!(
            unpack(BROTLI_TEXT, "br", 4),
            Err(UnpackError::TooLarge { byte_count_max: 4 })
        );
    }

    #[test]
    fn gzip_members_after_one_another_are_one_body() {
        let body = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(unpack(&body, "gzip", 100).as_deref(), Ok(&b"one two"[..]));
    }

    #[test]
    fn a_body_of_exactly_the_bound_is_taken_and_one_byte_more_is_not() {
        for encoding in ["gzip", "zstd", ""] {
            let body = match encoding {
                "gzip" => gzip(TEXT),
                "zstd" => zstd_stream(TEXT),
                _ => TEXT.to_vec(),
            };
            assert!(unpack(&body, encoding, TEXT.len()).is_ok());
            let byte_count_max = TEXT.len() - 1;
            let refused = Err(UnpackError::TooLarge { byte_count_max });
            assert_eq!(unpack(&body, encoding, byte_count_max), refused);
        }
    }

    #[test]
    fn bombs_are_refused() {
        for (encoding, body) in bombs() {
            let refused = Err(UnpackError::TooLarge {
                byte_count_max: 100_000,
            });
            assert_eq!(unpack(&body, encoding, 100_000), refused, "{encoding}");
        }
    }

    #[test]
    fn a_body_that_was_cut_is_malformed() {
        for (encoding, body) in bombs() {
            let body = &body[..body.len() / 2];
            let result = unpack(body, encoding, 20_000_000);
            assert_eq!(
                result,
                Err(UnpackError::Malformed { encoding }),
                "{encoding}"
            );
        }
        let result = unpack(&BROTLI_TEXT[..5], "br", 100);
        assert_eq!(result, Err(UnpackError::Malformed { encoding: "br" }));
    }

    #[test]
    fn an_unknown_encoding_is_said_to_be_unknown() {
        assert_eq!(unpack(TEXT, "lzma", 100), Err(UnpackError::UnknownEncoding));
    }

    #[test]
    fn the_room_never_grows_beyond_the_bound() {
        let mut output = Output::new(10, 100_000);
        while let Ok(room) = output.room() {
            let byte_count = room.len();
            output.used(byte_count);
            assert!(output.bytes.capacity() <= 100_001);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_or_pass_the_bound(
            body in prop::collection::vec(any::<u8>(), 0..400),
            which in 0_usize..4,
            cap in 0_usize..5000,
        ) {
            let encoding = ["gzip", "deflate", "br", "zstd"][which];
            if let Ok(bytes) = unpack(&body, encoding, cap) {
                prop_assert!(bytes.len() <= cap);
            }
        }

        #[test]
        fn damaged_bodies_neither_panic_nor_pass_the_bound(
            text in prop::collection::vec(any::<u8>(), 0..4000),
            at in any::<prop::sample::Index>(),
            bit in 0_u32..8,
            which in 0_usize..4,
        ) {
            let (encoding, mut body) = match which {
                0 => ("gzip", gzip(&text)),
                1 => ("deflate", zlib(&text)),
                2 => ("zstd", zstd_stream(&text)),
                _ => ("br", BROTLI_TEXT.to_vec()),
            };
            let at = at.index(body.len());
            body[at] ^= 1 << bit;
            if let Ok(bytes) = unpack(&body, encoding, 3000) {
                prop_assert!(bytes.len() <= 3000);
            }
        }
    }
}
