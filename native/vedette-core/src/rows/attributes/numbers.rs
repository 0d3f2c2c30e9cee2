//! Numbers as the columns hold them.

/// Returns the value if it is a whole number that fits.
pub(super) fn small(value: f64) -> Option<u16> {
    let is_small = value.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the line before"
    )]
    is_small.then_some(value as u16)
}

/// Returns a number of at most `EXACT_MAX`.
#[expect(clippy::cast_precision_loss, reason = "callers looked that it fits")]
pub(super) fn exact(value: i64) -> f64 {
    value as f64
}
