//! A trace put together: its spans, their order, and what their times say.

use crate::critical::{Children, Times, critical_times, self_times};
use crate::gaps::{Gap, gaps};
use crate::order::{NONE, Order, order};
use crate::skew::{is_of_one_clock, skew};
use crate::spans::{BrokenRows, Spans};

/// It names a parent that is not there.
pub const ORPHAN: u8 = 1;
/// It came more than once.
pub const DUPLICATED: u8 = 2;
/// It arrived more than a minute after its end.
pub const LATE: u8 = 4;
/// It begins before its parent, which ran elsewhere: their clocks disagree.
pub const SKEWED: u8 = 8;
/// Its parents lead back to itself.
pub const CIRCLE: u8 = 16;

const LATE_MS_MIN: i64 = 60_000;
const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;

/// A trace, put together.
pub struct Trace<'a> {
    /// Its spans, by start.
    pub spans: Spans<'a>,
    /// Where each stands.
    pub order: Order,
    /// What is odd about the span at each place: bits.
    pub marks: Vec<u8>,
    /// By how much the span at each place would be moved to make clocks agree.
    pub skews_ns: Vec<i64>,
    /// How long the span at each place worked itself.
    pub self_ns: Vec<i64>,
    /// How much of the critical path the span at each place is.
    pub critical_ns: Vec<i64>,
    /// Where something seems to be missing.
    pub gaps: Vec<Gap>,
    /// How many gaps there are, listed or not.
    pub gap_count: usize,
}

impl<'a> Trace<'a> {
    /// Puts a trace together from rows; see `Spans::read`.
    ///
    /// # Errors
    ///
    /// The bytes end within a row.
    pub fn read(rows: &'a [u8]) -> Result<Self, BrokenRows> {
        Ok(Self::of(Spans::read(rows)?))
    }

    /// Puts a trace together.
    #[must_use]
    pub fn of(spans: Spans<'a>) -> Self {
        let order = order(&spans);
        let skews_ns = skew(&spans, &order);
        let times = times(&spans, &order, &skews_ns);
        let children = Children::of(&order);
        let self_ns = self_times(&times, &children);
        let critical_ns = critical_times(&times, &order, &children);
        let is_browser = browser_ops(&spans);
        let (gaps, gap_count) = gaps(&times, &children, |place| {
            is_browser[spans.ops.indexes[order.rows[place] as usize] as usize]
        });
        let marks = marks(&spans, &order, &skews_ns);
        Self {
            spans,
            order,
            marks,
            skews_ns,
            self_ns,
            critical_ns,
            gaps,
            gap_count,
        }
    }

    /// When the earliest span begins, in nanoseconds since 1970.
    #[must_use]
    pub fn start_ns(&self) -> i64 {
        self.spans.starts_ns.first().copied().unwrap_or(0)
    }

    /// When the last span ends.
    #[must_use]
    pub fn end_ns(&self) -> i64 {
        let ends = (0..self.spans.len()).map(|row| self.spans.end_ns(row));
        ends.max().unwrap_or(0)
    }
}

fn times(spans: &Spans<'_>, order: &Order, skews_ns: &[i64]) -> Times {
    let moved = order.rows.iter().zip(skews_ns);
    let starts_ns: Vec<i64> = moved
        .map(|(row, skew_ns)| spans.starts_ns[*row as usize].saturating_add(*skew_ns))
        .collect();
    let pairs = order.rows.iter().zip(&starts_ns);
    let ends_ns = pairs
        .map(|(row, start_ns)| start_ns.saturating_add(spans.durations_ns[*row as usize]))
        .collect();
    Times { starts_ns, ends_ns }
}

fn marks(spans: &Spans<'_>, order: &Order, skews_ns: &[i64]) -> Vec<u8> {
    let mut marks: Vec<u8> = (0..order.rows.len())
        .map(|place| {
            let row = order.rows[place] as usize;
            let parent = order.parents[place];
            let end_ms = spans.end_ns(row) / NANOSECONDS_PER_MILLISECOND;
            let is_moved = skews_ns[place] != 0
                && parent != NONE
                && !is_of_one_clock(spans, row, order.rows[parent as usize] as usize);
            let mut mark = 0;
            for (is_so, bit) in [
                (parent == NONE && spans.parent_ids[row] != [0; 8], ORPHAN),
                (spans.counts[row] > 1, DUPLICATED),
                (spans.received_ms[row] - end_ms > LATE_MS_MIN, LATE),
                (is_moved, SKEWED),
                (spans.ids[row] == spans.parent_ids[row], CIRCLE),
            ] {
                mark |= if is_so { bit } else { 0 };
            }
            mark
        })
        .collect();
    for &root in &order.circle_roots {
        marks[root as usize] |= CIRCLE;
    }
    marks
}

/// Tells of each op whether it is a page's: what happens there waits for people.
fn browser_ops(spans: &Spans<'_>) -> Vec<bool> {
    const BEGINS: [&[u8]; 4] = [b"pageload", b"navigation", b"ui.", b"browser"];
    let ops = spans.ops.values.iter();
    ops.map(|op| BEGINS.iter().any(|begin| op.starts_with(begin)))
        .collect()
}
