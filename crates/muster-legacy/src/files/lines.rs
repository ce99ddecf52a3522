//! Counts the physical lines of the text under the CSV reader.
//!
//! The CSV reader counts `\n` only, and the position that it gives for a record can lie before blank lines.
//! Its byte positions are right, though: the line of a record is that of the first byte from there on that
//! does not end a line. This reader also ends a record that grows without end, and shows by an end mark
//! whether a quote was open when the text ended, which the CSV reader does not tell.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::files::RECORD_CAP;
use crate::files::error::StreamFault;

/// What is appended to the text: one more record. If it does not come out as one, a quote has swallowed it.
const END_MARK: &[u8] = b"\nx";

/// The text of a CSV file, and where its lines start.
pub(super) struct Lines<R> {
    inner: R,
    counts_cr: bool,
    offset: u64,
    line: u64,
    blank: bool,
    after_cr: bool,
    starts: VecDeque<Start>,
    end: Option<u64>,
    marked: usize,
}

/// The first byte of a line that is not blank.
#[derive(Clone, Copy)]
struct Start {
    offset: u64,
    line: u64,
}

/// What the CSV reader has just read.
#[derive(Debug, PartialEq)]
pub(super) enum Extent {
    /// A record, and the line on which it starts.
    Record(u64),
    /// A record whose last cell ends with the text, because of a quote; and the last line.
    Unclosed(u64, u64),
    /// A record that is too long.
    TooLong(u64),
    /// The end mark.
    End,
}

impl<R> Lines<R> {
    /// `line` is the number of the first line; `counts_cr` whether `\r` alone ends a line.
    pub(super) fn new(inner: R, line: u64, counts_cr: bool) -> Self {
        Self {
            inner,
            counts_cr,
            offset: 0,
            line,
            blank: true,
            after_cr: false,
            starts: VecDeque::new(),
            end: None,
            marked: 0,
        }
    }

    /// The next record starts at this position or after blank lines from there.
    pub(super) fn begin(&mut self, position: u64) {
        while self.starts.front().is_some_and(|start| start.offset < position) {
            self.starts.pop_front();
        }
    }

    /// What it was that the CSV reader has read since [`Lines::begin`], up to this position.
    pub(super) fn extent(&self, position: u64) -> Extent {
        let Some(start) = self.starts.front() else { return Extent::End };
        match self.end {
            Some(end) if start.offset > end => Extent::End,
            Some(end) if position > end + 1 => Extent::Unclosed(start.line, self.last_line(end)),
            _ if position.saturating_sub(start.offset) > RECORD_CAP as u64 => Extent::TooLong(start.line),
            _ => Extent::Record(start.line),
        }
    }

    fn last_line(&self, end: u64) -> u64 {
        self.starts.iter().rev().find(|start| start.offset < end).map_or(self.line, |start| start.line)
    }

    fn note(&mut self, mut bytes: &[u8]) {
        while let Some(&first) = bytes.first() {
            let length = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            if length == Some(0) {
                self.end_line(first);
                bytes = bytes.get(1..).unwrap_or_default();
                continue;
            }
            if self.blank {
                self.starts.push_back(Start { offset: self.offset, line: self.line });
            }
            (self.blank, self.after_cr) = (false, false);
            let length = length.unwrap_or(bytes.len());
            self.offset += length as u64;
            bytes = bytes.get(length..).unwrap_or_default();
        }
    }

    fn end_line(&mut self, terminator: u8) {
        let counts = match terminator {
            b'\r' => self.counts_cr,
            _ => !(self.counts_cr && self.after_cr),
        };
        self.line += u64::from(counts);
        self.after_cr = terminator == b'\r';
        self.blank = true;
        self.offset += 1;
    }

    fn is_over_cap(&self) -> Option<u64> {
        let start = self.starts.front()?;
        (self.offset - start.offset > RECORD_CAP as u64).then_some(start.line)
    }

    fn mark_end(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.end.get_or_insert(self.offset);
        let given = END_MARK.get(self.marked..).unwrap_or_default().read(buf)?;
        self.marked += given;
        Ok(given)
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(line) = self.is_over_cap() {
            return Err(StreamFault::RecordTooLong { line }.into());
        }
        let mut read = if self.end.is_none() { self.inner.read(buf)? } else { 0 };
        if read == 0 && !buf.is_empty() {
            read = self.mark_end(buf)?;
        }
        self.note(buf.get(..read).unwrap_or_default());
        Ok(read)
    }
}
