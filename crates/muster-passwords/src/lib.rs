//! Verifies and makes password hashes: those that Okta takes over, and those that only the hook can check.
//!
//! This is arithmetic and nothing else: no I/O, no clock, no dice. It must not know how a hash was written
//! down in the source (that is what the credential notations of `muster-core` are for), nor what Okta's JSON
//! looks like. Everything here takes as long as the work factor says, so call it where blocking is allowed.
//!
//! # What is wiped
//! Passwords that are rewritten before they are hashed (cut, peppered, in UTF-16), computed values and derived
//! keys live in buffers that are wiped. The libraries keep working copies of their own: `argon2` wipes its
//! blocks, `bcrypt` and the digests, `scrypt`, `sha-crypt` and `yescrypt` do not wipe the state that they
//! worked in. What is left there is derived from the password, except in `sha-crypt`, `hmac` and the digests,
//! where the last block of a short password stays on the stack until it is written over.

mod argon;
mod bcrypt_input;
mod bcrypt_tails;
mod ceilings;
mod computed;
mod cost;
mod crypt64;
mod des;
mod des_crypt;
mod digests;
mod firebase;
mod make;
mod md5_crypt;
mod nonsense;
mod phpass;
mod scrypt_key;
mod sha1_crypt;
mod sha_crypt;
mod verify;
mod yescrypt_text;

pub use ceilings::{
    MAX_ARGON2_LANES, MAX_ARGON2_MEMORY, MAX_ARGON2_WORK, MAX_BCRYPT_COST, MAX_BSDI_ROUNDS, MAX_CRYPT_ROUNDS,
    MAX_DIGEST_ROUNDS, MAX_PBKDF2_ITERATIONS, MAX_PBKDF2_KEY, MAX_PBKDF2_WORK, MAX_PHPASS_LOG_ROUNDS,
    MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK, MAX_SECRET, MAX_VALUE, MAX_YESCRYPT_TIME,
};
pub use computed::value_of;
pub use cost::{Cost, cost};
pub use make::{bcrypt_hash, digest_hash, pbkdf2_hash};
pub use muster_core::stored::{
    Again, Argon2Variant, BcryptInput, Bytes, Digest, FirebaseProject, SaltOrder, StoredHash, TextForm,
};
pub use nonsense::dummy;
pub use verify::verify;
