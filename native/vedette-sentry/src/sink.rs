//! Where rows go, and what is known of every item beside its content.

use vedette_core::rows::{ResourceRows, TimeWindow};

use crate::counts::Counts;

/// Whose item it is and when it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    /// Its place in the batch, for the account.
    pub(crate) source: usize,
    /// The project.
    pub(crate) project_id: u32,
    /// When the door took it, in unix nanoseconds.
    pub(crate) received_ns: i64,
    /// Whether the project keeps no transactions of health checks.
    pub(crate) drops_health_checks: bool,
}

/// Where the rows of one table go.
#[derive(Debug)]
pub(crate) struct Sink<'r, R> {
    /// The table.
    pub(crate) rows: &'r mut R,
    /// The table of what senders say of themselves.
    pub(crate) resources: &'r mut ResourceRows,
    /// Which times are believed.
    pub(crate) window: TimeWindow,
    /// The account.
    pub(crate) counts: &'r mut Counts,
}

impl<R> Sink<'_, R> {
    /// The time to store and, if it is not the one given, the given one in unix seconds.
    ///
    /// What has no time happened when it was received.
    pub(crate) fn place(&self, time_ns: Option<i64>, receipt: Receipt) -> (i64, Option<f64>) {
        match time_ns {
            Some(time) => self
                .window
                .place(u64::try_from(time).unwrap_or(0), receipt.received_ns),
            None => (receipt.received_ns, None),
        }
    }
}
