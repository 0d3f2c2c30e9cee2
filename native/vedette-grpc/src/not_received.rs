//! A message that did not come in, and whose doing that is.

use crate::door::Fault;
use crate::status::{Code, Status};

/// Why a message was not received, and whether its sender is to blame.
#[derive(Debug, PartialEq)]
pub(crate) struct NotReceived {
    pub(crate) status: Status,
    pub(crate) fault: Option<Fault>,
}

impl NotReceived {
    /// OTLP senders try again after other codes, and that would not help.
    pub(crate) fn by_sender(fault: Fault, sentence: impl Into<String>) -> Self {
        Self {
            status: Status::new(Code::InvalidArgument, sentence),
            fault: Some(fault),
        }
    }
}

impl From<Status> for NotReceived {
    fn from(status: Status) -> Self {
        Self {
            status,
            fault: None,
        }
    }
}
