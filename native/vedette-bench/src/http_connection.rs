//! A client's side of HTTP/1.1, kept alive: write a head and a body, read a status.

use std::io::{self, IoSlice, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::arguments::Fault;

const ANSWER_WITHIN: Duration = Duration::from_mins(1);
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// An address with a path on it.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: String,
    pub(crate) path: String,
}

impl Target {
    pub(crate) fn read(url: &str) -> Result<Self, Fault> {
        let rest = url
            .strip_prefix("http://")
            .ok_or_else(|| Fault(format!("{url:?} is no http:// address")))?;
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self {
            address: address.to_owned(),
            path: format!("/{path}"),
        })
    }
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// One connection; after a failure it must be opened again.
pub(crate) struct HttpConnection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl HttpConnection {
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.set_write_timeout(Some(ANSWER_WITHIN))?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(HEAD_BYTES_MAX),
        })
    }

    /// Sends `head` (which ends before the length) with `body` and waits for the answer.
    pub(crate) fn post(&mut self, head: &str, body: &[u8]) -> io::Result<Answer> {
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        let mut parts = [IoSlice::new(head.as_bytes()), IoSlice::new(body)];
        let mut left = parts.as_mut_slice();
        while left.iter().any(|part| !part.is_empty()) {
            let written = self.stream.write_vectored(left)?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            IoSlice::advance_slices(&mut left, written);
        }
        self.answer()
    }

    /// Asks for `path` and waits for the answer.
    pub(crate) fn get(&mut self, host: &str, path: &str) -> io::Result<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        self.stream.write_all(head.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        self.buffer.clear();
        let head_end = loop {
            if let Some(end) = find_end_of_head(&self.buffer) {
                break end;
            }
            if self.buffer.len() > HEAD_BYTES_MAX {
                return Err(io::Error::other("the head of an answer is too long"));
            }
            self.read_more()?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status = head
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.parse().ok())
            .ok_or_else(|| io::Error::other("an answer without a status"))?;
        let length = header(&head, "content-length").unwrap_or(0) as usize;
        while self.buffer.len() < head_end + length {
            self.read_more()?;
        }
        Ok(Answer {
            status,
            retry_after: header(&head, "retry-after").map(Duration::from_secs),
            body: self.buffer[head_end..head_end + length].to_vec(),
        })
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 4096];
        let count = self.stream.read(&mut chunk)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(())
    }
}

fn find_end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

fn header(head: &str, name: &str) -> Option<u64> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.trim().parse().ok())
}
