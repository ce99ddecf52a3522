//! Reads a credential file: a few blocks for a login, nothing in memory but the table.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use muster_core::credential::Settlement;
use muster_core::login::Login;
use zeroize::Zeroizing;

use super::block::{self, SEALED_BLOCK, Where};
use super::bytes::to_cells;
use super::head::{Derivation, HEAD, Head, SEAL};
use super::key::{FileKey, KeyBytes};
use super::sealing::{LoginDigest, Sealing, TABLE};
use super::table::Table;
use crate::truth::TruthError;
use crate::truth::cells::CredentialCells;

/// A credential file, opened.
#[derive(Debug)]
pub struct CredentialFile {
    path: PathBuf,
    file: File,
    sealing: Sealing,
    head: [u8; HEAD],
    first_block: u64,
    blocks: u64,
    credentials: u64,
    settlement: Settlement,
}

impl CredentialFile {
    /// Opens a file and checks its head and table; blocks are checked when they are read.
    pub fn open(path: &Path, key: &FileKey) -> Result<Self, TruthError> {
        let io = TruthError::io(path);
        let faulty = |reason: String| TruthError::File { path: path.to_owned(), reason };
        let file = File::open(path).map_err(&io)?;
        let size = file.metadata().map_err(&io)?.len();
        let (mut bytes, mut seal) = ([0; HEAD], [0; SEAL]);
        let short = |_| faulty("this is no credential file of Muster's: it is too short".to_owned());
        read_at(&file, &mut bytes, 0).and_then(|()| read_at(&file, &mut seal, HEAD as u64)).map_err(short)?;
        let head = Head::decode(&bytes).map_err(|error| faulty(error.to_string()))?;
        let key = key_bytes(key, &head).map_err(&faulty)?;
        let sealing = Sealing::derive(&key, &head.salt)
            .map_err(|_| faulty("the keys can't be made of it".to_owned()))?;
        if !sealing.knows_head(&bytes, &seal) {
            return Err(faulty(
                "the key is not the one that this file was written with (or its head was altered)".to_owned(),
            ));
        }
        let table = read_table(&file, &sealing, &bytes, &head).map_err(&faulty)?;
        let first_block = (HEAD + SEAL) as u64 + u64::from(head.table);
        let expected =
            table.blocks.checked_mul(SEALED_BLOCK as u64).and_then(|length| length.checked_add(first_block));
        if expected != Some(size) {
            let expected = expected.unwrap_or_default();
            return Err(faulty(format!("it was cut or added to: {size} bytes, and {expected} were written")));
        }
        Ok(Self {
            path: path.to_owned(),
            head: bytes,
            first_block,
            blocks: table.blocks,
            credentials: table.credentials,
            settlement: table.settlement,
            file,
            sealing,
        })
    }

    /// How many people are in it.
    pub fn credentials(&self) -> u64 {
        self.credentials
    }

    /// What the operator settled when it was written.
    pub fn settlement(&self) -> &Settlement {
        &self.settlement
    }

    /// The cells of a login; case and accents make no difference.
    pub fn find(&self, login: &Login) -> Result<Option<CredentialCells>, TruthError> {
        let wanted = self.sealing.digest(login);
        let mut range = Range { low: 0, high: self.blocks, floor: 0, ceiling: u64::MAX, probes: 0 };
        let mut block = Zeroizing::new(vec![0; SEALED_BLOCK]);
        while let Some(number) = range.probe(&wanted) {
            let open = self.read_block(number, &mut block)?;
            match block::find(open, &wanted).ok_or_else(|| self.damaged(number))? {
                Where::Before(digest) => range.is_before(number, &digest),
                Where::After(digest) => range.is_after(number, &digest),
                Where::Here(cells) => return to_cells(cells).ok_or_else(|| self.damaged(number)).map(Some),
                Where::Nowhere => return Ok(None),
            }
        }
        Ok(None)
    }

    fn read_block<'a>(&self, number: u64, block: &'a mut [u8]) -> Result<&'a [u8], TruthError> {
        let at = self.first_block + number * SEALED_BLOCK as u64;
        read_at(&self.file, block, at).map_err(TruthError::io(&self.path))?;
        self.sealing.open(&self.head, number, block).map_err(|_| self.damaged(number))
    }

    fn damaged(&self, number: u64) -> TruthError {
        let reason = format!("block {number} is not as it was written; write the file again");
        TruthError::File { path: self.path.clone(), reason }
    }
}

fn key_bytes(key: &FileKey, head: &Head) -> Result<KeyBytes, String> {
    let other = match head.derivation {
        Derivation::None => "the file was written with a key of 32 bytes, and this is a passphrase",
        Derivation::Argon2id { .. } => {
            "the file was written with a passphrase, and this is a key of 32 bytes"
        }
    };
    key.bytes(head.derivation, &head.salt).ok_or(other)?.map_err(|error| error.to_string())
}

fn read_table(file: &File, sealing: &Sealing, bytes: &[u8; HEAD], head: &Head) -> Result<Table, String> {
    let damaged = || "its table is not as it was written; write the file again".to_owned();
    // The head is vouched for by now, and so is this length.
    let mut table = Zeroizing::new(vec![0; usize::try_from(head.table).unwrap_or_default()]);
    read_at(file, &mut table, (HEAD + SEAL) as u64).map_err(|_| damaged())?;
    let open = sealing.open(bytes, TABLE, &mut table).map_err(|_| damaged())?;
    Table::decode(open)
        .ok_or_else(|| "its table can't be read by this release; write the file again".to_owned())
}

/// The blocks among which a digest may stand, and what is known of their bounds. Digests are spread evenly, so a guess
/// by proportion is nearly always within a block or two.
struct Range {
    low: u64,
    high: u64,
    floor: u64,
    ceiling: u64,
    probes: u32,
}

impl Range {
    /// The block to look at next; none if nothing is left.
    fn probe(&mut self, wanted: &LoginDigest) -> Option<u64> {
        let width = self.high.checked_sub(self.low).filter(|width| *width > 0)?;
        self.probes += 1;
        if self.probes > 8 {
            // A made-up file could mislead every guess.
            return Some(self.low + width / 2);
        }
        let ahead = u128::from(head(wanted).saturating_sub(self.floor)) * u128::from(width);
        let span = u128::from(self.ceiling.saturating_sub(self.floor)).max(1);
        let guess = u64::try_from(ahead / span).unwrap_or(u64::MAX).min(width - 1);
        Some(self.low + guess)
    }

    fn is_before(&mut self, number: u64, first: &LoginDigest) {
        (self.high, self.ceiling) = (number, head(first));
    }

    fn is_after(&mut self, number: u64, last: &LoginDigest) {
        (self.low, self.floor) = (number + 1, head(last));
    }
}

/// The first eight bytes as a number.
fn head(digest: &LoginDigest) -> u64 {
    digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        at += read as u64;
        bytes = bytes.get_mut(read..).unwrap_or_default();
    }
    Ok(())
}
