//! How a record lies in a segment: a header with its own check sum, then meta, then body.
//!
//! Both check sums start from the journal's id. So bytes that a client put into a body, or that
//! another journal wrote, are never taken for a record when a damaged segment is searched.

use crc32fast::Hasher;

/// What every segment begins with, followed by the journal's id.
const SEGMENT_MAGIC: [u8; 8] = *b"VDTJRNL1";
/// Bytes before the first record of a segment.
pub(crate) const SEGMENT_HEADER_BYTES: u64 = 24;
/// What every record begins with.
pub(crate) const RECORD_MAGIC: [u8; 4] = *b"vdtR";
/// Bytes before the meta of a record.
pub(crate) const RECORD_HEADER_BYTES: usize = 36;

/// The journal's id as bytes.
pub(crate) type JournalId = [u8; 16];

/// What the header of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) payload_crc: u32,
    pub(crate) meta_bytes: u32,
    pub(crate) body_bytes: u32,
    pub(crate) sequence: u64,
    pub(crate) received_ns: u64,
}

impl Header {
    pub(crate) fn payload_bytes(&self) -> u64 {
        u64::from(self.meta_bytes) + u64::from(self.body_bytes)
    }

    pub(crate) fn record_bytes(&self) -> u64 {
        RECORD_HEADER_BYTES as u64 + self.payload_bytes()
    }
}

/// Writes and checks what belongs to one journal.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    journal_id: JournalId,
    seed: Hasher,
}

impl Format {
    pub(crate) fn new(journal_id: JournalId) -> Self {
        let mut seed = Hasher::new();
        seed.update(&journal_id);
        Self { journal_id, seed }
    }

    pub(crate) fn journal_id(&self) -> &JournalId {
        &self.journal_id
    }

    pub(crate) fn segment_header(&self) -> Vec<u8> {
        [SEGMENT_MAGIC.as_slice(), self.journal_id.as_slice()].concat()
    }

    pub(crate) fn is_segment_header(&self, bytes: &[u8]) -> bool {
        bytes == self.segment_header()
    }

    pub(crate) fn payload_crc(&self, meta: &[u8], body: &[u8]) -> u32 {
        let mut hasher = self.seed.clone();
        hasher.update(meta);
        hasher.update(body);
        hasher.finalize()
    }

    /// Append the header's bytes to `target`.
    pub(crate) fn write_header(&self, header: &Header, target: &mut Vec<u8>) {
        let mut fields = Vec::with_capacity(RECORD_HEADER_BYTES);
        fields.extend_from_slice(&header.payload_crc.to_le_bytes());
        fields.extend_from_slice(&header.meta_bytes.to_le_bytes());
        fields.extend_from_slice(&header.body_bytes.to_le_bytes());
        fields.extend_from_slice(&header.sequence.to_le_bytes());
        fields.extend_from_slice(&header.received_ns.to_le_bytes());
        target.extend_from_slice(&RECORD_MAGIC);
        target.extend_from_slice(&self.crc_of(&fields).to_le_bytes());
        target.extend_from_slice(&fields);
    }

    /// Read a header; None when these bytes are not one of this journal.
    pub(crate) fn read_header(&self, bytes: &[u8]) -> Option<Header> {
        let mut fields = Fields(bytes);
        if fields.take::<4>()? != RECORD_MAGIC {
            return None;
        }
        let header_crc = u32::from_le_bytes(fields.take()?);
        let checked = bytes.get(8..RECORD_HEADER_BYTES)?;
        if self.crc_of(checked) != header_crc {
            return None;
        }
        Some(Header {
            payload_crc: u32::from_le_bytes(fields.take()?),
            meta_bytes: u32::from_le_bytes(fields.take()?),
            body_bytes: u32::from_le_bytes(fields.take()?),
            sequence: u64::from_le_bytes(fields.take()?),
            received_ns: u64::from_le_bytes(fields.take()?),
        })
    }

    fn crc_of(&self, bytes: &[u8]) -> u32 {
        self.payload_crc(bytes, &[])
    }
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use super::*;

    const HEADER: Header = Header {
        payload_crc: 7,
        meta_bytes: 3,
        body_bytes: 5,
        sequence: 11,
        received_ns: 13,
    };

    #[test]
    fn a_header_is_read_as_it_was_written() {
        let format = Format::new([1; 16]);
        let mut bytes = Vec::new();
        format.write_header(&HEADER, &mut bytes);

        assert_eq!(bytes.len(), RECORD_HEADER_BYTES);
        assert_eq!(format.read_header(&bytes), Some(HEADER));
    }

    #[test]
    fn a_header_with_any_changed_bit_is_none() {
        let format = Format::new([1; 16]);
        let mut bytes = Vec::new();
        format.write_header(&HEADER, &mut bytes);

        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(format.read_header(&changed), None, "bit {bit}");
        }
    }

    #[test]
    fn a_header_of_another_journal_is_none() {
        let mut bytes = Vec::new();
        Format::new([2; 16]).write_header(&HEADER, &mut bytes);

        assert_eq!(Format::new([1; 16]).read_header(&bytes), None);
    }
}
