//! Finished records for a waiter that watches a file descriptor, such as an event loop.

use std::mem;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, PoisonError};

use rustix::event::{EventfdFlags, eventfd};

use crate::limits::Refusal;

/// A ticket, and what became of its record.
pub type Completion = (u64, Result<u64, Refusal>);

/// What was finished since the list was last taken. The descriptor is readable while there is any.
#[derive(Debug)]
pub struct Completions {
    finished: Mutex<Vec<Completion>>,
    signal: OwnedFd,
}

impl Completions {
    pub(crate) fn new() -> std::io::Result<Self> {
        let signal = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self {
            finished: Mutex::new(Vec::new()),
            signal,
        })
    }

    /// The descriptor to watch for reading.
    #[must_use]
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.signal.as_fd()
    }

    /// Take everything that is finished, and quieten the descriptor.
    pub fn take(&self) -> Vec<Completion> {
        // Quieten first: whatever is added after that wakes the watcher again. An error means that
        // there was nothing to read, and then there is nothing to quieten.
        let mut counter = [0; 8];
        let _nothing_to_read = rustix::io::read(self.signal.as_fd(), &mut counter);
        mem::take(&mut *self.finished.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn add(&self, finished: impl IntoIterator<Item = Completion>) {
        let mut list = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = list.is_empty();
        list.extend(finished);
        let wakes = was_empty && !list.is_empty();
        drop(list);
        if wakes {
            // Fails only when the counter is at its end, and then the descriptor is readable.
            let _already_readable = rustix::io::write(self.signal.as_fd(), &1_u64.to_ne_bytes());
        }
    }
}
