//! Which segment a span belongs to, found among the spans of its resource in the same request.

use hashbrown::HashMap;

use super::spans::Span;
use crate::rows::SpanRows;

/// How many parents are followed to find a span's segment.
const ANCESTOR_COUNT_MAX: usize = 100;

/// The spans of one resource, to find the segment each belongs to.
#[derive(Debug, Default)]
pub(super) struct Segments {
    first_row: usize,
    spans: Vec<Link>,
    by_id: HashMap<(u64, u64), usize, foldhash::fast::RandomState>,
    names: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    trace: u64,
    parent: u64,
    span_id: [u8; 8],
    /// Which name is the segment's, for segments.
    name: Option<usize>,
}

impl Segments {
    pub(super) fn begin(&mut self, first_row: usize) {
        self.first_row = first_row;
        self.spans.clear();
        self.by_id.clear();
        self.names.clear();
    }

    pub(super) fn push(&mut self, span: &Span<'_>, is_segment: bool, name: &str) {
        let [_, _, _, _, _, _, _, _, trace @ ..] = span.trace_id;
        let trace = u64::from_ne_bytes(trace);
        self.by_id
            .insert((trace, u64::from_ne_bytes(span.span_id)), self.spans.len());
        let parent = u64::from_ne_bytes(span.parent_span_id);
        let mut link = Link {
            trace,
            parent,
            span_id: span.span_id,
            name: None,
        };
        if is_segment {
            link.name = Some(self.names.len());
            self.names.push(name.to_string());
        }
        self.spans.push(link);
    }

    /// Tells every span that is no segment to which one it belongs, if its parents are here.
    pub(super) fn resolve(&mut self, rows: &mut SpanRows) {
        for (at, span) in self.spans.iter().enumerate() {
            if span.name.is_none()
                && let Some((segment_id, name)) = self.segment_of(*span)
            {
                rows.set_segment(self.first_row + at, &segment_id, name);
            }
        }
    }

    fn segment_of(&self, span: Link) -> Option<([u8; 8], &str)> {
        let mut span = span;
        for _ in 0..ANCESTOR_COUNT_MAX {
            span = *self
                .spans
                .get(*self.by_id.get(&(span.trace, span.parent))?)?;
            if let Some(name) = span.name {
                return Some((span.span_id, self.names.get(name)?));
            }
        }
        None
    }
}
