//! Times as SDKs write them, as nanoseconds since 1970.

use crate::json::Json;

const NS_PER_S: i128 = 1_000_000_000;

/// Read a time: seconds as a number or numeric text, or ISO 8601.
///
/// Numbers too large for seconds are milliseconds, then microseconds, then nanoseconds. The decimal
/// digits are taken as they are written, since a float of 64 bits would be off by 100 ns.
/// Times beyond what 64 bits hold (the year 1 of Go's zero time) become the first or last of them.
#[must_use]
pub(crate) fn unix_ns(value: Json<'_>) -> Option<i64> {
    let ns = match value {
        Json::Number(text) => decimal_ns(text)?,
        Json::Text(text) => {
            let text = text.trim();
            decimal_ns(text).or_else(|| iso_ns(text))?
        }
        _ => return None,
    };
    Some(saturate(ns))
}

fn saturate(ns: i128) -> i64 {
    i64::try_from(ns).unwrap_or(if ns < 0 { i64::MIN } else { i64::MAX })
}

/// `123`, `123.456`, `1.2e9`.
fn decimal_ns(text: &str) -> Option<i128> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = digits.len() > usize::from(digits.contains('.'))
        && whole.len() <= 20
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_plain {
        return float_ns(text);
    }
    let whole: i128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let unit = unit_ns(whole);
    let ns = whole * unit + fraction_ns(fraction)? * unit / NS_PER_S;
    Some(if is_negative { -ns } else { ns })
}

fn float_ns(text: &str) -> Option<i128> {
    // Only numbers: the float reader of the standard library knows words too.
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
    {
        return None;
    }
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    #[expect(clippy::cast_possible_truncation, reason = "a float's cast saturates")]
    let whole = number.abs() as i128;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a float's cast saturates, and the unit is at most a billion"
    )]
    Some((number * unit_ns(whole) as f64) as i128)
}

/// What one step of a number of this size is: no sane clock gives seconds above 1e11.
fn unit_ns(whole: i128) -> i128 {
    const UNITS: [(i128, i128); 3] = [
        (100_000_000_000, NS_PER_S),
        (100_000_000_000_000, 1_000_000),
        (100_000_000_000_000_000, 1_000),
    ];
    UNITS
        .iter()
        .find(|(largest, _)| whole <= *largest)
        .map_or(1, |(_, unit)| *unit)
}

/// The digits behind the point as billionths; digits beyond the ninth do not count.
fn fraction_ns(digits: &str) -> Option<i128> {
    let mut ns: i128 = 0;
    let mut count = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        if count < 9 {
            ns = ns * 10 + i128::from(byte - b'0');
            count += 1;
        }
    }
    Some(ns * 10_i128.pow(9 - count))
}

/// `2026-11-24T10:20:30.123456789Z`, with a blank for the T, any zone or none (which is UTC).
fn iso_ns(text: &str) -> Option<i128> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4)?;
    separator(&mut rest, b"-")?;
    let month = number(&mut rest, 2)?;
    separator(&mut rest, b"-")?;
    let day = number(&mut rest, 2)?;
    if !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let midnight_s = days_since_1970(year, month, day) * 86_400;
    if rest.is_empty() {
        return Some(i128::from(midnight_s) * NS_PER_S);
    }
    separator(&mut rest, b"Tt ")?;
    let hour = number(&mut rest, 2)?;
    separator(&mut rest, b":")?;
    let minute = number(&mut rest, 2)?;
    let second = if separator(&mut rest, b":").is_some() {
        number(&mut rest, 2)?
    } else {
        0
    };
    // 60 is a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut fraction = 0;
    if separator(&mut rest, b".,").is_some() {
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, behind) = rest.split_at_checked(length)?;
        fraction = fraction_ns(std::str::from_utf8(digits).ok()?)?;
        rest = behind;
    }
    let seconds = midnight_s + hour * 3600 + minute * 60 + second - zone_s(rest)?;
    Some(i128::from(seconds) * NS_PER_S + fraction)
}

/// `Z`, nothing, `+01:00`, `+0100`, `+01`.
fn zone_s(mut rest: &[u8]) -> Option<i64> {
    let sign = match rest.first() {
        None => return Some(0),
        Some(b'Z' | b'z') => return (rest.len() == 1).then_some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    rest = rest.get(1..)?;
    let hours = number(&mut rest, 2)?;
    let _ = separator(&mut rest, b":");
    let minutes = if rest.is_empty() {
        0
    } else {
        number(&mut rest, 2)?
    };
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Take exactly so many digits.
fn number(rest: &mut &[u8], length: usize) -> Option<i64> {
    let (digits, behind) = rest.split_at_checked(length)?;
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    *rest = behind;
    Some(value)
}

/// Take one of these bytes.
fn separator(rest: &mut &[u8], any_of: &[u8]) -> Option<()> {
    let (first, behind) = rest.split_first()?;
    any_of.contains(first).then(|| *rest = behind)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::unix_ns;
    use crate::json::Json;

    const NOON: i64 = 1_763_985_600_000_000_000;

    #[test]
    fn numbers_are_seconds_unless_they_are_too_large() {
        for (given, expected) in [
            ("1763985600", NOON),
            ("1763985600.5", NOON + 500_000_000),
            ("1763985600.123456789", NOON + 123_456_789),
            ("1763985600.1234567891", NOON + 123_456_789),
            ("1.7639856e9", NOON),
            ("1763985600000", NOON),
            ("1763985600000.25", NOON + 250_000),
            ("1763985600000000", NOON),
            ("1763985600000000000", NOON),
            ("0", 0),
            ("-1.5", -1_500_000_000),
        ] {
            assert_eq!(unix_ns(Json::Number(given)), Some(expected), "{given}");
            assert_eq!(unix_ns(Json::Text(given)), Some(expected), "{given}");
        }
    }

    #[test]
    fn iso_times_are_read_with_every_fraction_and_zone() {
        for (given, expected) in [
            ("2025-11-24T12:00:00Z", NOON),
            ("2025-11-24T12:00:00", NOON),
            ("2025-11-24 12:00", NOON),
            ("2025-11-24t12:00:00z", NOON),
            ("2025-11-24T12:00:00.1Z", NOON + 100_000_000),
            ("2025-11-24T12:00:00.123456Z", NOON + 123_456_000),
            ("2025-11-24T12:00:00,123456789", NOON + 123_456_789),
            ("2025-11-24T12:00:00.1234567899+00:00", NOON + 123_456_789),
            ("2025-11-24T13:30:00+01:30", NOON),
            ("2025-11-24T07:00:00-0500", NOON),
            ("2025-11-24T07:00:00-05", NOON),
            ("2025-11-24", NOON - 43_200_000_000_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
            ("1969-12-31T23:59:59Z", -1_000_000_000),
            ("0001-01-01T00:00:00Z", i64::MIN),
            ("9999-12-31T00:00:00Z", i64::MAX),
        ] {
            assert_eq!(unix_ns(Json::Text(given)), Some(expected), "{given}");
        }
    }

    #[test]
    fn what_is_no_time_is_nothing() {
        for given in [
            "",
            "now",
            "nan",
            "inf",
            "2025-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2025-11-24T24:00:00Z",
            "2025-11-24T12:00:00ZZ",
            "2025-11-24T12:00:00+1",
            "1.2.3",
            ".",
            "-",
            "1e",
            "é025-11-24",
        ] {
            assert_eq!(unix_ns(Json::Text(given)), None, "{given}");
        }
        assert_eq!(unix_ns(Json::Null), None);
        assert_eq!(unix_ns(Json::Bool(true)), None);
    }

    proptest! {
        #[test]
        fn reading_never_fails_badly(text in any::<String>()) {
            let _ = unix_ns(Json::Text(&text));
        }

        #[test]
        fn reading_nearly_times_never_fails_badly(text in "[0-9TZ:.e+-]{0,40}") {
            let _ = unix_ns(Json::Text(&text));
            let _ = unix_ns(Json::Number(&text));
        }
    }
}
