//! Packing large answers for the way to their reader.

use std::io::Write as _;

use crate::unpack::UnpackError;

/// Fast rather than small: an answer is packed once and read once.
const ZSTD_LEVEL: i32 = 1;

/// Returns a body in a Content-Encoding: gzip or zstd.
///
/// # Errors
///
/// The encoding is neither.
pub fn pack(body: &[u8], encoding: &str) -> Result<Vec<u8>, UnpackError> {
    match encoding {
        "zstd" => zstd::bulk::compress(body, ZSTD_LEVEL)
            .map_err(|_| UnpackError::Malformed { encoding: "zstd" }),
        "gzip" => {
            let room = Vec::with_capacity(body.len() / 3);
            let mut encoder = flate2::write::GzEncoder::new(room, flate2::Compression::fast());
            encoder
                .write_all(body)
                .and_then(|()| encoder.finish())
                .map_err(|_| UnpackError::Malformed { encoding: "gzip" })
        }
        _ => Err(UnpackError::UnknownEncoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unpack::unpack;

    #[test]
    fn what_is_packed_can_be_unpacked() {
        let body = b"pack my box with five dozen liquor jugs".repeat(100);
        for encoding in ["gzip", "zstd"] {
            let packed = pack(&body, encoding).unwrap();
            assert!(packed.len() < body.len() / 4, "{encoding}");
            assert_eq!(unpack(&packed, encoding, body.len()).unwrap(), body);
        }
        assert_eq!(pack(&body, "br"), Err(UnpackError::UnknownEncoding));
    }
}
