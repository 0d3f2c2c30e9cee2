//! Some waiting records as the bytes that one write call takes.

use std::io::{self, IoSlice};

use crate::disk::DiskFile;
use crate::format::{Format, Header};
use crate::state::Waiting;

/// What Linux takes in one call (`IOV_MAX`).
const SLICE_COUNT_MAX: usize = 1024;

/// Write the records one after the other at `offset`, numbered from `first_sequence`; return the
/// offset behind each.
pub(crate) fn write(
    file: &dyn DiskFile,
    format: &Format,
    records: &[Waiting],
    first_sequence: u64,
    offset: u64,
) -> io::Result<Vec<u64>> {
    let mut heads = Vec::with_capacity(records.len());
    let mut ends = Vec::with_capacity(records.len());
    let mut end = offset;
    for (record, sequence) in records.iter().zip(first_sequence..) {
        let header = header_of(record, sequence, format)?;
        end += header.record_bytes();
        ends.push(end);
        let mut head = Vec::with_capacity(128);
        format.write_header(&header, &mut head);
        head.extend_from_slice(&record.meta);
        heads.push(head);
    }
    let mut slices: Vec<IoSlice<'_>> = heads
        .iter()
        .zip(records)
        .flat_map(|(head, record)| [IoSlice::new(head), IoSlice::new(&record.body)])
        .collect();
    write_all(file, &mut slices, offset)?;
    Ok(ends)
}

fn header_of(record: &Waiting, sequence: u64, format: &Format) -> io::Result<Header> {
    let too_large = |_| io::Error::new(io::ErrorKind::InvalidInput, "the record is too large");
    Ok(Header {
        payload_crc: format.payload_crc(&record.meta, &record.body),
        meta_bytes: u32::try_from(record.meta.len()).map_err(too_large)?,
        body_bytes: u32::try_from(record.body.len()).map_err(too_large)?,
        sequence,
        received_ns: record.received_ns,
    })
}

fn write_all(
    file: &dyn DiskFile,
    mut slices: &mut [IoSlice<'_>],
    mut offset: u64,
) -> io::Result<()> {
    // An empty body makes an empty slice, which must not be taken for a write that stands still.
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        let call = slices
            .get(..SLICE_COUNT_MAX.min(slices.len()))
            .unwrap_or(&[]);
        match file.write_at(call, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                offset += count as u64;
                IoSlice::advance_slices(&mut slices, count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
