//! Log records: `ResourceLogs` to rows of `logs`.

use std::borrow::Cow;

use super::any_value::{AnyValue, put, read_pair, read_value, write_json};
use super::decoder::{Body, Decoder, Tally, each_message};
use super::resource::{read_resource, read_scope};
use super::wire::{Broken, Cursor, Value, id};
use crate::hash::Hash;
use crate::json::JsonWriter;
use crate::rows::{LogHead, LogRows, Rows as _, SourceCodes, TIME_MOVED_KEY};
use crate::text::clean;

const ORIGIN: &str = "auto.otlp.logs";

impl Decoder {
    /// `position` counts the records of the body, those that are not kept too.
    pub(super) fn read_resource_logs(
        &mut self,
        body: &Body<'_>,
        source: usize,
        position: &mut u32,
        group: &[u8],
        tally: &mut Tally,
    ) {
        let mut resource = read_resource(group);
        each_message(group, 2, tally, |scope_logs, tally| {
            let scope = read_scope(scope_logs);
            let resource_id = self.add_resource(&mut resource, &scope, body);
            let group = Group {
                project_id: body.project_id,
                received_ns: body.received_ns,
                body_in_batch: source as u64,
                resource_id,
                source: self.logs.source(&resource.source(&scope, ORIGIN)),
            };
            each_message(scope_logs, 2, tally, |record, tally| {
                self.read_log(&group, *position, record, tally);
                *position = position.saturating_add(1);
            });
        });
    }

    fn read_log(&mut self, group: &Group, position: u32, message: &[u8], tally: &mut Tally) {
        let read = Record::read(message, &mut self.logs, &mut self.json)
            .and_then(|record| Ok((record.body_text(&mut self.json)?, record)));
        let Ok((text, record)) = read else {
            self.logs.drop_row();
            tally.unreadable += 1;
            return;
        };
        tally.accepted += 1;
        tally.log_bytes += message.len() as u64;
        let (time_ns, moved) = match record.time() {
            Some(time) => self.window.place(time, group.received_ns),
            None => (group.received_ns, None),
        };
        if let Some(original_s) = moved {
            self.logs.note(TIME_MOVED_KEY, original_s);
        }
        let severity_text = clean(record.severity_text);
        let (severity_number, severity) = severity(record.severity_number, &severity_text);
        self.logs.finish_row(&LogHead {
            project_id: group.project_id,
            log_id: group.log_id(position),
            time_ns,
            sequence: position,
            received_ns: group.received_ns,
            trace_id: record.trace_id,
            span_id: record.span_id,
            severity_number,
            severity: &severity,
            body: &text,
            event_name: &clean(record.event_name),
            source: group.source,
            resource_id: group.resource_id,
        });
    }
}

/// What the records of one scope share.
struct Group {
    project_id: u32,
    received_ns: i64,
    body_in_batch: u64,
    resource_id: u64,
    source: SourceCodes,
}

impl Group {
    /// Returns an id that is the same whenever the same batch is read.
    fn log_id(&self, position: u32) -> [u8; 16] {
        let mut hash = Hash::of("log");
        hash.number(u64::from(self.project_id));
        hash.number(self.received_ns.cast_unsigned());
        hash.number(self.body_in_batch);
        hash.number(u64::from(position));
        hash.long()
    }
}

struct Record<'a> {
    time_ns: u64,
    observed_ns: u64,
    severity_number: u64,
    severity_text: &'a [u8],
    body: AnyValue<'a>,
    trace_id: [u8; 16],
    span_id: [u8; 8],
    event_name: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads a record; its attributes go into the row that is open.
    fn read(
        message: &'a [u8],
        rows: &mut LogRows,
        json: &mut JsonWriter,
    ) -> Result<Self, Broken<'a>> {
        let mut record = Self {
            time_ns: 0,
            observed_ns: 0,
            severity_number: 0,
            severity_text: &[],
            body: AnyValue::Empty,
            trace_id: [0; 16],
            span_id: [0; 8],
            event_name: &[],
        };
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match (number, value) {
                (1, value) => record.time_ns = value.number(),
                (2, value) => record.severity_number = value.number(),
                (3, value) => record.severity_text = value.bytes(),
                (5, Value::Bytes(body)) => record.body = read_value(body)?,
                (6, Value::Bytes(pair)) => {
                    let (key, value) = read_pair(pair)?;
                    let key = rows.attributes().key(key);
                    put(rows, key, value, json)?;
                }
                (9, value) => record.trace_id = id(value),
                (10, value) => record.span_id = id(value),
                (11, value) => record.observed_ns = value.number(),
                (12, value) => record.event_name = value.bytes(),
                _ => {}
            }
        }
        Ok(record)
    }

    fn time(&self) -> Option<u64> {
        [self.time_ns, self.observed_ns]
            .into_iter()
            .find(|&time| time != 0)
    }

    /// Returns the body as text; structures as JSON.
    fn body_text(&self, json: &mut JsonWriter) -> Result<Cow<'a, str>, Broken<'a>> {
        match self.body {
            AnyValue::Text(text) => Ok(clean(text)),
            AnyValue::Empty => Ok(Cow::Borrowed("")),
            AnyValue::Bytes(bytes) if std::str::from_utf8(bytes).is_ok() => Ok(clean(bytes)),
            value => {
                json.clear();
                write_json(json, value, 0)?;
                Ok(Cow::Owned(json.text().to_string()))
            }
        }
    }
}

const DEFAULT_NUMBER: u8 = 9;

/// Returns number and word. A number says both; else a word that is known says the number; else
/// it is information, under the sender's own word if there is one.
fn severity(number: u64, text: &str) -> (u8, Cow<'_, str>) {
    const WORDS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "fatal"];
    let known = u8::try_from(number)
        .ok()
        .filter(|number| (1..=24).contains(number));
    if let Some(number) = known {
        let word = WORDS
            .get(usize::from((number - 1) / 4))
            .copied()
            .unwrap_or_default();
        return (number, Cow::Borrowed(word));
    }
    let number = match text.to_ascii_lowercase().as_str() {
        "trace" => 1,
        "debug" => 5,
        "" | "info" | "information" | "notice" => DEFAULT_NUMBER,
        "warn" | "warning" => 13,
        "error" => 17,
        "fatal" | "critical" => 21,
        _ => return (DEFAULT_NUMBER, Cow::Borrowed(text)),
    };
    severity(u64::from(number), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_have_a_number_and_a_word() {
        let cases = [
            (18, "ERROR2", (18, "error")),
            (1, "", (1, "trace")),
            (24, "", (24, "fatal")),
            (0, "Warning", (13, "warn")),
            (0, "", (9, "info")),
            (0, "audit", (9, "audit")),
            (99, "error", (17, "error")),
        ];
        for (number, text, (expected_number, expected_word)) in cases {
            assert_eq!(
                severity(number, text),
                (expected_number, Cow::Borrowed(expected_word))
            );
        }
    }
}
