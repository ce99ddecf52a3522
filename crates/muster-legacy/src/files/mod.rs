//! People in files: CSV and NDJSON, plain, gzip or zstd, in any encoding, from a path or from standard input.
//!
//! A file is surveyed once, whole, before the first row is read: its hash, its encoding, its delimiter, its
//! columns. After that it is a stream, as often as wanted; memory does not grow with it. There is no cap on
//! how far a compressed file may grow, because nothing of it is kept: one record is all that is held, and a
//! record is capped.

mod compression;
mod content;
mod csv_records;
mod delimiter;
mod encoding;
mod error;
mod evidence;
mod foreign;
mod guess;
mod header;
mod json_keys;
mod json_lines;
mod json_records;
mod lines;
mod marks;
mod raw;
mod records;
mod returns;
mod sample;
mod source;
mod survey;
mod tally;
mod transcoder;

pub use compression::Compression;
pub use encoding::{DetectedEncoding, EncodingProof};
pub use error::SourceError;
pub use records::{Progress, Records};
pub use source::Source;
pub use survey::{Format, LineEnding, SourceOptions, Survey};

/// The longest record, in bytes of its text. A record beyond it is an unclosed quote, not a person.
pub const RECORD_CAP: usize = 1024 * 1024;

/// The most columns that the union of the keys of an NDJSON file may have.
pub const KEY_CAP: usize = 2000;

/// How much is read at once.
const BUFFER: usize = 64 * 1024;
