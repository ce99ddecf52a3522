//! What can be wrong with a source as a whole. What is wrong with one row is a
//! [`Fault`](muster_core::fault::Fault) of its record instead.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::Compression;

/// Why a source cannot be read. Each message says what was found and what to do about it. None quotes a cell:
/// it may be a secret, and so may be what stands where a header should be.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing is there under this name.
    #[error("there is no file {}\ncheck the name, or name the source - to read standard input", path.display())]
    NotFound {
        /// As it was given.
        path: PathBuf,
    },
    /// A directory stands where a file was expected.
    #[error("{} is a directory; expected a file\nname the CSV or NDJSON file in it", path.display())]
    Directory {
        /// As it was given.
        path: PathBuf,
    },
    /// A pipe, a socket or a device, which can be read only once.
    #[error("{} is a pipe or a device, and a source is read more than once\npipe it into standard input and name the source -", path.display())]
    NotAFile {
        /// As it was given.
        path: PathBuf,
    },
    /// The file system does not let us read it.
    #[error("no permission to read {}\nrun as a user who may read it, or change its mode", path.display())]
    Permission {
        /// As it was given.
        path: PathBuf,
    },
    /// The file system failed while we read or wrote.
    #[error("{} failed: {cause}", path.display())]
    Io {
        /// The file that failed.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// No byte, or nothing but white space.
    #[error("{} is empty; expected a header and one row per person", path.display())]
    Empty {
        /// As it was given.
        path: PathBuf,
    },
    /// A header and nothing below it.
    #[error("{} has no people below the header (line {line})\nexport it again, with its rows", path.display())]
    NoPeople {
        /// As it was given.
        path: PathBuf,
        /// Where the header stands.
        line: u64,
    },
    /// An NDJSON file in which no line is an object with a key.
    #[error("{} has no line that is a JSON object; expected one object per line", path.display())]
    NoObjects {
        /// As it was given.
        path: PathBuf,
    },
    /// Some other kind of file.
    #[error("{} is {what}; expected CSV or NDJSON text\n{hint}", path.display())]
    NotText {
        /// As it was given.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// How to get text out of it.
        hint: String,
    },
    /// A JSON array in place of one object per line.
    #[error("{} is a JSON array; expected one object per line\nconvert it: jq -c '.[]' {}", path.display(), path.display())]
    JsonArray {
        /// As it was given.
        path: PathBuf,
    },
    /// JSON objects that are spread over many lines.
    #[error("{} is JSON spread over many lines; expected one object per line\nconvert it: jq -c . {}", path.display(), path.display())]
    JsonPretty {
        /// As it was given.
        path: PathBuf,
    },
    /// The compressed bytes make no sense.
    #[error("{} is corrupt {compression} data near byte {position}: {detail}\ncopy it again from where it came", path.display())]
    Corrupt {
        /// As it was given.
        path: PathBuf,
        /// What it is compressed with.
        compression: Compression,
        /// How far into the compressed file.
        position: u64,
        /// What the decompressor said.
        detail: String,
    },
    /// The compressed data stop in the middle.
    #[error("{} is cut short: the {compression} data stop at byte {position}, before their end\ncopy it again from where it came", path.display())]
    Truncated {
        /// As it was given.
        path: PathBuf,
        /// What it is compressed with.
        compression: Compression,
        /// How far into the compressed file.
        position: u64,
    },
    /// The name of an encoding that nobody knows.
    #[error(
        "{label:?} is not the name of an encoding\nuse one of utf-8, utf-16le, utf-16be, windows-1250 … windows-1258, iso-8859-1 … iso-8859-16, shift_jis, gb18030, big5, euc-kr, euc-jp, koi8-r, macintosh"
    )]
    UnknownEncoding {
        /// As it was given.
        label: String,
    },
    /// A delimiter that cannot be one.
    #[error(
        "byte 0x{byte:02X} cannot delimit cells\nuse a single ASCII character that is neither a quote nor a line end"
    )]
    BadDelimiter {
        /// As it was given.
        byte: u8,
    },
    /// Two columns have the same name. It is not said, because the line may be a person with a secret.
    #[error("{}: the header (line {line}) has the same name in column {first} and in column {second}\nrename or remove one of them; if that line is a person, put a line with the names of the columns on top", path.display())]
    DuplicateColumn {
        /// As it was given.
        path: PathBuf,
        /// Where the header stands.
        line: u64,
        /// The first column of that name, counted from 1.
        first: usize,
        /// The second one.
        second: usize,
    },
    /// The header has a cell that is not valid in the file's encoding.
    #[error("{}: column {column} of the header (line {line}) has byte 0x{byte:02X}, which is not valid {encoding}\nsave the file as UTF-8, or name its encoding with --encoding", path.display())]
    HeaderEncoding {
        /// As it was given.
        path: PathBuf,
        /// Where the header stands.
        line: u64,
        /// The column, counted from 1.
        column: usize,
        /// The first bad byte.
        byte: u8,
        /// The encoding.
        encoding: &'static str,
    },
    /// The file starts with a person instead of the names of the columns.
    #[error("{}: the first line looks like a person, not a header: column {column} has something like an e-mail address; expected names such as login,email,firstName,lastName\nput a line with the names of the columns on top", path.display())]
    NoHeader {
        /// As it was given.
        path: PathBuf,
        /// The column with the address, counted from 1. What it says may be a secret.
        column: usize,
    },
    /// A record that is longer than [`RECORD_CAP`](crate::files::RECORD_CAP).
    #[error("{}: the record that starts on line {line} is longer than 1 MiB\na quote on that line is probably never closed: close it, or double it if it belongs to the text", path.display())]
    RecordTooLong {
        /// As it was given.
        path: PathBuf,
        /// Where the record starts.
        line: u64,
    },
    /// A quote that is open when the file ends, so that all that follows it is one cell.
    #[error("{}: a quote opens in the record on line {line} and is never closed, up to the end of the file on line {last}\nclose it, or double it if it belongs to the text; if it is the last line, the file may be cut short", path.display())]
    UnclosedQuote {
        /// As it was given.
        path: PathBuf,
        /// Where the record starts.
        line: u64,
        /// The last line of the file.
        last: u64,
    },
    /// The file is not the one that was surveyed.
    #[error("{} has changed since it was read first: sha256 {expected} ({} bytes) is now {found} ({} bytes)\nput the first file back, or start a new run", path.display(), bytes.0, bytes.1)]
    Changed {
        /// As it was given.
        path: PathBuf,
        /// The SHA-256 that the survey has.
        expected: String,
        /// The SHA-256 of what is there now.
        found: String,
        /// The size before and now.
        bytes: (u64, u64),
    },
}

/// What goes wrong below the level at which the name of the file is known. It travels in an [`io::Error`].
#[derive(Debug)]
pub(super) enum StreamFault {
    Corrupt { compression: Compression, position: u64, detail: String },
    Truncated { compression: Compression, position: u64 },
    RecordTooLong { line: u64 },
}

impl fmt::Display for StreamFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, out)
    }
}

impl Error for StreamFault {}

impl From<StreamFault> for io::Error {
    fn from(fault: StreamFault) -> Self {
        Self::other(fault)
    }
}

impl SourceError {
    /// Says which file an I/O error is about.
    pub(super) fn of_io(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::PermissionDenied => Self::Permission { path },
            io::ErrorKind::IsADirectory => Self::Directory { path },
            _ => match cause.downcast::<StreamFault>() {
                Ok(fault) => Self::of_stream(path, fault),
                Err(cause) => Self::Io { path, cause },
            },
        }
    }

    /// Says which file the CSV reader failed on. With flexible records of bytes it fails on I/O only.
    pub(super) fn of_csv(path: &Path, error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(cause) => Self::of_io(path, cause),
            other => Self::Io { path: path.to_owned(), cause: io::Error::other(format!("{other:?}")) },
        }
    }

    fn of_stream(path: PathBuf, fault: StreamFault) -> Self {
        match fault {
            StreamFault::Corrupt { compression, position, detail } => {
                Self::Corrupt { path, compression, position, detail }
            }
            StreamFault::Truncated { compression, position } => {
                Self::Truncated { path, compression, position }
            }
            StreamFault::RecordTooLong { line } => Self::RecordTooLong { path, line },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_file_system_is_named() {
        let error = SourceError::of_io(Path::new("people.csv"), io::ErrorKind::PermissionDenied.into());
        assert!(error.to_string().starts_with("no permission to read people.csv"));
    }
}
