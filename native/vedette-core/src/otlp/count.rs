//! How many items a request has: for the door, before anything is decoded.

use super::wire::{Broken, Cursor, Value, id};
use super::{Malformed, Signal};

/// What a request holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemCount {
    /// How many spans, log records or data points.
    pub all: u64,
    /// How many of them will not be kept, because an id or name that they must have is missing.
    pub faulty: u64,
}

/// Returns how many items a request has.
///
/// Looks at the framing down to the single items, and into spans for their ids.
///
/// # Errors
/// The framing is broken.
pub fn count(body: &[u8], signal: Signal) -> Result<ItemCount, Malformed> {
    let mut count = ItemCount::default();
    // Request, field 1: resources. Resource…, field 2: scopes. Scope…, field 2: items.
    each(body, &[1], |resource| {
        each(resource, &[2], |scope| {
            each(scope, &[2], |item| count_item(item, signal, &mut count))
        })
    })
    .map_err(|broken| malformed(body, broken))?;
    Ok(count)
}

/// Gauge 5, sum 7, histogram 9, exponential histogram 10, summary 11: each has its points in
/// field 1.
pub(super) const METRIC_DATA: [u32; 5] = [5, 7, 9, 10, 11];

fn count_item<'a>(item: &'a [u8], signal: Signal, count: &mut ItemCount) -> Result<(), Broken<'a>> {
    let (all, is_faulty) = match signal {
        Signal::Traces => (1, !has_ids(item)),
        Signal::Logs => (1, false),
        Signal::Metrics => (count_points(item)?, !has_name(item)),
    };
    count.all += all;
    if is_faulty {
        count.faulty += all;
    }
    Ok(())
}

/// Returns how many points a metric has.
pub(super) fn count_points(metric: &[u8]) -> Result<u64, Broken<'_>> {
    let mut points = 0;
    each(metric, &METRIC_DATA, |data| {
        each(data, &[1], |_| {
            points += 1;
            Ok(())
        })
    })?;
    Ok(points)
}

/// Tells whether a span has a trace id (field 1) and a span id (field 2). They stand first in
/// practice, so that this looks at two fields.
fn has_ids(span: &[u8]) -> bool {
    let (mut has_trace, mut has_span) = (false, false);
    let mut cursor = Cursor::new(span);
    while let Ok(Some((number, value))) = cursor.next() {
        match number {
            1 => has_trace = id::<16>(value) != [0; 16],
            2 => has_span = id::<8>(value) != [0; 8],
            _ => {}
        }
        if has_trace && has_span {
            return true;
        }
    }
    false
}

fn has_name(metric: &[u8]) -> bool {
    let mut cursor = Cursor::new(metric);
    while let Ok(Some((number, value))) = cursor.next() {
        if number == 1 && !value.bytes().is_empty() {
            return true;
        }
    }
    false
}

fn each<'a>(
    message: &'a [u8],
    numbers: &[u32],
    mut inner: impl FnMut(&'a [u8]) -> Result<(), Broken<'a>>,
) -> Result<(), Broken<'a>> {
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        if let Value::Bytes(bytes) = value
            && numbers.contains(&number)
        {
            inner(bytes)?;
        }
    }
    Ok(())
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
