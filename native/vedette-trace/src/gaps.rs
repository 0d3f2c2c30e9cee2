//! Gaps: where a span with children shows long stretches that nothing accounts for.

use crate::critical::{Children, Times};

/// Shorter ones say nothing about missing instrumentation.
pub const GAP_NS_MIN: i64 = 100_000_000;
/// More are counted and not listed: so many are no hint any more.
pub const GAP_COUNT_MAX: usize = 10_000;

/// A stretch between two children of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The place of the span whose children these are.
    pub parent: u32,
    /// The place of the child before which it lies.
    pub before: u32,
    /// Its begin, in nanoseconds.
    pub start_ns: i64,
    /// Its length.
    pub duration_ns: i64,
}

/// Finds the gaps between siblings, and how many there are. `is_waiting` tells of which places
/// nothing else is expected: pages in a browser wait for people.
pub(crate) fn gaps(
    times: &Times,
    children: &Children,
    is_waiting: impl Fn(usize) -> bool,
) -> (Vec<Gap>, usize) {
    let mut found = Vec::new();
    let mut count = 0;
    let mut by_start: Vec<u32> = Vec::new();
    for parent in 0..times.starts_ns.len() {
        if children.of_place(parent).len() < 2 || is_waiting(parent) {
            continue;
        }
        by_start.clear();
        by_start.extend(children.of_place(parent));
        by_start.sort_by_key(|&child| times.starts_ns[child as usize]);
        let mut covered_to_ns = times.ends_ns[by_start[0] as usize];
        for &child in &by_start[1..] {
            let start_ns = times.starts_ns[child as usize];
            if start_ns - covered_to_ns > GAP_NS_MIN {
                count += 1;
                if found.len() < GAP_COUNT_MAX {
                    found.push(Gap {
                        parent: crate::order::narrow(parent),
                        before: child,
                        start_ns: covered_to_ns,
                        duration_ns: start_ns - covered_to_ns,
                    });
                }
            }
            covered_to_ns = covered_to_ns.max(times.ends_ns[child as usize]);
        }
    }
    (found, count)
}
