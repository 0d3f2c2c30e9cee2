//! Self time, and the critical path: the work that would have to be faster for the whole to be so.

use crate::order::{NONE, Order};

/// Begin and end of each place, in nanoseconds, already moved to one clock.
pub struct Times {
    /// Begins.
    pub starts_ns: Vec<i64>,
    /// Ends, none before its begin.
    pub ends_ns: Vec<i64>,
}

/// The children of each place.
pub(crate) struct Children {
    first: Vec<u32>,
    places: Vec<u32>,
}

impl Children {
    pub(crate) fn of(order: &Order) -> Self {
        let count = order.parents.len();
        let mut first = vec![0_u32; count + 1];
        for &parent in order.parents.iter().filter(|&&parent| parent != NONE) {
            first[parent as usize + 1] += 1;
        }
        for place in 0..count {
            first[place + 1] += first[place];
        }
        let mut free = first.clone();
        let mut places = vec![0_u32; first[count] as usize];
        for (place, &parent) in order.parents.iter().enumerate() {
            if parent != NONE {
                let at = &mut free[parent as usize];
                places[*at as usize] = crate::order::narrow(place);
                *at += 1;
            }
        }
        Self { first, places }
    }

    pub(crate) fn of_place(&self, place: usize) -> &[u32] {
        &self.places[self.first[place] as usize..self.first[place + 1] as usize]
    }
}

/// Returns how long each span worked itself: its time without that in which a child ran.
pub(crate) fn self_times(times: &Times, children: &Children) -> Vec<i64> {
    let mut busy: Vec<(i64, i64)> = Vec::new();
    (0..times.starts_ns.len())
        .map(|place| {
            let (start_ns, end_ns) = (times.starts_ns[place], times.ends_ns[place]);
            busy.clear();
            busy.extend(children.of_place(place).iter().filter_map(|&child| {
                let child = child as usize;
                let from_ns = times.starts_ns[child].max(start_ns);
                let to_ns = times.ends_ns[child].min(end_ns);
                (from_ns < to_ns).then_some((from_ns, to_ns))
            }));
            busy.sort_unstable();
            let (mut left_ns, mut covered_to_ns) = (end_ns - start_ns, start_ns);
            for &(from_ns, to_ns) in &busy {
                left_ns -= (to_ns - from_ns.max(covered_to_ns)).max(0);
                covered_to_ns = covered_to_ns.max(to_ns);
            }
            left_ns
        })
        .collect()
}

/// Returns how much of the critical path of its tree each span is; all of a tree add up to the
/// length of its root.
///
/// From the end of a span backwards: before its end it waited for the child that ended last;
/// before that one's begin, for the last that had ended by then. Between them it worked itself.
pub(crate) fn critical_times(times: &Times, order: &Order, children: &Children) -> Vec<i64> {
    let mut critical_ns = vec![0_i64; times.starts_ns.len()];
    // A place and the part of it that the path runs through.
    let mut waiting: Vec<(u32, i64, i64)> = Vec::new();
    let mut ended: Vec<(i64, i64, u32)> = Vec::new();
    let roots = order
        .parents
        .iter()
        .enumerate()
        .filter(|(_, parent)| **parent == NONE);
    for (root, _) in roots {
        waiting.push((
            crate::order::narrow(root),
            times.starts_ns[root],
            times.ends_ns[root],
        ));
        while let Some((place, from_ns, to_ns)) = waiting.pop() {
            ended.clear();
            ended.extend(
                children
                    .of_place(place as usize)
                    .iter()
                    .filter_map(|&child| {
                        let start_ns = times.starts_ns[child as usize].max(from_ns);
                        let end_ns = times.ends_ns[child as usize].min(to_ns);
                        (start_ns < end_ns).then_some((end_ns, start_ns, child))
                    }),
            );
            // The last to end first; of equals the longest, then the first in order.
            ended.sort_unstable_by_key(|&(end_ns, start_ns, child)| (-end_ns, start_ns, child));
            let mut until_ns = to_ns;
            for &(end_ns, start_ns, child) in &ended {
                if end_ns <= until_ns {
                    critical_ns[place as usize] += until_ns - end_ns;
                    waiting.push((child, start_ns, end_ns));
                    until_ns = start_ns;
                }
            }
            critical_ns[place as usize] += until_ns - from_ns;
        }
    }
    critical_ns
}
