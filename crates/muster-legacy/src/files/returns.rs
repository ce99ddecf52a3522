//! Keeps a carriage return within a line apart from one that ends it.
//!
//! The CSV reader ends a record at any `\r`. In a file whose lines end in `\n` or `\r\n`, a `\r` within a line
//! belongs to its cell, and a record that it ended would have no line of its own. So it passes under the CSV
//! reader in disguise, and [`restore`] turns the cells back. Quotes need not be known for that: within them the
//! disguise comes off all the same.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::ByteRecord;

use crate::files::{BUFFER, LineEnding};

/// Starts a disguise. No UTF-8 text has this byte, and no delimiter is it; where a broken text has it, it is
/// disguised itself.
const MARK: u8 = 0xFE;

/// Stands for a `\r` after a [`MARK`]; anything else there stands for the mark itself.
const RETURN: u8 = 0x8D;

/// So many in a row end no line, whatever follows; they would have to be kept in memory.
const RUN: usize = BUFFER;

/// The text of a CSV file, with the carriage returns within its lines in disguise.
pub(super) struct Returns<R> {
    inner: R,
    end_lines: bool,
    source: Vec<u8>,
    held: usize,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Returns<R> {
    /// Those directly before a `\n`, or before the end of the text, end a line; with [`LineEnding::Cr`] all do.
    pub(super) fn new(inner: R, line_ending: LineEnding) -> Self {
        Self {
            inner,
            end_lines: line_ending == LineEnding::Cr,
            source: vec![0; BUFFER],
            held: 0,
            ready: Vec::new(),
            given: 0,
        }
    }

    /// Reads until there is text to give, or no more input.
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let mut source = std::mem::take(&mut self.source);
            let read = self.inner.read(&mut source);
            if let Ok(length @ 1..) = read {
                self.disguise(source.get(..length).unwrap_or_default());
            }
            self.source = source;
            if read? == 0 {
                self.release(true);
                break;
            }
        }
        Ok(())
    }

    fn disguise(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            if first == b'\r' && !self.end_lines {
                self.hold();
                bytes = rest;
                continue;
            }
            self.release(first == b'\n');
            if first == MARK {
                self.ready.push(MARK);
            }
            let plain = rest.iter().position(|byte| matches!(*byte, b'\r' | MARK)).unwrap_or(rest.len());
            let (taken, left) = bytes.split_at_checked(plain + 1).unwrap_or((bytes, &[]));
            self.ready.extend_from_slice(taken);
            bytes = left;
        }
    }

    /// Keeps a `\r` back until it is known what follows.
    fn hold(&mut self) {
        self.held += 1;
        if self.held == RUN {
            self.release(false);
        }
    }

    fn release(&mut self, ends_line: bool) {
        let shown: &[u8] = if ends_line { b"\r" } else { &[MARK, RETURN] };
        for _ in 0..std::mem::take(&mut self.held) {
            self.ready.extend_from_slice(shown);
        }
    }
}

impl<R: Read> Read for Returns<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let given = self.ready.get(self.given..).unwrap_or_default().read(buf)?;
        self.given += given;
        Ok(given)
    }
}

/// Takes the disguise off the cells of a row.
pub(super) fn restore(row: &mut ByteRecord) {
    if row.as_slice().contains(&MARK) {
        *row = row.iter().map(restored).collect();
    }
}

fn restored(cell: &[u8]) -> Cow<'_, [u8]> {
    if !cell.contains(&MARK) {
        return Cow::Borrowed(cell);
    }
    let mut bytes = cell.iter().copied();
    let mut plain = Vec::with_capacity(cell.len());
    while let Some(byte) = bytes.next() {
        let disguised = byte == MARK && bytes.next() == Some(RETURN);
        plain.push(if disguised { b'\r' } else { byte });
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let length = buf.len().min(1);
            self.0.read(buf.get_mut(..length).unwrap_or_default())
        }
    }

    fn disguised(text: &[u8], line_ending: LineEnding) -> Vec<u8> {
        let (mut whole, mut dripped) = (Vec::new(), Vec::new());
        Returns::new(text, line_ending).read_to_end(&mut whole).unwrap();
        Returns::new(Drops(text), line_ending).read_to_end(&mut dripped).unwrap();
        assert_eq!(whole, dripped);
        whole
    }

    #[test]
    fn only_one_within_a_line_is_disguised() {
        assert_eq!(disguised(b"a\rb\r\nc\r\r\n\r", LineEnding::Lf), b"a\xFE\x8Db\r\nc\r\r\n\r");
        assert_eq!(disguised(b"\r\ra", LineEnding::CrLf), b"\xFE\x8D\xFE\x8Da");
        assert_eq!(disguised(b"a\rb", LineEnding::Cr), b"a\rb");
    }

    #[test]
    fn every_byte_comes_back() {
        let cell = b"\xFE\x8D\rx\xFE\xFE\r\r\xFE\x8Dy".to_vec();
        let mut row = ByteRecord::from(vec![disguised(&cell, LineEnding::Lf), b"plain".to_vec()]);
        assert!(!row.as_slice().contains(&b'\r'));
        restore(&mut row);
        assert_eq!(row, ByteRecord::from(vec![cell, b"plain".to_vec()]));
    }

    #[test]
    fn a_long_run_is_not_kept() {
        let text = disguised(&b"\r".repeat(RUN + 1), LineEnding::Lf);
        assert_eq!(text, [[MARK, RETURN].repeat(RUN), b"\r".to_vec()].concat());
    }
}
