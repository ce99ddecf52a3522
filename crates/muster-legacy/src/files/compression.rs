//! What a file is compressed with, and the stream of what is inside.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use crate::files::error::StreamFault;
use crate::files::tally::Tally;

/// What a file is compressed with, told by its first bytes; its name does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, of one or more members.
    Gzip,
    /// zstd, of one or more frames.
    Zstd,
}

impl fmt::Display for Compression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::None => "uncompressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

impl Compression {
    /// By the first bytes of the file. A zstd file may start with a skippable frame, as pzstd writes it.
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, 0x08, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The stream of what is inside.
    pub(super) fn open<'a, R>(self, raw: Tally<R>) -> io::Result<Box<dyn Read + Send + 'a>>
    where
        R: BufRead + Send + 'a,
    {
        let position = raw.position();
        Ok(match self {
            Self::None => Box::new(raw),
            Self::Gzip => Box::new(Unpacked { inner: MultiGzDecoder::new(raw), compression: self, position }),
            Self::Zstd => {
                let inner = zstd::stream::read::Decoder::with_buffer(raw)?;
                Box::new(Unpacked { inner, compression: self, position })
            }
        })
    }
}

/// Turns what a decompressor says into something that names the place.
struct Unpacked<R> {
    inner: R,
    compression: Compression,
    position: Arc<AtomicU64>,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf).map_err(|error| self.explain(error))
    }
}

impl<R> Unpacked<R> {
    fn explain(&self, error: io::Error) -> io::Error {
        let (compression, position) = (self.compression, self.position.load(Ordering::Relaxed));
        if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return StreamFault::Truncated { compression, position }.into();
        }
        StreamFault::Corrupt { compression, position, detail: error.to_string() }.into()
    }
}
