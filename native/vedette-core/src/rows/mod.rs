//! Rows of the telemetry tables: one builder per table, fed by every protocol's reader.
//!
//! A reader adds the attributes, events and links of a row and then closes it with a head that
//! holds everything else; or it drops what it added. `take_blocks` returns what was closed and
//! leaves the builder empty, with its room kept for the next batch. Codes that a builder gave
//! (`SourceCodes`, `KeyCode`) are good until then.

mod attribute_keys;
mod attributes;
mod logs;
mod meaning;
mod metrics;
mod promoted;
mod promotion;
mod resources;
mod signal;
mod source;
mod spans;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use attribute_keys::AttributeKeyRows;
pub use attributes::{AttributeColumns, KeyCode};
pub use logs::{LogColumn, LogHead, LogRows};
pub use meaning::Meaning;
pub use metrics::{Exemplar, MetricColumn, MetricHead, MetricKind, MetricRows, Temporality};
pub use promotion::{Promotion, UnknownColumn};
pub use resources::ResourceRows;
pub use signal::{Rows, Shared};
pub use source::{Source, SourceCodes};
pub use spans::{SpanColumn, SpanHead, SpanKind, SpanRows, SpanStatus};
pub use table::TableColumns;
pub use time::{TimeWindow, day_of, hour_of, millis_of};

/// How many attributes a row may have in its maps; OpenTelemetry's SDKs stop at 128 too.
pub const ATTRIBUTE_COUNT_MAX: usize = 128;
/// Longest name of an attribute.
pub const KEY_BYTES_MAX: usize = 200;
/// Longest text of an attribute, a description, a body or a message.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;
/// Longest name of a span, metric, service and the like: they go to dictionaries.
pub const NAME_BYTES_MAX: usize = 1024;
/// How many events a span may have.
pub const EVENT_COUNT_MAX: usize = 128;
/// How many links a span may have.
pub const LINK_COUNT_MAX: usize = 128;
/// How many exemplars a metric point may have.
pub const EXEMPLAR_COUNT_MAX: usize = 128;
/// How many buckets, bounds or quantiles a metric point may have.
pub const BUCKET_COUNT_MAX: usize = 2048;

/// Attribute that says how many attributes were cut.
pub const ATTRIBUTES_CUT_KEY: &str = "vedette.attributes_cut";
/// Attribute that says how many events were cut.
pub const EVENTS_CUT_KEY: &str = "vedette.events_cut";
/// Attribute that says how many links were cut.
pub const LINKS_CUT_KEY: &str = "vedette.links_cut";
/// Attribute that says how many exemplars were cut.
pub const EXEMPLARS_CUT_KEY: &str = "vedette.exemplars_cut";
/// Attribute that says how many buckets, bounds or quantiles were cut.
pub const BUCKETS_CUT_KEY: &str = "vedette.buckets_cut";
/// Attribute that says where a time was (in unix seconds) that lay too far away to be kept.
pub const TIME_MOVED_KEY: &str = "vedette.time_moved";
