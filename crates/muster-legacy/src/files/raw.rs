//! The pass over all bytes of a file: its hash, its compression, its encoding. What its text holds is not
//! looked at yet.

use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;

use crate::files::content::{open_file, read_head};
use crate::files::error::SourceError;
use crate::files::evidence::Evidence;
use crate::files::survey::name_of;
use crate::files::tally::{Hashing, Tally};
use crate::files::{
    BUFFER, Compression, DetectedEncoding, Format, LineEnding, SourceOptions, Survey, encoding, foreign,
};

/// So many control characters are no sign of a binary file, however small it is.
const STRAY: u64 = 3;

/// How much of the beginning is kept, for the byte-order mark.
const HEAD: usize = 4;

/// The survey as far as the bytes tell; format and columns are left open.
pub(super) fn survey(path: &Path, spooled: bool, options: &SourceOptions) -> Result<Survey, SourceError> {
    let name = name_of(path, spooled);
    let of_io = |cause| SourceError::of_io(name, cause);
    let mut probe = open_file(path)?;
    let compression = Compression::of(&read_head(&mut probe, 4).map_err(of_io)?);
    let mut raw = BufReader::with_capacity(BUFFER, Hashing::new(open_file(path)?));
    let mut bytes = compression.open(Tally::new(&mut raw)).map_err(of_io)?;
    let mut buf = read_head(&mut bytes, BUFFER).map_err(of_io)?;
    let head = buf.get(..HEAD).unwrap_or(&buf).to_owned();
    refuse_foreign(name, &buf)?;
    let mut evidence = Evidence::default();
    evidence.feed(&buf);
    refuse_binary(name, &head, &evidence, options)?;
    buf.resize(BUFFER, 0);
    loop {
        let read = bytes.read(&mut buf).map_err(of_io)?;
        if read == 0 {
            break;
        }
        evidence.feed(buf.get(..read).unwrap_or_default());
    }
    evidence.finish();
    drop(bytes);
    let (sha256, size) = raw.into_inner().finish().map_err(of_io)?;
    if !evidence.written {
        return Err(SourceError::Empty { path: name.to_owned() });
    }
    refuse_binary(name, &head, &evidence, options)?;
    let encoding = encoding::decide(options.encoding.as_deref(), &head, &evidence)?;
    Ok(blank_survey(path, spooled, sha256, size, compression, encoding))
}

fn blank_survey(
    path: &Path,
    spooled: bool,
    sha256: String,
    bytes: u64,
    compression: Compression,
    encoding: DetectedEncoding,
) -> Survey {
    Survey {
        path: path.to_owned(),
        spooled,
        sha256,
        bytes,
        compression,
        format: Format::Csv,
        encoding,
        line_ending: LineEnding::Lf,
        delimiter: None,
        header: Vec::new(),
        keys_left_out: false,
        rows: None,
    }
}

fn refuse_foreign(name: &Path, head: &[u8]) -> Result<(), SourceError> {
    let Some((what, hint)) = foreign::recognise(head) else { return Ok(()) };
    let hint = hint.replace("FILE", &name.display().to_string());
    Err(SourceError::NotText { path: name.to_owned(), what, hint })
}

/// One byte in fifty that no text has: this is not a text with some stray bytes.
fn refuse_binary(
    name: &Path,
    head: &[u8],
    evidence: &Evidence,
    options: &SourceOptions,
) -> Result<(), SourceError> {
    let declared = options.encoding.is_some() || Encoding::for_bom(head).is_some();
    let few = evidence.controls <= STRAY || evidence.controls.saturating_mul(50) < evidence.bytes;
    if declared || few || encoding::by_nuls(evidence).is_some() {
        return Ok(());
    }
    let hint = "name the text file with the people; if it is UTF-16, say so with --encoding".to_owned();
    Err(SourceError::NotText { path: name.to_owned(), what: "a binary file", hint })
}
