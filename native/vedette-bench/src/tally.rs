//! What came of the requests: counts, answers, latencies.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

/// Counts of one connection, or of all together.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) request_count: u64,
    pub(crate) item_count: u64,
    pub(crate) byte_count: u64,
    pub(crate) retry_count: u64,
    pub(crate) failed_count: u64,
    answers: BTreeMap<String, u64>,
    latencies_us: Vec<u32>,
}

impl Tally {
    /// Notes an answer; `word` is its status, with what was said if it was a refusal.
    pub(crate) fn answered(&mut self, word: String, latency: Duration) {
        *self.answers.entry(word).or_default() += 1;
        let latency_us = u32::try_from(latency.as_micros()).unwrap_or(u32::MAX);
        self.latencies_us.push(latency_us);
    }

    /// Notes that `item_count` items in `byte_count` bytes were accepted.
    pub(crate) fn accepted(&mut self, item_count: u64, byte_count: usize) {
        self.request_count += 1;
        self.item_count += item_count;
        self.byte_count += byte_count as u64;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.request_count += other.request_count;
        self.item_count += other.item_count;
        self.byte_count += other.byte_count;
        self.retry_count += other.retry_count;
        self.failed_count += other.failed_count;
        for (word, count) in other.answers {
            *self.answers.entry(word).or_default() += count;
        }
        self.latencies_us.extend(other.latencies_us);
    }

    /// Returns all as JSON.
    pub(crate) fn facts(mut self, seconds: f64, cpu_seconds: f64) -> Value {
        self.latencies_us.sort_unstable();
        json!({
            "requests": self.request_count,
            "items": self.item_count,
            "bytes": self.byte_count,
            "seconds": seconds,
            "items_per_s": self.item_count as f64 / seconds,
            "requests_per_s": self.request_count as f64 / seconds,
            "retries": self.retry_count,
            "failed": self.failed_count,
            "answers": self.answers,
            "p50_ms": self.latency_ms(0.50),
            "p99_ms": self.latency_ms(0.99),
            "max_ms": self.latency_ms(1.0),
            "cpu_s": cpu_seconds,
        })
    }

    fn latency_ms(&self, share: f64) -> Option<f64> {
        let last = self.latencies_us.len().checked_sub(1)?;
        let index = (self.latencies_us.len() as f64 * share) as usize;
        Some(f64::from(self.latencies_us[index.min(last)]) / 1000.0)
    }
}
