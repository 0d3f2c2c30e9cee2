//! Segments on disk: their names, and walking over the records in one.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::format::{Format, Header, RECORD_HEADER_BYTES, RECORD_MAGIC, SEGMENT_HEADER_BYTES};

const SUFFIX: &str = ".seg";
/// Small records share one read of their headers.
const HEADER_WINDOW_BYTES: usize = 4096;
const SEARCH_CHUNK_BYTES: usize = 256 * 1024;

/// The path of the segment whose first record has this sequence.
pub(crate) fn path_of(folder: &Path, first_sequence: u64) -> PathBuf {
    folder.join(format!("{first_sequence:020}{SUFFIX}"))
}

/// The first sequence of the segment of this name; None when it is not a segment.
pub(crate) fn first_sequence_of(file_name: &str) -> Option<u64> {
    file_name.strip_suffix(SUFFIX)?.parse().ok()
}

/// A stretch of a segment that holds no readable record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) offset: u64,
    pub(crate) byte_count: u64,
    /// The first lost sequence.
    pub(crate) first: u64,
    /// The last lost sequence; less than `first` when none was lost.
    pub(crate) last: u64,
}

/// What a walk meets.
#[derive(Debug)]
pub(crate) enum Step {
    Record(u64, Header),
    Damage(Damage),
    End,
}

/// A place between two records of a segment, and how far the segment goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The record that is expected next, and where.
    pub(crate) sequence: u64,
    pub(crate) offset: u64,
    /// The first sequence that does not belong to this segment. Whatever lies behind was written
    /// and never acknowledged. None: unknown, the segment is being recovered.
    pub(crate) sequence_end: Option<u64>,
    /// The end of what may be read.
    pub(crate) offset_end: u64,
}

/// Goes from header to header; payloads are read on demand.
pub(crate) struct Walk<'a> {
    file: &'a File,
    format: &'a Format,
    pub(crate) at: Bounds,
    window: Vec<u8>,
    window_offset: u64,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(file: &'a File, format: &'a Format, at: Bounds) -> Self {
        Self {
            file,
            format,
            at,
            window: Vec::new(),
            window_offset: 0,
        }
    }

    /// Return what lies next, and go behind it.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        if self
            .at
            .sequence_end
            .is_some_and(|end| self.at.sequence >= end)
        {
            return Ok(Step::End);
        }
        if let Some(header) = self.header_at(self.at.offset)? {
            if header.sequence == self.at.sequence {
                let offset = self.at.offset;
                self.at.offset += header.record_bytes();
                self.at.sequence += 1;
                return Ok(Step::Record(offset, header));
            }
            return Ok(self.damage_until(self.at.offset, header.sequence));
        }
        match self.search(self.at.offset + 1)? {
            Some((offset, header)) => Ok(self.damage_until(offset, header.sequence)),
            None => Ok(match self.at.sequence_end {
                Some(end) => self.damage_until(self.at.offset_end, end),
                None => Step::End,
            }),
        }
    }

    /// Read meta and body; None when their check sum is wrong.
    pub(crate) fn payload(
        &self,
        offset: u64,
        header: &Header,
    ) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
        let mut meta = vec![0; header.meta_bytes as usize];
        let mut body = vec![0; header.body_bytes as usize];
        let meta_offset = offset + RECORD_HEADER_BYTES as u64;
        let body_offset = meta_offset + u64::from(header.meta_bytes);
        let read = self.file.read_exact_at(&mut meta, meta_offset);
        match read.and_then(|()| self.file.read_exact_at(&mut body, body_offset)) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            result => result?,
        }
        let is_whole = self.format.payload_crc(&meta, &body) == header.payload_crc;
        Ok(is_whole.then_some((meta, body)))
    }

    /// Whether everything from `offset` on is zero: reserved and never written.
    pub(crate) fn is_blank_from(&self, offset: u64) -> io::Result<bool> {
        let mut chunk = vec![0; SEARCH_CHUNK_BYTES];
        let mut at = offset;
        loop {
            let read = self.read_some(&mut chunk, at)?;
            if read.is_empty() {
                return Ok(true);
            }
            if read.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += read.len() as u64;
        }
    }

    fn damage_until(&mut self, offset: u64, sequence: u64) -> Step {
        let damage = Damage {
            offset: self.at.offset,
            byte_count: offset - self.at.offset,
            first: self.at.sequence,
            last: sequence.saturating_sub(1),
        };
        self.at.offset = offset;
        self.at.sequence = sequence;
        Step::Damage(damage)
    }

    /// The header at `offset`, if it is one that may stand there.
    fn header_at(&mut self, offset: u64) -> io::Result<Option<Header>> {
        let start = offset
            .checked_sub(self.window_offset)
            .and_then(|at| usize::try_from(at).ok());
        let is_inside = start.is_some_and(|start| start + RECORD_HEADER_BYTES <= self.window.len());
        if !is_inside {
            let mut window = std::mem::take(&mut self.window);
            window.resize(HEADER_WINDOW_BYTES, 0);
            let length = self.read_some(&mut window, offset)?.len();
            window.truncate(length);
            self.window = window;
            self.window_offset = offset;
        }
        let start = if is_inside { start.unwrap_or(0) } else { 0 };
        let bytes = self.window.get(start..).unwrap_or(&[]);
        Ok(self
            .format
            .read_header(bytes)
            .filter(|header| self.may_stand_at(offset, header)))
    }

    fn may_stand_at(&self, offset: u64, header: &Header) -> bool {
        header.sequence >= self.at.sequence
            && self.at.sequence_end.is_none_or(|end| header.sequence < end)
            && offset + header.record_bytes() <= self.at.offset_end
    }

    /// Find the next whole record at or behind `offset`.
    fn search(&mut self, offset: u64) -> io::Result<Option<(u64, Header)>> {
        let mut chunk = vec![0; SEARCH_CHUNK_BYTES];
        let mut at = offset;
        loop {
            let read = self.read_some(&mut chunk, at)?;
            if read.len() < RECORD_HEADER_BYTES {
                return Ok(None);
            }
            for (start, four) in read.windows(RECORD_MAGIC.len()).enumerate() {
                if four != RECORD_MAGIC {
                    continue;
                }
                let candidate = at + start as u64;
                if let Some(header) = self.header_at(candidate)?
                    && self.payload(candidate, &header)?.is_some()
                {
                    return Ok(Some((candidate, header)));
                }
            }
            // The magic bytes may lie across two chunks.
            at += (read.len() - (RECORD_MAGIC.len() - 1)) as u64;
        }
    }

    /// Fill `target` as far as the readable part goes.
    fn read_some<'t>(&self, target: &'t mut [u8], offset: u64) -> io::Result<&'t [u8]> {
        let rest = self.at.offset_end.saturating_sub(offset);
        let wanted = target
            .len()
            .min(usize::try_from(rest).unwrap_or(usize::MAX));
        let mut filled = 0;
        while let Some(space) = target
            .get_mut(filled..wanted)
            .filter(|space| !space.is_empty())
        {
            match self.file.read_at(space, offset + filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(target.get(..filled).unwrap_or(&[]))
    }
}

/// Whether the segment begins as one of this journal should.
pub(crate) fn has_good_header(file: &File, format: &Format) -> io::Result<bool> {
    let mut bytes = vec![0; usize::try_from(SEGMENT_HEADER_BYTES).unwrap_or(0)];
    match file.read_exact_at(&mut bytes, 0) {
        Ok(()) => Ok(format.is_segment_header(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
