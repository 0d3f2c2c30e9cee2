//! Times as the tables take them, and which times are believed.

const SECOND_NS: i64 = 1_000_000_000;
const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

/// How far from the time of receipt a time may lie.
#[derive(Debug, Clone, Copy)]
pub struct TimeWindow {
    /// Longest way back.
    pub past_ns_max: i64,
    /// Longest way ahead.
    pub future_ns_max: i64,
}

impl TimeWindow {
    /// Returns the time to store and, if that is not the one given, the given one in unix seconds.
    #[inline]
    #[must_use]
    pub fn place(self, time_ns: u64, received_ns: i64) -> (i64, Option<f64>) {
        let earliest = received_ns.saturating_sub(self.past_ns_max);
        let latest = received_ns.saturating_add(self.future_ns_max);
        match i64::try_from(time_ns) {
            Ok(time) if (earliest..=latest).contains(&time) => (time, None),
            _ => (received_ns, Some(seconds(time_ns))),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "it is shown to people, to the microsecond or so"
)]
fn seconds(time_ns: u64) -> f64 {
    time_ns as f64 / SECOND_NS as f64
}

/// Returns the begin of the hour in unix seconds, for a `DateTime`.
#[must_use]
pub fn hour_of(time_ns: i64) -> u32 {
    let hour_s = time_ns.div_euclid(SECOND_NS).div_euclid(HOUR_S) * HOUR_S;
    u32::try_from(hour_s.max(0)).unwrap_or(0)
}

/// Returns the day since 1970, for a `Date`.
#[must_use]
pub fn day_of(time_ns: i64) -> u16 {
    let day = time_ns.div_euclid(SECOND_NS).div_euclid(DAY_S);
    u16::try_from(day.max(0)).unwrap_or(u16::MAX)
}

/// Returns milliseconds, for a `DateTime64(3)`.
#[must_use]
pub fn millis_of(time_ns: i64) -> i64 {
    time_ns.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: TimeWindow = TimeWindow {
        past_ns_max: 100,
        future_ns_max: 10,
    };

    #[test]
    fn a_time_within_the_window_stays() {
        assert_eq!(WINDOW.place(900, 1000), (900, None));
        assert_eq!(WINDOW.place(1010, 1000), (1010, None));
    }

    #[test]
    fn a_time_outside_the_window_becomes_the_time_of_receipt() {
        assert_eq!(WINDOW.place(899, 1000).0, 1000);
        assert_eq!(WINDOW.place(0, 1000), (1000, Some(0.0)));
        assert_eq!(WINDOW.place(u64::MAX, i64::MAX).0, i64::MAX);
    }

    #[test]
    fn hours_days_and_milliseconds_are_rounded_down() {
        assert_eq!(hour_of(3_601 * SECOND_NS), 3600);
        assert_eq!(day_of(2 * DAY_S * SECOND_NS - 1), 1);
        assert_eq!(millis_of(1_999_999), 1);
    }
}
