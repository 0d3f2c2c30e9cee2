//! Batches of request bodies to blocks, with the account of every item.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Signal;
use super::resource::REPEATED_BYTES_MAX;
use super::wire::{Cursor, Value};
use crate::block::Block;
use crate::json::JsonWriter;
use crate::rows::{LogRows, MetricRows, ResourceRows, Rows, SpanRows, TimeWindow, UnknownColumn};
use crate::scrub::Scrubber;
use crate::unpack::{UnpackError, is_plain, unpack};

/// Largest body when unpacked. The door's own bound is lower: this one only guards the memory.
pub const UNPACKED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What is done with the rows of one project before they are kept.
#[derive(Debug, Clone, Default)]
pub struct ProjectRules {
    /// Takes out what must not be kept.
    pub scrubber: Option<Arc<Scrubber>>,
    /// Whether transactions of health checks are left out.
    pub drops_health_checks: bool,
}

/// The rules of every project of a batch; those that are not there keep all.
pub type RulesByProject = HashMap<u32, ProjectRules, foldhash::fast::RandomState>;

/// The body of one request.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// Whose request.
    pub project_id: u32,
    /// When it came, unix nanoseconds.
    pub received_ns: i64,
    /// Its Content-Encoding.
    pub encoding: &'a str,
    /// Its bytes, still packed.
    pub bytes: &'a [u8],
}

/// What became of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They are in the blocks.
    Accepted,
    /// They cannot be kept.
    Invalid,
    /// Their project does not want them.
    Filtered,
}

impl Fate {
    /// Returns the word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Invalid => "invalid",
            Self::Filtered => "filtered",
        }
    }
}

/// So many items (or bytes) of one body met one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Which body of the batch.
    pub source: usize,
    /// span, `log_item`, `log_byte`, `trace_metric`.
    pub category: &'static str,
    /// What became of them.
    pub fate: Fate,
    /// Why; empty for accepted ones.
    pub reason: &'static str,
    /// How many.
    pub quantity: u64,
}

/// The rows of a batch and the account of its items.
#[derive(Debug, Default)]
pub struct Decoded {
    /// At most one block per table.
    pub blocks: Vec<Block>,
    /// The account.
    pub counts: Vec<Count>,
}

/// What is counted while one body is read.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) accepted: u64,
    pub(super) missing_field: u64,
    pub(super) unreadable: u64,
    pub(super) log_bytes: u64,
}

/// Reads batches. Keeps its room from batch to batch, so make few and use them again.
#[derive(Debug)]
pub struct Decoder {
    pub(super) window: TimeWindow,
    rules: RulesByProject,
    pub(super) spans: SpanRows,
    pub(super) logs: LogRows,
    pub(super) metrics: MetricRows,
    pub(super) resources: ResourceRows,
    pub(super) json: JsonWriter,
    pub(super) segments: super::segments::Segments,
    pub(super) point: super::points::PointBuffers,
    /// Of the body that is being read: see `REPEATED_BYTES_MAX`.
    pub(super) repeatable_bytes: usize,
}

/// The builders of a decoder, lent to the reader of another protocol.
#[derive(Debug)]
pub struct Builders<'d> {
    /// Rows of `spans`.
    pub spans: &'d mut SpanRows,
    /// Rows of `logs`.
    pub logs: &'d mut LogRows,
    /// Rows of `metrics`.
    pub metrics: &'d mut MetricRows,
    /// Rows of `resources`.
    pub resources: &'d mut ResourceRows,
    /// Which times are believed.
    pub window: TimeWindow,
    /// What is done with the rows of each project.
    pub rules: &'d RulesByProject,
}

/// Columns and the attribute names that fill them, of one table.
pub type PromotionTable = [(String, Vec<String>)];

impl Decoder {
    /// Creates a decoder from the promotion tables and the times that are believed.
    ///
    /// # Errors
    /// A promotion table names a column that its table does not have.
    pub fn new(
        spans: &PromotionTable,
        logs: &PromotionTable,
        metrics: &PromotionTable,
        window: TimeWindow,
    ) -> Result<Self, UnknownColumn> {
        Ok(Self {
            window,
            rules: RulesByProject::default(),
            spans: SpanRows::new(spans)?,
            logs: LogRows::new(logs)?,
            metrics: MetricRows::new(metrics)?,
            resources: ResourceRows::default(),
            json: JsonWriter::default(),
            segments: super::segments::Segments::default(),
            point: super::points::PointBuffers::default(),
            repeatable_bytes: 0,
        })
    }

    /// Lends the builders; whoever fills them takes their blocks.
    pub fn builders(&mut self) -> Builders<'_> {
        Builders {
            spans: &mut self.spans,
            logs: &mut self.logs,
            metrics: &mut self.metrics,
            resources: &mut self.resources,
            window: self.window,
            rules: &self.rules,
        }
    }

    /// Says what is done with the rows of each project from now on.
    pub fn set_rules(&mut self, rules: RulesByProject) {
        self.rules = rules;
    }

    /// Reads a batch of bodies. Never fails: what cannot be read is counted and left out.
    pub fn decode(&mut self, signal: Signal, bodies: &[Body<'_>]) -> Decoded {
        let mut counts = Vec::new();
        for (source, body) in bodies.iter().enumerate() {
            let tally = match unpacked(body) {
                Ok(bytes) => self.read_body(signal, source, body, &bytes),
                Err(error) => {
                    counts.push(refused(source, signal, &error));
                    continue;
                }
            };
            tally.put(source, signal, &mut counts);
        }
        let mut blocks = match signal {
            Signal::Traces => self.spans.take_blocks(),
            Signal::Logs => self.logs.take_blocks(),
            Signal::Metrics => self.metrics.take_blocks(),
        };
        blocks.extend(self.resources.take_blocks());
        Decoded { blocks, counts }
    }

    fn read_body(&mut self, signal: Signal, source: usize, body: &Body<'_>, bytes: &[u8]) -> Tally {
        let mut tally = Tally::default();
        let mut position = 0;
        self.repeatable_bytes = REPEATED_BYTES_MAX;
        self.scrub_for(signal, body.project_id);
        each_message(bytes, 1, &mut tally, |group, tally| match signal {
            Signal::Traces => self.read_resource_spans(body, group, tally),
            Signal::Logs => self.read_resource_logs(body, source, &mut position, group, tally),
            Signal::Metrics => self.read_resource_metrics(body, group, tally),
        });
        tally
    }

    fn scrub_for(&mut self, signal: Signal, project_id: u32) {
        let rules = self.rules.get(&project_id);
        let scrubber = rules.and_then(|rules| rules.scrubber.as_ref());
        match signal {
            Signal::Traces => self.spans.scrub_with(scrubber),
            Signal::Logs => self.logs.scrub_with(scrubber),
            Signal::Metrics => self.metrics.scrub_with(scrubber),
        }
        self.resources.scrub_with(scrubber);
    }
}

fn unpacked<'a>(body: &Body<'a>) -> Result<Cow<'a, [u8]>, UnpackError> {
    if is_plain(body.encoding) {
        return Ok(Cow::Borrowed(body.bytes));
    }
    unpack(body.bytes, body.encoding, UNPACKED_BYTES_MAX).map(Cow::Owned)
}

fn refused(source: usize, signal: Signal, error: &UnpackError) -> Count {
    let reason = match error {
        UnpackError::TooLarge { .. } => "too_large",
        UnpackError::Malformed { .. } | UnpackError::UnknownEncoding => "unreadable",
    };
    Count {
        source,
        category: signal.category(),
        fate: Fate::Invalid,
        reason,
        quantity: 1,
    }
}

impl Tally {
    fn put(&self, source: usize, signal: Signal, counts: &mut Vec<Count>) {
        let category = signal.category();
        let rows = [
            (category, Fate::Accepted, "", self.accepted),
            ("log_byte", Fate::Accepted, "", self.log_bytes),
            (category, Fate::Invalid, "missing_field", self.missing_field),
            (category, Fate::Invalid, "unreadable", self.unreadable),
        ];
        for (category, fate, reason, quantity) in rows {
            if quantity > 0 {
                counts.push(Count {
                    source,
                    category,
                    fate,
                    reason,
                    quantity,
                });
            }
        }
    }
}

/// Calls `each` with every message in a field; a fault ends it and is counted as one item.
pub(super) fn each_message<'a>(
    message: &'a [u8],
    wanted: u32,
    tally: &mut Tally,
    mut each: impl FnMut(&'a [u8], &mut Tally),
) {
    let mut cursor = Cursor::new(message);
    loop {
        match cursor.next() {
            Ok(Some((number, Value::Bytes(bytes)))) if number == wanted => each(bytes, tally),
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(_) => {
                tally.unreadable += 1;
                return;
            }
        }
    }
}
