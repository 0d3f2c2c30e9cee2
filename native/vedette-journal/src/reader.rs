//! Reading what is durable, from files, from any place.

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::segment::{Bounds, Damage, Step, Walk, path_of};
use crate::state::{Lag, Shared, lock};

/// A segment may be deleted between looking it up and opening it.
const ATTEMPT_COUNT_MAX: usize = 5;
/// Nobody waits longer for a record, whatever was asked.
const WAIT_MAX: Duration = Duration::from_hours(1);

/// A record as it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub sequence: u64,
    /// What the appender said about it.
    pub meta: Vec<u8>,
    /// What was sent.
    pub body: Vec<u8>,
}

/// How much one read may give.
#[derive(Clone, Copy, Debug)]
struct Portion {
    record_count_max: usize,
    byte_count_max: u64,
}

/// Reads, and remembers where the last read ended.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    cursor: Mutex<Option<Cursor>>,
    lag: Mutex<Option<Place>>,
}

/// An open segment and the place in it where the next read will probably begin.
#[derive(Clone, Debug)]
struct Cursor {
    first_sequence: u64,
    file: Arc<File>,
    sequence: u64,
    offset: u64,
}

/// Where the record behind `after` lies.
#[derive(Clone, Copy, Debug)]
struct Place {
    after: u64,
    position: u64,
    received_ns: Option<u64>,
}

impl Reader {
    /// Give what follows `after`, waiting for the first record up to `wait`.
    pub(crate) fn read(
        &self,
        shared: &Shared,
        after: u64,
        (record_count_max, byte_count_max): (usize, u64),
        wait: Duration,
    ) -> io::Result<Vec<Record>> {
        let deadline = Instant::now() + wait.min(WAIT_MAX);
        let portion = Portion {
            record_count_max: record_count_max.max(1),
            byte_count_max,
        };
        loop {
            let Some(after) = wait_for_more(shared, after, deadline) else {
                return Ok(Vec::new());
            };
            let mut records = Vec::new();
            let mut byte_count = 0;
            let mut cursor = lock(&self.cursor);
            let mut next = after + 1;
            while let Some(at) = go_to(shared, &mut cursor, next)? {
                let is_enough = fill(shared, at, portion, &mut records, &mut byte_count)?;
                if is_enough || at.sequence <= next {
                    break;
                }
                next = at.sequence;
            }
            // Nothing, when all that followed was damaged: that is skipped now, so wait again.
            if !records.is_empty() {
                return Ok(records);
            }
        }
    }

    /// Tell what lies behind `after`; cheap when asked again for the same place.
    pub(crate) fn lag(&self, shared: &Shared, after: u64) -> io::Result<Lag> {
        let state = shared.lock();
        let (last_sequence, end_position) = (state.last_sequence, state.end_position);
        let after = state.skip_lost(after).min(last_sequence);
        drop(state);
        let record_count = last_sequence - after;
        if record_count == 0 {
            return Ok(Lag {
                record_count,
                byte_count: 0,
                oldest_received_ns: None,
                last_sequence,
            });
        }
        let place = self.place_after(shared, after)?;
        Ok(Lag {
            record_count,
            byte_count: end_position.saturating_sub(place.position),
            oldest_received_ns: place.received_ns,
            last_sequence,
        })
    }

    /// How many bytes of records lie up to and with `sequence`, which must be durable.
    pub(crate) fn position_behind(&self, shared: &Shared, sequence: u64) -> io::Result<u64> {
        let state = shared.lock();
        if sequence >= state.last_sequence {
            return Ok(state.end_position);
        }
        drop(state);
        Ok(self.place_after(shared, sequence)?.position)
    }

    /// Let go of the segment that is open.
    pub(crate) fn close(&self) {
        *lock(&self.cursor) = None;
    }

    fn place_after(&self, shared: &Shared, after: u64) -> io::Result<Place> {
        if let Some(place) = lock(&self.lag).filter(|place| place.after == after) {
            return Ok(place);
        }
        let mut cursor = None;
        let Some(at) = go_to(shared, &mut cursor, after + 1)? else {
            let position = shared.lock().end_position;
            return Ok(Place {
                after,
                position,
                received_ns: None,
            });
        };
        let state = shared.lock();
        let found = state.find(at.sequence);
        let segment = found.and_then(|(index, _)| state.segments.get(index));
        let position = segment.map_or(state.end_position, |one| one.position_of(at.offset));
        drop(state);
        let received_ns = match bounds_from(shared, at) {
            Some(bounds) => match Walk::new(&at.file, &shared.format, bounds).step()? {
                Step::Record(_, header) => Some(header.received_ns),
                Step::Damage(_) | Step::End => None,
            },
            None => None,
        };
        let place = Place {
            after,
            position,
            received_ns,
        };
        *lock(&self.lag) = Some(place);
        Ok(place)
    }
}

/// Wait until something durable follows; return behind what to look for it.
fn wait_for_more(shared: &Shared, after: u64, deadline: Instant) -> Option<u64> {
    let mut state = shared.lock();
    loop {
        let effective = state.skip_lost(after);
        if state.last_sequence > effective {
            return Some(effective);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || state.is_closing {
            return None;
        }
        let waited = shared.durable.wait_timeout(state, left);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}

/// Bring the cursor to the first record at or behind `sequence`; None when there is none.
fn go_to<'c>(
    shared: &Shared,
    cursor: &'c mut Option<Cursor>,
    sequence: u64,
) -> io::Result<Option<&'c mut Cursor>> {
    for _attempt in 0..ATTEMPT_COUNT_MAX {
        let state = shared.lock();
        let wanted = state.skip_lost(sequence - 1) + 1;
        let found = if wanted > state.last_sequence {
            None
        } else {
            state.find(wanted)
        };
        let first = found.and_then(|(index, _)| state.segments.get(index));
        let first = first.map(|segment| segment.first_sequence);
        drop(state);
        let (Some((_, bounds)), Some(first_sequence)) = (found, first) else {
            return Ok(None);
        };
        let is_there = cursor
            .as_ref()
            .is_some_and(|at| at.first_sequence == first_sequence && at.sequence == wanted);
        if is_there {
            return Ok(cursor.as_mut());
        }
        match File::open(path_of(&shared.folder, first_sequence)) {
            Ok(file) => {
                let file = Arc::new(file);
                let at = walk_to(shared, first_sequence, &file, bounds, wanted)?;
                let (sequence, offset) = at;
                return Ok(Some(cursor.insert(Cursor {
                    first_sequence,
                    file,
                    sequence,
                    offset,
                })));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::NotFound,
        "journal segments vanish while they are read",
    ))
}

/// Go from header to header until the next one is `wanted` or behind.
fn walk_to(
    shared: &Shared,
    first_sequence: u64,
    file: &File,
    bounds: Bounds,
    wanted: u64,
) -> io::Result<(u64, u64)> {
    let mut walk = Walk::new(file, &shared.format, bounds);
    let mut places = Vec::new();
    while walk.at.sequence < wanted {
        match walk.step()? {
            Step::Record(..) => places.push((walk.at.sequence, walk.at.offset)),
            Step::Damage(damage) => shared.note_damage(first_sequence, file, &damage),
            Step::End => break,
        }
    }
    remember(shared, first_sequence, &places);
    Ok((walk.at.sequence, walk.at.offset))
}

fn remember(shared: &Shared, first_sequence: u64, places: &[(u64, u64)]) {
    let mut state = shared.lock();
    if let Some(segment) = state.segment_mut(first_sequence) {
        for (sequence, offset) in places {
            segment.remember_place(*sequence, *offset);
        }
    }
}

/// How far the cursor's segment goes now; None when it was deleted.
fn bounds_from(shared: &Shared, at: &Cursor) -> Option<Bounds> {
    let state = shared.lock();
    let (index, bounds) = state.find(at.sequence)?;
    let segment = state.segments.get(index)?;
    let is_same = segment.first_sequence == at.first_sequence;
    is_same.then_some(Bounds {
        sequence: at.sequence,
        offset: at.offset,
        ..bounds
    })
}

/// Read records from the cursor on, to the end of its segment; true when the portion is full.
fn fill(
    shared: &Shared,
    at: &mut Cursor,
    portion: Portion,
    records: &mut Vec<Record>,
    byte_count: &mut u64,
) -> io::Result<bool> {
    let Some(bounds) = bounds_from(shared, at) else {
        return Ok(false);
    };
    let file = Arc::clone(&at.file);
    let mut walk = Walk::new(&file, &shared.format, bounds);
    loop {
        let before = walk.at;
        let mut is_full = records.len() >= portion.record_count_max;
        if !is_full {
            match walk.step()? {
                Step::End => return Ok(false),
                Step::Damage(damage) => shared.note_damage(at.first_sequence, &file, &damage),
                Step::Record(offset, header) => {
                    let sum = *byte_count + header.payload_bytes();
                    if !records.is_empty() && sum > portion.byte_count_max {
                        walk.at = before;
                        is_full = true;
                    } else if let Some((meta, body)) = walk.payload(offset, &header)? {
                        *byte_count = sum;
                        records.push(Record {
                            sequence: header.sequence,
                            meta,
                            body,
                        });
                    } else {
                        let damage = Damage {
                            offset,
                            byte_count: header.record_bytes(),
                            first: header.sequence,
                            last: header.sequence,
                        };
                        shared.note_damage(at.first_sequence, &file, &damage);
                    }
                }
            }
        }
        (at.sequence, at.offset) = (walk.at.sequence, walk.at.offset);
        if is_full {
            remember(shared, at.first_sequence, &[(at.sequence, at.offset)]);
            return Ok(true);
        }
    }
}
