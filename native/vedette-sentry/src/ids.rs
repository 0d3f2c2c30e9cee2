//! Trace and span ids: hex text, in either case, with dashes or without.

use crate::json::Json;

/// Read an id of `N` bytes; zeros and all that is not one are nothing.
#[must_use]
pub(crate) fn id<const N: usize>(value: Json<'_>) -> Option<[u8; N]> {
    let Json::Text(text) = value else { return None };
    let mut bytes = [0_u8; N];
    let mut digits = text.bytes().filter(|byte| *byte != b'-');
    for byte in &mut bytes {
        *byte = nibble(digits.next()?)? << 4 | nibble(digits.next()?)?;
    }
    (digits.next().is_none() && bytes != [0; N]).then_some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::id;
    use crate::json::Json;

    #[test]
    fn ids_are_read_in_every_writing() {
        let expected = Some([0xAB, 0xCD, 0xEF, 0x01]);
        for given in ["abcdef01", "ABCDEF01", "ab-cd-ef-01", "abCD-ef01"] {
            assert_eq!(id::<4>(Json::Text(given)), expected, "{given}");
        }
    }

    #[test]
    fn what_is_no_id_is_nothing() {
        for given in [
            "",
            "abcdef0",
            "abcdef012",
            "abcdefgh",
            "00000000",
            "--------",
            "äbcdef01",
        ] {
            assert_eq!(id::<4>(Json::Text(given)), None, "{given}");
        }
        assert_eq!(id::<4>(Json::Number("12345678")), None);
    }
}
