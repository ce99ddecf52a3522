//! A stored hash, understood: what it was written like, and what a verifier needs of it.

use super::ceiling::BCRYPT_OF_HOOK;
use super::conversion::okta_hash;
use super::reading::{Found, Reading};
use super::{Notation, OktaHash, Settlement, StoredPassword, read};
use crate::fault::{Fault, FaultCode};
use crate::stored::{BcryptInput, StoredHash};

/// One reading of a stored hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// How it was written in the source.
    pub notation: Notation,
    /// The hash, taken apart; none where nobody can verify the notation, and for a bcrypt hash that Okta takes
    /// and that would cost the server of the hook too much.
    pub stored: Option<StoredHash>,
    /// What to send to Okta; none where Okta can't check it.
    pub okta: Option<OktaHash>,
}

/// All readings of the hash of a row: none where it has no hash, several where the text is ambiguous and
/// `settlement` does not say which notation is meant. A text that does not say what it is, and fits one notation
/// only, is a fault until it is settled: [`candidates`] gives that one too, for a proof.
pub fn understand(stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Vec<Understood>, Fault> {
    match read(stored, settlement)? {
        Some(Found::Unsure(unsure)) if unsure.readings.len() < 2 => Err(unsure.fault()),
        found => all(found, settlement),
    }
}

/// All that the hash of a row could be, however little speaks for it: what known passwords may prove.
pub fn candidates(stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Vec<Understood>, Fault> {
    all(read(stored, settlement)?, settlement)
}

fn all(found: Option<Found>, settlement: &Settlement) -> Result<Vec<Understood>, Fault> {
    let readings = match found {
        None => Vec::new(),
        Some(Found::Sure(reading)) => vec![reading],
        Some(Found::Unsure(unsure)) => unsure.readings,
    };
    readings.into_iter().map(|reading| reading.understood(settlement)).collect()
}

impl Reading {
    /// The reading with what Okta takes for it, and with the pepper of the old application, if it had one.
    pub(super) fn understood(self, settlement: &Settlement) -> Result<Understood, Fault> {
        let notation = self.notation;
        let Some(stored) = self.stored else {
            return Ok(Understood { notation, stored: None, okta: None });
        };
        let bearable = !is_beyond_the_hook(&stored);
        match settlement.pepper.as_ref().filter(|pepper| !pepper.reveal().is_empty()) {
            None => {
                let okta = okta_hash(&stored);
                Ok(Understood { notation, stored: bearable.then_some(stored), okta })
            }
            Some(pepper) if bearable => {
                let stored = StoredHash::Peppered { pepper: pepper.clone(), hash: Box::new(stored) };
                Ok(Understood { notation, stored: Some(stored), okta: None })
            }
            Some(_) => Err(Fault::of_row(FaultCode::BadCredential, too_costly(notation))),
        }
    }
}

fn is_beyond_the_hook(stored: &StoredHash) -> bool {
    matches!(stored, StoredHash::Bcrypt { cost, input: BcryptInput::Password, .. } if *cost > BCRYPT_OF_HOOK)
}

fn too_costly(notation: Notation) -> String {
    format!(
        "{notation}: found a peppered hash, which Okta can't check, with a work factor above {BCRYPT_OF_HOOK}, \
         which the hook has no time for"
    )
}
