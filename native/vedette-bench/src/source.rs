//! Where bodies come from: made on the fly, all different, or read from a folder.

use std::path::Path;
use std::sync::Arc;

use crate::arguments::{Arguments, Fault};
use crate::clock::now_ns;
use crate::pack::{Encoding, Pack};
use crate::request::{RequestMaker, Window};
use crate::{error_event, transaction};

/// How long before they are sent the traces made on the fly begin, at most.
const LIVE_NS: u64 = 2_000_000_000;

/// What is sent.
#[derive(Clone)]
pub(crate) enum Source {
    /// OTLP traces made on the fly, not packed.
    Spans { seed: u64, per_request: usize },
    /// Bodies of a folder.
    Pack(Arc<Pack>),
    /// Envelopes with an error each.
    Errors {
        seed: u64,
        shape: error_event::Shape,
    },
    /// Envelopes with a transaction each.
    Transactions { seed: u64 },
}

impl Source {
    pub(crate) fn choose(arguments: &Arguments) -> Result<Self, Fault> {
        let seed = arguments.number("seed", 1)?;
        match arguments.text_or("what", "spans") {
            "spans" => Ok(Self::Spans {
                seed,
                per_request: arguments.number("per-request", 1000)?,
            }),
            "pack" => {
                let folder = arguments.text("corpus")?;
                Ok(Self::Pack(Arc::new(Pack::open(Path::new(folder))?)))
            }
            "errors" => {
                let ordinary = error_event::Shape::ORDINARY;
                let shape = error_event::Shape {
                    frame_count: arguments.number("frames", ordinary.frame_count)?,
                    group_count: arguments.number("groups", ordinary.group_count)?,
                };
                Ok(Self::Errors { seed, shape })
            }
            "transactions" => Ok(Self::Transactions { seed }),
            other => Err(Fault(format!(
                "--what is {other:?}; expected spans, pack, errors or transactions"
            ))),
        }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self {
            Self::Spans { .. } | Self::Pack(_) => "application/x-protobuf",
            Self::Errors { .. } | Self::Transactions { .. } => "application/x-sentry-envelope",
        }
    }

    pub(crate) fn encoding(&self) -> Encoding {
        match self {
            Self::Pack(pack) => pack.encoding,
            _ => Encoding::Plain,
        }
    }
}

/// Makes bodies for one connection.
pub(crate) struct BodyMaker {
    source: Source,
    requests: RequestMaker,
    text: String,
    /// The last body.
    pub(crate) body: Vec<u8>,
}

impl BodyMaker {
    pub(crate) fn new(source: Source) -> Self {
        let (seed, per_request) = match &source {
            Source::Spans { seed, per_request } => (*seed, *per_request),
            _ => (0, 0),
        };
        Self {
            source,
            requests: RequestMaker::new(seed, per_request),
            text: String::new(),
            body: Vec::new(),
        }
    }

    /// Makes body `number`; returns how many items it holds, or nothing when there are no more.
    pub(crate) fn make(&mut self, number: u64) -> std::io::Result<Option<u64>> {
        match &self.source {
            Source::Spans { .. } => {
                let window = Window {
                    start_ns: now_ns() - LIVE_NS,
                    width_ns: LIVE_NS / 2,
                };
                let mut span_count = 0;
                self.requests
                    .make(number, window, &mut self.body, &mut |trace| {
                        span_count += trace.span_count as u64;
                    });
                Ok(Some(span_count))
            }
            Source::Pack(pack) => pack.read(number, &mut self.body),
            Source::Errors { seed, shape } => {
                error_event::write(&mut self.text, *seed, number, now_ns(), *shape);
                self.take_text();
                Ok(Some(1))
            }
            Source::Transactions { seed } => {
                transaction::write(&mut self.text, *seed, number, now_ns());
                self.take_text();
                Ok(Some(transaction::SPAN_COUNT + 1))
            }
        }
    }

    fn take_text(&mut self) {
        self.body.clear();
        self.body.extend_from_slice(self.text.as_bytes());
    }
}
