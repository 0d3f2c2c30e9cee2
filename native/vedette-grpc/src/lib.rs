//! OTLP over gRPC: a raw-bytes server that asks for admission and writes to the journal.
//!
//! The four services have one unary call each, so the protocol is little: a path, a length, a
//! message, a status in the trailers. It is spoken here directly over HTTP/2, since a general
//! gRPC server unpacks a message before anyone may look at it, tells a sender of too large a
//! message to send it again (OTLP reads `OUT_OF_RANGE` so), and does not bound the bytes of all
//! calls together.

mod answer;
mod call;
mod door;
mod message;
mod not_received;
mod server;
mod status;

pub use door::{Asked, Door, Fault, Spoiled, Verdict};
pub use message::MessageLimits;
pub use server::Server;
