//! A password that is known.

use crate::fault::Fault;
use crate::secret::Secret;

use super::cell::Cell;
use super::reading::Found;
use super::{Verdict, json, self_describing};

/// The most that Okta takes.
const LONGEST: usize = 72;
/// No notation is shorter; a shorter text with dollar signs is a password.
const SHORTEST_HASH: usize = 20;

/// The password as it stands, blanks included.
pub(super) fn recognise(password: Option<&str>) -> Result<Verdict, Fault> {
    let Some(text) = password.filter(|text| !text.is_empty()) else {
        return Ok(Verdict::None);
    };
    let cell = Cell::whole("password", text);
    if let Some(notation) = looks_like(cell.part(text.trim())) {
        return Err(cell.bad(format!("looks like {notation}; name the column passwordHash")));
    }
    if cell.chars() > LONGEST {
        return Err(cell.bad(format!("found {} characters, Okta takes {LONGEST} at most", cell.chars())));
    }
    Ok(Verdict::Cleartext(Secret::new(text)))
}

/// A hash in the wrong column would become everybody's password.
fn looks_like(cell: Cell<'_>) -> Option<String> {
    if cell.text.len() < SHORTEST_HASH {
        return None;
    }
    let found = self_describing(cell)?;
    Some(match found {
        Ok(Found::Sure(reading)) => format!("a {} hash", reading.notation),
        Ok(Found::Unsure(_)) => "a hash".to_owned(),
        // A password may well begin like an object.
        Err(_) if json::is_object(cell.text) => return None,
        Err(_) => "a hash that was cut".to_owned(),
    })
}
