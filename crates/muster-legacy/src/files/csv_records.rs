//! The records of a CSV file.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::ByteRecord;
use muster_core::fault::{Fault, FaultCode};
use muster_core::record::{Cell, Line, Record};

use crate::files::content::{Content, Text, read_head};
use crate::files::error::SourceError;
use crate::files::header::HeaderPlace;
use crate::files::lines::{Extent, Lines};
use crate::files::returns::{self, Returns};
use crate::files::{BUFFER, DetectedEncoding, LineEnding, delimiter, marks};

/// What the CSV reader needs to know of a file.
pub(super) struct CsvLayout<'a> {
    pub(super) name: &'a Path,
    pub(super) delimiter: u8,
    pub(super) line_ending: LineEnding,
    pub(super) encoding: &'a DetectedEncoding,
}

/// The rows below the header, one after the other.
pub(super) struct CsvRecords {
    reader: csv::Reader<Lines<Returns<Text>>>,
    row: ByteRecord,
    name: PathBuf,
    encoding: &'static str,
    escaped: bool,
    line_ending: LineEnding,
    header: Arc<[String]>,
    header_line: u64,
}

impl CsvRecords {
    /// Reads the header, and stands before the first row.
    pub(super) fn open(content: Content, layout: &CsvLayout<'_>) -> Result<Self, SourceError> {
        let lines = skip_sep_line(content.text, layout.line_ending)
            .map_err(|cause| SourceError::of_io(layout.name, cause))?;
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(layout.delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(lines);
        let mut records = Self {
            reader,
            row: ByteRecord::new(),
            name: layout.name.to_owned(),
            encoding: layout.encoding.name,
            escaped: layout.encoding.is_transcoded(),
            line_ending: layout.line_ending,
            header: Arc::default(),
            header_line: 0,
        };
        records.read_header()?;
        Ok(records)
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn header_line(&self) -> u64 {
        self.header_line
    }

    fn read_header(&mut self) -> Result<(), SourceError> {
        let Some(line) = self.read_row()? else {
            return Err(SourceError::Empty { path: self.name.clone() });
        };
        let place = HeaderPlace { name: &self.name, line, encoding: self.encoding, escaped: self.escaped };
        self.header = place.names(&self.row)?.into();
        self.header_line = line;
        Ok(())
    }

    /// The next record, or none after the last.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>, SourceError> {
        while let Some(line) = self.read_row()? {
            if !self.is_blank() {
                return Ok(Some(self.record(line)));
            }
        }
        Ok(None)
    }

    /// Reads one row, and says on which line it starts.
    fn read_row(&mut self) -> Result<Option<u64>, SourceError> {
        let start = self.reader.position().byte();
        self.reader.get_mut().begin(start);
        let more = self.reader.read_byte_record(&mut self.row);
        if !more.map_err(|error| SourceError::of_csv(&self.name, error))? {
            return Ok(None);
        }
        returns::restore(&mut self.row);
        let path = || self.name.clone();
        match self.reader.get_ref().extent(self.reader.position().byte()) {
            Extent::Record(line) => Ok(Some(line)),
            Extent::End => Ok(None),
            Extent::TooLong(line) => Err(SourceError::RecordTooLong { path: path(), line }),
            Extent::Unclosed(line, last) => Err(SourceError::UnclosedQuote { path: path(), line, last }),
        }
    }

    /// A line of nothing but white space, where a row would have several cells.
    fn is_blank(&self) -> bool {
        self.row.len() == 1
            && self.header.len() > 1
            && self.row.get(0).is_some_and(|cell| !cell.is_empty() && cell.trim_ascii().is_empty())
    }

    fn record(&self, line: u64) -> Record {
        let mut fault = self.shape_fault();
        let has_nul = self.row.as_slice().contains(&0);
        let mut cells = Vec::with_capacity(self.header.len());
        for (column, bytes) in self.header.iter().zip(&self.row) {
            cells.push(match marks::decode(bytes, self.escaped) {
                Ok(text) if !(has_nul && text.contains('\0')) => Cell::text(text),
                Ok(text) => {
                    fault.get_or_insert_with(|| nul_fault(column, text));
                    Cell::Undecodable(bytes.to_vec())
                }
                Err(broken) => {
                    fault.get_or_insert_with(|| encoding_fault(column, broken.first(), self.encoding));
                    Cell::Undecodable(if self.escaped { broken.bytes() } else { bytes.to_vec() })
                }
            });
        }
        cells.resize(self.header.len(), Cell::Empty);
        Record { line: Line(line), cells, fault }
    }

    fn shape_fault(&self) -> Option<Fault> {
        let (found, expected) = (self.row.len(), self.header.len());
        if found == expected {
            return None;
        }
        let mut reason = format!("has {found} {}, the header has {expected}", cells(found));
        if found > expected {
            let extra = self.row.iter().skip(expected).any(|cell| !cell.trim_ascii().is_empty());
            return extra.then(|| Fault::of_row(FaultCode::LongRow, reason));
        }
        let cr = self.line_ending == LineEnding::Cr;
        let wrapped = |cell: &[u8]| cell.iter().any(|byte| *byte == b'\n' || (cr && *byte == b'\r'));
        if let Some((column, _)) = self.header.iter().zip(&self.row).find(|(_, cell)| wrapped(cell)) {
            reason.push_str("; column ");
            reason.push_str(column);
            reason.push_str(" goes over more than one line, so a quote may be unclosed");
        }
        Some(Fault::of_row(FaultCode::ShortRow, reason))
    }
}

fn cells(count: usize) -> &'static str {
    if count == 1 { "cell" } else { "cells" }
}

/// The fault of a cell with a byte that the encoding does not have. It says nothing of the rest of the cell.
pub(super) fn encoding_fault(column: &str, (at, byte): (usize, u8), encoding: &str) -> Fault {
    let reason = format!("byte 0x{byte:02X} at character {at} is not valid {encoding}");
    Fault::of_field(FaultCode::BadEncoding, column, reason)
}

fn nul_fault(column: &str, text: &str) -> Fault {
    let at = text.chars().take_while(|character| *character != '\0').count() + 1;
    let reason = format!("byte 0x00 at character {at} is no text");
    Fault::of_field(FaultCode::BadEncoding, column, reason)
}

fn skip_sep_line(mut text: Text, line_ending: LineEnding) -> std::io::Result<Lines<Returns<Text>>> {
    let head = read_head(&mut text, delimiter::SEP_LINE_BYTES)?;
    let skip = delimiter::sep_line(&head).map_or(0, |line| line.length);
    let rest = head.get(skip..).unwrap_or_default().to_owned();
    let line = if skip == 0 { 1 } else { 2 };
    let text: Text = Box::new(Cursor::new(rest).chain(text));
    Ok(Lines::new(Returns::new(text, line_ending), line, line_ending == LineEnding::Cr))
}
