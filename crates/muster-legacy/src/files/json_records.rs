//! The records of an NDJSON file: each object flattened to the columns of the survey.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use muster_core::fault::{Fault, FaultCode};
use muster_core::record::{Cell, Line, Record};
use serde_json::{Map, Value};

use crate::files::content::Content;
use crate::files::csv_records::encoding_fault;
use crate::files::error::SourceError;
use crate::files::json_lines::{JsonLine, JsonLines};
use crate::files::{Survey, marks};

/// The objects, one after the other.
pub(super) struct JsonRecords {
    lines: JsonLines,
    name: PathBuf,
    columns: Columns,
}

/// Where each key goes.
struct Columns {
    places: HashMap<String, usize>,
    encoding: &'static str,
    escaped: bool,
}

impl JsonRecords {
    pub(super) fn new(content: Content, survey: &Survey) -> Self {
        let keys = survey.header.iter().cloned();
        Self {
            lines: JsonLines::new(content.text, survey.line_ending),
            name: survey.name().to_owned(),
            columns: Columns {
                places: keys.enumerate().map(|(place, key)| (key, place)).collect(),
                encoding: survey.encoding.name,
                escaped: survey.encoding.is_transcoded(),
            },
        }
    }

    /// The next record, or none after the last.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>, SourceError> {
        let line = self.lines.next_line().map_err(|cause| SourceError::of_io(&self.name, cause))?;
        Ok(line.map(|line| self.columns.record(&line)))
    }
}

impl Columns {
    fn record(&self, line: &JsonLine<'_>) -> Record {
        let cells = vec![Cell::Empty; self.places.len()];
        let mut record = Record { line: Line(line.number), cells, fault: None };
        match self.object(line) {
            Ok((object, marked)) => Filling { columns: self, record: &mut record, marked }.object("", object),
            Err(reason) => record.fault = Some(Fault::of_row(FaultCode::BadJson, reason)),
        }
        record
    }

    /// The object of a line, and whether it has bytes that are not valid in the encoding.
    fn object(&self, line: &JsonLine<'_>) -> Result<(Map<String, Value>, bool), String> {
        let bytes = line.text.ok_or("the line is longer than 1 MiB; expected one JSON object")?;
        let text = marked(bytes, self.escaped);
        match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => Ok((object, matches!(text, Cow::Owned(_)))),
            Ok(other) => Err(format!("found {}, expected a JSON object", kind(&other))),
            Err(error) => Err(explain(&text, &error)),
        }
    }
}

/// The text of a line; owned if bytes had to be marked in it.
pub(super) fn marked(bytes: &[u8], escaped: bool) -> Cow<'_, str> {
    match marks::decode(bytes, escaped) {
        Ok(text) => Cow::Borrowed(text),
        Err(broken) => Cow::Owned(broken.into_marked()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The parser's words without its count of lines, which starts anew on each of ours. Its column is in bytes.
fn explain(text: &str, error: &serde_json::Error) -> String {
    let column = text.get(..error.column()).map_or(error.column(), |before| before.chars().count());
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let cut = if error.is_eof() { "; the line ends too early" } else { "" };
    format!("column {column}: {said}{cut}; expected a JSON object")
}

/// A record that is being filled from an object.
struct Filling<'a> {
    columns: &'a Columns,
    record: &'a mut Record,
    marked: bool,
}

impl Filling<'_> {
    /// Nested as deep as the parser allows, which is 128.
    fn object(&mut self, path: &str, object: Map<String, Value>) {
        for (key, value) in object {
            let path = if path.is_empty() { key } else { format!("{path}.{key}") };
            match value {
                Value::Object(inner) => self.object(&path, inner),
                leaf => self.leaf(&path, leaf),
            }
        }
    }

    fn leaf(&mut self, path: &str, value: Value) {
        if self.marked
            && let Some(mark) = marks::first_mark(path)
        {
            let name = String::from_utf8_lossy(&marks::restore(path)).into_owned();
            self.blame(encoding_fault(&name, mark, self.columns.encoding));
            return;
        }
        let cell = match value {
            Value::Null => Cell::Empty,
            Value::String(text) => self.text(path, text),
            Value::Number(number) if has_lost_digits(&number) => {
                let reason = "the number is too large to be kept exactly; write it as a string";
                self.blame(Fault::of_field(FaultCode::BadJson, path, reason));
                Cell::Empty
            }
            other => self.other(path, other),
        };
        if let Some(place) = self.columns.places.get(path).and_then(|place| self.record.cells.get_mut(*place))
        {
            *place = cell;
        }
    }

    fn text(&mut self, path: &str, text: String) -> Cell {
        match marks::first_mark(&text).filter(|_| self.marked) {
            None => Cell::text(text),
            Some(mark) => {
                self.blame(encoding_fault(path, mark, self.columns.encoding));
                Cell::Undecodable(marks::restore(&text))
            }
        }
    }

    /// A boolean, a number, or an array, whose strings may have marks too.
    fn other(&mut self, path: &str, value: Value) -> Cell {
        if !self.marked {
            return Cell::Json(value);
        }
        let text = value.to_string();
        if marks::first_mark(&text).is_some() { self.text(path, text) } else { Cell::Json(value) }
    }

    fn blame(&mut self, fault: Fault) {
        self.record.fault.get_or_insert(fault);
    }
}

/// A whole number that does not fit into 64 bits has become a rounded one.
fn has_lost_digits(number: &serde_json::Number) -> bool {
    const TWO_TO_THE_63: f64 = 9_223_372_036_854_775_808.0;
    number.is_f64() && number.as_f64().is_none_or(|value| value.abs() >= TWO_TO_THE_63)
}
