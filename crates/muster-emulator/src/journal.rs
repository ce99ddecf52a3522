//! The state file: one line per change, appended as it happens, so that a kill at any moment loses at most the
//! line that was being written. A start reads it once; it is compacted at a start when half of it is of the past.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::EmulatorError,
    ids::Ids,
    model::{
        change::{Change, Changes},
        org::Org,
    },
};

const VERSION: u32 = 1;
/// How many lines too many a file may have, whatever its size.
const SLACK: usize = 10_000;
const BUFFER: usize = 1 << 20;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header {
    muster_emulator_state: u32,
    /// How often the org has been started: each start draws its ids from another stream.
    starts: u64,
}

/// The state file, open for appending.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    /// Where the last whole line ends.
    length: u64,
}

/// An org that was read from its state file.
pub(crate) struct Opened {
    pub org: Org,
    pub journal: Journal,
    /// How often it has been started, this time included.
    pub starts: u64,
    /// What was dropped from the end of the file.
    pub notice: Option<String>,
}

/// What a file tells beside its changes.
#[derive(Default)]
struct Past {
    starts: u64,
    notice: Option<String>,
    lines: usize,
    /// Whether the file cannot be added to as it is.
    is_ragged: bool,
}

impl Journal {
    /// Reads the org from its file, or begins a new one. The file is written anew if it is new, torn, or too long.
    pub fn open(path: &Path, seed: u64, now: Timestamp) -> Result<Opened, EmulatorError> {
        let failed = |source| EmulatorError::State { path: path.to_owned(), source };
        let former = lock(path)?;
        let mut org = Org::new(Ids::new(seed, 1), now);
        let past = read(path, &former, |change| org.replay(change))?;
        let starts = past.starts.saturating_add(1);
        if starts > 1 {
            org.ids = Ids::new(seed, starts);
        }
        org.changes.wanted = true;
        let is_too_long = past.lines > org.size().saturating_mul(2).saturating_add(SLACK);
        let file = if past.is_ragged || past.starts == 0 || is_too_long {
            compact(path, &mut org, starts).map_err(failed)?
        } else {
            org.changes.note_start(starts);
            former
        };
        let length = file.metadata().map_err(failed)?.len();
        let mut journal = Self { file, length };
        journal.append(&mut org.changes).map_err(failed)?;
        Ok(Opened { org, journal, starts, notice: past.notice })
    }

    /// Hands the changes to the system. They survive the death of this process from then on. What cannot be
    /// written is taken back and kept for the next time, so that no torn line comes to stand between others.
    pub fn append(&mut self, changes: &mut Changes) -> io::Result<()> {
        if changes.lines().is_empty() {
            return Ok(());
        }
        if let Err(error) = self.file.write_all(changes.lines()) {
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error);
        }
        self.length = self.length.saturating_add(changes.lines().len() as u64);
        changes.clear();
        Ok(())
    }

    /// Sees to it that the file survives the death of the machine.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Opens the file and keeps other emulators from it.
fn lock(path: &Path) -> Result<File, EmulatorError> {
    let file = private(OpenOptions::new().read(true).append(true).create(true)).open(path);
    let file = file.map_err(|source| EmulatorError::State { path: path.to_owned(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EmulatorError::StateInUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(EmulatorError::State { path: path.to_owned(), source }),
    }
}

fn read(path: &Path, file: &File, mut replay: impl FnMut(Change)) -> Result<Past, EmulatorError> {
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let mut past = Past::default();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = reader.read_until(b'\n', &mut line);
        match length.map_err(|source| EmulatorError::State { path: path.to_owned(), source })? {
            0 => break,
            _ if number == 1 => {
                past.starts = header(path, &line)?.starts;
                past.is_ragged = line.last() != Some(&b'\n');
            }
            length if line.last() != Some(&b'\n') => {
                let torn =
                    format!("{}: the last line was torn and is dropped ({length} bytes)", path.display());
                past.notice = Some(torn);
                past.is_ragged = true;
            }
            _ => match change(path, number, &line)? {
                Change::Starts(starts) => past.starts = starts,
                change => replay(change),
            },
        }
        past.lines = number;
    }
    Ok(past)
}

fn header(path: &Path, line: &[u8]) -> Result<Header, EmulatorError> {
    serde_json::from_slice::<Header>(line)
        .ok()
        .filter(|header| header.muster_emulator_state == VERSION)
        .ok_or_else(|| EmulatorError::StateVersion { path: path.to_owned() })
}

/// The reason leaves the text of the line out: there are hashes in it.
fn change(path: &Path, line: usize, text: &[u8]) -> Result<Change, EmulatorError> {
    serde_json::from_slice(text).map_err(|error| {
        let reason = format!("at column {}", error.column());
        EmulatorError::StateLine { path: path.to_owned(), line, reason }
    })
}

/// Writes the whole state beside the file and puts it in its place.
fn compact(path: &Path, org: &mut Org, starts: u64) -> io::Result<File> {
    let beside = beside(path);
    if let Err(error) = std::fs::remove_file(&beside)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(&beside)?;
    file.try_lock().map_err(io::Error::from)?;
    let mut writer = BufWriter::with_capacity(BUFFER, &file);
    serde_json::to_writer(&mut writer, &Header { muster_emulator_state: VERSION, starts })?;
    writer.write_all(b"\n")?;
    org.note_all(|changes| {
        let written = writer.write_all(changes.lines());
        changes.clear();
        written
    })?;
    writer.flush()?;
    drop(writer);
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    Ok(file)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Nobody else may read it: there are hashes in it.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
