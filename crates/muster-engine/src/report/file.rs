//! Files written beside their place first, readable for their owner only.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::EngineError;

/// A file that takes its place when it is finished.
pub struct NewFile {
    place: PathBuf,
    beside: PathBuf,
    writer: BufWriter<File>,
}

impl NewFile {
    /// Begins the file that will stand at `place`.
    pub fn begin(place: &Path) -> Result<Self, EngineError> {
        let mut beside = place.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&beside).map_err(|error| failed(&beside, &error))?;
        Ok(Self { place: place.to_owned(), beside, writer: BufWriter::with_capacity(1 << 16, file) })
    }

    /// Puts the file into its place.
    pub fn finish(mut self) -> Result<(), EngineError> {
        self.writer.flush().map_err(|error| failed(&self.beside, &error))?;
        std::fs::rename(&self.beside, &self.place).map_err(|error| failed(&self.place, &error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a file whole.
pub fn write_whole(place: &Path, bytes: &[u8]) -> Result<(), EngineError> {
    let mut file = NewFile::begin(place)?;
    file.write_all(bytes).map_err(|error| failed(place, &error))?;
    file.finish()
}

/// The error of a file that can't be written.
pub fn failed(path: &Path, error: &dyn std::error::Error) -> EngineError {
    EngineError::Output { path: path.display().to_string(), reason: error.to_string() }
}
