//! OpenTelemetry's protobuf messages, read straight into rows.
//!
//! Nothing is built in between: a cursor walks over the bytes. Field numbers are those of
//! opentelemetry-proto; unknown fields are skipped, known ones with a foreign wire type too.

mod any_value;
mod count;
mod decoder;
mod json;
mod logs;
mod metrics;
mod op;
mod points;
mod resource;
mod segments;
mod spans;
#[cfg(test)]
mod tests;
mod wire;

pub use count::{ItemCount, count};
pub use decoder::{
    Body, Builders, Count, Decoded, Decoder, Fate, ProjectRules, PromotionTable, RulesByProject,
    UNPACKED_BYTES_MAX,
};
pub use json::from_json;
pub use wire::Malformed;

/// The three signals of OTLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// `ExportTraceServiceRequest`.
    Traces,
    /// `ExportLogsServiceRequest`.
    Logs,
    /// `ExportMetricsServiceRequest`.
    Metrics,
}

impl Signal {
    /// Returns the signal of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "traces" => Some(Self::Traces),
            "logs" => Some(Self::Logs),
            "metrics" => Some(Self::Metrics),
            _ => None,
        }
    }

    /// Returns the category under which its items are counted.
    #[must_use]
    pub fn category(self) -> &'static str {
        match self {
            Self::Traces => "span",
            Self::Logs => "log_item",
            Self::Metrics => "trace_metric",
        }
    }
}
