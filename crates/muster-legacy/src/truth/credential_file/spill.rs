//! Entries that don't fit into memory, put down sorted in a file without a name, sealed by a key that nobody keeps.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use aws_lc_rs::aead::{Aad, LessSafeKey};
use muster_core::record::Line;
use zeroize::Zeroizing;

use super::bytes::{take, take_with_length};
use super::key::KeyBytes;
use super::sealing::{LoginDigest, TAG, nonce, sealing_key};
use super::writer::Place;

/// The bytes that are sealed at once.
const FRAME: usize = 64 * 1024;

/// One person on the way into the file. The order is that of the digests, then that of the source.
pub(super) struct Entry {
    pub(super) digest: LoginDigest,
    pub(super) place: Place,
    pub(super) cells: Zeroizing<Vec<u8>>,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.digest, self.place).cmp(&(other.digest, other.place))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Entry {}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Entry {
    fn put(&self, into: &mut Vec<u8>) {
        into.extend(self.digest);
        into.extend(self.place.source.to_le_bytes());
        into.extend(self.place.line.0.to_le_bytes());
        // Longer cells than a block holds never come here.
        let _ = super::bytes::put_with_length(into, &self.cells);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let digest = take(bytes)?;
        let source = u16::from_le_bytes(take(bytes)?);
        let line = Line(u64::from_le_bytes(take(bytes)?));
        let cells = Zeroizing::new(take_with_length(bytes)?.to_vec());
        Some(Self { digest, place: Place { source, line }, cells })
    }
}

/// One sorted lot of entries on disk.
pub(super) struct Spill {
    file: BufReader<File>,
    key: LessSafeKey,
    frame: u64,
    open: Zeroizing<Vec<u8>>,
    read: usize,
}

impl Spill {
    /// Puts sorted entries down in this folder.
    pub(super) fn write(folder: &Path, entries: &[Entry]) -> io::Result<Self> {
        let refused = || io::Error::other("the entries can't be sealed");
        let mut bytes = KeyBytes::default();
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| refused())?;
        let key = sealing_key(&bytes).map_err(|_| refused())?;
        let mut file = BufWriter::new(tempfile::tempfile_in(folder)?);
        let mut frames = 0;
        let mut frame = Zeroizing::new(Vec::with_capacity(FRAME + FRAME / 4));
        for (at, entry) in entries.iter().enumerate() {
            entry.put(&mut frame);
            if frame.len() >= FRAME || at + 1 == entries.len() {
                key.seal_in_place_append_tag(nonce(frames), Aad::empty(), &mut *frame)
                    .map_err(|_| refused())?;
                file.write_all(&u32::try_from(frame.len()).unwrap_or_default().to_le_bytes())?;
                file.write_all(&frame)?;
                frame.clear();
                frames += 1;
            }
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Self { file: BufReader::new(file), key, frame: 0, open: Zeroizing::default(), read: 0 })
    }

    fn next(&mut self) -> io::Result<Option<Entry>> {
        if self.read >= self.open.len() && !self.open_frame()? {
            return Ok(None);
        }
        let altered = || io::Error::other("what was put down is not what is read");
        let mut rest = self.open.get(self.read..).unwrap_or_default();
        let before = rest.len();
        let entry = Entry::take(&mut rest).ok_or_else(altered)?;
        self.read += before - rest.len();
        Ok(Some(entry))
    }

    fn open_frame(&mut self) -> io::Result<bool> {
        let mut length = [0; 4];
        match self.file.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            read => read?,
        }
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or_default();
        self.open.resize(length, 0);
        self.file.read_exact(&mut self.open)?;
        self.key
            .open_in_place(nonce(self.frame), Aad::empty(), &mut self.open)
            .map_err(|_| io::Error::other("what was put down was altered"))?;
        self.open.truncate(length.saturating_sub(TAG));
        (self.frame, self.read) = (self.frame + 1, 0);
        Ok(true)
    }
}

/// All entries of several lots, in order.
pub(super) struct Merge {
    spills: Vec<Spill>,
    heads: BinaryHeap<Reverse<(Entry, usize)>>,
}

impl Merge {
    pub(super) fn of(mut spills: Vec<Spill>) -> io::Result<Self> {
        let mut heads = BinaryHeap::with_capacity(spills.len());
        for (at, spill) in spills.iter_mut().enumerate() {
            heads.extend(spill.next()?.map(|entry| Reverse((entry, at))));
        }
        Ok(Self { spills, heads })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(Reverse((entry, at))) = self.heads.pop() else { return Ok(None) };
        if let Some(spill) = self.spills.get_mut(at) {
            self.heads.extend(spill.next()?.map(|entry| Reverse((entry, at))));
        }
        Ok(Some(entry))
    }
}
