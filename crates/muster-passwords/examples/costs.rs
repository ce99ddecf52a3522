//! How good the estimates of [`muster_passwords::cost`] are on this machine: `cargo run --release -p
//! muster-passwords --example costs`. Nothing is cached, so a line is what a sign-in waits for.

use std::io::{self, Write as _};
use std::time::Instant;

use muster_passwords::{
    Again, Argon2Variant, BcryptInput, Bytes, Digest, SaltOrder, StoredHash, TextForm, cost, verify,
};

fn bytes(size: usize) -> Bytes {
    vec![7; size].into()
}

fn letters(text: &str, size: usize) -> zeroize::Zeroizing<String> {
    text.repeat(size).into()
}

fn argon2(memory: u32, passes: u32) -> StoredHash {
    let (variant, version, lanes) = (Argon2Variant::Id, 19, 1);
    StoredHash::Argon2 { variant, version, memory, passes, lanes, salt: bytes(16), value: bytes(32) }
}

fn pbkdf2(digest: Digest, iterations: u32) -> StoredHash {
    StoredHash::Pbkdf2 { digest, salt: bytes(16), iterations, value: bytes(32) }
}

fn digest(digest: Digest, rounds: u32) -> StoredHash {
    let (order, text, again) = (SaltOrder::Prefix, TextForm::Utf8, Again::Raw);
    StoredHash::Digest { digest, salt: bytes(8), order, text, rounds, again, value: bytes(digest.size()) }
}

fn all() -> Vec<(&'static str, StoredHash)> {
    let (salt, value) = (letters("N", 22), letters("n", 31));
    let yescrypt = "$y$j9T$nnnnnnnnnnnnnnnnnnnn$nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn0".to_owned();
    vec![
        ("bcrypt 10", StoredHash::Bcrypt { cost: 10, salt, value, input: BcryptInput::Password }),
        ("argon2id 19 MiB, 2", argon2(19 * 1024, 2)),
        ("argon2id 64 MiB, 3", argon2(64 * 1024, 3)),
        ("scrypt 14, 8", StoredHash::Scrypt { log_n: 14, r: 8, p: 1, salt: bytes(16), value: bytes(32) }),
        ("yescrypt j9T", StoredHash::Yescrypt(yescrypt.into())),
        ("pbkdf2-sha1 10 k", pbkdf2(Digest::Sha1, 10_000)),
        ("pbkdf2-sha256 100 k", pbkdf2(Digest::Sha256, 100_000)),
        ("pbkdf2-sha512 100 k", pbkdf2(Digest::Sha512, 100_000)),
        ("md5 100 k", digest(Digest::Md5, 100_000)),
        ("sha1 100 k", digest(Digest::Sha1, 100_000)),
        ("sha256 100 k", digest(Digest::Sha256, 100_000)),
        ("sha512 100 k", digest(Digest::Sha512, 100_000)),
        ("md5-crypt", StoredHash::Md5Crypt { apache: false, salt: letters("N", 8), value: letters("n", 22) }),
        ("sha256-crypt 5 k", sha_crypt(Digest::Sha256, 43)),
        ("sha512-crypt 5 k", sha_crypt(Digest::Sha512, 86)),
        (
            "sha1-crypt 20 k",
            StoredHash::Sha1Crypt { rounds: 20_000, salt: letters("N", 8), value: letters("n", 28) },
        ),
        ("phpass 13", phpass(Digest::Md5, 13, 22)),
        ("drupal7 15", phpass(Digest::Sha512, 15, 43)),
        ("des-crypt", StoredHash::DesCrypt(letters("n", 13))),
        ("bsdi-crypt 725", StoredHash::BsdiCrypt(format!("_J9..{}", "n".repeat(15)).into())),
    ]
}

fn sha_crypt(digest: Digest, size: usize) -> StoredHash {
    StoredHash::ShaCrypt { digest, rounds: 5000, salt: letters("N", 16), value: letters("n", size) }
}

fn phpass(digest: Digest, log_rounds: u8, size: usize) -> StoredHash {
    let (salt, value, md5_first) = (letters("N", 8), letters("n", size), false);
    StoredHash::Phpass { digest, log_rounds, salt, value, md5_first }
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:<22}{:>12}{:>12}{:>12}", "form", "estimate us", "measured us", "memory KiB")?;
    for (name, stored) in all() {
        let (start, times) = (Instant::now(), 10);
        let matched = (0..times).filter(|_| verify("correct horse", &stored)).count();
        assert_eq!(matched, 0, "{name}");
        let measured = start.elapsed().as_micros() / times;
        let cost = cost(&stored);
        writeln!(out, "{name:<22}{:>12}{measured:>12}{:>12}", cost.work, cost.memory_bytes / 1024)?;
    }
    Ok(())
}
