//! Clocks that disagree: by how much a service's spans would have to move to make sense.

use crate::order::{NONE, Order};
use crate::spans::Spans;

/// Returns by how many nanoseconds the span at each place would be moved; 0 for nearly all.
///
/// Only a child of another service that begins before its parent proves that clocks disagree. It
/// is put into the middle of its parent (or at its begin, if it is longer), and what lies below it
/// in the same service moves along. Raw times stay what they are: moving is left to the reader.
#[must_use]
pub fn skew(spans: &Spans<'_>, order: &Order) -> Vec<i64> {
    let mut skews_ns = vec![0_i64; order.rows.len()];
    for place in 0..order.rows.len() {
        let parent = order.parents[place];
        if parent == NONE {
            continue;
        }
        let parent = parent as usize;
        let (row, parent_row) = (order.rows[place] as usize, order.rows[parent] as usize);
        if is_of_one_clock(spans, row, parent_row) {
            skews_ns[place] = skews_ns[parent];
            continue;
        }
        let parent_start_ns = spans.starts_ns[parent_row].saturating_add(skews_ns[parent]);
        if spans.starts_ns[row] < parent_start_ns {
            let room_ns = spans.durations_ns[parent_row].saturating_sub(spans.durations_ns[row]);
            let wanted_ns = parent_start_ns.saturating_add(room_ns.max(0) / 2);
            skews_ns[place] = wanted_ns.saturating_sub(spans.starts_ns[row]);
        }
    }
    skews_ns
}

/// Whether two spans come from one clock, as far as their rows tell.
pub(crate) fn is_of_one_clock(spans: &Spans<'_>, row: usize, other: usize) -> bool {
    spans.services.indexes[row] == spans.services.indexes[other]
        && spans.project_ids[row] == spans.project_ids[other]
}
