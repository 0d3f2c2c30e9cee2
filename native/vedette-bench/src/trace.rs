//! One trace: a tree of spans over several services, as a shop with this traffic would send it.

use std::fmt::Write as _;

use crate::attributes::{self, Facts};
use crate::dice::Dice;
use crate::shop::{CALLS, CONSUMERS, REGIONS, ROUTES};
use crate::wire::{put_bytes, put_fixed32};

const ERROR_SHARE: f64 = 0.02;
const DEPTH_MAX: usize = 14;
/// Which bit of a span's flags says that its parent is in another process, and that it is sampled.
const FLAGS_ROOT: u32 = 1;
const FLAGS_CHILD: u32 = 257;

/// What a span does; databases are called by clients too, but have no children.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Server,
    Client,
    Database,
    Internal,
    Producer,
    Consumer,
}

impl Role {
    /// Returns the number that OTLP has for it.
    pub(crate) fn kind(self) -> u64 {
        match self {
            Self::Internal => 1,
            Self::Server => 2,
            Self::Client | Self::Database => 3,
            Self::Producer => 4,
            Self::Consumer => 5,
        }
    }
}

/// Where a span stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) service: usize,
    pub(crate) pod: usize,
    pub(crate) role: Role,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
    span_id: [u8; 8],
    depth: usize,
}

/// What is known of a trace after it was made.
#[derive(Clone, Default)]
pub(crate) struct TraceNote {
    pub(crate) trace_id: [u8; 16],
    pub(crate) span_count: usize,
    pub(crate) error_count: usize,
    pub(crate) user: String,
    pub(crate) order: String,
}

/// Makes traces, reusing its buffers.
#[derive(Default)]
pub(crate) struct TraceMaker {
    places: Vec<Place>,
    span: Vec<u8>,
    message: Vec<u8>,
    facts: Facts,
    /// Attributes of all spans made so far.
    pub(crate) attribute_count: u64,
}

impl TraceMaker {
    /// Makes a trace and hands every span, encoded, to `sink` with its service and pod.
    pub(crate) fn make(
        &mut self,
        dice: &mut Dice,
        span_count: usize,
        start_ns: u64,
        sink: &mut impl FnMut(usize, usize, &[u8]),
    ) -> TraceNote {
        let trace_id = (u128::from(dice.bits(64)) << 64 | u128::from(dice.bits(64))).to_be_bytes();
        self.draw_facts(dice);
        self.places.clear();
        let mut error_count = 0;
        for number in 0..span_count {
            let (place, parent) = self.place(dice, number, start_ns);
            self.places.push(place);
            let is_error = dice.is(ERROR_SHARE);
            error_count += usize::from(is_error);
            self.write_span(dice, &place, parent, trace_id, is_error);
            sink(place.service, place.pod, &self.span);
        }
        TraceNote {
            trace_id,
            span_count,
            error_count,
            user: self.facts.user.clone(),
            order: self.facts.order.clone(),
        }
    }

    fn draw_facts(&mut self, dice: &mut Dice) {
        let facts = &mut self.facts;
        facts.clear();
        let (high, low) = (dice.bits(32), dice.bits(64));
        facts.route = dice.pick(&ROUTES);
        facts.region = dice.pick(&REGIONS);
        facts.agent = dice.below(attributes::AGENT_COUNT);
        let tenant = dice.pareto(1.1) as u64 % 200;
        let path = facts.route.replace("{id}", &dice.bits(20).to_string());
        facts.path.push_str(&path);
        // Writing to a String cannot fail.
        let _ = write!(facts.user, "u-{:07}", dice.bits(22));
        let _ = write!(facts.session, "{high:08x}{low:016x}");
        let _ = write!(facts.order, "ord-{:012x}", dice.bits(40));
        let _ = write!(facts.tenant, "tenant-{tenant:03}");
        let (a, b, c) = (dice.bits(8), dice.bits(8), dice.bits(8));
        let _ = write!(facts.client, "10.{a}.{b}.{c}");
    }

    fn place(&self, dice: &mut Dice, number: usize, start_ns: u64) -> (Place, Option<[u8; 8]>) {
        let span_id = (dice.bits(64) | 1).to_be_bytes();
        if number == 0 {
            let end_ns = start_ns + dice.log_normal(18.8, 0.7) as u64; // median about 150 ms
            let place = Place {
                service: 0,
                pod: dice.below(3),
                role: Role::Server,
                start_ns,
                end_ns,
                span_id,
                depth: 0,
            };
            return (place, None);
        }
        let parent = self.parent(dice, number);
        let width_ns = (parent.end_ns - parent.start_ns) as f64;
        let start_ns = parent.start_ns + (width_ns * dice.unit() * 0.6) as u64;
        let left_ns = parent.end_ns.saturating_sub(start_ns) as f64;
        let length_ns = ((left_ns * (0.15 + 0.8 * dice.unit())) as u64).max(1000);
        let (service, pod, role) = match parent.role {
            Role::Client => (
                dice.pick(CALLS[parent.service]),
                dice.below(3),
                Role::Server,
            ),
            Role::Producer => (dice.pick(&CONSUMERS), dice.below(3), Role::Consumer),
            _ => (parent.service, parent.pod, draw_role(dice)),
        };
        let place = Place {
            service,
            pod,
            role,
            start_ns,
            end_ns: (start_ns + length_ns).min(parent.end_ns),
            span_id,
            depth: parent.depth + 1,
        };
        (place, Some(parent.span_id))
    }

    /// Returns mostly a recent span, so that trees get depth.
    fn parent(&self, dice: &mut Dice, number: usize) -> Place {
        let index = if dice.is(0.8) {
            (number - 1).saturating_sub(dice.exponential(0.35) as usize)
        } else {
            dice.below(number)
        };
        let parent = self.places[index];
        if parent.role == Role::Database || parent.depth >= DEPTH_MAX {
            return self.places[0];
        }
        parent
    }

    fn write_span(
        &mut self,
        dice: &mut Dice,
        place: &Place,
        parent: Option<[u8; 8]>,
        trace_id: [u8; 16],
        is_error: bool,
    ) {
        let span = &mut self.span;
        span.clear();
        put_bytes(span, 1, &trace_id);
        put_bytes(span, 2, &place.span_id);
        if let Some(parent) = parent {
            put_bytes(span, 4, &parent);
        }
        self.attribute_count += attributes::put_all(span, dice, place, &mut self.facts, is_error);
        self.write_events(dice, place, is_error);
        if place.role == Role::Consumer {
            self.write_links(dice);
        }
        let flags = if parent.is_some() {
            FLAGS_CHILD
        } else {
            FLAGS_ROOT
        };
        put_fixed32(&mut self.span, 16, flags);
    }

    fn write_events(&mut self, dice: &mut Dice, place: &Place, is_error: bool) {
        if is_error {
            let status =
                attributes::put_exception(&mut self.message, dice, place.end_ns, &mut self.facts);
            attributes::put_error_type(&mut self.span, &self.facts);
            self.attribute_count += 1;
            put_bytes(&mut self.span, 11, &self.message);
            put_bytes(&mut self.span, 15, &status);
        } else if dice.is(0.05) {
            let count = 1 + dice.bits(1);
            for number in 0..count {
                let time_ns = place.start_ns + (place.end_ns - place.start_ns) * (number + 1) / 3;
                attributes::put_event(&mut self.message, dice, time_ns, number, &mut self.facts);
                put_bytes(&mut self.span, 11, &self.message);
            }
        }
    }

    fn write_links(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.bits(1) {
            attributes::put_link(&mut self.message, dice);
            put_bytes(&mut self.span, 13, &self.message);
        }
    }
}

fn draw_role(dice: &mut Dice) -> Role {
    match dice.unit() {
        chance if chance < 0.34 => Role::Client,
        chance if chance < 0.66 => Role::Database,
        chance if chance < 0.94 => Role::Internal,
        _ => Role::Producer,
    }
}
