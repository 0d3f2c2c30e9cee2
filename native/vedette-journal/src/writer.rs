//! The one thread that writes: takes what waits, writes, syncs once, tells everyone.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::completions::Completion;
use crate::disk::DiskFile;
use crate::format::SEGMENT_HEADER_BYTES;
use crate::group;
use crate::limits::{Refusal, Waiter};
use crate::segment::path_of;
use crate::state::{Segment, Shared, Waiting};

/// Larger groups would keep their first record waiting for the last.
const GROUP_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How often free space is looked at, whether or not there is work.
const DISK_CHECK_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct Writer {
    shared: Arc<Shared>,
    current: Option<Current>,
    disk_checked: Instant,
    written: Instant,
}

/// The segment that is being written.
struct Current {
    file: Box<dyn DiskFile>,
    /// Behind the last durable record.
    offset: u64,
    size: u64,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let now = Instant::now();
        let mut writer = Self {
            shared,
            current: None,
            disk_checked: now,
            written: now,
        };
        writer.check_disk();
        writer
    }

    /// Work until the journal is closed and nothing waits.
    pub(crate) fn run(mut self) {
        while let Some(group) = self.take_group() {
            if !group.is_empty() {
                self.take_in(group);
                self.written = Instant::now();
            }
            if self.disk_checked.elapsed() >= DISK_CHECK_INTERVAL {
                self.check_disk();
                self.try_again();
                self.retire_digested();
            }
        }
        // Cutting the reserved tail is a courtesy: opening would find the end as well.
        let _end_is_found_at_open = self.seal();
    }

    /// What waits now; empty when it is time to look at the disk; None when all is done.
    fn take_group(&self) -> Option<Vec<Waiting>> {
        let mut state = self.shared.lock();
        let wait = DISK_CHECK_INTERVAL.saturating_sub(self.disk_checked.elapsed());
        if state.queue.is_empty() && !state.is_closing {
            let waited = self.shared.work.wait_timeout(state, wait);
            state = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        if state.queue.is_empty() {
            return (!state.is_closing).then(Vec::new);
        }
        let mut byte_count = 0;
        let mut count = 0;
        for record in &state.queue {
            byte_count += record.record_bytes();
            if count > 0 && byte_count > GROUP_BYTES_MAX {
                break;
            }
            count += 1;
        }
        Some(state.queue.drain(..count).collect())
    }

    /// Make the records durable, in as many segments as they need.
    fn take_in(&mut self, mut group: Vec<Waiting>) {
        while let Some(first) = group.first() {
            let first_bytes = first.record_bytes();
            let written = self.room_for(first_bytes).and_then(|room| {
                let count = count_that_fit(&group, room);
                let rest = group.split_off(count.min(group.len()));
                let records = mem::replace(&mut group, rest);
                self.write(records)
            });
            if let Err(refusal) = written {
                self.shared.lock().write_failed = Some(refusal.to_string());
                self.refuse(mem::take(&mut group), &refusal);
            }
        }
    }

    /// Write and sync records that fit into the current segment, and tell their waiters.
    fn write(&mut self, records: Vec<Waiting>) -> Result<(), Refusal> {
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        let first_sequence = self.shared.lock().last_sequence + 1;
        let format = &self.shared.format;
        let file = current.file.as_ref();
        let written = group::write(file, format, &records, first_sequence, current.offset)
            .map_err(|error| Refusal::from_disk("writing the journal", &error))
            .and_then(|ends| match file.sync() {
                Ok(()) => Ok(ends),
                Err(error) => Err(Refusal::from_disk("syncing the journal", &error)),
            });
        match written {
            Ok(ends) => {
                current.offset = ends.last().copied().unwrap_or(current.offset);
                self.commit(records, first_sequence, &ends);
                Ok(())
            }
            Err(refusal) => {
                self.distrust();
                self.refuse(records, &refusal);
                Err(refusal)
            }
        }
    }

    fn commit(&self, records: Vec<Waiting>, first_sequence: u64, ends: &[u64]) {
        let mut state = self.shared.lock();
        state.write_failed = None;
        let mut byte_count = 0;
        if let Some(segment) = state.segments.back_mut() {
            for ((record, end), sequence) in records.iter().zip(ends).zip(first_sequence..) {
                byte_count += record.record_bytes();
                segment.remember_place(sequence + 1, *end);
                segment.offset_end = *end;
            }
        }
        state.last_sequence += records.len() as u64;
        state.end_position += byte_count;
        state.waiting_bytes = state.waiting_bytes.saturating_sub(byte_count);
        drop(state);
        self.shared.durable.notify_all();
        let outcomes = (first_sequence..).map(Ok);
        tell(
            &self.shared,
            records
                .into_iter()
                .map(|record| record.waiter)
                .zip(outcomes),
        );
    }

    fn refuse(&self, records: Vec<Waiting>, refusal: &Refusal) {
        refuse(&self.shared, records, refusal);
    }

    /// Make sure that the current segment takes a record of this size; return the room in it.
    fn room_for(&mut self, byte_count: u64) -> Result<u64, Refusal> {
        if let Some(current) = &self.current {
            let room = current.size - current.offset;
            if room >= byte_count {
                return Ok(room);
            }
        }
        let current = self.begin_segment(SEGMENT_HEADER_BYTES + byte_count)?;
        let room = current.size - current.offset;
        self.current = Some(current);
        Ok(room)
    }

    /// End the current segment and make the next.
    fn begin_segment(&mut self, size_min: u64) -> Result<Current, Refusal> {
        let shared = &self.shared;
        let size = shared.limits.segment_bytes.max(size_min);
        if let Some(sentence) = disk_is_low(shared, size) {
            shared.lock().disk_is_low = Some(sentence.clone());
            return Err(Refusal::Full(sentence));
        }
        // A tail that cannot be cut is no reason to stop: what lies in it is never looked at.
        let _tail_is_ignored = self.seal();
        let shared = &self.shared;
        let first_sequence = shared.lock().last_sequence + 1;
        let path = path_of(&shared.folder, first_sequence);
        let begun = shared.disk.remove(&path).and_then(|()| {
            let file = shared.disk.create(&path, size)?;
            write_segment_header(file.as_ref(), &shared.format.segment_header())?;
            shared.disk.sync_folder(&shared.folder)?;
            Ok(file)
        });
        let file = match begun {
            Ok(file) => file,
            Err(error) => {
                // Should it stay, it holds nothing and the next try removes it first.
                let _tried_again_later = shared.disk.remove(&path);
                return Err(Refusal::from_disk("beginning a journal segment", &error));
            }
        };
        let mut state = shared.lock();
        // A segment of the same name was begun, failed before its first record, and is gone.
        if state
            .segments
            .back()
            .is_some_and(|last| last.first_sequence == first_sequence)
        {
            state.segments.pop_back();
        }
        let base = state.end_position;
        state
            .segments
            .push_back(Segment::new(first_sequence, base, SEGMENT_HEADER_BYTES));
        Ok(Current {
            file,
            offset: SEGMENT_HEADER_BYTES,
            size,
        })
    }

    /// After a failed write or sync nobody knows what is on the disk: never go on in this segment.
    fn distrust(&mut self) {
        if let Err(error) = self.seal() {
            let sentence = format!("a journal segment could not be cut after a failure: {error}");
            self.shared.lock().add_damage(sentence);
        }
    }

    /// Leave the current segment, cut behind its last durable record.
    fn seal(&mut self) -> std::io::Result<()> {
        match self.current.take() {
            Some(current) => current.file.truncate(current.offset),
            None => Ok(()),
        }
    }

    fn check_disk(&mut self) {
        // Who has no segment to write to needs room for a whole one.
        let wanted = match self.current {
            Some(_) => 0,
            None => self.shared.limits.segment_bytes,
        };
        let low = disk_is_low(&self.shared, wanted);
        self.shared.lock().disk_is_low = low;
        self.disk_checked = Instant::now();
    }

    /// After a failure: see whether a segment can be begun now, before a record needs it.
    fn try_again(&mut self) {
        if self.shared.lock().write_failed.is_none() {
            return;
        }
        match self.begin_segment(SEGMENT_HEADER_BYTES) {
            Ok(current) => {
                self.current = Some(current);
                self.shared.lock().write_failed = None;
            }
            Err(refusal) => self.shared.lock().write_failed = Some(refusal.to_string()),
        }
    }

    /// Begin a new segment when the last is digested and idle, and delete the old ones.
    fn retire_digested(&mut self) {
        let state = self.shared.lock();
        let is_digested = state.forgotten_sequence >= state.last_sequence;
        let has_records = state
            .segments
            .back()
            .is_some_and(|last| last.first_sequence <= state.last_sequence);
        drop(state);
        if !is_digested || !has_records || self.written.elapsed() < self.shared.limits.retire_after
        {
            return;
        }
        // No room for a new segment: the old one stays, and the next record hears about it.
        if let Ok(current) = self.begin_segment(SEGMENT_HEADER_BYTES) {
            self.current = Some(current);
            remove_digested(&self.shared);
        }
    }
}

impl Drop for Writer {
    /// Whatever ends the thread: nobody waits for ever.
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.is_closing = true;
        let records = mem::take(&mut state.queue).into();
        drop(state);
        refuse(&self.shared, records, &Refusal::Closed);
        self.shared.durable.notify_all();
    }
}

fn refuse(shared: &Shared, records: Vec<Waiting>, refusal: &Refusal) {
    let byte_count: u64 = records.iter().map(Waiting::record_bytes).sum();
    let mut state = shared.lock();
    state.waiting_bytes = state.waiting_bytes.saturating_sub(byte_count);
    drop(state);
    let outcomes = std::iter::repeat_with(|| Err(refusal.clone()));
    tell(
        shared,
        records
            .into_iter()
            .map(|record| record.waiter)
            .zip(outcomes),
    );
}

fn tell(shared: &Shared, told: impl Iterator<Item = (Waiter, Result<u64, Refusal>)>) {
    let mut tickets: Vec<Completion> = Vec::new();
    for (waiter, outcome) in told {
        match waiter {
            Waiter::Callback(call) => call(outcome),
            Waiter::Ticket(ticket) => tickets.push((ticket, outcome)),
        }
    }
    shared.completions.add(tickets);
}

/// Delete every segment but the last of which all records are digested.
pub(crate) fn remove_digested(shared: &Shared) {
    let mut state = shared.lock();
    let next_wanted = state.forgotten_sequence + 1;
    let mut digested = Vec::new();
    while state
        .segments
        .get(1)
        .is_some_and(|next| next.first_sequence <= next_wanted)
    {
        digested.extend(
            state
                .segments
                .pop_front()
                .map(|segment| segment.first_sequence),
        );
    }
    drop(state);
    for first_sequence in digested {
        let path = path_of(&shared.folder, first_sequence);
        if let Err(error) = shared.disk.remove(&path) {
            let sentence = format!("{} could not be deleted: {error}", path.display());
            shared.lock().add_damage(sentence);
        }
    }
}

fn count_that_fit(group: &[Waiting], room: u64) -> usize {
    let mut byte_count = 0;
    let fits = |record: &&Waiting| {
        byte_count += record.record_bytes();
        byte_count <= room
    };
    group.iter().take_while(fits).count()
}

fn write_segment_header(file: &dyn DiskFile, header: &[u8]) -> std::io::Result<()> {
    let mut written = 0;
    while let Some(rest) = header.get(written..).filter(|rest| !rest.is_empty()) {
        match file.write_at(&[std::io::IoSlice::new(rest)], written as u64)? {
            0 => return Err(std::io::ErrorKind::WriteZero.into()),
            count => written += count,
        }
    }
    file.sync()
}

/// Say why the disk takes no more when `wanted` bytes of it are used; None when it does.
fn disk_is_low(shared: &Shared, wanted: u64) -> Option<String> {
    let floor = shared.limits.disk_free_bytes_min;
    match shared.disk.free_bytes(&shared.folder) {
        Ok(free) if free < floor.saturating_add(wanted) => Some(format!(
            "the disk has {free} bytes left, {wanted} more are needed and {floor} must stay free",
        )),
        Ok(_) => None,
        Err(error) => Some(format!(
            "the free space of the disk cannot be read: {error}"
        )),
    }
}
