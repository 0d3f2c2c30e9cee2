//! A trace as columns in JSON, in pre-order.

use vedette_core::text::clean;

use crate::order::NONE;
use crate::text_column::TextColumn;
use crate::trace::{ORPHAN, Trace};

const KINDS: [&str; 6] = [
    "unspecified",
    "internal",
    "server",
    "client",
    "producer",
    "consumer",
];
const STATUSES: [&str; 3] = ["unset", "ok", "error"];

/// Writes the object of columns; starts count from the start of the trace.
#[must_use]
pub fn write_columns(trace: &Trace<'_>) -> Vec<u8> {
    let count = trace.order.rows.len();
    let mut writer = Columns {
        out: Vec::with_capacity(count * 160 + 1024),
        rows: &trace.order.rows,
    };
    let (spans, start_ns) = (&trace.spans, trace.start_ns());
    writer.out.push(b'{');
    writer.places("depth", &trace.order.depths);
    writer.places("parent", &trace.order.parents);
    writer.numbers("startNs", |_, row| spans.starts_ns[row] - start_ns);
    writer.numbers("durationNs", |_, row| spans.durations_ns[row]);
    writer.numbers("selfNs", |place, _| trace.self_ns[place]);
    writer.numbers("criticalNs", |place, _| trace.critical_ns[place]);
    writer.numbers("skewNs", |place, _| trace.skews_ns[place]);
    writer.numbers("marks", |place, _| i64::from(trace.marks[place]));
    writer.flags("isSegment", |_, row| spans.is_segment[row]);
    writer.flags("isOrphan", |place, _| trace.marks[place] & ORPHAN != 0);
    writer.numbers("projectId", |_, row| i64::from(spans.project_ids[row]));
    writer.ids("spanId", |row| spans.ids[row]);
    writer.texts("description", |row| spans.descriptions[row]);
    writer.texts("statusText", |row| spans.status_texts[row]);
    writer.texts("statusMessage", |row| spans.status_messages[row]);
    writer.words("kind", &KINDS, |row| spans.kinds[row]);
    writer.words("status", &STATUSES, |row| spans.statuses[row]);
    writer.dictionary("name", &spans.names);
    writer.dictionary("op", &spans.ops);
    writer.dictionary("service", &spans.services);
    writer.dictionary("environment", &spans.environments);
    writer.dictionary("release", &spans.releases);
    writer.dictionary("protocol", &spans.protocols);
    writer.dictionary("origin", &spans.origins);
    writer.close(b'}');
    writer.out
}

/// Writes the object of gaps; starts count from the start of the trace.
#[must_use]
pub fn write_gaps(trace: &Trace<'_>) -> Vec<u8> {
    let places: Vec<u32> = (0..crate::order::narrow(trace.gaps.len())).collect();
    let mut writer = Columns {
        out: Vec::new(),
        rows: &places,
    };
    let gaps = &trace.gaps;
    writer.out.push(b'{');
    writer.numbers("parent", |_, at| i64::from(gaps[at].parent));
    writer.numbers("before", |_, at| i64::from(gaps[at].before));
    writer.numbers("startNs", |_, at| gaps[at].start_ns - trace.start_ns());
    writer.numbers("durationNs", |_, at| gaps[at].duration_ns);
    writer.close(b'}');
    writer.out
}

struct Columns<'a> {
    out: Vec<u8>,
    rows: &'a [u32],
}

impl Columns<'_> {
    fn open(&mut self, name: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":[");
    }

    /// Puts an end where the last comma stands.
    fn close(&mut self, end: u8) {
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
        self.out.push(end);
    }

    fn column(&mut self, name: &str, mut each: impl FnMut(&mut Vec<u8>, usize, usize)) {
        self.open(name);
        for (place, &row) in self.rows.iter().enumerate() {
            each(&mut self.out, place, row as usize);
            self.out.push(b',');
        }
        self.close(b']');
        self.out.push(b',');
    }

    fn numbers(&mut self, name: &str, value: impl Fn(usize, usize) -> i64) {
        let mut digits = itoa::Buffer::new();
        self.column(name, |out, place, row| {
            out.extend_from_slice(digits.format(value(place, row)).as_bytes());
        });
    }

    fn places(&mut self, name: &str, places: &[u32]) {
        self.numbers(name, |place, _| match places[place] {
            NONE => -1,
            parent => i64::from(parent),
        });
    }

    fn flags(&mut self, name: &str, value: impl Fn(usize, usize) -> bool) {
        self.column(name, |out, place, row| {
            let word: &[u8] = if value(place, row) { b"true" } else { b"false" };
            out.extend_from_slice(word);
        });
    }

    fn ids(&mut self, name: &str, value: impl Fn(usize) -> [u8; 8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.column(name, |out, _, row| {
            out.push(b'"');
            for byte in value(row) {
                out.push(DIGITS[usize::from(byte >> 4)]);
                out.push(DIGITS[usize::from(byte & 15)]);
            }
            out.push(b'"');
        });
    }

    fn texts<'b>(&mut self, name: &str, value: impl Fn(usize) -> &'b [u8]) {
        self.column(name, |out, _, row| push_text(out, value(row)));
    }

    fn dictionary(&mut self, name: &str, column: &TextColumn<'_>) {
        self.object(name, &column.values, |row| i64::from(column.indexes[row]));
    }

    /// A word that this version does not know is shown as the first one, which says nothing.
    fn words(&mut self, name: &str, words: &[&str], value: impl Fn(usize) -> i8) {
        let texts: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        let known = 0..i64::try_from(words.len()).unwrap_or(0);
        self.object(name, &texts, |row| {
            let word = i64::from(value(row));
            if known.contains(&word) { word } else { 0 }
        });
    }

    fn object(&mut self, name: &str, values: &[&[u8]], index: impl Fn(usize) -> i64) {
        self.open(name);
        self.out.pop();
        self.out.push(b'{');
        self.open("values");
        for value in values {
            push_text(&mut self.out, value);
            self.out.push(b',');
        }
        self.close(b']');
        self.out.push(b',');
        self.numbers("indexes", |_, row| index(row));
        self.close(b'}');
        self.out.push(b',');
    }
}

fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    let text = clean(bytes);
    let bytes = text.as_bytes();
    let mut plain_from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[plain_from..at]);
        plain_from = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[plain_from..]);
    out.push(b'"');
}
