//! Metrics: `ResourceMetrics` to rows of `metrics`, one per data point.

use super::count::{METRIC_DATA, count_points};
use super::decoder::{Body, Decoder, Tally, each_message};
use super::points::Point;
use super::resource::{read_resource, read_scope};
use super::wire::{Broken, Cursor, Value};
use crate::hash::Hash;
use crate::rows::{
    BUCKETS_CUT_KEY, MetricHead, MetricKind, Rows as _, SourceCodes, TIME_MOVED_KEY, Temporality,
};
use crate::text::clean;

impl Decoder {
    pub(super) fn read_resource_metrics(
        &mut self,
        body: &Body<'_>,
        group: &[u8],
        tally: &mut Tally,
    ) {
        let mut resource = read_resource(group);
        each_message(group, 2, tally, |scope_metrics, tally| {
            let scope = read_scope(scope_metrics);
            let resource_id = self.add_resource(&mut resource, &scope, body);
            let mut series = Hash::of("series");
            series.number(u64::from(body.project_id));
            series.number(resource_id);
            series.bytes(scope.name.as_bytes());
            let group = Group {
                project_id: body.project_id,
                received_ns: body.received_ns,
                resource_id,
                source: self.metrics.source(&resource.source(&scope, "")),
                series: series.short(),
            };
            each_message(scope_metrics, 2, tally, |metric, tally| {
                self.read_metric(&group, metric, tally);
            });
        });
    }

    fn read_metric(&mut self, group: &Group, message: &[u8], tally: &mut Tally) {
        let Ok(metric) = Metric::read(message) else {
            tally.unreadable += 1;
            return;
        };
        if metric.name.is_empty() {
            tally.missing_field += count_points(message).unwrap_or(1);
            return;
        }
        let (name, unit) = (clean(metric.name), clean(metric.unit));
        let description = clean(metric.description);
        let mut series = Hash::of("metric");
        series.number(group.series);
        series.bytes(metric.name);
        let head = MetricHead {
            project_id: group.project_id,
            name: &name,
            kind: metric.kind,
            unit: &unit,
            description: &description,
            temporality: metric.temporality,
            is_monotonic: metric.is_monotonic,
            series_id: series.short(),
            received_ns: group.received_ns,
            source: group.source,
            resource_id: group.resource_id,
            ..MetricHead::default()
        };
        each_message(metric.data, 1, tally, |point, tally| {
            self.read_point(&head, point, tally);
        });
    }

    fn read_point(&mut self, head: &MetricHead<'_>, message: &[u8], tally: &mut Tally) {
        let buffers = &mut self.point;
        let read = Point::read(
            message,
            head.kind,
            &mut self.metrics,
            buffers,
            &mut self.json,
        );
        let Ok(point) = read else {
            self.metrics.drop_row();
            tally.unreadable += 1;
            return;
        };
        tally.accepted += 1;
        let (time_ns, moved) = self.window.place(point.time_ns, head.received_ns);
        if let Some(original_s) = moved {
            self.metrics.note(TIME_MOVED_KEY, original_s);
        }
        if buffers.cut > 0 {
            self.metrics.note(BUCKETS_CUT_KEY, f64::from(buffers.cut));
        }
        let mut series = Hash::of("point");
        series.number(head.series_id);
        series.number(point.attributes.bits());
        self.metrics.finish_row(&MetricHead {
            series_id: series.short(),
            time_ns,
            start_time_ns: i64::try_from(point.start_ns).unwrap_or(0),
            value: point.value,
            count: point.count,
            sum: point.sum,
            min: point.min,
            max: point.max,
            bounds: &buffers.bounds,
            bucket_counts: &buffers.bucket_counts,
            scale: point.scale,
            zero_count: point.zero_count,
            zero_threshold: point.zero_threshold,
            positive_offset: buffers.positive.offset,
            positive_counts: &buffers.positive.counts,
            negative_offset: buffers.negative.offset,
            negative_counts: &buffers.negative.counts,
            quantiles: &buffers.quantiles,
            quantile_values: &buffers.quantile_values,
            is_stale: point.flags & NO_RECORDED_VALUE != 0,
            ..*head
        });
    }
}

/// The flag of a point that says that its series has ended.
const NO_RECORDED_VALUE: u64 = 1;

/// What the metrics of one scope share.
struct Group {
    project_id: u32,
    received_ns: i64,
    resource_id: u64,
    source: SourceCodes,
    series: u64,
}

/// What the points of one metric share.
#[derive(Default)]
struct Metric<'a> {
    name: &'a [u8],
    description: &'a [u8],
    unit: &'a [u8],
    kind: MetricKind,
    temporality: Temporality,
    is_monotonic: bool,
    /// The message whose field 1 are the points.
    data: &'a [u8],
}

impl<'a> Metric<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken<'a>> {
        let mut metric = Self::default();
        let mut cursor = Cursor::new(message);
        while let Some((number, value)) = cursor.next()? {
            match (number, value) {
                (1, value) => metric.name = value.bytes(),
                (2, value) => metric.description = value.bytes(),
                (3, value) => metric.unit = value.bytes(),
                (number, Value::Bytes(data)) if METRIC_DATA.contains(&number) => {
                    metric.kind = kind(number);
                    metric.data = data;
                }
                _ => {}
            }
        }
        // A fault in the data is met, and counted, when its points are read.
        let mut cursor = Cursor::new(metric.data);
        while let Ok(Some((number, value))) = cursor.next() {
            match (number, value) {
                (2, Value::Varint(1)) => metric.temporality = Temporality::Delta,
                (2, Value::Varint(2)) => metric.temporality = Temporality::Cumulative,
                (3, Value::Varint(flag)) => metric.is_monotonic = flag != 0,
                _ => {}
            }
        }
        Ok(metric)
    }
}

fn kind(number: u32) -> MetricKind {
    match number {
        7 => MetricKind::Sum,
        9 => MetricKind::Histogram,
        10 => MetricKind::ExponentialHistogram,
        11 => MetricKind::Summary,
        _ => MetricKind::Gauge,
    }
}
