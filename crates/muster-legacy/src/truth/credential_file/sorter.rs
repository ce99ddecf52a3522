//! Puts entries in the order of their digests, in as much memory as it is given.

use std::io;
use std::path::PathBuf;

use super::spill::{Entry, Merge, Spill};

/// What an entry takes beside its cells, roughly.
const OVERHEAD: usize = 80;

/// Takes entries in any order.
pub(super) struct Sorter {
    folder: PathBuf,
    room: usize,
    used: usize,
    entries: Vec<Entry>,
    spills: Vec<Spill>,
}

/// Gives them back in order.
pub(super) enum Sorted {
    /// They all fitted.
    Memory(std::vec::IntoIter<Entry>),
    /// They did not.
    Disk(Merge),
}

impl Sorter {
    /// A sorter that puts down in `folder` what takes more bytes than `room`.
    pub(super) fn new(folder: PathBuf, room: usize) -> Self {
        Self { folder, room, used: 0, entries: Vec::new(), spills: Vec::new() }
    }

    pub(super) fn push(&mut self, entry: Entry) -> io::Result<()> {
        self.used += entry.cells.len() + OVERHEAD;
        self.entries.push(entry);
        if self.used > self.room { self.spill() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if self.spills.is_empty() {
            self.entries.sort_unstable();
            return Ok(Sorted::Memory(self.entries.into_iter()));
        }
        self.spill()?;
        drop(self.entries);
        Merge::of(self.spills).map(Sorted::Disk)
    }

    fn spill(&mut self) -> io::Result<()> {
        self.entries.sort_unstable();
        self.spills.push(Spill::write(&self.folder, &self.entries)?);
        self.entries.clear();
        self.used = 0;
        Ok(())
    }
}

impl Sorted {
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Self::Memory(entries) => Ok(entries.next()),
            Self::Disk(merge) => merge.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_core::record::Line;
    use zeroize::Zeroizing;

    use super::super::writer::Place;
    use super::*;

    fn entry(number: u32) -> Entry {
        let mut digest = [0; 16];
        digest[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
        let place = Place { source: 0, line: Line(u64::from(number)) };
        Entry { digest, place, cells: Zeroizing::new(vec![1; 40]) }
    }

    #[test]
    fn the_order_is_the_same_however_little_room_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let sorted = |room| {
            let mut sorter = Sorter::new(folder.path().to_owned(), room);
            (0..5000).for_each(|number| sorter.push(entry(number)).unwrap());
            let mut entries = sorter.finish().unwrap();
            std::iter::from_fn(move || entries.next().unwrap().map(|entry| entry.place.line))
                .collect::<Vec<_>>()
        };
        let whole = sorted(usize::MAX);
        assert_eq!(whole.len(), 5000);
        assert!(!whole.is_sorted(), "digests, not lines");
        assert_eq!(whole, sorted(20_000));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
    }
}
