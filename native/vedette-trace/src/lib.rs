//! Whole traces: rows of spans to a tree in pre-order, what its times say, and columns in JSON.
//!
//! Nothing here trusts a sender: parents may be missing, run in circles or start after their
//! children, spans may come twice, and a trace may be a single chain of a million spans. No step
//! recurses, and each costs at most `n log n`.

#![allow(
    clippy::indexing_slicing,
    reason = "places are made here, from the lengths of the columns they index"
)]

pub mod critical;
pub mod gaps;
pub mod groups;
pub mod order;
pub mod skew;
pub mod spans;
#[cfg(test)]
mod tests;
mod text_column;
pub mod trace;
pub mod write;

pub use spans::BrokenRows;
pub use trace::Trace;
