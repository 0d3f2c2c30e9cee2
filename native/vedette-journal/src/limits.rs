//! The bounds of a journal, and the answers of one that takes no record.

use std::fmt;
use std::time::Duration;

/// The bounds of a journal; see each for what happens beyond it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// All undigested records together; beyond it records are refused as full.
    pub bytes_max: u64,
    /// What may wait for the next sync; beyond it records are refused as busy. One record that is
    /// larger is taken when nothing else waits, since waiting would not help it.
    pub waiting_bytes_max: u64,
    /// What must stay free on the disk; below it records are refused as full.
    pub disk_free_bytes_min: u64,
    /// Size of a segment, reserved when it is begun.
    pub segment_bytes: u64,
    /// A segment whose records are all digested is deleted after so long without a new one, so
    /// that raw bodies are not kept for want of traffic.
    pub retire_after: Duration,
}

/// Why a record was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No room: too many undigested bytes, or the disk is near full.
    Full(String),
    /// Too much is waiting for the disk.
    Busy(String),
    /// The journal was closed.
    Closed,
    /// The disk failed in mid-write.
    Failed(String),
}

impl Refusal {
    /// One word for programs: full, busy, closed or failed.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Full(_) => "full",
            Self::Busy(_) => "busy",
            Self::Closed => "closed",
            Self::Failed(_) => "failed",
        }
    }

    /// What an error of the disk means for the records that were being written.
    pub(crate) fn from_disk(doing: &str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::Full(format!("the disk is full ({doing})")),
            _ => Self::Failed(format!("{doing} failed: {error}")),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(sentence) | Self::Busy(sentence) | Self::Failed(sentence) => {
                formatter.write_str(sentence)
            }
            Self::Closed => formatter.write_str("the journal is closed"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Who is told when a record is durable, or why it is not.
pub enum Waiter {
    /// Called on the writer's thread with the sequence: must not block.
    Callback(Box<dyn FnOnce(Result<u64, Refusal>) + Send>),
    /// Put into the completion list under this number.
    Ticket(u64),
}
