//! How many items a request has: for the door, before anything is decoded.

use super::wire::{Broken, Cursor, Value};
use super::{Malformed, Signal};

/// Returns how many spans, log records or data points a request has.
///
/// Looks at the framing down to the single items, not into them.
///
/// # Errors
/// The framing is broken.
pub fn count(body: &[u8], signal: Signal) -> Result<u64, Malformed> {
    let items = |bytes| match signal {
        Signal::Metrics => count_fields(bytes, &[2], count_points),
        Signal::Traces | Signal::Logs => count_fields(bytes, &[2], |_| Ok(1)),
    };
    // Request, field 1: resources. Resource…, field 2: scopes. Scope…, field 2: items.
    count_fields(body, &[1], |resource| count_fields(resource, &[2], items))
        .map_err(|broken| malformed(body, broken))
}

/// Gauge 5, sum 7, histogram 9, exponential histogram 10, summary 11: each has its points in
/// field 1.
pub(super) const METRIC_DATA: [u32; 5] = [5, 7, 9, 10, 11];

/// Returns how many points a metric has.
pub(super) fn count_points(metric: &[u8]) -> Result<u64, Broken<'_>> {
    count_fields(metric, &METRIC_DATA, |data| {
        count_fields(data, &[1], |_| Ok(1))
    })
}

fn count_fields<'a>(
    message: &'a [u8],
    numbers: &[u32],
    inner: impl Fn(&'a [u8]) -> Result<u64, Broken<'a>>,
) -> Result<u64, Broken<'a>> {
    let mut total = 0;
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        if let Value::Bytes(bytes) = value
            && numbers.contains(&number)
        {
            total += inner(bytes)?;
        }
    }
    Ok(total)
}

/// Says where in the body the broken bytes begin.
fn malformed(body: &[u8], broken: Broken<'_>) -> Malformed {
    let position = broken
        .rest
        .as_ptr()
        .addr()
        .saturating_sub(body.as_ptr().addr());
    Malformed {
        position: position.min(body.len()),
    }
}
