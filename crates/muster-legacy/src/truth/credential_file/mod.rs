//! The credential file: the stored hashes that only the password-import hook can check, sealed, one file.
//!
//! Without its key the file shows its size and nothing else: no login, no hash, no notation. With the key, a login is
//! found by reading a few blocks, so that a million people open as fast as one.
//!
//! ```text
//! head      64 bytes   magic, version, how the key is derived, salt, length of the table
//! seal      32 bytes   HMAC-SHA-256 of the head: tells a wrong key from a damaged file
//! table     sealed     how many blocks and credentials, and the operator's settlement; padded
//! blocks    sealed     4096 bytes each (and 16 of its tag): entries in the order of their digests, padded
//! ```
//!
//! A login is known by the first 16 bytes of an HMAC-SHA-256 of it, folded as Okta folds it. Every sealed part has
//! its number for a nonce and is bound to the head; the keys are the file's own, for its salt is.

mod block;
mod bytes;
mod head;
mod key;
mod reader;
mod sealing;
mod sorter;
mod spill;
mod table;
mod writer;

use std::sync::Arc;

use muster_core::login::Login;
use muster_core::secret::Secret;

use super::{Asking, Known, Truth, Unavailable};

pub use key::{BadKey, FileKey};
pub use reader::CredentialFile;
pub use writer::{Added, CredentialFileWriter, Place, Written};

/// A credential file as a place that knows hashes.
#[derive(Debug)]
pub(super) struct CredentialFileTruth {
    name: String,
    file: Arc<CredentialFile>,
}

impl CredentialFileTruth {
    pub(super) fn new(name: String, file: CredentialFile) -> Self {
        Self { name, file: Arc::new(file) }
    }
}

impl Truth for CredentialFileTruth {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(&'a self, login: &'a str, _: &'a Secret) -> Asking<'a> {
        let Some(login) = Login::parse(login) else { return Box::pin(async { Ok(Known::Nobody) }) };
        let file = Arc::clone(&self.file);
        Box::pin(async move {
            // A disk may let one wait; the runtime must not.
            let looked = tokio::task::spawn_blocking(move || look_up(&file, &login)).await;
            looked.map_err(|_| Unavailable("the look-up was broken off".to_owned()))?
        })
    }
}

fn look_up(file: &CredentialFile, login: &Login) -> Result<Known, Unavailable> {
    let found = file.find(login).map_err(|error| Unavailable(error.to_string()))?;
    Ok(found.map_or(Known::Nobody, |cells| cells.known(file.settlement())))
}

/// Whether the file begins as a credential file does.
pub fn is_credential_file(path: &std::path::Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; head::MAGIC.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == head::MAGIC
}
