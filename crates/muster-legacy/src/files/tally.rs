//! Counts the bytes of the raw file as they are consumed, and hashes them on the first pass.

use std::fmt::Write;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// Counts what is taken out of a buffered reader: not what was read ahead.
pub(super) struct Tally<R> {
    inner: R,
    position: Arc<AtomicU64>,
}

impl<R> Tally<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, position: Arc::default() }
    }

    pub(super) fn position(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.position)
    }
}

impl<R: BufRead> Read for Tally<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.position.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Tally<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.position.fetch_add(amount as u64, Ordering::Relaxed);
    }
}

/// Hashes what passes.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// Reads what is left, and gives the hash as `sha256sum` prints it, and the size.
    pub(super) fn finish(mut self) -> io::Result<(String, u64)> {
        let mut buf = vec![0; super::BUFFER];
        while self.read(&mut buf)? > 0 {}
        let mut hex = String::with_capacity(64);
        for byte in self.hash.finalize() {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Ok((hex, self.bytes))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.inner.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.hash.update(buf.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}
