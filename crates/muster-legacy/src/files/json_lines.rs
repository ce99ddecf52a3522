//! The lines of an NDJSON file, each no longer than the cap.

use std::io::{self, BufRead, BufReader};

use crate::files::content::Text;
use crate::files::{BUFFER, LineEnding, RECORD_CAP};

/// Reads line by line.
pub(super) struct JsonLines {
    reader: BufReader<Text>,
    end: u8,
    line: u64,
    text: Vec<u8>,
    too_long: bool,
}

/// One line that is not blank.
pub(super) struct JsonLine<'a> {
    pub(super) number: u64,
    /// Without its end and the white space around; none if the line is longer than the cap.
    pub(super) text: Option<&'a [u8]>,
}

impl JsonLines {
    pub(super) fn new(text: Text, line_ending: LineEnding) -> Self {
        let reader = BufReader::with_capacity(BUFFER, text);
        let end = if line_ending == LineEnding::Cr { b'\r' } else { b'\n' };
        Self { reader, end, line: 0, text: Vec::new(), too_long: false }
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> io::Result<Option<JsonLine<'_>>> {
        while self.read_line()? {
            self.line += 1;
            if self.too_long || !self.text.trim_ascii().is_empty() {
                let text = (!self.too_long).then(|| self.text.trim_ascii());
                return Ok(Some(JsonLine { number: self.line, text }));
            }
        }
        Ok(None)
    }

    /// Reads to the end of the line, and keeps no more of it than the cap. False at the end of the text.
    fn read_line(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.too_long = false;
        let mut any = false;
        loop {
            let ready = self.reader.fill_buf()?;
            if ready.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = ready.iter().position(|byte| *byte == self.end);
            let part = ready.get(..end.unwrap_or(ready.len())).unwrap_or_default();
            self.too_long |= self.text.len() + part.len() > RECORD_CAP;
            if self.too_long {
                self.text.clear();
            } else {
                self.text.extend_from_slice(part);
            }
            let taken = end.map_or(ready.len(), |at| at + 1);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}
