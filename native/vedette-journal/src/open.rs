//! Opening a folder: whose journal it is, that nobody else has it, and where its records end.

use std::collections::VecDeque;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::rand::{GetRandomFlags, getrandom};

use crate::format::{Format, JournalId, SEGMENT_HEADER_BYTES};
use crate::segment::{Bounds, Damage, Step, Walk, first_sequence_of, has_good_header, path_of};
use crate::state::Segment;

const ID_FILE: &str = "journal-id";
const ID_FILE_UNFINISHED: &str = "journal-id.new";
const LOCK_FILE: &str = "lock";

/// What was found in the folder.
pub(crate) struct Opened {
    pub(crate) format: Format,
    pub(crate) segments: VecDeque<Segment>,
    pub(crate) last_sequence: u64,
    pub(crate) end_position: u64,
    /// Stretches of the last segment that are lost.
    pub(crate) damages: Vec<Damage>,
    pub(crate) sentences: Vec<String>,
    /// Holds the folder as long as it is open.
    pub(crate) lock: File,
}

/// Open the folder, make it if it is not there, and cut off what was never acknowledged.
pub(crate) fn open(folder: &Path) -> io::Result<Opened> {
    make_folder(folder).map_err(|error| {
        let sentence = format!("the journal folder {} cannot be made", folder.display());
        with_words(&error, &sentence)
    })?;
    let lock = take_lock(folder)?;
    let first_sequences = list_segments(folder)?;
    let format = Format::new(read_or_make_id(folder, first_sequences.is_empty())?);
    let mut opened = Opened {
        format,
        segments: VecDeque::new(),
        last_sequence: 0,
        end_position: 0,
        damages: Vec::new(),
        sentences: Vec::new(),
        lock,
    };
    let Some((&last, before)) = first_sequences.split_last() else {
        return Ok(opened);
    };
    for &first_sequence in before {
        let path = path_of(folder, first_sequence);
        let offset_end = fs::metadata(path)?.len().max(SEGMENT_HEADER_BYTES);
        opened.add_segment(first_sequence, offset_end);
    }
    opened.recover(&path_of(folder, last), last)?;
    Ok(opened)
}

impl Opened {
    fn add_segment(&mut self, first_sequence: u64, offset_end: u64) {
        let segment = Segment::new(first_sequence, self.end_position, offset_end);
        self.end_position = segment.position_of(offset_end);
        self.segments.push_back(segment);
    }

    /// Find the end of the last segment, and cut off what follows it.
    fn recover(&mut self, path: &Path, first_sequence: u64) -> io::Result<()> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let at = Bounds {
            sequence: first_sequence,
            offset: SEGMENT_HEADER_BYTES,
            sequence_end: None,
            offset_end: file.metadata()?.len(),
        };
        let mut walk = Walk::new(&file, &self.format, at);
        let mut good_end = at;
        let mut damages = Vec::new();
        loop {
            match walk.step()? {
                Step::Record(offset, header) if walk.payload(offset, &header)?.is_some() => {
                    good_end = walk.at;
                }
                Step::Record(offset, header) => damages.push(Damage {
                    offset,
                    byte_count: header.record_bytes(),
                    first: header.sequence,
                    last: header.sequence,
                }),
                Step::Damage(damage) => damages.push(damage),
                Step::End => break,
            }
        }
        // What is damaged and followed by nothing whole was being written when the process ended.
        damages.retain(|damage| damage.offset < good_end.offset);
        let is_empty = good_end.sequence == first_sequence;
        if !walk.is_blank_from(good_end.offset)? {
            self.sentences.push(format!(
                "{} ends in an unfinished record at {}: it was never acknowledged and was cut off",
                path.display(),
                good_end.offset,
            ));
        }
        if !is_empty && !has_good_header(&file, &self.format)? {
            self.sentences
                .push(format!("{} does not begin as it should", path.display()));
        }
        self.damages = damages;
        self.last_sequence = good_end.sequence - 1;
        file.set_len(good_end.offset)?;
        file.sync_all()?;
        self.add_segment(first_sequence, good_end.offset);
        Ok(())
    }
}

/// Make the folder and those above it, each durable in the one that holds it: a segment in a folder
/// that vanishes is lost.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    DirBuilder::new().mode(0o700).create(folder)?;
    File::open(above.unwrap_or(Path::new(".")))?.sync_all()
}

fn take_lock(folder: &Path) -> io::Result<File> {
    let path = folder.join(LOCK_FILE);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            format!("another process has the journal in {}", folder.display()),
        )),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn list_segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut first_sequences = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Some(first) = entry?.file_name().to_str().and_then(first_sequence_of) {
            first_sequences.push(first);
        }
    }
    first_sequences.sort_unstable();
    Ok(first_sequences)
}

fn read_or_make_id(folder: &Path, may_make: bool) -> io::Result<JournalId> {
    let path = folder.join(ID_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => parse_id(text.trim()).ok_or_else(|| {
            let sentence = format!("{} does not hold 32 hex digits", path.display());
            io::Error::new(io::ErrorKind::InvalidData, sentence)
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && may_make => make_id(folder, &path),
        Err(error) => Err(with_words(
            &error,
            &format!("{} cannot be read", path.display()),
        )),
    }
}

fn make_id(folder: &Path, path: &PathBuf) -> io::Result<JournalId> {
    let mut id: JournalId = [0; 16];
    getrandom(&mut id, GetRandomFlags::empty())?;
    let unfinished = folder.join(ID_FILE_UNFINISHED);
    let mut file = create_private(&unfinished)?;
    writeln!(file, "{}", write_id(&id))?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    File::open(folder)?.sync_all()?;
    Ok(id)
}

/// A file that only its owner reads, emptied if it was there.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

/// The id as 32 hex digits.
pub(crate) fn write_id(id: &JournalId) -> String {
    use std::fmt::Write as _;
    id.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a String does not fail.
        let _always_ok = write!(text, "{byte:02x}");
        text
    })
}

fn parse_id(text: &str) -> Option<JournalId> {
    let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = is_hex
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()?;
    Some(number.to_be_bytes())
}

fn with_words(error: &io::Error, sentence: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{sentence}: {error}"))
}
