//! Spans in pre-order: each after its parent, siblings by start, whatever their parents claim.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::spans::{SpanId, Spans};

/// No place: the parent of a root.
pub const NONE: u32 = u32::MAX;

/// Which row stands where. A place is an index into these columns.
#[derive(Debug, Default)]
pub struct Order {
    /// The row at each place.
    pub rows: Vec<u32>,
    /// The place of the parent, `NONE` for roots.
    pub parents: Vec<u32>,
    /// Roots have depth 0.
    pub depths: Vec<u32>,
    /// Roots that name a parent which leads back to them.
    pub circle_roots: Vec<u32>,
}

/// Brings spans into order.
///
/// Without a parent, with a parent that is not there or that is itself, a span is a root. Where
/// parents run in a circle, the earliest span of the circle becomes one.
#[must_use]
pub fn order(spans: &Spans<'_>) -> Order {
    let parent_rows = parent_rows(spans);
    let mut walk = Walk::new(&parent_rows);
    for (row, &parent) in parent_rows.iter().enumerate() {
        if parent == NONE {
            walk.down_from(row);
        }
    }
    for row in 0..parent_rows.len() {
        if walk.places[row] == NONE {
            let root = earliest_of_circle(row, &parent_rows);
            walk.order.circle_roots.push(walk.next_place());
            walk.down_from(root);
        }
    }
    walk.order
}

fn parent_rows(spans: &Spans<'_>) -> Vec<u32> {
    let mut row_of_id = HashMap::<SpanId, u32, RandomState>::default();
    row_of_id.reserve(spans.len());
    for (row, id) in spans.ids.iter().enumerate() {
        row_of_id.insert(*id, narrow(row));
    }
    let pairs = spans.ids.iter().zip(&spans.parent_ids);
    pairs
        .map(|(id, parent)| match row_of_id.get(parent) {
            Some(row) if id != parent => *row,
            _ => NONE,
        })
        .collect()
}

/// Returns the earliest span of the circle in which the parents of an unplaced span end.
fn earliest_of_circle(row: usize, parent_rows: &[u32]) -> usize {
    // Whoever has gone as many steps as there are spans is in the circle; two runners, of whom
    // one is twice as fast, meet in it much sooner.
    let next = |row: usize| parent_rows[row] as usize;
    let (mut slow, mut fast) = (next(row), next(next(row)));
    while slow != fast {
        slow = next(slow);
        fast = next(next(fast));
    }
    // Rows are by start, so the smallest row is the earliest.
    let (mut earliest, mut member) = (slow, next(slow));
    while member != slow {
        earliest = earliest.min(member);
        member = next(member);
    }
    earliest
}

struct Walk<'a> {
    parent_rows: &'a [u32],
    /// Children of all rows behind one another, each row's by start.
    children: Vec<u32>,
    first_child: Vec<u32>,
    places: Vec<u32>,
    waiting: Vec<u32>,
    order: Order,
}

impl<'a> Walk<'a> {
    fn new(parent_rows: &'a [u32]) -> Self {
        let count = parent_rows.len();
        let mut first_child = vec![0_u32; count + 1];
        for &parent in parent_rows.iter().filter(|&&parent| parent != NONE) {
            first_child[parent as usize + 1] += 1;
        }
        for row in 0..count {
            first_child[row + 1] += first_child[row];
        }
        let mut free = first_child.clone();
        let mut children = vec![0_u32; first_child[count] as usize];
        for (row, &parent) in parent_rows.iter().enumerate() {
            if parent != NONE {
                let place = &mut free[parent as usize];
                children[*place as usize] = narrow(row);
                *place += 1;
            }
        }
        Self {
            parent_rows,
            children,
            first_child,
            places: vec![NONE; count],
            waiting: Vec::new(),
            order: Order::default(),
        }
    }

    fn next_place(&self) -> u32 {
        narrow(self.order.rows.len())
    }

    fn down_from(&mut self, root: usize) {
        self.waiting.push(narrow(root));
        while let Some(row) = self.waiting.pop() {
            let at = row as usize;
            // Only the root of a circle comes round again.
            if self.places[at] != NONE {
                continue;
            }
            let parent = if at == root {
                NONE
            } else {
                self.places[self.parent_rows[at] as usize]
            };
            self.places[at] = self.next_place();
            self.order.rows.push(row);
            self.order.parents.push(parent);
            let depth = if parent == NONE {
                0
            } else {
                self.order.depths[parent as usize] + 1
            };
            self.order.depths.push(depth);
            let own = self.first_child[at] as usize..self.first_child[at + 1] as usize;
            self.waiting.extend(self.children[own].iter().rev());
        }
    }
}

/// A trace has at most a few million spans: see the caller's bound.
pub(crate) fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(NONE)
}
