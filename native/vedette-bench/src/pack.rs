//! A file of ready request bodies: made before the clock starts, so that sending costs little.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// How bodies are packed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    Zstd,
    Gzip,
}

impl Encoding {
    pub(crate) fn read(text: &str) -> Option<Self> {
        match text {
            "plain" => Some(Self::Plain),
            "zstd" => Some(Self::Zstd),
            "gzip" => Some(Self::Gzip),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// Packs `body` as exporters do by default: zstd at level 3, gzip at level 6.
    pub(crate) fn pack(self, body: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(body.to_vec()),
            Self::Zstd => zstd::bulk::compress(body, 3),
            Self::Gzip => {
                let level = flate2::Compression::new(6);
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
                writer.write_all(body)?;
                writer.finish()
            }
        }
    }
}

/// Where a body lies and how many items are in it.
#[derive(Clone, Copy)]
struct Entry {
    offset: u64,
    length: u32,
    item_count: u32,
}

/// The bodies of a file, read one by one.
pub(crate) struct Pack {
    file: File,
    entries: Vec<Entry>,
    pub(crate) encoding: Encoding,
}

impl Pack {
    /// Opens `bodies.pack` and its index in `folder`.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let mut index = BufReader::new(File::open(folder.join("bodies.index"))?);
        let mut head = [0; 8];
        index.read_exact(&mut head)?;
        let name = String::from_utf8_lossy(&head);
        let encoding = Encoding::read(name.trim_end())
            .ok_or_else(|| io::Error::other("no index of bodies"))?;
        let (mut entries, mut offset) = (Vec::new(), 0);
        let (mut length, mut item_count) = ([0; 4], [0; 4]);
        while index.read_exact(&mut length).is_ok() {
            index.read_exact(&mut item_count)?;
            let length = u32::from_le_bytes(length);
            let item_count = u32::from_le_bytes(item_count);
            entries.push(Entry {
                offset,
                length,
                item_count,
            });
            offset += u64::from(length);
        }
        Ok(Self {
            file: File::open(folder.join("bodies.pack"))?,
            entries,
            encoding,
        })
    }

    /// Reads body `number` into `out`; returns how many items it holds, or nothing after the last.
    pub(crate) fn read(&self, number: u64, out: &mut Vec<u8>) -> io::Result<Option<u64>> {
        let Some(entry) = self.entries.get(number as usize) else {
            return Ok(None);
        };
        out.resize(entry.length as usize, 0);
        self.file.read_exact_at(out, entry.offset)?;
        Ok(Some(u64::from(entry.item_count)))
    }
}

/// Writes a pack, body after body.
pub(crate) struct PackWriter {
    bodies: BufWriter<File>,
    index: BufWriter<File>,
    pub(crate) byte_count: u64,
}

impl PackWriter {
    pub(crate) fn create(folder: &Path, encoding: Encoding) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut index = BufWriter::new(File::create(folder.join("bodies.index"))?);
        write!(index, "{:<8}", encoding.name())?;
        Ok(Self {
            bodies: BufWriter::with_capacity(1 << 20, File::create(folder.join("bodies.pack"))?),
            index,
            byte_count: 0,
        })
    }

    pub(crate) fn add(&mut self, body: &[u8], item_count: u32) -> io::Result<()> {
        let length = u32::try_from(body.len()).map_err(io::Error::other)?;
        self.bodies.write_all(body)?;
        self.index.write_all(&length.to_le_bytes())?;
        self.index.write_all(&item_count.to_le_bytes())?;
        self.byte_count += u64::from(length);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.bodies.flush()?;
        self.index.flush()
    }
}
