//! The stream between the file and its records: unpacked, in UTF-8, without a byte-order mark.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use encoding_rs::{Encoding, UTF_8};

use crate::files::error::SourceError;
use crate::files::tally::Tally;
use crate::files::transcoder::Transcoder;
use crate::files::{BUFFER, Compression};

/// The text of a source.
pub(super) type Text = Box<dyn Read + Send>;

/// The text of a source, and how far its reader has come in the raw file.
pub(super) struct Content {
    pub(super) text: Text,
    pub(super) position: Arc<AtomicU64>,
}

/// Opens a regular file. A pipe is refused before it is opened, because opening it would wait for a writer.
pub(super) fn open_file(path: &Path) -> Result<File, SourceError> {
    let kind = fs::metadata(path).map_err(|cause| SourceError::of_io(path, cause))?;
    if kind.is_dir() {
        return Err(SourceError::Directory { path: path.to_owned() });
    }
    if !kind.is_file() {
        return Err(SourceError::NotAFile { path: path.to_owned() });
    }
    File::open(path).map_err(|cause| SourceError::of_io(path, cause))
}

impl Content {
    /// The text from its beginning. `name` is what the file is called in an error.
    pub(super) fn open(
        path: &Path,
        name: &Path,
        compression: Compression,
        encoding: &'static Encoding,
    ) -> Result<Self, SourceError> {
        let raw = Tally::new(BufReader::with_capacity(BUFFER, open_file(path)?));
        let position = raw.position();
        let decode = || without_mark(compression.open(raw)?, encoding);
        let bytes = decode().map_err(|cause| SourceError::of_io(name, cause))?;
        let text = if encoding == UTF_8 { bytes } else { Box::new(Transcoder::new(bytes, encoding)) };
        Ok(Self { text, position })
    }
}

/// Takes the byte-order mark off, if it is the one of this encoding.
fn without_mark(mut bytes: Text, encoding: &'static Encoding) -> io::Result<Text> {
    let head = read_head(&mut bytes, 3)?;
    let skip = match Encoding::for_bom(&head) {
        Some((marked, length)) if marked == encoding => length,
        _ => 0,
    };
    let rest = head.get(skip..).unwrap_or_default().to_owned();
    Ok(if rest.is_empty() { bytes } else { Box::new(Cursor::new(rest).chain(bytes)) })
}

/// Up to so many bytes from the beginning.
pub(super) fn read_head(from: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    from.take(length as u64).read_to_end(&mut head)?;
    Ok(head)
}
