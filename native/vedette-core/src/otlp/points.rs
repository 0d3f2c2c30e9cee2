//! Data points of every kind, and their exemplars. Field numbers differ from kind to kind.

use super::any_value::{AnyValue, put, read_pair, write_pair};
use super::wire::{Broken, Cursor, Value, for_each_fixed64, for_each_varint, id, zigzag};
use crate::hash::AttributeSetHash;
use crate::json::JsonWriter;
use crate::rows::{BUCKET_COUNT_MAX, Exemplar, MetricKind, MetricRows, Rows as _};

/// The lists of a point: room that is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct PointBuffers {
    pub(super) bounds: Vec<f64>,
    pub(super) bucket_counts: Vec<u64>,
    pub(super) positive: Buckets,
    pub(super) negative: Buckets,
    pub(super) quantiles: Vec<f64>,
    pub(super) quantile_values: Vec<f64>,
    /// How many numbers were beyond the bound.
    pub(super) cut: u32,
}

/// The buckets on one side of an exponential histogram.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    pub(super) offset: i32,
    pub(super) counts: Vec<u64>,
}

/// The fields of a point that go into its row's head.
#[derive(Debug, Default)]
pub(super) struct Point {
    pub(super) start_ns: u64,
    pub(super) time_ns: u64,
    pub(super) value: f64,
    pub(super) count: u64,
    pub(super) sum: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) scale: i8,
    pub(super) zero_count: u64,
    pub(super) zero_threshold: f64,
    pub(super) flags: u64,
    pub(super) attributes: AttributeSetHash,
}

/// What a field of a point is.
#[derive(Clone, Copy)]
enum Field {
    Attribute,
    Start,
    Time,
    Double,
    Integer,
    Count,
    Sum,
    Min,
    Max,
    BucketCounts,
    Bounds,
    Scale,
    ZeroCount,
    ZeroThreshold,
    Positive,
    Negative,
    Quantile,
    Exemplar,
    Flags,
    Unknown,
}

impl Field {
    fn of(kind: MetricKind, number: u32) -> Self {
        match (kind, number) {
            (_, 2) => Self::Start,
            (_, 3) => Self::Time,
            (MetricKind::Histogram, number) => Self::of_histogram(number),
            (MetricKind::ExponentialHistogram, number) => Self::of_exponential(number),
            (_, 7) => Self::Attribute,
            (_, 8) => Self::Flags,
            (MetricKind::Summary, 4) => Self::Count,
            (MetricKind::Summary, 5) => Self::Sum,
            (MetricKind::Summary, 6) => Self::Quantile,
            (_, 4) => Self::Double,
            (_, 5) => Self::Exemplar,
            (_, 6) => Self::Integer,
            _ => Self::Unknown,
        }
    }

    fn of_histogram(number: u32) -> Self {
        match number {
            4 => Self::Count,
            5 => Self::Sum,
            6 => Self::BucketCounts,
            7 => Self::Bounds,
            8 => Self::Exemplar,
            9 => Self::Attribute,
            10 => Self::Flags,
            11 => Self::Min,
            12 => Self::Max,
            _ => Self::Unknown,
        }
    }

    fn of_exponential(number: u32) -> Self {
        match number {
            1 => Self::Attribute,
            4 => Self::Count,
            5 => Self::Sum,
            6 => Self::Scale,
            7 => Self::ZeroCount,
            8 => Self::Positive,
            9 => Self::Negative,
            10 => Self::Flags,
            11 => Self::Exemplar,
            12 => Self::Min,
            13 => Self::Max,
            14 => Self::ZeroThreshold,
            _ => Self::Unknown,
        }
    }
}

impl Point {
    /// Reads a point; its attributes and exemplars go into the row that is open, its lists into
    /// `buffers`.
    pub(super) fn read<'a>(
        message: &'a [u8],
        kind: MetricKind,
        rows: &mut MetricRows,
        buffers: &mut PointBuffers,
        json: &mut JsonWriter,
    ) -> Result<Self, Broken<'a>> {
        buffers.clear();
        let mut point = Self::default();
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match Field::of(kind, number) {
                Field::Attribute => point.read_attribute(value.bytes(), rows, json)?,
                Field::Exemplar => read_exemplar(value.bytes(), rows, json)?,
                field => {
                    point.set(field, value);
                    buffers.set(field, value)?;
                }
            }
        }
        Ok(point)
    }

    fn read_attribute<'a>(
        &mut self,
        pair: &'a [u8],
        rows: &mut MetricRows,
        json: &mut JsonWriter,
    ) -> Result<(), Broken<'a>> {
        let (key, value) = read_pair(pair)?;
        match value {
            AnyValue::Empty => self.attributes.add(key, 0, b""),
            AnyValue::Text(bytes) => self.attributes.add(key, 1, bytes),
            AnyValue::Boolean(flag) => self.attributes.add(key, 2, &[u8::from(flag)]),
            AnyValue::Integer(number) => self.attributes.add(key, 3, &number.to_le_bytes()),
            AnyValue::Double(number) => self.attributes.add(key, 4, &number.to_le_bytes()),
            AnyValue::List(bytes) => self.attributes.add(key, 5, bytes),
            AnyValue::Object(bytes) => self.attributes.add(key, 6, bytes),
            AnyValue::Bytes(bytes) => self.attributes.add(key, 7, bytes),
        }
        let key = rows.attributes().key(key);
        put(rows, key, value, json)
    }

    fn set(&mut self, field: Field, value: Value<'_>) {
        match field {
            Field::Start => self.start_ns = value.number(),
            Field::Time => self.time_ns = value.number(),
            Field::Double => self.value = value.double(),
            Field::Integer => self.value = integer(value),
            Field::Count => self.count = value.number(),
            Field::Sum => self.sum = value.double(),
            Field::Min => self.min = value.double(),
            Field::Max => self.max = value.double(),
            Field::Scale => self.scale = scale(value),
            Field::ZeroCount => self.zero_count = value.number(),
            Field::ZeroThreshold => self.zero_threshold = value.double(),
            Field::Flags => self.flags = value.number(),
            _ => {}
        }
    }
}

impl PointBuffers {
    fn clear(&mut self) {
        self.bounds.clear();
        self.bucket_counts.clear();
        self.quantiles.clear();
        self.quantile_values.clear();
        self.cut = 0;
        for buckets in [&mut self.positive, &mut self.negative] {
            buckets.offset = 0;
            buckets.counts.clear();
        }
    }

    fn set<'a>(&mut self, field: Field, value: Value<'a>) -> Result<(), Broken<'a>> {
        match field {
            Field::Bounds => for_each_fixed64(value, |bits| {
                push(&mut self.bounds, f64::from_bits(bits), &mut self.cut);
            }),
            Field::BucketCounts => for_each_fixed64(value, |count| {
                push(&mut self.bucket_counts, count, &mut self.cut);
            }),
            Field::Positive => self.positive.read(value.bytes(), &mut self.cut)?,
            Field::Negative => self.negative.read(value.bytes(), &mut self.cut)?,
            Field::Quantile => self.read_quantile(value.bytes())?,
            _ => {}
        }
        Ok(())
    }

    fn read_quantile<'a>(&mut self, message: &'a [u8]) -> Result<(), Broken<'a>> {
        let (mut quantile, mut quantile_value) = (0.0, 0.0);
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match number {
                1 => quantile = value.double(),
                2 => quantile_value = value.double(),
                _ => {}
            }
        }
        push(&mut self.quantiles, quantile, &mut self.cut);
        push(&mut self.quantile_values, quantile_value, &mut 0);
        Ok(())
    }
}

impl Buckets {
    fn read<'a>(&mut self, message: &'a [u8], cut: &mut u32) -> Result<(), Broken<'a>> {
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match number {
                1 => self.offset = i32::try_from(zigzag(value.number())).unwrap_or(0),
                2 => for_each_varint(value, |count| push(&mut self.counts, count, cut)),
                _ => {}
            }
        }
        Ok(())
    }
}

fn push<T>(list: &mut Vec<T>, value: T, cut: &mut u32) {
    if list.len() < BUCKET_COUNT_MAX {
        list.push(value);
    } else {
        *cut = cut.saturating_add(1);
    }
}

fn scale(value: Value<'_>) -> i8 {
    let bounds = i64::from(i8::MIN)..=i64::from(i8::MAX);
    let scale = zigzag(value.number()).clamp(*bounds.start(), *bounds.end());
    i8::try_from(scale).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "the column is Float64")]
fn integer(value: Value<'_>) -> f64 {
    value.number().cast_signed() as f64
}

fn read_exemplar<'a>(
    message: &'a [u8],
    rows: &mut MetricRows,
    json: &mut JsonWriter,
) -> Result<(), Broken<'a>> {
    let mut exemplar = Exemplar::default();
    json.clear();
    json.open('{');
    let mut cursor = Cursor::new(message);
    while let Some((number, value)) = cursor.next()? {
        match (number, value) {
            (2, value) => exemplar.time_ns = i64::try_from(value.number()).unwrap_or(0),
            (3, value) => exemplar.value = value.double(),
            (4, value) => exemplar.span_id = id(value),
            (5, value) => exemplar.trace_id = id(value),
            (6, value) => exemplar.value = integer(value),
            (7, Value::Bytes(pair)) => write_pair(json, pair, 1)?,
            _ => {}
        }
    }
    json.close('}');
    rows.exemplar(&Exemplar {
        attributes: json.text(),
        ..exemplar
    });
    Ok(())
}
