//! A disk that asks a hook before every call, and what the tests do with a journal on it.

#![allow(dead_code, reason = "each test uses its part")]

use std::io::{self, IoSlice};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::io::Errno;
use vedette_journal::{Disk, DiskFile, Journal, Limits, RealDisk, Refusal, Waiter};

pub(crate) const LIMITS: Limits = Limits {
    bytes_max: 1 << 30,
    waiting_bytes_max: 1 << 20,
    disk_free_bytes_min: 0,
    segment_bytes: 2_000,
    retire_after: Duration::from_hours(1),
};

/// What the journal is about to do.
pub(crate) enum Call {
    Create {
        file: u64,
        name: String,
        size: u64,
    },
    Write {
        file: u64,
        offset: u64,
        bytes: Vec<u8>,
    },
    Sync {
        file: u64,
    },
    Truncate {
        file: u64,
        size: u64,
    },
    Remove {
        name: String,
    },
    SyncFolder,
    FreeBytes,
}

/// What shall happen.
pub(crate) enum Answer {
    Do,
    /// Write so many bytes and no more; report them as free.
    Only(usize),
    Fail(Errno),
}

pub(crate) type Hook = Arc<dyn Fn(&Call) -> Answer + Send + Sync>;

pub(crate) struct WatchedDisk {
    hook: Hook,
    file_count: AtomicU64,
}

struct WatchedFile {
    hook: Hook,
    number: u64,
    real: Box<dyn DiskFile>,
}

impl WatchedDisk {
    pub(crate) fn boxed(hook: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Box<dyn Disk> {
        Box::new(Self {
            hook: Arc::new(hook),
            file_count: AtomicU64::new(0),
        })
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn allowed(answer: &Answer) -> io::Result<()> {
    match answer {
        Answer::Do | Answer::Only(_) => Ok(()),
        Answer::Fail(errno) => Err((*errno).into()),
    }
}

impl Disk for WatchedDisk {
    fn create(&self, path: &Path, size: u64) -> io::Result<Box<dyn DiskFile>> {
        let number = self.file_count.fetch_add(1, Ordering::Relaxed);
        allowed(&(self.hook)(&Call::Create {
            file: number,
            name: name_of(path),
            size,
        }))?;
        let real = RealDisk.create(path, size)?;
        Ok(Box::new(WatchedFile {
            hook: Arc::clone(&self.hook),
            number,
            real,
        }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        allowed(&(self.hook)(&Call::Remove {
            name: name_of(path),
        }))?;
        RealDisk.remove(path)
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        allowed(&(self.hook)(&Call::SyncFolder))
    }

    fn free_bytes(&self, _folder: &Path) -> io::Result<u64> {
        match (self.hook)(&Call::FreeBytes) {
            Answer::Do => Ok(u64::MAX),
            Answer::Only(count) => Ok(count as u64),
            Answer::Fail(errno) => Err(errno.into()),
        }
    }
}

impl DiskFile for WatchedFile {
    fn write_at(&self, slices: &[IoSlice<'_>], offset: u64) -> io::Result<usize> {
        let bytes: Vec<u8> = slices
            .iter()
            .flat_map(|slice| slice.iter().copied())
            .collect();
        let call = Call::Write {
            file: self.number,
            offset,
            bytes,
        };
        let answer = (self.hook)(&call);
        allowed(&answer)?;
        let Call::Write { mut bytes, .. } = call else {
            unreachable!()
        };
        if let Answer::Only(count) = answer {
            bytes.truncate(count);
        }
        self.real.write_at(&[IoSlice::new(&bytes)], offset)
    }

    fn sync(&self) -> io::Result<()> {
        allowed(&(self.hook)(&Call::Sync { file: self.number }))
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        allowed(&(self.hook)(&Call::Truncate {
            file: self.number,
            size,
        }))?;
        self.real.truncate(size)
    }
}

/// Append, and return where the outcome will arrive.
pub(crate) fn append(journal: &Journal, body: &[u8]) -> Receiver<Result<u64, Refusal>> {
    let (tell, told) = channel();
    let tell = Mutex::new(Some(tell));
    let waiter = Waiter::Callback(Box::new(move |outcome| {
        let tell = tell.lock().unwrap().take().unwrap();
        tell.send(outcome).ok();
    }));
    if let Err(refusal) = journal.append(b"meta".to_vec(), body.to_vec(), 1, waiter) {
        let (tell, told) = channel();
        tell.send(Err(refusal)).unwrap();
        return told;
    }
    told
}

/// Append, and wait for the outcome.
pub(crate) fn append_now(journal: &Journal, body: &[u8]) -> Result<u64, Refusal> {
    append(journal, body).recv().unwrap()
}

/// Sequence and body of everything behind `after`.
pub(crate) fn read_all(journal: &Journal, after: u64) -> Vec<(u64, Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = after;
    loop {
        let records = journal.read(at, 3, 1_000, Duration::ZERO).unwrap();
        let Some(last) = records.last() else {
            return found;
        };
        at = last.sequence;
        found.extend(
            records
                .into_iter()
                .map(|record| (record.sequence, record.body)),
        );
    }
}
