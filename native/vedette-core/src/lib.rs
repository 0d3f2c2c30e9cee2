//! Bytes to columns: the block writer, unpacking, and the OTLP readers. No Python, no I/O.

pub mod block;
pub mod depth;
pub mod hash;
pub mod json;
pub mod otlp;
pub mod pack;
pub mod rows;
pub mod scrub;
pub mod text;
pub mod unpack;
