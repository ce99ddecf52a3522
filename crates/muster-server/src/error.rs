//! What keeps the doors shut.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a server can't be started, or what it was told can't be taken over.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address can't be listened on.
    #[error("{address} can't be listened on: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A file can't be read or written.
    #[error("{} can't be {doing}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Read or written.
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A certificate, or its key, can't be used.
    #[error("the certificate can't be used: {0}")]
    Certificate(String),
    /// The authority for the callers' certificates can't be used.
    #[error("the authority for the callers' certificates can't be used: {0}")]
    ClientAuthority(String),
    /// The keys that the callers' tokens are checked with can't be used.
    #[error("the keys for the callers' tokens can't be used: {0}")]
    TokenKeys(String),
    /// Plain HTTP, where others could read it.
    #[error(
        "plain HTTP is for loopback addresses, and {0} is none: passwords would cross the network in clear. Give a certificate, or say --behind-tls-proxy if another server takes the TLS off before it"
    )]
    PlainHttp(SocketAddr),
    /// Anybody could call.
    #[error(
        "nothing would show that a call is from Okta: whoever reaches this server could try passwords on it. Set a secret, a token issuer, or an authority for client certificates"
    )]
    NoGuard,
    /// A setting that can't hold.
    #[error("{0}")]
    Setting(String),
    /// A header can't have such a name.
    #[error("{0:?} is not a name that a header can have")]
    HeaderName(String),
    /// The system has no randomness.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// Threads can't be started.
    #[error("a thread can't be started: {0}")]
    Thread(io::Error),
}
