//! One request: whole traces, grouped by resource, as a collector's batch looks.

use crate::dice::Dice;
use crate::shop::{LANGUAGES, POD_COUNT, SERVICES};
use crate::trace::{TraceMaker, TraceNote};
use crate::wire::{Value, put_attribute, put_bytes};

const TRACE_SPANS_MIN: usize = 5;
const TRACE_SPANS_MAX: usize = 60;
const SCHEMA: &[u8] = b"https://opentelemetry.io/schemas/1.37.0";

/// Where in time the traces of a request begin.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) start_ns: u64,
    pub(crate) width_ns: u64,
}

/// Makes requests, reusing its buffers; each depends on the seed and its number alone.
pub(crate) struct RequestMaker {
    seed: u64,
    spans_per_request: usize,
    traces: TraceMaker,
    resources: Vec<Vec<u8>>,
    scopes: Vec<Vec<u8>>,
    groups: Vec<Vec<u8>>,
    sizes: Vec<usize>,
}

impl RequestMaker {
    pub(crate) fn new(seed: u64, spans_per_request: usize) -> Self {
        let count = SERVICES.len() * POD_COUNT;
        Self {
            seed,
            spans_per_request: spans_per_request.max(TRACE_SPANS_MIN),
            traces: TraceMaker::default(),
            resources: (0..count).map(resource).collect(),
            scopes: (0..count).map(scope).collect(),
            groups: vec![Vec::new(); count],
            sizes: Vec::new(),
        }
    }

    /// Writes request `number` into `out`; tells `note` of each of its traces.
    pub(crate) fn make(
        &mut self,
        number: u64,
        window: Window,
        out: &mut Vec<u8>,
        note: &mut impl FnMut(TraceNote),
    ) {
        let mut dice = Dice::new(self.seed, number);
        for group in &mut self.groups {
            group.clear();
        }
        draw_sizes(&mut dice, self.spans_per_request, &mut self.sizes);
        let groups = &mut self.groups;
        for size in &self.sizes {
            let start_ns = window.start_ns + (dice.unit() * window.width_ns as f64) as u64;
            note(
                self.traces
                    .make(&mut dice, *size, start_ns, &mut |service, pod, span| {
                        put_bytes(&mut groups[service * POD_COUNT + pod], 2, span);
                    }),
            );
        }
        self.assemble(out);
    }

    /// Returns how many attributes the spans made so far have.
    pub(crate) fn attribute_count(&self) -> u64 {
        self.traces.attribute_count
    }

    fn assemble(&self, out: &mut Vec<u8>) {
        out.clear();
        let mut resource_spans = Vec::new();
        let mut scope_spans = Vec::new();
        for (index, spans) in self.groups.iter().enumerate() {
            if spans.is_empty() {
                continue;
            }
            scope_spans.clear();
            put_bytes(&mut scope_spans, 1, &self.scopes[index]);
            scope_spans.extend_from_slice(spans);
            resource_spans.clear();
            put_bytes(&mut resource_spans, 1, &self.resources[index]);
            put_bytes(&mut resource_spans, 2, &scope_spans);
            put_bytes(&mut resource_spans, 3, SCHEMA);
            put_bytes(out, 1, &resource_spans);
        }
    }
}

/// Draws sizes of 5 to 60, about 25 in the mean, that add up to `total`.
fn draw_sizes(dice: &mut Dice, total: usize, sizes: &mut Vec<usize>) {
    sizes.clear();
    let mut left = total;
    while left > 0 {
        let drawn = dice.log_normal(3.08, 0.55).round() as usize;
        let mut size = drawn.clamp(TRACE_SPANS_MIN, TRACE_SPANS_MAX);
        if left < size + TRACE_SPANS_MIN {
            size = if left <= TRACE_SPANS_MAX {
                left
            } else {
                left - TRACE_SPANS_MIN
            };
        }
        sizes.push(size);
        left -= size;
    }
}

fn resource(index: usize) -> Vec<u8> {
    let (service, pod) = (index / POD_COUNT, index % POD_COUNT);
    let name = SERVICES[service];
    let mut out = Vec::new();
    for (key, text) in [
        ("service.name", name.to_owned()),
        ("service.version", format!("2.{service}.{}", pod % 2)),
        ("service.namespace", "shop".to_owned()),
        ("deployment.environment.name", "production".to_owned()),
        ("host.name", format!("node-{:02}.internal", index % 7)),
        (
            "k8s.pod.name",
            format!("{name}-7c9d5f6b8-{service:02}{pod}xq"),
        ),
        ("telemetry.sdk.language", LANGUAGES[service].to_owned()),
        ("telemetry.sdk.name", "opentelemetry".to_owned()),
    ] {
        put_attribute(&mut out, 1, key, Value::Text(&text));
    }
    out
}

fn scope(index: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let name = format!("shop.{}", SERVICES[index / POD_COUNT]);
    put_bytes(&mut out, 1, name.as_bytes());
    put_bytes(&mut out, 2, b"1.4.2");
    out
}
