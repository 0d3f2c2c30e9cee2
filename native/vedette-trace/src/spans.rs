//! The spans of a trace in columns, read from rows in the engine's `RowBinary` form.

use std::fmt;

use crate::text_column::TextColumn;

/// An id of a span; all zeros is none.
pub type SpanId = [u8; 8];

/// Rows that are not what they should be: a mistake of ours, not of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenRows;

impl fmt::Display for BrokenRows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the rows of the trace end in the middle of one")
    }
}

/// Columns of equal length; each span once, by start.
#[derive(Debug, Default)]
pub struct Spans<'a> {
    /// The span itself.
    pub ids: Vec<SpanId>,
    /// The span it names as its parent.
    pub parent_ids: Vec<SpanId>,
    /// Nanoseconds since 1970.
    pub starts_ns: Vec<i64>,
    /// Nanoseconds.
    pub durations_ns: Vec<i64>,
    /// Milliseconds since 1970.
    pub received_ms: Vec<i64>,
    /// How often it came.
    pub counts: Vec<u32>,
    pub(crate) project_ids: Vec<u32>,
    pub(crate) kinds: Vec<i8>,
    pub(crate) statuses: Vec<i8>,
    pub(crate) is_segment: Vec<bool>,
    pub(crate) names: TextColumn<'a>,
    pub(crate) ops: TextColumn<'a>,
    pub(crate) services: TextColumn<'a>,
    pub(crate) environments: TextColumn<'a>,
    pub(crate) releases: TextColumn<'a>,
    pub(crate) protocols: TextColumn<'a>,
    pub(crate) origins: TextColumn<'a>,
    pub(crate) status_texts: Vec<&'a [u8]>,
    pub(crate) descriptions: Vec<&'a [u8]>,
    pub(crate) status_messages: Vec<&'a [u8]>,
}

/// One row, as it lies in the bytes.
struct Row<'a> {
    project_id: u32,
    id: SpanId,
    parent_id: SpanId,
    start_ns: i64,
    duration_ns: i64,
    received_ms: i64,
    kind: i8,
    status: i8,
    is_segment: bool,
    texts: [&'a [u8]; 10],
}

impl<'a> Spans<'a> {
    /// Reads all rows. Of a span that came twice the one that began, then arrived, first stays.
    ///
    /// # Errors
    ///
    /// The bytes end within a row.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BrokenRows> {
        let mut reader = Reader(bytes);
        let mut rows = Vec::with_capacity(bytes.len() / 128);
        while !reader.0.is_empty() {
            rows.push(reader.row()?);
        }
        rows.sort_by_key(|row| (row.start_ns, row.id, row.received_ms));
        let mut found = Self::default();
        let mut places =
            hashbrown::HashMap::<SpanId, usize, foldhash::fast::RandomState>::default();
        places.reserve(rows.len());
        for row in &rows {
            let place = *places.entry(row.id).or_insert(found.len());
            if place == found.len() {
                found.push(row);
            } else {
                found.counts[place] += 1;
            }
        }
        Ok(found)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub fn end_ns(&self, row: usize) -> i64 {
        self.starts_ns[row].saturating_add(self.durations_ns[row])
    }

    fn push(&mut self, row: &Row<'a>) {
        self.ids.push(row.id);
        self.parent_ids.push(row.parent_id);
        self.starts_ns.push(row.start_ns);
        self.durations_ns.push(row.duration_ns);
        self.received_ms.push(row.received_ms);
        self.counts.push(1);
        self.project_ids.push(row.project_id);
        self.kinds.push(row.kind);
        self.statuses.push(row.status);
        self.is_segment.push(row.is_segment);
        let [
            name,
            op,
            service,
            environment,
            release,
            protocol,
            origin,
            rest @ ..,
        ] = row.texts;
        self.names.push(name);
        self.ops.push(op);
        self.services.push(service);
        self.environments.push(environment);
        self.releases.push(release);
        self.protocols.push(protocol);
        self.origins.push(origin);
        let [status_text, description, status_message] = rest;
        self.status_texts.push(status_text);
        self.descriptions.push(description);
        self.status_messages.push(status_message);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn row(&mut self) -> Result<Row<'a>, BrokenRows> {
        Ok(Row {
            project_id: u32::from_le_bytes(self.array()?),
            id: self.array()?,
            parent_id: self.array()?,
            start_ns: i64::from_le_bytes(self.array()?),
            duration_ns: i64::try_from(u64::from_le_bytes(self.array()?)).unwrap_or(i64::MAX),
            received_ms: i64::from_le_bytes(self.array()?),
            kind: i8::from_le_bytes(self.array()?),
            status: i8::from_le_bytes(self.array()?),
            is_segment: self.array::<1>()? != [0],
            texts: self.texts()?,
        })
    }

    fn texts(&mut self) -> Result<[&'a [u8]; 10], BrokenRows> {
        let mut texts = [&[][..]; 10];
        for text in &mut texts {
            *text = self.text()?;
        }
        Ok(texts)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BrokenRows> {
        let (found, rest) = self.0.split_first_chunk::<N>().ok_or(BrokenRows)?;
        self.0 = rest;
        Ok(*found)
    }

    fn text(&mut self) -> Result<&'a [u8], BrokenRows> {
        let mut length = 0_usize;
        let mut shift = 0;
        loop {
            let [byte] = self.array::<1>()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            shift += 7;
            if shift > 56 {
                return Err(BrokenRows);
            }
        }
        let (found, rest) = self.0.split_at_checked(length).ok_or(BrokenRows)?;
        self.0 = rest;
        Ok(found)
    }
}
