//! The head of a credential file: what has to be known before there is a key.

use super::bytes::take;

/// What every credential file begins with.
pub(super) const MAGIC: [u8; 8] = *b"MUSTERCF";
/// The version of what follows.
const VERSION: u16 = 1;

/// The bytes of a head.
pub(super) const HEAD: usize = 64;
/// The bytes of its seal.
pub(super) const SEAL: usize = 32;

/// How the key is made of what the operator has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derivation {
    /// It is the key.
    None,
    /// It is a passphrase.
    Argon2id {
        /// KiB of memory.
        memory: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
}

impl Derivation {
    /// Costs about a quarter of a second.
    pub(super) const STANDARD: Self = Self::Argon2id { memory: 64 * 1024, passes: 3, lanes: 1 };

    /// Whether a file that nobody has vouched for may ask for so much.
    fn is_bearable(self) -> bool {
        match self {
            Self::None => true,
            Self::Argon2id { memory, passes, lanes } => {
                memory <= 1024 * 1024 && (1..=16).contains(&passes) && (1..=16).contains(&lanes)
            }
        }
    }
}

/// The head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) derivation: Derivation,
    /// Random, so that the keys of a file are its own.
    pub(super) salt: [u8; 32],
    /// The bytes of the sealed table.
    pub(super) table: u32,
}

/// Why bytes are no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadHead {
    #[error("this is no credential file of Muster's; `muster hook export` writes one")]
    Foreign,
    #[error(
        "this credential file is of version {0}, and this release reads version {VERSION}; write it again with this release"
    )]
    Version(u16),
    #[error("the head of the credential file makes no sense")]
    Nonsense,
}

impl Head {
    /// The bytes of the file, and what every sealed part is bound to.
    pub(super) fn encode(&self) -> [u8; HEAD] {
        let (kind, costs) = match self.derivation {
            Derivation::None => (0_u8, [0; 3]),
            Derivation::Argon2id { memory, passes, lanes } => (1, [memory, passes, lanes]),
        };
        let mut bytes = Vec::with_capacity(HEAD);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([kind, 0]);
        bytes.extend(costs.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(self.salt);
        bytes.extend(self.table.to_le_bytes());
        let mut head = [0; HEAD];
        head.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        head
    }

    /// The head in these bytes.
    pub(super) fn decode(bytes: &[u8; HEAD]) -> Result<Self, BadHead> {
        let mut rest = bytes.as_slice();
        if take(&mut rest) != Some(MAGIC) {
            return Err(BadHead::Foreign);
        }
        let version = take(&mut rest).map(u16::from_le_bytes).unwrap_or_default();
        if version != VERSION {
            return Err(BadHead::Version(version));
        }
        let head = Self::decode_body(&mut rest).ok_or(BadHead::Nonsense)?;
        // Whatever is not read must be as it was written, or a head could be altered unseen.
        let same = head.encode() == *bytes && head.derivation.is_bearable();
        if same { Ok(head) } else { Err(BadHead::Nonsense) }
    }

    fn decode_body(rest: &mut &[u8]) -> Option<Self> {
        let [kind, _] = take(rest)?;
        let mut number = || take(rest).map(u32::from_le_bytes);
        let (memory, passes, lanes) = (number()?, number()?, number()?);
        let derivation = match kind {
            0 => Derivation::None,
            1 => Derivation::Argon2id { memory, passes, lanes },
            _ => return None,
        };
        Some(Self { derivation, salt: take(rest)?, table: take(rest).map(u32::from_le_bytes)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_back_and_a_costly_one_does_not() {
        let mut head = Head { derivation: Derivation::STANDARD, salt: [7; 32], table: 528 };
        assert_eq!(Head::decode(&head.encode()), Ok(head));
        head.derivation = Derivation::Argon2id { memory: u32::MAX, passes: 1, lanes: 1 };
        assert_eq!(Head::decode(&head.encode()), Err(BadHead::Nonsense));
        assert_eq!(Head::decode(&[0; HEAD]), Err(BadHead::Foreign));
        let mut newer = Head { derivation: Derivation::None, ..head }.encode();
        newer[8] = 2;
        assert_eq!(Head::decode(&newer), Err(BadHead::Version(2)));
    }
}
