//! A trace summed up by operation: what two traces can be compared by.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::trace::Trace;

/// More kinds of spans than this no comparison shows; the rest is left to the caller to tell.
pub const GROUP_COUNT_MAX: usize = 10_000;

const ERROR: i8 = 2;

/// All spans of one service, op and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Who.
    pub service: Vec<u8>,
    /// What, in Sentry's words.
    pub op: Vec<u8>,
    /// What, in the sender's words.
    pub name: Vec<u8>,
    /// How many spans.
    pub count: u64,
    /// How many of them failed.
    pub error_count: u64,
    /// How long they took, one after another.
    pub total_ns: i64,
    /// How long they worked themselves.
    pub self_ns: i64,
    /// How much of the critical path they are.
    pub critical_ns: i64,
}

/// Sums the spans up, those that cost most of the critical path first.
#[must_use]
pub fn groups(trace: &Trace<'_>) -> Vec<Group> {
    let mut places = HashMap::<(u32, u32, u32), usize, RandomState>::default();
    let mut found: Vec<Group> = Vec::new();
    let spans = &trace.spans;
    for (place, &row) in trace.order.rows.iter().enumerate() {
        let row = row as usize;
        let key = (
            spans.services.indexes[row],
            spans.ops.indexes[row],
            spans.names.indexes[row],
        );
        let at = *places.entry(key).or_insert_with(|| {
            found.push(Group {
                service: spans.services.text(row).to_vec(),
                op: spans.ops.text(row).to_vec(),
                name: spans.names.text(row).to_vec(),
                count: 0,
                error_count: 0,
                total_ns: 0,
                self_ns: 0,
                critical_ns: 0,
            });
            found.len() - 1
        });
        let group = &mut found[at];
        group.count += 1;
        group.error_count += u64::from(spans.statuses[row] == ERROR);
        group.total_ns = group.total_ns.saturating_add(spans.durations_ns[row]);
        group.self_ns = group.self_ns.saturating_add(trace.self_ns[place]);
        group.critical_ns = group.critical_ns.saturating_add(trace.critical_ns[place]);
    }
    found.sort_by(|one, other| {
        let key = |group: &Group| (-group.critical_ns, -group.self_ns);
        key(one).cmp(&key(other)).then_with(|| {
            (&one.service, &one.op, &one.name).cmp(&(&other.service, &other.op, &other.name))
        })
    });
    found
}
