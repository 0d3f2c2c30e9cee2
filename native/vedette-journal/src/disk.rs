//! What the journal asks of a disk when it writes, behind a trait so that tests can make it fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate, fdatasync, statvfs};
use rustix::io::Errno;

/// The folder's operations. Every error is the operating system's.
pub trait Disk: Send + Sync {
    /// Make a file that did not exist, with `size` bytes reserved that read as zeros.
    ///
    /// # Errors
    /// The disk has no room, or the file is there.
    fn create(&self, path: &Path, size: u64) -> io::Result<Box<dyn DiskFile>>;

    /// Delete a file; one that is not there is no error.
    ///
    /// # Errors
    /// Whatever the disk says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Make what was created and removed in the folder durable.
    ///
    /// # Errors
    /// Whatever the disk says.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// How many bytes this process may still write to the disk that holds `folder`.
    ///
    /// # Errors
    /// Whatever the disk says.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;
}

/// A file that is being written.
pub trait DiskFile: Send {
    /// Write the slices one after the other at `offset`; may write less than all.
    ///
    /// # Errors
    /// Whatever the disk says; some of the bytes may have been written.
    fn write_at(&self, slices: &[IoSlice<'_>], offset: u64) -> io::Result<usize>;

    /// Make what was written durable.
    ///
    /// # Errors
    /// Whatever the disk says; nothing that was written since the last sync may be trusted then.
    fn sync(&self) -> io::Result<()>;

    /// Cut the file to `size` bytes.
    ///
    /// # Errors
    /// Whatever the disk says.
    fn truncate(&self, size: u64) -> io::Result<()>;
}

/// The operating system's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path, size: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        // Reserved rather than filled with zeros: filling would make a lone sync a third faster
        // and cost every byte twice.
        match fallocate(&file, FallocateFlags::empty(), 0, size) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => file.set_len(size)?,
            result => result?,
        }
        Ok(Box::new(file))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let numbers = statvfs(folder)?;
        Ok(numbers.f_bavail.saturating_mul(numbers.f_frsize))
    }
}

impl DiskFile for File {
    fn write_at(&self, slices: &[IoSlice<'_>], offset: u64) -> io::Result<usize> {
        Ok(rustix::io::pwritev(self, slices, offset)?)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(fdatasync(self)?)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }
}
