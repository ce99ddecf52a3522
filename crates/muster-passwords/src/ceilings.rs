//! How much work is done for one password, at most. A number planted in a table of hashes must not be able to
//! stall a server or to eat its memory, whoever read the table and whatever was checked there.

/// The longest password in bytes that is tried; Okta takes 72 characters, `crypt` 512 bytes.
pub const MAX_SECRET: usize = 1024;
/// The highest bcrypt cost that is tried; Okta's own limit. Each step doubles the time.
pub const MAX_BCRYPT_COST: u32 = 20;
/// The most rounds of a plain digest, and of `$sha1$`, that are tried.
pub const MAX_DIGEST_ROUNDS: u32 = 10_000_000;
/// The most PBKDF2 iterations that are tried.
pub const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;
/// The longest PBKDF2 key in bytes that is tried: the time grows with it as with the iterations.
pub const MAX_PBKDF2_KEY: usize = 512;
/// The most PBKDF2 iterations times blocks of the digest in the key.
pub const MAX_PBKDF2_WORK: u64 = 40_000_000;
/// The longest key of scrypt and Argon2 in bytes.
pub const MAX_VALUE: usize = 1024;
/// The most memory of Argon2 in KiB: 1 GiB.
pub const MAX_ARGON2_MEMORY: u32 = 1 << 20;
/// The most KiB that Argon2 goes over in all of its passes: 4 GiB.
pub const MAX_ARGON2_WORK: u64 = 4 << 20;
/// The most lanes of Argon2.
pub const MAX_ARGON2_LANES: u32 = 255;
/// The most memory of scrypt and yescrypt in bytes: 1 GiB.
pub const MAX_SCRYPT_MEMORY: u64 = 1 << 30;
/// The most bytes that scrypt fills in all of its lanes: 4 GiB.
pub const MAX_SCRYPT_WORK: u64 = 4 << 30;
/// The highest time parameter of yescrypt; `crypt` itself never writes one above 0.
pub const MAX_YESCRYPT_TIME: u32 = 3;
/// The most rounds of `$5$` and `$6$`. The form itself goes up to 999,999,999.
pub const MAX_CRYPT_ROUNDS: u32 = 5_000_000;
/// The most rounds of BSDi's crypt. The form itself goes up to 16,777,215.
pub const MAX_BSDI_ROUNDS: u32 = 5_000_000;
/// Two to this power rounds of PHPass, at most.
pub const MAX_PHPASS_LOG_ROUNDS: u8 = 24;
