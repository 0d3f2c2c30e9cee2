//! What the writer, the readers and the appenders share.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::completions::Completions;
use crate::disk::Disk;
use crate::format::{Format, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES};
use crate::limits::{Limits, Waiter};
use crate::open::create_private;
use crate::segment::{Bounds, Damage, path_of};

/// A segment keeps the place of one record in so many bytes, to find any of them soon.
const PLACE_SPACING_BYTES: u64 = 64 * 1024;
/// A disk that fails for good must not fill the memory with sentences.
const DAMAGE_COUNT_MAX: usize = 200;

/// How far a digester is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Records that follow.
    pub record_count: u64,
    /// Bytes that these records take on disk.
    pub byte_count: u64,
    /// When the first of them was received.
    pub oldest_received_ns: Option<u64>,
    /// The newest durable record; 0 when there never was one.
    pub last_sequence: u64,
}

/// A record that waits for the next sync.
pub(crate) struct Waiting {
    pub(crate) meta: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) received_ns: u64,
    pub(crate) waiter: Waiter,
}

impl Waiting {
    pub(crate) fn record_bytes(&self) -> u64 {
        (RECORD_HEADER_BYTES + self.meta.len() + self.body.len()) as u64
    }
}

/// A segment as far as it is durable.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) first_sequence: u64,
    /// Bytes of records in all segments before it.
    pub(crate) base_position: u64,
    pub(crate) offset_end: u64,
    /// Sequence and offset of some records, ascending; never empty.
    places: Vec<(u64, u64)>,
}

impl Segment {
    pub(crate) fn new(first_sequence: u64, base_position: u64, offset_end: u64) -> Self {
        let places = vec![(first_sequence, SEGMENT_HEADER_BYTES)];
        Self {
            first_sequence,
            base_position,
            offset_end,
            places,
        }
    }

    /// How many bytes of records lie before `offset`, counted from the journal's begin.
    pub(crate) fn position_of(&self, offset: u64) -> u64 {
        self.base_position + offset.saturating_sub(SEGMENT_HEADER_BYTES)
    }

    pub(crate) fn remember_place(&mut self, sequence: u64, offset: u64) {
        let index = self.places.partition_point(|place| place.0 < sequence);
        let is_near = |place: Option<&(u64, u64)>| {
            place.is_some_and(|place| place.1.abs_diff(offset) < PLACE_SPACING_BYTES)
        };
        if is_near(self.places.get(index)) || is_near(self.places.get(index.wrapping_sub(1))) {
            return;
        }
        self.places.insert(index, (sequence, offset));
    }

    fn place_before(&self, sequence: u64) -> (u64, u64) {
        let index = self.places.partition_point(|place| place.0 <= sequence);
        let first = (self.first_sequence, SEGMENT_HEADER_BYTES);
        self.places
            .get(index.wrapping_sub(1))
            .copied()
            .unwrap_or(first)
    }
}

/// Everything that changes.
pub(crate) struct State {
    pub(crate) queue: VecDeque<Waiting>,
    /// Bytes in the queue and in the group that is being written.
    pub(crate) waiting_bytes: u64,
    pub(crate) is_closing: bool,
    /// Oldest first.
    pub(crate) segments: VecDeque<Segment>,
    pub(crate) last_sequence: u64,
    pub(crate) end_position: u64,
    pub(crate) forgotten_sequence: u64,
    pub(crate) forgotten_position: u64,
    /// Why the disk takes no more, if it does not.
    pub(crate) disk_is_low: Option<String>,
    /// Why the last attempt to write failed; None since one did not.
    pub(crate) write_failed: Option<String>,
    /// Lost sequences, first and last, ascending.
    holes: Vec<(u64, u64)>,
    damage: Vec<String>,
}

impl State {
    pub(crate) fn new(segments: VecDeque<Segment>, last_sequence: u64, end_position: u64) -> Self {
        let forgotten = segments
            .front()
            .map_or(last_sequence, |first| first.first_sequence - 1);
        Self {
            queue: VecDeque::new(),
            waiting_bytes: 0,
            is_closing: false,
            segments,
            last_sequence,
            end_position,
            forgotten_sequence: forgotten,
            forgotten_position: 0,
            disk_is_low: None,
            write_failed: None,
            holes: Vec::new(),
            damage: Vec::new(),
        }
    }

    pub(crate) fn undigested_bytes(&self) -> u64 {
        self.end_position.saturating_sub(self.forgotten_position)
    }

    /// The last sequence that need not be looked for: what follows it may be readable.
    pub(crate) fn skip_lost(&self, after: u64) -> u64 {
        let first = self
            .segments
            .front()
            .map_or(0, |segment| segment.first_sequence - 1);
        let after = after.max(first);
        let index = self.holes.partition_point(|hole| hole.1 <= after);
        match self.holes.get(index) {
            Some(hole) if hole.0 <= after + 1 => hole.1,
            _ => after,
        }
    }

    /// The index of the segment in which this sequence lies, and where to begin looking.
    pub(crate) fn find(&self, sequence: u64) -> Option<(usize, Bounds)> {
        let behind = self
            .segments
            .partition_point(|one| one.first_sequence <= sequence);
        let index = behind.checked_sub(1)?;
        let segment = self.segments.get(index)?;
        let (place_sequence, offset) = segment.place_before(sequence);
        let sequence_end = match self.segments.get(behind) {
            Some(next) => next.first_sequence,
            None => self.last_sequence + 1,
        };
        let bounds = Bounds {
            sequence: place_sequence,
            offset,
            sequence_end: Some(sequence_end),
            offset_end: segment.offset_end,
        };
        Some((index, bounds))
    }

    pub(crate) fn segment_mut(&mut self, first_sequence: u64) -> Option<&mut Segment> {
        self.segments
            .iter_mut()
            .rev()
            .find(|one| one.first_sequence == first_sequence)
    }

    /// Remember that these were lost; false when it was known.
    pub(crate) fn add_hole(&mut self, first: u64, last: u64) -> bool {
        let index = self.holes.partition_point(|hole| hole.1 < first);
        if self
            .holes
            .get(index)
            .is_some_and(|hole| hole.0 <= first && last <= hole.1)
        {
            return false;
        }
        self.holes.insert(index, (first, last));
        // Neighbours become one, so that skipping them is one step.
        self.holes.dedup_by(|next, before| {
            let touches = next.0 <= before.1 + 1;
            if touches {
                before.1 = before.1.max(next.1);
            }
            touches
        });
        true
    }

    pub(crate) fn add_damage(&mut self, sentence: String) {
        if self.damage.len() < DAMAGE_COUNT_MAX {
            self.damage.push(sentence);
        } else if self.damage.len() == DAMAGE_COUNT_MAX {
            self.damage
                .push("more damage was found than is listed".to_owned());
        }
    }
}

/// The state, and what never changes.
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    /// The writer waits for records.
    pub(crate) work: Condvar,
    /// Readers wait for durable records.
    pub(crate) durable: Condvar,
    pub(crate) completions: Completions,
    pub(crate) limits: Limits,
    pub(crate) format: Format,
    pub(crate) folder: PathBuf,
    pub(crate) disk: Box<dyn Disk>,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn damage(&self) -> Vec<String> {
        self.lock().damage.clone()
    }

    /// Note what a walk could not read, once, and keep its bytes aside for a person to look at.
    pub(crate) fn note_damage(&self, first_sequence: u64, file: &File, damage: &Damage) {
        if damage.first <= damage.last && !self.lock().add_hole(damage.first, damage.last) {
            return;
        }
        let what = match damage.last.checked_sub(damage.first) {
            Some(0) => format!("record {} is lost", damage.first),
            Some(_) => format!("records {} to {} are lost", damage.first, damage.last),
            None => "no record is lost".to_owned(),
        };
        let aside = self.folder.join(format!("damaged-{}.bin", damage.first));
        let kept = match keep_aside(file, damage, &aside) {
            Ok(()) => format!("kept in {}", aside.display()),
            Err(error) => format!("not kept aside: {error}"),
        };
        let sentence = format!(
            "{} has {} unreadable bytes at {}: {what}, the bytes are {kept}",
            path_of(&self.folder, first_sequence).display(),
            damage.byte_count,
            damage.offset,
        );
        self.lock().add_damage(sentence);
    }
}

fn keep_aside(file: &File, damage: &Damage, aside: &Path) -> std::io::Result<()> {
    let mut source = file;
    let mut target = create_private(aside)?;
    source.seek(SeekFrom::Start(damage.offset))?;
    std::io::copy(&mut source.take(damage.byte_count), &mut target)?;
    target.sync_all()
}

/// A lock whose holder panicked still guards counters that are whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
