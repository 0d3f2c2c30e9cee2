//! Text as the tables take it: valid UTF-8, within a bound, cut between characters.

use std::borrow::Cow;

/// What stands at the end of a text that was cut.
pub const CUT_MARK: &str = "...";

/// Returns the bytes as text; what is not UTF-8 becomes U+FFFD.
#[must_use]
pub fn clean(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Returns the text itself if it takes at most `byte_count_max` bytes, else its beginning,
/// marked with [`CUT_MARK`] and within the bound.
#[must_use]
pub fn cut(text: &str, byte_count_max: usize) -> Cow<'_, str> {
    if text.len() <= byte_count_max {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(byte_count_max.saturating_sub(CUT_MARK.len()));
    let beginning = text.get(..end).unwrap_or_default();
    Cow::Owned([beginning, CUT_MARK].concat())
}

/// [`clean`], then [`cut`]. Reads no more than the bound (and a few bytes) of a long text.
#[must_use]
pub fn clean_and_cut(bytes: &[u8], byte_count_max: usize) -> Cow<'_, str> {
    if bytes.len() <= byte_count_max {
        return clean(bytes);
    }
    // Four more bytes: a whole character, so that the cut shows and no character is halved.
    let beginning = bytes.get(..byte_count_max + 4).unwrap_or(bytes);
    Cow::Owned(cut(&clean(beginning), byte_count_max).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_within_its_bound_is_untouched() {
        assert_eq!(cut("grün", 5), "grün");
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_marked() {
        assert_eq!(cut("grüngrün", 6), "gr...");
        assert_eq!(clean_and_cut("grüngrün".as_bytes(), 6), "gr...");
    }

    #[test]
    fn bytes_that_are_no_text_become_replacement_characters() {
        assert_eq!(clean(b"a\xffb"), "a\u{fffd}b");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_longer_than_its_bound(bytes: Vec<u8>, bound in 3_usize..40) {
            let text = clean_and_cut(&bytes, bound);
            // A replacement character takes three bytes where the fault took one.
            let allowed = if bytes.len() <= bound { bytes.len() * 3 } else { bound };
            proptest::prop_assert!(text.len() <= allowed);
        }
    }
}
