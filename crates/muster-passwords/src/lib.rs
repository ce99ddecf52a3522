//! Verifies and makes the password hashes that Okta takes over.
//!
//! This is arithmetic and nothing else: no I/O, no clock, no dice. It must not know how a hash was written
//! down in the source (that is what the credential notations of `muster-core` are for), nor what Okta's JSON
//! looks like. Everything here takes as long as the work factor says, so call it where blocking is allowed.

mod bcrypt_tails;
mod make;
mod stored;
mod verify;

pub use make::{bcrypt_hash, digest_hash, pbkdf2_hash};
pub use stored::{Digest, Pbkdf2Digest, SaltOrder, StoredHash};
pub use verify::{MAX_BCRYPT_COST, MAX_PBKDF2_ITERATIONS, MAX_PBKDF2_KEY, verify};
