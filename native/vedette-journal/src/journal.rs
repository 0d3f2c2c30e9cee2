//! The journal as its users see it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::completions::Completions;
use crate::disk::{Disk, RealDisk};
use crate::limits::{Limits, Refusal, Waiter};
use crate::open::{open, write_id};
use crate::reader::{Reader, Record};
use crate::segment::path_of;
use crate::state::{Lag, Shared, State, Waiting, lock};
use crate::writer::{Writer, remove_digested};

/// A journal that has no room for so much refuses nearly everything.
const SMALL_RECORD_BYTES: u64 = 64 * 1024;

/// Records in the order in which they became durable, numbered 1, 2, 3, … without gaps.
pub struct Journal {
    shared: Arc<Shared>,
    reader: Reader,
    writer: Mutex<Option<JoinHandle<()>>>,
    lock: Mutex<Option<File>>,
}

impl Journal {
    /// Open the journal in `folder`; make one if there is none.
    ///
    /// # Errors
    /// Another process has the folder, it cannot be read, or it is not a journal's.
    pub fn open(folder: &Path, limits: Limits) -> io::Result<Self> {
        Self::open_on(Box::new(RealDisk), folder, limits)
    }

    /// The same, writing through `disk`.
    ///
    /// # Errors
    /// As for `open`.
    pub fn open_on(disk: Box<dyn Disk>, folder: &Path, limits: Limits) -> io::Result<Self> {
        let opened = open(folder)?;
        let mut state = State::new(opened.segments, opened.last_sequence, opened.end_position);
        for sentence in opened.sentences {
            state.add_damage(sentence);
        }
        let last_segment = state.segments.back().map(|segment| segment.first_sequence);
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            work: Condvar::new(),
            durable: Condvar::new(),
            completions: Completions::new()?,
            limits,
            format: opened.format,
            folder: folder.to_owned(),
            disk,
        });
        if let (Some(first_sequence), false) = (last_segment, opened.damages.is_empty()) {
            let file = File::open(path_of(folder, first_sequence))?;
            for damage in &opened.damages {
                shared.note_damage(first_sequence, &file, damage);
            }
        }
        let writer = Writer::new(Arc::clone(&shared));
        let thread = thread::Builder::new()
            .name("journal-writer".to_owned())
            .spawn(|| writer.run())?;
        Ok(Self {
            shared,
            reader: Reader::default(),
            writer: Mutex::new(Some(thread)),
            lock: Mutex::new(Some(opened.lock)),
        })
    }

    /// 32 hex digits, made when the journal was.
    #[must_use]
    pub fn journal_id(&self) -> String {
        write_id(self.shared.format.journal_id())
    }

    /// Take a record; `waiter` hears when it is durable, or why it is not.
    ///
    /// # Errors
    /// The record is refused at once, and the waiter hears nothing.
    pub fn append(
        &self,
        meta: Vec<u8>,
        body: Vec<u8>,
        received_ns: u64,
        waiter: Waiter,
    ) -> Result<(), Refusal> {
        let record = Waiting {
            meta,
            body,
            received_ns,
            waiter,
        };
        let byte_count = record.record_bytes();
        let limits = &self.shared.limits;
        let mut state = self.shared.lock();
        if state.is_closing {
            return Err(Refusal::Closed);
        }
        if let Some(sentence) = &state.disk_is_low {
            return Err(Refusal::Full(sentence.clone()));
        }
        let sum = state.undigested_bytes() + state.waiting_bytes + byte_count;
        if sum > limits.bytes_max {
            let sentence = format!(
                "the journal would hold {sum} undigested bytes, {} are allowed",
                limits.bytes_max
            );
            return Err(Refusal::Full(sentence));
        }
        let is_alone = state.waiting_bytes == 0;
        if !is_alone && state.waiting_bytes + byte_count > limits.waiting_bytes_max {
            let sentence = format!("{} bytes wait for the disk", state.waiting_bytes);
            return Err(Refusal::Busy(sentence));
        }
        state.waiting_bytes += byte_count;
        state.queue.push_back(record);
        drop(state);
        self.shared.work.notify_one();
        Ok(())
    }

    /// What became of the records that were appended with a ticket.
    #[must_use]
    pub fn completions(&self) -> &Completions {
        &self.shared.completions
    }

    /// Give durable records that follow `after`, oldest first, waiting up to `wait` for the first.
    ///
    /// Ends before `byte_count_max` is passed, but always gives at least one. Damaged records are
    /// left out.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub fn read(
        &self,
        after: u64,
        record_count_max: usize,
        byte_count_max: u64,
        wait: Duration,
    ) -> io::Result<Vec<Record>> {
        self.reader.read(
            &self.shared,
            after,
            (record_count_max, byte_count_max),
            wait,
        )
    }

    /// Allow the deletion of every record up to this one.
    ///
    /// # Errors
    /// The disk cannot be read; nothing is forgotten then.
    pub fn forget(&self, up_to: u64) -> io::Result<()> {
        let state = self.shared.lock();
        let up_to = state.skip_lost(up_to).min(state.last_sequence);
        let is_known = up_to <= state.forgotten_sequence;
        drop(state);
        if is_known {
            return Ok(());
        }
        let position = self.reader.position_behind(&self.shared, up_to)?;
        let mut state = self.shared.lock();
        state.forgotten_sequence = state.forgotten_sequence.max(up_to);
        state.forgotten_position = state.forgotten_position.max(position);
        drop(state);
        remove_digested(&self.shared);
        Ok(())
    }

    /// Give no number up to `sequence` to a record: whoever reads has done with these. Called
    /// before the first record is taken.
    ///
    /// A journal ends before that when files of it were lost, and records that got the old numbers
    /// again would never be read.
    pub fn number_behind(&self, sequence: u64) {
        let mut state = self.shared.lock();
        let first = state.last_sequence + 1;
        if sequence < first {
            return;
        }
        state.add_hole(first, sequence);
        state.last_sequence = sequence;
        state.add_damage(format!(
            "{} ends before record {first}, though records up to {sequence} were taken: what of \
             them was not digested is lost, and the next one is {}",
            self.shared.folder.display(),
            sequence + 1,
        ));
    }

    /// Tell what lies after `after`.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub fn lag(&self, after: u64) -> io::Result<Lag> {
        self.reader.lag(&self.shared, after)
    }

    /// Why no record is taken at this moment; None when one would be.
    ///
    /// A failed write is tried again every second by itself, so the answer does not wait for the
    /// next record.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        let state = self.shared.lock();
        if state.is_closing {
            return Some(Refusal::Closed.to_string());
        }
        let disk = state.disk_is_low.as_ref().or(state.write_failed.as_ref());
        if let Some(sentence) = disk {
            return Some(sentence.clone());
        }
        let (sum, bytes_max) = (state.undigested_bytes(), self.shared.limits.bytes_max);
        (sum + SMALL_RECORD_BYTES > bytes_max)
            .then(|| format!("the journal holds {sum} undigested bytes, {bytes_max} are allowed"))
    }

    /// A sentence for each damage found since the journal was opened.
    #[must_use]
    pub fn damage(&self) -> Vec<String> {
        self.shared.damage()
    }

    /// Make durable what was taken, then refuse everything and give the folder free.
    pub fn close(&self) {
        self.shared.lock().is_closing = true;
        self.shared.work.notify_one();
        self.shared.durable.notify_all();
        if let Some(thread) = lock(&self.writer).take() {
            // Its panic was printed where it happened, and it told every waiter.
            let _panic_was_printed = thread.join();
        }
        self.reader.close();
        *lock(&self.lock) = None;
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}
