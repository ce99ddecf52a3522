//! Where the hook asks: the one place where the settings of backends become places that know passwords.

use std::path::PathBuf;
use std::sync::Arc;

use muster_legacy::truth::{FileSettings, TruthSettings};
use muster_legacy::truth::{SecretReference, Truth, open as open_place};

use crate::error::Problem;
use crate::settings::resolve_secret;

/// The name of a credential file that a flag names, and how long it may take.
const BY_FLAG: (&str, u64) = ("credentials", 1500);

/// Opens the places in their order; a credential file named by a flag goes before all others.
pub fn open(
    backends: &[TruthSettings],
    credentials: Option<PathBuf>,
) -> Result<Vec<Arc<dyn Truth>>, Problem> {
    let file = credentials.map(|path| {
        let key = SecretReference::Environment("MUSTER_HOOK_KEY".to_owned());
        TruthSettings::File(FileSettings { name: BY_FLAG.0.to_owned(), timeout_ms: BY_FLAG.1, path, key })
    });
    let all = file.iter().chain(backends);
    all.map(|place| open_place(place, &resolve_secret).map_err(Problem::from)).collect()
}
