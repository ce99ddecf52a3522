//! Firebase's own scrypt: a salt and a hash per user, everything else per project.

use crate::fault::Fault;
use crate::stored::StoredHash;

use super::binary;
use super::cell::Cell;
use super::reading::Reading;
use super::{Notation, Settlement};

const NOTATION: Notation = Notation::FirebaseScrypt;

/// A hash of the project that the operator has named.
pub(super) fn reading(
    cell: Cell<'_>,
    salt: Option<Cell<'_>>,
    settlement: &Settlement,
) -> Result<Reading, Fault> {
    let Some(project) = &settlement.firebase else {
        return Err(cell.bad(format!(
            "{NOTATION}: the hash parameters of the Firebase project are missing: base64_signer_key, \
             base64_salt_separator, rounds and mem_cost, from Authentication, Users in its console"
        )));
    };
    let salt = salt.ok_or_else(|| Cell::missing("salt", format!("{NOTATION} needs the salt of the user")))?;
    let salt = salt.bytes(NOTATION, "a salt in base64", binary::base64(salt.text))?;
    let value = cell.bytes(NOTATION, "a hash in base64", binary::base64(cell.text))?;
    Reading::checked(cell, NOTATION, StoredHash::Firebase { project: project.clone(), salt, value })
}

/// Whether a hash without a name is one of the project: as long as the signer key, which it encrypts. A key of zeros
/// is that of no project: whoever only routes rows knows that there may be one, and so many bytes may be a SHA-512.
pub(super) fn fits(cell: Cell<'_>, settlement: &Settlement) -> bool {
    let project = settlement.firebase.as_ref();
    let named = project.filter(|project| project.signer_key.iter().any(|byte| *byte != 0));
    let size = named.map(|project| project.signer_key.len());
    size.is_some() && binary::base64(cell.text).map(|bytes| bytes.len()) == size
}
