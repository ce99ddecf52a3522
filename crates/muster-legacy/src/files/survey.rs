//! What is known of a file before its first row is read.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{Compression, DetectedEncoding};

/// The two kinds of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A header, then one row per person.
    Csv,
    /// One JSON object per line.
    Ndjson,
}

/// What ends the first line, and with it how lines are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnding {
    /// `\n`, as everywhere today. A lone `\r` is part of its cell.
    Lf,
    /// `\r\n`, as on Windows.
    CrLf,
    /// `\r`, as some exports for the Mac still have it.
    Cr,
}

/// What the caller knows better than the survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceOptions {
    /// The kind of text.
    pub format: Option<Format>,
    /// A label of the WHATWG Encoding Standard, such as `latin1` or `shift_jis`.
    pub encoding: Option<String>,
    /// The delimiter of a CSV file.
    pub delimiter: Option<u8>,
}

/// What is known of a file before its first row is read. It can be stored, and checked against the file by
/// a later process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The file as it was named; for standard input, where it was put down.
    pub path: PathBuf,
    /// Whether the file is a copy of standard input.
    pub spooled: bool,
    /// The SHA-256 of the file as it lies on disk, in hex.
    pub sha256: String,
    /// Its size on disk.
    pub bytes: u64,
    /// What it is compressed with.
    pub compression: Compression,
    /// The kind of text.
    pub format: Format,
    /// Its encoding.
    pub encoding: DetectedEncoding,
    /// What ends its lines.
    pub line_ending: LineEnding,
    /// What is between the cells of a CSV file.
    pub delimiter: Option<u8>,
    /// The names of the columns: the header of a CSV file, or the keys of an NDJSON file in the order in
    /// which they first occur, with dots between those of nested objects.
    pub header: Vec<String>,
    /// Whether an NDJSON file has more than [`KEY_CAP`](crate::files::KEY_CAP) keys. Those beyond are not
    /// in the header, and not in the records.
    pub keys_left_out: bool,
    /// How many records there are, where the survey had to read them all anyway (NDJSON).
    pub rows: Option<u64>,
}

impl Survey {
    /// What the source is called in a message.
    pub fn name(&self) -> &Path {
        name_of(&self.path, self.spooled)
    }
}

pub(super) fn name_of(path: &Path, spooled: bool) -> &Path {
    if spooled { Path::new("standard input") } else { path }
}
