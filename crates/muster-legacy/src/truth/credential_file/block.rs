//! Blocks: entries in the order of their digests, as many as there is room for.

use zeroize::Zeroizing;

use super::bytes::{put_with_length, take, take_with_length};
use super::sealing::{LoginDigest, TAG};

/// The bytes of a block before it is sealed.
pub(super) const BLOCK: usize = 4096;
/// The bytes of a block on disk.
pub(super) const SEALED_BLOCK: usize = BLOCK + TAG;
/// The bytes of an entry beside its cells.
const FRAME: usize = 16 + 2;
/// The most bytes that the cells of one person may take.
pub(super) const MOST: usize = BLOCK - FRAME;

/// A block that is being filled.
pub(super) struct Filling(Zeroizing<Vec<u8>>);

impl Default for Filling {
    fn default() -> Self {
        Self(Zeroizing::new(room()))
    }
}

/// Room for a block and its tag: a buffer that grows leaves its old self behind, with hashes in it.
fn room() -> Vec<u8> {
    Vec::with_capacity(SEALED_BLOCK)
}

impl Filling {
    /// Whether an entry with so many bytes of cells still fits.
    pub(super) fn has_room(&self, cells: usize) -> bool {
        self.0.len() + FRAME + cells <= BLOCK
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, digest: &LoginDigest, cells: &[u8]) -> Option<()> {
        self.0.extend(digest);
        put_with_length(&mut self.0, cells)
    }

    /// The whole block, and an empty one in its place.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.0.resize(BLOCK, 0);
        std::mem::replace(&mut *self.0, room())
    }
}

/// Where an entry stands, seen from a block.
pub(super) enum Where<'a> {
    /// In an earlier block, for this one starts with a later digest.
    Before(LoginDigest),
    /// In a later block, for this one ends with an earlier digest.
    After(LoginDigest),
    /// Here: its cells.
    Here(&'a [u8]),
    /// It would stand here, and does not.
    Nowhere,
}

/// Looks for a digest in a block; none if the block makes no sense.
pub(super) fn find<'a>(block: &'a [u8], wanted: &LoginDigest) -> Option<Where<'a>> {
    let mut rest = block;
    let mut last = None;
    while let Some((digest, cells)) = next(&mut rest) {
        match digest.cmp(wanted) {
            std::cmp::Ordering::Less => last = Some(digest),
            std::cmp::Ordering::Equal => return Some(Where::Here(cells)),
            std::cmp::Ordering::Greater if last.is_none() => return Some(Where::Before(digest)),
            std::cmp::Ordering::Greater => return Some(Where::Nowhere),
        }
    }
    last.map(Where::After)
}

/// The next entry; what is left at the end of a block is zeros, and no entry has no cells.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(LoginDigest, &'a [u8])> {
    let digest = take(rest)?;
    let cells = take_with_length(rest)?;
    (!cells.is_empty()).then_some((digest, cells))
}
