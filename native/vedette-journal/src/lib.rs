//! The journal: records that are on disk before anyone is told so. No Python.
//!
//! A folder holds `journal-id`, a lock, and segments named after the first sequence in them. One
//! thread writes: it takes all that is waiting, writes it with one call, syncs once and then tells
//! every waiter. Readers read files, and never past what was synced.

mod completions;
mod disk;
mod format;
mod group;
mod journal;
mod limits;
mod open;
mod reader;
mod segment;
mod state;
mod writer;

pub use completions::{Completion, Completions};
pub use disk::{Disk, DiskFile, RealDisk};
pub use journal::Journal;
pub use limits::{Limits, Refusal, Waiter};
pub use reader::Record;
pub use state::Lag;
