//! Writes a credential file: whole or not at all, readable by its owner alone.

use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use muster_core::credential::Settlement;
use muster_core::login::Login;
use muster_core::record::Line;
use serde::Serialize;
use tempfile::NamedTempFile;

use super::block::{Filling, MOST};
use super::bytes::of_cells;
use super::head::{HEAD, Head, SEAL};
use super::key::FileKey;
use super::sealing::{Sealing, TABLE, TAG};
use super::sorter::Sorter;
use super::spill::Entry;
use super::table::Table;
use crate::truth::TruthError;
use crate::truth::cells::CredentialCells;

/// The memory that sorting may take.
const ROOM: usize = 64 * 1024 * 1024;
/// As many doubles are named.
const NAMED: usize = 10;

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which source, as [`CredentialFileWriter::source`] counted it.
    pub source: u16,
    /// The line there.
    pub line: Line,
}

/// What became of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Is in the file, unless someone else has the login.
    Yes,
    /// Has longer cells than any hash.
    TooLong,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// People in the file.
    pub credentials: u64,
    /// Rows that said again what an earlier one had said.
    pub repeated: u64,
    /// The size of the file.
    pub bytes: u64,
}

/// A credential file that is being written. Nothing of it can be seen before it is whole.
pub struct CredentialFileWriter {
    out: PathBuf,
    sealing: Sealing,
    head: Head,
    settlement: Settlement,
    sorter: Sorter,
    sources: Vec<String>,
}

impl CredentialFileWriter {
    /// Begins a file that will stand at `out`, opened by `key`.
    pub fn begin(out: &Path, key: &FileKey, settlement: &Settlement) -> Result<Self, TruthError> {
        let faulty = |reason: String| TruthError::File { path: out.to_owned(), reason };
        let mut salt = [0; 32];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| faulty("there is no randomness".to_owned()))?;
        let table = Table { blocks: 0, credentials: 0, settlement: settlement.clone() };
        let length = table.encode().and_then(|bytes| u32::try_from(bytes.len() + TAG).ok());
        let head = Head {
            derivation: key.derivation(),
            salt,
            table: length.ok_or_else(|| faulty("the settlement can't be written".to_owned()))?,
        };
        let bytes = match key.bytes(head.derivation, &salt) {
            Some(bytes) => bytes.map_err(|error| faulty(error.to_string()))?,
            None => return Err(faulty("the key is of another kind".to_owned())),
        };
        let sealing = Sealing::derive(&bytes, &salt);
        Ok(Self {
            sealing: sealing.map_err(|_| faulty("the keys can't be made".to_owned()))?,
            sorter: Sorter::new(folder_of(out), ROOM),
            settlement: settlement.clone(),
            out: out.to_owned(),
            sources: Vec::new(),
            head,
        })
    }

    /// Names the source of the people that follow, and counts it.
    pub fn source(&mut self, name: impl Into<String>) -> u16 {
        self.sources.push(name.into());
        u16::try_from(self.sources.len() - 1).unwrap_or(u16::MAX)
    }

    /// Adds one person.
    pub fn add(&mut self, login: &Login, cells: &CredentialCells, place: Place) -> Result<Added, TruthError> {
        let Some(cells) = of_cells(cells).filter(|cells| cells.len() <= MOST) else {
            return Ok(Added::TooLong);
        };
        let entry = Entry { digest: self.sealing.digest(login), place, cells };
        self.sorter.push(entry).map_err(TruthError::io(&self.out))?;
        Ok(Added::Yes)
    }

    /// Writes the file.
    pub fn finish(self) -> Result<Written, TruthError> {
        let io = TruthError::io(&self.out);
        let folder = folder_of(&self.out);
        // Made for its owner alone from the first byte.
        let file = NamedTempFile::with_prefix_in(".credentials", &folder).map_err(&io)?;
        let mut blocks = Blocks {
            file: BufWriter::with_capacity(1 << 20, file),
            sealing: &self.sealing,
            head: self.head.encode(),
            filling: Filling::default(),
            number: 0,
            out: &self.out,
        };
        let table = usize::try_from(self.head.table).unwrap_or_default();
        blocks.write(&vec![0; HEAD + SEAL + table])?;
        let mut written = put_entries(&mut blocks, self.sorter, &self.sources)?;
        let table =
            Table { blocks: blocks.number, credentials: written.credentials, settlement: self.settlement };
        let mut file = blocks.close(&table)?;
        written.bytes = file.seek(SeekFrom::End(0)).map_err(&io)?;
        file.as_file().sync_all().map_err(&io)?;
        file.persist(&self.out).map_err(|error| io(error.error))?;
        sync_folder(&folder).map_err(&io)?;
        Ok(written)
    }
}

/// Puts all entries into blocks; those that say the same twice once.
fn put_entries(blocks: &mut Blocks<'_>, sorter: Sorter, sources: &[String]) -> Result<Written, TruthError> {
    let mut written = Written { credentials: 0, repeated: 0, bytes: 0 };
    let mut entries = sorter.finish().map_err(TruthError::io(blocks.out))?;
    let (mut last, mut doubles): (Option<Entry>, Vec<String>) = (None, Vec::new());
    while let Some(entry) = entries.next().map_err(TruthError::io(blocks.out))? {
        match last.as_ref().filter(|last| last.digest == entry.digest) {
            Some(last) if last.cells == entry.cells => written.repeated += 1,
            Some(last) => doubles.push(pair(last.place, entry.place, sources)),
            None => {
                blocks.add(&entry)?;
                written.credentials += 1;
                last = Some(entry);
            }
        }
        if doubles.len() > NAMED {
            break;
        }
    }
    blocks.flush()?;
    if doubles.is_empty() { Ok(written) } else { Err(TruthError::Doubles(doubles)) }
}

fn pair(first: Place, second: Place, sources: &[String]) -> String {
    let name = |place: Place| sources.get(usize::from(place.source)).map_or("the source", String::as_str);
    if first.source == second.source {
        return format!("lines {} and {} of {}", first.line, second.line, name(first));
    }
    format!("line {} of {} and line {} of {}", first.line, name(first), second.line, name(second))
}

/// The blocks of a file, written one after another.
struct Blocks<'a> {
    file: BufWriter<NamedTempFile>,
    sealing: &'a Sealing,
    head: [u8; HEAD],
    filling: Filling,
    number: u64,
    out: &'a Path,
}

impl Blocks<'_> {
    fn add(&mut self, entry: &Entry) -> Result<(), TruthError> {
        if !self.filling.has_room(entry.cells.len()) {
            self.flush()?;
        }
        // Cells that are too long were sent away before.
        let _ = self.filling.add(&entry.digest, &entry.cells);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TruthError> {
        if self.filling.is_empty() {
            return Ok(());
        }
        let mut block = self.filling.take();
        self.seal(self.number, &mut block)?;
        self.number += 1;
        self.write(&block)
    }

    /// Puts head and table into the place that was left for them.
    fn close(mut self, table: &Table) -> Result<NamedTempFile, TruthError> {
        let mut bytes = table.encode().unwrap_or_default();
        self.seal(TABLE, &mut bytes)?;
        self.file.seek(SeekFrom::Start(0)).map_err(TruthError::io(self.out))?;
        let seal = self.sealing.seal_head(&self.head);
        let head = self.head;
        for part in [head.as_slice(), &seal, &bytes] {
            self.write(part)?;
        }
        self.file.into_inner().map_err(|error| TruthError::io(self.out)(error.into_error()))
    }

    fn seal(&self, number: u64, part: &mut Vec<u8>) -> Result<(), TruthError> {
        let failed = |_| TruthError::File { path: self.out.to_owned(), reason: "sealing failed".to_owned() };
        self.sealing.seal(&self.head, number, part).map_err(failed)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), TruthError> {
        self.file.write_all(bytes).map_err(TruthError::io(self.out))
    }
}

fn folder_of(out: &Path) -> PathBuf {
    match out.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The new name has to be on disk, too.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
