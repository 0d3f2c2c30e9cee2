//! What becomes of records when the disk fails, fills up or is slow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use support::{Answer, Call, LIMITS, WatchedDisk, append, append_now, read_all};
use vedette_journal::{Journal, Limits, Refusal, Waiter};

fn bodies(journal: &Journal) -> Vec<(u64, String)> {
    let as_text = |body| String::from_utf8(body).unwrap();
    read_all(journal, 0)
        .into_iter()
        .map(|(sequence, body)| (sequence, as_text(body)))
        .collect()
}

fn expected(texts: &[&str]) -> Vec<(u64, String)> {
    (1..)
        .zip(texts.iter().map(|text| (*text).to_owned()))
        .collect()
}

/// A switch: while it is on, calls that `matches` picks get `answer`.
fn failing(
    matches: fn(&Call) -> bool,
    answer: fn() -> Answer,
) -> (Box<dyn vedette_journal::Disk>, Arc<AtomicBool>) {
    let is_failing = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_failing);
    let disk = WatchedDisk::boxed(move |call| {
        if switch.load(Ordering::SeqCst) && matches(call) {
            answer()
        } else {
            Answer::Do
        }
    });
    (disk, is_failing)
}

/// A record, then one while the disk fails, then one when it works again; then open again.
fn refuses_only_while_failing(
    matches: fn(&Call) -> bool,
    answer: fn() -> Answer,
    segment_bytes: u64,
) -> Refusal {
    let folder = tempfile::tempdir().unwrap();
    let (disk, is_failing) = failing(matches, answer);
    let limits = Limits {
        segment_bytes,
        ..LIMITS
    };
    let journal = Journal::open_on(disk, folder.path(), limits).unwrap();

    assert_eq!(append_now(&journal, b"before"), Ok(1));
    is_failing.store(true, Ordering::SeqCst);
    let refusal = append_now(&journal, b"during").unwrap_err();
    is_failing.store(false, Ordering::SeqCst);
    assert_eq!(append_when_there_is_room(&journal, b"after"), Ok(2));

    assert_eq!(bodies(&journal), expected(&["before", "after"]));
    drop(journal);
    let again = Journal::open(folder.path(), LIMITS).unwrap();
    assert_eq!(bodies(&again), expected(&["before", "after"]));
    assert_eq!(again.damage(), Vec::<String>::new());
    refusal
}

/// Free space is looked at once a second, and nothing tells when.
fn append_when_there_is_room(journal: &Journal, body: &[u8]) -> Result<u64, Refusal> {
    loop {
        match append_now(journal, body) {
            Err(Refusal::Full(_)) => std::thread::yield_now(),
            outcome => return outcome,
        }
    }
}

#[test]
fn short_writes_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = WatchedDisk::boxed(|call| match call {
        Call::Write { .. } => Answer::Only(7),
        _ => Answer::Do,
    });
    let journal = Journal::open_on(disk, folder.path(), LIMITS).unwrap();

    assert_eq!(append_now(&journal, b"first"), Ok(1));
    assert_eq!(append_now(&journal, b""), Ok(2));

    assert_eq!(bodies(&journal), expected(&["first", ""]));
}

#[test]
fn a_write_without_room_is_refused_as_full() {
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::Write { .. }),
        || Answer::Fail(Errno::NOSPC),
        2_000,
    );
    assert_eq!(refusal.kind(), "full");
}

#[test]
fn a_failed_write_is_refused_with_its_reason() {
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::Write { .. }),
        || Answer::Fail(Errno::IO),
        2_000,
    );
    assert_eq!(refusal.kind(), "failed");
    assert!(
        refusal.to_string().contains("writing the journal failed"),
        "{refusal}"
    );
}

#[test]
fn a_failed_sync_is_refused_and_its_segment_is_left() {
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::Sync { .. }),
        || Answer::Fail(Errno::IO),
        2_000,
    );
    assert!(
        refusal.to_string().contains("syncing the journal failed"),
        "{refusal}"
    );
}

#[test]
fn a_segment_that_cannot_be_begun_is_refused_as_full() {
    // So small that every record begins a segment.
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::Create { .. }),
        || Answer::Fail(Errno::NOSPC),
        1,
    );
    assert_eq!(refusal.kind(), "full");
}

#[test]
fn a_segment_whose_name_is_not_durable_is_not_used() {
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::SyncFolder),
        || Answer::Fail(Errno::IO),
        1,
    );
    assert_eq!(refusal.kind(), "failed");
}

#[test]
fn free_space_is_looked_at_before_a_segment_is_begun() {
    let refusal = refuses_only_while_failing(
        |call| matches!(call, Call::FreeBytes),
        || Answer::Only(0),
        1,
    );
    assert_eq!(refusal.kind(), "full");
}

#[test]
fn a_journal_that_cannot_write_says_so_until_it_can_again() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, is_failing) = failing(
        |call| matches!(call, Call::Create { .. }),
        || Answer::Fail(Errno::DQUOT),
    );
    let limits = Limits {
        segment_bytes: 1,
        ..LIMITS
    };
    let journal = Journal::open_on(disk, folder.path(), limits).unwrap();
    append_now(&journal, b"before").unwrap();
    assert_eq!(journal.trouble(), None);

    is_failing.store(true, Ordering::SeqCst);
    append_now(&journal, b"during").unwrap_err();
    let sentence = journal.trouble().unwrap();
    assert!(sentence.contains("the disk is full"), "{sentence}");

    // Nobody sends anything: it finds out by itself.
    is_failing.store(false, Ordering::SeqCst);
    while journal.trouble().is_some() {
        std::thread::yield_now();
    }
    assert_eq!(append_now(&journal, b"after"), Ok(2));
    journal.close();
    assert_eq!(journal.trouble().unwrap(), "the journal is closed");
}

#[test]
fn a_journal_without_room_for_a_small_record_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits {
        bytes_max: 100_000,
        ..LIMITS
    };
    let journal = Journal::open(folder.path(), limits).unwrap();
    assert_eq!(journal.trouble(), None);

    append_now(&journal, &vec![0; 50_000]).unwrap();
    assert!(journal.trouble().unwrap().contains("undigested bytes"));

    journal.forget(1).unwrap();
    assert_eq!(journal.trouble(), None);
}

#[test]
fn a_tail_that_cannot_be_cut_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, is_failing) = failing(
        |call| matches!(call, Call::Sync { .. } | Call::Truncate { .. }),
        || Answer::Fail(Errno::IO),
    );
    let journal = Journal::open_on(disk, folder.path(), LIMITS).unwrap();
    append_now(&journal, b"before").unwrap();
    is_failing.store(true, Ordering::SeqCst);
    append_now(&journal, b"during").unwrap_err();
    is_failing.store(false, Ordering::SeqCst);
    append_now(&journal, b"after").unwrap();
    drop(journal);

    let again = Journal::open(folder.path(), LIMITS).unwrap();

    assert_eq!(bodies(&again), expected(&["before", "after"]));
}

/// A disk whose syncs wait for the test, and how many there were.
struct SlowDisk {
    entered: std::sync::mpsc::Receiver<()>,
    release: std::sync::mpsc::Sender<()>,
    sync_count: Arc<AtomicU64>,
    journal: Journal,
    _folder: tempfile::TempDir,
}

fn slow_disk(limits: Limits) -> SlowDisk {
    let folder = tempfile::tempdir().unwrap();
    let (enter, entered) = channel();
    let (release, released) = channel();
    let gates = Mutex::new((enter, released));
    let sync_count = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&sync_count);
    let disk = WatchedDisk::boxed(move |call| {
        // The first sync makes the segment's own header durable.
        if matches!(call, Call::Sync { .. }) && count.fetch_add(1, Ordering::SeqCst) > 0 {
            let gates = gates.lock().unwrap();
            gates.0.send(()).ok();
            gates.1.recv().ok();
        }
        Answer::Do
    });
    let journal = Journal::open_on(disk, folder.path(), limits).unwrap();
    SlowDisk {
        entered,
        release,
        sync_count,
        journal,
        _folder: folder,
    }
}

#[test]
fn what_waits_during_a_sync_is_synced_together() {
    let slow = slow_disk(Limits {
        segment_bytes: 1 << 20,
        ..LIMITS
    });
    let first = append(&slow.journal, b"first");
    slow.entered.recv().unwrap();
    let rest: Vec<_> = (0..100).map(|_| append(&slow.journal, b"rest")).collect();
    let before = slow.sync_count.load(Ordering::SeqCst);

    slow.release.send(()).unwrap();
    slow.entered.recv().unwrap();
    slow.release.send(()).unwrap();

    assert_eq!(first.recv().unwrap(), Ok(1));
    let sequences: Vec<u64> = rest
        .iter()
        .map(|told| told.recv().unwrap().unwrap())
        .collect();
    assert_eq!(sequences, (2..=101).collect::<Vec<u64>>());
    assert_eq!(slow.sync_count.load(Ordering::SeqCst), before + 1);
}

#[test]
fn nothing_is_read_before_it_is_synced() {
    let slow = slow_disk(LIMITS);
    let first = append(&slow.journal, b"first");
    slow.entered.recv().unwrap();

    assert_eq!(bodies(&slow.journal), expected(&[]));
    slow.release.send(()).unwrap();
    first.recv().unwrap().unwrap();

    assert_eq!(bodies(&slow.journal), expected(&["first"]));
}

#[test]
fn more_than_may_wait_is_refused_as_busy() {
    let slow = slow_disk(Limits {
        waiting_bytes_max: 200,
        ..LIMITS
    });
    let first = append(&slow.journal, &[b'x'; 100]);
    slow.entered.recv().unwrap();

    let refusal = append_now(&slow.journal, &[b'y'; 100]).unwrap_err();
    slow.release.send(()).unwrap();

    assert_eq!(refusal.kind(), "busy");
    assert_eq!(first.recv().unwrap(), Ok(1));
}

#[test]
fn closing_waits_for_what_was_taken() {
    let slow = slow_disk(LIMITS);
    let first = append(&slow.journal, b"first");
    slow.entered.recv().unwrap();
    let second = append(&slow.journal, b"second");
    slow.release.send(()).unwrap();
    slow.release.send(()).unwrap();

    slow.journal.close();

    assert_eq!(
        (first.recv().unwrap(), second.recv().unwrap()),
        (Ok(1), Ok(2))
    );
    assert_eq!(append_now(&slow.journal, b"third"), Err(Refusal::Closed));
}

#[test]
fn raw_bodies_do_not_stay_when_they_are_digested_and_nothing_follows() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits {
        retire_after: Duration::ZERO,
        ..LIMITS
    };
    let journal = Journal::open(folder.path(), limits).unwrap();
    append_now(&journal, b"a secret").unwrap();
    let segment = folder.path().join(format!("{:020}.seg", 1));
    assert!(segment.exists());

    journal.forget(1).unwrap();
    while segment.exists() {
        std::thread::yield_now();
    }

    assert_eq!(append_now(&journal, b"next"), Ok(2));
    drop(journal);
    let again = Journal::open(folder.path(), LIMITS).unwrap();
    assert_eq!(read_all(&again, 1), vec![(2, b"next".to_vec())]);
}

#[test]
fn the_descriptor_is_readable_while_a_ticket_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), LIMITS).unwrap();
    let is_readable = || {
        let descriptor = journal.completions().descriptor();
        let at_once = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        poll(
            &mut [PollFd::new(&descriptor, PollFlags::IN)],
            Some(&at_once),
        )
        .unwrap()
            == 1
    };
    assert!(!is_readable());

    journal
        .append(Vec::new(), b"body".to_vec(), 1, Waiter::Ticket(7))
        .unwrap();
    // Closing waits for the sync.
    journal.close();

    assert!(is_readable());
    assert_eq!(journal.completions().take(), vec![(7, Ok(1))]);
    assert!(!is_readable());
    assert_eq!(journal.completions().take(), Vec::new());
}
