//! What the server asks of those who know the projects.

/// A body that wants to come in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// traces, logs, metrics or profiles.
    pub signal: &'static str,
    /// The call's metadata: lower-case names, text values.
    pub metadata: Vec<(String, String)>,
    /// The address of the other end, without its port.
    pub peer_address: String,
    /// Spans, log records or data points.
    pub item_count: u64,
    /// Bytes of the unpacked message.
    pub byte_count: u64,
}

/// What is wrong with a body that nobody was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Packed or unpacked, it is larger than allowed.
    TooLarge,
    /// It is no message of its service.
    Unreadable,
}

/// A body that was sent away before it was asked about.
#[derive(Clone, Debug)]
pub struct Spoiled {
    /// traces, logs, metrics or profiles.
    pub signal: &'static str,
    /// The call's metadata: lower-case names, text values.
    pub metadata: Vec<(String, String)>,
    /// The address of the other end, without its port.
    pub peer_address: String,
    /// Why.
    pub fault: Fault,
}

/// The answer to a body that wants to come in.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Let it in, with what the journal shall keep beside it.
    Admitted {
        /// Opaque here.
        meta: Vec<u8>,
    },
    /// Send it away.
    Refused {
        /// The gRPC status code; never 0.
        code: u32,
        /// A sentence for the sender.
        message: String,
        /// When to try again; 0 when that is of no use.
        retry_s: f64,
    },
}

/// Decides about bodies, and knows the time.
pub trait Door: Send + Sync {
    /// Decide about one body. Called on the server's only thread: must not block for long.
    fn admit(&self, asked: Asked) -> Verdict;

    /// Hear of a body that was sent away unasked, to count it. Called as `admit` is.
    fn turned_away(&self, spoiled: Spoiled);

    /// The wall clock, in nanoseconds since 1970 UTC.
    fn now_ns(&self) -> u64;
}
