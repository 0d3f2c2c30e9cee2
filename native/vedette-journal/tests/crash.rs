//! Whatever is done, and wherever the power fails: what was acknowledged is there, once, in order.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use proptest::collection::vec;
use proptest::prelude::*;
use rustix::io::Errno;
use support::{Answer, Call, LIMITS, WatchedDisk, append, append_now, read_all};
use vedette_journal::Journal;

/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

#[derive(Clone, Debug)]
enum Deed {
    /// Append bodies of these sizes without waiting in between.
    Append(Vec<usize>),
    /// Forget so many tenths of what was acknowledged.
    Forget(u64),
}

/// What happened, in order.
#[derive(Clone, Debug)]
enum Event {
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
    SyncFailed {
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
    Acknowledged {
        sequence: u64,
        body: Vec<u8>,
    },
    Forgot {
        up_to: u64,
    },
}

type Log = Arc<Mutex<Vec<Event>>>;

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let append = vec(0_usize..900, 1..6).prop_map(Deed::Append);
    let forget = (0_u64..=10).prop_map(Deed::Forget);
    vec(prop_oneof![4 => append, 1 => forget], 1..12)
}

/// Mostly no fault; else a number that says which.
fn faults() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![8 => Just(0_u8), 1 => 1_u8..=4], 0..60)
}

/// A disk that writes down what it was told and fails as planned.
fn recording_disk(log: Log, faults: Vec<u8>) -> Box<dyn vedette_journal::Disk> {
    let faults = Mutex::new(faults.into_iter());
    WatchedDisk::boxed(move |call| {
        let fault = faults.lock().unwrap().next().unwrap_or(0);
        let mut log = log.lock().unwrap();
        let failed = Answer::Fail(if fault == 1 { Errno::NOSPC } else { Errno::IO });
        match call {
            Call::FreeBytes => return Answer::Do,
            Call::Sync { file } if fault > 0 => {
                log.push(Event::SyncFailed { file: *file });
                return failed;
            }
            Call::Write {
                file,
                offset,
                bytes,
            } if fault > 2 => {
                let count = bytes.len().min(usize::from(fault) * 100);
                let bytes = bytes[..count].to_vec();
                log.push(Event::Write {
                    file: *file,
                    offset: *offset,
                    bytes,
                });
                return Answer::Only(count);
            }
            Call::Write { .. } | Call::Create { .. } if fault > 0 => return failed,
            Call::SyncFolder | Call::Truncate { .. } | Call::Remove { .. } if fault > 2 => {
                return failed;
            }
            _ => {}
        }
        log.push(match call {
            Call::Create { file, name, size } => Event::Create {
                file: *file,
                name: name.clone(),
                size: *size,
            },
            Call::Write {
                file,
                offset,
                bytes,
            } => Event::Write {
                file: *file,
                offset: *offset,
                bytes: bytes.clone(),
            },
            Call::Sync { file } => Event::Sync { file: *file },
            Call::Truncate { file, size } => Event::Truncate {
                file: *file,
                size: *size,
            },
            Call::Remove { name } => Event::Remove { name: name.clone() },
            Call::SyncFolder | Call::FreeBytes => Event::SyncFolder,
        });
        Answer::Do
    })
}

fn body_of(number: usize, size: usize) -> Vec<u8> {
    let mut body = format!("{number}:vdtR").into_bytes();
    body.resize(body.len() + size, u8::try_from(number % 251).unwrap());
    body
}

/// Do it all, and write down what was acknowledged when.
fn live(journal: &Journal, deeds: &[Deed], log: &Log) {
    let mut number = 0;
    let mut acknowledged = BTreeMap::new();
    let mut forgotten = 0;
    for deed in deeds {
        match deed {
            Deed::Append(sizes) => {
                let mut waiting = Vec::new();
                for size in sizes {
                    number += 1;
                    let body = body_of(number, *size);
                    waiting.push((append(journal, &body), body));
                }
                for (told, body) in waiting {
                    if let Ok(sequence) = told.recv().unwrap() {
                        let event = Event::Acknowledged {
                            sequence,
                            body: body.clone(),
                        };
                        log.lock().unwrap().push(event);
                        acknowledged.insert(sequence, body);
                    }
                }
            }
            Deed::Forget(tenths) => {
                forgotten = forgotten.max(acknowledged.len() as u64 * tenths / 10);
                log.lock().unwrap().push(Event::Forgot { up_to: forgotten });
                journal.forget(forgotten).unwrap();
            }
        }
    }
    let numbers: Vec<u64> = acknowledged.keys().copied().collect();
    assert_eq!(
        numbers,
        (1..=acknowledged.len() as u64).collect::<Vec<u64>>(),
        "without gaps"
    );
    let kept: Vec<_> = acknowledged
        .into_iter()
        .filter(|(sequence, _)| *sequence > forgotten)
        .collect();
    assert_eq!(read_all(journal, forgotten), kept, "while it lives");
}

/// A file as the disk may have it after the crash.
#[derive(Clone, Debug, Default)]
struct CrashedFile {
    content: Vec<u8>,
    unsynced: Vec<Event>,
    /// Whatever a failed sync leaves: it may be on the disk, and no later sync changes that.
    doubtful: Vec<Event>,
}

impl CrashedFile {
    fn apply(&mut self, event: &Event, mut is_kept: impl FnMut() -> bool) {
        match event {
            Event::Truncate { size, .. } if is_kept() => {
                self.content.resize(usize::try_from(*size).unwrap(), 0);
            }
            Event::Write { offset, bytes, .. } => {
                let start = usize::try_from(*offset).unwrap();
                let mut at = start;
                while at < start + bytes.len() {
                    let end = ((at / SECTOR_BYTES + 1) * SECTOR_BYTES).min(start + bytes.len());
                    if is_kept() {
                        if self.content.len() < end {
                            self.content.resize(end, 0);
                        }
                        self.content[at..end].copy_from_slice(&bytes[at - start..end - start]);
                    }
                    at = end;
                }
            }
            _ => {}
        }
    }
}

/// The folder as it may be after the power failed behind these events.
fn crash(events: &[Event], mut is_kept: impl FnMut() -> bool) -> BTreeMap<String, Vec<u8>> {
    let mut files: HashMap<u64, CrashedFile> = HashMap::new();
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    let mut names_unsynced: Vec<Event> = Vec::new();
    let name = |names: &mut BTreeMap<String, u64>, event: &Event| match event {
        Event::Create { file, name, .. } => drop(names.insert(name.clone(), *file)),
        Event::Remove { name } => drop(names.remove(name)),
        _ => {}
    };
    for event in events {
        match event {
            Event::Create { file, size, .. } => {
                let content = vec![0; usize::try_from(*size).unwrap()];
                files.insert(
                    *file,
                    CrashedFile {
                        content,
                        ..CrashedFile::default()
                    },
                );
                names_unsynced.push(event.clone());
            }
            Event::Remove { .. } => names_unsynced.push(event.clone()),
            Event::SyncFolder => {
                names_unsynced
                    .drain(..)
                    .for_each(|event| name(&mut names, &event));
            }
            Event::Write { file, .. } | Event::Truncate { file, .. } => {
                files.get_mut(file).unwrap().unsynced.push(event.clone());
            }
            Event::Sync { file } => {
                let file = files.get_mut(file).unwrap();
                for event in std::mem::take(&mut file.unsynced) {
                    file.apply(&event, || true);
                }
            }
            Event::SyncFailed { file } => {
                let file = files.get_mut(file).unwrap();
                file.doubtful.append(&mut file.unsynced);
            }
            Event::Acknowledged { .. } | Event::Forgot { .. } => {}
        }
    }
    for event in names_unsynced {
        if is_kept() {
            name(&mut names, &event);
        }
    }
    names
        .into_iter()
        .map(|(name, number)| {
            let mut file = files[&number].clone();
            let maybe: Vec<Event> = file
                .doubtful
                .drain(..)
                .chain(file.unsynced.drain(..))
                .collect();
            for event in maybe {
                file.apply(&event, &mut is_kept);
            }
            (name, file.content)
        })
        .collect()
}

fn check_after_crash(folder: &Path, events: &[Event]) {
    let mut acknowledged = BTreeMap::new();
    let mut forgotten = 0;
    for event in events {
        match event {
            Event::Acknowledged { sequence, body } => {
                acknowledged.insert(*sequence, body.clone());
            }
            Event::Forgot { up_to } => forgotten = *up_to,
            _ => {}
        }
    }

    let journal = Journal::open(folder, LIMITS).unwrap();
    let found = read_all(&journal, forgotten);

    assert!(
        found.windows(2).all(|pair| pair[0].0 < pair[1].0),
        "in order, exactly once"
    );
    let by_sequence: BTreeMap<u64, Vec<u8>> = found.iter().cloned().collect();
    for (sequence, body) in acknowledged.range(forgotten + 1..) {
        assert_eq!(
            by_sequence.get(sequence),
            Some(body),
            "acknowledged: {sequence}"
        );
    }
    let last = journal.lag(0).unwrap().last_sequence;
    assert_eq!(append_now(&journal, b"goes on"), Ok(last + 1));
    drop(journal);

    let again = Journal::open(folder, LIMITS).unwrap();
    let mut expected = found;
    expected.push((last + 1, b"goes on".to_vec()));
    assert_eq!(read_all(&again, forgotten), expected, "opened once more");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_survives_a_crash_at_any_point(
        deeds in deeds(),
        faults in faults(),
        crash_points in vec(any::<prop::sample::Index>(), 6),
        kept in vec(any::<bool>(), 1..64),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::default();
        let disk = recording_disk(Arc::clone(&log), faults);
        let journal = Journal::open_on(disk, folder.path(), LIMITS).unwrap();
        live(&journal, &deeds, &log);
        drop(journal);
        let events = log.lock().unwrap().clone();

        for crash_point in crash_points {
            let before = &events[..crash_point.index(events.len() + 1)];
            let mut coins = kept.iter().copied().cycle();
            let crashed = tempfile::tempdir().unwrap();
            fs::copy(folder.path().join("journal-id"), crashed.path().join("journal-id")).unwrap();
            for (name, content) in crash(before, || coins.next().unwrap()) {
                fs::write(crashed.path().join(name), content).unwrap();
            }
            check_after_crash(crashed.path(), before);
        }
    }
}
