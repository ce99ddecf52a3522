//! Why an emulated org cannot be opened or served.

use std::{io, net::SocketAddr, path::PathBuf};

/// What can go wrong outside of the API.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The state file cannot be read or written.
    #[error("the state file {path} cannot be used: {source}")]
    State {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The state file belongs to an emulator that is running.
    #[error("the state file {path} is in use by another emulator; stop it, or name another file")]
    StateInUse {
        /// The file.
        path: PathBuf,
    },
    /// The state file is of another version, or no state file at all.
    #[error("{path} is not a state file of this version; name another file, or remove it to start afresh")]
    StateVersion {
        /// The file.
        path: PathBuf,
    },
    /// A line of the state file, other than a torn last one, cannot be understood.
    #[error(
        "{path}, line {line}: this is not a line of a state file ({reason}); restore the file, or remove it"
    )]
    StateLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// An API token of the settings cannot be understood.
    #[error(transparent)]
    Token(#[from] crate::access::BadApiToken),
    /// The certificates for the calls of hooks cannot be used.
    #[error("the certificates for inline hooks cannot be used: {0}; give them in PEM")]
    HookAuthority(String),
    /// The certificate cannot be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(String),
}
